/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4 intelligence: restraint, classification, collection (process/collection.c), sharing and leaks
 * (process/sharing.c), and the share of restricted copies. */
#include "base/real.h"
#include "model/cuts.h"
#include "process/intelligence.h"
#include "process/process.h"

/* What the patrols of a region let a protection section tell them: Σ_j P_j·heard·T[g(j)][section]. */
static void listen(const struct pko_mission *mission, int region, size_t section, double heard,
                   double *weighted) {
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k];
        const struct pko_layer *layer = &mission->scenario->layers[j];
        if (mission->patrollers[j] <= 0.0 || mission->scenario->camps[layer->camp].region != region)
            continue;
        size_t row = (size_t)layer->group * mission->trust_stride;
        *weighted += mission->patrollers[j] * heard * mission->trust[row + section];
    }
}

/* w_r = restraint·Σ_g P_gr·T[g][poc]·V_poc/P_r over protection sections with people in r, averaged over those
 * people, cut to [0,1]; 0 with no patrollers or no protection section. */
static void restraint(struct pko_mission *mission) {
    double weighted[PKO_REGIONS_MOST] = {0}, protection[PKO_REGIONS_MOST] = {0};
    for (uint32_t s = 0; s < mission->layers_present; s++) {
        int section = mission->order[s];
        if (!pko_is_protection(pko_group_of(mission, section)))
            continue;
        int r = pko_region_of(mission, section);
        double people = (double)mission->layer_people[section];
        double heard = people * PKO_SEES_LAYER(mission, voice_to_restraint, mission->voice, section);
        protection[r] += people;
        if (mission->region_patrollers[r] > 0.0)
            listen(mission, r, (size_t)mission->scenario->layers[section].group, heard, &weighted[r]);
    }
    for (size_t r = 0; r < mission->extent.R; r++)
        mission->restraint[r] = mission->region_patrollers[r] > 0.0 && protection[r] > 0.0
                                    ? pko_clip(mission->parameters.retaliation_restraint * weighted[r] /
                                               protection[r] / mission->region_patrollers[r])
                                    : 0.0;
}

/* c_g = 1 − (1 − classification)^max(0, 1 + guard·(ā_g − b̄_g)): the more militarized a group, the more it
 * classifies. */
static double classification(const struct pko_mission *mission, size_t group) {
    const struct pko_parameters *p = &mission->parameters;
    double exponent =
        1.0 + p->sharing_guard * (mission->group_reinforcement[group] - mission->group_resistance[group]);
    if (PKO_CUT(mission, reinforcement_to_classification))
        exponent = 1.0;
    return 1.0 - pko_pow(1.0 - p->regime_classification, exponent > 0.0 ? exponent : 0.0);
}

/* ρ_g: the share of a group's live copies that are restricted, 0 if it has none. */
static void secrecy(struct pko_mission *mission) {
    uint32_t copies[PKO_GROUPS_MOST] = {0}, restricted[PKO_GROUPS_MOST] = {0};
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        for (int g = pko_groups_next(&plot->knows, 0); g >= 0; g = pko_groups_next(&plot->knows, g + 1)) {
            copies[g]++;
            restricted[g] += !pko_groups_has(&plot->free, g);
        }
    }
    for (size_t g = 0; g < mission->extent.G; g++)
        mission->secrecy[g] = copies[g] ? (double)restricted[g] / (double)copies[g] : 0.0;
}

void pko_process_intelligence(struct pko_mission *mission) {
    restraint(mission);
    for (size_t g = 0; g < mission->extent.G; g++)
        mission->classification[g] = mission->scenario->groups[g].secure && mission->group_people[g] > 0
                                         ? classification(mission, g)
                                         : 0.0;
    pko_collect(mission);
    if (!PKO_CUT(mission, sharing_to_warning))
        pko_share(mission);
    secrecy(mission);
}
