/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/scenario.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/scenario.h"
#include "pkosim/status.h"

/* The largest headcount of a layer that fits its integer: strength ≤ 100,000 × scale ≤ 1000 stays far below.
 */
#define PEOPLE_MOST 4.0e9

static void builtin_regime(int number, struct pko_regime *regime) {
    const struct pko_regime_info *info = pko_regime_info((size_t)number);
    memset(regime, 0, sizeof *regime);
    assert(strlen(info->name) < sizeof regime->name);
    memcpy(regime->name, info->name, strlen(info->name) + 1);
    memcpy(regime->rule, info->rule, sizeof regime->rule);
}

int pko_scenario_create(struct pko_scenario **scenario) {
    *scenario = NULL;
    struct pko_scenario *made = calloc(1, sizeof *made);
    if (!made)
        return PKO_ERROR_MEMORY;
    made->days = 1;
    made->seed = 1;
    made->replicates = 20;
    made->scale = 1;
    made->parameters = pko_parameters_default();
    made->record_every = 7;
    made->record_groups = true;
    /* the default pair of regimes: the first two built-in ones, restricted against horizontal */
    made->regimes = calloc(2, sizeof *made->regimes);
    made->description = calloc(1, 1);
    made->text = calloc(1, 1);
    made->settings = calloc(1, 1);
    if (!made->regimes || !made->description || !made->text || !made->settings) {
        pko_scenario_free(made);
        return PKO_ERROR_MEMORY;
    }
    builtin_regime(0, &made->regimes[0]);
    builtin_regime(1, &made->regimes[1]);
    made->regime_count = 2;
    *scenario = made;
    return PKO_OK;
}

void pko_scenario_free(struct pko_scenario *scenario) {
    if (!scenario)
        return;
    for (int k = 0; k < scenario->mandate_count; k++)
        free(scenario->mandate[k].resolution);
    for (int k = 0; k < scenario->region_count; k++) {
        free(scenario->regions[k].threat.points);
        free(scenario->regions[k].stability.points);
    }
    for (int k = 0; k < scenario->camp_count; k++)
        free(scenario->camps[k].protection.points);
    for (int k = 0; k < scenario->group_count; k++)
        free(scenario->groups[k].equipment.points);
    free(scenario->description);
    free(scenario->regimes);
    free(scenario->definitions);
    free(scenario->mandate);
    free(scenario->regions);
    free(scenario->camps);
    free(scenario->groups);
    free(scenario->layers);
    free(scenario->routes);
    free(scenario->languages);
    free(scenario->alliances);
    free(scenario->cuts);
    free(scenario->snapshots);
    free(scenario->text);
    free(scenario->settings);
    free(scenario);
}

double pko_timeline_at(const struct pko_timeline *timeline, int32_t date) {
    const struct pko_point *points = timeline->points;
    assert(timeline->count > 0);
    if (date <= points[0].date)
        return points[0].value;
    for (int k = 1; k < timeline->count; k++) {
        if (date >= points[k].date)
            continue;
        double part = (double)(date - points[k - 1].date) / (double)(points[k].date - points[k - 1].date);
        return points[k - 1].value + part * (points[k].value - points[k - 1].value);
    }
    return points[timeline->count - 1].value;
}

uint32_t pko_layer_people(const struct pko_scenario *scenario, int layer) {
    assert(layer >= 0 && layer < scenario->layer_count);
    double people = ceil(scenario->layers[layer].strength * scenario->scale - 1e-6);
    assert(people <= PEOPLE_MOST);
    return people > 0 ? (uint32_t)people : 0;
}

double pko_person_days(const struct pko_scenario *scenario) {
    double sum = 0.0;
    int64_t begin = scenario->start, end = begin + scenario->days;
    for (int k = 0; k < scenario->layer_count; k++) {
        const struct pko_layer *layer = &scenario->layers[k];
        int64_t from = layer->from > begin ? layer->from : begin,
                until = layer->until < end ? layer->until : end;
        if (until > from)
            sum += (double)(until - from) * (double)pko_layer_people(scenario, k);
    }
    return sum;
}

static bool regime_of(const struct pko_regime *regimes, int count, const char *name,
                      struct pko_regime *regime) {
    for (int k = 0; k < count; k++) {
        if (strcmp(regimes[k].name, name) == 0) {
            *regime = regimes[k];
            return true;
        }
    }
    return false;
}

int pko_scenario_regime(const struct pko_scenario *scenario, const char *name, struct pko_regime *regime) {
    if (regime_of(scenario->regimes, scenario->regime_count, name, regime) ||
        regime_of(scenario->definitions, scenario->definition_count, name, regime))
        return PKO_OK;
    int number = pko_regime_find(name);
    if (number < 0)
        return PKO_ERROR_NAME;
    builtin_regime(number, regime);
    return PKO_OK;
}

const char *pko_bloc_name(enum pko_bloc bloc) {
    switch (bloc) {
    case PKO_NATO:
        return "nato";
    case PKO_NORTH:
        return "north";
    case PKO_AFRICAN:
        return "african";
    case PKO_ASIAN:
        return "asian";
    case PKO_OTHER:
        return "other";
    case PKO_BLOC_POLICE:
        return "police";
    case PKO_BLOC_CIVILIAN:
        return "civilian";
    case PKO_BLOCS:
        break;
    }
    assert(false);
    return "";
}

const char *pko_plot_class_name(enum pko_plot_class kind) {
    switch (kind) {
    case PKO_MOVEMENT:
        return "movement";
    case PKO_CAMP:
        return "camp";
    case PKO_SOFT:
        return "soft";
    case PKO_POPULATION:
        return "population";
    case PKO_PLOT_CLASSES:
        break;
    }
    assert(false);
    return "";
}
