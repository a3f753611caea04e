/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of outcomes over replicates: means with Student's 95 % intervals, differences of twins (pairs of
 * runs that share their random numbers), and how many replicates a question needs. Everything is computed
 * from running moments, so that memory does not grow with the number of replicates. A missing value is NaN
 * and is left out; of a pair, both values are left out if either is missing. */
#ifndef PKO_EXPERIMENT_STATISTICS_H
#define PKO_EXPERIMENT_STATISTICS_H

#include <stdint.h>

/* Count, mean and sum of squared deviations from the mean (Welford 1962) of the values added so far. All zero
 * is an empty sample. */
struct pko_moments {
    uint64_t count;
    double mean, squares;
};

/* Moments of pairs of twins: of both sides, of the difference second − first, and the sum of products of the
 * two sides' deviations. All zero is an empty sample. The difference has moments of its own because
 * subtracting those of the sides would cancel when twins are alike. */
struct pko_pair_moments {
    struct pko_moments first, second, difference;
    double product;
};

/* The mean of a sample. */
struct pko_estimate {
    uint64_t count;        /* values that are not missing */
    double mean;           /* NaN without a value */
    double deviation;      /* standard deviation with n − 1; NaN below two values */
    double standard_error; /* deviation over √n */
    double low, high;      /* 95 % interval by Student's t; NaN below two values */
    double tenth; /* replicates at which the half-width is at most 10 % of |mean|: a whole number ≥ 2,
                     INFINITY if none is (mean 0 with spread), NaN below two values */
};

/* The paired difference of two regimes, second − first. */
struct pko_difference {
    uint64_t count;        /* pairs with both values */
    double mean;           /* NaN without a pair */
    double standard_error; /* of the paired difference; NaN below two pairs */
    double low, high;      /* its 95 % interval by Student's t */
    double correlation;    /* of the twins, over the pairs; NaN if either side has no spread */
    double effect_size; /* mean over the pooled deviation √((s₁²+s₂²)/2); 0 if both are 0, infinite if only
                           the deviation is, NaN below two pairs */
    double sign; /* replicates at which the half-width is below |mean|: a whole number ≥ 2, INFINITY if none
                    is (difference 0), NaN below two pairs */
};

/* Adds a value; NaN is ignored. */
void pko_moments_add(struct pko_moments *moments, double value);
/* Adds a pair of twins; ignored if either is NaN. */
void pko_pair_add(struct pko_pair_moments *pair, double first, double second);
/* Standard deviation with n − 1; NaN below two values. */
double pko_moments_deviation(const struct pko_moments *moments);
/* Half-width of the 95 % interval of a mean: t(0.975, count − 1)·deviation/√count; NaN below two values. */
double pko_half_width(double deviation, double count);
/* Smallest whole number of replicates, at least 2, at which the half-width is below `target` (at most
 * `target` if `closed`), the deviation being what was measured; INFINITY if 10^12 are not enough. */
double pko_replicates_needed(double deviation, double target, int closed);

struct pko_estimate pko_estimate(const struct pko_moments *moments);
struct pko_difference pko_difference(const struct pko_pair_moments *pair);
/* The difference of two independent samples, second − first, with the interval of Welch (1947): t at the
 * degrees of freedom of Welch and Satterthwaite. `count` is the smaller one of the two, `correlation` is NaN;
 * `sign` is replicates of each sample. NaN as above, below two values on either side. */
struct pko_difference pko_difference_unpaired(const struct pko_moments *first,
                                              const struct pko_moments *second);

#endif
