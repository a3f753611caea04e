/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over people, detachments and pairs of groups, in lanes (ODD 7). */
#include "base/sums.h"
#include "engine/record_rows.h"

#define SIXTEEN 16

/* How many lanes were counted down by masks of −1. */
PKO_EACH double counted(pko_wide_mask masks) {
    int64_t sum = 0;
    for (int k = 0; k < PKO_WIDE; k++)
        sum -= masks[k];
    return (double)sum;
}

/* sum + x·y. The product of two floats has no more than 48 bits, so that a fused step rounds as two would. */
PKO_EACH pko_wide plus_product(pko_wide sum, pko_wide x, pko_wide y) {
#if PKO_WIDE == 8
    return (pko_wide)_mm512_fmadd_pd((__m512d)x, (__m512d)y, (__m512d)sum);
#elif PKO_WIDE == 4 && defined __FMA__
    return (pko_wide)_mm256_fmadd_pd((__m256d)x, (__m256d)y, (__m256d)sum);
#else
    return sum + x * y;
#endif
}

struct moment_lanes {
    pko_wide a[PKO_PARTS], b[PKO_PARTS], aa[PKO_PARTS], bb[PKO_PARTS], ab[PKO_PARTS];
    pko_wide_mask high_a, high_b, high_both;
};

/* Sixteen people, of whom, if they are the last, only the first `count` are there. */
PKO_EACH void add_moments(struct moment_lanes *sum, const float *a, const float *b, const float median[2],
                          bool last, size_t count) {
    for (size_t part = 0; part < PKO_PARTS; part++) {
        size_t at = part * PKO_WIDE;
        pko_wide one = pko_wide_floats(a + at), other = pko_wide_floats(b + at);
        pko_wide_mask above_a = (pko_wide_mask)(one > (double)median[0]);
        pko_wide_mask above_b = (pko_wide_mask)(other > (double)median[1]);
        if (last) {
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            one = pko_wide_where(there, one);
            other = pko_wide_where(there, other);
            above_a &= there;
            above_b &= there;
        }
        sum->a[part] += one;
        sum->b[part] += other;
        sum->aa[part] = plus_product(sum->aa[part], one, one);
        sum->bb[part] = plus_product(sum->bb[part], other, other);
        sum->ab[part] = plus_product(sum->ab[part], one, other);
        sum->high_a += above_a;
        sum->high_b += above_b;
        sum->high_both += above_a & above_b;
    }
}

void PKO_CLONED(pko_layer_moments)(const float *a, const float *b, size_t count, const float median[2],
                                   struct pko_moments *sum) {
    struct moment_lanes lanes;
    for (int part = 0; part < PKO_PARTS; part++)
        lanes.a[part] = lanes.b[part] = lanes.aa[part] = lanes.bb[part] = lanes.ab[part] = pko_wide_all(0.0);
    lanes.high_a = lanes.high_b = lanes.high_both = (pko_wide_mask){0};
    size_t whole = count - count % PKO_LANES;
    for (size_t k = 0; k < whole; k += PKO_LANES)
        add_moments(&lanes, a + k, b + k, median, false, PKO_LANES);
    if (whole < count)
        add_moments(&lanes, a + whole, b + whole, median, true, count - whole);
    *sum = (struct pko_moments){.people = (double)count,
                                .a = pko_wide_tree(lanes.a),
                                .b = pko_wide_tree(lanes.b),
                                .aa = pko_wide_tree(lanes.aa),
                                .bb = pko_wide_tree(lanes.bb),
                                .ab = pko_wide_tree(lanes.ab),
                                .high_a = counted(lanes.high_a),
                                .high_b = counted(lanes.high_b),
                                .high_both = counted(lanes.high_both)};
}

static size_t riders_among(const uint8_t *traits, size_t count) {
    size_t riders = 0;
    for (size_t k = 0; k < count; k++)
        riders += (traits[k] & PKO_TRAIT_RIDER) != 0;
    return riders;
}

size_t PKO_CLONED(pko_rider_sums)(const float *const state[3], const uint8_t *traits, size_t count,
                                  double sum[3][2]) {
    pko_wide riding[3][PKO_PARTS], others[3][PKO_PARTS];
    size_t riders = riders_among(traits, count);
    if (riders == 0 || riders == count)
        return riders;
    for (int s = 0; s < 3; s++)
        for (int part = 0; part < PKO_PARTS; part++)
            riding[s][part] = others[s][part] = pko_wide_all(0.0);
    for (size_t k = 0; k < count; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            pko_wide_mask rider = pko_wide_has(pko_wide_bytes(traits + at), PKO_TRAIT_RIDER) & there;
            for (int s = 0; s < 3; s++) {
                pko_wide x = pko_wide_floats(state[s] + at);
                riding[s][part] += pko_wide_where(rider, x);
                others[s][part] += pko_wide_where(there & ~rider, x);
            }
        }
    for (int s = 0; s < 3; s++) {
        sum[s][0] = pko_wide_tree(riding[s]);
        sum[s][1] = pko_wide_tree(others[s]);
    }
    return riders;
}

