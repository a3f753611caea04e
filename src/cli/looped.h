/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What loops and arrows carry, as it is shown. */
#ifndef PKO_CLI_LOOPED_H
#define PKO_CLI_LOOPED_H

#include "cli/study.h"
#include "experiment/loops.h"

/* What is shown; nothing is owned. */
struct pko_looped {
    const struct pko_study *study;
    const struct pko_loops_plan *plan;
    const struct pko_loops *result;
};

/* Heading; tables of outcomes (those asked for, else four) with a row for each loop and arrow; the table of
 * responses to one hit more. PKO_OK or PKO_ERROR_MEMORY. */
int pko_looped_print(const struct pko_looped *shown, FILE *stream);
/* The outcomes asked for, else the main ones, and the responses, at full precision. */
void pko_looped_json(const struct pko_looped *shown, FILE *stream);
/* kind,cut,quantity,uncut,with_cut,difference,low,high,replicates; `shown` is a struct pko_looped. */
void pko_looped_csv(const void *shown, FILE *stream);

#endif
