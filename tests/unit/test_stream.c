/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <gsl/gsl_randist.h>
#include <string.h>

#include "experiment/stream.h"

Test(stream, gives_the_words_at_its_addresses_in_order) {
    struct pko_stream stream = {UINT64_C(0xfeedfacecafebeef), 1234};
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, stream, 77);
    for (uint32_t block = 0; block < 1000; block++) {
        struct pko_words words = pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 0, 77, block);
        for (int k = 0; k < 4; k++)
            cr_assert(gsl_rng_get(&rng.generator) == words.word[k], "block %u, word %d", block, k);
    }
}

Test(stream, goes_on_into_the_day_after_2_to_the_32_blocks) {
    struct pko_stream stream = {5, 6};
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, stream, 7);
    rng.state.next_block = UINT64_C(0x3ffffffff);
    cr_expect(gsl_rng_get(&rng.generator) ==
              pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 3, 7, UINT32_MAX).word[0]);
    for (int k = 0; k < 3; k++)
        gsl_rng_get(&rng.generator);
    cr_expect(gsl_rng_get(&rng.generator) == pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 4, 7, 0).word[0]);
}

Test(stream, uniforms_are_those_of_the_model) {
    struct pko_stream stream = {8, 9};
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, stream, 0);
    for (uint32_t block = 0; block < 100; block++) {
        struct pko_words words = pko_draw(stream, PKO_PURPOSE_EXPERIMENT, 0, 0, block);
        cr_assert(gsl_rng_uniform(&rng.generator) == pko_uniform(words, 0));
        cr_assert(gsl_rng_uniform(&rng.generator) == pko_uniform(words, 1));
    }
}

Test(stream, entities_replicates_and_seeds_differ) {
    struct pko_stream_rng one, others[3];
    pko_stream_rng_init(&one, (struct pko_stream){1, 1}, 1);
    pko_stream_rng_init(&others[0], (struct pko_stream){1, 1}, 2);
    pko_stream_rng_init(&others[1], (struct pko_stream){1, 2}, 1);
    pko_stream_rng_init(&others[2], (struct pko_stream){2, 1}, 1);
    unsigned long word = gsl_rng_get(&one.generator);
    for (int k = 0; k < 3; k++)
        cr_expect(gsl_rng_get(&others[k].generator) != word);
}

Test(stream, clone_and_memcpy_go_on_alike) {
    struct pko_stream_rng rng, copy;
    pko_stream_rng_init(&rng, (struct pko_stream){1, 0}, 3);
    pko_stream_rng_init(&copy, (struct pko_stream){2, 0}, 4);
    for (int k = 0; k < 7; k++)
        gsl_rng_get(&rng.generator);
    gsl_rng *clone = gsl_rng_clone(&rng.generator);
    cr_assert(gsl_rng_memcpy(&copy.generator, &rng.generator) == 0);
    for (int k = 0; k < 100; k++) {
        unsigned long word = gsl_rng_get(&rng.generator);
        cr_assert(gsl_rng_get(clone) == word && gsl_rng_get(&copy.generator) == word);
    }
    gsl_rng_free(clone);
}

Test(stream, serves_as_a_type_of_gsl) {
    gsl_rng *rng = gsl_rng_alloc(pko_stream_rng_type());
    gsl_rng_set(rng, 99);
    struct pko_words words = pko_draw((struct pko_stream){99, 0}, PKO_PURPOSE_EXPERIMENT, 0, 0, 0);
    cr_expect(gsl_rng_get(rng) == words.word[0]);
    cr_expect(strcmp(gsl_rng_name(rng), "pkosim") == 0);
    cr_expect(gsl_rng_min(rng) == 0 && gsl_rng_max(rng) == 0xffffffffUL);
    gsl_rng_free(rng);
}

Test(stream, samplers_of_gsl_draw_from_it) {
    struct pko_stream_rng rng;
    pko_stream_rng_init(&rng, (struct pko_stream){10, 0}, 0);
    enum { DRAWS = 200000 };
    double sum = 0.0, squares = 0.0;
    for (int k = 0; k < DRAWS; k++) {
        double z = gsl_ran_gaussian_ziggurat(&rng.generator, 1.0);
        sum += z;
        squares += z * z;
        cr_assert(gsl_rng_uniform_int(&rng.generator, 13) < 13);
    }
    cr_expect(sum / DRAWS > -0.011 && sum / DRAWS < 0.011); /* five standard errors */
    cr_expect(squares / DRAWS > 0.984 && squares / DRAWS < 1.016);
}
