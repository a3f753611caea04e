/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of process 4, in the order in which it runs them. */
#ifndef PKO_PROCESS_INTELLIGENCE_H
#define PKO_PROCESS_INTELLIGENCE_H

#include "model/mission.h"

/* Collection of every live plot: population, technical, patrol, partner forces. */
void pko_collect(struct pko_mission *mission);
/* Sharing, simultaneous, and leaks. */
void pko_share(struct pko_mission *mission);

/* A plot that can be seen and shared today: not sealed by a leak. */
static inline bool pko_plot_is_open(const struct pko_mission *mission, const struct pko_plot *plot) {
    return mission->day > plot->sealed_until;
}

#endif
