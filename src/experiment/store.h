/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory of a campaign: what is there is the state, and nothing else is.
 *
 *   plan.txt                        what decides the results (experiment/plan_text.h)
 *   campaign.yaml, scenario.yaml    the files that it was made from
 *   lock                            byte n is locked while a process of this machine works on shard n
 *   shards/shard-00000012.h5        a complete shard, durable before it has this name
 *   shards/shard-00000012-failed.h5 one in which a run failed; it is tried again on the next start
 *   shards/block-00000003.h5        many complete shards in one file; those of its range are gone
 *   campaign.h5, summary.csv        all of it to read (experiment/merge.h)
 *
 * Functions may be called from one thread at a time, pko_store_put from any. */
#ifndef PKO_EXPERIMENT_STORE_H
#define PKO_EXPERIMENT_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "experiment/plan.h"
#include "record/shard.h"

#define PKO_FILES_MOST 200 /* behind one virtual dataset: a process may have no more than 256 open files */

struct pko_store;

enum pko_shard_state { PKO_SHARD_MISSING, PKO_SHARD_DONE, PKO_SHARD_FAILED };

/* Opens the directory for a plan, or makes it if it does not exist or is empty. PKO_ERROR_INPUT: it belongs
 * to another campaign or another version of the program, or holds something else; PKO_ERROR_DISK,
 * PKO_ERROR_MEMORY; *message is a line that the caller frees. The plan must outlive the store. */
int pko_store_open(const char *path, const struct pko_plan *plan, struct pko_store **store, char **message);
/* Opens an existing directory with the plan that its files make, which the caller frees after the store; the
 * version of the program does not matter. */
int pko_store_load(const char *path, struct pko_plan **plan, struct pko_store **store, char **message);
void pko_store_free(struct pko_store *store);

/* Lists the directory anew. PKO_ERROR_DISK. */
int pko_store_look(struct pko_store *store, char **message);
/* State of a shard when the directory was last listed, or as this process left it. */
enum pko_shard_state pko_store_state(const struct pko_store *store, size_t shard);
/* Time at which a shard was completed, in seconds; 0 if it is not known (in a block). */
double pko_store_time(const struct pko_store *store, size_t shard);

enum pko_claim { PKO_CLAIM_TAKEN, PKO_CLAIM_BUSY, PKO_CLAIM_DONE };
/* Locks a shard for this process. BUSY: another one of this machine works on it; DONE: meanwhile it is
 * complete, or has just been tried. Where locks are not to be had (some network file systems) everything is
 * taken: the work may then be done twice, with the same result. */
enum pko_claim pko_store_claim(struct pko_store *store, size_t shard);
void pko_store_release(struct pko_store *store, size_t shard);
/* Whether another process works on a shard now. */
bool pko_store_busy(const struct pko_store *store, size_t shard);

/* Writes a shard, on the disk before it has its name. PKO_ERROR_DISK, PKO_ERROR_MEMORY. */
int pko_store_put(struct pko_store *store, size_t shard, bool failed, const void *bytes, size_t size,
                  char **message);
/* Keeps other processes of this machine from merging, or waits until they have; and ends that. */
void pko_store_hold(struct pko_store *store);
void pko_store_let_go(struct pko_store *store);
/* Removes temporary files of dead processes. */
void pko_store_clean(const struct pko_store *store);

/* Paths; the caller frees them, NULL without memory. `kind` is "shard", "block" or "view" (what there is of a
 * block that is not complete: for campaign.h5 only, and no state). */
char *pko_store_path(const struct pko_store *store, const char *name);
char *pko_store_part(const struct pko_store *store, const char *kind, size_t number, bool failed);
/* Shards in a block; 0 if there are few enough shards to need none. */
size_t pko_store_block(const struct pko_plan *plan);
/* Whether block number `block` stands for its shards. */
bool pko_store_has_block(const struct pko_store *store, size_t block);

/* The shape of some shards together, for record/shard.h. */
struct pko_shard_shape pko_store_shape(const struct pko_plan *plan, struct pko_shard_range range);

#endif
