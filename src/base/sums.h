/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sums over people in lanes need: sixteen bytes of traits as lanes, and the tree of base/tally.h in
 * registers. */
#ifndef PKO_BASE_SUMS_H
#define PKO_BASE_SUMS_H

#include "base/doubles.h"

/* Sixteen bytes as whole numbers; compilers take pko_widen apart byte by byte. */
PKO_LANE pko_i32 pko_widen_bytes(const uint8_t *at) {
#if defined __AVX512F__
    return (pko_i32)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)at));
#elif defined __AVX2__
    __m256i half[2] = {_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)at)),
                       _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(at + 8)))};
    pko_i32 whole;
    memcpy(&whole, half, sizeof whole);
    return whole;
#else
    return pko_widen(at);
#endif
}

/* Adds sixteen lanes as pko_tally_tree does: lane k takes lane k+8, then k+4, k+2, k+1. */
PKO_LANE double pko_tree(const pko_f64 sum[2]) {
    pko_f64 eight = sum[0] + sum[1];
    pko_f64 four = eight + __builtin_shufflevector(eight, eight, 4, 5, 6, 7, 0, 1, 2, 3);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

#endif
