/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day in pieces (base/crew.h): the same state to the last bit, whoever does which piece and in which order.
 */
#include <stdio.h>

#include "process/process.h"
#include "support/missions.h"

static size_t most_pieces;

/* From the last piece to the first. */
static void backwards(int hands, size_t pieces, pko_piece *piece, void *work) {
    cr_assert(hands == 3 && pieces > 1);
    most_pieces = pieces > most_pieces ? pieces : most_pieces;
    for (size_t number = pieces; number-- > 0;)
        piece(work, number);
}

static struct pko_scenario *crowded(void) {
    const struct test_setting settings[] = {{"scale", "100"}, {"days", "200"}};
    return test_scenario("small", settings, PAIRS(settings));
}

Test(crew, order_of_pieces_changes_nothing) {
    struct pko_scenario *scenario = crowded();
    struct pko_mission *alone = test_mission(scenario, "minusma", 1), *crowd;
    cr_assert(pko_mission_clone(alone, &crowd) == PKO_OK);
    crowd->crew = (struct pko_crew){3, backwards};
    for (int day = 0; day < 100; day++) {
        test_run(alone, 1);
        test_run(crowd, 1);
        cr_assert(pko_mission_hash(alone) == pko_mission_hash(crowd), "day %d", day);
    }
    cr_assert(most_pieces > 4, "%zu pieces of %u people", most_pieces, alone->people);
    pko_mission_free(alone);
    pko_mission_free(crowd);
    pko_scenario_free(scenario);
}

/* Which threads have done a piece; each has an address of its own. */
static _Thread_local char here;
struct seen {
    const char *by[64];
};
static void note(void *work, size_t number) {
    ((struct seen *)work)->by[number] = &here;
}

Test(crew, threads_take_part) {
    struct pko_scenario *scenario = crowded();
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    struct seen seen = {{NULL}};
    pko_crew_work(&mission->crew, 64, note, &seen); /* nobody was allowed to help */
    for (int k = 0; k < 64; k++)
        cr_assert(seen.by[k] == &here);
    pko_mission_threads(mission, 4);
    pko_crew_work(&mission->crew, 64, note, &seen);
    int others = 0;
    for (int k = 0; k < 64; k++) {
        cr_assert(seen.by[k] != NULL);
        others += seen.by[k] != &here;
    }
    cr_assert(others == 48, "%d of 64 pieces were done by other threads", others);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(crew, threads_change_nothing) {
    struct pko_scenario *scenario = crowded();
    static const int threads[] = {1, 2, 7};
    uint64_t hash[3];
    for (int k = 0; k < 3; k++) {
        struct pko_mission *mission = test_mission(scenario, "monusco", 0);
        pko_mission_threads(mission, threads[k]);
        cr_assert(mission->crew.hands == threads[k]);
        test_run(mission, 60);
        hash[k] = pko_mission_hash(mission);
        pko_mission_free(mission);
    }
    cr_assert(hash[0] == hash[1] && hash[0] == hash[2]);
    pko_scenario_free(scenario);
}

/* Pieces hold all people once, however unequal detachments are. */
Test(crew, nobody_is_left_out) {
    for (int scale = 1; scale <= 40; scale += 13) {
        char text[8];
        snprintf(text, sizeof text, "%d", scale);
        const struct test_setting settings[] = {{"scale", text}};
        struct pko_scenario *scenario = test_scenario("minusma", settings, PAIRS(settings));
        struct pko_mission *mission = test_mission(scenario, "minusma", 0);
        mission->crew = (struct pko_crew){3, backwards};
        for (uint32_t i = 0; i < mission->people; i++) {
            mission->trauma[i] = 0.5f; /* decays, so that whoever had no day stands out */
            mission->seen[i].traits = 0xFF;
        }
        pko_process_peacekeepers(mission);
        for (uint32_t i = 0; i < mission->people; i++)
            cr_assert(mission->trauma[i] < 0.5f && mission->seen[i].traits == mission->traits[i],
                      "person %u of %u", i, mission->people);
        pko_mission_free(mission);
        pko_scenario_free(scenario);
    }
}
