/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over people, detachments and pairs of groups, in lanes (ODD 7). */
#include "base/sums.h"
#include "engine/record_rows.h"

#define SIXTEEN 16

static const pko_i32 places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* Sixteen floats as doubles. */
PKO_LANE void widen(pko_f32 x, pko_f64 wide[2]) {
    wide[0] = __builtin_convertvector(pko_low(x), pko_f64);
    wide[1] = __builtin_convertvector(pko_high(x), pko_f64);
}
PKO_LANE void add_product(pko_f64 sum[2], const pko_f64 x[2], const pko_f64 y[2]) {
    sum[0] += x[0] * y[0];
    sum[1] += x[1] * y[1];
}
/* How many lanes were counted down by masks of −1. */
PKO_LANE double counted(pko_i32 masks) {
    int32_t sum = 0;
    for (int k = 0; k < SIXTEEN; k++)
        sum -= masks[k];
    return (double)sum;
}

void PKO_CLONED(pko_layer_moments)(const float *a, const float *b, size_t count, const float median[2],
                                   struct pko_moments *sum) {
    const pko_f32 none = {0};
    pko_f64 sum_a[2] = {{0}}, sum_b[2] = {{0}}, aa[2] = {{0}}, bb[2] = {{0}}, ab[2] = {{0}};
    pko_i32 high_a = {0}, high_b = {0}, high_both = {0};
    for (size_t k = 0; k < count; k += SIXTEEN) {
        pko_i32 there = (pko_i32)(places < (int32_t)(count - k));
        pko_f32 one = pko_select(there, pko_load(a + k), none),
                other = pko_select(there, pko_load(b + k), none);
        pko_f64 wide_a[2], wide_b[2];
        widen(one, wide_a);
        widen(other, wide_b);
        sum_a[0] += wide_a[0], sum_a[1] += wide_a[1];
        sum_b[0] += wide_b[0], sum_b[1] += wide_b[1];
        add_product(aa, wide_a, wide_a);
        add_product(bb, wide_b, wide_b);
        add_product(ab, wide_a, wide_b);
        pko_i32 above_a = (pko_i32)(one > median[0]) & there, above_b = (pko_i32)(other > median[1]) & there;
        high_a += above_a;
        high_b += above_b;
        high_both += above_a & above_b;
    }
    *sum = (struct pko_moments){.people = (double)count,
                                .a = pko_tree(sum_a),
                                .b = pko_tree(sum_b),
                                .aa = pko_tree(aa),
                                .bb = pko_tree(bb),
                                .ab = pko_tree(ab),
                                .high_a = counted(high_a),
                                .high_b = counted(high_b),
                                .high_both = counted(high_both)};
}

size_t PKO_CLONED(pko_rider_sums)(const float *const state[3], const uint8_t *traits, size_t count,
                                  double sum[3][2]) {
    const pko_f32 none = {0};
    pko_f64 of[3][2][2] = {{{{0}}}};
    pko_i32 riders = {0};
    for (size_t k = 0; k < count; k += SIXTEEN) {
        pko_i32 there = (pko_i32)(places < (int32_t)(count - k));
        pko_i32 rider = (pko_i32)((pko_widen_bytes(traits + k) & PKO_TRAIT_RIDER) != 0) & there;
        riders += rider;
        for (int s = 0; s < 3; s++) {
            pko_f32 x = pko_load(state[s] + k);
            pko_add(of[s][0], pko_select(rider, x, none));
            pko_add(of[s][1], pko_select(there & ~rider, x, none));
        }
    }
    for (int s = 0; s < 3; s++)
        for (int kind = 0; kind < 2; kind++)
            sum[s][kind] = pko_tree(of[s][kind]);
    return (size_t)counted(riders);
}

void PKO_CLONED(pko_count_bins)(const float *state, size_t count, uint32_t bin[PKO_BINS]) {
    /* Neighbours often share a bin: two sets of counts take turns, so that one does not wait for the other.
     */
    uint32_t second[PKO_BINS] = {0};
    size_t whole = count - count % SIXTEEN;
    for (size_t k = 0; k < whole; k += SIXTEEN) {
        pko_i32 at = __builtin_convertvector(pko_load(state + k) * (float)PKO_BINS, pko_i32);
        at = pko_select_whole((pko_i32)(at < PKO_BINS), at, (pko_i32){0} + (PKO_BINS - 1));
        int32_t bins[SIXTEEN];
        memcpy(bins, &at, sizeof bins);
        for (int l = 0; l < SIXTEEN; l += 2) {
            bin[bins[l]]++;
            second[bins[l + 1]]++;
        }
    }
    for (size_t k = whole; k < count; k++) {
        int at = (int)(state[k] * (float)PKO_BINS);
        bin[at < PKO_BINS ? at : PKO_BINS - 1]++;
    }
    for (int k = 0; k < PKO_BINS; k++)
        bin[k] += second[k];
}

void PKO_CLONED(pko_layer_sums)(const struct pko_layer_rows *rows, double (*sum)[PKO_LAYER_COLUMNS],
                                double *weight) {
    for (uint32_t k = 0; k < rows->present; k++) {
        int32_t layer = rows->order[k];
        double people = (double)rows->people[layer];
        pko_f64 value = {rows->column[0][layer], rows->column[1][layer], rows->column[2][layer],
                         rows->column[3][layer], rows->column[4][layer], rows->column[5][layer],
                         rows->column[6][layer], rows->column[7][layer]};
        value = people * value;
        for (int p = 0; p < PKO_PARTITIONS; p++) {
            uint32_t unit = rows->unit[layer][p];
            pko_store_eight(sum[unit], pko_load_eight(sum[unit]) + value);
            weight[unit] += people;
        }
    }
}

void PKO_CLONED(pko_pair_sums)(const double *trust, const double *present, size_t g, size_t groups,
                               double *sum, double *records) {
    size_t whole = groups - groups % PKO_EIGHT;
    const pko_i64 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    const pko_f64 none = {0}, one = pko_eight(1.0);
    for (size_t h = 0; h < whole; h += PKO_EIGHT) {
        pko_i64 pair = (pko_i64)(pko_load_eight(present + h) > none) & (pko_i64)(lane != (int64_t)(g - h));
        pko_f64 t = pko_choose_eight(pair, pko_load_eight(trust + h), none);
        pko_store_eight(sum + h, pko_load_eight(sum + h) + t);
        pko_store_eight(records + h, pko_load_eight(records + h) + pko_choose_eight(pair, one, none));
    }
    for (size_t h = whole; h < groups; h++)
        if (h != g && present[h] > 0.0) {
            sum[h] += trust[h];
            records[h] += 1.0;
        }
}
