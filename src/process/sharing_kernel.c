/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, sharing, eight groups at a time. The terms are those of sharing_terms (process/sharing.c), in the
 * same order of operations. */
#include "base/doubles.h"
#include "base/real.h"
#include "process/sharing_rows.h"

/* T^gate, the usual exponents without a power. */
PKO_LANE pko_f64 willing(pko_f64 trust, double gate) {
    if (gate == 0.0)
        return pko_eight(1.0);
    if (gate == 1.0)
        return trust;
    if (gate == 1.5)
        return trust * pko_root_eight(trust);
    if (gate == 2.0)
        return trust * trust;
    for (int k = 0; k < PKO_EIGHT; k++)
        trust[k] = pko_pow(trust[k], gate);
    return trust;
}

/* min(1, overlap of camps + convoy_contact if they rode together in the last ride_memory_days). */
PKO_LANE pko_f64 contact(const struct pko_sharing_day *day, pko_f64 overlap, const int32_t *last_ride) {
    pko_i32x8 last;
    memcpy(&last, last_ride, sizeof last);
    pko_f64 ago = __builtin_convertvector(day->today - last, pko_f64), one = pko_eight(1.0);
    pko_f64 met = pko_choose_eight((pko_i64)(ago < day->ride_memory), overlap + day->convoy_contact, overlap);
    return pko_choose_eight((pko_i64)(met < one), met, one);
}

PKO_LANE pko_i64 load_mask(const int64_t *at) {
    pko_i64 mask;
    memcpy(&mask, at, sizeof mask);
    return mask;
}

void PKO_CLONED(pko_sharing_rates)(const struct pko_sharing_day *day, const struct pko_sharing_row *row,
                                   size_t g, size_t groups, double *open, double *closed) {
    const pko_i64 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    const pko_f64 none = {0}, one = pko_eight(1.0);
    for (size_t h = 0; h < groups; h += PKO_EIGHT) {
        pko_u64 languages;
        memcpy(&languages, day->languages + h, sizeof languages);
        pko_i64 common = (pko_i64)((languages & day->languages[g]) != 0);
        pko_i64 network = load_mask(day->secure + h) & day->secure[g];
        pko_i64 hubs = load_mask(day->hub + h) | day->hub[g];
        pko_i64 there = load_mask(day->present + h) & (pko_i64)(lane != (int64_t)(g - h));
        /* ℓ_gh·W_gh, and with it each open term; restricted talk. */
        pko_f64 ease = pko_choose_eight(common, one, pko_eight(day->foreign)) *
                       willing(pko_load_eight(row->trust + h), day->trust_gate);
        pko_f64 informal =
            ease * day->informal_rate * contact(day, pko_load_eight(row->overlap + h), row->last_ride + h);
        pko_f64 secure = pko_choose_eight(network, pko_eight(day->secure_rate), none);
        pko_f64 hub = pko_choose_eight(hubs, ease * day->hub_rate, none);
        pko_f64 free = secure + (ease * day->mail_rate + hub + informal);
        pko_f64 talk = pko_choose_eight(network, free, day->restricted_talk * informal);
        pko_store_eight(open + h, pko_choose_eight(there, free, none));
        pko_store_eight(closed + h, pko_choose_eight(there, talk, none));
    }
}

void PKO_CLONED(pko_sharing_hazards)(const double *const *rows, size_t count, size_t width, double *hazard) {
    for (size_t h = 0; h < width; h += PKO_EIGHT) {
        pko_f64 sum = {0};
        for (size_t k = 0; k < count; k++)
            sum += pko_load_eight(rows[k] + h);
        pko_store_eight(hazard + h, sum);
    }
}
