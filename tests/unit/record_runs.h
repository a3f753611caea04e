/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small runs for the tests of src/record: a scenario of two regions, three camps and four groups, and
 * observers whose values are functions of (regime, replicate, measure, place), so that whatever a file gives
 * back can be checked. The functions of pkosim/observe.h are defined here and stand in for the engine's. To
 * be included once a program. */
#ifndef TESTS_RECORD_RUNS_H
#define TESTS_RECORD_RUNS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/pkosim.h"

struct runs_shape {
    int days, every, snapshots;
    bool groups, events;
};

static const struct pko_measure runs_measures[] = {
    {"alpha", {PKO_NONE, PKO_NONE}, false, "1", 0, 1000000, "a state (ODD 7)", false},
    {"reinforcement_by_group", {PKO_GROUP, PKO_NONE}, false, "1", 0, 1000000, "a state by group", true},
    {"gamma", {PKO_CATEGORY, PKO_CAMP_DIM}, false, "1", 0, 1000000, "a state by category and camp", false},
    {"delta", {PKO_REGION, PKO_NONE}, true, "event", 0, INFINITY, "a count by region", false},
    {"epsilon", {PKO_QUANTILE, PKO_NONE}, false, "1", -INFINITY, INFINITY, "quantiles", false},
};
#define RUNS_MEASURES 5
#define RUNS_TRUST    90 /* number under which runs_value gives the trust matrices */
#define RUNS_OUTCOMES 3

/* A third of the places of a state by group are missing. */
static float runs_value(size_t regime, uint32_t replicate, size_t measure, size_t place) {
    if (measure == 1 && place % 3 == 1)
        return NAN;
    return (float)((regime * 7919 + replicate * 104729 + measure * 1299709 + place * 31) % 65536) / 64;
}

static int32_t runs_people(size_t regime, uint32_t replicate, size_t place) {
    return (int32_t)((regime * 3 + replicate * 5 + place) % 1000);
}

static double runs_outcome(size_t regime, uint32_t replicate, size_t number) {
    return number == 2 && replicate % 2 == 1 ? NAN
                                             : (double)(regime * 1000 + replicate) + 0.1 * (double)number;
}

static size_t runs_incidents(size_t regime, uint32_t replicate) {
    return (regime + 2 * replicate) % 4;
}

static void runs_group(struct pko_group *group, const char *name, enum pko_group_kind kind,
                       enum pko_bloc bloc, const char *country) {
    snprintf(group->name, sizeof group->name, "%s", name);
    snprintf(group->country, sizeof group->country, "%s", country);
    group->kind = kind;
    group->bloc = bloc;
}

/* A scenario to be freed with pko_scenario_free. */
static struct pko_scenario *runs_scenario(struct runs_shape shape) {
    static const char *const camps[] = {"alpha_camp", "beta_camp", "gamma_camp"};
    struct pko_scenario *scenario = NULL;
    if (pko_scenario_create(&scenario) != PKO_OK)
        abort();
    strcpy(scenario->name, "tiny");
    free(scenario->text);
    scenario->text = strdup("name: tiny\n# Zwölf\n");
    scenario->start = 17713; /* 2018-07-01 */
    scenario->days = shape.days;
    scenario->record_every = shape.every;
    scenario->record_groups = shape.groups;
    scenario->record_events = shape.events;
    scenario->snapshot_count = shape.snapshots;
    scenario->regions = calloc(2, sizeof *scenario->regions);
    scenario->region_count = 2;
    strcpy(scenario->regions[0].name, "north");
    strcpy(scenario->regions[1].name, "south");
    scenario->camps = calloc(3, sizeof *scenario->camps);
    scenario->camp_count = 3;
    for (int k = 0; k < 3; k++) {
        strcpy(scenario->camps[k].name, camps[k]);
        scenario->camps[k].region = k / 2;
        scenario->camps[k].lat = k == 0 ? NAN : 16.25 + k;
        scenario->camps[k].lon = k == 0 ? NAN : -3.5 + k;
    }
    scenario->groups = calloc(4, sizeof *scenario->groups);
    scenario->group_count = 4;
    runs_group(&scenario->groups[0], "one", PKO_CONTINGENT, PKO_NATO, "DEU");
    runs_group(&scenario->groups[1], "two", PKO_CONTINGENT, PKO_AFRICAN, "TCD");
    runs_group(&scenario->groups[2], "guards", PKO_POLICE, PKO_BLOC_POLICE, "SEN");
    runs_group(&scenario->groups[3], "jmac", PKO_SECTION, PKO_BLOC_CIVILIAN, "");
    return scenario;
}

struct pko_observer {
    const struct pko_scenario *scenario;
    float *series[RUNS_MEASURES];
    float *trust;
    int32_t *people;
    size_t regime;
    uint32_t replicate;
    struct pko_incident incidents[4];
    struct pko_convoy_event convoy;
};

const char *pko_dimension_name(enum pko_dimension dimension) {
    static const char *const names[] = {
        [PKO_REGION] = "region",     [PKO_CAMP_DIM] = "camp",           [PKO_GROUP] = "group",
        [PKO_TOWARD] = "toward",     [PKO_CATEGORY] = "category",       [PKO_PLOT_CLASS] = "plot_class",
        [PKO_QUANTILE] = "quantile", [PKO_BIN_A] = "reinforcement_bin", [PKO_BIN_B] = "resistance_bin"};
    return names[dimension];
}

