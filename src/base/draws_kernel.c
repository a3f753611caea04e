/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws at several addresses at a time, each word in the low half of a lane of 64 bits (base/philox_lanes.h).
 */
#include <stdbool.h>

#include "base/doubles.h"
#include "base/draws.h"
#include "base/philox_lanes.h"

#define LOW INT64_C(0xFFFFFFFF)

/* What the addresses of a call share. */
struct source {
    int64_t purpose_and_day, replicate;
    struct pko_philox_key key;
};

PKO_EACH struct source source_of(struct pko_stream stream, enum pko_purpose purpose, uint32_t day) {
    return (struct source){(int64_t)((uint32_t)purpose << 16 | day), (int64_t)stream.replicate,
                           pko_philox_key(stream.seed)};
}

/* The words of the addresses from `first` on, as many as there are lanes or are left. */
PKO_EACH void draw(const struct source *source, const struct pko_addresses *addresses, size_t first,
                   pko_wide_mask word[4]) {
    size_t left = addresses->count - first;
    pko_wide_mask none = {0};
    word[0] = addresses->index ? pko_wide_load_words(addresses->index + first, left) : none;
    word[1] = pko_wide_load_words(addresses->entity + first, left);
    word[2] = none + source->purpose_and_day;
    word[3] = none + source->replicate;
    struct pko_philox_key key = source->key;
    for (int round = 0; round < PKO_PHILOX_ROUNDS; round++, key = pko_philox_next(key))
        pko_philox_round(word, key);
    for (int k = 0; k < 4; k++)
        word[k] &= LOW;
}

void PKO_CLONED(pko_draws)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                           const struct pko_addresses *addresses, uint32_t *const word[4]) {
    const struct source source = source_of(stream, purpose, day);
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        pko_wide_mask wide[4];
        draw(&source, addresses, first, wide);
        for (int k = 0; k < 4; k++)
            pko_wide_store_words(word[k] + first, wide[k], addresses->count - first);
    }
}

/* 52 bits below the exponent of 2^52 are that whole number more. */
PKO_EACH pko_wide uniform(const pko_wide_mask word[4]) {
    pko_wide_mask bits = word[0] << 20 | word[1] >> 12 | INT64_C(0x4330000000000000);
    return (((pko_wide)bits - 0x1p52) + 0.5) * 0x1p-52;
}

void PKO_CLONED(pko_uniforms)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                              const struct pko_addresses *addresses, double *u) {
    const struct source source = source_of(stream, purpose, day);
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        pko_wide_mask word[4];
        draw(&source, addresses, first, word);
        pko_wide_store_first(u + first, uniform(word), addresses->count - first);
    }
}

/* The numbers of the lanes that hit, `first` being that of the lowest. */
PKO_EACH size_t list_hits(pko_wide_mask hit, size_t first, uint32_t *hits) {
    size_t found = 0;
    for (uint32_t which = pko_wide_signs(hit); which; which &= which - 1)
        hits[found++] = (uint32_t)first + (uint32_t)__builtin_ctz(which);
    return found;
}

size_t PKO_CLONED(pko_uniforms_below)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                                      const struct pko_addresses *addresses, const double *below, double *u,
                                      uint32_t *hits) {
    const struct source source = source_of(stream, purpose, day);
    size_t found = 0;
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        size_t left = addresses->count - first;
        pko_wide_mask word[4];
        draw(&source, addresses, first, word);
        pko_wide value = uniform(word), bound = pko_wide_load_first(below + first, left);
        pko_wide_store_first(u + first, value, left);
        /* Nothing is below 0, the bound past the last. */
        found += list_hits((pko_wide_mask)(value < bound), first, hits + found);
    }
    return found;
}

/* The hits among the addresses from `first` on. */
PKO_EACH size_t hits_of(const pko_wide_mask word[4], const uint32_t *below, size_t first, size_t left,
                        uint32_t *hits) {
    pko_wide_mask bound = pko_wide_load_words(below + first, left);
    /* A difference is negative where a word is below the bound; none is below 0, the bound past the last. */
    pko_wide_mask hit = (word[0] - bound) | (word[1] - bound) | (word[2] - bound) | (word[3] - bound);
    return list_hits(hit, first, hits);
}

size_t PKO_CLONED(pko_draws_below)(struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                                   const struct pko_addresses *addresses, const uint32_t *below,
                                   uint32_t *hits) {
    const struct source source = source_of(stream, purpose, day);
    size_t found = 0;
    for (size_t first = 0; first < addresses->count; first += PKO_WIDE) {
        pko_wide_mask word[4];
        draw(&source, addresses, first, word);
        found += hits_of(word, below, first, addresses->count - first, hits + found);
    }
    return found;
}
