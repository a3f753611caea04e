/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over many that a record needs (ODD 7), compiled for several instruction sets. What is read of people
 * in blocks of sixteen may reach PKO_PEOPLE_PAD places past the last. */
#ifndef PKO_ENGINE_RECORD_ROWS_H
#define PKO_ENGINE_RECORD_ROWS_H

#include "base/clones.h"
#include "engine/reduce.h"

/* Sums over `count` members of one layer, in 16 lanes by place; `median` are those of their category. */
PKO_CLONES(void, pko_layer_moments, const float *a, const float *b, size_t count, const float median[2],
           struct pko_moments *sum);

/* Sums of three states over the riders [0] and the others [1] among `count` members, in 16 lanes by place;
 * returns the number of riders. Without both kinds there are no sums. */
PKO_CLONES(size_t, pko_rider_sums, const float *const state[3], const uint8_t *traits, size_t count,
           double sum[3][2]);

/* How many of `count` values (fewer than 2^31) lie below each limit; with a step above 1, of the first
 * sixteen of every 16·step only, as long as they are whole. */
#define PKO_LIMITS 3
PKO_CLONES(void, pko_count_below, const float *state, size_t count, size_t step,
           const float limit[PKO_LIMITS], uint64_t below[PKO_LIMITS]);

/* Adds people·column to the sums of each unit to which a layer belongs, layer by layer in storage order,
 * eight columns at once, and people to the unit's weight. */
#define PKO_LAYER_COLUMNS 8
#define PKO_PARTITIONS    7
struct pko_layer_rows {
    const double *column[PKO_LAYER_COLUMNS]; /* by layer */
    const uint32_t *people;                  /* by layer */
    const int32_t *order;                    /* the layers present ... */
    uint32_t present;                        /* ... and how many */
    const uint32_t (*unit)[PKO_PARTITIONS];  /* by layer: a unit of each partition */
};
PKO_CLONES(void, pko_layer_sums, const struct pko_layer_rows *rows, double (*sum)[PKO_LAYER_COLUMNS],
           double *weight);

/* Adds each value of a record that exists (is not NaN) to its sum and 1 to its records, and makes a float of
 * each. What is read and written goes up to the next PKO_RECORD_WIDE. */
#define PKO_RECORD_WIDE 8
PKO_CLONES(void, pko_sum_values, const double *value, size_t count, double *sum, double *records,
           float *series);
/* Adds people·value and people, where the value exists. */
PKO_CLONES(void, pko_pool_values, const double *value, const double *people, size_t count, double *weighted,
           double *weight);

/* Adds T[g][h] to sum[h], and 1 to records[h], for the groups h of `groups` with present[h] = 1, but for h =
 * g. */
PKO_CLONES(void, pko_pair_sums, const double *trust, const double *present, size_t g, size_t groups,
           double *sum, double *records);

#endif
