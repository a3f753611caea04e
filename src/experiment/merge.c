/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* uselocale */
#include "experiment/merge.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/compact.h"
#include "pkosim/status.h"
#include "record/message.h"
#include "record/number.h"
#include "record/target.h"

struct merge {
    const struct pko_plan *plan;
    struct pko_merge_result *result;
    FILE *csv;
    size_t next; /* pairs whose rows are written: all before this one */
};

/* --- summary.csv */

/* A field of a table; names may hold commas. */
static void put_name(FILE *csv, const char *name) {
    if (!strpbrk(name, ",\"\n")) {
        fputs(name, csv);
        return;
    }
    fputc('"', csv);
    for (const char *c = name; *c; c++)
        fprintf(csv, *c == '"' ? "\"\"" : "%c", *c);
    fputc('"', csv);
}

static void put_number(FILE *csv, double value) {
    char text[32];
    fputc(',', csv);
    if (isnan(value))
        return;
    pko_number_text(value, text);
    fputs(text, csv);
}

static void put_head(const struct merge *merge) {
    const struct pko_plan *plan = merge->plan;
    fputs("point,replicate,regime,status", merge->csv);
    for (size_t k = 0; k < plan->factors; k++) {
        fputc(',', merge->csv);
        put_name(merge->csv, plan->campaign->factors[k].name);
    }
    for (size_t k = 0; k < plan->kept_count; k++) {
        fputc(',', merge->csv);
        put_name(merge->csv, plan->kept[k].name);
    }
    fputc('\n', merge->csv);
}

/* The row of one run; `outcomes` NULL: it is missing. */
static void put_row(const struct merge *merge, size_t point, size_t replicate, size_t regime, int status,
                    const double *outcomes) {
    const struct pko_plan *plan = merge->plan;
    fprintf(merge->csv, "%zu,%zu,%s,%d", point, replicate, plan->regime_names[regime], status);
    for (size_t k = 0; k < plan->factors; k++)
        put_number(merge->csv, plan->values[point * plan->factors + k]);
    for (size_t k = 0; k < plan->kept_count; k++)
        put_number(merge->csv, outcomes ? outcomes[k] : NAN);
    fputc('\n', merge->csv);
}

/* Rows of pairs of which there is no file, up to pair number `end`. */
static void put_missing(struct merge *merge, size_t end) {
    const struct pko_plan *plan = merge->plan;
    for (; merge->next < end; merge->next++)
        for (size_t regime = 0; regime < plan->regimes; regime++)
            put_row(merge, merge->next / plan->replicates, merge->next % plan->replicates, regime,
                    PKO_RUN_MISSING, NULL);
}

static void put_source(struct merge *merge, const struct pko_merged_source *source,
                       const struct pko_shard_data *data) {
    const struct pko_plan *plan = merge->plan;
    put_missing(merge, source->first_point * plan->replicates + source->first_replicate);
    for (size_t point = 0; point < source->points; point++)
        for (size_t replicate = 0; replicate < source->replicates; replicate++)
            for (size_t regime = 0; regime < plan->regimes; regime++) {
                size_t run = (point * plan->regimes + regime) * source->replicates + replicate;
                int status = data->status[run];
                merge->result->done += status == PKO_RUN_DONE;
                merge->result->failed += status == PKO_RUN_FAILED;
                put_row(merge, source->first_point + point, source->first_replicate + replicate, regime,
                        status, status == PKO_RUN_DONE ? data->outcomes + run * plan->kept_count : NULL);
            }
    merge->next += source->points * source->replicates;
}

static int read_source(struct merge *merge, const struct pko_merged_source *source, char **message) {
    const struct pko_shard_range range = {source->first_point, source->points, source->first_replicate,
                                          source->replicates};
    const struct pko_shard_shape shape = pko_store_shape(merge->plan, range);
    struct pko_shard_data data;
    int status = pko_shard_data_create(&shape, &data);
    if (status == PKO_OK)
        status = pko_shard_read(source->path, &shape, merge->plan->hash, &data, message);
    if (status == PKO_OK)
        put_source(merge, source, &data);
    if (status == PKO_OK && data.problem && !merge->result->problem) {
        merge->result->problem = data.problem;
        data.problem = NULL;
    }
    pko_shard_data_free(&data);
    return status;
}

static int write_rows(struct merge *merge, const struct pko_sources *sources, char **message) {
    int status = PKO_OK;
    put_head(merge);
    for (size_t k = 0; status == PKO_OK && k < sources->count && !ferror(merge->csv); k++)
        status = read_source(merge, &sources->list[k], message);
    put_missing(merge, merge->plan->points * merge->plan->replicates);
    return status;
}

