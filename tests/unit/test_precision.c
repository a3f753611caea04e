/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "experiment/outcomes.h"
#include "experiment/precision.h"

Test(precision, looks_after_10_20_40_and_so_on) {
    const uint32_t due[] = {10, 20, 40, 80, 640, 10240}, not_due[] = {0, 1, 9, 11, 30, 60, 100, 641};
    for (size_t k = 0; k < sizeof due / sizeof *due; k++)
        cr_assert(pko_precision_look_due(due[k]), "%u", due[k]);
    for (size_t k = 0; k < sizeof not_due / sizeof *not_due; k++)
        cr_assert(!pko_precision_look_due(not_due[k]), "%u", not_due[k]);
}

/* Two regimes, two outcomes: `wide` times a pattern of ±1 about 10, the second regime 1 higher. */
static void fill(struct pko_twins_result *result, double wide, double shift_spread) {
    static char *names[] = {(char *)"access", (char *)"mine"};
    static struct pko_moments moments[4];
    static struct pko_pair_moments pairs[2];
    for (int k = 0; k < 4; k++)
        moments[k] = (struct pko_moments){0};
    pairs[0] = pairs[1] = (struct pko_pair_moments){0};
    for (int replicate = 0; replicate < 10; replicate++)
        for (int outcome = 0; outcome < 2; outcome++) {
            double first = 10.0 + wide * (replicate % 2 ? 1.0 : -1.0);
            double second = first + 1.0 + shift_spread * (replicate % 4 < 2 ? 1.0 : -1.0);
            pko_moments_add(&moments[outcome], first);
            pko_moments_add(&moments[2 + outcome], second);
            pko_pair_add(&pairs[outcome], first, second);
        }
    *result = (struct pko_twins_result){.regime_count = 2,
                                        .outcome_count = 2,
                                        .names = names,
                                        .replicates = 10,
                                        .moments = moments,
                                        .pairs = pairs};
}

Test(precision, is_enough_when_every_half_width_is_small) {
    struct pko_twins_result result;
    const char *names[] = {"mine"};
    struct pko_precision wanted = {0.1, names, 1};
    fill(&result, 1.0, 0.0); /* deviation 1.054, half-width 0.754 against 1.0 */
    struct pko_precision_look look = pko_precision_look(&wanted, &result);
    cr_assert(look.enough);
    cr_assert_str_eq(look.outcome, "mine");
    cr_assert_float_eq(look.half_width, 0.7541, 1e-3);
    cr_assert_float_eq(look.target, 1.0, 1e-9);
    wanted.precision = 0.07; /* 0.7 for the first regime */
    look = pko_precision_look(&wanted, &result);
    cr_assert(!look.enough && look.regime == 0 && !look.difference);
}

Test(precision, waits_for_the_difference_too) {
    struct pko_twins_result result;
    const char *names[] = {"mine"};
    struct pko_precision wanted = {0.05, names, 1};
    fill(&result, 0.1, 0.9); /* the twins' difference spreads, the first regime does not */
    struct pko_precision_look look = pko_precision_look(&wanted, &result);
    cr_assert(!look.enough && look.regime == 1);
}

Test(precision, takes_the_main_outcomes_when_none_is_named) {
    struct pko_twins_result result;
    struct pko_precision wanted = {0.01, NULL, 0};
    fill(&result, 1.0, 0.0);
    struct pko_precision_look look = pko_precision_look(&wanted, &result);
    cr_assert(!look.enough);
    cr_assert_str_eq(look.outcome, "access", "'mine' is no main outcome");
}

Test(precision, refuses_an_outcome_that_too_few_replicates_define) {
    struct pko_twins_result result;
    const char *names[] = {"mine"};
    struct pko_precision wanted = {10.0, names, 1};
    fill(&result, 0.0, 0.0);
    cr_assert(pko_precision_look(&wanted, &result).enough, "no spread is precise");
    result.moments[1] = (struct pko_moments){.count = 1, .mean = 10.0};
    cr_assert(!pko_precision_look(&wanted, &result).enough);
}
