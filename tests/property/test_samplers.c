/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The samplers of base/random against GSL's distributions: chi-square and Kolmogorov-Smirnov, at a level of
 * one in a million, with fixed seeds. Each sampler goes through its test twice: fair, and with a bias of half
 * a percent planted, which the same test must find; else it would prove nothing. */
#include <criterion/criterion.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/real.h"

#define DRAWS 8000000u
#define LEVEL 1e-6
#define BIAS  1.005 /* factor on a sampler's parameter */
#define CELLS 65536 /* of the unit interval */
#define MOST  256   /* counts from here on are one class */

static const struct pko_stream STREAM = {UINT64_C(20130701), 7};

/* --- The two tests
 * ------------------------------------------------------------------------------------------------ */

/* The probability of a chi-square as large as this one, classes of an expectation under 10 taken together. */
static double chi_square(const double *counts, const double *probabilities, size_t classes, double draws) {
    double statistic = 0.0, count = 0.0, expected = 0.0, freedom = -1.0;
    for (size_t k = 0; k < classes; k++) {
        count += counts[k];
        expected += draws * probabilities[k];
        double rest = 0.0;
        for (size_t j = k + 1; j < classes && rest < 10.0; j++)
            rest += draws * probabilities[j];
        if (expected < 10.0 || (rest < 10.0 && k + 1 < classes))
            continue; /* too few here, or too few would be left */
        statistic += (count - expected) * (count - expected) / expected;
        freedom += 1.0;
        count = expected = 0.0;
    }
    cr_assert(freedom >= 1.0);
    return gsl_cdf_chisq_Q(statistic, freedom);
}

/* The probability of a Kolmogorov-Smirnov distance as large as this one, asymptotically. The distance is
 * taken at the edges of the cells, which makes it smaller by 1/CELLS at most. */
static double kolmogorov(const double *cells, double draws) {
    double distance = 0.0, below = 0.0;
    for (int k = 0; k < CELLS; k++) {
        below += cells[k];
        distance = fmax(distance, fabs(below / draws - (k + 1.0) / CELLS));
    }
    double lambda = distance * sqrt(draws), sum = 0.0;
    if (lambda < 0.3)
        return 1.0;
    for (int j = 1; j <= 100; j++)
        sum += (j % 2 ? 2.0 : -2.0) * exp(-2.0 * j * j * lambda * lambda);
    return sum;
}

/* A continuous sampler: the k-th value, put through GSL's distribution function, so uniform if all is well.
 */
typedef double continuous(uint32_t k, double factor);

/* The smaller of the two tests' probabilities. */
static double test_continuous(continuous *sampler, double factor) {
    enum { GROUPS = 256 };
    double *cells = calloc(CELLS, sizeof *cells);
    cr_assert(cells != NULL);
    for (uint32_t k = 0; k < DRAWS; k++) {
        double v = sampler(k, factor);
        cr_assert(v >= 0.0 && v <= 1.0);
        cells[v < 1.0 ? (size_t)(v * CELLS) : CELLS - 1] += 1.0;
    }
    double groups[GROUPS] = {0}, even[GROUPS];
    for (int k = 0; k < CELLS; k++)
        groups[k / (CELLS / GROUPS)] += cells[k];
    for (int k = 0; k < GROUPS; k++)
        even[k] = 1.0 / GROUPS;
    double least = fmin(kolmogorov(cells, DRAWS), chi_square(groups, even, GROUPS, DRAWS));
    free(cells);
    return least;
}

static void hold_continuous(continuous *sampler) {
    double fair = test_continuous(sampler, 1.0), biased = test_continuous(sampler, BIAS);
    cr_expect(fair > LEVEL, "the sampler is off: p = %g", fair);
    cr_expect(biased < LEVEL, "half a percent is not found: p = %g", biased);
}

/* A sampler of counts: the k-th one, and the probability of a count as GSL has it. */
typedef uint32_t counting(uint32_t k, double factor);
typedef double mass(uint32_t count);

static double test_counting(counting *sampler, mass *probability, double factor) {
    double counts[MOST] = {0}, probabilities[MOST], rest = 1.0;
    for (uint32_t k = 0; k < DRAWS; k++) {
        uint32_t count = sampler(k, factor);
        counts[count < MOST ? count : MOST - 1] += 1.0;
    }
    for (uint32_t k = 0; k < MOST - 1; k++)
        rest -= probabilities[k] = probability(k);
    probabilities[MOST - 1] = fmax(rest, 0.0);
    return chi_square(counts, probabilities, MOST, DRAWS);
}

static void hold_counting(counting *sampler, mass *probability) {
    double fair = test_counting(sampler, probability, 1.0),
           biased = test_counting(sampler, probability, BIAS);
    cr_expect(fair > LEVEL, "the sampler is off: p = %g", fair);
    cr_expect(biased < LEVEL, "half a percent is not found: p = %g", biased);
}

