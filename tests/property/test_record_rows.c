/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of a record in lanes, for every instruction set, against plain loops; and means of layers taken
 * together against each measure read by itself. */
#include "support/clones.h"

#include <math.h>

#include "support/tally.h"
#include "engine/individuals.h"
#include "engine/record_rows.h"
#include "support/missions.h"

#define MOST 1000

struct crowd {
    float state[3][MOST + PKO_PEOPLE_PAD];
    uint8_t traits[MOST + PKO_PEOPLE_PAD];
};

static void fill(struct crowd *crowd, struct dice *dice) {
    for (size_t k = 0; k < MOST + PKO_PEOPLE_PAD; k++) {
        for (int s = 0; s < 3; s++)
            crowd->state[s][k] = (float)some(dice, 1.0);
        crowd->traits[k] = (uint8_t)up_to(dice, 15);
    }
}

static struct pko_moments moments_of(const float *a, const float *b, size_t count, const float median[2]) {
    double lane[8][PKO_LANES] = {{0}}, sum[8];
    for (size_t k = 0; k < count; k++) {
        double one = (double)a[k], other = (double)b[k];
        bool high_a = a[k] > median[0], high_b = b[k] > median[1];
        double term[8] = {one,         other,  one * one, other * other,
                          one * other, high_a, high_b,    high_a && high_b};
        for (int t = 0; t < 8; t++)
            lane[t][k % PKO_LANES] += term[t];
    }
    for (int t = 0; t < 8; t++)
        sum[t] = test_tally_tree(lane[t]);
    return (struct pko_moments){(double)count, sum[0], sum[1], sum[2], sum[3],
                                sum[4],        sum[5], sum[6], sum[7]};
}

Test(record_rows, moments_have_the_bits_of_sums_in_lanes) {
    struct dice dice = {43};
    static struct crowd crowd;
    for (int run = 0; run < 300; run++) {
        size_t count = up_to(&dice, run < 100 ? 40 : MOST);
        float median[2] = {up_to(&dice, 9) ? (float)some(&dice, 1.0) : NAN, (float)some(&dice, 1.0)};
        fill(&crowd, &dice);
        if (count > 0 && up_to(&dice, 1))
            median[1] = crowd.state[1][up_to(&dice, (uint32_t)count - 1)]; /* somebody stands on it */
        struct pko_moments expected = moments_of(crowd.state[0], crowd.state[1], count, median), found;
        FOR_EACH_CLONE(level, clone) {
            PKO_CHOOSE((enum pko_level)level, pko_layer_moments)
            (crowd.state[0], crowd.state[1], count, median, &found);
            expect_same_bits(clone, &found, &expected, sizeof found);
        }
    }
}

Test(record_rows, rider_sums_have_the_bits_of_sums_in_lanes) {
    struct dice dice = {47};
    static struct crowd crowd;
    const float *state[3] = {crowd.state[0], crowd.state[1], crowd.state[2]};
    for (int run = 0; run < 300; run++) {
        size_t count = up_to(&dice, run < 100 ? 40 : MOST), riders = 0;
        double lane[3][2][PKO_LANES] = {{{0}}}, expected[3][2], found[3][2];
        fill(&crowd, &dice);
        for (size_t k = 0; run % 9 == 0 && k < count; k++) /* all of one kind */
            crowd.traits[k] = run % 2 ? PKO_TRAIT_RIDER : PKO_TRAIT_WOMAN;
        for (size_t k = 0; k < count; k++) {
            bool rider = (crowd.traits[k] & PKO_TRAIT_RIDER) != 0;
            riders += rider;
            for (int s = 0; s < 3; s++)
                lane[s][rider ? 0 : 1][k % PKO_LANES] += (double)state[s][k];
        }
        for (int s = 0; s < 3; s++)
            for (int kind = 0; kind < 2; kind++)
                expected[s][kind] = test_tally_tree(lane[s][kind]);
        FOR_EACH_CLONE(level, clone) {
            cr_assert_eq(PKO_CHOOSE((enum pko_level)level, pko_rider_sums)(state, crowd.traits, count, found),
                         riders);
            if (riders > 0 && riders < count)
                expect_same_bits(clone, found, expected, sizeof found);
        }
    }
}

