/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a campaign's directory has come, and how fast. */
#ifndef PKO_EXPERIMENT_PACE_H
#define PKO_EXPERIMENT_PACE_H

#include "experiment/store.h"

struct pko_pace {
    uint64_t runs, runs_done, runs_in_failed; /* of all shards; of complete ones; of those with a failure */
    size_t shards, done, failed, running;     /* running: a process of this machine works on it now */
    double rate;                              /* runs a second lately, NaN if nothing tells */
    double left;                              /* seconds to the end at that rate, NaN likewise */
};

/* Looks at a directory that has just been listed. The rate is that of the last PKO_PACE_SHARDS shards, by the
 * times of their files; gaps far longer than usual (nobody was at work) do not count. PKO_ERROR_MEMORY. */
int pko_pace_look(const struct pko_plan *plan, const struct pko_store *store, struct pko_pace *pace);

#define PKO_PACE_SHARDS 200

#endif
