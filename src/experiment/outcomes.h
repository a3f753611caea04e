/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main outcomes (outcomes.def): what a reader of a comparison is shown, in which words and unit, how each
 * is reduced from a run, and the smallest difference that matters. */
#ifndef PKO_EXPERIMENT_OUTCOMES_H
#define PKO_EXPERIMENT_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>

enum pko_reduction { PKO_PER_YEAR, PKO_TIME_MEAN, PKO_WHOLE_RUN, PKO_RUN_END, PKO_REDUCTIONS };
enum pko_effect_measure { PKO_ABSOLUTE, PKO_SHARE };

/* Outcomes of one unit and one reduction. */
struct pko_outcome_block {
    const char *title, *unit; /* unit "1" for a share */
    enum pko_reduction reduction;
};

struct pko_outcome_info {
    const struct pko_outcome_block *block;
    const char *name;  /* as pko_outcome_name gives it */
    const char *title; /* a few words, read under the block's title */
    enum pko_effect_measure measure;
    double smallest; /* smallest effect of interest: absolute, or as a share of the first regime's mean */
};

/* Row number `number`, NULL past the end. Rows of a block stand together. */
const struct pko_outcome_info *pko_outcome_info(size_t number);
/* The row of this name; NULL if it is not a main outcome. */
const struct pko_outcome_info *pko_outcome_info_find(const char *name);
/* "per year", "mean over time", "whole run", "end of run". */
const char *pko_reduction_text(enum pko_reduction reduction);
/* The smallest effect of interest in the outcome's own unit, given the first regime's mean. */
double pko_smallest_effect(const struct pko_outcome_info *info, double mean);
/* Whether a name is a ledger of a single group ("a of germany"): there to compare implementations, no result,
 * and not to be shown by country or bloc (ODD section 7). */
bool pko_outcome_verifies_only(const char *name);
/* What the model may and may not be used for: line number `line` of at most 100 columns, NULL past the end.
 * Said wherever results are shown. */
const char *pko_caveat(size_t line);

#endif
