/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/twin_runs.h"
#include "cli/words.h"

/* Whether the word is this option, its value in the same word or (*next) in the one behind it. */
static bool is_option(const char *word, const char *option, bool *next) {
    size_t length = strlen(option);
    if (strncmp(word, option, length) != 0)
        return false;
    *next = word[length] == 0;
    return *next || word[length] == '=';
}

/* "small.h5" as "small-from-12.h5". */
static char *file_from(const char *path, uint32_t replicate) {
    const char *name = strrchr(path, '/'), *dot = strrchr(name ? name : path, '.');
    size_t stem = dot && dot != path && dot[-1] != '/' ? (size_t)(dot - path) : strlen(path);
    char *text = NULL;
    if (asprintf(&text, "%.*s-from-%" PRIu32 "%s", (int)stem, path, replicate, path + stem) < 0)
        return NULL;
    return text;
}

char *pko_twin_runs_rest(const struct pko_twin_run_options *options, uint32_t done, uint32_t planned,
                         const char *out) {
    /* With --replicates auto it is the limit that shrinks: the rest too may be precise enough before that. */
    const char *number = options->settings.replicates_auto ? "--max-replicates" : "--replicates";
    const char *const replaced[] = {"--first-replicate", number, "--out", "--observables"};
    uint32_t first = options->first_replicate + done;
    char first_text[16], count_text[16], *line = NULL;
    char *file = file_from(out, first);
    char *csv = options->observables ? file_from(options->observables, first) : NULL;
    char **words = calloc((size_t)options->word_count + 8, sizeof *words);
    if (!file || !words || (options->observables && !csv))
        goto out;
    snprintf(first_text, sizeof first_text, "%" PRIu32, first);
    uint32_t left = planned - done, least = options->settings.replicates_auto ? 2 : 1; /* as --help allows */
    snprintf(count_text, sizeof count_text, "%" PRIu32, left < least ? least : left);
    /* Right behind the command: words after a "--" would not be options. */
    const char *const added[] = {"--first-replicate", first_text, number, count_text, "--out", file};
    int count = 0;
    bool options_end = false;
    for (int k = 0; k < options->word_count; k++) {
        bool drop = false, next = false;
        options_end |= strcmp(options->words[k], "--") == 0;
        for (size_t option = 0; k > 1 && !options_end && !drop && option < sizeof replaced / sizeof *replaced;
             option++)
            drop = is_option(options->words[k], replaced[option], &next);
        if (!drop)
            words[count++] = options->words[k];
        else
            k += next;
        for (size_t option = 0; k == 1 && option < sizeof added / sizeof *added; option++)
            words[count++] = (char *)added[option]; /* only read from here on */
        if (k == 1 && csv) {
            words[count++] = (char *)"--observables";
            words[count++] = csv;
        }
    }
    line = pko_words_quoted(count, words);
out:
    free(words);
    free(csv);
    free(file);
    return line;
}
