/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop of process 7 (ODD 6.7): every compiled clone gives the bits of the plain reference in
 * support/meetings.h, over random constants, sizes that are no multiples of 16, and whatever may have
 * happened to a person today. */
#include "process/peacekeepers.h"
#include "process/process.h"
#include "support/meetings.h"
#include "support/missions.h"

#define PLACES 768 /* people in the columns, pads included */
#define CROWD  600 /* of them, those who are there */

/* --- A crowd of random people on a random day --- */

struct crowd {
    float state[5][PLACES], ride_posture[PLACES];
    uint8_t traits[PLACES], today[PLACES];
    struct pko_visible seen[PLACES];
};

/* The test's own random numbers (splitmix64). */
struct dice {
    uint64_t state;
};
static uint64_t roll(struct dice *dice) {
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}
static uint32_t up_to(struct dice *dice, uint32_t most) {
    return (uint32_t)(roll(dice) % ((uint64_t)most + 1));
}
/* A number in [0, most], now and then one of the ends. */
static float some(struct dice *dice, float most) {
    uint32_t kind = up_to(dice, 15);
    if (kind == 0)
        return 0.0f;
    if (kind == 1)
        return most;
    return most * (float)(roll(dice) >> 40) * 0x1p-24f;
}

/* The members of a detachment: all in uniform, or all civilians. */
static void dress(struct crowd *crowd, const struct pko_meeting_day *day) {
    for (uint32_t k = day->first; k < day->first + day->count; k++) {
        uint8_t others = crowd->traits[k] & (PKO_TRAIT_WOMAN | PKO_TRAIT_RIDER);
        uint8_t civilian =
            crowd->traits[k] & PKO_TRAIT_UNIFORMED ? 0 : crowd->traits[k] & PKO_TRAIT_BACKGROUND;
        crowd->traits[k] = (uint8_t)(others | (day->uniformed ? PKO_TRAIT_UNIFORMED : civilian));
        crowd->seen[k].traits = crowd->traits[k];
    }
}

static void fill(struct crowd *crowd, struct dice *dice, uint32_t flags) {
    for (int k = 0; k < PLACES; k++) {
        for (int s = 0; s < 5; s++)
            crowd->state[s][k] = some(dice, 1.0f);
        crowd->ride_posture[k] = some(dice, 1.0f);
        uint32_t traits = up_to(dice, 15);
        if (traits & PKO_TRAIT_UNIFORMED) /* only civilians carry a military background */
            traits &= ~(uint32_t)PKO_TRAIT_BACKGROUND;
        crowd->traits[k] = (uint8_t)traits;
        crowd->today[k] = (uint8_t)(up_to(dice, 31) & flags);
        crowd->seen[k] = (struct pko_visible){crowd->state[0][k], crowd->state[2][k], crowd->state[3][k],
                                              crowd->traits[k]};
    }
}

/* Sizes and bounds as whom_to_meet of the process makes them, of a random world; everything else at random,
 * from nothing to so much that states must be clipped. */
static struct pko_meeting_day some_day(struct dice *dice, uint32_t count) {
    struct pko_meeting_day day;
    memset(&day, 0, sizeof day);
    day.stream = (struct pko_stream){roll(dice), up_to(dice, 0xFFFFF)};
    day.day = up_to(dice, 65535);
    day.layer = up_to(dice, 1000);
    day.count = count;
    day.first = up_to(dice, CROWD - count);
    uint32_t camp_first = up_to(dice, day.first);
    uint32_t camp_count = day.first + count - camp_first + up_to(dice, CROWD - day.first - count);
    const double all = 2147483648.0;
    double own = (double)some(dice, 1.0f) * all, near = own + (all - own) * (double)some(dice, 1.0f);
    double bound[4] = {0.0, own, near, all};
    uint32_t start[3] = {day.first, camp_first, 0}, size[3] = {count, camp_count, CROWD};
    day.own_below = own < all ? (int32_t)own : INT32_MAX;
    day.camp_below = near < all ? (int32_t)near : INT32_MAX;
    for (int k = 0; k < 3; k++) {
        double width = bound[k + 1] - bound[k];
        day.start[k] = (int32_t)start[k];
        day.last[k] = (int32_t)(start[k] + size[k]) - 1;
        day.from[k] = bound[k] < all ? (int32_t)bound[k] : INT32_MAX;
        day.scale[k] = width > 0.0 ? (float)((double)size[k] / width) : 0.0f;
    }
    float *constants[] = {&day.tie_across,  &day.signal,         &day.signal_background,
                          &day.floor_base,  &day.forget,         &day.contagion,
                          &day.trauma_keep, &day.trauma_witness, &day.bereavement,
                          &day.gain,        &day.by_danger,      &day.by_trauma,
                          &day.relief,      &day.pull,           &day.value,
                          &day.fade,        &day.inhibition,     &day.approach,
                          &day.friction,    &day.protection,     &day.reliance,
                          &day.unease,      &day.armed,          &day.shared_ride};
    float most = up_to(dice, 3) == 0 ? 1.0f : 0.05f;
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++)
        *constants[k] = some(dice, most);
    day.lens = some(dice, 1.5f);
    day.uniformed = up_to(dice, 1) == 0;
    *(day.uniformed ? &day.protection : &day.friction) = 0.0f;
    if (day.uniformed)
        day.signal_background = 0.0f;
    if (up_to(dice, 2) == 0) /* a calm day */
        day.signal = day.signal_background = day.bereavement = 0.0f;
    return day;
}

