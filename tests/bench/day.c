/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time of a day goes, in one run with an observer and without a file.
 *
 * day time SCENARIO REGIME DAYS [NAME=VALUE...]   prints lines `name value`: the widest clone of this
 * machine; when the first day was over (ns of the monotonic clock); individual-days and the most people of a
 * day; ns spent in each process, at both ends of the day (process 0) and in the observer; bytes of memory
 * that the run took at most (0 where the system does not tell). day again …   the same of a second run, in
 * memory that a first one has used, as all replicates of a program but the first have it. day count CLONE
 * SCENARIO REGIME DAYS [NAME=VALUE...]   runs with the loops of that instruction set and prints the
 * individual-days, for a profiler that counts instructions; status 3 where the machine has no such
 * instructions. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clones.h"
#include "bench/keep_memory.h"
#include "model/mission.h"
#include "pkosim/mission.h"
#include "pkosim/observe.h"
#include "pkosim/scenario.h"

enum { PROCESSES = 10, SETTINGS = 16, NOT_HERE = 3, USAGE = 64 };

static const char *const clone_name[] = {"generic", "v3", "v4"};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

/* Most memory that this program has held so far, in bytes. */
static double peak_memory(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[128];
    double kilobytes = 0.0;
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmHWM: %lf", &kilobytes);
    if (file)
        fclose(file);
    return 1024.0 * kilobytes;
}

struct clocks {
    double last, spent[PROCESSES + 1], observer, first_day_over;
};

static void watch(void *context, const struct pko_mission *mission, int process) {
    struct clocks *clocks = context;
    double time = now();
    (void)mission;
    clocks->spent[process] += time - clocks->last;
    clocks->last = time;
}

/* What stands before process 1 counts as part of it: the day cannot be watched earlier. */
static int timed_days(struct pko_mission *mission, struct pko_observer *observer, int days,
                      struct clocks *clocks, double *individual_days, uint32_t *most) {
    pko_mission_watch(mission, watch, clocks);
    for (int day = 0; day < days; day++) {
        clocks->last = now();
        int status = pko_mission_step(mission);
        watch(clocks, mission, 0);
        if (status == 0)
            status = pko_observer_day(observer, mission);
        double after = now();
        clocks->observer += after - clocks->last;
        if (status != 0)
            return status;
        if (day == 0)
            clocks->first_day_over = after;
        *individual_days += mission->people;
        *most = mission->people > *most ? mission->people : *most;
    }
    return 0;
}

static int time_run(struct pko_mission *mission, struct pko_observer *observer, int days, double before) {
    struct clocks clocks = {0};
    double individual_days = 0.0;
    uint32_t most = 0;
    int status = timed_days(mission, observer, days, &clocks, &individual_days, &most);
    printf("clone %s\nfirst_day_over %.0f\nindividual_days %.0f\npeople %u\n", clone_name[pko_level_of(NULL)],
           clocks.first_day_over, individual_days, most);
    for (int k = 0; k <= PROCESSES; k++)
        printf("process_%d %.0f\n", k, clocks.spent[k]);
    printf("observer %.0f\nmemory %.0f\n", clocks.observer, peak_memory() - before);
    return status;
}

/* Days that nobody times. */
static int plain_days(struct pko_mission *mission, struct pko_observer *observer, int days,
                      double *individual_days) {
    int status = 0;
    for (int day = 0; day < days && status == 0; day++) {
        status = pko_mission_step(mission);
        if (status == 0)
            status = pko_observer_day(observer, mission);
        *individual_days += mission->people;
    }
    return status;
}

/* A run of which nothing is told. Its memory stays with the program, as in src/cli/main.c. */
static int run_before(const struct pko_scenario *scenario, const char *regime, struct pko_observer *observer,
                      int days) {
    struct pko_mission *mission = NULL;
    double individual_days = 0.0;
    keep_memory();
    int status = pko_mission_create(scenario, regime, 0, &mission);
    if (status == 0)
        status = pko_observer_start(observer, mission);
    if (status == 0)
        status = plain_days(mission, observer, days, &individual_days);
    pko_mission_free(mission);
    return status;
}

static int count_run(struct pko_mission *mission, struct pko_observer *observer, int days,
                     const char *clone) {
    double individual_days = 0.0;
    mission->clone = clone;
    int status = plain_days(mission, observer, days, &individual_days);
    printf("individual_days %.0f\n", individual_days);
    return status;
}

/* The scenario with the settings of the command line; "days" is one of them, for the observer's records. */
static struct pko_scenario *load(char **words, int count) {
    struct pko_setting setting[SETTINGS] = {{"days", words[2], "DAYS"}};
    size_t settings = 1;
    for (int k = 3; k < count && settings < SETTINGS; k++) {
        char *value = strchr(words[k], '=');
        if (!value)
            return NULL;
        *value = '\0';
        setting[settings++] = (struct pko_setting){words[k], value + 1, "argument"};
    }
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    if (pko_scenario_load(words[0], setting, settings, &scenario, &problems) != 0 && problems)
        fputs(problems, stderr);
    free(problems);
    return scenario;
}

int main(int count, char **words) {
    bool again = count >= 5 && strcmp(words[1], "again") == 0;
    bool timing = again || (count >= 5 && strcmp(words[1], "time") == 0);
    const char *clone = count >= 6 && strcmp(words[1], "count") == 0 ? words[2] : NULL;
    if (!timing && !clone)
        return USAGE;
    if (clone && strcmp(clone_name[pko_level_of(clone)], clone) != 0)
        return NOT_HERE;
    words += timing ? 2 : 3;
    count -= timing ? 2 : 3;
    double before = peak_memory();
    struct pko_scenario *scenario = load(words, count);
    struct pko_mission *mission = NULL;
    struct pko_observer *observer = NULL;
    int days = atoi(words[2]), status = USAGE;
    if (scenario)
        status = pko_observer_create(scenario, &observer);
    if (status == 0 && again)
        status = run_before(scenario, words[1], observer, days);
    if (status == 0)
        status = pko_mission_create(scenario, words[1], 0, &mission);
    if (status == 0)
        status = pko_observer_start(observer, mission);
    if (status == 0)
        status =
            timing ? time_run(mission, observer, days, before) : count_run(mission, observer, days, clone);
    pko_observer_free(observer);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    return status != 0;
}
