/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs what a campaign's directory lacks. Threads take pairs (a point and a replicate, all regimes of it) of
 * the shard at hand; one more thread writes complete shards, and waits for the disk while they go on
 * (where one is waiting for it already, whoever completed the next writes that). A run's
 * numbers depend on its point, regime and replicate alone, so nothing depends on who ran it, in which order,
 * or how often it was begun. */
#ifndef PKO_EXPERIMENT_SWEEP_H
#define PKO_EXPERIMENT_SWEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiment/store.h"

/* How far a sweep has come, of its task's part. */
struct pko_sweep_progress {
    uint64_t runs, runs_done; /* in complete pairs, those of earlier starts included */
    uint64_t days, days_done; /* of the runs that this start has to do */
};

struct pko_sweep {
    const struct pko_plan *plan;
    struct pko_store *store;
    int threads;        /* 0: as many as OpenMP would use */
    size_t task, tasks; /* works on shards whose number is `task` modulo `tasks`; tasks ≥ 1 */
    /* Looked at between days; not 0 ends the sweep, and shards in hand are dropped. May be NULL. */
    const atomic_int *stop;
    /* Deals the numbers 0, 1, …, each once over all processes that deal together; NULL: this process goes
     * through all numbers itself, and waits for those that others work on. */
    size_t (*deal)(void *context);
    /* Called after days from one thread at a time; must be quick. May be NULL. */
    void (*progress)(void *context, const struct pko_sweep_progress *progress);
    void *context; /* handed to both */
};

struct pko_sweep_result {
    uint64_t runs_made;   /* by this start */
    uint64_t runs_failed; /* of those */
    size_t shards_made;
    char *problem; /* why a run failed (of the first such point this start met), or NULL; owned */
    char *message; /* why the sweep ended early, or NULL; owned */
};

/* Runs. PKO_OK: every shard of the task has been made, or tried and found failing; PKO_ERROR_INTERRUPTED:
 * `stop` ended it; PKO_ERROR_DISK, PKO_ERROR_MEMORY. The result is whole in any case. */
int pko_sweep_run(const struct pko_sweep *sweep, struct pko_sweep_result *result);
void pko_sweep_result_free(struct pko_sweep_result *result);

#endif
