/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event tables of a file. A table's length is known only when the last run is in, and its order is
 * (regime, replicate, day, order) while runs come as (replicate, regime): so rows wait in unnamed scratch
 * files beside the target, run by run, and are sorted into the file at the end. */
#ifndef PKO_RECORD_EVENTS_H
#define PKO_RECORD_EVENTS_H

#include <stdio.h>

#include "record/layout.h"
#include "record/target.h"

#define PKO_EVENT_TABLES 4 /* incident, convoy, leak, retaliation */

struct pko_events {
    FILE *scratch[PKO_EVENT_TABLES]; /* for each run a head and its rows */
};

/* Opens the scratch files. PKO_ERROR_DISK, PKO_ERROR_MEMORY with a message; pko_events_free is legal in any
 * case. */
int pko_events_open(struct pko_events *events, const struct pko_target *target, char **message);
/* Keeps the events of one run. PKO_ERROR_DISK, with errno. */
int pko_events_add(struct pko_events *events, size_t regime, uint32_t replicate,
                   const struct pko_observer *observer);
/* Writes the tables of the first `replicates` into the file: one variable a column, over the table's own
 * dimension. `first` is the number of replicate 0, regimes the names of all. PKO_ERROR_LIMIT: more than 2^31
 * − 1 rows in a table. PKO_ERROR_DISK from HDF5 (pko_hdf_why tells), or with *by_system from the scratch file
 * (errno). */
int pko_events_write(struct pko_events *events, struct pko_layout *layout, const char *const *regimes,
                     size_t regime_count, uint32_t first, uint32_t replicates, bool *by_system);
void pko_events_free(struct pko_events *events);

#endif
