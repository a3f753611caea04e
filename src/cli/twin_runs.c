/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "cli/twin_runs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "cli/describe.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/result.h"
#include "experiment/signals.h"
#include "cli/words.h"
#include "experiment/precision.h"
#include "experiment/twins.h"
#include "model/scenario.h"
#include "pkosim/status.h"
#include "record/target.h"
#include "record/writer.h"

/* All that one campaign holds; freed in one place. */
struct campaign {
    const struct pko_twin_run_options *options;
    struct pko_scenario *scenario;
    const char **regimes;
    size_t regime_count;
    uint32_t replicates;
    char *out, *command;
    struct pko_target csv;
    struct pko_writer *writer;
    struct pko_signals signals;
    struct pko_progress progress;
    struct pko_twins_progress last; /* the last progress told */
    struct pko_twins_result result;
    struct pko_precision_look look; /* the last one of --replicates auto */
};

/* Reports a library failure with its message, which it frees, and returns the exit status. */
static int failed(int status, char *message) {
    int code = pko_report(pko_exit_of(status), "%s", message ? message : pko_status_text(status));
    free(message);
    return code;
}

static int prepare(struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    const struct pko_scenario *scenario = campaign->scenario;
    campaign->regime_count = (size_t)scenario->regime_count;
    campaign->replicates =
        options->settings.replicates_auto ? options->max_replicates : (uint32_t)scenario->replicates;
    if ((uint64_t)options->first_replicate + campaign->replicates > PKO_REPLICATES_MOST)
        return pko_report(PKO_EXIT_INPUT,
                          "--first-replicate %" PRIu32 " and %" PRIu32 " replicates: the last must be "
                          "below %u",
                          options->first_replicate, campaign->replicates, PKO_REPLICATES_MOST);
    campaign->regimes = calloc(campaign->regime_count, sizeof *campaign->regimes);
    campaign->command = pko_words_quoted(options->word_count, options->words);
    if (options->out)
        campaign->out = strdup(options->out);
    else if (asprintf(&campaign->out, "%s.h5", scenario->name) < 0)
        campaign->out = NULL;
    if (!campaign->regimes || !campaign->command || !campaign->out)
        return failed(PKO_ERROR_MEMORY, NULL);
    for (size_t k = 0; k < campaign->regime_count; k++)
        campaign->regimes[k] = scenario->regimes[k].name;
    return PKO_EXIT_OK;
}

/* Everything that could refuse does so here, before the first day is computed. */
static int open_files(struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    char *message = NULL;
    if (options->observables && strcmp(options->observables, campaign->out) == 0)
        return pko_report(PKO_EXIT_INPUT, "--observables and --out name the same file '%s'", campaign->out);
    uint64_t runs = (uint64_t)campaign->replicates * campaign->regime_count;
    struct pko_file_plan plan = {.scenario = campaign->scenario,
                                 .regimes = campaign->regimes,
                                 .regime_count = campaign->regime_count,
                                 .first_replicate = options->first_replicate,
                                 .replicates = campaign->replicates,
                                 .command = campaign->command,
                                 .threads = pko_twins_threads(options->threads, runs)};
    int status = pko_writer_open(campaign->out, options->force, &plan, &campaign->writer, &message);
    if (status == PKO_OK && options->observables)
        status = pko_target_open(&campaign->csv, options->observables, options->force, &message);
    return status == PKO_OK ? PKO_EXIT_OK : failed(status, message);
}

static int take_run(void *context, size_t regime, uint32_t replicate_index,
                    const struct pko_observer *observer) {
    struct campaign *campaign = context;
    return pko_writer_add(campaign->writer, regime, replicate_index, observer);
}

static void pack_files(void *context) {
    struct campaign *campaign = context;
    pko_writer_pack(campaign->writer);
}

/* Whether so many replicates are as precise as asked for; looked at after 10, 20, 40, … and after the last.
 */
static bool precise_enough(void *context, const struct pko_twins_result *result) {
    struct campaign *campaign = context;
    const struct pko_twin_run_options *options = campaign->options;
    struct pko_precision wanted = {options->precision, options->outcomes, options->outcome_count};
    if (!pko_precision_look_due(result->replicates) && result->replicates != campaign->replicates)
        return false;
    campaign->look = pko_precision_look(&wanted, result);
    return campaign->look.enough;
}

static void tell(void *context, const struct pko_twins_progress *now) {
    struct campaign *campaign = context;
    campaign->last = *now;
    pko_progress_tell(&campaign->progress, now);
}

/* Runs the twins; PKO_OK, PKO_ERROR_INTERRUPTED with what is complete, or the failure. */
static int compute(struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    struct pko_twins_plan plan = {.scenario = campaign->scenario,
                                  .regimes = campaign->regimes,
                                  .regime_count = campaign->regime_count,
                                  .first_replicate = options->first_replicate,
                                  .replicates = campaign->replicates,
                                  .threads = options->threads,
                                  .stop = &campaign->signals.stop,
                                  .sink = take_run,
                                  .rest = pack_files,
                                  .progress = tell,
                                  .enough = options->settings.replicates_auto ? precise_enough : NULL,
                                  .context = campaign};
    char label[256];
    pko_describe_campaign(campaign->scenario, campaign->replicates, label, sizeof label);
    double person_days =
        pko_person_days(campaign->scenario) * (double)campaign->regime_count * campaign->replicates;
    pko_progress_start(&campaign->progress, options->quiet ? NULL : stderr, label, campaign->replicates,
                       person_days);
    int status = pko_twins_run(&plan, &campaign->result);
    pko_progress_end(&campaign->progress, campaign->result.replicates, campaign->last.days_done,
                     campaign->last.days);
    return status;
}

