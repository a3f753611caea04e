/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that appears whole or not at all: it is written under a temporary name in the target's folder and
 * renamed when it is complete and on the disk. A process killed at any moment leaves the target as it was. */
#ifndef PKO_RECORD_TARGET_H
#define PKO_RECORD_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct pko_target {
    char *path;      /* the file to be, symbolic links resolved */
    char *folder;    /* of path and temporary */
    char *temporary; /* ".NAME.HOST.PID.COUNT.pkosim.tmp"; NULL once published or discarded */
    bool force;      /* an existing file may be replaced */
};

/* Checks that `path` may be written, removes temporary files that dead processes of this machine left in its
 * folder, and creates the empty temporary file. PKO_ERROR_DISK (exists and not `force`, not a regular file,
 * no such folder, no permission …) or PKO_ERROR_MEMORY, with a message; the target may be discarded in any
 * case. */
int pko_target_open(struct pko_target *target, const char *path, bool force, char **message);
/* The two halves of it, for folders of many files: the removal alone, and the rest alone. */
void pko_target_clean(const char *folder);
int pko_target_begin(struct pko_target *target, const char *path, bool force, char **message);
/* Writes a file from memory, whole or not at all and on the disk before it has its name: begin, write, put,
 * publish in one. Errors of those. */
int pko_target_bytes(const char *path, bool force, const void *bytes, size_t size, char **message);
/* Opens an unnamed scratch file in the target's folder, for reading and writing; it vanishes when closed,
 * also by a kill. *file is a descriptor that the caller closes. PKO_ERROR_DISK, PKO_ERROR_MEMORY. */
int pko_target_scratch(const struct pko_target *target, int *file, char **message);
/* Puts the temporary file, complete and closed, on the disk and renames it to the target. Without `force`, a
 * target that has appeared since opening is left alone: the finished file then gets a free name beside it,
 * which the message tells, and PKO_ERROR_DISK is returned. On any other failure the temporary file is still
 * there, to be discarded. */
int pko_target_publish(struct pko_target *target, char **message);
/* Removes the temporary file if it still exists and frees the strings; always legal on a struct that was
 * opened or zeroed. Empties the file first: a descriptor that is still open on it must not keep the space of
 * a full disk. */
void pko_target_discard(struct pko_target *target);

#endif
