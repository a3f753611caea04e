/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.5, targets: a convoy or patrol, a camp, civilian personnel, or a community. */
#include <string.h>

#include "base/random.h"
#include "model/people.h"
#include "process/incidents.h"

static void add_range(struct pko_target *target, uint32_t first, uint32_t count) {
    if (count == 0)
        return;
    target->range[target->range_count].first = first;
    target->range[target->range_count].count = count;
    target->range_count++;
    target->people += count;
}

/* Blocks of one detachment may overlap: sorts the ranges and joins those that do, so that everyone at risk is
 * there once. */
static void join_ranges(struct pko_target *target) {
    for (uint32_t k = 1; k < target->range_count; k++)
        for (uint32_t at = k; at > 0 && target->range[at - 1].first > target->range[at].first; at--) {
            struct pko_range moving = target->range[at];
            target->range[at] = target->range[at - 1];
            target->range[at - 1] = moving;
        }
    uint32_t kept = 0;
    target->people = 0;
    for (uint32_t k = 0; k < target->range_count; k++) {
        struct pko_range *last = kept ? &target->range[kept - 1] : NULL, *next = &target->range[k];
        if (last && next->first < last->first + last->count) {
            uint32_t end = next->first + next->count;
            if (end > last->first + last->count)
                last->count = end - last->first;
        } else {
            target->range[kept++] = *next;
        }
    }
    target->range_count = kept;
    for (uint32_t k = 0; k < kept; k++)
        target->people += target->range[k].count;
}

static void add_block(const struct pko_mission *mission, struct pko_target *target,
                      const struct pko_block *block) {
    int group = mission->scenario->layers[block->layer].group;
    pko_groups_add(&target->groups, group);
    pko_groups_add(&target->at_risk, group);
    add_range(target, mission->layer_first[block->layer] + block->offset, block->count);
}

static double mean_equipment(const struct pko_mission *mission, const struct pko_convoy *convoy) {
    double sum = 0.0;
    for (int k = 0; k < convoy->platoon_count; k++)
        sum += mission->equipment[mission->scenario->layers[convoy->platoons[k].layer].group];
    return sum / (double)convoy->platoon_count;
}

/* The region in which a convoy is today: visits in the origin's; supply in the origin's for the first half of
 * its days, the middle one included, then in the destination's. */
static int convoy_region(const struct pko_mission *mission, const struct pko_convoy *convoy) {
    int camp = convoy->origin;
    if (convoy->destination >= 0 && 2 * (mission->day - convoy->formed) >= convoy->days)
        camp = convoy->destination;
    return mission->scenario->camps[camp].region;
}

/* convoy_weight·platoons for a convoy, each times 1 − hardness·equipment; 0 if it is elsewhere. */
static double convoy_weight(const struct pko_mission *mission, const struct pko_convoy *convoy, int region) {
    const struct pko_parameters *p = &mission->parameters;
    if (convoy_region(mission, convoy) != region)
        return 0.0;
    return p->incident_convoy_weight * (double)convoy->platoon_count *
           (1.0 - p->incident_hardness * mean_equipment(mission, convoy));
}

/* P_j/platoon for the patrols of a detachment. */
static double patrol_weight(const struct pko_mission *mission, int layer, int region) {
    const struct pko_parameters *p = &mission->parameters;
    if (mission->patrollers[layer] <= 0.0 || pko_region_of(mission, layer) != region)
        return 0.0;
    return mission->patrollers[layer] / p->operations_platoon *
           (1.0 - p->incident_hardness * mission->equipment[mission->scenario->layers[layer].group]);
}

static void target_convoy(const struct pko_mission *mission, int index, struct pko_target *target) {
    const struct pko_convoy *convoy = &mission->convoys.item[index];
    target->found = true;
    target->convoy = index;
    target->group = mission->scenario->layers[convoy->platoons[0].layer].group;
    target->hardness = mission->parameters.incident_hardness * mean_equipment(mission, convoy);
    for (int k = 0; k < convoy->platoon_count; k++)
        add_block(mission, target, &convoy->platoons[k]);
    for (int k = 0; k < convoy->team_count; k++)
        add_block(mission, target, &convoy->teams[k]);
    join_ranges(target);
}

static void target_members(const struct pko_mission *mission, int layer, double size, uint32_t word,
                           struct pko_target *target) {
    struct pko_block block = pko_block_of(mission, layer, size, word);
    target->found = true;
    target->group = mission->scenario->layers[layer].group;
    add_block(mission, target, &block);
}