static struct pko_meeting_people people_of(struct crowd *crowd) {
    return (struct pko_meeting_people){
        crowd->state[0], crowd->state[1], crowd->state[2],     crowd->state[3], crowd->state[4],
        crowd->traits,   crowd->today,    crowd->ride_posture, crowd->seen,     false};
}

/* --- Each clone against the reference --- */

static bool machine_has(const char *clone) {
    if (strcmp(clone, "generic") == 0)
        return true;
#ifdef PKO_CLONES_X86
    bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("avx512cd");
    return strcmp(clone, "v3") == 0 ? v3 : v3 && v4;
#else
    return false;
#endif
}

/* The clone of this name, by its own symbol. */
static pko_meetings_function *clone_named(const char *clone) {
#ifdef PKO_CLONES_X86
    if (strcmp(clone, "v3") == 0)
        return pko_meetings_v3;
    if (strcmp(clone, "v4") == 0)
        return pko_meetings_v4;
#endif
    return strcmp(clone, "generic") == 0 ? pko_meetings_generic : NULL;
}

/* Columns whole: those of the detachment to the bit, and nobody else touched. */
static void compare(const char *clone, pko_meetings_function *meet, struct dice *dice, uint32_t count,
                    uint32_t flags) {
    static const char *const name[5] = {"danger", "trauma", "reinforcement", "resistance", "cross_trust"};
    struct crowd *one = malloc(sizeof *one), *other = malloc(sizeof *other);
    cr_assert(one && other);
    fill(one, dice, flags);
    struct pko_meeting_day day = some_day(dice, count);
    dress(one, &day);
    memcpy(other, one, sizeof *one);
    struct pko_meeting_means expected, means;
    struct pko_meeting_people people = people_of(one), copy = people_of(other);
    reference_meetings(&people, &day, &expected);
    copy.far = up_to(dice, 1) == 0;
    meet(&copy, &day, 1, &means);
    for (int s = 0; s < 5; s++)
        for (int k = 0; k < PLACES; k++)
            cr_assert(memcmp(&one->state[s][k], &other->state[s][k], sizeof(float)) == 0,
                      "%s: %s of person %d of [%u, %u) is %a, not %a", clone, name[s], k, day.first,
                      day.first + count, (double)other->state[s][k], (double)one->state[s][k]);
    cr_assert(memcmp(one->traits, other->traits, sizeof one->traits) == 0);
    cr_assert(memcmp(&expected, &means, sizeof means) == 0, "%s: means of %u people differ", clone, count);
    free(one);
    free(other);
}

static void try_clone(const char *clone) {
    if (!machine_has(clone))
        cr_skip_test("this machine has no %s", clone);
    pko_meetings_function *meet = pko_meetings_choose(clone);
    cr_assert(meet == clone_named(clone), "%s was asked for, another came", clone);
    cr_assert((meet == pko_meetings_generic) == (strcmp(clone, "generic") == 0));
    struct dice dice = {67};
    for (uint32_t count = 1; count <= 200; count++)
        for (int again = 0; again < 12; again++)
            compare(clone, meet, &dice, count, again % 4 == 0 ? 0u : 31u);
    /* Each flag of the day alone, and each pair. */
    for (uint32_t flags = 0; flags < 32; flags++)
        for (int again = 0; again < 8; again++)
            compare(clone, meet, &dice, 1 + up_to(&dice, 199), flags);
}

