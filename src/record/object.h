/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader learns of one object of an HDF5 file, whatever the file: nothing in it is taken on trust.
 */
#ifndef PKO_RECORD_OBJECT_H
#define PKO_RECORD_OBJECT_H

#include "record/hdf.h"
#include "record/reader.h"

#define PKO_OBJECT_NAME_SIZE 256
#define PKO_OBJECT_TEXT_MOST                                                                                 \
    ((size_t)64 << 20) /* bytes of texts beyond which a file is taken for damaged                            \
                        */

/* Describes the object `name`. 1: it is a variable; 0: something else; negative on failure (out of memory
 * too). In any case pko_object_free_variable may follow. */
int pko_object_variable(hid_t file, const char *name, struct pko_reader_variable *variable);
void pko_object_free_variable(struct pko_reader_variable *variable);
/* Reads an attribute of the file. 1: it is a text or one number; 0: something else; negative on failure. Its
 * name and text are to be freed in any case. */
int pko_object_attribute(hid_t attribute, const char *name, struct pko_reader_attribute *read);
/* Reads `count` texts of a dataset, or of an attribute, of the file's `type` into strings of their own, to be
 * freed one by one (also those read before a failure). Negative on failure. */
herr_t pko_object_texts(hid_t object, bool attribute, hid_t type, char **texts, hsize_t count);

#endif
