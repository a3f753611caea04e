/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One day of one run, process by process: what each changed in the measures of the mission and its regions.
 * docs/model-tour.md walks through it. Usage: day SCENARIO REGIME REPLICATE DAY, days counted from 0.
 * After `make install`: cc day.c $(pkg-config --cflags --libs pkosim) -lm -o day && ./day minusma minusma 0
 * 2188 */
#include <math.h>
#include <pkosim/pkosim.h>
#include <stdio.h>
#include <stdlib.h>

enum { UNITS_MOST = 8, MEASURES_MOST = 200 };

struct day {
    const struct pko_scenario *scenario;
    double before[MEASURES_MOST][UNITS_MOST]; /* of each measure shown, as the process before left it */
};

/* Measures of the whole mission, by region, by class of plot and by channel of sharing. */
static int is_shown(const struct pko_scenario *scenario, const struct pko_measure *measure) {
    return measure->dimensions[1] == PKO_NONE && pko_measure_size(scenario, measure) <= UNITS_MOST &&
           (measure->dimensions[0] == PKO_NONE || measure->dimensions[0] == PKO_REGION ||
            measure->dimensions[0] == PKO_PLOT_CLASS || measure->dimensions[0] == PKO_CHANNEL);
}

static void print_change(const struct day *day, const struct pko_measure *measure, size_t unit, double before,
                         double after) {
    char name[128];
    if (measure->dimensions[0] == PKO_NONE)
        snprintf(name, sizeof name, "%s", measure->name);
    else
        snprintf(name, sizeof name, "%s %s", measure->name,
                 pko_dimension_label(day->scenario, measure->dimensions[0], unit));
    if (measure->count)
        printf("   %-32s %+.0f\n", name, after - before);
    else
        printf("   %-32s %.4f to %.4f\n", name, before, after);
}

/* Reads every measure shown; prints counts that rose and states that moved by 0.0005 or more. */
static void look(struct day *day, const struct pko_mission *mission, int print) {
    const struct pko_measure *measure;
    for (size_t k = 0; k < MEASURES_MOST && (measure = pko_measure(k)) != NULL; k++) {
        double values[UNITS_MOST];
        if (!is_shown(day->scenario, measure))
            continue;
        int units = pko_mission_read(mission, measure->name, values, UNITS_MOST);
        for (int unit = 0; unit < units; unit++) {
            double before = day->before[k][unit];
            if (print && fabs(values[unit] - before) >= (measure->count ? 0.5 : 0.0005))
                print_change(day, measure, (size_t)unit, before, values[unit]);
            day->before[k][unit] = values[unit];
        }
    }
}

/* Called after each process of the day. */
static void watch(void *context, const struct pko_mission *mission, int process) {
    printf("%d\n", process);
    look(context, mission, 1);
}

/* The strikes of the day, as the table of incidents holds them. */
static int print_strikes(const struct pko_scenario *scenario, const struct pko_mission *mission, int number) {
    static const char *const warned[] = {"not warned", "warned by others",
                                         "warned by a target's own collection"};
    struct pko_observer *observer = NULL;
    size_t count = 0;
    int status = pko_observer_create(scenario, &observer);
    if (status == PKO_OK)
        status = pko_observer_start(observer, mission);
    const struct pko_incident *incidents = status == PKO_OK ? pko_observer_incidents(observer, &count) : NULL;
    for (size_t k = 0; k < count; k++)
        if (incidents[k].day == number)
            printf("strike: %s in %s, %s, %s, %d killed, %d wounded\n",
                   pko_dimension_label(scenario, PKO_PLOT_CLASS, (size_t)incidents[k].plot_class),
                   pko_dimension_label(scenario, PKO_REGION, (size_t)incidents[k].region),
                   warned[incidents[k].warned], incidents[k].hit ? "hit" : "missed", incidents[k].killed,
                   incidents[k].wounded);
    pko_observer_free(observer);
    return status;
}

static int live_through(const struct pko_scenario *scenario, struct pko_mission *mission, int number) {
    struct day day = {.scenario = scenario};
    int status = PKO_OK;
    while (status == PKO_OK && pko_mission_day(mission) < number)
        status = pko_mission_step(mission);
    if (status != PKO_OK)
        return status;
    look(&day, mission, 0);
    pko_mission_watch(mission, watch, &day);
    status = pko_mission_step(mission);
    return status == PKO_OK ? print_strikes(scenario, mission, number) : status;
}

int main(int argc, char **argv) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL;
    char *problems = NULL;
    if (argc != 5) {
        fprintf(stderr, "usage: day SCENARIO REGIME REPLICATE DAY\n");
        return 2;
    }
    const struct pko_setting events = {"record.events", "true", "day"};
    int status = pko_scenario_load(argv[1], &events, 1, &scenario, &problems);
    if (status == PKO_OK)
        status = pko_mission_create(scenario, argv[2], (uint32_t)strtoul(argv[3], NULL, 10), &mission);
    if (status == PKO_OK)
        status = live_through(scenario, mission, (int)strtol(argv[4], NULL, 10));
    if (status != PKO_OK)
        fprintf(stderr, "day: %s\n%s", pko_status_text(status), problems ? problems : "");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
    return status == PKO_OK ? 0 : 1;
}
