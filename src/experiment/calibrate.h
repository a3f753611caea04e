/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast this machine runs a campaign. */
#ifndef PKO_EXPERIMENT_CALIBRATE_H
#define PKO_EXPERIMENT_CALIBRATE_H

#include <stdatomic.h>

#include "experiment/plan.h"

/* Runs the scenario of a plan, all its regimes by turns, in as many threads as a sweep would take, for so
 * many seconds, and tells how many days of a mission were run a second by all threads together. Nothing is
 * kept. PKO_ERROR_INTERRUPTED if `stop` (may be NULL) is set, or why a run failed. */
int pko_calibrate(const struct pko_plan *plan, int threads, double seconds, const atomic_int *stop,
                  double *days_per_second);

#endif
