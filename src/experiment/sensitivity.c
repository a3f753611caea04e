/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>

#include "experiment/sensitivity_rows.h"
#include "experiment/statistics.h"
#include "experiment/stream.h"
#include "pkosim/status.h"

#define STREAM_OF_BOOTSTRAP 0x53000000u /* apart from those of designs */

/* Points of a unit, and what is done with units. */
struct kind {
    size_t unit;
    size_t (*scratch)(const struct pko_sensitivity_input *input);
    void (*pass)(struct pko_sensitivity_work *work);
};

static int kind_of(const struct pko_sensitivity_input *input, struct kind *kind) {
    switch (input->kind) {
    case PKO_DESIGN_MORRIS:
        *kind = (struct kind){input->factors + 1, pko_morris_scratch, pko_morris_pass};
        break;
    case PKO_DESIGN_SOBOL:
        *kind = (struct kind){input->factors + 2, pko_sobol_scratch, pko_sobol_pass};
        break;
    case PKO_DESIGN_LATIN_HYPERCUBE:
        *kind = (struct kind){1, pko_rank_scratch, pko_rank_pass};
        break;
    default:
        return PKO_ERROR_INPUT;
    }
    return input->points % kind->unit == 0 ? PKO_OK : PKO_ERROR_INPUT;
}

static void take_means(const struct pko_sensitivity_input *input, double *means) {
    for (size_t point = 0; point < input->points; point++) {
        double sum = 0.0; /* NaN if one is */
        for (size_t r = 0; r < input->replicates; r++)
            sum += input->values[point * input->replicates + r];
        means[point] = sum / (double)input->replicates;
    }
}

static bool usable(const struct pko_sensitivity_work *work, const struct kind *kind, size_t unit) {
    const double *means = work->means + unit * kind->unit;
    size_t there = 0, steps = 0;
    for (size_t k = 0; k < kind->unit; k++) {
        there += isnan(means[k]) ? 0 : 1;
        steps += k > 0 && !isnan(means[k]) && !isnan(means[k - 1]) ? 1 : 0;
    }
    return work->input->kind == PKO_DESIGN_MORRIS ? steps > 0 : there == kind->unit;
}

/* The variance of one run in three parts, from the points with all replicates: two ways, points by
 * replicates. */
static void split_variance(const struct pko_sensitivity_work *work, struct pko_sensitivity *result) {
    const struct pko_sensitivity_input *input = work->input;
    size_t replicates = input->replicates;
    struct pko_moments points = {0}, luck = {0};
    double inside = 0.0; /* squares of the values around the means of their points */
    for (size_t point = 0; point < input->points; point++) {
        pko_moments_add(&points, work->means[point]);
        for (size_t r = 0; !isnan(work->means[point]) && r < replicates; r++) {
            double off = input->values[point * replicates + r] - work->means[point];
            inside += off * off;
        }
    }
    for (size_t r = 0; r < replicates; r++) {
        struct pko_moments replicate = {0};
        for (size_t point = 0; point < input->points; point++)
            if (!isnan(work->means[point]))
                pko_moments_add(&replicate, input->values[point * replicates + r]);
        pko_moments_add(&luck, replicate.count ? replicate.mean : NAN);
    }
    double p = (double)points.count, n = (double)replicates;
    result->points = points.count;
    result->mean = points.count ? points.mean : NAN;
    result->by_parameters = result->by_luck = result->by_rest = NAN;
    if (points.count < 2 || replicates < 2)
        return;
    double rest = (inside - p * luck.squares) / ((p - 1.0) * (n - 1.0));
    result->by_rest = fmax(0.0, rest);
    result->by_luck = fmax(0.0, luck.squares / (n - 1.0) - result->by_rest / p);
    result->by_parameters = fmax(0.0, points.squares / (p - 1.0) - result->by_rest / n);
}

static struct pko_index interval(double value, double *sample) {
    struct pko_index index = {value, NAN, NAN};
    size_t kept = 0;
    for (size_t k = 0; k < PKO_SENSITIVITY_SAMPLES; k++)
        if (!isnan(sample[k]))
            sample[kept++] = sample[k];
    if (isnan(value) || 10 * kept <= 9 * PKO_SENSITIVITY_SAMPLES)
        return index;
    gsl_sort(sample, 1, kept);
    index.low = sample[(size_t)floor(0.025 * (double)(kept - 1))];
    index.high = sample[(size_t)ceil(0.975 * (double)(kept - 1))];
    return index;
}

