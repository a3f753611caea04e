/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floats in lanes, as many as the instruction set at hand has in one register: 16, 8 or 4. Every operation is
 * an IEEE or integer operation lane by lane, so a loop over lanes gives the same bits for any number of them.
 * Instructions are named where compilers do not find them by themselves (masks, minimum and maximum, halves
 * of products, turning records into columns); each has a plain form with the same bits. */
#ifndef PKO_BASE_FLOATS_H
#define PKO_BASE_FLOATS_H

#include <stdint.h>
#include <string.h>

#if defined __AVX512F__ && defined __AVX512BW__ && defined __AVX512DQ__ && defined __AVX512VL__
#define PKO_FLOATS 16
#elif defined __AVX2__
#define PKO_FLOATS 8
#else
#define PKO_FLOATS 4
#endif
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "base/philox_lanes.h"
#include "base/sums.h"

#define PKO_INLINE   static inline __attribute__((always_inline))
#define PKO_REGISTER __attribute__((vector_size(4 * PKO_FLOATS)))

typedef float pko_floats PKO_REGISTER;
typedef int32_t pko_wholes PKO_REGISTER;
typedef uint32_t pko_bits PKO_REGISTER;
typedef float pko_record __attribute__((vector_size(16)));

/* One truth a lane. */
#if PKO_FLOATS == 16
typedef __mmask16 pko_mask;
#else
typedef pko_wholes pko_mask;
#endif

PKO_INLINE pko_floats pko_floats_load(const float *at) {
    pko_floats value;
    memcpy(&value, at, sizeof value);
    return value;
}
PKO_INLINE void pko_floats_store(float *at, pko_floats value) {
    memcpy(at, &value, sizeof value);
}
PKO_INLINE pko_floats pko_floats_of(float value) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_set1_ps(value);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_set1_ps(value);
#else
    return (pko_floats){value, value, value, value};
#endif
}
PKO_INLINE pko_wholes pko_wholes_of(int32_t value) {
    return (pko_wholes){0} + value;
}
/* 0, 1, 2, … */
PKO_INLINE pko_wholes pko_lane_numbers(void) {
#if PKO_FLOATS == 16
    return (pko_wholes){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif PKO_FLOATS == 8
    return (pko_wholes){0, 1, 2, 3, 4, 5, 6, 7};
#else
    return (pko_wholes){0, 1, 2, 3};
#endif
}

/* --- Truths and choices */

PKO_INLINE pko_mask pko_less(pko_floats a, pko_floats b) {
#if PKO_FLOATS == 16
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
#else
    return (pko_mask)(a < b);
#endif
}
PKO_INLINE pko_mask pko_less_whole(pko_wholes a, pko_wholes b) {
#if PKO_FLOATS == 16
    return _mm512_cmplt_epi32_mask((__m512i)a, (__m512i)b);
#else
    return (pko_mask)(a < b);
#endif
}
/* Whether a lane has one of these bits. */
PKO_INLINE pko_mask pko_has(pko_wholes a, int32_t bits) {
#if PKO_FLOATS == 16
    return _mm512_test_epi32_mask((__m512i)a, _mm512_set1_epi32(bits));
#else
    return (pko_mask)((a & bits) != pko_wholes_of(0));
#endif
}
/* Whether a lane has none of these bits. */
PKO_INLINE pko_mask pko_has_not(pko_wholes a, int32_t bits) {
#if PKO_FLOATS == 16
    return _mm512_testn_epi32_mask((__m512i)a, _mm512_set1_epi32(bits));
#else
    return (pko_mask)((a & bits) == pko_wholes_of(0));
#endif
}
/* One and not the other. */
PKO_INLINE pko_mask pko_but_not(pko_mask one, pko_mask other) {
    return (pko_mask)(one & ~other);
}
PKO_INLINE pko_floats pko_either(pko_mask mask, pko_floats yes, pko_floats no) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_mask_blend_ps(mask, (__m512)no, (__m512)yes);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_blendv_ps((__m256)no, (__m256)yes, (__m256)mask);
#else
    return (pko_floats)(((pko_wholes)yes & mask) | ((pko_wholes)no & ~mask));
#endif
}
PKO_INLINE pko_wholes pko_either_whole(pko_mask mask, pko_wholes yes, pko_wholes no) {
    return (pko_wholes)pko_either(mask, (pko_floats)yes, (pko_floats)no);
}
/* a < b ? a : b, so b where one of them is not a number. */
PKO_INLINE pko_floats pko_lesser(pko_floats a, pko_floats b) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_min_ps((__m512)a, (__m512)b);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined __SSE2__
    return (pko_floats)_mm_min_ps((__m128)a, (__m128)b);
