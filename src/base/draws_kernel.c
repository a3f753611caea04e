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

/* The words of the addresses from `first` on, as many as there are lanes or are left. */
PKO_EACH void draw(struct pko_stream stream, uint32_t purpose_and_day, const struct pko_addresses *addresses,
                   size_t first, pko_wide_mask word[4]) {
    size_t left = addresses->count - first;
    bool whole = left >= PKO_WIDE;
    const uint32_t *entity = addresses->entity + first;
    pko_wide_mask none = {0}, index = none;
    if (addresses->index)
        index = whole ? load_all(addresses->index + first) : load(addresses->index + first, left);
    word[0] = index;
    word[1] = whole ? load_all(entity) : load(entity, left);
    word[2] = none + (int64_t)purpose_and_day;
    word[3] = none + (int64_t)stream.replicate;
    philox(word, stream.seed);
    for (int k = 0; k < 4; k++)
        word[k] &= LOW;
}

static uint32_t joined(enum pko_purpose purpose, uint32_t day) {
    return (uint32_t)purpose << 16 | day;
}

void PKO_CLONED(pko_draws)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                           const struct pko_addresses *addresses, uint32_t *const word[4]) {
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        size_t left = addresses->count - first;
        pko_wide_mask wide[4];
        draw(stream, joined(purpose, day), addresses, first, wide);
        for (int k = 0; k < 4; k++) {
            pko_wide_whole narrow = __builtin_convertvector(wide[k], pko_wide_whole);
            memcpy(word[k] + first, &narrow, (left < PKO_WIDE ? left : PKO_WIDE) * sizeof *word[k]);
        }
    }
}

void PKO_CLONED(pko_uniforms)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                              const struct pko_addresses *addresses, double *u) {
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        size_t left = addresses->count - first;
        pko_wide_mask word[4];
        draw(stream, joined(purpose, day), addresses, first, word);
        /* 52 bits below the exponent of 2^52 are that whole number more. */
        pko_wide_mask bits = word[0] << 20 | word[1] >> 12 | INT64_C(0x4330000000000000);
        pko_wide uniform = (((pko_wide)bits - 0x1p52) + 0.5) * 0x1p-52;
        if (left >= PKO_WIDE)
            pko_wide_store(u + first, uniform);
        else
            memcpy(u + first, &uniform, left * sizeof *u);
    }
}

/* The hits among the addresses from `first` on. */
PKO_EACH size_t hits_of(const pko_wide_mask word[4], const uint32_t *below, size_t first, size_t left,
                        uint32_t *hits) {
    pko_wide_mask bound = left >= PKO_WIDE ? load_all(below + first) : load(below + first, left);
    /* A difference is negative where a word is below the bound; none is below 0, the bound past the last. */
    pko_wide_mask hit = (word[0] - bound) | (word[1] - bound) | (word[2] - bound) | (word[3] - bound);
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
                                   const struct pko_addresses *addresses, const uint32_t *below,
                                   uint32_t *hits) {
    size_t found = 0;
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        pko_wide_mask word[4];
        draw(stream, joined(purpose, day), addresses, first, word);
        found += hits_of(word, below, first, addresses->count - first, hits + found);
    }
    return found;
}
