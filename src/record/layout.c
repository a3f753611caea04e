/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/layout.h"

#include <assert.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "model/scenario.h"

/* Name and meaning of the dimensions that are not those of measures. */
static const char *scale_name(int scale) {
    static const char *const names[] = {"regime",   "replicate", "time", "snapshot",    "outcome_name",
                                        "incident", "convoy",    "leak", "retaliation", "point"};
    return scale < PKO_DIMENSIONS ? pko_dimension_name((enum pko_dimension)scale)
                                  : names[scale - PKO_DIMENSIONS];
}

static const char *dimension_meaning(enum pko_dimension dimension) {
    switch (dimension) {
    case PKO_REGION:
        return "region of the mission";
    case PKO_CAMP_DIM:
        return "camp";
    case PKO_GROUP:
        return "group: contingent, police unit or civilian section";
    case PKO_TOWARD:
        return "group toward which the trust is felt";
    case PKO_BLOC_DIM:
        return "bloc of groups, for reports only";
    case PKO_TOWARD_BLOC:
        return "bloc toward which the trust is felt";
    case PKO_CATEGORY:
        return "category of people: uniformed (contingents and police) or civilian";
    case PKO_TASK:
        return "task class of a group (ODD section 7)";
    case PKO_PLOT_CLASS:
        return "target class of a plot";
    case PKO_CHANNEL:
        return "channel by which an item was learned";
    case PKO_QUANTILE:
        return "quantile over the individuals present";
    case PKO_BIN_A:
        return "centre of a bin of the ledger reinforcement";
    case PKO_BIN_B:
        return "centre of a bin of the ledger resistance";
    default:
        return "dimension";
    }
}

/* Creates a variable of texts over one dimension and closes it. */
static herr_t create_texts(const struct pko_layout *layout, const char *name, const char *long_name,
                           int scale, const char *const *texts) {
    const struct pko_variable variable = {.name = name,
                                          .units = "1",
                                          .long_name = long_name,
                                          .type = PKO_HDF_TEXT,
                                          .rank = 1,
                                          .scale = {scale}};
    hid_t dataset;
    herr_t result = pko_hdf_strings(layout->file, name, texts, layout->size[scale], &dataset);
    if (result >= 0)
        result = pko_variable_attach(layout, &variable, dataset);
    if (result >= 0)
        result = pko_variable_describe(dataset, &variable);
    return pko_hdf_release(result, 1, &dataset);
}

/* Creates and writes a variable of numbers over one dimension and closes it. */
static herr_t create_numbers(const struct pko_layout *layout, const struct pko_variable *variable,
                             const void *values) {
    const hsize_t start = 0;
    hid_t dataset;
    herr_t result = pko_variable_create(layout, variable, NULL, &dataset);
    if (result >= 0)
        result = pko_hdf_write(dataset, variable->type, 1, &start, &layout->size[variable->scale[0]], values);
    return pko_hdf_release(result, 1, &dataset);
}

herr_t pko_layout_label(struct pko_layout *layout, int scale, const char *long_name,
                        const char *const *labels, hsize_t count) {
    const struct pko_variable variable = {.name = scale_name(scale),
                                          .units = "1",
                                          .long_name = long_name,
                                          .type = PKO_HDF_TEXT,
                                          .rank = 1,
                                          .scale = {scale}};
    layout->size[scale] = count;
    herr_t result = pko_hdf_strings(layout->file, variable.name, labels, count, &layout->scale[scale]);
    if (result >= 0)
        result = H5DSset_scale(layout->scale[scale], variable.name);
    return result < 0 ? result : pko_variable_describe(layout->scale[scale], &variable);
}

/* A dimension with numbers as its coordinate; in chunks, so that it can shrink, or be of length 0. */
static herr_t number_scale(struct pko_layout *layout, int scale, const struct pko_variable *variable,
                           hsize_t count, const void *values) {
    const hsize_t start = 0, chunk = count > 65536 ? 65536 : count > 0 ? count : 1, most = H5S_UNLIMITED;
    layout->size[scale] = count;
    hid_t dataset = pko_hdf_dataset(layout->file, scale_name(scale), variable->type, 1, &count,
                                    count > 0 ? NULL : &most, &chunk);
    layout->scale[scale] = dataset;
    if (dataset < 0 || (count > 0 && pko_hdf_write(dataset, variable->type, 1, &start, &count, values) < 0) ||
        H5DSset_scale(dataset, scale_name(scale)) < 0)
        return -1;
    return pko_variable_describe(dataset, variable);
}