/* Neighbours often share a bin: eight sets of counts take turns, so that none waits for the one before. They
 * are of 16 bits, so that they fit into the nearest cache. */
#define SETS      8
#define COUNT_ALL ((size_t)SETS * UINT16_MAX) /* people after whom a count could be full */

typedef float sixteen_floats __attribute__((vector_size(4 * SIXTEEN)));
typedef int32_t sixteen_places __attribute__((vector_size(4 * SIXTEEN)));

PKO_EACH void places_of(const float *state, int32_t at[SIXTEEN]) {
    sixteen_floats x;
    memcpy(&x, state, sizeof x);
    sixteen_places place = __builtin_convertvector(x * (float)PKO_BINS, sixteen_places);
    sixteen_places past = place >= PKO_BINS;
    place = (place & ~past) | (past & (PKO_BINS - 1));
    memcpy(at, &place, sizeof place);
}

static void count_some(const float *state, size_t count, uint32_t bin[PKO_BINS]) {
    uint16_t set[SETS][PKO_BINS + 32];
    memset(set, 0, sizeof set);
    size_t whole = count - count % SIXTEEN;
    for (size_t k = 0; k < whole; k += SIXTEEN) {
        int32_t at[SIXTEEN];
        places_of(state + k, at);
        for (int l = 0; l < SIXTEEN; l++)
            set[l % SETS][at[l]]++;
    }
    if (whole < count) { /* there are places past the last person */
        int32_t at[SIXTEEN];
        places_of(state + whole, at);
        for (size_t l = 0; l < count - whole; l++)
            set[l % SETS][at[l]]++;
    }
    for (int k = 0; k < PKO_BINS; k++) {
        uint32_t sum = 0;
        for (int l = 0; l < SETS; l++)
            sum += set[l][k];
        bin[k] += sum;
    }
}

void PKO_CLONED(pko_count_bins)(const float *state, size_t count, uint32_t bin[PKO_BINS]) {
    for (size_t k = 0; k < count; k += COUNT_ALL)
        count_some(state + k, count - k < COUNT_ALL ? count - k : COUNT_ALL, bin);
}

void PKO_CLONED(pko_layer_sums)(const struct pko_layer_rows *rows, double (*sum)[PKO_LAYER_COLUMNS],
                                double *weight) {
    for (uint32_t k = 0; k < rows->present; k++) {
        int32_t layer = rows->order[k];
        double people = (double)rows->people[layer];
        double value[PKO_LAYER_COLUMNS];
        for (int c = 0; c < PKO_LAYER_COLUMNS; c++)
            value[c] = people * rows->column[c][layer];
        for (int p = 0; p < PKO_PARTITIONS; p++) {
            uint32_t unit = rows->unit[layer][p];
            for (int c = 0; c < PKO_LAYER_COLUMNS; c += PKO_WIDE)
                pko_wide_store(sum[unit] + c, pko_wide_load(sum[unit] + c) + pko_wide_load(value + c));
            weight[unit] += people;
        }
    }
}

void PKO_CLONED(pko_pair_sums)(const double *trust, const double *present, size_t g, size_t groups,
                               double *sum, double *records) {
    size_t whole = groups - groups % PKO_WIDE;
    const pko_wide lane = pko_wide_lanes(), none = {0}, one = pko_wide_all(1.0);
    for (size_t h = 0; h < whole; h += PKO_WIDE) {
        pko_wide_mask pair = (pko_wide_mask)(pko_wide_load(present + h) > none) &
                             (pko_wide_mask)(lane != (double)g - (double)h);
        pko_wide t = pko_wide_choose(pair, pko_wide_load(trust + h), none);
        pko_wide_store(sum + h, pko_wide_load(sum + h) + t);
        pko_wide_store(records + h, pko_wide_load(records + h) + pko_wide_choose(pair, one, none));
    }
    for (size_t h = whole; h < groups; h++)
        if (h != g && present[h] > 0.0) {
            sum[h] += trust[h];
            records[h] += 1.0;
        }
}

void PKO_CLONED(pko_sum_values)(const double *value, size_t count, double *sum, double *records,
                                float *series) {
    const pko_wide none = {0}, one = pko_wide_all(1.0);
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        pko_wide x = pko_wide_load(value + k);
        pko_wide_mask exists = (pko_wide_mask)(x == x);
        pko_wide_store(sum + k, pko_wide_load(sum + k) + pko_wide_choose(exists, x, none));
        pko_wide_store(records + k, pko_wide_load(records + k) + pko_wide_choose(exists, one, none));
        for (size_t l = k; l < k + PKO_WIDE; l++)
            series[l] = (float)value[l];
    }
}

void PKO_CLONED(pko_pool_values)(const double *value, const double *people, size_t count,
                                 struct pko_pooled *pooled) {
    for (size_t k = 0; k < count; k++) {
        bool exists = value[k] == value[k];
        pooled[k].weighted += exists ? value[k] * people[k] : 0.0;
        pooled[k].weight += exists ? people[k] : 0.0;
    }
}
