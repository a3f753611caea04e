/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/study.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "cli/report.h"
#include "cli/words.h"
#include "experiment/twins.h"
#include "pkosim/pkosim.h"

#define MOST_THREADS 4096

enum { KEY_FIRST = 0x300, KEY_OUTCOME, KEY_THREADS, KEY_CSV, KEY_FORCE, KEY_JSON, KEY_QUIET };

static const struct argp_option list[] = {
    {"first-replicate", KEY_FIRST, "K", 0, "number of the first replicate (0)", 1},
    {"outcome", KEY_OUTCOME, "NAME", 0, "outcome to look at; repeat for several", 2},
    {"threads", KEY_THREADS, "T", 0, "threads (as many as processors)", 3},
    {"csv", KEY_CSV, "FILE", 0, "write every number as a table as well", 3},
    {"force", KEY_FORCE, NULL, 0, "replace a file that exists", 3},
    {"json", KEY_JSON, NULL, 0, "print JSON, not the table", 3},
    {"quiet", KEY_QUIET, NULL, 0, "no progress, no notes", 3},
    {0}};

unsigned long pko_study_number(struct argp_state *state, const char *option, const char *text,
                               unsigned long least, unsigned long most) {
    unsigned long value = 0;
    if (pko_words_number(text, most, &value) != 0 || value < least)
        argp_error(state, "%s wants a whole number from %lu to %lu, not '%s'", option, least, most, text);
    return value;
}

static error_t add_outcome(struct pko_study_options *options, const char *name) {
    const char **names = realloc(options->outcomes, (options->outcome_count + 1) * sizeof *names);
    if (!names)
        return ENOMEM;
    options->outcomes = names;
    names[options->outcome_count++] = name;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct pko_study_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->settings;
        return 0;
    case KEY_FIRST:
        options->first_replicate =
            (uint32_t)pko_study_number(state, "--first-replicate", argument, 0, PKO_REPLICATES_MOST - 1);
        return 0;
    case KEY_OUTCOME:
        return add_outcome(options, argument);
    case KEY_THREADS:
        options->threads = (int)pko_study_number(state, "--threads", argument, 1, MOST_THREADS);
        return 0;
    case KEY_CSV:
        if (!*argument)
            argp_error(state, "--csv wants a file name");
        options->csv = argument;
        return 0;
    case KEY_FORCE:
        options->force = true;
        return 0;
    case KEY_JSON:
        options->json = true;
        return 0;
    case KEY_QUIET:
        options->quiet = true;
        return 0;
    case ARGP_KEY_END:
        if (options->settings.replicates_auto)
            argp_error(state, "--replicates auto goes with 'pkosim run' only");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&pko_cli_settings_argp, 0, NULL, 0}, {0}};
const struct argp pko_study_argp = {.options = list, .parser = parse, .children = children};

void pko_study_options_free(struct pko_study_options *options) {
    free(options->outcomes);
    pko_cli_settings_free(&options->settings);
}

static const char *name_of_outcome(const void *observer, size_t number) {
    return pko_outcome_name(observer, number);
}

static int know_outcome(const struct pko_study_options *options, const struct pko_observer *observer,
                        const char *name) {
    if (!options->json && pko_outcome_verifies_only(name))
        return pko_report(PKO_EXIT_INPUT,
                          "--outcome: '%s' is there to verify implementations and is no result "
                          "(docs/outcomes.md)",
                          name);
    for (size_t at = 0; pko_outcome_name(observer, at); at++)
        if (strcmp(pko_outcome_name(observer, at), name) == 0)
            return PKO_EXIT_OK;
    const char *nearest = pko_name_nearest(name, name_of_outcome, observer);
    return pko_report(PKO_EXIT_INPUT, "--outcome: unknown outcome '%s'%s%s%s; docs/outcomes.md lists them",
                      name, nearest ? " (nearest: '" : "", nearest ? nearest : "", nearest ? "')" : "");
}

