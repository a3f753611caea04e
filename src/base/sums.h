/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over people in the order of base/tally.h: value k in lane k mod 16, the sixteen lanes kept in as many
 * vectors as they fill, then added as its tree. */
#ifndef PKO_BASE_SUMS_H
#define PKO_BASE_SUMS_H

#include "base/doubles.h"
#include "base/tally.h"

#define PKO_PARTS (PKO_LANES / PKO_WIDE) /* vectors that make sixteen lanes */

/* A lane for each float, as doubles. */
PKO_EACH pko_wide pko_wide_floats(const float *at) {
#if defined __AVX512F__
    return (pko_wide)_mm512_cvtps_pd(_mm256_loadu_ps(at));
#elif defined __AVX2__
    return (pko_wide)_mm256_cvtps_pd(_mm_loadu_ps(at));
#else
    return (pko_wide){(double)at[0], (double)at[1]};
#endif
}
/* A lane for each byte. */
PKO_EACH pko_wide_mask pko_wide_bytes(const uint8_t *at) {
#if defined __AVX512F__
    return (pko_wide_mask)_mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)at));
#elif defined __AVX2__
    int32_t four;
    memcpy(&four, at, sizeof four);
    return (pko_wide_mask)_mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four));
#else
    return (pko_wide_mask){at[0], at[1]};
#endif
}
/* −1 in the lanes in which a bit of `bits` is set; `bit` is one bit below the eighth. */
PKO_EACH pko_wide_mask pko_wide_has(pko_wide_mask bits, int64_t bit) {
    return -((bits & bit) >> __builtin_ctzll((uint64_t)bit));
}
/* −1 in the lanes of the first `count` places. */
PKO_EACH pko_wide_mask pko_wide_first(size_t count) {
    return (pko_wide_mask)(pko_wide_lanes() < (double)count);
}
PKO_EACH pko_wide pko_wide_where(pko_wide_mask mask, pko_wide x) {
    return (pko_wide)((pko_wide_mask)x & mask);
}
PKO_EACH double pko_wide_tree(const pko_wide sum[PKO_PARTS]) {
    double lane[PKO_LANES];
    memcpy(lane, sum, sizeof lane);
    for (int k = 0; k < 8; k++)
        lane[k] += lane[k + 8];
    for (int k = 0; k < 4; k++)
        lane[k] += lane[k + 4];
    return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

#endif
