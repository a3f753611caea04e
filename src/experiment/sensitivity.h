/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity of an outcome to parameters, from the values of runs at the points of a design
 * (experiment/design.h). A pure function of its arguments; bootstrap samples are drawn at addresses.
 *
 * Replicates are twins over points: replicate number r has the same random numbers at every point. So the
 * values split into what the parameters do, what the luck of a replicate does everywhere alike, and what is
 * left, which the mean over R replicates has a part of: the noise of a point. It is measured and, where it
 * would inflate an index (variances, squares), taken out.
 *
 * morris           mu, mu_star, sigma: mean, mean absolute value and standard deviation of the elementary
 *                  effects (Morris 1991, Campolongo et al. 2007), in units of the outcome over the whole
 * range of the parameter; noise: what the standard deviation would be by replicates alone. sobol first: share
 * of variance that knowing the parameter alone would take away (Saltelli et al. 2010); total: share that is
 * left when all others are known (Jansen 1999). latin_hypercube  spearman: rank correlation; partial: the
 * same with the other parameters held fixed.
 *
 * GSL's error handler must be off: a sample of few points may have no partial correlations, which are then
 * missing.
 *
 * Intervals are percentiles (2.5 and 97.5) of bootstrap samples of whole trajectories, rows or points. */
#ifndef PKO_EXPERIMENT_SENSITIVITY_H
#define PKO_EXPERIMENT_SENSITIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/campaign.h"

#define PKO_SENSITIVITY_SAMPLES 200 /* bootstrap samples */

struct pko_sensitivity_input {
    enum pko_design_kind kind;          /* one of the three */
    size_t points, replicates, factors; /* ≥ 1 */
    /* [point][factor]. morris: coordinates in the unit cube, as pko_design_lay gives them; latin_hypercube:
     * these or the values; sobol: not looked at, may be NULL. */
    const double *design;
    const double *values; /* [point][replicate]; NaN: the run failed, or does not define the outcome */
    uint64_t seed;        /* of the bootstrap */
};

struct pko_index {
    double value, low, high; /* NaN where missing */
};

/* Of one factor; indices that the design does not give are NaN. */
struct pko_factor_indices {
    struct pko_index mu, mu_star, sigma;
    double noise; /* of an elementary effect; NaN with one replicate */
    struct pko_index first, total;
    struct pko_index spearman, partial;
};

struct pko_sensitivity {
    size_t factors;
    struct pko_factor_indices *indices; /* [factor] */
    /* Trajectories, rows or points of the design, and those that are used. Not used is a row of which a point
     * misses a replicate; of a trajectory only such steps are left out, and it is used if one is left. */
    size_t units, used;
    /* Points with all replicates, their mean, and the variance of one run in three parts: by the parameters,
     * by the luck that a replicate has at all points, and the rest. NaN with one replicate (but of the sum),
     * and of fewer than two points. Not below 0. */
    size_t points;
    double mean, by_parameters, by_luck, by_rest;
};

/* PKO_ERROR_INPUT: the kind has no index, or the number of points is not one that the kind can have;
 * PKO_ERROR_MEMORY. Freed with pko_sensitivity_free in any case. */
int pko_sensitivity(const struct pko_sensitivity_input *input, struct pko_sensitivity *result);
void pko_sensitivity_free(struct pko_sensitivity *result);

#endif
