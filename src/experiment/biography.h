/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service of one person, from arrival to departure: the five states day by day, split into the terms of
 * ODD 6.7, and the incidents that concerned them. Observation only: it watches a mission and changes nothing.
 */
#ifndef PKO_EXPERIMENT_BIOGRAPHY_H
#define PKO_EXPERIMENT_BIOGRAPHY_H

#include "experiment/person_day.h"
#include "pkosim/observe.h"

enum pko_service_begins { PKO_BEGINS_RUN, PKO_BEGINS_LAYER, PKO_BEGINS_REPLACING };
enum pko_service_ends {
    PKO_ENDS_RUN,      /* still there on the last day */
    PKO_ENDS_ROTATION, /* turned over with half of the detachment */
    PKO_ENDS_TENURE,   /* a civilian left */
    PKO_ENDS_DEATH,    /* by a hostile act */
    PKO_ENDS_LAYER     /* the detachment left */
};

/* How near an incident was; the rings of the signal z_j. */
enum { PKO_NEAR_GROUP = 1, PKO_NEAR_CAMP = 2, PKO_NEAR_REGION = 4, PKO_NEAR_SELF = 8 };
struct pko_incident_near {
    struct pko_incident incident;
    uint8_t near; /* bits PKO_NEAR_*; at least one */
};

struct pko_biography {
    const struct pko_scenario *scenario;
    int32_t layer;
    uint32_t place; /* in the layer */
    int32_t asked;  /* day on which the person is there */

    int32_t first_day, last_day; /* days lived, both included */
    enum pko_service_begins begins;
    enum pko_service_ends ends;
    uint8_t traits;                       /* as of the last day */
    uint32_t number;                      /* the detachment's people */
    PKO_LIST(struct pko_person_day) days; /* first_day, first_day + 1, … */
    PKO_LIST(struct pko_incident_near)
    incidents; /* those of the region and nearer, in the order of their days */

    /* While it watches. */
    bool living, done;
    int failure; /* a pko_status */
    struct pko_person_states evening;
    size_t incidents_seen; /* of the mission's table */
    PKO_LIST(uint8_t) due; /* how near each strike of the day is, in their order */
};

/* Finds the layer and place of the k-th person (from 0) of a group at a camp on a day of the run. Returns how
 * many there are on that day, and -1 with nothing found if k is not below it. Group and camp are numbers of
 * the scenario. */
int64_t pko_biography_find(const struct pko_scenario *scenario, int group, int camp, int32_t day, uint32_t k,
                           int32_t *layer, uint32_t *place);

/* Begins on a mission before its first day; the biography then watches it, and has the mission keep its table
 * of incidents. Watch it to the end of the run, or until `done`. pko_biography_free is always legal. */
void pko_biography_begin(struct pko_biography *biography, struct pko_mission *mission, int32_t layer,
                         uint32_t place, int32_t day);
/* After the last day watched: PKO_OK, or what went wrong while watching. */
int pko_biography_end(struct pko_biography *biography, struct pko_mission *mission);
void pko_biography_free(struct pko_biography *biography);

/* The sum of a term over all days. */
double pko_biography_sum(const struct pko_biography *biography, enum pko_term term);
/* The `count` days on which a state changed most, by size, each more than `apart` days from the others; fewer
 * if there are not so many. Returns how many; numbers[k] counts the biography's days. */
size_t pko_biography_turns(const struct pko_biography *biography, enum pko_state state, size_t apart,
                           size_t *numbers, size_t count);
/* Shares a whole number of units out over values whose sum it stands for, so that what is printed adds up:
 * each part is its value in units, rounded up or down by largest remainder, and the parts add up to `total`,
 * which may be off the sum by less than `count` units. */
void pko_apportion(const double *value, size_t count, double unit, long total, long *parts);
/* The term behind the change of a state on a day: of those that push it the way it went, the one that departs
 * most from its mean over the service. */
enum pko_term pko_biography_cause(const struct pko_biography *biography, size_t day, enum pko_state state);
/* The incident of a day that did most to a term of danger or trauma: the one with the strongest signal; for
 * witnessing one at which the person was, for bereavement the deadliest of the own group. NULL if none of the
 * region or nearer. */
const struct pko_incident_near *pko_biography_incident(const struct pko_biography *biography, int32_t day,
                                                       enum pko_term term);

#endif