/* A dimension whose coordinate is first, first + step, … */
static herr_t step_scale(struct pko_layout *layout, int scale, const char *units, const char *long_name,
                         int32_t first, int32_t step, hsize_t count) {
    int32_t *values = calloc(count > 0 ? count : 1, sizeof *values);
    if (!values)
        return -1;
    for (hsize_t k = 0; k < count; k++)
        values[k] = first + step * (int32_t)k;
    const struct pko_variable variable = {.name = scale_name(scale),
                                          .units = units,
                                          .long_name = long_name,
                                          .type = PKO_HDF_I32,
                                          .rank = 1,
                                          .scale = {scale},
                                          .least = (double)first,
                                          .most = (double)values[count > 0 ? count - 1 : 0]};
    herr_t result = number_scale(layout, scale, &variable, count, values);
    free(values);
    return result;
}

herr_t pko_layout_count(struct pko_layout *layout, int scale, const char *long_name, hsize_t count) {
    assert(count <= INT32_MAX);
    return step_scale(layout, scale, "1", long_name, 0, 1, count);
}

/* The days of the snapshots. */
static herr_t snapshot_scale(struct pko_layout *layout) {
    size_t count = pko_snapshot_count(layout->scenario);
    int32_t *days = calloc(count, sizeof *days);
    if (!days)
        return -1;
    for (size_t k = 0; k < count; k++)
        days[k] = pko_snapshot_day(layout->scenario, k);
    const struct pko_variable variable = {.name = "snapshot",
                                          .units = layout->since,
                                          .long_name = "day of a snapshot, at its end",
                                          .type = PKO_HDF_I32,
                                          .rank = 1,
                                          .scale = {PKO_SCALE_SNAPSHOT},
                                          .most = layout->scenario->days - 1};
    herr_t result = number_scale(layout, PKO_SCALE_SNAPSHOT, &variable, count, days);
    free(days);
    return result;
}

/* A dimension of measures: bins and quantiles have numbers as labels, all others texts. */
static herr_t measure_scale(struct pko_layout *layout, enum pko_dimension dimension) {
    size_t count = pko_dimension_size(layout->scenario, dimension);
    bool bins = dimension == PKO_BIN_A || dimension == PKO_BIN_B, numbers = bins || dimension == PKO_QUANTILE;
    const char **labels = calloc(count, sizeof *labels);
    double *values = calloc(count, sizeof *values);
    herr_t result = -1;
    if (!labels || !values)
        goto out;
    for (size_t k = 0; k < count; k++) {
        labels[k] = pko_dimension_label(layout->scenario, dimension, k);
        values[k] = bins ? ((double)k + 0.5) / (double)count : numbers ? strtod(labels[k], NULL) : 0;
    }
    const char *meaning = dimension_meaning(dimension);
    const struct pko_variable variable = {.name = scale_name((int)dimension),
                                          .units = "1",
                                          .long_name = meaning,
                                          .type = PKO_HDF_F64,
                                          .rank = 1,
                                          .scale = {(int)dimension},
                                          .most = 1};
    if (numbers)
        result = number_scale(layout, (int)dimension, &variable, count, values);
    else
        result = pko_layout_label(layout, (int)dimension, meaning, labels, count);
out:
    free(labels);
    free(values);
    return result;
}

/* The dimensions that the variables of this scenario's files have. */
static herr_t measure_scales(struct pko_layout *layout) {
    bool used[PKO_DIMENSIONS] = {[PKO_CAMP_DIM] = true, [PKO_GROUP] = true};
    const struct pko_measure *measure;
    for (size_t k = 0; (measure = pko_measure(k)) != NULL; k++)
        for (int d = 0; d < 2; d++)
            if (!measure->by_group || layout->scenario->record_groups)
                used[measure->dimensions[d]] = true;
    if (layout->scale[PKO_SCALE_SNAPSHOT] >= 0)
        used[PKO_TOWARD] = used[PKO_CATEGORY] = used[PKO_BIN_A] = used[PKO_BIN_B] = true;
    for (int d = PKO_NONE + 1; d < PKO_DIMENSIONS; d++)
        if (used[d] && pko_dimension_size(layout->scenario, (enum pko_dimension)d) > 0 &&
            measure_scale(layout, (enum pko_dimension)d) < 0)
            return -1;
    return 0;
}

/* What a reader wants to know of camps, for maps and sums. */
static herr_t describe_camps(struct pko_layout *layout) {
    const struct pko_scenario *scenario = layout->scenario;
    static const char *const kinds[] = {"headquarters", "mixed", "military"};
    size_t count = (size_t)scenario->camp_count;
    const struct pko_variable latitude = {.name = "camp_latitude",
                                          .units = "degrees_north",
                                          .long_name = "latitude of the camp, for maps only",
                                          .type = PKO_HDF_F64,
                                          .rank = 1,
                                          .scale = {PKO_CAMP_DIM},
                                          .least = -90,
                                          .most = 90};
    const struct pko_variable longitude = {.name = "camp_longitude",
                                           .units = "degrees_east",
                                           .long_name = "longitude of the camp, for maps only",
                                           .type = PKO_HDF_F64,
                                           .rank = 1,
                                           .scale = {PKO_CAMP_DIM},
                                           .least = -180,
                                           .most = 180};
    double *places = calloc(2 * count + 1, sizeof *places);
    const char **texts = calloc(2 * count + 1, sizeof *texts);
    herr_t result = -1;
    if (!places || !texts)
        goto out;
    for (size_t k = 0; k < count; k++) {
        const struct pko_camp *camp = &scenario->camps[k];
        places[k] = camp->lat;
        places[count + k] = camp->lon;
        texts[k] = scenario->regions[camp->region].name;
        texts[count + k] = kinds[camp->kind];
    }
    if (create_numbers(layout, &latitude, places) < 0 ||
        create_numbers(layout, &longitude, places + count) < 0 ||
        create_texts(layout, "camp_region", "region of the camp", PKO_CAMP_DIM, texts) < 0)
        goto out;
    result = create_texts(layout, "camp_kind", "kind of the camp", PKO_CAMP_DIM, texts + count);
out:
    free(places);
    free(texts);
    return result;
}

