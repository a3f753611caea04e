/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/sweep.h"
#include "cli/words.h"
#include "experiment/pace.h"
#include "pkosim/status.h"

struct words {
    const char *path;
    bool json;
};
enum { KEY_JSON = 0x100 };

static const struct argp_option options[] = {{"json", KEY_JSON, NULL, 0, "print it as JSON, not in words", 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct words *words = state->input;
    switch (key) {
    case KEY_JSON:
        words->json = true;
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

const struct argp pko_argp_status = {
    .options = options,
    .parser = parse,
    .args_doc = "DIR",
    .doc =
        "Say how far a campaign has come: what is done, at work and failed, how fast, and for how long yet. "
        "It changes nothing and may be asked at any time."
        "\vExamples:\n"
        "  pkosim status smoke\n"
        "  pkosim status smoke --json"};

static void print_words(const struct pko_plan *plan, const struct pko_pace *pace) {
    char text[256], left[24];
    pko_sweep_describe(plan, text, sizeof text);
    pko_progress_span(pace->left, left, sizeof left);
    printf("%s\n", text);
    printf("done: %zu of %zu shards, %" PRIu64 " of %" PRIu64 " runs (%.1f %%)\n", pace->done, pace->shards,
           pace->runs_done, pace->runs, 100.0 * (double)pace->runs_done / (double)pace->runs);
    printf("at work: %zu shards on this machine\n", pace->running);
    printf("failed: %zu shards with a run that failed; the next start tries them again\n", pace->failed);
    if (pace->done + pace->failed < pace->shards && !isnan(pace->rate))
        printf("pace: %.4g runs/s lately, %s left at that\n", pace->rate, left);
}

static void print_json(const struct pko_plan *plan, const struct pko_pace *pace) {
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "scenario", plan->base->name);
    pko_json_text(&json, "design", pko_design_name(plan->campaign->design));
    pko_json_whole(&json, "points", plan->points);
    pko_json_whole(&json, "runs", pace->runs);
    pko_json_whole(&json, "runs_done", pace->runs_done);
    pko_json_whole(&json, "shards", pace->shards);
    pko_json_whole(&json, "shards_done", pace->done);
    pko_json_whole(&json, "shards_running", pace->running);
    pko_json_whole(&json, "shards_failed", pace->failed);
    pko_json_number(&json, "runs_per_second", pace->rate);
    pko_json_number(&json, "seconds_left", pace->left);
    pko_json_close(&json);
}

int pko_command_status(int argc, char **argv) {
    struct words words = {0};
    struct pko_plan *plan = NULL;
    struct pko_store *store = NULL;
    struct pko_pace pace;
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_status, &words);
    int status = pko_store_load(words.path, &plan, &store, &message);
    if (status == PKO_OK)
        status = pko_pace_look(plan, store, &pace);
    int code = status == PKO_OK ? PKO_EXIT_OK : pko_sweep_failed(status, message);
    if (status == PKO_OK && words.json)
        print_json(plan, &pace);
    else if (status == PKO_OK)
        print_words(plan, &pace);
    pko_store_free(store);
    pko_plan_free(plan);
    return code;
}
