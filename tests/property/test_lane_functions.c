/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of many numbers at once, for every instruction set, against those of one. */
#include "support/clones.h"

#include <math.h>

#include "base/real.h"
#include "base/reals.h"
#include "base/tally.h"
#include "process/operations_rows.h"

#define MOST 1000

/* Numbers of every size and sign, and the edges at which formulas change. */
static double any_number(struct dice *dice) {
    static const double edges[] = {0.0,    -0.0,   1.0,     -1.0,    745.0,    -745.0,   746.0,     -746.0,
                                   -746.5, 746.5,  -745.13, 0x1p-60, -0x1p-60, INFINITY, -INFINITY, NAN,
                                   1e300,  -1e300, 40.0,    -40.0,   0.5,      -0.5,     0x1p-1074, -708.4};
    uint32_t kind = up_to(dice, 9);
    if (kind == 0)
        return edges[up_to(dice, sizeof edges / sizeof *edges - 1)];
    double size = kind < 6 ? some(dice, 4.0) : kind < 9 ? some(dice, 50.0) : some(dice, 800.0);
    return up_to(dice, 1) ? size : -size;
}

Test(lane_functions, logistics_have_the_bits_of_one) {
    struct dice dice = {31};
    double x[MOST], found[MOST + 1], expected[MOST];
    for (int run = 0; run < 400; run++) {
        size_t count = up_to(&dice, run < 40 ? 20 : MOST);
        for (size_t k = 0; k < count; k++) {
            x[k] = any_number(&dice);
            expected[k] = pko_logistic(x[k]);
        }
        FOR_EACH_CLONE(level, clone) {
            found[count] = 7.0;
            PKO_CHOOSE((enum pko_level)level, pko_logistics)(x, found, count);
            for (size_t k = 0; k < count; k++)
                cr_assert_eq(memcmp(&found[k], &expected[k], 8), 0, "%s: logistic of %a is %a, not %a", clone,
                             x[k], found[k], expected[k]);
            cr_assert_eq(found[count], 7.0, "%s writes past the last", clone);
            memcpy(found, x, count * sizeof *x);
            PKO_CHOOSE((enum pko_level)level, pko_logistics)(found, found, count);
            expect_same_bits(clone, found, expected, count * sizeof *found);
        }
    }
}

Test(lane_functions, resistance_by_hearing_has_the_bits_of_sums_in_lanes) {
    struct dice dice = {37};
    static float resistance[MOST + PKO_PEOPLE_PAD];
    static uint8_t traits[MOST + PKO_PEOPLE_PAD];
    for (int run = 0; run < 300; run++) {
        size_t count = up_to(&dice, run < 100 ? 40 : MOST);
        double lane[PKO_HEARINGS][PKO_LANES] = {{0}}, found[PKO_HEARINGS], expected[PKO_HEARINGS];
        for (size_t k = 0; k < MOST + PKO_PEOPLE_PAD; k++) {
            resistance[k] = (float)some(&dice, 1.0);
            traits[k] = (uint8_t)up_to(&dice, 15);
        }
        for (size_t k = 0; k < count; k++) {
            enum pko_hearing heard = traits[k] & PKO_TRAIT_BACKGROUND ? PKO_HEARD_BACKGROUND
                                     : traits[k] & PKO_TRAIT_WOMAN    ? PKO_HEARD_WOMAN
                                                                      : PKO_HEARD_MAN;
            lane[heard][k % PKO_LANES] += (double)resistance[k];
        }
        for (int heard = 0; heard < PKO_HEARINGS; heard++)
            expected[heard] = pko_tally_tree(lane[heard]);
        FOR_EACH_CLONE(level, clone) {
            PKO_CHOOSE((enum pko_level)level, pko_resistance_by_hearing)(resistance, traits, count, found);
            expect_same_bits(clone, found, expected, sizeof found);
        }
    }
}
