/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of base/tally.h, plain. */
#ifndef PKO_TESTS_TALLY_H
#define PKO_TESTS_TALLY_H

#include "base/tally.h"

/* The tree: lane k takes lane k+8, then k+4, k+2, k+1. */
static inline double test_tally_tree(const double lane[PKO_LANES]) {
    double eight[8], four[4];
    for (int k = 0; k < 8; k++)
        eight[k] = lane[k] + lane[k + 8];
    for (int k = 0; k < 4; k++)
        four[k] = eight[k] + eight[k + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

#endif
