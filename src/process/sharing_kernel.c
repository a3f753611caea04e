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
    if (gate == 1.5)
        return trust * pko_wide_root(trust);
    if (gate == 2.0)
        return trust * trust;
    return trust;
}

/* What a row is made of, in lanes: nothing that is written can change it. */
struct sharer {
    int64_t languages, secure, hub;
    pko_wide secure_rate, mail_rate, hub_rate, informal_rate, talk, foreign, convoy_contact, ride_memory,
        today;
};

/* Rates toward the groups from h on. */
PKO_EACH void rates(const struct pko_sharing_day *day, const struct sharer *g, size_t h, pko_wide willing,
                    pko_wide overlap, pko_wide last_ride, pko_wide *open, pko_wide *closed) {
    const pko_wide none = {0}, one = pko_wide_all(1.0);
    pko_wide_mask common = (pko_wide_mask)((pko_wide_load_mask(day->languages + h) & g->languages) != 0);
    pko_wide_mask network = pko_wide_load_mask(day->secure + h) & g->secure;
    pko_wide_mask hubs = pko_wide_load_mask(day->hub + h) | g->hub;
    /* min(1, overlap of camps + convoy_contact if they rode together in the last ride_memory_days). */
    pko_wide_mask lately = (pko_wide_mask)(g->today - last_ride < g->ride_memory);
    pko_wide met = pko_wide_choose(lately, overlap + g->convoy_contact, overlap);
    pko_wide contact = pko_wide_choose((pko_wide_mask)(met < one), met, one);
    /* ℓ_gh·W_gh, and with it each open term; restricted talk. */
    pko_wide ease = pko_wide_choose(common, one, g->foreign) * willing;
    pko_wide informal = ease * g->informal_rate * contact;
    pko_wide secure = pko_wide_choose(network, g->secure_rate, none);
    pko_wide hub = pko_wide_choose(hubs, ease * g->hub_rate, none);
    *open = secure + (ease * g->mail_rate + hub + informal);
    *closed = pko_wide_choose(network, *open, g->talk * informal);
}

/* One row; `gate` is one of those that willing() knows, so that each has a loop of its own. */
PKO_EACH void rates_of_row(const struct pko_sharing_day *day, const struct pko_sharing_row *row, size_t g,
                           size_t groups, double gate, double *open, double *closed) {
    const struct sharer sharer = {day->languages[g],
                                  day->secure[g],
                                  day->hub[g],
                                  pko_wide_all(day->secure_rate),
                                  pko_wide_all(day->mail_rate),
                                  pko_wide_all(day->hub_rate),
                                  pko_wide_all(day->informal_rate),
                                  pko_wide_all(day->restricted_talk),
                                  pko_wide_all(day->foreign),
                                  pko_wide_all(day->convoy_contact),
                                  pko_wide_all(day->ride_memory),
                                  pko_wide_all((double)day->today)};
    const struct pko_sharing_row from = *row;
    const pko_wide lane = pko_wide_lanes(), none = {0};
    for (size_t h = 0; h < groups; h += PKO_WIDE) {
        pko_wide free, restricted, trust = willing(pko_wide_load(from.trust + h), gate);
        pko_wide_mask there =
            pko_wide_load_mask(day->present + h) & (pko_wide_mask)(lane != (double)g - (double)h);
        rates(day, &sharer, h, trust, pko_wide_load(from.overlap + h), pko_wide_wholes(from.last_ride + h),
              &free, &restricted);
        if (open)
            pko_wide_store(open + h, pko_wide_choose(there, free, none));
        if (closed)
            pko_wide_store(closed + h, pko_wide_choose(there, restricted, none));
    }
}

/* An unusual exponent: the powers of the row first. */
static void rates_by_powers(const struct pko_sharing_day *day, const struct pko_sharing_row *row, size_t g,
                            size_t groups, double *open, double *closed) {
    double power[PKO_GROUPS_MOST] = {0};
    for (size_t h = 0; h < groups; h++)
        power[h] = pko_pow(row->trust[h], day->trust_gate);
    const struct pko_sharing_row raised = {power, row->overlap, row->last_ride};
    rates_of_row(day, &raised, g, groups, 1.0, open, closed);
}

void PKO_CLONED(pko_sharing_rates)(const struct pko_sharing_day *day, const struct pko_sharing_row *row,
                                   size_t g, size_t groups, double *open, double *closed) {
    if (day->trust_gate == 0.0)
        rates_of_row(day, row, g, groups, 0.0, open, closed);
    else if (day->trust_gate == 1.0)
        rates_of_row(day, row, g, groups, 1.0, open, closed);
    else if (day->trust_gate == 1.5)
        rates_of_row(day, row, g, groups, 1.5, open, closed);
    else if (day->trust_gate == 2.0)
        rates_of_row(day, row, g, groups, 2.0, open, closed);
    else
        rates_by_powers(day, row, g, groups, open, closed);
}

void PKO_CLONED(pko_sharing_hazards)(const double *const *rows, size_t count, size_t width, double *hazard) {
    for (size_t h = 0; h < width; h += PKO_WIDE) {
        pko_wide sum = {0};
        for (size_t k = 0; k < count; k++)
            sum += pko_wide_load(rows[k] + h);
        pko_wide_store(hazard + h, sum);
    }
}
