/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests and benchmarks of process 7 need beside the process itself. */
#ifndef PKO_PROCESS_PEACEKEEPERS_H
#define PKO_PROCESS_PEACEKEEPERS_H

#include "model/mission.h"
#include "process/meetings.h"

/* Fills the constants of a detachment's day from the mission as it stands before process 7's loop. */
void pko_meeting_day_of(const struct pko_mission *mission, int layer, struct pko_meeting_day *day);
/* The loop for this machine: the best clone, or the named one ("generic", "v3", "v4") where the machine has
 * it; an unsupported or unknown name gives the generic one. */
pko_meetings_function *pko_meetings_choose(const char *clone);

#endif
