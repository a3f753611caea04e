/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result file as tidy tables: one CSV for each family of variables that share their dimensions. */
#ifndef PKO_CLI_EXPORT_H
#define PKO_CLI_EXPORT_H

#include "record/folder.h"
#include "record/reader.h"

/* Writes every table, units.csv and about.csv into the folder. A status; *message says what went wrong and is
 * freed by the caller. Memory does not grow with the replicates. */
int pko_export_tables(const struct pko_reader *reader, const struct pko_folder *folder, char **message);

/* --- export_axis.c: what stands in the columns that say which row it is */

/* A dimension as a reader of tables sees it. */
struct pko_axis {
    const char *name;    /* of the dimension */
    const char *heading; /* of its columns, "day,date" for one of time */
    char **cells;        /* a text a place, quoted where CSV wants it; NULL: the place's number */
    uint64_t size;
    int start;    /* of an axis of time: day 0 as a day number (base/calendar.h) */
    bool of_time; /* `cells` are days since `start` */
};

/* Reads the labels of a dimension; a status with a message. Freed in any case. */
int pko_axis_read(const struct pko_reader *reader, const char *dimension, bool rows, struct pko_axis *axis,
                  char **message);
void pko_axis_free(struct pko_axis *axis);
/* The day number in "days since YYYY-MM-DD"; false if the unit is none of these. */
bool pko_axis_start(const char *units, int *start);
/* Writes a text as a field, in quotes where it needs them. */
void pko_csv_text(FILE *stream, const char *text);

/* --- export_column.c: what stands in the columns of measures */

#define PKO_FLAGS_MOST 1024

/* A column while a box of it is written. */
struct pko_column {
    const struct pko_reader_variable *variable;
    char *values; /* of the box, in the variable's own type */
    char **texts; /* of a variable of texts, whole */
    char *flags[PKO_FLAGS_MOST], *flag_text;
    int flag_count, start;
    bool is_date;
};

/* Prepares a variable for boxes of `box` elements; a status with a message. Freed in any case. */
int pko_column_open(const struct pko_reader *reader, size_t number, uint64_t box, struct pko_column *column,
                    char **message);
void pko_column_free(struct pko_column *column);
/* Writes one cell: element `box_place` of the box, element `place` of the whole variable. A missing number
 * and the code −1 are empty; numbers read back as they were. A date makes two cells. */
void pko_column_put(FILE *stream, const struct pko_column *column, uint64_t box_place, uint64_t place);
void pko_csv_whole(FILE *stream, int64_t value);

#endif
