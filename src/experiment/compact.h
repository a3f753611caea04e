/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files in which the data of a campaign lie: shards, or blocks of them. */
#ifndef PKO_EXPERIMENT_COMPACT_H
#define PKO_EXPERIMENT_COMPACT_H

#include "experiment/store.h"
#include "record/merged.h"

/* The files in the order of their first run; owned, with their paths. */
struct pko_sources {
    struct pko_merged_source *list;
    size_t count;
};

/* Puts shards together where there are many, and lists the files. The directory must have been listed just
 * before and be held (pko_store_hold). Errors as pko_merge. */
int pko_compact(const struct pko_plan *plan, struct pko_store *store, struct pko_sources *sources,
                char **message);
void pko_sources_free(struct pko_sources *sources);

#endif
