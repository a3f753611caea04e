/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.10 rotation: turnover of detachments in halves, departures of civilians, replacement of the dead;
 * layers that begin and end. */
#include <string.h>

#include "base/draws.h"
#include "model/people.h"
#include "model/standing.h"
#include "process/process.h"

void pko_process_layers(struct pko_mission *mission) {
    if (!pko_layers_change(mission))
        return;
    pko_standing_people(mission);
    pko_group_means(mission);
}

enum turn { NO_TURN, FIRST_HALF, SECOND_HALF };

/* Days since the last turnover of a uniformed group's first half: (day − phase) mod period. */
static int32_t days_since_turn(const struct pko_mission *mission, int group) {
    int32_t period = mission->roster.turn_period[group];
    return ((mission->day - mission->roster.turn_phase[group]) % period + period) % period;
}

/* On days > 0: when (day − phase) mod period is 0 the first floor(n/2) people turn over, when it is
 * floor(period/2) the rest. */
static enum turn turn_of(const struct pko_mission *mission, int group) {
    int32_t period = mission->roster.turn_period[group];
    if (mission->day == 0 || period == 0)
        return NO_TURN;
    int32_t at = days_since_turn(mission, group);
    return at == 0 ? FIRST_HALF : at == period / 2 ? SECOND_HALF : NO_TURN;
}

/* Who turns over today, of the groups, and whether anybody does. Until the next day on which one does the
 * answer is kept. */
static bool anybody_turns(struct pko_mission *mission, enum turn turn[PKO_GROUPS_MOST]) {
    struct pko_roster *roster = &mission->roster;
    memset(turn, 0, mission->extent.G * sizeof *turn);
    if (roster->nobody_turns_from <= mission->day && mission->day < roster->nobody_turns_until)
        return false;
    int32_t next = INT32_MAX;
    bool any = false;
    for (int g = 0; g < mission->scenario->group_count; g++) {
        int32_t period = roster->turn_period[g];
        if (period == 0)
            continue;
        int32_t at = days_since_turn(mission, g), left = (at < period / 2 ? period / 2 : period) - at;
        turn[g] = turn_of(mission, g);
        any |= turn[g] != NO_TURN;
        next = left < next ? left : next;
    }
    roster->nobody_turns_from = mission->day + any;
    roster->nobody_turns_until = next == INT32_MAX ? next : mission->day + next;
    return any;
}

/* Members become arrivals who take over a part of the detachment's mean reinforcement. Returns how many. */
static uint32_t turn_over(struct pko_mission *mission, int layer, enum turn turn) {
    uint32_t people = mission->layer_people[layer];
    uint32_t from = turn == SECOND_HALF ? people / 2 : 0;
    uint32_t to = turn == NO_TURN ? 0 : turn == FIRST_HALF ? people / 2 : people;
    double predecessors = mission->mean_reinforcement[layer];
    pko_arrive_all(mission, layer, from, to, mission->parameters.rotation_handover, predecessors);
    return to - from;
}

static void leave_by(struct pko_mission *mission, uint32_t layer, uint32_t index) {
    struct pko_words words =
        pko_draw(mission->stream, PKO_PURPOSE_DEPARTURE, (uint32_t)mission->day, layer, index);
    double chance = pko_chance_to_leave(pko_group_of(mission, (int)layer));
    for (uint32_t k = 0; k < 4 && 4 * index + k < mission->layer_people[layer]; k++)
        if (pko_uniform_word(words.word[k]) < chance)
            pko_arrive(mission, (int)layer, 4 * index + k, 0.0, 0.0);
}

/* The first place from `at` on in the list of those who may leave where a layer begins. They come layer by
 * layer. */
static uint32_t next_layer(const struct pko_roster *roster, uint32_t at) {
    const uint32_t *layer = roster->leaver_layer;
    if (at == 0 || at >= roster->leaver_count || layer[at] != layer[at - 1])
        return at;
    uint32_t same = at, other = roster->leaver_count;
    while (other - same > 1) {
        uint32_t middle = same + (other - same) / 2;
        if (layer[middle] == layer[at])
            same = middle;
        else
            other = middle;
    }
    return other;
}

