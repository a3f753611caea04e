/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "support/tally.h"
#include "model/mission.h"
#include "model/people_rows.h"
#include "support/clones.h"

#define MOST 1000

static double drawn(uint32_t index) {
    return pko_uniform(pko_draw((struct pko_stream){3, 0}, PKO_PURPOSE_EXPERIMENT, 0, 0, index), 0);
}

/* The tree written out, lane by lane. */
static double tree(const double *x) {
    return (((x[0] + x[8]) + (x[4] + x[12])) + ((x[2] + x[10]) + (x[6] + x[14]))) +
           (((x[1] + x[9]) + (x[5] + x[13])) + ((x[3] + x[11]) + (x[7] + x[15])));
}

Test(tally, tree_is_fixed) {
    /* Other orders mostly give other bits. */
    double lane[PKO_LANES];
    int other_orders_differ = 0;
    for (uint32_t k = 0; k < 200; k++) {
        double forward = 0, pairs = 0;
        for (uint32_t l = 0; l < PKO_LANES; l++)
            lane[l] = ldexp(drawn(16 * k + l) - 0.5, (int)(l * 7 % 5));
        for (int l = 0; l < PKO_LANES; l++)
            forward += lane[l];
        for (int l = 0; l < PKO_LANES; l += 2)
            pairs += lane[l] + lane[l + 1];
        double sum = test_tally_tree(lane), expected = tree(lane);
        cr_assert_eq(memcmp(&sum, &expected, sizeof sum), 0, "%.17g, not %.17g", sum, expected);
        other_orders_differ += sum != forward && sum != pairs;
    }
    cr_expect_gt(other_orders_differ, 100, "this test could not tell another order");
}

/* Sums over the members of a layer, each state's being that of `value`. */
static struct pko_member_sums sum_of(enum pko_level level, const float *value, const uint8_t *traits,
                                     size_t count) {
    const struct pko_members members = {{value, value, value, value, value}, traits};
    struct pko_member_sums sums;
    PKO_CHOOSE(level, pko_sum_members)(&members, count, &sums);
    for (int state = 1; state < PKO_MEMBER_STATES; state++)
        cr_assert_eq(memcmp(&sums.state[state], &sums.state[0], sizeof sums.state[0]), 0);
    return sums;
}

/* Value k goes to lane k mod 16, whatever the count. */
Test(tally, lanes_by_place) {
    static float value[MOST + PKO_PEOPLE_PAD];
    static uint8_t traits[MOST + PKO_PEOPLE_PAD];
    for (uint32_t k = 0; k < MOST; k++) {
        value[k] = ldexpf((float)drawn(k), (int)(k * 11 % 60));
        traits[k] = (uint8_t)(drawn(MOST + k) * 16.0);
    }
    for (size_t count = 0; count <= MOST; count += count < 70 ? 1 : 31) {
        double lane[PKO_LANES] = {0};
        uint32_t background = 0, women = 0;
        for (size_t k = 0; k < count; k++) {
            lane[k % 16] += (double)value[k];
            background += (traits[k] & PKO_TRAIT_BACKGROUND) != 0;
            women += (traits[k] & PKO_TRAIT_WOMAN) != 0;
        }
        FOR_EACH_CLONE(level, clone) {
            struct pko_member_sums sums = sum_of((enum pko_level)level, value, traits, count);
            double expected = tree(lane);
            cr_assert_eq(memcmp(&sums.state[0], &expected, sizeof expected), 0, "%s of %zu: %.17g, not %.17g",
                         clone, count, sums.state[0], expected);
            cr_assert(sums.background == background && sums.women == women, "%s of %zu", clone, count);
        }
    }
}

/* In double: a float sum would stop growing. */
Test(tally, adds_in_double) {
    static float value[MOST + PKO_PEOPLE_PAD];
    static uint8_t traits[MOST + PKO_PEOPLE_PAD];
    for (uint32_t k = 0; k < MOST; k++)
        value[k] = 0x1p-26f;
    value[0] = 1.0f;
    FOR_EACH_CLONE(level, clone) {
        cr_expect_eq(sum_of((enum pko_level)level, value, traits, MOST).state[0], 1.0 + (MOST - 1) * 0x1p-26,
                     "%s", clone);
        cr_expect_eq(sum_of((enum pko_level)level, value, traits, 0).state[0], 0.0, "%s", clone);
        cr_expect_eq(sum_of((enum pko_level)level, value, traits, 1).state[0], 1.0, "%s", clone);
    }
}

/* What stands behind the last value does not count. */
Test(tally, counts_no_further_than_the_count) {
    static float value[MOST];
    static uint8_t traits[MOST];
    for (int k = 0; k < MOST; k++) {
        value[k] = k < 21 ? 1.0f : NAN;
        traits[k] = PKO_TRAIT_WOMAN;
    }
    FOR_EACH_CLONE(level, clone) {
        struct pko_member_sums sums = sum_of((enum pko_level)level, value, traits, 21);
        cr_expect(sums.state[0] == 21.0 && sums.women == 21, "%s", clone);
    }
}
