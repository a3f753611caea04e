/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collection (ODD 6.4), process 4 alone over thousands of plots: who comes to know by which source, how much
 * of it is classified, what counts as duplicated, and how far protection sections hold patrols back. */
#include <stddef.h>

#include "model/standing.h"
#include "process/process.h"
#include "support/missions.h"

#define BOUND 4.5 /* standard errors */
#define PLOTS 30000

static const char *const WORLD =
    "name: collection\nstart: 2018-07-01\ndays: 300\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0.8}]}\n"
    "regions:\n"
    "  - {name: here, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], trust: "
    "0.6}\n"
    "  - {name: there, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], "
    "trust: 0.6}\n"
    "camps: [{name: a, region: here, protection: 0.5}, {name: b, region: there, protection: 0.5}]\n"
    "contingents:\n"
    "  - {name: eyes, bloc: nato, coin: 1, isr: 1.5, secure: true, languages: [x], detachments: [{camp: b, "
    "strength: "
    "50}]}\n"
    "  - {name: patrol, bloc: african, patrol: 0.3, languages: [x], detachments: [{camp: a, strength: "
    "900}]}\n"
    "  - {name: secure, bloc: nato, patrol: 0.5, isr: 0.4, secure: true, languages: [x], detachments: "
    "[{camp: a, "
    "strength: 400}]}\n"
    "  - {name: absent, bloc: nato, isr: 2, secure: true, languages: [x], detachments: [{camp: a, strength: "
    "40, from: "
    "2019-01-01}]}\n"
    "police: [{name: police, patrol: 0.4, languages: [x], detachments: [{camp: a, strength: 200}]}]\n"
    "sections:\n"
    "  - {name: field, kind: civil_affairs, national: 0.4, visits: 1, languages: [x], detachments: [{camp: "
    "a, strength: "
    "60}]}\n"
    "  - {name: protection, kind: poc, background: 0.3, women: 0.4, national: 0.2, languages: [x], "
    "detachments: "
    "[{camp: a, strength: 20}]}\n"
    "regime_definitions:\n"
    "  plain: {classification: 0.5, secure_rate: 0, mail_rate: 0, hub_rate: 0, informal_rate: 0, trust_gate: "
    "1, "
    "translation: 0, leak: 0}\n"
    "regimes: [plain]\n"
    "parameters: {collect.tips: 0, collect.technical: 0, collect.patrol: 0, collect.partner: 0}\n";

enum { EYES, PATROL, SECURE, ABSENT, POLICE, FIELD, PROTECTION, GROUPS };

struct world {
    struct pko_scenario *scenario;
    struct pko_mission *mission;
};

static struct world begin(void) {
    struct world world;
    world.scenario = test_scenario(WORLD, NULL, 0);
    world.mission = test_mission(world.scenario, "plain", 0);
    test_run(world.mission, 1);
    return world;
}
static void end(struct world world) {
    pko_mission_free(world.mission);
    pko_scenario_free(world.scenario);
}
static void rule(struct pko_mission *mission, const char *name, double value) {
    cr_assert(pko_mission_set(mission, name, value) == PKO_OK, "%s", name);
}

/* PLOTS plots in a region of which nobody knows. */
static void plant(struct pko_mission *mission, int region) {
    mission->plots.count = 0;
    for (int k = 0; k < PLOTS; k++) {
        struct pko_plot plot;
        memset(&plot, 0, sizeof plot);
        plot.born = mission->day - 1;
        plot.due = mission->day + 1000;
        plot.sealed_until = PKO_NEVER;
        plot.region = region;
        plot.number = (uint16_t)k;
        PKO_APPEND(mission, mission->plots, plot);
    }
}
static void collect_days(struct pko_mission *mission, int days) {
    for (int k = 0; k < days; k++, mission->day++)
        pko_process_intelligence(mission);
}
#define COUNT(set, group) count_groups(mission, offsetof(struct pko_plot, set), group)
static double count_groups(const struct pko_mission *mission, size_t set, int group) {
    double count = 0.0;
    for (size_t k = 0; k < mission->plots.count; k++)
        count += pko_groups_has(
            (const struct pko_groups *)(const void *)((const char *)&mission->plots.item[k] + set), group);
    return count;
}
static void check_share(double count, double of, double share, const char *what) {
    double error = sqrt(of * share * (1.0 - share));
    cr_assert(fabs(count - of * share) <= BOUND * error + 1e-9, "%s: %g of %g, expected %g ± %g", what, count,
              of, of * share, error);
}

/* After 1, 3 and 8 days a group knows 1 − exp(−k·rate). */
static void check_rate(struct pko_mission *mission, int region, int group, double rate, const char *what) {
    const int days[] = {1, 3, 8};
    for (int d = 0; d < 3; d++) {
        plant(mission, region);
        collect_days(mission, days[d]);
        check_share(COUNT(knows, group), PLOTS, 1.0 - exp(-rate * days[d]), what);
        cr_assert(COUNT(collected, group) == COUNT(knows, group));
    }
}

