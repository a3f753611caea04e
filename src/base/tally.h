/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums in a fixed order, whatever the compiler, instruction set or thread count: value k goes to lane k mod
 * 16 in double, and the lanes are added as one fixed tree: lane k takes lane k+8, then k+4, k+2, k+1
 * (base/sums.h; tests/support/tally.h has it plain). */
#ifndef PKO_BASE_TALLY_H
#define PKO_BASE_TALLY_H

#define PKO_LANES 16

#endif
