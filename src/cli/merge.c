/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/merging.h"
#include "cli/report.h"
#include "cli/sweep.h"
#include "cli/words.h"
#include "pkosim/status.h"

struct words {
    const char *path, *copy;
    bool force, quiet;
};
enum { KEY_COPY = 0x100, KEY_FORCE, KEY_QUIET };

static const struct argp_option options[] = {
    {"copy", KEY_COPY, "FILE", 0, "write an HDF5 file too that holds the data itself, to send around", 0},
    {"force", KEY_FORCE, NULL, 0, "replace that file if it exists", 0},
    {"quiet", KEY_QUIET, NULL, 0, "no notes", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct words *words = state->input;
    switch (key) {
    case KEY_COPY:
        if (!*argument)
            argp_error(state, "--copy wants a file name");
        words->copy = argument;
        return 0;
    case KEY_FORCE:
        words->force = true;
        return 0;
    case KEY_QUIET:
        words->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one directory at a time: '%s' is one too many", argument);
        words->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which directory? One that 'pkosim sweep' made");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_merge = {
    .options = options,
    .parser = parse,
    .args_doc = "DIR",
    .doc =
        "Make what there is of a campaign readable: DIR/campaign.h5, which shows all shards as one file, and "
        "DIR/summary.csv, a row for each run. 'pkosim sweep' does so itself when it is alone and done."
        "\vExamples:\n"
        "  pkosim merge smoke\n"
        "  pkosim merge smoke --copy smoke.h5\n"
        "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk, 75 runs are missing (the rest is "
        "merged)."};

int pko_command_merge(int argc, char **argv) {
    struct words words = {0};
    struct pko_plan *plan = NULL;
    struct pko_store *store = NULL;
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_merge, &words);
    int status = pko_store_load(words.path, &plan, &store, &message);
    int code = status == PKO_OK ? pko_merging(plan, store, words.path, words.copy, words.force, words.quiet)
                                : pko_sweep_failed(status, message);
    pko_store_free(store);
    pko_plan_free(plan);
    return code;
}
