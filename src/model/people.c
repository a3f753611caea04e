/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/people.h"

#include <string.h>

#include "base/draws.h"
#include "base/real.h"
#include "model/people_rows.h"

#define PIECE_ARRIVALS 2048 /* of a piece that a thread is woken for, at least */

double pko_arrival_reinforcement(const struct pko_mission *mission, int group) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *g = &mission->scenario->groups[group];
    return pko_is_uniformed(g) ? p->ledger_uniformed_start + p->ledger_coin_start * g->coin
                               : p->ledger_civilian_start + p->ledger_background_start * g->background;
}

/* a ~ N(a0, ledger.spread) and b ~ N(b0, ledger.spread), clipped; traits by the group's shares (section 5).
 */
void pko_arrive(struct pko_mission *mission, int layer, uint32_t place, double handover,
                double predecessors) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, layer);
    struct pko_words words =
        pko_draw(mission->stream, PKO_PURPOSE_ARRIVAL, (uint32_t)mission->day, (uint32_t)layer, place);
    bool uniformed = pko_is_uniformed(group);
    bool background = !uniformed && pko_uniform_word(words.word[2]) < group->background;
    bool woman = pko_uniform_word(words.word[3]) < group->women;
    double a0 = uniformed ? p->ledger_uniformed_start + p->ledger_coin_start * group->coin
                          : p->ledger_civilian_start + p->ledger_background_start * (background ? 1.0 : 0.0);
    double b0 = uniformed ? p->ledger_uniformed_resistance_start : p->ledger_civilian_resistance_start;
    double a = pko_clip(a0 + p->ledger_spread * pko_normal_quantile(pko_uniform_word(words.word[0])));
    double b = pko_clip(b0 + p->ledger_spread * pko_normal_quantile(pko_uniform_word(words.word[1])));
    if (handover > 0.0)
        a = (1.0 - handover) * a + handover * predecessors;

    size_t i = (size_t)mission->layer_first[layer] + place;
    mission->danger[i] = (float)p->danger_arrival;
    mission->trauma[i] = 0.0f;
    mission->reinforcement[i] = (float)a;
    mission->resistance[i] = (float)b;
    mission->cross_trust[i] = (float)p->cross_trust_arrival;
    mission->traits[i] = (uint8_t)((uniformed ? PKO_TRAIT_UNIFORMED : 0) |
                                   (background ? PKO_TRAIT_BACKGROUND : 0) | (woman ? PKO_TRAIT_WOMAN : 0));
}

static struct pko_arrival arrival_of(const struct pko_mission *mission, int layer, double handover,
                                     double predecessors) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, layer);
    struct pko_arrival arrival = {.spread = p->ledger_spread,
                                  .women = group->women,
                                  .handover = handover,
                                  .predecessors = predecessors};
    if (pko_is_uniformed(group)) {
        arrival.reinforcement[0] = p->ledger_uniformed_start + p->ledger_coin_start * group->coin;
        arrival.resistance = p->ledger_uniformed_resistance_start;
        arrival.traits = PKO_TRAIT_UNIFORMED;
    } else {
        for (int background = 0; background < 2; background++)
            arrival.reinforcement[background] =
                p->ledger_civilian_start + p->ledger_background_start * (double)background;
        arrival.resistance = p->ledger_civilian_resistance_start;
        arrival.background = group->background;
    }
    return arrival;
}

/* Arrivals at places [from, to) of a layer, in pieces that may be made at once. */
struct arriving {
    struct pko_mission *mission;
    struct pko_arrival all;
    uint32_t layer, from, to;
    size_t pieces;
};

