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

void PKO_CLONED(pko_layer_moments)(const float *a, const float *b, size_t count, const float median[2],
                                   struct pko_moments *sum) {
    pko_wide sum_a[PKO_PARTS] = {{0}}, sum_b[PKO_PARTS] = {{0}};
    pko_wide aa[PKO_PARTS] = {{0}}, bb[PKO_PARTS] = {{0}}, ab[PKO_PARTS] = {{0}};
    pko_wide_mask high_a = {0}, high_b = {0}, high_both = {0};
    for (size_t k = 0; k < count; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            pko_wide one = pko_wide_where(there, pko_wide_floats(a + at));
            pko_wide other = pko_wide_where(there, pko_wide_floats(b + at));
            sum_a[part] += one;
            sum_b[part] += other;
            aa[part] += one * one;
            bb[part] += other * other;
            ab[part] += one * other;
            pko_wide_mask above_a = (pko_wide_mask)(one > (double)median[0]) & there;
            pko_wide_mask above_b = (pko_wide_mask)(other > (double)median[1]) & there;
            high_a += above_a;
            high_b += above_b;
            high_both += above_a & above_b;
        }
    *sum = (struct pko_moments){.people = (double)count,
                                .a = pko_wide_tree(sum_a),
                                .b = pko_wide_tree(sum_b),
                                .aa = pko_wide_tree(aa),
                                .bb = pko_wide_tree(bb),
                                .ab = pko_wide_tree(ab),
                                .high_a = counted(high_a),
                                .high_b = counted(high_b),
                                .high_both = counted(high_both)};
}

size_t PKO_CLONED(pko_rider_sums)(const float *const state[3], const uint8_t *traits, size_t count,
                                  double sum[3][2]) {
    pko_wide riding[3][PKO_PARTS] = {{{0}}}, others[3][PKO_PARTS] = {{{0}}};
    pko_wide_mask riders = {0};
    for (size_t k = 0; k < count; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            pko_wide_mask rider = pko_wide_has(pko_wide_bytes(traits + at), PKO_TRAIT_RIDER) & there;
            riders += rider;
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
    return (size_t)counted(riders);
}

void PKO_CLONED(pko_count_bins)(const float *state, size_t count, uint32_t bin[PKO_BINS]) {
    /* Neighbours often share a bin: two sets of counts take turns, so that one does not wait for the other.
     */
    uint32_t second[PKO_BINS] = {0};
    size_t whole = count - count % SIXTEEN;
    for (size_t k = 0; k < whole; k += SIXTEEN) {
        int32_t at[SIXTEEN];
        for (int l = 0; l < SIXTEEN; l++) {
            at[l] = (int32_t)(state[k + (size_t)l] * (float)PKO_BINS);
            at[l] = at[l] < PKO_BINS ? at[l] : PKO_BINS - 1;
        }
        for (int l = 0; l < SIXTEEN; l += 2) {
            bin[at[l]]++;
            second[at[l + 1]]++;
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
