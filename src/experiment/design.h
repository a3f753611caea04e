/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs: points in the unit cube, a coordinate for each parameter. Pure functions of their arguments: the
 * same on every machine. */
#ifndef PKO_EXPERIMENT_DESIGN_H
#define PKO_EXPERIMENT_DESIGN_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/campaign.h"

#define PKO_DESIGN_SOBOL_MOST 20 /* parameters: GSL's sequence has 40 dimensions, two for each */
#define PKO_DESIGN_POINTS_MOST                                                                               \
    10000000 /* points of a design                                                                           \
              */

/* What a design is made of. */
struct pko_design {
    enum pko_design_kind kind;
    size_t factors; /* ≥ 1 */
    size_t size;    /* of latin_hypercube: points; sobol: samples N; morris: trajectories r */
    int levels;     /* of morris: p, even, ≥ 2 */
    uint64_t seed;  /* of latin_hypercube and morris */
    /* Of grid and one_at_a_time: levels of each parameter, ≥ 1. */
    const int *each;
};

/* Number of points, as a double since a grid can pass any whole number; PKO_ERROR_INPUT if the kind cannot
 * have these arguments.
 *
 * grid              Π each: all combinations; the last parameter changes first.
 * one_at_a_time     1 + Σ each: the base, then the levels of the first parameter, of the second, …. Only the
 *                   one coordinate of a point is set; all others, and those of the base, are NaN.
 * latin_hypercube   size: McKay, Beckman and Conover (1979): one point in each of `size` strata of every
 *                   parameter, uniform inside it.
 * sobol             size·(factors + 2), Saltelli et al. (2010): for each row of a 2·factors-dimensional
 * Sobol' sequence the points A, B and, for each parameter i, A with the i-th coordinate of B. morris
 * size·(factors + 1), Morris (1991): trajectories; from a random point of the grid of p levels, one parameter
 * after the other in random order moves by p/(2(p−1)), up or down. */
int pko_design_count(const struct pko_design *design, double *points);
/* Lays out the points: [point][factor], which the caller frees. PKO_ERROR_INPUT (also beyond
 * PKO_DESIGN_POINTS_MOST), PKO_ERROR_MEMORY. */
int pko_design_lay(const struct pko_design *design, size_t *points, double **units);

#endif
