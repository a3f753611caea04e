/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrows whose source is an event (ODD section 4): cut, it no longer happens as far as the target is
 * concerned. */
#include <criterion/criterion.h>

#include <math.h>

#include "model/cuts.h"
#include "support/small.h"

#define CUT_FROM 60
#define UNTIL    260

static double read_sum(const struct pko_mission *mission, const char *measure) {
    double value[64] = {0}, sum = 0;
    int size = pko_mission_read(mission, measure, value, 64);
    cr_assert(size > 0 && size <= 64, "%s: %d", measure, size);
    for (int k = 0; k < size; k++)
        sum += value[k];
    return sum;
}

/* Counts that stand still from the cut on, and move in the uncut twin. */
static const struct {
    const char *arrow, *count;
} stopped[] = {
    {"sharing_to_warning", "shared"},
    {"sharing_to_warning", "learned_by_channel"},
    {"sharing_to_warning", "leaked_by_region"},
    {"withholding_to_trust", "withheld"},
    {"blame_to_trust", "blamed"},
    {"leaks_to_retaliation", "retaliation_leaks_by_region"},
};

Test(engine_cut_events, counts_stop) {
    struct pko_scenario *scenario = SMALL("regime.minusma.leak", "0.05", "collect.tips", "1",
                                          "regions.gao.threat", "[[2018-07-01, 0.5]]");
    struct pko_mission *uncut = mission_of(scenario, "minusma", 0);
    run_days(uncut, CUT_FROM);
    for (size_t k = 0; k < sizeof stopped / sizeof *stopped; k++) {
        struct pko_mission *live = clone_of(uncut), *cut = clone_of(uncut);
        cr_assert_eq(pko_mission_cut(cut, stopped[k].arrow), PKO_OK);
        double before = read_sum(uncut, stopped[k].count);
        run_days(cut, UNTIL - CUT_FROM);
        run_days(live, UNTIL - CUT_FROM);
        cr_expect_eq(read_sum(cut, stopped[k].count), before, "%s cut: %s goes on", stopped[k].arrow,
                     stopped[k].count);
        cr_expect_gt(read_sum(live, stopped[k].count), before, "%s stands still in the uncut twin",
                     stopped[k].count);
        pko_mission_free(live);
        pko_mission_free(cut);
    }
    pko_mission_free(uncut);
    pko_scenario_free(scenario);
}

/* Retaliations from patrols stop, those from leaks go on; hits are no longer prevented by warnings. */
Test(engine_cut_events, only_their_own_kind_stops) {
    struct pko_scenario *scenario = SMALL("regime.minusma.leak", "0.05", "collect.tips", "1",
                                          "regions.gao.threat", "[[2018-07-01, 0.5]]");
    struct pko_mission *cut = mission_of(scenario, "minusma", 0);
    run_days(cut, CUT_FROM);
    cr_assert_eq(pko_mission_cut(cut, "contact_to_retaliation"), PKO_OK);
    cr_assert_eq(pko_mission_cut(cut, "warning_to_hits"), PKO_OK);
    double all = read_sum(cut, "retaliation_by_region"), leaks = read_sum(cut, "retaliation_leaks_by_region");
    uint64_t missed = 0, warned = 0, missed_before = 0, warned_before = 0;
    for (size_t k = 0; k < cut->extent.R4; k++)
        missed_before += cut->total_missed_warning[k], warned_before += cut->total_warned[k];
    run_days(cut, UNTIL - CUT_FROM);
    double from_leaks = read_sum(cut, "retaliation_leaks_by_region") - leaks;
    cr_expect_gt(from_leaks, 0.0);
    cr_expect_eq(read_sum(cut, "retaliation_by_region") - all, from_leaks);
    for (size_t k = 0; k < cut->extent.R4; k++)
        missed += cut->total_missed_warning[k], warned += cut->total_warned[k];
    cr_expect_gt(warned, warned_before, "nobody was warned");
    cr_expect_eq(missed, missed_before);
    pko_mission_free(cut);
    pko_scenario_free(scenario);
}