Test(record_rows, those_below_a_limit_are_counted) {
    struct dice dice = {53};
    static struct crowd crowd;
    for (int run = 0; run < 100; run++) {
        size_t count = up_to(&dice, MOST), step = run % 2 ? 1 : 1 + up_to(&dice, 8);
        uint64_t expected[PKO_LIMITS] = {0}, found[PKO_LIMITS];
        float limit[PKO_LIMITS];
        fill(&crowd, &dice);
        for (int l = 0; l < PKO_LIMITS; l++) /* somebody stands on one */
            limit[l] = l == 0 ? crowd.state[0][up_to(&dice, MOST - 1)] : (float)some(&dice, 1.0);
        for (size_t k = 0; k < count; k++)
            for (int l = 0; l < PKO_LIMITS; l++)
                if (step == 1 || (k / 16 % step == 0 && k < count / 16 * 16))
                    expected[l] += crowd.state[0][k] < limit[l];
        FOR_EACH_CLONE(level, clone) {
            PKO_CHOOSE((enum pko_level)level, pko_count_below)(crowd.state[0], count, step, limit, found);
            expect_same_bits(clone, found, expected, sizeof found);
        }
    }
}

/* The plain way: everybody is put into a bin, and bins are added up until there are enough. */
static double quantile_of(const float *state, size_t count, double probability) {
    uint32_t bin[PKO_BINS] = {0};
    for (size_t k = 0; k < count; k++) {
        int at = (int)(state[k] * (float)PKO_BINS);
        bin[at < PKO_BINS ? at : PKO_BINS - 1]++;
    }
    double below = 0.0, wanted = probability * (double)count;
    int at = 0;
    while (at < PKO_BINS - 1 && below + bin[at] < wanted)
        below += bin[at++];
    return count ? ((double)at + (wanted - below) / bin[at]) / PKO_BINS : NAN;
}

/* People of whom some are all over [0,1], some near each other, some on the very ends. */
static float anywhere(struct dice *dice, int kind) {
    double x = some(dice, 1.0);
    switch (kind % 4) {
    case 0:
        return (float)x;
    case 1:
        return (float)(0.4 + 0.01 * x);
    case 2:
        return up_to(dice, 9) ? 0.0f : (float)(x * x * x);
    default:
        return up_to(dice, 9) ? 1.0f : 0.5f;
    }
}

Test(record_rows, quantiles_have_the_bits_of_those_from_bins) {
    static const double probability[PKO_LIMITS] = {0.1, 0.5, 0.9};
    struct dice dice = {59};
    size_t most = 20000;
    float *state = calloc(most + PKO_PEOPLE_PAD, sizeof *state);
    for (int run = 0; run < 200; run++) {
        size_t count = up_to(&dice, run % 3 ? 60 : (uint32_t)most);
        double expected[PKO_LIMITS], found[PKO_LIMITS];
        for (size_t k = 0; k < count; k++)
            state[k] = anywhere(&dice, run);
        if (run % 5 == 0) /* the sample is unlike the whole */
            for (size_t k = 0; k < count; k += 128)
                for (size_t l = k; l < k + 16 && l < count; l++)
                    state[l] = 0.9f;
        for (int q = 0; q < PKO_LIMITS; q++)
            expected[q] = quantile_of(state, count, probability[q]);
        FOR_EACH_CLONE(level, clone) {
            pko_quantiles((enum pko_level)level, state, count, probability, found);
            expect_same_bits(clone, found, expected, sizeof found);
        }
    }
    free(state);
}

Test(record_rows, values_that_exist_are_summed) {
    struct dice dice = {61};
    double value[304], people[304], sum[2][304], with[2][304], pooled[2][304], pooled_people[2][304];
    float series[2][304];
    for (int run = 0; run < 100; run++) {
        size_t count = up_to(&dice, 296);
        for (size_t k = 0; k < 304; k++) {
            value[k] = up_to(&dice, 3) ? some(&dice, 1.0) : NAN;
            people[k] = (double)up_to(&dice, 900);
        }
        FOR_EACH_CLONE(level, clone) {
            memset(sum, 0, sizeof sum);
            memset(with, 0, sizeof with);
            memset(pooled, 0, sizeof pooled);
            memset(pooled_people, 0, sizeof pooled_people);
            for (int record = 0; record < 3; record++) {
                PKO_CHOOSE((enum pko_level)level, pko_sum_values)(value, count, sum[0], with[0], series[0]);
                PKO_CHOOSE((enum pko_level)level, pko_pool_values)
                (value, people, count, pooled[0], pooled_people[0]);
                for (size_t k = 0; k < count; k++) {
                    series[1][k] = (float)value[k];
                    if (isnan(value[k]))
                        continue;
                    sum[1][k] += value[k];
                    with[1][k] += 1.0;
                    pooled[1][k] += value[k] * people[k];
                    pooled_people[1][k] += people[k];
                }
            }
            expect_same_bits(clone, sum[0], sum[1], count * sizeof(double));
            expect_same_bits(clone, with[0], with[1], count * sizeof(double));
            expect_same_bits(clone, series[0], series[1], count * sizeof(float));
            expect_same_bits(clone, pooled[0], pooled[1], count * sizeof *pooled[0]);
            expect_same_bits(clone, pooled_people[0], pooled_people[1], count * sizeof *pooled_people[0]);
        }
    }
}

