/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/decompose.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/shapley.h"
#include "pkosim/status.h"

struct work {
    const struct pko_decompose_plan *plan;
    struct pko_decomposition *result;
    int rule[PKO_RULE_COUNT]; /* of each bit of a mixture's number */
    size_t bits;
    double *outcomes; /* of one run */
    double *worth;    /* [outcome][mixture], of the replicate at hand */
};

static size_t list_rules(const struct pko_regime *first, const struct pko_regime *second,
                         int rule[PKO_RULE_COUNT]) {
    size_t count = 0;
    for (int k = 0; k < PKO_RULE_COUNT; k++)
        if (first->rule[k] != second->rule[k])
            rule[count++] = k;
    return count;
}

size_t pko_mixtures(const struct pko_regime *first, const struct pko_regime *second) {
    int rule[PKO_RULE_COUNT];
    return (size_t)1 << list_rules(first, second, rule);
}

/* Mixture 0 is A, the last one B. */
static void mix(const struct work *work, size_t number, struct pko_regime *mixture) {
    *mixture = work->plan->first;
    snprintf(mixture->name, sizeof mixture->name, "mixture_%zu", number);
    for (size_t bit = 0; bit < work->bits; bit++)
        if (number >> bit & 1u)
            mixture->rule[work->rule[bit]] = work->plan->second.rule[work->rule[bit]];
}

static int begin(struct work *work, const struct pko_observer *observer) {
    struct pko_decomposition *result = work->result;
    size_t count = pko_outcome_count(observer);
    work->outcomes = calloc(count, sizeof *work->outcomes);
    work->worth = calloc(count * result->mixtures, sizeof *work->worth);
    result->names = calloc(count, sizeof *result->names);
    result->total = calloc(count, sizeof *result->total);
    result->effect = calloc(count * PKO_RULE_COUNT, sizeof *result->effect);
    if (!work->outcomes || !work->worth || !result->names || !result->total || !result->effect)
        return PKO_ERROR_MEMORY;
    result->outcome_count = count;
    for (size_t k = 0; k < count; k++) {
        result->names[k] = strdup(pko_outcome_name(observer, k));
        if (!result->names[k])
            return PKO_ERROR_MEMORY;
    }
    return PKO_OK;
}

/* One outcome of a replicate whose mixtures are all there. */
static void add_outcome(struct work *work, size_t outcome) {
    struct pko_decomposition *result = work->result;
    size_t all = result->mixtures - 1;
    const double *worth = work->worth + outcome * result->mixtures;
    double value[PKO_RULE_COUNT];
    for (size_t k = 0; k <= all; k++)
        if (isnan(worth[k]))
            return;
    pko_pair_add(&result->total[outcome], worth[0], worth[all]);
    pko_shapley(work->bits, worth, value);
    struct pko_rule_effect *effect = result->effect + outcome * PKO_RULE_COUNT;
    for (size_t bit = 0; bit < work->bits; bit++) {
        struct pko_rule_effect *of = &effect[work->rule[bit]];
        pko_moments_add(&of->shapley, value[bit]);
        pko_moments_add(&of->alone, worth[(size_t)1 << bit] - worth[0]);
        pko_moments_add(&of->removed, worth[all] - worth[all & ~((size_t)1 << bit)]);
    }
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++)
        if (!result->differs[rule]) {
            pko_moments_add(&effect[rule].shapley, 0.0);
            pko_moments_add(&effect[rule].alone, 0.0);
            pko_moments_add(&effect[rule].removed, 0.0);
        }
}

/* Runs come in order, the mixtures of a replicate next to one another. */
static int take(void *context, size_t mixture, uint32_t replicate_index,
                const struct pko_observer *observer) {
    struct work *work = context;
    struct pko_decomposition *result = work->result;
    int status = work->worth ? PKO_OK : begin(work, observer);
    if (status == PKO_OK)
        status = pko_outcomes(observer, work->outcomes);
    if (status != PKO_OK)
        return status;
    for (size_t k = 0; k < result->outcome_count; k++)
        work->worth[k * result->mixtures + mixture] = work->outcomes[k];
    if (mixture + 1 < result->mixtures)
        return PKO_OK;
    for (size_t k = 0; k < result->outcome_count; k++)
        add_outcome(work, k);
    result->replicates = replicate_index + 1;
    return PKO_OK;
}

static void tell(void *context, const struct pko_twins_progress *progress) {
    const struct work *work = context;
    if (work->plan->progress)
        work->plan->progress(work->plan->context, progress);
}

int pko_decompose(const struct pko_decompose_plan *plan, struct pko_decomposition *result) {
    struct work work = {.plan = plan, .result = result};
    *result = (struct pko_decomposition){0};
    work.bits = list_rules(&plan->first, &plan->second, work.rule);
    for (size_t bit = 0; bit < work.bits; bit++)
        result->differs[work.rule[bit]] = true;
    result->mixtures = (size_t)1 << work.bits;
    struct pko_regime *mixtures = calloc(result->mixtures, sizeof *mixtures);
    const char **names = calloc(result->mixtures, sizeof *names);
    struct pko_twins_result twins = {0};
    int status = PKO_ERROR_MEMORY;
    if (mixtures && names) {
        for (size_t k = 0; k < result->mixtures; k++) {
            mix(&work, k, &mixtures[k]);
            names[k] = mixtures[k].name;
        }
        /* A copy that owns nothing but has the mixtures for its regimes. */
        struct pko_scenario mixed = *plan->scenario;
        mixed.regimes = mixtures;
        mixed.regime_count = (int)result->mixtures;
        struct pko_twins_plan runs = {.scenario = &mixed,
                                      .regimes = names,
                                      .regime_count = result->mixtures,
                                      .first_replicate = plan->first_replicate,
                                      .replicates = plan->replicates,
                                      .threads = plan->threads,
                                      .stop = plan->stop,
                                      .sink = take,
                                      .progress = tell,
                                      .context = &work};
        status = pko_twins_run(&runs, &twins);
    }
    pko_twins_free(&twins);
    free(work.outcomes);
    free(work.worth);
    free(mixtures);
    free(names);
    return status;
}

void pko_decomposition_free(struct pko_decomposition *result) {
    for (size_t k = 0; result->names && k < result->outcome_count; k++)
        free(result->names[k]);
    free(result->names);
    free(result->total);
    free(result->effect);
    *result = (struct pko_decomposition){0};
}
