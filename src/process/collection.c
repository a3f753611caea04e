/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, collection: for each live plot each day, in this order: population, technical, patrol, partner
 * forces. Who collects knows; collection by a group of an item that any other group already holds is
 * duplicated. */
#include "base/draws.h"
#include "base/real.h"
#include "model/cuts.h"
#include "process/intelligence.h"

/* The receiver of a tip is drawn in proportion to the terms of the rate: contingents and police by
 * P_j(1−π_j)/1000·(1−w_r), sections by civil_contact·people in the field/100, national staff weighing more.
 */
static void contact_in_region(const struct pko_mission *mission, int region, struct pko_collectors *c) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_patrol *patrol = mission->roster.patrols + mission->roster.patrols_begin[region],
                            *end = mission->roster.patrols + mission->roster.patrols_begin[region + 1];
    const double *field_people = mission->field_people + (size_t)region * mission->extent.G;
    double patrollers[PKO_GROUPS_MOST];
    c->region = region;
    for (size_t g = 0; g < mission->extent.G; g++)
        c->tip_weight[g] = patrollers[g] = 0.0;
    for (; patrol < end; patrol++) {
        patrollers[patrol->group] += patrol->patrollers;
        c->tip_weight[patrol->group] += patrol->patrollers * (1.0 - mission->posture[patrol->layer]) /
                                        1000.0 * (1.0 - mission->restraint[region]);
    }
    c->tip_sum = 0.0;
    c->patrol_count = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        if (field_people[g] > 0.0)
            c->tip_weight[g] += p->collect_civil_contact * field_people[g] / 100.0 *
                                (1.0 + p->collect_national * mission->scenario->groups[g].national);
        c->tip_sum += c->tip_weight[g];
        double rate = p->collect_patrol * patrollers[g] / 1000.0;
        c->patrols[c->patrol_count] = (uint32_t)g;
        c->patrol_rate[c->patrol_count] = rate;
        c->patrol_count += rate > 0.0;
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
    double u = pko_uniform(words, 0);
    if (u >= rate || u >= pko_probability(rate)) /* 1 − e^(−x) ≤ x spares most of the exponentials */
        return 0;
    int group = by_weight(c->tip_weight, mission->extent.G, pko_uniform(words, 1) * c->tip_sum);
    *list = (struct pko_collection){group, PKO_SOURCE_POPULATION, false};
    return 1;
}

/* Draws of some groups for a plot that are below their bounds; their numbers go to `hits`. */
static size_t draw_groups(const struct pko_mission *mission, const struct pko_plot *plot,
                          enum pko_purpose purpose, const uint32_t *groups, const double *below, size_t count,
                          double *u, uint32_t *hits) {
    uint32_t entity[PKO_GROUPS_MOST];
    const struct pko_addresses addresses = {entity, groups, count};
    for (size_t k = 0; k < count; k++)
        entity[k] = pko_plot_entity(plot, mission->day);
    return PKO_CHOOSE(pko_level_of(mission->clone), pko_uniforms_below)(
        mission->stream, purpose, (uint32_t)mission->day, &addresses, below, u, hits);
}

/* Technical: each group with ISR that is present, everywhere. Patrol: each contingent and police unit with
 * patrollers in the region, always free. */
static size_t by_groups(const struct pko_mission *mission, const struct pko_plot *plot,
                        const struct pko_collectors *c, struct pko_collection *list) {
    const struct pko_roster *roster = &mission->roster;
    uint32_t hits[PKO_GROUPS_MOST];
    double u[PKO_GROUPS_MOST];
    size_t count = 0, seen = draw_groups(mission, plot, PKO_PURPOSE_COLLECT_TECHNICAL, roster->watchers,
                                         roster->watcher_chance, roster->watcher_count, u, hits);
    for (size_t k = 0; k < seen; k++) {
        uint32_t g = roster->watchers[hits[k]];
        struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_TECHNICAL,
                                          (uint32_t)mission->day, pko_plot_entity(plot, mission->day), g);
        list[count++] = (struct pko_collection){(int32_t)g, PKO_SOURCE_TECHNICAL,
                                                pko_uniform(words, 1) < mission->classification[g]};
    }
    /* 1 − e^(−x) ≤ x spares most of the exponentials. */
    seen = draw_groups(mission, plot, PKO_PURPOSE_COLLECT_PATROL, c->patrols, c->patrol_rate, c->patrol_count,
                       u, hits);
    for (size_t k = 0; k < seen; k++)
        if (u[hits[k]] < pko_probability(c->patrol_rate[hits[k]]))
            list[count++] = (struct pko_collection){(int32_t)c->patrols[hits[k]], PKO_SOURCE_PATROL, false};
    return count;
}

/* 1 − exp(−partner·κ), to a random group present on the secure network, if any. */
static size_t from_partners(const struct pko_mission *mission, const struct pko_plot *plot, double rate,
                            struct pko_collection *list) {
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_COLLECT_PARTNER, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    double u = pko_uniform(words, 0);
    if (u >= rate || u >= pko_probability(rate)) /* 1 − e^(−x) ≤ x spares most of the exponentials */
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
    c->region = -1;
    c->partner = mission->parameters.collect_partner * mission->cooperation;
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
