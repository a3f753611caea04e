/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many draws at once, compiled for several instruction sets: the words of base/random.h. */
#ifndef PKO_BASE_DRAWS_H
#define PKO_BASE_DRAWS_H

#include <stddef.h>

#include "base/clones.h"
#include "base/random.h"

/* Addresses of one purpose and day, and for each the bound below which a word of its draw is of interest. */
struct pko_addresses {
    const uint32_t *entity, *index, *below;
    size_t count;
};

/* Writes to `hits` the numbers of the addresses of whose four words at least one is below its bound, rising;
 * returns how many. For events so rare that most draws come to nothing. `hits` has room for all addresses. */
PKO_CLONES(size_t, pko_draws_below, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
           const struct pko_addresses *addresses, uint32_t *hits);

#endif
