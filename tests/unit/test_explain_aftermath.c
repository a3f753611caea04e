/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What followed from an incident is the difference to a twin in which its plot lapses, and nothing else. */
#include "experiment/aftermath.h"
#include "model/scenario.h"
#include "model/standing.h"
#include "support/explained.h"

static const struct pko_consequence *row_of(const struct pko_aftermath *after, enum pko_concerned who,
                                            const char *what) {
    for (size_t k = 0; k < after->count; k++)
        if (after->row[k].who == who && strcmp(after->row[k].what, what) == 0)
            return &after->row[k];
    cr_assert_fail("no row of %s", what);
    return NULL;
}

/* The incident of the table with the most killed of the mission. */
static size_t deadliest(const struct pko_mission *mission) {
    size_t best = mission->ledger.incidents.count;
    for (size_t k = 0; k < mission->ledger.incidents.count; k++) {
        const struct pko_incident *one = &mission->ledger.incidents.item[k];
        if (one->plot_class != PKO_POPULATION && one->day < 200 &&
            (best == mission->ledger.incidents.count ||
             one->killed > mission->ledger.incidents.item[best].killed))
            best = k;
    }
    cr_assert_lt(best, mission->ledger.incidents.count);
    return best;
}

static struct pko_replay *open_run(uint32_t replicate) {
    struct pko_replay *replay = NULL;
    cr_assert_eq(pko_replay_open(EXPLAINED_FILE, &replay, NULL), PKO_OK);
    cr_assert_eq(pko_replay_begin(replay, 0, replicate), PKO_OK);
    return replay;
}

static void change_danger(struct pko_mission *mission, int day) {
    if (day == 210) /* while the twins run side by side */
        cr_assert_eq(pko_mission_set(mission, "danger.base", 0.4), PKO_OK);
}

Test(explain_aftermath, is_the_difference_to_a_twin_without_the_plot) {
    struct pko_scenario *scenario =
        SMALL("scale", "0.2", "days", "280", "regimes", "minusma", "record.events", "true");
    explained_write(scenario, 0, 1, change_danger);
    struct pko_mission *mission = mission_of(scenario, "minusma", 0), *twin = NULL;
    run_days(mission, 200);
    size_t n = deadliest(mission);
    struct pko_incident incident = mission->ledger.incidents.item[n];
    pko_mission_free(mission);
    cr_assert_geq(incident.killed, 1);

    struct pko_life_wanted wanted = {incident.day, incident.region, incident.plot_class, n};
    struct pko_life_watch watch;
    struct pko_aftermath after;
    struct pko_replay *replay = open_run(0);
    cr_assert_eq(pko_aftermath_run(replay, &wanted, &watch, &after), PKO_OK);
    cr_expect_eq(memcmp(&watch.found->incident, &incident, sizeof incident), 0);
    size_t values;
    char *message = NULL;
    cr_expect_eq(pko_replay_check(replay, &values, &message), PKO_OK, "%s", message ? message : "");

    mission = mission_of(scenario, "minusma", 0);
    run_days(mission, incident.day);
    uint64_t morning = 0;
    for (size_t g = 0; g < mission->extent.G; g++)
        morning += mission->total_deaths[g];
    twin = clone_of(mission);
    twin->lapses = watch.found->key;
    size_t r = (size_t)incident.region;
    for (int day = incident.day, h = 0; day < 280 && h < PKO_HORIZONS; day++) {
        change_danger(mission, day);
        change_danger(twin, day);
        run_days(mission, 1);
        run_days(twin, 1);
        if (day != incident.day + pko_horizon[h])
            continue;
        const struct pko_consequence *danger = row_of(&after, PKO_CONCERNED_MISSION, "danger");
        const struct pko_consequence *fear = row_of(&after, PKO_CONCERNED_POPULATION, "fear");
        const struct pko_consequence *killed = row_of(&after, PKO_CONCERNED_LATER, "killed");
        cr_expect_float_eq(danger->with[h], pko_mission_mean(mission, mission->mean_danger), 1e-12);
        cr_expect_float_eq(danger->without[h], pko_mission_mean(twin, twin->mean_danger), 1e-12);
        cr_expect_float_eq(fear->without[h], twin->fear[r], 0.0);
        uint64_t deaths = 0;
        for (size_t g = 0; g < mission->extent.G; g++)
            deaths += mission->total_deaths[g];
        cr_expect_float_eq(killed->with[h], (double)(deaths - morning), 0.0);
        cr_expect_gt(danger->with[h] - danger->without[h], 0.0, "an incident frightens, day %d", day);
        h++;
    }
    /* On the evening itself nothing but this strike has come between the twins. */
    const struct pko_consequence *strikes = row_of(&after, PKO_CONCERNED_LATER, "strikes");
    const struct pko_consequence *killed = row_of(&after, PKO_CONCERNED_LATER, "killed");
    cr_expect_float_eq(strikes->with[0] - strikes->without[0], 1.0, 0.0);
    cr_expect_float_eq(killed->with[0] - killed->without[0], (double)incident.killed, 0.0);
    cr_expect_eq(after.still_there[0], watch.found->target.people - (uint32_t)incident.killed);
    const struct pko_consequence *trauma = row_of(&after, PKO_CONCERNED_AT_RISK, "trauma");
    cr_expect_gt(trauma->with[0], trauma->without[0] + 0.1, "who was at risk remembers");
    pko_life_watch_free(&watch);
    pko_replay_free(replay);
    pko_mission_free(mission);
    pko_mission_free(twin);
    pko_scenario_free(scenario);
}

Test(explain_aftermath, ends_with_the_run_and_misses_what_is_not_there) {
    struct pko_scenario *scenario =
        SMALL("scale", "0.1", "days", "120", "regimes", "minusma", "record.events", "true");
    explained_write(scenario, 0, 1, NULL);
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    run_days(mission, 120);
    size_t last = mission->ledger.incidents.count - 1;
    struct pko_incident incident = mission->ledger.incidents.item[last];
    pko_mission_free(mission);
    struct pko_life_wanted wanted = {incident.day, incident.region, incident.plot_class, last};
    struct pko_life_watch watch;
    struct pko_aftermath after;
    struct pko_replay *replay = open_run(0);
    cr_assert_eq(pko_aftermath_run(replay, &wanted, &watch, &after), PKO_OK);
    int reached = 0;
    while (reached < PKO_HORIZONS && incident.day + pko_horizon[reached] < 120)
        reached++;
    cr_expect(after.horizons == reached && reached < PKO_HORIZONS && reached > 0, "%d of %d", after.horizons,
              reached);
    pko_life_watch_free(&watch);
    pko_replay_free(replay);
    wanted.ordinal += 1000;
    replay = open_run(0);
    cr_expect_eq(pko_aftermath_run(replay, &wanted, &watch, &after), PKO_ERROR_INPUT);
    pko_life_watch_free(&watch);
    pko_replay_free(replay);
    pko_scenario_free(scenario);
}
