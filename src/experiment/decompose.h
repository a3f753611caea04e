/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a regime's eight rules carries the difference between two regimes. Every mixture of the two, each
 * rule either A's or B's, runs as a twin in every replicate; a rule that both have alike needs no mixtures of
 * its own. From the mixtures follow, for each replicate and so with intervals over replicates:
 *   the Shapley value of each rule (experiment/shapley.h): they add up to B − A;
 *   alone: A with that rule of B, minus A;
 *   removed: B minus B with that rule of A. */
#ifndef PKO_EXPERIMENT_DECOMPOSE_H
#define PKO_EXPERIMENT_DECOMPOSE_H

#include "experiment/twins.h"
#include "model/scenario.h"

struct pko_decompose_plan {
    const struct pko_scenario *scenario;
    struct pko_regime first, second; /* A and B */
    uint32_t first_replicate, replicates;
    int threads;
    const atomic_int *stop; /* as in pko_twins_plan */
    void (*progress)(void *context, const struct pko_twins_progress *progress);
    void *context;
};

/* What one rule does to one outcome, over replicates. */
struct pko_rule_effect {
    struct pko_moments shapley, alone, removed;
};

struct pko_decomposition {
    size_t outcome_count, mixtures;
    bool differs[PKO_RULE_COUNT]; /* whether the two regimes differ in the rule */
    uint32_t replicates;          /* complete over all mixtures */
    char **names;                 /* [outcome] */
    /* Replicates in which any mixture misses an outcome are left out of all that is said of it. */
    struct pko_pair_moments *total; /* [outcome]: A, B and B − A */
    struct pko_rule_effect *effect; /* [outcome][rule]; of a rule that is alike: exactly 0 */
};

/* Mixtures that the two regimes need: 2 to the number of rules in which they differ. */
size_t pko_mixtures(const struct pko_regime *first, const struct pko_regime *second);
/* Runs the plan. PKO_OK; PKO_ERROR_INTERRUPTED when `stop` ended it, with the replicates that are complete;
 * another status. The result is freed with pko_decomposition_free in any case. */
int pko_decompose(const struct pko_decompose_plan *plan, struct pko_decomposition *result);
/* Legal on an all-zero result and twice. */
void pko_decomposition_free(struct pko_decomposition *result);

#endif
