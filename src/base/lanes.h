/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sixteen lanes, whatever the machine's vectors are: the compiler cuts them into what it has, and since every
 * operation is an IEEE or integer operation lane by lane, the bits are the same everywhere. Choices are
 * selects by masks (all bits of a lane set or none). */
#ifndef PKO_BASE_LANES_H
#define PKO_BASE_LANES_H

#include <stdint.h>
#include <string.h>

typedef float pko_f32 __attribute__((vector_size(64)));
typedef int32_t pko_i32 __attribute__((vector_size(64)));
typedef uint32_t pko_u32 __attribute__((vector_size(64)));
typedef uint64_t pko_u64 __attribute__((vector_size(64))); /* eight of them */
typedef double pko_f64 __attribute__((vector_size(64)));   /* eight of them */
typedef float pko_f32x8 __attribute__((vector_size(32)));
typedef int32_t pko_i32x8 __attribute__((vector_size(32)));
typedef uint8_t pko_u8 __attribute__((vector_size(16)));

#define PKO_LANE static inline __attribute__((always_inline))

PKO_LANE pko_f32 pko_load(const float *at) {
    pko_f32 value;
    memcpy(&value, at, sizeof value);
    return value;
}
PKO_LANE pko_f32 pko_all(float value) {
    return (pko_f32){0} + value;
}
/* mask ? yes : no, lane by lane. */
PKO_LANE pko_f32 pko_select(pko_i32 mask, pko_f32 yes, pko_f32 no) {
    return (pko_f32)(((pko_i32)yes & mask) | ((pko_i32)no & ~mask));
}
PKO_LANE pko_i32 pko_select_whole(pko_i32 mask, pko_i32 yes, pko_i32 no) {
    return (yes & mask) | (no & ~mask);
}
PKO_LANE pko_f32 pko_clip_lanes(pko_f32 x) {
    pko_f32 low = pko_select((pko_i32)(x > 0.0f), x, pko_all(0.0f));
    return pko_select((pko_i32)(low < 1.0f), low, pko_all(1.0f));
}
/* Sixteen bytes as whole numbers. */
PKO_LANE pko_i32 pko_widen(const uint8_t *at) {
    pko_u8 bytes;
    memcpy(&bytes, at, sizeof bytes);
    return __builtin_convertvector(bytes, pko_i32);
}
PKO_LANE pko_f32x8 pko_low(pko_f32 x) {
    return __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
}
PKO_LANE pko_f32x8 pko_high(pko_f32 x) {
    return __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
}
/* Adds sixteen floats to sixteen sums in double. */
PKO_LANE void pko_add(pko_f64 sum[2], pko_f32 x) {
    sum[0] += __builtin_convertvector(pko_low(x), pko_f64);
    sum[1] += __builtin_convertvector(pko_high(x), pko_f64);
}

#endif
