/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runners of a campaign: what is kept from one run to the next changes nothing. Each point and run is held
 * against a scenario read for it alone, and a runner made for it alone. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/runner.h"
#include "pkosim/mission.h"
#include "pkosim/status.h"
#include "support/plans.h"

/* Parameters, a rule of a built-in regime, and one of a regime that the scenario defines. */
#define RULES                                                                                                \
    "scenario: small\nsettings: {days: 40, scale: 0.1, danger.camp: 0.03,\n"                                 \
    "  regime_definitions: '{mine: {base: minusma, leak: 0.02}, other: {base: monusco}}'}\n"                 \
    "regimes: [mine, monusco]\nreplicates: 2\n"
#define LATIN                                                                                                \
    RULES                                                                                                    \
    "design: latin_hypercube\nsize: 6\nparameters: {danger.own: , threat.posture: , regime.mine.leak: ,"     \
    " regime.other.leak: , regime.monusco.leak: }\n"
/* Points of attributes among others: those are read apart. The rule of a regime that is not run is as the
 * scenario has it at most points. */
#define STEPS                                                                                                \
    RULES "design: one_at_a_time\nlevels: 2\nparameters: {contingents.chad.escort: {range: [0.1, 0.2]},"     \
          " danger.own: , regime.other.leak: , regions.gao.trust: , regime.mine.leak: }\noutcomes: [all]\n"

static void expect_same(const struct pko_scenario *one, const struct pko_scenario *other, size_t point) {
    cr_expect(memcmp(&one->parameters, &other->parameters, sizeof one->parameters) == 0, "point %zu", point);
    cr_assert(one->regime_count == other->regime_count && one->definition_count == other->definition_count);
    cr_expect(memcmp(one->regimes, other->regimes, (size_t)one->regime_count * sizeof *one->regimes) == 0);
    cr_expect(memcmp(one->definitions, other->definitions,
                     (size_t)one->definition_count * sizeof *one->definitions) == 0);
    cr_expect(strcmp(one->settings, other->settings) == 0, "%s\n%s", one->settings, other->settings);
    cr_expect(strcmp(one->text, other->text) == 0);
}

Test(runner, a_point_gone_to_is_the_point_read) {
    struct pko_plan *plan = test_plan(LATIN);
    struct pko_scenario *moving, *read, *before = NULL;
    char *problems;
    cr_assert(pko_plan_base(plan, &moving) == PKO_OK);
    expect_same(moving, plan->base, SIZE_MAX);
    for (size_t k = 0; k < 2 * plan->points; k++) {
        size_t point = k < plan->points ? k : 2 * plan->points - 1 - k;
        cr_assert(pko_plan_scenario(plan, point, &read, &problems) == PKO_OK);
        cr_assert(pko_plan_vary(plan, point, moving) == PKO_OK);
        expect_same(moving, read, point);
        cr_expect(!before || k == plan->points ||
                      memcmp(&before->parameters, &read->parameters, sizeof read->parameters) != 0,
                  "points differ");
        free(problems);
        pko_scenario_free(before);
        before = read;
    }
    pko_scenario_free(before);
    pko_scenario_free(moving);
    pko_plan_free(plan);
}

Test(runner, what_is_no_parameter_or_rule_is_left_to_reading) {
    struct pko_plan *plan = test_plan(STEPS);
    struct pko_scenario *moving, *read;
    char *problems;
    size_t apart = 0;
    cr_assert(pko_plan_base(plan, &moving) == PKO_OK);
    for (size_t k = 0; k < plan->points; k++) {
        size_t point = plan->points - 1 - k;
        const double *value = plan->values + point * plan->factors;
        bool attribute = !isnan(value[0]) || !isnan(value[3]);
        cr_expect(pko_plan_vary(plan, point, moving) == (attribute ? PKO_ERROR_NAME : PKO_OK));
        apart += attribute;
        if (attribute)
            continue;
        cr_assert(pko_plan_scenario(plan, point, &read, &problems) == PKO_OK);
        expect_same(moving, read, point);
        free(problems);
        pko_scenario_free(read);
    }
    cr_expect(apart == 4 && plan->points == 11);
    pko_scenario_free(moving);
    pko_plan_free(plan);
}

/* Outcomes of all runs of a point, [regime][replicate][kept]. */
static double *outcomes_at(struct pko_runner *runner, size_t point, int *status) {
    const struct pko_plan *plan = runner->plan;
    size_t runs = plan->regimes * plan->replicates;
    double *outcomes = calloc(runs * plan->kept_count, sizeof *outcomes);
    pko_runner_go(runner, point);
    *status = runner->status;
    for (size_t run = 0; *status == PKO_OK && run < runs; run++)
        cr_assert(pko_runner_run(runner, run / plan->replicates, (uint32_t)(run % plan->replicates), NULL,
                                 NULL, outcomes + run * plan->kept_count, NULL) == PKO_OK);
    return outcomes;
}

static void expect_same_runs(const char *text, size_t refused) {
    struct pko_plan *plan = test_plan(text);
    struct pko_runner kept = pko_runner_start(plan);
    size_t values = plan->regimes * plan->replicates * plan->kept_count, not_run = 0;
    for (size_t k = 0; k < 2 * plan->points; k++) {
        size_t point = k < plan->points ? k : 2 * plan->points - 1 - k;
        struct pko_runner fresh = pko_runner_start(plan);
        int status, other;
        double *one = outcomes_at(&kept, point, &status), *two = outcomes_at(&fresh, point, &other);
        cr_expect(status == other && memcmp(one, two, values * sizeof *one) == 0, "point %zu", point);
        not_run += status != PKO_OK;
        free(one);
        free(two);
        pko_runner_free(&fresh);
    }
    cr_expect(not_run == 2 * refused);
    pko_runner_free(&kept);
    pko_plan_free(plan);
}

Test(runner, runs_do_not_know_of_those_before) {
    expect_same_runs(LATIN, 0);
    expect_same_runs(STEPS, 0);
}

Test(runner, a_point_that_is_refused_says_why_and_leaves_no_trace) {
    /* one of four points has no class of plots left */
    const char *text = "scenario: small\nreplicates: 2\ndesign: grid\n"
                       "settings: {days: 40, scale: 0.1, threat.weight_camp: 0, threat.weight_soft: 0}\n"
                       "parameters: {threat.weight_movement: {values: [0, 0.5]},"
                       " threat.weight_population: {values: [0, 0.5]}}\n";
    struct pko_plan *plan = test_plan(text);
    struct pko_scenario *read, *moving;
    char *problems;
    cr_assert(plan->points == 4 && pko_plan_base(plan, &moving) == PKO_OK);
    cr_assert(pko_plan_scenario(plan, 0, &read, &problems) == PKO_ERROR_INPUT);
    cr_expect(pko_plan_vary(plan, 0, moving) == PKO_ERROR_RANGE);
    cr_expect(pko_plan_vary(plan, 1, moving) == PKO_OK);
    struct pko_runner runner = pko_runner_start(plan);
    pko_runner_go(&runner, 1);
    pko_runner_go(&runner, 0);
    cr_expect(runner.status == PKO_ERROR_INPUT && !runner.scenario);
    cr_expect(runner.problems && strcmp(runner.problems, problems) == 0, "%s", problems);
    pko_runner_free(&runner);
    free(problems);
    pko_scenario_free(moving);
    pko_plan_free(plan);
    expect_same_runs(text, 1);
}