/* No tip on any plot; V = 1 everywhere; every group classifies by the rule alone; R stays at renewals. */
Test(engine_cut_events, values_of_the_day) {
    struct pko_scenario *scenario = SMALL("mandate.mode", "endogenous", "collect.tips", "1");
    struct pko_mission *uncut = mission_of(scenario, "minusma", 0);
    run_days(uncut, 350);
    struct pko_mission *cut = clone_of(uncut);
    static const char *const arrows[] = {"tips_to_warning", "background_to_voice",
                                         "reinforcement_to_classification", "deaths_to_mandate"};
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(pko_mission_cut(cut, arrows[k]), PKO_OK);
    int32_t from = cut->day;
    double robustness = cut->robustness;
    unsigned tips[2] = {0, 0};
    bool muted = false;
    for (int day = from; day < from + 60; day++) {
        run_days(uncut, 1);
        run_days(cut, 1);
        for (size_t k = 0; k < cut->plots.count; k++)
            tips[0] += cut->plots.item[k].born >= from && cut->plots.item[k].human_sourced;
        for (size_t k = 0; k < uncut->plots.count; k++)
            tips[1] += uncut->plots.item[k].born >= from && uncut->plots.item[k].human_sourced;
        for (uint32_t k = 0; k < cut->layers_present; k++) {
            cr_assert_eq(cut->voice[cut->order[k]], 1.0);
            muted |= uncut->voice[cut->order[k]] < 1.0;
        }
        for (int g = 0; g < scenario->group_count; g++)
            if (scenario->groups[g].secure)
                cr_assert_float_eq(cut->classification[g], cut->parameters.regime_classification, 1e-14);
        cr_assert_eq(cut->robustness, robustness);
    }
    cr_expect(tips[0] == 0 && tips[1] > 0, "%u tips cut, %u uncut", tips[0], tips[1]);
    cr_expect(muted);
    cr_expect_neq(uncut->robustness, robustness, "the renewal of day 365 changed nothing");
    pko_mission_free(cut);
    pko_mission_free(uncut);
    pko_scenario_free(scenario);
}

/* f ← f·e^(−1/fear_days), then community hits only, once retaliation raises no fear. */
Test(engine_cut_events, fear_from_communities_only) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *cut = mission_of(scenario, "minusma", 0);
    run_days(cut, CUT_FROM);
    cr_assert_eq(pko_mission_cut(cut, "retaliation_to_fear"), PKO_OK);
    uint32_t retaliations = 0, hits = 0;
    for (int day = CUT_FROM; day < UNTIL; day++) {
        double was[3];
        memcpy(was, cut->fear, sizeof was);
        run_days(cut, 1);
        for (int r = 0; r < 3; r++) {
            double fear = was[r] * exp(-1.0 / cut->parameters.population_fear_days);
            for (uint32_t k = 0; k < cut->community_hits_today[r]; k++)
                fear += cut->parameters.population_fear * (1.0 - fear);
            cr_assert_float_eq(cut->fear[r], fear, 1e-14, "region %d on day %d", r, day);
            retaliations += cut->retaliations_today[r];
            hits += cut->community_hits_today[r];
        }
    }
    cr_expect(retaliations > 0 && hits > 0);
    pko_mission_free(cut);
    pko_scenario_free(scenario);
}

