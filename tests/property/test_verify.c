/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pko_mission_verify after each day of a year: every built-in scenario, under each of the five regimes, with
 * the historical and the endogenous mandate, at three scales. And that it can find something. */
#include <stdio.h>

#include "pkosim/observe.h"
#include "support/missions.h"

#define YEAR 370 /* past the first anniversary, so that an endogenous mandate is renewed */

static void check(const struct pko_mission *mission, const char *what) {
    char why[200];
    int status = pko_mission_verify(mission, why, sizeof why);
    cr_assert(status == PKO_OK, "%s: %s", what, why);
}

static void run_year(const char *name, const char *start, const char *scale, const char *mode) {
    const struct test_setting settings[] = {{"start", start}, {"scale", scale}, {"mandate.mode", mode}};
    struct pko_scenario *scenario = test_scenario(name, settings, PAIRS(settings));
    const struct pko_regime_info *regime;
    for (size_t r = 0; (regime = pko_regime_info(r)) != NULL; r++) {
        char what[200];
        snprintf(what, sizeof what, "%s from %s at %s, %s mandate, regime %s", name, start, scale, mode,
                 regime->name);
        struct pko_mission *mission = test_mission(scenario, regime->name, (uint32_t)r);
        check(mission, what);
        double robustness = mission->robustness;
        bool moved = false;
        for (int day = 0; day < YEAR; day++) {
            test_run(mission, 1);
            check(mission, what);
            moved |= mission->robustness != robustness;
        }
        if (scenario->endogenous)
            cr_assert(moved, "%s: no renewal", what);
        pko_mission_free(mission);
    }
    pko_scenario_free(scenario);
}

static void run_scales(const char *name, const char *start, const char *mode) {
    run_year(name, start, "0.1", mode);
    run_year(name, start, "1", mode);
    run_year(name, start, "3", mode);
}

Test(verify, small_historical) {
    run_scales("small", "2018-07-01", "historical");
}
Test(verify, small_endogenous) {
    run_scales("small", "2018-07-01", "endogenous");
}
Test(verify, minusma_historical) {
    run_scales("minusma", "2016-07-01", "historical");
}
Test(verify, minusma_endogenous) {
    run_scales("minusma", "2016-07-01", "endogenous");
}
Test(verify, monusco_historical) {
    run_scales("monusco", "2014-07-01", "historical");
}
Test(verify, monusco_endogenous) {
    run_scales("monusco", "2014-07-01", "endogenous");
}
Test(verify, first_year_of_minusma) {
    run_year("minusma", "2013-07-01", "1", "historical");
}

/* Every parameter at an end of its range, all at once at random: states stay in range whatever is set. */
Test(verify, parameters_at_the_ends_of_their_ranges) {
    const struct test_setting settings[] = {{"scale", "0.2"}, {"mandate.mode", "endogenous"}};
    struct pko_scenario *scenario = test_scenario("small", settings, PAIRS(settings));
    uint64_t dice = 88172645463325252u;
    for (int world = 0; world < 60; world++) {
        struct pko_mission *mission = test_mission(scenario, "open", 0);
        const struct pko_parameter_info *info;
        for (size_t k = 0; (info = pko_parameter_info(k)) != NULL; k++) {
            dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
            double ends[2] = {info->least, info->most};
            if (dice % 3 < 2)
                cr_assert(pko_mission_set(mission, info->name, ends[dice % 3]) == PKO_OK, "%s", info->name);
        }
        for (int day = 0; day < 90; day++) {
            test_run(mission, 1);
            check(mission, "parameters at their ends");
        }
        pko_mission_free(mission);
    }
    pko_scenario_free(scenario);
}

/* --- Planted violations --- */

/* A busy mission, and a word that must be in what verify says once `plant` has broken something. */
static void expect(const struct pko_mission *mission, void (*plant)(struct pko_mission *), const char *word) {
    struct pko_mission *broken;
    char why[200];
    cr_assert(pko_mission_clone(mission, &broken) == PKO_OK);
    check(broken, "a whole clone");
    plant(broken);
    cr_assert(pko_mission_verify(broken, why, sizeof why) == PKO_ERROR_RANGE, "not found: %s", word);
    cr_assert(strstr(why, word) != NULL, "'%s' does not say %s", why, word);
    cr_assert(pko_mission_verify(broken, NULL, 0) == PKO_ERROR_RANGE);
    pko_mission_free(broken);
}

