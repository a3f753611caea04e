/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "record/message.h"

#define BLOCK 64 /* replicates read at a time, so that memory does not grow with them */

/* The variables of outcomes of one side. */
struct source {
    const struct pko_reader *reader;
    size_t variable, count; /* `outcome`, and outcomes of a run */
    char **names;           /* owned */
    size_t *place;          /* of each outcome compared, along the file's own; owned */
    double *values;         /* BLOCK runs; owned */
};

static int lacking(char **message, const char *what) {
    pko_message(message, "a file to be compared has no %s", what);
    return PKO_ERROR_INPUT;
}

static int open_source(struct pko_side *side, struct source *source, char **message) {
    const struct pko_reader *reader = side->reader;
    int outcome = pko_reader_find(reader, "outcome"), names = pko_reader_find(reader, "outcome_name");
    const struct pko_reader_variable *variable =
        outcome < 0 ? NULL : pko_reader_variable(reader, (size_t)outcome);
    const struct pko_reader_variable *labels = names < 0 ? NULL : pko_reader_variable(reader, (size_t)names);
    if (!variable || !labels || variable->rank != 3 || variable->type != PKO_READ_REAL ||
        variable->bytes != sizeof(double) || labels->count != variable->shape[2] ||
        side->regime >= variable->shape[0] || variable->shape[1] > UINT32_MAX ||
        variable->shape[2] > SIZE_MAX / 64 / BLOCK)
        return lacking(message, "outcomes");
    const struct pko_reader_attribute *first = pko_reader_about(reader, "first_replicate");
    if (!first || !first->whole || first->integer > UINT32_MAX - variable->shape[1])
        return lacking(message, "number of the first replicate");
    side->first = (uint32_t)first->integer;
    side->replicates = (uint32_t)variable->shape[1];
    source->reader = reader;
    source->variable = (size_t)outcome;
    source->count = (size_t)variable->shape[2];
    source->values = malloc((BLOCK * source->count + 1) * sizeof *source->values);
    source->place = calloc(source->count + 1, sizeof *source->place);
    int status = pko_reader_texts(reader, (size_t)names, &source->names, message);
    return status == PKO_OK && (!source->values || !source->place) ? PKO_ERROR_MEMORY : status;
}

static void free_source(struct source *source) {
    free(source->names);
    free(source->place);
    free(source->values);
}

/* The outcomes that both have. */
static int match(struct pko_comparison *comparison, struct source *one, struct source *other) {
    size_t size = 0, *places = calloc(one->count + 1, sizeof *places), found = 0;
    if (!places)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < one->count; k++) {
        size_t at = k; /* files of one scenario have the same order */
        if (at >= other->count || strcmp(one->names[k], other->names[at]) != 0)
            for (at = 0; at < other->count && strcmp(one->names[k], other->names[at]) != 0;)
                at++;
        if (at == other->count)
            continue;
        one->place[found] = k;
        places[found++] = at;
        size += strlen(one->names[k]) + 1;
    }
    free(other->place);
    other->place = places;
    comparison->outcome_count = found;
    comparison->left_out = one->count + other->count - 2 * found;
    comparison->names = malloc((found + 1) * sizeof *comparison->names + size);
    comparison->both = calloc(found + 1, sizeof *comparison->both);
    for (int side = 0; side < 2; side++)
        comparison->moments[side] = calloc(found + 1, sizeof *comparison->moments[side]);
    if (!comparison->names || !comparison->both || !comparison->moments[0] || !comparison->moments[1])
        return PKO_ERROR_MEMORY;
    char *end = (char *)(comparison->names + found + 1);
    for (size_t k = 0; k < found; k++) {
        comparison->names[k] = end;
        end = stpcpy(end, one->names[one->place[k]]) + 1;
    }
    return PKO_OK;
}

/* --- Whether the runs are pairs */

static bool same_text(const struct pko_side *sides, const char *name) {
    const struct pko_reader_attribute *one = pko_reader_about(sides[0].reader, name);
    const struct pko_reader_attribute *other = pko_reader_about(sides[1].reader, name);
    return one && other && one->text && other->text && strcmp(one->text, other->text) == 0;
}

static uint64_t seed_of(const struct pko_side *side) {
    const struct pko_reader_attribute *seed = pko_reader_about(side->reader, "seed");
    return seed && seed->whole ? seed->integer : 0;
}

static bool has_seed(const struct pko_side *side) {
    const struct pko_reader_attribute *seed = pko_reader_about(side->reader, "seed");
    return seed && seed->whole;
}

static void say_versions(struct pko_comparison *comparison) {
    size_t used = strlen(comparison->why);
    if (!same_text(comparison->sides, "pkosim_version"))
        snprintf(comparison->why + used, PKO_WHY_SIZE - used,
                 " They were written by different versions of the program.");
}

