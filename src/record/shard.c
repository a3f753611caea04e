/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/shard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/observe.h"
#include "pkosim/status.h"
#include "record/hdf.h"
#include "record/message.h"
#include "record/variable.h"

#define GROWTH ((size_t)256 << 10) /* bytes by which an image in memory grows */

size_t pko_shard_series_size(const struct pko_shard_shape *shape, size_t series) {
    return pko_record_count(shape->scenario) *
           pko_measure_size(shape->scenario, pko_measure(shape->series[series]));
}

static size_t runs_of(const struct pko_shard_shape *shape) {
    return shape->points * shape->regimes * shape->replicates;
}

int pko_shard_data_create(const struct pko_shard_shape *shape, struct pko_shard_data *data) {
    size_t runs = runs_of(shape);
    *data = (struct pko_shard_data){.series_count = shape->series_count};
    data->status = calloc(runs, sizeof *data->status);
    data->outcomes = calloc(runs * shape->outcomes + 1, sizeof *data->outcomes);
    data->series = calloc(shape->series_count + 1, sizeof *data->series);
    if (!data->status || !data->outcomes || !data->series)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < runs * shape->outcomes; k++)
        data->outcomes[k] = NAN;
    for (size_t s = 0; s < shape->series_count; s++) {
        size_t count = runs * pko_shard_series_size(shape, s);
        data->series[s] = calloc(count + 1, sizeof *data->series[s]);
        if (!data->series[s])
            return PKO_ERROR_MEMORY;
        for (size_t k = 0; k < count; k++)
            data->series[s][k] = NAN;
    }
    return PKO_OK;
}

void pko_shard_data_free(struct pko_shard_data *data) {
    for (size_t k = 0; data->series && k < data->series_count; k++)
        free(data->series[k]);
    free(data->series);
    free(data->status);
    free(data->outcomes);
    free(data->problem);
    *data = (struct pko_shard_data){0};
}

/* One array of a shard. */
struct array {
    const char *name;
    enum pko_hdf_type type;
    int rank;
    hsize_t size[PKO_RANK_MOST], chunk[PKO_RANK_MOST];
};

/* The arrays of a shard by number: status, outcome, then the series. False past the end. */
static bool array_of(const struct pko_shard_shape *shape, size_t number, struct array *array) {
    *array = (struct array){.rank = 3, .size = {shape->points, shape->regimes, shape->replicates}};
    memcpy(array->chunk, array->size, sizeof array->chunk);
    if (number == 0) {
        array->name = "status";
        array->type = PKO_HDF_I32;
    } else if (number == 1) {
        array->name = "outcome";
        array->type = PKO_HDF_F64;
        array->size[array->rank] = array->chunk[array->rank] = shape->outcomes;
        array->rank++;
    } else if (number - 2 < shape->series_count) {
        const struct pko_measure *measure = pko_measure(shape->series[number - 2]);
        array->name = measure->name;
        array->type = PKO_HDF_F32;
        array->size[array->rank++] = pko_record_count(shape->scenario);
        for (int d = 0; d < 2; d++)
            if (measure->dimensions[d] != PKO_NONE)
                array->size[array->rank++] = pko_dimension_size(shape->scenario, measure->dimensions[d]);
        for (int d = 0; d < array->rank; d++)
            array->chunk[d] = d < 3 ? 1 : array->size[d];
    } else {
        return false;
    }
    return true;
}

static void *values_of(const struct pko_shard_data *data, size_t number) {
    return number == 0   ? (void *)data->status
           : number == 1 ? (void *)data->outcomes
                         : data->series[number - 2];
}

static bool is_empty(const struct array *array) {
    for (int d = 0; d < array->rank; d++)
        if (array->size[d] == 0)
            return true;
    return false;
}

static herr_t write_array(hid_t file, const struct array *array, const void *values) {
    const hsize_t start[PKO_RANK_MOST] = {0};
    if (is_empty(array))
        return 0;
    hid_t dataset =
        pko_hdf_dataset(file, array->name, array->type, array->rank, array->size, NULL, array->chunk);
    herr_t result =
        dataset < 0 ? -1 : pko_hdf_write(dataset, array->type, array->rank, start, array->size, values);
    return pko_hdf_release(result, 1, &dataset);
}

