/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small helpers of tests: tiny scenarios as texts, missions on them, runs of so many days. A mistake on the
 * way fails the test with the library's own words. Header only, since each test is a program of its own. */
#ifndef PKO_TESTS_MISSIONS_H
#define PKO_TESTS_MISSIONS_H

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/mission.h"
#include "model/people.h"
#include "pkosim/pkosim.h"

/* The scenario of a text, or of a built-in name, with settings as NAME, VALUE pairs; free it with
 * pko_scenario_free(). Count the pairs with PAIRS. */
struct test_setting {
    const char *name, *value;
};
#define PAIRS(settings) (sizeof(settings) / sizeof *(settings))
static inline struct pko_scenario *test_scenario(const char *text, const struct test_setting *settings,
                                                 size_t count) {
    struct pko_setting given[64];
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    cr_assert(count <= 64);
    for (size_t k = 0; k < count; k++)
        given[k] = (struct pko_setting){settings[k].name, settings[k].value, "the test's setting"};
    int status = strchr(text, '\n')
                     ? pko_scenario_parse("text", text, strlen(text), given, count, &scenario, &problems)
                     : pko_scenario_load(text, given, count, &scenario, &problems);
    cr_assert(status == PKO_OK, "%s: %s", pko_status_text(status), problems ? problems : "");
    free(problems);
    return scenario;
}

/* A mission before its first day; free it with pko_mission_free(). */
static inline struct pko_mission *test_mission(const struct pko_scenario *scenario, const char *regime,
                                               uint32_t replicate) {
    struct pko_mission *mission = NULL;
    int status = pko_mission_create(scenario, regime, replicate, &mission);
    cr_assert(status == PKO_OK, "%s", pko_status_text(status));
    return mission;
}

static inline void test_run(struct pko_mission *mission, int days) {
    for (int k = 0; k < days; k++)
        cr_assert(pko_mission_step(mission) == PKO_OK, "day %d", mission->day);
}

/* Number of a group, region or camp of the scenario by name. */
#define TEST_FIND(what, count)                                                                               \
    static inline int test_##what(const struct pko_scenario *scenario, const char *name) {                   \
        for (int k = 0; k < scenario->count; k++)                                                            \
            if (strcmp(scenario->what##s[k].name, name) == 0)                                                \
                return k;                                                                                    \
        cr_assert_fail("no " #what " '%s'", name);                                                           \
        return -1;                                                                                           \
    }
TEST_FIND(group, group_count)
TEST_FIND(region, region_count)
TEST_FIND(camp, camp_count)
#undef TEST_FIND

#endif
