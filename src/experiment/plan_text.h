/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan as text: the file plan.txt of a directory of results, by which a later start knows whether it may go
 * on. One "key: value" a line; the lines before the empty line are of the program, those behind it of the
 * design. */
#ifndef PKO_EXPERIMENT_PLAN_TEXT_H
#define PKO_EXPERIMENT_PLAN_TEXT_H

#include <stdbool.h>

#include "experiment/plan.h"

/* Fills plan->text and plan->hash. PKO_ERROR_MEMORY. */
int pko_plan_write_text(struct pko_plan *plan);
/* Says in a line what two plans differ in, "KEY is 'HERE', there 'THERE'"; NULL if they are the same (also
 * without memory: compare the texts). `program` false: lines of the program do not count. The caller
 * frees. */
char *pko_plan_difference(const char *here, const char *there, bool program);

#endif
