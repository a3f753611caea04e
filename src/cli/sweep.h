/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands on campaigns share. */
#ifndef PKO_CLI_SWEEP_H
#define PKO_CLI_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "experiment/plan.h"

/* The command line of `pkosim sweep`. */
struct pko_sweep_words {
    const char *campaign, *out;
    int threads;               /* 0: as many as processors */
    unsigned long limit;       /* seconds, 0: none */
    unsigned long task, tasks; /* of an array of jobs; tasks ≥ 1 */
    bool dry, uncalibrated, quiet;
};

/* Prints what a library function said, lines with places as they are, else as a message of the program; frees
 * it and returns the exit status. */
int pko_sweep_failed(int status, char *message);
/* "smoke: morris, 2 parameters, 12 points × 2 regimes × 4 replicates = 96 runs in 12 shards". */
void pko_sweep_describe(const struct pko_plan *plan, char *text, size_t size);
/* Prints what a campaign amounts to. An exit status. */
int pko_sweep_dry_run(const struct pko_plan *plan, const struct pko_sweep_words *words);

#endif
