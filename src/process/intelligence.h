/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of process 4, in the order in which it runs them, and what they draw: pure functions of the
 * mission and a plot, by which the process acts and from which an explanation tells where an item came from.
 */
#ifndef PKO_PROCESS_INTELLIGENCE_H
#define PKO_PROCESS_INTELLIGENCE_H

#include "model/mission.h"

/* Collection of every live plot: population, technical, patrol, partner forces. */
void pko_collect(struct pko_mission *mission);
/* Sharing, simultaneous, and leaks. */
void pko_share(struct pko_mission *mission);

/* Where an item comes from, in the order in which the sources are asked. */
enum pko_source {
    PKO_SOURCE_POPULATION,
    PKO_SOURCE_TECHNICAL,
    PKO_SOURCE_PATROL,
    PKO_SOURCE_PARTNER,
    PKO_SOURCES
};
struct pko_collection {
    int32_t group; /* who collects */
    enum pko_source source;
    bool restricted; /* the copy is not free to share */
};
#define PKO_COLLECTIONS_MOST (2 * PKO_GROUPS_MOST + 2) /* of a plot and day */

/* What all plots of a day share. */
struct pko_collectors {
    double partner;                     /* rate of items from partner forces [1/day] */
    int region;                         /* for which the following hold; −1 for none yet */
    double tip_weight[PKO_GROUPS_MOST]; /* contact of each group with the population */
    double tip_sum;
    /* Groups with patrollers, rising, and the rate at which each collects by them [1/day]. */
    uint32_t patrols[PKO_GROUPS_MOST];
    double patrol_rate[PKO_GROUPS_MOST];
    uint32_t patrol_count;
};
/* Fills what does not depend on a region, after restraint and classification of the day. */
void pko_collectors_today(const struct pko_mission *mission, struct pko_collectors *collectors);
/* Who collects a plot today, in order; fewer than PKO_COLLECTIONS_MOST. A sealed plot nobody. The collectors
 * change to the plot's region. */
size_t pko_plot_collections(const struct pko_mission *mission, const struct pko_plot *plot,
                            struct pko_collectors *collectors, struct pko_collection *list);
/* Gives the collector its copy, or frees the one it holds if this one is free. Whether it held none. */
bool pko_plot_take(struct pko_plot *plot, const struct pko_collection *collection);

/* One learning of a plot by sharing. */
struct pko_learning {
    int32_t group;
    int32_t sharer;           /* who it came from and ... */
    enum pko_channel channel; /* ... how: attribution, for observation only */
    bool free;                /* the copy is free to share */
    bool inside;              /* the learner and some holder are both on the secure network */
    bool leaked;
};
/* Who learns a plot today, by group; at most PKO_GROUPS_MOST. The rates must be those of the day (pko_share).
 */
size_t pko_plot_learnings(const struct pko_mission *mission, const struct pko_plot *plot,
                          struct pko_learning *list);
/* What a leak leaves of a plot: nobody knows it, and it is sealed for leak_pause_days. */
void pko_plot_seal(const struct pko_mission *mission, struct pko_plot *plot);

/* A plot that can be seen and shared today: not sealed by a leak. */
static inline bool pko_plot_is_open(const struct pko_mission *mission, const struct pko_plot *plot) {
    return mission->day > plot->sealed_until;
}

#endif