static int write_csv(struct campaign *campaign, const struct pko_result *result) {
    char *message = NULL;
    FILE *file = fopen(campaign->csv.temporary, "w");
    int bad = !file;
    if (file) {
        pko_result_csv(result, file);
        bad = ferror(file);
        bad |= fclose(file) != 0;
    }
    if (bad)
        return pko_report(PKO_EXIT_DISK, "cannot write '%s': %s", campaign->options->observables,
                          strerror(errno));
    int status = pko_target_publish(&campaign->csv, &message);
    return status == PKO_OK ? PKO_EXIT_OK : failed(status, message);
}

/* What a stopped campaign says last. */
static int say_rest(const struct campaign *campaign) {
    uint32_t done = campaign->result.replicates;
    if (done == 0)
        return pko_report(PKO_EXIT_STOPPED,
                          "stopped before the first replicate was complete; nothing was written");
    pko_report(0, "stopped: %" PRIu32 " of %" PRIu32 " replicates are complete and in '%s'. The rest:", done,
               campaign->replicates, campaign->out);
    char *line = pko_twin_runs_rest(campaign->options, done, campaign->replicates, campaign->out);
    fprintf(stderr, "%s\n", line ? line : "--first-replicate");
    free(line);
    return PKO_EXIT_STOPPED;
}

/* What decided the number of replicates. */
static void say_precision(const struct campaign *campaign) {
    const struct pko_precision_look *look = &campaign->look;
    if (!campaign->options->settings.replicates_auto || campaign->options->quiet || !look->outcome)
        return;
    pko_report(0,
               "%s after %" PRIu32
               " replicates; furthest from %g: %s, %s%s, \302\261%.3g where %.3g is asked for",
               look->enough ? "precise enough" : "not precise enough", look->replicates,
               campaign->options->precision, look->outcome, look->difference ? "difference of " : "",
               campaign->regimes[look->regime], look->half_width, look->target);
}

static const char *name_of_outcome(const void *observer, size_t number) {
    return pko_outcome_name(observer, number);
}

/* An outcome that is asked for by name must be one of the scenario's. */
static int know_outcomes(const struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    struct pko_observer *observer = NULL;
    int code = PKO_EXIT_OK;
    if (options->outcome_count == 0)
        return code;
    if (pko_observer_create(campaign->scenario, &observer) != PKO_OK)
        return failed(PKO_ERROR_MEMORY, NULL);
    for (size_t k = 0; k < options->outcome_count; k++) {
        size_t at = 0;
        while (pko_outcome_name(observer, at) &&
               strcmp(pko_outcome_name(observer, at), options->outcomes[k]) != 0)
            at++;
        if (pko_outcome_name(observer, at))
            continue;
        const char *nearest = pko_name_nearest(options->outcomes[k], name_of_outcome, observer);
        code = pko_report(
            PKO_EXIT_INPUT, "--outcome: unknown outcome '%s'%s%s%s; docs/outcomes.md lists them",
            options->outcomes[k], nearest ? " (nearest: '" : "", nearest ? nearest : "", nearest ? "')" : "");
    }
    pko_observer_free(observer);
    return code;
}

/* Writes and shows what is complete. */
static int conclude(struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    char *message = NULL;
    int status = pko_writer_commit(campaign->writer, campaign->result.replicates, &message);
    if (status != PKO_OK)
        return failed(status, message);
    struct pko_result result = {.scenario = campaign->scenario,
                                .twins = &campaign->result,
                                .regimes = campaign->regimes,
                                .first_replicate = options->first_replicate,
                                .file = campaign->out};
    int code = options->observables ? write_csv(campaign, &result) : PKO_EXIT_OK;
    pko_signals_end(&campaign->signals);
    if (code != PKO_EXIT_OK)
        return code;
    if (options->json) {
        pko_result_json(&result, stdout);
        return PKO_EXIT_OK;
    }
    status = pko_result_print(&result, stdout);
    return status == PKO_OK ? PKO_EXIT_OK : failed(status, NULL);
}

static int run(struct campaign *campaign) {
    const struct pko_twin_run_options *options = campaign->options;
    int code = pko_cli_load(options->scenario, &options->settings, options->quiet, &campaign->scenario);
    if (code == PKO_EXIT_OK)
        code = prepare(campaign);
    if (code == PKO_EXIT_OK)
        code = know_outcomes(campaign);
    if (code == PKO_EXIT_OK)
        code = open_files(campaign);
    if (code != PKO_EXIT_OK)
        return code;
    int error = pko_signals_start(&campaign->signals);
    if (error != 0)
        return pko_report(PKO_EXIT_INTERNAL, "cannot wait for signals: %s", strerror(error));
    int status = compute(campaign);
    if (status != PKO_OK && status != PKO_ERROR_INTERRUPTED) {
        const char *why = pko_writer_message(campaign->writer);
        return pko_report(pko_exit_of(status), "%s", why ? why : pko_status_text(status));
    }
    say_precision(campaign);
    if (campaign->result.replicates > 0)
        code = conclude(campaign);
    if (code == PKO_EXIT_OK && status == PKO_ERROR_INTERRUPTED)
        code = say_rest(campaign);
    return code;
}

int pko_twin_runs(const struct pko_twin_run_options *options) {
    struct campaign campaign = {.options = options};
    int code = run(&campaign);
    pko_signals_end(&campaign.signals);
    pko_writer_free(campaign.writer);
    pko_target_discard(&campaign.csv);
    pko_twins_free(&campaign.result);
    pko_scenario_free(campaign.scenario);
    free(campaign.regimes);
    free(campaign.command);
    free(campaign.out);
    return code;
}
