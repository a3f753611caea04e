/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `scale` multiplies people only (ODD section 2): every count of events stays that of the full mission.
 * Strengths here are multiples of 40, so that a quarter of everything is whole. */
#include "process/operations.h"
#include "process/process.h"
#include "support/missions.h"

static const char *const WORLD =
    "name: scale\nstart: 2018-07-01\ndays: 400\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0.5}]}\n"
    "regions:\n"
    "  - {name: here, field_radius_km: 60, threat: [[2018-07-01, 0.15]], stability: [[2018-07-01, 0.6]], "
    "trust: 0.5}\n"
    "  - {name: there, field_radius_km: 120, threat: [[2018-07-01, 0.25]], stability: [[2018-07-01, 0.4]], "
    "trust: 0.4}\n"
    "camps:\n"
    "  - {name: town, region: here, protection: 0.6}\n"
    "  - {name: base, region: there, protection: 0.5}\n"
    "contingents:\n"
    "  - {name: eyes, bloc: nato, alliance: nato, isr: 1, aviation: 1.2, secure: true, patrol: 0.1, escort: "
    "0.2, "
    "languages: [english], caveat_km: 80, detachments: [{camp: base, strength: 480}, {camp: town, strength: "
    "160}]}\n"
    "  - {name: wings, bloc: nato, alliance: nato, aviation: 0.8, national_command: true, secure: true, "
    "languages: "
    "[english], detachments: [{camp: base, strength: 200}]}\n"
    "  - {name: foot, bloc: african, patrol: 0.3, escort: 0.12, languages: [french], caveat_km: 400, "
    "detachments: "
    "[{camp: base, strength: 800}, {camp: town, strength: 600}, {camp: base, strength: 200, from: "
    "2018-10-01}]}\n"
    "police: [{name: police, visits: 1, patrol: 0.2, languages: [french], detachments: [{camp: town, "
    "strength: 200}]}]\n"
    "sections:\n"
    "  - {name: cell, kind: jmac, hub: true, background: 0.4, visits: 1, languages: [english, french], "
    "detachments: "
    "[{camp: town, strength: 40}, {camp: base, strength: 40}]}\n"
    "  - {name: support, kind: dms, visits: 0.5, languages: [english], detachments: [{camp: town, strength: "
    "320}]}\n"
    "  - {name: protection, kind: poc, visits: 8, women: 0.5, languages: [french], detachments: [{camp: "
    "base, strength: "
    "40}]}\n"
    "routes: [{from: base, to: town, interval_days: 9, km: 300, platoons: 3}]\n";

/* Counts that do not know how many people stand for how many. */
enum {
    REQUESTED,
    FREE,
    SHARED_RIDES,
    ESCORTED,
    REFUSED,
    NO_PLATOON,
    FLIGHTS,
    FLIGHTS_DENIED,
    SUPPLY,
    PLOTS,
    STRIKES,
    HITS,
    COLLECTED,
    LEARNED,
    PROJECTS,
    RETALIATIONS,
    COUNTS
};
static const char *const NAME[COUNTS] = {"visits requested",  "free visits",
                                         "shared rides",      "escorted visits",
                                         "refused visits",    "visits without platoon",
                                         "flights requested", "flights denied",
                                         "supply convoys",    "plots",
                                         "strikes",           "hits",
                                         "items collected",   "items learned",
                                         "projects",          "retaliations"};

static void count_events(const struct pko_mission *m, double count[COUNTS]) {
    memset(count, 0, COUNTS * sizeof *count);
    for (size_t g = 0; g < m->extent.G; g++) {
        count[REQUESTED] += (double)m->total_visits_requested[g];
        count[FREE] += (double)m->total_visits_free[g];
        count[SHARED_RIDES] += (double)m->total_visits_shared[g];
        count[ESCORTED] += (double)m->total_visits_escorted[g];
        count[REFUSED] += (double)m->total_visits_refused[g];
        count[NO_PLATOON] += (double)m->total_visits_without_platoon[g];
        count[COLLECTED] += (double)m->total_collected[g];
    }
    for (size_t r = 0; r < m->extent.R; r++) {
        count[PLOTS] += (double)m->total_plots[r];
        count[PROJECTS] += (double)m->total_projects[r];
        count[RETALIATIONS] += (double)m->total_retaliations[r];
        for (size_t k = 0; k < PKO_PLOT_CLASSES; k++) {
            count[STRIKES] += (double)m->total_strikes[r * PKO_PLOT_CLASSES + k];
            count[HITS] += (double)m->total_hits[r * PKO_PLOT_CLASSES + k];
        }
    }
    count[FLIGHTS] = (double)m->total_mission[PKO_TOTAL_FLIGHTS_REQUESTED];
    count[FLIGHTS_DENIED] = (double)m->total_mission[PKO_TOTAL_FLIGHTS_DENIED];
    count[SUPPLY] = (double)m->total_mission[PKO_TOTAL_SUPPLY_CONVOYS];
    count[LEARNED] = (double)m->total_mission[PKO_TOTAL_SHARED];
}

/* Nothing of what people feel reaches an event: no ledger, danger, voice or trust in any rate. Twins at
 * different scales then draw the same numbers for the same events. */
