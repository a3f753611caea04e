/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Process 8 alone (ODD 6.8): priors worked out from the scenario, the fixed point of each pair as a linear
 * system, and what single events do to T. */
#include <gsl/gsl_linalg.h>

#include "process/process.h"
#include "support/missions.h"

/* Every kind of pair: allies, both secure, a common language or none, above and below one another in
 * technology, sections, police, and a contingent that is not there yet. */
static const char *const PAIRS_OF_ALL_KINDS =
    "name: trust\nstart: 2018-07-01\ndays: 400\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0}]}\n"
    "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], "
    "trust: 0.5}]\n"
    "camps: [{name: camp, region: r, protection: 0.5}]\n"
    "contingents:\n"
    "  - {name: drones, bloc: nato, alliance: nato, coin: 0.9, isr: 1.4, secure: true, languages: [english, "
    "german], "
    "detachments: [{camp: camp, strength: 60}]}\n"
    "  - {name: allies, bloc: nato, alliance: nato, coin: 0.2, isr: 0.3, secure: true, languages: [french], "
    "detachments: [{camp: camp, strength: 80}]}\n"
    "  - {name: foot, bloc: african, coin: 0.1, languages: [french], detachments: [{camp: camp, strength: "
    "200}]}\n"
    "  - {name: later, bloc: asian, coin: 1, isr: 0.6, languages: [urdu], "
    "detachments: [{camp: camp, strength: 50, from: 2019-07-01}]}\n"
    "police: [{name: police, languages: [french], secure: true, detachments: [{camp: camp, strength: 40}]}]\n"
    "sections:\n"
    "  - {name: support, kind: dms, languages: [english], detachments: [{camp: camp, strength: 30}]}\n"
    "  - {name: office, kind: office, languages: [french, urdu], detachments: [{camp: camp, strength: "
    "10}]}\n";

static double technology(const struct pko_group *group) {
    return ((group->secure ? 1.0 : 0.0) + fmin(1.0, group->isr)) / 2.0;
}

/* T⁰ of 6.8 for a pair. */
static double prior(const struct pko_mission *mission, int g, int h) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *one = &mission->scenario->groups[g], *other = &mission->scenario->groups[h];
    bool soldiers = one->kind != PKO_SECTION && other->kind != PKO_SECTION;
    double value = p->trust_base;
    value += one->alliance >= 0 && one->alliance == other->alliance ? p->trust_alliance : 0.0;
    value += one->kind == PKO_SECTION && other->kind == PKO_SECTION ? p->trust_civilian : 0.0;
    value += one->secure && other->secure ? p->trust_secure : 0.0;
    value += (one->languages & other->languages) != 0 ? p->trust_language : 0.0;
    if (soldiers)
        value -= p->trust_hierarchy * 2.0 * mission->group_reinforcement[g] *
                 fmax(0.0, technology(one) - technology(other));
    return fmin(0.95, fmax(0.05, value));
}

static double *trust(struct pko_mission *mission, int g, int h) {
    return &mission->trust[(size_t)g * mission->trust_stride + (size_t)h];
}

/* (T⁰ − T)/m + ρ(T_back − T) − o|Δa|T = 0 for both of a pair: a 2×2 system. */
static void fixed_point(const struct pko_mission *mission, int g, int h, double *there, double *back) {
    const struct pko_parameters *p = &mission->parameters;
    bool present = mission->group_people[g] > 0 && mission->group_people[h] > 0;
    double recall = 1.0 / p->trust_memory_days, rho = p->trust_reciprocity;
    double apart =
        present ? p->trust_othering * fabs(mission->group_reinforcement[g] - mission->group_reinforcement[h])
                : 0.0;
    double matrix[4] = {recall + rho + apart, -rho, -rho, recall + rho + apart};
    double right[2] = {recall * prior(mission, g, h), recall * prior(mission, h, g)}, solution[2];
    gsl_matrix_view a = gsl_matrix_view_array(matrix, 2, 2);
    gsl_vector_view b = gsl_vector_view_array(right, 2), x = gsl_vector_view_array(solution, 2);
    gsl_permutation *order = gsl_permutation_alloc(2);
    int sign;
    gsl_linalg_LU_decomp(&a.matrix, order, &sign);
    gsl_linalg_LU_solve(&a.matrix, order, &b.vector, &x.vector);
    gsl_permutation_free(order);
    *there = solution[0];
    *back = solution[1];
}

