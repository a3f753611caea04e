/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "experiment/sensitivity_rows.h"
#include "experiment/statistics.h"

/* The factor that changes from a point to the next and by how much; SIZE_MAX if none or several do. */
static size_t step_of(const struct pko_sensitivity_input *input, size_t point, double *step) {
    const double *from = input->design + point * input->factors, *to = from + input->factors;
    size_t found = SIZE_MAX;
    for (size_t k = 0; k < input->factors; k++) {
        if (from[k] == to[k])
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = k;
        *step = to[k] - from[k];
    }
    return found;
}

size_t pko_morris_scratch(const struct pko_sensitivity_input *input) {
    return 3 * input->factors * sizeof(struct pko_moments) / sizeof(double);
}

void pko_morris_pass(struct pko_sensitivity_work *work) {
    const struct pko_sensitivity_input *input = work->input;
    struct pko_moments *plain = (struct pko_moments *)work->scratch, *absolute = plain + input->factors;
    memset(plain, 0, 2 * input->factors * sizeof *plain);
    for (size_t k = 0; k < work->unit_count; k++) {
        size_t first = work->units[work->chosen[k]] * (input->factors + 1);
        for (size_t point = first; point < first + input->factors; point++) {
            double step = 0.0;
            size_t factor = step_of(input, point, &step);
            if (factor == SIZE_MAX)
                continue;
            double effect = (work->means[point + 1] - work->means[point]) / step;
            pko_moments_add(&plain[factor], effect);
            pko_moments_add(&absolute[factor], fabs(effect));
        }
    }
    for (size_t k = 0; k < input->factors; k++) {
        double *value = work->value + k * PKO_INDEX_PER_PASS;
        value[0] = plain[k].count ? plain[k].mean : NAN;
        value[1] = absolute[k].count ? absolute[k].mean : NAN;
        value[2] = pko_moments_deviation(&plain[k]);
    }
}

void pko_morris_noise(const struct pko_sensitivity_work *work, double *noise) {
    const struct pko_sensitivity_input *input = work->input;
    struct pko_moments *variances = (struct pko_moments *)work->scratch;
    memset(variances, 0, input->factors * sizeof *variances);
    for (size_t k = 0; k < work->unit_count; k++) {
        size_t first = work->units[k] * (input->factors + 1);
        for (size_t point = first; point < first + input->factors; point++) {
            double step = 0.0;
            size_t factor = step_of(input, point, &step);
            if (factor == SIZE_MAX || isnan(work->means[point]) || isnan(work->means[point + 1]))
                continue;
            struct pko_moments effects = {0}; /* of twins: what they share is gone */
            const double *from = input->values + point * input->replicates, *to = from + input->replicates;
            for (size_t r = 0; r < input->replicates; r++)
                pko_moments_add(&effects, (to[r] - from[r]) / step);
            double deviation = pko_moments_deviation(&effects);
            pko_moments_add(&variances[factor], deviation * deviation / (double)input->replicates);
        }
    }
    for (size_t k = 0; k < input->factors; k++)
        noise[k] = variances[k].count ? sqrt(variances[k].mean) : NAN;
}