/* Fills a file in memory and takes its bytes. */
static herr_t fill(hid_t file, const struct pko_shard_shape *shape, const char *hash,
                   const struct pko_shard_data *data, void **bytes, size_t *size) {
    struct array array;
    if (pko_hdf_text(file, "plan", hash) < 0 ||
        (data->problem && pko_hdf_text(file, "problem", data->problem) < 0))
        return -1;
    for (size_t k = 0; array_of(shape, k, &array); k++)
        if (write_array(file, &array, values_of(data, k)) < 0)
            return -1;
    if (H5Fflush(file, H5F_SCOPE_LOCAL) < 0)
        return -1;
    ssize_t length = H5Fget_file_image(file, NULL, 0);
    *bytes = length > 0 ? malloc((size_t)length) : NULL;
    if (!*bytes || H5Fget_file_image(file, *bytes, (size_t)length) != length)
        return -1;
    *size = (size_t)length;
    return 0;
}

int pko_shard_image(const struct pko_shard_shape *shape, const char *hash, const struct pko_shard_data *data,
                    void **bytes, size_t *size, char **message) {
    struct pko_hdf_guard guard;
    char why[160];
    int status = PKO_OK;
    *bytes = NULL;
    *size = 0;
    pko_hdf_enter(&guard);
    hid_t file = pko_hdf_create_in_memory(GROWTH);
    herr_t result = file < 0 ? -1 : fill(file, shape, hash, data, bytes, size);
    if (result < 0)
        status = pko_hdf_why(why, sizeof why);
    if (file >= 0 && H5Fclose(file) < 0 && status == PKO_OK)
        status = pko_hdf_why(why, sizeof why);
    pko_hdf_leave(&guard);
    if (status == PKO_OK)
        return PKO_OK;
    free(*bytes);
    *bytes = NULL;
    pko_message(message, "cannot make a shard: %s", why);
    return status;
}

/* 1: the array has this shape and was read; 0: it has not; negative: it cannot be read. */
static int read_array(hid_t file, const struct array *array, void *values) {
    hsize_t size[H5S_MAX_RANK];
    if (is_empty(array))
        return 1;
    hid_t dataset = H5Dopen2(file, array->name, H5P_DEFAULT);
    hid_t space = dataset < 0 ? H5I_INVALID_HID : H5Dget_space(dataset);
    int result = space < 0 ? -1 : H5Sget_simple_extent_ndims(space) == array->rank;
    if (result == 1 && H5Sget_simple_extent_dims(space, size, NULL) < 0)
        result = -1;
    for (int d = 0; result == 1 && d < array->rank; d++)
        result = size[d] == array->size[d];
    if (result == 1 &&
        H5Dread(dataset, pko_hdf_memory_type(array->type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        result = -1;
    pko_hdf_release(result < 0 ? -1 : 0, 2, (hid_t[]){space, dataset});
    return result;
}

/* Reads a text attribute into a string of its own; NULL if there is none. */
static char *read_text(hid_t file, const char *name) {
    char *text = NULL;
    if (H5Aexists(file, name) <= 0)
        return NULL;
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    hid_t type = attribute < 0 ? H5I_INVALID_HID : H5Aget_type(attribute);
    if (type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0)
        text = calloc(1, H5Tget_size(type) + 1);
    if (text && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
    pko_hdf_release(0, 2, (hid_t[]){type, attribute});
    return text;
}

static int read_all(hid_t file, const char *path, const struct pko_shard_shape *shape, const char *hash,
                    struct pko_shard_data *data, char **message) {
    struct array array;
    char why[160], *plan = read_text(file, "plan");
    bool same = plan && strcmp(plan, hash) == 0;
    free(plan);
    if (!same) {
        pko_message(message, "'%s' is no shard of this campaign", path);
        return PKO_ERROR_INPUT;
    }
    free(data->problem);
    data->problem = read_text(file, "problem");
    for (size_t k = 0; array_of(shape, k, &array); k++) {
        int result = read_array(file, &array, values_of(data, k));
        if (result == 1)
            continue;
        if (result < 0 && pko_hdf_why(why, sizeof why) == PKO_ERROR_MEMORY)
            return PKO_ERROR_MEMORY;
        pko_message(message, "'%s' is damaged: its variable '%s' %s; remove the file to have it made again",
                    path, array.name, result < 0 ? "cannot be read" : "has another shape");
        return PKO_ERROR_INPUT;
    }
    return PKO_OK;
}

int pko_shard_read(const char *path, const struct pko_shard_shape *shape, const char *hash,
                   struct pko_shard_data *data, char **message) {
    struct pko_hdf_guard guard;
    char why[160];
    int status;
    pko_hdf_enter(&guard);
    hid_t file = pko_hdf_open(path);
    if (file < 0) {
        status = pko_hdf_why(why, sizeof why);
        pko_message(message, "cannot read '%s': %s", path, why);
    } else {
        status = read_all(file, path, shape, hash, data, message);
        H5Fclose(file);
    }
    pko_hdf_leave(&guard);
    return status;
}
