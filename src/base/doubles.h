/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As many doubles in lanes as the instruction set has (eight, four or two), for work that is done to each by
 * itself: how wide the lanes are changes no bits. Sums over lanes do not belong here; base/sums.h has
 * lanes of a fixed number. */
#ifndef PKO_BASE_DOUBLES_H
#define PKO_BASE_DOUBLES_H

#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#if defined __AVX512F__ && defined __AVX512BW__ && defined __AVX512DQ__ && defined __AVX512VL__
#define PKO_WIDE 8
#elif defined __AVX2__
#define PKO_WIDE 4
#else
#define PKO_WIDE 2
#endif

typedef double pko_wide __attribute__((vector_size(8 * PKO_WIDE)));
typedef int64_t pko_wide_mask __attribute__((vector_size(8 * PKO_WIDE))); /* −1 for yes, 0 for no */
typedef uint64_t pko_wide_bits __attribute__((vector_size(8 * PKO_WIDE)));
typedef int32_t pko_wide_whole __attribute__((vector_size(4 * PKO_WIDE)));

#define PKO_EACH static inline __attribute__((always_inline))

PKO_EACH pko_wide pko_wide_load(const double *at) {
    pko_wide value;
    memcpy(&value, at, sizeof value);
    return value;
}
PKO_EACH void pko_wide_store(double *at, pko_wide value) {
    memcpy(at, &value, sizeof value);
}
PKO_EACH pko_wide_whole pko_wide_load_whole(const int32_t *at) {
    pko_wide_whole value;
    memcpy(&value, at, sizeof value);
    return value;
}
/* Whole numbers as doubles. */
PKO_EACH pko_wide pko_wide_wholes(const int32_t *at) {
#if PKO_WIDE == 8
    return (pko_wide)_mm512_cvtepi32_pd(_mm256_loadu_si256((const __m256i *)(const void *)at));
#elif PKO_WIDE == 4
    return (pko_wide)_mm256_cvtepi32_pd(_mm_loadu_si128((const __m128i *)(const void *)at));
#else
    return (pko_wide){(double)at[0], (double)at[1]};
#endif
}
PKO_EACH pko_wide_mask pko_wide_load_mask(const int64_t *at) {
    pko_wide_mask value;
    memcpy(&value, at, sizeof value);
    return value;
}
PKO_EACH pko_wide pko_wide_all(double value) {
    return (pko_wide){0} + value;
}
/* A mask of 32-bit lanes as one of 64-bit lanes. */
PKO_EACH pko_wide_mask pko_wide_widen(pko_wide_whole mask) {
#if PKO_WIDE == 8
    return (pko_wide_mask)_mm512_cvtepi32_epi64((__m256i)mask);
#else
    return __builtin_convertvector(mask, pko_wide_mask);
#endif
}
/* The number of each lane. */
PKO_EACH pko_wide pko_wide_lanes(void) {
    pko_wide lane;
    for (int k = 0; k < PKO_WIDE; k++)
        lane[k] = k;
    return lane;
}
/* mask ? yes : no, lane by lane. */
PKO_EACH pko_wide pko_wide_choose(pko_wide_mask mask, pko_wide yes, pko_wide no) {
    return (pko_wide)(((pko_wide_mask)yes & mask) | ((pko_wide_mask)no & ~mask));
}
PKO_EACH pko_wide pko_wide_size(pko_wide x) {
    return (pko_wide)((pko_wide_mask)x & INT64_MAX);
}
/* x cut to [least, most], as pko_clip does it: x itself where neither comparison holds. The processor's
 * minimum and maximum are those comparisons, with x in second place. */
PKO_EACH pko_wide pko_wide_clip(pko_wide x, double least, double most) {
    pko_wide low = pko_wide_all(least), high = pko_wide_all(most);
#if PKO_WIDE == 8
    return (pko_wide)_mm512_min_pd((__m512d)high, _mm512_max_pd((__m512d)low, (__m512d)x));
#elif PKO_WIDE == 4
    return (pko_wide)_mm256_min_pd((__m256d)high, _mm256_max_pd((__m256d)low, (__m256d)x));
#elif defined __SSE2__
    return (pko_wide)_mm_min_pd((__m128d)high, _mm_max_pd((__m128d)low, (__m128d)x));
#else
    pko_wide raised = pko_wide_choose((pko_wide_mask)(x < low), low, x);
    return pko_wide_choose((pko_wide_mask)(raised > high), high, raised);
#endif
}
PKO_EACH pko_wide pko_wide_root(pko_wide x) {
#if PKO_WIDE == 8
    return (pko_wide)_mm512_sqrt_pd((__m512d)x);
#elif PKO_WIDE == 4
    return (pko_wide)_mm256_sqrt_pd((__m256d)x);
#elif defined __SSE2__
    return (pko_wide)_mm_sqrt_pd((__m128d)x);
#else
    for (int k = 0; k < PKO_WIDE; k++)
        x[k] = sqrt(x[k]);
    return x;
#endif
}

