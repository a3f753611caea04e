/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* vasprintf */
#include "cli/table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"

struct cell {
    char *text;
    bool line; /* spans the row */
};

struct pko_table {
    char *alignment;
    size_t columns, count, capacity;
    struct cell *cells; /* rows of `columns`; a line's other cells are empty */
    bool lacking;       /* memory ran out */
};

struct pko_table *pko_table_create(const char *alignment) {
    struct pko_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->alignment = strdup(alignment);
    if (!table->alignment) {
        free(table);
        return NULL;
    }
    table->columns = strlen(alignment);
    return table;
}

void pko_table_free(struct pko_table *table) {
    if (!table)
        return;
    for (size_t k = 0; k < table->count; k++)
        free(table->cells[k].text);
    free(table->cells);
    free(table->alignment);
    free(table);
}

static void add_cell(struct pko_table *table, char *text, bool line) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        struct cell *cells = realloc(table->cells, capacity * sizeof *cells);
        if (!cells) {
            table->lacking = true;
            free(text);
            return;
        }
        table->cells = cells;
        table->capacity = capacity;
    }
    table->cells[table->count++] = (struct cell){text, line};
}

static void add_formatted(struct pko_table *table, bool line, const char *format, va_list arguments) {
    char *text = NULL;
    if (!table || table->lacking)
        return;
    if (vasprintf(&text, format, arguments) < 0) {
        table->lacking = true;
        return;
    }
    add_cell(table, text, line);
}

void pko_table_cell(struct pko_table *table, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_formatted(table, false, format, arguments);
    va_end(arguments);
}

void pko_table_line(struct pko_table *table, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_formatted(table, true, format, arguments);
    va_end(arguments);
    for (size_t k = 1; table && !table->lacking && k < table->columns; k++)
        add_cell(table, NULL, false);
}

size_t pko_text_width(const char *text) {
    size_t width = 0;
    for (; *text; text++)
        width += (*text & 0xC0) != 0x80; /* not a continuation byte */
    return width;
}

static size_t column_width(const struct pko_table *table, size_t column) {
    size_t width = 0;
    for (size_t k = column; k < table->count; k += table->columns)
        if (table->cells[k].text && !table->cells[k].line && pko_text_width(table->cells[k].text) > width)
            width = pko_text_width(table->cells[k].text);
    return width;
}

static void print_row(const struct pko_table *table, const struct cell *row, const size_t *widths,
                      FILE *stream) {
    if (row[0].line) {
        fprintf(stream, "%s\n", row[0].text);
        return;
    }
    size_t owed = 0; /* blanks not yet printed: none at the end of a line */
    for (size_t k = 0; k < table->columns; k++) {
        size_t width = pko_text_width(row[k].text), space = widths[k] - width;
        size_t before = owed + (table->alignment[k] == 'r' ? space : 0);
        owed = (table->alignment[k] == 'r' ? 0 : space) + 2;
        if (width == 0) {
            owed += before;
            continue;
        }
        fprintf(stream, "%*s%s", (int)before, "", row[k].text);
    }
    fputc('\n', stream);
}

int pko_table_print(const struct pko_table *table, FILE *stream) {
    if (!table || table->lacking)
        return PKO_ERROR_MEMORY;
    size_t *widths = calloc(table->columns, sizeof *widths);
    if (!widths)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < table->columns; k++)
        widths[k] = column_width(table, k);
    for (size_t k = 0; k + table->columns <= table->count; k += table->columns)
        print_row(table, table->cells + k, widths, stream);
    free(widths);
    return PKO_OK;
}

static void print_escaped(const char *text, FILE *stream) {
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', stream);
        fputc(*text, stream);
    }
}

int pko_table_markdown(const struct pko_table *table, FILE *stream) {
    if (!table || table->lacking)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < table->count; k++) {
        fputs(k % table->columns == 0 ? "| " : " ", stream);
        print_escaped(table->cells[k].text ? table->cells[k].text : "", stream);
        fputs(" |", stream);
        if ((k + 1) % table->columns != 0)
            continue;
        fputc('\n', stream);
        if (k + 1 == table->columns) {
            fputc('|', stream);
            for (size_t column = 0; column < table->columns; column++)
                fputs(table->alignment[column] == 'r' ? " ---: |" : " --- |", stream);
            fputc('\n', stream);
        }
    }
    return PKO_OK;
}
