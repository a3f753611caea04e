/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "experiment/points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "experiment/design.h"
#include "pkosim/status.h"

double pko_points_value(const struct pko_factor *factor, double unit) {
    if (factor->values.count)
        return factor->values.numbers[(int)floor(unit * (factor->values.count - 1) + 0.5)];
    double value = factor->least + unit * (factor->most - factor->least);
    if (factor->logarithmic) {
        double low = pko_log(factor->least), high = pko_log(factor->most);
        value = pko_exp(low + unit * (high - low));
    }
    if (factor->whole)
        value = floor(value + 0.5);
    if (unit <= 0.0 || value < factor->least)
        return factor->least;
    return unit >= 1.0 || value > factor->most ? factor->most : value;
}

/* The value that the scenario itself gives a parameter or a rule; NAN for an attribute, which may be more
 * than one number there. */
static double value_at_base(const struct pko_plan *plan, const struct pko_factor *factor) {
    int number = pko_parameter_find(factor->name);
    if (number >= 0 && number < PKO_FIRST_RULE)
        return pko_parameter_get(&plan->base->parameters, number);
    for (int k = 0; k < plan->base->regime_count; k++) {
        const struct pko_regime *regime = &plan->base->regimes[k];
        size_t length = strlen(regime->name);
        if (strncmp(factor->name, "regime.", 7) != 0 ||
            strncmp(factor->name + 7, regime->name, length) != 0 || factor->name[7 + length] != '.')
            continue;
        for (int rule = 0; rule < PKO_RULE_COUNT; rule++)
            if (strcmp(pko_parameter_info((size_t)(PKO_FIRST_RULE + rule))->name + 7,
                       factor->name + 8 + length) == 0)
                return regime->rule[rule];
    }
    return NAN;
}

/* Levels of each parameter in the designs that step. */
static void count_levels(const struct pko_plan *plan, int *each) {
    for (size_t k = 0; k < plan->factors; k++) {
        const struct pko_factor *factor = &plan->campaign->factors[k];
        each[k] = factor->values.count ? factor->values.count
                  : factor->levels     ? factor->levels
                                       : plan->campaign->levels;
    }
}

static int refuse(const struct pko_plan *plan, const struct pko_design *design, char **problems) {
    double points = 0.0;
    bool odd = design->kind == PKO_DESIGN_MORRIS && design->levels % 2 != 0;
    (void)pko_design_count(design, &points);
    free(*problems);
    int length = odd ? asprintf(problems, "%s:%d: levels: %d is odd; allowed in morris: even numbers\n",
                                plan->campaign->path, plan->campaign->levels_line, design->levels)
                     : asprintf(problems, "%s:%d: design: %s has %.6g points; allowed: 1 to %d\n",
                                plan->campaign->path, plan->campaign->design_line,
                                pko_design_name(design->kind), points, PKO_DESIGN_POINTS_MOST);
    if (length < 0)
        *problems = NULL;
    return PKO_ERROR_INPUT;
}

int pko_points_lay(struct pko_plan *plan, char **problems) {
    const struct pko_campaign *campaign = plan->campaign;
    int *each = calloc(plan->factors, sizeof *each);
    if (!each)
        return PKO_ERROR_MEMORY;
    count_levels(plan, each);
    const struct pko_design design = {.kind = campaign->design,
                                      .factors = plan->factors,
                                      .size = (size_t)campaign->size,
                                      .levels = campaign->levels,
                                      .seed = plan->base->seed,
                                      .each = each};
    int status = pko_design_lay(&design, &plan->points, &plan->values);
    if (status == PKO_ERROR_INPUT)
        status = refuse(plan, &design, problems);
    for (size_t k = 0; status == PKO_OK && k < plan->points * plan->factors; k++) {
        const struct pko_factor *factor = &campaign->factors[k % plan->factors];
        plan->values[k] =
            isnan(plan->values[k]) ? value_at_base(plan, factor) : pko_points_value(factor, plan->values[k]);
    }
    free(each);
    return status;
}
