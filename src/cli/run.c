/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/twin_runs.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "experiment/twins.h"

enum {
    KEY_FIRST = 0x100,
    KEY_THREADS,
    KEY_OUT,
    KEY_FORCE,
    KEY_OBSERVABLES,
    KEY_JSON,
    KEY_QUIET,
    KEY_PRECISION,
    KEY_OUTCOME,
    KEY_MAX
};
#define MOST_THREADS    4096
#define PRECISION       0.1
#define MOST_REPLICATES 1000

static const struct argp_option options[] = {
    {"first-replicate", KEY_FIRST, "K", 0, "number of the first replicate (0)", 1},
    {"precision", KEY_PRECISION, "P", 0, "of --replicates auto: half-width over mean (0.1)", 1},
    {"outcome", KEY_OUTCOME, "NAME", 0, "outcome whose precision counts; repeat for several (the table's)",
     1},
    {"max-replicates", KEY_MAX, "N", 0, "of --replicates auto, at most so many (1000)", 1},
    {"threads", KEY_THREADS, "T", 0, "threads (as many as processors)", 3},
    {"out", KEY_OUT, "FILE", 0, "HDF5 file to write (NAME.h5)", 3},
    {"force", KEY_FORCE, NULL, 0, "replace files that exist", 3},
    {"observables", KEY_OBSERVABLES, "CSV", 0, "write every outcome's mean and error as well", 3},
    {"json", KEY_JSON, NULL, 0, "print every outcome as JSON, not the table", 3},
    {"quiet", KEY_QUIET, NULL, 0, "no progress, no notes", 3},
    {0}};

static unsigned long number(struct argp_state *state, const char *option, const char *text,
                            unsigned long least, unsigned long most) {
    unsigned long value = 0;
    if (pko_words_number(text, most, &value) != 0 || value < least)
        argp_error(state, "%s wants a whole number from %lu to %lu, not '%s'", option, least, most, text);
    return value;
}

static double precision(struct argp_state *state, const char *text) {
    char *end = NULL;
    double value = strspn(text, "0123456789.eE-") == strlen(text) ? strtod(text, &end) : 0.0;
    if (!end || *end || !(value > 0.0 && value <= 10.0))
        argp_error(state, "--precision wants a number above 0 and up to 10, not '%s'", text);
    return value;
}

static error_t add_outcome(struct pko_twin_run_options *campaign, const char *name) {
    const char **names = realloc(campaign->outcomes, (campaign->outcome_count + 1) * sizeof *names);
    if (!names)
        return ENOMEM;
    campaign->outcomes = names;
    names[campaign->outcome_count++] = name;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct pko_twin_run_options *campaign = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &campaign->settings;
        return 0;
    case KEY_FIRST:
        campaign->first_replicate =
            (uint32_t)number(state, "--first-replicate", argument, 0, PKO_REPLICATES_MOST - 1);
        return 0;
    case KEY_PRECISION:
        campaign->precision = precision(state, argument);
        return 0;
    case KEY_OUTCOME:
        return add_outcome(campaign, argument);
    case KEY_MAX:
        campaign->max_replicates =
            (uint32_t)number(state, "--max-replicates", argument, 2, PKO_REPLICATES_MOST);
        return 0;
    case ARGP_KEY_END:
        if (!campaign->settings.replicates_auto &&
            (campaign->precision > 0.0 || campaign->outcome_count || campaign->max_replicates))
            argp_error(state, "--precision, --outcome and --max-replicates go with --replicates auto");
        return 0;
    case KEY_THREADS:
        campaign->threads = (int)number(state, "--threads", argument, 1, MOST_THREADS);
        return 0;
    case KEY_OUT:
    case KEY_OBSERVABLES:
        if (!*argument)
            argp_error(state, "%s wants a file name", key == KEY_OUT ? "--out" : "--observables");
        *(key == KEY_OUT ? &campaign->out : &campaign->observables) = argument;
        return 0;
    case KEY_FORCE:
        campaign->force = true;
        return 0;
    case KEY_JSON:
        campaign->json = true;
        return 0;
    case KEY_QUIET:
        campaign->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one scenario at a time: '%s' is one too many", argument);
        campaign->scenario = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&pko_cli_settings_argp, 0, NULL, 0}, {0}};
const struct argp pko_argp_run = {
    .options = options,
    .parser = parse,
    .args_doc = "[SCENARIO]",
    .doc = "Run a scenario (built in or a .yaml file; default: minusma) as twins under its sharing regimes; "
           "write "
           "everything into one HDF5 file and show how the regimes differ."
           "\vExamples:\n"
           "  pkosim run\n"
           "  pkosim run small --regime minusma --regime open --replicates 40\n"
           "  pkosim run my.yaml --set danger.own=0.1 --cut tips_to_warning@2019-01-01\n"
           "  pkosim run small --replicates auto --precision 0.05 --outcome access\n"
           "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk, 75 stopped early.",
    .children = children};

int pko_command_run(int argc, char **argv) {
    struct pko_twin_run_options campaign = {.scenario = "minusma"};
    char **words = calloc((size_t)argc + 1, sizeof *words);
    if (!words)
        return pko_report(PKO_EXIT_MEMORY, "out of memory");
    /* As typed: argp reorders argv, and argv[0] is "pkosim run" by now. */
    words[0] = (char *)"pkosim";
    words[1] = (char *)"run";
    for (int k = 1; k < argc; k++)
        words[k + 1] = argv[k];
    campaign.words = words;
    campaign.word_count = argc + 1;
    pko_words_parse(argc, argv, &pko_argp_run, &campaign);
    if (!(campaign.precision > 0.0))
        campaign.precision = PRECISION;
    if (campaign.max_replicates == 0)
        campaign.max_replicates = MOST_REPLICATES;
    int code = pko_twin_runs(&campaign);
    free(campaign.outcomes);
    pko_cli_settings_free(&campaign.settings);
    free(words);
    return code;
}
