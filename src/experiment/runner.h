/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread's runs of a campaign. What the runs have in common is kept from one to the next: the scenario,
 * whose text is read once and which then goes from point to point, and what watches the missions. A run's
 * numbers depend on its point, regime and replicate alone, never on what was run before. */
#ifndef PKO_EXPERIMENT_RUNNER_H
#define PKO_EXPERIMENT_RUNNER_H

#include <stdatomic.h>

#include "experiment/plan.h"

struct pko_runner {
    const struct pko_plan *plan;
    size_t point;                        /* at hand; SIZE_MAX: none */
    int status;                          /* of its scenario */
    char *problems;                      /* why there is none, or notes on it; owned */
    struct pko_scenario *moving, *apart; /* one that goes from point to point; one of this point alone, or
                                            NULL; owned */
    const struct pko_scenario *scenario; /* of the two the one of the point; NULL if there is none */
    struct pko_observer *observer;       /* of its missions, or NULL; owned */
};

/* A runner that is at no point yet; freed with pko_runner_free. */
struct pko_runner pko_runner_start(const struct pko_plan *plan);
void pko_runner_free(struct pko_runner *runner);
/* Goes to a point. The status is kept, and is that of every run there: PKO_ERROR_INPUT with `problems`, if
 * the point asks for what the scenario's checks refuse; PKO_ERROR_MEMORY. */
void pko_runner_go(struct pko_runner *runner, size_t point);
/* Runs one run at the point. outcomes: [kept]; series: for each a block of pko_plan_series_size, or NULL if
 * there are none. `stop` is looked at between days, `days` counts them; both may be NULL.
 * PKO_ERROR_INTERRUPTED, or why the run failed. */
int pko_runner_run(struct pko_runner *runner, size_t regime, uint32_t replicate, const atomic_int *stop,
                   atomic_uint_fast64_t *days, double *outcomes, float *const *series);

#endif
