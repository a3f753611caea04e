/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A campaign file as plain data (docs/sweeps.md): one scenario, a design of points, regimes, replicates. What
 * it says of parameters is checked against the scenario where the campaign becomes a plan
 * (experiment/plan.h). */
#ifndef PKO_SCENARIO_CAMPAIGN_H
#define PKO_SCENARIO_CAMPAIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scenario.h"

/* In the order of the choices of the key `design`. */
enum pko_design_kind {
    PKO_DESIGN_GRID,
    PKO_DESIGN_ONE_AT_A_TIME,
    PKO_DESIGN_LATIN_HYPERCUBE,
    PKO_DESIGN_SOBOL,
    PKO_DESIGN_MORRIS
};

#define PKO_DESIGN_NAMES "grid|one_at_a_time|latin_hypercube|sobol|morris"

/* A list of numbers, in the file's order; owned. */
struct pko_number_list {
    double *numbers;
    int count;
};
/* A list of texts; owned. */
struct pko_text_list {
    char **texts;
    int count;
};

/* A parameter that varies. */
struct pko_factor {
    char *name;                   /* as in pko_setting: parameter, regime.NAME.RULE or path of an attribute */
    char *origin;                 /* "FILE:LINE:", where it stands, for messages */
    struct pko_number_list range; /* two numbers, or none: the range of the table */
    bool logarithmic;             /* the scale between them */
    struct pko_number_list values; /* explicit ones, or none */
    int levels;                    /* of this parameter alone, 0: the campaign's */
    /* What the tables say, filled with the file. */
    double least, most; /* the range in force: of the file, of its values, or of the table */
    bool whole;         /* takes whole numbers only */
    const char *unit, *meaning;
};

/* The mean of a measure over the records of some days. */
struct pko_window {
    char name[PKO_NAME_SIZE]; /* of the outcome */
    char measure[PKO_NAME_SIZE];
    int32_t from, until; /* days [from, until); INT32_MIN, INT32_MAX where not given */
};

/* A fixed setting; both owned. */
struct pko_fixed {
    char *name, *value, *origin;
};

struct pko_campaign {
    char *description;
    char *scenario; /* a built-in name, or a path relative to the campaign's file */
    struct pko_fixed *settings;
    int setting_count;
    struct pko_text_list regimes; /* none: the scenario's */
    int replicates;               /* 0: the scenario's */
    bool seeded;                  /* false: the scenario's seed */
    uint64_t seed;                /* of the design and of the runs */

    enum pko_design_kind design;
    int size;   /* samples, trajectories; 0 for designs that need none */
    int levels; /* of a grid, of one_at_a_time, of the trajectories of morris */
    struct pko_factor *factors;
    int factor_count; /* at least 1 */

    struct pko_text_list outcomes; /* none: the main ones (experiment/outcomes.def) */
    struct pko_window *windows;
    int window_count;
    struct pko_text_list series; /* measures whose whole series are kept */
    int shard;                   /* (point, replicate) pairs in a shard; 0: chosen by the plan */

    int regimes_line, outcomes_line, windows_line, series_line; /* of these keys' values, for messages */
    int design_line, levels_line;

    char *text; /* of the file, as read */
    char *path; /* of the file */
};

/* Reads a campaign. Errors as pko_scenario_load: PKO_ERROR_INPUT with every mistake in *problems, a line
 * each, PKO_ERROR_DISK with why, PKO_ERROR_MEMORY. The caller frees *problems, and the campaign with
 * pko_campaign_free. */
int pko_campaign_load(const char *path, struct pko_campaign **campaign, char **problems);
/* The same for a text in memory; `path` stands for the file in messages. */
int pko_campaign_parse(const char *path, const char *text, size_t size, struct pko_campaign **campaign,
                       char **problems);
void pko_campaign_free(struct pko_campaign *campaign);
/* "grid", "morris", …. */
const char *pko_design_name(enum pko_design_kind kind);

/* What a setting takes that is one number. */
struct pko_setting_range {
    double least, most; /* closed, or open at `least` with `above` */
    bool above, whole;
    const char *unit, *meaning;
};
/* Finds the row behind the name of a setting: a parameter, a rule of a regime, or an attribute. Whether the
 * regime or element that it names exists is not looked at. PKO_ERROR_NAME if no number is set by such a
 * name. */
int pko_setting_range(const char *name, struct pko_setting_range *range);

#endif
