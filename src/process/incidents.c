/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.5 incidents: due plots strike. Targets are drawn in process/targets.c, casualties in
 * process/casualties.c. */
#include <string.h>

#include "base/random.h"
#include "base/real.h"
#include "model/cuts.h"
#include "model/standing.h"
#include "pkosim/status.h"
#include "process/incidents.h"
#include "process/process.h"

static double hit_chance(const struct pko_parameters *p, int plot_class) {
    switch (plot_class) {
    case PKO_MOVEMENT:
        return p->incident_hit_movement;
    case PKO_CAMP:
        return p->incident_hit_camp;
    case PKO_SOFT:
        return p->incident_hit_soft;
    default:
        return p->incident_hit_population;
    }
}

/* Warned: a target group knows. By own item if one of those that knew had collected it itself, else by a
 * shared one. */
static enum pko_warned warned_by(const struct pko_plot *plot, const struct pko_target *target) {
    enum pko_warned warned = PKO_NOT_WARNED;
    for (int half = 0; half < 2; half++) {
        uint64_t knew = plot->knows.bits[half] & target->groups.bits[half];
        if (knew & plot->collected.bits[half])
            return PKO_WARNED_OWN;
        if (knew)
            warned = PKO_WARNED_SHARED;
    }
    return warned;
}

/* The first factor, in the order base, hardness or protection, warning, that takes the chance below the drawn
 * number. */
static enum pko_miss missed_by(const struct pko_strike *strike) {
    if (strike->drawn >= strike->base)
        return PKO_MISSED_BASE;
    if (strike->drawn >= strike->hardened)
        return PKO_MISSED_HARDNESS;
    return strike->drawn >= strike->after_warning ? PKO_MISSED_WARNING : PKO_HIT;
}

struct pko_strike pko_strike_draw(const struct pko_mission *mission, const struct pko_plot *plot,
                                  const struct pko_target *target) {
    const struct pko_parameters *p = &mission->parameters;
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_STRIKE, (uint32_t)mission->day,
                                      pko_plot_entity(plot, mission->day), 0);
    struct pko_strike strike = {.warned = warned_by(plot, target),
                                .base = hit_chance(p, plot->plot_class),
                                .drawn = pko_uniform(words, 0),
                                .size = pko_uniform(words, 1)};
    strike.hardened = strike.base * (1.0 - target->hardness);
    strike.after_warning = strike.hardened;
    if (strike.warned != PKO_NOT_WARNED && !PKO_CUT(mission, warning_to_hits))
        strike.after_warning *= 1.0 - p->incident_warning;
    strike.missed = plot->sure ? PKO_HIT : missed_by(&strike);
    return strike;
}

#define EXTRA_NUMBER 0xFFFFu /* beyond any that a region makes in a day */

/* Born the day before, behind all others of that day and region: plots stand in the order of their keys. */
int pko_extra_hit(struct pko_mission *mission, int region) {
    struct pko_plot plot;
    memset(&plot, 0, sizeof plot); /* padding too: plots are hashed by their bytes */
    plot.born = mission->day - 1;
    plot.due = plot.sealed_until = mission->day;
    plot.region = region;
    plot.number = EXTRA_NUMBER;
    plot.plot_class = PKO_MOVEMENT;
    plot.sure = 1;
    PKO_APPEND(mission, mission->plots, plot);
    if (mission->failure)
        return mission->failure;
    struct pko_plot *item = mission->plots.item;
    size_t at = mission->plots.count - 1;
    for (; at > 0 && item[at - 1].born == plot.born && item[at - 1].region > region; at--)
        item[at] = item[at - 1];
    item[at] = plot;
    return PKO_OK;
}

/* Signals (6.7): own group, own camp (class camp only), region, mission; communities in region and mission
 * only. */
