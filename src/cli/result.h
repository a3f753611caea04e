/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A campaign's result as it is shown: a table to read, JSON for machines, a plain CSV to compare
 * implementations. */
#ifndef PKO_CLI_RESULT_H
#define PKO_CLI_RESULT_H

#include <stdint.h>
#include <stdio.h>

#include "experiment/twins.h"

/* What a result is shown from; nothing is owned. */
struct pko_result {
    const struct pko_scenario *scenario;
    const struct pko_twins_result *twins;
    const char *const *regimes; /* names, as many as twins->regime_count */
    uint32_t first_replicate;
    const char *file; /* the HDF5 file */
};

/* Caveats, then the main outcomes (experiment/outcomes.def): mean and 95 % interval by regime, the difference
 * of twins from the first regime with effect size and correlation, and how many replicates would settle it;
 * last, where the file is. PKO_OK or PKO_ERROR_MEMORY. */
int pko_result_print(const struct pko_result *result, FILE *stream);
/* Every outcome at full precision, with the words of the main ones; the same for every number of threads. */
void pko_result_json(const struct pko_result *result, FILE *stream);
/* observable,regime,mean,se,replicates for every outcome, regime by regime, numbers as %.6g; a mean or error
 * that does not exist is an empty field. */
void pko_result_csv(const struct pko_result *result, FILE *stream);

#endif