static void arrive_some(const struct arriving *work, uint32_t first, uint32_t count) {
    struct pko_mission *mission = work->mission;
    enum pko_level level = pko_level_of(mission->clone);
    uint32_t entity[PKO_ARRIVALS_MOST], place[PKO_ARRIVALS_MOST], words[4][PKO_ARRIVALS_MOST];
    uint32_t *word[4] = {words[0], words[1], words[2], words[3]};
    const uint32_t *const drawn[4] = {words[0], words[1], words[2], words[3]};
    const struct pko_addresses addresses = {entity, place, count};
    size_t at = (size_t)mission->layer_first[work->layer] + first;
    for (uint32_t k = 0; k < count; k++) {
        entity[k] = work->layer;
        place[k] = first + k;
        mission->danger[at + k] = (float)mission->parameters.danger_arrival;
        mission->trauma[at + k] = 0.0f;
        mission->cross_trust[at + k] = (float)mission->parameters.cross_trust_arrival;
    }
    PKO_CHOOSE(level, pko_draws)
    (mission->stream, PKO_PURPOSE_ARRIVAL, (uint32_t)mission->day, &addresses, word);
    PKO_CHOOSE(level, pko_arrivals)
    (&work->all, drawn, count, mission->reinforcement + at, mission->resistance + at, mission->traits + at);
}

static void arrive_piece(void *given, size_t number) {
    const struct arriving *work = given;
    uint32_t people = work->to - work->from;
    uint32_t first = work->from + (uint32_t)pko_piece_from(people, number, work->pieces),
             end = work->from + (uint32_t)pko_piece_from(people, number + 1, work->pieces);
    for (; first < end; first += PKO_ARRIVALS_MOST)
        arrive_some(work, first, end - first < PKO_ARRIVALS_MOST ? end - first : PKO_ARRIVALS_MOST);
}

void pko_arrive_all(struct pko_mission *mission, int layer, uint32_t from, uint32_t to, double handover,
                    double predecessors) {
    struct arriving work = {mission,
                            arrival_of(mission, layer, handover, predecessors),
                            (uint32_t)layer,
                            from,
                            to,
                            pko_pieces(to - from, PIECE_ARRIVALS)};
    pko_crew_work(&mission->crew, work.pieces, arrive_piece, &work);
}

void pko_layer_measure(struct pko_mission *mission, int layer) {
    size_t first = mission->layer_first[layer], count = mission->layer_people[layer];
    const struct pko_members members = {{mission->danger + first, mission->trauma + first,
                                         mission->reinforcement + first, mission->resistance + first,
                                         mission->cross_trust + first},
                                        mission->traits + first};
    struct pko_member_sums sums;
    PKO_CHOOSE(pko_level_of(mission->clone), pko_sum_members)(&members, count, &sums);
    double n = (double)count;
    mission->mean_danger[layer] = sums.state[0] / n;
    mission->mean_trauma[layer] = sums.state[1] / n;
    mission->mean_reinforcement[layer] = sums.state[2] / n;
    mission->mean_resistance[layer] = sums.state[3] / n;
    mission->mean_cross_trust[layer] = sums.state[4] / n;
    mission->layer_background[layer] = sums.background;
    mission->layer_women[layer] = sums.women;
}

void pko_layer_summarize(struct pko_mission *mission, int layer) {
    pko_layer_measure(mission, layer);
    pko_groups_add(&mission->roster.changed, mission->scenario->layers[layer].group);
}

struct pko_block pko_block_of(const struct pko_mission *mission, int layer, double size, uint32_t word) {
    uint32_t people = mission->layer_people[layer], count = (uint32_t)(size + 0.5);
    if (count > people)
        count = people;
    return (struct pko_block){layer, pko_below(word, people - count + 1), count};
}

static void move_people(struct pko_mission *mission, size_t to, size_t from, size_t count) {
    if (to == from)
        return;
    memmove(mission->danger + to, mission->danger + from, count * sizeof *mission->danger);
    memmove(mission->trauma + to, mission->trauma + from, count * sizeof *mission->trauma);
    memmove(mission->reinforcement + to, mission->reinforcement + from,
            count * sizeof *mission->reinforcement);
    memmove(mission->resistance + to, mission->resistance + from, count * sizeof *mission->resistance);
    memmove(mission->cross_trust + to, mission->cross_trust + from, count * sizeof *mission->cross_trust);
    memmove(mission->traits + to, mission->traits + from, count * sizeof *mission->traits);
}

