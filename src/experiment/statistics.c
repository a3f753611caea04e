/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/statistics.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

#define MOST_REPLICATES 1e12

void pko_moments_add(struct pko_moments *moments, double value) {
    if (isnan(value))
        return;
    double before = value - moments->mean;
    moments->count++;
    moments->mean += before / (double)moments->count;
    moments->squares += before * (value - moments->mean);
}

void pko_pair_add(struct pko_pair_moments *pair, double first, double second) {
    if (isnan(first) || isnan(second))
        return;
    double before = first - pair->first.mean;
    pko_moments_add(&pair->first, first);
    pko_moments_add(&pair->second, second);
    pko_moments_add(&pair->difference, second - first);
    /* The old mean of one side and the new one of the other make the update exact in exact arithmetic. */
    pair->product += before * (second - pair->second.mean);
}

double pko_moments_deviation(const struct pko_moments *moments) {
    return moments->count < 2 ? NAN : sqrt(moments->squares / (double)(moments->count - 1));
}

double pko_half_width(double deviation, double count) {
    if (!(count >= 2.0))
        return NAN;
    return gsl_cdf_tdist_Pinv(0.975, count - 1.0) * deviation / sqrt(count);
}

double pko_replicates_needed(double deviation, double target, int closed) {
    if (isnan(deviation) || isnan(target))
        return NAN;
    double few = 1.0, enough = 2.0; /* not enough, perhaps enough */
    for (;;) {
        double half = pko_half_width(deviation, enough);
        if (half < target || (closed && half <= target))
            break;
        few = enough;
        enough *= 2.0;
        if (enough > MOST_REPLICATES)
            return INFINITY;
    }
    while (enough - few > 1.0) {
        double middle = floor((few + enough) / 2.0), half = pko_half_width(deviation, middle);
        if (half < target || (closed && half <= target))
            enough = middle;
        else
            few = middle;
    }
    return enough;
}

struct pko_estimate pko_estimate(const struct pko_moments *moments) {
    struct pko_estimate estimate = {.count = moments->count, .mean = moments->count ? moments->mean : NAN};
    double count = (double)moments->count;
    estimate.deviation = pko_moments_deviation(moments);
    estimate.standard_error = estimate.deviation / sqrt(count);
    double half = pko_half_width(estimate.deviation, count);
    estimate.low = estimate.mean - half;
    estimate.high = estimate.mean + half;
    estimate.tenth = pko_replicates_needed(estimate.deviation, 0.1 * fabs(estimate.mean), 1);
    return estimate;
}

static double effect_size(const struct pko_pair_moments *pair) {
    if (pair->difference.count < 2)
        return NAN;
    double one = pko_moments_deviation(&pair->first), other = pko_moments_deviation(&pair->second);
    double pooled = sqrt((one * one + other * other) / 2.0);
    return pair->difference.mean == 0.0 ? 0.0 : pair->difference.mean / pooled;
}

struct pko_difference pko_difference(const struct pko_pair_moments *pair) {
    const struct pko_moments *moments = &pair->difference;
    struct pko_difference result = {.count = moments->count, .mean = moments->count ? moments->mean : NAN};
    double count = (double)moments->count, deviation = pko_moments_deviation(moments);
    double half = pko_half_width(deviation, count);
    result.standard_error = deviation / sqrt(count);
    result.low = result.mean - half;
    result.high = result.mean + half;
    double spread = sqrt(pair->first.squares) * sqrt(pair->second.squares);
    result.correlation = spread > 0.0 ? fmax(-1.0, fmin(1.0, pair->product / spread)) : NAN;
    result.effect_size = effect_size(pair);
    result.sign = pko_replicates_needed(deviation, fabs(result.mean), 0);
    return result;
}

/* Half of the 95 % interval of a difference of two means with these variances of the means. */
static double welch_half(double one, double other, double one_count, double other_count) {
    double sum = one + other;
    if (!(sum > 0.0))
        return sum; /* 0 without spread, NaN without two values */
    double freedom = sum * sum / (one * one / (one_count - 1.0) + other * other / (other_count - 1.0));
    return gsl_cdf_tdist_Pinv(0.975, freedom) * sqrt(sum);
}

/* Replicates of each sample at which the half-width is below `target`. */
static double welch_needed(double one, double other, double target) {
    double few = 1.0, enough = 2.0; /* not enough, perhaps enough */
    if (isnan(one) || isnan(other) || isnan(target))
        return NAN;
    while (!(welch_half(one / enough, other / enough, enough, enough) < target)) {
        few = enough;
        enough *= 2.0;
        if (enough > MOST_REPLICATES)
            return INFINITY;
    }
    while (enough - few > 1.0) {
        double middle = floor((few + enough) / 2.0);
        bool below = welch_half(one / middle, other / middle, middle, middle) < target;
        *(below ? &enough : &few) = middle;
    }
    return enough;
}

struct pko_difference pko_difference_unpaired(const struct pko_moments *first,
                                              const struct pko_moments *second) {
    double one = pko_moments_deviation(first), other = pko_moments_deviation(second);
    double counts[2] = {(double)first->count, (double)second->count};
    bool some = first->count > 0 && second->count > 0;
    struct pko_difference result = {.count = first->count < second->count ? first->count : second->count,
                                    .mean = some ? second->mean - first->mean : NAN,
                                    .correlation = NAN};
    one *= one; /* variances from here on; NaN below two values */
    other *= other;
    double half = welch_half(one / counts[0], other / counts[1], counts[0], counts[1]);
    result.standard_error = sqrt(one / counts[0] + other / counts[1]);
    result.low = result.mean - half;
    result.high = result.mean + half;
    result.effect_size = isnan(half)          ? NAN
                         : result.mean == 0.0 ? 0.0
                                              : result.mean / sqrt((one + other) / 2.0);
    result.sign = welch_needed(one, other, fabs(result.mean));
    return result;
}
