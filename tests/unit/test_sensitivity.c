/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indices against closed forms: Ishigami and Homma (1990), the G function of Sobol' (Saltelli and Sobol'
 * 1995), linear functions, and GSL's rank correlation. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics_double.h>

#include "base/random.h"
#include "experiment/design.h"
#include "experiment/sensitivity.h"
#include "pkosim/status.h"

/* A design, the values of a function on it, and room for what is found. */
struct trial {
    struct pko_design design;
    size_t points, replicates;
    double *units, *values;
    struct pko_sensitivity found;
};

static void lay(struct trial *trial, enum pko_design_kind kind, size_t factors, size_t size,
                size_t replicates) {
    gsl_set_error_handler_off();
    *trial =
        (struct trial){.design = {.kind = kind, .factors = factors, .size = size, .levels = 4, .seed = 5},
                       .replicates = replicates};
    cr_assert_eq(pko_design_lay(&trial->design, &trial->points, &trial->units), PKO_OK);
    trial->values = calloc(trial->points * replicates, sizeof *trial->values);
    cr_assert_not_null(trial->values);
}

static double normal(uint32_t entity, uint32_t index) {
    struct pko_words words = pko_draw((struct pko_stream){3, 0}, PKO_PURPOSE_EXPERIMENT, 0, entity, index);
    return sqrt(-2.0 * log(pko_uniform(words, 0))) * cos(2.0 * M_PI * pko_uniform(words, 1));
}

/* f(point) + luck of the replicate + noise of the run. */
static void fill(struct trial *trial, double (*f)(const double *x), double luck, double noise) {
    for (size_t p = 0; p < trial->points; p++)
        for (size_t r = 0; r < trial->replicates; r++)
            trial->values[p * trial->replicates + r] = f(trial->units + p * trial->design.factors) +
                                                       luck * normal(1, (uint32_t)r) +
                                                       noise * normal((uint32_t)p + 2, (uint32_t)r);
}

static void find(struct trial *trial) {
    const struct pko_sensitivity_input input = {.kind = trial->design.kind,
                                                .points = trial->points,
                                                .replicates = trial->replicates,
                                                .factors = trial->design.factors,
                                                .design = trial->units,
                                                .values = trial->values,
                                                .seed = 11};
    pko_sensitivity_free(&trial->found);
    cr_assert_eq(pko_sensitivity(&input, &trial->found), PKO_OK);
}

static void end(struct trial *trial) {
    pko_sensitivity_free(&trial->found);
    pko_sensitivity_free(&trial->found);
    free(trial->units);
    free(trial->values);
}

static void holds(struct pko_index index, double expected, double widest, const char *what) {
    cr_assert(index.low <= expected && expected <= index.high, "%s: %g not in [%g, %g]", what, expected,
              index.low, index.high);
    cr_assert(index.high - index.low < widest && index.low <= index.value && index.value <= index.high,
              "%s: [%g, %g] around %g", what, index.low, index.high, index.value);
}

#define ISHIGAMI_A 7.0
#define ISHIGAMI_B 0.1
static double ishigami(const double *unit) {
    double x[3];
    for (int k = 0; k < 3; k++)
        x[k] = M_PI * (2.0 * unit[k] - 1.0);
    return sin(x[0]) + ISHIGAMI_A * pow(sin(x[1]), 2.0) + ISHIGAMI_B * pow(x[2], 4.0) * sin(x[0]);
}
static double ishigami_indices(double first[3], double total[3]) {
    double p4 = pow(M_PI, 4.0), b = ISHIGAMI_B, a2 = ISHIGAMI_A * ISHIGAMI_A / 8.0;
    double v1 = 0.5 * pow(1.0 + b * p4 / 5.0, 2.0), v13 = b * b * p4 * p4 * (1.0 / 18.0 - 1.0 / 50.0);
    double all = v1 + a2 + v13;
    first[0] = v1 / all, first[1] = a2 / all, first[2] = 0.0;
    total[0] = (v1 + v13) / all, total[1] = a2 / all, total[2] = v13 / all;
    return all;
}

Test(sensitivity, sobol_indices_of_ishigami) {
    struct trial trial;
    double first[3], total[3];
    ishigami_indices(first, total);
    lay(&trial, PKO_DESIGN_SOBOL, 3, 2048, 1);
    fill(&trial, ishigami, 0.0, 0.0);
    find(&trial);
    for (int k = 0; k < 3; k++) {
        holds(trial.found.indices[k].first, first[k], 0.15, "first");
        holds(trial.found.indices[k].total, total[k], 0.15, "total");
        cr_assert_float_eq(trial.found.indices[k].total.value, total[k], 0.02);
    }
    cr_assert(isnan(trial.found.indices[0].mu.value) && isnan(trial.found.by_rest));
    cr_assert(trial.found.units == 2048 && trial.found.used == 2048);
    end(&trial);
}

