/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world for sharing (ODD 6.4): process 4 alone, over thousands of plots that one group holds. */
#ifndef PKO_TESTS_SHARING_H
#define PKO_TESTS_SHARING_H

#include "process/process.h"
#include "support/missions.h"

#define SHARING_BOUND 4.5 /* standard errors */
#define SHARING_PLOTS 20000

/* Groups: a hub or not, secure or not, of different tongues, together in camps or apart. Nobody patrols, so
 * nothing is collected unless a test has it so. Strengths make the overlaps plain: g and h share the camp
 * `both` with 100 of 200 and 100 of 100. */
static const char *const SHARING =
    "name: sharing\nstart: 2018-07-01\ndays: 300\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0}]}\n"
    "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], "
    "trust: 0.5}]\n"
    "camps: [{name: both, region: r, protection: 0.5}, {name: alone, region: r, protection: 0.5}]\n"
    "contingents:\n"
    "  - {name: g, bloc: nato, languages: [english], detachments: [{camp: both, strength: 100}, {camp: "
    "alone, "
    "strength: 100}]}\n"
    "  - {name: h, bloc: african, languages: [english, french], detachments: [{camp: both, strength: 50}, "
    "{camp: alone, "
    "strength: 30}]}\n"
    "  - {name: foreign, bloc: african, languages: [french], detachments: [{camp: both, strength: 20}]}\n"
    "  - {name: one, bloc: nato, secure: true, languages: [english], detachments: [{camp: both, strength: "
    "40}]}\n"
    "  - {name: two, bloc: nato, secure: true, languages: [german], detachments: [{camp: alone, strength: "
    "40}]}\n"
    "  - {name: absent, bloc: nato, secure: true, languages: [english], detachments: [{camp: both, strength: "
    "40, from: "
    "2019-01-01}]}\n"
    "sections: [{name: cell, kind: jmac, hub: true, languages: [english], detachments: [{camp: alone, "
    "strength: "
    "10}]}]\n"
    "regime_definitions:\n"
    "  plain: {classification: 0.5, secure_rate: 0, mail_rate: 0, hub_rate: 0, informal_rate: 0, trust_gate: "
    "1, "
    "translation: 0, leak: 0}\n"
    "regimes: [plain]\n";

enum { G, H, FOREIGN, ONE, TWO, ABSENT, CELL, GROUPS };

struct sharing_world {
    struct pko_scenario *scenario;
    struct pko_mission *mission;
};

static inline struct sharing_world sharing_begin(void) {
    struct sharing_world world;
    world.scenario = test_scenario(SHARING, NULL, 0);
    world.mission = test_mission(world.scenario, "plain", 0);
    cr_assert(pko_mission_set(world.mission, "sharing.secure_leak", 0.0) == PKO_OK);
    test_run(world.mission, 1); /* a whole day, for the efforts that process 4 reads */
    for (int g = 0; g < GROUPS; g++)
        for (int h = 0; h < GROUPS; h++)
            world.mission->trust[(size_t)g * world.mission->trust_stride + (size_t)h] =
                0.3 + 0.04 * g + 0.05 * h;
    return world;
}
static inline void sharing_end(struct sharing_world world) {
    pko_mission_free(world.mission);
    pko_scenario_free(world.scenario);
}
static inline void rule(struct pko_mission *mission, const char *name, double value) {
    cr_assert(pko_mission_set(mission, name, value) == PKO_OK, "%s", name);
}
static inline double trust(const struct pko_mission *mission, int g, int h) {
    return mission->trust[(size_t)g * mission->trust_stride + (size_t)h];
}

/* SHARING_PLOTS plots that group g alone holds, free to share or not. */
static inline void plant(struct pko_mission *mission, int g, bool is_free) {
    mission->plots.count = 0;
    for (int k = 0; k < SHARING_PLOTS; k++) {
        struct pko_plot plot;
        memset(&plot, 0, sizeof plot);
        plot.born = mission->day - 1;
        plot.due = mission->day + 1000;
        plot.sealed_until = PKO_NEVER;
        plot.number = (uint16_t)k;
        pko_groups_add(&plot.knows, g);
        pko_groups_add(&plot.collected, g);
        if (is_free)
            pko_groups_add(&plot.free, g);
        PKO_APPEND(mission, mission->plots, plot);
    }
    cr_assert(mission->plots.count == SHARING_PLOTS);
}

static inline void share_days(struct pko_mission *mission, int days) {
    for (int k = 0; k < days; k++, mission->day++)
        pko_process_intelligence(mission);
}

static inline double knowing(const struct pko_mission *mission, int h) {
    double count = 0.0;
    for (size_t k = 0; k < mission->plots.count; k++)
        count += pko_groups_has(&mission->plots.item[k].knows, h);
    return count;
}

static inline void check_share(double count, double of, double share, const char *what) {
    double error = sqrt(of * share * (1.0 - share));
    cr_assert(fabs(count - of * share) <= SHARING_BOUND * error + 1e-9, "%s: %g of %g, expected %g ± %g",
              what, count, of, of * share, error);
}

#endif
