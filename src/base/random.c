/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <assert.h>
#include <math.h>

#include "base/philox.h"
#include "base/real.h"

struct pko_words pko_draw(struct pko_stream stream, enum pko_purpose purpose, uint32_t day, uint32_t entity,
                          uint32_t index) {
    assert(stream.replicate < UINT32_C(1) << 20 && (uint32_t)purpose < 256 && day < 65536);
    const uint32_t counter[4] = {index, entity, (uint32_t)purpose << 16 | day, stream.replicate};
    return pko_philox(counter, stream.seed);
}

uint32_t pko_poisson_search(double mean, double u, double none) {
    /* The smallest k with P(K ≤ k) ≥ u. Rounding can leave the sum an ulp or so short of 1 and of a u
     * beside 1. So the search also ends where a term no longer moves the sum, at the last count that a double
     * can tell from certainty (terms grow up to the mean, so this cannot happen before it). The bound is for
     * the reader, who sees at a glance that the loop ends: 40 standard deviations and 60 above the mean, what
     * lies beyond has a probability under 1e-60. */
    uint32_t bound = (uint32_t)(mean + 40.0 * sqrt(mean) + 60.0);
    double term = none, sum = term;
    uint32_t k = 0;
    while (sum < u && k < bound) {
        term = term * mean / (double)(k + 1);
        if (sum + term == sum)
            break;
        sum += term;
        k++;
    }
    return k;
}

uint32_t pko_poisson(double mean, double u) {
    assert(mean >= 0.0 && mean <= PKO_POISSON_MOST && u > 0.0 && u < 1.0);
    if (pko_poisson_is_0(mean, u)) /* most counts of small means are */
        return 0;
    return pko_poisson_search(mean, u, pko_exp(-mean));
}

uint32_t pko_poisson_at(struct pko_stream stream, enum pko_purpose purpose, uint32_t day, uint32_t entity,
                        double mean) {
    assert(mean >= 0.0 && mean < 1e9);
    /* Dividing by 32 is exact, so a piece never exceeds 32. */
    uint32_t pieces = mean <= PKO_POISSON_MOST ? 1 : (uint32_t)ceil(mean / PKO_POISSON_MOST);
    double piece = mean / (double)pieces;
    uint32_t count = 0;
    for (uint32_t k = 0; k < pieces; k++)
        count += pko_poisson(piece, pko_uniform(pko_draw(stream, purpose, day, entity, k), 0));
    return count;
}

double pko_exponential(double mean, double u) {
    return -mean * pko_log(u);
}

uint32_t pko_power_law(double least, double tail, double u, uint32_t most) {
    assert(tail > 1.0 && u > 0.0);
    double size = least * pko_pow(u, -1.0 / (tail - 1.0));
    return size >= (double)most ? most : (uint32_t)size;
}
