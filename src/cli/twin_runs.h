/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pkosim run` once its command line is understood: load, open the files, run the twins, write, show. */
#ifndef PKO_CLI_TWIN_RUNS_H
#define PKO_CLI_TWIN_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/settings.h"

struct pko_twin_run_options {
    const char *scenario; /* built-in name or file */
    struct pko_cli_settings settings;
    uint32_t first_replicate;
    int threads;             /* 0: as many as there are processors */
    const char *out;         /* NULL: NAME.h5 */
    const char *observables; /* CSV to write, or NULL */
    bool force, json, quiet;
    double precision;      /* of --replicates auto, > 0 */
    const char **outcomes; /* whose precision counts; none: the main ones */
    size_t outcome_count;
    uint32_t max_replicates; /* of --replicates auto */
    int word_count;          /* the command line as typed */
    char *const *words;
};

/* Runs the campaign; returns the exit status. */
int pko_twin_runs(const struct pko_twin_run_options *options);

/* The command that runs what a stopped campaign lacks: the words with other replicates and other files. The
 * caller frees; NULL without memory. */
char *pko_twin_runs_rest(const struct pko_twin_run_options *options, uint32_t done, uint32_t planned,
                         const char *out);

#endif
