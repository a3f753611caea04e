/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapley values (Shapley 1953): how much of a total each of some players carries, when what they are worth
 * together is known for every set of them. Exact; the values add up to worth(all) − worth(none). */
#ifndef PKO_EXPERIMENT_SHAPLEY_H
#define PKO_EXPERIMENT_SHAPLEY_H

#include <stddef.h>

#define PKO_PLAYERS_MOST 16

/* worth: [2^players], by set: bit i of the index is player i. value: [players], the mean over all orders in
 * which the players may come of what each adds to those before it. players ≤ PKO_PLAYERS_MOST. A worth that
 * is missing (NaN) makes every value missing. */
void pko_shapley(size_t players, const double *worth, double *value);

/* Rounds to so many decimals, at most 9, in such a way that the rounded values add up to the rounded total:
 * what plain rounding leaves over goes, a unit of the last place each, to those values that it moves least
 * (largest remainders). Every value stays within one unit of the last place if they add up to the total, as
 * Shapley values do. All finite. */
void pko_round_to_total(size_t count, const double *value, double total, int decimals, double *rounded);

#endif
