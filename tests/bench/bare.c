/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a campaign and nothing else, to hold `pkosim sweep` against: one thread, one run after the
 * other, no file.
 *
 * bare SCENARIO REPLICATES OUTCOME NAME VALUE...   runs both regimes of the scenario with setting NAME at
 * each VALUE and without records by group, and prints lines `name value`: `sum`, the outcome added over all
 * runs in the order of a campaign's table; `seconds` of the clock that the runs took, once the scenarios were
 * read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/keep_memory.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"

enum { USAGE = 64 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double outcome_of(const struct pko_observer *observer, const char *name) {
    size_t number = 0;
    double value = 0.0, *values = calloc(pko_outcome_count(observer), sizeof *values);
    while (pko_outcome_name(observer, number) && strcmp(pko_outcome_name(observer, number), name) != 0)
        number++;
    if (values && pko_outcome_name(observer, number) && pko_outcomes(observer, values) == 0)
        value = values[number];
    free(values);
    return value;
}

static int run(const struct pko_scenario *scenario, const char *regime, uint32_t replicate,
               const char *outcome, struct pko_observer *observer, double *sum) {
    struct pko_mission *mission = NULL;
    int status = pko_mission_create(scenario, regime, replicate, &mission);
    if (status == 0)
        status = pko_observer_start(observer, mission);
    for (int day = 0; day < scenario->days && status == 0; day++) {
        status = pko_mission_step(mission);
        if (status == 0)
            status = pko_observer_day(observer, mission);
    }
    if (status == 0)
        *sum += outcome_of(observer, outcome);
    pko_mission_free(mission);
    return status;
}

static int run_all(struct pko_scenario *const *scenarios, int count, uint32_t replicates,
                   const char *outcome) {
    double sum = 0.0, begun = now();
    int status = 0;
    for (int point = 0; point < count && status == 0; point++) {
        struct pko_observer *observer = NULL;
        status = pko_observer_create(scenarios[point], &observer);
        for (uint32_t replicate = 0; replicate < replicates; replicate++)
            for (int regime = 0; regime < scenarios[point]->regime_count && status == 0; regime++)
                status = run(scenarios[point], scenarios[point]->regimes[regime].name, replicate, outcome,
                             observer, &sum);
        pko_observer_free(observer);
    }
    printf("seconds %.6f\nsum %.17g\n", now() - begun, sum);
    return status;
}

int main(int count, char **words) {
    int points = count - 5, status = 0;
    keep_memory();
    struct pko_scenario **scenarios = points > 0 ? calloc((size_t)points, sizeof *scenarios) : NULL;
    if (!scenarios)
        return USAGE;
    for (int point = 0; point < points && status == 0; point++) {
        const struct pko_setting settings[] = {{"record.groups", "false", "bare"},
                                               {words[4], words[5 + point], "argument"}};
        char *problems = NULL;
        status = pko_scenario_load(words[1], settings, 2, &scenarios[point], &problems);
        if (status != 0 && problems)
            fputs(problems, stderr);
        free(problems);
    }
    if (status == 0)
        status = run_all(scenarios, points, (uint32_t)atoi(words[2]), words[3]);
    for (int point = 0; point < points; point++)
        pko_scenario_free(scenarios[point]);
    free(scenarios);
    return status != 0;
}
