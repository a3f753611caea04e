/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outcomes of a campaign, read back from the summary.csv that experiment/merge.h writes. */
#ifndef PKO_EXPERIMENT_SUMMARY_H
#define PKO_EXPERIMENT_SUMMARY_H

#include "experiment/plan.h"

struct pko_summary {
    double *values; /* [kept outcome][regime][point][replicate]; NaN: missing, failed, or not defined */
    uint64_t runs, done, failed; /* of the campaign; the rest is missing */
};

/* Reads the table at `path`, which must be one of this plan: its columns, and a row for every run of it, each
 * once. PKO_ERROR_DISK, PKO_ERROR_INPUT, PKO_ERROR_MEMORY; *message is a line that the caller frees. Freed
 * with pko_summary_free in any case. */
int pko_summary_read(const struct pko_plan *plan, const char *path, struct pko_summary *summary,
                     char **message);
void pko_summary_free(struct pko_summary *summary);
/* The values of one outcome under one regime, [point][replicate]. */
const double *pko_summary_values(const struct pko_plan *plan, const struct pko_summary *summary,
                                 size_t outcome, size_t regime);

#endif
