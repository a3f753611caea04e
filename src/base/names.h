/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nearest right name for a misspelt one. */
#ifndef PKO_BASE_NAMES_H
#define PKO_BASE_NAMES_H

#include <stddef.h>

/* Edit distance with transpositions (optimal string alignment) of two names; names over 63 characters are
 * compared by their first 63. */
int pko_name_distance(const char *one, const char *other);

/* Walks candidates: name(context, k) is the k-th name, NULL past the end. Returns the nearest one if it is
 * near enough to be a plausible misspelling (distance at most 1 + a third of the length), else NULL. */
const char *pko_name_nearest(const char *wrong, const char *(*name)(const void *context, size_t k),
                             const void *context);

#endif