static void decide(struct pko_comparison *comparison) {
    const struct pko_side *sides = comparison->sides;
    uint32_t first = sides[0].first > sides[1].first ? sides[0].first : sides[1].first;
    uint32_t ends[2] = {sides[0].first + sides[0].replicates, sides[1].first + sides[1].replicates};
    uint32_t end = ends[0] < ends[1] ? ends[0] : ends[1], common = end > first ? end - first : 0;
    bool one_each = sides[0].replicates == 1 && sides[1].replicates == 1 && common == 1;
    bool whole = common == sides[0].replicates && common == sides[1].replicates;
    uint64_t seed = seed_of(&sides[0]);
    bool same_seed = has_seed(&sides[0]) && has_seed(&sides[1]) && seed == seed_of(&sides[1]);
    char *why = comparison->why;
    if (!same_seed) {
        snprintf(why, PKO_WHY_SIZE, "Not paired: the seeds differ (%" PRIu64 " and %" PRIu64 ").", seed,
                 seed_of(&sides[1]));
    } else if (!same_text(sides, "scenario")) {
        snprintf(why, PKO_WHY_SIZE, "Not paired: the texts of the scenarios differ.%s",
                 common ? " The seed is the same, so the runs may not be independent and the intervals not "
                          "exact: give one of them another seed."
                        : "");
    } else if (common < 2 && !one_each) {
        snprintf(why, PKO_WHY_SIZE,
                 "Not paired: same scenario and seed, but %s replicate in common (%" PRIu32 " to %" PRIu32
                 " and %" PRIu32 " to %" PRIu32 ").",
                 common ? "only one" : "no", sides[0].first, ends[0] - 1, sides[1].first, ends[1] - 1);
    } else {
        comparison->paired = true;
        comparison->first = first;
        comparison->pairs = common;
        snprintf(why, PKO_WHY_SIZE,
                 "Paired: same scenario, seed %" PRIu64 " and replicates (%" PRIu32 " to %" PRIu32 ").%s",
                 seed, first, end - 1, whole ? "" : " The replicates that only one side has are left out.");
    }
    say_versions(comparison);
}

/* --- Sums */

/* Reads runs `first`, … of a side; `count` ≤ BLOCK. */
static int read_block(const struct pko_side *side, struct source *source, uint32_t first, uint32_t count,
                      char **message) {
    const uint64_t start[PKO_READER_RANK_MOST] = {side->regime, first, 0};
    const uint64_t size[PKO_READER_RANK_MOST] = {1, count, source->count};
    return pko_reader_box(source->reader, source->variable, start, size, source->values, message);
}

static int add_side(struct pko_comparison *comparison, int side, struct source *source, char **message) {
    const struct pko_side *from = &comparison->sides[side];
    uint32_t count;
    int status = PKO_OK;
    for (uint32_t k = 0; status == PKO_OK && k < from->replicates; k += count) {
        count = from->replicates - k < BLOCK ? from->replicates - k : BLOCK;
        status = read_block(from, source, k, count, message);
        for (uint32_t run = 0; status == PKO_OK && run < count; run++)
            for (size_t o = 0; o < comparison->outcome_count; o++)
                pko_moments_add(&comparison->moments[side][o],
                                source->values[run * source->count + source->place[o]]);
    }
    return status;
}

static void add_pair(struct pko_comparison *comparison, const struct source *sources, uint32_t run) {
    for (size_t o = 0; o < comparison->outcome_count; o++) {
        double values[2];
        for (int side = 0; side < 2; side++) {
            values[side] = sources[side].values[run * sources[side].count + sources[side].place[o]];
            pko_moments_add(&comparison->moments[side][o], values[side]);
        }
        pko_pair_add(&comparison->both[o], values[0], values[1]);
    }
}

static int add_pairs(struct pko_comparison *comparison, struct source *sources, char **message) {
    uint32_t count;
    int status = PKO_OK;
    for (uint32_t k = 0; status == PKO_OK && k < comparison->pairs; k += count) {
        count = comparison->pairs - k < BLOCK ? comparison->pairs - k : BLOCK;
        for (int side = 0; status == PKO_OK && side < 2; side++)
            status = read_block(&comparison->sides[side], &sources[side],
                                comparison->first + k - comparison->sides[side].first, count, message);
        for (uint32_t run = 0; status == PKO_OK && run < count; run++)
            add_pair(comparison, sources, run);
    }
    return status;
}

int pko_compare(const struct pko_side *one, const struct pko_side *other, struct pko_comparison *comparison,
                char **message) {
    struct source sources[2] = {{0}};
    *comparison = (struct pko_comparison){.sides = {*one, *other}};
    if (message)
        *message = NULL;
    int status = open_source(&comparison->sides[0], &sources[0], message);
    if (status == PKO_OK)
        status = open_source(&comparison->sides[1], &sources[1], message);
    if (status == PKO_OK)
        status = match(comparison, &sources[0], &sources[1]);
    if (status == PKO_OK) {
        decide(comparison);
        if (comparison->paired)
            status = add_pairs(comparison, sources, message);
    }
    for (int side = 0; status == PKO_OK && !comparison->paired && side < 2; side++)
        status = add_side(comparison, side, &sources[side], message);
    free_source(&sources[0]);
    free_source(&sources[1]);
    return status;
}

void pko_comparison_free(struct pko_comparison *comparison) {
    free(comparison->names);
    free(comparison->both);
    free(comparison->moments[0]);
    free(comparison->moments[1]);
    *comparison = (struct pko_comparison){0};
}

struct pko_difference pko_comparison_difference(const struct pko_comparison *comparison, size_t outcome) {
    return comparison->paired
               ? pko_difference(&comparison->both[outcome])
               : pko_difference_unpaired(&comparison->moments[0][outcome], &comparison->moments[1][outcome]);
}
