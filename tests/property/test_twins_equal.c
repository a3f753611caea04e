/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addressed randomness (ODD section 4): runs with equal rules are equal to the byte, whatever runs beside
 * them; a small change of a rate changes nothing; counts are monotone in their rates. */
#include <criterion/criterion.h>

#include <math.h>

#include "experiment/twins.h"
#include "support/differences.h"
#include "support/small.h"

#define DAYS 200

/* Outcomes of one run; freed by the caller. */
static double *outcomes_of(const struct pko_scenario *scenario, const char *regime, uint32_t replicate,
                           size_t *count) {
    struct pko_mission *mission = mission_of(scenario, regime, replicate);
    struct pko_observer *observer = NULL;
    cr_assert_eq(pko_observer_create(scenario, &observer), PKO_OK);
    cr_assert_eq(pko_observer_start(observer, mission), PKO_OK);
    for (int day = 0; day < DAYS; day++) {
        run_days(mission, 1);
        cr_assert_eq(pko_observer_day(observer, mission), PKO_OK);
    }
    *count = pko_outcome_count(observer);
    double *value = malloc(*count * sizeof *value);
    cr_assert_not_null(value);
    cr_assert_eq(pko_outcomes(observer, value), PKO_OK);
    pko_observer_free(observer);
    pko_mission_free(mission);
    return value;
}

Test(twins_equal, equal_rules_give_equal_bytes) {
    struct pko_scenario *scenario = small_with("regime_definitions:\n  same: {base: minusma}\n"
                                               "  spelled_out: {classification: 0.1, secure_rate: 0.5, "
                                               "mail_rate: 0.3, hub_rate: 0.3, informal_rate: 0.5,"
                                               " trust_gate: 1, translation: 0.3, leak: 0.004}\n");
    static const char *const pair[2][2] = {{"minusma", "same"}, {"monusco", "spelled_out"}};
    for (size_t k = 0; k < 2; k++) {
        struct pko_mission *one = mission_of(scenario, pair[k][0], 5),
                           *other = mission_of(scenario, pair[k][1], 5);
        cr_assert_eq(pko_mission_hash(one), pko_mission_hash(other));
        for (int day = 0; day < DAYS; day++) {
            run_days(one, 1);
            run_days(other, 1);
            cr_assert_eq(pko_mission_hash(one), pko_mission_hash(other), "%s and %s: day %d", pair[k][0],
                         pair[k][1], day);
        }
        struct differences found = differences_of(one, other);
        cr_expect_eq(found.count, 0);
        pko_mission_free(one);
        pko_mission_free(other);
    }
    size_t counts[2];
    double *value[2] = {outcomes_of(scenario, "minusma", 5, &counts[0]),
                        outcomes_of(scenario, "same", 5, &counts[1])};
    cr_assert_eq(counts[0], counts[1]);
    cr_expect_eq(memcmp(value[0], value[1], counts[0] * sizeof *value[0]), 0);
    free(value[0]);
    free(value[1]);
    pko_scenario_free(scenario);
}

/* The rules of a regime alone tell its runs apart: before anything is collected, two regimes are equal. */
Test(twins_equal, other_rules_begin_alike) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *one = mission_of(scenario, "silo", 0), *other = mission_of(scenario, "open", 0);
    struct differences found = differences_of(one, other);
    cr_expect(found.count == 1 && differs_in(&found, "parameters"), "%s differs before the first day",
              found.name[0]);
    cr_expect_neq(pko_mission_hash(one), pko_mission_hash(other));
    run_days(one, DAYS);
    run_days(other, DAYS);
    found = differences_of(one, other);
    cr_expect_gt(found.count, 30);
    pko_mission_free(one);
    pko_mission_free(other);
    pko_scenario_free(scenario);
}

/* Others stepped in turn with it do not touch a replicate. */
Test(twins_equal, alone_as_among_others) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    enum { OTHERS = 6 };
    struct pko_mission *among[OTHERS], *alone = mission_of(scenario, "minusma", 3);
    uint64_t hash[DAYS];
    for (int day = 0; day < DAYS; day++) {
        run_days(alone, 1);
        hash[day] = pko_mission_hash(alone);
    }
    pko_mission_free(alone);
    for (uint32_t k = 0; k < OTHERS; k++)
        among[k] = mission_of(scenario, "minusma", k);
    for (int day = 0; day < DAYS; day++)
        for (int k = OTHERS - 1; k >= 0; k--) {
            run_days(among[k], 1);
            bool same = pko_mission_hash(among[k]) == hash[day];
            cr_assert_eq(same, k == 3, "replicate %d on day %d", k, day);
        }
    for (size_t k = 0; k < OTHERS; k++)
        pko_mission_free(among[k]);
    pko_scenario_free(scenario);
}

