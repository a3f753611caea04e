/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4 intelligence: restraint, classification, collection (process/collection.c), sharing and leaks
 * (process/sharing.c), and the share of restricted copies. */
#include <string.h>

#include "base/real.h"
#include "model/cuts.h"
#include "process/intelligence.h"
#include "process/process.h"

/* w_r = restraint·Σ_g P_gr·T[g][poc]·V_poc/P_r over protection sections with people in r, averaged over those
 * people, cut to [0,1]; 0 with no patrollers or no protection section. */
static double restraint(const struct pko_mission *mission, int region) {
    double weighted = 0.0, protection = 0.0;
    if (mission->region_patrollers[region] <= 0.0)
        return 0.0;
    for (uint32_t s = 0; s < mission->layers_present; s++) {
        int section = mission->order[s];
        const struct pko_group *group = pko_group_of(mission, section);
        if (group->kind != PKO_SECTION || strcmp(group->section_kind, "poc") != 0 ||
            pko_region_of(mission, section) != region)
            continue;
        double people = (double)mission->layer_people[section];
        double heard = people * PKO_SEES_LAYER(mission, voice_to_restraint, mission->voice, section);
        size_t column = (size_t)mission->scenario->layers[section].group;
        protection += people;
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int j = mission->order[k];
            if (mission->patrollers[j] > 0.0 && pko_region_of(mission, j) == region) {
                size_t row = (size_t)mission->scenario->layers[j].group;
                weighted +=
                    mission->patrollers[j] * heard * mission->trust[row * mission->trust_stride + column];
            }
        }
    }
    if (protection <= 0.0)
        return 0.0;
    return pko_clip(mission->parameters.retaliation_restraint * weighted / protection /
                    mission->region_patrollers[region]);
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
    for (int r = 0; r < mission->scenario->region_count; r++)
        mission->restraint[r] = restraint(mission, r);
    for (size_t g = 0; g < mission->extent.G; g++)
        mission->classification[g] = mission->scenario->groups[g].secure && mission->group_people[g] > 0
                                         ? classification(mission, g)
                                         : 0.0;
    pko_collect(mission);
    if (!PKO_CUT(mission, sharing_to_warning))
        pko_share(mission);
    secrecy(mission);
}