Test(record_rows, pairs_count_those_present) {
    struct dice dice = {59};
    double trust[PKO_GROUPS_MOST], present[PKO_GROUPS_MOST];
    for (int run = 0; run < 200; run++) {
        size_t groups = 1 + up_to(&dice, PKO_GROUPS_MOST - 1), g = up_to(&dice, (uint32_t)groups - 1);
        double sum[3][PKO_GROUPS_MOST], records[3][PKO_GROUPS_MOST];
        for (size_t h = 0; h < PKO_GROUPS_MOST; h++) {
            trust[h] = some(&dice, 1.0);
            present[h] = up_to(&dice, 3) ? 1.0 : 0.0;
            sum[0][h] = some(&dice, 9.0);
            records[0][h] = (double)up_to(&dice, 9);
        }
        memcpy(sum[1], sum[0], sizeof sum[0]);
        memcpy(records[1], records[0], sizeof records[0]);
        for (size_t h = 0; h < groups; h++)
            if (h != g && present[h] > 0.0) {
                sum[1][h] += trust[h];
                records[1][h] += 1.0;
            }
        FOR_EACH_CLONE(level, clone) {
            memcpy(sum[2], sum[0], sizeof sum[0]);
            memcpy(records[2], records[0], sizeof records[0]);
            PKO_CHOOSE((enum pko_level)level, pko_pair_sums)(trust, present, g, groups, sum[2], records[2]);
            expect_same_bits(clone, sum[2], sum[1], sizeof sum[1]);
            expect_same_bits(clone, records[2], records[1], sizeof records[1]);
        }
    }
}

/* A mission read measure by measure reduces each by itself; an observer takes the means of layers together.
 */
static void compare_readings(struct pko_mission *mission, const char *clone,
                             const struct pko_observer *observer, size_t recorded) {
    static double values[65536];
    for (size_t m = 0; pko_measure(m); m++) {
        const float *series = pko_observer_series(observer, m);
        if (pko_measure(m)->count || strcmp(pko_measure(m)->name, "quantiles") == 0)
            continue;
        int size = pko_mission_read(mission, pko_measure(m)->name, values, 65536);
        cr_assert(size > 0 && size <= 65536);
        for (int k = 0; k < size; k++) {
            float one = (float)values[k], other = series[recorded * (size_t)size + (size_t)k];
            cr_assert(one == other || (isnan(one) && isnan(other)), "%s: %s %d: %a, recorded %a", clone,
                      pko_measure(m)->name, k, (double)one, (double)other);
        }
    }
}

Test(record_rows, records_hold_what_single_measures_give) {
    FOR_EACH_CLONE(level, clone) {
        struct pko_observer *observer;
        struct pko_scenario *scenario = test_scenario("small", NULL, 0);
        scenario->record_every = 9;
        scenario->days = 200;
        struct pko_mission *mission = test_mission(scenario, "monusco", 3);
        mission->clone = clone;
        cr_assert_eq(pko_observer_create(scenario, &observer), PKO_OK);
        cr_assert_eq(pko_observer_start(observer, mission), PKO_OK);
        for (int day = 0; day < scenario->days; day++) {
            cr_assert_eq(pko_mission_step(mission), PKO_OK);
            cr_assert_eq(pko_observer_day(observer, mission), PKO_OK);
            if (day % 9 == 0)
                compare_readings(mission, clone, observer, (size_t)(day / 9));
        }
        pko_observer_free(observer);
        pko_mission_free(mission);
        pko_scenario_free(scenario);
    }
}
