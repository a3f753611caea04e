/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order without barriers: a thread takes the next run number, computes the run, and puts it into the ring
 * place number mod `window`. Whoever then finds the run whose turn it is hands it on, and all finished ones
 * behind it. A number is only begun when it is less than `window` ahead of the turn, so at most `window` runs
 * exist, and beside them as many observers as threads, which wait for another run. No deadlock: the run whose
 * turn it is never waits. */
#include "experiment/twins.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "model/scenario.h"
#include "pkosim/status.h"

/* A run: its observer reads totals in its mission, so the two live together until the run is handed on. */
struct run {
    const struct pko_scenario *scenario;
    struct pko_mission *mission;
    struct pko_observer *observer; /* NULL: no run */
};

struct campaign {
    const struct pko_twins_plan *plan;
    struct pko_twins_result *result;
    uint64_t runs;
    size_t window;
    int hands; /* threads inside a run: what there are more of than runs */

    pthread_mutex_t lock; /* guards all down to `row` */
    pthread_cond_t moved; /* the turn moved on, or the campaign is over */
    uint64_t next, turn;  /* next number to take; number to be handed on next */
    bool handing, over;   /* a thread is in the sink; nothing more is to be begun */
    atomic_bool enough;   /* no later replicate is wanted */
    int status;
    struct run *finished; /* [window] */
    size_t held;
    struct run
        *spare; /* [spares], as many as threads at most: observers of runs handed on, to be used again */
    size_t spares;
    double *row; /* [regime][outcome] of the replicate whose turn it is */

    pthread_mutex_t telling; /* held around the progress callback */
    atomic_uint_fast64_t days_done, runs_done;
    atomic_uint_fast32_t replicates_done;
};

static void tell(struct campaign *campaign) {
    const struct pko_twins_plan *plan = campaign->plan;
    if (!plan->progress || pthread_mutex_trylock(&campaign->telling) != 0)
        return;
    struct pko_twins_progress progress = {
        .runs = campaign->runs,
        .runs_done = atomic_load(&campaign->runs_done),
        .days = campaign->runs * (uint64_t)plan->scenario->days,
        .days_done = atomic_load(&campaign->days_done),
        .replicates_done = (uint32_t)atomic_load(&campaign->replicates_done),
    };
    plan->progress(plan->context, &progress);
    pthread_mutex_unlock(&campaign->telling);
}

/* Ends a run. Its observer, whose names of outcomes and memory for series are those of all runs of a
 * scenario, waits for another. */
static void end_run(struct campaign *campaign, struct run *run) {
    pko_mission_free(run->mission);
    run->mission = NULL;
    pthread_mutex_lock(&campaign->lock);
    if (run->observer && campaign->spares < campaign->window / 2) {
        campaign->spare[campaign->spares++] = *run;
        run->observer = NULL;
    }
    pthread_mutex_unlock(&campaign->lock);
    pko_observer_free(run->observer);
    *run = (struct run){0};
}

static int find_observer(struct campaign *campaign, struct run *run) {
    pthread_mutex_lock(&campaign->lock);
    for (size_t k = campaign->spares; !run->observer && k-- > 0;)
        if (campaign->spare[k].scenario == run->scenario) {
            run->observer = campaign->spare[k].observer;
            campaign->spare[k] = campaign->spare[--campaign->spares];
        }
    pthread_mutex_unlock(&campaign->lock);
    return run->observer ? PKO_OK : pko_observer_create(run->scenario, &run->observer);
}

static int run_one(struct campaign *campaign, uint64_t number, struct run *run) {
    const struct pko_twins_plan *plan = campaign->plan;
    size_t regime = (size_t)(number % plan->regime_count);
    uint32_t index = (uint32_t)(number / plan->regime_count);
    run->scenario = plan->variants ? plan->variants[regime] : plan->scenario;
    int status = pko_mission_create(run->scenario, plan->regimes[regime], plan->first_replicate + index,
                                    &run->mission);
    if (status == PKO_OK)
        status = find_observer(campaign, run);
    if (status == PKO_OK)
        pko_mission_threads(run->mission, campaign->hands);
    if (status == PKO_OK)
        status = pko_observer_start(run->observer, run->mission);
    for (int day = 0; status == PKO_OK && day < plan->scenario->days; day++) {
        if (atomic_load(&campaign->enough) || (plan->stop && atomic_load(plan->stop))) {
            status = PKO_ERROR_INTERRUPTED;
            break;
        }
        if (plan->morning)
            status = plan->morning(plan->context, regime, index, run->mission);
        if (status == PKO_OK)
            status = pko_mission_step(run->mission);
        if (status == PKO_OK)
            status = pko_observer_day(run->observer, run->mission);
        atomic_fetch_add(&campaign->days_done, 1);
        tell(campaign);
    }
    if (status == PKO_OK && plan->morning)
        status = plan->morning(plan->context, regime, index, run->mission);
    if (status == PKO_OK)
        atomic_fetch_add(&campaign->runs_done, 1);
    else
        end_run(campaign, run);
    return status;
}