static const double g_weights[] = {0.0, 1.0, 4.5, 9.0, 99.0, 99.0};
#define G_FACTORS (sizeof g_weights / sizeof *g_weights)
static double g_function(const double *unit) {
    double product = 1.0;
    for (size_t k = 0; k < G_FACTORS; k++)
        product *= (fabs(4.0 * unit[k] - 2.0) + g_weights[k]) / (1.0 + g_weights[k]);
    return product;
}

Test(sensitivity, sobol_indices_of_the_g_function) {
    struct trial trial;
    double part[G_FACTORS], all = 1.0;
    for (size_t k = 0; k < G_FACTORS; k++) {
        part[k] = 1.0 / (3.0 * pow(1.0 + g_weights[k], 2.0));
        all *= 1.0 + part[k];
    }
    lay(&trial, PKO_DESIGN_SOBOL, G_FACTORS, 4096, 1);
    fill(&trial, g_function, 0.0, 0.0);
    find(&trial);
    for (size_t k = 0; k < G_FACTORS; k++) {
        holds(trial.found.indices[k].first, part[k] / (all - 1.0), 0.15, "first");
        holds(trial.found.indices[k].total, part[k] * all / (1.0 + part[k]) / (all - 1.0), 0.15, "total");
    }
    end(&trial);
}

/* Noise as large as the signal: without taking it out, a parameter that does nothing would have a total of
 * noise over all, about 1/4 here with four replicates. */
Test(sensitivity, noise_is_taken_out_of_sobol_indices) {
    struct trial trial;
    double first[3], total[3], all = ishigami_indices(first, total), noise = sqrt(all);
    lay(&trial, PKO_DESIGN_SOBOL, 3, 4096, 4);
    fill(&trial, ishigami, 5.0, noise);
    find(&trial);
    for (int k = 0; k < 3; k++) {
        holds(trial.found.indices[k].first, first[k], 0.2, "first");
        holds(trial.found.indices[k].total, total[k], 0.2, "total");
    }
    cr_assert_float_eq(trial.found.by_rest, all, 0.05 * all);
    cr_assert_gt(trial.found.by_luck, 1.0);
    /* the points with one replicate each: noise stays in, and nobody can tell */
    for (size_t p = 0; p < trial.points; p++)
        trial.values[p] = trial.values[p * 4];
    trial.replicates = 1;
    find(&trial);
    cr_assert_gt(trial.found.indices[2].total.value, total[2] + 0.1, "the test would show nothing");
    end(&trial);
}

Test(sensitivity, variance_splits_in_three) {
    struct trial trial;
    double unused[3], all = ishigami_indices(unused, unused + 0);
    lay(&trial, PKO_DESIGN_LATIN_HYPERCUBE, 3, 3000, 40);
    fill(&trial, ishigami, 2.0, 1.5);
    find(&trial);
    double luck = 0.0, mean = 0.0;
    for (uint32_t r = 0; r < 40; r++)
        mean += normal(1, r) / 40.0;
    for (uint32_t r = 0; r < 40; r++)
        luck += 4.0 * pow(normal(1, r) - mean, 2.0) / 39.0;
    cr_assert_float_eq(trial.found.by_parameters, all, 0.05 * all);
    cr_assert_float_eq(trial.found.by_luck, luck, 0.02 * luck);
    cr_assert_float_eq(trial.found.by_rest, 2.25, 0.05);
    cr_assert_float_eq(trial.found.mean, ISHIGAMI_A / 2.0 + 2.0 * mean, 0.05);
    end(&trial);
}

static double linear(const double *x) {
    return 3.0 * x[0] - 2.0 * x[1] + 0.0 * x[2] + 4.0 * x[3] * x[4];
}

Test(sensitivity, elementary_effects) {
    struct trial trial;
    lay(&trial, PKO_DESIGN_MORRIS, 5, 200, 1);
    fill(&trial, linear, 0.0, 0.0);
    find(&trial);
    const struct pko_factor_indices *of = trial.found.indices;
    cr_assert_float_eq(of[0].mu.value, 3.0, 1e-9);
    cr_assert_float_eq(of[0].mu_star.value, 3.0, 1e-9);
    cr_assert_float_eq(of[1].mu.value, -2.0, 1e-9);
    cr_assert_float_eq(of[1].mu_star.value, 2.0, 1e-9);
    cr_assert_float_eq(of[1].sigma.value, 0.0, 1e-6);
    cr_assert_float_eq(of[2].mu_star.value, 0.0, 1e-9);
    holds(of[3].mu_star, 2.0, 1.0, "4·E(x5) over four levels"); /* levels 0, 1/3, 2/3, 1 */
    holds(of[4].sigma, 4.0 * sqrt(5.0) / 6.0, 0.5, "4·sd(x4) over four levels");
    cr_assert(isnan(of[0].noise) && isnan(of[0].first.value) && trial.found.used == 200);
    end(&trial);
}

