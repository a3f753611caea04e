/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/names.h"
#include "cli/command.h"
#include "cli/compared.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/status.h"

struct options {
    const char *words[2], **outcomes;
    int count;
    size_t outcome_count;
    bool json;
};
enum { KEY_OUTCOME = 0x100, KEY_JSON };

static const struct argp_option list[] = {
    {"outcome", KEY_OUTCOME, "NAME", 0, "outcome to compare; repeat for several (the table's)", 0},
    {"json", KEY_JSON, NULL, 0, "print every outcome as JSON, not the table", 0},
    {0}};

static error_t add_outcome(struct options *options, const char *name) {
    const char **names = realloc(options->outcomes, (options->outcome_count + 1) * sizeof *names);
    if (!names)
        return ENOMEM;
    options->outcomes = names;
    names[options->outcome_count++] = name;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    switch (key) {
    case KEY_OUTCOME:
        return add_outcome(options, argument);
    case KEY_JSON:
        options->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 1)
            argp_error(state, "two files at a time: '%s' is one too many", argument);
        options->words[options->count++] = argument;
        return 0;
    case ARGP_KEY_END:
        if (options->count < 2)
            argp_error(state, "which two files?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_compare = {
    .options = list,
    .parser = parse,
    .args_doc = "FILE[:REGIME] FILE[:REGIME]",
    .doc = "Compare two files written by 'pkosim run', second minus first: as pairs where scenario, seed and "
           "replicates agree (settings may differ), as independent samples otherwise; it says which and why. "
           "Without REGIME each regime that both files hold."
           "\vExamples:\n"
           "  pkosim compare uncut.h5 cut.h5\n"
           "  pkosim compare uncut.h5:minusma cut.h5:monusco --outcome access\n"
           "  pkosim compare uncut.h5:minusma uncut.h5:monusco"};

/* A file named on the command line, and the regime that was asked for. */
struct named {
    char *path, *regime; /* regime NULL: none */
    struct pko_reader *reader;
    char **regimes; /* of the file */
    size_t count;
};

/* "a.h5:open" is regime open of a.h5, unless a file has just that name. */
static bool split(const char *word, struct named *named) {
    const char *colon = access(word, F_OK) == 0 ? NULL : strrchr(word, ':');
    named->path = colon ? strndup(word, (size_t)(colon - word)) : strdup(word);
    named->regime = colon ? strdup(colon + 1) : NULL;
    return named->path && (!colon || named->regime);
}

static int open_named(const char *word, struct named *named, char **message) {
    if (!split(word, named))
        return PKO_ERROR_MEMORY;
    int status = pko_reader_open(named->path, &named->reader, message);
    int found = status == PKO_OK ? pko_reader_find(named->reader, "regime") : -1;
    const struct pko_reader_variable *variable =
        found < 0 ? NULL : pko_reader_variable(named->reader, (size_t)found);
    if (status != PKO_OK)
        return status;
    if (!variable || variable->rank != 1)
        return asprintf(message, "'%s' is damaged: it names no regimes", named->path) < 0 ? PKO_ERROR_MEMORY
                                                                                          : PKO_ERROR_INPUT;
    named->count = (size_t)variable->count;
    return pko_reader_texts(named->reader, (size_t)found, &named->regimes, message);
}

static void close_named(struct named *named) {
    pko_reader_free(named->reader);
    free(named->regimes);
    free(named->regime);
    free(named->path);
}

static const char *name_of_regime(const void *context, size_t k) {
    const struct named *named = context;
    return k < named->count ? named->regimes[k] : NULL;
}

/* Place of a regime in the file, or its count if it has none of that name. */
static size_t place_of(const struct named *named, const char *regime) {
    size_t at = 0;
    while (at < named->count && strcmp(named->regimes[at], regime) != 0)
        at++;
    return at;
}

static int unknown_regime(const struct named *named, const char *regime) {
    const char *nearest = pko_name_nearest(regime, name_of_regime, named);
    fprintf(stderr, "pkosim: '%s' holds no regime '%s'", named->path, regime);
    if (nearest)
        fprintf(stderr, " (nearest: '%s')", nearest);
    fputs("; it holds ", stderr);
    for (size_t k = 0; k < named->count; k++)
        fprintf(stderr, "%s%s", k ? ", " : "", named->regimes[k]);
    fputc('\n', stderr);
    return PKO_EXIT_INPUT;
}

/* The places of the next two regimes to compare, from place *at of the first file on; false if there are no
 * more.
 */
static bool next_pair(const struct named *files, size_t *at, size_t places[2]) {
    const struct named *one = &files[0], *other = &files[1];
    bool asked = one->regime || other->regime || (one->count == 1 && other->count == 1);
    if (asked) {
        if (*at > 0)
            return false;
        *at = 1;
        /* the one that is not named: of the same name, else the only one */
        const char *name = one->regime ? one->regime : other->regime;
        for (int side = 0; side < 2; side++) {
            places[side] = !name                ? 0
                           : files[side].regime ? place_of(&files[side], files[side].regime)
                                                : place_of(&files[side], name);
            if (!files[side].regime && files[side].count == 1)
                places[side] = 0;
        }
        return true;
    }
    for (; *at < one->count; (*at)++) {
        size_t there = place_of(other, one->regimes[*at]);
        if (there == other->count)
            continue;
        places[0] = (*at)++;
        places[1] = there;
        return true;
    }
    return false;
}

static int compare_regimes(const struct named *files, const size_t places[2], const struct options *options,
                           struct pko_json *json, bool first) {
    struct pko_compared compared = {.outcomes = options->outcomes, .outcome_count = options->outcome_count};
    char *message = NULL;
    for (int side = 0; side < 2; side++) {
        compared.files[side] = files[side].path;
        compared.regimes[side] = files[side].regimes[places[side]];
    }
    struct pko_side sides[2] = {{.reader = files[0].reader, .regime = places[0]},
                                {.reader = files[1].reader, .regime = places[1]}};
    int status = pko_compare(&sides[0], &sides[1], &compared.comparison, &message);
    int code = pko_exit_of(status);
    if (status != PKO_OK)
        pko_report(code, "%s", message ? message : pko_status_text(status));
    else
        code = pko_compared_know(&compared, json != NULL);
    if (code == PKO_EXIT_OK && first)
        pko_compared_begin(json, stdout);
    if (code == PKO_EXIT_OK && json)
        pko_compared_json(&compared, json);
    else if (code == PKO_EXIT_OK && pko_compared_print(&compared, stdout) != PKO_OK)
        code = pko_report(PKO_EXIT_MEMORY, "out of memory");
    free(message);
    pko_comparison_free(&compared.comparison);
    return code;
}

static int compare_all(const struct named *files, const struct options *options) {
    size_t at = 0, places[2];
    int code = PKO_EXIT_OK, count = 0;
    struct pko_json json = pko_json_start(stdout);
    for (int side = 0; side < 2; side++)
        if (files[side].regime && place_of(&files[side], files[side].regime) == files[side].count)
            return unknown_regime(&files[side], files[side].regime);
    while (code == PKO_EXIT_OK && next_pair(files, &at, places)) {
        for (int side = 0; side < 2; side++)
            if (places[side] == files[side].count)
                return unknown_regime(&files[side], files[1 - side].regime);
        code = compare_regimes(files, places, options, options->json ? &json : NULL, count++ == 0);
    }
    if (count == 0)
        return pko_report(PKO_EXIT_INPUT,
                          "'%s' and '%s' have no regime in common: name one of each, as in %s:%s",
                          files[0].path, files[1].path, files[0].path, files[0].regimes[0]);
    while (json.depth > 0)
        pko_json_close(&json);
    return code;
}

int pko_command_compare(int argc, char **argv) {
    struct options options = {0};
    struct named files[2] = {{0}};
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_compare, &options);
    int status = open_named(options.words[0], &files[0], &message);
    if (status == PKO_OK)
        status = open_named(options.words[1], &files[1], &message);
    int code = pko_exit_of(status);
    if (status == PKO_OK)
        code = compare_all(files, &options);
    else
        pko_report(code, "%s", message ? message : pko_status_text(status));
    free(message);
    close_named(&files[0]);
    close_named(&files[1]);
    free(options.outcomes);
    return code;
}
