/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Student's sleep data (1908) are the known numbers of a paired comparison: R's t.test(paired = TRUE) gives
 * the mean difference 1.58 with the interval 0.7001142 to 2.4598858, cor() 0.7951702. */
#include <criterion/criterion.h>
#include <math.h>

#include "experiment/outcomes.h"
#include "experiment/statistics.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static const double first_drug[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double second_drug[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static struct pko_moments moments_of(const double *values, size_t count) {
    struct pko_moments moments = {0};
    for (size_t k = 0; k < count; k++)
        pko_moments_add(&moments, values[k]);
    return moments;
}

static int near(double value, double expected, double tolerance) {
    return fabs(value - expected) <= tolerance;
}

Test(statistics, mean_and_interval_of_a_known_sample) {
    static const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    struct pko_moments moments = moments_of(values, LENGTH(values));
    struct pko_estimate estimate = pko_estimate(&moments);
    cr_assert_eq(estimate.count, 8);
    cr_assert(near(estimate.mean, 5.0, 1e-15));
    cr_assert(near(estimate.deviation, 2.13808993529939517, 1e-14));
    cr_assert(near(estimate.standard_error, 0.75592894601845445, 1e-14));
    /* t(0.975, 7) = 2.36462425159278 */
    cr_assert(near(estimate.high - estimate.mean, 2.36462425159278 * 0.75592894601845445, 1e-10));
    cr_assert(near(estimate.mean - estimate.low, estimate.high - estimate.mean, 1e-14));
}

Test(statistics, missing_values_are_left_out) {
    static const double values[] = {NAN, 2, 4, NAN, 6};
    struct pko_moments moments = moments_of(values, LENGTH(values));
    cr_assert_eq(moments.count, 3);
    cr_assert(near(moments.mean, 4.0, 1e-15));
    cr_assert(near(pko_moments_deviation(&moments), 2.0, 1e-15));
}

Test(statistics, few_values_give_what_they_can) {
    struct pko_moments none = {0}, one = {0}, equal = {0};
    pko_moments_add(&one, 3.0);
    for (int k = 0; k < 5; k++)
        pko_moments_add(&equal, 0.1);
    struct pko_estimate estimate = pko_estimate(&none);
    cr_assert(isnan(estimate.mean) && isnan(estimate.low) && isnan(estimate.tenth) && estimate.count == 0);
    estimate = pko_estimate(&one);
    cr_assert(estimate.mean == 3.0 && isnan(estimate.standard_error) && isnan(estimate.high));
    estimate = pko_estimate(&equal);
    cr_assert(estimate.mean == 0.1 && estimate.standard_error == 0.0 && estimate.low == 0.1,
              "no spread, exactly");
    cr_assert_eq(estimate.tenth, 2.0);
}

Test(statistics, deviation_survives_a_large_offset) {
    struct pko_moments moments = {0};
    for (int k = 0; k < 1000; k++)
        pko_moments_add(&moments, 1e9 + (k % 2));
    cr_assert(near(pko_moments_deviation(&moments), 0.5002501876563868, 1e-7));
}

Test(statistics, paired_difference_of_the_sleep_data) {
    struct pko_pair_moments pair = {0};
    for (size_t k = 0; k < LENGTH(first_drug); k++)
        pko_pair_add(&pair, first_drug[k], second_drug[k]);
    struct pko_difference difference = pko_difference(&pair);
    cr_assert_eq(difference.count, 10);
    cr_assert(near(difference.mean, 1.58, 1e-14));
    cr_assert(near(difference.low, 0.7001142, 5e-8));
    cr_assert(near(difference.high, 2.4598858, 5e-8));
    cr_assert(near(difference.correlation, 0.7951702, 5e-8));
    /* deviations 1.7890097 and 2.0022487: pooled 1.8986221 */
    cr_assert(
        near(difference.effect_size, 1.58 / sqrt((1.7890097 * 1.7890097 + 2.0022487 * 2.0022487) / 2), 1e-6));
}

Test(statistics, a_pair_is_left_out_if_either_side_is_missing) {
    struct pko_pair_moments pair = {0}, clean = {0};
    pko_pair_add(&pair, NAN, 1000.0);
    for (size_t k = 0; k < LENGTH(first_drug); k++) {
        pko_pair_add(&pair, first_drug[k], second_drug[k]);
        pko_pair_add(&clean, first_drug[k], second_drug[k]);
    }
    pko_pair_add(&pair, -1000.0, NAN);
    cr_assert_eq(pair.difference.count, 10);
    cr_assert_eq(pko_difference(&pair).correlation, pko_difference(&clean).correlation);
    cr_assert_eq(pko_difference(&pair).high, pko_difference(&clean).high);
}

