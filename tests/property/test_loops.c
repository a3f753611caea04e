/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The extra hit is one more hit and nothing else; what is said of a cut is what a run with that cut says. */
#include <math.h>

#include "experiment/loops.h"
#include "process/incidents.h"
#include "support/small.h"

static double read_one(const struct pko_mission *mission, const char *name) {
    double value = NAN;
    cr_assert_geq(pko_mission_read(mission, name, &value, 1), 1, "%s", name);
    return value;
}

static double movement_hits(const struct pko_mission *mission) {
    double hits[4];
    cr_assert_eq(pko_mission_read(mission, "hits_by_class", hits, 4), 4);
    return hits[PKO_MOVEMENT];
}

static void verify(const struct pko_mission *mission) {
    char why[200];
    cr_assert_eq(pko_mission_verify(mission, why, sizeof why), PKO_OK, "%s", why);
}

Test(loops, an_extra_hit_is_one_more_hit) {
    struct pko_scenario *scenario = SMALL("scale", "0.2", "days", "200");
    for (uint32_t replicate = 0; replicate < 5; replicate++) {
        struct pko_mission *mission = mission_of(scenario, "minusma", replicate), *again = NULL;
        run_days(mission, 100);
        struct pko_mission *twin = clone_of(mission);
        cr_assert_eq(pko_extra_hit(twin, 1), PKO_OK);
        verify(twin);
        void *bytes = NULL;
        size_t size = 0;
        cr_assert(pko_mission_save(twin, &bytes, &size) == PKO_OK &&
                  pko_mission_load(scenario, bytes, size, &again) == PKO_OK);
        free(bytes);
        run_days(mission, 1);
        run_days(twin, 1);
        run_days(again, 1);
        verify(twin);
        cr_assert_eq(movement_hits(twin), movement_hits(mission) + 1.0);
        cr_assert_eq(pko_mission_hash(again), pko_mission_hash(twin), "it is saved and loaded");
        cr_assert_gt(read_one(twin, "danger"), read_one(mission, "danger"));
        cr_assert_gt(read_one(twin, "wounded") + read_one(twin, "deaths"),
                     read_one(mission, "wounded") + read_one(mission, "deaths"));
        cr_assert_eq(read_one(twin, "collected"), read_one(mission, "collected"), "nobody learned of it");
        run_days(twin, 60);
        verify(twin);
        pko_mission_free(mission);
        pko_mission_free(twin);
        pko_mission_free(again);
    }
    pko_scenario_free(scenario);
}

static struct pko_loops_plan plan_of(const struct pko_scenario *scenario) {
    return (struct pko_loops_plan){.scenario = scenario,
                                   .regime = "minusma",
                                   .cut_day = 20,
                                   .hit_day = 40,
                                   .horizon = 60,
                                   .replicates = 3,
                                   .threads = 2};
}

/* Moments of a plain run of the scenario that has the cut itself. */
static void same_as_run(const struct pko_loops *loops, size_t variant, const char *arrow) {
    struct pko_scenario *scenario =
        arrow ? SMALL("scale", "0.1", "days", "100", "cut", arrow) : SMALL("scale", "0.1", "days", "100");
    const char *regime = "minusma";
    struct pko_twins_plan plan = {
        .scenario = scenario, .regimes = &regime, .regime_count = 1, .replicates = 3, .threads = 1};
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert_eq(result.outcome_count, loops->twins.outcome_count);
    for (size_t k = 0; k < result.outcome_count; k++) {
        const struct pko_moments *one = &result.moments[k],
                                 *other = &loops->twins.moments[variant * result.outcome_count + k];
        cr_assert(one->count == other->count && one->mean == other->mean && one->squares == other->squares,
                  "%s of %s", result.names[k], arrow ? arrow : "the run as it is");
    }
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

static size_t differing(const struct pko_loops *loops, size_t variant) {
    size_t count = 0, n = loops->twins.outcome_count;
    for (size_t k = 0; k < n; k++)
        count += loops->twins.moments[variant * n + k].mean != loops->twins.moments[k].mean;
    return count;
}

Test(loops, a_variant_is_the_run_with_that_cut) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "100");
    struct pko_loops_plan plan = plan_of(scenario);
    struct pko_loops loops, one;
    cr_assert_eq(pko_loops_run(&plan, &loops), PKO_OK);
    cr_assert_eq(loops.variant_count, 1 + 11 + PKO_ARROW_COUNT);
    same_as_run(&loops, 0, NULL);
    size_t tips = pko_loops_place_of_arrow(PKO_ARROW_tips_to_warning),
           danger = pko_loops_place_of_arrow(PKO_ARROW_incidents_to_danger);
    cr_assert(differing(&loops, tips) > 5 && differing(&loops, danger) > 20);
    same_as_run(&loops, tips, "tips_to_warning@2018-07-21");
    same_as_run(&loops, danger, "incidents_to_danger@2018-07-21");
    plan.threads = 1;
    cr_assert_eq(pko_loops_run(&plan, &one), PKO_OK);
    cr_assert_eq(memcmp(one.responses, loops.responses,
                        loops.variant_count * PKO_IMPULSE_QUANTITIES * sizeof *one.responses),
                 0, "threads change nothing");
    pko_loops_free(&one);
    pko_loops_free(&loops);
    pko_loops_free(&loops);
    pko_scenario_free(scenario);
}