#define PLANT(name, ...)                                                                                     \
    static void name(struct pko_mission *m) {                                                                \
        __VA_ARGS__;                                                                                         \
    }
PLANT(danger_high, m->danger[17] = 1.0f + 1e-6f)
PLANT(trauma_negative, m->trauma[m->people - 1] = -1e-7f)
PLANT(ledger_missing, m->reinforcement[3] = NAN)
PLANT(resistance_high, m->resistance[0] = INFINITY)
PLANT(trust_missing, m->cross_trust[5] = NAN)
PLANT(one_more, m->people++)
PLANT(layer_smaller, m->layer_people[m->order[1]]--)
PLANT(layers_apart, m->layer_first[m->order[2]]++)
PLANT(wrong_category, m->traits[2] ^= PKO_TRAIT_UNIFORMED)
PLANT(camp_miscounted, m->camp_uniformed[0]++)
PLANT(posture_high, m->posture[m->order[0]] = 1.5)
PLANT(frustration_negative, m->frustration[m->order[0]] = -0.1)
PLANT(valorization_high, m->valorization[m->order[0]] = 1.1)
PLANT(voice_missing, m->voice[m->order[0]] = NAN)
PLANT(stability_high, m->stability[1] = 1.0 + 1e-9)
PLANT(population_trust_missing, m->population_trust[0] = NAN)
PLANT(fear_negative, m->fear[2] = -1e-12)
PLANT(rate_missing, m->plot_rate[0] = NAN)
PLANT(excitation_negative, m->excitation[0] = -1e-3)
PLANT(robustness_high, m->robustness = 1.01)
PLANT(secrecy_high, m->secrecy[0] = 2.0)
PLANT(trust_negative, m->trust[m->trust_stride] = -1e-9)
PLANT(free_unknown, m->plots.item[0].free.bits[0] |= 1u << 9;
      m->plots.item[0].knows.bits[0] &= ~(uint64_t)(1u << 9))
PLANT(plot_overdue, m->plots.item[0].due = m->day - 1)
PLANT(convoy_overdue, m->convoys.item[0].formed = m->day - m->convoys.item[0].days - 1)
PLANT(platoon_lost, m->platoons_out[0]++)

Test(verify, finds_what_is_planted) {
    const struct test_setting settings[] = {{"regions.gao.threat", "1"}};
    struct pko_scenario *scenario = test_scenario("small", settings, 1);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    test_run(mission, 30);
    while (mission->convoys.count == 0 || mission->plots.count == 0)
        test_run(mission, 1);
    expect(mission, danger_high, "danger");
    expect(mission, trauma_negative, "trauma");
    expect(mission, ledger_missing, "reinforcement");
    expect(mission, resistance_high, "resistance");
    expect(mission, trust_missing, "cross_trust");
    expect(mission, one_more, "people");
    expect(mission, layer_smaller, "people");
    expect(mission, layers_apart, "follow");
    expect(mission, wrong_category, "category");
    expect(mission, camp_miscounted, "uniformed");
    expect(mission, posture_high, "posture");
    expect(mission, frustration_negative, "frustration");
    expect(mission, valorization_high, "valorization");
    expect(mission, voice_missing, "voice");
    expect(mission, stability_high, "stability");
    expect(mission, population_trust_missing, "population trust");
    expect(mission, fear_negative, "fear");
    expect(mission, rate_missing, "rate");
    expect(mission, excitation_negative, "rate");
    expect(mission, robustness_high, "robustness");
    expect(mission, secrecy_high, "secrecy");
    expect(mission, trust_negative, "trust of group");
    expect(mission, free_unknown, "not known");
    expect(mission, plot_overdue, "outlived");
    expect(mission, convoy_overdue, "overdue");
    expect(mission, platoon_lost, "platoons");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}