static int know_outcomes(const struct pko_study *study) {
    struct pko_observer *observer = NULL;
    if (pko_observer_create(study->scenario, &observer) != PKO_OK)
        return pko_report(PKO_EXIT_MEMORY, "out of memory");
    int code = PKO_EXIT_OK;
    for (size_t k = 0; k < study->options->outcome_count && code == PKO_EXIT_OK; k++)
        code = know_outcome(study->options, observer, study->options->outcomes[k]);
    pko_observer_free(observer);
    return code;
}

int pko_study_open(struct pko_study *study, const struct pko_study_options *options, uint32_t most) {
    char *message = NULL;
    study->options = options;
    int code = pko_cli_load(options->scenario, &options->settings, options->quiet, &study->scenario);
    if (code != PKO_EXIT_OK)
        return code;
    bool asked = false;
    for (size_t k = 0; k < options->settings.count; k++)
        asked |= strcmp(options->settings.list[k].name, "replicates") == 0;
    study->replicates = (uint32_t)study->scenario->replicates;
    if (!asked && study->replicates > most)
        study->replicates = most;
    if ((uint64_t)options->first_replicate + study->replicates > PKO_REPLICATES_MOST)
        return pko_report(PKO_EXIT_INPUT,
                          "--first-replicate %" PRIu32 " and %" PRIu32 " replicates: the last must be "
                          "below %u",
                          options->first_replicate, study->replicates, PKO_REPLICATES_MOST);
    code = know_outcomes(study);
    if (code == PKO_EXIT_OK && options->csv) {
        int status = pko_target_open(&study->csv, options->csv, options->force, &message);
        if (status != PKO_OK)
            code = pko_report(pko_exit_of(status), "%s", message ? message : pko_status_text(status));
        free(message);
    }
    return code;
}

int pko_study_begin(struct pko_study *study, const char *label, size_t runs) {
    char line[256];
    int error = pko_signals_start(&study->signals);
    if (error != 0)
        return pko_report(PKO_EXIT_INTERNAL, "cannot wait for signals: %s", strerror(error));
    snprintf(line, sizeof line, "%s: %zu runs a replicate, %" PRIu32 " replicate%s of %d days", label, runs,
             study->replicates, study->replicates == 1 ? "" : "s", study->scenario->days);
    pko_progress_start(&study->progress, study->options->quiet ? NULL : stderr, line, study->replicates, 0.0);
    return PKO_EXIT_OK;
}

void pko_study_tell(void *context, const struct pko_twins_progress *now) {
    struct pko_study *study = context;
    study->last = *now;
    pko_progress_tell(&study->progress, now);
}

int pko_study_end(struct pko_study *study, int status, uint32_t replicates_done) {
    pko_progress_end(&study->progress, replicates_done, study->last.days_done, study->last.days);
    pko_signals_end(&study->signals);
    if (status != PKO_OK && status != PKO_ERROR_INTERRUPTED)
        return pko_report(pko_exit_of(status), "%s", pko_status_text(status));
    if (status == PKO_OK)
        return PKO_EXIT_OK;
    if (replicates_done > 0)
        return pko_report(PKO_EXIT_STOPPED,
                          "stopped: %" PRIu32 " of %" PRIu32 " replicates are complete; "
                          "what follows rests on them",
                          replicates_done, study->replicates);
    return pko_report(PKO_EXIT_STOPPED,
                      "stopped before the first replicate was complete: there is nothing to "
                      "show");
}

int pko_study_csv(struct pko_study *study, void (*write)(const void *, FILE *), const void *context) {
    char *message = NULL;
    if (!study->options->csv)
        return PKO_EXIT_OK;
    FILE *file = fopen(study->csv.temporary, "w");
    int bad = !file;
    if (file) {
        write(context, file);
        bad = ferror(file);
        bad |= fclose(file) != 0;
    }
    if (bad)
        return pko_report(PKO_EXIT_DISK, "cannot write '%s': %s", study->options->csv, strerror(errno));
    int status = pko_target_publish(&study->csv, &message);
    int code = pko_exit_of(status);
    if (status != PKO_OK)
        pko_report(code, "%s", message ? message : pko_status_text(status));
    free(message);
    return code;
}

void pko_study_close(struct pko_study *study) {
    pko_signals_end(&study->signals);
    pko_target_discard(&study->csv);
    pko_scenario_free(study->scenario);
    *study = (struct pko_study){0};
}