static void draw_movement(const struct pko_mission *mission, int region, double u, uint32_t word,
                          struct pko_target *target) {
    double sum = 0.0;
    for (size_t k = 0; k < mission->convoys.count; k++)
        sum += convoy_weight(mission, &mission->convoys.item[k], region);
    for (uint32_t k = 0; k < mission->layers_present; k++)
        sum += patrol_weight(mission, mission->order[k], region);
    double at = u * sum;
    int convoy = -1, patrol = -1;
    for (size_t k = 0; k < mission->convoys.count && patrol < 0; k++) {
        double weight = convoy_weight(mission, &mission->convoys.item[k], region);
        if (weight <= 0.0)
            continue;
        convoy = (int)k;
        if (at < weight) {
            target_convoy(mission, convoy, target);
            return;
        }
        at -= weight;
    }
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        double weight = patrol_weight(mission, mission->order[k], region);
        if (weight <= 0.0)
            continue;
        patrol = mission->order[k];
        if (at < weight)
            break;
        at -= weight;
    }
    /* Rounding may carry `at` past the last weight: then the last candidate it is. */
    if (patrol >= 0) {
        target->hardness = mission->parameters.incident_hardness *
                           mission->equipment[mission->scenario->layers[patrol].group];
        target_members(mission, patrol, mission->parameters.operations_platoon, word, target);
    } else if (convoy >= 0) {
        target_convoy(mission, convoy, target);
    }
}

/* People of a camp are one range of places; the groups with people in the block are at risk. */
static void expose_camp(const struct pko_mission *mission, int camp, uint32_t word,
                        struct pko_target *target) {
    uint32_t people = mission->camp_people[camp],
             count = (uint32_t)(mission->parameters.incident_at_risk_camp + 0.5);
    if (count > people)
        count = people;
    uint32_t first = mission->camp_first[camp] + pko_below(word, people - count + 1);
    add_range(target, first, count);
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k];
        const struct pko_layer *layer = &mission->scenario->layers[j];
        if (layer->camp != camp)
            continue;
        pko_groups_add(&target->groups, layer->group);
        if (mission->layer_first[j] < first + count &&
            first < mission->layer_first[j] + mission->layer_people[j])
            pko_groups_add(&target->at_risk, layer->group);
    }
}

/* A camp in the region by headcount × (1 − protection). */
static void draw_camp(const struct pko_mission *mission, int region, double u, uint32_t word,
                      struct pko_target *target) {
    double sum = 0.0;
    for (int pass = 0; pass < 2; pass++) {
        double at = u * sum;
        int last = -1;
        for (int c = 0; c < mission->scenario->camp_count; c++) {
            double weight = (double)mission->camp_people[c] * (1.0 - mission->protection[c]);
            if (mission->scenario->camps[c].region != region || weight <= 0.0)
                continue;
            if (pass == 0) {
                sum += weight;
                continue;
            }
            last = c;
            if (at < weight)
                break;
            at -= weight;
        }
        if (pass == 1 && last >= 0) {
            target->found = true;
            target->camp = last;
            target->hardness = mission->protection[last];
            expose_camp(mission, last, word, target);
        }
    }
}

/* A civilian detachment in the region by headcount. */
static void draw_soft(const struct pko_mission *mission, int region, uint32_t who, uint32_t word,
                      struct pko_target *target) {
    uint32_t people = 0;
    for (int pass = 0; pass < 2; pass++) {
        uint32_t at = pass && people ? pko_below(who, people) : 0;
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int j = mission->order[k];
            if (pko_group_of(mission, j)->kind != PKO_SECTION || pko_region_of(mission, j) != region)
                continue;
            if (pass == 0) {
                people += mission->layer_people[j];
            } else if (at < mission->layer_people[j]) {
                target_members(mission, j, mission->parameters.incident_at_risk_soft, word, target);
                return;
            } else {
                at -= mission->layer_people[j];
            }
        }
    }
}

/* A community is always there; all groups in the region are its target groups. */
static void draw_community(const struct pko_mission *mission, int region, struct pko_target *target) {
    target->found = true;
    for (uint32_t k = 0; k < mission->layers_present; k++)
        if (pko_region_of(mission, mission->order[k]) == region)
            pko_groups_add(&target->groups, mission->scenario->layers[mission->order[k]].group);
}

void pko_target_draw(const struct pko_mission *mission, const struct pko_plot *plot,
                     struct pko_target *target) {
    target->found = false;
    target->hardness = 0.0;
    target->camp = target->group = target->convoy = -1;
    target->groups = target->at_risk = (struct pko_groups){{0, 0}};
    target->range_count = target->people = 0;
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_TARGET, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    double u = pko_uniform(words, 0);
    switch (plot->plot_class) {
    case PKO_MOVEMENT:
        draw_movement(mission, plot->region, u, words.word[2], target);
        break;
    case PKO_CAMP:
        draw_camp(mission, plot->region, u, words.word[2], target);
        break;
    case PKO_SOFT:
        draw_soft(mission, plot->region, words.word[0], words.word[2], target);
        break;
    default:
        draw_community(mission, plot->region, target);
    }
}
