/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/runner.h"

#include <stdlib.h>

#include "experiment/kept.h"
#include "pkosim/mission.h"
#include "pkosim/status.h"

struct pko_runner pko_runner_start(const struct pko_plan *plan) {
    return (struct pko_runner){.plan = plan, .point = SIZE_MAX};
}

static void forget_observer(struct pko_runner *runner) {
    pko_observer_free(runner->observer);
    runner->observer = NULL;
}

/* The scenario of one point alone goes, and the observer, which knows it. */
static void forget_apart(struct pko_runner *runner) {
    if (!runner->apart)
        return;
    forget_observer(runner);
    pko_scenario_free(runner->apart);
    runner->apart = NULL;
}

void pko_runner_free(struct pko_runner *runner) {
    forget_observer(runner);
    pko_scenario_free(runner->apart);
    pko_scenario_free(runner->moving);
    free(runner->problems);
    *runner = pko_runner_start(runner->plan);
}

/* Reads the text again, for what the moving scenario cannot become, and for the words on what is refused. */
static int read_apart(struct pko_runner *runner) {
    forget_observer(runner);
    int status = pko_plan_scenario(runner->plan, runner->point, &runner->apart, &runner->problems);
    runner->scenario = runner->apart;
    return status;
}

void pko_runner_go(struct pko_runner *runner, size_t point) {
    if (runner->point == point)
        return;
    forget_apart(runner);
    free(runner->problems);
    runner->problems = NULL;
    runner->scenario = NULL;
    runner->point = point;
    runner->status = runner->moving ? PKO_OK : pko_plan_base(runner->plan, &runner->moving);
    if (runner->status == PKO_OK)
        runner->status = pko_plan_vary(runner->plan, point, runner->moving);
    if (runner->status == PKO_OK)
        runner->scenario = runner->moving;
    else if (runner->status != PKO_ERROR_MEMORY)
        runner->status = read_apart(runner);
}

int pko_runner_run(struct pko_runner *runner, size_t regime, uint32_t replicate, const atomic_int *stop,
                   atomic_uint_fast64_t *days, double *outcomes, float *const *series) {
    const struct pko_plan *plan = runner->plan;
    struct pko_mission *mission = NULL;
    int status = runner->status;
    if (status == PKO_OK)
        status = pko_mission_create(runner->scenario, plan->regime_names[regime], replicate, &mission);
    if (status == PKO_OK && !runner->observer)
        status = pko_observer_create(runner->scenario, &runner->observer);
    if (status == PKO_OK)
        status = pko_observer_start(runner->observer, mission);
    for (int day = 0; status == PKO_OK && day < runner->scenario->days; day++) {
        if (stop && atomic_load(stop)) {
            status = PKO_ERROR_INTERRUPTED;
            break;
        }
        status = pko_mission_step(mission);
        if (status == PKO_OK)
            status = pko_observer_day(runner->observer, mission);
        if (days)
            atomic_fetch_add(days, 1);
    }
    if (status == PKO_OK)
        status = pko_kept_take(plan, runner->observer, outcomes, series);
    pko_mission_free(mission);
    return status;
}
