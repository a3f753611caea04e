/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

#include "experiment/stream.h"
#include "pkosim/status.h"

/* Streams of designs: apart from those of other uses of the experiment layer. */
#define STREAM_OF_DESIGN 0x44000000u

int pko_design_count(const struct pko_design *design, double *points) {
    double factors = (double)design->factors, size = (double)design->size;
    *points = 0.0;
    switch (design->kind) {
    case PKO_DESIGN_GRID:
        *points = 1.0;
        for (size_t k = 0; k < design->factors; k++)
            *points *= design->each[k];
        break;
    case PKO_DESIGN_ONE_AT_A_TIME:
        *points = 1.0;
        for (size_t k = 0; k < design->factors; k++)
            *points += design->each[k];
        break;
    case PKO_DESIGN_LATIN_HYPERCUBE:
        *points = size;
        break;
    case PKO_DESIGN_SOBOL:
        if (design->factors > PKO_DESIGN_SOBOL_MOST)
            return PKO_ERROR_INPUT;
        *points = size * (factors + 2.0);
        break;
    case PKO_DESIGN_MORRIS:
        if (design->levels < 2 || design->levels % 2 != 0)
            return PKO_ERROR_INPUT;
        *points = size * (factors + 1.0);
        break;
    }
    return *points >= 1.0 ? PKO_OK : PKO_ERROR_INPUT;
}

static double level(int number, int levels) {
    return levels > 1 ? (double)number / (double)(levels - 1) : 0.0;
}

static void lay_grid(const struct pko_design *design, size_t points, double *units) {
    for (size_t point = 0; point < points; point++) {
        size_t rest = point;
        for (size_t k = design->factors; k-- > 0;) {
            size_t levels = (size_t)design->each[k];
            units[point * design->factors + k] = level((int)(rest % levels), design->each[k]);
            rest /= levels;
        }
    }
}

static void lay_one_at_a_time(const struct pko_design *design, size_t points, double *units) {
    size_t point = 1;
    for (size_t k = 0; k < points * design->factors; k++)
        units[k] = NAN;
    for (size_t k = 0; k < design->factors; k++)
        for (int number = 0; number < design->each[k]; number++, point++)
            units[point * design->factors + k] = level(number, design->each[k]);
}

/* A random order of 0 … count − 1 (Fisher and Yates). */
static void shuffle(gsl_rng *rng, size_t *order, size_t count) {
    for (size_t k = 0; k < count; k++)
        order[k] = k;
    for (size_t k = count; k > 1; k--) {
        size_t other = pko_below((uint32_t)gsl_rng_get(rng), (uint32_t)k), kept = order[k - 1];
        order[k - 1] = order[other];
        order[other] = kept;
    }
}

static int lay_latin(const struct pko_design *design, size_t points, double *units) {
    size_t *order = calloc(points, sizeof *order);
    if (!order)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < design->factors; k++) {
        struct pko_stream_rng stream;
        pko_stream_rng_init(&stream, (struct pko_stream){.seed = design->seed},
                            STREAM_OF_DESIGN + (uint32_t)k);
        shuffle(&stream.generator, order, points);
        for (size_t point = 0; point < points; point++)
            units[point * design->factors + k] =
                ((double)order[point] + gsl_rng_uniform_pos(&stream.generator)) / (double)points;
    }
    free(order);
    return PKO_OK;
}

static int lay_sobol(const struct pko_design *design, double *units) {
    size_t factors = design->factors;
    double row[2 * PKO_DESIGN_SOBOL_MOST];
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)(2 * factors));
    if (!sequence)
        return PKO_ERROR_MEMORY;
    for (size_t sample = 0; sample < design->size; sample++) {
        double *block = units + sample * (factors + 2) * factors;
        gsl_qrng_get(sequence, row);
        memcpy(block, row, factors * sizeof *row);
        memcpy(block + factors, row + factors, factors * sizeof *row);
        for (size_t k = 0; k < factors; k++) {
            double *mixed = block + (k + 2) * factors;
            memcpy(mixed, row, factors * sizeof *row);
            mixed[k] = row[factors + k];
        }
    }
    gsl_qrng_free(sequence);
    return PKO_OK;
}

/* One trajectory: factors + 1 points. */
static void lay_trajectory(const struct pko_design *design, gsl_rng *rng, size_t *order, double *units) {
    size_t factors = design->factors;
    int half = design->levels / 2; /* levels that a step of p/(2(p−1)) leaps */
    double *at = units;
    shuffle(rng, order, factors);
    for (size_t k = 0; k < factors; k++)
        at[k] = level((int)pko_below((uint32_t)gsl_rng_get(rng), (uint32_t)design->levels), design->levels);
    for (size_t step = 0; step < factors; step++, at += factors) {
        size_t k = order[step];
        int from = (int)floor(at[k] * (design->levels - 1) + 0.5);
        memcpy(at + factors, at, factors * sizeof *at);
        at[factors + k] = level(from < half ? from + half : from - half, design->levels);
    }
}

static int lay_morris(const struct pko_design *design, double *units) {
    size_t *order = calloc(design->factors, sizeof *order);
    if (!order)
        return PKO_ERROR_MEMORY;
    for (size_t trajectory = 0; trajectory < design->size; trajectory++) {
        struct pko_stream_rng stream;
        pko_stream_rng_init(&stream, (struct pko_stream){.seed = design->seed},
                            STREAM_OF_DESIGN + (uint32_t)trajectory);
        lay_trajectory(design, &stream.generator, order,
                       units + trajectory * (design->factors + 1) * design->factors);
    }
    free(order);
    return PKO_OK;
}

int pko_design_lay(const struct pko_design *design, size_t *points, double **units) {
    double count;
    *units = NULL;
    *points = 0;
    int status = pko_design_count(design, &count);
    if (status != PKO_OK || count > PKO_DESIGN_POINTS_MOST)
        return PKO_ERROR_INPUT;
    size_t whole = (size_t)count;
    double *laid = calloc(whole * design->factors, sizeof *laid);
    if (!laid)
        return PKO_ERROR_MEMORY;
    if (design->kind == PKO_DESIGN_GRID)
        lay_grid(design, whole, laid);
    else if (design->kind == PKO_DESIGN_ONE_AT_A_TIME)
        lay_one_at_a_time(design, whole, laid);
    else if (design->kind == PKO_DESIGN_LATIN_HYPERCUBE)
        status = lay_latin(design, whole, laid);
    else
        status = design->kind == PKO_DESIGN_SOBOL ? lay_sobol(design, laid) : lay_morris(design, laid);
    if (status != PKO_OK) {
        free(laid);
        return status;
    }
    *units = laid;
    *points = whole;
    return PKO_OK;
}
