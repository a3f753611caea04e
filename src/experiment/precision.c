/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/precision.h"

#include <math.h>
#include <string.h>

#include "experiment/outcomes.h"

#define FIRST_LOOK 10u

bool pko_precision_look_due(uint32_t replicates) {
    uint64_t look = FIRST_LOOK;
    while (look < replicates)
        look *= 2;
    return look == replicates;
}

static size_t index_of(const struct pko_twins_result *result, const char *name) {
    size_t k = 0;
    while (k < result->outcome_count && strcmp(result->names[k], name) != 0)
        k++;
    return k;
}

/* Keeps what is furthest from its target, as a ratio; a half-width that does not exist is infinitely far. */
static void compare(struct pko_precision_look *look, const char *outcome, size_t regime, bool difference,
                    double half_width, double target) {
    double far =
        isnan(half_width) || !(target > 0.0) ? (half_width == 0.0 ? 0.0 : INFINITY) : half_width / target;
    double worst = look->outcome ? (isnan(look->half_width) || !(look->target > 0.0)
                                        ? (look->half_width == 0.0 ? 0.0 : INFINITY)
                                        : look->half_width / look->target)
                                 : -1.0;
    if (far > 1.0)
        look->enough = false;
    if (far > worst)
        *look = (struct pko_precision_look){look->replicates, look->enough, outcome, regime,
                                            difference,       half_width,   target};
}

static void look_at(struct pko_precision_look *look, const struct pko_precision *wanted,
                    const struct pko_twins_result *result, const char *name, bool named) {
    size_t k = index_of(result, name);
    if (k == result->outcome_count)
        return;
    const struct pko_outcome_info *info = pko_outcome_info_find(name);
    double first = pko_estimate(&result->moments[k]).mean;
    for (size_t regime = 0; regime < result->regime_count; regime++) {
        const struct pko_moments *moments = &result->moments[regime * result->outcome_count + k];
        if (moments->count == 0 && !named)
            continue;
        struct pko_estimate mean = pko_estimate(moments);
        double interest = info ? pko_smallest_effect(info, first) : 0.0;
        compare(look, name, regime, false, (mean.high - mean.low) / 2.0,
                wanted->precision * fmax(fabs(mean.mean), interest));
        if (regime == 0)
            continue;
        struct pko_difference pair = pko_difference(&result->pairs[(regime - 1) * result->outcome_count + k]);
        compare(look, name, regime, true, (pair.high - pair.low) / 2.0,
                wanted->precision * fmax(fmax(fabs(first), fabs(mean.mean)), interest));
    }
}

struct pko_precision_look pko_precision_look(const struct pko_precision *wanted,
                                             const struct pko_twins_result *result) {
    struct pko_precision_look look = {.replicates = result->replicates, .enough = true};
    for (size_t k = 0; k < wanted->count; k++)
        look_at(&look, wanted, result, wanted->names[k], true);
    for (size_t k = 0; wanted->count == 0 && pko_outcome_info(k); k++)
        look_at(&look, wanted, result, pko_outcome_info(k)->name, false);
    return look;
}
