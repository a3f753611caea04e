/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.8 trust: the group-by-group matrix T[g][h], the trust of g in h. */
#include <math.h>

#include "base/real.h"
#include "model/cuts.h"
#include "model/standing.h"
#include "process/process.h"

/* Stands for the technology of a section, which has none: nobody stands above it. */
#define SECTION 2.0

/* What one row needs of each other group. */
struct others {
    double technology[PKO_GROUPS_MOST]; /* r_h of uniformed groups, SECTION of sections */
    double present[PKO_GROUPS_MOST];    /* 1 or 0 */
};

/* T⁰_gh = fixed part − hierarchy·2ā_g·max(0, r_g − r_h) (both uniformed), clipped to [0.05, 0.95]. */
static double prior(const struct pko_mission *mission, size_t g, size_t h, const struct others *others,
                    double hierarchy) {
    double above = others->technology[g] - others->technology[h];
    bool uniformed = others->technology[g] < SECTION && others->technology[h] < SECTION;
    double loss = uniformed && above > 0.0 ? hierarchy * 2.0 * mission->group_reinforcement[g] * above : 0.0;
    double value = mission->trust_prior_fixed[g * mission->trust_stride + h] - loss;
    return value < 0.05 ? 0.05 : value > 0.95 ? 0.95 : value;
}

static void know_others(const struct pko_mission *mission, struct others *others) {
    for (size_t g = 0; g < mission->extent.G; g++) {
        const struct pko_group *group = &mission->scenario->groups[g];
        others->technology[g] = pko_is_uniformed(group) ? pko_technology(group) : SECTION;
        others->present[g] = mission->group_people[g] > 0 ? 1.0 : 0.0;
    }
}

void pko_trust_start(struct pko_mission *mission) {
    struct others others;
    know_others(mission, &others);
    for (size_t g = 0; g < mission->extent.G; g++)
        for (size_t h = 0; h < mission->extent.G; h++)
            mission->trust[g * mission->trust_stride + h] =
                prior(mission, g, h, &others, mission->parameters.trust_hierarchy);
}

/* T ← T + (T⁰ − T)/memory + reciprocity·(T_hg − T_gh) − othering·|ā_g − ā_h|·T_gh. The two of a pair are done
 * together, so both right sides are from the start of the process. */
static void relax_pair(struct pko_mission *mission, size_t g, size_t h, const struct others *others,
                       double hierarchy, double othering, double reciprocity) {
    double recall = 1.0 / mission->parameters.trust_memory_days;
    double *one = &mission->trust[g * mission->trust_stride + h],
           *back = &mission->trust[h * mission->trust_stride + g];
    double apart = othering * fabs(mission->group_reinforcement[g] - mission->group_reinforcement[h]) *
                   others->present[g] * others->present[h];
    double t_gh = *one, t_hg = *back;
    *one = pko_clip(t_gh + (prior(mission, g, h, others, hierarchy) - t_gh) * recall +
                    reciprocity * (t_hg - t_gh) - apart * t_gh);
    *back = pko_clip(t_hg + (prior(mission, h, g, others, hierarchy) - t_hg) * recall +
                     reciprocity * (t_gh - t_hg) - apart * t_hg);
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

/* A day on the road together, once a day for a pair and both ways. */
static void rides(struct pko_mission *mission) {
    for (int g = 0; g < mission->scenario->group_count; g++)
        for (int h = 0; h < mission->scenario->group_count; h++)
            if (mission->last_ride[(size_t)g * mission->trust_stride + (size_t)h] == mission->day)
                gain(mission, g, h, mission->parameters.trust_ride);
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
    const struct pko_parameters *p = &mission->parameters;
    struct others others;
    pko_group_means(mission);
    know_others(mission, &others);
    double hierarchy = PKO_CUT(mission, hierarchy_to_trust) ? 0.0 : p->trust_hierarchy;
    double othering = PKO_CUT(mission, othering_to_trust) ? 0.0 : p->trust_othering;
    double reciprocity = PKO_CUT(mission, reciprocity) ? 0.0 : p->trust_reciprocity;
    for (size_t g = 0; g < mission->extent.G; g++)
        for (size_t h = g + 1; h < mission->extent.G; h++)
            relax_pair(mission, g, h, &others, hierarchy, othering, reciprocity);
    /* Events in the order of processes 2, 5, 6. */
    rides(mission);
    for (size_t k = 0; k < mission->ledger.trust.count; k++)
        apply_event(mission, &mission->ledger.trust.item[k]);
}
