/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2 operations: posture, patrols and voice of every detachment; then convoys end, visits are requested
 * and escorted (process/visits.c), supply convoys leave, and those on the road ride together
 * (process/convoys.c). */
#include "base/reals.h"
#include "model/cuts.h"
#include "process/operations.h"
#include "process/operations_rows.h"
#include "process/process.h"

#define CHUNK 64 /* detachments whose posture is worked out together */

/* ζ_j = d̄/(d̄ + v), ½ if both are 0; π_j = lo(bias + reinforcement·ā(1−μ+2μζ) − resistance·b̄(1−μ+2μ(1−ζ)) +
 * danger·d̄). */
void pko_posture_update(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    const double *reinforcement = PKO_SEEN_LAYERS(mission, reinforcement_to_posture, mean_reinforcement);
    const double *resistance = PKO_SEEN_LAYERS(mission, resistance_to_posture, mean_resistance);
    enum pko_level level = pko_level_of(mission->clone);
    double mu = p->posture_situational;
    for (uint32_t first = 0; first < mission->layers_present; first += CHUNK) {
        uint32_t count = mission->layers_present - first < CHUNK ? mission->layers_present - first : CHUNK;
        const int32_t *order = mission->order + first;
        double inclination[CHUNK];
        for (uint32_t k = 0; k < count; k++) {
            int j = order[k];
            double d = mission->mean_danger[j], v = mission->valorization[j];
            double salience = d + v > 0.0 ? d / (d + v) : 0.5;
            mission->salience[j] = salience;
            inclination[k] =
                p->posture_bias +
                p->posture_reinforcement * reinforcement[j] * (1.0 - mu + 2.0 * mu * salience) -
                p->posture_resistance * resistance[j] * (1.0 - mu + 2.0 * mu * (1.0 - salience)) +
                p->posture_danger * d;
        }
        PKO_CHOOSE(level, pko_logistics)(inclination, inclination, count);
        for (uint32_t k = 0; k < count; k++)
            mission->posture[order[k]] = inclination[k];
    }
}

/* Voiced resistance B_j and voice V_j of sections (process/operations_kernel.c). */
void pko_voice_update(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    bool cut = PKO_CUT(mission, background_to_voice);
    const struct pko_hearers hearers = {mission->roster.sections,
                                        mission->roster.section_count,
                                        mission->layer_first,
                                        mission->layer_people,
                                        mission->layer_background,
                                        mission->layer_women,
                                        mission->resistance,
                                        mission->traits,
                                        cut ? 0.0 : p->voice_background,
                                        cut ? 0.0 : p->voice_closed_club};
    PKO_CHOOSE(pko_level_of(mission->clone), pko_hear_sections)(&hearers, mission->voiced, mission->voice);
}

/* Per region: patrollers P_r, population-centred effort Q_r and enemy-centred effort M_r [1000 patrollers].
 */
static void patrol_regions(struct pko_mission *mission) {
    for (size_t r = 0; r < mission->extent.R; r++) {
        const struct pko_patrol *patrol = mission->roster.patrols + mission->roster.patrols_begin[r],
                                *end = mission->roster.patrols + mission->roster.patrols_begin[r + 1];
        double all = 0.0, population = 0.0, enemy = 0.0;
        for (; patrol < end; patrol++) {
            double posture = mission->posture[patrol->layer];
            all += patrol->patrollers;
            population += patrol->patrollers * (1.0 - posture) / 1000.0;
            enemy += patrol->patrollers * posture / 1000.0;
        }
        mission->region_patrollers[r] = all;
        mission->centred_population[r] = population;
        mission->centred_enemy[r] = enemy;
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
