/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of two files as it is shown. */
#ifndef PKO_CLI_COMPARED_H
#define PKO_CLI_COMPARED_H

#include "cli/json.h"
#include "experiment/compare.h"

/* What is shown; nothing but the comparison is owned. */
struct pko_compared {
    struct pko_comparison comparison;
    const char *files[2], *regimes[2]; /* names */
    const char **outcomes;             /* asked for by name; none: the main ones, in JSON all */
    size_t outcome_count;
};

/* What stands before the first comparison: what the numbers may be used for. */
void pko_compared_begin(struct pko_json *json, FILE *stream);
/* Whether the outcomes asked for are there and may be shown; an exit status, other than 0 with a message. */
int pko_compared_know(const struct pko_compared *compared, bool json);
/* What was compared and how, then a table. PKO_OK or PKO_ERROR_MEMORY. */
int pko_compared_print(const struct pko_compared *compared, FILE *stream);
/* The same as an element of the array that pko_compared_begin opened. */
void pko_compared_json(const struct pko_compared *compared, struct pko_json *json);

#endif
