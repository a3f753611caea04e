/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An addressed stream (base/random.h) as a gsl_rng, so that designs, bootstraps and whatever else of GSL asks
 * for a generator draw from the same source as the model, reproducibly and without sharing state. */
#ifndef PKO_EXPERIMENT_STREAM_H
#define PKO_EXPERIMENT_STREAM_H

#include <stdint.h>

#include <gsl/gsl_rng.h>

#include "base/random.h"

/* Where a stream stands. Its words are those at (seed, replicate, PKO_PURPOSE_EXPERIMENT, day, entity,
 * index), where block = day·2^32 + index counts up: 2^48 blocks of four words. */
struct pko_stream_state {
    struct pko_stream stream;
    uint32_t entity;
    uint64_t next_block;
    struct pko_words words; /* the block at hand */
    uint32_t used;          /* its words already given, 0-4 */
};

/* A generator with its state beside it: it lives where the caller puts it, nothing is allocated and nothing
 * needs to be freed. `generator` points into the structure, so do not copy or move it by assignment;
 * gsl_rng_memcpy and gsl_rng_clone make good copies. */
struct pko_stream_rng {
    gsl_rng generator; /* pass its address to GSL */
    struct pko_stream_state state;
};

/* Starts the stream `entity` of a seed and replicate (below 2^20) from its first word. */
void pko_stream_rng_init(struct pko_stream_rng *rng, struct pko_stream stream, uint32_t entity);

/* The type for GSL's own functions: whole 32-bit words from get, 52 random bits in (0,1), never 0, from
 * get_double. gsl_rng_set starts entity 0 of replicate 0 of the seed given. */
const gsl_rng_type *pko_stream_rng_type(void);

#endif
