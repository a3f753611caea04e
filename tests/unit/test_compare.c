/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Differences of independent samples; the expected numbers are those of R 4.2.2, t.test(second, first). */
#include <criterion/criterion.h>

#include <math.h>

#include "experiment/statistics.h"

static struct pko_moments moments_of(const double *values, size_t count) {
    struct pko_moments moments = {0};
    for (size_t k = 0; k < count; k++)
        pko_moments_add(&moments, values[k]);
    return moments;
}

static bool near(double one, double other) {
    return fabs(one - other) <= 1e-12 * (1.0 + fabs(other));
}

Test(compare, welch_is_that_of_r) {
    const double a[] = {1, 2.5, 3, 4, 7.25}, b[] = {2, 8, 9, 4.5, 6, 11, 3};
    struct pko_moments first = moments_of(a, 5), second = moments_of(b, 7);
    struct pko_difference difference = pko_difference_unpaired(&first, &second);
    cr_assert(near(difference.low, -0.95358509383081802) && near(difference.high, 6.28215652240224731));
    cr_assert(near(difference.standard_error, 1.62355115944861406));
    cr_assert(difference.count == 5 && isnan(difference.correlation));
    double pooled = sqrt((first.squares / 4 + second.squares / 6) / 2);
    cr_assert(near(difference.effect_size, difference.mean / pooled));
}

/* With `sign` values a side, of the same means and deviations, the interval is clear of 0; with one less not.
 */
Test(compare, sign_is_the_fewest_replicates) {
    const double a[] = {1, 2.5, 3, 4, 7.25}, b[] = {2, 8, 9, 4.5, 6, 11, 3};
    struct pko_moments first = moments_of(a, 5), second = moments_of(b, 7);
    double variances[2] = {first.squares / 4, second.squares / 6};
    double sign = pko_difference_unpaired(&first, &second).sign;
    cr_assert(sign > 2 && sign < 100 && floor(sign) == sign);
    for (int less = 0; less < 2; less++) {
        uint64_t count = (uint64_t)sign - (uint64_t)less;
        struct pko_moments one = {count, first.mean, variances[0] * (double)(count - 1)};
        struct pko_moments other = {count, second.mean, variances[1] * (double)(count - 1)};
        cr_assert((pko_difference_unpaired(&one, &other).low > 0) == (less == 0));
    }
}

Test(compare, samples_without_an_interval) {
    const double a[] = {1, 2}, constant[] = {4, 4, 4};
    struct pko_moments none = {0}, single = moments_of(a, 1), two = moments_of(a, 2),
                       same = moments_of(constant, 3);
    struct pko_difference difference = pko_difference_unpaired(&none, &two);
    cr_assert(isnan(difference.mean) && isnan(difference.low) && isnan(difference.sign));
    difference = pko_difference_unpaired(&single, &two);
    cr_assert(difference.mean > 0 && isnan(difference.low) && isnan(difference.effect_size));
    difference = pko_difference_unpaired(&same, &same);
    cr_assert(difference.mean == 0 && difference.low == 0 && difference.high == 0 &&
              difference.effect_size == 0);
    difference = pko_difference_unpaired(&two, &same);
    cr_assert(difference.mean > 0 && difference.high - difference.low > 0 && difference.sign >= 2);
}