/* c_g = 1 − (1 − classification)^max(0, 1 + guard·(ā_g − b̄_g)). */
static double classified(const struct pko_mission *mission, int group) {
    const struct pko_parameters *p = &mission->parameters;
    double exponent =
        1.0 + p->sharing_guard * (mission->group_reinforcement[group] - mission->group_resistance[group]);
    return 1.0 - pow(1.0 - p->regime_classification, fmax(0.0, exponent));
}

Test(collection, technical_means_see_everywhere) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.technical", 0.1);
    check_rate(mission, 0, EYES, 0.15, "from another region");
    check_rate(mission, 1, EYES, 0.15, "from its own");
    check_rate(mission, 1, SECURE, 0.04, "with few means");
    check_rate(mission, 1, PATROL, 0.0, "with none");
    check_rate(mission, 0, ABSENT, 0.0, "not there");
    end(world);
}

Test(collection, militarized_groups_classify_more) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.technical", 0.3);
    const double classification[] = {0.0, 0.3, 0.85, 1.0}, guard[] = {0.0, 1.0, 3.0};
    for (int c = 0; c < 4; c++)
        for (int g = 0; g < 3; g++) {
            rule(mission, "regime.classification", classification[c]);
            rule(mission, "sharing.guard", guard[g]);
            uint64_t before = mission->total_restricted[EYES];
            plant(mission, 0);
            collect_days(mission, 1);
            double known = COUNT(knows, EYES), open = COUNT(free, EYES);
            check_share(known - open, known, classified(mission, EYES), "restricted");
            cr_assert((double)(mission->total_restricted[EYES] - before) == known - open);
            cr_assert(fabs(mission->classification[EYES] - classified(mission, EYES)) < 1e-13);
            cr_assert(mission->secrecy[EYES] == (known > 0.0 ? (known - open) / known : 0.0));
        }
    cr_assert(classified(mission, EYES) > 0.999);
    /* More resistance than reinforcement: the exponent ends at 0, and 0⁰ is 1, so nothing is classified. */
    mission->group_reinforcement[EYES] = 0.1;
    mission->group_resistance[EYES] = 0.9;
    plant(mission, 0);
    collect_days(mission, 1);
    cr_assert(mission->classification[EYES] == 0.0 && COUNT(knows, EYES) == COUNT(free, EYES));
    /* Off the network nothing is ever restricted. */
    world.scenario->groups[PATROL].isr = 2.0;
    pko_standing_derive(mission); /* what follows from the scenario */
    mission->group_reinforcement[EYES] = 0.9;
    plant(mission, 0);
    collect_days(mission, 1);
    cr_assert(COUNT(knows, PATROL) > 5000.0 && COUNT(free, PATROL) == COUNT(knows, PATROL));
    end(world);
}

/* Collecting a free one frees the copy a group holds, and does not count as collected again; a restricted one
 * leaves a free copy free. After k days a copy of who collects daily with chance q, free with chance 1−c, is
 * still restricted if all were. */
Test(collection, a_free_copy_frees) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.technical", 0.3);
    double q = 1.0 - exp(-0.45), c = classified(mission, EYES);
    uint64_t before = mission->total_collected[EYES];
    plant(mission, 0);
    collect_days(mission, 6);
    double known = COUNT(knows, EYES), open = COUNT(free, EYES);
    check_share(known, PLOTS, 1.0 - pow(1.0 - q, 6), "known");
    check_share(known - open, PLOTS, pow(1.0 - q * (1.0 - c), 6) - pow(1.0 - q, 6), "still restricted");
    cr_assert((double)(mission->total_collected[EYES] - before) == known);
    end(world);
}

Test(collection, patrols_see_their_region) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.patrol", 0.3);
    check_rate(mission, 0, PATROL, 0.3 * 0.27, "900 with a share of 0.3");
    check_rate(mission, 0, SECURE, 0.3 * 0.2, "400 with a share of 0.5");
    check_rate(mission, 0, POLICE, 0.3 * 0.08, "200 police with a share of 0.4");
    cr_assert(COUNT(free, SECURE) == COUNT(knows, SECURE), "what a patrol sees is free");
    check_rate(mission, 1, PATROL, 0.0, "another region");
    end(world);
}

Test(collection, partners_tell_the_secure_network) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.partner", 0.3);
    cr_assert(mission->cooperation == 0.8);
    double q = 1.0 - exp(-0.3 * 0.8);
    plant(mission, 0);
    collect_days(mission, 1);
    check_share(COUNT(knows, EYES), PLOTS, q / 2.0, "one of two");
    check_share(COUNT(knows, SECURE), PLOTS, q / 2.0, "the other");
    check_share(COUNT(knows, EYES) + COUNT(knows, SECURE), PLOTS, q, "one item a plot and day");
    cr_assert(COUNT(knows, ABSENT) == 0.0 && COUNT(knows, PATROL) == 0.0);
    check_share(COUNT(knows, SECURE) - COUNT(free, SECURE), COUNT(knows, SECURE), classified(mission, SECURE),
                "restricted");
    world.scenario->groups[EYES].secure = world.scenario->groups[SECURE].secure = false;
    plant(mission, 0);
    collect_days(mission, 5);
    for (int g = 0; g < GROUPS; g++)
        cr_assert(COUNT(knows, g) == 0.0, "no network, no items");
    end(world);
}

