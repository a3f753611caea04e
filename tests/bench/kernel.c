/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast process 7 could be: a stripped kernel, and beside it the loops of the program on the same people.
 *
 * The stripped kernel, for each of 13,000 individuals in 120 detachments and each day: loads the five states
 * and the visible record of a partner at a random place inside the detachment (70 %), the camp or anywhere;
 * one 32-bit word of Philox a person; the additions and multiplications of the equations of ODD 6.7 with the
 * detachment's constants in registers; stores the five states. No branches, no ties, no limits to [0,1], no
 * sums, no hits or convoys, no recording. It is compiled for the machine it runs on.
 *
 * Prints lines `name ns_per_individual_day`, each the least of the repetitions, which are interleaved. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/floats.h"
#include "base/random.h"
#include "process/peacekeepers.h"

enum { PEOPLE = 13000, DETACHMENTS = 120, CAMP = 1000, DAYS = 20, REPETITIONS = 60 };

struct world {
    float state[5][PEOPLE + 64], ride_posture[PEOPLE + 64];
    uint8_t traits[PEOPLE + 64], today[PEOPLE + 64];
    struct pko_visible seen[PEOPLE + 64];
    struct pko_meeting_day detachment[DETACHMENTS];
};

/* --- The stripped kernel */

static inline __attribute__((always_inline)) pko_wholes someone(const struct pko_meeting_day *day,
                                                                pko_bits word) {
    pko_wholes w = (pko_wholes)(word >> 1), near = pko_wholes_of(2);
    near = pko_one_less(pko_less_whole(w, pko_wholes_of(day->camp_below)), near);
    near = pko_one_less(pko_less_whole(w, pko_wholes_of(day->own_below)), near);
    return pko_entry_whole(day->start, near) +
           pko_wholes_from(pko_floats_from(w - pko_entry_whole(day->from, near)) *
                           pko_entry(day->scale, near));
}

static inline __attribute__((always_inline)) void stripped_block(const struct world *world,
                                                                 float *const state[5],
                                                                 const struct pko_meeting_day *day,
                                                                 const uint32_t *whom, uint32_t i) {
    pko_floats partner[4];
    pko_records_load(world->seen, whom, partner);
    pko_floats d = pko_floats_load(state[0] + i), t = pko_floats_load(state[1] + i),
               a = pko_floats_load(state[2] + i), b = pko_floats_load(state[3] + i),
               x = pko_floats_load(state[4] + i), one = pko_floats_of(1.0f);
    pko_floats danger = d + (one - d) * day->signal * ((a - 0.5f) * day->lens + 1.0f) +
                        (t + day->floor_base - d) * day->forget + (partner[0] - d) * day->contagion;
    pko_floats trauma = t * day->trauma_keep + (one - t) * day->bereavement;
    pko_floats reinforcement = a + (d * day->by_danger + t * day->by_trauma + day->gain) * (one - a) -
                               a * day->relief + (partner[1] - a) * day->pull;
    pko_floats resistance =
        b + (one - b) * day->value - (a * day->inhibition + day->fade) * b + (partner[2] - b) * day->pull;
    pko_floats trust = x + (one - (a - partner[1]) - x) * day->approach - x * day->friction +
                       d * (one - x) * day->protection;
    pko_floats_store(state[0] + i, danger);
    pko_floats_store(state[1] + i, trauma);
    pko_floats_store(state[2] + i, reinforcement);
    pko_floats_store(state[3] + i, resistance);
    pko_floats_store(state[4] + i, trust);
}

static __attribute__((noinline)) void stripped(struct world *world, const struct pko_meeting_day *given) {
    const struct pko_meeting_day day = *given;
    float *const state[5] = {world->state[0], world->state[1], world->state[2], world->state[3],
                             world->state[4]};
    uint32_t whom[4 * PKO_FLOATS];
    for (uint32_t place = 0; place < day.count; place += 4 * PKO_FLOATS) {
        pko_bits word[1][4];
        struct pko_address address = {place / 4, day.layer};
        pko_words_draw(&address, 1, (uint32_t)PKO_PURPOSE_MEETING << 16 | day.day, day.stream.replicate,
                       day.stream.seed, word);
        for (uint32_t k = 0; k < 4; k++) {
            pko_wholes at = someone(&day, word[0][k]);
            memcpy(whom + k * PKO_FLOATS, &at, sizeof at);
        }
        for (uint32_t k = 0; k < 4 && place + k * PKO_FLOATS < day.count; k++)
            stripped_block(world, state, &day, whom + k * PKO_FLOATS, day.first + place + k * PKO_FLOATS);
    }
}

