/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses of replicates brought to means with intervals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "experiment/impulse.h"
#include "experiment/statistics.h"
#include "experiment/stream.h"
#include "pkosim/status.h"

#define SAMPLES    400
#define LEAST_JUMP 0.01        /* of the uncut jump */
#define ENTITY     0x10000000u /* of the stream of bootstrap samples: none of a design's */

/* Linear in the response of a run; NaN for the others. */
static double linear(const struct pko_impulse *impulse, enum pko_impulse_quantity quantity) {
    switch (quantity) {
    case PKO_IMPULSE_JUMP:
        return impulse->first[PKO_RESPONSE_DANGER];
    case PKO_IMPULSE_REINFORCEMENT:
        return impulse->sum[PKO_RESPONSE_REINFORCEMENT];
    case PKO_IMPULSE_POSTURE:
        return impulse->sum[PKO_RESPONSE_POSTURE];
    case PKO_IMPULSE_TRUST:
        return impulse->sum[PKO_RESPONSE_TRUST];
    case PKO_IMPULSE_PLOTS:
        return impulse->sum[PKO_RESPONSE_PLOTS];
    case PKO_IMPULSE_HITS:
        return impulse->sum[PKO_RESPONSE_HITS] - impulse->first[PKO_RESPONSE_HITS];
    default:
        return NAN;
    }
}

/* gain and half-life of the mean response of some replicates; `curve` is scratch. */
static void of_mean(const struct pko_impulse *impulse, const size_t *chosen, size_t replicates, double *curve,
                    double value[2]) {
    size_t horizon = (size_t)impulse[0].horizon;
    double sum = 0.0;
    memset(curve, 0, horizon * sizeof *curve);
    for (size_t k = 0; k < replicates; k++)
        for (size_t day = 0; day < horizon; day++)
            curve[day] += (double)impulse[chosen[k]].danger[day];
    for (size_t day = 0; day < horizon; day++)
        sum += curve[day];
    value[0] = curve[0] != 0.0 ? sum / curve[0] : NAN;
    value[1] = pko_half_life(curve, horizon);
}

/* The 2.5 and 97.5 % points of what is not missing; NaN if a tenth or more is. */
static void interval(double *sample, size_t count, double *low, double *high) {
    size_t kept = 0;
    for (size_t k = 0; k < count; k++)
        if (!isnan(sample[k]))
            sample[kept++] = sample[k];
    *low = *high = NAN;
    if (10 * kept <= 9 * count)
        return;
    gsl_sort(sample, 1, kept);
    /* nearest ranks: between infinity and a number there is no point */
    *low = sample[(size_t)floor(0.025 * (double)(kept - 1))];
    *high = sample[(size_t)ceil(0.975 * (double)(kept - 1))];
}

static void estimate_linear(const struct pko_impulse *cut, const struct pko_impulse *uncut, size_t replicates,
                            struct pko_impulse_estimate *estimates) {
    for (enum pko_impulse_quantity q = 0; q < PKO_IMPULSE_QUANTITIES; q++) {
        struct pko_pair_moments pair = {0};
        for (size_t k = 0; k < replicates; k++)
            pko_pair_add(&pair, linear(&uncut[k], q), linear(&cut[k], q));
        struct pko_estimate of = pko_estimate(&pair.second);
        struct pko_difference difference = pko_difference(&pair);
        estimates[q] = (struct pko_impulse_estimate){of.mean,         of.low,         of.high,
                                                     difference.mean, difference.low, difference.high};
    }
}

static double minus(double one, double other) {
    return isinf(one) && isinf(other) ? 0.0 : one - other;
}

int pko_impulse_estimate(const struct pko_impulse *cut, const struct pko_impulse *uncut, size_t replicates,
                         uint64_t seed, struct pko_impulse_estimate *estimates) {
    static const enum pko_impulse_quantity places[2] = {PKO_IMPULSE_GAIN, PKO_IMPULSE_HALF_LIFE};
    size_t *chosen = calloc(replicates, sizeof *chosen);
    double *curve = calloc((size_t)cut[0].horizon, sizeof *curve);
    double *sample = calloc((size_t)4 * SAMPLES, sizeof *sample);
    int status = PKO_ERROR_MEMORY;
    if (!chosen || !curve || !sample)
        goto out;
    estimate_linear(cut, uncut, replicates, estimates);
    double with[2], without[2];
    for (size_t k = 0; k < replicates; k++)
        chosen[k] = k;
    of_mean(cut, chosen, replicates, curve, with);
    of_mean(uncut, chosen, replicates, curve, without);
    const struct pko_impulse_estimate jump = estimates[PKO_IMPULSE_JUMP];
    double without_cut = jump.mean - jump.difference;
    if (jump.low <= 0.0 || fabs(jump.mean) < LEAST_JUMP * fabs(without_cut)) {
        status = PKO_OK; /* there is no jump of which the rest could be a multiple */
        goto out;
    }
    for (int q = 0; q < 2; q++) {
        estimates[places[q]].mean = with[q];
        estimates[places[q]].difference = minus(with[q], without[q]);
    }
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, (struct pko_stream){seed, 0}, ENTITY);
    for (size_t s = 0; s < SAMPLES && replicates > 1; s++) {
        for (size_t k = 0; k < replicates; k++)
            chosen[k] = gsl_rng_uniform_int(&rng.generator, replicates);
        of_mean(cut, chosen, replicates, curve, with);
        of_mean(uncut, chosen, replicates, curve, without);
        for (int q = 0; q < 2; q++) {
            sample[(size_t)q * SAMPLES + s] = with[q];
            sample[(size_t)(q + 2) * SAMPLES + s] = minus(with[q], without[q]);
        }
    }
    for (int q = 0; q < 2 && replicates > 1; q++) {
        struct pko_impulse_estimate *of = &estimates[places[q]];
        interval(sample + (size_t)q * SAMPLES, SAMPLES, &of->low, &of->high);
        interval(sample + (size_t)(q + 2) * SAMPLES, SAMPLES, &of->difference_low, &of->difference_high);
    }
    status = PKO_OK;
out:
    free(chosen);
    free(curve);
    free(sample);
    return status;
}
