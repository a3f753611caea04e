/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of plots is what the mission did: collection and learnings drawn again by the pure functions
 * lead to every plot's copies and to the day's counts, and the life of each strike agrees with the table of
 * incidents. */
#include "experiment/plot_life.h"
#include "support/small.h"

struct again {
    PKO_LIST(struct pko_plot) before; /* as they stood after process 3 */
    uint64_t collected, duplicated, restricted, learned[PKO_CHANNELS],
        shared; /* drawn again since the start */
    int failure;
};

static uint64_t sum(const uint64_t *column, size_t count) {
    uint64_t all = 0;
    for (size_t k = 0; k < count; k++)
        all += column[k];
    return all;
}

static void draw_again(struct again *again, const struct pko_mission *mission,
                       struct pko_collectors *collectors, struct pko_plot *plot) {
    struct pko_collection collection[PKO_COLLECTIONS_MOST];
    struct pko_learning learning[PKO_GROUPS_MOST];
    size_t count = pko_plot_collections(mission, plot, collectors, collection);
    for (size_t k = 0; k < count; k++) {
        bool others = !pko_groups_empty(&plot->knows);
        bool taken = pko_plot_take(plot, &collection[k]);
        again->collected += taken;
        again->duplicated += taken && others;
        again->restricted += taken && collection[k].restricted;
    }
    count = pko_plot_learnings(mission, plot, learning);
    struct pko_plot after = *plot;
    bool leak = false;
    for (size_t k = 0; k < count; k++) {
        cr_assert(learning[k].sharer >= 0 && pko_groups_has(&plot->knows, learning[k].sharer),
                  "who shares holds a copy");
        cr_assert_gt(mission->group_people[learning[k].sharer], 0, "who left shares no more");
        pko_groups_add(&after.knows, learning[k].group);
        if (learning[k].free)
            pko_groups_add(&after.free, learning[k].group);
        again->learned[learning[k].channel]++;
        again->shared++;
        leak |= learning[k].leaked;
    }
    *plot = after;
    if (leak)
        pko_plot_seal(mission, plot);
}

static void watch(void *context, const struct pko_mission *mission, int process) {
    struct again *again = context;
    if (process == 3) {
        again->before.count = 0;
        for (size_t k = 0; k < mission->plots.count; k++)
            PKO_APPEND(again, again->before, mission->plots.item[k]);
    }
    if (process != 4)
        return;
    struct pko_collectors collectors;
    pko_collectors_today(mission, &collectors);
    cr_assert_eq(again->before.count, mission->plots.count);
    for (size_t k = 0; k < again->before.count; k++) {
        struct pko_plot plot = again->before.item[k];
        draw_again(again, mission, &collectors, &plot);
        const struct pko_plot *is = &mission->plots.item[k];
        cr_assert(memcmp(&plot.knows, &is->knows, sizeof is->knows) == 0 &&
                      memcmp(&plot.free, &is->free, sizeof is->free) == 0 &&
                      memcmp(&plot.collected, &is->collected, sizeof is->collected) == 0 &&
                      plot.human_sourced == is->human_sourced && plot.sealed_until == is->sealed_until,
                  "plot %zu on day %d", k, mission->day);
    }
}

