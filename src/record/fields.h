/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All variables of a file that have a value for every run: recorded series, snapshots, outcomes. */
#ifndef PKO_RECORD_FIELDS_H
#define PKO_RECORD_FIELDS_H

#include <stdatomic.h>

#include "record/field.h"
#include "record/layout.h"

/* The variable of a recorded measure over regimes, replicates, times and its own dimensions. */
struct pko_variable pko_series_variable(const struct pko_measure *measure);
/* The variable of outcomes over regimes, replicates and their names. */
struct pko_variable pko_outcome_variable(void);

struct pko_fields {
    struct pko_layout *layout;
    struct pko_field *series; /* one a recorded measure */
    size_t *measure;          /* its number */
    size_t series_count;
    size_t least; /* bytes of a chunk; fewer than PKO_CHUNK_LEAST if there are many regimes */
    struct pko_field trust, people; /* unused without snapshots */
    size_t snapshots;
    void *gathered;           /* all snapshots of a run, one after the other */
    struct pko_field outcome; /* planned with the first run, which knows the names */
    double *values;           /* outcomes of a run; NULL before the first */
    struct pko_packer *packer;
    atomic_size_t packed; /* regimes of fields that were taken to be packed ahead */
};

/* Plans the variables of series and snapshots. Negative on failure, as all below (out of memory too);
 * pko_fields_free is legal in any case. The layout must outlive the fields. */
herr_t pko_fields_create(struct pko_fields *fields, struct pko_layout *layout);
/* Takes what one run has; runs come in the order (replicate, regime). *status is the failure of the observer,
 * if that failed, else PKO_OK. */
herr_t pko_fields_add(struct pko_fields *fields, size_t regime, uint32_t replicate,
                      const struct pko_observer *observer, int *status);
/* Packs ahead what waits after the last run; several threads may do so at a time and share the work. */
void pko_fields_pack(struct pko_fields *fields);
/* Writes what is left of the first `replicates` and closes the variables. */
herr_t pko_fields_end(struct pko_fields *fields, uint32_t replicates);
/* Frees the memory; touches no file. */
void pko_fields_free(struct pko_fields *fields);

#endif
