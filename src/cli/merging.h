/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging a campaign's directory and saying what it holds; at the end of `pkosim sweep`, and in `pkosim
 * merge`. */
#ifndef PKO_CLI_MERGING_H
#define PKO_CLI_MERGING_H

#include <stdbool.h>

#include "experiment/store.h"

/* Merges; `copy` as in pko_merge. Prints where the results are, unless `quiet`. An exit status: also
 * PKO_EXIT_STOPPED if runs are missing. */
int pko_merging(const struct pko_plan *plan, struct pko_store *store, const char *path, const char *copy,
                bool force, bool quiet);

#endif
