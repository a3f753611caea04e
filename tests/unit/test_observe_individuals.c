/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures over individuals and over pairs of groups, computed again from the states (ODD section 7). */
#include <criterion/criterion.h>

#include <math.h>

#include "model/mission.h"
#include "support/small.h"

static double read_one(const struct pko_mission *mission, const char *name) {
    double value = NAN;
    cr_assert_eq(pko_mission_read(mission, name, &value, 1), 1, "%s", name);
    return value;
}

static struct pko_mission *after(const struct pko_scenario *scenario, int days) {
    struct pko_mission *mission = mission_of(scenario, "monusco", 0);
    run_days(mission, days);
    return mission;
}

static int ascending(const void *one, const void *other) {
    const float *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

/* 10, 50 and 90 % quantiles, from bins of 1/1024. */
Test(observe_individuals, quantiles) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = after(scenario, 120);
    const float *state[] = {m->danger, m->trauma, m->reinforcement, m->resistance, m->cross_trust};
    double value[15];
    cr_assert_eq(pko_mission_read(m, "quantiles", value, 15), 15);
    float *sorted = malloc(m->people * sizeof *sorted);
    cr_assert_not_null(sorted);
    for (size_t s = 0; s < 5; s++) {
        memcpy(sorted, state[s], m->people * sizeof *sorted);
        qsort(sorted, m->people, sizeof *sorted, ascending);
        for (size_t q = 0; q < 3; q++) {
            size_t below = (size_t)((0.1 + 0.4 * (double)q) * m->people);
            cr_expect(value[3 * s + q] > (double)sorted[below - 1] - 0x1p-10 &&
                          value[3 * s + q] < (double)sorted[below + 1] + 0x1p-10,
                      "quantile %zu of state %zu is %g, not about %g", q, s, value[3 * s + q],
                      (double)sorted[below]);
        }
    }
    free(sorted);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

static float median_of(const float *state, const uint8_t *traits, uint32_t people, bool uniformed) {
    float *kept = malloc(people * sizeof *kept), median;
    size_t count = 0;
    cr_assert_not_null(kept);
    for (uint32_t i = 0; i < people; i++)
        if (((traits[i] & PKO_TRAIT_UNIFORMED) != 0) == uniformed)
            kept[count++] = state[i];
    qsort(kept, count, sizeof *kept, ascending);
    median = count % 2 ? kept[count / 2] : (kept[count / 2 - 1] + kept[count / 2]) / 2;
    free(kept);
    return median;
}

/* High on both ledgers: above the medians that one's category had before the first day. */
Test(observe_individuals, ambivalence) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "monusco", 0);
    float median[2][2];
    for (int category = 0; category < 2; category++) {
        median[category][0] = median_of(m->reinforcement, m->traits, m->people, category == 0);
        median[category][1] = median_of(m->resistance, m->traits, m->people, category == 0);
    }
    run_days(m, 120);
    double people[3] = {0, 0, 0}, both[3] = {0, 0, 0}, high[2] = {0, 0};
    for (uint32_t k = 0; k < m->layers_present; k++) {
        int j = m->order[k];
        for (uint32_t i = m->layer_first[j]; i < m->layer_first[j] + m->layer_people[j]; i++) {
            int category = m->traits[i] & PKO_TRAIT_UNIFORMED ? 0 : 1;
            bool a = m->reinforcement[i] > median[category][0], b = m->resistance[i] > median[category][1];
            people[category]++;
            both[category] += a && b;
            if (pko_group_of(m, j)->patrol > 0) {
                people[2]++;
                both[2] += a && b;
                high[0] += a, high[1] += b;
            }
        }
    }
    double by_category[2];
    cr_assert_eq(pko_mission_read(m, "ambivalent_by_category", by_category, 2), 2);
    cr_expect_float_eq(by_category[0], both[0] / people[0], 1e-12);
    cr_expect_float_eq(by_category[1], both[1] / people[1], 1e-12);
    cr_expect_float_eq(read_one(m, "ambivalent"), (both[0] + both[1]) / m->people, 1e-12);
    cr_expect_float_eq(read_one(m, "ambivalent_contact"), both[2] / people[2], 1e-12);
    cr_expect_float_eq(read_one(m, "ambivalent_contact_independent"),
                       high[0] / people[2] * (high[1] / people[2]), 1e-12);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Pearson, of a and b after taking away each category's means. */
