/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observation (ODD section 7): measures recorded over time, outcomes reduced over a run, event tables. */
#ifndef PKOSIM_OBSERVE_H
#define PKOSIM_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkosim/mission.h"

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* The dimensions of measures and tables; each has a size and labels for a given scenario. */
enum pko_dimension {
    PKO_NONE,        /* no dimension: size 1 */
    PKO_REGION,      /* regions of the scenario */
    PKO_CAMP_DIM,    /* camps of the scenario ("camp") */
    PKO_GROUP,       /* contingents, police units, sections ("group") */
    PKO_TOWARD,      /* groups again, as those trusted ("toward") */
    PKO_BLOC_DIM,    /* nato north african asian other police civilian ("bloc") */
    PKO_TOWARD_BLOC, /* blocs again ("toward_bloc") */
    PKO_CATEGORY,    /* uniformed, civilian ("category") */
    PKO_TASK,        /* task classes of ODD 7: patrol escort aviation support police intelligence field office
                        ("task") */
    PKO_PLOT_CLASS,  /* movement camp soft population ("plot_class") */
    PKO_CHANNEL,     /* secure mail hub informal talk ("channel") */
    PKO_QUANTILE,    /* 0.1 0.5 0.9 ("quantile") */
    PKO_STATE_DIM,   /* danger trauma reinforcement resistance cross_trust ("state") */
    PKO_RIDER_STATE, /* reinforcement resistance cross_trust ("rider_state") */
    PKO_RIDER,       /* rider, nonrider ("rider") */
    PKO_BIN_A,       /* 20 bins of reinforcement ("reinforcement_bin") */
    PKO_BIN_B,       /* 20 bins of resistance ("resistance_bin") */
    PKO_DIMENSIONS   /* how many there are */
};

/* Its name, as in files: "region", "camp", … */
const char *pko_dimension_name(enum pko_dimension dimension);
/* How many units a dimension has in a scenario; 1 of PKO_NONE. */
size_t pko_dimension_size(const struct pko_scenario *scenario, enum pko_dimension dimension);
/* Label of a unit of a dimension: text, valid as long as the scenario. Bins and quantiles: their number as
 * text. */
const char *pko_dimension_label(const struct pko_scenario *scenario, enum pko_dimension dimension,
                                size_t unit);

/* One recorded measure: a row of engine/measures.def. */
struct pko_measure {
    const char *name;                 /* as in files and pko_mission_read */
    enum pko_dimension dimensions[2]; /* PKO_NONE where it has fewer */
    bool count;                       /* events since the record before (true), or a state (false) */
    const char *unit;                 /* "1", "person", "event", "plot/day", … */
    double least;                     /* least valid value */
    double most;                      /* greatest valid value; INFINITY of a count */
    const char *long_name;            /* one line, with the ODD section */
    bool by_group;                    /* left out when record.groups is false */
};

/* A measure by its number from 0, NULL past the end. */
const struct pko_measure *pko_measure(size_t number);
/* How many values a measure has in a scenario: the product of the sizes of its dimensions. */
size_t pko_measure_size(const struct pko_scenario *scenario, const struct pko_measure *measure);

/* Who of the target groups of a strike had the plot before it (ODD 6.5). */
enum pko_warned {
    PKO_NOT_WARNED,    /* none of them knew of it */
    PKO_WARNED_SHARED, /* one knew, and none had collected it */
    PKO_WARNED_OWN     /* one had collected it */
};
/* The first factor by which a strike did not hit (ODD 6.5). */
enum pko_miss {
    PKO_HIT,             /* it hit */
    PKO_MISSED_BASE,     /* the chance of its class */
    PKO_MISSED_HARDNESS, /* hardness of vehicles, or protection of the camp */
    PKO_MISSED_WARNING   /* the warning */
};

/* Event tables. Days count from 0 at the start of the run; regions, camps and groups are numbers in their
 * dimension; −1 stands where a field does not apply. */