static int name_outcomes(struct campaign *campaign, const struct pko_observer *observer) {
    struct pko_twins_result *result = campaign->result;
    size_t outcomes = pko_outcome_count(observer), regimes = result->regime_count;
    result->names = calloc(outcomes, sizeof *result->names);
    result->moments = calloc(regimes * outcomes, sizeof *result->moments);
    result->pairs = calloc(regimes * outcomes, sizeof *result->pairs);
    campaign->row = calloc(regimes * outcomes, sizeof *campaign->row);
    if (!result->names || !result->moments || !result->pairs || !campaign->row)
        return PKO_ERROR_MEMORY;
    result->outcome_count = outcomes;
    for (size_t k = 0; k < outcomes; k++) {
        result->names[k] = strdup(pko_outcome_name(observer, k));
        if (!result->names[k])
            return PKO_ERROR_MEMORY;
    }
    if (campaign->plan->keep_values) {
        result->values = calloc(regimes * result->planned * outcomes, sizeof *result->values);
        if (!result->values)
            return PKO_ERROR_MEMORY;
    }
    return PKO_OK;
}

/* A replicate joins the statistics only when its last regime is there. */
static void add_replicate(struct campaign *campaign, uint32_t replicate_index) {
    struct pko_twins_result *result = campaign->result;
    size_t outcomes = result->outcome_count;
    for (size_t regime = 0; regime < result->regime_count; regime++) {
        const double *row = campaign->row + regime * outcomes;
        for (size_t k = 0; k < outcomes; k++) {
            pko_moments_add(&result->moments[regime * outcomes + k], row[k]);
            if (regime > 0)
                pko_pair_add(&result->pairs[(regime - 1) * outcomes + k], campaign->row[k], row[k]);
        }
        if (result->values)
            memcpy(result->values + (regime * result->planned + replicate_index) * outcomes, row,
                   outcomes * sizeof *row);
    }
    result->replicates = replicate_index + 1;
    atomic_store(&campaign->replicates_done, result->replicates);
}

/* The part of handing on that runs without the lock; only one thread is ever in it. */
static int hand_on(struct campaign *campaign, uint64_t number, const struct pko_observer *observer) {
    const struct pko_twins_plan *plan = campaign->plan;
    size_t regime = (size_t)(number % plan->regime_count);
    uint32_t replicate_index = (uint32_t)(number / plan->regime_count);
    int status = campaign->row ? PKO_OK : name_outcomes(campaign, observer);
    if (status == PKO_OK)
        status = pko_outcomes(observer, campaign->row + regime * campaign->result->outcome_count);
    if (status == PKO_OK && plan->sink)
        status = plan->sink(plan->context, regime, replicate_index, observer);
    if (status == PKO_OK && regime + 1 == plan->regime_count)
        add_replicate(campaign, replicate_index);
    if (status == PKO_OK && regime + 1 == plan->regime_count && plan->enough &&
        plan->enough(plan->context, campaign->result))
        atomic_store(&campaign->enough, true);
    return status;
}

/* A stop does not keep finished runs from being handed on; a failure does, and so does having enough. */
static bool wanted(const struct campaign *campaign) {
    return !atomic_load(&campaign->enough) &&
           (campaign->status == PKO_OK || campaign->status == PKO_ERROR_INTERRUPTED);
}

static void fail(struct campaign *campaign, int status) {
    if (wanted(campaign))
        campaign->status = status;
    campaign->over = true;
    pthread_cond_broadcast(&campaign->moved);
}

static void finish(struct campaign *campaign, uint64_t number, int status, struct run run) {
    pthread_mutex_lock(&campaign->lock);
    if (status != PKO_OK) {
        fail(campaign, status);
    } else {
        campaign->finished[number % campaign->window] = run;
        campaign->held++;
        if (campaign->held > campaign->result->most_held)
            campaign->result->most_held = campaign->held;
    }
    while (!campaign->handing && wanted(campaign) &&
           campaign->finished[campaign->turn % campaign->window].observer) {
        uint64_t turn = campaign->turn;
        struct run ready = campaign->finished[turn % campaign->window];
        campaign->finished[turn % campaign->window] = (struct run){0};
        campaign->handing = true;
        pthread_mutex_unlock(&campaign->lock);
        status = hand_on(campaign, turn, ready.observer);
        end_run(campaign, &ready);
        pthread_mutex_lock(&campaign->lock);
        campaign->handing = false;
        campaign->held--;
        campaign->turn++;
        if (status != PKO_OK)
            fail(campaign, status);
        campaign->over |= atomic_load(&campaign->enough);
        pthread_cond_broadcast(&campaign->moved);
    }
    pthread_mutex_unlock(&campaign->lock);
}

/* Waits until the number may begin; false when the campaign is over. */
static bool may_begin(struct campaign *campaign, uint64_t number) {
    pthread_mutex_lock(&campaign->lock);
    while (!campaign->over && number >= campaign->turn + campaign->window)
        pthread_cond_wait(&campaign->moved, &campaign->lock);
    bool begin = !campaign->over;
    pthread_mutex_unlock(&campaign->lock);
    return begin;
}