#else
    return pko_either(pko_less(a, b), a, b);
#endif
}
/* a > b ? a : b, so b where one of them is not a number. */
PKO_INLINE pko_floats pko_greater(pko_floats a, pko_floats b) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_max_ps((__m512)a, (__m512)b);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined __SSE2__
    return (pko_floats)_mm_max_ps((__m128)a, (__m128)b);
#else
    return pko_either(pko_less(b, a), a, b);
#endif
}
/* |x|. */
PKO_INLINE pko_floats pko_magnitude(pko_floats x) {
    return (pko_floats)((pko_wholes)x & INT32_MAX);
}
PKO_INLINE pko_wholes pko_lesser_whole(pko_wholes a, pko_wholes b) {
#if PKO_FLOATS == 16
    return (pko_wholes)_mm512_min_epi32((__m512i)a, (__m512i)b);
#elif PKO_FLOATS == 8
    return (pko_wholes)_mm256_min_epi32((__m256i)a, (__m256i)b);
#else
    return pko_either_whole(pko_less_whole(a, b), a, b);
#endif
}
/* Truth in the first `count` lanes. */
PKO_INLINE pko_mask pko_first_lanes(uint32_t count) {
    return pko_less_whole(pko_lane_numbers(), pko_wholes_of((int32_t)count));
}
/* The first `count` lanes, and 0 in the others; what stands past the first is not touched. */
PKO_INLINE pko_floats pko_floats_load_first(const float *at, uint32_t count) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_maskz_loadu_ps(pko_first_lanes(count), at);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_maskload_ps(at, (__m256i)pko_first_lanes(count));
#else
    pko_floats value = {0.0f};
    memcpy(&value, at, count * sizeof(float));
    return value;
#endif
}
/* Stores the first `count` lanes. */
PKO_INLINE void pko_floats_store_first(float *at, pko_floats value, uint32_t count) {
#if PKO_FLOATS == 16
    _mm512_mask_storeu_ps(at, pko_first_lanes(count), (__m512)value);
#elif PKO_FLOATS == 8
    _mm256_maskstore_ps(at, (__m256i)pko_first_lanes(count), (__m256)value);
#else
    memcpy(at, &value, count * sizeof(float));
#endif
}
/* Into [0,1]; what is not a number becomes 0, and so does −0. */
PKO_INLINE pko_floats pko_unit_interval(pko_floats x) {
    return pko_lesser(pko_greater(x, pko_floats_of(0.0f)), pko_floats_of(1.0f));
}

/* The entries of a table of four by number, 0 to 3. */
PKO_INLINE pko_floats pko_entry(const float table[4], pko_wholes number) {
#if PKO_FLOATS == 16
    return (pko_floats)_mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(table)), (__m512i)number);
#elif PKO_FLOATS == 8
    return (pko_floats)_mm256_permutevar_ps(_mm256_broadcast_ps((const __m128 *)table), (__m256i)number);
#else
    pko_floats low = pko_either((pko_mask)(number == 0), pko_floats_of(table[0]), pko_floats_of(table[1]));
    pko_floats high = pko_either((pko_mask)(number == 2), pko_floats_of(table[2]), pko_floats_of(table[3]));
    return pko_either((pko_mask)(number < 2), low, high);
#endif
}
PKO_INLINE pko_wholes pko_entry_whole(const int32_t table[4], pko_wholes number) {
    float bits[4];
    memcpy(bits, table, sizeof bits);
    return (pko_wholes)pko_entry(bits, number);
}
/* number − 1 where the mask is true. */
PKO_INLINE pko_wholes pko_one_less(pko_mask mask, pko_wholes number) {
#if PKO_FLOATS == 16
    return (pko_wholes)_mm512_mask_sub_epi32((__m512i)number, mask, (__m512i)number, _mm512_set1_epi32(1));
#else
    return number + mask;
#endif
}

/* --- Conversions */

/* Bytes as whole numbers. */
PKO_INLINE pko_wholes pko_wholes_load(const uint8_t *at) {
#if PKO_FLOATS == 16
    return (pko_wholes)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)at));
