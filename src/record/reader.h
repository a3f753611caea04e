/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads result files of this program: what is in them, and whole variables. */
#ifndef PKO_RECORD_READER_H
#define PKO_RECORD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PKO_READER_RANK_MOST 8

struct pko_reader;

struct pko_reader_dimension {
    const char *name;
    uint64_t size;
};

enum pko_reader_type { PKO_READ_TEXT, PKO_READ_INTEGER, PKO_READ_REAL };

struct pko_reader_variable {
    const char *name, *units, *long_name; /* units and long_name are "" where the file has none */
    const char *kind;                     /* "state" or "count" of a series; "" else */
    const char *flags;                    /* of codes: their meanings, separated by blanks; "" else */
    int first_flag;                       /* the code of the first meaning; the others follow by one */
    enum pko_reader_type type;
    size_t bytes; /* of an element of a number; 0 of a text */
    int rank;
    uint64_t shape[PKO_READER_RANK_MOST];
    const char *dimension[PKO_READER_RANK_MOST]; /* names, "" for one without */
    uint64_t chunk[PKO_READER_RANK_MOST];        /* pieces in which it is stored; the shape if it is in one */
    uint64_t count;                              /* product of the shape */
};

/* An attribute of the whole file: a text, or one number. */
struct pko_reader_attribute {
    const char *name;
    const char *text; /* NULL for a number */
    double number;    /* NAN for a text; integers beyond 2^53 are rounded */
    bool whole;       /* an integer: then also in `integer` */
    uint64_t integer; /* two's complement if it was negative */
};

/* Opens a file. PKO_ERROR_DISK: it cannot be opened; PKO_ERROR_INPUT: it is not HDF5, not a file of this
 * program, or damaged; PKO_ERROR_VERSION: of a later layout than this program knows; PKO_ERROR_MEMORY.
 * *message, if `message` is not NULL, then says so in one line that the caller frees (or is NULL); *reader is
 * NULL. */
int pko_reader_open(const char *path, struct pko_reader **reader, char **message);
void pko_reader_free(struct pko_reader *reader);

/* Dimensions, variables (those that carry a dimension's labels included) and attributes by number in the
 * order of the file; NULL past the end. Owned by the reader. */
const struct pko_reader_dimension *pko_reader_dimension(const struct pko_reader *reader, size_t number);
const struct pko_reader_variable *pko_reader_variable(const struct pko_reader *reader, size_t number);
const struct pko_reader_attribute *pko_reader_attribute(const struct pko_reader *reader, size_t number);
/* Number of the variable with this name, −1 if there is none; attribute by name, NULL if there is none. */
int pko_reader_find(const struct pko_reader *reader, const char *name);
const struct pko_reader_attribute *pko_reader_about(const struct pko_reader *reader, const char *name);

/* Reads a variable of numbers whole, in row-major order, as doubles; of texts as an array of strings in one
 * block. The caller frees the result with free(). PKO_ERROR_INPUT (damaged, or the other kind),
 * PKO_ERROR_MEMORY. */
int pko_reader_numbers(const struct pko_reader *reader, size_t number, double **values, char **message);
int pko_reader_texts(const struct pko_reader *reader, size_t number, char ***texts, char **message);

/* Reads a box of a variable of numbers, packed, in its own type and this machine's byte order:
 * variable->bytes each. */
int pko_reader_box(const struct pko_reader *reader, size_t number, const uint64_t *start,
                   const uint64_t *count, void *values, char **message);

#endif
