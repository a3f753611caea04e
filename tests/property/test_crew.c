/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day in pieces (base/crew.h): the same state to the last bit, whoever does which piece and in which order.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "process/process.h"
#include "support/missions.h"

/* The kinds of work that came in pieces, and into how many. */
#define KINDS 5 /* clearing, publishing, a day, departures and arrivals */
static struct {
    pko_piece *piece;
    size_t most;
} kind[KINDS + 1];

/* From the last piece to the first. */
static void backwards(int hands, size_t pieces, pko_piece *piece, void *work) {
    cr_assert(hands == 3 && pieces > 1);
    int k = 0;
    while (kind[k].piece && kind[k].piece != piece)
        k++;
    cr_assert(k < KINDS);
    kind[k].piece = piece;
    kind[k].most = pieces > kind[k].most ? pieces : kind[k].most;
    for (size_t number = pieces; number-- > 0;)
        piece(work, number);
}

static struct pko_scenario *crowded(void) {
    const struct test_setting settings[] = {{"scale", "110"}, {"days", "200"}};
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
    for (int k = 0; k < KINDS; k++)
        cr_assert(kind[k].most > 1, "%d kinds of work came in pieces, of %u people", k, alone->people);
    pko_mission_free(alone);
    pko_mission_free(crowd);
    pko_scenario_free(scenario);
}

/* Which threads have done a piece; each has an address of its own. */
static _Thread_local char here;
struct seen {
    const char *by[64], *caller;
    atomic_int by_others, twice;
    bool wait; /* whoever called does no second piece before somebody else has done one */
};
static void note(void *work, size_t number) {
    struct seen *seen = work;
    if (seen->by[number])
        atomic_fetch_add(&seen->twice, 1);
    seen->by[number] = &here;
    if (&here != seen->caller)
        atomic_fetch_add(&seen->by_others, 1);
    for (int tries = 0; seen->wait && &here == seen->caller && tries < 10000; tries++) {
        if (atomic_load(&seen->by_others) > 0)
            break;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
}

static int pieces_of_others(struct pko_mission *mission, size_t pieces, bool wait) {
    struct seen seen = {.caller = &here, .wait = wait};
    pko_crew_work(&mission->crew, pieces, note, &seen);
    for (size_t k = 0; k < pieces; k++)
        cr_assert(seen.by[k] != NULL, "piece %zu of %zu is not done", k, pieces);
    cr_assert(atomic_load(&seen.twice) == 0, "%zu pieces", pieces);
    return atomic_load(&seen.by_others);
}

Test(crew, threads_take_part) {
    struct pko_scenario *scenario = crowded();
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    cr_assert(pieces_of_others(mission, 64, false) == 0); /* nobody was allowed to help */
    pko_mission_threads(mission, 4);
    cr_assert(pieces_of_others(mission, 64, true) > 0);
    pko_mission_threads(mission, 100); /* more than there are pieces */
    for (size_t pieces = 1; pieces <= 64; pieces += 9)
        pieces_of_others(mission, pieces, false);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(crew, threads_change_nothing) {
    struct pko_scenario *scenario = crowded();
    static const int threads[] = {1, 2, 7};
    uint64_t hash[3];
    double quantiles[3][15];
    for (int k = 0; k < 3; k++) {
        struct pko_mission *mission = test_mission(scenario, "monusco", 0);
        pko_mission_threads(mission, threads[k]);
        cr_assert(mission->crew.hands == threads[k]);
        test_run(mission, 60);
        hash[k] = pko_mission_hash(mission);
        cr_assert(pko_mission_read(mission, "quantiles", quantiles[k], 15) == 15);
        pko_mission_free(mission);
    }
    cr_assert(hash[0] == hash[1] && hash[0] == hash[2]);
    cr_assert(memcmp(quantiles[0], quantiles[1], sizeof *quantiles) == 0 &&
              memcmp(quantiles[0], quantiles[2], sizeof *quantiles) == 0);
    pko_scenario_free(scenario);
}

/* Pieces hold all people once, however unequal detachments are. */
Test(crew, nobody_is_left_out) {
    for (int scale = 1; scale <= 40; scale += 13) {
        char text[16];
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
