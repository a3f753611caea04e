/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "experiment/sweep.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "experiment/runner.h"
#include "experiment/twins.h"
#include "model/scenario.h"
#include "pkosim/status.h"

#define PAUSE_NS 100000000 /* between two looks at the shards that other processes work on */

/* A shard being made. */
struct job {
    size_t shard;
    struct pko_shard_range range;
    struct pko_shard_shape shape;
    struct pko_shard_data data;
    size_t pairs, next, left; /* all; to be taken next; not complete */
    size_t problem_pair;      /* of data.problem */
    bool failed;
    struct job *link; /* the job begun before */
};

struct state {
    const struct pko_sweep *sweep;
    struct pko_sweep_result *result;

    pthread_mutex_t lock; /* guards all down to `progress` */
    pthread_cond_t more;  /* something for the writer */
    struct job *ready;    /* complete, for the writer to take; or NULL */
    bool over;            /* nothing more will come for the writer, or there is none */
    struct job *jobs;     /* begun and not written; the first may have pairs to take */
    size_t cursor;        /* next shard to look at */
    size_t busy;          /* shards that others work on, met since the cursor was at 0 */
    bool *tried;          /* shards found failing by this start, or by others since it began */
    int status;
    struct pko_sweep_progress progress;

    pthread_mutex_t writing; /* around HDF5 */
    pthread_mutex_t telling;
    atomic_uint_fast64_t days, runs; /* run; complete */
};

static void tell(struct state *state) {
    const struct pko_sweep *sweep = state->sweep;
    if (!sweep->progress || pthread_mutex_trylock(&state->telling) != 0)
        return;
    struct pko_sweep_progress now = state->progress; /* `runs`, `days` do not change while threads run */
    now.runs_done += atomic_load(&state->runs);
    now.days_done = atomic_load(&state->days);
    sweep->progress(sweep->context, &now);
    pthread_mutex_unlock(&state->telling);
}

static void free_job(struct job *job) {
    pko_shard_data_free(&job->data);
    free(job);
}

/* Ends the sweep with a status, of which the first counts; takes the message. */
static void fail(struct state *state, int status, char *message) {
    pthread_mutex_lock(&state->lock);
    if (state->status == PKO_OK) {
        state->status = status;
        state->result->message = message;
        message = NULL;
    }
    pthread_mutex_unlock(&state->lock);
    free(message);
}

/* --- Taking pairs; under the lock */

static bool is_ours(const struct state *state, size_t shard) {
    return shard % state->sweep->tasks == state->sweep->task &&
           pko_store_state(state->sweep->store, shard) != PKO_SHARD_DONE && !state->tried[shard];
}

/* The number of the next shard that this process may make; false if there is none. */
static bool next_shard(struct state *state, size_t *shard) {
    const struct pko_sweep *sweep = state->sweep;
    for (;;) {
        *shard = sweep->deal ? sweep->deal(sweep->context) : state->cursor++;
        if (*shard >= sweep->plan->shards)
            return false;
        if (!is_ours(state, *shard))
            continue;
        switch (pko_store_claim(sweep->store, *shard)) {
        case PKO_CLAIM_TAKEN:
            return true;
        case PKO_CLAIM_BUSY:
            state->busy++;
            break;
        case PKO_CLAIM_DONE:
            state->tried[*shard] = true;
            break;
        }
    }
}

static struct job *begin_job(struct state *state) {
    const struct pko_plan *plan = state->sweep->plan;
    size_t shard;
    if (!next_shard(state, &shard))
        return NULL;
    struct job *job = calloc(1, sizeof *job);
    if (job) {
        job->shard = shard;
        job->range = pko_plan_shard(plan, shard);
        job->shape = pko_store_shape(plan, job->range);
        job->pairs = job->left = job->range.points * job->range.replicates;
    }
    if (!job || pko_shard_data_create(&job->shape, &job->data) != PKO_OK) {
        if (job)
            free_job(job);
        pko_store_release(state->sweep->store, shard);
        state->status = PKO_ERROR_MEMORY;
        return NULL;
    }
    job->link = state->jobs;
    return state->jobs = job;
}

static bool stopped(const struct state *state) {
    return state->sweep->stop && atomic_load(state->sweep->stop);
}

