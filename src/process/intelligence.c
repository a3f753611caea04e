/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4 intelligence: restraint, classification, collection (process/collection.c), sharing and leaks
 * (process/sharing.c), and the share of restricted copies. */
#include "base/real.h"
#include "base/reals.h"
#include "model/cuts.h"
#include "process/intelligence.h"
#include "process/process.h"

/* What the patrols of a region let a protection section tell them: Σ_j P_j·heard·T[g(j)][section]. */
static void listen(const struct pko_mission *mission, int region, size_t section, double heard,
                   double *weighted) {
    const struct pko_patrol *patrol = mission->roster.patrols + mission->roster.patrols_begin[region],
                            *end = mission->roster.patrols + mission->roster.patrols_begin[region + 1];
    double sum = *weighted;
    for (; patrol < end; patrol++)
        sum += patrol->patrollers * heard *
               mission->trust[(size_t)patrol->group * mission->trust_stride + section];
    *weighted = sum;
}

/* w_r = restraint·Σ_g P_gr·T[g][poc]·V_poc/P_r over protection sections with people in r, averaged over those
 * people, cut to [0,1]; 0 with no patrollers or no protection section. */
static void restraint(struct pko_mission *mission) {
    double weighted[PKO_REGIONS_MOST], protection[PKO_REGIONS_MOST];
    for (size_t r = 0; r < mission->extent.R; r++)
        weighted[r] = protection[r] = 0.0;
    for (uint32_t s = 0; s < mission->roster.protection_count; s++) {
        int section = mission->roster.protections[s], r = pko_region_of(mission, section);
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

/* c_g = 1 − (1 − classification)^max(0, 1 + guard·(ā_g − b̄_g)) on the secure network: the more militarized a
 * group, the more it classifies. */
static void classify(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    uint32_t member[PKO_GROUPS_MOST];
    double power[PKO_GROUPS_MOST];
    size_t count = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        mission->classification[g] = 0.0;
        if (!mission->roster.secure[g] || mission->group_people[g] == 0)
            continue;
        double exponent =
            1.0 + p->sharing_guard * (mission->group_reinforcement[g] - mission->group_resistance[g]);
        if (PKO_CUT(mission, reinforcement_to_classification))
            exponent = 1.0;
        member[count] = (uint32_t)g;
        power[count++] = exponent > 0.0 ? exponent : 0.0;
    }
    PKO_CHOOSE(pko_level_of(mission->clone), pko_powers)
    (1.0 - p->regime_classification, power, power, count);
    for (size_t k = 0; k < count; k++)
        mission->classification[member[k]] = 1.0 - power[k];
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
    classify(mission);
    pko_collect(mission);
    if (!PKO_CUT(mission, sharing_to_warning))
        pko_share(mission);
    secrecy(mission);
}