Test(meetings, generic_clone_is_the_reference) {
    try_clone("generic");
}
Test(meetings, v3_clone_is_the_reference) {
    try_clone("v3");
}
Test(meetings, v4_clone_is_the_reference) {
    try_clone("v4");
}

Test(meetings, clones_are_different_code) {
    cr_assert(pko_meetings_choose("no such clone") == pko_meetings_generic);
    cr_assert(pko_meetings_choose(NULL) != NULL);
#ifdef PKO_CLONES_X86
    cr_assert(pko_meetings_v3 != pko_meetings_generic && pko_meetings_v4 != pko_meetings_generic &&
              pko_meetings_v3 != pko_meetings_v4);
    if (!machine_has("v3"))
        cr_assert(pko_meetings_choose("v3") == pko_meetings_generic);
    if (!machine_has("v4"))
        cr_assert(pko_meetings_choose("v4") == pko_meetings_generic);
#endif
}

/* Detachments one after the other are what each is alone, the empty and the tiny among them. */
static void try_in_a_row(const char *clone) {
    enum { ROW = 9 };
    static const uint32_t count[ROW] = {64, 1, 0, 65, 16, 130, 3, 128, 63};
    pko_meetings_function *meet = clone_named(clone);
    struct dice dice = {77};
    struct crowd *one = malloc(sizeof *one), *other = malloc(sizeof *other);
    cr_assert(one && other);
    fill(one, &dice, 31u);
    struct pko_meeting_people people = people_of(one), copy = people_of(other);
    struct pko_meeting_day days[ROW];
    struct pko_meeting_means alone, row[ROW];
    uint32_t first = 0;
    for (int k = 0; k < ROW; k++) {
        days[k] = some_day(&dice, count[k]);
        days[k].stream = days[0].stream; /* all are of one run and day */
        days[k].day = days[0].day;
        days[k].first = first;
        first += count[k];
        dress(one, &days[k]);
    }
    memcpy(other, one, sizeof *one);
    meet(&copy, days, ROW, row);
    for (int k = 0; k < ROW; k++) {
        reference_meetings(&people, &days[k], &alone);
        cr_assert(memcmp(&alone, &row[k], sizeof alone) == 0, "%s: means of detachment %d", clone, k);
    }
    for (int s = 0; s < 5; s++)
        cr_assert(memcmp(one->state[s], other->state[s], sizeof one->state[s]) == 0, "%s", clone);
    free(one);
    free(other);
}

Test(meetings, detachments_in_a_row) {
    static const char *const clones[] = {"generic", "v3", "v4"};
    for (int k = 0; k < 3; k++)
        if (machine_has(clones[k]))
            try_in_a_row(clones[k]);
}

/* A comparison that could not fail would prove nothing: one unit in the last place of one constant shows. */
Test(meetings, reference_is_sharp) {
    struct dice dice = {1};
    struct crowd *one = malloc(sizeof *one), *other = malloc(sizeof *other);
    cr_assert(one && other);
    fill(one, &dice, 31u);
    struct pko_meeting_day day = some_day(&dice, 200);
    dress(one, &day);
    memcpy(other, one, sizeof *one);
    day.relief = 0.9f;
    struct pko_meeting_means means;
    struct pko_meeting_people people = people_of(one), copy = people_of(other);
    reference_meetings(&people, &day, &means);
    day.relief = nextafterf(day.relief, 1.0f);
    pko_meetings_choose(NULL)(&copy, &day, 1, &means);
    cr_assert(memcmp(one->state[2], other->state[2], sizeof one->state[2]) != 0);
    cr_assert(memcmp(one->state[3], other->state[3], sizeof one->state[3]) == 0);
    free(one);
    free(other);
}

/* What others see is yesterday's states of all, in every clone. */
Test(meetings, everyone_sees_the_states_as_they_stand) {
    struct dice dice = {2};
    struct crowd *crowd = malloc(sizeof *crowd);
    cr_assert(crowd != NULL);
    pko_publish_function *const publish[] = {pko_publish_generic,
#ifdef PKO_CLONES_X86
                                             machine_has("v3") ? pko_publish_v3 : pko_publish_generic,
                                             machine_has("v4") ? pko_publish_v4 : pko_publish_generic
#endif
    };
    for (uint32_t count = 0; count <= 100; count++)
        for (size_t clone = 0; clone < sizeof publish / sizeof *publish; clone++) {
            fill(crowd, &dice, 31u);
            struct pko_visible expected[PLACES];
            memcpy(expected, crowd->seen, sizeof expected); /* as fill made it */
            memset(crowd->seen, 0xA5, sizeof crowd->seen);
            struct pko_meeting_people people = people_of(crowd);
            publish[clone](&people, crowd->seen, 0, count);
            cr_assert(memcmp(crowd->seen, expected, count * sizeof *expected) == 0, "%u people", count);
            uint8_t *past = (uint8_t *)&crowd->seen[count];
            for (size_t k = 0; k < sizeof *expected; k++)
                cr_assert(past[k] == 0xA5, "written past %u people", count);
        }
    free(crowd);
}

