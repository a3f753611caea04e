/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of a file, run again, is that run, and what is not is refused. */
#include "experiment/replay.h"
#include "model/scenario.h"
#include "support/explained.h"

static struct pko_replay *open_file(void) {
    struct pko_replay *replay = NULL;
    char *message = NULL;
    int status = pko_replay_open(EXPLAINED_FILE, &replay, &message);
    cr_assert(status == PKO_OK && replay, "%s", message ? message : pko_status_text(status));
    return replay;
}

static void run_again(struct pko_replay *replay, size_t regime, uint32_t replicate) {
    cr_assert_eq(pko_replay_begin(replay, regime, replicate), PKO_OK);
    while (!pko_replay_over(replay))
        cr_assert_eq(pko_replay_day(replay), PKO_OK);
}

static void expect_same(const struct pko_replay *replay, size_t least) {
    char *message = NULL;
    size_t values = 0;
    int status = pko_replay_check(replay, &values, &message);
    cr_expect(status == PKO_OK, "%s", message ? message : "");
    cr_expect_gt(values, least, "only %zu numbers were compared", values);
    free(message);
}

static void expect_other(const struct pko_replay *replay, const char *piece) {
    char *message = NULL;
    size_t values = 0;
    cr_expect_eq(pko_replay_check(replay, &values, &message), PKO_ERROR_INPUT);
    cr_expect(message && strstr(message, "does not give what 'run.h5' holds") && strstr(message, piece), "%s",
              message ? message : "no message");
    free(message);
}

Test(explain_replay, every_run_of_a_file_is_itself_again) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "80", "record.snapshots", "2018-07-20",
                                          "regime.minusma.leak", "0.01", "cut", "tips_to_warning@2018-07-15");
    explained_write(scenario, 5, 2, NULL);
    struct pko_replay *replay = open_file();
    cr_expect_eq(pko_replay_first(replay), 5);
    cr_expect_eq(pko_replay_replicates(replay), 2);
    cr_expect_str_eq(pko_replay_regime(replay, 1), "monusco");
    cr_expect_null(pko_replay_regime(replay, 2));
    for (uint32_t r = 0; r < 2; r++)
        for (size_t k = 0; k < 2; k++) {
            run_again(replay, k, r);
            expect_same(replay, 5000);
            struct pko_mission *mission = mission_of(scenario, pko_replay_regime(replay, k), 5 + r);
            run_days(mission, scenario->days);
            cr_expect_eq(pko_mission_hash(mission), pko_mission_hash(pko_replay_mission(replay)));
            pko_mission_free(mission);
        }
    pko_replay_free(replay);
    pko_scenario_free(scenario);
}

static void change_some(struct pko_mission *mission, int day) {
    if (day == 20)
        cr_assert_eq(pko_mission_set(mission, "danger.own", 0.123456789), PKO_OK);
    if (day == 20)
        cr_assert_eq(pko_mission_set(mission, "regime.leak", 0.02), PKO_OK);
    if (day == 30)
        cr_assert_eq(pko_mission_cut(mission, "sharing_to_warning"), PKO_OK);
    if (day == 50)
        cr_assert_eq(pko_mission_restore(mission, "sharing_to_warning"), PKO_OK);
}

Test(explain_replay, changes_between_days_are_made_again) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "80");
    explained_write(scenario, 0, 1, change_some);
    struct pko_replay *replay = open_file();
    run_again(replay, 1, 0);
    expect_same(replay, 5000);
    const struct pko_change *last = pko_mission_change(pko_replay_mission(replay), 3);
    cr_expect(last && last->day == 50 && strcmp(last->kind, "restore") == 0);
    pko_replay_free(replay);
    pko_scenario_free(scenario);
}

Test(explain_replay, a_run_that_is_another_one_is_refused) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "80");
    explained_write(scenario, 0, 1, NULL);
    struct pko_replay *replay = open_file();
    cr_assert_eq(pko_replay_begin(replay, 0, 0), PKO_OK);
    while (!pko_replay_over(replay)) {
        if (pko_mission_day(pko_replay_mission(replay)) == 40)
            cr_assert_eq(pko_mission_set(pko_replay_mission(replay), "danger.base", 0.4), PKO_OK);
        cr_assert_eq(pko_replay_day(replay), PKO_OK);
    }
    expect_other(replay, "danger of 2018-08-12"); /* the first record from day 40 on, day 42 */
    pko_replay_free(replay);
    pko_scenario_free(scenario);
}

Test(explain_replay, settings_of_every_kind_come_back) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "30", "regimes", "open,silo",
                                          "regions.gao.threat", "[[2018-07-01, 0.2], [2018-07-20, 0.1]]",
                                          "mandate.mode", "endogenous", "record.events", "true");
    explained_write(scenario, 0, 1, NULL);
    struct pko_replay *replay = open_file();
    cr_expect_str_eq(pko_replay_scenario(replay)->settings, scenario->settings);
    cr_expect_str_eq(pko_replay_regime(replay, 1), "silo");
    run_again(replay, 1, 0);
    expect_same(replay, 1000);
    pko_replay_free(replay);
    pko_scenario_free(scenario);
}

Test(explain_replay, what_is_no_file_of_ours_is_refused) {
    struct pko_replay *replay = NULL;
    char *message = NULL;
    cr_expect_eq(pko_replay_open("nowhere.h5", &replay, &message), PKO_ERROR_DISK);
    cr_expect(message && strstr(message, "nowhere.h5"), "%s", message ? message : "");
    free(message);
    explained_folder();
    FILE *file = fopen("text.h5", "w");
    cr_assert_not_null(file);
    fputs("no HDF5", file);
    fclose(file);
    cr_expect_eq(pko_replay_open("text.h5", &replay, &message), PKO_ERROR_INPUT);
    cr_expect_null(replay);
    free(message);
    pko_replay_free(NULL);
}
