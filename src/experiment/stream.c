/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/stream.h"

#include <assert.h>

#define BLOCK_LIMIT (UINT64_C(1) << 48) /* day has 16 bits, index 32 */

static void start(struct pko_stream_state *state, struct pko_stream stream, uint32_t entity) {
    *state = (struct pko_stream_state){.stream = stream, .entity = entity, .used = 4};
}

static void set_seed(void *state, unsigned long seed) {
    start(state, (struct pko_stream){.seed = seed, .replicate = 0}, 0);
}

static uint32_t next_word(struct pko_stream_state *state) {
    if (state->used == 4) {
        assert(state->next_block < BLOCK_LIMIT);
        state->words = pko_draw(state->stream, PKO_PURPOSE_EXPERIMENT, (uint32_t)(state->next_block >> 32),
                                state->entity, (uint32_t)state->next_block);
        state->next_block++;
        state->used = 0;
    }
    return state->words.word[state->used++];
}

static unsigned long get(void *state) {
    return next_word(state);
}

static double get_double(void *state) {
    struct pko_words two = {{0}};
    two.word[0] =
        next_word(state); /* in statements of their own: the order within an initializer is the compiler's */
    two.word[1] = next_word(state);
    return pko_uniform(two, 0);
}

static const gsl_rng_type STREAM_TYPE = {
    .name = "pkosim",
    .max = 0xffffffffUL,
    .min = 0,
    .size = sizeof(struct pko_stream_state),
    .set = set_seed,
    .get = get,
    .get_double = get_double,
};

const gsl_rng_type *pko_stream_rng_type(void) {
    return &STREAM_TYPE;
}

void pko_stream_rng_init(struct pko_stream_rng *rng, struct pko_stream stream, uint32_t entity) {
    start(&rng->state, stream, entity);
    rng->generator = (gsl_rng){.type = &STREAM_TYPE, .state = &rng->state};
}
