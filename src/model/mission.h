/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole state of one run. Processes read and write it; they meet here and nowhere else. */
#ifndef PKO_MODEL_MISSION_H
#define PKO_MODEL_MISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/crew.h"
#include "base/random.h"
#include "model/convoys.h"
#include "model/ledger.h"
#include "model/parameters.h"
#include "model/plots.h"
#include "model/roster.h"
#include "model/scenario.h"
#include "pkosim/mission.h"

#define PKO_YEAR_DAYS   365
#define PKO_MEMORY_DAYS 90 /* memory of the running means of section 4 */
#define PKO_PEOPLE_PAD  64 /* places past the last person that a 16-lane block may read */
#define PKO_CHANNELS    5
#define PKO_NEVER       (-30000)

/* What stays with a person until departure. */
enum { PKO_TRAIT_UNIFORMED = 1, PKO_TRAIT_BACKGROUND = 2, PKO_TRAIT_WOMAN = 4, PKO_TRAIT_RIDER = 8 };
/* What happened to a person today. */
enum {
    PKO_TODAY_ABOARD = 1,  /* a member of a section aboard a convoy */
    PKO_TODAY_MIXED = 2,   /* aboard a convoy that carries both soldiers and civilians */
    PKO_TODAY_WITNESS = 4, /* at risk in a hit */
    PKO_TODAY_DEAD = 8,    /* replaced this evening */
    PKO_TODAY_HIT = 16     /* wounded or killed in the hit at hand */
};

/* What a partner in a meeting sees of a person: one 16-byte load. */
struct pko_visible {
    float danger, reinforcement, resistance;
    uint32_t traits;
};

enum pko_channel {
    PKO_CHANNEL_SECURE,
    PKO_CHANNEL_MAIL,
    PKO_CHANNEL_HUB,
    PKO_CHANNEL_INFORMAL,
    PKO_CHANNEL_TALK
};

/* Totals of the mission that are kept by no region or group. */
enum pko_total {
    PKO_TOTAL_SHARED,        /* learnings, leaked ones included */
    PKO_TOTAL_LEAKED_SECURE, /* learnings compromised inside the secure network */
    PKO_TOTAL_WITHHELD,      /* losses of trust by withholding */
    PKO_TOTAL_BLAME_CASES,
    PKO_TOTAL_BLAMED,
    PKO_TOTAL_SUPPLY_CONVOYS,
    PKO_TOTAL_SUPPLY_POSTPONED,
    PKO_TOTAL_DISSOLVED,
    PKO_TOTAL_RIDES, /* person-days of members of sections aboard a convoy */
    PKO_TOTAL_FLIGHTS_REQUESTED,
    PKO_TOTAL_FLIGHTS_DENIED,
    PKO_TOTALS
};

/* Lengths of the columns. */
struct pko_extent {
    size_t R, C, G, L, P, GG, GC, RG, R4, AL, AR, AG, ROUTES, YEAR, ARROWS, CHANNELS, TOTALS;
};

struct pko_mission {
    const struct pko_scenario *scenario;
    struct pko_stream stream;
    struct pko_parameters parameters; /* in force, the regime's rules included */
    struct pko_extent extent;
    size_t trust_stride; /* doubles a row of a group-by-group matrix */

    int32_t day;  /* days run so far = the day being run */
    int32_t date; /* day number of that day */
    int failure;  /* a pko_status that a process met and the engine returns */
    uint32_t people;
    uint32_t layers_present;
    double robustness, cooperation;
    double mean_reinforcement_evening; /* of everyone, at the end of the day before */
    double severity_mission;
    float median[2][2]; /* day-0 medians by category (uniformed, civilian) of reinforcement, resistance; NAN
                           for nobody */
    uint32_t hostile_deaths_today;
    uint32_t aboard_civilians; /* members of sections aboard a convoy today */
    double scale;
    struct pko_plot_key lapses; /* lapsed by hand: the one plot that finds no target when it is due; none at
                                   first. Saved and hashed only if there is one */
    const char *clone;    /* test hook: name of the instruction set whose loops run; NULL for the best */
    struct pko_crew crew; /* who works on a day; no part of the state */
    /* Called after each process; NULL for nobody. */
    void (*watcher)(void *context, const struct pko_mission *mission, int process);
    void *watcher_context;

#define PKO_COLUMN(type, name, count) type *name;
#include "model/mission.def"
#undef PKO_COLUMN
    void *memory; /* one allocation behind all columns ... */
    void *block;  /* ... and where they begin in it, on a line of the cache */
    size_t block_size;

    struct pko_roster roster; /* who stands where: follows from the rest */

    struct pko_plots plots;       /* live, in order of (day, region, number) */
    struct pko_convoys convoys;   /* on the road, in order of forming */
    struct pko_requests requests; /* today's visits, scratch */
    struct pko_ledger ledger;     /* today's trust events, the dead, and the event tables */
};

/* Allocates a mission of this scenario with all columns zero, nobody present, parameters and rules in force.
 */
int pko_mission_allocate(const struct pko_scenario *scenario, const struct pko_regime *regime,
                         uint32_t replicate, struct pko_mission **mission);

static inline const struct pko_group *pko_group_of(const struct pko_mission *mission, int layer) {
    return &mission->scenario->groups[mission->scenario->layers[layer].group];
}
static inline int pko_region_of(const struct pko_mission *mission, int layer) {
    return mission->scenario->camps[mission->scenario->layers[layer].camp].region;
}
/* Whether a group is a section of one of these kinds, asked often: four bytes each, so no call. */
static inline bool pko_is_protection(const struct pko_group *group) {
    return group->kind == PKO_SECTION && memcmp(group->section_kind, "poc", sizeof "poc") == 0;
}
static inline bool pko_is_support(const struct pko_group *group) {
    return group->kind == PKO_SECTION && memcmp(group->section_kind, "dms", sizeof "dms") == 0;
}
static inline bool pko_is_uniformed(const struct pko_group *group) {
    return group->kind != PKO_SECTION;
}

#endif
