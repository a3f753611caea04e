/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked pieces of HDF5 that the writer, the reader and the digest share. Together with those this is the
 * only room that knows the library. */
#ifndef PKO_RECORD_HDF_H
#define PKO_RECORD_HDF_H

#define H5_USE_110_API /* the calls and structs of HDF5 1.10, also under later versions */
#include <hdf5.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* What a group of HDF5 calls changes for the calling thread and gives back afterwards: SIGXFSZ is blocked, so
 * that a file-size limit is an error like a full disk and does not kill the process; HDF5 prints nothing;
 * numbers are printed and read with a point, whatever the program's locale. */
struct pko_hdf_guard {
    sigset_t signals; /* the mask before */
    bool pending;     /* a SIGXFSZ was waiting before */
    H5E_auto2_t print;
    void *print_data;
    locale_t plain, before;
};
/* Every public function of this room calls these two around its HDF5 calls. The first also tells HDF5 not to
 * clean up at exit: it would write to files given up after an error, and crash. */
void pko_hdf_enter(struct pko_hdf_guard *guard);
void pko_hdf_leave(struct pko_hdf_guard *guard);

/* Why the last HDF5 call of this thread failed, in a few words: the system's error if there was one ("No
 * space left on device"), else HDF5's deepest one. Returns the status that fits: PKO_ERROR_DISK or
 * PKO_ERROR_MEMORY. */
int pko_hdf_why(char *text, size_t size);

/* Closes every valid one of `count` identifiers and keeps the error of what went before: returns `result`, or
 * a negative number if a closing fails. */
herr_t pko_hdf_release(herr_t result, int count, const hid_t *ids);

/* Files as pko_hdf_create makes them keep no times and keep the order of creation; HDF5 1.8 and later read
 * them. The path must name an existing file, which is emptied. pko_hdf_open opens for reading only. Negative
 * on failure. */
hid_t pko_hdf_create(const char *path);
hid_t pko_hdf_open(const char *path);
/* A file in memory, never on a disk, whose image is to be taken; it grows by `growth` bytes. Its head is of
 * the oldest kind: HDF5 1.10 takes a mark out of newer ones in the image and leaves their checksum wrong. */
hid_t pko_hdf_create_in_memory(size_t growth);

/* Attributes; negative on failure. Texts are fixed-length UTF-8; bytes that are none become '?'. `count` 0
 * makes a scalar, else a list. */
herr_t pko_hdf_text(hid_t object, const char *name, const char *text);
herr_t pko_hdf_numbers(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                       hsize_t count);

/* Elements of a variable; in files always little-endian. */
enum pko_hdf_type { PKO_HDF_F32, PKO_HDF_F64, PKO_HDF_I32, PKO_HDF_TEXT };
hid_t pko_hdf_memory_type(enum pko_hdf_type type); /* of a number */
hid_t pko_hdf_file_type(enum pko_hdf_type type);
size_t pko_hdf_size(enum pko_hdf_type type); /* bytes of an element in memory; a text is a pointer */

/* Creates a dataset of numbers. `chunk` NULL: in one piece; else shuffled, deflated (level 1) and with a
 * checksum. `most` NULL: it may shrink but not grow. What is not written reads as NaN (F32, F64) or 0.
 * Negative on failure. */
hid_t pko_hdf_dataset(hid_t file, const char *name, enum pko_hdf_type type, int rank, const hsize_t *shape,
                      const hsize_t *most, const hsize_t *chunk);
/* Opens one again that was closed. */
hid_t pko_hdf_again(hid_t file, const char *name);
/* Part of a virtual dataset: the whole dataset of the same name in another file, whose path counts from the
 * folder of the file that shows it. */
struct pko_hdf_piece {
    const char *path;
    hsize_t start[6], count[6];
};
/* Creates a dataset that shows pieces of other files; what no piece covers, and pieces whose file is not
 * there, read as NaN or 0. At least one piece. Negative on failure. */
hid_t pko_hdf_virtual(hid_t file, const char *name, enum pko_hdf_type type, int rank, const hsize_t *shape,
                      const struct pko_hdf_piece *pieces, size_t count);
/* Writes the box of `count` elements at `start` from packed memory; negative on failure. */
herr_t pko_hdf_write(hid_t dataset, enum pko_hdf_type type, int rank, const hsize_t *start,
                     const hsize_t *count, const void *values);
/* Writes the chunk that begins at `start` as record/pack.h packs it. */
herr_t pko_hdf_write_chunk(hid_t dataset, const hsize_t *start, const void *packed, size_t size);
/* Creates and writes a list of `count` > 0 texts of any length; negative on failure, also if *dataset is
 * valid then. */
herr_t pko_hdf_strings(hid_t file, const char *name, const char *const *texts, hsize_t count, hid_t *dataset);

#endif
