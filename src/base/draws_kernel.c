/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 of several addresses at a time, each word in the low half of a lane of 64 bits; the function
 * of one address is in Random123 (base/philox.h). What gathers in the high halves is never read. */
#include <stdbool.h>

#include "base/doubles.h"
#include "base/draws.h"

#define MULTIPLY_0 0xD2511F53u
#define MULTIPLY_1 0xCD9E8D57u
#define KEY_STEP_0 0x9E3779B9u
#define KEY_STEP_1 0xBB67AE85u
#define ROUNDS     10
#define LOW        INT64_C(0xFFFFFFFF)

/* The products of the low halves. */
PKO_EACH pko_wide_mask multiply(pko_wide_mask x, uint32_t m) {
#if defined __AVX512F__
    return (pko_wide_mask)_mm512_mul_epu32((__m512i)x, _mm512_set1_epi64((int64_t)m));
#elif defined __AVX2__
    return (pko_wide_mask)_mm256_mul_epu32((__m256i)x, _mm256_set1_epi64x((int64_t)m));
#elif defined __SSE2__
    return (pko_wide_mask)_mm_mul_epu32((__m128i)x, _mm_set1_epi64x((int64_t)m));
#else
    for (int k = 0; k < PKO_WIDE; k++)
        x[k] = (int64_t)((uint64_t)(x[k] & LOW) * m);
    return x;
#endif
}

PKO_EACH pko_wide_mask high(pko_wide_mask x) {
    return (x >> 32) & LOW;
}

PKO_EACH void philox(pko_wide_mask c[4], uint64_t seed) {
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        pko_wide_mask one = multiply(c[0], MULTIPLY_0), other = multiply(c[2], MULTIPLY_1);
        c[0] = high(other) ^ c[1] ^ (int64_t)key0;
        c[1] = other;
        c[2] = high(one) ^ c[3] ^ (int64_t)key1;
        c[3] = one;
        key0 += KEY_STEP_0;
        key1 += KEY_STEP_1;
    }
}

/* As many numbers as there are lanes; those past the last are 0. */
PKO_EACH pko_wide_mask load(const uint32_t *at, size_t count) {
    pko_wide_mask value = {0};
    for (size_t k = 0; k < PKO_WIDE; k++)
        value[k] = k < count ? at[k] : 0;
    return value;
}
PKO_EACH pko_wide_mask load_all(const uint32_t *at) {
    pko_wide_whole value = pko_wide_load_whole((const int32_t *)(const void *)at);
    return __builtin_convertvector(value, pko_wide_mask) & LOW;
}

/* The addresses from `first` on, as many as there are lanes or `left`; returns how many hits. */
PKO_EACH size_t draw(struct pko_stream stream, uint32_t purpose_and_day,
                     const struct pko_addresses *addresses, size_t first, size_t left, uint32_t *hits) {
    bool whole = left >= PKO_WIDE;
    const uint32_t *below = addresses->below + first, *index = addresses->index + first,
                   *entity = addresses->entity + first;
    pko_wide_mask bound = whole ? load_all(below) : load(below, left), none = {0};
    pko_wide_mask c[4] = {whole ? load_all(index) : load(index, left),
                          whole ? load_all(entity) : load(entity, left), none + (int64_t)purpose_and_day,
                          none + (int64_t)stream.replicate};
    philox(c, stream.seed);
    /* A difference is negative where a word is below the bound; none is below 0, the bound past the last. */
    pko_wide_mask hit =
        ((c[0] & LOW) - bound) | ((c[1] & LOW) - bound) | ((c[2] & LOW) - bound) | ((c[3] & LOW) - bound);
    int64_t any = 0;
    size_t found = 0;
    for (int k = 0; k < PKO_WIDE; k++)
        any |= hit[k];
    for (uint32_t k = 0; any < 0 && k < PKO_WIDE; k++)
        if (hit[k] < 0)
            hits[found++] = (uint32_t)first + k;
    return found;
}

size_t PKO_CLONED(pko_draws_below)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                                   const struct pko_addresses *addresses, uint32_t *hits) {
    uint32_t purpose_and_day = (uint32_t)purpose << 16 | day;
    size_t found = 0, whole = addresses->count - addresses->count % PKO_WIDE;
    for (size_t first = 0; first < whole; first += PKO_WIDE)
        found += draw(stream, purpose_and_day, addresses, first, PKO_WIDE, hits + found);
    if (whole < addresses->count)
        found += draw(stream, purpose_and_day, addresses, whole, addresses->count - whole, hits + found);
    return found;
}
