/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What followed from an incident: the difference to a twin in which its plot lapses (ODD 6.5), for those whom
 * it concerned, on some evenings after it. */
#ifndef PKO_EXPERIMENT_AFTERMATH_H
#define PKO_EXPERIMENT_AFTERMATH_H

#include "experiment/plot_life.h"
#include "experiment/replay.h"

#define PKO_HORIZONS 5
extern const int pko_horizon[PKO_HORIZONS]; /* days after the day of the incident: 0, 1, 7, 30, 90 */

/* Whom a row speaks of. Ledgers are told by category and camp, region and mission, never by group (ODD 7). */
enum pko_concerned {
    PKO_CONCERNED_AT_RISK,   /* those at risk who are still there in both twins */
    PKO_CONCERNED_GROUP,     /* groups with people at risk */
    PKO_CONCERNED_UNIFORMED, /* uniformed people of the camps of those at risk */
    PKO_CONCERNED_CIVILIANS, /* civilians of those camps */
    PKO_CONCERNED_REGION,    /* the mission's people in the region */
    PKO_CONCERNED_MISSION,
    PKO_CONCERNED_POPULATION, /* of the region */
    PKO_CONCERNED_HOLDERS,    /* trust of the groups at risk in others who knew */
    PKO_CONCERNED_CREDITED,   /* trust of warned target groups in those whom they credit */
    PKO_CONCERNED_VICTIMS,    /* trust of other uniformed groups in uniformed groups at risk */
    PKO_CONCERNED_LATER       /* events since, in the whole mission */
};

/* One row: a mean (or a count since the morning of the incident) with the strike and in the twin without it;
 * NAN where there is nobody. Of the evenings that the run does not reach there are none. */
struct pko_consequence {
    enum pko_concerned who;
    const char
        *what; /* "danger", "trauma", "reinforcement", "fear", "trust", "stability", "strikes", "killed", … */
    double with[PKO_HORIZONS], without[PKO_HORIZONS];
};
#define PKO_CONSEQUENCES_MOST 24

struct pko_aftermath {
    size_t count;
    struct pko_consequence row[PKO_CONSEQUENCES_MOST];
    int horizons;                       /* that the run reaches */
    uint32_t still_there[PKO_HORIZONS]; /* of those at risk, in both twins */
};

/* Runs a replay (begun, at day 0) to the end of its run, follows the plot of the wanted strike, and a twin
 * without it as far as the last horizon. PKO_ERROR_INPUT: there is no such strike; and what stepping gives.
 * The life belongs to `watch`, which the caller frees with pko_life_watch_free in any case. */
int pko_aftermath_run(struct pko_replay *replay, const struct pko_life_wanted *wanted,
                      struct pko_life_watch *watch, struct pko_aftermath *aftermath);

#endif
