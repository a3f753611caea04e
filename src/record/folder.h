/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of files that appears whole or not at all: it is filled under a temporary name beside its target
 * and renamed when it is complete. */
#ifndef PKO_RECORD_FOLDER_H
#define PKO_RECORD_FOLDER_H

#include <stdbool.h>
#include <stdio.h>

struct pko_folder {
    char *path;      /* the folder to be, without a slash at its end */
    char *temporary; /* ".NAME.HOST.PID.COUNT.pkosim.tmp" beside it; NULL once published or discarded */
    bool replaces;   /* the target was there when the work began and may be replaced */
};

/* Checks that `path` may be written and makes the empty temporary folder; removes those that dead processes
 * of this machine left for the same target. A target that exists is refused; with `force` it is replaced if
 * it holds nothing but an earlier export: files that the first field of a line of its units.csv names.
 * PKO_ERROR_DISK or PKO_ERROR_MEMORY with a message; the folder may be discarded in any case. */
int pko_folder_open(struct pko_folder *folder, const char *path, bool force, char **message);
/* Opens a new file in the temporary folder for writing; NULL with errno set. */
FILE *pko_folder_file(const struct pko_folder *folder, const char *name);
/* Renames the complete folder to its target. PKO_ERROR_DISK with a message: the temporary folder is still
 * there, to be discarded. */
int pko_folder_publish(struct pko_folder *folder, char **message);
/* Removes the temporary folder if it still exists and frees the strings; legal on a zeroed struct. */
void pko_folder_discard(struct pko_folder *folder);

#endif
