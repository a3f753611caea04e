/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/cuts.h"

#include <string.h>

#include "model/cuts_rows.h"

/* The sources by layer: what is remembered, and which arrows freeze it. */
#define LAYER_SOURCES(X)                                                                                     \
    X(mean_danger, memory_danger)                                                                            \
    X(mean_trauma, memory_trauma)                                                                            \
    X(mean_reinforcement, memory_reinforcement)                                                              \
    X(mean_resistance, memory_resistance)                                                                    \
    X(mean_cross_trust, memory_cross_trust)                                                                  \
    X(posture, memory_posture)                                                                               \
    X(frustration, memory_frustration)                                                                       \
    X(valorization, memory_valorization)                                                                     \
    X(voice, memory_voice)
#define LAYER_ARROWS(X)                                                                                      \
    X(danger_to_reinforcement, memory_danger)                                                                \
    X(reinforcement_to_posture, memory_reinforcement)                                                        \
    X(resistance_to_posture, memory_resistance)                                                              \
    X(posture_to_threat, memory_posture)                                                                     \
    X(posture_to_population_trust, memory_posture)                                                           \
    X(valorization_to_resistance, memory_valorization)                                                       \
    X(frustration_to_resistance, memory_frustration)                                                         \
    X(frustration_to_reinforcement, memory_frustration)                                                      \
    X(frustration_to_cross_trust, memory_frustration)                                                        \
    X(cross_trust_to_escort, memory_cross_trust)                                                             \
    X(voice_to_visits, memory_voice)                                                                         \
    X(voice_to_restraint, memory_voice)
#define REGION_ARROWS(X)                                                                                     \
    X(stability_to_access, memory_stability)                                                                 \
    X(stability_to_threat, memory_stability)                                                                 \
    X(population_trust_to_tips, memory_population_trust)                                                     \
    X(fear_to_tips, memory_fear)
#define MISSION_ARROWS(X)                                                                                    \
    X(mandate_to_reinforcement, robustness)                                                                  \
    X(mandate_to_cooperation, robustness)                                                                    \
    X(cooperation_to_threat, cooperation)                                                                    \
    X(cooperation_to_population_trust, cooperation)

/* A layer that has no memory yet (it is not there, or begins today) is seen as the headcount-weighted mean of
 * its category, uniformed or civilian, on that day; one that ends today is not there any more, though its
 * people still stand in their places. Before day 0 the memory of every layer is its initial state. */
static void freeze_layers(const struct pko_mission *mission, const double *memory, double *frozen) {
    double sum[2] = {0, 0}, people[2] = {0, 0};
    const struct pko_scenario *scenario = mission->scenario;
    for (int pass = 0; pass < 2; pass++)
        for (int layer = 0; layer < scenario->layer_count; layer++) {
            bool remembered = mission->layer_people[layer] > 0 &&
                              mission->date < scenario->layers[layer].until &&
                              (mission->layer_since[layer] < mission->day || mission->day == 0);
            int category = pko_is_uniformed(pko_group_of(mission, layer)) ? 0 : 1;
            if (pass == 0 && remembered) {
                sum[category] += (double)mission->layer_people[layer] * memory[layer];
                people[category] += (double)mission->layer_people[layer];
            } else if (pass == 1) {
                double mean = people[category] > 0 ? sum[category] / people[category] : 0.0;
                frozen[layer] = remembered ? memory[layer] : mean;
            }
        }
}

void pko_arrow_cut(struct pko_mission *mission, enum pko_arrow arrow) {
    if (mission->cut[arrow])
        return;
    mission->cut[arrow] = 1;
    double *layer = mission->frozen_layer + (size_t)arrow * mission->extent.L;
    double *region = mission->frozen_region + (size_t)arrow * mission->extent.R;
    double *group = mission->frozen_group + (size_t)arrow * mission->extent.G;
    switch (arrow) {
#define FREEZE(name, memory)                                                                                 \
    case PKO_ARROW_##name:                                                                                   \
        freeze_layers(mission, mission->memory, layer);                                                      \
        break;
        LAYER_ARROWS(FREEZE)
#undef FREEZE
#define FREEZE(name, memory)                                                                                 \
    case PKO_ARROW_##name:                                                                                   \
        memcpy(region, mission->memory, mission->extent.R * sizeof *region);                                 \
        break;
        REGION_ARROWS(FREEZE)
#undef FREEZE
#define FREEZE(name, state)                                                                                  \
    case PKO_ARROW_##name:                                                                                   \
        mission->frozen_mission[arrow] = mission->state; /* yesterday's: process 1 has not run */            \
        break;
        MISSION_ARROWS(FREEZE)
#undef FREEZE
    case PKO_ARROW_secrecy_to_reinforcement:
        memcpy(group, mission->memory_secrecy, mission->extent.G * sizeof *group);
        break;
    case PKO_ARROW_trust_to_sharing:
        memcpy(mission->frozen_trust, mission->memory_trust,
               mission->extent.GG * sizeof *mission->frozen_trust);
        break;
    default: /* the source is an event: there is nothing to freeze */
        break;
    }
    if (arrow == PKO_ARROW_danger_to_reinforcement)
        freeze_layers(mission, mission->memory_trauma, mission->frozen_trauma);
}

void pko_arrow_restore(struct pko_mission *mission, enum pko_arrow arrow) {
    mission->cut[arrow] = 0;
}

static void approach(enum pko_level level, double *memory, const double *value, size_t count, double share) {
    if (share == 1.0) /* exactly the value: m + (value − m) may round */
        memcpy(memory, value, count * sizeof *memory);
    else
        PKO_CHOOSE(level, pko_approach)(memory, value, count, share);
}

/* Each layer has days of its own; one that is not there keeps its memory. */
static void remember_layers(struct pko_mission *mission, enum pko_level level, bool start) {
#define REMEMBER(value, memory) {mission->memory, mission->value},
    const struct pko_remembered columns[] = {LAYER_SOURCES(REMEMBER)};
#undef REMEMBER
    const struct pko_remembering all = {
        mission->layer_people, mission->layer_since, mission->extent.L, mission->day + 1, start,
        PKO_MEMORY_DAYS};
    PKO_CHOOSE(level, pko_approach_each)(&all, columns, sizeof columns / sizeof *columns);
}

static void remember(struct pko_mission *mission, bool start) {
    enum pko_level level = pko_level_of(mission->clone);
    remember_layers(mission, level, start);
    int32_t days = mission->day + 1 < PKO_MEMORY_DAYS ? mission->day + 1 : PKO_MEMORY_DAYS;
    double share = start ? 1.0 : 1.0 / (double)days;
    approach(level, mission->memory_stability, mission->stability, mission->extent.R, share);
    approach(level, mission->memory_population_trust, mission->population_trust, mission->extent.R, share);
    approach(level, mission->memory_fear, mission->fear, mission->extent.R, share);
    approach(level, mission->memory_secrecy, mission->secrecy, mission->extent.G, share);
    approach(level, mission->memory_trust, mission->trust, mission->extent.GG, share);
}

void pko_memory_start(struct pko_mission *mission) {
    remember(mission, true);
}
void pko_memory_update(struct pko_mission *mission) {
    remember(mission, false);
}
