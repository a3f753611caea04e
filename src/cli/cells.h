/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How tables of outcomes write means, differences and what goes with them. */
#ifndef PKO_CLI_CELLS_H
#define PKO_CLI_CELLS_H

#include "cli/table.h"
#include "experiment/outcomes.h"
#include "experiment/statistics.h"

/* "19.0 ±1.9" behind a mark; a mean that is not there is "–", one without an interval stands alone. */
void pko_cell_interval(struct pko_table *table, const char *mark, double mean, double half);
/* The same with given decimals, so that a column adds up. */
void pko_cell_fixed(struct pko_table *table, double mean, double half, int decimals);
/* Decimals that show two digits of a half-width above 0, at most four. */
int pko_decimals_for(double half);
/* A number of replicates; "–" if there is none. */
void pko_cell_replicates(struct pko_table *table, double replicates);
/* An effect size or a correlation: two decimals, one from 10 on; "–" if there is none. */
void pko_cell_pure(struct pko_table *table, double value);
/* Four cells: the difference, marked if its whole interval is below the smallest effect of interest, its
 * effect size, the correlation of the pairs, the replicates that would settle its sign. */
void pko_cells_difference(struct pko_table *table, const struct pko_difference *difference, double smallest);
/* The line above the outcomes of a block: title, unit, reduction. */
void pko_line_block(struct pko_table *table, const struct pko_outcome_block *block);

#endif
