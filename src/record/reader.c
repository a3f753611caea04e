/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "record/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkosim/status.h"
#include "record/message.h"
#include "record/object.h"
#include "record/provenance.h"

struct pko_reader {
    char *path;
    hid_t file;
    struct pko_reader_dimension *dimensions;
    struct pko_reader_variable *variables;
    struct pko_reader_attribute *attributes;
    size_t dimension_count, variable_count, attribute_count;
    size_t attribute_room; /* attributes that the file says it has, and room for them */
};

static int damaged(const char *path, char **message) {
    char why[160];
    if (pko_hdf_why(why, sizeof why) == PKO_ERROR_MEMORY) {
        pko_message(message, "cannot read '%s': %s", path, why);
        return PKO_ERROR_MEMORY;
    }
    pko_message(message, "'%s' is damaged: %s", path, why);
    return PKO_ERROR_INPUT;
}

/* A dimension is a variable of its own name. */
static void list_dimensions(struct pko_reader *reader) {
    for (size_t k = 0; k < reader->variable_count; k++) {
        const struct pko_reader_variable *variable = &reader->variables[k];
        if (variable->rank == 1 && strcmp(variable->name, variable->dimension[0]) == 0)
            reader->dimensions[reader->dimension_count++] =
                (struct pko_reader_dimension){variable->name, variable->shape[0]};
    }
}

