/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Missions on the built-in scenario `small`, changed by settings; for tests, so whatever fails ends the test.
 */
#ifndef PKO_TEST_SMALL_H
#define PKO_TEST_SMALL_H

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "pkosim/pkosim.h"

#define SETTINGS_MOST 8

/* A built-in scenario with settings, name and value in turn, ended by NULL; freed by the caller. */
static inline struct pko_scenario *scenario_of(const char *builtin, const char *const *settings) {
    struct pko_setting list[SETTINGS_MOST] = {{NULL, NULL, NULL}};
    size_t count = 0;
    for (; settings && settings[2 * count]; count++) {
        cr_assert_lt(count, SETTINGS_MOST);
        list[count] = (struct pko_setting){settings[2 * count], settings[2 * count + 1], "test"};
    }
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    int status = pko_scenario_load(builtin, list, count, &scenario, &problems);
    cr_assert(status == PKO_OK, "%s: %s", builtin, problems ? problems : pko_status_text(status));
    free(problems);
    return scenario;
}
#define SMALL(...) scenario_of("small", (const char *const[]){__VA_ARGS__, NULL})

/* `small` with lines of YAML after its own, for keys that it does not have itself. */
static inline struct pko_scenario *small_with(const char *lines) {
    const char *text = NULL;
    for (size_t k = 0; pko_scenario_builtin_name(k); k++)
        if (strcmp(pko_scenario_builtin_name(k), "small") == 0)
            text = pko_scenario_builtin_text(k);
    cr_assert_not_null(text);
    char *whole = malloc(strlen(text) + strlen(lines) + 1);
    cr_assert_not_null(whole);
    strcat(strcpy(whole, text), lines);
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    int status = pko_scenario_parse("small.yaml", whole, strlen(whole), NULL, 0, &scenario, &problems);
    cr_assert(status == PKO_OK, "%s", problems ? problems : pko_status_text(status));
    free(problems);
    free(whole);
    return scenario;
}

static inline struct pko_mission *mission_of(const struct pko_scenario *scenario, const char *regime,
                                             uint32_t replicate) {
    struct pko_mission *mission = NULL;
    int status = pko_mission_create(scenario, regime, replicate, &mission);
    cr_assert(status == PKO_OK, "%s: %s", regime, pko_status_text(status));
    return mission;
}

static inline struct pko_mission *clone_of(const struct pko_mission *mission) {
    struct pko_mission *twin = NULL;
    cr_assert_eq(pko_mission_clone(mission, &twin), PKO_OK);
    return twin;
}

static inline void run_days(struct pko_mission *mission, int days) {
    for (int k = 0; k < days; k++)
        cr_assert_eq(pko_mission_step(mission), PKO_OK);
}

#endif
