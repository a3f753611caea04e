/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, sharing, several groups at a time. The terms are those of sharing_terms (process/sharing.c), in
 * the same order of operations. */
#include "base/doubles.h"
#include "base/real.h"
#include "process/sharing_rows.h"

/* T^gate, the usual exponents without a power. */
PKO_EACH pko_wide willing(pko_wide trust, double gate) {
    if (gate == 0.0)
        return pko_wide_all(1.0);
    if (gate == 1.0)
        return trust;
    if (gate == 1.5)
        return trust * pko_wide_root(trust);
    if (gate == 2.0)
        return trust * trust;
    for (int k = 0; k < PKO_WIDE; k++)
        trust[k] = pko_pow(trust[k], gate);
    return trust;
}

/* min(1, overlap of camps + convoy_contact if they rode together in the last ride_memory_days). */
PKO_EACH pko_wide contact(const struct pko_sharing_day *day, pko_wide overlap, const int32_t *last_ride) {
    pko_wide ago = (double)day->today - pko_wide_wholes(last_ride), one = pko_wide_all(1.0);
    pko_wide met =
        pko_wide_choose((pko_wide_mask)(ago < day->ride_memory), overlap + day->convoy_contact, overlap);
    return pko_wide_choose((pko_wide_mask)(met < one), met, one);
}

void PKO_CLONED(pko_sharing_rates)(const struct pko_sharing_day *day, const struct pko_sharing_row *row,
                                   size_t g, size_t groups, double *open, double *closed) {
    const pko_wide lane = pko_wide_lanes(), none = {0}, one = pko_wide_all(1.0);
    for (size_t h = 0; h < groups; h += PKO_WIDE) {
        pko_wide_mask common = pko_wide_load_mask(day->languages + h) & day->languages[g];
        common = (pko_wide_mask)(common != 0);
        pko_wide_mask network = pko_wide_load_mask(day->secure + h) & day->secure[g];
        pko_wide_mask hubs = pko_wide_load_mask(day->hub + h) | day->hub[g];
        pko_wide_mask there =
            pko_wide_load_mask(day->present + h) & (pko_wide_mask)(lane != (double)g - (double)h);
        /* ℓ_gh·W_gh, and with it each open term; restricted talk. */
        pko_wide ease = pko_wide_choose(common, one, pko_wide_all(day->foreign)) *
                        willing(pko_wide_load(row->trust + h), day->trust_gate);
        pko_wide informal =
            ease * day->informal_rate * contact(day, pko_wide_load(row->overlap + h), row->last_ride + h);
        pko_wide secure = pko_wide_choose(network, pko_wide_all(day->secure_rate), none);
        pko_wide hub = pko_wide_choose(hubs, ease * day->hub_rate, none);
        pko_wide free = secure + (ease * day->mail_rate + hub + informal);
        pko_wide talk = pko_wide_choose(network, free, day->restricted_talk * informal);
        pko_wide_store(open + h, pko_wide_choose(there, free, none));
        pko_wide_store(closed + h, pko_wide_choose(there, talk, none));
    }
}

void PKO_CLONED(pko_sharing_hazards)(const double *const *rows, size_t count, size_t width, double *hazard) {
    for (size_t h = 0; h < width; h += PKO_WIDE) {
        pko_wide sum = {0};
        for (size_t k = 0; k < count; k++)
            sum += pko_wide_load(rows[k] + h);
        pko_wide_store(hazard + h, sum);
    }
}