/* The order of creation where the file keeps it, as ours do; a copy made by other tools may not. */
static H5_index_t order_of(hid_t file, herr_t (*kept)(hid_t, unsigned *)) {
    unsigned flags = 0;
    hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
    hid_t list = root < 0 ? root : H5Gget_create_plist(root);
    bool ordered = list >= 0 && kept(list, &flags) >= 0 && (flags & H5P_CRT_ORDER_TRACKED);
    pko_hdf_release(0, 2, (hid_t[]){list, root});
    return ordered ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

static herr_t list_variables(struct pko_reader *reader) {
    H5G_info_t info;
    H5_index_t order = order_of(reader->file, H5Pget_link_creation_order);
    if (H5Gget_info(reader->file, &info) < 0 || info.nlinks > 100000)
        return -1;
    reader->variables = calloc(info.nlinks + 1, sizeof *reader->variables);
    reader->dimensions = calloc(info.nlinks + 1, sizeof *reader->dimensions);
    if (!reader->variables || !reader->dimensions)
        return -1;
    for (hsize_t k = 0; k < info.nlinks; k++) {
        char name[PKO_OBJECT_NAME_SIZE];
        ssize_t length =
            H5Lget_name_by_idx(reader->file, ".", order, H5_ITER_INC, k, name, sizeof name, H5P_DEFAULT);
        struct pko_reader_variable *variable = &reader->variables[reader->variable_count];
        int found = length < 0 || length >= (ssize_t)sizeof name
                        ? -1
                        : pko_object_variable(reader->file, name, variable);
        if (found <= 0)
            pko_object_free_variable(variable);
        if (found < 0)
            return -1;
        reader->variable_count += (size_t)found;
    }
    list_dimensions(reader);
    return 0;
}

/* One attribute of the walk through all of them. */
static herr_t take_attribute(hid_t file, const char *name, const H5A_info_t *info, void *data) {
    struct pko_reader *reader = data;
    struct pko_reader_attribute *read = &reader->attributes[reader->attribute_count];
    (void)info;
    if (reader->attribute_count == reader->attribute_room)
        return -1;
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    int found =
        pko_hdf_release(attribute < 0 ? -1 : pko_object_attribute(attribute, name, read), 1, &attribute);
    if (found <= 0) {
        free((void *)read->name);
        free((void *)read->text);
        *read = (struct pko_reader_attribute){0};
    }
    reader->attribute_count += found > 0;
    return found < 0 ? -1 : 0;
}

static herr_t list_attributes(struct pko_reader *reader) {
    H5O_info_t info;
    H5_index_t order = order_of(reader->file, H5Pget_attr_creation_order);
    if (H5Oget_info2(reader->file, &info, H5O_INFO_NUM_ATTRS) < 0 || info.num_attrs > 100000)
        return -1;
    reader->attributes = calloc(info.num_attrs + 1, sizeof *reader->attributes);
    if (!reader->attributes)
        return -1;
    reader->attribute_room = info.num_attrs;
    hsize_t first = 0;
    return H5Aiterate2(reader->file, order, H5_ITER_INC, &first, take_attribute, reader);
}

/* Refuses what is not a readable HDF5 file, before the library looks at it. */
static int look_at_file(const char *path, char **message) {
    struct stat found;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int error = file < 0 ? errno : 0;
    if (file >= 0 && fstat(file, &found) == 0 && !S_ISREG(found.st_mode))
        error = S_ISDIR(found.st_mode) ? EISDIR : EINVAL;
    if (file >= 0)
        close(file);
    if (error != 0) {
        pko_message(message, "cannot read '%s': %s", path, strerror(error));
        return PKO_ERROR_DISK;
    }
    if (H5Fis_hdf5(path) > 0)
        return PKO_OK;
    pko_message(message, "'%s' is not a file written by pkosim: it is not HDF5", path);
    return PKO_ERROR_INPUT;
}

/* Is the file one of ours, and of a layout that we know? */
static int check_origin(const struct pko_reader *reader, char **message) {
    const struct pko_reader_attribute *schema = pko_reader_about(reader, "schema_version");
    if (!schema || !schema->whole || !pko_reader_about(reader, "pkosim_version")) {
        pko_message(message, "'%s' is not a file written by pkosim", reader->path);
        return PKO_ERROR_INPUT;
    }
    if (schema->integer <= PKO_SCHEMA_VERSION)
        return PKO_OK;
    pko_message(message,
                "'%s' was written by a later version of pkosim: its layout is %llu, this version knows %d",
                reader->path, (unsigned long long)schema->integer, PKO_SCHEMA_VERSION);
    return PKO_ERROR_VERSION;
}

static int open_file(struct pko_reader *reader, char **message) {
    int status = look_at_file(reader->path, message);
    if (status != PKO_OK)
        return status;
    reader->file = pko_hdf_open(reader->path);
    if (reader->file < 0 || list_attributes(reader) < 0)
        return damaged(reader->path, message);
    status = check_origin(reader, message);
    if (status != PKO_OK)
        return status;
    return list_variables(reader) < 0 ? damaged(reader->path, message) : PKO_OK;
}

int pko_reader_open(const char *path, struct pko_reader **reader, char **message) {
    struct pko_hdf_guard guard;
    *reader = NULL;
    if (message)
        *message = NULL;
    struct pko_reader *made = calloc(1, sizeof *made);
    if (!made)
        return PKO_ERROR_MEMORY;
    made->file = H5I_INVALID_HID;
    made->path = strdup(path);
    pko_hdf_enter(&guard);
    int status = made->path ? open_file(made, message) : PKO_ERROR_MEMORY;
    pko_hdf_leave(&guard);
    if (status == PKO_OK)
        *reader = made;
    else
        pko_reader_free(made);
    return status;
}

void pko_reader_free(struct pko_reader *reader) {
    if (!reader)
        return;
    struct pko_hdf_guard guard;
    pko_hdf_enter(&guard);
    pko_hdf_release(0, 1, &reader->file);
    pko_hdf_leave(&guard);
    for (size_t k = 0; k < reader->variable_count; k++)
        pko_object_free_variable(&reader->variables[k]);
    for (size_t k = 0; k < reader->attribute_count; k++) {
        free((void *)reader->attributes[k].name);
        free((void *)reader->attributes[k].text);
    }
    free(reader->variables);
    free(reader->dimensions);
    free(reader->attributes);
    free(reader->path);
    free(reader);
}

const struct pko_reader_dimension *pko_reader_dimension(const struct pko_reader *reader, size_t number) {
    return number < reader->dimension_count ? &reader->dimensions[number] : NULL;
}

const struct pko_reader_variable *pko_reader_variable(const struct pko_reader *reader, size_t number) {
    return number < reader->variable_count ? &reader->variables[number] : NULL;
}

const struct pko_reader_attribute *pko_reader_attribute(const struct pko_reader *reader, size_t number) {
    return number < reader->attribute_count ? &reader->attributes[number] : NULL;
}

int pko_reader_find(const struct pko_reader *reader, const char *name) {
    for (size_t k = 0; k < reader->variable_count; k++)
        if (strcmp(reader->variables[k].name, name) == 0)
            return (int)k;
    return -1;
}

const struct pko_reader_attribute *pko_reader_about(const struct pko_reader *reader, const char *name) {
    for (size_t k = 0; k < reader->attribute_count; k++)
        if (strcmp(reader->attributes[k].name, name) == 0)
            return &reader->attributes[k];
    return NULL;
}

/* Reads a box of numbers as `memory`, or in the variable's own type if that is invalid. */
static int read_box(const struct pko_reader *reader, size_t number, hid_t memory, const uint64_t *start,
                    const uint64_t *count, void *values, char **message) {
    struct pko_hdf_guard guard;
    const struct pko_reader_variable *variable = &reader->variables[number];
    hsize_t first[PKO_READER_RANK_MOST], size[PKO_READER_RANK_MOST];
    int status = PKO_OK;
    if (variable->type == PKO_READ_TEXT) {
        pko_message(message, "'%s' holds texts in %s, not numbers", reader->path, variable->name);
        return PKO_ERROR_INPUT;
    }
    for (int k = 0; k < variable->rank; k++) {
        first[k] = start[k];
        size[k] = count[k];
    }
    pko_hdf_enter(&guard);
    hid_t dataset = H5Dopen2(reader->file, variable->name, H5P_DEFAULT), type = H5I_INVALID_HID,
          own = H5I_INVALID_HID;
    hid_t space = dataset < 0 ? dataset : H5Dget_space(dataset);
    hid_t packed = variable->rank > 0 ? H5Screate_simple(variable->rank, size, NULL) : H5Screate(H5S_SCALAR);
    herr_t result = -1;
    if (dataset >= 0)
        type = H5Dget_type(dataset);
    if (type >= 0)
        own = H5Tget_native_type(type, H5T_DIR_ASCEND);
    if (own >= 0 && space >= 0 && packed >= 0 &&
        (variable->rank == 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, size, NULL) >= 0))
        result = H5Dread(dataset, memory < 0 ? own : memory, packed, space, H5P_DEFAULT, values);
    if (pko_hdf_release(result, 5, (hid_t[]){own, type, packed, space, dataset}) < 0)
        status = damaged(reader->path, message);
    pko_hdf_leave(&guard);
    return status;
}

