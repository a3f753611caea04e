/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dimensions and the table of measures, and reading one from a mission. */
#include "pkosim/observe.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/reduce.h"
#include "pkosim/status.h"

#define BINS 20

static const char *const bins[BINS] = {"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",
                                       "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"};
static const char *const categories[] = {"uniformed", "civilian"};
static const char *const tasks[PKO_TASKS] = {"patrol", "escort",       "aviation", "support",
                                             "police", "intelligence", "field",    "office"};
static const char *const channels[] = {"secure", "mail", "hub", "informal", "talk"};
static const char *const quantiles[] = {"0.1", "0.5", "0.9"};
static const char *const states[] = {"danger", "trauma", "reinforcement", "resistance", "cross_trust"};
static const char *const riders[] = {"rider", "nonrider"};

/* A dimension whose units are the same in every scenario has its labels here; the others take theirs from it.
 */
#define FIXED(list) .size = sizeof(list) / sizeof *(list), .label = (list)
static const struct {
    const char *name;
    size_t size;
    const char *const *label;
} dimensions[PKO_DIMENSIONS] = {
    [PKO_NONE] = {.name = "", .size = 1},
    [PKO_REGION] = {.name = "region"},
    [PKO_CAMP_DIM] = {.name = "camp"},
    [PKO_GROUP] = {.name = "group"},
    [PKO_TOWARD] = {.name = "toward"},
    [PKO_BLOC_DIM] = {.name = "bloc", .size = PKO_BLOCS},
    [PKO_TOWARD_BLOC] = {.name = "toward_bloc", .size = PKO_BLOCS},
    [PKO_CATEGORY] = {.name = "category", FIXED(categories)},
    [PKO_TASK] = {.name = "task", FIXED(tasks)},
    [PKO_PLOT_CLASS] = {.name = "plot_class", .size = PKO_PLOT_CLASSES},
    [PKO_CHANNEL] = {.name = "channel", FIXED(channels)},
    [PKO_QUANTILE] = {.name = "quantile", FIXED(quantiles)},
    [PKO_STATE_DIM] = {.name = "state", FIXED(states)},
    [PKO_RIDER_STATE] = {.name = "rider_state", .size = 3, .label = states + 2},
    [PKO_RIDER] = {.name = "rider", FIXED(riders)},
    [PKO_BIN_A] = {.name = "reinforcement_bin", FIXED(bins)},
    [PKO_BIN_B] = {.name = "resistance_bin", FIXED(bins)},
};

const char *pko_dimension_name(enum pko_dimension dimension) {
    return dimensions[dimension].name;
}

size_t pko_dimension_size(const struct pko_scenario *scenario, enum pko_dimension dimension) {
    switch (dimension) {
    case PKO_REGION:
        return (size_t)scenario->region_count;
    case PKO_CAMP_DIM:
        return (size_t)scenario->camp_count;
    case PKO_GROUP:
    case PKO_TOWARD:
        return (size_t)scenario->group_count;
    default:
        return dimensions[dimension].size;
    }
}

const char *pko_dimension_label(const struct pko_scenario *scenario, enum pko_dimension dimension,
                                size_t unit) {
    switch (dimension) {
    case PKO_NONE:
        return "";
    case PKO_REGION:
        return scenario->regions[unit].name;
    case PKO_CAMP_DIM:
        return scenario->camps[unit].name;
    case PKO_GROUP:
    case PKO_TOWARD:
        return scenario->groups[unit].name;
    case PKO_BLOC_DIM:
    case PKO_TOWARD_BLOC:
        return pko_bloc_name((enum pko_bloc)unit);
    case PKO_PLOT_CLASS:
        return pko_plot_class_name((enum pko_plot_class)unit);
    default:
        return dimensions[dimension].label[unit];
    }
}

enum { STATE = false, COUNT = true };

static const struct pko_measure measures[] = {
#define PKO_MEASURE(name, one, other, how, column, kind, unit, least, most, text)                            \
    {#name, {PKO_##one, PKO_##other}, kind, unit, least, most, text, PKO_##one == PKO_GROUP},
#define PKO_MEASURE_TOTAL(name, total, unit, text)                                                           \
    {#name, {PKO_NONE, PKO_NONE}, COUNT, unit, 0, INFINITY, text, false},
#include "engine/measures.def"
#undef PKO_MEASURE
#undef PKO_MEASURE_TOTAL
};

const struct pko_measure *pko_measure(size_t number) {
    return number < sizeof measures / sizeof *measures ? &measures[number] : NULL;
}

size_t pko_measure_size(const struct pko_scenario *scenario, const struct pko_measure *measure) {
    return pko_dimension_size(scenario, measure->dimensions[0]) *
           pko_dimension_size(scenario, measure->dimensions[1]);
}

/* All values of a measure, the first `capacity` of them handed on. */
static int read_part(const struct pko_mission *mission, size_t measure, size_t size, double *values,
                     size_t capacity) {
    struct pko_reading reading = {.mission = mission};
    if (size <= capacity) {
        pko_read_measure(&reading, measure, values);
        return PKO_OK;
    }
    double *whole = malloc(size * sizeof *whole);
    if (!whole)
        return PKO_ERROR_MEMORY;
    pko_read_measure(&reading, measure, whole);
    memcpy(values, whole, capacity * sizeof *whole);
    free(whole);
    return PKO_OK;
}

int pko_mission_read(const struct pko_mission *mission, const char *name, double *values, size_t capacity) {
    for (size_t k = 0; pko_measure(k); k++) {
        if (strcmp(measures[k].name, name) != 0)
            continue;
        size_t size = pko_measure_size(mission->scenario, &measures[k]);
        int status = values ? read_part(mission, k, size, values, capacity) : PKO_OK;
        return status == PKO_OK ? (int)size : status;
    }
    return PKO_ERROR_NAME;
}

int pko_mission_column(const struct pko_mission *mission, const char *name, struct pko_column *column) {
    const float *state[] = {mission->danger, mission->trauma, mission->reinforcement, mission->resistance,
                            mission->cross_trust};
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        if (strcmp(states[k], name) == 0) {
            *column = (struct pko_column){state[k], sizeof(float), mission->people};
            return PKO_OK;
        }
    return PKO_ERROR_NAME;
}

int pko_mission_members(const struct pko_mission *mission, const char *group, const char *camp, size_t *first,
                        size_t *count) {
    const struct pko_scenario *scenario = mission->scenario;
    bool group_known = false, camp_known = false;
    *first = *count = 0;
    for (int g = 0; g < scenario->group_count; g++)
        group_known |= strcmp(scenario->groups[g].name, group) == 0;
    for (int c = 0; c < scenario->camp_count; c++)
        camp_known |= strcmp(scenario->camps[c].name, camp) == 0;
    if (!group_known || !camp_known)
        return PKO_ERROR_NAME;
    /* Layers of a group follow one another in the order of storage, so the members at a camp are one range.
     */
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        const struct pko_layer *l = &scenario->layers[layer];
        if (strcmp(scenario->groups[l->group].name, group) == 0 &&
            strcmp(scenario->camps[l->camp].name, camp) == 0) {
            *first = *count ? *first : mission->layer_first[layer];
            *count += mission->layer_people[layer];
        }
    }
    return PKO_OK;
}