/* And so it is in a campaign, in whatever batch and number of threads. */
Test(twins_equal, alone_as_in_a_batch) {
    struct pko_scenario *scenario = SMALL("days", "200", "scale", "0.2");
    static const char *const regimes[] = {"minusma", "monusco"}, *const other_order[] = {"monusco",
                                                                                         "minusma"};
    struct pko_twins_plan batch = {.scenario = scenario,
                                   .regimes = regimes,
                                   .regime_count = 2,
                                   .first_replicate = 0,
                                   .replicates = 6,
                                   .threads = 2,
                                   .keep_values = true},
                          one = batch;
    one.regimes = other_order;
    one.first_replicate = 4;
    one.replicates = 1;
    one.threads = 1;
    struct pko_twins_result all, alone;
    cr_assert_eq(pko_twins_run(&batch, &all), PKO_OK);
    cr_assert_eq(pko_twins_run(&one, &alone), PKO_OK);
    cr_assert(alone.outcome_count == all.outcome_count && all.outcome_count > 300);
    size_t size = all.outcome_count * sizeof(double), count;
    cr_expect_eq(memcmp(pko_twins_values(&all, 0, 4), pko_twins_values(&alone, 1, 0), size), 0,
                 "minusma differs");
    cr_expect_eq(memcmp(pko_twins_values(&all, 1, 4), pko_twins_values(&alone, 0, 0), size), 0,
                 "monusco differs");
    cr_expect_neq(memcmp(pko_twins_values(&all, 0, 3), pko_twins_values(&alone, 1, 0), size), 0);
    double *by_hand = outcomes_of(scenario, "minusma", 4, &count);
    cr_assert_eq(count, all.outcome_count);
    cr_expect_eq(memcmp(by_hand, pko_twins_values(&alone, 1, 0), size), 0,
                 "the campaign differs from a run by hand");
    free(by_hand);
    pko_twins_free(&all);
    pko_twins_free(&alone);
    pko_scenario_free(scenario);
}

Test(twins_equal, seeds_and_replicates_differ) {
    static const char *const seeds[] = {"0", "7", "8", "18446744073709551615"};
    static const uint32_t replicates[] = {0, 1, (1u << 20) - 1};
    uint64_t hash[12], states[12];
    size_t count = 0;
    for (size_t s = 0; s < 4; s++)
        for (size_t r = 0; r < 3; r++) {
            struct pko_scenario *scenario = SMALL("seed", seeds[s], "scale", "0.1");
            struct pko_mission *mission = mission_of(scenario, "minusma", replicates[r]);
            run_days(mission, 20);
            hash[count] = pko_mission_hash(mission);
            /* The address is part of a mission: what was drawn must differ too. */
            mission->stream = (struct pko_stream){0, 0};
            states[count++] = pko_mission_hash(mission);
            pko_mission_free(mission);
            pko_scenario_free(scenario);
        }
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l < k; l++)
            cr_expect(hash[k] != hash[l] && states[k] != states[l], "runs %zu and %zu are the same", k, l);
}

/* Rates behind counts: the least change leaves every count, and so every state, as it was. */
Test(twins_equal, small_change_of_a_rate_changes_nothing) {
    static const char *const rates[] = {"retaliation.rate", "aviation.requests",  "threat.lead_days",
                                        "collect.tips",     "collect.technical",  "sharing.secure_leak",
                                        "trust.disclosure", "incident.lethality", "operations.free_movement",
                                        "aviation.approval"};
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *run = mission_of(scenario, "minusma", 0);
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        struct pko_mission *one = clone_of(run), *other = clone_of(run);
        double value = 0.0, set = 0.0;
        cr_assert_eq(pko_mission_get(one, rates[k], &value), PKO_OK);
        cr_assert_eq(pko_mission_set(other, rates[k], value + 1e-9), PKO_OK);
        cr_assert_eq(pko_mission_get(other, rates[k], &set), PKO_OK);
        cr_assert_eq(set, value + 1e-9);
        run_days(one, DAYS);
        run_days(other, DAYS);
        struct differences found = differences_of(one, other);
        cr_expect(found.count == 1 && differs_in(&found, "parameters"),
                  "%s + 1e-9: %zu differences, the first in %s", rates[k], found.count,
                  found.count ? found.name[0] : "nothing");
        pko_mission_free(one);
        pko_mission_free(other);
    }
    pko_mission_free(run);
    pko_scenario_free(scenario);
}

