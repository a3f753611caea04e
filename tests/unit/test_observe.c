/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dimensions, the table of measures, and what is read from a mission. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>

#include "model/mission.h"
#include "support/small.h"

#define VALUES_MOST 20000

Test(observe, dimensions_have_names_and_labels) {
    struct pko_scenario *scenario = scenario_of("minusma", NULL);
    for (int d = 0; d < PKO_DIMENSIONS; d++) {
        enum pko_dimension dimension = (enum pko_dimension)d;
        size_t size = pko_dimension_size(scenario, dimension);
        cr_expect_gt(size, 0);
        cr_expect_eq(*pko_dimension_name(dimension) == 0, dimension == PKO_NONE);
        for (int other = 0; other < d; other++)
            cr_expect_str_neq(pko_dimension_name(dimension), pko_dimension_name((enum pko_dimension)other));
        for (size_t unit = 0; unit < size; unit++) {
            const char *label = pko_dimension_label(scenario, dimension, unit);
            cr_expect_eq(*label == 0, dimension == PKO_NONE);
            for (size_t other = 0; other < unit; other++)
                cr_expect_str_neq(label, pko_dimension_label(scenario, dimension, other));
        }
    }
    cr_expect_eq(pko_dimension_size(scenario, PKO_GROUP), (size_t)scenario->group_count);
    cr_expect_eq(pko_dimension_size(scenario, PKO_TOWARD), (size_t)scenario->group_count);
    cr_expect_eq(pko_dimension_size(scenario, PKO_TASK), 8);
    cr_expect_str_eq(pko_dimension_label(scenario, PKO_BLOC_DIM, PKO_ASIAN), "asian");
    cr_expect_str_eq(pko_dimension_label(scenario, PKO_REGION, 0), scenario->regions[0].name);
    cr_expect_str_eq(pko_dimension_label(scenario, PKO_PLOT_CLASS, PKO_SOFT), "soft");
    pko_scenario_free(scenario);
}

Test(observe, table_of_measures_is_whole) {
    size_t count = 0;
    for (const struct pko_measure *m; (m = pko_measure(count)); count++) {
        cr_expect(*m->name && *m->unit && *m->long_name, "measure %zu", count);
        for (size_t other = 0; other < count; other++)
            cr_expect_str_neq(m->name, pko_measure(other)->name);
        cr_expect(m->least < m->most, "%s", m->name);
        cr_expect(!m->count || (m->least == 0.0 && isinf(m->most)), "%s counts", m->name);
        cr_expect(m->dimensions[0] != PKO_NONE || m->dimensions[1] == PKO_NONE, "%s", m->name);
        cr_expect(m->dimensions[0] != m->dimensions[1] || m->dimensions[0] == PKO_NONE,
                  "%s has one dimension twice", m->name);
        cr_expect_eq(m->by_group, m->dimensions[0] == PKO_GROUP, "%s", m->name);
        /* A span in "days" would be read as a time. */
        cr_expect(!strstr(m->unit, "day"), "%s is in %s", m->name, m->unit);
    }
    cr_expect_gt(count, 100);
    cr_expect_null(pko_measure(count));
    cr_expect_null(pko_measure(SIZE_MAX));
}

/* Ledgers are shown by no country or bloc; by group only to verify implementations, and marked so (ODD
 * section 7). */
Test(observe, ledgers_are_not_read_by_bloc) {
    for (size_t k = 0; pko_measure(k); k++) {
        const struct pko_measure *m = pko_measure(k);
        if (strncmp(m->name, "reinforcement", 13) != 0 && strncmp(m->name, "resistance", 10) != 0)
            continue;
        cr_expect_neq(m->dimensions[0], PKO_BLOC_DIM, "%s", m->name);
        cr_expect_eq(m->by_group, strstr(m->long_name, "verify implementations only") != NULL, "%s", m->name);
    }
}

