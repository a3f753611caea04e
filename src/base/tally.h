/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums in a fixed order, whatever the compiler, instruction set or thread count: value k goes to lane k mod
 * 16 in double, and the lanes are added as one fixed tree. */
#ifndef PKO_BASE_TALLY_H
#define PKO_BASE_TALLY_H

#define PKO_LANES 16

/* The tree: lane k takes lane k+8, then k+4, k+2, k+1. */
static inline double pko_tally_tree(const double lane[PKO_LANES]) {
    double eight[8], four[4];
    for (int k = 0; k < 8; k++)
        eight[k] = lane[k] + lane[k + 8];
    for (int k = 0; k < 4; k++)
        four[k] = eight[k] + eight[k + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

#endif
