/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running means of many values (ODD section 4), compiled for several instruction sets. */
#ifndef PKO_MODEL_CUTS_ROWS_H
#define PKO_MODEL_CUTS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clones.h"

/* m ← m + (value − m)·share for each of `count` means. */
PKO_CLONES(void, pko_approach, double *memory, const double *value, size_t count, double share);

/* Means of layers: each is there or not and has days of its own, until − since, up to `most`. */
struct pko_remembering {
    const uint32_t *people; /* 0 for a layer that is not there, whose mean stays */
    const int32_t *since;
    size_t layers;
    int32_t until;
    bool start; /* the means become the values */
    int32_t most;
};
struct pko_remembered {
    double *memory;
    const double *value;
};

/* m ← m + (value − m)/days in every column; a first day gives exactly the value: m + (value − m) may round.
 * Columns have a multiple of eight places; those past the last layer stay. */
PKO_CLONES(void, pko_approach_each, const struct pko_remembering *layers,
           const struct pko_remembered *columns, size_t count);

#endif
