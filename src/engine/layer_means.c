/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/layer_means.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/record_rows.h"
#include "pkosim/status.h"

/* The columns whose means are taken, and over which units. */
static const size_t columns[PKO_LAYER_COLUMNS] = {
    offsetof(struct pko_mission, mean_danger),        offsetof(struct pko_mission, mean_trauma),
    offsetof(struct pko_mission, mean_reinforcement), offsetof(struct pko_mission, mean_resistance),
    offsetof(struct pko_mission, mean_cross_trust),   offsetof(struct pko_mission, frustration),
    offsetof(struct pko_mission, valorization),       offsetof(struct pko_mission, posture)};
static const enum pko_dimension partitions[PKO_PARTITIONS][2] = {
    {PKO_NONE, PKO_NONE},  {PKO_CATEGORY, PKO_NONE},     {PKO_REGION, PKO_NONE}, {PKO_BLOC_DIM, PKO_NONE},
    {PKO_GROUP, PKO_NONE}, {PKO_CATEGORY, PKO_CAMP_DIM}, {PKO_TASK, PKO_NONE}};

/* Layers that a weighing counts on a record, with their weights, in storage order. */
struct weighing {
    uint32_t count;
    int32_t *layer;
    double *weight;
};

struct pko_layer_means {
    size_t first[PKO_PARTITIONS + 1]; /* where the units of each partition begin */
    struct weighing weighing[PKO_WEIGHINGS];
    double *whole;                    /* by unit, scratch: sums of weights */
    uint32_t (*unit)[PKO_PARTITIONS]; /* by layer */
    double (*sum)[PKO_LAYER_COLUMNS]; /* by unit: Σ people·value */
    double *weight;                   /* by unit: Σ people */
};

size_t pko_unit_of_layer(const struct pko_scenario *scenario, const enum pko_dimension dimensions[2],
                         int layer) {
    const struct pko_layer *l = &scenario->layers[layer];
    const struct pko_group *group = &scenario->groups[l->group];
    switch (dimensions[0]) {
    case PKO_REGION:
        return (size_t)scenario->camps[l->camp].region;
    case PKO_BLOC_DIM:
        return (size_t)group->bloc;
    case PKO_GROUP:
        return (size_t)l->group;
    case PKO_TASK:
        return (size_t)pko_task_of(group);
    case PKO_CATEGORY: {
        size_t category = pko_is_uniformed(group) ? 0 : 1;
        return dimensions[1] == PKO_CAMP_DIM ? category * (size_t)scenario->camp_count + (size_t)l->camp
                                             : category;
    }
    default:
        return 0;
    }
}

int pko_layer_means_create(const struct pko_scenario *scenario, struct pko_layer_means **out) {
    struct pko_layer_means *means = *out = calloc(1, sizeof *means);
    if (!means)
        return PKO_ERROR_MEMORY;
    for (size_t p = 0; p < PKO_PARTITIONS; p++)
        means->first[p + 1] = means->first[p] + pko_dimension_size(scenario, partitions[p][0]) *
                                                    pko_dimension_size(scenario, partitions[p][1]);
    size_t units = means->first[PKO_PARTITIONS], layers = (size_t)scenario->layer_count;
    means->unit = malloc((layers + 1) * sizeof *means->unit);
    means->sum = malloc(units * sizeof *means->sum);
    means->weight = malloc(units * sizeof *means->weight);
    means->whole = malloc(units * sizeof *means->whole);
    bool whole = means->unit && means->sum && means->weight && means->whole;
    for (int w = 0; w < PKO_WEIGHINGS; w++) {
        struct weighing *weighing = &means->weighing[w];
        weighing->layer = malloc((layers + 1) * sizeof *weighing->layer);
        weighing->weight = malloc((layers + 1) * sizeof *weighing->weight);
        whole = whole && weighing->layer && weighing->weight;
    }
    if (!whole) {
        pko_layer_means_free(means);
        *out = NULL;
        return PKO_ERROR_MEMORY;
    }
    for (size_t layer = 0; layer < layers; layer++)
        for (size_t p = 0; p < PKO_PARTITIONS; p++)
            means->unit[layer][p] =
                (uint32_t)(means->first[p] + pko_unit_of_layer(scenario, partitions[p], (int)layer));
    return PKO_OK;
}

