/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of one plot from the day it is made to its strike: who came to know of it and how, who was struck,
 * and why it hit or not (ODD 6.3 to 6.5). It watches a mission and changes nothing; what a process did is
 * drawn again by the pure functions by which the process acts. */
#ifndef PKO_EXPERIMENT_PLOT_LIFE_H
#define PKO_EXPERIMENT_PLOT_LIFE_H

#include "model/mission.h"
#include "process/incidents.h"
#include "process/intelligence.h"

enum pko_life_kind {
    PKO_LIFE_COLLECTED, /* a group collects the item and did not hold it */
    PKO_LIFE_FREED,     /* a group that held a restricted copy collects a free one */
    PKO_LIFE_CONFIRMED, /* a group that held a copy collects the item: nothing new */
    PKO_LIFE_LEARNED,   /* a group learns it from another */
    PKO_LIFE_LEAKED     /* compromised: nobody knows it any more, and it is sealed */
};
struct pko_life_event {
    int32_t day;
    enum pko_life_kind kind;
    int32_t group;          /* who collects or learns; the first learner whose learning leaked */
    enum pko_source source; /* collected, freed, confirmed */
    enum pko_channel channel;
    int32_t sharer;       /* learned: from whom, by the draw that gives the channel */
    bool free;            /* the copy is free to share */
    bool duplicated;      /* collected: others knew it already */
    bool inside;          /* leaked: inside the secure network */
    int32_t sealed_until; /* leaked: last day on which nobody sees or shares it */
};

/* What a strike did to the people of one group. */
struct pko_life_losses {
    int32_t group;
    uint32_t at_risk, killed, wounded;
};

struct pko_life {
    struct pko_plot_key key;
    struct pko_plot plot; /* as it stood when it was due, before its strike */
    PKO_LIST(struct pko_life_event) events;

    /* The strike. */
    struct pko_target target;
    struct pko_strike strike;
    struct pko_incident incident;
    double evacuation;                       /* e_r on that day */
    double lethality;                        /* chance to die of those who were hit */
    PKO_LIST(struct pko_life_losses) losses; /* of groups with people at risk */
    PKO_LIST(struct pko_trust_event) trust;  /* credit, withholding and blame by it */

    struct pko_plot before; /* while it is watched: as it stood after process 3 of the day */
};

/* Which strike: the `ordinal`-th incident of a run, of that day, region and class. */
struct pko_life_wanted {
    int32_t day, region, plot_class;
    size_t ordinal; /* counted from 0 over the run's whole table */
};

/* Follows every plot that may become the wanted strike. */
struct pko_life_watch {
    struct pko_life_wanted wanted;
    PKO_LIST(struct pko_life *) lives;
    struct pko_life *found; /* one of them, once the strike has come */
    struct pko_collectors collectors;
    int failure; /* a pko_status; PKO_ERROR_INPUT when the strike did not come */
};

/* Begins before the first day of a mission whose table of incidents is kept (ledger.keep_events). Free is
 * always legal. */
void pko_life_watch_begin(struct pko_life_watch *watch, const struct pko_life_wanted *wanted);
void pko_life_watch_free(struct pko_life_watch *watch);
/* Sees what a process did: to be called by the mission after each one of every day, as a pko_watcher. */
void pko_life_watch_see(struct pko_life_watch *watch, const struct pko_mission *mission, int process);

/* The event by which a group came by the copy that it held at the end, the first one; NULL if it held none.
 */
const struct pko_life_event *pko_life_came_by(const struct pko_life *life, int group);

#endif