size_t pko_dimension_size(const struct pko_scenario *scenario, enum pko_dimension dimension) {
    (void)scenario;
    static const size_t sizes[PKO_DIMENSIONS] = {
        [PKO_NONE] = 1,     [PKO_REGION] = 2,   [PKO_CAMP_DIM] = 3,   [PKO_GROUP] = 4,  [PKO_TOWARD] = 4,
        [PKO_CATEGORY] = 2, [PKO_QUANTILE] = 3, [PKO_PLOT_CLASS] = 4, [PKO_BIN_A] = 20, [PKO_BIN_B] = 20};
    return sizes[dimension];
}

const char *pko_dimension_label(const struct pko_scenario *scenario, enum pko_dimension dimension,
                                size_t unit) {
    static const char *const quantiles[] = {"0.1", "0.5", "0.9"};
    static const char *const categories[] = {"uniformed", "civilian"};
    switch (dimension) {
    case PKO_REGION:
        return scenario->regions[unit].name;
    case PKO_CAMP_DIM:
        return scenario->camps[unit].name;
    case PKO_GROUP:
    case PKO_TOWARD:
        return scenario->groups[unit].name;
    case PKO_QUANTILE:
        return quantiles[unit];
    case PKO_CATEGORY:
        return categories[unit];
    case PKO_PLOT_CLASS:
        return pko_plot_class_name((enum pko_plot_class)unit);
    default:
        return "0.5";
    }
}

const struct pko_measure *pko_measure(size_t number) {
    return number < RUNS_MEASURES ? &runs_measures[number] : NULL;
}

size_t pko_measure_size(const struct pko_scenario *scenario, const struct pko_measure *measure) {
    return pko_dimension_size(scenario, measure->dimensions[0]) *
           pko_dimension_size(scenario, measure->dimensions[1]);
}

size_t pko_record_count(const struct pko_scenario *scenario) {
    return (size_t)((scenario->days - 1) / scenario->record_every + 1);
}

size_t pko_snapshot_count(const struct pko_scenario *scenario) {
    return (size_t)scenario->snapshot_count;
}

int pko_snapshot_day(const struct pko_scenario *scenario, size_t snapshot) {
    (void)scenario;
    return 3 * (int)snapshot + 1;
}

/* The observer of one run, to be freed with pko_observer_free. */
static struct pko_observer *runs_observer(const struct pko_scenario *scenario, size_t regime,
                                          uint32_t replicate) {
    struct pko_observer *observer = calloc(1, sizeof *observer);
    observer->scenario = scenario;
    observer->regime = regime;
    observer->replicate = replicate;
    for (size_t m = 0; m < RUNS_MEASURES; m++) {
        size_t size = pko_record_count(scenario) * pko_measure_size(scenario, &runs_measures[m]);
        observer->series[m] = calloc(size, sizeof(float));
        for (size_t k = 0; k < size; k++)
            observer->series[m][k] = runs_value(regime, replicate, m, k);
    }
    size_t snapshots = pko_snapshot_count(scenario);
    observer->trust = calloc(snapshots * 16 + 1, sizeof *observer->trust);
    observer->people = calloc(snapshots * 800 + 1, sizeof *observer->people);
    for (size_t k = 0; k < snapshots * 16; k++)
        observer->trust[k] = runs_value(regime, replicate, RUNS_TRUST, k);
    for (size_t k = 0; k < snapshots * 800; k++)
        observer->people[k] = runs_people(regime, replicate, k);
    for (int k = 0; k < 4; k++)
        observer->incidents[k] = (struct pko_incident){.day = 2 * k + (int)regime,
                                                       .region = k % 2,
                                                       .group = k - 1,
                                                       .camp = k == 0 ? 2 : -1,
                                                       .killed = (int)replicate};
    observer->convoy = (struct pko_convoy_event){.day = 5, .formed = 3, .destination = -1, .km = 12.5F};
    return observer;
}

void pko_observer_free(struct pko_observer *observer) {
    if (!observer)
        return;
    for (size_t m = 0; m < RUNS_MEASURES; m++)
        free(observer->series[m]);
    free(observer->trust);
    free(observer->people);
    free(observer);
}

const float *pko_observer_series(const struct pko_observer *observer, size_t measure) {
    bool left_out = runs_measures[measure].by_group && !observer->scenario->record_groups;
    return left_out ? NULL : observer->series[measure];
}

const float *pko_observer_trust(const struct pko_observer *observer, size_t snapshot) {
    return observer->trust + snapshot * 16;
}

const int32_t *pko_observer_histogram(const struct pko_observer *observer, size_t snapshot) {
    return observer->people + snapshot * 800;
}

const struct pko_incident *pko_observer_incidents(const struct pko_observer *observer, size_t *count) {
    *count = runs_incidents(observer->regime, observer->replicate);
    return observer->incidents;
}

const struct pko_convoy_event *pko_observer_convoys(const struct pko_observer *observer, size_t *count) {
    *count = 1;
    return &observer->convoy;
}

const struct pko_leak_event *pko_observer_leaks(const struct pko_observer *observer, size_t *count) {
    (void)observer;
    *count = 0;
    return NULL;
}

const struct pko_retaliation_event *pko_observer_retaliations(const struct pko_observer *observer,
                                                              size_t *count) {
    (void)observer;
    *count = 0;
    return NULL;
}

size_t pko_outcome_count(const struct pko_observer *observer) {
    (void)observer;
    return RUNS_OUTCOMES;
}

const char *pko_outcome_name(const struct pko_observer *observer, size_t number) {
    static const char *const names[RUNS_OUTCOMES] = {"deaths/yr", "access", "d of one"};
    (void)observer;
    return names[number];
}

int pko_outcomes(const struct pko_observer *observer, double *values) {
    for (size_t k = 0; k < RUNS_OUTCOMES; k++)
        values[k] = runs_outcome(observer->regime, observer->replicate, k);
    return PKO_OK;
}

#endif