/* --- Uniforms, along each part of an address
 * ------------------------------------------------------------------------ */

static double along_index(uint32_t k, double factor) {
    return pow(pko_uniform(pko_draw(STREAM, PKO_PURPOSE_ARRIVAL, 0, 3, k), 0), factor);
}
static double along_entity(uint32_t k, double factor) {
    return pow(pko_uniform(pko_draw(STREAM, PKO_PURPOSE_MEETING, 100, k, 0), 1), factor);
}
static double along_day_and_replicate(uint32_t k, double factor) {
    struct pko_stream stream = {1, k >> 12};
    return pow(pko_uniform(pko_draw(stream, PKO_PURPOSE_PLOT_COUNT, k & 4095, 2, 0), 0), factor);
}
static double along_seed(uint32_t k, double factor) {
    struct pko_stream stream = {k, 0};
    return pow(pko_uniform(pko_draw(stream, PKO_PURPOSE_STRIKE, 9, 1, 5), 1), factor);
}
static double single_words(uint32_t k, double factor) {
    return pow(pko_uniform_word(pko_draw(STREAM, PKO_PURPOSE_MEETING, 5, 5, k >> 2).word[k & 3]), factor);
}

Test(samplers, uniform_along_index) {
    hold_continuous(along_index);
}
Test(samplers, uniform_along_entity) {
    hold_continuous(along_entity);
}
Test(samplers, uniform_along_day_and_replicate) {
    hold_continuous(along_day_and_replicate);
}
Test(samplers, uniform_along_seed) {
    hold_continuous(along_seed);
}
Test(samplers, uniform_of_single_words) {
    hold_continuous(single_words);
}

#define PLACES 201
static uint32_t draw_below(uint32_t k, double factor) {
    double word = (double)pko_draw(STREAM, PKO_PURPOSE_CASUALTY, 0, 0, k).word[2] * factor;
    return pko_below(word < 4294967295.0 ? (uint32_t)word : UINT32_MAX, PLACES);
}
static double mass_below(uint32_t count) {
    return count < PLACES ? 1.0 / PLACES : 0.0;
}

Test(samplers, below) {
    hold_counting(draw_below, mass_below);
}

/* --- Neighbours are independent
 * ------------------------------------------------------------------------------------- */

/* The k-th pair of uniforms side by side along some part of the address; no uniform is in two pairs. */
typedef void neighbours(uint32_t k, double pair[2]);

static void halves(uint32_t k, double pair[2]) {
    struct pko_words words = pko_draw(STREAM, PKO_PURPOSE_TARGET, 1, 1, k);
    pair[0] = pko_uniform(words, 0);
    pair[1] = pko_uniform(words, 1);
}
static void next_index(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++)
        pair[i] = pko_uniform(pko_draw(STREAM, PKO_PURPOSE_SHARE, 1, 1, 2 * k + i), 0);
}
static void next_entity(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++)
        pair[i] = pko_uniform(pko_draw(STREAM, PKO_PURPOSE_SHARE, 1, 2 * k + i, 0), 0);
}
static void next_day(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++)
        pair[i] = pko_uniform(pko_draw(STREAM, PKO_PURPOSE_SHARE, 2 * (k & 4095) + i, k >> 12, 0), 0);
}
static void next_purpose(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++)
        pair[i] = pko_uniform(pko_draw(STREAM, (enum pko_purpose)(k % 22 + i), 1, k, 0), 0);
}
static void next_replicate(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++) {
        struct pko_stream stream = {4, 2 * (k & 0x3ffff) + i};
        pair[i] = pko_uniform(pko_draw(stream, PKO_PURPOSE_SHARE, 1, k >> 18, 0), 0);
    }
}
static void next_seed(uint32_t k, double pair[2]) {
    for (uint32_t i = 0; i < 2; i++) {
        struct pko_stream stream = {2 * k + i, 0};
        pair[i] = pko_uniform(pko_draw(stream, PKO_PURPOSE_SHARE, 1, 1, 0), 0);
    }
}

/* Planted: one pair in two hundred is a number and itself again. */
static double test_neighbours(neighbours *next, bool planted) {
    enum { SIDE = 64 };
    double counts[SIDE * SIDE] = {0}, even[SIDE * SIDE];
    for (uint32_t k = 0; k < DRAWS / 2; k++) {
        double pair[2];
        next(k, pair);
        if (planted && k % 200 == 0)
            pair[1] = pair[0];
        counts[(int)(pair[0] * SIDE) * SIDE + (int)(pair[1] * SIDE)] += 1.0;
    }
    for (int k = 0; k < SIDE * SIDE; k++)
        even[k] = 1.0 / (SIDE * SIDE);
    return chi_square(counts, even, SIDE * SIDE, DRAWS / 2);
}

