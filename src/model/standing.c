/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/standing.h"

#include <string.h>

#include "base/real.h"

static void count_heads(struct pko_mission *mission) {
    const struct pko_scenario *scenario = mission->scenario;
    size_t camps = mission->extent.C;
    memset(mission->camp_people, 0, camps * sizeof *mission->camp_people);
    memset(mission->camp_uniformed, 0, camps * sizeof *mission->camp_uniformed);
    memset(mission->group_people, 0, mission->extent.G * sizeof *mission->group_people);
    memset(mission->group_camp_people, 0, mission->extent.GC * sizeof *mission->group_camp_people);
    for (uint32_t k = mission->layers_present; k-- > 0;) {
        int layer = mission->order[k], group = scenario->layers[layer].group,
            camp = scenario->layers[layer].camp;
        uint32_t people = mission->layer_people[layer];
        mission->camp_people[camp] += people;
        mission->camp_first[camp] = mission->layer_first[layer]; /* the lowest, coming last */
        if (pko_is_uniformed(&scenario->groups[group]))
            mission->camp_uniformed[camp] += people;
        mission->group_people[group] += people;
        mission->group_camp_people[(size_t)group * camps + (size_t)camp] += people;
    }
}

/* h_j: share of the camp's people who are uniformed and of j's alliance, or of j's own group outside any
 * (6.7). The layers of a camp stand side by side. */
static void cohesions(struct pko_mission *mission) {
    const struct pko_scenario *scenario = mission->scenario;
    uint32_t first = 0, end = 0;
    for (; first < mission->layers_present; first = end) {
        uint32_t allied[PKO_GROUPS_MOST] = {0}; /* no more alliances than groups */
        int camp = scenario->layers[mission->order[first]].camp;
        for (; end < mission->layers_present; end++) {
            int layer = mission->order[end];
            const struct pko_group *group = pko_group_of(mission, layer);
            if (scenario->layers[layer].camp != camp)
                break;
            if (pko_is_uniformed(group) && group->alliance >= 0)
                allied[group->alliance] += mission->layer_people[layer];
        }
        for (uint32_t k = first; k < end; k++) {
            int layer = mission->order[k], g = scenario->layers[layer].group;
            const struct pko_group *group = &scenario->groups[g];
            uint32_t kin = group->alliance >= 0
                               ? allied[group->alliance]
                               : mission->group_camp_people[(size_t)g * mission->extent.C + (size_t)camp];
            mission->cohesion[layer] =
                pko_is_uniformed(group) ? (double)kin / (double)mission->camp_people[camp] : 0.0;
        }
    }
}

/* Σ_c min(n_gc, n_hc)/min(n_g, n_h): how far two groups live in the same camps (6.4); the same for g and h as
 * for h and g. */
static void camp_overlaps(struct pko_mission *mission, size_t g) {
    const uint32_t *people = mission->group_people, *there = mission->group_camp_people;
    size_t camps = mission->extent.C, stride = mission->trust_stride;
    uint32_t shared[PKO_GROUPS_MOST] = {0};
    for (size_t c = 0; c < camps; c++) {
        uint32_t of_g = there[g * camps + c];
        for (size_t h = 0; of_g > 0 && h <= g; h++) {
            uint32_t of_h = there[h * camps + c];
            shared[h] += of_g < of_h ? of_g : of_h;
        }
    }
    for (size_t h = 0; h <= g; h++) {
        uint32_t least = people[g] < people[h] ? people[g] : people[h];
        mission->overlap[g * stride + h] = mission->overlap[h * stride + g] =
            shared[h] > 0 ? (double)shared[h] / (double)least : 0.0;
    }
}

/* e_r = 1 − exp(−Σ_g aviation_g·reach_gr·(national command ? 1 : aviation.approval_speed)) (6.6). */
static double evacuation(const struct pko_mission *mission, int region) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_scenario *scenario = mission->scenario;
    double sum = 0.0;
    for (int g = 0; g < scenario->group_count; g++) {
        const struct pko_group *group = &scenario->groups[g];
        if (group->aviation <= 0.0 || mission->group_people[g] == 0)
            continue;
        bool at_home = false;
        for (int c = 0; c < scenario->camp_count; c++)
            at_home |= scenario->camps[c].region == region &&
                       mission->group_camp_people[(size_t)g * mission->extent.C + (size_t)c] > 0;
        sum += group->aviation * (at_home ? 1.0 : p->aviation_reach) *
               (group->national_command ? 1.0 : p->aviation_approval_speed);
    }
    return pko_probability(sum);
}

