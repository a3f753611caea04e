/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.8, what time and rides do to T, in square tiles: a tile and the one across the
 * diagonal are done together, so both right sides are from the start of the process, and each row sees its
 * column as the other's transpose. */
#include <stdbool.h>

#include "base/doubles.h"
#include "process/trust_rows.h"

/* The day in lanes, and what each row brings to its equation: nothing that is written can change it. */
struct day {
    pko_wide recall, reciprocity, ride;
    pko_wide_whole today;
    double loss[PKO_GROUPS_MOST];     /* hierarchy·2ā_g */
    double apart[PKO_GROUPS_MOST];    /* othering, of those present */
    bool looks_down[PKO_GROUPS_MOST]; /* on anybody: most groups do not */
    const struct pko_trust_day *of;
};
PKO_EACH void know_day(struct day *to, const struct pko_trust_day *day, size_t groups) {
    to->recall = pko_wide_all(day->recall);
    to->reciprocity = pko_wide_all(day->reciprocity);
    to->ride = pko_wide_all(day->ride);
    to->today = (pko_wide_whole){0} + day->today;
    double lowest = day->technology[0];
    for (size_t g = 1; g < groups; g++)
        lowest = day->technology[g] < lowest ? day->technology[g] : lowest;
    for (size_t g = 0; g < groups; g++) {
        to->looks_down[g] = day->looks[g] > lowest;
        to->loss[g] = day->hierarchy * 2.0 * day->reinforcement[g];
        to->apart[g] = day->othering * day->present[g];
    }
    to->of = day;
}

/* What is known of the groups of a tile's columns. */
struct columns {
    pko_wide technology, reinforcement;
    pko_wide_mask present;
};
PKO_EACH struct columns columns_of(const struct pko_trust_day *day, size_t h) {
    return (struct columns){pko_wide_load(day->technology + h), pko_wide_load(day->reinforcement + h),
                            (pko_wide_mask)(pko_wide_load(day->present + h) > pko_wide_all(0.0))};
}

/* Entries of row g, of the groups of the columns, with what those groups think of g. */
PKO_EACH pko_wide drift(const struct day *day, size_t g, const struct columns *h, pko_wide trust,
                        pko_wide back, pko_wide fixed) {
    /* T⁰_gh = fixed part − hierarchy·2ā_g·max(0, r_g − r_h), clipped to [0.05, 0.95]. */
    if (day->looks_down[g]) {
        pko_wide above = day->of->looks[g] - h->technology, none = {0};
        fixed -= pko_wide_choose((pko_wide_mask)(above > none), day->loss[g] * above, none);
    }
    pko_wide prior = pko_wide_clip(fixed, 0.05, 0.95);
    /* T + (T⁰ − T)/memory + reciprocity·(T_hg − T_gh) − othering·|ā_g − ā_h|·T_gh, among those present. */
    pko_wide size = pko_wide_size(day->of->reinforcement[g] - h->reinforcement);
    pko_wide apart = (pko_wide)((pko_wide_mask)(day->apart[g] * size) & h->present);
    pko_wide next = trust + (prior - trust) * day->recall + day->reciprocity * (back - trust) - apart * trust;
    return pko_wide_clip(next, 0.0, 1.0);
}

/* A day on the road together, once a day for a pair and both ways. */
PKO_EACH pko_wide ride(const struct day *day, pko_wide trust, const int32_t *last_ride) {
    pko_wide_whole last = pko_wide_load_whole(last_ride);
    pko_wide gain = day->ride * (1.0 - trust);
#if PKO_WIDE == 8
    __mmask8 rode = _mm256_cmpeq_epi32_mask((__m256i)last, (__m256i)day->today);
    return (pko_wide)_mm512_mask_add_pd((__m512d)trust, rode, (__m512d)trust, (__m512d)gain);
#else
    return pko_wide_choose(pko_wide_widen((pko_wide_whole)(last == day->today)), trust + gain, trust);
#endif
}

/* The matrices of a mission, `groups` rows of `stride`. */
struct matrices {
    double *trust;
    const double *fixed;
    const int32_t *last_ride;
    size_t groups, stride;
};

/* The rows of a tile; rows past the last group are 0. */
PKO_EACH void load_tile(const struct matrices *m, size_t g, size_t h, pko_wide tile[PKO_WIDE]) {
    for (size_t k = 0; k < PKO_WIDE; k++)
        tile[k] = g + k < m->groups ? pko_wide_load(m->trust + (g + k) * m->stride + h) : pko_wide_all(0.0);
}

/* `edge`: the tile has places of the diagonal or past the last group, which stay. */
PKO_EACH void drift_tile(const struct matrices *m, const struct day *day, size_t g, size_t h,
                         const pko_wide tile[PKO_WIDE], const pko_wide back[PKO_WIDE], bool edge) {
    const struct columns columns = columns_of(day->of, h);
    const pko_wide lane = pko_wide_lanes();
    for (size_t k = 0; k < PKO_WIDE && g + k < m->groups; k++) {
        size_t at = (g + k) * m->stride + h;
        pko_wide next = drift(day, g + k, &columns, tile[k], back[k], pko_wide_load(m->fixed + at));
        next = ride(day, next, m->last_ride + at);
        if (edge) {
            pko_wide_mask pair = (pko_wide_mask)(lane < (double)m->groups - (double)h) &
                                 (pko_wide_mask)(lane != (double)(g + k) - (double)h);
            next = pko_wide_choose(pair, next, tile[k]);
        }
        pko_wide_store(m->trust + at, next);
    }
}

void PKO_CLONED(pko_trust_drift)(double *trust, const double *fixed, const int32_t *last_ride, size_t groups,
                                 size_t stride, const struct pko_trust_day *today) {
    const struct matrices m = {trust, fixed, last_ride, groups, stride};
    struct day day;
    pko_wide tile[PKO_WIDE], across[PKO_WIDE], tile_back[PKO_WIDE], across_back[PKO_WIDE];
    know_day(&day, today, groups);
    for (size_t g = 0; g < groups; g += PKO_WIDE)
        for (size_t h = g; h < groups; h += PKO_WIDE) {
            load_tile(&m, g, h, tile);
            load_tile(&m, h, g, across);
            memcpy(tile_back, across, sizeof tile_back);
            memcpy(across_back, tile, sizeof across_back);
            pko_wide_transpose(tile_back);
            pko_wide_transpose(across_back);
            if (g == h || h + PKO_WIDE > groups) {
                drift_tile(&m, &day, g, h, tile, tile_back, true);
                if (g != h)
                    drift_tile(&m, &day, h, g, across, across_back, false);
            } else {
                drift_tile(&m, &day, g, h, tile, tile_back, false);
                drift_tile(&m, &day, h, g, across, across_back, false);
            }
        }
}
