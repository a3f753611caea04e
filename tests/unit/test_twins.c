/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "experiment/twins.h"
#include "pkosim/pkosim.h"

#define DAYS       12
#define REPLICATES 9

static const char *const regimes[] = {"minusma", "open", "silo"};
#define REGIMES 3

static struct pko_scenario *small(void) {
    static const struct pko_setting settings[] = {{"days", "12", "test"}, {"scale", "0.1", "test"}};
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    int status = pko_scenario_load("small", settings, 2, &scenario, &problems);
    cr_assert_eq(status, PKO_OK, "%s", problems ? problems : "");
    free(problems);
    return scenario;
}

/* What the callbacks see and are asked to do. */
struct witness {
    atomic_int stop;
    atomic_int inside; /* threads in the sink now */
    int most_inside;
    size_t taken; /* runs handed on */
    bool in_order;
    size_t stop_after, fail_after; /* of runs handed on; 0: never */
    uint64_t stop_days;            /* stop once so many days are done; 0: never */
    int nap_ms;                    /* time that the sink takes */
    uint64_t last_days, last_runs; /* the last progress told */
    bool rising;
    atomic_int rested; /* calls of rest, with all runs taken */
};

static int take(void *context, size_t regime, uint32_t replicate_index, const struct pko_observer *observer) {
    struct witness *witness = context;
    int inside = atomic_fetch_add(&witness->inside, 1) + 1;
    if (inside > witness->most_inside)
        witness->most_inside = inside;
    cr_assert_not_null(observer);
    witness->in_order &= witness->taken == replicate_index * REGIMES + regime;
    witness->taken++;
    struct timespec nap = {0, witness->nap_ms * 1000000L};
    nanosleep(&nap, NULL);
    if (witness->taken == witness->stop_after)
        atomic_store(&witness->stop, 1);
    int status = witness->taken == witness->fail_after ? PKO_ERROR_DISK : PKO_OK;
    atomic_fetch_sub(&witness->inside, 1);
    return status;
}

static void rest(void *context) {
    struct witness *witness = context;
    if (witness->taken == REPLICATES * REGIMES)
        atomic_fetch_add(&witness->rested, 1);
}

static void tell(void *context, const struct pko_twins_progress *now) {
    struct witness *witness = context;
    cr_assert_leq(now->days_done, now->days);
    cr_assert_leq(now->runs_done, now->runs);
    witness->rising &= now->days_done >= witness->last_days && now->runs_done >= witness->last_runs;
    witness->last_days = now->days_done;
    witness->last_runs = now->runs_done;
    if (witness->stop_days > 0 && now->days_done >= witness->stop_days)
        atomic_store(&witness->stop, 1);
}

static struct pko_twins_plan plan_for(const struct pko_scenario *scenario, struct witness *witness,
                                      int threads) {
    witness->in_order = witness->rising = true;
    return (struct pko_twins_plan){.scenario = scenario,
                                   .regimes = regimes,
                                   .regime_count = REGIMES,
                                   .replicates = REPLICATES,
                                   .threads = threads,
                                   .keep_values = true,
                                   .stop = &witness->stop,
                                   .sink = take,
                                   .progress = tell,
                                   .context = witness};
}

static bool same(double one, double other) {
    return memcmp(&one, &other, sizeof one) == 0 || (isnan(one) && isnan(other));
}

/* The values of a run computed by hand, without twins. */
static double *by_hand(const struct pko_scenario *scenario, const char *regime, uint32_t replicate) {
    struct pko_mission *mission = NULL;
    struct pko_observer *observer = NULL;
    cr_assert_eq(pko_mission_create(scenario, regime, replicate, &mission), PKO_OK);
    cr_assert_eq(pko_observer_create(scenario, &observer), PKO_OK);
    cr_assert_eq(pko_observer_start(observer, mission), PKO_OK);
    for (int day = 0; day < DAYS; day++) {
        cr_assert_eq(pko_mission_step(mission), PKO_OK);
        cr_assert_eq(pko_observer_day(observer, mission), PKO_OK);
    }
    double *values = calloc(pko_outcome_count(observer), sizeof *values);
    cr_assert_eq(pko_outcomes(observer, values), PKO_OK);
    pko_observer_free(observer);
    pko_mission_free(mission);
    return values;
}

