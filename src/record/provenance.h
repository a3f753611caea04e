/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file says of where it comes from: scenario, parameters in force, rules, settings, program, machine,
 * times. */
#ifndef PKO_RECORD_PROVENANCE_H
#define PKO_RECORD_PROVENANCE_H

#include "record/hdf.h"
#include "record/number.h"
#include "record/writer.h"

#define PKO_SCHEMA_VERSION 1 /* of the file's layout; rises when a reader of the old one would go wrong */

/* Head line of the attribute `changes`; a line for each change follows. */
#define PKO_CHANGES_HEAD "regime,replicate,day,kind,name,value\n"

/* Writes the root attributes that are known at the start; the start is now. Negative on failure, as below. */
herr_t pko_provenance_start(hid_t file, const struct pko_file_plan *plan);
/* Writes those known at the end, with the replicates that the file holds; the end is now. */
herr_t pko_provenance_end(hid_t file, uint32_t replicates, const char *changes);
#endif