void pko_layer_means_free(struct pko_layer_means *means) {
    if (!means)
        return;
    free(means->unit);
    free(means->sum);
    free(means->weight);
    free(means->whole);
    for (int w = 0; w < PKO_WEIGHINGS; w++) {
        free(means->weighing[w].layer);
        free(means->weighing[w].weight);
    }
    free(means);
}

double pko_weight_of_layer(const struct pko_mission *mission, enum pko_weighing weighing, int layer) {
    const struct pko_group *group;
    switch (weighing) {
    case PKO_BY_PATROLLERS:
        return mission->patrollers[layer];
    case PKO_BY_MEMBERS:
    case PKO_BY_PROTECTION:
        group = pko_group_of(mission, layer);
        if (weighing == PKO_BY_MEMBERS ? group->kind != PKO_SECTION : !pko_is_protection(group))
            return 0.0;
        return (double)mission->layer_people[layer];
    default:
        return (double)mission->layer_people[layer];
    }
}

static void weigh(struct pko_layer_means *means, const struct pko_mission *mission) {
    for (int w = 0; w < PKO_WEIGHINGS; w++)
        means->weighing[w].count = 0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        for (int w = 0; w < PKO_WEIGHINGS; w++) {
            struct weighing *weighing = &means->weighing[w];
            double weight = pko_weight_of_layer(mission, (enum pko_weighing)w, layer);
            if (weight > 0.0) {
                weighing->layer[weighing->count] = layer;
                weighing->weight[weighing->count++] = weight;
            }
        }
    }
}

void pko_layer_means_take(struct pko_layer_means *means, const struct pko_mission *mission) {
    size_t units = means->first[PKO_PARTITIONS];
    struct pko_layer_rows rows = {.people = mission->layer_people,
                                  .order = mission->order,
                                  .present = mission->layers_present,
                                  .unit = (const uint32_t(*)[PKO_PARTITIONS])means->unit};
    for (int c = 0; c < PKO_LAYER_COLUMNS; c++)
        memcpy(&rows.column[c], (const char *)mission + columns[c], sizeof rows.column[c]);
    memset(means->sum, 0, units * sizeof *means->sum);
    memset(means->weight, 0, units * sizeof *means->weight);
    PKO_CHOOSE(pko_level_of(mission->clone), pko_layer_sums)(&rows, means->sum, means->weight);
    weigh(means, mission);
}

static size_t partition_of(const struct pko_measure *measure) {
    size_t p = 0;
    while (p < PKO_PARTITIONS && memcmp(partitions[p], measure->dimensions, sizeof partitions[p]) != 0)
        p++;
    return p;
}

bool pko_layer_means_read(const struct pko_layer_means *means, const struct pko_measure *measure,
                          size_t offset, double *values) {
    size_t c = 0, p = partition_of(measure);
    while (c < PKO_LAYER_COLUMNS && columns[c] != offset)
        c++;
    if (c == PKO_LAYER_COLUMNS || p == PKO_PARTITIONS)
        return false;
    for (size_t unit = means->first[p]; unit < means->first[p + 1]; unit++)
        *values++ = means->weight[unit] > 0.0 ? means->sum[unit][c] / means->weight[unit] : NAN;
    return true;
}

bool pko_layer_means_weigh(const struct pko_layer_means *means, const struct pko_measure *measure,
                           enum pko_weighing by, const double *column, double *values) {
    const struct weighing *weighing = &means->weighing[by];
    size_t p = partition_of(measure);
    if (p == PKO_PARTITIONS)
        return false;
    size_t first = means->first[p], size = means->first[p + 1] - first;
    double *whole = means->whole;
    if (size == 1) { /* sums that need not wait for memory */
        double sum = 0.0, weight = 0.0;
        for (uint32_t k = 0; k < weighing->count; k++) {
            sum += weighing->weight[k] * column[weighing->layer[k]];
            weight += weighing->weight[k];
        }
        values[0] = weight > 0.0 ? sum / weight : NAN;
        return true;
    }
    memset(values, 0, size * sizeof *values);
    memset(whole, 0, size * sizeof *whole);
    for (uint32_t k = 0; k < weighing->count; k++) {
        int32_t layer = weighing->layer[k];
        size_t unit = means->unit[layer][p] - first;
        values[unit] += weighing->weight[k] * column[layer];
        whole[unit] += weighing->weight[k];
    }
    for (size_t unit = 0; unit < size; unit++)
        values[unit] = whole[unit] > 0.0 ? values[unit] / whole[unit] : NAN;
    return true;
}
