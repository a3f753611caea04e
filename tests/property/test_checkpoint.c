/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mission saved, freed, loaded and run on equals the one that ran straight on; damaged bytes are refused.
 */
#include <criterion/criterion.h>

#include "base/random.h"
#include "model/mission.h"
#include "support/small.h"

/* Saves the mission, frees it, and loads what was saved. */
static struct pko_mission *reborn(const struct pko_scenario *scenario, struct pko_mission *mission) {
    void *bytes = NULL;
    size_t size = 0;
    uint64_t hash = pko_mission_hash(mission);
    cr_assert_eq(pko_mission_save(mission, &bytes, &size), PKO_OK);
    cr_assert(bytes && size > 0);
    cr_assert_eq(pko_mission_hash(mission), hash, "saving changed the mission");
    pko_mission_free(mission);
    struct pko_mission *loaded = NULL;
    cr_assert_eq(pko_mission_load(scenario, bytes, size, &loaded), PKO_OK);
    memset(bytes, 0xA5, size); /* nothing points into the bytes */
    free(bytes);
    cr_assert_eq(pko_mission_hash(loaded), hash, "what was loaded is not what was saved");
    return loaded;
}

static void expect_same_events(const struct pko_mission *one, const struct pko_mission *other) {
#define EXPECT_SAME(list)                                                                                    \
    cr_assert_eq(one->ledger.list.count, other->ledger.list.count, #list);                                   \
    cr_expect(one->ledger.list.count > 0, "no " #list);                                                      \
    cr_expect(one->ledger.list.count == 0 ||                                                                 \
              memcmp(one->ledger.list.item, other->ledger.list.item,                                         \
                     one->ledger.list.count * sizeof *one->ledger.list.item) == 0)
    EXPECT_SAME(incidents);
    EXPECT_SAME(convoys);
    EXPECT_SAME(leaks);
    EXPECT_SAME(retaliations);
#undef EXPECT_SAME
}

static void expect_same_changes(const struct pko_mission *one, const struct pko_mission *other,
                                size_t count) {
    for (size_t k = 0; k < count; k++) {
        const struct pko_change *a = pko_mission_change(one, k), *b = pko_mission_change(other, k);
        cr_assert(a && b, "change %zu is missing", k);
        cr_expect(a->day == b->day && strcmp(a->kind, b->kind) == 0 && strcmp(a->name, b->name) == 0 &&
                  a->value == b->value);
    }
    cr_expect(!pko_mission_change(one, count) && !pko_mission_change(other, count));
}

/* The changes made on the way. */
static size_t change(struct pko_mission *mission, int day) {
    switch (day) {
    case 50:
        cr_assert_eq(pko_mission_cut(mission, "reinforcement_to_posture"), PKO_OK);
        cr_assert_eq(pko_mission_set(mission, "regime.leak", 0.03), PKO_OK);
        return 2;
    case 120:
        cr_assert_eq(pko_mission_cut(mission, "trust_to_sharing"), PKO_OK);
        cr_assert_eq(pko_mission_cut(mission, "danger_to_reinforcement"), PKO_OK);
        return 2;
    case 180:
        cr_assert_eq(pko_mission_restore(mission, "reinforcement_to_posture"), PKO_OK);
        return 1;
    case 260:
        cr_assert_eq(pko_mission_set(mission, "danger.own", 0.1), PKO_OK);
        cr_assert_eq(pko_mission_set(mission, "operations.platoon", 20.0), PKO_OK); /* kept in the roster */
        cr_assert_eq(pko_mission_set(mission, "collect.technical", 0.3), PKO_OK);
        cr_assert_eq(pko_mission_restore(mission, "trust_to_sharing"), PKO_OK);
        return 4;
    default:
        return 0;
    }
}

/* Runs both a day with their changes and observers; holds one to the other. */
struct watched {
    struct pko_mission *mission;
    struct pko_observer *observer;
};
static size_t run_watched(struct watched *watched, int day) {
    size_t changes = change(watched->mission, day);
    run_days(watched->mission, 1);
    cr_assert_eq(pko_observer_day(watched->observer, watched->mission), PKO_OK);
    return changes;
}
static struct watched watch(const struct pko_scenario *scenario, const char *regime) {
    struct watched watched = {mission_of(scenario, regime, 2), NULL};
    cr_assert_eq(pko_observer_create(scenario, &watched.observer), PKO_OK);
    cr_assert_eq(pko_observer_start(watched.observer, watched.mission), PKO_OK);
    return watched;
}

static void expect_same_outcomes(const struct watched *one, const struct watched *other) {
    size_t count = pko_outcome_count(one->observer);
    double *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b);
    cr_assert(a && b);
    cr_assert_eq(pko_outcomes(one->observer, a), PKO_OK);
    cr_assert_eq(pko_outcomes(other->observer, b), PKO_OK);
    cr_expect_eq(memcmp(a, b, count * sizeof *a), 0, "outcomes differ");
    free(a);
    free(b);
}

/* A run to `days`, saved, freed and loaded on the given days, against the straight run. */
static void expect_straight(const struct pko_scenario *scenario, const char *regime, const int *saves,
                            int days) {
    struct watched straight = watch(scenario, regime), broken = watch(scenario, regime);
    size_t changes = 0;
    for (int day = 0; day < days; day++) {
        if (day == *saves) {
            broken.mission = reborn(scenario, broken.mission);
            saves++;
        }
        changes += run_watched(&straight, day);
        run_watched(&broken, day);
        cr_assert_eq(pko_mission_hash(straight.mission), pko_mission_hash(broken.mission), "day %d differs",
                     day);
    }
    cr_expect_geq(changes, 5);
    expect_same_changes(straight.mission, broken.mission, changes);
    expect_same_events(straight.mission, broken.mission);
    expect_same_outcomes(&straight, &broken);
    for (int k = 0; k < 2; k++) {
        struct watched *watched = k ? &broken : &straight;
        pko_observer_free(watched->observer);
        pko_mission_free(watched->mission);
    }
}

Test(checkpoint, small_goes_on_as_the_straight_run) {
    struct pko_scenario *scenario =
        SMALL("record.events", "true", "cut", "contact_to_retaliation@2019-05-01", "cut",
              "stability_to_threat", "days", "400", "mandate.mode", "endogenous");
    static const int once[] = {200, -1}, often[] = {0, 1, 50, 90, 119, 120, 200, 304, 365, 366, 399, -1};
    expect_straight(scenario, "minusma", once, 400);
    expect_straight(scenario, "monusco", often, 400);
    pko_scenario_free(scenario);
}

Test(checkpoint, minusma_goes_on_as_the_straight_run) {
    struct pko_scenario *scenario = scenario_of(
        "minusma", (const char *const[]){"record.events", "true", "start", "2016-03-01", "days", "400",
                                         "scale", "0.3", "cut", "mandate_to_reinforcement@2016-06-01", NULL});
    static const int once[] = {200, -1};
    expect_straight(scenario, "minusma", once, 400);
    pko_scenario_free(scenario);
}

/* A checkpoint does not need the regime that it was made with: the rules in force are in it. */
Test(checkpoint, rules_are_in_it) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *open = mission_of(scenario, "open", 0), *straight = mission_of(scenario, "open", 0);
    run_days(straight, 60);
    run_days(open, 30);
    open = reborn(scenario, open);
    double leak = 0;
    cr_assert_eq(pko_mission_get(open, "regime.leak", &leak), PKO_OK);
    cr_expect_eq(leak, 0.01);
    run_days(open, 30);
    cr_expect_eq(pko_mission_hash(open), pko_mission_hash(straight));
    pko_mission_free(open);
    pko_mission_free(straight);
    pko_scenario_free(scenario);
}

