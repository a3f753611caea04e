/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decomposition over rules: what it says of mixtures is what runs of those mixtures say. */
#include <math.h>

#include "experiment/decompose.h"
#include "support/small.h"

static const char REGIMES[] = "regime_definitions:\n"
                              "  first: {base: minusma}\n"
                              "  second: {base: minusma, mail_rate: 0.9, leak: 0.05}\n"
                              "  mail: {base: minusma, mail_rate: 0.9}\n"
                              "  leaky: {base: minusma, leak: 0.05}\n";

static struct pko_scenario *load(void) {
    struct pko_scenario *scenario = small_with(REGIMES);
    scenario->days = 60;
    scenario->scale = 0.1;
    scenario->record_groups = false;
    return scenario;
}

static struct pko_decompose_plan plan_of(const struct pko_scenario *scenario, const char *first,
                                         const char *second) {
    struct pko_decompose_plan plan = {.scenario = scenario, .replicates = 4, .threads = 2};
    cr_assert(pko_scenario_regime(scenario, first, &plan.first) == PKO_OK);
    cr_assert(pko_scenario_regime(scenario, second, &plan.second) == PKO_OK);
    return plan;
}

enum { MAIL = 2, LEAK = 7 };

Test(decompose, mixtures_are_runs) {
    struct pko_scenario *scenario = load();
    static const char *const names[] = {"first", "mail", "leaky", "second"};
    struct pko_decompose_plan plan = plan_of(scenario, "first", "second");
    struct pko_decomposition result;
    struct pko_twins_result twins;
    struct pko_twins_plan runs = {
        .scenario = scenario, .regimes = names, .regime_count = 4, .replicates = 4, .threads = 1};
    cr_assert_eq(pko_mixtures(&plan.first, &plan.second), 4);
    cr_assert(pko_decompose(&plan, &result) == PKO_OK && pko_twins_run(&runs, &twins) == PKO_OK);
    cr_assert(result.mixtures == 4 && result.replicates == 4);
    cr_assert(result.outcome_count == twins.outcome_count && twins.outcome_count > 50);
    size_t moved = 0, seen = 0, n = twins.outcome_count;
    for (size_t k = 0; k < n; k++) {
        const struct pko_rule_effect *effect = result.effect + k * PKO_RULE_COUNT;
        if (twins.moments[k].count < 4 || result.total[k].difference.count < 4)
            continue;
        double scale = 1e-12 * (1.0 + fabs(twins.moments[k].mean));
        double mean[4], sum = 0.0;
        for (size_t r = 0; r < 4; r++)
            mean[r] = twins.moments[r * n + k].mean;
        cr_assert_float_eq(effect[MAIL].alone.mean, mean[1] - mean[0], scale, "%s", result.names[k]);
        cr_assert_float_eq(effect[LEAK].alone.mean, mean[2] - mean[0], scale, "%s", result.names[k]);
        cr_assert_float_eq(effect[MAIL].removed.mean, mean[3] - mean[2], scale, "%s", result.names[k]);
        cr_assert_float_eq(effect[LEAK].removed.mean, mean[3] - mean[1], scale, "%s", result.names[k]);
        cr_assert_float_eq(result.total[k].difference.mean, mean[3] - mean[0], scale);
        for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
            sum += effect[rule].shapley.mean;
            if (rule != MAIL && rule != LEAK)
                cr_assert(effect[rule].shapley.mean == 0.0 && effect[rule].shapley.count == 4 &&
                          effect[rule].shapley.squares == 0.0);
        }
        cr_assert_float_eq(sum, mean[3] - mean[0], scale, "%s", result.names[k]);
        seen++;
        moved += effect[MAIL].alone.mean != 0.0;
    }
    cr_assert(seen > 50 && moved > 20, "%zu outcomes, %zu moved", seen, moved);
    pko_decomposition_free(&result);
    pko_twins_free(&twins);
    pko_scenario_free(scenario);
}

Test(decompose, threads_change_nothing_and_a_regime_from_itself_is_nothing) {
    struct pko_scenario *scenario = load();
    struct pko_decompose_plan plan = plan_of(scenario, "first", "second");
    struct pko_decomposition one, other;
    cr_assert(pko_decompose(&plan, &other) == PKO_OK);
    plan.threads = 1;
    cr_assert(pko_decompose(&plan, &one) == PKO_OK);
    size_t effects = one.outcome_count * PKO_RULE_COUNT;
    cr_assert(one.outcome_count == other.outcome_count &&
              memcmp(one.effect, other.effect, effects * sizeof *one.effect) == 0);
    pko_decomposition_free(&other);
    plan.second = plan.first;
    cr_assert(pko_decompose(&plan, &other) == PKO_OK && other.mixtures == 1);
    for (size_t k = 0; k < other.outcome_count; k++)
        cr_assert(other.total[k].difference.mean == 0.0);
    pko_decomposition_free(&one);
    pko_decomposition_free(&other);
    pko_decomposition_free(&other);
    pko_scenario_free(scenario);
}

static void stop_after_ten(void *stop, const struct pko_twins_progress *now) {
    if (now->runs_done >= 10)
        atomic_store((atomic_int *)stop, 1);
}

/* A replicate of which a mixture is missing is no part of the result. */
Test(decompose, stopped_early_holds_whole_replicates) {
    struct pko_scenario *scenario = load();
    struct pko_decompose_plan plan = plan_of(scenario, "first", "second");
    atomic_int stop = 0;
    struct pko_decomposition result;
    plan.threads = 1;
    plan.stop = &stop;
    plan.progress = stop_after_ten;
    plan.context = &stop;
    cr_assert_eq(pko_decompose(&plan, &result), PKO_ERROR_INTERRUPTED);
    cr_assert_eq(result.replicates, 2);
    for (size_t k = 0; k < result.outcome_count; k++)
        cr_assert_leq(result.total[k].difference.count, 2);
    pko_decomposition_free(&result);
    pko_scenario_free(scenario);
}
