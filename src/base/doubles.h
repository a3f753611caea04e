/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eight doubles in lanes, and the choices among them; base/lanes.h has sixteen floats. */
#ifndef PKO_BASE_DOUBLES_H
#define PKO_BASE_DOUBLES_H

#include <math.h>

#include "base/lanes.h"
#ifdef __SSE2__
#include <immintrin.h>
#endif

#define PKO_EIGHT 8

typedef int64_t pko_i64 __attribute__((vector_size(64))); /* eight of them; a mask of eight doubles */

PKO_LANE pko_f64 pko_load_eight(const double *at) {
    pko_f64 value;
    memcpy(&value, at, sizeof value);
    return value;
}
PKO_LANE void pko_store_eight(double *at, pko_f64 value) {
    memcpy(at, &value, sizeof value);
}
PKO_LANE pko_f64 pko_eight(double value) {
    return (pko_f64){0} + value;
}
/* mask ? yes : no, lane by lane. */
PKO_LANE pko_f64 pko_choose_eight(pko_i64 mask, pko_f64 yes, pko_f64 no) {
    return (pko_f64)(((pko_i64)yes & mask) | ((pko_i64)no & ~mask));
}
/* x cut to [least, most], as pko_clip does it: x itself where neither comparison holds. The processor's
 * minimum and maximum are those comparisons, with x in second place. */
PKO_LANE pko_f64 pko_clip_eight(pko_f64 x, double least, double most) {
    pko_f64 low = pko_eight(least), high = pko_eight(most);
#ifdef __AVX512F__
    return (pko_f64)_mm512_min_pd((__m512d)high, _mm512_max_pd((__m512d)low, (__m512d)x));
#else
    pko_f64 raised = pko_choose_eight((pko_i64)(x < low), low, x);
    return pko_choose_eight((pko_i64)(raised > high), high, raised);
#endif
}
PKO_LANE pko_f64 pko_size_eight(pko_f64 x) {
    return (pko_f64)((pko_i64)x & INT64_MAX);
}
PKO_LANE pko_f64 pko_root_eight(pko_f64 x) {
#if defined __AVX512F__
    return (pko_f64)_mm512_sqrt_pd((__m512d)x);
#elif defined __SSE2__
    __m128d part[4];
    memcpy(part, &x, sizeof part);
    for (int k = 0; k < 4; k++)
        part[k] = _mm_sqrt_pd(part[k]);
    memcpy(&x, part, sizeof part);
    return x;
#else
    for (int k = 0; k < PKO_EIGHT; k++)
        x[k] = sqrt(x[k]);
    return x;
#endif
}
/* Eight rows of eight become eight columns. */
PKO_LANE void pko_transpose_eight(pko_f64 row[PKO_EIGHT]) {
    pko_f64 two[8], four[8];
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

#endif
