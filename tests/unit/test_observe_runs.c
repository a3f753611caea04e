/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole run as an observer keeps it: records, snapshots, event tables, and the outcomes that go with them.
 */
#include <criterion/criterion.h>

#include <math.h>

#include "support/observed.h"

/* Sum of a series over its records and units. */
static double series_sum(const struct observed *run, const char *name) {
    size_t m = measure_number(name), size = pko_measure_size(run->scenario, pko_measure(m));
    const float *series = pko_observer_series(run->observer, m);
    double sum = 0;
    for (size_t k = 0; k < pko_record_count(run->scenario) * size; k++)
        sum += (double)series[k];
    return sum;
}

static struct pko_scenario *eventful(const char *every) {
    return SMALL("days", "400", "record.every", every, "record.events", "true", "regions.gao.threat",
                 "[[2018-07-01, 0.3]]", "regime.monusco.leak", "0.02", "record.snapshots",
                 "[2018-06-01, 2018-07-01, 2018-12-01, 2030-01-01]");
}

Test(observe_runs, outcomes_have_one_name_each) {
    struct pko_scenario *scenario = SMALL("days", "40", "scale", "0.1");
    struct observed run = observe(scenario, "minusma");
    size_t count = pko_outcome_count(run.observer);
    cr_expect_gt(count, 300);
    for (size_t k = 0; k < count; k++) {
        const char *name = pko_outcome_name(run.observer, k);
        cr_assert(name && *name);
        for (size_t other = 0; other < k; other++)
            cr_assert_str_neq(name, pko_outcome_name(run.observer, other));
    }
    cr_expect_null(pko_outcome_name(run.observer, count));
    cr_expect_null(pko_outcome_name(run.observer, SIZE_MAX));
    /* In whatever regime, and before a run as after it. */
    static const char *const regimes[] = {"monusco", "silo", "fusion", "open"};
    for (size_t r = 0; r < 4; r++) {
        struct observed other = begin(scenario, regimes[r]);
        for (int pass = 0; pass < 2; pass++) {
            cr_assert_eq(pko_outcome_count(other.observer), count);
            for (size_t k = 0; k < count; k++)
                cr_assert_str_eq(pko_outcome_name(other.observer, k), pko_outcome_name(run.observer, k));
            for (int day = 0; pass == 0 && day < 40; day++)
                observe_day(&other);
        }
        pko_observer_free(other.observer);
        pko_mission_free(other.mission);
    }
    pko_observer_free(NULL);
    end(&run);
}

/* What is counted under two names, or in parts. */
Test(observe_runs, outcomes_agree_with_one_another) {
    struct observed run = observe(eventful("7"), "monusco");
    const struct pko_scenario *scenario = run.scenario;
    static const char *const sums[][7] = {
        {"visits_requested/yr", "visits_free/yr", "visits_shared/yr", "visits_escorted/yr",
         "visits_denied/yr"},
        {"visits_denied/yr", "visits_refused/yr", "visits_without_platoon/yr"},
        {"shared/yr", "learned_secure/yr", "learned_mail/yr", "learned_hub/yr", "learned_informal/yr",
         "learned_talk/yr"},
        {"strikes/yr", "strikes_movement/yr", "strikes_camp/yr", "strikes_soft/yr", "strikes_population/yr"},
        {"strikes/yr", "strikes_bamako/yr", "strikes_gao/yr", "strikes_kidal/yr"},
        {"strikes/yr", "strikes_mission/yr", "strikes_population/yr"},
        {"strikes_mission/yr", "hits_mission/yr", "missed_base/yr", "missed_hardness/yr",
         "missed_warning/yr"},
        {"warned_mission/yr", "warned_own/yr", "warned_shared/yr"},
        {"people", "military", "police", "civilians"}};
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
        double sum = 0;
        for (size_t part = 1; part < 7 && sums[k][part]; part++)
            sum += outcome(&run, sums[k][part]);
        cr_expect(sum > 0 && fabs(sum - outcome(&run, sums[k][0])) < 1e-9 * sum, "%s is %g, its parts %g",
                  sums[k][0], outcome(&run, sums[k][0]), sum);
    }
    double deaths = 0, wounded = 0, of_groups = 0,
           of_years = outcome(&run, "deaths 2018") + outcome(&run, "deaths 2019");
    double strikes =
        outcome(&run, "strikes on the mission 2018") + outcome(&run, "strikes on the mission 2019");
    for (int bloc = 0; bloc < PKO_BLOCS; bloc++) {
        deaths += outcome_of(&run, "deaths_%s/yr", pko_bloc_name((enum pko_bloc)bloc));
        wounded += outcome_of(&run, "wounded_%s/yr", pko_bloc_name((enum pko_bloc)bloc));
    }
    for (int g = 0; g < scenario->group_count; g++)
        of_groups += outcome_of(&run, "deaths of %s", scenario->groups[g].name);
    double all = outcome(&run, "deaths/yr") * years(&run);
    cr_expect_gt(all, 0.0);
    cr_expect_float_eq(deaths * years(&run), all, 1e-9);
    cr_expect_float_eq(of_groups, all, 1e-9);
    cr_expect_float_eq(of_years, all, 1e-9);
    cr_expect_float_eq(wounded, outcome(&run, "wounded/yr"), 1e-9);
    cr_expect_float_eq(strikes, outcome(&run, "strikes_mission/yr") * years(&run), 1e-9);
    end(&run);
}