static uint64_t take_number(struct campaign *campaign) {
    pthread_mutex_lock(&campaign->lock);
    uint64_t number = campaign->next++;
    pthread_mutex_unlock(&campaign->lock);
    return number;
}

/* Waits until every run has been handed on; false if that will not be, or is not wanted any more. */
static bool all_are_in(struct campaign *campaign) {
    pthread_mutex_lock(&campaign->lock);
    while (!campaign->over && campaign->turn < campaign->runs)
        pthread_cond_wait(&campaign->moved, &campaign->lock);
    bool in = campaign->turn == campaign->runs && campaign->status == PKO_OK;
    pthread_mutex_unlock(&campaign->lock);
    return in;
}

/* The work of one thread: its first number is its own, so that each thread of the team takes part. */
static void work(struct campaign *campaign, uint64_t number) {
    uint64_t mine = 0;
    while (number < campaign->runs && may_begin(campaign, number)) {
        struct run run = {0};
        int status = run_one(campaign, number, &run);
        finish(campaign, number, status, run);
        mine++;
        number = take_number(campaign);
    }
    pthread_mutex_lock(&campaign->lock);
    campaign->result->threads_used += mine > 0;
    pthread_mutex_unlock(&campaign->lock);
    if (campaign->plan->rest && all_are_in(campaign))
        campaign->plan->rest(campaign->plan->context);
}

static int threads_at_hand(int wanted) {
#ifdef _OPENMP
    return wanted > 0 ? wanted : omp_get_max_threads();
#else
    (void)wanted;
    return 1;
#endif
}

int pko_twins_threads(int wanted, uint64_t runs) {
    int threads = threads_at_hand(wanted);
    return (uint64_t)threads > runs ? (int)runs : threads;
}

static void work_together(struct campaign *campaign, int threads) {
    /* One thread needs no team; and gcc's OpenMP makes threads anew for each loop inside a team, even of one,
     * where it keeps those of loops outside of any (engine/crew.c has two such loops a day). */
    if (threads == 1) {
        campaign->next = 1;
        work(campaign, 0);
        return;
    }
#ifdef _OPENMP
    int levels = omp_get_max_active_levels();
    if (campaign->hands > 1 && levels < 2)
        omp_set_max_active_levels(2);
#endif
#pragma omp parallel num_threads(threads)
    {
        int thread = 0;
#ifdef _OPENMP
        thread = omp_get_thread_num();
        /* OpenMP may give fewer threads than asked for; the numbers from the team's size on are free to take.
         */
#pragma omp single
        campaign->next = (uint64_t)omp_get_num_threads();
#endif
        work(campaign, (uint64_t)thread);
    }
#ifdef _OPENMP
    omp_set_max_active_levels(levels);
#endif
}

int pko_twins_run(const struct pko_twins_plan *plan, struct pko_twins_result *result) {
    assert(plan->regime_count >= 1 && plan->replicates >= 1);
    uint64_t runs = (uint64_t)plan->replicates * plan->regime_count;
    int threads = pko_twins_threads(plan->threads, runs);
    struct campaign campaign = {.plan = plan,
                                .result = result,
                                .runs = runs,
                                .window = 2 * (size_t)threads,
                                .hands = threads_at_hand(plan->threads) / threads,
                                .status = PKO_OK};
    *result = (struct pko_twins_result){.regime_count = plan->regime_count, .planned = plan->replicates};
    campaign.finished = calloc(campaign.window, sizeof *campaign.finished);
    campaign.spare = calloc(campaign.window, sizeof *campaign.spare);
    if (!campaign.finished || !campaign.spare) {
        free(campaign.finished);
        free(campaign.spare);
        return PKO_ERROR_MEMORY;
    }
    pthread_mutex_init(&campaign.lock, NULL);
    pthread_mutex_init(&campaign.telling, NULL);
    pthread_cond_init(&campaign.moved, NULL);

    work_together(&campaign, threads);
    tell(&campaign); /* the last word, now that nobody is in the way */

    for (size_t k = 0; k < campaign.window; k++)
        end_run(&campaign, &campaign.finished[k]);
    while (campaign.spares > 0)
        pko_observer_free(campaign.spare[--campaign.spares].observer);
    free(campaign.finished);
    free(campaign.spare);
    free(campaign.row);
    pthread_cond_destroy(&campaign.moved);
    pthread_mutex_destroy(&campaign.telling);
    pthread_mutex_destroy(&campaign.lock);
    return campaign.status;
}

void pko_twins_free(struct pko_twins_result *result) {
    for (size_t k = 0; result->names && k < result->outcome_count; k++)
        free(result->names[k]);
    free(result->names);
    free(result->moments);
    free(result->pairs);
    free(result->values);
    *result = (struct pko_twins_result){0};
}

const double *pko_twins_values(const struct pko_twins_result *result, size_t regime,
                               uint32_t replicate_index) {
    assert(regime < result->regime_count && replicate_index < result->replicates);
    if (!result->values)
        return NULL;
    return result->values + (regime * result->planned + replicate_index) * result->outcome_count;
}
