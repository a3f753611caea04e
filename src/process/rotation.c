/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.10 rotation: turnover of detachments in halves, departures of civilians, replacement of the dead;
 * layers that begin and end. */
#include "base/draws.h"
#include "model/people.h"
#include "model/standing.h"
#include "process/process.h"

void pko_process_layers(struct pko_mission *mission) {
    if (!pko_layers_change(mission))
        return;
    pko_standing_derive(mission);
    pko_group_means(mission);
}

enum turn { NO_TURN, FIRST_HALF, SECOND_HALF };

/* period = round(30.4·months) days; on days > 0 when (day − phase) mod period is 0 the first floor(n/2)
 * people turn over, when it is floor(period/2) the rest. phase = floor(frac(0.618·index)·period), index of
 * the group in file order. Nothing here is negative but day − phase, so that a cast to a whole number is the
 * floor. */
static enum turn turn_of(const struct pko_mission *mission, int group) {
    int32_t period = (int32_t)(30.4 * mission->scenario->groups[group].rotation_months + 0.5);
    double turn = 0.618 * (double)group;
    int32_t phase = (int32_t)((turn - (double)(int32_t)turn) * (double)period);
    int32_t at = ((mission->day - phase) % period + period) % period;
    if (mission->day == 0)
        return NO_TURN;
    return at == 0 ? FIRST_HALF : at == period / 2 ? SECOND_HALF : NO_TURN;
}

/* Members become arrivals who take over a part of the detachment's mean reinforcement. Returns how many. */
static uint32_t turn_over(struct pko_mission *mission, int layer, enum turn turn) {
    uint32_t people = mission->layer_people[layer];
    uint32_t from = turn == SECOND_HALF ? people / 2 : 0;
    uint32_t to = turn == NO_TURN ? 0 : turn == FIRST_HALF ? people / 2 : people;
    double predecessors = mission->mean_reinforcement[layer];
    for (uint32_t place = from; place < to; place++)
        pko_arrive(mission, layer, place, mission->parameters.rotation_handover, predecessors);
    return to - from;
}

/* Draws of civilians' departures, four of a section's members each, worked off together. */
#define DRAWS 256
struct departures {
    uint32_t layer[DRAWS], index[DRAWS], below[DRAWS], hits[DRAWS];
    size_t count;
};

static double chance_to_leave(const struct pko_mission *mission, uint32_t layer) {
    return 1.0 / (30.4 * pko_group_of(mission, (int)layer)->tenure_months);
}

static void leave_by(struct pko_mission *mission, uint32_t layer, uint32_t index) {
    struct pko_words words =
        pko_draw(mission->stream, PKO_PURPOSE_DEPARTURE, (uint32_t)mission->day, layer, index);
    for (uint32_t k = 0; k < 4 && 4 * index + k < mission->layer_people[layer]; k++)
        if (pko_uniform_word(words.word[k]) < chance_to_leave(mission, layer))
            pko_arrive(mission, (int)layer, 4 * index + k, 0.0, 0.0);
    pko_layer_summarize(mission, (int)layer);
}

/* Few draws lead to a departure: the others are not looked at one by one. */
static void work_off(struct pko_mission *mission, struct departures *draws) {
    const struct pko_addresses addresses = {draws->layer, draws->index, draws->below, draws->count};
    size_t hits = PKO_CHOOSE(pko_level_of(mission->clone), pko_draws_below)(
        mission->stream, PKO_PURPOSE_DEPARTURE, (uint32_t)mission->day, &addresses, draws->hits);
    for (size_t k = 0; k < hits; k++)
        leave_by(mission, draws->layer[draws->hits[k]], draws->index[draws->hits[k]]);
    draws->count = 0;
}

/* Each civilian leaves, and is replaced by an arrival, with daily probability 1/(30.4·tenure). */
static void civilians_leave(struct pko_mission *mission) {
    struct departures draws;
    draws.count = 0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        uint32_t layer = (uint32_t)mission->order[k], people = mission->layer_people[layer];
        if (pko_is_uniformed(pko_group_of(mission, (int)layer)))
            continue;
        /* Words above the bound are no departure; it may be one too high. */
        double below = chance_to_leave(mission, layer) * 0x1p32 + 1.0;
        for (uint32_t index = 0; 4 * index < people; index++) {
            draws.layer[draws.count] = layer;
            draws.index[draws.count] = index;
            draws.below[draws.count++] = below < 0x1p32 ? (uint32_t)below : UINT32_MAX;
            if (draws.count == DRAWS)
                work_off(mission, &draws);
        }
    }
    work_off(mission, &draws);
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
    enum turn turn[PKO_GROUPS_MOST];
    bool any = false;
    for (int g = 0; g < mission->scenario->group_count; g++) {
        turn[g] = pko_is_uniformed(&mission->scenario->groups[g]) ? turn_of(mission, g) : NO_TURN;
        any |= turn[g] != NO_TURN;
    }
    civilians_leave(mission);
    if (!any && mission->ledger.dead.count == 0)
        return;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k], region = pko_region_of(mission, layer);
        uint32_t arrived = 0;
        if (pko_is_uniformed(pko_group_of(mission, layer))) {
            arrived = turn_over(mission, layer, turn[mission->scenario->layers[layer].group]);
            turned[region] += (double)arrived;
            uniformed[region] += (double)mission->layer_people[layer];
        }
        if (replace_dead(mission, layer) || arrived > 0)
            pko_layer_summarize(mission, layer);
    }
    /* p_r ← p_r(1 − memory_loss·(share of r's uniformed turned over today)). */
    for (int r = 0; r < mission->scenario->region_count; r++)
        if (turned[r] > 0.0)
            mission->population_trust[r] *=
                1.0 - mission->parameters.rotation_memory_loss * turned[r] / uniformed[r];
}