/* Takes the next pair; false when there is nothing left to take. */
static bool take(struct state *state, struct job **job, size_t *pair) {
    pthread_mutex_lock(&state->lock);
    if (stopped(state) && state->status == PKO_OK)
        state->status = PKO_ERROR_INTERRUPTED;
    *job = state->status != PKO_OK ? NULL : state->jobs;
    if (state->status == PKO_OK && (!*job || (*job)->next == (*job)->pairs))
        *job = begin_job(state);
    if (*job)
        *pair = (*job)->next++;
    pthread_mutex_unlock(&state->lock);
    return *job != NULL;
}

/* --- Running pairs */

/* Keeps why a pair failed, if it is the first of its shard, in one line. */
static void note_problem(struct state *state, struct job *job, size_t pair, const struct pko_runner *runner,
                         size_t regime, int status) {
    const struct pko_plan *plan = state->sweep->plan;
    char *words = NULL;
    if (runner->status != PKO_OK && runner->problems)
        words = strndup(runner->problems, strcspn(runner->problems, "\n"));
    else if (asprintf(&words, "point %zu, regime %s, replicate %zu: %s", runner->point,
                      plan->regime_names[regime], job->range.first_replicate + pair % job->range.replicates,
                      pko_status_text(status)) < 0)
        words = NULL;
    pthread_mutex_lock(&state->lock);
    if (!job->failed || pair < job->problem_pair) {
        free(job->data.problem);
        job->data.problem = words;
        job->problem_pair = pair;
        words = NULL;
    }
    job->failed = true;
    state->result->runs_failed++;
    pthread_mutex_unlock(&state->lock);
    free(words);
}

static bool ends_sweep(int status) {
    return status == PKO_ERROR_MEMORY || status == PKO_ERROR_DISK || status == PKO_ERROR_INTERRUPTED;
}

/* Runs one regime of a pair into its place of the shard. */
static int run_regime(struct state *state, struct job *job, size_t pair, struct pko_runner *runner,
                      size_t regime, float **series) {
    const struct pko_plan *plan = state->sweep->plan;
    size_t point = pair / job->range.replicates, replicate = pair % job->range.replicates;
    size_t run = (point * plan->regimes + regime) * job->range.replicates + replicate;
    for (size_t k = 0; k < plan->series_count; k++)
        series[k] = job->data.series[k] + run * pko_plan_series_size(plan, k);
    int status =
        pko_runner_run(runner, regime, (uint32_t)(job->range.first_replicate + replicate), state->sweep->stop,
                       &state->days, job->data.outcomes + run * plan->kept_count, series);
    if (ends_sweep(status))
        return status;
    job->data.status[run] = status == PKO_OK ? PKO_RUN_DONE : PKO_RUN_FAILED;
    if (status != PKO_OK)
        note_problem(state, job, pair, runner, regime, status);
    return PKO_OK;
}

static int run_pair(struct state *state, struct job *job, size_t pair, struct pko_runner *runner) {
    const struct pko_plan *plan = state->sweep->plan;
    float **series = calloc(plan->series_count + 1, sizeof *series);
    int status = series ? PKO_OK : PKO_ERROR_MEMORY;
    if (series)
        pko_runner_go(runner, job->range.first_point + pair / job->range.replicates);
    for (size_t regime = 0; status == PKO_OK && regime < plan->regimes; regime++)
        status = run_regime(state, job, pair, runner, regime, series);
    free(series);
    return status;
}

/* Writes a complete shard. */
static int write_job(struct state *state, struct job *job) {
    const struct pko_sweep *sweep = state->sweep;
    void *bytes = NULL;
    size_t size = 0;
    char *message = NULL;
    pthread_mutex_lock(&state->writing);
    int status = pko_shard_image(&job->shape, sweep->plan->hash, &job->data, &bytes, &size, &message);
    pthread_mutex_unlock(&state->writing);
    if (status == PKO_OK)
        status = pko_store_put(sweep->store, job->shard, job->failed, bytes, size, &message);
    free(bytes);
    if (status != PKO_OK) {
        fail(state, status, message);
        return status;
    }
    free(message);
    return PKO_OK;
}

static void finish(struct state *state, struct job *job) {
    int status = write_job(state, job);
    pthread_mutex_lock(&state->lock);
    struct job **at = &state->jobs;
    while (*at != job)
        at = &(*at)->link;
    *at = job->link;
    state->tried[job->shard] = true;
    if (status == PKO_OK) {
        state->result->shards_made++;
        state->result->runs_made += job->pairs * state->sweep->plan->regimes;
    }
    if (job->failed && !state->result->problem) {
        state->result->problem = job->data.problem;
        job->data.problem = NULL;
    }
    pko_store_release(state->sweep->store, job->shard);
    pthread_mutex_unlock(&state->lock);
    free_job(job);
}

