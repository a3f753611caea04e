/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this library was built from and with; "unknown" where the build did not say. In record/provenance.c,
 * the one file that the Makefile tells. */
#ifndef PKO_RECORD_BUILD_H
#define PKO_RECORD_BUILD_H

#include <stdbool.h>

const char *pko_build_commit(void);   /* of git, "-dirty" behind it if files had changed */
const char *pko_build_compiler(void); /* name and version */
const char *pko_build_flags(void);    /* of every object */
/* Of the HDF5 library that the program runs with (record/hdf.c): its version, and whether it can deflate,
 * which every result file needs. */
void pko_build_hdf5(char version[32]);
bool pko_build_deflates(void);

#endif
