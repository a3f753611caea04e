/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/object.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads an attribute or dataset of texts into pointers of its own, `count` of them, to be freed one by one.
 */
herr_t pko_object_texts(hid_t object, bool attribute, hid_t type, char **texts, hsize_t count) {
    herr_t result = -1;
    size_t size = H5Tget_size(type);
    hid_t memory = H5Tcopy(H5T_C_S1);
    if (memory < 0 || H5Tset_cset(memory, H5T_CSET_UTF8) < 0)
        goto out;
    if (H5Tis_variable_str(type) > 0) {
        if (H5Tset_size(memory, H5T_VARIABLE) >= 0)
            result = attribute ? H5Aread(object, memory, texts)
                               : H5Dread(object, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts);
    } else if (size > 0 && size < PKO_OBJECT_TEXT_MOST && count < PKO_OBJECT_TEXT_MOST / size &&
               H5Tset_size(memory, size + 1) >= 0) {
        char *block = calloc(count + 1, size + 1);
        if (block)
            result = attribute ? H5Aread(object, memory, block)
                               : H5Dread(object, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, block);
        for (hsize_t k = 0; result >= 0 && k < count; k++)
            if (!(texts[k] = strndup(block + k * (size + 1), size)))
                result = -1;
        free(block);
    }
out:
    return pko_hdf_release(result, 1, &memory);
}

/* The text of an attribute of a variable, "" if it has none; NULL on failure. */
static const char *copy_attribute_text(hid_t object, const char *name) {
    char *text = NULL;
    if (H5Aexists(object, name) <= 0)
        return strdup("");
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = attribute < 0 ? attribute : H5Aget_type(attribute);
    hid_t space = attribute < 0 ? attribute : H5Aget_space(attribute);
    herr_t result = -1;
    if (type >= 0 && H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1)
        result = pko_object_texts(attribute, true, type, &text, 1);
    pko_hdf_release(result, 3, (hid_t[]){space, type, attribute});
    if (result >= 0 && !text)
        return strdup("");
    return text;
}

/* The first number of an attribute that is a list of numbers; 0 if there is none. */
static int first_number(hid_t object, const char *name) {
    int values[1024] = {0};
    if (H5Aexists(object, name) <= 0)
        return 0;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = attribute < 0 ? attribute : H5Aget_type(attribute);
    hid_t space = attribute < 0 ? attribute : H5Aget_space(attribute);
    hssize_t count = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
    herr_t result = -1;
    if (type >= 0 && H5Tget_class(type) == H5T_INTEGER && count > 0 && count <= 1024)
        result = H5Aread(attribute, H5T_NATIVE_INT, values);
    pko_hdf_release(result, 3, (hid_t[]){space, type, attribute});
    return result < 0 ? 0 : values[0];
}

/* Keeps the name of the first scale of a dimension. */
static herr_t take_name(hid_t dataset, unsigned dimension, hid_t scale, void *data) {
    char name[PKO_OBJECT_NAME_SIZE];
    (void)dataset;
    (void)dimension;
    if (H5DSget_scale_name(scale, name, sizeof name) < 0)
        return -1;
    *(char **)data = strdup(name);
    return *(char **)data ? 1 : -1;
}

static herr_t read_dimensions(hid_t dataset, struct pko_reader_variable *variable) {
    bool scale = H5DSis_scale(dataset) > 0;
    for (int k = 0; k < variable->rank; k++) {
        char *name = NULL;
        herr_t result = scale ? take_name(dataset, 0, dataset, &name)
                              : H5DSiterate_scales(dataset, (unsigned)k, NULL, take_name, &name);
        if (result < 0 || (!name && !(name = strdup(""))))
            return -1;
        variable->dimension[k] = name;
    }
    return 0;
}

