/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 of sixteen addresses at a time; the function of one address is in Random123 (base/philox.h).
 */
#include "base/draws.h"
#include "base/lanes.h"

#define SIXTEEN    16
#define MULTIPLY_0 0xD2511F53u
#define MULTIPLY_1 0xCD9E8D57u
#define KEY_STEP_0 0x9E3779B9u
#define KEY_STEP_1 0xBB67AE85u
#define ROUNDS     10

/* Low and high halves of x·m. */
PKO_LANE void multiply(pko_u32 x, uint32_t m, pko_u32 *high, pko_u32 *low) {
    pko_u64 even = ((pko_u64)x & 0xFFFFFFFFu) * (uint64_t)m, odd = ((pko_u64)x >> 32) * (uint64_t)m;
    *low = (pko_u32)((even & 0xFFFFFFFFu) | (odd << 32));
    *high = (pko_u32)((even >> 32) | (odd & UINT64_C(0xFFFFFFFF00000000)));
}

PKO_LANE void philox(pko_u32 c[4], uint64_t seed) {
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        pko_u32 high0, low0, high1, low1;
        multiply(c[0], MULTIPLY_0, &high0, &low0);
        multiply(c[2], MULTIPLY_1, &high1, &low1);
        c[0] = high1 ^ c[1] ^ key0;
        c[1] = low1;
        c[2] = high0 ^ c[3] ^ key1;
        c[3] = low0;
        key0 += KEY_STEP_0;
        key1 += KEY_STEP_1;
    }
}

/* Up to sixteen numbers; those that are not there are 0. */
PKO_LANE pko_u32 load(const uint32_t *at, size_t count) {
    pko_u32 value = {0};
    memcpy(&value, at, (count < SIXTEEN ? count : SIXTEEN) * sizeof *at);
    return value;
}

size_t PKO_CLONED(pko_draws_below)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                                   const struct pko_addresses *addresses, uint32_t *hits) {
    size_t found = 0;
    for (size_t first = 0; first < addresses->count; first += SIXTEEN) {
        size_t left = addresses->count - first;
        pko_u32 none = {0}, below = load(addresses->below + first, left);
        pko_u32 c[4] = {load(addresses->index + first, left), load(addresses->entity + first, left),
                        none + ((uint32_t)purpose << 16 | day), none + stream.replicate};
        philox(c, stream.seed);
        /* No word is below a bound of 0, so those that are not there are never hits. */
        pko_u32 hit = (pko_u32)((c[0] < below) | (c[1] < below) | (c[2] < below) | (c[3] < below));
        pko_u64 any = (pko_u64)hit;
        if (!(any[0] | any[1] | any[2] | any[3] | any[4] | any[5] | any[6] | any[7]))
            continue;
        for (uint32_t k = 0; k < SIXTEEN; k++)
            if (hit[k])
                hits[found++] = (uint32_t)first + k;
    }
    return found;
}
