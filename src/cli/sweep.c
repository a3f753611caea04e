/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/merging.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "experiment/signals.h"
#include "cli/sweep.h"
#include "cli/words.h"
#include "experiment/sweep.h"
#include "pkosim/status.h"

enum { KEY_OUT = 0x100, KEY_THREADS, KEY_DRY, KEY_NO_CALIBRATE, KEY_LIMIT, KEY_TASK, KEY_QUIET };
#define MOST_THREADS 4096

static const struct argp_option options[] = {
    {"out", KEY_OUT, "DIR", 0, "directory of the results; started again, it goes on", 1},
    {"threads", KEY_THREADS, "T", 0, "threads (as many as processors)", 1},
    {"limit-time", KEY_LIMIT, "TIME", 0, "stop in time: 90s, 30m, 2h or 1h30m", 1},
    {"task", KEY_TASK, "I/N", 0, "only every N-th shard, from number I (0 to N-1): one of an array of jobs",
     1},
    {"dry-run", KEY_DRY, NULL, 0, "run nothing: print points, runs, time and disk", 2},
    {"no-calibrate", KEY_NO_CALIBRATE, NULL, 0, "of --dry-run: do not measure this machine for 3 seconds", 2},
    {"quiet", KEY_QUIET, NULL, 0, "no progress, no notes", 2},
    {0}};

