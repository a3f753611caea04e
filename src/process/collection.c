/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, collection: for each live plot each day, in this order: population, technical, patrol, partner
 * forces. Who collects knows; collection by a group of an item that any other group already holds is
 * duplicated. */
#include "base/random.h"
#include "base/real.h"
#include "model/cuts.h"
#include "process/intelligence.h"

/* What all plots of a day share. */
struct collectors {
    double tip_weight[PKO_GROUPS_MOST]; /* contact of each group with the population of the plot's region */
    double tip_sum;
    double patrollers[PKO_GROUPS_MOST]; /* of each group in the plot's region */
    int region;                         /* for which the above hold; −1 for none yet */
    double technical[PKO_GROUPS_MOST];  /* chance a day of each group with ISR */
    double partner;                     /* chance a day of an item from partner forces */
};

/* The receiver of a tip is drawn in proportion to the terms of the rate: contingents and police by
 * P_j(1−π_j)/1000·(1−w_r), sections by civil_contact·people in the field/100, national staff weighing more.
 */
static void contact_in_region(const struct pko_mission *mission, int region, struct collectors *c) {
    const struct pko_parameters *p = &mission->parameters;
    size_t groups = mission->extent.G;
    c->region = region;
    for (size_t g = 0; g < groups; g++)
        c->tip_weight[g] = c->patrollers[g] = 0.0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k], g = mission->scenario->layers[j].group;
        if (mission->patrollers[j] <= 0.0 || pko_region_of(mission, j) != region)
            continue;
        c->patrollers[g] += mission->patrollers[j];
        c->tip_weight[g] += mission->patrollers[j] * (1.0 - mission->posture[j]) / 1000.0 *
                            (1.0 - mission->restraint[region]);
    }
    c->tip_sum = 0.0;
    for (size_t g = 0; g < groups; g++) {
        double field = mission->field_people[(size_t)region * groups + g];
        c->tip_weight[g] += p->collect_civil_contact * field / 100.0 *
                            (1.0 + p->collect_national * mission->scenario->groups[g].national);
        c->tip_sum += c->tip_weight[g];
    }
}

/* A group comes to hold a copy by its own collection, free or restricted. One that holds a copy and collects
 * a free one frees its copy and is not counted again. */
static void collect(struct pko_mission *mission, struct pko_plot *plot, int group, bool restricted) {
    bool held = pko_groups_has(&plot->knows, group);
    pko_groups_add(&plot->collected, group);
    if (!restricted)
        pko_groups_add(&plot->free, group);
    if (held)
        return;
    mission->total_collected[group]++;
    mission->total_duplicated[group] += !pko_groups_empty(&plot->knows);
    mission->total_restricted[group] += restricted;
    pko_groups_add(&plot->knows, group);
}

static int by_weight(const double *weight, size_t count, double at) {
    int last = -1;
    for (size_t k = 0; k < count; k++) {
        if (weight[k] <= 0.0)
            continue;
        last = (int)k;
        if (at < weight[k])
            break;
        at -= weight[k];
    }
    return last;
}

/* 1 − exp(−tips·p_r(1−f_r)·(Q_r(1−w_r) + civil_contact·C_r)); at most one tip a plot and day. Always free. */
static void collect_tip(struct pko_mission *mission, struct pko_plot *plot, const struct collectors *c) {
    int r = plot->region;
    double trust = PKO_SEES_REGION(mission, population_trust_to_tips, mission->population_trust, r);
    double fear = PKO_SEES_REGION(mission, fear_to_tips, mission->fear, r);
    double rate = mission->parameters.collect_tips * trust * (1.0 - fear) * c->tip_sum;
    if (PKO_CUT(mission, tips_to_warning) || rate <= 0.0)
        return;
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_TIP, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    if (pko_uniform(words, 0) >= pko_probability(rate))
        return;
    int group = by_weight(c->tip_weight, mission->extent.G, pko_uniform(words, 1) * c->tip_sum);
    collect(mission, plot, group, false);
    plot->human_sourced = 1;
}

/* Technical: each group with ISR that is present, everywhere. Patrol: each contingent and police unit with
 * patrollers in the region, always free. */
static void collect_by_groups(struct pko_mission *mission, struct pko_plot *plot,
                              const struct collectors *c) {
    uint32_t day = (uint32_t)mission->day, entity = pko_plot_entity(plot, mission->day);
    for (size_t g = 0; g < mission->extent.G; g++) {
        if (c->technical[g] <= 0.0)
            continue;
        struct pko_words words =
            pko_draw(mission->stream, PKO_PURPOSE_COLLECT_TECHNICAL, day, entity, (uint32_t)g);
        if (pko_uniform(words, 0) < c->technical[g])
            collect(mission, plot, (int)g, pko_uniform(words, 1) < mission->classification[g]);
    }
    for (size_t g = 0; g < mission->extent.G; g++) {
        double rate = mission->parameters.collect_patrol * c->patrollers[g] / 1000.0;
        if (rate <= 0.0)
            continue;
        double u =
            pko_uniform(pko_draw(mission->stream, PKO_PURPOSE_COLLECT_PATROL, day, entity, (uint32_t)g), 0);
        if (u < rate && u < pko_probability(rate)) /* 1 − e^(−x) ≤ x spares most of the exponentials */
            collect(mission, plot, (int)g, false);
    }
}

/* 1 − exp(−partner·κ), to a random group present on the secure network, if any. */
static void collect_from_partners(struct pko_mission *mission, struct pko_plot *plot, double chance) {
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_PARTNER, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    if (pko_uniform(words, 0) >= chance)
        return;
    uint32_t secure = 0;
    for (size_t g = 0; g < mission->extent.G; g++)
        secure += mission->scenario->groups[g].secure && mission->group_people[g] > 0;
    if (secure == 0)
        return;
    uint32_t at = pko_below(words.word[2], secure);
    for (size_t g = 0; g < mission->extent.G; g++)
        if (mission->scenario->groups[g].secure && mission->group_people[g] > 0 && at-- == 0) {
            collect(mission, plot, (int)g, pko_uniform_word(words.word[3]) < mission->classification[g]);
            return;
        }
}

void pko_collect(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    struct collectors c = {.region = -1};
    for (size_t g = 0; g < mission->extent.G; g++) {
        const struct pko_group *group = &mission->scenario->groups[g];
        c.technical[g] = group->isr > 0.0 && mission->group_people[g] > 0
                             ? pko_probability(p->collect_technical * group->isr)
                             : 0.0;
    }
    c.partner = pko_probability(p->collect_partner * mission->cooperation);
    /* Region by region, since plots of a region share the contact with its population. Plots do not affect
     * one another. */
    for (int r = 0; r < mission->scenario->region_count; r++)
        for (size_t k = 0; k < mission->plots.count; k++) {
            struct pko_plot *plot = &mission->plots.item[k];
            if (plot->region != r || !pko_plot_is_open(mission, plot))
                continue;
            if (c.region != r)
                contact_in_region(mission, r, &c);
            collect_tip(mission, plot, &c);
            collect_by_groups(mission, plot, &c);
            collect_from_partners(mission, plot, c.partner);
        }
}
