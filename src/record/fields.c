/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/status.h"

#define BLOCKS_MOST ((size_t)96 << 20) /* bytes of all blocks together; chunks shrink rather than pass it */

/* Chooses the measures that this scenario's files record, and the least size of a chunk that keeps blocks in
 * bounds. */
static herr_t choose_series(struct pko_fields *fields) {
    const struct pko_layout *layout = fields->layout;
    const struct pko_measure *measure;
    size_t count = 0, memory;
    while (pko_measure(count))
        count++;
    fields->series = calloc(count + 1, sizeof *fields->series);
    fields->measure = calloc(count + 1, sizeof *fields->measure);
    if (!fields->series || !fields->measure)
        return -1;
    for (size_t k = 0; (measure = pko_measure(k)) != NULL; k++)
        if ((!measure->by_group || layout->scenario->record_groups) &&
            pko_measure_size(layout->scenario, measure) > 0)
            fields->measure[fields->series_count++] = k;
    fields->least = PKO_CHUNK_LEAST;
    do {
        memory = 0;
        for (size_t k = 0; k < fields->series_count; k++)
            memory += pko_field_memory(
                layout->size[PKO_SCALE_TIME] * sizeof(float) *
                    pko_measure_size(layout->scenario, pko_measure(fields->measure[k])),
                layout->size[PKO_SCALE_REGIME], (uint32_t)layout->size[PKO_SCALE_REPLICATE], fields->least);
    } while (memory > BLOCKS_MOST && (fields->least /= 2) > 0);
    return 0;
}

/* Ledgers of single groups and blocs are in a file to verify implementations (ODD section 7). */
static const char *comment_of(const struct pko_measure *measure) {
    bool ledger = strstr(measure->name, "reinforcement") || strstr(measure->name, "resistance");
    bool named = measure->by_group || measure->dimensions[0] == PKO_BLOC_DIM;
    return ledger && named ? "for the verification of implementations only: no result, not to be shown"
                           : NULL;
}

struct pko_variable pko_series_variable(const struct pko_measure *measure) {
    struct pko_variable variable = {.name = measure->name,
                                    .units = measure->unit,
                                    .long_name = measure->long_name,
                                    .type = PKO_HDF_F32,
                                    .rank = 3,
                                    .scale = {PKO_SCALE_REGIME, PKO_SCALE_REPLICATE, PKO_SCALE_TIME},
                                    .least = measure->least,
                                    .most = measure->most,
                                    .kind = measure->count ? "count" : "state",
                                    .comment = comment_of(measure)};
    for (int d = 0; d < 2; d++)
        if (measure->dimensions[d] != PKO_NONE)
            variable.scale[variable.rank++] = (int)measure->dimensions[d];
    return variable;
}

static herr_t plan_series(struct pko_fields *fields, size_t number) {
    const struct pko_variable variable = pko_series_variable(pko_measure(fields->measure[number]));
    struct pko_field *before = number > 0 ? &fields->series[number - 1] : NULL;
    return pko_field_plan(&fields->series[number], fields->layout, &variable, before, fields->least);
}

static struct pko_field *last_series(struct pko_fields *fields) {
    return fields->series_count > 0 ? &fields->series[fields->series_count - 1] : NULL;
}

static herr_t plan_snapshots(struct pko_fields *fields) {
    const struct pko_variable trust = {
        .name = "trust",
        .units = "1",
        .long_name =
            "trust of a group in another at the end of a day; missing where either is not present (ODD 6.8)",
        .type = PKO_HDF_F32,
        .rank = 5,
        .scale = {PKO_SCALE_REGIME, PKO_SCALE_REPLICATE, PKO_SCALE_SNAPSHOT, PKO_GROUP, PKO_TOWARD},
        .most = 1};
    const struct pko_variable people = {
        .name = "people_by_ledgers",
        .units = "person",
        .long_name = "people present by their two ledgers at the end of a day (ODD section 7)",
        .type = PKO_HDF_I32,
        .rank = 6,
        .scale = {PKO_SCALE_REGIME, PKO_SCALE_REPLICATE, PKO_SCALE_SNAPSHOT, PKO_CATEGORY, PKO_BIN_A,
                  PKO_BIN_B},
        .most = INFINITY};
    if (pko_field_plan(&fields->trust, fields->layout, &trust, last_series(fields), fields->least) < 0 ||
        pko_field_plan(&fields->people, fields->layout, &people, &fields->trust, fields->least) < 0)
        return -1;
    size_t size = fields->trust.row > fields->people.row ? fields->trust.row : fields->people.row;
    fields->gathered = malloc(size);
    return fields->gathered ? 0 : -1;
}

herr_t pko_fields_create(struct pko_fields *fields, struct pko_layout *layout) {
    *fields = (struct pko_fields){.layout = layout};
    fields->packer = pko_packer_create();
    if (!fields->packer || choose_series(fields) < 0)
        return -1;
    for (size_t k = 0; k < fields->series_count; k++)
        if (plan_series(fields, k) < 0)
            return -1;
    if (layout->scale[PKO_SCALE_SNAPSHOT] < 0 || layout->scale[PKO_GROUP] < 0)
        return 0;
    fields->snapshots = pko_snapshot_count(layout->scenario);
    return plan_snapshots(fields);
}