/* A rate, and the count of one day that it drives, by unit. Means stay below 32, where a count comes from one
 * uniform. */
static const struct {
    const char *parameter, *measure;
    double from, step;
} driven[] = {
    {"threat.cooperation", "plots_by_region", -0.5, 0.25},
    {"threat.posture", "plots_by_region", -0.5, 0.25},
    {"aviation.requests", "flights_requested", 0.0, 0.2},
    {"retaliation.rate", "retaliation_by_region", 0.0, 0.02},
};

Test(twins_equal, counts_of_a_day_are_monotone_in_their_rates) {
    struct pko_scenario *scenario =
        SMALL("regions.gao.threat", "[[2018-07-01, 4]]", "regions.kidal.threat", "[[2018-07-01, 4]]",
              "contingents.canada.aviation", "5", "threat.branching", "0");
    for (size_t k = 0; k < sizeof driven / sizeof *driven; k++) {
        struct pko_mission *run = mission_of(scenario, "minusma", 0);
        bool rose = false;
        for (int day = 0; day < 20; day++) {
            double before[8] = {0}, least[8] = {0}, count[8] = {0};
            int units = pko_mission_read(run, driven[k].measure, before, 8);
            cr_assert(units > 0 && units <= 8);
            for (int level = 0; level <= 10; level++) {
                struct pko_mission *m = clone_of(run);
                cr_assert_eq(pko_mission_set(m, driven[k].parameter, driven[k].from + level * driven[k].step),
                             PKO_OK);
                run_days(m, 1);
                pko_mission_read(m, driven[k].measure, count, 8);
                for (int unit = 0; unit < units; unit++) {
                    count[unit] -= before[unit];
                    cr_assert_geq(count[unit], least[unit], "%s %g: %g after %g in unit %d on day %d",
                                  driven[k].parameter, driven[k].from + level * driven[k].step, count[unit],
                                  least[unit], unit, day);
                    rose |= level > 0 && count[unit] > least[unit];
                    least[unit] = count[unit];
                }
                pko_mission_free(m);
            }
            run_days(run, 1);
        }
        cr_expect(rose, "%s moves nothing", driven[k].parameter);
        pko_mission_free(run);
    }
    pko_scenario_free(scenario);
}

/* The k-th plot of a region and day has its marks at its own address: a higher rate adds plots behind those
 * of a lower one. */
Test(twins_equal, plots_keep_their_marks) {
    struct pko_scenario *scenario =
        SMALL("regions.gao.threat", "[[2018-07-01, 10]]", "threat.branching", "0");
    struct pko_mission *low = mission_of(scenario, "silo", 0), *high = clone_of(low);
    cr_assert_eq(pko_mission_set(high, "threat.cooperation", 2), PKO_OK);
    size_t added = 0;
    for (int day = 0; day < 30; day++) {
        run_days(low, 1);
        run_days(high, 1);
        for (size_t k = 0; k < low->plots.count; k++) {
            const struct pko_plot *plot = &low->plots.item[k], *twin = NULL;
            for (size_t l = 0; l < high->plots.count && !twin; l++)
                if (high->plots.item[l].born == plot->born && high->plots.item[l].region == plot->region &&
                    high->plots.item[l].number == plot->number)
                    twin = &high->plots.item[l];
            cr_assert_not_null(twin, "plot %u of region %d and day %d is missing", plot->number, plot->region,
                               plot->born);
            cr_assert(twin->due == plot->due && twin->plot_class == plot->plot_class, "its marks differ");
        }
        added += high->plots.count - low->plots.count;
    }
    cr_expect_gt(added, 0);
    pko_mission_free(low);
    pko_mission_free(high);
    pko_scenario_free(scenario);
}

/* Requests for visits of a day, by group, rise with the members' appetite for them. */
Test(twins_equal, visits_are_monotone_in_their_rate) {
    double least[16] = {0}, count[16] = {0};
    static const char *const rates[] = {"0", "2", "5", "8", "8.1", "20", "50"};
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        struct pko_scenario *scenario =
            SMALL("sections.civil_affairs.visits", rates[k], "police.senegal_police.visits", rates[k]);
        struct pko_mission *m = mission_of(scenario, "minusma", 0);
        run_days(m, 1);
        double sum = 0, before = 0;
        for (int g = 0; g < scenario->group_count; g++) {
            count[g] = (double)m->total_visits_requested[g];
            cr_assert_geq(count[g], least[g], "group %d at rate %s", g, rates[k]);
            before += least[g];
            sum += least[g] = count[g];
        }
        cr_expect(k < 5 || sum > before, "%s requests no more than the rate before", rates[k]);
        pko_mission_free(m);
        pko_scenario_free(scenario);
    }
}