Test(observe_individuals, correlation_and_spread) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = after(scenario, 120);
    double mean[3][2] = {{0}}, count[3] = {0}, aa[3] = {0}, bb[3] = {0}, ab[3] = {0}, spread[2] = {0, 0};
    for (uint32_t i = 0; i < m->people; i++)
        for (int c = m->traits[i] & PKO_TRAIT_UNIFORMED ? 0 : 1; c < 3;
             c = c < 2 ? 2 : 3) { /* its category, and all */
            mean[c][0] += (double)m->reinforcement[i], mean[c][1] += (double)m->resistance[i];
            count[c]++;
        }
    for (uint32_t i = 0; i < m->people; i++) {
        int c = m->traits[i] & PKO_TRAIT_UNIFORMED ? 0 : 1;
        double a = (double)m->reinforcement[i] - mean[c][0] / count[c],
               b = (double)m->resistance[i] - mean[c][1] / count[c];
        aa[c] += a * a, bb[c] += b * b, ab[c] += a * b;
        aa[2] += a * a, bb[2] += b * b, ab[2] += a * b;
        spread[0] += pow((double)m->reinforcement[i] - mean[2][0] / count[2], 2);
        spread[1] += pow((double)m->resistance[i] - mean[2][1] / count[2], 2);
    }
    double by_category[2];
    cr_assert_eq(pko_mission_read(m, "correlation_ab_by_category", by_category, 2), 2);
    for (int c = 0; c < 2; c++)
        cr_expect_float_eq(by_category[c], ab[c] / sqrt(aa[c] * bb[c]), 1e-9);
    cr_expect_float_eq(read_one(m, "correlation_ab"), ab[2] / sqrt(aa[2] * bb[2]), 1e-9);
    cr_expect_float_eq(read_one(m, "sd_reinforcement"), sqrt(spread[0] / m->people), 1e-9);
    cr_expect_float_eq(read_one(m, "sd_resistance"), sqrt(spread[1] / m->people), 1e-9);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Mean of T over ordered pairs of different groups of these blocs that are there. */
static double mean_trust(const struct pko_mission *m, unsigned from, unsigned toward) {
    double sum = 0, pairs = 0;
    for (size_t g = 0; g < m->extent.G; g++)
        for (size_t h = 0; h < m->extent.G; h++)
            if (g != h && m->group_people[g] && m->group_people[h] &&
                (from >> m->scenario->groups[g].bloc & 1) && (toward >> m->scenario->groups[h].bloc & 1)) {
                sum += m->trust[g * m->trust_stride + h];
                pairs++;
            }
    return pairs > 0 ? sum / pairs : NAN;
}

static void expect_same(double found, double expected, const char *what) {
    cr_expect(isnan(expected) ? isnan(found) : fabs(found - expected) < 1e-12, "%s is %g, not %g", what,
              found, expected);
}

static void expect_trust(const struct pko_mission *m) {
    const unsigned north = 1u << PKO_NATO | 1u << PKO_NORTH, african = 1u << PKO_AFRICAN;
    const unsigned south = african | 1u << PKO_ASIAN | 1u << PKO_OTHER;
    expect_same(read_one(m, "trust_african_north"), mean_trust(m, african, north), "trust_african_north");
    expect_same(read_one(m, "trust_north_african"), mean_trust(m, north, african), "trust_north_african");
    expect_same(read_one(m, "othering_gap"), mean_trust(m, north, north) - mean_trust(m, north, south),
                "othering_gap");
    double by_bloc[PKO_BLOCS * PKO_BLOCS];
    cr_assert_eq(pko_mission_read(m, "trust_by_bloc", by_bloc, PKO_BLOCS * PKO_BLOCS), PKO_BLOCS * PKO_BLOCS);
    for (unsigned from = 0; from < PKO_BLOCS; from++)
        for (unsigned toward = 0; toward < PKO_BLOCS; toward++)
            expect_same(by_bloc[from * PKO_BLOCS + toward], mean_trust(m, 1u << from, 1u << toward),
                        "trust_by_bloc");
}

Test(observe_individuals, trust_of_blocs) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = after(scenario, 60);
    expect_trust(m);
    pko_mission_free(m);
    pko_scenario_free(scenario);
    scenario =
        scenario_of("minusma", (const char *const[]){"scale", "0.02", NULL}); /* not all groups are there */
    m = after(scenario, 60);
    expect_trust(m);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}
