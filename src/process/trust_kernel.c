/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.8, what time and rides do to T, in tiles of eight by eight groups: a tile and the one across the
 * diagonal are done together, so both right sides are from the start of the process, and each row sees its
 * column as the other's transpose. */
#include "base/doubles.h"
#include "process/trust_rows.h"

/* Eight entries of row g, of the groups from h on, with what those groups think of g. */
PKO_LANE pko_f64 drift(const struct pko_trust_day *day, size_t g, size_t h, pko_f64 trust, pko_f64 back,
                       pko_f64 fixed) {
    pko_f64 a = pko_load_eight(day->reinforcement + h), none = {0};
    /* T⁰_gh = fixed part − hierarchy·2ā_g·max(0, r_g − r_h), clipped to [0.05, 0.95]. */
    pko_f64 above = day->looks[g] - pko_load_eight(day->technology + h);
    pko_f64 loss = day->hierarchy * 2.0 * day->reinforcement[g] * above;
    pko_f64 prior = pko_clip_eight(fixed - pko_choose_eight((pko_i64)(above > none), loss, none), 0.05, 0.95);
    /* T + (T⁰ − T)/memory + reciprocity·(T_hg − T_gh) − othering·|ā_g − ā_h|·T_gh, among those present. */
    pko_f64 apart = day->othering * pko_size_eight(day->reinforcement[g] - a) * day->present[g] *
                    pko_load_eight(day->present + h);
    pko_f64 next = trust + (prior - trust) * day->recall + day->reciprocity * (back - trust) - apart * trust;
    return pko_clip_eight(next, 0.0, 1.0);
}

/* A day on the road together, once a day for a pair and both ways. */
PKO_LANE pko_f64 ride(const struct pko_trust_day *day, const int32_t *last_ride, pko_f64 trust) {
    pko_i32x8 last;
    memcpy(&last, last_ride, sizeof last);
    pko_i64 today = __builtin_convertvector(last == day->today, pko_i64);
    return pko_choose_eight(today, trust + day->ride * (1.0 - trust), trust);
}

/* Eight rows of a tile; rows past the last group are 0. */
PKO_LANE void load_tile(const double *matrix, size_t groups, size_t stride, size_t g, size_t h,
                        pko_f64 tile[PKO_EIGHT]) {
    for (size_t k = 0; k < PKO_EIGHT; k++)
        tile[k] = g + k < groups ? pko_load_eight(matrix + (g + k) * stride + h) : pko_eight(0.0);
}

/* The matrices of a mission, `groups` rows of `stride`. */
struct matrices {
    double *trust;
    const double *fixed;
    const int32_t *last_ride;
    size_t groups, stride;
};

PKO_LANE void drift_tile(const struct matrices *m, const struct pko_trust_day *day, size_t g, size_t h,
                         const pko_f64 tile[PKO_EIGHT], const pko_f64 back[PKO_EIGHT]) {
    const pko_i64 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t k = 0; k < PKO_EIGHT && g + k < m->groups; k++) {
        size_t at = (g + k) * m->stride + h;
        pko_i64 pair = (pko_i64)(lane < (int64_t)(m->groups - h)) & (pko_i64)(lane != (int64_t)(g + k - h));
        pko_f64 next = drift(day, g + k, h, tile[k], back[k], pko_load_eight(m->fixed + at));
        next = ride(day, m->last_ride + at, next);
        pko_store_eight(m->trust + at, pko_choose_eight(pair, next, tile[k]));
    }
}

void PKO_CLONED(pko_trust_drift)(double *trust, const double *fixed, const int32_t *last_ride, size_t groups,
                                 size_t stride, const struct pko_trust_day *day) {
    const struct matrices m = {trust, fixed, last_ride, groups, stride};
    pko_f64 tile[PKO_EIGHT], across[PKO_EIGHT], tile_back[PKO_EIGHT], across_back[PKO_EIGHT];
    for (size_t g = 0; g < groups; g += PKO_EIGHT)
        for (size_t h = g; h < groups; h += PKO_EIGHT) {
            load_tile(trust, groups, stride, g, h, tile);
            load_tile(trust, groups, stride, h, g, across);
            memcpy(tile_back, across, sizeof tile_back);
            memcpy(across_back, tile, sizeof across_back);
            pko_transpose_eight(tile_back);
            pko_transpose_eight(across_back);
            drift_tile(&m, day, g, h, tile, tile_back);
            if (g != h)
                drift_tile(&m, day, h, g, across, across_back);
        }
}
