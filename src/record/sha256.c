/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/sha256.h"

#include <string.h>

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t word, int bits) {
    return (word >> bits) | (word << (32 - bits));
}

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

/* Mixes one block of 64 bytes into the state (FIPS 180-4, 6.2.2). */
static void mix(uint32_t state[8], const unsigned char block[64]) {
    uint32_t w[64];
    for (int t = 0; t < 16; t++)
        w[t] = big_endian(block + 4 * t);
    for (int t = 16; t < 64; t++) {
        uint32_t early = turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ (w[t - 15] >> 3);
        uint32_t late = turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ (w[t - 2] >> 10);
        w[t] = w[t - 16] + early + w[t - 7] + late;
    }
    /* One of the eight words is replaced a round; which one it is turns, so that none has to move. */
    uint32_t s[8];
    memcpy(s, state, sizeof s);
    for (int t = 0; t < 64; t += 8)
        for (int r = 0; r < 8; r++) {
            uint32_t a = s[-r & 7], b = s[(1 - r) & 7], c = s[(2 - r) & 7];
            uint32_t e = s[(4 - r) & 7], f = s[(5 - r) & 7], g = s[(6 - r) & 7];
            uint32_t one = s[(7 - r) & 7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) +
                           constants[t + r] + w[t + r];
            s[(3 - r) & 7] += one;
            s[(7 - r) & 7] = one + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        }
    for (int k = 0; k < 8; k++)
        state[k] += s[k];
}

void pko_sha256_init(struct pko_sha256 *hash) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
}

void pko_sha256_add(struct pko_sha256 *hash, const void *data, size_t size) {
    const unsigned char *bytes = data;
    size_t kept = hash->length % 64;
    hash->length += size;
    if (kept > 0) {
        size_t taken = size < 64 - kept ? size : 64 - kept;
        if (taken > 0)
            memcpy(hash->block + kept, bytes, taken);
        if (kept + taken < 64)
            return;
        mix(hash->state, hash->block);
        bytes += taken;
        size -= taken;
    }
    for (; size >= 64; bytes += 64, size -= 64)
        mix(hash->state, bytes);
    if (size > 0)
        memcpy(hash->block, bytes, size);
}

void pko_sha256_end(struct pko_sha256 *hash, char text[PKO_SHA256_TEXT]) {
    static const unsigned char padding[64] = {0x80};
    uint64_t bits = hash->length * 8;
    size_t kept = hash->length % 64;
    pko_sha256_add(hash, padding, kept < 56 ? 56 - kept : 120 - kept);
    unsigned char length[8];
    for (int k = 0; k < 8; k++)
        length[k] = (unsigned char)(bits >> (56 - 8 * k));
    pko_sha256_add(hash, length, sizeof length);
    for (int k = 0; k < 64; k++)
        text[k] = "0123456789abcdef"[hash->state[k / 8] >> (28 - 4 * (k % 8)) & 15];
    text[64] = 0;
}

void pko_sha256_of(const void *data, size_t size, char text[PKO_SHA256_TEXT]) {
    struct pko_sha256 hash;
    pko_sha256_init(&hash);
    pko_sha256_add(&hash, data, size);
    pko_sha256_end(&hash, text);
}
