/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/pace.h"

#include <math.h>
#include <stdlib.h>

#include "pkosim/status.h"

#define PAUSE_FACTOR 20.0 /* a gap so many times the usual one is a pause */

struct written {
    double time; /* seconds */
    double runs;
};

static int by_time(const void *one, const void *other) {
    double a = ((const struct written *)one)->time, b = ((const struct written *)other)->time;
    return (a > b) - (a < b);
}

static int by_size(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Runs a second from the times of files in rising order; NaN without two moments. */
static double rate_of(struct written *list, size_t count) {
    double gaps[PKO_PACE_SHARDS], runs = 0.0, seconds = 0.0;
    size_t first = count > PKO_PACE_SHARDS ? count - PKO_PACE_SHARDS : 0, n = 0;
    for (size_t k = first + 1; k < count; k++)
        gaps[n++] = list[k].time - list[k - 1].time;
    if (n == 0)
        return NAN;
    qsort(gaps, n, sizeof *gaps, by_size);
    double usual = gaps[n / 2] > 0.1 ? gaps[n / 2] : 0.1;
    for (size_t k = first + 1; k < count; k++) {
        double gap = list[k].time - list[k - 1].time;
        if (gap > PAUSE_FACTOR * usual)
            continue;
        runs += list[k].runs;
        seconds += gap;
    }
    return seconds > 0.0 ? runs / seconds : NAN;
}

int pko_pace_look(const struct pko_plan *plan, const struct pko_store *store, struct pko_pace *pace) {
    struct written *list = calloc(plan->shards, sizeof *list);
    size_t count = 0;
    if (!list)
        return PKO_ERROR_MEMORY;
    *pace = (struct pko_pace){.shards = plan->shards};
    for (size_t shard = 0; shard < plan->shards; shard++) {
        struct pko_shard_range range = pko_plan_shard(plan, shard);
        uint64_t runs = (uint64_t)range.points * range.replicates * plan->regimes;
        enum pko_shard_state state = pko_store_state(store, shard);
        pace->runs += runs;
        pace->done += state == PKO_SHARD_DONE;
        pace->failed += state == PKO_SHARD_FAILED;
        pace->running += state != PKO_SHARD_DONE && pko_store_busy(store, shard);
        pace->runs_done += state == PKO_SHARD_DONE ? runs : 0;
        pace->runs_in_failed += state == PKO_SHARD_FAILED ? runs : 0;
        if (state == PKO_SHARD_DONE && pko_store_time(store, shard) > 0.0)
            list[count++] = (struct written){pko_store_time(store, shard), (double)runs};
    }
    qsort(list, count, sizeof *list, by_time);
    pace->rate = rate_of(list, count);
    pace->left = (double)(pace->runs - pace->runs_done - pace->runs_in_failed) / pace->rate;
    free(list);
    return PKO_OK;
}
