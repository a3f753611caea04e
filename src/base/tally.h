/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums in a fixed order, whatever the compiler, instruction set or thread count: value k goes to lane k mod
 * 16 in double, and the lanes are added as one fixed tree. */
#ifndef PKO_BASE_TALLY_H
#define PKO_BASE_TALLY_H

#include <stddef.h>

#define PKO_LANES 16

/* The tree: lane k takes lane k+8, then k+4, k+2, k+1. */
double pko_tally_tree(const double lane[PKO_LANES]);
/* Sum of count floats. */
double pko_tally(const float *value, size_t count);

#endif
