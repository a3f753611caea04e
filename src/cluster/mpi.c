/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pkosim-mpi: a campaign over the ranks of an MPI job (docs/cluster.md). The numbers of shards are dealt by
 * one counter in the memory of rank 0, which every rank fetches and adds to by itself; no rank waits for
 * another one to answer. Where the network cannot do that alone, rank 0 must be inside MPI now and then: it
 * looks in after each pair of runs. */
#include <argp.h>
#include <inttypes.h>
#include <mpi.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/merge.h"
#include "experiment/signals.h"
#include "experiment/sweep.h"
#include "pkosim/status.h"

/* Exit statuses, those of `pkosim` (cli/report.h). */
enum { EXIT_INPUT = 2, EXIT_INTERNAL = 70, EXIT_MEMORY = 71, EXIT_DISK = 74, EXIT_STOPPED = 75 };

struct words {
    const char *campaign, *out;
    int threads;
    bool quiet;
};

/* The deal: MPI is called by one thread at a time. */
struct deal {
    pthread_mutex_t lock;
    MPI_Win window;
};

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "directory of the results, seen by all ranks", 0},
    {"threads", 't', "T", 0, "threads of a rank (1)", 0},
    {"quiet", 'q', NULL, 0, "say nothing unless something is wrong", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct words *words = state->input;
    char *end = NULL;
    switch (key) {
    case 'o':
        words->out = argument;
        return 0;
    case 't':
        words->threads = (int)strtol(argument, &end, 10);
        if (*end || words->threads < 1 || words->threads > 4096)
            argp_error(state, "--threads wants a whole number from 1 to 4096, not '%s'", argument);
        return 0;
    case 'q':
        words->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one campaign at a time: '%s' is one too many", argument);
        words->campaign = argument;
        return 0;
    case ARGP_KEY_END:
        if (!words->campaign || !words->out)
            argp_error(state, "which campaign, and where to? CAMPAIGN --out DIR");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "CAMPAIGN",
    .doc =
        "Run a campaign over the ranks of an MPI job. It goes on from what is in the directory, and 'pkosim "
        "sweep', 'status' and 'merge' work on the same one."
        "\vExample:\n"
        "  mpirun -n 8 pkosim-mpi my.yaml --out my --threads 4"};

static int exit_of(int status) {
    return status == PKO_OK                  ? 0
           : status == PKO_ERROR_MEMORY      ? EXIT_MEMORY
           : status == PKO_ERROR_DISK        ? EXIT_DISK
           : status == PKO_ERROR_INTERRUPTED ? EXIT_STOPPED
           : status <= PKO_ERROR_INPUT       ? EXIT_INPUT
                                             : EXIT_INTERNAL;
}

/* Says why a rank could not go on; takes the message. */
static int failed(int rank, int status, char *message) {
    size_t length = message ? strcspn(message, "\n") : 0;
    if (status != PKO_ERROR_INTERRUPTED)
        fprintf(stderr, "pkosim-mpi: rank %d: %.*s\n", rank, length ? (int)length : 1000,
                length ? message : pko_status_text(status));
    free(message);
    return exit_of(status);
}

/* The worst exit status over all ranks, told to all; also a barrier. */
static int agree(int code) {
    int worst = code;
    MPI_Allreduce(&code, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return worst;
}

static size_t next(void *context) {
    struct deal *deal = context;
    const uint64_t one = 1;
    uint64_t number = 0;
    pthread_mutex_lock(&deal->lock);
    MPI_Fetch_and_op(&one, &number, MPI_UINT64_T, 0, 0, MPI_SUM, deal->window);
    MPI_Win_flush(0, deal->window);
    pthread_mutex_unlock(&deal->lock);
    return (size_t)number;
}

static void look_in(void *context, const struct pko_sweep_progress *progress) {
    struct deal *deal = context;
    int there = 0;
    (void)progress;
    if (pthread_mutex_trylock(&deal->lock) != 0)
        return;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
    pthread_mutex_unlock(&deal->lock);
}

/* Runs this rank's share; an exit status. */
static int share(const struct words *words, int rank, const struct pko_plan *plan, struct pko_store *store,
                 const atomic_int *stop) {
    struct deal deal = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct pko_sweep_result result;
    uint64_t *counter = NULL;
    MPI_Win_allocate(rank == 0 ? sizeof *counter : 0, sizeof *counter, MPI_INFO_NULL, MPI_COMM_WORLD,
                     &counter, &deal.window);
    MPI_Win_lock_all(0, deal.window);
    if (rank == 0) {
        *counter = 0;
        MPI_Win_sync(deal.window);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    const struct pko_sweep sweep = {.plan = plan,
                                    .store = store,
                                    .threads = words->threads,
                                    .tasks = 1,
                                    .stop = stop,
                                    .deal = next,
                                    .progress = look_in,
                                    .context = &deal};
    int status = pko_sweep_run(&sweep, &result), code = 0;
    if (status != PKO_OK) {
        code = failed(rank, status, result.message);
        result.message = NULL;
    } else if (!words->quiet) {
        printf("rank %d made %zu shards, %" PRIu64 " runs\n", rank, result.shards_made, result.runs_made);
    }
    pko_sweep_result_free(&result);
    code = agree(code); /* rank 0 serves the counter until all have ended */
    MPI_Win_unlock_all(deal.window);
    MPI_Win_free(&deal.window);
    return code;
}

/* Rank 0 makes the results readable. */
static int merge(const struct words *words, const struct pko_plan *plan, struct pko_store *store) {
    struct pko_merge_result result;
    char *message = NULL;
    int status = pko_merge(plan, store, NULL, false, &result, &message);
    int code = status == PKO_OK ? 0 : failed(0, status, message);
    if (status == PKO_OK && !words->quiet)
        printf("%" PRIu64 " of %" PRIu64 " runs are in '%s/campaign.h5' and '%s/summary.csv'.\n", result.done,
               result.runs, words->out, words->out);
    if (status == PKO_OK && result.failed > 0)
        fprintf(stderr, "pkosim-mpi: %" PRIu64 " runs failed and are missing values; the first: %s\n",
                result.failed, result.problem ? result.problem : "unknown");
    pko_merge_result_free(&result);
    return code;
}

static int run(const struct words *words, int rank, const atomic_int *stop) {
    struct pko_plan *plan = NULL;
    struct pko_store *store = NULL;
    char *message = NULL;
    int status = pko_plan_load(words->campaign, NULL, &plan, &message), code = 0;
    if (status != PKO_OK && rank == 0)
        fputs(message ? message : pko_status_text(status), stderr); /* every rank reads the same file */
    free(message);
    message = NULL;
    for (int turn = 0; turn < 2 && agree(exit_of(status)) == 0; turn++) /* rank 0 makes the directory */
        if ((rank == 0) == (turn == 0)) {
            status = pko_store_open(words->out, plan, &store, &message);
            if (status != PKO_OK)
                code = failed(rank, status, message);
        }
    code = agree(exit_of(status) > code ? exit_of(status) : code);
    if (code == 0)
        code = share(words, rank, plan, store, stop);
    if (code == 0 && rank == 0)
        code = merge(words, plan, store);
    code = agree(code);
    if (code == EXIT_STOPPED && rank == 0)
        fprintf(stderr, "pkosim-mpi: stopped; the same command goes on\n");
    pko_store_free(store);
    pko_plan_free(plan);
    return code;
}

int main(int argc, char **argv) {
    struct words words = {.threads = 1};
    struct pko_signals signals = {0};
    int level = MPI_THREAD_SINGLE, rank = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &words);
    if (pko_signals_start(&signals) != 0) /* before MPI has threads of its own, which would be killed */
        return EXIT_INTERNAL;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (level < MPI_THREAD_SERIALIZED)
        words.threads = 1;
    int code = run(&words, rank, &signals.stop);
    MPI_Finalize();
    pko_signals_end(&signals);
    return code;
}