#elif PKO_FLOATS == 8
    return (pko_wholes)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)at));
#else
    return (pko_wholes){at[0], at[1], at[2], at[3]};
#endif
}
/* Towards zero. */
PKO_INLINE pko_wholes pko_wholes_from(pko_floats x) {
    return __builtin_convertvector(x, pko_wholes);
}
PKO_INLINE pko_floats pko_floats_from(pko_wholes x) {
    return __builtin_convertvector(x, pko_floats);
}
/* Adds the lanes to as many sums in double, the lower half of them first. */
PKO_INLINE void pko_doubles_add(pko_wide sum[2], pko_floats x) {
#if PKO_FLOATS == 16
    sum[0] += (pko_wide)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)x));
    sum[1] += (pko_wide)_mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)x, 1));
#elif PKO_FLOATS == 8
    sum[0] += (pko_wide)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)x));
    sum[1] += (pko_wide)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)x, 1));
#elif defined __SSE2__
    sum[0] += (pko_wide)_mm_cvtps_pd((__m128)x);
    sum[1] += (pko_wide)_mm_cvtps_pd(_mm_movehl_ps((__m128)x, (__m128)x));
#else
    sum[0] += (pko_wide){(double)x[0], (double)x[1]};
    sum[1] += (pko_wide){(double)x[2], (double)x[3]};
#endif
}

/* --- Records of four floats */

/* Within each four lanes, turns four rows of four into four columns of four. */
PKO_INLINE void pko_turn(pko_floats row[4]) {
#if PKO_FLOATS == 16
#define TURN_LOW(a, b)       (pko_floats) _mm512_unpacklo_ps((__m512)(a), (__m512)(b))
#define TURN_HIGH(a, b)      (pko_floats) _mm512_unpackhi_ps((__m512)(a), (__m512)(b))
#define TURN_LOW_PAIR(a, b)  (pko_floats) _mm512_unpacklo_pd((__m512d)(a), (__m512d)(b))
#define TURN_HIGH_PAIR(a, b) (pko_floats) _mm512_unpackhi_pd((__m512d)(a), (__m512d)(b))
#elif PKO_FLOATS == 8
#define TURN_LOW(a, b)       (pko_floats) _mm256_unpacklo_ps((__m256)(a), (__m256)(b))
#define TURN_HIGH(a, b)      (pko_floats) _mm256_unpackhi_ps((__m256)(a), (__m256)(b))
#define TURN_LOW_PAIR(a, b)  (pko_floats) _mm256_unpacklo_pd((__m256d)(a), (__m256d)(b))
#define TURN_HIGH_PAIR(a, b) (pko_floats) _mm256_unpackhi_pd((__m256d)(a), (__m256d)(b))
#else
#define TURN_LOW(a, b)       __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define TURN_HIGH(a, b)      __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define TURN_LOW_PAIR(a, b)  __builtin_shufflevector(a, b, 0, 1, 4, 5)
#define TURN_HIGH_PAIR(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7)
#endif
    pko_floats a = TURN_LOW(row[0], row[1]), b = TURN_HIGH(row[0], row[1]);
    pko_floats c = TURN_LOW(row[2], row[3]), d = TURN_HIGH(row[2], row[3]);
    row[0] = TURN_LOW_PAIR(a, c);
    row[1] = TURN_HIGH_PAIR(a, c);
    row[2] = TURN_LOW_PAIR(b, d);
    row[3] = TURN_HIGH_PAIR(b, d);
#undef TURN_LOW
#undef TURN_HIGH
#undef TURN_LOW_PAIR
#undef TURN_HIGH_PAIR
}

PKO_INLINE pko_record pko_record_at(const void *records, uint32_t at) {
    pko_record record;
    memcpy(&record, (const pko_record *)records + at, sizeof record);
    return record;
}

/* Of the records at these places, one a lane: their first, second, third and fourth fields. Each record is
 * one load of 16 bytes. */
PKO_INLINE void pko_records_load(const void *records, const uint32_t at[PKO_FLOATS], pko_floats field[4]) {
#define RECORD(k) (pko_record_at(records, at[k]))
    for (int k = 0; k < 4; k++) {
#if PKO_FLOATS == 16
        __m256 low =
            _mm256_insertf128_ps(_mm256_castps128_ps256((__m128)RECORD(k)), (__m128)RECORD(k + 4), 1);
        __m256 high =
            _mm256_insertf128_ps(_mm256_castps128_ps256((__m128)RECORD(k + 8)), (__m128)RECORD(k + 12), 1);
        field[k] = (pko_floats)_mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1);
#elif PKO_FLOATS == 8
        field[k] = (pko_floats)_mm256_insertf128_ps(_mm256_castps128_ps256((__m128)RECORD(k)),
                                                    (__m128)RECORD(k + 4), 1);
#else
        field[k] = RECORD(k);
#endif
    }
