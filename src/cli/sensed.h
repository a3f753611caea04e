/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity indices as they are shown. */
#ifndef PKO_CLI_SENSED_H
#define PKO_CLI_SENSED_H

#include <stdio.h>

#include "cli/json.h"
#include "experiment/plan.h"
#include "experiment/sensitivity.h"

/* One outcome under one regime, or its difference between two. Nothing is owned. */
struct pko_sensed {
    const struct pko_plan *plan;
    const char *outcome, *regime, *minus; /* minus NULL: no difference */
    const struct pko_sensitivity *found;
};

/* What the columns are, once before all tables. */
void pko_sensed_legend(enum pko_design_kind kind, FILE *stream);
/* A table of the parameters, the most influential first, at most `most` of them; then what the parameters
 * and the random numbers do to it. PKO_OK or PKO_ERROR_MEMORY. */
int pko_sensed_print(const struct pko_sensed *sensed, size_t most, FILE *stream);
/* The same whole, in the order of the campaign, as an element of the array that is open. */
void pko_sensed_json(const struct pko_sensed *sensed, struct pko_json *json);

#endif
