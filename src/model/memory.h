/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the memory of a mission is laid out: for those who create, copy, save and load one. */
#ifndef PKO_MODEL_MEMORY_H
#define PKO_MODEL_MEMORY_H

#include "model/mission.h"

/* The growing lists of plain items, in the order in which they are saved. */
#define PKO_MISSION_PLAIN_LISTS(X)                                                                           \
    X(plots)                                                                                                 \
    X(convoys)                                                                                               \
    X(requests)                                                                                              \
    X(ledger.trust)                                                                                          \
    X(ledger.dead)                                                                                           \
    X(ledger.incidents)                                                                                      \
    X(ledger.convoys)                                                                                        \
    X(ledger.leaks)                                                                                          \
    X(ledger.retaliations)

/* All growing lists; the items of changes point to names, so they are saved in a form of their own. */
#define PKO_MISSION_LISTS(X)                                                                                 \
    PKO_MISSION_PLAIN_LISTS(X)                                                                               \
    X(ledger.changes)

/* `size` bytes, all 0, from a line of the cache on; *memory is what to free, NULL if there is no room. Not
 * aligned_alloc: glibc before 2.38 does not find what that has freed again, so that many runs left holes. */
void *pko_memory_take(size_t size, void **memory);

/* Points every column into `block` (nothing is touched if it is NULL) and returns the size that the block
 * needs. */
size_t pko_columns_place(struct pko_mission *mission, char *block);

#endif
