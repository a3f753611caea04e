/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convoys on the road and the day's requests for visits (ODD 6.2). */
#ifndef PKO_MODEL_CONVOYS_H
#define PKO_MODEL_CONVOYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

#define PKO_CONVOY_PLATOONS 100 /* most platoons of a route */
#define PKO_CONVOY_TEAMS    12  /* most seats over the smallest team */

/* A contiguous block of members of a layer: an escort platoon or a team. Offsets count from the layer's first
 * person. */
struct pko_block {
    int32_t layer;
    uint32_t offset, count;
};

struct pko_convoy {
    int32_t formed, days;        /* on the road on days formed … formed+days−1 */
    int32_t origin, destination; /* camps; −1 for the destination of a visit */
    uint8_t harmed;              /* in a hit: delivers nothing */
    uint8_t delivered;           /* its project-days were delivered on the day of the request (a cut of
                                    access_to_projects) */
    uint16_t platoon_count, team_count;
    uint32_t seats; /* free */
    double km;
    struct pko_block platoons[PKO_CONVOY_PLATOONS];
    struct pko_block teams[PKO_CONVOY_TEAMS];
};

struct pko_convoys {
    struct pko_convoy *item;
    size_t count, capacity;
};

/* A request for a field visit. Those of a day are listed first, with layer and number; what is drawn for them
 * follows, and those that need no escort go. */
struct pko_request {
    int32_t layer;
    uint32_t number; /* of the layer's requests today */
    uint32_t order;  /* random order within the camp */
    struct pko_block team;
    double km;
    struct pko_words escort; /* what decides who escorts it, if anybody */
};

struct pko_requests {
    struct pko_request *item;
    size_t count, capacity;
};

#endif