static herr_t read_shape(hid_t dataset, struct pko_reader_variable *variable) {
    hsize_t shape[H5S_MAX_RANK] = {0}, chunk[H5S_MAX_RANK] = {0};
    herr_t result = -1;
    hid_t space = H5Dget_space(dataset), list = H5Dget_create_plist(dataset);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (list < 0 || rank < 0 || rank > PKO_READER_RANK_MOST ||
        H5Sget_simple_extent_dims(space, shape, NULL) < 0)
        goto out;
    bool chunked = H5Pget_layout(list) == H5D_CHUNKED;
    if (chunked && H5Pget_chunk(list, H5S_MAX_RANK, chunk) != rank)
        goto out;
    variable->rank = rank;
    variable->count = 1;
    for (int k = 0; k < rank; k++) {
        variable->shape[k] = shape[k];
        variable->chunk[k] = chunked ? chunk[k] : shape[k];
        if (__builtin_mul_overflow(variable->count, shape[k], &variable->count))
            goto out;
    }
    result = 0;
out:
    return pko_hdf_release(result, 2, (hid_t[]){space, list});
}

/* 1 if the object is a variable, 0 if it is something else, negative on failure. */
int pko_object_variable(hid_t file, const char *name, struct pko_reader_variable *variable) {
    *variable = (struct pko_reader_variable){0};
    hid_t dataset = H5Oopen(file, name, H5P_DEFAULT), type = H5I_INVALID_HID;
    herr_t result = dataset < 0 ? -1 : 0;
    if (dataset >= 0 && H5Iget_type(dataset) == H5I_DATASET) {
        type = H5Dget_type(dataset);
        H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
        variable->type = class == H5T_STRING    ? PKO_READ_TEXT
                         : class == H5T_INTEGER ? PKO_READ_INTEGER
                                                : PKO_READ_REAL;
        variable->bytes = class == H5T_STRING ? 0 : type < 0 ? 0 : H5Tget_size(type);
        variable->name = strdup(name);
        variable->units = copy_attribute_text(dataset, "units");
        variable->long_name = copy_attribute_text(dataset, "long_name");
        variable->kind = copy_attribute_text(dataset, "kind");
        variable->flags = copy_attribute_text(dataset, "flag_meanings");
        variable->first_flag = first_number(dataset, "flag_values");
        size_t bytes = variable->bytes;
        bool known = class == H5T_STRING || ((bytes == 4 || bytes == 8) && class == H5T_FLOAT) ||
                     ((bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8) && class == H5T_INTEGER);
        bool whole =
            variable->name && variable->units && variable->long_name && variable->kind && variable->flags;
        result = known && whole ? read_shape(dataset, variable) : -1;
        if (result >= 0 && read_dimensions(dataset, variable) >= 0)
            result = 1;
        else
            result = -1;
    }
    return pko_hdf_release(result, 2, (hid_t[]){type, dataset});
}

void pko_object_free_variable(struct pko_reader_variable *variable) {
    free((void *)variable->name);
    free((void *)variable->units);
    free((void *)variable->long_name);
    free((void *)variable->kind);
    free((void *)variable->flags);
    for (int k = 0; k < variable->rank; k++)
        free((void *)variable->dimension[k]);
}

/* 1 if the attribute is a text or one number, 0 if it is something else, negative on failure. */
int pko_object_attribute(hid_t attribute, const char *name, struct pko_reader_attribute *read) {
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    herr_t result = type < 0 || space < 0 ? -1 : 0;
    char *text = NULL;
    *read = (struct pko_reader_attribute){.number = NAN};
    H5T_class_t class = result < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (result >= 0 && H5Sget_simple_extent_npoints(space) == 1) {
        if (class == H5T_STRING) {
            result = pko_object_texts(attribute, true, type, &text, 1);
            read->text = result >= 0 && !text ? strdup("") : text;
        } else if (class == H5T_INTEGER || class == H5T_FLOAT) {
            result = H5Aread(attribute, H5T_NATIVE_DOUBLE, &read->number);
            read->whole = class == H5T_INTEGER;
            if (result >= 0 && read->whole)
                result = H5Aread(attribute,
                                 H5Tget_sign(type) == H5T_SGN_NONE ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64,
                                 &read->integer);
        }
        bool taken = class == H5T_STRING || class == H5T_INTEGER || class == H5T_FLOAT;
        if (result >= 0 && taken)
            result = (read->name = strdup(name)) && (read->text || class != H5T_STRING) ? 1 : -1;
    }
    return pko_hdf_release(result, 2, (hid_t[]){type, space});
}