static int write_summary(struct merge *merge, const struct pko_store *store,
                         const struct pko_sources *sources, char **message) {
    struct pko_target target = {0};
    char *path = pko_store_path(store, "summary.csv");
    int status = path ? pko_target_open(&target, path, true, message) : PKO_ERROR_MEMORY;
    if (status != PKO_OK)
        goto out;
    merge->csv = fopen(target.temporary, "w");
    if (merge->csv)
        status = write_rows(merge, sources, message);
    bool bad = !merge->csv || ferror(merge->csv);
    int error = errno;
    if (merge->csv && fclose(merge->csv) != 0 && !bad) {
        bad = true;
        error = errno;
    }
    if (status == PKO_OK && bad) {
        pko_message(message, "cannot write '%s': %s", path, strerror(error));
        status = PKO_ERROR_DISK;
    }
    if (status == PKO_OK)
        status = pko_target_publish(&target, message);
out:
    pko_target_discard(&target);
    free(path);
    return status;
}

/* --- campaign.h5 */

static void describe_factors(const struct pko_plan *plan, struct pko_merged_factor *factors, double *values) {
    for (size_t k = 0; k < plan->factors; k++) {
        const struct pko_factor *factor = &plan->campaign->factors[k];
        double *column = values + k * plan->points;
        for (size_t point = 0; point < plan->points; point++)
            column[point] = plan->values[point * plan->factors + k];
        factors[k] = (struct pko_merged_factor){.name = factor->name,
                                                .unit = factor->unit,
                                                .meaning = factor->meaning,
                                                .least = factor->least,
                                                .most = factor->most,
                                                .values = column};
    }
}

static int write_campaign(const struct pko_plan *plan, const struct pko_sources *sources, const char *path,
                          bool force, bool copy, char **message) {
    struct pko_merged_factor *factors = calloc(plan->factors, sizeof *factors);
    double *values = calloc(plan->factors * plan->points, sizeof *values);
    const char **outcomes = calloc(plan->kept_count + 1, sizeof *outcomes);
    int status = PKO_ERROR_MEMORY;
    if (!factors || !values || !outcomes)
        goto out;
    describe_factors(plan, factors, values);
    for (size_t k = 0; k < plan->kept_count; k++)
        outcomes[k] = plan->kept[k].name;
    const struct pko_merged_plan merged = {.file = {.scenario = plan->base,
                                                    .regimes = plan->regime_names,
                                                    .regime_count = plan->regimes,
                                                    .replicates = (uint32_t)plan->replicates,
                                                    .command = "pkosim sweep"},
                                           .points = plan->points,
                                           .factors = factors,
                                           .factor_count = plan->factors,
                                           .outcomes = outcomes,
                                           .outcome_count = plan->kept_count,
                                           .series = plan->series,
                                           .series_count = plan->series_count,
                                           .sources = sources->list,
                                           .source_count = sources->count,
                                           .chunk_points = plan->shard_points,
                                           .chunk_replicates = plan->shard_replicates,
                                           .hash = plan->hash,
                                           .campaign = plan->campaign->text,
                                           .plan = plan->text};
    status = pko_merged_write(path, force, &merged, copy, message);
out:
    free(factors);
    free(values);
    free(outcomes);
    return status;
}

static int merge_all(struct merge *merge, struct pko_store *store, const char *copy, bool force,
                     char **message) {
    struct pko_sources sources = {0};
    char *path = pko_store_path(store, "campaign.h5");
    int status = path ? pko_store_look(store, message) : PKO_ERROR_MEMORY;
    if (status == PKO_OK)
        status = pko_compact(merge->plan, store, &sources, message);
    if (status == PKO_OK)
        status = write_summary(merge, store, &sources, message);
    if (status == PKO_OK)
        status = write_campaign(merge->plan, &sources, path, true, false, message);
    if (status == PKO_OK && copy)
        status = write_campaign(merge->plan, &sources, copy, force, true, message);
    merge->result->files = sources.count;
    pko_sources_free(&sources);
    free(path);
    return status;
}

int pko_merge(const struct pko_plan *plan, struct pko_store *store, const char *copy, bool force,
              struct pko_merge_result *result, char **message) {
    struct merge merge = {.plan = plan, .result = result};
    *message = NULL;
    *result = (struct pko_merge_result){.runs = (uint64_t)plan->points * plan->regimes * plan->replicates};
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* numbers have a point */
    if (!plain)
        return PKO_ERROR_MEMORY;
    locale_t before = uselocale(plain);
    pko_store_hold(store);
    int status = merge_all(&merge, store, copy, force, message);
    pko_store_let_go(store);
    uselocale(before);
    freelocale(plain);
    return status;
}

void pko_merge_result_free(struct pko_merge_result *result) {
    free(result->problem);
    *result = (struct pko_merge_result){0};
}