/* A bit for each lane, from the lowest: whether it is negative. */
PKO_EACH uint32_t pko_wide_signs(pko_wide_mask x) {
#if PKO_WIDE == 8
    return (uint32_t)_mm512_movepi64_mask((__m512i)x);
#elif PKO_WIDE == 4
    return (uint32_t)_mm256_movemask_pd((__m256d)x);
#elif defined __SSE2__
    return (uint32_t)_mm_movemask_pd((__m128d)x);
#else
    uint32_t signs = 0;
    for (int k = 0; k < PKO_WIDE; k++)
        signs |= (uint32_t)(x[k] < 0) << k;
    return signs;
#endif
}

/* --- The first `count` lanes, or all if there are fewer: what stands in memory past them is not touched. */

#if PKO_WIDE == 8
PKO_EACH __mmask8 pko_wide_lanes_left(size_t count) {
    return (__mmask8)(count < 8 ? (1u << count) - 1 : 0xff);
}
#elif PKO_WIDE == 4
PKO_EACH __m128i pko_wide_lanes_left(size_t count) {
    return _mm_cmpgt_epi32(_mm_set1_epi32(count < 4 ? (int)count : 4), _mm_setr_epi32(0, 1, 2, 3));
}
#endif
/* Zeros in the other lanes. */
PKO_EACH pko_wide pko_wide_load_first(const double *at, size_t count) {
    if (count >= PKO_WIDE)
        return pko_wide_load(at);
#if PKO_WIDE == 8
    return (pko_wide)_mm512_maskz_loadu_pd(pko_wide_lanes_left(count), at);
#elif PKO_WIDE == 4
    return (pko_wide)_mm256_maskload_pd(at, _mm256_cvtepi32_epi64(pko_wide_lanes_left(count)));
#else
    return (pko_wide){count > 0 ? at[0] : 0.0, 0.0};
#endif
}
PKO_EACH void pko_wide_store_first(double *at, pko_wide value, size_t count) {
    if (count >= PKO_WIDE) {
        pko_wide_store(at, value);
        return;
    }
#if PKO_WIDE == 8
    _mm512_mask_storeu_pd(at, pko_wide_lanes_left(count), (__m512d)value);
#elif PKO_WIDE == 4
    _mm256_maskstore_pd(at, _mm256_cvtepi32_epi64(pko_wide_lanes_left(count)), (__m256d)value);
#else
    if (count > 0)
        at[0] = value[0];
#endif
}
/* Words of 32 bits, in the low halves of the lanes; zeros in the others. */
PKO_EACH pko_wide_mask pko_wide_load_words(const uint32_t *at, size_t count) {
#if PKO_WIDE == 8
    return (pko_wide_mask)_mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(pko_wide_lanes_left(count), at));
#elif PKO_WIDE == 4
    return (pko_wide_mask)_mm256_cvtepu32_epi64(
        _mm_maskload_epi32((const int *)(const void *)at, pko_wide_lanes_left(count)));
#else
    return (pko_wide_mask){count > 0 ? (int64_t)at[0] : 0, count > 1 ? (int64_t)at[1] : 0};
#endif
}
/* The low halves. */
PKO_EACH void pko_wide_store_words(uint32_t *at, pko_wide_mask value, size_t count) {
#if PKO_WIDE == 8
    _mm512_mask_cvtepi64_storeu_epi32(at, pko_wide_lanes_left(count), (__m512i)value);
#elif PKO_WIDE == 4
    _mm_maskstore_epi32((int *)(void *)at, pko_wide_lanes_left(count),
                        (__m128i) __builtin_convertvector(value, pko_wide_whole));
#else
    for (size_t k = 0; k < 2 && k < count; k++)
        at[k] = (uint32_t)value[k];
#endif
}

/* As many rows as there are lanes become columns. */
#if PKO_WIDE == 8
PKO_EACH void pko_wide_transpose(pko_wide row[PKO_WIDE]) {
    pko_wide two[8], four[8];
    for (int k = 0; k < 8; k += 2) {
        two[k] = __builtin_shufflevector(row[k], row[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        two[k + 1] = __builtin_shufflevector(row[k], row[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int k = 0; k < 8; k += 4)
        for (int l = k; l < k + 2; l++) {
            four[l] = __builtin_shufflevector(two[l], two[l + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            four[l + 2] = __builtin_shufflevector(two[l], two[l + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int k = 0; k < 4; k++) {
        row[k] = __builtin_shufflevector(four[k], four[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        row[k + 4] = __builtin_shufflevector(four[k], four[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}
#elif PKO_WIDE == 4
PKO_EACH void pko_wide_transpose(pko_wide row[PKO_WIDE]) {
    pko_wide two[4] = {__builtin_shufflevector(row[0], row[1], 0, 4, 2, 6),
                       __builtin_shufflevector(row[0], row[1], 1, 5, 3, 7),
                       __builtin_shufflevector(row[2], row[3], 0, 4, 2, 6),
                       __builtin_shufflevector(row[2], row[3], 1, 5, 3, 7)};
    for (int k = 0; k < 2; k++) {
        row[k] = __builtin_shufflevector(two[k], two[k + 2], 0, 1, 4, 5);
        row[k + 2] = __builtin_shufflevector(two[k], two[k + 2], 2, 3, 6, 7);
    }
}
#else
PKO_EACH void pko_wide_transpose(pko_wide row[PKO_WIDE]) {
    pko_wide first = __builtin_shufflevector(row[0], row[1], 0, 2);
    row[1] = __builtin_shufflevector(row[0], row[1], 1, 3);
    row[0] = first;
}
#endif

#endif
