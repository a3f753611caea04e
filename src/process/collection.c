/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, collection: for each live plot each day, in this order: population, technical, patrol, partner
 * forces. Who collects knows; collection by a group of an item that any other group already holds is
 * duplicated. */
#include "base/random.h"
#include "base/real.h"
#include "model/cuts.h"
#include "process/intelligence.h"

/* The receiver of a tip is drawn in proportion to the terms of the rate: contingents and police by
 * P_j(1−π_j)/1000·(1−w_r), sections by civil_contact·people in the field/100, national staff weighing more.
 */
static void contact_in_region(const struct pko_mission *mission, int region, struct pko_collectors *c) {
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

bool pko_plot_take(struct pko_plot *plot, const struct pko_collection *collection) {
    bool held = pko_groups_has(&plot->knows, collection->group);
    pko_groups_add(&plot->knows, collection->group);
    pko_groups_add(&plot->collected, collection->group);
    if (!collection->restricted)
        pko_groups_add(&plot->free, collection->group);
    plot->human_sourced |= collection->source == PKO_SOURCE_POPULATION;
    return !held;
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
static size_t tips(const struct pko_mission *mission, const struct pko_plot *plot,
                   const struct pko_collectors *c, struct pko_collection *list) {
    int r = plot->region;
    double trust = PKO_SEES_REGION(mission, population_trust_to_tips, mission->population_trust, r);
    double fear = PKO_SEES_REGION(mission, fear_to_tips, mission->fear, r);
    double rate = mission->parameters.collect_tips * trust * (1.0 - fear) * c->tip_sum;
    if (PKO_CUT(mission, tips_to_warning) || rate <= 0.0)
        return 0;
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_TIP, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    if (pko_uniform(words, 0) >= pko_probability(rate))
        return 0;
    int group = by_weight(c->tip_weight, mission->extent.G, pko_uniform(words, 1) * c->tip_sum);
    *list = (struct pko_collection){group, PKO_SOURCE_POPULATION, false};
    return 1;
}

/* Technical: each group with ISR that is present, everywhere. Patrol: each contingent and police unit with
 * patrollers in the region, always free. */
static size_t by_groups(const struct pko_mission *mission, const struct pko_plot *plot,
                        const struct pko_collectors *c, struct pko_collection *list) {
    uint32_t day = (uint32_t)mission->day, entity = pko_plot_entity(plot, mission->day);
    size_t count = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        if (c->technical[g] <= 0.0)
            continue;
        struct pko_words words =
            pko_draw(mission->stream, PKO_PURPOSE_COLLECT_TECHNICAL, day, entity, (uint32_t)g);
        if (pko_uniform(words, 0) < c->technical[g])
            list[count++] = (struct pko_collection){(int32_t)g, PKO_SOURCE_TECHNICAL,
                                                    pko_uniform(words, 1) < mission->classification[g]};
    }
    for (size_t g = 0; g < mission->extent.G; g++) {
        double rate = mission->parameters.collect_patrol * c->patrollers[g] / 1000.0;
        if (rate <= 0.0)
            continue;
        double u =
            pko_uniform(pko_draw(mission->stream, PKO_PURPOSE_COLLECT_PATROL, day, entity, (uint32_t)g), 0);
        if (u < rate && u < pko_probability(rate)) /* 1 − e^(−x) ≤ x spares most of the exponentials */
            list[count++] = (struct pko_collection){(int32_t)g, PKO_SOURCE_PATROL, false};
    }
    return count;
}

/* 1 − exp(−partner·κ), to a random group present on the secure network, if any. */
static size_t from_partners(const struct pko_mission *mission, const struct pko_plot *plot, double chance,
                            struct pko_collection *list) {
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_PARTNER, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    if (pko_uniform(words, 0) >= chance)
        return 0;
    uint32_t secure = 0;
    for (size_t g = 0; g < mission->extent.G; g++)
        secure += mission->scenario->groups[g].secure && mission->group_people[g] > 0;
    if (secure == 0)
        return 0;
    uint32_t at = pko_below(words.word[2], secure);
    for (size_t g = 0; g < mission->extent.G; g++)
        if (mission->scenario->groups[g].secure && mission->group_people[g] > 0 && at-- == 0) {
            *list = (struct pko_collection){(int32_t)g, PKO_SOURCE_PARTNER,
                                            pko_uniform_word(words.word[3]) < mission->classification[g]};
            break;
        }
    return 1;
}

void pko_collectors_today(const struct pko_mission *mission, struct pko_collectors *c) {
    const struct pko_parameters *p = &mission->parameters;
    c->region = -1;
    for (size_t g = 0; g < mission->extent.G; g++) {
        const struct pko_group *group = &mission->scenario->groups[g];
        c->technical[g] = group->isr > 0.0 && mission->group_people[g] > 0
                              ? pko_probability(p->collect_technical * group->isr)
                              : 0.0;
    }
    c->partner = pko_probability(p->collect_partner * mission->cooperation);
}

size_t pko_plot_collections(const struct pko_mission *mission, const struct pko_plot *plot,
                            struct pko_collectors *c, struct pko_collection *list) {
    if (!pko_plot_is_open(mission, plot))
        return 0;
    if (c->region != plot->region)
        contact_in_region(mission, plot->region, c);
    size_t count = tips(mission, plot, c, list);
    count += by_groups(mission, plot, c, list + count);
    return count + from_partners(mission, plot, c->partner, list + count);
}

/* A group that holds a copy and collects again is not counted again. */
static void collect(struct pko_mission *mission, struct pko_plot *plot,
                    const struct pko_collection *collection) {
    bool others_know = !pko_groups_empty(&plot->knows);
    if (!pko_plot_take(plot, collection))
        return;
    mission->total_collected[collection->group]++;
    mission->total_duplicated[collection->group] += others_know;
    mission->total_restricted[collection->group] += collection->restricted;
}

void pko_collect(struct pko_mission *mission) {
    struct pko_collectors collectors;
    struct pko_collection list[PKO_COLLECTIONS_MOST];
    pko_collectors_today(mission, &collectors);
    /* Region by region, since plots of a region share the contact with its population. Plots do not affect
     * one another. */
    for (int r = 0; r < mission->scenario->region_count; r++)
        for (size_t k = 0; k < mission->plots.count; k++) {
            struct pko_plot *plot = &mission->plots.item[k];
            if (plot->region != r)
                continue;
            size_t count = pko_plot_collections(mission, plot, &collectors, list);
            for (size_t n = 0; n < count; n++)
                collect(mission, plot, &list[n]);
        }
}