Test(twins, runs_are_those_computed_by_hand) {
    struct pko_scenario *scenario = small();
    struct witness witness = {0};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 2);
    struct pko_twins_result result;
    plan.first_replicate = 5;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert_eq(result.replicates, REPLICATES);
    size_t differing = 0;
    for (size_t regime = 0; regime < REGIMES; regime++)
        for (uint32_t replicate = 0; replicate < REPLICATES; replicate += 4) {
            double *values = by_hand(scenario, regimes[regime], 5 + replicate);
            const double *kept = pko_twins_values(&result, regime, replicate);
            for (size_t k = 0; k < result.outcome_count; k++) {
                cr_assert(same(values[k], kept[k]), "%s: %g, by hand %g", result.names[k], kept[k],
                          values[k]);
                differing += !same(kept[k], pko_twins_values(&result, 0, 1)[k]);
            }
            free(values);
        }
    cr_assert_gt(differing, 0, "runs do differ from one another");
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, threads_take_part_and_change_nothing) {
    struct pko_scenario *scenario = small();
    struct pko_twins_result reference;
    struct witness first = {0};
    struct pko_twins_plan plan = plan_for(scenario, &first, 1);
    cr_assert_eq(pko_twins_run(&plan, &reference), PKO_OK);
    cr_assert_eq(reference.threads_used, 1);
    static const int counts[] = {2, 3, 7, 16};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        struct witness witness = {0};
        struct pko_twins_result result;
        plan = plan_for(scenario, &witness, counts[c]);
        cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
        cr_assert_eq(result.threads_used, counts[c], "%d threads were to be used, %d were", counts[c],
                     result.threads_used);
        cr_assert(witness.in_order && witness.taken == REGIMES * REPLICATES && witness.most_inside == 1);
        cr_assert_eq(result.outcome_count, reference.outcome_count);
        for (size_t k = 0; k < REGIMES * result.outcome_count; k++) {
            cr_assert(same(result.moments[k].mean, reference.moments[k].mean));
            cr_assert(same(result.moments[k].squares, reference.moments[k].squares));
        }
        for (size_t k = 0; k < (REGIMES - 1) * result.outcome_count; k++)
            cr_assert(same(result.pairs[k].product, reference.pairs[k].product));
        for (size_t k = 0; k < REGIMES * REPLICATES * result.outcome_count; k++)
            cr_assert(same(result.values[k], reference.values[k]));
        pko_twins_free(&result);
    }
    pko_twins_free(&reference);
    pko_scenario_free(scenario);
}

Test(twins, statistics_are_those_of_the_values) {
    struct pko_scenario *scenario = small();
    struct witness witness = {0};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 2);
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    for (size_t k = 0; k < result.outcome_count; k++)
        for (size_t regime = 0; regime < REGIMES; regime++) {
            struct pko_moments moments = {0};
            struct pko_pair_moments pair = {0};
            for (uint32_t r = 0; r < REPLICATES; r++) {
                double value = pko_twins_values(&result, regime, r)[k];
                pko_moments_add(&moments, value);
                pko_pair_add(&pair, pko_twins_values(&result, 0, r)[k], value);
            }
            const struct pko_moments *got = &result.moments[regime * result.outcome_count + k];
            cr_assert(got->count == moments.count && same(got->mean, moments.mean));
            if (regime > 0) {
                const struct pko_pair_moments *both = &result.pairs[(regime - 1) * result.outcome_count + k];
                cr_assert(same(both->product, pair.product) &&
                          same(both->difference.mean, pair.difference.mean));
            }
        }
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, a_stop_keeps_the_longest_complete_prefix) {
    struct pko_scenario *scenario = small();
    for (int threads = 1; threads <= 4; threads += 3) {
        struct witness witness = {.stop_after = 4 * REGIMES + 1};
        struct pko_twins_plan plan = plan_for(scenario, &witness, threads);
        struct pko_twins_result result;
        cr_assert_eq(pko_twins_run(&plan, &result), PKO_ERROR_INTERRUPTED);
        cr_assert(witness.in_order);
        cr_assert_eq(result.replicates, witness.taken / REGIMES, "%u of %zu runs", result.replicates,
                     witness.taken);
        cr_assert(result.replicates >= 4 && result.replicates < REPLICATES);
        cr_assert_eq(result.planned, REPLICATES);
        size_t most = 0;
        for (size_t k = 0; k < REGIMES * result.outcome_count; k++) {
            cr_assert_leq(result.moments[k].count, result.replicates, "no half replicate counts");
            most = result.moments[k].count > most ? result.moments[k].count : most;
        }
        cr_assert_eq(most, result.replicates);
        pko_twins_free(&result);
    }
    pko_scenario_free(scenario);
}