Test(observe, read_tells_the_size_and_fills_what_fits) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    run_days(mission, 30);
    for (size_t k = 0; pko_measure(k); k++) {
        const char *name = pko_measure(k)->name;
        size_t size = pko_measure_size(scenario, pko_measure(k));
        double whole[1024], part[1024];
        cr_assert_leq(size, 1023);
        cr_expect_eq(pko_mission_read(mission, name, NULL, 0), (int)size, "%s", name);
        cr_expect_eq(pko_mission_read(mission, name, NULL, 1024), (int)size, "%s", name);
        whole[size] = -77.0;
        cr_expect_eq(pko_mission_read(mission, name, whole, size), (int)size, "%s", name);
        cr_expect_eq(whole[size], -77.0, "%s fills more than there is room for", name);
        const size_t capacities[] = {0, size / 2, size - 1};
        for (size_t c = 0; c < 3; c++) {
            for (size_t at = 0; at < 1024; at++)
                part[at] = -77.0;
            cr_expect_eq(pko_mission_read(mission, name, part, capacities[c]), (int)size, "%s", name);
            cr_expect_eq(memcmp(part, whole, capacities[c] * sizeof *part), 0, "%s cut off", name);
            for (size_t at = capacities[c]; at <= size; at++)
                cr_assert_eq(part[at], -77.0, "%s fills more than there is room for", name);
        }
    }
    static const char *const wrong[] = {"", "dangers", "dange", "Danger", "danger ", "d", "mean_danger"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        double value = -77.0;
        cr_expect_eq(pko_mission_read(mission, wrong[k], &value, 1), PKO_ERROR_NAME, "'%s'", wrong[k]);
        cr_expect_eq(pko_mission_read(mission, wrong[k], NULL, 0), PKO_ERROR_NAME, "'%s'", wrong[k]);
        cr_expect_eq(value, -77.0);
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(observe, columns_show_individuals_where_they_lie) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    run_days(m, 10);
    const struct {
        const char *name;
        const float *state;
    } column[] = {{"danger", m->danger},
                  {"trauma", m->trauma},
                  {"reinforcement", m->reinforcement},
                  {"resistance", m->resistance},
                  {"cross_trust", m->cross_trust}};
    for (size_t k = 0; k < 5; k++) {
        struct pko_column seen;
        cr_assert_eq(pko_mission_column(m, column[k].name, &seen), PKO_OK);
        cr_assert_eq(seen.count, m->people);
        double sum = 0, read = NAN;
        for (size_t i = 0; i < seen.count; i++) {
            float value;
            memcpy(&value, (const char *)seen.base + i * seen.stride, sizeof value);
            cr_assert_eq(value, column[k].state[i]);
            sum += (double)value;
        }
        cr_expect_eq(pko_mission_read(m, column[k].name, &read, 1), 1);
        cr_expect_float_eq(read, sum / m->people, 1e-8, "%s",
                           column[k].name); /* companies add up in floats */
    }
    static const char *const wrong[] = {"", "dange", "a", "traits", "Danger"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct pko_column seen = {m, 1, 2};
        cr_expect_eq(pko_mission_column(m, wrong[k], &seen), PKO_ERROR_NAME, "'%s'", wrong[k]);
        cr_expect(seen.base == m && seen.stride == 1 && seen.count == 2);
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Every value within the range that the table states, or missing; counts are whole, never missing and never
 * fall. */
static void expect_in_range(const struct pko_mission *mission, double *before) {
    static double value[VALUES_MOST];
    size_t at = 0;
    for (size_t k = 0; pko_measure(k); k++) {
        const struct pko_measure *measure = pko_measure(k);
        size_t size = pko_measure_size(mission->scenario, measure);
        cr_assert_leq(at + size, VALUES_MOST);
        cr_assert_eq(pko_mission_read(mission, measure->name, value + at, size), (int)size);
        for (size_t end = at + size; at < end; at++) {
            double v = value[at];
            cr_assert(isnan(v) || (v >= measure->least && v <= measure->most), "%s is %g on day %d",
                      measure->name, v, mission->day - 1);
            if (measure->count) {
                cr_assert(v >= before[at] && v == floor(v), "%s is %g after %g on day %d", measure->name, v,
                          before[at], mission->day - 1);
                before[at] = v;
            }
        }
    }
}

static void expect_run_in_range(const struct pko_scenario *scenario, const char *regime, int days) {
    static double before[VALUES_MOST];
    memset(before, 0, sizeof before);
    struct pko_mission *mission = mission_of(scenario, regime, 0);
    expect_in_range(mission, before); /* before the first day too */
    for (int day = 0; day < days; day++) {
        run_days(mission, 1);
        expect_in_range(mission, before);
    }
    pko_mission_free(mission);
}

Test(observe, values_are_in_their_ranges) {
    static const char *const regimes[] = {"minusma", "monusco", "silo", "fusion", "open"};
    struct pko_scenario *scenario = SMALL("regions.gao.threat", "[[2018-07-01, 0.5]]");
    for (size_t k = 0; k < 5; k++)
        expect_run_in_range(scenario, regimes[k], 120);
    pko_scenario_free(scenario);
    scenario = SMALL("mandate.mode", "endogenous", "scale", "0.003"); /* detachments of one person */
    expect_run_in_range(scenario, "monusco", 400);
    pko_scenario_free(scenario);
    scenario =
        scenario_of("minusma", (const char *const[]){"scale", "0.05", NULL}); /* groups that are not there */
    expect_run_in_range(scenario, "minusma", 300);
    pko_scenario_free(scenario);
}

static const double *read_all(const struct pko_mission *mission, const char *name, double value[1024]) {
    cr_assert_geq(pko_mission_read(mission, name, value, 1024), 1, "%s", name);
    return value;
}

/* The mean over everyone is that of each way of parting them, weighted by people. */
Test(observe, parts_make_the_whole) {
    struct pko_scenario *scenario =
        scenario_of("minusma", (const char *const[]){"start", "2016-01-01", "scale", "0.2", NULL});
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    run_days(mission, 120);
    static const char *const states[] = {"danger",       "cross_trust",   "frustration",
                                         "valorization", "reinforcement", "resistance"};
    static const char *const people[][2] = {
        {"group", "people_by_group"}, {"bloc", "people_by_bloc"}, {"camp", "people_by_camp"}};
    int compared = 0;
    for (size_t s = 0; s < sizeof states / sizeof *states; s++)
        for (size_t k = 0; k < 3; k++) {
            char name[64];
            double part[1024], count[1024], whole[1024], sum = 0, all = 0;
            snprintf(name, sizeof name, "%s_by_%s", states[s], people[k][0]);
            int size = pko_mission_read(mission, name, part, 1024);
            if (size < 0)
                continue; /* not every state is recorded every way */
            read_all(mission, people[k][1], count);
            for (int unit = 0; unit < size; unit++) {
                cr_assert_eq(isnan(part[unit]), count[unit] == 0.0, "%s unit %d", name, unit);
                sum += count[unit] > 0.0 ? count[unit] * part[unit] : 0.0;
                all += count[unit];
            }
            cr_expect_eq(all, mission->people);
            cr_expect_float_eq(sum / all, read_all(mission, states[s], whole)[0], 1e-12, "%s", name);
            compared++;
        }
    cr_expect_geq(compared, 12);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* The same events counted in two ways. */
Test(observe, counts_agree) {
    static const char *const equal[][2] = {{"strikes_by_region", "strikes_by_class"},
                                           {"hits_by_region", "hits_by_class"},
                                           {"deaths", "deaths_by_bloc"},
                                           {"deaths", "deaths_by_group"},
                                           {"wounded", "wounded_by_bloc"},
                                           {"wounded", "wounded_by_group"},
                                           {"targeted_by_bloc", "targeted_by_group"},
                                           {"known_by_bloc", "known_by_group"},
                                           {"shared", "learned_by_channel"},
                                           {"people", "people_by_group"},
                                           {"people", "people_by_camp"},
                                           {"people", "people_by_bloc"}};
    struct pko_scenario *scenario = SMALL("regions.gao.threat", "[[2018-07-01, 0.5]]");
    struct pko_mission *mission = mission_of(scenario, "monusco", 0);
    run_days(mission, 250);
    for (size_t k = 0; k < sizeof equal / sizeof *equal; k++) {
        double sum[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            double value[1024];
            int size = pko_mission_read(mission, equal[k][side], value, 1024);
            cr_assert_gt(size, 0);
            for (int unit = 0; unit < size; unit++)
                sum[side] += value[unit];
        }
        cr_expect(sum[0] == sum[1] && sum[0] > 0.0, "%s %g, %s %g", equal[k][0], sum[0], equal[k][1], sum[1]);
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}
