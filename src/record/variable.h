/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A variable of a result file: its dimensions and the attributes that say what it holds
 * (docs/file-format.md). */
#ifndef PKO_RECORD_VARIABLE_H
#define PKO_RECORD_VARIABLE_H

#include "pkosim/observe.h"
#include "record/hdf.h"

/* Dimensions of a file: those of measures (enum pko_dimension) and these. */
enum pko_scale {
    PKO_SCALE_REGIME = PKO_DIMENSIONS,
    PKO_SCALE_REPLICATE,
    PKO_SCALE_TIME,
    PKO_SCALE_SNAPSHOT,
    PKO_SCALE_OUTCOME,
    PKO_SCALE_INCIDENT,
    PKO_SCALE_CONVOY,
    PKO_SCALE_LEAK,
    PKO_SCALE_RETALIATION,
    PKO_SCALE_POINT, /* of the files of campaigns only */
    PKO_SCALES
};
#define PKO_RANK_MOST 6

/* Where a variable lies along a dimension: an element of the dimension's REFERENCE_LIST, as H5DS writes it.
 */
struct pko_use {
    hobj_ref_t variable;
    int place; /* of the dimension in the variable */
};
struct pko_uses {
    struct pko_use *use;
    size_t count, room;
};

/* A file being laid out: the dimensions made so far. */
struct pko_layout {
    hid_t file;
    const struct pko_scenario *scenario;
    char since[32];           /* units of dates: "days since YYYY-MM-DD", day 0 of the run */
    hid_t scale[PKO_SCALES];  /* the dataset of each dimension, invalid until made */
    hsize_t size[PKO_SCALES]; /* its length */
    struct pko_uses *uses; /* [PKO_SCALES]: kept until the end, for H5DS would write the whole list anew for
                              each variable */
};

struct pko_variable {
    const char *name, *units, *long_name;
    enum pko_hdf_type type;
    int rank;
    int scale[PKO_RANK_MOST]; /* its dimensions, enum pko_dimension or enum pko_scale */
    double least, most;       /* valid range, not of texts */
    const char *kind;         /* "state", "count" (since the record before), or NULL */
    const char *comment;      /* or NULL */
    const char *flags;        /* meanings of codes, separated by blanks, or NULL */
    int first_flag;           /* code of the first meaning; the others follow by one */
};

/* Creates a variable of numbers over dimensions that have been made; chunk as for pko_hdf_dataset. Negative
 * on failure, as the two below, of which it consists; pko_layout_end writes what attaching keeps. */
herr_t pko_variable_create(const struct pko_layout *layout, const struct pko_variable *variable,
                           const hsize_t *chunk, hid_t *dataset);
herr_t pko_variable_attach(const struct pko_layout *layout, const struct pko_variable *variable,
                           hid_t dataset);
herr_t pko_variable_describe(hid_t dataset, const struct pko_variable *variable);

#endif
