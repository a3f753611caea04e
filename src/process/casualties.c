/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.5, casualties: how many, drawn among those at risk, and who of them dies. */
#include "base/random.h"
#include "pkosim/status.h"
#include "process/incidents.h"

static double least_casualties(const struct pko_parameters *p, int plot_class) {
    switch (plot_class) {
    case PKO_MOVEMENT:
        return p->incident_least_movement;
    case PKO_CAMP:
        return p->incident_least_camp;
    case PKO_SOFT:
        return p->incident_least_soft;
    default:
        return p->incident_least_population;
    }
}

/* The n-th person at risk of one category who was not yet hit by this strike, nor killed by an earlier one
 * today. */
static uint32_t nth_unhit(const struct pko_mission *mission, const struct pko_target *target, bool uniformed,
                          uint32_t nth) {
    for (uint32_t r = 0; r < target->range_count; r++)
        for (uint32_t i = target->range[r].first; i < target->range[r].first + target->range[r].count; i++) {
            if (((mission->traits[i] & PKO_TRAIT_UNIFORMED) != 0) != uniformed ||
                (mission->today[i] & (PKO_TODAY_HIT | PKO_TODAY_DEAD)))
                continue;
            if (nth-- == 0)
                return i;
        }
    return UINT32_MAX;
}

static int layer_of(const struct pko_mission *mission, uint32_t person) {
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        if (person < mission->layer_first[layer] + mission->layer_people[layer])
            return layer; /* layers stand in the order of their places */
    }
    return -1;
}

static void mark(struct pko_mission *mission, const struct pko_target *target, uint8_t set, uint8_t clear) {
    for (uint32_t r = 0; r < target->range_count; r++)
        for (uint32_t i = target->range[r].first; i < target->range[r].first + target->range[r].count; i++)
            mission->today[i] = (uint8_t)((mission->today[i] | set) & ~clear);
}

/* Civilians and uniformed people at risk who are alive: one dies once. */
static void count_at_risk(const struct pko_mission *mission, const struct pko_target *target,
                          uint32_t count[2]) {
    count[0] = count[1] = 0;
    for (uint32_t r = 0; r < target->range_count; r++)
        for (uint32_t i = target->range[r].first; i < target->range[r].first + target->range[r].count; i++)
            if (!(mission->today[i] & PKO_TODAY_DEAD))
                count[(mission->traits[i] & PKO_TRAIT_UNIFORMED) != 0]++;
}

static void strike_person(struct pko_mission *mission, uint32_t person, bool dies,
                          struct pko_casualties *result) {
    int layer = layer_of(mission, person), group = mission->scenario->layers[layer].group;
    mission->today[person] |= PKO_TODAY_HIT;
    pko_groups_add(&result->groups, group);
    mission->bereaved[layer] |= dies;
    if (dies) {
        result->killed++;
        mission->total_deaths[group]++;
        mission->hostile_deaths_today++;
        mission->today[person] |= PKO_TODAY_DEAD;
        PKO_APPEND(mission, mission->ledger.dead, person);
    } else {
        result->wounded++;
        mission->total_wounded[group]++;
    }
}

struct pko_casualties pko_casualties_draw(struct pko_mission *mission, const struct pko_plot *plot,
                                          const struct pko_target *target, double u) {
    const struct pko_parameters *p = &mission->parameters;
    uint32_t entity = pko_plot_entity(plot, mission->day), left[2];
    struct pko_casualties result = {0, 0, {{0, 0}}};
    /* casualties = min(at risk, floor(least·U^(−1/(tail−1)))). */
    uint32_t casualties =
        pko_power_law(least_casualties(p, plot->plot_class), p->incident_tail, u, target->people);
    /* Each dies with probability lethality·(1 − effect·e_r), else is wounded. */
    double lethality = p->incident_lethality * (1.0 - p->aviation_effect * mission->evacuation[plot->region]);
    mark(mission, target, PKO_TODAY_WITNESS, PKO_TODAY_HIT);
    count_at_risk(mission, target, left);
    for (uint32_t k = 0; k < casualties && left[0] + left[1] > 0; k++) {
        struct pko_words words =
            pko_draw(mission->stream, PKO_PURPOSE_CASUALTY, (uint32_t)mission->day, entity, k);
        /* Civilians weigh civilian_vulnerability, uniformed people 1. */
        double civilians = p->incident_civilian_vulnerability * (double)left[0];
        bool uniformed = pko_uniform_word(words.word[0]) * (civilians + (double)left[1]) >= civilians;
        if (left[uniformed] == 0)
            uniformed = !uniformed;
        uint32_t person = nth_unhit(mission, target, uniformed, pko_below(words.word[1], left[uniformed]));
        left[uniformed]--;
        strike_person(mission, person, pko_uniform_word(words.word[2]) < lethality, &result);
    }
    return result;
}
