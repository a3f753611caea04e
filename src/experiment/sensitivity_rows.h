/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of experiment/sensitivity.h: what each design makes of chosen units. */
#ifndef PKO_EXPERIMENT_SENSITIVITY_ROWS_H
#define PKO_EXPERIMENT_SENSITIVITY_ROWS_H

#include "experiment/sensitivity.h"

/* Numbers of a factor that one pass gives, before they have intervals. */
enum { PKO_INDEX_FIRST, PKO_INDEX_SECOND, PKO_INDEX_THIRD, PKO_INDEX_PER_PASS };

struct pko_sensitivity_work {
    const struct pko_sensitivity_input *input;
    double *means; /* [point], NaN if a replicate is missing */
    size_t *units; /* those that are used */
    size_t unit_count;
    double *scratch;      /* as each design needs */
    const size_t *chosen; /* places in `units`, with repetition; unit_count of them */
    double *value;        /* [factor][PKO_INDEX_PER_PASS]: the outcome of a pass */
};

/* Each: numbers of scratch; one pass over the chosen units. */
size_t pko_morris_scratch(const struct pko_sensitivity_input *input);
void pko_morris_pass(struct pko_sensitivity_work *work);
/* The noise of elementary effects into noise[factor]. */
void pko_morris_noise(const struct pko_sensitivity_work *work, double *noise);
size_t pko_sobol_scratch(const struct pko_sensitivity_input *input);
void pko_sobol_pass(struct pko_sensitivity_work *work);
size_t pko_rank_scratch(const struct pko_sensitivity_input *input);
void pko_rank_pass(struct pko_sensitivity_work *work);

#endif
