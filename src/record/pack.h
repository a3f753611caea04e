/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks in the form in which HDF5's filters (shuffle, deflate, Fletcher-32) leave them, made without HDF5:
 * by any thread, each with a packer of its own, to be handed to the file whole. */
#ifndef PKO_RECORD_PACK_H
#define PKO_RECORD_PACK_H

#include <stddef.h>

struct pko_packer;

/* Room for packing; NULL if memory is short. */
struct pko_packer *pko_packer_create(void);
/* NULL is allowed. */
void pko_packer_free(struct pko_packer *packer);
/* Packs a chunk of `count` > 0 elements of `width` bytes. The bytes belong to the packer and stand until it
 * packs again; NULL if memory is short. Equal values give equal bytes. */
const void *pko_pack(struct pko_packer *packer, const void *values, size_t count, size_t width, size_t *size);

#endif
