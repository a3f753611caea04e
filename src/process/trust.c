/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.8 trust: the group-by-group matrix T[g][h], the trust of g in h. */
#include <string.h>

#include "model/cuts.h"
#include "model/standing.h"
#include "process/process.h"
#include "process/trust_rows.h"

static void know_groups(const struct pko_mission *mission, struct pko_trust_day *day) {
    size_t groups = mission->extent.G, size = mission->trust_stride * sizeof *day->looks;
    memcpy(day->looks, mission->roster.looks, size);
    memcpy(day->technology, mission->roster.technology, size);
    memcpy(day->reinforcement, mission->group_reinforcement, groups * sizeof *day->reinforcement);
    for (size_t g = 0; g < groups; g++)
        day->present[g] = mission->group_people[g] > 0 ? 1.0 : 0.0;
    for (size_t g = groups; g < mission->trust_stride; g++)
        day->present[g] = day->reinforcement[g] = 0.0;
}

/* T⁰_gh = fixed part − hierarchy·2ā_g·max(0, r_g − r_h) (both uniformed), clipped to [0.05, 0.95]. */
static double prior(const struct pko_mission *mission, size_t g, size_t h, const struct pko_trust_day *day) {
    double above = day->looks[g] - day->technology[h];
    double loss =
        above > 0.0 ? mission->parameters.trust_hierarchy * 2.0 * day->reinforcement[g] * above : 0.0;
    double value = mission->trust_prior_fixed[g * mission->trust_stride + h] - loss;
    return value < 0.05 ? 0.05 : value > 0.95 ? 0.95 : value;
}

void pko_trust_start(struct pko_mission *mission) {
    struct pko_trust_day day;
    know_groups(mission, &day);
    for (size_t g = 0; g < mission->extent.G; g++)
        for (size_t h = 0; h < mission->extent.G; h++)
            mission->trust[g * mission->trust_stride + h] = prior(mission, g, h, &day);
}

/* T ← T + (T⁰ − T)/memory + reciprocity·(T_hg − T_gh) − othering·|ā_g − ā_h|·T_gh (process/trust_kernel.c).
 */
static void drift_and_rides(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    struct pko_trust_day day;
    know_groups(mission, &day);
    day.recall = 1.0 / p->trust_memory_days;
    day.hierarchy = PKO_CUT(mission, hierarchy_to_trust) ? 0.0 : p->trust_hierarchy;
    day.othering = PKO_CUT(mission, othering_to_trust) ? 0.0 : p->trust_othering;
    day.reciprocity = PKO_CUT(mission, reciprocity) ? 0.0 : p->trust_reciprocity;
    day.ride = p->trust_ride;
    day.today = mission->day;
    PKO_CHOOSE(pko_level_of(mission->clone), pko_trust_drift)
    (mission->trust, mission->trust_prior_fixed, mission->last_ride, mission->extent.G, mission->trust_stride,
     &day);
}

static void gain(struct pko_mission *mission, int from, int toward, double k) {
    double *trust = &mission->trust[(size_t)from * mission->trust_stride + (size_t)toward];
    *trust += k * (1.0 - *trust);
}

static void lose(struct pko_mission *mission, int from, int toward, double k) {
    mission->trust[(size_t)from * mission->trust_stride + (size_t)toward] *= 1.0 - k;
}

/* blame·ā_g·max(0, r_g − r_h), every uniformed group g present toward the group h that was hit unwarned. */
static void blame(struct pko_mission *mission, int victim) {
    for (int g = 0; g < mission->scenario->group_count; g++) {
        const struct pko_group *observer = &mission->scenario->groups[g];
        double above = pko_technology(observer) - pko_technology(&mission->scenario->groups[victim]);
        if (g != victim && pko_is_uniformed(observer) && mission->group_people[g] > 0 && above > 0.0)
            lose(mission, g, victim,
                 mission->parameters.trust_blame * mission->group_reinforcement[g] * above);
    }
}

static void apply_event(struct pko_mission *mission, const struct pko_trust_event *event) {
    const struct pko_parameters *p = &mission->parameters;
    switch (event->kind) {
    case PKO_TRUST_WARNING:
        gain(mission, event->from, event->toward, p->trust_warning);
        break;
    case PKO_TRUST_WITHHELD:
        lose(mission, event->from, event->toward, p->trust_withheld);
        break;
    case PKO_TRUST_BLAME:
        blame(mission, event->toward);
        break;
    case PKO_TRUST_REFUSAL:
        lose(mission, event->from, event->toward, p->trust_refusal);
        break;
    case PKO_TRUST_FLIGHT:
        lose(mission, event->from, event->toward, p->trust_flight);
        break;
    case PKO_TRUST_BYPASS:
        lose(mission, event->from, event->toward, p->trust_bypass);
        break;
    }
}

void pko_process_trust(struct pko_mission *mission) {
    pko_group_means(mission);
    /* Events in the order of processes 2, 5, 6. */
    drift_and_rides(mission);
    for (size_t k = 0; k < mission->ledger.trust.count; k++)
        apply_event(mission, &mission->ledger.trust.item[k]);
}
