/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dimensions of a result file with their labels, and what it says of camps and groups
 * (docs/file-format.md). */
#ifndef PKO_RECORD_LAYOUT_H
#define PKO_RECORD_LAYOUT_H

#include "record/variable.h"

/* Starts a file that holds `regimes` and the replicates first … first + replicates − 1: makes the dimensions
 * that series and snapshots of the scenario have, and describes camps and groups. Negative on failure, as all
 * below. */
herr_t pko_layout_start(struct pko_layout *layout, hid_t file, const struct pko_scenario *scenario,
                        const char *const *regimes, size_t regime_count, uint32_t first, uint32_t replicates);
/* Makes a dimension with texts as labels, or one that counts from 0 (count ≤ INT32_MAX). */
herr_t pko_layout_label(struct pko_layout *layout, int scale, const char *long_name,
                        const char *const *labels, hsize_t count);
herr_t pko_layout_count(struct pko_layout *layout, int scale, const char *long_name, hsize_t count);
/* Ends with `replicates` of them: says in each dimension which variables lie along it, and closes it. */
herr_t pko_layout_end(struct pko_layout *layout, uint32_t replicates);
/* Frees the memory, always legal; touches no file. */
void pko_layout_free(struct pko_layout *layout);

#endif
