/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/draws.h"

#include "base/reals.h"

#define CHUNK 64

/* Counts of up to CHUNK means. Most are 0; the exponentials of the others are taken together. */
static void count_chunk(enum pko_level level, const double *mean, const double *u, size_t count,
                        uint32_t *number) {
    uint32_t left[CHUNK];
    double none[CHUNK];
    size_t others = 0;
    for (uint32_t k = 0; k < count; k++) {
        number[k] = 0;
        left[others] = k;
        none[others] = -mean[k];
        others += (mean[k] <= PKO_POISSON_MOST) & !pko_poisson_is_0(mean[k], u[k]);
    }
    PKO_CHOOSE(level, pko_exps)(none, none, others);
    for (size_t k = 0; k < others; k++)
        number[left[k]] = pko_poisson_search(mean[left[k]], u[left[k]], none[k]);
}

void pko_poissons(enum pko_level level, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                  const uint32_t *entity, const double *mean, size_t count, uint32_t *number) {
    double u[CHUNK];
    for (size_t first = 0; first < count; first += CHUNK) {
        const struct pko_addresses addresses = {entity + first, NULL,
                                                count - first < CHUNK ? count - first : CHUNK};
        PKO_CHOOSE(level, pko_uniforms)(stream, purpose, day, &addresses, u);
        count_chunk(level, mean + first, u, addresses.count, number + first);
        for (size_t k = first; k < first + addresses.count; k++)
            if (mean[k] > PKO_POISSON_MOST)
                number[k] = pko_poisson_at(stream, purpose, day, entity[k], mean[k]);
    }
}
