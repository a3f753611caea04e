/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.10 rotation: turnover of detachments in halves, departures of civilians, replacement of the dead;
 * layers that begin and end. */
#include <math.h>

#include "base/random.h"
#include "base/real.h"
#include "model/people.h"
#include "model/standing.h"
#include "process/process.h"

void pko_process_layers(struct pko_mission *mission) {
    if (!pko_layers_change(mission))
        return;
    pko_standing_derive(mission);
    pko_group_means(mission);
}

/* period = round(30.4·months) days; on days > 0 when (day − phase) mod period is 0 the first floor(n/2)
 * people turn over, when it is floor(period/2) the rest. phase = floor(frac(0.618·index)·period), index of
 * the group in file order. */
static void members_turning_over(const struct pko_mission *mission, int layer, uint32_t *from, uint32_t *to) {
    const struct pko_group *group = pko_group_of(mission, layer);
    uint32_t people = mission->layer_people[layer];
    int32_t period = (int32_t)floor(30.4 * group->rotation_months + 0.5);
    double turn = 0.618 * (double)mission->scenario->layers[layer].group;
    int32_t phase = (int32_t)floor((turn - floor(turn)) * (double)period);
    int32_t at = ((mission->day - phase) % period + period) % period;
    *from = *to = 0;
    if (mission->day == 0)
        return;
    if (at == 0) {
        *to = people / 2;
    } else if (at == period / 2) {
        *from = people / 2;
        *to = people;
    }
}

/* Members become arrivals who take over a part of the detachment's mean reinforcement. Returns how many. */
static uint32_t turn_over(struct pko_mission *mission, int layer) {
    uint32_t from, to;
    members_turning_over(mission, layer, &from, &to);
    double predecessors = mission->mean_reinforcement[layer];
    for (uint32_t place = from; place < to; place++)
        pko_arrive(mission, layer, place, mission->parameters.rotation_handover, predecessors);
    return to - from;
}

/* Each civilian leaves, and is replaced by an arrival, with daily probability 1/(30.4·tenure). */
static bool civilians_leave(struct pko_mission *mission, int layer) {
    double chance = 1.0 / (30.4 * pko_group_of(mission, layer)->tenure_months);
    bool left = false;
    struct pko_words words = {{0}};
    for (uint32_t place = 0; place < mission->layer_people[layer]; place++) {
        if (place % 4 == 0)
            words = pko_draw(mission->stream, PKO_PURPOSE_DEPARTURE, (uint32_t)mission->day, (uint32_t)layer,
                             place / 4);
        if (pko_uniform_word(words.word[place % 4]) < chance) {
            pko_arrive(mission, layer, place, 0.0, 0.0);
            left = true;
        }
    }
    return left;
}

/* The dead are replaced at the end of their day by arrivals of the same group. */
static bool replace_dead(struct pko_mission *mission, int layer) {
    uint32_t first = mission->layer_first[layer], count = mission->layer_people[layer];
    bool replaced = false;
    for (size_t k = 0; k < mission->ledger.dead.count; k++) {
        uint32_t person = mission->ledger.dead.item[k];
        if (person < first || person >= first + count)
            continue;
        pko_arrive(mission, layer, person - first, 0.0, 0.0);
        replaced = true;
    }
    return replaced;
}

void pko_process_rotation(struct pko_mission *mission) {
    double turned[PKO_REGIONS_MOST] = {0}, uniformed[PKO_REGIONS_MOST] = {0};
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k], region = pko_region_of(mission, layer);
        bool changed;
        if (pko_is_uniformed(pko_group_of(mission, layer))) {
            uint32_t arrived = turn_over(mission, layer);
            turned[region] += (double)arrived;
            uniformed[region] += (double)mission->layer_people[layer];
            changed = arrived > 0;
        } else {
            changed = civilians_leave(mission, layer);
        }
        changed |= replace_dead(mission, layer);
        if (changed)
            pko_layer_summarize(mission, layer);
    }
    /* p_r ← p_r(1 − memory_loss·(share of r's uniformed turned over today)). */
    for (int r = 0; r < mission->scenario->region_count; r++)
        if (turned[r] > 0.0)
            mission->population_trust[r] *=
                1.0 - mission->parameters.rotation_memory_loss * turned[r] / uniformed[r];
}