/* The end of a pair. The last one of a shard leaves it to the writer, who waits for the disk meanwhile, or
 * writes it itself where there is no writer or the disk does not keep up. */
static void complete(struct state *state, struct job *job) {
    atomic_fetch_add(&state->runs, state->sweep->plan->regimes);
    pthread_mutex_lock(&state->lock);
    bool last = --job->left == 0, leave = last && !state->ready && !state->over;
    if (leave) {
        state->ready = job;
        pthread_cond_signal(&state->more);
    }
    pthread_mutex_unlock(&state->lock);
    if (last && !leave)
        finish(state, job);
}

/* The writer: complete shards, until no more will come. */
static void *write_shards(void *context) {
    struct state *state = context;
    pthread_mutex_lock(&state->lock);
    while (state->ready || !state->over) {
        struct job *job = state->ready;
        if (!job) {
            pthread_cond_wait(&state->more, &state->lock);
            continue;
        }
        state->ready = NULL;
        pthread_mutex_unlock(&state->lock);
        finish(state, job);
        pthread_mutex_lock(&state->lock);
    }
    pthread_mutex_unlock(&state->lock);
    return NULL;
}

static void work(struct state *state) {
    struct pko_runner runner = pko_runner_start(state->sweep->plan);
    struct job *job;
    size_t pair;
    while (take(state, &job, &pair)) {
        int status = run_pair(state, job, pair, &runner);
        if (status == PKO_OK)
            complete(state, job);
        else
            fail(state, status, NULL);
        tell(state);
    }
    pko_runner_free(&runner);
}

/* --- The whole */

/* Counts what is to be done. */
static void survey(struct state *state) {
    const struct pko_plan *plan = state->sweep->plan;
    uint64_t todo = 0;
    for (size_t shard = state->sweep->task; shard < plan->shards; shard += state->sweep->tasks) {
        struct pko_shard_range range = pko_plan_shard(plan, shard);
        uint64_t runs = (uint64_t)range.points * range.replicates * plan->regimes;
        state->progress.runs += runs;
        todo += is_ours(state, shard) ? runs : 0;
    }
    state->progress.runs_done = state->progress.runs - todo;
    state->progress.days = todo * (uint64_t)plan->base->days;
}

static void run_round(struct state *state, int threads) {
    (void)threads; /* without OpenMP the block below runs once */
    pthread_t writer;
    state->cursor = 0;
    state->busy = 0;
    state->over = false;
    bool has_writer = pthread_create(&writer, NULL, write_shards, state) == 0;
    if (!has_writer)
        state->over = true;
#pragma omp parallel num_threads(threads)
    work(state);
    pthread_mutex_lock(&state->lock);
    state->over = true;
    pthread_cond_signal(&state->more);
    pthread_mutex_unlock(&state->lock);
    if (has_writer)
        pthread_join(writer, NULL);
}

static void drop_jobs(struct state *state) {
    while (state->jobs) {
        struct job *job = state->jobs;
        state->jobs = job->link;
        pko_store_release(state->sweep->store, job->shard);
        free_job(job);
    }
}

int pko_sweep_run(const struct pko_sweep *sweep, struct pko_sweep_result *result) {
    const struct timespec pause = {0, PAUSE_NS};
    struct state state = {.sweep = sweep, .result = result, .status = PKO_OK};
    *result = (struct pko_sweep_result){0};
    state.tried = calloc(sweep->plan->shards, sizeof *state.tried);
    if (!state.tried)
        return PKO_ERROR_MEMORY;
    pthread_mutex_init(&state.lock, NULL);
    pthread_cond_init(&state.more, NULL);
    pthread_mutex_init(&state.writing, NULL);
    pthread_mutex_init(&state.telling, NULL);
    pko_store_clean(sweep->store);
    survey(&state);
    int threads = pko_twins_threads(sweep->threads, state.progress.runs);
    run_round(&state, threads);
    while (state.status == PKO_OK && state.busy > 0) { /* one of the others may be killed */
        nanosleep(&pause, NULL);
        run_round(&state, threads);
    }
    tell(&state);
    drop_jobs(&state);
    free(state.tried);
    pthread_mutex_destroy(&state.telling);
    pthread_mutex_destroy(&state.writing);
    pthread_cond_destroy(&state.more);
    pthread_mutex_destroy(&state.lock);
    return state.status;
}

void pko_sweep_result_free(struct pko_sweep_result *result) {
    free(result->problem);
    free(result->message);
    *result = (struct pko_sweep_result){0};
}