Test(twins, a_stop_is_heeded_between_days) {
    struct pko_scenario *scenario = small();
    struct witness witness = {.stop_days = 5};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 1);
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_ERROR_INTERRUPTED);
    cr_assert_eq(result.replicates, 0);
    cr_assert_eq(witness.taken, 0);
    cr_assert_eq(witness.last_days, 5, "not a day more than asked: %d", (int)witness.last_days);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, a_stop_after_the_last_day_loses_nothing) {
    struct pko_scenario *scenario = small();
    struct witness witness = {.stop_after = REGIMES * REPLICATES};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 3);
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert_eq(result.replicates, REPLICATES);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, a_failing_sink_ends_the_campaign_with_its_status) {
    struct pko_scenario *scenario = small();
    for (int threads = 1; threads <= 5; threads += 2) {
        struct witness witness = {.fail_after = 8};
        struct pko_twins_plan plan = plan_for(scenario, &witness, threads);
        struct pko_twins_result result;
        cr_assert_eq(pko_twins_run(&plan, &result), PKO_ERROR_DISK);
        cr_assert_eq(witness.taken, 8, "nothing is handed on after a failure");
        pko_twins_free(&result);
    }
    pko_scenario_free(scenario);
}

Test(twins, a_failing_run_ends_the_campaign_with_its_status) {
    struct pko_scenario *scenario = small();
    struct witness witness = {0};
    static const char *const names[] = {"minusma", "no_such_regime", "silo"};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 4);
    struct pko_twins_result result;
    plan.regimes = names;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_ERROR_NAME);
    cr_assert_eq(result.replicates, 0);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, finished_runs_do_not_pile_up_before_a_slow_sink) {
    struct pko_scenario *scenario = small();
    struct witness witness = {.nap_ms = 20};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 3);
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert(witness.in_order && witness.taken == REGIMES * REPLICATES && witness.most_inside == 1);
    cr_assert_gt(result.most_held, 1, "the sink was meant to be slow");
    cr_assert_leq(result.most_held, 6, "at most twice the threads, not %zu", result.most_held);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, progress_rises_to_the_whole) {
    struct pko_scenario *scenario = small();
    struct witness witness = {0};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 1);
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert(witness.rising);
    cr_assert_eq(witness.last_days, REGIMES * REPLICATES * DAYS);
    cr_assert_eq(witness.last_runs, REGIMES * REPLICATES);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

Test(twins, one_run_uses_one_thread_and_needs_no_callbacks) {
    struct pko_scenario *scenario = small();
    struct pko_twins_plan plan = {
        .scenario = scenario, .regimes = regimes, .regime_count = 1, .replicates = 1, .threads = 8};
    struct pko_twins_result result;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
    cr_assert_eq(result.threads_used, 1);
    cr_assert_eq(result.replicates, 1);
    cr_assert_null(pko_twins_values(&result, 0, 0));
    pko_twins_free(&result);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}

/* What is left to do at the end is everybody's, and comes after the last run. */
Test(twins, each_thread_takes_part_in_the_rest) {
    struct pko_scenario *scenario = small();
    for (int threads = 1; threads <= 3; threads++) {
        struct witness witness = {0};
        struct pko_twins_plan plan = plan_for(scenario, &witness, threads);
        struct pko_twins_result result;
        plan.rest = rest;
        cr_assert_eq(pko_twins_run(&plan, &result), PKO_OK);
        cr_expect_eq(atomic_load(&witness.rested), threads);
        pko_twins_free(&result);
    }
    struct witness witness = {.stop_after = 4};
    struct pko_twins_plan plan = plan_for(scenario, &witness, 2);
    struct pko_twins_result result;
    plan.rest = rest;
    cr_assert_eq(pko_twins_run(&plan, &result), PKO_ERROR_INTERRUPTED);
    cr_expect_eq(atomic_load(&witness.rested), 0);
    pko_twins_free(&result);
    pko_scenario_free(scenario);
}
