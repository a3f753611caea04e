/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a campaign keeps of a run: outcomes by name, means over windows, whole series. */
#ifndef PKO_EXPERIMENT_KEPT_H
#define PKO_EXPERIMENT_KEPT_H

#include "experiment/plan.h"

/* Fills plan->kept and plan->series from the campaign and the base scenario. PKO_ERROR_INPUT with *problems
 * (a line for each mistake, in place of the text that stood there), PKO_ERROR_MEMORY. */
int pko_kept_choose(struct pko_plan *plan, char **problems);
/* Takes what is kept from the observer of a finished run. PKO_ERROR_MEMORY. */
int pko_kept_take(const struct pko_plan *plan, const struct pko_observer *observer, double *outcomes,
                  float *const *series);
void pko_kept_free(struct pko_plan *plan);

#endif
