/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.9 population: trust, fear and stability of regions; retaliation. */
#include "base/draws.h"
#include "base/real.h"
#include "model/cuts.h"
#include "pkosim/status.h"
#include "process/process.h"

/* Efforts Q_r and M_r as the population's trust sees them: with frozen postures when that arrow is cut. */
static void seen_efforts(const struct pko_mission *mission, int region, double *population_centred,
                         double *enemy_centred) {
    *population_centred = mission->centred_population[region];
    *enemy_centred = mission->centred_enemy[region];
    if (!PKO_CUT(mission, posture_to_population_trust))
        return;
    *population_centred = *enemy_centred = 0.0;
    const double *frozen = PKO_SEEN_LAYERS(mission, posture_to_population_trust, posture);
    const struct pko_patrol *patrol = mission->roster.patrols + mission->roster.patrols_begin[region],
                            *end = mission->roster.patrols + mission->roster.patrols_begin[region + 1];
    for (; patrol < end; patrol++) {
        double posture = frozen[patrol->layer];
        *population_centred += patrol->patrollers * (1.0 - posture) / 1000.0;
        *enemy_centred += patrol->patrollers * posture / 1000.0;
    }
}

/* p ← p + projects·Y(1−p) + presence·Q(1−p) − [posture·M + cooperation·κ + violence·A]p + (p⁰−p)/memory. */
static void trust_of_population(struct pko_mission *mission, int r) {
    const struct pko_parameters *p = &mission->parameters;
    double q, m, trust = mission->population_trust[r];
    seen_efforts(mission, r, &q, &m);
    double cooperation = PKO_SEES_MISSION(mission, cooperation_to_population_trust, mission->cooperation);
    double gain = p->population_projects * (double)mission->projects_today[r] + p->population_presence * q;
    double loss = p->population_posture * m + p->population_cooperation * cooperation +
                  p->population_violence * (double)mission->community_hits_today[r];
    double baseline = mission->scenario->regions[r].trust;
    mission->population_trust[r] = pko_clip(trust + gain * (1.0 - trust) - loss * trust +
                                            (baseline - trust) / p->population_memory_days);
}

/* Poisson(rate·(P_r/1000)·(1−s_r)·(1−w_r)) retaliations a day in every region, beside those from leaks. */
static void retaliate(const struct pko_mission *mission, uint32_t number[PKO_REGIONS_MOST]) {
    uint32_t regions[PKO_REGIONS_MOST];
    double mean[PKO_REGIONS_MOST];
    for (uint32_t r = 0; r < mission->extent.R; r++) {
        regions[r] = r;
        mean[r] = mission->parameters.retaliation_rate * mission->region_patrollers[r] / 1000.0 *
                  (1.0 - mission->stability[r]) * (1.0 - mission->restraint[r]);
        if (PKO_CUT(mission, contact_to_retaliation))
            mean[r] = 0.0;
    }
    pko_poissons(pko_level_of(mission->clone), mission->stream, PKO_PURPOSE_RETALIATION,
                 (uint32_t)mission->day, regions, mean, mission->extent.R, number);
}

static void log_retaliation(struct pko_mission *mission, int r, int by_leak, uint32_t number) {
    if (mission->ledger.keep_events && number > 0)
        PKO_APPEND(mission, mission->ledger.retaliations,
                   (struct pko_retaliation_event){mission->day, r, by_leak, (int32_t)number});
}

/* f ← f·keep, keep = e^(−1/fear_days), then for each retaliation and each community hit f ← f + fear·(1−f).
 */
static void fear_of_population(struct pko_mission *mission, int r, uint32_t patrol) {
    const struct pko_parameters *p = &mission->parameters;
    uint32_t leak = PKO_CUT(mission, leaks_to_retaliation) ? 0 : mission->leak_retaliations_today[r];
    mission->retaliations_today[r] = patrol + leak;
    mission->total_retaliations[r] += patrol + leak;
    mission->total_leak_retaliations[r] += leak;
    log_retaliation(mission, r, 0, patrol);
    log_retaliation(mission, r, 1, leak);
    uint32_t events = mission->community_hits_today[r];
    if (!PKO_CUT(mission, retaliation_to_fear))
        events += patrol + leak;
    double fear = mission->fear[r] * mission->roster.fear_kept;
    for (uint32_t k = 0; k < events; k++)
        fear += p->population_fear * (1.0 - fear);
    mission->fear[r] = pko_clip(fear);
}

/* s ← s + projects·Y(1−s) + patrols·M(1−s) − attacks·(hits, communities included)·s + (s⁰(t)−s)/memory. */
static void stability(struct pko_mission *mission, int r) {
    const struct pko_parameters *p = &mission->parameters;
    double s = mission->stability[r];
    double projects = PKO_CUT(mission, projects_to_stability) ? 0.0 : (double)mission->projects_today[r];
    double exogenous = pko_timeline_at(&mission->scenario->regions[r].stability, mission->date);
    mission->stability[r] = pko_clip(s + p->stability_projects * projects * (1.0 - s) +
                                     p->stability_patrols * mission->centred_enemy[r] * (1.0 - s) -
                                     p->stability_attacks * (double)mission->hits_today[r] * s +
                                     (exogenous - s) / p->stability_memory_days);
}

void pko_process_population(struct pko_mission *mission) {
    uint32_t patrol[PKO_REGIONS_MOST];
    retaliate(mission, patrol); /* with the stability of the evening before */
    for (int r = 0; r < mission->scenario->region_count; r++) {
        trust_of_population(mission, r);
        fear_of_population(mission, r, patrol[r]);
        stability(mission, r);
    }
}
