/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a result file, run again: from the scenario text, the settings, the seed and the log of changes
 * that the file holds, and proven to be that run by everything that the file has recorded of it. */
#ifndef PKO_EXPERIMENT_REPLAY_H
#define PKO_EXPERIMENT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkosim/observe.h"
#include "record/reader.h"

struct pko_replay;

/* Opens a file and rebuilds its scenario. PKO_ERROR_DISK: it cannot be read; PKO_ERROR_INPUT: it is no file
 * of this program, is damaged, or its scenario is not the one that it names; PKO_ERROR_VERSION: another
 * version wrote it; PKO_ERROR_MEMORY. Every *message of this header is one line that the caller frees, or
 * NULL; `message` itself may be NULL. *replay is NULL unless PKO_OK. */
int pko_replay_open(const char *path, struct pko_replay **replay, char **message);
void pko_replay_free(struct pko_replay *replay);

/* What the file holds; owned by the replay. */
const struct pko_reader *pko_replay_reader(const struct pko_replay *replay);
const struct pko_scenario *pko_replay_scenario(const struct pko_replay *replay);
/* Names of the regimes run, in the file's order; NULL past the end. Number of the first replicate, and how
 * many. */
const char *pko_replay_regime(const struct pko_replay *replay, size_t regime);
uint32_t pko_replay_first(const struct pko_replay *replay);
uint32_t pko_replay_replicates(const struct pko_replay *replay);

/* Stands at the start of day 0 of a run: `regime` counts the file's regimes, `replicate_index` its
 * replicates, both from 0. Ends a run begun before. PKO_ERROR_MEMORY and what pko_mission_create gives. */
int pko_replay_begin(struct pko_replay *replay, size_t regime, uint32_t replicate_index);
/* The mission of the run, owned by the replay. */
struct pko_mission *pko_replay_mission(const struct pko_replay *replay);
/* Makes the changes that the file's log has for this run and the mission's day; for twins of the run. */
int pko_replay_change(const struct pko_replay *replay, struct pko_mission *mission);
/* Runs one day: changes, step, record. */
int pko_replay_day(struct pko_replay *replay);
/* Whether the last day has run. */
bool pko_replay_over(const struct pko_replay *replay);
/* After the last day: is every series, snapshot and outcome of the run in the file what was recorded here, to
 * the bit? *values: how many numbers were compared. PKO_ERROR_INPUT with the first place where it is not. */
int pko_replay_check(const struct pko_replay *replay, size_t *values, char **message);

#endif
