/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/compact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkosim/observe.h"
#include "pkosim/status.h"
#include "record/target.h"

void pko_sources_free(struct pko_sources *sources) {
    for (size_t k = 0; k < sources->count; k++)
        free((char *)sources->list[k].path);
    free(sources->list);
    *sources = (struct pko_sources){0};
}

/* Adds a file; takes the path. */
static int add(struct pko_sources *sources, char *path, struct pko_shard_range range) {
    struct pko_merged_source *list =
        path ? realloc(sources->list, (sources->count + 1) * sizeof *list) : NULL;
    if (!list) {
        free(path);
        return PKO_ERROR_MEMORY;
    }
    sources->list = list;
    const char *slash = strrchr(path, '/'); /* DIR/shards/NAME */
    while (slash > path && slash[-1] != '/')
        slash--;
    list[sources->count++] = (struct pko_merged_source){.path = path,
                                                        .relative = slash,
                                                        .first_point = range.first_point,
                                                        .points = range.points,
                                                        .first_replicate = range.first_replicate,
                                                        .replicates = range.replicates};
    return PKO_OK;
}

static char *shard_path(const struct pko_store *store, size_t shard) {
    return pko_store_part(store, "shard", shard, pko_store_state(store, shard) == PKO_SHARD_FAILED);
}

/* The runs of a whole block. */
static struct pko_shard_range range_of(const struct pko_plan *plan, size_t first, size_t end) {
    struct pko_shard_range range = pko_plan_shard(plan, first), last = pko_plan_shard(plan, end - 1);
    range.points = last.first_point + last.points - range.first_point;
    range.replicates = plan->replicates;
    return range;
}

/* Copies a row of `count` elements of `size` bytes for each point and regime into its place. */
static void place(const struct pko_plan *plan, struct pko_shard_range whole, struct pko_shard_range part,
                  size_t size, void *to, const void *from) {
    for (size_t point = 0; point < part.points; point++)
        for (size_t regime = 0; regime < plan->regimes; regime++) {
            size_t target =
                ((part.first_point - whole.first_point + point) * plan->regimes + regime) * whole.replicates +
                part.first_replicate - whole.first_replicate;
            size_t source = (point * plan->regimes + regime) * part.replicates;
            memcpy((char *)to + target * size, (const char *)from + source * size, part.replicates * size);
        }
}

/* Reads one shard into its place of a block. */
static int take_shard(const struct pko_plan *plan, const struct pko_store *store, size_t shard,
                      struct pko_shard_range whole, struct pko_shard_data *data, char **message) {
    struct pko_shard_range range = pko_plan_shard(plan, shard);
    const struct pko_shard_shape shape = pko_store_shape(plan, range);
    struct pko_shard_data part;
    char *path = shard_path(store, shard);
    int status = path ? pko_shard_data_create(&shape, &part) : PKO_ERROR_MEMORY;
    if (!path)
        return status;
    if (status == PKO_OK)
        status = pko_shard_read(path, &shape, plan->hash, &part, message);
    if (status == PKO_OK) {
        place(plan, whole, range, sizeof *data->status, data->status, part.status);
        place(plan, whole, range, plan->kept_count * sizeof *data->outcomes, data->outcomes, part.outcomes);
        for (size_t k = 0; k < plan->series_count; k++)
            place(plan, whole, range, pko_plan_series_size(plan, k) * sizeof *data->series[k],
                  data->series[k], part.series[k]);
        if (!data->problem) {
            data->problem = part.problem;
            part.problem = NULL;
        }
    }
    pko_shard_data_free(&part);
    free(path);
    return status;
}

static int write_block(const struct pko_plan *plan, const struct pko_store *store, size_t first, size_t end,
                       const char *path, char **message) {
    struct pko_shard_range whole = range_of(plan, first, end);
    const struct pko_shard_shape shape = pko_store_shape(plan, whole);
    struct pko_shard_data data;
    void *bytes = NULL;
    size_t size = 0;
    int status = pko_shard_data_create(&shape, &data);
    for (size_t shard = first; status == PKO_OK && shard < end; shard++)
        if (pko_store_state(store, shard) != PKO_SHARD_MISSING)
            status = take_shard(plan, store, shard, whole, &data, message);
    if (status == PKO_OK)
        status = pko_shard_image(&shape, plan->hash, &data, &bytes, &size, message);
    if (status == PKO_OK)
        status = pko_target_bytes(path, true, bytes, size, message);
    free(bytes);
    pko_shard_data_free(&data);
    return status;
}

/* Removes what a block stands for. */
static void remove_shards(const struct pko_store *store, size_t block, size_t first, size_t end) {
    char *view = pko_store_part(store, "view", block, false);
    if (view)
        (void)unlink(view);
    free(view);
    for (size_t shard = first; shard < end; shard++) {
        char *path = pko_store_part(store, "shard", shard, false);
        if (path)
            (void)unlink(path); /* one that stays is overlooked, and removed next time */
        free(path);
    }
}

static int compact_block(const struct pko_plan *plan, struct pko_store *store, size_t block,
                         struct pko_sources *sources, char **message) {
    size_t size = pko_store_block(plan), first = block * size, end = first + size, done = 0, there = 0;
    end = end > plan->shards ? plan->shards : end;
    for (size_t shard = first; shard < end; shard++) {
        done += pko_store_state(store, shard) == PKO_SHARD_DONE;
        there += pko_store_state(store, shard) != PKO_SHARD_MISSING;
    }
    if (there == 0)
        return PKO_OK;
    bool whole = done == end - first, made = pko_store_has_block(store, block);
    char *path = pko_store_part(store, whole ? "block" : "view", block, false);
    int status = !path  ? PKO_ERROR_MEMORY
                 : made ? PKO_OK
                        : write_block(plan, store, first, end, path, message);
    if (status != PKO_OK) {
        free(path);
        return status;
    }
    if (whole)
        remove_shards(store, block, first, end);
    return add(sources, path, range_of(plan, first, end));
}

int pko_compact(const struct pko_plan *plan, struct pko_store *store, struct pko_sources *sources,
                char **message) {
    size_t block = pko_store_block(plan);
    int status = PKO_OK;
    *sources = (struct pko_sources){0};
    for (size_t shard = 0; block == 0 && status == PKO_OK && shard < plan->shards; shard++)
        if (pko_store_state(store, shard) != PKO_SHARD_MISSING)
            status = add(sources, shard_path(store, shard), pko_plan_shard(plan, shard));
    for (size_t k = 0; block > 0 && status == PKO_OK && k * block < plan->shards; k++)
        status = compact_block(plan, store, k, sources, message);
    return status;
}
