/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* open_memstream */
#include "record/merged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/status.h"
#include "record/fields.h"
#include "record/layout.h"
#include "record/message.h"
#include "record/provenance.h"
#include "record/target.h"

#define COPY_REPLICATES 64 /* of a chunk, at most */

struct merged {
    const struct pko_merged_plan *plan;
    bool copy;
    struct pko_layout layout;
    char *coordinates; /* names of the parameters, between blanks */
    struct pko_hdf_piece *pieces;
    hid_t *datasets; /* of a copy: status, outcome, the series */
};

/* The variables by number: status, outcome, the series; each with the dimension `point` first. */
static struct pko_variable variable_of(const struct merged *merged, size_t number) {
    struct pko_variable variable = {.name = "status",
                                    .units = "1",
                                    .long_name =
                                        "what became of a run; its values are missing unless it is done",
                                    .type = PKO_HDF_I32,
                                    .rank = 2,
                                    .scale = {PKO_SCALE_REGIME, PKO_SCALE_REPLICATE},
                                    .least = PKO_RUN_MISSING,
                                    .most = PKO_RUN_FAILED,
                                    .flags = "missing done failed",
                                    .first_flag = PKO_RUN_MISSING};
    if (number == 1)
        variable = pko_outcome_variable();
    else if (number > 1)
        variable = pko_series_variable(pko_measure(merged->plan->series[number - 2]));
    memmove(variable.scale + 1, variable.scale, (size_t)variable.rank * sizeof *variable.scale);
    variable.scale[0] = PKO_SCALE_POINT;
    variable.rank++;
    return variable;
}

static size_t variables(const struct merged *merged) {
    return 2 + merged->plan->series_count;
}

/* The box of a source in a variable. */
static void box_of(const struct merged *merged, const struct pko_variable *variable,
                   const struct pko_merged_source *source, hsize_t *start, hsize_t *count) {
    for (int d = 0; d < variable->rank; d++) {
        start[d] = 0;
        count[d] = merged->layout.size[variable->scale[d]];
    }
    start[0] = source->first_point;
    count[0] = source->points;
    start[2] = source->first_replicate;
    count[2] = source->replicates;
}

static herr_t create_virtual(struct merged *merged, const struct pko_variable *variable, hid_t *dataset) {
    const struct pko_merged_plan *plan = merged->plan;
    hsize_t shape[PKO_RANK_MOST];
    for (int d = 0; d < variable->rank; d++)
        shape[d] = merged->layout.size[variable->scale[d]];
    for (size_t k = 0; k < plan->source_count; k++) {
        merged->pieces[k].path = plan->sources[k].relative;
        box_of(merged, variable, &plan->sources[k], merged->pieces[k].start, merged->pieces[k].count);
    }
    *dataset = pko_hdf_virtual(merged->layout.file, variable->name, variable->type, variable->rank, shape,
                               merged->pieces, plan->source_count);
    if (*dataset < 0 || pko_variable_attach(&merged->layout, variable, *dataset) < 0)
        return -1;
    return pko_variable_describe(*dataset, variable);
}

static herr_t create_whole(struct merged *merged, const struct pko_variable *variable, hid_t *dataset) {
    hsize_t chunk[PKO_RANK_MOST];
    size_t replicates = merged->plan->chunk_replicates;
    for (int d = 0; d < variable->rank; d++)
        chunk[d] = merged->layout.size[variable->scale[d]];
    bool series = variable->type == PKO_HDF_F32; /* one run in a chunk */
    chunk[0] = series ? 1 : merged->plan->chunk_points;
    chunk[1] = series ? 1 : chunk[1];
    chunk[2] = series ? 1 : replicates > COPY_REPLICATES ? COPY_REPLICATES : replicates;
    return pko_variable_create(&merged->layout, variable, chunk, dataset);
}

/* Whether a variable has no values at all: no outcome is kept. */
static bool is_empty(const struct merged *merged, size_t number) {
    return number == 1 && merged->plan->outcome_count == 0;
}

static herr_t create_variables(struct merged *merged) {
    for (size_t k = 0; k < variables(merged); k++) {
        const struct pko_variable variable = variable_of(merged, k);
        hid_t *dataset = &merged->datasets[k];
        if (is_empty(merged, k))
            continue;
        bool whole = merged->copy || merged->plan->source_count == 0;
        if ((whole ? create_whole(merged, &variable, dataset) : create_virtual(merged, &variable, dataset)) <
                0 ||
            pko_hdf_text(*dataset, "coordinates", merged->coordinates) < 0)
            return -1;
    }
    return 0;
}

static herr_t create_factor(const struct merged *merged, const struct pko_merged_factor *factor) {
    const struct pko_variable variable = {.name = factor->name,
                                          .units = factor->unit,
                                          .long_name = factor->meaning,
                                          .type = PKO_HDF_F64,
                                          .rank = 1,
                                          .scale = {PKO_SCALE_POINT},
                                          .least = factor->least,
                                          .most = factor->most};
    const hsize_t start = 0;
    hid_t dataset = H5I_INVALID_HID;
    herr_t result = pko_variable_create(&merged->layout, &variable, NULL, &dataset);
    if (result >= 0)
        result = pko_hdf_write(dataset, PKO_HDF_F64, 1, &start, &merged->layout.size[PKO_SCALE_POINT],
                               factor->values);
    return pko_hdf_release(result, 1, &dataset);
}