/* Each civilian leaves, and is replaced by an arrival, with daily probability 1/(30.4·tenure). Few draws, of
 * four members each, lead to a departure: the others are not looked at one by one. A piece has whole layers.
 */
#define DRAWS       256
#define PIECE_DRAWS 4096 /* of a piece that a thread is woken for, at least */
struct leaving {
    struct pko_mission *mission;
    size_t pieces;
    struct pko_groups changed[PKO_PIECES_MOST]; /* of each piece, the groups with new members */
};

static void leave_piece(void *given, size_t number) {
    struct leaving *work = given;
    struct pko_mission *mission = work->mission;
    const struct pko_roster *roster = &mission->roster;
    enum pko_level level = pko_level_of(mission->clone);
    uint32_t first = next_layer(roster, (uint32_t)pko_piece_from(roster->leaver_count, number, work->pieces)),
             end =
                 next_layer(roster, (uint32_t)pko_piece_from(roster->leaver_count, number + 1, work->pieces));
    uint32_t hits[DRAWS], changed = UINT32_MAX; /* the layer that has changed since its means were taken */
    for (; first < end; first += DRAWS) {
        const uint32_t *layer = roster->leaver_layer + first, *index = roster->leaver_index + first;
        const struct pko_addresses addresses = {layer, index, end - first < DRAWS ? end - first : DRAWS};
        size_t count =
            PKO_CHOOSE(level, pko_draws_below)(mission->stream, PKO_PURPOSE_DEPARTURE, (uint32_t)mission->day,
                                               &addresses, roster->leaver_below + first, hits);
        for (size_t k = 0; k < count; k++) {
            if (changed != UINT32_MAX && changed != layer[hits[k]])
                pko_layer_measure(mission, (int)changed);
            changed = layer[hits[k]];
            leave_by(mission, changed, index[hits[k]]);
            pko_groups_add(&work->changed[number], mission->scenario->layers[changed].group);
        }
    }
    if (changed != UINT32_MAX)
        pko_layer_measure(mission, (int)changed);
}

static void civilians_leave(struct pko_mission *mission) {
    struct leaving work = {.mission = mission,
                           .pieces = pko_pieces(mission->roster.leaver_count, PIECE_DRAWS)};
    pko_crew_work(&mission->crew, work.pieces, leave_piece, &work);
    for (size_t k = 0; k < work.pieces; k++)
        pko_groups_join(&mission->roster.changed, &work.changed[k]);
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

/* p_r ← p_r(1 − memory_loss·(share of r's uniformed people turned over today)). */
static void lose_memory(struct pko_mission *mission, const double turned[PKO_REGIONS_MOST]) {
    double uniformed[PKO_REGIONS_MOST];
    memset(uniformed, 0, mission->extent.R * sizeof *uniformed);
    for (size_t c = 0; c < mission->extent.C; c++)
        uniformed[mission->scenario->camps[c].region] += (double)mission->camp_uniformed[c];
    for (size_t r = 0; r < mission->extent.R; r++)
        if (turned[r] > 0.0)
            mission->population_trust[r] *=
                1.0 - mission->parameters.rotation_memory_loss * turned[r] / uniformed[r];
}

void pko_process_rotation(struct pko_mission *mission) {
    enum turn turn[PKO_GROUPS_MOST];
    double turned[PKO_REGIONS_MOST];
    civilians_leave(mission);
    bool turns = anybody_turns(mission, turn), deaths = mission->ledger.dead.count > 0;
    if (!turns && !deaths)
        return;
    memset(turned, 0, mission->extent.R * sizeof *turned);
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        enum turn today = turn[mission->roster.group[k]];
        if (today == NO_TURN && !deaths)
            continue;
        int layer = mission->order[k];
        uint32_t arrived = turn_over(mission, layer, today);
        turned[pko_region_of(mission, layer)] += (double)arrived;
        if (replace_dead(mission, layer) || arrived > 0)
            pko_layer_summarize(mission, layer);
    }
    lose_memory(mission, turned);
}
