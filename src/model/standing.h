/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from who is where and from the parameters, between the days on which either changes. */
#ifndef PKO_MODEL_STANDING_H
#define PKO_MODEL_STANDING_H

#include "model/mission.h"

/* Head counts of camps and groups, cohesion, patrollers, the overlap of groups in camps, evacuation quality,
 * the fixed part of prior trust, the roster. Call after layers changed or a parameter was set. */
void pko_standing_derive(struct pko_mission *mission);
/* The part of it that does not follow from the parameters alone: when layers changed. */
void pko_standing_people(struct pko_mission *mission);
/* Today's values of the timelines of equipment and protection. */
void pko_standing_today(struct pko_mission *mission);
/* ā_g and b̄_g of the groups present, from the means of their layers; an absent group keeps its last. */
void pko_group_means(struct pko_mission *mission);
/* The same of the groups with layers that were summarized (pko_layer_summarize) since: all others stand. */
void pko_group_means_again(struct pko_mission *mission);
/* Mean over everyone present of a mean by layer, weighted by headcount; 0 if nobody is there. */
double pko_mission_mean(const struct pko_mission *mission, const double *mean_by_layer);

/* r_g of 6.8: standing by technology, (secure + min(1, isr))/2. */
static inline double pko_technology(const struct pko_group *group) {
    double isr = group->isr < 1.0 ? group->isr : 1.0;
    return ((group->secure ? 1.0 : 0.0) + isr) / 2.0;
}

#endif
