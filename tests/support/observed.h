/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run with its observer, and its outcomes by name. */
#ifndef PKO_TEST_OBSERVED_H
#define PKO_TEST_OBSERVED_H

#include <math.h>
#include <stdio.h>

#include "model/mission.h"
#include "support/small.h"

struct observed {
    struct pko_scenario *scenario;
    struct pko_mission *mission;
    struct pko_observer *observer;
    double *outcome;
};

static inline struct observed begin(struct pko_scenario *scenario, const char *regime) {
    struct observed run = {scenario, mission_of(scenario, regime, 0), NULL, NULL};
    cr_assert_eq(pko_observer_create(scenario, &run.observer), PKO_OK);
    cr_assert_eq(pko_observer_start(run.observer, run.mission), PKO_OK);
    return run;
}
static inline void observe_day(struct observed *run) {
    run_days(run->mission, 1);
    cr_assert_eq(pko_observer_day(run->observer, run->mission), PKO_OK);
}
static inline void take_outcomes(struct observed *run) {
    run->outcome = malloc(pko_outcome_count(run->observer) * sizeof *run->outcome);
    cr_assert_not_null(run->outcome);
    cr_assert_eq(pko_outcomes(run->observer, run->outcome), PKO_OK);
}
/* The whole run of the scenario. */
static inline struct observed observe(struct pko_scenario *scenario, const char *regime) {
    struct observed run = begin(scenario, regime);
    for (int day = 0; day < scenario->days; day++)
        observe_day(&run);
    take_outcomes(&run);
    return run;
}
static inline void end(struct observed *run) {
    free(run->outcome);
    pko_observer_free(run->observer);
    pko_mission_free(run->mission);
    pko_scenario_free(run->scenario);
}

static inline double outcome(const struct observed *run, const char *name) {
    for (size_t k = 0; pko_outcome_name(run->observer, k); k++)
        if (strcmp(pko_outcome_name(run->observer, k), name) == 0)
            return run->outcome[k];
    cr_assert_fail("no outcome '%s'", name);
    return NAN;
}
static inline double outcome_of(const struct observed *run, const char *format, const char *which) {
    char name[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(name, sizeof name, format, which);
#pragma GCC diagnostic pop
    return outcome(run, name);
}
static inline double years(const struct observed *run) {
    return run->scenario->days / 365.25;
}

static inline size_t measure_number(const char *name) {
    size_t k = 0;
    while (pko_measure(k) && strcmp(pko_measure(k)->name, name) != 0)
        k++;
    cr_assert_not_null(pko_measure(k), "no measure '%s'", name);
    return k;
}

#endif
