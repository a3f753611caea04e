/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.8, the daily drift of the whole matrix of trust, compiled for several instruction sets. */
#ifndef PKO_PROCESS_TRUST_ROWS_H
#define PKO_PROCESS_TRUST_ROWS_H

#include "base/clones.h"
#include "model/mission.h"

/* What all pairs share today, and what is known of each group. Places past the last group are read, not used.
 */
struct pko_trust_day {
    double recall;      /* 1/trust.memory_days [1/day] */
    double reciprocity; /* 0 when that arrow is cut, as the next two */
    double othering;
    double hierarchy;
    double ride;                           /* gain of a pair that rode together today */
    int32_t today;                         /* the day as last_ride counts it */
    double looks[PKO_GROUPS_MOST];         /* r_g of a uniformed observer; sections look at nobody: −1 */
    double technology[PKO_GROUPS_MOST];    /* r_h of who is seen; above a section stands nobody: 2 */
    double present[PKO_GROUPS_MOST];       /* 1 or 0 */
    double reinforcement[PKO_GROUPS_MOST]; /* ā_g */
};

/* T ← T + (T⁰ − T)/memory + reciprocity·(T_hg − T_gh) − othering·|ā_g − ā_h|·T_gh for every pair of different
 * groups, right sides from before the call; then T ← T + ride·(1 − T) where `last_ride` is today. `trust`,
 * `fixed` (the part of T⁰ that does not change) and `last_ride` have `groups` rows of `stride` places, a
 * multiple of eight; what stands in `trust` on the diagonal and past the last group stays. */
PKO_CLONES(void, pko_trust_drift, double *trust, const double *fixed, const int32_t *last_ride, size_t groups,
           size_t stride, const struct pko_trust_day *today);

#endif
