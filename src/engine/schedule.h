/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schedule as data: the processes of a day in the order of ODD section 3. */
#ifndef PKO_ENGINE_SCHEDULE_H
#define PKO_ENGINE_SCHEDULE_H

#include "model/mission.h"

struct pko_phase {
    int number;       /* in the table of ODD section 3 */
    const char *name; /* of the process and of its file */
    const char *does;
    const char *owns;
    void (*run)(struct pko_mission *mission);
};

/* Ends with a row whose `run` is NULL. */
extern const struct pko_phase pko_schedule[];

#endif
