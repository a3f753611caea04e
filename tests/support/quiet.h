/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world in which nothing happens unless a test makes it happen: no plots, no visits, no flights, no routes;
 * one region, one camp, one contingent and one section. */
#ifndef PKO_TESTS_QUIET_H
#define PKO_TESTS_QUIET_H

#include "support/missions.h"

#define QUIET_STABILITY  0.4
#define QUIET_TRUST      0.45
#define QUIET_PROTECTION 0.5
#define QUIET_ALLIED     0.3
#define QUIET_TRAINING   0.6
#define QUIET_SOLDIERS   90 /* layer 0; they turn over on days 912 and 1824 */
#define QUIET_CIVILIANS  30 /* layer 1 */
#define QUIET_ROBUSTNESS 0.3

static const char *const QUIET =
    "name: quiet\nstart: 2018-07-01\ndays: 1000\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.3, cooperation: 0}]}\n"
    "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.4]], "
    "trust: 0.45}]\n"
    "camps: [{name: camp, region: r, protection: 0.5, allied: 0.3}]\n"
    "contingents: [{name: soldiers, bloc: nato, languages: [english], training: 0.6, un_experience: 0.5, "
    "rotation_months: 60, detachments: [{camp: camp, strength: 90}]}]\n"
    "sections: [{name: civilians, kind: office, languages: [english], tenure_months: 240, detachments: "
    "[{camp: "
    "camp, strength: 30}]}]\n";

/* A plot against nobody in particular, due so late that it never strikes in the test; returns it. */
static inline struct pko_plot *quiet_plot(struct pko_mission *mission, int region, uint16_t number) {
    struct pko_plot plot;
    memset(&plot, 0, sizeof plot);
    plot.born = mission->day - 1;
    plot.due = mission->day + 1000;
    plot.sealed_until = PKO_NEVER;
    plot.region = region;
    plot.number = number;
    size_t before = mission->plots.count;
    PKO_APPEND(mission, mission->plots, plot);
    cr_assert(mission->plots.count == before + 1);
    return &mission->plots.item[before];
}

#endif
