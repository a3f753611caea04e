/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event tables and snapshots of a run. */
#include <criterion/criterion.h>

#include "support/observed.h"

static struct pko_scenario *eventful(void) {
    return SMALL("days", "300", "record.events", "true", "regions.gao.threat", "[[2018-07-01, 0.3]]",
                 "regime.monusco.leak", "0.02", "record.snapshots",
                 "[2018-06-01, 2018-07-01, 2018-12-01, 2030-01-01]");
}

static uint64_t total(const uint64_t *column, size_t count) {
    uint64_t sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += column[k];
    return sum;
}
static bool is_flag(int32_t value) {
    return value == 0 || value == 1;
}

/* One row a strike: what the rows say together is what the totals say. */
Test(observe_events, incidents) {
    struct observed run = observe(eventful(), "monusco");
    const struct pko_mission *m = run.mission;
    const struct pko_scenario *scenario = run.scenario;
    size_t count, per[4] = {0}, hits = 0, warned = 0, own = 0, missed[4] = {0}, wounded = 0, killed = 0,
                  civilians = 0;
    const struct pko_incident *row = pko_observer_incidents(run.observer, &count);
    cr_assert_eq(count, total(m->total_strikes, m->extent.R4));
    cr_assert_gt(count, 50);
    for (size_t k = 0; k < count; k++) {
        cr_assert(row[k].day >= (k ? row[k - 1].day : 0) && row[k].day < scenario->days, "row %zu: day %d", k,
                  row[k].day);
        cr_assert(row[k].region >= 0 && row[k].region < scenario->region_count);
        cr_assert(row[k].plot_class >= 0 && row[k].plot_class < PKO_PLOT_CLASSES);
        bool population = row[k].plot_class == PKO_POPULATION, camp = row[k].plot_class == PKO_CAMP;
        cr_assert_eq(row[k].group >= 0, !population && !camp);
        cr_assert_eq(row[k].camp >= 0, camp);
        cr_assert(row[k].group < scenario->group_count && row[k].camp < scenario->camp_count);
        cr_assert(row[k].plot_class != PKO_SOFT || scenario->groups[row[k].group].kind == PKO_SECTION);
        cr_assert(!camp || scenario->camps[row[k].camp].region == row[k].region);
        cr_assert(row[k].warned >= PKO_NOT_WARNED && row[k].warned <= PKO_WARNED_OWN && is_flag(row[k].hit));
        cr_assert_eq(row[k].hit == 1, row[k].missed == PKO_HIT);
        cr_assert(row[k].missed >= PKO_HIT && row[k].missed <= PKO_MISSED_WARNING);
        cr_assert(row[k].missed != PKO_MISSED_WARNING || row[k].warned != PKO_NOT_WARNED);
        cr_assert(row[k].hit ? row[k].wounded + row[k].killed > 0
                             : row[k].wounded == 0 && row[k].killed == 0);
        cr_assert(!population || row[k].wounded == 0);
        per[row[k].plot_class]++;
        hits += (size_t)row[k].hit;
        warned += row[k].warned != PKO_NOT_WARNED;
        own += row[k].warned == PKO_WARNED_OWN;
        missed[row[k].missed]++;
        wounded += (size_t)row[k].wounded;
        *(population ? &civilians : &killed) += (size_t)row[k].killed;
    }
    for (size_t kind = 0; kind < 4; kind++) {
        double by_class[4];
        pko_mission_read(m, "strikes_by_class", by_class, 4);
        cr_expect_eq((double)per[kind], by_class[kind]);
    }
    cr_expect_eq(hits, total(m->total_hits, m->extent.R4));
    cr_expect_eq(warned, total(m->total_warned, m->extent.R4));
    cr_expect_eq(own, total(m->total_warned_own, m->extent.R4));
    cr_expect_eq(missed[PKO_HIT], hits);
    cr_expect_eq(missed[PKO_MISSED_BASE], total(m->total_missed_base, m->extent.R4));
    cr_expect_eq(missed[PKO_MISSED_HARDNESS], total(m->total_missed_hardness, m->extent.R4));
    cr_expect_eq(missed[PKO_MISSED_WARNING], total(m->total_missed_warning, m->extent.R4));
    cr_expect_eq(wounded, total(m->total_wounded, m->extent.G));
    cr_expect_eq(killed, total(m->total_deaths, m->extent.G));
    cr_expect_eq(civilians, total(m->total_civilians_killed, m->extent.R));
    end(&run);
}

