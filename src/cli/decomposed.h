/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A decomposition of the difference of two regimes as it is shown. */
#ifndef PKO_CLI_DECOMPOSED_H
#define PKO_CLI_DECOMPOSED_H

#include "cli/study.h"
#include "experiment/decompose.h"

/* What is shown; nothing is owned. */
struct pko_decomposed {
    const struct pko_study *study;
    const struct pko_regime *regimes; /* the two */
    const struct pko_decomposition *result;
};

/* Heading and, for each outcome asked for (else a choice), a table: each rule's Shapley value, which add up
 * to the difference in the last digit printed, alone and removed. PKO_OK or PKO_ERROR_MEMORY. */
int pko_decomposed_print(const struct pko_decomposed *shown, FILE *stream);
/* The outcomes asked for, else all, at full precision. */
void pko_decomposed_json(const struct pko_decomposed *shown, FILE *stream);
/* outcome,rule,quantity,mean,low,high,replicates; `shown` is a struct pko_decomposed. */
void pko_decomposed_csv(const void *shown, FILE *stream);

#endif
