/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 of as many addresses at a time as there are lanes of 64 bits, each word in the low half of a
 * lane: that spares taking the halves of products together in every round. What gathers in the high halves is
 * of no account. The function of one address is in Random123 (base/philox.h). */
#ifndef PKO_BASE_PHILOX_LANES_H
#define PKO_BASE_PHILOX_LANES_H

#include "base/doubles.h"

#define PKO_PHILOX_ROUNDS 10

/* The two words of a round's key; that of the first round is the seed. */
struct pko_philox_key {
    uint32_t one, other;
};

PKO_EACH struct pko_philox_key pko_philox_key(uint64_t seed) {
    return (struct pko_philox_key){(uint32_t)seed, (uint32_t)(seed >> 32)};
}
PKO_EACH struct pko_philox_key pko_philox_next(struct pko_philox_key key) {
    return (struct pko_philox_key){key.one + 0x9E3779B9u, key.other + 0xBB67AE85u};
}

/* The products of the low halves. */
PKO_EACH pko_wide_mask pko_philox_product(pko_wide_mask x, uint32_t m) {
#if PKO_WIDE == 8
    return (pko_wide_mask)_mm512_mul_epu32((__m512i)x, _mm512_set1_epi64((int64_t)m));
#elif PKO_WIDE == 4
    return (pko_wide_mask)_mm256_mul_epu32((__m256i)x, _mm256_set1_epi64x((int64_t)m));
#elif defined __SSE2__
    return (pko_wide_mask)_mm_mul_epu32((__m128i)x, _mm_set1_epi64x((int64_t)m));
#else
    return (pko_wide_mask)(((pko_wide_bits)x & UINT32_MAX) * (uint64_t)m);
#endif
}

/* The upper half of a product, and two words more, in exclusive or. */
PKO_EACH pko_wide_mask pko_philox_mix(pko_wide_mask product, pko_wide_mask word, uint32_t key) {
    pko_wide_mask keys = (pko_wide_mask){0} + (int64_t)key;
    pko_wide_mask high = (pko_wide_mask)((pko_wide_bits)product >> 32);
    return high ^ word ^ keys;
}

/* One round of the four words of an address. A round waits for the one before it, so a processor is only busy
 * when the rounds of several addresses take turns. */
PKO_EACH void pko_philox_round(pko_wide_mask word[4], struct pko_philox_key key) {
    pko_wide_mask one = pko_philox_product(word[0], 0xD2511F53u),
                  other = pko_philox_product(word[2], 0xCD9E8D57u);
    word[0] = pko_philox_mix(other, word[1], key.one);
    word[1] = other;
    word[2] = pko_philox_mix(one, word[3], key.other);
    word[3] = one;
}

#endif