static void put(struct pko_factor_indices *of, enum pko_design_kind kind, struct pko_index index[3]) {
    if (kind == PKO_DESIGN_MORRIS) {
        of->mu = index[0];
        of->mu_star = index[1];
        of->sigma = index[2];
    } else if (kind == PKO_DESIGN_SOBOL) {
        of->first = index[0];
        of->total = index[1];
    } else {
        of->spearman = index[0];
        of->partial = index[1];
    }
}

/* The indices of all used units, then of bootstrap samples of them: [factor · 3 + index][sample]. */
static int estimate(struct pko_sensitivity_work *work, const struct kind *kind,
                    struct pko_sensitivity *result) {
    size_t factors = work->input->factors, numbers = factors * PKO_INDEX_PER_PASS, count = work->unit_count;
    size_t *chosen = calloc(count + 1, sizeof *chosen);
    double *whole = calloc(numbers, sizeof *whole);
    double *samples = calloc(numbers * PKO_SENSITIVITY_SAMPLES, sizeof *samples);
    work->value = calloc(numbers, sizeof *work->value);
    int status = chosen && whole && samples && work->value ? PKO_OK : PKO_ERROR_MEMORY;
    work->chosen = chosen;
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, (struct pko_stream){.seed = work->input->seed}, STREAM_OF_BOOTSTRAP);
    for (size_t s = 0; status == PKO_OK && s <= PKO_SENSITIVITY_SAMPLES; s++) {
        for (size_t k = 0; k < count; k++)
            chosen[k] = s == 0 ? k : gsl_rng_uniform_int(&rng.generator, count);
        kind->pass(work);
        for (size_t k = 0; k < numbers; k++)
            *(s == 0 ? &whole[k] : &samples[k * PKO_SENSITIVITY_SAMPLES + s - 1]) = work->value[k];
    }
    for (size_t factor = 0; status == PKO_OK && factor < factors; factor++) {
        struct pko_index index[PKO_INDEX_PER_PASS];
        for (size_t k = 0; k < PKO_INDEX_PER_PASS; k++) {
            size_t number = factor * PKO_INDEX_PER_PASS + k;
            index[k] = interval(whole[number], samples + number * PKO_SENSITIVITY_SAMPLES);
        }
        put(&result->indices[factor], work->input->kind, index);
    }
    free(chosen);
    free(whole);
    free(samples);
    free(work->value);
    return status;
}

static int prepare(struct pko_sensitivity_work *work, const struct kind *kind,
                   struct pko_sensitivity *result) {
    const struct pko_sensitivity_input *input = work->input;
    static const struct pko_index none = {NAN, NAN, NAN};
    result->factors = input->factors;
    result->units = input->points / kind->unit;
    result->indices = calloc(input->factors, sizeof *result->indices);
    work->means = calloc(input->points, sizeof *work->means);
    work->units = calloc(result->units, sizeof *work->units);
    work->scratch = calloc(kind->scratch(input), sizeof *work->scratch);
    if (!result->indices || !work->means || !work->units || !work->scratch)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < input->factors; k++)
        result->indices[k] = (struct pko_factor_indices){none, none, none, NAN, none, none, none, none};
    take_means(input, work->means);
    for (size_t unit = 0; unit < result->units; unit++)
        if (usable(work, kind, unit))
            work->units[work->unit_count++] = unit;
    result->used = work->unit_count;
    return PKO_OK;
}

int pko_sensitivity(const struct pko_sensitivity_input *input, struct pko_sensitivity *result) {
    struct pko_sensitivity_work work = {.input = input};
    struct kind kind;
    *result = (struct pko_sensitivity){0};
    int status = kind_of(input, &kind);
    if (status == PKO_OK)
        status = prepare(&work, &kind, result);
    if (status == PKO_OK)
        split_variance(&work, result);
    if (status == PKO_OK && work.unit_count > 1)
        status = estimate(&work, &kind, result);
    if (status == PKO_OK && input->kind == PKO_DESIGN_MORRIS && input->replicates > 1) {
        double *noise = calloc(input->factors, sizeof *noise);
        status = noise ? PKO_OK : PKO_ERROR_MEMORY;
        if (noise)
            pko_morris_noise(&work, noise);
        for (size_t k = 0; noise && k < input->factors; k++)
            result->indices[k].noise = noise[k];
        free(noise);
    }
    free(work.means);
    free(work.units);
    free(work.scratch);
    return status;
}

void pko_sensitivity_free(struct pko_sensitivity *result) {
    free(result->indices);
    *result = (struct pko_sensitivity){0};
}
