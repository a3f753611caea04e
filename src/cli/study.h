/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands share that answer a question with twins of their own and keep no file of the runs (decompose,
 * loops): options, loading, the outcomes asked for, progress, signals, the CSV. */
#ifndef PKO_CLI_STUDY_H
#define PKO_CLI_STUDY_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/json.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "experiment/outcomes.h"
#include "experiment/signals.h"
#include "model/scenario.h"
#include "record/target.h"

/* The options; zeroed, then parsed by pko_study_argp, which takes a pointer to it as input. */
struct pko_study_options {
    const char *scenario; /* built-in name or file; set by the command */
    struct pko_cli_settings settings;
    uint32_t first_replicate;
    int threads;     /* 0: as many as there are processors */
    const char *csv; /* file to write, or NULL */
    bool force, json, quiet;
    const char **outcomes; /* asked for by name; owned */
    size_t outcome_count;
};
extern const struct argp pko_study_argp;

/* A whole number behind an option, or the end of the process with status 2. */
unsigned long pko_study_number(struct argp_state *state, const char *option, const char *text,
                               unsigned long least, unsigned long most);

/* A study in work; zeroed, filled by pko_study_open, freed by pko_study_close in any case. */
struct pko_study {
    const struct pko_study_options *options;
    struct pko_scenario *scenario;
    uint32_t replicates; /* to run */
    struct pko_target csv;
    struct pko_signals signals;
    struct pko_progress progress;
    struct pko_twins_progress last; /* the last progress told */
};

/* Loads the scenario, checks replicates and outcomes, opens the CSV: everything that could refuse. Without
 * --replicates as many as the scenario says, but at most `most`. An exit status; a message was printed unless
 * it is PKO_EXIT_OK. */
int pko_study_open(struct pko_study *study, const struct pko_study_options *options, uint32_t most);
/* Starts to wait for signals and tells what is run: "LABEL, 10 replicates of 730 days" with `runs` a
 * replicate. An exit status. */
int pko_study_begin(struct pko_study *study, const char *label, size_t runs);
/* The progress callback of twins; its context is the study. */
void pko_study_tell(void *study, const struct pko_twins_progress *now);
/* Ends progress and signals. `status` is that of the runs; says what stopped them. PKO_EXIT_OK, or
 * PKO_EXIT_STOPPED when some replicates are complete and can be shown; another status when there is nothing
 * to show. */
int pko_study_end(struct pko_study *study, int status, uint32_t replicates_done);
/* Writes the CSV with `write` and puts it in its place; nothing without --csv. An exit status. */
int pko_study_csv(struct pko_study *study, void (*write)(const void *context, FILE *stream),
                  const void *context);
void pko_study_close(struct pko_study *study);
void pko_study_options_free(struct pko_study_options *options);

/* What stands first: what the model is for, then the scenario, its settings and the replicates. */
void pko_study_heading(const struct pko_study *study, uint32_t replicates, FILE *stream);
/* The same as members of the object that is open. */
void pko_study_json(const struct pko_study *study, uint32_t replicates, struct pko_json *json);
/* "deaths/yr (Hostile deaths, mission; people, per year)"; the bare name of an outcome that is not a main
 * one. `text` is cut to `size`. */
void pko_study_title(const char *outcome, char *text, size_t size);
/* name, title, unit, reduction as members of the object that is open. */
void pko_study_json_outcome(struct pko_json *json, const char *outcome);
/* A field of a CSV behind a comma: a number with the digits that read back as the same, nothing for NaN. */
void pko_study_csv_number(FILE *stream, double value);

#endif