static bool present_on(const struct pko_mission *mission, int layer) {
    const struct pko_layer *l = &mission->scenario->layers[layer];
    return l->from <= mission->date && mission->date < l->until;
}

/* Takes the people of ended layers out, moving the others down; storage order is kept. */
static void close_gaps(struct pko_mission *mission) {
    uint32_t kept = 0, at = 0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        if (!present_on(mission, layer)) {
            mission->layer_people[layer] = 0;
            continue;
        }
        uint32_t count = mission->layer_people[layer];
        move_people(mission, at, mission->layer_first[layer], count);
        mission->layer_first[layer] = at;
        mission->order[kept++] = layer;
        at += count;
    }
    mission->layers_present = kept;
    mission->people = at;
}

/* The storage order with new layers in it: by camp, then by layer. Each camp's are counted first, where the
 * roster, which is made anew after this, tells where they begin. */
static uint32_t new_order(struct pko_mission *mission) {
    const struct pko_layer *layers = mission->scenario->layers;
    uint32_t *next = mission->roster.camp_begins, count = 0;
    memset(next, 0, (mission->extent.C + 1) * sizeof *next);
    for (int layer = 0; layer < mission->scenario->layer_count; layer++)
        next[layers[layer].camp] += present_on(mission, layer);
    for (size_t camp = 0; camp < mission->extent.C; camp++) {
        uint32_t there = next[camp];
        next[camp] = count;
        count += there;
    }
    for (int layer = 0; layer < mission->scenario->layer_count; layer++)
        if (present_on(mission, layer))
            mission->order[next[layers[layer].camp]++] = layer;
    return count;
}

static void begin_layer(struct pko_mission *mission, int layer) {
    mission->layer_since[layer] = mission->day;
    mission->frustration[layer] = 0.0;
    mission->valorization[layer] = 0.0;
    mission->voice[layer] = 1.0;
    pko_arrive_all(mission, layer, 0, mission->layer_people[layer], 0.0, 0.0);
    pko_layer_summarize(mission, layer);
}

/* No layer begins or ends before the next of their dates. */
static void layers_stay(struct pko_mission *mission) {
    int32_t next = INT32_MAX;
    for (int k = 0; k < mission->scenario->layer_count; k++) {
        const struct pko_layer *layer = &mission->scenario->layers[k];
        if (layer->from > mission->date && layer->from < next)
            next = layer->from;
        if (layer->until > mission->date && layer->until < next)
            next = layer->until;
    }
    mission->roster.layers_stay_from = mission->date;
    mission->roster.layers_stay_until = next;
}

bool pko_layers_change(struct pko_mission *mission) {
    bool ends = false, begins = false;
    mission->roster.layers_changed = false;
    if (mission->roster.layers_stay_from <= mission->date &&
        mission->date < mission->roster.layers_stay_until)
        return false;
    for (int layer = 0; layer < mission->scenario->layer_count; layer++) {
        bool was = mission->layer_people[layer] > 0, is = present_on(mission, layer);
        ends |= was && !is;
        begins |= is && !was;
    }
    if (!ends && !begins)
        layers_stay(mission);
    if (ends)
        close_gaps(mission);
    if (begins) {
        uint32_t count = new_order(mission);
        uint32_t end = 0;
        for (uint32_t k = 0; k < count; k++)
            end += pko_layer_people(mission->scenario, mission->order[k]);
        mission->people = end;
        mission->layers_present = count;
        /* From the last place down, so that nobody is overwritten before being moved up. */
        for (uint32_t k = count; k-- > 0;) {
            int layer = mission->order[k];
            uint32_t people = pko_layer_people(mission->scenario, layer);
            end -= people;
            if (mission->layer_people[layer] > 0)
                move_people(mission, end, mission->layer_first[layer], people);
            mission->layer_first[layer] = end;
        }
        for (uint32_t k = 0; k < count; k++) {
            int layer = mission->order[k];
            if (mission->layer_people[layer] == 0) {
                mission->layer_people[layer] = pko_layer_people(mission->scenario, layer);
                begin_layer(mission, layer);
            }
        }
    }
    mission->roster.layers_changed = ends || begins;
    return ends || begins;
}