static void check_regime(const char *regime, const char *cut) {
    struct pko_scenario *scenario = SMALL("scale", "0.2");
    struct pko_mission *mission = mission_of(scenario, regime, 0);
    struct again again = {.failure = PKO_OK};
    pko_mission_watch(mission, watch, &again);
    run_days(mission, 150);
    if (cut)
        cr_assert_eq(pko_mission_cut(mission, cut), PKO_OK);
    run_days(mission, 150);
    size_t groups = mission->extent.G;
    cr_expect_eq(again.collected, sum(mission->total_collected, groups));
    cr_expect_eq(again.duplicated, sum(mission->total_duplicated, groups));
    cr_expect_eq(again.restricted, sum(mission->total_restricted, groups));
    cr_expect_eq(again.shared, mission->total_mission[PKO_TOTAL_SHARED]);
    for (int channel = 0; channel < PKO_CHANNELS; channel++)
        cr_expect_eq(again.learned[channel], mission->total_learned[channel], "channel %d", channel);
    cr_expect_gt(again.collected, 50);
    free(again.before.item);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(explain_plots, are_known_again_as_they_were_under_every_regime) {
    check_regime("minusma", NULL);
    check_regime("monusco", NULL);
    check_regime("silo", NULL);
    check_regime("fusion", NULL);
    check_regime("open", NULL);
}

Test(explain_plots, are_known_again_with_arrows_cut) {
    check_regime("open", "sharing_to_warning");
    check_regime("minusma", "tips_to_warning");
    check_regime("monusco", "trust_to_sharing");
    check_regime("minusma", "reinforcement_to_classification");
}

/* Ten years of MINUSMA: groups leave while plots that they know of live on. */
Test(explain_plots, come_from_nobody_who_has_left) {
    struct pko_scenario *scenario = scenario_of("minusma", (const char *const[]){"scale", "0.2", NULL});
    struct pko_mission *mission = mission_of(scenario, "open", 0);
    struct again again = {.failure = PKO_OK};
    size_t left = 0;
    pko_mission_watch(mission, watch, &again);
    run_days(mission, scenario->days);
    for (size_t g = 0; g < mission->extent.G; g++)
        left += mission->group_people[g] == 0;
    cr_expect_gt(left, 3);
    cr_expect_gt(again.shared, 1000);
    free(again.before.item);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* --- The life of each strike --- */

static void see(void *context, const struct pko_mission *mission, int process) {
    pko_life_watch_see(context, mission, process);
}

static void check_copies(const struct pko_life *life) {
    for (int g = 0; g < PKO_GROUPS_MOST; g++) {
        const struct pko_life_event *came = pko_life_came_by(life, g);
        cr_assert_eq(came != NULL, pko_groups_has(&life->plot.knows, g), "group %d", g);
        cr_assert(!came || came->kind == PKO_LIFE_COLLECTED || came->kind == PKO_LIFE_LEARNED);
        if (came && came->kind == PKO_LIFE_COLLECTED)
            cr_assert(pko_groups_has(&life->plot.collected, g));
        if (came && came->free)
            cr_assert(pko_groups_has(&life->plot.free, g));
    }
}

static void check_life(const struct pko_life *life, const struct pko_incident *row) {
    uint32_t killed = 0, wounded = 0, at_risk = 0;
    cr_assert_eq(memcmp(&life->incident, row, sizeof *row), 0, "the strike of day %d", row->day);
    cr_assert_eq((int32_t)life->strike.missed, row->missed);
    cr_assert_eq((int32_t)life->strike.warned, row->warned);
    cr_assert_eq(life->strike.drawn < life->strike.after_warning, row->hit != 0);
    cr_assert(life->strike.after_warning <= life->strike.hardened &&
              life->strike.hardened <= life->strike.base);
    for (size_t k = 0; k < life->losses.count; k++) {
        at_risk += life->losses.item[k].at_risk;
        killed += life->losses.item[k].killed;
        wounded += life->losses.item[k].wounded;
    }
    cr_assert_eq(at_risk, life->target.people);
    if (row->plot_class != PKO_POPULATION)
        cr_assert(killed == (uint32_t)row->killed && wounded == (uint32_t)row->wounded);
    for (size_t k = 0; k < life->trust.count; k++) {
        int32_t kind = life->trust.item[k].kind;
        cr_assert(kind == PKO_TRUST_WARNING ? row->warned != 0 : row->hit && !row->warned);
    }
    check_copies(life);
}

Test(explain_plots, the_life_of_each_strike_agrees_with_the_table) {
    struct pko_scenario *scenario = SMALL("scale", "0.2", "record.events", "true", "threat.branching", "0.8",
                                          "regime.monusco.leak", "0.02");
    struct pko_mission *whole = mission_of(scenario, "monusco", 3);
    run_days(whole, 250);
    uint64_t hash = pko_mission_hash(whole);
    size_t learned = 0, leaked = 0, freed = 0, hits = 0, same_day = 0;
    cr_assert_gt(whole->ledger.incidents.count, 100);
    for (size_t n = 0; n < whole->ledger.incidents.count; n += 3) {
        const struct pko_incident *row = &whole->ledger.incidents.item[n];
        struct pko_life_wanted wanted = {row->day, row->region, row->plot_class, n};
        struct pko_life_watch life;
        struct pko_mission *mission = mission_of(scenario, "monusco", 3);
        pko_life_watch_begin(&life, &wanted);
        pko_mission_watch(mission, see, &life);
        run_days(mission, row->day + 1);
        cr_assert(life.failure == PKO_OK && life.found, "incident %zu was not found again", n);
        check_life(life.found, row);
        for (size_t k = 0; k < life.found->events.count; k++) {
            learned += life.found->events.item[k].kind == PKO_LIFE_LEARNED;
            leaked += life.found->events.item[k].kind == PKO_LIFE_LEAKED;
            freed += life.found->events.item[k].kind == PKO_LIFE_FREED;
        }
        hits += row->hit != 0;
        same_day += n > 0 && row[-1].day == row->day;
        if (n == 0) {
            run_days(mission, 250 - pko_mission_day(mission));
            cr_expect_eq(pko_mission_hash(mission), hash, "watching changes nothing");
        }
        pko_life_watch_free(&life);
        pko_mission_free(mission);
    }
    cr_expect(learned > 100 && leaked > 0 && freed > 0 && hits > 10 && same_day > 5, "%zu %zu %zu %zu %zu",
              learned, leaked, freed, hits, same_day);
    pko_mission_free(whole);
    pko_scenario_free(scenario);
}

Test(explain_plots, a_strike_that_never_came_is_not_found) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "record.events", "true");
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    struct pko_life_watch life;
    struct pko_life_wanted wanted = {50, 1, PKO_CAMP, 100000};
    pko_life_watch_begin(&life, &wanted);
    pko_mission_watch(mission, see, &life);
    run_days(mission, 60);
    cr_expect(!life.found && life.failure == PKO_ERROR_INPUT);
    pko_life_watch_free(&life);
    pko_life_watch_free(&life);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}