/* Ratios are of totals over the run. */
Test(observe_runs, ratios_are_of_totals) {
    struct observed run = observe(eventful("7"), "monusco");
    const struct pko_mission *m = run.mission;
    double known = 0, targeted = 0, african[2] = {0, 0}, deaths = 0, person_years = 0;
    for (size_t g = 0; g < m->extent.G; g++) {
        bool is_african = run.scenario->groups[g].bloc == PKO_AFRICAN;
        known += (double)m->total_known[g];
        targeted += (double)m->total_targeted[g];
        african[0] += is_african ? (double)m->total_known[g] : 0;
        african[1] += is_african ? (double)m->total_targeted[g] : 0;
        deaths += (double)m->total_deaths[g];
        person_years +=
            (double)m->group_people[g] * run.scenario->days / 365.25; /* nobody comes or goes in `small` */
    }
    cr_expect_float_eq(outcome(&run, "access"), known / targeted, 1e-12);
    cr_expect_float_eq(outcome(&run, "access_african"), african[0] / african[1], 1e-12);
    cr_expect_float_eq(outcome(&run, "deaths_per_1000/yr"), 1000 * deaths / person_years, 1e-9);
    static const char *const ratio[][3] = {{"duplication", "duplicated/yr", "collected/yr"},
                                           {"restricted_share", "restricted/yr", "collected/yr"},
                                           {"warned_share", "warned_mission/yr", "strikes_mission/yr"},
                                           {"hit_share", "hits_mission/yr", "strikes_mission/yr"},
                                           {"warned_by_own_share", "warned_own/yr", "warned_mission/yr"},
                                           {"wounded_per_death", "wounded/yr", "deaths/yr"},
                                           {"denied_share", "visits_denied/yr", "visits_requested/yr"},
                                           {"shared_ride_share", "visits_shared/yr", "visits_requested/yr"},
                                           {"free_share", "visits_free/yr", "visits_requested/yr"}};
    for (size_t k = 0; k < sizeof ratio / sizeof *ratio; k++)
        cr_expect_float_eq(outcome(&run, ratio[k][0]),
                           outcome(&run, ratio[k][1]) / outcome(&run, ratio[k][2]), 1e-12, "%s", ratio[k][0]);
    double escorted = outcome(&run, "visits_escorted/yr"), denied = outcome(&run, "visits_denied/yr");
    cr_expect_float_eq(outcome(&run, "accepted_share"),
                       escorted / (escorted + outcome(&run, "visits_refused/yr")), 1e-12);
    cr_expect_float_eq(outcome(&run, "denied_share_of_escort_needed"),
                       denied / (outcome(&run, "visits_requested/yr") - outcome(&run, "visits_free/yr")),
                       1e-12);

    /* Σ(2k − n − 1)v_k/(nΣv) is the mean difference of all pairs over twice the mean. */
    double share[8], sum = 0, apart = 0;
    int n = 0;
    for (int g = 0; g < run.scenario->group_count; g++)
        if (run.scenario->groups[g].kind == PKO_CONTINGENT && m->total_targeted[g] > 0)
            share[n++] = (double)m->total_known[g] / (double)m->total_targeted[g];
    for (int k = 0; k < n; k++) {
        sum += share[k];
        for (int l = 0; l < n; l++)
            apart += fabs(share[k] - share[l]);
    }
    cr_expect_float_eq(outcome(&run, "access_gini"), apart / (2 * n * sum), 1e-12);
    end(&run);
}

