/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of the model: a mission made from a scenario, a regime and a replicate, stepped day by day. */
#ifndef PKOSIM_MISSION_H
#define PKOSIM_MISSION_H

#include <stddef.h>
#include <stdint.h>

#include "pkosim/scenario.h"

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* The state of one run. Opaque: read it through the functions below. */
struct pko_mission;

/* A column of individuals: element k stands at (const float *)((const char *)base + k*stride). Order: by
 * camp, then by layer. Valid until the next step; owned by the mission. */
struct pko_column {
    const void *base; /* element 0 */
    size_t stride;    /* bytes from an element to the next */
    size_t count;     /* people present */
};

/* A change made between days. Owned by the mission. */
struct pko_change {
    int day;          /* the first day on which it holds */
    const char *kind; /* "set" (a parameter or rule), "cut" or "restore" (an arrow) */
    const char *name; /* of the parameter, rule or arrow */
    double value;     /* of a set; else 0 */
};

/* Creates the mission at the start of day 0: regime by name (of the scenario or built in), replicate in
 * [0,2^20). The scenario must outlive the mission. PKO_ERROR_NAME, PKO_ERROR_RANGE, PKO_ERROR_MEMORY;
 * *mission is NULL then. */
int pko_mission_create(const struct pko_scenario *scenario, const char *regime, uint32_t replicate,
                       struct pko_mission **mission);
/* Frees a mission. NULL is allowed. */
void pko_mission_free(struct pko_mission *mission);

/* Runs one day. PKO_ERROR_LIMIT past day 65535, PKO_ERROR_MEMORY; the mission is then only good for freeing.
 */
int pko_mission_step(struct pko_mission *mission);
/* Days run so far: 0 before the first step. */
int pko_mission_day(const struct pko_mission *mission);

/* Lets up to `threads` threads work on a day of this mission (1, as at first: the caller alone). Only
 * missions of tens of thousands of people and more are worth it; what comes out is the same to the last bit.
 * It is no part of the state: copied to a twin, but neither saved nor hashed. */
void pko_mission_threads(struct pko_mission *mission, int threads);

/* Whom the mission calls after each process of a day, from the next step on, with the process's number in the
 * table of ODD section 3 (1 to 10); NULL (as at first) for nobody. The mission is then in the middle of that
 * day: what the process left is still as it left it. The watcher may read the mission and must not change it;
 * it is no part of the state: neither copied to a twin, nor saved, nor hashed. */
void pko_mission_watch(struct pko_mission *mission,
                       void (*watcher)(void *context, const struct pko_mission *mission, int process),
                       void *context);

/* Reads a recorded measure (engine/measures.def; `pkosim show` lists them) as it stands now: its values for
 * all units of its dimensions, at most `capacity` of them. Returns the number of all (also when `values` is
 * NULL or they are cut off), PKO_ERROR_NAME or PKO_ERROR_MEMORY. Counts are totals since day 0. */
int pko_mission_read(const struct pko_mission *mission, const char *measure, double *values, size_t capacity);
/* A column of individuals by name: "danger", "trauma", "reinforcement", "resistance", "cross_trust".
 * PKO_ERROR_NAME. */
int pko_mission_column(const struct pko_mission *mission, const char *name, struct pko_column *column);

/* The places of the members of a group at a camp, all its layers there: elements *first … *first + *count − 1
 * of every column, 0 people if it is not there. The k-th of them is the same person until rotation or death
 * replaces them. PKO_ERROR_NAME. */
int pko_mission_members(const struct pko_mission *mission, const char *group, const char *camp, size_t *first,
                        size_t *count);

/* Sets a parameter or rule by name ("danger.own", "regime.leak") from the next step on; logged as a change.
 * PKO_ERROR_NAME, PKO_ERROR_RANGE (also for a branching ratio of 1 or more, and when no class of plots would
 * have a weight left), PKO_ERROR_MEMORY. */
int pko_mission_set(struct pko_mission *mission, const char *parameter, double value);
/* The value in force of a parameter or rule. PKO_ERROR_NAME. */
int pko_mission_get(const struct pko_mission *mission, const char *parameter, double *value);
/* Cuts a causal arrow by name (ODD section 4): from the next step on its target no longer sees its source
 * move. Logged as a change. PKO_ERROR_NAME, PKO_ERROR_MEMORY. */
int pko_mission_cut(struct pko_mission *mission, const char *arrow);
/* Gives the target of an arrow the live value again. Logged as a change. PKO_ERROR_NAME, PKO_ERROR_MEMORY. */
int pko_mission_restore(struct pko_mission *mission, const char *arrow);
/* The changes made so far, in the order made; NULL past the end. Cuts that the scenario asks for are not
 * listed. */
const struct pko_change *pko_mission_change(const struct pko_mission *mission, size_t number);

/* A twin from here on: an exact copy on the same scenario, to be freed like any mission. PKO_ERROR_MEMORY;
 * *twin is NULL then. */
int pko_mission_clone(const struct pko_mission *mission, struct pko_mission **twin);
/* Saves the whole state into bytes that the caller frees with free(). PKO_ERROR_MEMORY. */
int pko_mission_save(const struct pko_mission *mission, void **bytes, size_t *size);
/* Loads what pko_mission_save wrote, exactly, on the same scenario. PKO_ERROR_VERSION if the bytes are
 * another version's or another scenario's, or damaged; PKO_ERROR_MEMORY. */
int pko_mission_load(const struct pko_scenario *scenario, const void *bytes, size_t size,
                     struct pko_mission **mission);
/* A hash of the whole state; equal missions have equal hashes on every machine of one byte order. */
uint64_t pko_mission_hash(const struct pko_mission *mission);
/* Checks every invariant (ranges, head counts, indexes). 0, or PKO_ERROR_RANGE with the first broken one in
 * `why`. */
int pko_mission_verify(const struct pko_mission *mission, char *why, size_t size);

#pragma GCC visibility pop

#endif
