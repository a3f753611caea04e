/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a campaign's design, in the units of its parameters. */
#ifndef PKO_EXPERIMENT_POINTS_H
#define PKO_EXPERIMENT_POINTS_H

#include "experiment/plan.h"

/* Fills plan->points and plan->values. PKO_ERROR_INPUT with *problems (the design cannot have this size; in
 * place of the text that stood there), PKO_ERROR_MEMORY. */
int pko_points_lay(struct pko_plan *plan, char **problems);
/* The value of a parameter at `unit` in [0, 1] of its range: linear or logarithmic, the nearest of its
 * explicit values if it has some, whole if it must be. */
double pko_points_value(const struct pko_factor *factor, double unit);

#endif
