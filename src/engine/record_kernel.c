/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over people, detachments and pairs of groups, in lanes (ODD 7). */
#include "base/sums.h"
#include "engine/record_rows.h"

#define SIXTEEN 16

/* As many floats as the instruction set has lanes: wider ones gcc takes apart into single floats. */
#define FEW (2 * PKO_WIDE)
typedef float few_floats __attribute__((vector_size(4 * FEW)));
typedef int32_t few_counts __attribute__((vector_size(4 * FEW))); /* or −1 for yes, 0 for no */

PKO_EACH few_floats few(const float *at) {
    few_floats x;
    memcpy(&x, at, sizeof x);
    return x;
}

PKO_EACH uint64_t counted(few_counts lanes) {
    uint64_t sum = 0;
    for (int k = 0; k < FEW; k++)
        sum += (uint64_t)lanes[k];
    return sum;
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
    few_counts high_a, high_b, high_both;
};

/* Counts who is above the medians, of the first `count` of sixteen people. */
PKO_EACH void add_highs(struct moment_lanes *sum, const float *a, const float *b, const float median[2],
                        bool last, size_t count) {
    few_counts lane;
    for (int k = 0; k < FEW; k++)
        lane[k] = k;
    for (int at = 0; at < SIXTEEN; at += FEW) {
        few_counts high_a = few(a + at) > median[0], high_b = few(b + at) > median[1];
        if (last) {
            few_counts there = lane < (int32_t)count - at;
            high_a &= there;
            high_b &= there;
        }
        sum->high_a -= high_a;
        sum->high_b -= high_b;
        sum->high_both -= high_a & high_b;
    }
}

/* Sixteen people, of whom, if they are the last, only the first `count` are there. */
PKO_EACH void add_moments(struct moment_lanes *sum, const float *a, const float *b, const float median[2],
                          bool last, size_t count) {
    add_highs(sum, a, b, median, last, count);
    for (size_t part = 0; part < PKO_PARTS; part++) {
        size_t at = part * PKO_WIDE;
        pko_wide one = pko_wide_floats(a + at), other = pko_wide_floats(b + at);
        if (last) {
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            one = pko_wide_where(there, one);
            other = pko_wide_where(there, other);
        }
        sum->a[part] += one;
        sum->b[part] += other;
        sum->aa[part] = plus_product(sum->aa[part], one, one);
        sum->bb[part] = plus_product(sum->bb[part], other, other);
        sum->ab[part] = plus_product(sum->ab[part], one, other);
    }
}

void PKO_CLONED(pko_layer_moments)(const float *a, const float *b, size_t count, const float median[2],
                                   struct pko_moments *sum) {
    struct moment_lanes lanes;
    for (int part = 0; part < PKO_PARTS; part++)
        lanes.a[part] = lanes.b[part] = lanes.aa[part] = lanes.bb[part] = lanes.ab[part] = pko_wide_all(0.0);
    lanes.high_a = lanes.high_b = lanes.high_both = (few_counts){0};
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
                                .high_a = (double)counted(lanes.high_a),
                                .high_b = (double)counted(lanes.high_b),
                                .high_both = (double)counted(lanes.high_both)};
}

#define BYTES_MOST 255 /* blocks after whom a count of eight bits could be full */

typedef uint8_t sixteen_bytes __attribute__((vector_size(SIXTEEN)));

/* Counted in sixteen lanes of bytes. */
static size_t riders_among(const uint8_t *traits, size_t count) {
    size_t riders = 0, whole = count - count % SIXTEEN;
    for (size_t k = 0; k < whole;) {
        sixteen_bytes sum = {0}, bytes;
        for (size_t block = 0; block < BYTES_MOST && k < whole; block++, k += SIXTEEN) {
            memcpy(&bytes, traits + k, sizeof bytes);
            sum -= (sixteen_bytes)((bytes & PKO_TRAIT_RIDER) != 0);
        }
        for (int lane = 0; lane < SIXTEEN; lane++)
            riders += sum[lane];
    }
    for (size_t k = whole; k < count; k++)
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

/* Adds 1 in the lanes of the values below a limit. */
PKO_EACH few_counts plus_below(few_counts sum, few_floats x, float limit) {
#if PKO_WIDE == 8
    __mmask16 below = _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(limit), _CMP_LT_OQ);
    return (few_counts)_mm512_mask_add_epi32((__m512i)sum, below, (__m512i)sum, _mm512_set1_epi32(1));
#else
    return sum - (x < limit);
#endif
}

void PKO_CLONED(pko_count_below)(const float *state, size_t count, size_t step, const float limit[PKO_LIMITS],
                                 uint64_t below[PKO_LIMITS]) {
    few_counts sum[PKO_LIMITS] = {{0}};
    size_t whole = count - count % SIXTEEN;
    for (size_t k = 0; k < whole; k += step * SIXTEEN)
        for (size_t at = k; at < k + SIXTEEN; at += FEW) {
            few_floats x = few(state + at);
            for (int l = 0; l < PKO_LIMITS; l++)
                sum[l] = plus_below(sum[l], x, limit[l]);
        }
    for (int l = 0; l < PKO_LIMITS; l++) {
        below[l] = counted(sum[l]);
        for (size_t k = whole; step == 1 && k < count; k++)
            below[l] += state[k] < limit[l];
    }
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

void PKO_CLONED(pko_pool_values)(const double *value, const double *people, size_t count, double *weighted,
                                 double *weight) {
    const pko_wide none = {0};
    size_t whole = count - count % PKO_WIDE;
    for (size_t k = 0; k < whole; k += PKO_WIDE) {
        pko_wide x = pko_wide_load(value + k), n = pko_wide_load(people + k);
        pko_wide_mask exists = (pko_wide_mask)(x == x);
        pko_wide_store(weighted + k, pko_wide_load(weighted + k) + pko_wide_choose(exists, x * n, none));
        pko_wide_store(weight + k, pko_wide_load(weight + k) + pko_wide_choose(exists, n, none));
    }
    for (size_t k = whole; k < count; k++) {
        bool exists = value[k] == value[k];
        weighted[k] += exists ? value[k] * people[k] : 0.0;
        weight[k] += exists ? people[k] : 0.0;
    }
}
