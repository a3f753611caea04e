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
#if PKO_WIDE == 8
    return (pko_wide)_mm512_cvtps_pd(_mm256_loadu_ps(at));
#elif PKO_WIDE == 4
    return (pko_wide)_mm256_cvtps_pd(_mm_loadu_ps(at));
#else
    return (pko_wide){(double)at[0], (double)at[1]};
#endif
}
/* A lane for each byte. */
PKO_EACH pko_wide_mask pko_wide_bytes(const uint8_t *at) {
#if PKO_WIDE == 8
    return (pko_wide_mask)_mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)at));
#elif PKO_WIDE == 4
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
/* The last steps of the tree: lane k takes the lane half the lanes further on, until one is left. */
PKO_EACH double pko_wide_sum(pko_wide lane) {
#if PKO_WIDE == 8
    lane += __builtin_shufflevector(lane, lane, 4, 5, 6, 7, 0, 1, 2, 3);
    lane += __builtin_shufflevector(lane, lane, 2, 3, 0, 1, 6, 7, 4, 5);
    lane += __builtin_shufflevector(lane, lane, 1, 0, 3, 2, 5, 4, 7, 6);
#elif PKO_WIDE == 4
    lane += __builtin_shufflevector(lane, lane, 2, 3, 0, 1);
    lane += __builtin_shufflevector(lane, lane, 1, 0, 3, 2);
#else
    lane += __builtin_shufflevector(lane, lane, 1, 0);
#endif
    return lane[0];
}
/* The tree of sixteen lanes: lane k takes lane k+8, then k+4, k+2, k+1. */
PKO_EACH double pko_wide_tree(const pko_wide sum[PKO_PARTS]) {
    pko_wide part[PKO_PARTS];
    memcpy(part, sum, sizeof part);
    for (size_t half = PKO_PARTS / 2; half > 0; half /= 2)
        for (size_t k = 0; k < half; k++)
            part[k] += part[k + half];
    return pko_wide_sum(part[0]);
}

#endif