Test(samplers, neighbours_are_independent) {
    neighbours *const all[] = {halves,       next_index,     next_entity, next_day,
                               next_purpose, next_replicate, next_seed};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        double fair = test_neighbours(all[k], false), biased = test_neighbours(all[k], true);
        cr_expect(fair > LEVEL, "neighbours %zu: p = %g", k, fair);
        cr_expect(biased < LEVEL, "neighbours %zu: what was planted is not found: p = %g", k, biased);
    }
}

/* --- The samplers
 * --------------------------------------------------------------------------------------------------- */

static double uniform(uint32_t k) {
    return pko_uniform(pko_draw(STREAM, PKO_PURPOSE_EXPERIMENT, 0, 0, k), 0);
}

static double exponential(uint32_t k, double factor) {
    return gsl_cdf_exponential_P(pko_exponential(35.0 * factor, uniform(k)), 35.0);
}
static double normal(uint32_t k, double factor) {
    return gsl_cdf_ugaussian_P(factor * pko_normal_quantile(uniform(k)));
}

Test(samplers, exponential) {
    hold_continuous(exponential);
}
Test(samplers, normal) {
    hold_continuous(normal);
}

static uint32_t poisson_half(uint32_t k, double factor) {
    return pko_poisson(0.5 * factor, uniform(k));
}
static uint32_t poisson_four(uint32_t k, double factor) {
    return pko_poisson(4.0 * factor, uniform(k));
}
static uint32_t poisson_thirty(uint32_t k, double factor) {
    return pko_poisson(30.0 * factor, uniform(k));
}
static uint32_t poisson_pieces(uint32_t k, double factor) {
    return pko_poisson_at(STREAM, PKO_PURPOSE_VISIT_COUNT, 1, k, 70.0 * factor);
}
static double mass_half(uint32_t count) {
    return gsl_ran_poisson_pdf(count, 0.5);
}
static double mass_four(uint32_t count) {
    return gsl_ran_poisson_pdf(count, 4.0);
}
static double mass_thirty(uint32_t count) {
    return gsl_ran_poisson_pdf(count, 30.0);
}
static double mass_pieces(uint32_t count) {
    return gsl_ran_poisson_pdf(count, 70.0);
}

Test(samplers, poisson_of_mean_one_half) {
    hold_counting(poisson_half, mass_half);
}
Test(samplers, poisson_of_mean_four) {
    hold_counting(poisson_four, mass_four);
}
Test(samplers, poisson_of_mean_thirty) {
    hold_counting(poisson_thirty, mass_thirty);
}
Test(samplers, poisson_in_three_pieces) {
    hold_counting(poisson_pieces, mass_pieces);
}

#define TAIL 2.2
#define CUT  30u
static uint32_t power_law(uint32_t k, double factor) {
    return pko_power_law(1.0, TAIL * factor, uniform(k), CUT);
}
static uint32_t power_law_of_three(uint32_t k, double factor) {
    return pko_power_law(3.0, TAIL * factor, uniform(k), 200);
}
static double mass_power_law(uint32_t count) {
    if (count < 1 || count > CUT)
        return 0.0;
    return gsl_cdf_pareto_Q(count, TAIL - 1.0, 1.0) -
           (count < CUT ? gsl_cdf_pareto_Q(count + 1, TAIL - 1.0, 1.0) : 0.0);
}
static double mass_power_law_of_three(uint32_t count) {
    if (count < 3 || count > 200)
        return 0.0;
    return gsl_cdf_pareto_Q(count, TAIL - 1.0, 3.0) -
           (count < 200 ? gsl_cdf_pareto_Q(count + 1, TAIL - 1.0, 3.0) : 0.0);
}

Test(samplers, power_law) {
    hold_counting(power_law, mass_power_law);
}
Test(samplers, power_law_of_least_three) {
    hold_counting(power_law_of_three, mass_power_law_of_three);
}

/* Σ_{n=1}^{cut} P(X ≥ n): the mean of a power law that is cut. */
Test(samplers, power_law_has_the_mean_of_a_cut_one) {
    double wanted = 0.0, sum = 0.0, squares = 0.0;
    for (uint32_t n = 1; n <= CUT; n++)
        wanted += pow(n, -(TAIL - 1.0));
    for (uint32_t k = 0; k < DRAWS; k++) {
        double size = power_law(k, 1.0);
        sum += size;
        squares += size * size;
    }
    double mean = sum / DRAWS, error = sqrt((squares / DRAWS - mean * mean) / DRAWS);
    cr_expect(fabs(mean - wanted) < 4.9 * error, "%g, not %g", mean, wanted); /* 1e-6, both sides */
    cr_expect(fabs(BIAS * mean - wanted) > 4.9 * error, "half a percent is not found");
}
