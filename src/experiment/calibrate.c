/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/calibrate.h"

#include <time.h>

#include "experiment/twins.h"
#include "model/scenario.h"
#include "pkosim/status.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct effort {
    const struct pko_plan *plan;
    const atomic_int *stop;
    double end;
    atomic_uint_fast64_t days;
    atomic_uint next; /* number of the next run to begin */
    atomic_int status;
};

static bool goes_on(const struct effort *effort) {
    return atomic_load(&effort->status) == PKO_OK && !(effort->stop && atomic_load(effort->stop)) &&
           now() < effort->end;
}

/* One run, or as much of it as there is time for. */
static int run(struct effort *effort, unsigned number) {
    const struct pko_plan *plan = effort->plan;
    struct pko_mission *mission = NULL;
    struct pko_observer *observer = NULL;
    int status = pko_mission_create(plan->base, plan->regime_names[number % plan->regimes],
                                    number / (unsigned)plan->regimes, &mission);
    if (status == PKO_OK)
        status = pko_observer_create(plan->base, &observer);
    if (status == PKO_OK)
        status = pko_observer_start(observer, mission);
    for (int day = 0; status == PKO_OK && day < plan->base->days && goes_on(effort); day++) {
        status = pko_mission_step(mission);
        if (status == PKO_OK)
            status = pko_observer_day(observer, mission);
        atomic_fetch_add(&effort->days, 1);
    }
    pko_observer_free(observer);
    pko_mission_free(mission);
    return status;
}

static void work(struct effort *effort) {
    while (goes_on(effort)) {
        int status = run(effort, atomic_fetch_add(&effort->next, 1));
        if (status != PKO_OK)
            atomic_store(&effort->status, status);
    }
}

int pko_calibrate(const struct pko_plan *plan, int threads, double seconds, const atomic_int *stop,
                  double *days_per_second) {
    double begun = now();
    struct effort effort = {.plan = plan, .stop = stop, .end = begun + seconds};
    int team = pko_twins_threads(threads, (uint64_t)plan->points * plan->replicates * plan->regimes);
    (void)team; /* without OpenMP the block below runs once */
    atomic_init(&effort.status, PKO_OK);
#pragma omp parallel num_threads(team)
    work(&effort);
    double passed = now() - begun;
    *days_per_second = (double)atomic_load(&effort.days) / (passed > 0.0 ? passed : 1.0);
    int status = atomic_load(&effort.status);
    return status == PKO_OK && stop && atomic_load(stop) ? PKO_ERROR_INTERRUPTED : status;
}
