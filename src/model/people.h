/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Individuals: arrivals, the places they stand in, and the means of a detachment. */
#ifndef PKO_MODEL_PEOPLE_H
#define PKO_MODEL_PEOPLE_H

#include "model/mission.h"

/* Makes the person at this place of a layer a new arrival (ODD section 5). With handover > 0 the arrival
 * takes over that part of `predecessors`, the mean reinforcement of the detachment before the turnover
 * (6.10). */
void pko_arrive(struct pko_mission *mission, int layer, uint32_t place, double handover, double predecessors);

/* The same for all places in [from, to), many at a time. */
void pko_arrive_all(struct pko_mission *mission, int layer, uint32_t from, uint32_t to, double handover,
                    double predecessors);

/* Recomputes the means and trait counts of a layer from its members, and touches nothing else: layers may be
 * measured at once. */
void pko_layer_measure(struct pko_mission *mission, int layer);
/* The same, and notes that the means of its group are not those of its members now. */
void pko_layer_summarize(struct pko_mission *mission, int layer);

/* Ends and begins layers on the day at hand: those that end take their people away, those that begin bring
 * arrivals; storage is repacked by camp, then layer. Returns whether anything changed. */
bool pko_layers_change(struct pko_mission *mission);

/* A contiguous block of `size` members of a layer (rounded to whole people) at a random offset from one word,
 * without wrapping, never larger than the layer. */
struct pko_block pko_block_of(const struct pko_mission *mission, int layer, double size, uint32_t word);

/* The daily probability with which a member of a section leaves, 1/(30.4·tenure) (6.10). */
static inline double pko_chance_to_leave(const struct pko_group *section) {
    return 1.0 / (30.4 * section->tenure_months);
}

/* The mean reinforcement of a group's arrivals, a0 of section 5. */
double pko_arrival_reinforcement(const struct pko_mission *mission, int group);

#endif