static herr_t describe_groups(struct pko_layout *layout) {
    const struct pko_scenario *scenario = layout->scenario;
    static const char *const kinds[] = {"contingent", "police", "section"};
    size_t count = (size_t)scenario->group_count;
    const char **texts = calloc(3 * count + 1, sizeof *texts);
    herr_t result = -1;
    if (!texts)
        return result;
    for (size_t k = 0; k < count; k++) {
        const struct pko_group *group = &scenario->groups[k];
        texts[k] = kinds[group->kind];
        texts[count + k] = pko_bloc_name(group->bloc);
        texts[2 * count + k] = group->country;
    }
    if (create_texts(layout, "group_kind", "kind of the group", PKO_GROUP, texts) >= 0 &&
        create_texts(layout, "group_bloc", "bloc of the group, for reports only", PKO_GROUP, texts + count) >=
            0)
        result = create_texts(layout, "group_country", "country of the group (ISO 3166), for reports only",
                              PKO_GROUP, texts + 2 * count);
    free(texts);
    return result;
}

herr_t pko_layout_start(struct pko_layout *layout, hid_t file, const struct pko_scenario *scenario,
                        const char *const *regimes, size_t regime_count, uint32_t first,
                        uint32_t replicates) {
    char start[11];
    *layout = (struct pko_layout){
        .file = file, .scenario = scenario, .uses = calloc(PKO_SCALES, sizeof *layout->uses)};
    for (int k = 0; k < PKO_SCALES; k++)
        layout->scale[k] = H5I_INVALID_HID;
    if (!layout->uses)
        return -1;
    pko_date_format(scenario->start, start);
    snprintf(layout->since, sizeof layout->since, "days since %s", start);
    if (pko_layout_label(layout, PKO_SCALE_REGIME, "sharing regime", regimes, regime_count) < 0 ||
        step_scale(layout, PKO_SCALE_REPLICATE, "1", "replicate: its number in every random address",
                   (int32_t)first, 1, replicates) < 0 ||
        step_scale(layout, PKO_SCALE_TIME, layout->since, "day of a record, at its end", 0,
                   scenario->record_every, pko_record_count(scenario)) < 0)
        return -1;
    if (pko_snapshot_count(scenario) > 0 && snapshot_scale(layout) < 0)
        return -1;
    if (measure_scales(layout) < 0 || (layout->scale[PKO_CAMP_DIM] >= 0 && describe_camps(layout) < 0))
        return -1;
    return layout->scale[PKO_GROUP] >= 0 ? describe_groups(layout) : 0;
}

/* The attribute by which a dimension knows its variables, in the form of H5DS. */
static herr_t write_uses(hid_t scale, const struct pko_uses *uses) {
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof *uses->use);
    herr_t result = -1;
    if (type >= 0 && H5Tinsert(type, "dataset", HOFFSET(struct pko_use, variable), H5T_STD_REF_OBJ) >= 0 &&
        H5Tinsert(type, "dimension", HOFFSET(struct pko_use, place), H5T_NATIVE_INT) >= 0)
        result = pko_hdf_numbers(scale, "REFERENCE_LIST", type, type, uses->use, uses->count);
    return pko_hdf_release(result, 1, &type);
}

herr_t pko_layout_end(struct pko_layout *layout, uint32_t replicates) {
    const hsize_t extent = replicates;
    if (layout->size[PKO_SCALE_REPLICATE] != extent &&
        H5Dset_extent(layout->scale[PKO_SCALE_REPLICATE], &extent) < 0)
        return -1;
    for (int k = 0; k < PKO_SCALES; k++)
        if (layout->uses[k].count > 0 && write_uses(layout->scale[k], &layout->uses[k]) < 0)
            return -1;
    return pko_hdf_release(0, PKO_SCALES, layout->scale);
}

void pko_layout_free(struct pko_layout *layout) {
    for (int k = 0; layout->uses && k < PKO_SCALES; k++)
        free(layout->uses[k].use);
    free(layout->uses);
    layout->uses = NULL;
}