int pko_reader_box(const struct pko_reader *reader, size_t number, const uint64_t *start,
                   const uint64_t *count, void *values, char **message) {
    return read_box(reader, number, H5I_INVALID_HID, start, count, values, message);
}

int pko_reader_numbers(const struct pko_reader *reader, size_t number, double **values, char **message) {
    const struct pko_reader_variable *variable = &reader->variables[number];
    static const uint64_t start[PKO_READER_RANK_MOST];
    *values = NULL;
    if (message)
        *message = NULL;
    if (variable->count >= SIZE_MAX / sizeof **values)
        return PKO_ERROR_MEMORY;
    double *read = malloc((size_t)(variable->count + 1) * sizeof *read);
    if (!read)
        return PKO_ERROR_MEMORY;
    int status = read_box(reader, number, H5T_NATIVE_DOUBLE, start, variable->shape, read, message);
    if (status == PKO_OK)
        *values = read;
    else
        free(read);
    return status;
}

/* Packs texts behind the array of pointers to them. */
static char **pack(char **texts, size_t count) {
    size_t size = (count + 1) * sizeof *texts;
    for (size_t k = 0; k < count; k++)
        size += (texts[k] ? strlen(texts[k]) : 0) + 1;
    char **block = malloc(size);
    if (!block)
        return NULL;
    char *end = (char *)(block + count + 1);
    block[count] = NULL;
    for (size_t k = 0; k < count; k++) {
        block[k] = end;
        end = stpcpy(end, texts[k] ? texts[k] : "") + 1;
    }
    return block;
}

int pko_reader_texts(const struct pko_reader *reader, size_t number, char ***texts, char **message) {
    const struct pko_reader_variable *variable = &reader->variables[number];
    struct pko_hdf_guard guard;
    *texts = NULL;
    if (message)
        *message = NULL;
    if (variable->type != PKO_READ_TEXT) {
        pko_message(message, "'%s' holds numbers in %s, not texts", reader->path, variable->name);
        return PKO_ERROR_INPUT;
    }
    char **read =
        variable->count > PKO_OBJECT_TEXT_MOST ? NULL : calloc((size_t)variable->count + 1, sizeof *read);
    if (!read)
        return PKO_ERROR_MEMORY;
    pko_hdf_enter(&guard);
    hid_t dataset = H5Dopen2(reader->file, variable->name, H5P_DEFAULT);
    hid_t type = dataset < 0 ? dataset : H5Dget_type(dataset);
    herr_t result = type < 0 ? -1 : pko_object_texts(dataset, false, type, read, variable->count);
    int status =
        pko_hdf_release(result, 2, (hid_t[]){type, dataset}) < 0 ? damaged(reader->path, message) : PKO_OK;
    if (status == PKO_OK && !(*texts = pack(read, (size_t)variable->count)))
        status = PKO_ERROR_MEMORY;
    for (uint64_t k = 0; k < variable->count; k++)
        free(read[k]);
    free(read);
    pko_hdf_leave(&guard);
    return status;
}
