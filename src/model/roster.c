/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/roster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/real.h"
#include "model/memory.h"
#include "model/mission.h"
#include "model/people.h"
#include "model/standing.h"
#include "pkosim/status.h"

/* Lengths of the lists. */
struct lengths {
    size_t L, G, G1, GC, S, C, C1, R1, D;
};

#define MEMBERS_A_DRAW 4 /* words of a draw */

static size_t draws_of(uint32_t people) {
    return ((size_t)people + MEMBERS_A_DRAW - 1) / MEMBERS_A_DRAW;
}

static struct lengths lengths_of(const struct pko_mission *mission) {
    const struct pko_extent *extent = &mission->extent;
    size_t draws = 0;
    for (int layer = 0; layer < mission->scenario->layer_count; layer++)
        if (pko_group_of(mission, layer)->kind == PKO_SECTION)
            draws += draws_of(pko_layer_people(mission->scenario, layer));
    return (struct lengths){.L = extent->L,
                            .G = extent->G,
                            .G1 = extent->G + 1,
                            .GC = extent->GC,
                            .S = mission->trust_stride,
                            .C = extent->C,
                            .C1 = extent->C + 1,
                            .R1 = extent->R + 1,
                            .D = draws};
}

#define ALIGNED(bytes) (((bytes) + 63) & ~(size_t)63)

/* Points every list into `block` (nothing is touched if it is NULL) and returns the size that it needs. */
static size_t place(struct pko_mission *mission, char *block) {
    const struct lengths lengths = lengths_of(mission);
    size_t at = 0;
#define PKO_ROSTER(type, name, count)                                                                        \
    if (block)                                                                                               \
        mission->roster.name = (type *)(void *)(block + at);                                                 \
    at += ALIGNED((lengths.count) * sizeof(type));
#include "model/roster.def"
#undef PKO_ROSTER
    return at + 64; /* never empty */
}

int pko_roster_create(struct pko_mission *mission) {
    void *block = pko_memory_take(place(mission, NULL), &mission->roster.memory);
    if (!block)
        return PKO_ERROR_MEMORY;
    place(mission, block);
    return PKO_OK;
}

void pko_roster_free(struct pko_mission *mission) {
    free(mission->roster.memory);
    mission->roster.memory = NULL;
}

static void list_layers(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    roster->section_count = roster->protection_count = 0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k], group = mission->scenario->layers[layer].group;
        roster->group[k] = group;
        roster->people[k] = (double)mission->layer_people[layer];
        if (mission->scenario->groups[group].kind == PKO_SECTION)
            roster->sections[roster->section_count++] = layer;
        if (pko_is_protection(&mission->scenario->groups[group]))
            roster->protections[roster->protection_count++] = layer;
    }
}

/* Counted first, then each in its place. */
static void list_kin(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    uint32_t *begins = roster->kin_begins, next[PKO_GROUPS_MOST];
    memset(begins, 0, (mission->extent.G + 1) * sizeof *begins);
    for (uint32_t k = 0; k < mission->layers_present; k++)
        begins[roster->group[k] + 1]++;
    for (size_t g = 0; g < mission->extent.G; g++) {
        begins[g + 1] += begins[g];
        next[g] = begins[g];
    }
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        uint32_t at = next[roster->group[k]]++;
        roster->kin[at] = mission->order[k];
        roster->kin_share[at] = roster->people[k] / (double)mission->group_people[roster->group[k]];
    }
}

static void list_visitor(struct pko_mission *mission, int layer, uint32_t at) {
    const struct pko_group *group = pko_group_of(mission, layer);
    mission->roster.visitors[at] = (uint32_t)layer;
    mission->roster.visitor_rate[at] = group->visits;
    mission->roster.visitor_people[at] = (double)mission->layer_people[layer];
    mission->roster.visitor_speaks[at] = group->kind == PKO_SECTION;
}

static void list_camps(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    uint32_t k = 0, visitors = 0, escorts = 0;
    for (size_t camp = 0; camp < mission->extent.C; camp++) {
        roster->camp_begins[camp] = k;
        roster->escorts_begin[camp] = escorts;
        for (; k < mission->layers_present; k++) {
            int layer = mission->order[k], group = mission->scenario->layers[layer].group;
            if (mission->scenario->layers[layer].camp != (int)camp)
                break;
            if (mission->scenario->groups[group].visits > 0.0)
                list_visitor(mission, layer, visitors++);
            /* The layers of a camp stand in the order of their groups. */
            bool new = escorts == roster->escorts_begin[camp] || roster->escorts[escorts - 1] != group;
            if (mission->scenario->groups[group].kind == PKO_CONTINGENT && new)
                roster->escorts[escorts++] = group;
        }
    }
    roster->camp_begins[mission->extent.C] = k;
    roster->visitor_count = visitors;
    roster->escorts_begin[mission->extent.C] = escorts;
}