static void parse_task(struct pko_sweep_words *words, const char *text, struct argp_state *state) {
    char first[24] = "";
    const char *slash = strchr(text, '/');
    if (slash && slash != text && (size_t)(slash - text) < sizeof first)
        memcpy(first, text, (size_t)(slash - text));
    if (!slash || pko_words_number(first, 999999, &words->task) != 0 ||
        pko_words_number(slash + 1, 1000000, &words->tasks) != 0 || words->task >= words->tasks)
        argp_error(state, "--task wants I/N with I from 0 to N-1, not '%s'", text);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct pko_sweep_words *words = state->input;
    unsigned long number = 0;
    switch (key) {
    case KEY_OUT:
        if (!*argument)
            argp_error(state, "--out wants a directory");
        words->out = argument;
        return 0;
    case KEY_THREADS:
        if (pko_words_number(argument, MOST_THREADS, &number) != 0 || number == 0)
            argp_error(state, "--threads wants a whole number from 1 to %d, not '%s'", MOST_THREADS,
                       argument);
        words->threads = (int)number;
        return 0;
    case KEY_LIMIT:
        words->limit = pko_words_seconds(argument);
        if (words->limit == 0)
            argp_error(state, "--limit-time wants a time like 90s, 30m, 2h or 1h30m, not '%s'", argument);
        return 0;
    case KEY_TASK:
        parse_task(words, argument, state);
        return 0;
    case KEY_DRY:
        words->dry = true;
        return 0;
    case KEY_NO_CALIBRATE:
        words->uncalibrated = true;
        return 0;
    case KEY_QUIET:
        words->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one campaign at a time: '%s' is one too many", argument);
        words->campaign = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which campaign? A file like scenarios/campaigns/smoke.yaml");
        return 0;
    case ARGP_KEY_SUCCESS:
        if (!words->dry && !words->out)
            argp_error(state, "where to? --out DIR names the directory of the results");
        if (words->uncalibrated && !words->dry)
            argp_error(state, "--no-calibrate goes with --dry-run");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_sweep = {
    .options = options,
    .parser = parse,
    .args_doc = "CAMPAIGN",
    .doc =
        "Run a campaign: one scenario at many points of a design, each under the same regimes and with the "
        "same random numbers. The directory may be left at any moment, by whatever means, and gone on with "
        "by the same command, also by several at once."
        "\vExamples:\n"
        "  pkosim sweep scenarios/campaigns/smoke.yaml --out smoke\n"
        "  pkosim sweep scenarios/campaigns/morris.yaml --dry-run\n"
        "  pkosim sweep my.yaml --out my --limit-time 2h --threads 8\n"
        "  pkosim sweep my.yaml --out my --task 3/64    one of 64 jobs; then: pkosim merge my\n"
        "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk, 75 stopped early: the same command goes "
        "on."};

/* All that one sweep holds; freed in one place. */
struct sweeping {
    const struct pko_sweep_words *words;
    struct pko_plan *plan;
    struct pko_store *store;
    struct pko_signals signals;
    struct pko_progress progress;
    struct pko_twins_progress last;
    struct pko_sweep_result result;
};

int pko_sweep_failed(int status, char *message) {
    size_t length = message ? strlen(message) : 0;
    if (length > 0 && message[length - 1] == '\n') { /* lines of their own, each with its place */
        fputs(message, stderr);
        free(message);
        return pko_exit_of(status);
    }
    int code = pko_report(pko_exit_of(status), "%s", message ? message : pko_status_text(status));
    free(message);
    return code;
}

static void tell(void *context, const struct pko_sweep_progress *now) {
    struct sweeping *sweeping = context;
    sweeping->last = (struct pko_twins_progress){.runs = now->runs,
                                                 .runs_done = now->runs_done,
                                                 .days = now->days,
                                                 .days_done = now->days_done,
                                                 .replicates_done = (uint32_t)now->runs_done};
    pko_progress_tell(&sweeping->progress, &sweeping->last);
}

static void begin_progress(struct sweeping *sweeping) {
    const struct pko_plan *plan = sweeping->plan;
    char label[256];
    pko_sweep_describe(plan, label, sizeof label);
    uint64_t runs = 0;
    for (size_t shard = sweeping->words->task; shard < plan->shards; shard += sweeping->words->tasks) {
        struct pko_shard_range range = pko_plan_shard(plan, shard);
        runs += (uint64_t)range.points * range.replicates * plan->regimes;
    }
    pko_progress_start(&sweeping->progress, sweeping->words->quiet ? NULL : stderr, label, (uint32_t)runs,
                       0.0);
    sweeping->progress.counted = "runs";
}

/* What a stopped or incomplete sweep says last. */
static int say_stopped(const struct sweeping *sweeping) {
    return pko_report(PKO_EXIT_STOPPED,
                      "stopped: %" PRIu64 " of %" PRIu64
                      " runs are complete and in '%s'; the same command goes on",
                      sweeping->last.runs_done, sweeping->last.runs, sweeping->words->out);
}

static int compute(struct sweeping *sweeping) {
    const struct pko_sweep_words *words = sweeping->words;
    int error = pko_signals_start(&sweeping->signals);
    if (error != 0)
        return pko_report(PKO_EXIT_INTERNAL, "cannot wait for signals: %s", strerror(error));
    alarm((unsigned)words->limit);
    const struct pko_sweep sweep = {.plan = sweeping->plan,
                                    .store = sweeping->store,
                                    .threads = words->threads,
                                    .task = words->task,
                                    .tasks = words->tasks,
                                    .stop = &sweeping->signals.stop,
                                    .progress = tell,
                                    .context = sweeping};
    begin_progress(sweeping);
    int status = pko_sweep_run(&sweep, &sweeping->result);
    alarm(0);
    pko_progress_end(&sweeping->progress, sweeping->last.replicates_done, sweeping->last.days_done,
                     sweeping->last.days);
    if (status == PKO_ERROR_INTERRUPTED)
        return say_stopped(sweeping);
    if (status != PKO_OK) {
        char *message = sweeping->result.message;
        sweeping->result.message = NULL;
        return pko_sweep_failed(status, message);
    }
    if (sweeping->result.runs_failed > 0 && words->tasks > 1) /* else merging says so */
        pko_report(0, "%" PRIu64 " runs failed and are missing values; the first: %s",
                   sweeping->result.runs_failed,
                   sweeping->result.problem ? sweeping->result.problem : "unknown");
    return PKO_EXIT_OK;
}

static int run(struct sweeping *sweeping) {
    const struct pko_sweep_words *words = sweeping->words;
    char *message = NULL;
    int status = pko_plan_load(words->campaign, NULL, &sweeping->plan, &message);
    if (status != PKO_OK)
        return pko_sweep_failed(status, message);
    if (message && !words->quiet)
        fputs(message, stderr);
    free(message);
    if (words->dry)
        return pko_sweep_dry_run(sweeping->plan, words);
    status = pko_store_open(words->out, sweeping->plan, &sweeping->store, &message);
    if (status != PKO_OK)
        return pko_sweep_failed(status, message);
    int code = compute(sweeping);
    if (code != PKO_EXIT_OK)
        return code;
    if (words->tasks > 1) {
        printf("This part is done. When all are: pkosim merge %s\n", words->out);
        return PKO_EXIT_OK;
    }
    return pko_merging(sweeping->plan, sweeping->store, words->out, NULL, false, words->quiet);
}

int pko_command_sweep(int argc, char **argv) {
    struct pko_sweep_words words = {.tasks = 1};
    pko_words_parse(argc, argv, &pko_argp_sweep, &words);
    struct sweeping sweeping = {.words = &words};
    int code = run(&sweeping);
    pko_signals_end(&sweeping.signals);
    pko_sweep_result_free(&sweeping.result);
    pko_store_free(sweeping.store);
    pko_plan_free(sweeping.plan);
    return code;
}
