/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running means of many values (ODD section 4), compiled for several instruction sets. */
#ifndef PKO_MODEL_CUTS_ROWS_H
#define PKO_MODEL_CUTS_ROWS_H

#include <stddef.h>

#include "base/clones.h"

/* m ← m + (value − m)·share for each of `count` means. */
PKO_CLONES(void, pko_approach, double *memory, const double *value, size_t count, double share);

/* The same with a share for each, 0 leaving it as it is; a share of 1 gives exactly the value: m + (value −
 * m) may round. */
PKO_CLONES(void, pko_approach_each, double *memory, const double *value, const double *share, size_t count);

#endif
