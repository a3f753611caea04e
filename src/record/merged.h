/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a whole campaign: as the file of a run (docs/file-format.md), with the dimension `point` before
 * the others and the values of the parameters along it. Its data stay in the shards, which it shows as
 * virtual datasets, or are copied into it. */
#ifndef PKO_RECORD_MERGED_H
#define PKO_RECORD_MERGED_H

#include <stdbool.h>

#include "record/shard.h"
#include "record/writer.h"

/* A parameter that varies: a coordinate of the points. */
struct pko_merged_factor {
    const char *name, *unit, *meaning;
    double least, most;
    const double *values; /* [point] */
};

/* A shard, or several in one file. */
struct pko_merged_source {
    const char *path;     /* to open it from here */
    const char *relative; /* from the folder of the file to be written; of virtual datasets only */
    size_t first_point, points, first_replicate, replicates;
};

struct pko_merged_plan {
    struct pko_file_plan file; /* of the scenario at no point */
    size_t points;
    const struct pko_merged_factor *factors;
    size_t factor_count;
    const char *const *outcomes; /* names */
    size_t outcome_count;
    const size_t *series; /* numbers of measures */
    size_t series_count;
    const struct pko_merged_source *sources;
    size_t source_count;
    size_t chunk_points, chunk_replicates; /* of a copy: those of the smallest whole shard */
    const char *hash;                      /* of the plan, as in the shards */
    const char *campaign, *plan;           /* texts kept as attributes */
};

/* Writes the file, whole or not at all; `copy`: with the data in it. Errors as pko_writer_open, and
 * PKO_ERROR_INPUT if a shard is damaged. */
int pko_merged_write(const char *path, bool force, const struct pko_merged_plan *plan, bool copy,
                     char **message);

#endif
