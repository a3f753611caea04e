/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shard of a campaign: what some consecutive runs left, as a small HDF5 file. Made in memory and read
 * whole; the variables are those of a campaign's file (record/merged.h) over a part of its points and
 * replicates.
 *
 * Functions of this header may be called from several threads, one at a time. */
#ifndef PKO_RECORD_SHARD_H
#define PKO_RECORD_SHARD_H

#include <stddef.h>
#include <stdint.h>

#include "pkosim/scenario.h"

/* What became of a run: the variable `status`. */
enum pko_run_status { PKO_RUN_MISSING, PKO_RUN_DONE, PKO_RUN_FAILED };

/* The sizes of a shard's arrays. */
struct pko_shard_shape {
    size_t points, regimes, replicates, outcomes;
    const struct pko_scenario *scenario; /* sizes the series */
    const size_t *series;                /* numbers of measures, series_count of them */
    size_t series_count;
};

/* All that a shard holds, row-major; owned. NaN where a run failed. */
struct pko_shard_data {
    int32_t *status;  /* [point][regime][replicate], enum pko_run_status */
    double *outcomes; /* [point][regime][replicate][outcome] */
    float **series;   /* of each measure [point][regime][replicate][record][unit]…; NULL without series */
    size_t series_count;
    char *problem; /* why the first failed run failed, one line; NULL if none did */
};

/* Makes arrays of this shape, all missing. PKO_ERROR_MEMORY; pko_shard_data_free is legal in any case. */
int pko_shard_data_create(const struct pko_shard_shape *shape, struct pko_shard_data *data);
void pko_shard_data_free(struct pko_shard_data *data);
/* Values of one run in series number `series`. */
size_t pko_shard_series_size(const struct pko_shard_shape *shape, size_t series);

/* The bytes of the file; the caller frees them. `hash` names the plan (64 digits). The same data make the
 * same bytes. PKO_ERROR_MEMORY or PKO_ERROR_DISK (HDF5 failed), with a message that the caller frees. */
int pko_shard_image(const struct pko_shard_shape *shape, const char *hash, const struct pko_shard_data *data,
                    void **bytes, size_t *size, char **message);
/* Reads a file into data made for its shape. PKO_ERROR_DISK: it cannot be opened; PKO_ERROR_INPUT: it is
 * damaged, or of another plan or shape. */
int pko_shard_read(const char *path, const struct pko_shard_shape *shape, const char *hash,
                   struct pko_shard_data *data, char **message);

#endif
