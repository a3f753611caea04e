/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plots: planned attacks from the day they are made to the day they are due (ODD 6.3-6.5). */
#ifndef PKO_MODEL_PLOTS_H
#define PKO_MODEL_PLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of groups, one bit each. */
struct pko_groups {
    uint64_t bits[2];
};
static inline bool pko_groups_has(const struct pko_groups *set, int group) {
    return (set->bits[group >> 6] >> (group & 63)) & 1u;
}
static inline void pko_groups_add(struct pko_groups *set, int group) {
    set->bits[group >> 6] |= (uint64_t)1 << (group & 63);
}
static inline void pko_groups_join(struct pko_groups *set, const struct pko_groups *more) {
    set->bits[0] |= more->bits[0];
    set->bits[1] |= more->bits[1];
}
static inline bool pko_groups_empty(const struct pko_groups *set) {
    return !(set->bits[0] | set->bits[1]);
}
/* The smallest member ≥ from, −1 if there is none: `for (g = next(s, 0); g >= 0; g = next(s, g + 1))`. */
static inline int pko_groups_next(const struct pko_groups *set, int from) {
    if (from < 64) {
        uint64_t low = set->bits[0] >> from;
        if (low)
            return from + __builtin_ctzll(low);
        from = 64;
    }
    if (from >= 128)
        return -1;
    uint64_t high = set->bits[1] >> (from - 64);
    return high ? from + __builtin_ctzll(high) : -1;
}

struct pko_plot {
    int32_t born, due;    /* days */
    int32_t sealed_until; /* compromised: not seen or shared on days up to this one */
    int32_t region;
    uint16_t number;             /* among the plots of that region and day */
    uint8_t plot_class;          /* enum pko_plot_class */
    uint8_t human_sourced;       /* a tip of the population is among the sources */
    uint8_t sure;                /* added by hand: hits whatever is drawn (pko_extra_hit) */
    struct pko_groups knows;     /* groups that hold a copy */
    struct pko_groups free;      /* of those, the ones whose copy is free to share */
    struct pko_groups collected; /* groups that collected it themselves */
};

#define PKO_LEAD_MOST 250 /* days; the age of a plot is 8 bits of its address */

/* The entity of a plot in addresses of a day: region (8 bits), age (8 bits), number (16 bits), so that it has
 * the same address in every twin. */
static inline uint32_t pko_plot_entity(const struct pko_plot *plot, int32_t day) {
    return (uint32_t)plot->region << 24 | (uint32_t)(day - plot->born) << 16 | plot->number;
}

/* Which plot: it has the same three numbers in every twin. */
struct pko_plot_key {
    int32_t born, region; /* born −1: no plot */
    uint32_t number;
};
static inline struct pko_plot_key pko_plot_key_of(const struct pko_plot *plot) {
    return (struct pko_plot_key){plot->born, plot->region, plot->number};
}
static inline bool pko_plot_is(const struct pko_plot *plot, const struct pko_plot_key *key) {
    return plot->born == key->born && plot->region == key->region && plot->number == key->number;
}

struct pko_plots {
    struct pko_plot *item;
    size_t count, capacity;
};

#endif
