/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/field.h"

#include <assert.h>
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
static void choose_chunk(const struct pko_field *field, hsize_t *chunk) {
    memcpy(chunk, field->shape, sizeof field->shape);
    chunk[0] = 1;
    chunk[1] = field->depth;
    if (field->rank > 2 && field->row > PKO_CHUNK_MOST) {
        hsize_t pieces = (field->row + PKO_CHUNK_MOST - 1) / PKO_CHUNK_MOST;
        chunk[2] = (field->shape[2] + pieces - 1) / pieces;
    }
}

herr_t pko_field_create(struct pko_field *field, const struct pko_layout *layout,
                        const struct pko_variable *variable, size_t least) {
    hsize_t chunk[PKO_RANK_MOST];
    assert(variable->rank >= 2 && variable->scale[0] == PKO_SCALE_REGIME &&
           variable->scale[1] == PKO_SCALE_REPLICATE);
    *field = (struct pko_field){.dataset = H5I_INVALID_HID, .type = variable->type, .rank = variable->rank};
    field->row = pko_hdf_size(variable->type);
    for (int k = 0; k < variable->rank; k++) {
        field->shape[k] = layout->size[variable->scale[k]];
        field->row *= k < 2 ? 1 : (size_t)field->shape[k];
    }
    assert(field->row > 0);
    field->depth = block_depth(field->row, (uint32_t)field->shape[1], least);
    if (field->depth > 1 && !(field->block = malloc(field->depth * field->shape[0] * field->row)))
        return -1;
    choose_chunk(field, chunk);
    return pko_variable_create(layout, variable, chunk, &field->dataset);
}

/* Writes `replicates` rows of one regime, the first being number `first`. */
static herr_t write_rows(const struct pko_field *field, size_t regime, uint32_t first, uint32_t replicates,
                         const void *rows) {
    const hsize_t start[PKO_RANK_MOST] = {regime, first};
    hsize_t count[PKO_RANK_MOST];
    memcpy(count, field->shape, sizeof count);
    count[0] = 1;
    count[1] = replicates;
    return pko_hdf_write(field->dataset, field->type, field->rank, start, count, rows);
}

static herr_t write_block(struct pko_field *field, uint32_t replicates) {
    for (size_t regime = 0; regime < field->shape[0]; regime++)
        if (write_rows(field, regime, field->written, replicates,
                       field->block + regime * field->depth * field->row) < 0)
            return -1;
    field->written += replicates;
    return 0;
}

herr_t pko_field_add(struct pko_field *field, size_t regime, uint32_t replicate, const void *row) {
    bool last = regime + 1 == field->shape[0];
    if (!field->block) {
        field->written = replicate + (last ? 1 : 0);
        return write_rows(field, regime, replicate, 1, row);
    }
    uint32_t place = replicate - field->written;
    assert(place < field->depth);
    memcpy(field->block + (regime * field->depth + place) * field->row, row, field->row);
    return last && place + 1 == field->depth ? write_block(field, field->depth) : 0;
}

herr_t pko_field_end(struct pko_field *field, uint32_t replicates) {
    if (field->shape[1] != replicates) {
        field->shape[1] = replicates;
        if (H5Dset_extent(field->dataset, field->shape) < 0)
            return -1;
    }
    if (replicates > field->written && write_block(field, replicates - field->written) < 0)
        return -1;
    return pko_hdf_release(0, 1, &field->dataset);
}

void pko_field_free(struct pko_field *field) {
    free(field->block);
    field->block = NULL;
}