/* The tree of sums: 16 lanes by place mod 16, in floats over the four of 64 people, then in doubles; lane k
 * takes lane k+8, then k+4, k+2, k+1. */
Test(meetings, means_are_the_lanes_added_as_a_tree) {
    struct pko_scenario *scenario = test_scenario("small", NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    test_run(mission, 3);
    pko_process_peacekeepers(mission); /* alone: the means are those of its own evening */
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k];
        double lane[16] = {0};
        for (uint32_t from = 0; from < mission->layer_people[j]; from += 64)
            for (uint32_t l = 0; l < 16; l++) {
                float four = 0.0f;
                for (uint32_t place = from + l; place < from + 64 && place < mission->layer_people[j];
                     place += 16)
                    four += mission->resistance[mission->layer_first[j] + place];
                lane[l] += (double)four;
            }
        for (int half = 8; half > 0; half /= 2)
            for (int l = 0; l < half; l++)
                lane[l] += lane[l + half];
        cr_assert(mission->mean_resistance[j] == lane[0] / (double)mission->layer_people[j], "layer %d", j);
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* The process is the reference over every detachment, all of them seeing the states of the evening before. */
static void try_process(const char *clone) {
    if (!machine_has(clone))
        cr_skip_test("this machine has no %s", clone);
    const struct test_setting settings[] = {{"regions.gao.threat", "3"}, {"incident.least_movement", "5"}};
    struct pko_scenario *scenario = test_scenario("small", settings, PAIRS(settings));
    struct pko_mission *mission = test_mission(scenario, "minusma", 0), *twin;
    uint8_t happened = 0;
    for (int day = 0; day < 40; day++) {
        test_run(mission, 1); /* leaves the flags of the day, so that another evening sees them */
        cr_assert(pko_mission_clone(mission, &twin) == PKO_OK);
        mission->clone = clone;
        pko_process_peacekeepers(mission);
        struct pko_meeting_people people = {
            twin->danger, twin->trauma, twin->reinforcement, twin->resistance, twin->cross_trust,
            twin->traits, twin->today,  twin->ride_posture,  twin->seen,       false};
        for (uint32_t i = 0; i < twin->people; i++)
            happened |= twin->today[i];
        for (uint32_t i = 0; i < twin->people; i++)
            twin->seen[i] = (struct pko_visible){twin->danger[i], twin->reinforcement[i], twin->resistance[i],
                                                 twin->traits[i]};
        for (uint32_t k = 0; k < twin->layers_present; k++) {
            int j = twin->order[k];
            struct pko_meeting_day constants;
            struct pko_meeting_means means;
            twin->frustration[j] = mission->frustration[j]; /* of today, as process 7 made them */
            twin->valorization[j] = mission->valorization[j];
            pko_meeting_day_of(twin, j, &constants);
            reference_meetings(&people, &constants, &means);
        }
        size_t bytes = mission->people * sizeof(float);
        cr_assert(memcmp(mission->danger, twin->danger, bytes) == 0, "danger on day %d", day);
        cr_assert(memcmp(mission->trauma, twin->trauma, bytes) == 0, "trauma on day %d", day);
        cr_assert(memcmp(mission->reinforcement, twin->reinforcement, bytes) == 0, "reinforcement on day %d",
                  day);
        cr_assert(memcmp(mission->resistance, twin->resistance, bytes) == 0, "resistance on day %d", day);
        cr_assert(memcmp(mission->cross_trust, twin->cross_trust, bytes) == 0, "cross trust on day %d", day);
        pko_mission_free(twin);
    }
    cr_assert((~happened & (PKO_TODAY_ABOARD | PKO_TODAY_MIXED | PKO_TODAY_WITNESS)) == 0, "a quiet world");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(meetings, generic_process_is_the_reference) {
    try_process("generic");
}
Test(meetings, v3_process_is_the_reference) {
    try_process("v3");
}
Test(meetings, v4_process_is_the_reference) {
    try_process("v4");
}
