/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twins: every replicate is run once under each regime with the same random numbers (ODD section 4,
 * stochasticity), so that differences between regimes are differences of pairs.
 *
 * Threads that there are more of than runs work inside runs (base/crew.h).
 *
 * Runs are numbered replicate by replicate, a replicate's regimes next to one another: number =
 * replicate·regimes + regime. Threads take whole runs in that order; finished runs are handed on in that
 * order, by one thread at a time, so nothing that comes out depends on the number of threads or on which of
 * them was faster. A campaign cut off in the middle leaves a balanced sample: all regimes of the first
 * replicates. */
#ifndef PKO_EXPERIMENT_TWINS_H
#define PKO_EXPERIMENT_TWINS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiment/statistics.h"
#include "pkosim/observe.h"

#define PKO_REPLICATES_MOST 1048576u /* a replicate is 20 bits of an address (base/random.h) */

struct pko_twins_result;

/* How far a campaign has come. */
struct pko_twins_progress {
    uint64_t runs, runs_done; /* replicates × regimes; those whose last day has run */
    uint64_t days, days_done; /* runs × days of a run; days run so far in all runs */
    uint32_t replicates_done; /* replicates handed on whole, from the first one without a gap */
};

struct pko_twins_plan {
    const struct pko_scenario *scenario;
    /* [regime]: a scenario for each, alike in all but cuts and regimes; NULL: `scenario` for all. */
    const struct pko_scenario *const *variants;
    const char *const *regimes; /* names, as pko_mission_create takes them; the same one may stand twice */
    size_t regime_count;        /* ≥ 1 */
    uint32_t first_replicate;   /* first_replicate + replicates ≤ 2^20 */
    uint32_t replicates;        /* ≥ 1 */
    int threads;                /* 0: as many as OpenMP would use; those beyond the runs work inside runs */
    bool keep_values;           /* keep the outcomes of every run (memory grows with the replicates) */

    /* Looked at between days; the campaign stops when it is not 0. May be NULL. */
    const atomic_int *stop;
    /* Takes a finished run, in order of its number, one at a time, from any thread; replicate_index counts
     * from 0 at first_replicate. The run's mission lives as long as the call. A status other than PKO_OK ends
     * the campaign with it. May be NULL. */
    int (*sink)(void *context, size_t regime, uint32_t replicate_index, const struct pko_observer *observer);
    /* Called once by each thread that takes runs, all at the same time, when the last run has been handed on:
     * for what is left to do with all of them and can be shared. Not called when the campaign was stopped or
     * failed. May be NULL. */
    void (*rest)(void *context);
    /* Called in the morning of each day of a run, before its first process, and once more after the last day,
     * from the thread that runs it: several runs are under way at a time. The mission is only read. A status
     * other than PKO_OK ends the campaign with it. May be NULL. */
    int (*morning)(void *context, size_t regime, uint32_t replicate_index, const struct pko_mission *mission);
    /* Called after days, from one thread at a time, any of them; must be quick. May be NULL. */
    void (*progress)(void *context, const struct pko_twins_progress *progress);
    /* Called when a replicate is complete over all regimes, in order; true ends the campaign with the
     * replicates so far: runs beyond them are dropped, however far they are. May be NULL. */
    bool (*enough)(void *context, const struct pko_twins_result *result);
    void *context; /* handed to all five */
};

/* What a campaign leaves. Outcomes are those of pko_outcomes, in its order. */
struct pko_twins_result {
    size_t regime_count, outcome_count;
    char **names;                   /* [outcome] */
    uint32_t replicates;            /* complete over all regimes, from the first one without a gap */
    struct pko_moments *moments;    /* [regime][outcome], over those replicates */
    struct pko_pair_moments *pairs; /* [regime − 1][outcome]: the first regime against each later one */
    double *values;                 /* with keep_values, else NULL; see pko_twins_values */
    uint32_t planned;               /* replicates of the plan: the stride of `values` */

    int threads_used; /* threads that ran at least one run: proof that they took part */
    size_t most_held; /* most finished runs that waited for their turn at one time */
};

/* Threads that a plan of so many runs takes: those wanted (0 or less: all that OpenMP offers), never more
 * than runs. */
int pko_twins_threads(int wanted, uint64_t runs);

/* Runs the plan. PKO_OK when every replicate is complete or `enough` said so; PKO_ERROR_INTERRUPTED when
 * `stop` ended it: the result then holds the complete replicates; any other status is that of the first run
 * or sink that failed. The result is always whole and is freed with pko_twins_free. */
int pko_twins_run(const struct pko_twins_plan *plan, struct pko_twins_result *result);
/* Frees what a result owns and leaves it empty; legal on an all-zero result and twice. */
void pko_twins_free(struct pko_twins_result *result);
/* The outcomes of one run, [outcome]; NULL without keep_values. replicate_index < result->replicates. */
const double *pko_twins_values(const struct pko_twins_result *result, size_t regime,
                               uint32_t replicate_index);

#endif
