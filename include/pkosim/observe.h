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
    PKO_DIMENSIONS
};

const char *pko_dimension_name(enum pko_dimension dimension); /* as in files: "region", "camp", … */
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
    double least, most;               /* valid range; counts: most = INFINITY */
    const char *long_name;            /* one line, with the ODD section */
    bool by_group;                    /* left out when record.groups is false */
};

const struct pko_measure *pko_measure(size_t number); /* NULL past the end */
size_t pko_measure_size(const struct pko_scenario *scenario, const struct pko_measure *measure);

/* Event tables; -1 where a field does not apply. Days count from 0 at the start of the run. */
enum pko_warned { PKO_NOT_WARNED, PKO_WARNED_SHARED, PKO_WARNED_OWN };
enum pko_miss { PKO_HIT, PKO_MISSED_BASE, PKO_MISSED_HARDNESS, PKO_MISSED_WARNING };
struct pko_incident { /* a strike: a due plot that found a target */
    int32_t day, region, plot_class;
    int32_t group;  /* target: first escort of a convoy, the patrol's group, the section; −1 for a camp or
                       community */
    int32_t camp;   /* of class camp; −1 else */
    int32_t warned; /* enum pko_warned */
    int32_t hit;    /* 0 or 1 */
    int32_t wounded,
        killed;     /* of the mission; of class population: killed civilians in `killed`, wounded 0 */
    int32_t missed; /* enum pko_miss */
};
struct pko_convoy_event {                     /* written on the day on which the convoy ends */
    int32_t day, formed, origin, destination; /* camps; destination −1 for a visit */
    int32_t region, platoons, passengers;
    float km;
    int32_t harmed, dissolved; /* 0 or 1 */
};
struct pko_leak_event {
    int32_t day, region, plot_class, learner, secure, human; /* learner: first group whose learning leaked */
};
struct pko_retaliation_event {
    int32_t day, region, by_leak, number; /* events of that kind, region and day */
};

/* Watches one run: records the measures every `record_every` days, keeps the sums behind outcomes, takes
 * snapshots. */
struct pko_observer;
int pko_observer_create(const struct pko_scenario *scenario, struct pko_observer **observer);
void pko_observer_free(struct pko_observer *observer);
/* Once after pko_mission_create, then after every step. PKO_ERROR_MEMORY. */
int pko_observer_start(struct pko_observer *observer, const struct pko_mission *mission);
int pko_observer_day(struct pko_observer *observer, const struct pko_mission *mission);

/* Number of records of a run of this scenario: days 0, every, 2·every … */
size_t pko_record_count(const struct pko_scenario *scenario);
/* The recorded values of a measure: [record][unit of dimension 0][unit of dimension 1], missing = NaN; NULL
 * for a measure by group when record.groups is false. Owned by the observer. */
const float *pko_observer_series(const struct pko_observer *observer, size_t measure);
/* Snapshots that fall inside the run, in order: their count and days; trust [group][toward], NaN where either
 * is not present; people by [category][reinforcement bin][resistance bin]. */
size_t pko_snapshot_count(const struct pko_scenario *scenario);
int pko_snapshot_day(const struct pko_scenario *scenario, size_t snapshot);
const float *pko_observer_trust(const struct pko_observer *observer, size_t snapshot);
const int32_t *pko_observer_histogram(const struct pko_observer *observer, size_t snapshot);
/* Event tables in (day, order); empty when record.events is false. */
const struct pko_incident *pko_observer_incidents(const struct pko_observer *observer, size_t *count);
const struct pko_convoy_event *pko_observer_convoys(const struct pko_observer *observer, size_t *count);
const struct pko_leak_event *pko_observer_leaks(const struct pko_observer *observer, size_t *count);
const struct pko_retaliation_event *pko_observer_retaliations(const struct pko_observer *observer,
                                                              size_t *count);

/* Outcomes: one number a run (docs/outcomes.md), NaN where a run does not define it. The names and their
 * order depend on the scenario only, not on the regime or the run. pko_outcomes fills `values`
 * (pko_outcome_count of them); it reads the mission too, as event tables do, so the mission that was watched
 * last must still be there. */
size_t pko_outcome_count(const struct pko_observer *observer);
const char *pko_outcome_name(const struct pko_observer *observer, size_t number);
int pko_outcomes(const struct pko_observer *observer, double *values);

#pragma GCC visibility pop

#endif
