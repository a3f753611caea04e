/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/field.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Replicates that fill a chunk of at least `least` bytes. */
static uint32_t block_depth(size_t row, uint32_t replicates, size_t least) {
    size_t depth = (least + row - 1) / row;
    return depth < 1 ? 1 : depth > replicates ? replicates : (uint32_t)depth;
}

size_t pko_field_memory(size_t row, size_t regimes, uint32_t replicates, size_t least) {
    uint32_t depth = block_depth(row, replicates, least);
    return depth > 1 ? depth * regimes * row : 0;
}

/* A chunk holds one regime, a block of replicates and all the rest; a row too large for one is split evenly
 * along its first dimension. */
static void choose_chunk(struct pko_field *field) {
    memcpy(field->chunk, field->shape, sizeof field->chunk);
    field->chunk[0] = 1;
    field->chunk[1] = field->depth;
    if (field->rank > 2 && field->row > PKO_CHUNK_MOST) {
        hsize_t pieces = (field->row + PKO_CHUNK_MOST - 1) / PKO_CHUNK_MOST;
        field->chunk[2] = (field->shape[2] + pieces - 1) / pieces;
    }
}

herr_t pko_field_plan(struct pko_field *field, const struct pko_layout *layout,
                      const struct pko_variable *variable, struct pko_field *before, size_t least) {
    assert(variable->rank >= 2 && variable->scale[0] == PKO_SCALE_REGIME &&
           variable->scale[1] == PKO_SCALE_REPLICATE);
    *field = (struct pko_field){.layout = layout,
                                .variable = *variable,
                                .before = before,
                                .dataset = H5I_INVALID_HID,
                                .type = variable->type,
                                .rank = variable->rank};
    field->row = pko_hdf_size(variable->type);
    for (int k = 0; k < variable->rank; k++) {
        field->shape[k] = layout->size[variable->scale[k]];
        field->row *= k < 2 ? 1 : (size_t)field->shape[k];
    }
    assert(field->row > 0);
    field->depth = block_depth(field->row, (uint32_t)field->shape[1], least);
    if (field->depth > 1) {
        field->block = malloc(field->depth * field->shape[0] * field->row);
        field->packed = calloc(field->shape[0], sizeof *field->packed);
        if (!field->block || !field->packed)
            return -1;
    }
    choose_chunk(field);
    return 0;
}

static herr_t close_dataset(struct pko_field *field) {
    hid_t dataset = field->dataset;
    field->dataset = H5I_INVALID_HID;
    return pko_hdf_release(0, 1, &dataset);
}

/* Puts the variable into the file behind all before it, which are closed again until their turn comes. */
static herr_t make(struct pko_field *field) {
    if (field->before && !field->before->made &&
        (make(field->before) < 0 || close_dataset(field->before) < 0))
        return -1;
    field->made = true;
    return pko_variable_create(field->layout, &field->variable, field->chunk, &field->dataset);
}

/* Makes the variable ready to be written. */
static herr_t open_dataset(struct pko_field *field) {
    if (!field->made)
        return make(field);
    if (field->dataset < 0)
        field->dataset = pko_hdf_again(field->layout->file, field->variable.name);
    return field->dataset < 0 ? -1 : 0;
}

/* Bytes of a chunk, the whole of which is packed also where the variable ends inside it. */
static size_t chunk_bytes(const struct pko_field *field) {
    size_t bytes = pko_hdf_size(field->type);
    for (int k = 0; k < field->rank; k++)
        bytes *= (size_t)field->chunk[k];
    return bytes;
}

/* As HDF5 fills what nobody writes. */
static void fill(enum pko_hdf_type type, char *from, const char *to) {
    const float nan32 = NAN;
    const double nan64 = NAN;
    for (; from < to; from += pko_hdf_size(type))
        if (type == PKO_HDF_F32)
            memcpy(from, &nan32, sizeof nan32);
        else if (type == PKO_HDF_F64)
            memcpy(from, &nan64, sizeof nan64);
        else
            memset(from, 0, pko_hdf_size(type));
}

