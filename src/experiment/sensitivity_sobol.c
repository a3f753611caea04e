/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "experiment/sensitivity_rows.h"
#include "experiment/statistics.h"

size_t pko_sobol_scratch(const struct pko_sensitivity_input *input) {
    (void)input;
    return 1;
}

/* Covariance of two differences of points over replicates, a − b and c − d, over R: what noise adds to the
 * mean of the product of their means. 0 with one replicate, when it cannot be known. b, d NULL: no
 * difference. */
static double noise_of_product(const struct pko_sensitivity_input *input, const double *a, const double *b,
                               const double *c, const double *d) {
    struct pko_pair_moments pair = {0};
    if (input->replicates < 2)
        return 0.0;
    for (size_t r = 0; r < input->replicates; r++)
        pko_pair_add(&pair, a[r] - (b ? b[r] : 0.0), c[r] - (d ? d[r] : 0.0));
    double count = (double)input->replicates;
    return pair.product / (count - 1.0) / count;
}

/* Variance of the point means at A and B, and their mean. The luck that a replicate has everywhere moves them
 * all alike; the noise of a point is half of that of a difference A − B, in which the luck is gone. */
static double variance(const struct pko_sensitivity_work *work, double *mean) {
    const struct pko_sensitivity_input *input = work->input;
    size_t block = input->factors + 2, count = work->unit_count;
    struct pko_moments both = {0};
    double noise = 0.0;
    for (size_t k = 0; k < count; k++) {
        size_t a = work->units[work->chosen[k]] * block, b = a + 1;
        const double *at_a = input->values + a * input->replicates, *at_b = at_a + input->replicates;
        pko_moments_add(&both, work->means[a]);
        pko_moments_add(&both, work->means[b]);
        noise += noise_of_product(input, at_a, at_b, at_a, at_b) / 2.0;
    }
    *mean = both.mean;
    return both.squares / (double)both.count - noise / (double)count;
}

void pko_sobol_pass(struct pko_sensitivity_work *work) {
    const struct pko_sensitivity_input *input = work->input;
    size_t block = input->factors + 2, replicates = input->replicates;
    double mean = 0.0, all = variance(work, &mean), count = (double)work->unit_count;
    for (size_t factor = 0; factor < input->factors; factor++) {
        double first = 0.0, total = 0.0;
        for (size_t k = 0; k < work->unit_count; k++) {
            size_t a = work->units[work->chosen[k]] * block, b = a + 1, mixed = a + 2 + factor;
            const double *at_a = input->values + a * replicates, *at_b = input->values + b * replicates,
                         *at_mixed = input->values + mixed * replicates;
            double step = work->means[mixed] - work->means[a];
            /* Saltelli et al. (2010), b in their table 2; centred, which leaves the mean and calms it. */
            first += (work->means[b] - mean) * step - noise_of_product(input, at_b, NULL, at_mixed, at_a);
            total += step * step - noise_of_product(input, at_mixed, at_a, at_mixed, at_a);
        }
        double *value = work->value + factor * PKO_INDEX_PER_PASS;
        value[0] = all > 0.0 ? first / count / all : NAN;
        value[1] = all > 0.0 ? total / (2.0 * count) / all : NAN;
        value[2] = NAN;
    }
}
