/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A campaign made ready to run (docs/sweeps.md): the scenario read, every parameter checked against it, the
 * points of the design, what is kept of a run, and the cut into shards. Constant once made.
 *
 * A run is (point, regime, replicate). A pair is all regimes of one point and replicate: twins, never parted.
 * A shard holds the pairs of some consecutive points with all their replicates, or of some consecutive
 * replicates of one point. Which pairs it holds follows from the campaign alone, and so does its number. */
#ifndef PKO_EXPERIMENT_PLAN_H
#define PKO_EXPERIMENT_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "pkosim/observe.h"
#include "scenario/campaign.h"

#define PKO_RUNS_MOST 1000000000u /* runs of a campaign */

/* One outcome that is kept. */
struct pko_kept {
    char *name;        /* as in files; owned */
    size_t outcome;    /* its number among pko_outcomes; SIZE_MAX: it is a mean over a window */
    size_t measure;    /* of a window */
    size_t unit;       /* of the measure's units */
    size_t first, end; /* records [first, end) of the window; first ≥ 1 for a count */
};

/* The pairs of a shard. */
struct pko_shard_range {
    size_t first_point, points, first_replicate, replicates;
};

struct pko_plan {
    const struct pko_campaign *campaign; /* owned */
    struct pko_scenario *base;           /* the scenario at no point: without the parameters that vary */
    char *scenario_name, *scenario_text; /* as messages name it; its file */
    struct pko_setting *settings;        /* that hold at every point */
    size_t setting_count;
    char *regimes_text, *replicates_text, *seed_text, *origin; /* values of some of them, and their origin */

    size_t points, regimes, replicates, factors;
    const char **regime_names;
    double *values; /* [point][factor]; NaN: as the scenario has it (attributes in one_at_a_time) */

    struct pko_kept *kept;
    size_t kept_count;
    size_t *series; /* numbers of measures */
    size_t series_count;

    size_t shard_points, shard_replicates; /* of all shards but the last ones */
    size_t shards_per_point;               /* 1 if a shard holds whole points */
    size_t shards;

    char *text;    /* "key: value" a line: all that decides the results (experiment/plan_text.h) */
    char hash[65]; /* SHA-256 of those lines that tell the design, not the program */
};

/* Reads the campaign and makes the plan. `scenario`, if not NULL, is a file that stands for the campaign's
 * scenario (its copy in a directory of results). Errors as pko_campaign_load; *problems may hold notes. */
int pko_plan_load(const char *campaign, const char *scenario, struct pko_plan **plan, char **problems);
void pko_plan_free(struct pko_plan *plan);

/* The scenario at a point; the caller frees it. PKO_ERROR_INPUT with *problems: the point asks for what the
 * scenario's checks refuse. */
int pko_plan_scenario(const struct pko_plan *plan, size_t point, struct pko_scenario **scenario,
                      char **problems);
/* The same from a scenario that is there already: one of the caller's own, made by pko_plan_base and changed
 * by nothing but this. Only for points at which parameters and rules differ from the scenario, and nothing
 * else: PKO_ERROR_NAME for others; PKO_ERROR_RANGE where pko_plan_scenario gives PKO_ERROR_INPUT;
 * PKO_ERROR_MEMORY. In each of these cases the scenario is good for another point, and for nothing else. */
int pko_plan_vary(const struct pko_plan *plan, size_t point, struct pko_scenario *scenario);
/* The scenario at no point, read anew; the caller frees it. */
int pko_plan_base(const struct pko_plan *plan, struct pko_scenario **scenario);
/* What shard number `shard` holds. */
struct pko_shard_range pko_plan_shard(const struct pko_plan *plan, size_t shard);
/* Values that a run leaves beside its outcomes: those of one measure's series. */
size_t pko_plan_series_size(const struct pko_plan *plan, size_t series);
/* Bytes of all that one run leaves, before compression. */
size_t pko_plan_run_bytes(const struct pko_plan *plan);

#endif
