/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>

#include "experiment/shapley.h"

/* Reproducible numbers in [−1, 1) without a generator of their own. */
static double scramble(size_t k) {
    double x = sin((double)(k + 1) * 12.9898) * 43758.5453;
    return 2.0 * (x - floor(x)) - 1.0;
}

/* One left glove and two right ones: a pair is worth 1. Shapley (1953): 2/3, 1/6, 1/6. */
Test(shapley, gloves) {
    double worth[8], value[3];
    for (size_t set = 0; set < 8; set++)
        worth[set] = (set & 1u) && (set & 6u) ? 1.0 : 0.0;
    pko_shapley(3, worth, value);
    cr_assert_float_eq(value[0], 2.0 / 3.0, 1e-15);
    cr_assert_float_eq(value[1], 1.0 / 6.0, 1e-15);
    cr_assert_float_eq(value[2], 1.0 / 6.0, 1e-15);
}

/* Every order of the players, one by one. */
static void by_orders(size_t players, const double *worth, double *sum, size_t set, double *orders) {
    if (set + 1 == (size_t)1 << players) {
        *orders += 1.0;
        return;
    }
    for (size_t player = 0; player < players; player++) {
        size_t with = set | (size_t)1 << player;
        if (with == set)
            continue;
        double before = *orders;
        by_orders(players, worth, sum, with, orders);
        sum[player] += (*orders - before) * (worth[with] - worth[set]);
    }
}

Test(shapley, is_the_mean_over_all_orders_and_adds_up) {
    for (size_t players = 1; players <= 8; players++) {
        double worth[256], value[8], sum[8] = {0}, orders = 0.0, total = 0.0;
        for (size_t set = 0; set < (size_t)1 << players; set++)
            worth[set] = 100.0 * scramble(set + 1000 * players);
        pko_shapley(players, worth, value);
        /* an order's part is counted once for each way on from it */
        by_orders(players, worth, sum, 0, &orders);
        for (size_t k = 0; k < players; k++) {
            total += value[k];
            cr_assert_float_eq(value[k], sum[k] / orders, 1e-11);
        }
        cr_assert_float_eq(total, worth[((size_t)1 << players) - 1] - worth[0], 1e-11);
    }
}

Test(shapley, a_player_who_adds_nothing_gets_nothing) {
    double worth[32], value[5];
    for (size_t set = 0; set < 32; set++)
        worth[set] = scramble(set & ~(size_t)4);
    pko_shapley(5, worth, value);
    cr_assert(value[2] == 0.0 && value[0] != 0.0);
    worth[9] = NAN;
    pko_shapley(5, worth, value);
    cr_assert(isnan(value[0]) && isnan(value[2]));
}

Test(shapley, rounded_values_add_up) {
    const double three[] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    double rounded[8];
    pko_round_to_total(3, three, 1.0, 2, rounded);
    cr_assert_float_eq(rounded[0] + rounded[1] + rounded[2], 1.0, 1e-12);
    cr_assert_float_eq(rounded[0], 0.34, 1e-12); /* .33, .33, .33 lack a hundredth */
    int mended = 0;
    for (size_t trial = 0; trial < 200; trial++) {
        double value[8], total = 0.0, plain = 0.0, sum = 0.0;
        for (size_t k = 0; k < 8; k++)
            total += value[k] = scramble(8 * trial + k);
        pko_round_to_total(8, value, total, 3, rounded);
        for (size_t k = 0; k < 8; k++) {
            sum += nearbyint(rounded[k] * 1e3);
            plain += nearbyint(value[k] * 1e3);
            cr_assert_lt(fabs(rounded[k] - value[k]), 1.0000001e-3);
        }
        cr_assert_eq(sum, nearbyint(total * 1e3));
        mended += sum != plain;
    }
    cr_assert_gt(mended, 20, "plain rounding was hardly ever off: the trials show nothing");
}