/* Small, so that every byte can be damaged: a mission with plots, convoys, events and changes. */
static struct pko_scenario *tiny(void) {
    return SMALL("scale", "0.01", "record.events", "true", "regions.gao.threat", "[[2018-07-01, 1]]", "days",
                 "60");
}

struct saved {
    struct pko_scenario *scenario;
    unsigned char *bytes;
    size_t size;
};
static struct saved save_tiny(void) {
    struct saved saved = {.scenario = tiny()};
    struct pko_mission *mission = mission_of(saved.scenario, "minusma", 0);
    run_days(mission, 40);
    cr_assert_eq(pko_mission_cut(mission, "socialization"), PKO_OK);
    cr_assert_eq(pko_mission_set(mission, "danger.own", 0.1), PKO_OK);
    cr_assert(mission->plots.count > 0 && mission->convoys.count > 0 && mission->ledger.incidents.count > 0);
    void *bytes = NULL;
    cr_assert_eq(pko_mission_save(mission, &bytes, &saved.size), PKO_OK);
    saved.bytes = bytes;
    pko_mission_free(mission);
    return saved;
}

static void expect_refused(const struct saved *saved, const void *bytes, size_t size, const char *what,
                           size_t where) {
    struct pko_mission *mission = (struct pko_mission *)&mission; /* anything but NULL */
    int status = pko_mission_load(saved->scenario, bytes, size, &mission);
    cr_assert(status == PKO_ERROR_VERSION && !mission, "%s at byte %zu of %zu: status %d", what, where,
              saved->size, status);
}

