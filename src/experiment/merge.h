/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes what there is of a campaign readable: campaign.h5, an HDF5 file that shows the shards as one, and
 * summary.csv, a row for each run. Above PKO_FILES_MOST shards, complete ones are first put together into
 * blocks: HDF5 keeps every file behind a virtual dataset open, and shows what it cannot open as missing
 * values without a word. */
#ifndef PKO_EXPERIMENT_MERGE_H
#define PKO_EXPERIMENT_MERGE_H

#include "experiment/store.h"

struct pko_merge_result {
    uint64_t runs, done, failed; /* of the campaign; the rest is missing */
    size_t files;                /* behind the virtual datasets */
    char *problem;               /* why the first failed run failed, or NULL; owned */
};

/* Merges. `copy`: NULL, or a file that is to hold all data itself; it is replaced only with `force`.
 * PKO_ERROR_INPUT: a shard is damaged or foreign; PKO_ERROR_DISK, PKO_ERROR_MEMORY; *message is a line that
 * the caller frees. */
int pko_merge(const struct pko_plan *plan, struct pko_store *store, const char *copy, bool force,
              struct pko_merge_result *result, char **message);
void pko_merge_result_free(struct pko_merge_result *result);

#endif
