/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files of small real runs, for tests of what is told from them. */
#ifndef PKO_TESTS_EXPLAINED_H
#define PKO_TESTS_EXPLAINED_H

#include <stdio.h>
#include <unistd.h>

#include "record/writer.h"
#include "support/small.h"

#define EXPLAINED_FILE "run.h5" /* in the folder of the test */

/* What is done to a mission between its days; NULL for nothing. */
typedef void explained_change(struct pko_mission *mission, int day);

/* Tests of one program run at the same time, so each goes into a folder of its own. */
static inline void explained_folder(void) {
    char folder[] = "explained-XXXXXX";
    cr_assert(mkdtemp(folder) && chdir(folder) == 0, "no folder to write into");
}

/* Runs every regime and `replicates` of a scenario and writes them into EXPLAINED_FILE, in a
 * folder that is then the working one. */
static inline void explained_write(const struct pko_scenario *scenario, uint32_t first, uint32_t replicates,
                                   explained_change *change) {
    const char *names[8];
    struct pko_writer *writer = NULL;
    char *message = NULL;
    cr_assert_leq(scenario->regime_count, 8);
    explained_folder();
    for (int k = 0; k < scenario->regime_count; k++)
        names[k] = scenario->regimes[k].name;
    struct pko_file_plan plan = {.scenario = scenario,
                                 .regimes = names,
                                 .regime_count = (size_t)scenario->regime_count,
                                 .first_replicate = first,
                                 .replicates = replicates,
                                 .command = "a test",
                                 .threads = 1};
    cr_assert_eq(pko_writer_open(EXPLAINED_FILE, true, &plan, &writer, &message), PKO_OK, "%s", message);
    for (uint32_t r = 0; r < replicates; r++)
        for (size_t k = 0; k < plan.regime_count; k++) {
            struct pko_mission *mission = mission_of(scenario, names[k], first + r);
            struct pko_observer *observer = NULL;
            cr_assert_eq(pko_observer_create(scenario, &observer), PKO_OK);
            cr_assert_eq(pko_observer_start(observer, mission), PKO_OK);
            for (int day = 0; day < scenario->days; day++) {
                if (change)
                    change(mission, day);
                run_days(mission, 1);
                cr_assert_eq(pko_observer_day(observer, mission), PKO_OK);
            }
            cr_assert_eq(pko_writer_add(writer, k, r, observer), PKO_OK);
            for (size_t n = 0; pko_mission_change(mission, n); n++)
                cr_assert_eq(pko_writer_change(writer, k, r, pko_mission_change(mission, n)), PKO_OK);
            pko_observer_free(observer);
            pko_mission_free(mission);
        }
    cr_assert_eq(pko_writer_commit(writer, replicates, &message), PKO_OK, "%s", message);
    pko_writer_free(writer);
}

#endif
