/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests that hold a loop compiled for several instruction sets against its plain version: numbers at
 * random, and the levels that this machine has. */
#ifndef TESTS_SUPPORT_CLONES_H
#define TESTS_SUPPORT_CLONES_H

#include <criterion/criterion.h>

#include <stdint.h>
#include <string.h>

#include "base/clones.h"

struct dice {
    uint64_t state;
};
static inline uint64_t roll(struct dice *dice) {
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}
/* A whole number in [0, most]. */
static inline uint32_t up_to(struct dice *dice, uint32_t most) {
    return (uint32_t)(roll(dice) % ((uint64_t)most + 1));
}
/* A number in [0, most], now and then one of the ends. */
static inline double some(struct dice *dice, double most) {
    uint32_t kind = up_to(dice, 15);
    return kind == 0 ? 0.0 : kind == 1 ? most : most * (double)(roll(dice) >> 11) * 0x1p-53;
}

/* Runs the statement for each level that the machine has, `level` and `clone` being its number and name; at
 * least the generic one. */
static const char *const clone_names[] = {"generic", "v3", "v4"};
#define FOR_EACH_CLONE(level, clone)                                                                         \
    for (int level = PKO_LEVEL_GENERIC; level <= PKO_LEVEL_V4; level++)                                      \
        for (const char *clone = clone_names[level]; clone && pko_level_of(clone) == (enum pko_level)level;  \
             clone = NULL)

#define expect_same_bits(clone, found, expected, size)                                                       \
    cr_assert_eq(memcmp(found, expected, size), 0, "%s gives other bits", clone)

#endif
