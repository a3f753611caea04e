/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrivals (ODD section 5, 6.10): clipped normals and shares of traits against closed forms, before the first
 * day and after a turnover. */
#include <stdio.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "process/process.h"
#include "support/clones.h"
#include "support/missions.h"

#define BOUND 4.5 /* standard errors */

/* Moments of N(mean, spread) clipped to [0,1]: what lies below 0 and above 1 stands at the ends. */
static void clipped_normal(double mean, double spread, double *first, double *variance) {
    double low = -mean / spread, high = (1.0 - mean) / spread;
    double inside = gsl_cdf_ugaussian_P(high) - gsl_cdf_ugaussian_P(low), above = gsl_cdf_ugaussian_Q(high);
    double at_low = gsl_ran_ugaussian_pdf(low), at_high = gsl_ran_ugaussian_pdf(high);
    *first = mean * inside + spread * (at_low - at_high) + above;
    double second = (mean * mean + spread * spread) * inside + 2.0 * mean * spread * (at_low - at_high) +
                    spread * spread * (low * at_low - high * at_high) + above;
    *variance = second - *first * *first;
}

Test(arrivals, clipped_moments_meet_an_integral) {
    double first, variance;
    for (double mean = 0.0; mean <= 1.0; mean += 0.25) {
        double sum = 0.0, square = 0.0;
        const int steps = 200000;
        for (int k = 0; k < steps; k++) {
            double x = fmin(1.0, fmax(0.0, mean + 0.2 * gsl_cdf_ugaussian_Pinv((k + 0.5) / steps)));
            sum += x / steps;
            square += x * x / steps;
        }
        clipped_normal(mean, 0.2, &first, &variance);
        cr_assert(fabs(first - sum) < 1e-6 && fabs(variance - (square - sum * sum)) < 1e-6);
    }
}

static const char *const CROWD =
    "name: arrivals\nstart: 2018-07-01\ndays: 200\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0}]}\n"
    "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], "
    "trust: 0.5}]\n"
    "camps: [{name: camp, region: r, protection: 0.5}]\n"
    "contingents: [{name: soldiers, bloc: nato, coin: 0.7, women: 0.08, languages: [english], "
    "rotation_months: 2, "
    "detachments: [{camp: camp, strength: 60000}]}]\n"
    "police: [{name: police, coin: 0.1, women: 0.25, languages: [english], detachments: [{camp: camp, "
    "strength: 40000}]}]\n"
    "sections: [{name: section, kind: office, background: 0.35, women: 0.45, languages: [english], "
    "detachments: "
    "[{camp: camp, strength: 80000}]}]\n";

/* What is known of the people of a layer with (or without) some traits. */
struct sample {
    double count, sum[2], square[2], zero[2], one[2];
};
static struct sample sample_of(const struct pko_mission *mission, int layer, uint8_t traits, uint8_t are) {
    struct sample s;
    memset(&s, 0, sizeof s);
    for (uint32_t i = mission->layer_first[layer];
         i < mission->layer_first[layer] + mission->layer_people[layer]; i++) {
        if ((mission->traits[i] & traits) != are)
            continue;
        double ledger[2] = {(double)mission->reinforcement[i], (double)mission->resistance[i]};
        s.count += 1.0;
        for (int k = 0; k < 2; k++) {
            s.sum[k] += ledger[k];
            s.square[k] += ledger[k] * ledger[k];
            s.zero[k] += ledger[k] == 0.0;
            s.one[k] += ledger[k] == 1.0;
        }
    }
    return s;
}

static void check_share(double count, double of, double share, const char *what) {
    cr_assert(fabs(count - of * share) <= BOUND * sqrt(of * share * (1.0 - share)) + 1e-9,
              "%s: %g of %g, expected %g", what, count, of, of * share);
}

/* Mean, variance and both ends of the two ledgers. The variance of a sample variance is under 2σ⁴/n for a law
 * cut on both sides. */
static void check_ledgers(const struct sample *s, double a0, double b0, double spread, const char *what) {
    const double start[2] = {a0, b0};
    for (int k = 0; k < 2; k++) {
        double first, variance;
        clipped_normal(start[k], spread, &first, &variance);
        double mean = s->sum[k] / s->count, found = s->square[k] / s->count - mean * mean;
        cr_assert(fabs(mean - first) <= BOUND * sqrt(variance / s->count), "%s, ledger %d: %g, expected %g",
                  what, k, mean, first);
        cr_assert(fabs(found - variance) <= BOUND * variance * sqrt(2.0 / s->count),
                  "%s, ledger %d: variance %g, not %g", what, k, found, variance);
        check_share(s->zero[k], s->count, gsl_cdf_gaussian_P(-start[k], spread), "at 0");
        check_share(s->one[k], s->count, gsl_cdf_gaussian_Q(1.0 - start[k], spread), "at 1");
    }
}

