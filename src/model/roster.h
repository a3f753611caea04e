/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who stands where, as lists that processes walk every day. All of it follows from the columns of the
 * mission, the scenario and the parameters, so it is no part of the state: it is never saved, hashed or
 * copied, but made again whenever layers change, a parameter is set, or a mission is cloned or loaded. Only
 * `changed` stands for something else, between process 8 and the evening of a day. */
#ifndef PKO_MODEL_ROSTER_H
#define PKO_MODEL_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/plots.h"

struct pko_mission;

/* Patrols of a layer. */
struct pko_patrol {
    int32_t layer, group;
    double patrollers; /* P_j */
};

struct pko_roster {
#define PKO_ROSTER(type, name, count) type *name;
#include "model/roster.def"
#undef PKO_ROSTER
    void *memory; /* behind all lists */
    uint32_t section_count, protection_count, visitor_count, leaver_count, watcher_count;
    /* Kept by those who ask: no layer begins or ends from the first of these dates until the second (and not
     * on the second), no group turns over from the first of these days until the second. */
    int32_t layers_stay_from, layers_stay_until;
    int32_t nobody_turns_from, nobody_turns_until;
    bool layers_changed;                       /* today */
    double excitation_kept, excitation_gained; /* e^(−1/τ) and 1 − e^(−1/τ), τ = threat.memory_days */
    double fear_kept;                          /* e^(−1/population.fear_days) */
    struct pko_groups network;                 /* on the secure network */
    struct pko_groups
        changed; /* with layers summarized after the means of groups were taken; none overnight */
};

/* Room for the lists of a mission whose scenario and extent stand. PKO_ERROR_MEMORY. Free is legal after
 * failure. */
int pko_roster_create(struct pko_mission *mission);
void pko_roster_free(struct pko_mission *mission);
/* Makes all lists; called after the heads are counted, after a change of parameters, and for
 * a mission that was copied or loaded. */
void pko_roster_derive(struct pko_mission *mission);

#endif
