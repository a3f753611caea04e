/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an observer keeps of a run: records, snapshots, and the sums behind outcomes. */
#ifndef PKO_ENGINE_OBSERVER_H
#define PKO_ENGINE_OBSERVER_H

#include "engine/reduce.h"

/* Sum of one recorded value over the records on which it exists, and their number. */
struct pko_running {
    double sum, records;
};

struct pko_observer {
    const struct pko_scenario *scenario;
    const struct pko_mission *mission; /* as last seen; for event tables and totals */
    size_t measures;                   /* in the table */
    size_t *offset;                    /* first value of each measure in a reading, measures + 1 of them */
    size_t records, recorded;
    bool *read;                         /* by measure: recorded, or needed by an outcome */
    float *series;                      /* [measure][record][unit] */
    size_t *at;                         /* where a measure begins in it, measures + 1 of them */
    double *reading;                    /* one record's values */
    float *row;                         /* the same as floats */
    double *before;                     /* totals at the record before, for counts */
    double *sum, *records_with;         /* of each value, over the records on which it exists; their number */
    bool *pool;                         /* by measure: an outcome needs its values pooled with people */
    double *pooled, *pooled_people;     /* of those the sums of people·value, and of people */
    double *group_people, *camp_people; /* on this record, by group, by category and camp */
    struct pko_layer_means *layer_means; /* room for a record's */
    int32_t last_quantiles;              /* day on which quantiles were read last */

    size_t snapshots, snapped;
    float *trust;       /* [snapshot][group][toward] */
    int32_t *histogram; /* [snapshot][category][bin][bin] */

    /* Sums that outcomes need beside those of measures. */
    double *pair_sum, *pair_records; /* T[g][h] over records on which both are present */
    struct {
        struct pko_rider_sums riders;      /* records after day 60 */
        struct pko_running secure[2];      /* c and ρ of secure-network groups, by headcount */
        struct pko_running secrecy_others; /* ρ of all others */
        struct pko_running reinforcement_secure;
        struct pko_running means_of_regions[3]; /* p, f, s: plain mean over regions */
    } apart;
    int first_year, years, year; /* the year at hand, from 0 */
    int32_t year_end;            /* its end: the first day number that is not in it; at first the start */
    double *year_deaths, *year_strikes; /* of the mission, by calendar year */
    uint64_t deaths_before, strikes_before;

    char **names; /* of outcomes */
    size_t outcomes;
};

/* Fills `values` (NULL to count and name only) with the outcomes. */
int pko_outcomes_name(struct pko_observer *observer);
/* Strikes on the mission (communities left out) since day 0. */
uint64_t pko_strikes_on_mission(const struct pko_mission *mission, const uint64_t *by_region_and_class);

#endif
