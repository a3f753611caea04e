/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of process 2, in the order in which it runs them. */
#ifndef PKO_PROCESS_OPERATIONS_H
#define PKO_PROCESS_OPERATIONS_H

#include "model/mission.h"

/* Posture π_j and salience of every detachment; voiced resistance B_j and voice V_j of sections. */
void pko_posture_update(struct pko_mission *mission);
void pko_voice_update(struct pko_mission *mission);
/* Convoys whose days are over deliver and free their platoons. */
void pko_convoys_end(struct pko_mission *mission);
/* The day's requests for visits: free movement, shared rides, escorts, denials. */
void pko_visits(struct pko_mission *mission);
/* Supply convoys that are due. */
void pko_supply(struct pko_mission *mission);
/* Everybody on the road today: who is aboard, who rode with whom, who is in the field. */
void pko_convoys_ride(struct pko_mission *mission);

/* A new convoy of today's, without platoons, teams or days, at the end of the list; NULL on lack of memory.
 */
struct pko_convoy *pko_convoy_form(struct pko_mission *mission, int origin, double km);
/* Free platoons of a group at a camp: floor(escort·n/(platoon·scale)) − those out. */
uint32_t pko_free_platoons(const struct pko_mission *mission, int group, int camp);
/* A contingent with a free platoon at the camp, drawn by free platoons with one word; −1 if there is none. */
int pko_contingent_by_platoons(const struct pko_mission *mission, int camp, uint32_t word);
/* A layer of a group at a camp, drawn by headcount with one word. */
int pko_layer_by_headcount(const struct pko_mission *mission, int group, int camp, uint32_t word);
/* Delivers the project-day of a team: to its region and detachment, and to its escort's detachment (−1 for
 * none). */
void pko_deliver_project(struct pko_mission *mission, const struct pko_block *team, int camp,
                         int escort_layer);

#endif
