/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One hash over the results of base/real at ten million arguments. Every compiler, level of optimization,
 * instruction set and C library must print the same one: that is the numeric contract. The program needs
 * nothing but src/base/real.c, so it can be built with any flags:
 *
 *     cc -O1 -ffp-contract=off -Iinclude -Isrc tests/property/real_golden.c src/base/real.c -lm && ./a.out
 *
 * A change of base/real that changes a bit changes every result of the model: the constant below then changes
 * with it, and CHANGELOG.md says so. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/real.h"

#define GOLDEN UINT64_C(0xfdc6d95bb869fc1c)

#define ARGUMENTS_UNARY 1250000 /* for each of the six functions of one argument */
#define ARGUMENTS_POWER 2500000

/* Arguments come from whole numbers alone, so they are themselves free of rounding and of any library
 * (splitmix64). */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Uniform in [0, 1), 53 bits. */
static double uniform(uint64_t *state) {
    return (double)(next(state) >> 11) * 0x1p-53;
}

/* Any sign, any significand, an exponent in [least, least + count). */
static double wide(uint64_t *state, int least, unsigned count) {
    uint64_t bits = next(state), exponent = (uint64_t)((int64_t)(next(state) % count) + least + 1023);
    return from_bits((bits & UINT64_C(0x800fffffffffffff)) | exponent << 52);
}

/* Special values and the edges at which a function changes its way. */
static double edge(uint64_t *state) {
    static const double edges[] = {0.0,
                                   1.0,
                                   0.5,
                                   0x1.6a09e667f3bcdp+0,
                                   0x1.62e42fefa39efp-2,
                                   0.075,
                                   0.925,
                                   0x1p-54,
                                   0x1p-1022,
                                   0x1p-1074,
                                   0x1.fffffffffffffp1023,
                                   40.0,
                                   709.7827128933840,
                                   745.1332191019411,
                                   710.0,
                                   746.0,
                                   0x1p53,
                                   0x1p64,
                                   0x1.2bec333018867p-2};
    uint64_t bits;
    memcpy(&bits, &edges[next(state) % (sizeof edges / sizeof edges[0])], sizeof bits);
    bits += next(state) % 9;
    if (bits >= 4)
        bits -= 4;
    return from_bits(bits ^ (next(state) & UINT64_C(1) << 63));
}

/* The i-th argument of a function that is used on [from, to]: by turns from that range, of any magnitude that
 * matters, any double at all (subnormal, infinite and NaN too), and edges. */
static double argument(uint64_t *state, unsigned i, double from, double to) {
    switch (i & 7) {
    case 0:
        return from_bits(next(state));
    case 1:
        return edge(state);
    case 2:
    case 3:
        return wide(state, -60, 71);
    default:
        return from + (to - from) * uniform(state);
    }
}

static uint64_t mix_bits(uint64_t hash, uint64_t bits) {
    hash = (hash ^ bits) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static uint64_t mix(uint64_t hash, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return mix_bits(hash, bits);
}

static const struct {
    const char *name;
    double (*function)(double);
    double from, to;
} UNARY[] = {
    {"exp", pko_exp, -746.0, 710.0},
    {"expm1", pko_expm1, -3.0, 3.0},
    {"log", pko_log, 0.0, 4.0},
    {"log1p", pko_log1p, -1.0, 3.0},
    {"logistic", pko_logistic, -40.0, 40.0},
    {"normal quantile", pko_normal_quantile, 0.0, 1.0},
};

int main(void) {
    uint64_t all = UINT64_C(0xcbf29ce484222325);
    for (size_t k = 0; k < sizeof UNARY / sizeof UNARY[0]; k++) {
        uint64_t state = k + 1, hash = 0;
        for (unsigned i = 0; i < ARGUMENTS_UNARY; i++)
            hash = mix(hash, UNARY[k].function(argument(&state, i, UNARY[k].from, UNARY[k].to)));
        printf("%-16s %016" PRIx64 "\n", UNARY[k].name, hash);
        all = mix_bits(all, hash);
    }
    uint64_t state = 100, hash = 0;
    for (unsigned i = 0; i < ARGUMENTS_POWER; i++) {
        double base = argument(&state, i, 0.0, 3.0);
        double exponent = argument(&state, i >> 3, -6.0, 6.0);
        hash = mix(hash, pko_pow(base, exponent));
    }
    printf("%-16s %016" PRIx64 "\n", "pow", hash);
    all = mix_bits(all, hash);
    printf("%-16s %016" PRIx64 "\n", "all", all);
    if (all != GOLDEN)
        printf("expected         %016" PRIx64 "\n", GOLDEN);
    return all != GOLDEN;
}
