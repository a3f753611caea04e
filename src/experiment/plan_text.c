/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* open_memstream, asprintf, strchrnul */
#include "experiment/plan_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/pkosim.h"
#include "pkosim/status.h"
#include "record/build.h"
#include "record/number.h"
#include "record/sha256.h"

#define SHOWN_MOST 100 /* bytes of a value in a message */

/* The design's points as one hash: numbers as little-endian doubles, −0 as 0, NaN as one pattern. */
static void hash_values(const struct pko_plan *plan, char text[PKO_SHA256_TEXT]) {
    struct pko_sha256 hash;
    pko_sha256_init(&hash);
    for (size_t k = 0; k < plan->points * plan->factors; k++) {
        double value = isnan(plan->values[k]) ? (double)NAN : plan->values[k] + 0.0;
        uint64_t bits;
        unsigned char bytes[8];
        memcpy(&bits, &value, sizeof bits);
        for (int b = 0; b < 8; b++)
            bytes[b] = (unsigned char)(bits >> (8 * b));
        pko_sha256_add(&hash, bytes, sizeof bytes);
    }
    pko_sha256_end(&hash, text);
}

static void print_factor(FILE *stream, const struct pko_factor *factor) {
    char low[32], high[32];
    pko_number_text(factor->least, low);
    pko_number_text(factor->most, high);
    fprintf(stream, "parameter %s: [%s, %s] %s", factor->name, low, high,
            factor->logarithmic ? "log" : "linear");
    if (factor->levels)
        fprintf(stream, " levels %d", factor->levels);
    for (int k = 0; k < factor->values.count; k++) {
        pko_number_text(factor->values.numbers[k], low);
        fprintf(stream, "%s%s", k ? ", " : " values ", low);
    }
    fputc('\n', stream);
}

/* What decides the results beside the program. */
static void print_design(FILE *stream, const struct pko_plan *plan) {
    const struct pko_campaign *campaign = plan->campaign;
    char hash[PKO_SHA256_TEXT];
    pko_sha256_of(plan->scenario_text, strlen(plan->scenario_text), hash);
    fprintf(stream, "scenario: %s\nscenario_sha256: %s\n", plan->base->name, hash);
    for (int k = 0; k < campaign->setting_count; k++)
        fprintf(stream, "setting %s: %s\n", campaign->settings[k].name, campaign->settings[k].value);
    fputs("regimes:", stream);
    for (size_t k = 0; k < plan->regimes; k++)
        fprintf(stream, " %s", plan->regime_names[k]);
    fprintf(stream, "\nreplicates: %zu\nseed: %" PRIu64 "\ndesign: %s\nsize: %d\nlevels: %d\n",
            plan->replicates, plan->base->seed, pko_design_name(campaign->design), campaign->size,
            campaign->levels);
    for (size_t k = 0; k < plan->factors; k++)
        print_factor(stream, &campaign->factors[k]);
    hash_values(plan, hash);
    fprintf(stream, "points: %zu\npoints_sha256: %s\n", plan->points, hash);
    for (size_t k = 0; k < plan->kept_count; k++) {
        const struct pko_kept *kept = &plan->kept[k];
        fprintf(stream, "outcome %s:", kept->name);
        if (kept->outcome == SIZE_MAX)
            fprintf(stream, " %s, records %zu to %zu", pko_measure(kept->measure)->name, kept->first,
                    kept->end - 1);
        fputc('\n', stream);
    }
    for (size_t k = 0; k < plan->series_count; k++)
        fprintf(stream, "series %s:\n", pko_measure(plan->series[k])->name);
    fprintf(stream, "shard: %zu points, %zu replicates\n", plan->shard_points, plan->shard_replicates);
}

int pko_plan_write_text(struct pko_plan *plan) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return PKO_ERROR_MEMORY;
    fprintf(stream, "version: %s\ncommit: %s\n\n", pko_version(), pko_build_commit());
    print_design(stream, plan);
    if (ferror(stream) | (fclose(stream) != 0)) {
        free(text);
        return PKO_ERROR_MEMORY;
    }
    plan->text = text;
    const char *design = strstr(text, "\n\n") + 2;
    pko_sha256_of(design, strlen(design), plan->hash);
    return PKO_OK;
}

/* The line that begins at `line`: its key, up to the colon, and its value. */
struct entry {
    const char *key, *value;
    int key_length, value_length;
};

static struct entry entry_of(const char *line) {
    const char *end = strchrnul(line, '\n'), *colon = line;
    while (colon + 1 < end && !(colon[0] == ':' && (colon[1] == ' ' || colon + 1 == end)))
        colon++;
    if (*colon != ':')
        colon = end;
    struct entry entry = {.key = line, .key_length = (int)(colon - line), .value = end};
    if (colon + 2 <= end)
        entry.value = colon + 2;
    entry.value_length = (int)(end - entry.value);
    return entry;
}

/* The value behind a key; false if the text has no such line. */
static bool find_entry(const char *text, const struct entry *wanted, struct entry *found) {
    for (const char *line = text; *line; line = strchrnul(line, '\n'), line += *line == '\n') {
        *found = entry_of(line);
        if (found->key_length == wanted->key_length &&
            memcmp(found->key, wanted->key, (size_t)wanted->key_length) == 0)
            return true;
    }
    return false;
}

static char *say(const struct entry *here, const struct entry *there) {
    const struct entry *key = here ? here : there;
    char *text = NULL;
    int length = -1;
    if (here && there)
        length = asprintf(&text, "%.*s is '%.*s', there it is '%.*s'", key->key_length, key->key,
                          here->value_length < SHOWN_MOST ? here->value_length : SHOWN_MOST, here->value,
                          there->value_length < SHOWN_MOST ? there->value_length : SHOWN_MOST, there->value);
    else
        length = asprintf(&text, "%.*s is %s", key->key_length, key->key, here ? "new" : "gone");
    return length < 0 ? NULL : text;
}

char *pko_plan_difference(const char *here, const char *there, bool program) {
    const char *mine = strstr(here, "\n\n"), *its = strstr(there, "\n\n");
    struct entry entry, other;
    if (!program && mine)
        here = mine + 2;
    if (!program && its)
        there = its + 2;
    for (const char *line = here; *line; line = strchrnul(line, '\n'), line += *line == '\n') {
        entry = entry_of(line);
        bool known = find_entry(there, &entry, &other);
        if (!known || entry.value_length != other.value_length ||
            memcmp(entry.value, other.value, (size_t)entry.value_length) != 0)
            return say(&entry, known ? &other : NULL);
    }
    for (const char *line = there; *line; line = strchrnul(line, '\n'), line += *line == '\n') {
        entry = entry_of(line);
        if (!find_entry(here, &entry, &other))
            return say(NULL, &entry);
    }
    return NULL;
}