static void list_patrols(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    uint32_t count = 0;
    for (size_t region = 0; region < mission->extent.R; region++) {
        roster->patrols_begin[region] = count;
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int layer = mission->order[k];
            if (mission->patrollers[layer] > 0.0 && pko_region_of(mission, layer) == (int)region)
                roster->patrols[count++] =
                    (struct pko_patrol){layer, roster->group[k], mission->patrollers[layer]};
        }
    }
    roster->patrols_begin[mission->extent.R] = count;
}

/* The escort platoons of a group at a camp: floor(escort·n/(platoon·scale)) (6.2), most often 0. */
static void count_platoons(struct pko_mission *mission) {
    double platoon = mission->parameters.operations_platoon * mission->scale;
    for (size_t g = 0; g < mission->extent.G; g++)
        for (size_t c = 0; c < mission->extent.C; c++) {
            size_t at = g * mission->extent.C + c;
            double people = (double)mission->group_camp_people[at];
            mission->roster.platoons[at] =
                people > 0.0 ? (uint32_t)floor(mission->scenario->groups[g].escort * people / platoon) : 0;
        }
}

/* Each civilian leaves with daily probability 1/(30.4·tenure) (6.10). The bound may be one too high. */
static void list_leavers(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    uint32_t count = 0;
    for (uint32_t k = 0; k < roster->section_count; k++) {
        int layer = roster->sections[k];
        double below = pko_chance_to_leave(pko_group_of(mission, layer)) * 0x1p32 + 1.0;
        for (uint32_t index = 0; index < draws_of(mission->layer_people[layer]); index++) {
            roster->leaver_layer[count] = (uint32_t)layer;
            roster->leaver_index[count] = index;
            roster->leaver_below[count++] = below < 0x1p32 ? (uint32_t)below : UINT32_MAX;
        }
    }
    roster->leaver_count = count;
}

/* period = round(30.4·months) days, phase = floor(frac(0.618·index)·period), index of the group in file order
 * (6.10). Nothing here is negative, so that a cast to a whole number is the floor. */
static void time_turns(struct pko_mission *mission) {
    for (int g = 0; g < mission->scenario->group_count; g++) {
        int32_t period = (int32_t)(30.4 * mission->scenario->groups[g].rotation_months + 0.5);
        double turn = 0.618 * (double)g;
        bool turns = pko_is_uniformed(&mission->scenario->groups[g]);
        mission->roster.turn_period[g] = turns ? period : 0;
        mission->roster.turn_phase[g] = (int32_t)((turn - (double)(int32_t)turn) * (double)period);
    }
    mission->roster.nobody_turns_from = mission->roster.nobody_turns_until = 0;
}

/* A section neither stands above anybody nor below. */
#define SECTION_LOOKS (-1.0)
#define SECTION_SEEN  2.0

static void list_groups(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    roster->network = (struct pko_groups){{0, 0}};
    for (size_t g = 0; g < mission->extent.G; g++) {
        const struct pko_group *group = &mission->scenario->groups[g];
        if (group->secure)
            pko_groups_add(&roster->network, (int)g);
        bool uniformed = pko_is_uniformed(group);
        roster->languages[g] = (int64_t)group->languages;
        roster->secure[g] = -(int64_t)group->secure;
        roster->hub[g] = -(int64_t)group->hub;
        roster->looks[g] = uniformed ? pko_technology(group) : SECTION_LOOKS;
        roster->technology[g] = uniformed ? pko_technology(group) : SECTION_SEEN;
        roster->aviation[g] = group->kind == PKO_CONTINGENT ? group->aviation : 0.0;
        roster->equipment_moves[g] = group->equipment.count > 1;
    }
    for (size_t c = 0; c < mission->extent.C; c++)
        roster->protection_moves[c] = mission->scenario->camps[c].protection.count > 1;
}

/* 1 − exp(−technical·isr_g) (6.4). */
static void list_watchers(struct pko_mission *mission) {
    struct pko_roster *roster = &mission->roster;
    roster->watcher_count = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        double isr = mission->scenario->groups[g].isr;
        if (isr <= 0.0 || mission->group_people[g] == 0)
            continue;
        roster->watchers[roster->watcher_count] = (uint32_t)g;
        roster->watcher_chance[roster->watcher_count++] =
            pko_probability(mission->parameters.collect_technical * isr);
    }
}

static void take_exponentials(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    mission->roster.excitation_kept = pko_exp(-1.0 / p->threat_memory_days);
    mission->roster.excitation_gained = pko_probability(1.0 / p->threat_memory_days);
    mission->roster.fear_kept = pko_exp(-1.0 / p->population_fear_days);
}

void pko_roster_derive(struct pko_mission *mission) {
    list_layers(mission);
    list_kin(mission);
    list_camps(mission);
    list_patrols(mission);
    count_platoons(mission);
    list_leavers(mission);
    time_turns(mission);
    list_groups(mission);
    list_watchers(mission);
    take_exponentials(mission);
    mission->roster.layers_stay_from = mission->roster.layers_stay_until = 0;
}
