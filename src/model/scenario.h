/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description of a mission as plain data: what a scenario file says (docs/scenario-format.md), checked,
 * with every default filled in and every name resolved to a number. Constant after load; nothing here is
 * derived or changes in a run. Dates are day numbers (base/calendar.h). */
#ifndef PKO_MODEL_SCENARIO_H
#define PKO_MODEL_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "model/parameters.h"
#include "pkosim/scenario.h"

#define PKO_GROUPS_MOST    128 /* groups are columns of 128-bit sets (ODD section 2) */
#define PKO_REGIONS_MOST   255 /* a region is 8 bits of a plot's address */
#define PKO_LANGUAGES_MOST 64  /* languages are bits of one word */
#define PKO_NAME_SIZE      64  /* longest name with its final 0 */

/* A value over time: points with rising dates, linear between them, constant outside; at least one point. */
struct pko_point {
    int32_t date;
    double value;
};
struct pko_timeline {
    struct pko_point *points; /* owned by the scenario */
    int count;
};

struct pko_mandate_row { /* in force from `date` to the next row */
    int32_t date;
    double robustness, cooperation; /* [0,1] */
    char *resolution;
};

enum pko_plot_class { PKO_MOVEMENT, PKO_CAMP, PKO_SOFT, PKO_POPULATION, PKO_PLOT_CLASSES };

struct pko_region {
    char name[PKO_NAME_SIZE];
    double field_radius_km;              /* (0,1000] mean distance of a field visit */
    struct pko_timeline threat;          /* plots a day at stability 1/2, [0,10] */
    bool has_mix;                        /* false: the parameters threat.weight_* hold */
    double threat_mix[PKO_PLOT_CLASSES]; /* weights, not normalized */
    struct pko_timeline stability;       /* exogenous level, [0,1] */
    double trust;                        /* population's trust in the mission at the start, [0,1] */
};

enum pko_camp_kind { PKO_HEADQUARTERS, PKO_MIXED, PKO_MILITARY };

struct pko_camp {
    char name[PKO_NAME_SIZE];
    int region;
    double lat, lon; /* degrees, maps only; NAN where not given */
    enum pko_camp_kind kind;
    struct pko_timeline protection; /* [0,1] */
    double allied;                  /* allied forces next door, [0,1] */
};

enum pko_group_kind { PKO_CONTINGENT, PKO_POLICE, PKO_SECTION };
enum pko_bloc {
    PKO_NATO,
    PKO_NORTH,
    PKO_AFRICAN,
    PKO_ASIAN,
    PKO_OTHER,
    PKO_BLOC_POLICE,
    PKO_BLOC_CIVILIAN,
    PKO_BLOCS
};

/* A contingent, police unit or civilian section. Fields that a kind does not have are at the stated value. */
struct pko_group {
    char name[PKO_NAME_SIZE];
    enum pko_group_kind kind;
    enum pko_bloc bloc;               /* reports only; sections: PKO_BLOC_CIVILIAN */
    char country[4];                  /* reports only */
    char section_kind[PKO_NAME_SIZE]; /* sections: jmac, dms, poc, …; else empty */
    int alliance;                     /* number of the alliance, −1 for none */
    double training;                  /* felt reassurance [0,1]; sections 0 */
    double coin;                      /* counterinsurgency experience [0,1]; sections 0 */
    struct pko_timeline equipment;    /* hardness of vehicles [0,1]; sections: one point, 0 */
    double un_experience;             /* record of UN missions [0,1]; sections 0.5 */
    uint64_t languages;               /* bits into scenario.languages */
    bool secure;                      /* on the secure network */
    bool national_command;            /* flies without the mission's approval; sections false */
    double isr;                       /* drones and reconnaissance [0,2]; sections 0 */
    double aviation;                  /* helicopters [0,5]; police and sections may have 0 only by default */
    double caveat_km;                 /* how far its escorts go (0,2000]; contingents only, else 200 */
    double patrol, escort;            /* shares of its people, together ≤ 1; sections 0 */
    double rotation_months;           /* [1,60]; sections: unused, 12 */
    double women;                     /* share [0,1] */
    double visits;                    /* requests a day per 100 members [0,50]; contingents 0 */
    bool hub;                         /* sections only */
    double background;                /* sections: share with a military background */
    double national;                  /* sections: share of national staff */
    double tenure_months;             /* sections [1,240]; else 30 */
};

/* A layer of a group at a camp, present on days in [from, until). The index of a layer in `layers` (groups in
 * file order: contingents, police, sections; a group's layers in file order) is its entity in random
 * addresses. */
struct pko_layer {
    int group, camp;
    double strength;     /* people at scale 1, [1,100000] */
    int32_t from, until; /* INT32_MIN, INT32_MAX where not given */
};

struct pko_route {
    int from, to; /* camps */
    int interval_days;
    double km; /* (0,5000] */
    int platoons;
};

/* A regime to run: a built-in one or one of regime_definitions. */
struct pko_regime {
    char name[PKO_NAME_SIZE];
    double rule[PKO_RULE_COUNT];
};

struct pko_cut {
    enum pko_arrow arrow;
    bool dated;   /* false: from day 90 of the run */
    int32_t from; /* first day without the arrow, if dated */
};

struct pko_scenario {
    char name[PKO_NAME_SIZE];
    char *description; /* never NULL */
    int32_t start;     /* first day */
    int days;          /* [1,36525] */
    uint64_t seed;
    int replicates; /* [1,1000000] */
    double scale;   /* (0,1000] */

    struct pko_regime *regimes; /* the regimes to run as twins, in order */
    int regime_count;
    struct pko_regime *definitions; /* regime_definitions, whole */
    int definition_count;

    bool endogenous;
    struct pko_mandate_row *mandate;
    int mandate_count;

    struct pko_region *regions;
    int region_count;
    struct pko_camp *camps;
    int camp_count;
    struct pko_group *groups; /* contingents, police units, sections, each in file order */
    int group_count;
    struct pko_layer *layers;
    int layer_count;
    struct pko_route *routes;
    int route_count;
    char (*languages)[PKO_NAME_SIZE];
    int language_count;
    char (*alliances)[PKO_NAME_SIZE];
    int alliance_count;

    struct pko_parameters parameters; /* overrides applied; the rules are those of regimes[0] and not used */
    struct pko_cut *cuts;
    int cut_count;

    int record_every;   /* days */
    bool record_groups; /* series by group */
    bool record_events; /* event tables */
    int32_t *snapshots; /* dates of trust matrices and histograms, rising */
    int snapshot_count;

    char *text;     /* the scenario file as read, for provenance; never NULL */
    char *settings; /* one "NAME=VALUE" a line for each --set and option that changed it; never NULL */
};

/* An empty scenario with every default of the format; free it with pko_scenario_free, always legal. */
int pko_scenario_create(struct pko_scenario **scenario);
/* Value of a timeline on a day. */
double pko_timeline_at(const struct pko_timeline *timeline, int32_t date);
/* People of a layer when it is present: ceil(strength × scale − 1e-6). */
uint32_t pko_layer_people(const struct pko_scenario *scenario, int layer);
/* People present, summed over the days of one run. */
double pko_person_days(const struct pko_scenario *scenario);
/* The regime of this name among `regimes`, `definitions` and the built-in ones: fills *regime;
 * PKO_ERROR_NAME. */
int pko_scenario_regime(const struct pko_scenario *scenario, const char *name, struct pko_regime *regime);
const char *pko_bloc_name(enum pko_bloc bloc);             /* "nato" … "police", "civilian" */
const char *pko_plot_class_name(enum pko_plot_class kind); /* "movement", … */

#endif