static void signal(struct pko_mission *mission, const struct pko_plot *plot, const struct pko_target *target,
                   double severity) {
    mission->severity_region[plot->region] += severity;
    mission->severity_mission += severity;
    for (int g = pko_groups_next(&target->at_risk, 0); g >= 0; g = pko_groups_next(&target->at_risk, g + 1))
        mission->severity_group[g] += severity;
    if (target->camp >= 0)
        mission->severity_camp[target->camp] += severity;
}

/* A hit that was not warned while others knew: for each target group with people at risk and each knowing
 * group, with probability trust.disclosure, a loss of T[g][h]. */
static void withhold(struct pko_mission *mission, const struct pko_plot *plot,
                     const struct pko_target *target) {
    if (PKO_CUT(mission, withholding_to_trust))
        return;
    uint32_t entity = pko_plot_entity(plot, mission->day);
    for (int g = pko_groups_next(&target->at_risk, 0); g >= 0; g = pko_groups_next(&target->at_risk, g + 1))
        for (int h = pko_groups_next(&plot->knows, 0); h >= 0; h = pko_groups_next(&plot->knows, h + 1)) {
            struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_DISCLOSURE, (uint32_t)mission->day,
                                              entity, (uint32_t)(g * PKO_GROUPS_MOST + h));
            if (pko_uniform(words, 0) >= mission->parameters.trust_disclosure)
                continue;
            mission->total_mission[PKO_TOTAL_WITHHELD]++;
            PKO_APPEND(mission, mission->ledger.trust, (struct pko_trust_event){PKO_TRUST_WITHHELD, g, h});
        }
}

/* If warned, hit or not, each target group that knew gains trust in each other group that knew. */
static void credit(struct pko_mission *mission, const struct pko_plot *plot,
                   const struct pko_target *target) {
    for (int g = pko_groups_next(&target->groups, 0); g >= 0; g = pko_groups_next(&target->groups, g + 1)) {
        if (!pko_groups_has(&plot->knows, g))
            continue;
        for (int h = pko_groups_next(&plot->knows, 0); h >= 0; h = pko_groups_next(&plot->knows, h + 1))
            if (h != g)
                PKO_APPEND(mission, mission->ledger.trust, (struct pko_trust_event){PKO_TRUST_WARNING, g, h});
    }
}

/* Every uniformed group present blames each uniformed group hit without warning; process 8 weighs it. */
static void blame(struct pko_mission *mission, const struct pko_groups *hit) {
    for (int h = pko_groups_next(hit, 0); h >= 0; h = pko_groups_next(hit, h + 1)) {
        const struct pko_group *victim = &mission->scenario->groups[h];
        if (!pko_is_uniformed(victim))
            continue;
        mission->total_mission[PKO_TOTAL_BLAME_CASES]++;
        if (PKO_CUT(mission, blame_to_trust))
            continue;
        for (int g = 0; g < mission->scenario->group_count; g++) {
            const struct pko_group *observer = &mission->scenario->groups[g];
            mission->total_mission[PKO_TOTAL_BLAMED] += g != h && pko_is_uniformed(observer) &&
                                                        mission->group_people[g] > 0 &&
                                                        pko_technology(observer) > pko_technology(victim);
        }
        PKO_APPEND(mission, mission->ledger.trust, (struct pko_trust_event){PKO_TRUST_BLAME, -1, h});
    }
}

static void count_strike(struct pko_mission *mission, const struct pko_plot *plot,
                         const struct pko_target *target, enum pko_warned warned, enum pko_miss missed) {
    size_t at = (size_t)plot->region * PKO_PLOT_CLASSES + plot->plot_class;
    mission->strikes_today[plot->region]++;
    mission->total_strikes[at]++;
    mission->total_warned[at] += warned != PKO_NOT_WARNED;
    mission->total_warned_own[at] += warned == PKO_WARNED_OWN;
    mission->total_hits[at] += missed == PKO_HIT;
    mission->total_hits_warned[at] += missed == PKO_HIT && warned != PKO_NOT_WARNED;
    mission->total_missed_base[at] += missed == PKO_MISSED_BASE;
    mission->total_missed_hardness[at] += missed == PKO_MISSED_HARDNESS;
    mission->total_missed_warning[at] += missed == PKO_MISSED_WARNING;
    if (plot->plot_class == PKO_POPULATION)
        return;
    for (int g = pko_groups_next(&target->groups, 0); g >= 0; g = pko_groups_next(&target->groups, g + 1)) {
        mission->total_targeted[g]++;
        mission->total_known[g] += pko_groups_has(&plot->knows, g);
    }
}

