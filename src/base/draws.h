/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many draws at once: the words and numbers of base/random.h, for several addresses at a time. */
#ifndef PKO_BASE_DRAWS_H
#define PKO_BASE_DRAWS_H

#include <stddef.h>

#include "base/clones.h"
#include "base/random.h"

/* Addresses of one purpose and day; index NULL for 0 everywhere. */
struct pko_addresses {
    const uint32_t *entity, *index;
    size_t count;
};

/* word[w][k] is word w of the draw at the k-th address. */
PKO_CLONES(void, pko_draws, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
           const struct pko_addresses *addresses, uint32_t *const word[4]);
/* u[k] = pko_uniform() of the first half of the draw at the k-th address. */
PKO_CLONES(void, pko_uniforms, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
           const struct pko_addresses *addresses, double *u);
/* Writes to `hits` the numbers of the addresses of whose four words at least one is below its bound, rising;
 * returns how many. For events so rare that most draws come to nothing. `hits` has room for all addresses. */
PKO_CLONES(size_t, pko_draws_below, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
           const struct pko_addresses *addresses, const uint32_t *below, uint32_t *hits);

/* The same by the numbers of pko_uniforms(), each with a bound of its own; u[k] is written for all. */
PKO_CLONES(size_t, pko_uniforms_below, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
           const struct pko_addresses *addresses, const double *below, double *u, uint32_t *hits);

/* number[k] = pko_poisson_at() of the k-th entity and mean. */
void pko_poissons(enum pko_level level, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                  const uint32_t *entity, const double *mean, size_t count, uint32_t *number);

#endif