/* v_j and φ_j (6.7) with the terms of projects, flights, denials and procedures, or without them. */
Test(engine_cut_events, valorization_and_frustration) {
    struct pko_scenario *scenario = SMALL("sections.civil_affairs.visits", "30", "friction.denial", "0.1");
    static const char *const arrows[] = {NULL, "projects_to_valorization", "flights_to_valorization",
                                         "denials_to_frustration", "bureaucracy_to_frustration"};
    for (size_t which = 0; which < 5; which++) {
        struct pko_mission *m = mission_of(scenario, "minusma", 0);
        const struct pko_parameters *p = &m->parameters;
        run_days(m, CUT_FROM);
        cr_assert(which == 0 || pko_mission_cut(m, arrows[which]) == PKO_OK);
        double projects = which != 1, flights = which != 2, denials = which != 3, bureaucracy = which != 4;
        double e = exp(-1.0 / p->friction_memory_days);
        uint32_t seen[3] = {0, 0, 0};
        for (int day = CUT_FROM; day < CUT_FROM + 60; day++) {
            double was[64];
            cr_assert_leq(m->extent.L, 64);
            memcpy(was, m->frustration, m->extent.L * sizeof *was);
            run_days(m, 1);
            for (uint32_t k = 0; k < m->layers_present; k++) {
                int j = m->order[k];
                const struct pko_group *group = pko_group_of(m, j);
                double per_head = 100.0 / m->layer_people[j];
                double v = projects * p->ledger_project_value * per_head * m->project_days[j] +
                           flights * p->ledger_flight_value * per_head * m->flights[j] +
                           (1 - m->posture[j]) * group->patrol;
                double phi = was[j] * e + denials * p->friction_denial * per_head * m->denials[j];
                if (pko_is_uniformed(group))
                    phi += bureaucracy * p->friction_bureaucracy * 2 * (1 - group->un_experience) * (1 - e);
                cr_assert_float_eq(m->valorization[j], fmin(1, v), 1e-12, "v of layer %d on day %d", j, day);
                cr_assert_float_eq(m->frustration[j], fmin(1, phi), 1e-12, "φ of layer %d on day %d", j, day);
                seen[0] += m->project_days[j], seen[1] += m->flights[j], seen[2] += m->denials[j];
            }
        }
        cr_expect(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
        pko_mission_free(m);
    }
    pko_scenario_free(scenario);
}

/* Teams of the convoys that will deliver on their return on the next day: those that left on days without the
 * cut. */
static uint32_t teams_returning(const struct pko_mission *m, int cut_from, int cut_to) {
    uint32_t teams = 0;
    for (size_t k = 0; k < m->convoys.count; k++) {
        const struct pko_convoy *convoy = &m->convoys.item[k];
        bool delivered = convoy->formed >= cut_from && convoy->formed < cut_to;
        if (convoy->formed + convoy->days == m->day && !convoy->harmed && !delivered)
            teams += convoy->team_count;
    }
    return teams;
}

/* Every request delivers its project-day on its day, granted or not, to the team's detachment, and to its
 * escort's if there is one; convoys that left before deliver as ever; those that left under the cut do not
 * deliver again after it. */
Test(engine_cut_events, every_request_delivers) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    run_days(m, CUT_FROM);
    uint32_t denied_days = 0, with_escort = 0;
    for (int day = CUT_FROM; day < CUT_FROM + 120; day++) {
        bool cut = day < CUT_FROM + 60;
        if (day == CUT_FROM)
            cr_assert_eq(pko_mission_cut(m, "access_to_projects"), PKO_OK);
        if (day == CUT_FROM + 60)
            cr_assert_eq(pko_mission_restore(m, "access_to_projects"), PKO_OK);
        double requested = read_sum(m, "visits_requested"), unescorted = read_sum(m, "visits_free");
        double rides = read_sum(m, "visits_shared") + read_sum(m, "visits_escorted");
        double projects = read_sum(m, "projects_by_region");
        uint32_t returning = teams_returning(m, CUT_FROM, CUT_FROM + 60), by_teams = 0, by_escorts = 0;
        run_days(m, 1);
        requested = read_sum(m, "visits_requested") - requested;
        unescorted = read_sum(m, "visits_free") - unescorted;
        rides = read_sum(m, "visits_shared") + read_sum(m, "visits_escorted") - rides;
        projects = read_sum(m, "projects_by_region") - projects;
        double expected = returning + (cut ? requested : unescorted);
        cr_assert_eq(projects, expected, "%g projects, not %g, on day %d", projects, expected, day);
        for (int j = 0; j < scenario->layer_count; j++)
            *(pko_group_of(m, j)->kind == PKO_CONTINGENT ? &by_escorts : &by_teams) += m->project_days[j];
        cr_assert_eq((double)by_teams, projects);
        cr_assert_eq((double)by_escorts, returning + (cut ? rides : 0.0));
        denied_days += cut && requested > unescorted + rides;
        with_escort += by_escorts;
    }
    cr_expect(denied_days > 0 && with_escort > 0);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}
