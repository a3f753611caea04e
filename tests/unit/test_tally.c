/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "base/tally.h"

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
        double sum = pko_tally_tree(lane), expected = tree(lane);
        cr_assert_eq(memcmp(&sum, &expected, sizeof sum), 0, "%.17g, not %.17g", sum, expected);
        other_orders_differ += sum != forward && sum != pairs;
    }
    cr_expect_gt(other_orders_differ, 100, "this test could not tell another order");
}

/* Value k goes to lane k mod 16, whatever the count. */
Test(tally, lanes_by_place) {
    static float value[MOST];
    for (uint32_t k = 0; k < MOST; k++)
        value[k] = ldexpf((float)drawn(k), (int)(k * 11 % 60));
    for (size_t count = 0; count <= MOST; count += count < 70 ? 1 : 31) {
        double lane[PKO_LANES] = {0};
        for (size_t k = 0; k < count; k++)
            lane[k % 16] += (double)value[k];
        double sum = pko_tally(value, count), expected = tree(lane);
        cr_assert_eq(memcmp(&sum, &expected, sizeof sum), 0, "of %zu: %.17g, not %.17g", count, sum,
                     expected);
    }
}

/* In double: a float sum would stop growing. */
Test(tally, adds_in_double) {
    static float value[MOST];
    for (uint32_t k = 0; k < MOST; k++)
        value[k] = 0x1p-26f;
    value[0] = 1.0f;
    cr_expect_eq(pko_tally(value, MOST), 1.0 + (MOST - 1) * 0x1p-26);
    cr_expect_eq(pko_tally(value, 0), 0.0);
    cr_expect_eq(pko_tally(value, 1), 1.0);
}

/* What stands behind the last value is not read. */
Test(tally, reads_no_further_than_the_count) {
    static float value[64];
    for (int k = 0; k < 64; k++)
        value[k] = k < 21 ? 1.0f : NAN;
    cr_expect_eq(pko_tally(value, 21), 21.0);
}
