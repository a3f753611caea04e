/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws of decay and approach (ODD 6.3, 6.7-6.9), each in a world where only it acts: once pushed, a state
 * goes back along its closed form, day by day. Bounds are those of rounding: k days of float arithmetic in
 * which each of a few operations is half an ulp off. */
#include <stdio.h>

#include "process/process.h"
#include "support/quiet.h"

#define DAYS 200
/* What `days` float steps of `operations` operations on numbers up to 1 can be off. */
#define FLOAT_BOUND(days, operations) ((double)(days) * (operations)*0x1p-25)
#define DOUBLE_BOUND                  1e-12

/* toward + (from − toward)·keep^k. */
static double geometric(double from, double toward, double keep, int k) {
    return toward + (from - toward) * pow(keep, k);
}

#define ASSERT_NEAR(value, expected, bound, k)                                                               \
    cr_assert(fabs((double)(value) - (expected)) <= (bound),                                                 \
              #value " is %.17g after %d days, expected %.17g", (double)(value), (k), (expected))

static struct pko_mission *quiet(const struct test_setting *settings, size_t count,
                                 struct pko_scenario **scenario) {
    *scenario = test_scenario(QUIET, settings, count);
    return test_mission(*scenario, "open", 0);
}

static void end(struct pko_mission *mission, struct pko_scenario *scenario) {
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* --- Individuals --- */

Test(decay, trauma_of_a_witness) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(NULL, 0, &scenario);
    const struct pko_parameters *p = &mission->parameters;
    test_run(mission, 3);
    for (int i = 10; i < 20; i++)
        mission->today[i] |= PKO_TODAY_WITNESS;
    pko_process_peacekeepers(mission);
    for (int k = 0; k <= DAYS; k++) {
        for (int i = 0; i < QUIET_SOLDIERS; i++) {
            double expected = i >= 10 && i < 20 ? p->danger_trauma * exp(-k / p->danger_trauma_days) : 0.0;
            /* Half an ulp of the product and of the factor a day, relative to what is left. */
            ASSERT_NEAR(mission->trauma[i], expected, expected * (2 * k + 1) * 0x1p-24, k);
        }
        test_run(mission, 1);
    }
    /* Another hit adds to what is left, and the dead of a detachment touch all of it. */
    double before = (double)mission->trauma[15];
    mission->today[15] |= PKO_TODAY_WITNESS;
    mission->bereaved[0] = 1;
    pko_process_peacekeepers(mission);
    double keep = exp(-1.0 / p->danger_trauma_days);
    ASSERT_NEAR(mission->trauma[15],
                before * keep + (p->danger_trauma + p->danger_bereavement) * (1.0 - before), 4 * 0x1p-24, 1);
    ASSERT_NEAR(mission->trauma[40], p->danger_bereavement, 0x1p-24, 1);
    ASSERT_NEAR(mission->trauma[QUIET_SOLDIERS], 0.0, 0.0, 1);
    end(mission, scenario);
}

/* base·(1−ψ)·2(1−s), ψ from protection, training and allies. */
static double danger_floor(const struct pko_parameters *p, double training) {
    double exposed = (1.0 - QUIET_PROTECTION) * (1.0 - p->danger_training_comfort * training) *
                     (1.0 - p->danger_ally_comfort * QUIET_ALLIED);
    return p->danger_base * exposed * 2.0 * (1.0 - QUIET_STABILITY);
}

Test(decay, danger_goes_to_its_floor) {
    const struct test_setting settings[] = {{"danger.contagion", "0"}, {"danger.arrival", "0.8"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    const struct pko_parameters *p = &mission->parameters;
    double floor = danger_floor(p, QUIET_TRAINING), keep = 1.0 - 1.0 / p->danger_memory_days;
    for (int k = 0; k <= DAYS; k++) {
        double expected = geometric(0.8, floor, keep, k);
        for (int i = 0; i < QUIET_SOLDIERS; i++)
            ASSERT_NEAR(mission->danger[i], expected, FLOAT_BOUND(k < 45 ? k + 1 : 45, 4), k);
        ASSERT_NEAR(mission->mean_danger[0], expected, FLOAT_BOUND(k < 45 ? k + 1 : 45, 4), k);
        test_run(mission, 1);
    }
    end(mission, scenario);
}

/* A witness's floor is raised by a trauma that itself decays: d − f = (d₀−f)r^k + (θ₀/m)(q^k − r^k)/(q − r).
 */
Test(decay, danger_follows_a_fading_trauma) {
    const struct test_setting settings[] = {{"danger.contagion", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    const struct pko_parameters *p = &mission->parameters;
    double m = p->danger_memory_days, r = 1.0 - 1.0 / m, q = exp(-1.0 / p->danger_trauma_days);
    double floor = danger_floor(p, QUIET_TRAINING);
    mission->trauma[5] = 0.5f;
    for (int k = 0; k <= DAYS; k++) {
        double expected =
            geometric(p->danger_arrival, floor, r, k) + 0.5 / m * (pow(q, k) - pow(r, k)) / (q - r);
        ASSERT_NEAR(mission->danger[5], expected, FLOAT_BOUND(k < 45 ? k + 1 : 45, 6), k);
        test_run(mission, 1);
    }
    end(mission, scenario);
}

Test(decay, danger_floor_is_at_most_one) {
    const struct test_setting settings[] = {{"danger.contagion", "0"},
                                            {"danger.base", "1"},
                                            {"camps.camp.protection", "0"},
                                            {"camps.camp.allied", "0"},
                                            {"contingents.soldiers.training", "0"},
                                            {"regions.r.stability", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    double keep = 1.0 - 1.0 / mission->parameters.danger_memory_days;
    for (int k = 0; k <= DAYS; k++) {
        ASSERT_NEAR(mission->danger[0], geometric(0.2, 1.0, keep, k), FLOAT_BOUND(k < 45 ? k + 1 : 45, 4), k);
        test_run(mission, 1);
    }
    end(mission, scenario);
}

/* Both ledgers and cross-category trust of one category, all of one mind, without pull or spread: the
 * equations of 6.7 worked out in double from the parameters alone. */
static void follow_ledgers(bool uniformed) {
    char arrival[32];
    struct pko_parameters p = pko_parameters_default();
    double danger = danger_floor(&p, uniformed ? QUIET_TRAINING : 0.0); /* where it stays */
    snprintf(arrival, sizeof arrival, "%.17g", danger);
    const struct test_setting settings[] = {{"ledger.spread", "0"},     {"ledger.socialization", "0"},
                                            {"danger.contagion", "0"},  {"danger.arrival", arrival},
                                            {"cross_trust.gain", "0"},  {"ledger.cross_inhibition", "0.01"},
                                            {"ledger.secrecy", "0.01"}, {"sharing.restricted_talk", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    p = mission->parameters;
    int layer = uniformed ? 0 : 1,
        place = uniformed ? 7 : QUIET_SOLDIERS + 7; /* with this seed nobody leaves that place */
    quiet_plot(mission, 0, 0)->knows.bits[0] = 1;   /* the soldiers' only copy is restricted: ρ = 1 */
    mission->frustration[layer] = 0.5;
    double share = (double)QUIET_SOLDIERS / (QUIET_SOLDIERS + QUIET_CIVILIANS); /* m_c, and the soldiers' h */
    double q =
        uniformed ? p.proximity_job - p.proximity_dilution * (1.0 - share) : p.proximity_base_life * share;
    double a = uniformed ? p.ledger_uniformed_start : p.ledger_civilian_start;
    double b = uniformed ? p.ledger_uniformed_resistance_start : p.ledger_civilian_resistance_start;
    double x = p.cross_trust_arrival, phi = 0.5, fading = exp(-1.0 / p.friction_memory_days);
    for (int k = 0; k <= DAYS; k++) {
        ASSERT_NEAR(mission->reinforcement[place], a, FLOAT_BOUND(k + 1, 5), k);
        ASSERT_NEAR(mission->resistance[place], b, FLOAT_BOUND(k + 1, 5), k);
        ASSERT_NEAR(mission->cross_trust[place], x, FLOAT_BOUND(k + 1, 5), k);
        ASSERT_NEAR(mission->frustration[layer], phi, DOUBLE_BOUND, k);
        test_run(mission, 1);
        phi = phi * fading + (uniformed ? p.friction_bureaucracy * (1.0 - fading) : 0.0);
        double gain = p.ledger_danger *
                          ((1.0 - p.ledger_besieged) * danger + p.ledger_besieged * (1.0 - QUIET_STABILITY)) +
                      p.ledger_proximity * q + p.ledger_mandate * QUIET_ROBUSTNESS +
                      (uniformed ? p.ledger_secrecy : p.ledger_dependence * phi);
        double value = p.ledger_civil_contact * (1.0 - share) + p.ledger_un_identity;
        double fade =
            p.ledger_fade + (uniformed ? p.ledger_friction * phi : 0.0) + p.ledger_cross_inhibition * a;
        x += uniformed ? -p.cross_trust_friction * phi * x
                       : p.cross_trust_protection * danger * (1.0 - x) * share;
        b += value * (1.0 - b) - fade * b;
        a += gain * (1.0 - a) - p.ledger_relief * a;
    }
    end(mission, scenario);
}

Test(decay, ledgers_of_soldiers) {
    follow_ledgers(true);
}
Test(decay, ledgers_of_civilians) {
    follow_ledgers(false);
}

/* --- Detachments --- */

Test(decay, frustration_fades_to_what_procedures_leave) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(NULL, 0, &scenario);
    const struct pko_parameters *p = &mission->parameters;
    double standing = p->friction_bureaucracy * 2.0 * (1.0 - 0.5);
    mission->frustration[0] = 0.9;
    mission->frustration[1] = 0.9;
    for (int k = 0; k <= DAYS; k++) {
        double keep = exp(-1.0 / p->friction_memory_days);
        ASSERT_NEAR(mission->frustration[0], geometric(0.9, standing, keep, k), DOUBLE_BOUND, k);
        ASSERT_NEAR(mission->frustration[1], geometric(0.9, 0.0, keep, k), DOUBLE_BOUND, k);
        test_run(mission, 1);
    }
    double left = mission->frustration[1] * exp(-1.0 / p->friction_memory_days);
    mission->denials[1] = 3;
    pko_process_peacekeepers(mission);
    ASSERT_NEAR(mission->frustration[1], left + p->friction_denial * 100.0 * 3.0 / QUIET_CIVILIANS,
                DOUBLE_BOUND, 1);
    mission->denials[1] = 30000;
    pko_process_peacekeepers(mission);
    ASSERT_NEAR(mission->frustration[1], 1.0, 0.0, 1);
    end(mission, scenario);
}

/* --- Regions and groups --- */

Test(decay, excitation_after_strikes) {
    /* What it excites finds no target: plots are against convoys and patrols, and nobody is on the road. */
    const struct test_setting settings[] = {{"threat.weight_movement", "1"},
                                            {"threat.weight_camp", "0"},
                                            {"threat.weight_soft", "0"},
                                            {"threat.weight_population", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    const struct pko_parameters *p = &mission->parameters;
    mission->strikes_today[0] = 5; /* yesterday's, once the day begins */
    double keep = exp(-1.0 / p->threat_memory_days);
    for (int k = 0; k <= DAYS; k++) {
        test_run(mission, 1);
        double expected = p->threat_branching * (1.0 - keep) * 5.0 * pow(keep, k);
        ASSERT_NEAR(mission->excitation[0], expected, expected * DOUBLE_BOUND, k);
        ASSERT_NEAR(mission->plot_rate[0], expected, expected * DOUBLE_BOUND, k);
    }
    cr_assert(mission->total_plots[0] == mission->total_lapsed[0] + mission->plots.count);
    end(mission, scenario);
}

Test(decay, regions_go_back_to_their_baselines) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(NULL, 0, &scenario);
    const struct pko_parameters *p = &mission->parameters;
    mission->population_trust[0] = 0.95;
    mission->stability[0] = 0.05;
    mission->fear[0] = 0.7;
    for (int k = 0; k <= DAYS; k++) {
        ASSERT_NEAR(mission->population_trust[0],
                    geometric(0.95, QUIET_TRUST, 1.0 - 1.0 / p->population_memory_days, k), DOUBLE_BOUND, k);
        ASSERT_NEAR(mission->stability[0],
                    geometric(0.05, QUIET_STABILITY, 1.0 - 1.0 / p->stability_memory_days, k), DOUBLE_BOUND,
                    k);
        ASSERT_NEAR(mission->fear[0], 0.7 * exp(-k / p->population_fear_days), DOUBLE_BOUND, k);
        test_run(mission, 1);
    }
    end(mission, scenario);
}

/* The inputs of p, f and s, one day each from a known state. */
Test(decay, regions_take_their_inputs) {
    const struct test_setting settings[] = {{"stability.patrols", "0.002"}, {"retaliation.rate", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    const struct pko_parameters *p = &mission->parameters;
    mission->population_trust[0] = 0.6;
    mission->stability[0] = 0.3;
    mission->fear[0] = 0.2;
    mission->projects_today[0] = 4;
    mission->centred_population[0] = 1.5;
    mission->centred_enemy[0] = 0.7;
    mission->cooperation = 0.8;
    mission->community_hits_today[0] = 2;
    mission->hits_today[0] = 3;
    mission->leak_retaliations_today[0] = 1;
    pko_process_population(mission);
    ASSERT_NEAR(
        mission->population_trust[0],
        0.6 + (4.0 * p->population_projects + 1.5 * p->population_presence) * 0.4 -
            (0.7 * p->population_posture + 0.8 * p->population_cooperation + 2.0 * p->population_violence) *
                0.6 +
            (QUIET_TRUST - 0.6) / p->population_memory_days,
        1e-15, 1);
    ASSERT_NEAR(mission->stability[0],
                0.3 + 4.0 * p->stability_projects * 0.7 + 0.002 * 0.7 * 0.7 -
                    3.0 * p->stability_attacks * 0.3 + (QUIET_STABILITY - 0.3) / p->stability_memory_days,
                1e-15, 1);
    double calm =
        1.0 - 0.2 * exp(-1.0 / p->population_fear_days); /* each of three events leaves 1 − fear of it */
    ASSERT_NEAR(mission->fear[0], 1.0 - calm * pow(1.0 - p->population_fear, 3), 1e-15, 1);
    end(mission, scenario);
}

/* Retaliation is drawn with the stability of the evening before: Poisson(rate·(P/1000)·(1−s)(1−w)), then f,
 * then s. */
Test(decay, retaliation_sees_the_evening_before) {
    const struct test_setting settings[] = {{"retaliation.rate", "0.2"}, {"stability.projects", "0.01"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    double expected = 0.2 * 2.5 * 0.9 * 0.7 * 20000.0;
    mission->region_patrollers[0] = 2500.0;
    mission->restraint[0] = 0.3;
    mission->projects_today[0] = 100;
    for (mission->day = 0; mission->day < 20000; mission->day++) {
        mission->stability[0] = 0.1;
        pko_process_population(mission); /* and so many projects that the next evening is calm */
        cr_assert(mission->stability[0] > 0.99);
    }
    double found = (double)mission->total_retaliations[0];
    cr_assert(fabs(found - expected) <= 4.5 * sqrt(expected), "%g, expected %g", found, expected);
    cr_assert(mission->total_leak_retaliations[0] == 0);
    end(mission, scenario);
}

Test(decay, trust_goes_back_to_its_prior) {
    const struct test_setting settings[] = {
        {"trust.reciprocity", "0"}, {"trust.othering", "0"}, {"trust.hierarchy", "0"}};
    struct pko_scenario *scenario;
    struct pko_mission *mission = quiet(settings, PAIRS(settings), &scenario);
    const struct pko_parameters *p = &mission->parameters;
    double prior = p->trust_base + p->trust_language, keep = 1.0 - 1.0 / p->trust_memory_days;
    double *there = &mission->trust[1], *back = &mission->trust[mission->trust_stride];
    ASSERT_NEAR(*there, prior, 1e-15, 0);
    *there = 0.95;
    *back = 0.05;
    for (int k = 0; k <= DAYS; k++) {
        ASSERT_NEAR(*there, geometric(0.95, prior, keep, k), DOUBLE_BOUND, k);
        ASSERT_NEAR(*back, geometric(0.05, prior, keep, k), DOUBLE_BOUND, k);
        test_run(mission, 1);
    }
    end(mission, scenario);
}