/* With a record every day a series is the whole run: counts add up to their totals, states average to their
 * means. */
Test(observe_runs, series_and_outcomes_agree) {
    static const char *const counts[][2] = {{"plots_by_region", "plots/yr"},
                                            {"lapsed_by_region", "lapsed/yr"},
                                            {"strikes_by_region", "strikes/yr"},
                                            {"hits_by_class", "hits/yr"},
                                            {"warned_by_class", "warned/yr"},
                                            {"deaths_by_bloc", "deaths/yr"},
                                            {"wounded", "wounded/yr"},
                                            {"collected", "collected/yr"},
                                            {"duplicated", "duplicated/yr"},
                                            {"restricted", "restricted/yr"},
                                            {"shared", "shared/yr"},
                                            {"leaked_by_region", "leaked/yr"},
                                            {"withheld", "withheld/yr"},
                                            {"visits_free", "visits_free/yr"},
                                            {"projects_by_region", "projects/yr"},
                                            {"rides", "rides/yr"},
                                            {"flights_denied", "flights_denied/yr"},
                                            {"retaliation_by_region", "retaliation/yr"},
                                            {"civilians_killed_by_region", "civilians_killed/yr"}};
    static const char *const states[][2] = {{"danger", "d"},
                                            {"reinforcement", "a"},
                                            {"resistance", "b"},
                                            {"cross_trust", "x"},
                                            {"posture", "posture"},
                                            {"voice", "voice"},
                                            {"othering_gap", "othering_gap"},
                                            {"sd_resistance", "sd_b"}};
    static const char *const every[] = {"1", "7", "400"};
    for (size_t e = 0; e < 3; e++) {
        struct observed run = observe(eventful(every[e]), "monusco");
        size_t records = pko_record_count(run.scenario);
        cr_expect_eq(records, e == 0 ? 400 : e == 1 ? 58 : 1);
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            double total = 0, value[64] = {0}, recorded = series_sum(&run, counts[k][0]);
            int size = pko_mission_read(run.mission, counts[k][0], value, 64);
            for (int unit = 0; unit < size; unit++)
                total += value[unit];
            cr_expect_float_eq(outcome(&run, counts[k][1]) * years(&run), total, 1e-6, "%s", counts[k][1]);
            cr_expect(e == 0 ? recorded == total : recorded <= total, "%s: %g in the series of %g",
                      counts[k][0], recorded, total);
        }
        for (size_t k = 0; k < sizeof states / sizeof *states; k++)
            cr_expect_float_eq(series_sum(&run, states[k][0]) / (double)records, outcome(&run, states[k][1]),
                               1e-6, "%s", states[k][0]);
        end(&run);
    }
}

/* Records on days 0, 3, 6 …: states as they are that evening, counts since the record before. */
Test(observe_runs, records_are_what_is_read) {
    struct observed run = begin(SMALL("days", "50", "record.every", "3", "scale", "0.2"), "monusco");
    static double before[20000], value[20000];
    memset(before, 0, sizeof before);
    size_t record = 0;
    for (int day = 0; day < 50; day++) {
        observe_day(&run);
        if (day % 3 != 0)
            continue;
        size_t at = 0;
        for (size_t k = 0; pko_measure(k); k++) {
            const struct pko_measure *measure = pko_measure(k);
            size_t size = pko_measure_size(run.scenario, measure);
            const float *series = pko_observer_series(run.observer, k) + record * size;
            cr_assert_leq(at + size, 20000);
            pko_mission_read(run.mission, measure->name, value + at, size);
            for (size_t unit = 0; unit < size; unit++, at++) {
                double expected = measure->count ? value[at] - before[at] : value[at];
                bool skipped =
                    strcmp(measure->name, "quantiles") == 0 && day % 30 != 0; /* at most every 28 days */
                cr_assert(
                    skipped ? isnan(series[unit])
                            : series[unit] == (float)expected || (isnan(series[unit]) && isnan(expected)),
                    "%s on day %d: %g recorded, %g read", measure->name, day, (double)series[unit], expected);
                before[at] = value[at];
            }
        }
        record++;
    }
    cr_expect_eq(record, pko_record_count(run.scenario));
    end(&run);
}