Test(scale, twins_without_feelings_have_the_same_events) {
    const char *const scale[] = {"1", "0.25", "0.5", "2"};
    struct pko_mission *mission[4];
    struct pko_scenario *scenario[4];
    for (int k = 0; k < 4; k++) {
        const struct test_setting settings[] = {{"scale", scale[k]},         {"posture.reinforcement", "0"},
                                                {"posture.resistance", "0"}, {"posture.danger", "0"},
                                                {"operations.duty", "1"},    {"operations.reluctance", "0"},
                                                {"voice.background", "0"},   {"voice.closed_club", "0"},
                                                {"sharing.guard", "0"},      {"retaliation.restraint", "0"},
                                                {"retaliation.rate", "0.2"}};
        scenario[k] = test_scenario(WORLD, settings, PAIRS(settings));
        mission[k] = test_mission(scenario[k], "monusco", 0);
        cr_assert(pko_mission_set(mission[k], "regime.trust_gate", 0.0) == PKO_OK);
    }
    double count[4][COUNTS];
    for (int day = 0; day < 365; day++)
        for (int k = 0; k < 4; k++) {
            test_run(mission[k], 1);
            count_events(mission[k], count[k]);
            for (int c = 0; c < COUNTS && k > 0; c++)
                cr_assert(count[k][c] == count[0][c], "%s by day %d: %g at scale %s, %g at 1", NAME[c], day,
                          count[k][c], scale[k], count[0][c]);
            for (int g = 0; g < scenario[0]->group_count; g++)
                for (int camp = 0; camp < scenario[0]->camp_count; camp++)
                    cr_assert(pko_free_platoons(mission[k], g, camp) ==
                              pko_free_platoons(mission[0], g, camp));
            for (int r = 0; r < scenario[0]->region_count; r++)
                cr_assert(fabs(mission[k]->region_patrollers[r] - mission[0]->region_patrollers[r]) < 1e-9 &&
                          fabs(mission[k]->centred_enemy[r] - mission[0]->centred_enemy[r]) < 1e-12);
        }
    cr_assert(mission[1]->people * 4 == mission[0]->people && mission[3]->people == 2 * mission[0]->people);
    for (int c = 0; c < COUNTS; c++)
        cr_assert(count[0][c] > 20.0, "%s: only %g", NAME[c], count[0][c]);
    for (int k = 0; k < 4; k++) {
        pko_mission_free(mission[k]);
        pko_scenario_free(scenario[k]);
    }
}

/* Flights and projects add to valorization, denials to frustration, per 100 members of the full mission. */
Test(scale, events_per_head_are_of_the_full_mission) {
    const char *const scale[] = {"1", "0.25"};
    double v[2][2], phi[2];
    for (int k = 0; k < 2; k++) {
        const struct test_setting settings[] = {{"scale", scale[k]}};
        struct pko_scenario *scenario = test_scenario(WORLD, settings, 1);
        struct pko_mission *mission = test_mission(scenario, "monusco", 0);
        int section = scenario->layer_count - 1, wings = 2;
        mission->project_days[section] = 3;
        mission->flights[wings] = 2;
        mission->denials[section] = 5;
        pko_process_peacekeepers(mission);
        v[k][0] = mission->valorization[section];
        v[k][1] = mission->valorization[wings];
        phi[k] = mission->frustration[section];
        cr_assert(fabs(v[k][1] - mission->parameters.ledger_flight_value * 100.0 * 2.0 / 200.0) < 1e-14);
        cr_assert(fabs(phi[k] - mission->parameters.friction_denial * 100.0 * 5.0 / 40.0) < 1e-14);
        pko_mission_free(mission);
        pko_scenario_free(scenario);
    }
    cr_assert(v[0][0] == v[1][0] && v[0][1] == v[1][1] && phi[0] == phi[1]);
}

/* With everything as it is by default, feelings do move with scale, since blocks and witnesses stay their
 * number; events do so little that it drowns in the error of 60 runs. Different seeds, so that common numbers
 * hide nothing. */
Test(scale, rates_of_events_agree_within_error) {
    enum { RUNS = 60, DAYS = 300 };
    const char *const scale[] = {"1", "0.25"}, *const seed[] = {"5", "6"};
    double sum[2][COUNTS] = {{0}}, square[2][COUNTS] = {{0}};
    for (int k = 0; k < 2; k++) {
        const struct test_setting settings[] = {{"scale", scale[k]}, {"seed", seed[k]}};
        struct pko_scenario *scenario = test_scenario(WORLD, settings, PAIRS(settings));
        for (uint32_t run = 0; run < RUNS; run++) {
            double count[COUNTS];
            struct pko_mission *mission = test_mission(scenario, "monusco", run);
            test_run(mission, DAYS);
            count_events(mission, count);
            for (int c = 0; c < COUNTS; c++) {
                sum[k][c] += count[c] / RUNS;
                square[k][c] += count[c] * count[c] / RUNS;
            }
            pko_mission_free(mission);
        }
        pko_scenario_free(scenario);
    }
    for (int c = 0; c < COUNTS; c++) {
        double error = 0.0;
        for (int k = 0; k < 2; k++)
            error += (square[k][c] - sum[k][c] * sum[k][c]) / (RUNS - 1);
        error = sqrt(fmax(error, 0.0)); /* 0 for what has no chance in it, like supply convoys */
        cr_assert(fabs(sum[0][c] - sum[1][c]) <= 4.5 * error + 1e-9, "%s: %g at 1, %g at a quarter, error %g",
                  NAME[c], sum[0][c], sum[1][c], error);
    }
}
