/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2 operations: posture, patrols and voice of every detachment; then convoys end, visits are requested
 * and escorted (process/visits.c), supply convoys leave, and those on the road ride together
 * (process/convoys.c). */
#include <string.h>

#include "base/real.h"
#include "base/tally.h"
#include "model/cuts.h"
#include "process/operations.h"
#include "process/process.h"

/* ζ_j = d̄/(d̄ + v), ½ if both are 0; π_j = lo(bias + reinforcement·ā(1−μ+2μζ) − resistance·b̄(1−μ+2μ(1−ζ)) +
 * danger·d̄). */
void pko_posture_update(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    double mu = p->posture_situational;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k];
        double d = mission->mean_danger[j], v = mission->valorization[j];
        double a = PKO_SEES_LAYER(mission, reinforcement_to_posture, mission->mean_reinforcement, j);
        double b = PKO_SEES_LAYER(mission, resistance_to_posture, mission->mean_resistance, j);
        double salience = d + v > 0.0 ? d / (d + v) : 0.5;
        mission->salience[j] = salience;
        mission->posture[j] = pko_logistic(
            p->posture_bias + p->posture_reinforcement * a * (1.0 - mu + 2.0 * mu * salience) -
            p->posture_resistance * b * (1.0 - mu + 2.0 * mu * (1.0 - salience)) + p->posture_danger * d);
    }
}

/* Sums of b over members of a section: with a military background, without one men, without one women. */
static void resistance_by_hearing(const struct pko_mission *mission, int layer, double sum[3]) {
    double lane[3][PKO_LANES] = {{0}};
    size_t first = mission->layer_first[layer], count = mission->layer_people[layer];
    for (size_t k = 0; k < count; k++) {
        uint8_t traits = mission->traits[first + k];
        int heard = traits & PKO_TRAIT_BACKGROUND ? 0 : traits & PKO_TRAIT_WOMAN ? 2 : 1;
        lane[heard][k % PKO_LANES] += (double)mission->resistance[first + k];
    }
    for (int heard = 0; heard < 3; heard++)
        sum[heard] = pko_tally_tree(lane[heard]);
}

/* A member without a military background is heard with weight y = (1 − background·u_j), a woman among them
 * also times (1 − closed_club·u_j·(1 − women_j)); one with it with weight 1. B_j = Σ y b/n, V_j = B_j/b̄_j, 1
 * if nobody is muted. */
void pko_voice_update(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k];
        if (pko_group_of(mission, j)->kind != PKO_SECTION)
            continue;
        double n = (double)mission->layer_people[j], sum[3];
        double u = (double)mission->layer_background[j] / n, women = (double)mission->layer_women[j] / n;
        double man = 1.0 - p->voice_background * u;
        double woman = man * (1.0 - p->voice_closed_club * u * (1.0 - women));
        if (PKO_CUT(mission, background_to_voice))
            man = woman = 1.0;
        resistance_by_hearing(mission, j, sum);
        double whole = sum[0] + sum[1] + sum[2], heard = sum[0] + man * sum[1] + woman * sum[2];
        mission->voiced[j] = heard / n;
        mission->voice[j] = whole > 0.0 && (man < 1.0 || woman < 1.0) ? heard / whole : 1.0;
    }
}

/* Per region: patrollers P_r, population-centred effort Q_r and enemy-centred effort M_r [1000 patrollers].
 */
static void patrol_regions(struct pko_mission *mission) {
    size_t regions = mission->extent.R;
    memset(mission->region_patrollers, 0, regions * sizeof(double));
    memset(mission->centred_population, 0, regions * sizeof(double));
    memset(mission->centred_enemy, 0, regions * sizeof(double));
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k], r = pko_region_of(mission, j);
        double patrollers = mission->patrollers[j];
        mission->region_patrollers[r] += patrollers;
        mission->centred_population[r] += patrollers * (1.0 - mission->posture[j]) / 1000.0;
        mission->centred_enemy[r] += patrollers * mission->posture[j] / 1000.0;
    }
}

void pko_process_operations(struct pko_mission *mission) {
    pko_posture_update(mission);
    pko_voice_update(mission);
    patrol_regions(mission);
    pko_convoys_end(mission);
    pko_visits(mission);
    pko_supply(mission);
    pko_convoys_ride(mission);
}