/* The part of T⁰ without hierarchy (6.8). */
static double prior_fixed(const struct pko_mission *mission, size_t g, size_t h) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *one = &mission->scenario->groups[g], *other = &mission->scenario->groups[h];
    double prior = p->trust_base;
    if (one->alliance >= 0 && one->alliance == other->alliance)
        prior += p->trust_alliance;
    if (one->kind == PKO_SECTION && other->kind == PKO_SECTION)
        prior += p->trust_civilian;
    if (one->secure && other->secure)
        prior += p->trust_secure;
    if (one->languages & other->languages)
        prior += p->trust_language;
    return prior;
}

void pko_standing_people(struct pko_mission *mission) {
    count_heads(mission);
    cohesions(mission);
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        const struct pko_group *group = pko_group_of(mission, layer);
        mission->patrollers[layer] =
            pko_is_uniformed(group) ? group->patrol * (double)mission->layer_people[layer] / mission->scale
                                    : 0.0;
    }
    for (size_t g = 0; g < mission->extent.G; g++)
        camp_overlaps(mission, g);
    for (int r = 0; r < mission->scenario->region_count; r++)
        mission->evacuation[r] = evacuation(mission, r);
    pko_roster_derive(mission);
}

void pko_standing_derive(struct pko_mission *mission) {
    pko_standing_people(mission);
    for (size_t g = 0; g < mission->extent.G; g++)
        for (size_t h = 0; h <= g; h++) {
            size_t there = g * mission->trust_stride + h, back = h * mission->trust_stride + g;
            mission->trust_prior_fixed[there] = mission->trust_prior_fixed[back] = prior_fixed(mission, g, h);
        }
}

/* One point is one value for all days, and is written on day 0. */
void pko_standing_today(struct pko_mission *mission) {
    bool first = mission->day == 0;
    for (size_t g = 0; g < mission->extent.G; g++)
        if (first || mission->roster.equipment_moves[g])
            mission->equipment[g] = pko_timeline_at(&mission->scenario->groups[g].equipment, mission->date);
    for (size_t c = 0; c < mission->extent.C; c++)
        if (first || mission->roster.protection_moves[c])
            mission->protection[c] = pko_timeline_at(&mission->scenario->camps[c].protection, mission->date);
}

/* Sums group by group stay in registers; layer by layer each would wait for the one before in memory. */
static void take_means(struct pko_mission *mission, size_t g) {
    const struct pko_roster *roster = &mission->roster;
    double a = 0.0, b = 0.0;
    for (uint32_t k = roster->kin_begins[g]; k < roster->kin_begins[g + 1]; k++) {
        a += roster->kin_share[k] * mission->mean_reinforcement[roster->kin[k]];
        b += roster->kin_share[k] * mission->mean_resistance[roster->kin[k]];
    }
    mission->group_reinforcement[g] = a;
    mission->group_resistance[g] = b;
}

void pko_group_means(struct pko_mission *mission) {
    for (size_t g = 0; g < mission->extent.G; g++)
        if (mission->group_people[g] > 0)
            take_means(mission, g);
    mission->roster.changed = (struct pko_groups){{0, 0}};
}

void pko_group_means_again(struct pko_mission *mission) {
    const struct pko_groups *changed = &mission->roster.changed;
    for (int g = pko_groups_next(changed, 0); g >= 0; g = pko_groups_next(changed, g + 1))
        if (mission->group_people[g] > 0)
            take_means(mission, (size_t)g);
    mission->roster.changed = (struct pko_groups){{0, 0}};
}

double pko_mission_mean(const struct pko_mission *mission, const double *mean_by_layer) {
    double sum = 0.0;
    for (uint32_t k = 0; k < mission->layers_present; k++)
        sum += mission->roster.people[k] * mean_by_layer[mission->order[k]];
    return mission->people ? sum / (double)mission->people : 0.0;
}
