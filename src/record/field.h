/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A variable over regime, replicate and more, filled run by run. Rows (the values of one run) gather in a
 * block of replicates that makes one chunk of the file; a full block is written before the next run's row
 * takes its place. The variable comes into the file with its first chunk, behind those of the fields before
 * it, and is open only from its first chunk to its last: an open variable takes memory. */
#ifndef PKO_RECORD_FIELD_H
#define PKO_RECORD_FIELD_H

#include <stdint.h>

#include "record/pack.h"
#include "record/variable.h"

#define PKO_CHUNK_LEAST 65536   /* bytes a chunk has, unless the file's replicates are too few */
#define PKO_CHUNK_MOST  1048576 /* bytes above which a row is split along time */

struct pko_field {
    const struct pko_layout *layout;
    struct pko_variable variable;
    struct pko_field *before; /* the one that stands before it in the file, or NULL */
    hid_t dataset;
    bool made; /* is in the file */
    enum pko_hdf_type type;
    int rank;
    hsize_t shape[PKO_RANK_MOST];
    hsize_t chunk[PKO_RANK_MOST];
    size_t row;       /* bytes of one run */
    uint32_t depth;   /* replicates of a block; a block of one is packed straight from the caller's row */
    uint32_t added;   /* replicates of which every regime was taken */
    uint32_t written; /* replicates of which every regime is in the file */
    char *block;      /* [regime][depth][row]; NULL if depth is 1 */
    struct pko_packed {
        void *bytes;
        size_t size;
        uint32_t replicates; /* in it */
    } * packed;              /* [regime]: the chunk of a block, if it was packed ahead; NULL if depth is 1 */
};

/* Bytes of memory that the block of a field takes, for rows of this size and chunks of at least `least`
 * bytes. */
size_t pko_field_memory(size_t row, size_t regimes, uint32_t replicates, size_t least);
/* Plans the variable, whose first two dimensions are regime and replicate and whose texts must outlive the
 * field. Negative on failure, as all below (out of memory too); pko_field_free is legal in any case. */
herr_t pko_field_plan(struct pko_field *field, const struct pko_layout *layout,
                      const struct pko_variable *variable, struct pko_field *before, size_t least);
/* Takes the row of one run; runs come in the order (replicate, regime). Packing is done by the packer. */
herr_t pko_field_add(struct pko_field *field, struct pko_packer *packer, size_t regime, uint32_t replicate,
                     const void *row);
/* Packs ahead, after the last run, what waits of one regime. Different regimes and fields may be packed by
 * several threads at a time. Where memory is short, nothing is done. */
void pko_field_pack(struct pko_field *field, struct pko_packer *packer, size_t regime);
/* Writes what is left of the first `replicates`, shrinks the variable to them and closes it. */
herr_t pko_field_end(struct pko_field *field, struct pko_packer *packer, uint32_t replicates);
/* Frees the memory; touches no file. */
void pko_field_free(struct pko_field *field);

#endif
