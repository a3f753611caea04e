/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice: who is heard in a section, compiled for several instruction sets. */
#ifndef PKO_PROCESS_OPERATIONS_ROWS_H
#define PKO_PROCESS_OPERATIONS_ROWS_H

#include "base/clones.h"
#include "model/mission.h"

/* How a member of a section is heard: with a military background, without one a man, without one a woman. */
enum pko_hearing { PKO_HEARD_BACKGROUND, PKO_HEARD_MAN, PKO_HEARD_WOMAN, PKO_HEARINGS };

/* Sums of resistance over `count` members, by how they are heard, in 16 lanes by place. Reads up to
 * PKO_PEOPLE_PAD places past the last. */
PKO_CLONES(void, pko_resistance_by_hearing, const float *resistance, const uint8_t *traits, size_t count,
           double sum[PKO_HEARINGS]);

#endif
