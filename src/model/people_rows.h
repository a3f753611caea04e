/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrivals of many at once (ODD 5.1) and sums over members, compiled for several instruction sets. */
#ifndef PKO_MODEL_PEOPLE_ROWS_H
#define PKO_MODEL_PEOPLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clones.h"

#define PKO_ARRIVALS_MOST 64 /* in one call */

/* What the arrivals of a layer share. */
struct pko_arrival {
    double reinforcement[2]; /* a0 without and with a military background */
    double resistance;       /* b0 */
    double spread;
    double background, women;      /* shares; 0 of the former if uniformed */
    double handover, predecessors; /* a ← (1 − handover)·a + handover·predecessors, if handover > 0 */
    uint8_t traits;                /* bits PKO_TRAIT_* that all have */
};

/* The people of `count` arrivals from the words of their draws: word[w][k] is word w of the k-th. */
PKO_CLONES(void, pko_arrivals, const struct pko_arrival *arrival, const uint32_t *const word[4], size_t count,
           float *reinforcement, float *resistance, uint8_t *traits);

/* States of the members of a layer, and what they come to. */
#define PKO_MEMBER_STATES 5
struct pko_members {
    const float *state[PKO_MEMBER_STATES];
    const uint8_t *traits;
};
struct pko_member_sums {
    double state[PKO_MEMBER_STATES]; /* in the order of base/tally.h */
    uint32_t background, women;
};

/* Sums over `count` members. */
PKO_CLONES(void, pko_sum_members, const struct pko_members *members, size_t count,
           struct pko_member_sums *sums);

#endif
