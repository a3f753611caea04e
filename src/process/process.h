/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes of a day: each is one function over the mission, and one section of ODD 6. A process never
 * calls another; they meet in the mission and its ledger. Lack of memory is left in mission->failure. */
#ifndef PKO_PROCESS_PROCESS_H
#define PKO_PROCESS_PROCESS_H

#include "model/mission.h"

#define PKO_PROCESS(number, name, does, owns) void pko_process_##name(struct pko_mission *mission);
#include "process/schedule.def"
#undef PKO_PROCESS

/* Process 10's part before process 1: layers begin and end at the start of a day (6.10). A convoy whose
 * people leave dissolves. */
void pko_process_layers(struct pko_mission *mission);
/* Process 8's matrix at its prior, before day 0 (section 5). */
void pko_trust_start(struct pko_mission *mission);

#endif