static void first_day(const char *spread, const char *seed) {
    const struct test_setting settings[] = {{"ledger.spread", spread}, {"seed", seed}};
    struct pko_scenario *scenario = test_scenario(CROWD, settings, PAIRS(settings));
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    const struct pko_parameters *p = &mission->parameters;
    double sigma = p->ledger_spread;
    const struct pko_group *group = scenario->groups;
    for (int g = 0; g < 2; g++) {
        struct sample s = sample_of(mission, g, 0, 0);
        check_ledgers(&s, p->ledger_uniformed_start + p->ledger_coin_start * group[g].coin,
                      p->ledger_uniformed_resistance_start, sigma, group[g].name);
        struct sample women = sample_of(mission, g, PKO_TRAIT_WOMAN, PKO_TRAIT_WOMAN);
        check_share(women.count, s.count, group[g].women, "women in uniform");
        cr_assert(sample_of(mission, g, PKO_TRAIT_BACKGROUND, PKO_TRAIT_BACKGROUND).count == 0.0);
        cr_assert(sample_of(mission, g, PKO_TRAIT_UNIFORMED, PKO_TRAIT_UNIFORMED).count == s.count);
    }
    const uint8_t both = PKO_TRAIT_BACKGROUND | PKO_TRAIT_WOMAN;
    double all = (double)mission->layer_people[2];
    for (int background = 0; background < 2; background++) {
        struct sample s = sample_of(mission, 2, PKO_TRAIT_BACKGROUND, background ? PKO_TRAIT_BACKGROUND : 0);
        check_share(s.count, all, background ? 0.35 : 0.65, "military background");
        check_ledgers(&s, p->ledger_civilian_start + p->ledger_background_start * background,
                      p->ledger_civilian_resistance_start, sigma, background ? "with background" : "without");
    }
    check_share(sample_of(mission, 2, both, both).count, all, 0.35 * 0.45, "traits are independent");
    cr_assert(mission->layer_background[2] ==
              (uint32_t)sample_of(mission, 2, PKO_TRAIT_BACKGROUND, PKO_TRAIT_BACKGROUND).count);
    cr_assert(mission->layer_women[2] ==
              (uint32_t)sample_of(mission, 2, PKO_TRAIT_WOMAN, PKO_TRAIT_WOMAN).count);
    for (uint32_t i = 0; i < mission->people; i++)
        cr_assert(mission->danger[i] == (float)p->danger_arrival && mission->trauma[i] == 0.0f &&
                  mission->cross_trust[i] == (float)p->cross_trust_arrival);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(arrivals, first_day_at_the_default_spread) {
    first_day("0.15", "11");
}
Test(arrivals, first_day_with_many_at_the_ends) {
    first_day("0.3", "12");
}
Test(arrivals, first_day_of_one_mind) {
    const struct test_setting settings[] = {{"ledger.spread", "0"}};
    struct pko_scenario *scenario = test_scenario(CROWD, settings, 1);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    float a =
        (float)(mission->parameters.ledger_uniformed_start + mission->parameters.ledger_coin_start * 0.7);
    for (uint32_t i = 0; i < 60000; i++)
        cr_assert(mission->reinforcement[i] == a);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* The whole law, not its moments only: Kolmogorov's distance between the ends. */
Test(arrivals, ledgers_are_normal_between_the_ends) {
    struct pko_scenario *scenario = test_scenario(CROWD, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 1);
    enum { CELLS = 4096 };
    static const double start = 0.25;
    double cell[CELLS] = {0}, below = 0.0, distance = 0.0, n = 100000.0;
    for (uint32_t i = 0; i < 100000; i++) { /* soldiers and police arrive with the same resistance */
        float b = mission->resistance[i];
        cell[b < 1.0f ? (int)(b * CELLS) : CELLS - 1] += 1.0;
    }
    for (int k = 0; k < CELLS - 1; k++) {
        below += cell[k];
        double expected = gsl_cdf_gaussian_P((k + 1.0) / CELLS - start, mission->parameters.ledger_spread);
        distance = fmax(distance, fabs(below / n - expected));
    }
    cr_assert(distance * sqrt(n) < 2.5, "Kolmogorov's statistic is %g", distance * sqrt(n)); /* 7e-6 */
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* Half of the soldiers turn over (6.10): a ← (1 − handover)·a_arrival + handover·ā, all else as an arrival;
 * the others stay as they are. */
Test(arrivals, turnover_hands_reinforcement_over) {
    struct pko_scenario *scenario = test_scenario(CROWD, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    const struct pko_parameters *p = &mission->parameters;
    const uint32_t half = 30000;
    /* period = round(30.4·2) = 61, phase 0: the first half on day 61, the rest on days 30, 91 … */
    test_run(mission, 61);
    cr_assert(mission->day == 61);
    struct pko_mission *before;
    cr_assert(pko_mission_clone(mission, &before) == PKO_OK);
    pko_process_rotation(mission);
    double sum = 0.0, square = 0.0, old = before->mean_reinforcement[0], first, variance;
    for (uint32_t i = 0; i < half; i++) {
        double a = (double)mission->reinforcement[i];
        sum += a;
        square += a * a;
        cr_assert(mission->danger[i] == (float)p->danger_arrival && mission->trauma[i] == 0.0f);
    }
    cr_assert(memcmp(mission->reinforcement + half, before->reinforcement + half, half * sizeof(float)) == 0);
    clipped_normal(p->ledger_uniformed_start + p->ledger_coin_start * 0.7, p->ledger_spread, &first,
                   &variance);
    double keep = 1.0 - p->rotation_handover, expected = keep * first + p->rotation_handover * old;
    double error = keep * sqrt(variance / half);
    cr_assert(fabs(sum / half - expected) <= BOUND * error, "%g, expected %g ± %g", sum / half, expected,
              error);
    cr_assert(fabs(expected - first) > 10.0 * error, "the predecessors differ from arrivals");
    double found = square / half - sum / half * (sum / half);
    cr_assert(fabs(found - keep * keep * variance) <= BOUND * keep * keep * variance * sqrt(2.0 / half));
    /* Tomorrow nobody turns over; p fell by what the share of the region's uniformed that turned over says.
     */
    double turned = half / 100000.0;
    cr_assert(fabs(mission->population_trust[0] / before->population_trust[0] -
                   (1.0 - p->rotation_memory_loss * turned)) < 1e-14);
    memcpy(before->reinforcement, mission->reinforcement, 60000 * sizeof(float));
    mission->day++;
    pko_process_rotation(mission);
    cr_assert(memcmp(before->reinforcement, mission->reinforcement, 60000 * sizeof(float)) == 0);
    pko_mission_free(before);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* Each civilian leaves with daily probability 1/(30.4·tenure), whoever left is a newcomer. */
Test(arrivals, civilians_leave_at_their_rate) {
    const struct test_setting settings[] = {{"sections.section.tenure_months", "1"}};
    struct pko_scenario *scenario = test_scenario(CROWD, settings, 1);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    double left = 0.0, days = 100.0;
    for (int day = 0; day < 100; day++, mission->day++) {
        for (uint32_t i = 100000; i < mission->people; i++)
            mission->trauma[i] = 0.5f;
        pko_process_rotation(mission);
        for (uint32_t i = 100000; i < mission->people; i++)
            left += mission->trauma[i] == 0.0f;
    }
    check_share(left, 80000.0 * days, 1.0 / 30.4, "departures");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* Arrivals of many places are those of each, for every instruction set. */
Test(arrivals, many_at_once_are_those_of_one) {
    struct pko_scenario *scenario = test_scenario("small", NULL, 0);
    struct dice dice = {71};
    for (int run = 0; run < 40; run++) {
        struct pko_mission *one = test_mission(scenario, "minusma", (uint32_t)run);
        int layer = one->order[up_to(&dice, one->layers_present - 1)];
        uint32_t from = up_to(&dice, one->layer_people[layer]);
        uint32_t to = from + up_to(&dice, one->layer_people[layer] - from);
        double handover = up_to(&dice, 2) ? some(&dice, 1.0) : 0.0, predecessors = some(&dice, 1.0);
        test_run(one, 3);
        FOR_EACH_CLONE(level, clone) {
            struct pko_mission *many = NULL;
            cr_assert_eq(pko_mission_clone(one, &many), PKO_OK);
            many->clone = clone;
            pko_arrive_all(many, layer, from, to, handover, predecessors);
            pko_layer_summarize(many, layer);
            struct pko_mission *plain = NULL;
            cr_assert_eq(pko_mission_clone(one, &plain), PKO_OK);
            for (uint32_t place = from; place < to; place++)
                pko_arrive(plain, layer, place, handover, predecessors);
            pko_layer_summarize(plain, layer);
            cr_assert_eq(pko_mission_hash(many), pko_mission_hash(plain), "%s, places %u to %u", clone, from,
                         to);
            pko_mission_free(plain);
            pko_mission_free(many);
        }
        pko_mission_free(one);
    }
    pko_scenario_free(scenario);
}