/* Correlation of two series of counts. */
static double correlation(const double *x, const double *y, int count) {
    double sum[2] = {0, 0}, xx = 0, yy = 0, xy = 0;
    for (int k = 0; k < count; k++)
        sum[0] += x[k], sum[1] += y[k];
    for (int k = 0; k < count; k++) {
        double dx = x[k] - sum[0] / count, dy = y[k] - sum[1] / count;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    return xy / sqrt(xx * yy);
}

/* The entity is part of an address: units with like rates draw their own counts, from day to day anew.
 * Unrelated series of 400 days correlate within 0.2 (four standard errors). */
Test(twins_equal, units_and_days_draw_their_own) {
    enum { LONG = 400, SERIES = 8 };
    struct pko_scenario *scenario =
        SMALL("regions.gao.threat", "[[2018-07-01, 2]]", "regions.kidal.threat", "[[2018-07-01, 1.6]]",
              "threat.branching", "0", "contingents.germany.aviation", "5", "contingents.canada.aviation",
              "5", "retaliation.rate", "0.2", "stability.attacks", "0", "operations.duty", "1");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    static double series[SERIES][LONG];
    double before[SERIES] = {0};
    for (int day = 0; day < LONG; day++) {
        run_days(m, 1);
        int jmac = scenario->group_count - 5, poc = jmac + 2, affairs = jmac + 3;
        const double total[SERIES] = {(double)m->total_plots[1],
                                      (double)m->total_plots[2],
                                      (double)m->total_retaliations[1],
                                      (double)m->total_retaliations[2],
                                      (double)m->total_visits_requested[poc],
                                      (double)m->total_visits_requested[affairs],
                                      0,
                                      0};
        for (int k = 0; k < 6; k++) {
            series[k][day] = total[k] - before[k];
            before[k] = total[k];
        }
        series[6][day] = m->flights[0] + m->denials[0]; /* germany's and canada's one detachment each */
        series[7][day] = m->flights[1] + m->denials[1];
    }
    for (int k = 0; k < SERIES; k++) {
        double own = correlation(series[k], series[k] + 1, LONG - 1);
        cr_expect_lt(fabs(own), 0.2, "series %d and its next day correlate with %.3f", k, own);
        for (int other = 0; other < k; other++) {
            double both = correlation(series[k], series[other], LONG);
            cr_expect_lt(fabs(both), 0.2, "series %d and %d correlate with %.3f", k, other, both);
        }
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

Test(twins_equal, clone_is_a_twin) {
    struct pko_scenario *scenario = SMALL("record.events", "true");
    struct pko_mission *one = mission_of(scenario, "monusco", 0);
    run_days(one, 100);
    cr_assert_eq(pko_mission_set(one, "danger.own", 0.1), PKO_OK);
    struct pko_mission *twin = clone_of(one), *other = clone_of(one);
    uint64_t hash = pko_mission_hash(one);
    /* What happens to one leaves the others as they are, also when it is gone. */
    cr_assert_eq(pko_mission_cut(other, "socialization"), PKO_OK);
    cr_assert_eq(pko_mission_set(other, "danger.own", 0.2), PKO_OK);
    run_days(other, 50);
    cr_expect(pko_mission_hash(one) == hash && pko_mission_hash(twin) == hash);
    cr_expect_null(pko_mission_change(twin, 1), "a change of a twin is listed");
    cr_expect_neq(pko_mission_hash(other), hash);
    pko_mission_free(other);
    for (int day = 100; day < 2 * DAYS; day++) {
        run_days(twin, 1);
        run_days(one, 1);
        cr_assert_eq(pko_mission_hash(one), pko_mission_hash(twin), "day %d differs", day);
    }
    cr_expect(one->ledger.incidents.count > 0 && one->ledger.incidents.count == twin->ledger.incidents.count);
    cr_expect_eq(memcmp(one->ledger.incidents.item, twin->ledger.incidents.item,
                        one->ledger.incidents.count * sizeof *one->ledger.incidents.item),
                 0);
    pko_mission_free(one);
    run_days(twin, 1);
    pko_mission_free(twin);
    pko_scenario_free(scenario);
}