Test(statistics, correlation_is_missing_without_spread_and_one_for_copies) {
    struct pko_pair_moments flat = {0}, copy = {0}, mirror = {0};
    for (size_t k = 0; k < LENGTH(first_drug); k++) {
        pko_pair_add(&flat, 2.0, second_drug[k]);
        pko_pair_add(&copy, first_drug[k], first_drug[k]);
        pko_pair_add(&mirror, first_drug[k], -first_drug[k]);
    }
    cr_assert(isnan(pko_difference(&flat).correlation));
    cr_assert(near(pko_difference(&copy).correlation, 1.0, 1e-15));
    cr_assert(near(pko_difference(&mirror).correlation, -1.0, 1e-15));
    cr_assert_eq(pko_difference(&copy).effect_size, 0.0);
    cr_assert(isinf(pko_difference(&copy).sign), "twins that never differ have no sign to settle");
}

Test(statistics, effect_of_a_difference_without_spread_is_infinite) {
    struct pko_pair_moments pair = {0};
    for (int k = 0; k < 4; k++)
        pko_pair_add(&pair, 1.0, 2.0);
    struct pko_difference difference = pko_difference(&pair);
    cr_assert(isinf(difference.effect_size) && difference.effect_size > 0);
    cr_assert_eq(difference.sign, 2.0);
}

Test(statistics, replicates_needed_are_the_smallest_that_do) {
    /* t(0.975, 5)/√6 = 1.0494, t(0.975, 6)/√7 = 0.9249 */
    cr_assert_eq(pko_replicates_needed(1.0, 1.0, 0), 7.0);
    for (double target = 2.0; target > 0.01; target *= 0.7) {
        double count = pko_replicates_needed(1.0, target, 0);
        cr_assert(pko_half_width(1.0, count) < target, "%g is not enough for %g", count, target);
        cr_assert(count == 2.0 || pko_half_width(1.0, count - 1.0) >= target, "%g is more than %g asks",
                  count, target);
    }
    /* with many, (1.959964/target)² */
    cr_assert(near(pko_replicates_needed(1.0, 1e-3, 0), 3841459.0, 20.0));
}

Test(statistics, replicates_needed_at_the_edges) {
    cr_assert(isinf(pko_replicates_needed(1.0, 0.0, 0)));
    cr_assert(isinf(pko_replicates_needed(0.0, 0.0, 0)));
    cr_assert_eq(pko_replicates_needed(0.0, 0.0, 1), 2.0);
    cr_assert_eq(pko_replicates_needed(0.0, 1.0, 0), 2.0);
    cr_assert(isnan(pko_replicates_needed(NAN, 1.0, 0)));
}

Test(statistics, a_tenth_of_the_mean) {
    static const double values[] = {9, 10, 11}; /* deviation 1, target 1 */
    struct pko_moments moments = moments_of(values, LENGTH(values)), centred = moments_of(first_drug, 2);
    cr_assert_eq(pko_estimate(&moments).tenth, 7.0);
    pko_moments_add(&centred, -(0.7 - 1.6));
    cr_assert(pko_estimate(&centred).tenth > 1e6, "a mean of about 0 has no tenth to speak of");
}

Test(statistics, main_outcomes_are_whole_rows) {
    size_t count = 0;
    const struct pko_outcome_info *info;
    for (; (info = pko_outcome_info(count)) != NULL; count++) {
        cr_assert(*info->name && *info->title && *info->block->title && *info->block->unit);
        cr_assert(info->smallest > 0.0);
        cr_assert_eq(pko_outcome_info_find(info->name), info, "%s stands twice", info->name);
        cr_assert_not(pko_outcome_verifies_only(info->name), "%s is no result", info->name);
        cr_assert(*pko_reduction_text(info->block->reduction));
    }
    cr_assert_geq(count, 40);
    cr_assert_null(pko_outcome_info_find("no such outcome"));
    cr_assert(pko_outcome_verifies_only("a of germany") && pko_outcome_verifies_only("b of jmac"));
    cr_assert_not(pko_outcome_verifies_only("access of germany"));
}

Test(statistics, smallest_effect_is_absolute_or_a_share) {
    const struct pko_outcome_info *deaths = pko_outcome_info_find("deaths/yr");
    const struct pko_outcome_info *access = pko_outcome_info_find("access");
    cr_assert(near(pko_smallest_effect(deaths, 20.0), 1.0, 1e-12));
    cr_assert(near(pko_smallest_effect(access, 20.0), 0.01, 1e-15));
}