struct pko_variable pko_outcome_variable(void) {
    return (struct pko_variable){
        .name = "outcome",
        .units = "1",
        .long_name = "outcomes of a run, one number each; missing where a run does not define one",
        .type = PKO_HDF_F64,
        .rank = 3,
        .scale = {PKO_SCALE_REGIME, PKO_SCALE_REPLICATE, PKO_SCALE_OUTCOME},
        .least = -INFINITY,
        .most = INFINITY,
        .comment = "each outcome has a unit of its own: names that end in /yr count a year, all others are "
                   "listed in "
                   "the guide to outcomes of the program"};
}

static herr_t plan_outcome(struct pko_fields *fields, const struct pko_observer *observer) {
    size_t count = pko_outcome_count(observer);
    const char **names = calloc(count + 1, sizeof *names);
    fields->values = calloc(count + 1, sizeof *fields->values);
    herr_t result = names && fields->values ? 0 : -1;
    for (size_t k = 0; result >= 0 && k < count; k++)
        names[k] = pko_outcome_name(observer, k);
    const struct pko_variable outcome = pko_outcome_variable();
    if (result >= 0)
        result = pko_layout_label(fields->layout, PKO_SCALE_OUTCOME, "name of an outcome", names, count);
    if (result >= 0)
        result = pko_field_plan(&fields->outcome, fields->layout, &outcome,
                                fields->snapshots > 0 ? &fields->people : last_series(fields), fields->least);
    free(names);
    return result;
}

static herr_t add_snapshots(struct pko_fields *fields, size_t regime, uint32_t replicate,
                            const struct pko_observer *observer) {
    size_t trust = fields->trust.row / fields->snapshots, people = fields->people.row / fields->snapshots;
    for (size_t k = 0; k < fields->snapshots; k++)
        memcpy((char *)fields->gathered + k * trust, pko_observer_trust(observer, k), trust);
    if (pko_field_add(&fields->trust, fields->packer, regime, replicate, fields->gathered) < 0)
        return -1;
    for (size_t k = 0; k < fields->snapshots; k++)
        memcpy((char *)fields->gathered + k * people, pko_observer_histogram(observer, k), people);
    return pko_field_add(&fields->people, fields->packer, regime, replicate, fields->gathered);
}

herr_t pko_fields_add(struct pko_fields *fields, size_t regime, uint32_t replicate,
                      const struct pko_observer *observer, int *status) {
    *status = PKO_OK;
    if (!fields->values && plan_outcome(fields, observer) < 0)
        return -1;
    *status = pko_outcomes(observer, fields->values);
    if (*status != PKO_OK)
        return -1;
    for (size_t k = 0; k < fields->series_count; k++)
        if (pko_field_add(&fields->series[k], fields->packer, regime, replicate,
                          pko_observer_series(observer, fields->measure[k])) < 0)
            return -1;
    if (fields->snapshots > 0 && add_snapshots(fields, regime, replicate, observer) < 0)
        return -1;
    return pko_field_add(&fields->outcome, fields->packer, regime, replicate, fields->values);
}

/* The fields in any order, NULL past the last. */
static struct pko_field *field_of(struct pko_fields *fields, size_t number) {
    struct pko_field *const others[] = {&fields->outcome, &fields->trust, &fields->people};
    if (number < fields->series_count)
        return &fields->series[number];
    number -= fields->series_count;
    return number < sizeof others / sizeof *others ? others[number] : NULL;
}

void pko_fields_pack(struct pko_fields *fields) {
    struct pko_packer *packer = pko_packer_create();
    struct pko_field *field;
    size_t regimes = (size_t)fields->layout->size[PKO_SCALE_REGIME];
    while (packer) {
        size_t number = atomic_fetch_add(&fields->packed, 1);
        if (!(field = field_of(fields, number / regimes)))
            break;
        if (field->block)
            pko_field_pack(field, packer, number % regimes);
    }
    pko_packer_free(packer);
}

herr_t pko_fields_end(struct pko_fields *fields, uint32_t replicates) {
    for (size_t k = 0; k < fields->series_count; k++)
        if (pko_field_end(&fields->series[k], fields->packer, replicates) < 0)
            return -1;
    if (fields->snapshots > 0 && (pko_field_end(&fields->trust, fields->packer, replicates) < 0 ||
                                  pko_field_end(&fields->people, fields->packer, replicates) < 0))
        return -1;
    return pko_field_end(&fields->outcome, fields->packer, replicates);
}

void pko_fields_free(struct pko_fields *fields) {
    for (size_t k = 0; k < fields->series_count; k++)
        pko_field_free(&fields->series[k]);
    pko_field_free(&fields->trust);
    pko_field_free(&fields->people);
    pko_field_free(&fields->outcome);
    free(fields->series);
    free(fields->measure);
    free(fields->gathered);
    free(fields->values);
    pko_packer_free(fields->packer);
    *fields = (struct pko_fields){0};
}
