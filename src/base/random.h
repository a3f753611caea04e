/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addressed randomness (ODD section 4, stochasticity). A draw is a pure function of its address
 * (seed, replicate, purpose, day, entity, index): Philox4x32-10 with the seed as key and the rest as counter.
 * The regime is not part of the address: missions that differ only in a rule are twins under common random
 * numbers. Counter words: [0] index, [1] entity, [2] purpose (bits 16-23) and day (bits 0-15), [3] replicate
 * (20 bits). */
#ifndef PKO_BASE_RANDOM_H
#define PKO_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* What a draw is for: one row per use, so that no two uses share an address. Append only: the numbers are
 * part of every result. */
#define PKO_PURPOSE_LIST(X)                                                                                  \
    X(ARRIVAL)           /* entity layer, index place: reinforcement, resistance, background, woman */       \
    X(DEPARTURE)         /* entity layer, index place: does this civilian leave today */                     \
    X(VISIT_COUNT)       /* entity layer */                                                                  \
    X(VISIT_MARKS)       /* entity layer, index request: offset, distance, free passage, order */            \
    X(ESCORT)            /* entity layer, index request: contingent, acceptance, detachment, offset */       \
    X(SUPPLY)            /* entity route, index platoon: contingent, detachment, offset */                   \
    X(PLOT_COUNT)        /* entity region, index piece */                                                    \
    X(PLOT_MARKS)        /* entity plot: class, lead */                                                      \
    X(COLLECT_TIP)       /* entity plot: tip, receiver */                                                    \
    X(COLLECT_TECHNICAL) /* entity plot, index group: collected, restricted */                               \
    X(COLLECT_PATROL)    /* entity plot, index group: collected */                                           \
    X(COLLECT_PARTNER)   /* entity plot: collected, receiver, restricted */                                  \
    X(SHARE)             /* entity plot, index group: learned, leaked */                                     \
    X(SHARE_CHANNEL)     /* entity plot, index group: sharer and channel; observation only */                \
    X(TARGET)            /* entity plot: target, block */                                                    \
    X(STRIKE)            /* entity plot: success, casualties */                                              \
    X(CASUALTY)          /* entity plot, index casualty: who, dies */                                        \
    X(DISCLOSURE)        /* entity plot, index pair of groups */                                             \
    X(FLIGHT_COUNT)      /* entity group */                                                                  \
    X(FLIGHT)            /* entity group, index request: approval, detachment */                             \
    X(MEETING)           /* entity layer, index 16·(place/64) + place mod 16, word (place/16) mod 4 */      \
    X(RETALIATION)       /* entity region */                                                                 \
    X(EXPERIMENT)        /* streams of the experiment layer (gsl_rng adapter): entity is the stream */

enum pko_purpose {
#define PKO_PURPOSE_ENUM(name) PKO_PURPOSE_##name,
    PKO_PURPOSE_LIST(PKO_PURPOSE_ENUM)
#undef PKO_PURPOSE_ENUM
        PKO_PURPOSE_COUNT
};

/* Who draws: the part of an address that a whole run shares. replicate < 2^20. */
struct pko_stream {
    uint64_t seed;
    uint32_t replicate;
};

/* Four independent 32-bit words at one address. */
struct pko_words {
    uint32_t word[4];
};

struct pko_words pko_draw(struct pko_stream stream, enum pko_purpose purpose, uint32_t day, uint32_t entity,
                          uint32_t index);

/* Uniform in (0,1) from two words: 52 random bits, centred, so that neither 0 nor 1 occurs. `half` 0 uses
 * words 0 and 1, `half` 1 words 2 and 3. */
static inline double pko_uniform(struct pko_words words, int half) {
    uint64_t bits = (uint64_t)words.word[2 * half] << 20 | words.word[2 * half + 1] >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}
/* Uniform in (0,1) from one word: (word + 1/2)/2^32. */
static inline double pko_uniform_word(uint32_t word) {
    return ((double)word + 0.5) * 0x1p-32;
}
/* A whole number in [0, n) from one word: floor(word·n/2^32); n < 2^32. */
static inline uint32_t pko_below(uint32_t word, uint32_t n) {
    return (uint32_t)((uint64_t)word * n >> 32);
}

#define PKO_POISSON_MOST 32.0 /* the largest mean of one piece of a Poisson count */

/* Whether pko_poisson() is 0, as far as that can be told without an exponential: e^−m is above its series cut
 * after a falling term, by far more than rounding if that is lowered by 1e-14. Always true of what it says,
 * and says it of most zeros of small means. */
static inline bool pko_poisson_is_0(double mean, double u) {
    return u < (1.0 - mean * (1.0 - mean * (0.5 - mean * (1.0 / 6.0)))) * (1.0 - 1e-14);
}
/* Poisson count by inversion from one uniform: the smallest k with P(K ≤ k) ≥ u, monotone in u and in the
 * mean (where steps lie within 2e-15 of one another, as in the tail next to u = 1, in u only). mean in [0,
 * 32], u in (0,1). The search ends by itself where a double no longer tells the sum from certainty, and in
 * any case at a bound. */
uint32_t pko_poisson(double mean, double u);
/* The same where `none` is e^−mean, the chance of 0. */
uint32_t pko_poisson_search(double mean, double u, double none);
/* Poisson count of any mean at an address: one piece up to 32, else the sum of equal pieces of at most 32,
 * the k-th at index k. */
uint32_t pko_poisson_at(struct pko_stream stream, enum pko_purpose purpose, uint32_t day, uint32_t entity,
                        double mean);
/* Exponential by inversion, −mean·log(u). */
double pko_exponential(double mean, double u);
/* Power law of casualties: floor(least·u^(−1/(tail−1))) cut at `most` (ODD 6.5). tail > 1. */
uint32_t pko_power_law(double least, double tail, double u, uint32_t most);

#endif
