/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of process 5: who is the target of a due plot, and what a strike does. */
#ifndef PKO_PROCESS_INCIDENTS_H
#define PKO_PROCESS_INCIDENTS_H

#include "model/mission.h"

#define PKO_BLOCKS_MOST (PKO_CONVOY_PLATOONS + PKO_CONVOY_TEAMS)

/* People in consecutive places. */
struct pko_range {
    uint32_t first, count;
};

/* The target of a strike. */
struct pko_target {
    bool found;
    double hardness; /* equipment (movement), protection (camp), 0 else: what lowers the chance of a hit */
    int camp;        /* class camp, else −1 */
    int group;       /* for the event table: first escort, patrol, section; −1 for a camp or community */
    int convoy;      /* index of the convoy, else −1 */
    struct pko_groups groups;  /* target groups */
    struct pko_groups at_risk; /* groups with people at risk */
    uint32_t range_count;      /* people at risk, as ranges of places that do not overlap */
    struct pko_range range[PKO_BLOCKS_MOST];
    uint32_t people; /* at risk in all */
};

/* Draws the target of a due plot. No target: the plot lapses. */
void pko_target_draw(const struct pko_mission *mission, const struct pko_plot *plot,
                     struct pko_target *target);

/* A strike against its target: the chance of a hit, factor by factor, and the number drawn (6.5). */
struct pko_strike {
    enum pko_warned warned;
    double base, hardened,
        after_warning;    /* chance by class, × (1 − hardness), × (1 − incident.warning) if warned */
    double drawn;         /* a hit if below the last */
    double size;          /* the U of the casualties of a hit */
    enum pko_miss missed; /* the first factor that takes the chance to `drawn` or below */
};
/* Draws a strike on the day on which its plot is due; changes nothing. */
struct pko_strike pko_strike_draw(const struct pko_mission *mission, const struct pko_plot *plot,
                                  const struct pko_target *target);

/* Adds a plot by hand, in the morning: of class movement in a region, due on the day at hand, known to nobody
 * and collected by nobody, and sure to hit if it finds a target. Only from day 1 on. PKO_ERROR_MEMORY. */
int pko_extra_hit(struct pko_mission *mission, int region);

/* Casualties of a hit on people: who is hit, who dies. Marks the witnesses and the dead. */
struct pko_casualties {
    uint32_t wounded, killed;
    struct pko_groups groups; /* with people killed or wounded */
};
struct pko_casualties pko_casualties_draw(struct pko_mission *mission, const struct pko_plot *plot,
                                          const struct pko_target *target, double u);

#endif