Test(observe_runs, series_by_group_can_be_left_out) {
    struct observed run = observe(SMALL("days", "20", "record.groups", "false", "scale", "0.1"), "minusma");
    for (size_t k = 0; pko_measure(k); k++)
        cr_expect_eq(pko_observer_series(run.observer, k) == NULL, pko_measure(k)->by_group, "%s",
                     pko_measure(k)->name);
    cr_expect(isfinite(outcome(&run, "d of chad")), "outcomes by group are there all the same");
    size_t count = 1;
    cr_expect_null(pko_observer_incidents(run.observer, &count));
    cr_expect_eq(count, 0);
    end(&run);
}

/* Riders and others are compared on records after day 60, once some have had the time to ride. */
Test(observe_runs, riders_from_day_60) {
    struct observed early = observe(SMALL("days", "61"), "minusma");
    cr_expect(isnan(outcome(&early, "x_riders")) && isnan(outcome(&early, "a_nonriders")));
    end(&early);
    struct observed run = begin(SMALL("days", "64", "record.every", "1"), "minusma");
    double sum[2] = {0, 0}, detachments = 0;
    for (int day = 0; day < 64; day++) {
        observe_day(&run);
        const struct pko_mission *m = run.mission;
        for (uint32_t k = 0; day > 60 && k < m->layers_present; k++) {
            int j = m->order[k];
            double mean[2] = {0, 0}, count[2] = {0, 0};
            for (uint32_t i = m->layer_first[j]; i < m->layer_first[j] + m->layer_people[j]; i++) {
                int kind = m->traits[i] & PKO_TRAIT_RIDER ? 0 : 1;
                mean[kind] += (double)m->cross_trust[i];
                count[kind]++;
            }
            if (pko_group_of(m, j)->kind != PKO_SECTION || count[0] == 0 || count[1] == 0)
                continue;
            sum[0] += mean[0] / count[0];
            sum[1] += mean[1] / count[1];
            detachments++;
        }
    }
    take_outcomes(&run);
    cr_assert_gt(detachments, 0);
    cr_expect_float_eq(outcome(&run, "x_riders"), sum[0] / detachments, 1e-9);
    cr_expect_float_eq(outcome(&run, "x_nonriders"), sum[1] / detachments, 1e-9);
    end(&run);
}

static void expect_same_series(const struct observed *one, const struct observed *other) {
    for (size_t m = 0; pko_measure(m); m++) {
        size_t size = pko_record_count(one->scenario) * pko_measure_size(one->scenario, pko_measure(m));
        cr_assert_arr_eq(pko_observer_series(one->observer, m), pko_observer_series(other->observer, m),
                         size * sizeof(float), "%s", pko_measure(m)->name);
    }
}

Test(observe_runs, an_observer_used_again_forgets_the_run_before) {
    struct pko_scenario *scenario = eventful("7");
    size_t groups = (size_t)scenario->group_count;
    struct observed fresh = observe(scenario, "monusco"), again = observe(scenario, "open");
    size_t count = pko_outcome_count(fresh.observer);
    double *expected = calloc(count, sizeof *expected), *found = calloc(count, sizeof *found);
    pko_mission_free(again.mission);
    cr_assert_eq(pko_mission_create(scenario, "monusco", 0, &again.mission), PKO_OK);
    cr_assert_eq(pko_observer_start(again.observer, again.mission), PKO_OK);
    for (int day = 0; day < scenario->days; day++)
        observe_day(&again);
    cr_assert_eq(pko_mission_hash(again.mission), pko_mission_hash(fresh.mission));
    pko_outcomes(fresh.observer, expected);
    pko_outcomes(again.observer, found);
    cr_expect_arr_eq(found, expected, count * sizeof *found);
    expect_same_series(&again, &fresh);
    for (size_t k = 0; k < pko_snapshot_count(scenario); k++) {
        cr_expect_arr_eq(pko_observer_trust(again.observer, k), pko_observer_trust(fresh.observer, k),
                         groups * groups * sizeof(float));
        cr_expect_arr_eq(pko_observer_histogram(again.observer, k), pko_observer_histogram(fresh.observer, k),
                         800 * sizeof(int32_t));
    }
    free(expected);
    free(found);
    pko_observer_free(again.observer);
    pko_mission_free(again.mission);
    end(&fresh);
}
