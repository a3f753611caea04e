/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What explanations ask of the core: a watcher between processes, and a plot that lapses by hand. */
#include "model/mission.h"
#include "support/small.h"

struct seen {
    int calls, days, last;
    bool in_order;
};

static void note(void *context, const struct pko_mission *mission, int process) {
    struct seen *seen = context;
    seen->in_order &= process == (seen->calls % 10) + 1;
    seen->days += process == 10;
    seen->last = pko_mission_day(mission);
    seen->calls++;
}

Test(explain_core, a_watcher_sees_each_process_in_its_order) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *mission = mission_of(scenario, "minusma", 1);
    struct seen seen = {.in_order = true};
    pko_mission_watch(mission, note, &seen);
    run_days(mission, 3);
    cr_expect(seen.in_order && seen.calls == 30 && seen.days == 3 && seen.last == 2,
              "%d calls, %d days, last on day %d", seen.calls, seen.days, seen.last);
    pko_mission_watch(mission, NULL, NULL);
    run_days(mission, 1);
    cr_expect_eq(seen.calls, 30, "nobody is called any more");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(explain_core, a_watcher_changes_nothing_and_does_not_follow_twins) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *mission = mission_of(scenario, "monusco", 0), *plain = clone_of(mission);
    struct seen seen = {.in_order = true};
    pko_mission_watch(mission, note, &seen);
    struct pko_mission *twin = clone_of(mission);
    cr_expect_eq(pko_mission_hash(twin), pko_mission_hash(mission));
    run_days(twin, 5);
    cr_expect_eq(seen.calls, 0, "a twin is not watched");
    run_days(mission, 5);
    run_days(plain, 5);
    cr_expect_eq(pko_mission_hash(mission), pko_mission_hash(plain));
    void *bytes[2] = {NULL, NULL};
    size_t size[2] = {0, 0};
    cr_assert_eq(pko_mission_save(mission, &bytes[0], &size[0]), PKO_OK);
    cr_assert_eq(pko_mission_save(plain, &bytes[1], &size[1]), PKO_OK);
    cr_expect(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0, "saved alike");
    free(bytes[0]);
    free(bytes[1]);
    pko_mission_free(mission);
    pko_mission_free(plain);
    pko_mission_free(twin);
    pko_scenario_free(scenario);
}

/* A mission on the morning of a day on which the first plot due finds a target. */
static struct pko_mission *before_a_strike(const struct pko_scenario *scenario, struct pko_plot_key *key) {
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    for (int day = 0; day < 400; day++) {
        struct pko_mission *morning = clone_of(mission);
        size_t before = morning->ledger.incidents.count;
        run_days(mission, 1);
        for (size_t k = 0; k < morning->plots.count; k++)
            if (morning->plots.item[k].due == morning->day && mission->ledger.incidents.count == before + 1) {
                *key = pko_plot_key_of(&morning->plots.item[k]);
                pko_mission_free(mission);
                return morning;
            }
        pko_mission_free(morning);
    }
    cr_assert_fail("no strike in 400 days");
    return NULL;
}

Test(explain_core, a_plot_lapses_by_hand_and_nothing_else_changes_before) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "record.events", "true");
    struct pko_plot_key key;
    struct pko_mission *mission = before_a_strike(scenario, &key), *twin = clone_of(mission);
    twin->lapses = key;
    cr_expect_neq(pko_mission_hash(twin), pko_mission_hash(mission),
                  "a plot that lapses is part of the state");
    size_t strikes = mission->ledger.incidents.count;
    run_days(mission, 1);
    run_days(twin, 1);
    cr_expect_eq(mission->ledger.incidents.count, strikes + 1);
    cr_expect_eq(twin->ledger.incidents.count, strikes, "it did not strike");
    size_t r = (size_t)key.region;
    cr_expect_eq(twin->total_lapsed[r], mission->total_lapsed[r] + 1);
    cr_expect_eq(twin->total_plots[r], mission->total_plots[r]);
    cr_expect_eq(twin->strikes_today[r] + 1, mission->strikes_today[r], "and it excites nothing");
    /* The state without that key: the same as a twin that had none, had the plot found no target. */
    twin->lapses.born = -1;
    cr_expect_neq(pko_mission_hash(twin), pko_mission_hash(mission));
    pko_mission_free(mission);
    pko_mission_free(twin);
    pko_scenario_free(scenario);
}

Test(explain_core, the_plot_that_lapses_is_saved_and_loaded) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "record.events", "true");
    struct pko_plot_key key;
    struct pko_mission *mission = before_a_strike(scenario, &key), *loaded = NULL;
    void *bytes = NULL;
    size_t plain = 0, size = 0;
    cr_assert_eq(pko_mission_save(mission, &bytes, &plain), PKO_OK);
    free(bytes);
    mission->lapses = key;
    cr_assert_eq(pko_mission_save(mission, &bytes, &size), PKO_OK);
    cr_expect_eq(size, plain + sizeof key, "it takes room only where it is set");
    cr_assert_eq(pko_mission_load(scenario, bytes, size, &loaded), PKO_OK);
    cr_expect_eq(pko_mission_hash(loaded), pko_mission_hash(mission));
    run_days(mission, 30);
    run_days(loaded, 30);
    cr_expect_eq(pko_mission_hash(loaded), pko_mission_hash(mission));
    free(bytes);
    pko_mission_free(mission);
    pko_mission_free(loaded);
    pko_scenario_free(scenario);
}