#undef RECORD
    pko_turn(field);
}
/* Writes a record for each lane, one after the other. */
PKO_INLINE void pko_records_store(void *records, const pko_floats field[4]) {
#if PKO_FLOATS == 16
    /* Pairs of fields of the lower and of the upper eight lanes, then whole records, four at a time. */
    const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i last = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    for (int half = 0; half < 2; half++) {
        __m512i lanes = half ? high : low;
        __m512d one = (__m512d)_mm512_permutex2var_ps((__m512)field[0], lanes, (__m512)field[1]);
        __m512d two = (__m512d)_mm512_permutex2var_ps((__m512)field[2], lanes, (__m512)field[3]);
        double *to = (double *)records + 16 * half;
        _mm512_storeu_pd(to, _mm512_permutex2var_pd(one, first, two));
        _mm512_storeu_pd(to + 8, _mm512_permutex2var_pd(one, last, two));
    }
#else
    pko_floats row[4] = {field[0], field[1], field[2], field[3]};
    pko_turn(row);
#if PKO_FLOATS == 8
    float *to = records;
    for (int k = 0; k < 4; k += 2) {
        _mm256_storeu_ps(to + 4 * k, _mm256_permute2f128_ps((__m256)row[k], (__m256)row[k + 1], 0x20));
        _mm256_storeu_ps(to + 4 * k + 16, _mm256_permute2f128_ps((__m256)row[k], (__m256)row[k + 1], 0x31));
    }
#else
    memcpy(records, row, sizeof row);
#endif
#endif
}

/* --- Random words */

/* The lower halves of 64-bit lanes as lanes of even and of odd number. */
PKO_INLINE pko_bits pko_both_halves(pko_wide_mask even, pko_wide_mask odd) {
#if PKO_FLOATS == 16
    return (pko_bits)_mm512_mask_blend_epi32(0xAAAA, (__m512i)even, _mm512_slli_epi64((__m512i)odd, 32));
#elif PKO_FLOATS == 8
    return (pko_bits)_mm256_blend_epi32((__m256i)even, _mm256_slli_epi64((__m256i)odd, 32), 0xAA);
#else
    return (pko_bits)((even & INT64_C(0xFFFFFFFF)) | odd << 32);
#endif
}

/* Draws at a time, at most: as many as leave the registers enough room. */
#define PKO_DRAWS (PKO_FLOATS == 16 ? 2 : 1)
/* Where draws come from: consecutive indexes from `index` on, one a lane, of an entity. */
struct pko_address {
    uint32_t index, entity;
};

/* Philox4x32-10 (base/philox_lanes.h) at several addresses of one purpose, day, replicate and seed; the four
 * words of each. The lanes of even and of odd number are drawn apart, and the rounds of all take turns. */
PKO_INLINE void pko_words_draw(const struct pko_address *at, int draws, uint32_t purpose_and_day,
                               uint32_t replicate, uint64_t seed, pko_bits (*word)[4]) {
    struct pko_philox_key key = pko_philox_key(seed);
    pko_wide_mask half[2 * PKO_DRAWS][4], even_numbers, none = {0};
    for (int k = 0; k < PKO_WIDE; k++)
        even_numbers[k] = 2 * k;
    for (int h = 0; h < 2 * draws; h++) {
        half[h][0] = even_numbers + (int64_t)(at[h / 2].index + (uint32_t)(h % 2));
        half[h][1] = none + (int64_t)at[h / 2].entity;
        half[h][2] = none + (int64_t)purpose_and_day;
        half[h][3] = none + (int64_t)replicate;
    }
    for (int round = 0; round < PKO_PHILOX_ROUNDS; round++, key = pko_philox_next(key))
        for (int h = 0; h < 2 * draws; h++)
            pko_philox_round(half[h], key);
    for (int d = 0; d < draws; d++)
        for (int w = 0; w < 4; w++)
            word[d][w] = pko_both_halves(half[2 * d][w], half[2 * d + 1][w]);
}

#endif