Test(observe_events, convoys) {
    struct observed run = observe(eventful(), "monusco");
    const struct pko_mission *m = run.mission;
    size_t count, supply = 0, dissolved = 0, seats = (size_t)m->parameters.operations_seats;
    const struct pko_convoy_event *row = pko_observer_convoys(run.observer, &count);
    cr_assert_gt(count, 50);
    for (size_t k = 0; k < count; k++) {
        cr_assert(row[k].day >= (k ? row[k - 1].day : 0) && row[k].formed >= 0 && row[k].formed < row[k].day);
        cr_assert(row[k].origin >= 0 && row[k].origin < run.scenario->camp_count);
        cr_assert_eq(row[k].region, run.scenario->camps[row[k].origin].region);
        cr_assert(is_flag(row[k].harmed) && is_flag(row[k].dissolved) && row[k].km > 0.0f);
        bool supplies = row[k].destination >= 0;
        cr_assert(supplies ? row[k].passengers == 0 : row[k].platoons == 1 && row[k].passengers > 0);
        cr_assert(row[k].platoons > 0 && (size_t)row[k].passengers <= seats);
        int32_t days =
            (supplies ? 0 : 1) + (int32_t)ceil((double)row[k].km / m->parameters.operations_km_per_day);
        cr_assert(row[k].dissolved || row[k].day == row[k].formed + days, "convoy %zu took %d days for %g km",
                  k, row[k].day - row[k].formed, (double)row[k].km);
        supply += supplies;
        dissolved += (size_t)row[k].dissolved;
    }
    for (size_t k = 0; k < m->convoys.count; k++) /* still on the road */
        supply += m->convoys.item[k].destination >= 0;
    cr_expect_eq(supply, m->total_mission[PKO_TOTAL_SUPPLY_CONVOYS]);
    cr_expect_eq(dissolved, m->total_mission[PKO_TOTAL_DISSOLVED]);
    size_t visits = (size_t)total(m->total_visits_escorted, m->extent.G);
    cr_expect_eq(count + m->convoys.count, visits + supply);
    end(&run);
}

Test(observe_events, leaks_and_retaliations) {
    struct observed run = observe(eventful(), "monusco");
    const struct pko_mission *m = run.mission;
    size_t leaks, count, human = 0, by_leak = 0, all = 0;
    const struct pko_leak_event *leak = pko_observer_leaks(run.observer, &leaks);
    cr_assert_gt(leaks, 5);
    for (size_t k = 0; k < leaks; k++) {
        cr_assert(leak[k].day >= (k ? leak[k - 1].day : 0) && leak[k].region >= 0 &&
                  leak[k].region < run.scenario->region_count);
        cr_assert(leak[k].learner >= 0 && leak[k].learner < run.scenario->group_count);
        cr_assert(leak[k].plot_class >= 0 && leak[k].plot_class < PKO_PLOT_CLASSES);
        cr_assert(is_flag(leak[k].secure) && is_flag(leak[k].human));
        cr_assert(!leak[k].secure || run.scenario->groups[leak[k].learner].secure);
        human += (size_t)leak[k].human;
    }
    cr_expect_eq(leaks, total(m->total_leaked, m->extent.R));
    const struct pko_retaliation_event *row = pko_observer_retaliations(run.observer, &count);
    cr_assert_gt(count, 5);
    for (size_t k = 0; k < count; k++) {
        cr_assert(row[k].day >= (k ? row[k - 1].day : 0) && row[k].number > 0 && is_flag(row[k].by_leak));
        by_leak += row[k].by_leak ? (size_t)row[k].number : 0;
        all += (size_t)row[k].number;
    }
    cr_expect_eq(all, total(m->total_retaliations, m->extent.R));
    cr_expect_eq(by_leak, total(m->total_leak_retaliations, m->extent.R));
    cr_expect_eq(by_leak, human, "each leak of a human-sourced plot brings one retaliation");
    end(&run);
}

/* Those inside the run, in order: trust between groups that are there, and everyone in a bin of the two
 * ledgers. */
Test(observe_events, snapshots) {
    struct pko_scenario *scenario = eventful();
    cr_assert_eq(pko_snapshot_count(scenario), 2);
    cr_expect_eq(pko_snapshot_day(scenario, 0), 0);
    cr_expect_eq(pko_snapshot_day(scenario, 1), 153);
    cr_expect_eq(pko_snapshot_day(scenario, 2), -1);
    struct observed run = begin(scenario, "minusma");
    size_t groups = run.mission->extent.G, snapshot = 0;
    for (int day = 0; day < scenario->days; day++) {
        observe_day(&run);
        if (snapshot == 2 || day != pko_snapshot_day(scenario, snapshot))
            continue;
        const float *trust = pko_observer_trust(run.observer, snapshot);
        const int32_t *people = pko_observer_histogram(run.observer, snapshot);
        for (size_t g = 0; g < groups; g++)
            for (size_t h = 0; h < groups; h++)
                cr_expect(g == h ? isnan(trust[g * groups + h])
                                 : trust[g * groups + h] ==
                                       (float)run.mission->trust[g * run.mission->trust_stride + h]);
        uint32_t count[2][20][20] = {{{0}}};
        for (uint32_t i = 0; i < run.mission->people; i++) {
            int category = run.mission->traits[i] & PKO_TRAIT_UNIFORMED ? 0 : 1;
            int a = (int)(run.mission->reinforcement[i] * 20), b = (int)(run.mission->resistance[i] * 20);
            count[category][a > 19 ? 19 : a][b > 19 ? 19 : b]++;
        }
        for (int k = 0; k < 800; k++)
            cr_assert_eq((uint32_t)people[k], count[k / 400][k / 20 % 20][k % 20], "cell %d", k);
        snapshot++;
    }
    cr_expect_eq(snapshot, 2);
    end(&run);
}