/* Packs a chunk of which `bytes` are values. */
static const void *pack_chunk(const struct pko_field *field, struct pko_packer *packer, const void *values,
                              size_t bytes, size_t *size) {
    size_t width = pko_hdf_size(field->type), whole = chunk_bytes(field);
    if (bytes == whole)
        return pko_pack(packer, values, whole / width, width, size);
    char *filled = malloc(whole);
    if (!filled)
        return NULL;
    memcpy(filled, values, bytes);
    fill(field->type, filled + bytes, filled + whole);
    const void *packed = pko_pack(packer, filled, whole / width, width, size);
    free(filled);
    return packed;
}

/* Writes one row, in as many chunks as it is split into. The only replicate's last one ends the variable. */
static herr_t write_row(struct pko_field *field, struct pko_packer *packer, size_t regime, uint32_t replicate,
                        const char *row) {
    size_t most = chunk_bytes(field);
    hsize_t start[PKO_RANK_MOST] = {regime, replicate};
    if (open_dataset(field) < 0)
        return -1;
    for (size_t at = 0; at < field->row; at += most, start[2] += field->chunk[2]) {
        size_t size = 0, bytes = field->row - at < most ? field->row - at : most;
        const void *packed = pack_chunk(field, packer, row + at, bytes, &size);
        if (!packed || pko_hdf_write_chunk(field->dataset, start, packed, size) < 0)
            return -1;
    }
    return field->shape[1] == 1 && regime + 1 == field->shape[0] ? close_dataset(field) : 0;
}

static const void *pack_block(const struct pko_field *field, struct pko_packer *packer, size_t regime,
                              uint32_t replicates, size_t *size) {
    return pack_chunk(field, packer, field->block + regime * field->depth * field->row,
                      replicates * field->row, size);
}

static herr_t write_block(struct pko_field *field, struct pko_packer *packer, uint32_t replicates) {
    if (open_dataset(field) < 0)
        return -1;
    for (size_t regime = 0; regime < field->shape[0]; regime++) {
        const hsize_t start[PKO_RANK_MOST] = {regime, field->written};
        const struct pko_packed *ahead = &field->packed[regime];
        size_t size = ahead->size;
        const void *packed = ahead->replicates == replicates
                                 ? ahead->bytes
                                 : pack_block(field, packer, regime, replicates, &size);
        if (!packed || pko_hdf_write_chunk(field->dataset, start, packed, size) < 0)
            return -1;
    }
    field->written += replicates;
    return 0;
}

/* A block that is full waits until the next run comes: the last one may be packed by several threads. */
herr_t pko_field_add(struct pko_field *field, struct pko_packer *packer, size_t regime, uint32_t replicate,
                     const void *row) {
    bool last = regime + 1 == field->shape[0];
    field->added = replicate + (last ? 1 : 0);
    if (!field->block) {
        field->written = field->added;
        return write_row(field, packer, regime, replicate, row);
    }
    if (replicate - field->written == field->depth && write_block(field, packer, field->depth) < 0)
        return -1;
    uint32_t place = replicate - field->written;
    assert(place < field->depth);
    memcpy(field->block + (regime * field->depth + place) * field->row, row, field->row);
    return 0;
}

void pko_field_pack(struct pko_field *field, struct pko_packer *packer, size_t regime) {
    uint32_t replicates = field->added - field->written;
    size_t size;
    if (replicates == 0)
        return;
    const void *packed = pack_block(field, packer, regime, replicates, &size);
    void *bytes = packed ? malloc(size) : NULL;
    if (bytes)
        field->packed[regime] = (struct pko_packed){memcpy(bytes, packed, size), size, replicates};
}

herr_t pko_field_end(struct pko_field *field, struct pko_packer *packer, uint32_t replicates) {
    if (field->made && field->shape[1] == 1) /* closed already */
        return 0;
    if (open_dataset(field) < 0)
        return -1;
    if (field->shape[1] != replicates) {
        field->shape[1] = replicates;
        if (H5Dset_extent(field->dataset, field->shape) < 0)
            return -1;
    }
    if (replicates > field->written && write_block(field, packer, replicates - field->written) < 0)
        return -1;
    return close_dataset(field);
}

void pko_field_free(struct pko_field *field) {
    for (size_t regime = 0; field->packed && regime < field->shape[0]; regime++)
        free(field->packed[regime].bytes);
    free(field->packed);
    free(field->block);
    field->packed = NULL;
    field->block = NULL;
}