/* What a hit does to people: the mission's, or a community's. Returns the number killed. */
static uint32_t hit(struct pko_mission *mission, const struct pko_plot *plot, const struct pko_target *target,
                    enum pko_warned warned, double u, uint32_t *wounded) {
    const struct pko_parameters *p = &mission->parameters;
    mission->hits_today[plot->region]++;
    if (plot->plot_class == PKO_POPULATION) {
        uint32_t most = (uint32_t)(p->incident_at_risk_population + 0.5);
        uint32_t killed = pko_power_law(p->incident_least_population, p->incident_tail, u, most);
        mission->community_hits_today[plot->region]++;
        mission->total_civilians_killed[plot->region] += killed;
        return killed;
    }
    struct pko_casualties casualties = pko_casualties_draw(mission, plot, target, u);
    mission->total_deadly_hits[plot->region] += casualties.killed > 0;
    if (target->convoy >= 0)
        mission->convoys.item[target->convoy].harmed = 1;
    if (warned == PKO_NOT_WARNED) {
        withhold(mission, plot, target);
        blame(mission, &casualties.groups);
    }
    *wounded = casualties.wounded;
    return casualties.killed;
}

static void run_plot(struct pko_mission *mission, const struct pko_plot *plot) {
    struct pko_target target;
    pko_target_draw(mission, plot, &target);
    if (!target.found || pko_plot_is(plot, &mission->lapses)) {
        mission->total_lapsed[plot->region]++;
        return;
    }
    struct pko_strike strike = pko_strike_draw(mission, plot, &target);
    enum pko_warned warned = strike.warned;
    enum pko_miss missed = strike.missed;
    count_strike(mission, plot, &target, warned, missed);
    if (warned != PKO_NOT_WARNED && plot->plot_class != PKO_POPULATION)
        credit(mission, plot, &target);
    uint32_t killed = 0, wounded = 0;
    if (missed == PKO_HIT)
        killed = hit(mission, plot, &target, warned, strike.size, &wounded);
    bool community = plot->plot_class == PKO_POPULATION;
    /* ς = 0.5 failed, 1 + 0.5·deaths hit, the deaths being the mission's. */
    signal(mission, plot, &target, missed != PKO_HIT ? 0.5 : 1.0 + 0.5 * (community ? 0.0 : (double)killed));
    if (mission->ledger.keep_events)
        PKO_APPEND(mission, mission->ledger.incidents,
                   (struct pko_incident){.day = mission->day,
                                         .region = plot->region,
                                         .plot_class = plot->plot_class,
                                         .group = target.group,
                                         .camp = target.camp,
                                         .warned = (int32_t)warned,
                                         .hit = missed == PKO_HIT,
                                         .wounded = (int32_t)wounded,
                                         .killed = (int32_t)killed,
                                         .missed = (int32_t)missed});
}

void pko_process_incidents(struct pko_mission *mission) {
    size_t kept = 0;
    for (size_t k = 0; k < mission->plots.count; k++) {
        if (mission->plots.item[k].due > mission->day) {
            if (kept != k)
                mission->plots.item[kept] = mission->plots.item[k];
            kept++;
            continue;
        }
        struct pko_plot due = mission->plots.item[k];
        run_plot(mission, &due);
    }
    mission->plots.count = kept;
    mission->deaths_by_day[mission->day % PKO_YEAR_DAYS] = mission->hostile_deaths_today;
}
