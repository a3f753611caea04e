/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice: who is heard in a section, compiled for several instruction sets. */
#ifndef PKO_PROCESS_OPERATIONS_ROWS_H
#define PKO_PROCESS_OPERATIONS_ROWS_H

#include "base/clones.h"
#include "model/mission.h"

/* Sections, and the columns of a mission that tell who their members are. */
struct pko_hearers {
    const int32_t *sections; /* layers */
    uint32_t count;
    const uint32_t *first, *people, *background, *women; /* by layer */
    const float *resistance;                             /* by place */
    const uint8_t *traits;
    double background_mutes; /* voice.background, 0 when that arrow is cut, as the next */
    double club_mutes;       /* voice.closed_club */
};

/* B_j and V_j of every section, by layer. Sums over members are those of base/tally.h over all who are heard
 * alike. Reads up to PKO_PEOPLE_PAD places past the last member. */
PKO_CLONES(void, pko_hear_sections, const struct pko_hearers *hearers, double *voiced, double *voice);

#endif
