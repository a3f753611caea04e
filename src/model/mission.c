/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a mission's memory: one block for all columns, so that a copy is a copy of bytes. */
#include "model/mission.h"

#include <stdlib.h>
#include <string.h>

#include "model/memory.h"
#include "pkosim/status.h"

/* The most people present on any day of the run: places to allocate. A layer outside the run needs none. */
static size_t most_people(const struct pko_scenario *scenario) {
    size_t most = 0;
    for (int l = 0; l < scenario->layer_count; l++) {
        /* The number of people can only rise on a day on which a layer begins, or on the first. */
        int32_t day = scenario->layers[l].from > scenario->start ? scenario->layers[l].from : scenario->start;
        size_t people = 0;
        for (int k = 0; k < scenario->layer_count; k++)
            if (scenario->layers[k].from <= day && day < scenario->layers[k].until)
                people += pko_layer_people(scenario, k);
        if (people > most)
            most = people;
    }
    return most;
}

static struct pko_extent extent_of(const struct pko_scenario *scenario, size_t stride) {
    size_t regions = (size_t)scenario->region_count, camps = (size_t)scenario->camp_count;
    size_t groups = (size_t)scenario->group_count, layers = (size_t)scenario->layer_count;
    return (struct pko_extent){
        .R = regions,
        .C = camps,
        .G = groups,
        .L = layers,
        .P = most_people(scenario) + PKO_PEOPLE_PAD,
        .GG = groups * stride,
        .GC = groups * camps,
        .RG = regions * groups,
        .R4 = regions * PKO_PLOT_CLASSES,
        .AL = PKO_ARROW_COUNT * layers,
        .AR = PKO_ARROW_COUNT * regions,
        .AG = PKO_ARROW_COUNT * groups,
        .ROUTES = (size_t)scenario->route_count,
        .YEAR = PKO_YEAR_DAYS,
        .ARROWS = PKO_ARROW_COUNT,
        .CHANNELS = PKO_CHANNELS,
        .TOTALS = PKO_TOTALS,
    };
}

#define LINE           ((size_t)64) /* of the cache */
#define ALIGNED(bytes) (((bytes) + LINE - 1) & ~(LINE - 1))

size_t pko_columns_place(struct pko_mission *mission, char *block) {
    const struct pko_extent extent = mission->extent;
    size_t at = 0;
#define PKO_COLUMN(type, name, count)                                                                        \
    if (block)                                                                                               \
        mission->name = (type *)(void *)(block + at);                                                        \
    at += ALIGNED((extent.count) * sizeof(type));
#include "model/mission.def"
#undef PKO_COLUMN
    return at + 64; /* never empty, and a margin that block reads past the last column may touch */
}

void *pko_memory_take(size_t size, void **memory) {
    *memory = calloc(1, size + LINE);
    if (!*memory)
        return NULL;
    size_t past = (uintptr_t)*memory % LINE;
    return (char *)*memory + (past ? LINE - past : 0);
}

int pko_mission_allocate(const struct pko_scenario *scenario, const struct pko_regime *regime,
                         uint32_t replicate, struct pko_mission **out) {
    *out = NULL;
    struct pko_mission *mission = calloc(1, sizeof *mission);
    if (!mission)
        return PKO_ERROR_MEMORY;
    mission->scenario = scenario;
    mission->stream = (struct pko_stream){scenario->seed, replicate};
    mission->parameters = scenario->parameters;
    for (int rule = 0; rule < PKO_RULE_COUNT; rule++)
        pko_parameter_put(&mission->parameters, PKO_FIRST_RULE + rule, regime->rule[rule]);
    mission->scale = scenario->scale;
    mission->lapses.born = -1;
    mission->date = scenario->start;
    mission->trust_stride = ((size_t)scenario->group_count + 7) & ~(size_t)7;
    mission->extent = extent_of(scenario, mission->trust_stride);
    mission->ledger.keep_events = scenario->record_events;
    mission->block_size = pko_columns_place(mission, NULL);
    mission->block = pko_memory_take(mission->block_size, &mission->memory);
    if (!mission->block) {
        pko_mission_free(mission);
        return PKO_ERROR_MEMORY;
    }
    pko_columns_place(mission, mission->block);
    if (pko_roster_create(mission) != PKO_OK) {
        pko_mission_free(mission);
        return PKO_ERROR_MEMORY;
    }
    *out = mission;
    return PKO_OK;
}

void pko_mission_free(struct pko_mission *mission) {
    if (!mission)
        return;
#define PKO_MISSION_LIST(list) free(mission->list.item);
    PKO_MISSION_LISTS(PKO_MISSION_LIST)
#undef PKO_MISSION_LIST
    pko_roster_free(mission);
    free(mission->memory);
    free(mission);
}

int pko_mission_clone(const struct pko_mission *mission, struct pko_mission **out) {
    *out = NULL;
    struct pko_mission *twin = malloc(sizeof *twin);
    if (!twin)
        return PKO_ERROR_MEMORY;
    *twin = *mission;
    twin->memory = twin->block = NULL;
    twin->roster.memory = NULL;
    twin->watcher = NULL;
#define PKO_MISSION_LIST(list) twin->list.item = NULL, twin->list.capacity = twin->list.count;
    PKO_MISSION_LISTS(PKO_MISSION_LIST)
#undef PKO_MISSION_LIST
    twin->block = pko_memory_take(mission->block_size, &twin->memory);
    bool whole = twin->block && pko_roster_create(twin) == PKO_OK;
#define PKO_MISSION_LIST(list)                                                                               \
    if (whole && twin->list.count) {                                                                         \
        twin->list.item = malloc(twin->list.count * sizeof *twin->list.item);                                \
        if (twin->list.item)                                                                                 \
            memcpy(twin->list.item, mission->list.item, twin->list.count * sizeof *twin->list.item);         \
        else                                                                                                 \
            whole = false;                                                                                   \
    }
    PKO_MISSION_LISTS(PKO_MISSION_LIST)
#undef PKO_MISSION_LIST
    if (!whole) {
        pko_mission_free(twin);
        return PKO_ERROR_MEMORY;
    }
    memcpy(twin->block, mission->block, mission->block_size);
    pko_columns_place(twin, twin->block);
    pko_roster_derive(twin);
    *out = twin;
    return PKO_OK;
}