/* w_r of 6.4 by hand: patrollers' trust in the one protection section here, its voice. */
static double restraint_here(const struct pko_mission *mission) {
    const double patrollers[] = {0.0, 270.0, 200.0, 0.0, 80.0};
    double weighted = 0.0;
    for (int g = 0; g < 5; g++)
        weighted += patrollers[g] * mission->trust[(size_t)g * mission->trust_stride + PROTECTION];
    int section = -1;
    for (int j = 0; j < mission->scenario->layer_count; j++)
        if (mission->scenario->layers[j].group == PROTECTION)
            section = j;
    return mission->parameters.retaliation_restraint * weighted / 550.0 * mission->voice[section];
}

/* 1 − exp(−tips·p(1−f)(Q(1−w) + civil_contact·C)): one tip a plot and day at most, the receiver by the terms
 * of the rate. */
Test(collection, people_tell_whom_they_meet) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.tips", 1.0);
    rule(mission, "collect.civil_contact", 5.0);
    rule(mission, "retaliation.restraint", 1.0);
    mission->fear[0] = 0.2;
    mission->population_trust[0] = 0.7;
    mission->field_people[FIELD] = 8.0;
    mission->field_people[PROTECTION] = 4.0;
    double w = restraint_here(mission);
    int layer[3] = {1, 2, 4}; /* of patrol, secure and police: their groups have one each */
    const double patrollers[3] = {270.0, 200.0, 80.0};
    double term[GROUPS] = {0}, contact = 0.0;
    for (int k = 0; k < 3; k++)
        term[layer[k]] = patrollers[k] * (1.0 - mission->posture[layer[k]]) / 1000.0 * (1.0 - w);
    term[FIELD] = 5.0 * 8.0 / 100.0 * (1.0 + mission->parameters.collect_national * 0.4);
    term[PROTECTION] = 5.0 * 4.0 / 100.0 * (1.0 + mission->parameters.collect_national * 0.2);
    for (int g = 0; g < GROUPS; g++)
        contact += term[g];
    double q = 1.0 - exp(-0.7 * 0.8 * contact), human = 0.0;
    plant(mission, 0);
    collect_days(mission, 1);
    cr_assert(w > 0.1 && w < 0.9 && fabs(mission->restraint[0] - w) < 1e-14, "w is %g, not %g",
              mission->restraint[0], w);
    cr_assert(mission->restraint[1] == 0.0);
    for (int g = 0; g < GROUPS; g++) {
        check_share(COUNT(knows, g), PLOTS, q * term[g] / contact, world.scenario->groups[g].name);
        cr_assert(COUNT(free, g) == COUNT(knows, g), "a tip is free");
    }
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        human += plot->human_sourced;
        cr_assert(__builtin_popcountll(plot->knows.bits[0]) == plot->human_sourced, "one tip a plot and day");
    }
    check_share(human, PLOTS, q, "tips");
    plant(mission, 1); /* nobody meets people there */
    collect_days(mission, 3);
    for (int g = 0; g < GROUPS; g++)
        cr_assert(COUNT(knows, g) == 0.0);
    end(world);
}

/* Duplicated: collected while another group already held it, by any way; the order of the day is tips,
 * technical, patrols, partners, and by group. */
Test(collection, duplicates_are_what_another_held) {
    struct world world = begin();
    struct pko_mission *mission = world.mission;
    rule(mission, "collect.technical", 0.3);
    rule(mission, "collect.patrol", 0.3);
    plant(mission, 0);
    for (size_t k = 0; k < mission->plots.count; k += 2)
        pko_groups_add(&mission->plots.item[k].knows, FIELD); /* has heard of it */
    collect_days(mission, 1);
    const int order[] = {EYES, SECURE, PATROL, SECURE,
                         POLICE}; /* technical by group, then patrols by group */
    double duplicated[GROUPS] = {0}, collected[GROUPS] = {0};
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        for (int g = 0; g < GROUPS; g++)
            collected[g] += pko_groups_has(&plot->collected, g);
        /* EYES comes first: its item is duplicated only if FIELD knew. POLICE comes last: if anyone else
         * knows. */
        duplicated[EYES] += pko_groups_has(&plot->collected, EYES) && k % 2 == 0;
        duplicated[POLICE] +=
            pko_groups_has(&plot->collected, POLICE) && (plot->knows.bits[0] & ~(UINT64_C(1) << POLICE)) != 0;
    }
    for (size_t k = 0; k < 5; k++)
        cr_assert((double)mission->total_collected[order[k]] == collected[order[k]] &&
                  collected[order[k]] > 500.0);
    cr_assert((double)mission->total_duplicated[EYES] == duplicated[EYES] && duplicated[EYES] > 1000.0);
    cr_assert((double)mission->total_duplicated[POLICE] == duplicated[POLICE]);
    cr_assert(mission->total_duplicated[PATROL] > 0 &&
              mission->total_duplicated[PATROL] < mission->total_collected[PATROL]);
    end(world);
}