/* Returns how many pairs trust one another unlike. */
static int settle(const struct test_setting *settings, size_t count) {
    struct pko_scenario *scenario = test_scenario(PAIRS_OF_ALL_KINDS, settings, count);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    int groups = scenario->group_count, unlike = 0;
    for (int g = 0; g < groups; g++)
        for (int h = 0; h < groups; h++)
            if (g != h)
                cr_assert(fabs(*trust(mission, g, h) - prior(mission, g, h)) < 1e-15, "T⁰ of %s in %s",
                          scenario->groups[g].name, scenario->groups[h].name);
    /* From anywhere: nobody's ledgers move, since process 7 does not run. */
    for (int g = 0; g < groups; g++)
        for (int h = 0; h < groups; h++)
            *trust(mission, g, h) = (double)((7 * g + 3 * h) % 11) / 10.0;
    for (int day = 0; day < 50000; day++)
        pko_process_trust(mission);
    for (int g = 0; g < groups; g++)
        for (int h = g + 1; h < groups; h++) {
            double there, back;
            fixed_point(mission, g, h, &there, &back);
            cr_assert(fabs(*trust(mission, g, h) - there) < 1e-12 &&
                          fabs(*trust(mission, h, g) - back) < 1e-12,
                      "%s and %s settle at %.15g and %.15g, not %.15g and %.15g", scenario->groups[g].name,
                      scenario->groups[h].name, *trust(mission, g, h), *trust(mission, h, g), there, back);
            unlike += fabs(there - back) > 1e-3;
        }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    return unlike;
}

Test(trust, pairs_settle_where_the_linear_system_says) {
    const struct test_setting strong[] = {{"trust.hierarchy", "0.5"},
                                          {"trust.othering", "0.02"},
                                          {"trust.reciprocity", "0.05"},
                                          {"trust.memory_days", "1000"}};
    const struct test_setting alone[] = {{"trust.reciprocity", "0"}, {"trust.othering", "0.02"}};
    const struct test_setting plain[] = {{"trust.hierarchy", "0"}, {"trust.othering", "0"}};
    /* Priors at both of their bounds. */
    const struct test_setting high[] = {{"trust.base", "0.9"}, {"trust.alliance", "0.5"}};
    const struct test_setting low[] = {
        {"trust.base", "0"}, {"trust.language", "0"}, {"trust.hierarchy", "0.5"}};
    cr_assert(settle(NULL, 0) >= 5);
    settle(strong, PAIRS(strong));
    settle(alone, PAIRS(alone));
    cr_assert(settle(plain, PAIRS(plain)) == 0);
    settle(high, PAIRS(high));
    settle(low, PAIRS(low));
}