/* --- The people, and what is timed */

static void fill(struct world *world) {
    for (int k = 0; k < PEOPLE + 64; k++) {
        for (int s = 0; s < 5; s++)
            world->state[s][k] = (float)(rand() % 1000) / 1000.0f;
    }
    uint32_t first = 0;
    for (uint32_t j = 0; j < DETACHMENTS; j++) {
        uint32_t end = (uint32_t)((uint64_t)(j + 1) * PEOPLE / DETACHMENTS), count = end - first;
        struct pko_meeting_day *day = &world->detachment[j];
        *day = (struct pko_meeting_day){.stream = {1, 0},
                                        .layer = j,
                                        .first = first,
                                        .count = count,
                                        .uniformed = j % 6 < 5,
                                        .tie_across = 0.3f,
                                        .signal = 0.01f,
                                        .signal_background = 0.008f,
                                        .lens = 0.5f,
                                        .floor_base = 0.1f,
                                        .forget = 0.03f,
                                        .contagion = 0.02f,
                                        .trauma_keep = 0.99f,
                                        .gain = 0.005f,
                                        .by_danger = 0.01f,
                                        .by_trauma = 0.01f,
                                        .relief = 0.01f,
                                        .pull = 0.02f,
                                        .value = 0.01f,
                                        .fade = 0.01f,
                                        .inhibition = 0.01f,
                                        .approach = 0.02f,
                                        .friction = 0.01f,
                                        .protection = 0.01f};
        const double all = 2147483648.0, bound[4] = {0.0, 0.7 * all, 0.91 * all, all};
        const uint32_t from[3] = {first, first / CAMP * CAMP, 0}, size[3] = {count, CAMP, PEOPLE};
        day->own_below = (int32_t)bound[1];
        day->camp_below = (int32_t)bound[2];
        for (int k = 0; k < 3; k++) {
            day->start[k] = (int32_t)from[k];
            day->last[k] = (int32_t)(from[k] + size[k]) - 1;
            day->from[k] = (int32_t)bound[k];
            day->scale[k] = (float)((double)size[k] / (bound[k + 1] - bound[k]));
        }
        for (uint32_t k = first; k < end; k++)
            world->traits[k] = day->uniformed ? PKO_TRAIT_UNIFORMED : rand() % 2 ? PKO_TRAIT_BACKGROUND : 0;
        *(day->uniformed ? &day->protection : &day->friction) = 0.0f;
        first = end;
    }
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Nanoseconds an individual and day of the stripped kernel, or of the program's loop. */
static double days(struct world *world, pko_meetings_function *meet) {
    struct pko_meeting_people people = {
        world->state[0], world->state[1], world->state[2],     world->state[3], world->state[4],
        world->traits,   world->today,    world->ride_posture, world->seen,     false};
    struct pko_meeting_means means[DETACHMENTS];
    double start = seconds();
    for (uint32_t day = 0; day < DAYS; day++) {
        for (uint32_t j = 0; j < DETACHMENTS; j++)
            world->detachment[j].day = day;
        if (meet)
            meet(&people, world->detachment, DETACHMENTS, means);
        else
            for (uint32_t j = 0; j < DETACHMENTS; j++)
                stripped(world, &world->detachment[j]);
    }
    return (seconds() - start) * 1e9 / ((double)DAYS * PEOPLE);
}

int main(void) {
    static const char *const name[] = {"stripped", "v4", "v3", "generic"};
    double least[4] = {1e9, 1e9, 1e9, 1e9};
    struct world *world = aligned_alloc(64, (sizeof *world + 63) / 64 * 64);
    if (!world)
        return 71;
    memset(world, 0, sizeof *world);
    fill(world);
    for (int repetition = 0; repetition < REPETITIONS; repetition++)
        for (int k = 0; k < 4; k++) {
            double time = days(world, k ? pko_meetings_choose(name[k]) : NULL);
            least[k] = time < least[k] ? time : least[k];
        }
    for (int k = 0; k < 4; k++)
        printf("%s %.3f\n", name[k], least[k]);
    free(world);
    return 0;
}