/* P8: the impulse passes through danger into reinforcement, and only through it. */
Test(loops, the_impulse_goes_the_way_of_the_arrows) {
    struct pko_scenario *scenario = SMALL("scale", "0.2", "days", "130");
    struct pko_loops_plan plan = plan_of(scenario);
    struct pko_loops loops;
    plan.horizon = 90;
    cr_assert_eq(pko_loops_run(&plan, &loops), PKO_OK);
    const struct pko_impulse_estimate *uncut = loops.responses;
    const struct pko_impulse_estimate *no_danger =
        loops.responses + pko_loops_place_of_arrow(PKO_ARROW_incidents_to_danger) * PKO_IMPULSE_QUANTITIES;
    const struct pko_impulse_estimate *no_ledger =
        loops.responses +
        pko_loops_place_of_arrow(PKO_ARROW_danger_to_reinforcement) * PKO_IMPULSE_QUANTITIES;
    double jump = uncut[PKO_IMPULSE_JUMP].mean, ledger = uncut[PKO_IMPULSE_REINFORCEMENT].mean;
    cr_assert(jump > 0.0 && ledger > 0.0 && uncut[PKO_IMPULSE_PLOTS].mean > 0.0);
    cr_assert_lt(uncut[PKO_IMPULSE_HALF_LIFE].mean, 90.0);
    cr_assert_lt(fabs(no_danger[PKO_IMPULSE_JUMP].mean), 0.01 * jump);
    cr_assert(isnan(no_danger[PKO_IMPULSE_GAIN].mean));
    cr_assert_lt(fabs(no_ledger[PKO_IMPULSE_REINFORCEMENT].mean), 0.05 * ledger);
    cr_assert_float_eq(no_ledger[PKO_IMPULSE_JUMP].mean, jump, 0.1 * jump);
    cr_assert_float_eq(no_ledger[PKO_IMPULSE_REINFORCEMENT].difference,
                       no_ledger[PKO_IMPULSE_REINFORCEMENT].mean - ledger, 1e-9);
    pko_loops_free(&loops);
    pko_scenario_free(scenario);
}

/* Every arrow is in the loops that its row names, and every loop has arrows. */
Test(loops, loops_and_arrows_name_one_another) {
    size_t memberships = 0;
    for (size_t loop = 0; pko_loop_name(loop); loop++) {
        size_t arrows = 0;
        for (size_t arrow = 0; arrow < PKO_ARROW_COUNT; arrow++)
            arrows += pko_loop_has(loop, arrow);
        cr_assert_geq(arrows, 2, "%s", pko_loop_name(loop));
        memberships += arrows;
    }
    size_t words = 0;
    for (size_t arrow = 0; pko_arrow_info(arrow); arrow++) {
        words++;
        for (const char *at = pko_arrow_info(arrow)->loops; *at; at++)
            words += *at == ' ';
    }
    cr_assert_eq(memberships, words);
}