Test(sensitivity, noise_of_elementary_effects) {
    struct trial trial;
    lay(&trial, PKO_DESIGN_MORRIS, 5, 300, 6);
    fill(&trial, linear, 10.0, 0.5);
    find(&trial);
    /* the difference of two runs over a step of 2/3, averaged over six replicates */
    double noise = 0.5 * sqrt(2.0) / (2.0 / 3.0) / sqrt(6.0);
    for (int k = 0; k < 5; k++)
        cr_assert_float_eq(trial.found.indices[k].noise, noise, 0.05 * noise);
    cr_assert_float_eq(trial.found.indices[2].sigma.value, noise, 0.15 * noise,
                       "of what does nothing, noise is all there is");
    end(&trial);
}

/* A failed run: its steps are left out, everything else stays. */
Test(sensitivity, failed_runs_leave_out_what_needs_them) {
    struct trial trial;
    lay(&trial, PKO_DESIGN_MORRIS, 5, 20, 2);
    fill(&trial, linear, 1.0, 0.0);
    trial.values[(3 * 6 + 2) * 2 + 1] = NAN;
    for (size_t k = 0; k < 6; k++)
        trial.values[(7 * 6 + k) * 2] = NAN;
    find(&trial);
    cr_assert(trial.found.units == 20 && trial.found.used == 19 && trial.found.points == 20 * 6 - 7);
    cr_assert_float_eq(trial.found.indices[0].mu.value, 3.0, 1e-9);
    end(&trial);
    lay(&trial, PKO_DESIGN_SOBOL, 3, 1024, 2);
    fill(&trial, ishigami, 1.0, 0.0);
    trial.values[10] = NAN;
    find(&trial);
    double first[3], total[3];
    ishigami_indices(first, total);
    cr_assert_eq(trial.found.used, 1023);
    holds(trial.found.indices[1].total, total[1], 0.2, "total");
    for (size_t k = 0; k < trial.points * 2; k++)
        trial.values[k] = NAN;
    find(&trial);
    cr_assert(trial.found.used == 0 && isnan(trial.found.indices[0].first.value) && isnan(trial.found.mean));
    end(&trial);
}

static double two(const double *x) {
    return pow(x[0], 3.0) - 0.5 * x[1];
}

Test(sensitivity, rank_correlations) {
    struct trial trial;
    lay(&trial, PKO_DESIGN_LATIN_HYPERCUBE, 2, 300, 1);
    for (size_t p = 0; p < trial.points; p++) /* factors that are correlated, with ties */
        trial.units[2 * p + 1] = floor(5.0 * (0.5 * trial.units[2 * p] + 0.5 * trial.units[2 * p + 1]));
    fill(&trial, two, 0.0, 0.2);
    find(&trial);
    double column[3][300], work[600];
    for (size_t p = 0; p < 300; p++) {
        column[0][p] = trial.units[2 * p];
        column[1][p] = trial.units[2 * p + 1];
        column[2][p] = trial.values[p];
    }
    double r0y = gsl_stats_spearman(column[0], 1, column[2], 1, 300, work),
           r1y = gsl_stats_spearman(column[1], 1, column[2], 1, 300, work),
           r01 = gsl_stats_spearman(column[0], 1, column[1], 1, 300, work);
    cr_assert_float_eq(trial.found.indices[0].spearman.value, r0y, 1e-12);
    cr_assert_float_eq(trial.found.indices[1].spearman.value, r1y, 1e-12);
    double partial0 = (r0y - r01 * r1y) / sqrt((1.0 - r01 * r01) * (1.0 - r1y * r1y)),
           partial1 = (r1y - r01 * r0y) / sqrt((1.0 - r01 * r01) * (1.0 - r0y * r0y));
    cr_assert_float_eq(trial.found.indices[0].partial.value, partial0, 1e-12);
    cr_assert_float_eq(trial.found.indices[1].partial.value, partial1, 1e-12);
    holds(trial.found.indices[0].partial, partial0, 0.2, "partial");
    cr_assert(fabs(partial1 - r1y) > 0.1, "%g, %g: the two could be mistaken for one another", partial1, r1y);
    end(&trial);
}

Test(sensitivity, bootstrap_is_addressed_and_kinds_without_indices_are_refused) {
    struct trial trial;
    lay(&trial, PKO_DESIGN_SOBOL, 3, 64, 1);
    fill(&trial, ishigami, 0.0, 0.0);
    find(&trial);
    struct pko_index once = trial.found.indices[0].first;
    find(&trial);
    cr_assert(once.low == trial.found.indices[0].first.low && once.low < once.high);
    struct pko_sensitivity_input input = {.kind = PKO_DESIGN_GRID,
                                          .points = trial.points,
                                          .replicates = 1,
                                          .factors = 3,
                                          .design = trial.units,
                                          .values = trial.values};
    struct pko_sensitivity none;
    cr_assert_eq(pko_sensitivity(&input, &none), PKO_ERROR_INPUT);
    input.kind = PKO_DESIGN_ONE_AT_A_TIME;
    cr_assert_eq(pko_sensitivity(&input, &none), PKO_ERROR_INPUT);
    input.kind = PKO_DESIGN_SOBOL;
    input.points--;
    cr_assert_eq(pko_sensitivity(&input, &none), PKO_ERROR_INPUT);
    pko_sensitivity_free(&none);
    end(&trial);
}