Test(checkpoint, damaged_bytes_are_refused) {
    struct saved saved = save_tiny();
    struct pko_stream stream = {1, 0};
    /* One bit of every byte of both ends, and of others all along. */
    for (size_t at = 0; at < saved.size;
         at += at < 600 || at + 200 > saved.size ? 1 : saved.size / 3001 + 1) {
        unsigned bit = pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 0, 0, (uint32_t)at).word[0] % 8;
        saved.bytes[at] ^= (unsigned char)(1u << bit);
        expect_refused(&saved, saved.bytes, saved.size, "a bit flipped", at);
        saved.bytes[at] ^= (unsigned char)(1u << bit);
    }
    /* Several at a time, words swapped, stretches cleared. */
    unsigned char *damaged = malloc(saved.size);
    cr_assert_not_null(damaged);
    for (uint32_t k = 0; k < 300; k++) {
        struct pko_words words = pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 1, 0, k);
        memcpy(damaged, saved.bytes, saved.size);
        size_t at = pko_below(words.word[0], (uint32_t)saved.size - 64),
               to = pko_below(words.word[1], (uint32_t)saved.size - 64);
        memmove(damaged + to, damaged + at, 8 + words.word[2] % 56);
        damaged[to] ^= (unsigned char)(1 + words.word[3] % 255);
        if (memcmp(damaged, saved.bytes, saved.size) != 0)
            expect_refused(&saved, damaged, saved.size, "bytes moved", to);
    }
    free(damaged);
    struct pko_mission *whole = NULL;
    cr_expect_eq(pko_mission_load(saved.scenario, saved.bytes, saved.size, &whole), PKO_OK,
                 "the undamaged bytes load");
    pko_mission_free(whole);
    free(saved.bytes);
    pko_scenario_free(saved.scenario);
}

/* Bytes cut off, each time in a block of exactly that size, so that a read past the end is seen; and bytes
 * added. */
Test(checkpoint, wrong_sizes_are_refused) {
    struct saved saved = save_tiny();
    for (size_t size = 0; size < saved.size;
         size += size < 300 || size + 300 > saved.size ? 1 : saved.size / 501 + 1) {
        void *part = malloc(size ? size : 1);
        cr_assert_not_null(part);
        memcpy(part, saved.bytes, size);
        expect_refused(&saved, part, size, "cut off", size);
        free(part);
    }
    unsigned char *longer = calloc(1, saved.size + 64);
    cr_assert_not_null(longer);
    memcpy(longer, saved.bytes, saved.size);
    for (size_t more = 1; more <= 64; more++)
        expect_refused(&saved, longer, saved.size + more, "added to", saved.size + more);
    free(longer);
    free(saved.bytes);
    pko_scenario_free(saved.scenario);
}

Test(checkpoint, other_scenarios_are_refused) {
    struct saved saved = save_tiny();
    struct pko_scenario *other[] = {scenario_of("minusma", NULL), scenario_of("small", NULL),
                                    SMALL("scale", "0.01", "record.events", "true", "regions.gao.threat",
                                          "[[2018-07-01, 1]]", "days", "61"),
                                    SMALL("scale", "0.01", "record.events", "true", "regions.gao.threat",
                                          "[[2018-07-01, 1]]", "days", "60", "seed", "8")};
    for (size_t k = 0; k < sizeof other / sizeof *other; k++) {
        struct saved elsewhere = {other[k], saved.bytes, saved.size};
        expect_refused(&elsewhere, saved.bytes, saved.size, "another scenario", k);
        pko_scenario_free(other[k]);
    }
    struct pko_scenario *same = tiny(); /* loaded anew */
    struct pko_mission *mission = NULL;
    cr_expect_eq(pko_mission_load(same, saved.bytes, saved.size, &mission), PKO_OK);
    pko_mission_free(mission);
    pko_scenario_free(same);
    free(saved.bytes);
    pko_scenario_free(saved.scenario);
}
