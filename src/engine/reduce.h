/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How measures are read from a mission: one reduction for each row of measures.def. */
#ifndef PKO_ENGINE_REDUCE_H
#define PKO_ENGINE_REDUCE_H

#include "model/mission.h"
#include "pkosim/observe.h"

#define PKO_CATEGORIES 2
#define PKO_TASKS      8

/* Sums over the individuals of one category, or of the members of patrolling detachments. */
struct pko_moments {
    double people, a, b, aa, bb, ab;
    double high_a, high_b, high_both; /* people above the day-0 medians of their category */
};

/* Sums over records and detachments of the means of a detachment's riders and others, by state (a, b, x). */
struct pko_rider_sums {
    double mean[3][2], detachments;
};

/* Mean trust between blocs and between sets of them (ODD 7). */
struct pko_trust_means {
    double of_blocs[PKO_BLOCS][PKO_BLOCS], african_north, north_african, north, north_others;
};

struct pko_layer_means;

/* One reading of a mission; what several measures need is computed once. */
struct pko_reading {
    const struct pko_mission *mission;
    bool has_moments;
    struct pko_moments
        moments[PKO_CATEGORIES + 1]; /* uniformed, civilian, members of patrolling detachments */
    bool has_trust;
    struct pko_trust_means trust;
    bool skip_quantiles;           /* quantiles are read at most every 28 days */
    struct pko_rider_sums *riders; /* each detachment's means are added here too, once; NULL for nowhere */
    const struct pko_layer_means
        *layer_means; /* taken from this mission; NULL to reduce each measure by itself */
};

/* Reads a measure into values[0 … its size); a value that does not exist is NAN. */
void pko_read_measure(struct pko_reading *reading, size_t measure, double *values);

/* Task class of a group (ODD 7): 0 patrol … 7 office. */
int pko_task_of(const struct pko_group *group);
/* Gini coefficient Σ(2k−n−1)v_k/(nΣv) over ascending values; NAN for none or a sum of 0. Sorts `value`. */
double pko_gini(double *value, size_t count);

#endif