static herr_t start(struct merged *merged, hid_t file) {
    const struct pko_merged_plan *plan = merged->plan;
    if (file < 0 || pko_provenance_start(file, &plan->file) < 0 ||
        pko_hdf_text(file, "campaign", plan->campaign) < 0 || pko_hdf_text(file, "plan", plan->plan) < 0 ||
        pko_hdf_text(file, "plan_sha256", plan->hash) < 0 ||
        pko_layout_start(&merged->layout, file, plan->file.scenario, plan->file.regimes,
                         plan->file.regime_count, 0, plan->file.replicates) < 0 ||
        pko_layout_count(&merged->layout, PKO_SCALE_POINT, "point of the design", plan->points) < 0)
        return -1;
    if (plan->outcome_count > 0 && pko_layout_label(&merged->layout, PKO_SCALE_OUTCOME, "name of an outcome",
                                                    plan->outcomes, plan->outcome_count) < 0)
        return -1;
    for (size_t k = 0; k < plan->factor_count; k++)
        if (create_factor(merged, &plan->factors[k]) < 0)
            return -1;
    return create_variables(merged);
}

/* Copies one source; PKO_ERROR_DISK without words: HDF5 tells. */
static int copy_source(struct merged *merged, const struct pko_merged_source *source, char **message) {
    const struct pko_merged_plan *plan = merged->plan;
    const struct pko_shard_shape shape = {.points = source->points,
                                          .regimes = plan->file.regime_count,
                                          .replicates = source->replicates,
                                          .outcomes = plan->outcome_count,
                                          .scenario = plan->file.scenario,
                                          .series = plan->series,
                                          .series_count = plan->series_count};
    struct pko_shard_data data;
    int status = pko_shard_data_create(&shape, &data);
    if (status == PKO_OK)
        status = pko_shard_read(source->path, &shape, plan->hash, &data, message);
    for (size_t k = 0; status == PKO_OK && k < variables(merged); k++) {
        const struct pko_variable variable = variable_of(merged, k);
        const void *values = k == 0   ? (void *)data.status
                             : k == 1 ? (void *)data.outcomes
                                      : data.series[k - 2];
        hsize_t first[PKO_RANK_MOST], count[PKO_RANK_MOST];
        box_of(merged, &variable, source, first, count);
        if (!is_empty(merged, k) &&
            pko_hdf_write(merged->datasets[k], variable.type, variable.rank, first, count, values) < 0)
            status = PKO_ERROR_DISK;
    }
    pko_shard_data_free(&data);
    return status;
}

static int write_all(struct merged *merged, hid_t file, char **message) {
    const struct pko_merged_plan *plan = merged->plan;
    int status = start(merged, file) < 0 ? PKO_ERROR_DISK : PKO_OK;
    for (size_t k = 0; status == PKO_OK && merged->copy && k < plan->source_count; k++)
        status = copy_source(merged, &plan->sources[k], message);
    if (status != PKO_OK)
        return status;
    herr_t closed = pko_hdf_release(0, (int)variables(merged), merged->datasets);
    if (closed < 0 || pko_provenance_end(file, plan->file.replicates, PKO_CHANGES_HEAD) < 0 ||
        pko_layout_end(&merged->layout, plan->file.replicates) < 0 || H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ||
        H5Fclose(file) < 0)
        return PKO_ERROR_DISK;
    return PKO_OK;
}

static char *join(const struct pko_merged_plan *plan) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    for (size_t k = 0; k < plan->factor_count; k++)
        fprintf(stream, "%s%s", k ? " " : "", plan->factors[k].name);
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

/* Writes the temporary file. On failure the file is not closed: HDF5 could crash over a full disk. */
static int write_target(struct merged *merged, const struct pko_target *target, char **message) {
    char why[160];
    hid_t file = pko_hdf_create(target->temporary);
    int status = write_all(merged, file, message);
    if (status == PKO_OK || (message && *message))
        return status;
    if (status == PKO_ERROR_DISK)
        status = pko_hdf_why(why, sizeof why);
    else
        snprintf(why, sizeof why, "%s", pko_status_text(status));
    pko_message(message, "cannot write '%s': %s", target->path, why);
    return status;
}

int pko_merged_write(const char *path, bool force, const struct pko_merged_plan *plan, bool copy,
                     char **message) {
    struct pko_hdf_guard guard;
    struct pko_target target = {0};
    struct merged merged = {.plan = plan, .copy = copy, .coordinates = join(plan)};
    merged.pieces = calloc(plan->source_count + 1, sizeof *merged.pieces);
    merged.datasets = malloc(variables(&merged) * sizeof *merged.datasets);
    int status = PKO_ERROR_MEMORY;
    if (!merged.coordinates || !merged.pieces || !merged.datasets)
        goto out;
    for (size_t k = 0; k < variables(&merged); k++)
        merged.datasets[k] = H5I_INVALID_HID;
    pko_hdf_enter(&guard);
    status = pko_target_open(&target, path, force, message);
    if (status == PKO_OK)
        status = write_target(&merged, &target, message);
    if (status == PKO_OK)
        status = pko_target_publish(&target, message);
    pko_target_discard(&target);
    pko_hdf_leave(&guard);
out:
    pko_layout_free(&merged.layout);
    free(merged.coordinates);
    free(merged.pieces);
    free(merged.datasets);
    return status;
}
