/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What explanations, tests and benchmarks of process 7 need beside the process itself. */
#ifndef PKO_PROCESS_PEACEKEEPERS_H
#define PKO_PROCESS_PEACEKEEPERS_H

#include "model/mission.h"
#include "process/meetings.h"

/* What the constants of a detachment's day are made of, term by term (6.7). `signal` is z_j, the rest what is
 * added into the constant of its name in process/meetings.h. */
struct pko_signal_terms {
    double own, camp, region, mission;
};
struct pko_ledger_terms {
    double by_danger, by_trauma; /* per unit of d and θ; 0 where the arrow is cut: then the two below */
    double frozen_danger, frozen_trauma;
    double siege, proximity, mandate, secrecy, dependence; /* with the two above: `gain` */
    double valorization, civil_contact, un_identity;       /* `value` */
    double fade, friction;                                 /* `fade` */
};
/* Both hold after process 7 of the day as well as before its loop. */
struct pko_signal_terms pko_signal_terms_of(const struct pko_mission *mission, int layer);
struct pko_ledger_terms pko_ledger_terms_of(const struct pko_mission *mission, int layer);

/* Fills the constants of a detachment's day from the mission as it stands before process 7's loop. */
void pko_meeting_day_of(const struct pko_mission *mission, int layer, struct pko_meeting_day *day);
/* The loop for this machine: the best clone, or the named one ("generic", "v3", "v4") where the machine has
 * it; an unsupported or unknown name gives the generic one. */
pko_meetings_function *pko_meetings_choose(const char *clone);

#endif