/* A strike: a due plot that found a target (ODD 6.5). */
struct pko_incident {
    int32_t day;        /* of the strike */
    int32_t region;     /* where */
    int32_t plot_class; /* in PKO_PLOT_CLASS */
    int32_t group;   /* target: first escort of a convoy, the patrol's group, the section; −1 for a camp or
                        community */
    int32_t camp;    /* of class camp; −1 else */
    int32_t warned;  /* enum pko_warned */
    int32_t hit;     /* 0 or 1 */
    int32_t wounded; /* people of the mission; 0 of class population */
    int32_t killed;  /* people of the mission; of class population civilians */
    int32_t missed;  /* enum pko_miss */
};
/* A convoy, written on the day on which it ends (ODD 6.2). */
struct pko_convoy_event {
    int32_t day;         /* on which it ended */
    int32_t formed;      /* day on which it was formed */
    int32_t origin;      /* camp from which it left */
    int32_t destination; /* camp to which it went; −1 for a visit */
    int32_t region;      /* where it drove */
    int32_t platoons;    /* of its escort */
    int32_t passengers;  /* people */
    float km;            /* its whole way */
    int32_t harmed;      /* 0 or 1: hit on the way */
    int32_t dissolved;   /* 0 or 1: ended because an escort left the mission */
};
/* A plot compromised on a day (ODD 6.4). */
struct pko_leak_event {
    int32_t day;        /* of the leak */
    int32_t region;     /* of the plot */
    int32_t plot_class; /* in PKO_PLOT_CLASS */
    int32_t learner;    /* first group whose learning leaked */
    int32_t secure;     /* 0 or 1: inside the secure network */
    int32_t human;      /* 0 or 1: the item came from people */
};
/* Retaliations against people who had contact with the mission: one kind, region and day (ODD 6.9). */
struct pko_retaliation_event {
    int32_t day;     /* of the retaliations */
    int32_t region;  /* where */
    int32_t by_leak; /* 1: they followed from a leak; 0: from contact with patrols */
    int32_t number;  /* events, at least 1 */
};

/* Watches one run: records the measures every `record_every` days, keeps the sums behind outcomes, takes
 * snapshots. */
struct pko_observer;
/* Creates an observer for runs of a scenario, which must outlive it. PKO_ERROR_MEMORY; *observer is NULL
 * then. */
int pko_observer_create(const struct pko_scenario *scenario, struct pko_observer **observer);
/* Frees an observer. NULL is allowed. */
void pko_observer_free(struct pko_observer *observer);
/* Begins to watch a mission: once, after pko_mission_create. An observer that has watched another mission of
 * its scenario forgets it. Always PKO_OK. */
int pko_observer_start(struct pko_observer *observer, const struct pko_mission *mission);
/* Watches the day that was run: after every step. Always PKO_OK. */
int pko_observer_day(struct pko_observer *observer, const struct pko_mission *mission);

/* Number of records of a run of this scenario: days 0, every, 2·every … */
size_t pko_record_count(const struct pko_scenario *scenario);
/* The recorded values of a measure: [record][unit of dimension 0][unit of dimension 1], missing = NaN; NULL
 * for a measure by group when record.groups is false. Owned by the observer. */
const float *pko_observer_series(const struct pko_observer *observer, size_t measure);
/* Number of snapshots that fall inside the run. */
size_t pko_snapshot_count(const struct pko_scenario *scenario);
/* The day of a snapshot, from 0 at the start of the run; in order of the snapshots. */
int pko_snapshot_day(const struct pko_scenario *scenario, size_t snapshot);
/* Trust between groups on a snapshot, 0 to 1: [group][toward], NaN where either is not present (ODD 6.8).
 * Owned by the observer. */
const float *pko_observer_trust(const struct pko_observer *observer, size_t snapshot);
/* People on a snapshot by [category][reinforcement bin][resistance bin]: both ledgers at once (ODD section
 * 7). Owned by the observer. */
const int32_t *pko_observer_histogram(const struct pko_observer *observer, size_t snapshot);
/* Incidents so far, by day and within a day in the order in which they came; none when record.events is
 * false. Owned by the mission that was watched last, valid until its next step. */
const struct pko_incident *pko_observer_incidents(const struct pko_observer *observer, size_t *count);
/* Convoys, likewise. */
const struct pko_convoy_event *pko_observer_convoys(const struct pko_observer *observer, size_t *count);
/* Leaks, likewise. */
const struct pko_leak_event *pko_observer_leaks(const struct pko_observer *observer, size_t *count);
/* Retaliations, likewise. */
const struct pko_retaliation_event *pko_observer_retaliations(const struct pko_observer *observer,
                                                              size_t *count);

/* How many outcomes a run has: one number each (docs/outcomes.md). The names and their order depend on the
 * scenario only, not on the regime or the run. */
size_t pko_outcome_count(const struct pko_observer *observer);
/* The name of an outcome by its number from 0, NULL past the end. Owned by the observer. */
const char *pko_outcome_name(const struct pko_observer *observer, size_t number);
/* Fills `values`, pko_outcome_count of them, NaN where a run does not define one. It reads the mission too,
 * as event tables do, so the mission that was watched last must still be there. Always PKO_OK. */
int pko_outcomes(const struct pko_observer *observer, double *values);

#pragma GCC visibility pop

#endif