/* Both right sides of a pair are from the start of the process. */
Test(trust, one_day_of_a_pair) {
    struct pko_scenario *scenario = test_scenario(PAIRS_OF_ALL_KINDS, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    const struct pko_parameters *p = &mission->parameters;
    *trust(mission, 0, 2) = 0.9;
    *trust(mission, 2, 0) = 0.1;
    pko_process_trust(mission);
    double apart =
        p->trust_othering * fabs(mission->group_reinforcement[0] - mission->group_reinforcement[2]);
    double there = 0.9 + (prior(mission, 0, 2) - 0.9) / p->trust_memory_days +
                   p->trust_reciprocity * (0.1 - 0.9) - apart * 0.9;
    double back = 0.1 + (prior(mission, 2, 0) - 0.1) / p->trust_memory_days +
                  p->trust_reciprocity * (0.9 - 0.1) - apart * 0.1;
    cr_assert(apart > 1e-5);
    cr_assert(fabs(*trust(mission, 0, 2) - there) < 1e-15 && fabs(*trust(mission, 2, 0) - back) < 1e-15);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* A group that left keeps the reinforcement it left with in its prior; one not yet there has its arrivals'.
 */
Test(trust, prior_of_the_absent) {
    struct pko_scenario *scenario = test_scenario(PAIRS_OF_ALL_KINDS, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    int later = test_group(scenario, "later"), foot = test_group(scenario, "foot");
    cr_assert(fabs(mission->group_reinforcement[later] - (mission->parameters.ledger_uniformed_start +
                                                          mission->parameters.ledger_coin_start)) < 1e-15);
    test_run(mission, 100);
    double before = prior(mission, later, foot);
    cr_assert(mission->group_people[later] == 0 && before < mission->parameters.trust_base);
    test_run(mission, 300); /* there from day 365 */
    cr_assert(mission->group_people[later] == 50 && prior(mission, later, foot) != before);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* --- Events --- */

static void append(struct pko_mission *mission, int kind, int from, int toward) {
    PKO_APPEND(mission, mission->ledger.trust, (struct pko_trust_event){kind, from, toward});
}

/* Each kind of event beside a twin that has none: gains T + k(1−T), losses T(1−k), in their order, and
 * nothing else moves. */
Test(trust, events_do_what_they_say) {
    const struct test_setting settings[] = {{"trust.hierarchy", "0.3"}};
    struct pko_scenario *scenario = test_scenario(PAIRS_OF_ALL_KINDS, settings, 1);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0), *twin;
    const struct pko_parameters *p = &mission->parameters;
    int drones = 0, allies = 1, foot = 2, police = 4, support = 5, office = 6;
    cr_assert(pko_mission_clone(mission, &twin) == PKO_OK);
    append(mission, PKO_TRUST_REFUSAL, office, foot);
    append(mission, PKO_TRUST_WARNING, foot, drones);
    append(mission, PKO_TRUST_WITHHELD, foot, drones);
    append(mission, PKO_TRUST_BLAME, -1, foot);
    append(mission, PKO_TRUST_FLIGHT, allies, support);
    append(mission, PKO_TRUST_BYPASS, support, allies);
    size_t ride = (size_t)office * mission->trust_stride + (size_t)allies;
    size_t ridden = (size_t)allies * mission->trust_stride + (size_t)office;
    mission->last_ride[ride] = mission->last_ride[ridden] = mission->day;
    pko_process_trust(mission);
    pko_process_trust(twin);
    double expected[7][7];
    for (int g = 0; g < 7; g++)
        for (int h = 0; h < 7; h++)
            expected[g][h] = *trust(twin, g, h);
#define LOSS(g, h, k) expected[g][h] *= 1.0 - (k)
#define GAIN(g, h, k) expected[g][h] += (k) * (1.0 - expected[g][h])
    LOSS(office, foot, p->trust_refusal);
    GAIN(foot, drones, p->trust_warning);
    LOSS(foot, drones, p->trust_withheld);
    const int observer[] = {drones, allies, police}; /* of those above foot in technology, the ones present */
    for (int k = 0; k < 3; k++)
        LOSS(observer[k], foot,
             p->trust_blame * mission->group_reinforcement[observer[k]] *
                 technology(&scenario->groups[observer[k]]));
    LOSS(allies, support, p->trust_flight);
    LOSS(support, allies, p->trust_bypass);
    GAIN(office, allies, p->trust_ride);
    GAIN(allies, office, p->trust_ride);
#undef LOSS
#undef GAIN
    for (int g = 0; g < 7; g++)
        for (int h = 0; h < 7; h++)
            if (g != h)
                cr_assert(fabs(*trust(mission, g, h) - expected[g][h]) < 1e-15,
                          "T of %s in %s is %.15g, not %.15g", scenario->groups[g].name,
                          scenario->groups[h].name, *trust(mission, g, h), expected[g][h]);
    pko_mission_free(mission);
    pko_mission_free(twin);
    pko_scenario_free(scenario);
}
