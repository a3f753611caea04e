/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of text: cells are added row by row, then printed with columns as wide as they need to be. */
#ifndef PKO_CLI_TABLE_H
#define PKO_CLI_TABLE_H

#include <stdio.h>

struct pko_table;

/* A table of as many columns as `alignment` has letters: 'l' or 'r' each. NULL without memory. */
struct pko_table *pko_table_create(const char *alignment);
void pko_table_free(struct pko_table *table);
/* Adds the next cell, row by row; the first row holds the headings. printf-like; UTF-8. Want of memory is
 * kept in mind and told by the printing functions. */
void pko_table_cell(struct pko_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a line that spans all columns; only at the start of a row. Not for Markdown. */
void pko_table_line(struct pko_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Columns that a text takes on a screen: its UTF-8 code points. */
size_t pko_text_width(const char *text);

/* Prints with two blanks between columns and no blank at a line's end. PKO_OK or PKO_ERROR_MEMORY. */
int pko_table_print(const struct pko_table *table, FILE *stream);
/* Prints as a Markdown table; '|' in a cell is escaped. PKO_OK or PKO_ERROR_MEMORY. */
int pko_table_markdown(const struct pko_table *table, FILE *stream);

#endif
