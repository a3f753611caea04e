/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/variable.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Writes a list of two numbers in the variable's own type, as CF asks. */
static herr_t write_range(hid_t dataset, enum pko_hdf_type type, double least, double most) {
    const double range[2] = {least, most};
    if (type == PKO_HDF_F32 || type == PKO_HDF_F64)
        return pko_hdf_numbers(dataset, "valid_range", pko_hdf_file_type(type), H5T_NATIVE_DOUBLE, range, 2);
    int32_t whole[2];
    for (int k = 0; k < 2; k++)
        whole[k] = (int32_t)fmax(INT32_MIN, fmin(range[k], INT32_MAX));
    return pko_hdf_numbers(dataset, "valid_range", pko_hdf_file_type(type), H5T_NATIVE_INT32, whole, 2);
}

static herr_t write_flags(hid_t dataset, const struct pko_variable *variable) {
    hsize_t count = 1;
    for (const char *c = variable->flags; *c; c++)
        count += *c == ' ';
    int32_t *values = malloc(count * sizeof *values);
    if (!values)
        return -1;
    for (hsize_t k = 0; k < count; k++)
        values[k] = variable->first_flag + (int32_t)k;
    herr_t result = pko_hdf_numbers(dataset, "flag_values", pko_hdf_file_type(variable->type),
                                    H5T_NATIVE_INT32, values, count);
    free(values);
    return result < 0 ? result : pko_hdf_text(dataset, "flag_meanings", variable->flags);
}

herr_t pko_variable_describe(hid_t dataset, const struct pko_variable *variable) {
    bool real = variable->type == PKO_HDF_F32 || variable->type == PKO_HDF_F64;
    const double missing = NAN;
    if (pko_hdf_text(dataset, "long_name", variable->long_name) < 0 ||
        pko_hdf_text(dataset, "units", variable->units) < 0)
        return -1;
    if (variable->type != PKO_HDF_TEXT &&
        write_range(dataset, variable->type, variable->least, variable->most) < 0)
        return -1;
    if (real && pko_hdf_numbers(dataset, "_FillValue", pko_hdf_file_type(variable->type), H5T_NATIVE_DOUBLE,
                                &missing, 1) < 0)
        return -1;
    if (variable->kind &&
        (pko_hdf_text(dataset, "kind", variable->kind) < 0 ||
         pko_hdf_text(dataset, "cell_methods",
                      strcmp(variable->kind, "count") == 0 ? "time: sum" : "time: point") < 0))
        return -1;
    if (variable->comment && pko_hdf_text(dataset, "comment", variable->comment) < 0)
        return -1;
    if (strncmp(variable->units, "days since ", 11) == 0 && pko_hdf_text(dataset, "calendar", "standard") < 0)
        return -1;
    return variable->flags ? write_flags(dataset, variable) : 0;
}

static herr_t keep_use(struct pko_uses *uses, hobj_ref_t variable, int place) {
    if (uses->count == uses->room) {
        size_t room = uses->room ? 2 * uses->room : 16;
        struct pko_use *use = realloc(uses->use, room * sizeof *use);
        if (!use)
            return -1;
        uses->use = use;
        uses->room = room;
    }
    uses->use[uses->count++] = (struct pko_use){variable, place};
    return 0;
}

/* As H5DSattach_scale does it (HDF5's Dimension Scale Specification), but for the lists of the dimensions. */
herr_t pko_variable_attach(const struct pko_layout *layout, const struct pko_variable *variable,
                           hid_t dataset) {
    const hsize_t rank = (hsize_t)variable->rank;
    hobj_ref_t own, scale[PKO_RANK_MOST];
    hvl_t list[PKO_RANK_MOST];
    if (H5Rcreate(&own, dataset, ".", H5R_OBJECT, -1) < 0)
        return -1;
    for (int k = 0; k < variable->rank; k++) {
        list[k] = (hvl_t){1, &scale[k]};
        if (H5Rcreate(&scale[k], layout->scale[variable->scale[k]], ".", H5R_OBJECT, -1) < 0 ||
            keep_use(&layout->uses[variable->scale[k]], own, k) < 0)
            return -1;
    }
    hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ);
    herr_t result = type < 0 ? -1 : pko_hdf_numbers(dataset, "DIMENSION_LIST", type, type, list, rank);
    return pko_hdf_release(result, 1, &type);
}

herr_t pko_variable_create(const struct pko_layout *layout, const struct pko_variable *variable,
                           const hsize_t *chunk, hid_t *dataset) {
    hsize_t shape[PKO_RANK_MOST];
    for (int k = 0; k < variable->rank; k++) {
        assert(layout->scale[variable->scale[k]] >= 0);
        shape[k] = layout->size[variable->scale[k]];
    }
    *dataset =
        pko_hdf_dataset(layout->file, variable->name, variable->type, variable->rank, shape, NULL, chunk);
    if (*dataset < 0 || pko_variable_attach(layout, variable, *dataset) < 0)
        return -1;
    return pko_variable_describe(*dataset, variable);
}
