/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf, open_memstream */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/export.h"
#include "pkosim/status.h"
#include "record/message.h"

void pko_csv_text(FILE *stream, const char *text) {
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

bool pko_axis_start(const char *units, int *start) {
    static const char since[] = "days since ";
    int32_t day = 0;
    if (strncmp(units, since, strlen(since)) != 0 || pko_date_parse(units + strlen(since), &day) != PKO_OK)
        return false;
    *start = day;
    return true;
}

/* A text as it stands in a CSV; NULL without memory. */
static char *quoted(const char *text) {
    char *cell = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&cell, &size);
    if (!stream)
        return NULL;
    pko_csv_text(stream, text);
    if (fclose(stream) != 0) {
        free(cell);
        return NULL;
    }
    return cell;
}

/* A number that is a label: a day with its date, or the number itself. */
static char *number_cell(const struct pko_axis *axis, double value) {
    char *cell = NULL, date[11];
    int made;
    if (axis->of_time && fabs(value) < 1e6) {
        pko_date_format(axis->start + (int32_t)value, date);
        made = asprintf(&cell, "%d,%s", (int)value, date);
    } else {
        made = asprintf(&cell, "%.15g", value);
    }
    return made < 0 ? NULL : cell;
}

static int read_texts(const struct pko_reader *reader, size_t number, struct pko_axis *axis, char **message) {
    char **texts = NULL;
    int status = pko_reader_texts(reader, number, &texts, message);
    for (uint64_t k = 0; status == PKO_OK && k < axis->size; k++)
        if (!(axis->cells[k] = quoted(texts[k])))
            status = PKO_ERROR_MEMORY;
    free(texts);
    return status;
}

static int read_numbers(const struct pko_reader *reader, size_t number, struct pko_axis *axis,
                        char **message) {
    double *values = NULL;
    int status = pko_reader_numbers(reader, number, &values, message);
    for (uint64_t k = 0; status == PKO_OK && k < axis->size; k++)
        if (!(axis->cells[k] = number_cell(axis, values[k])))
            status = PKO_ERROR_MEMORY;
    free(values);
    return status;
}

int pko_axis_read(const struct pko_reader *reader, const char *dimension, bool rows, struct pko_axis *axis,
                  char **message) {
    *axis = (struct pko_axis){.name = dimension};
    int found = pko_reader_find(reader, dimension);
    const struct pko_reader_variable *variable =
        found < 0 ? NULL : pko_reader_variable(reader, (size_t)found);
    if (!variable || variable->rank != 1) {
        pko_message(message, "the file is damaged: dimension '%s' has no labels", dimension);
        return PKO_ERROR_INPUT;
    }
    axis->size = variable->shape[0];
    axis->of_time = variable->type != PKO_READ_TEXT && pko_axis_start(variable->units, &axis->start);
    axis->heading = axis->of_time                            ? "day,date"
                    : strcmp(dimension, "outcome_name") == 0 ? "outcome"
                                                             : dimension;
    if (rows)
        return PKO_OK;
    axis->cells = calloc((size_t)axis->size + 1, sizeof *axis->cells);
    if (!axis->cells)
        return PKO_ERROR_MEMORY;
    return variable->type == PKO_READ_TEXT ? read_texts(reader, (size_t)found, axis, message)
                                           : read_numbers(reader, (size_t)found, axis, message);
}

void pko_axis_free(struct pko_axis *axis) {
    for (uint64_t k = 0; axis->cells && k < axis->size; k++)
        free(axis->cells[k]);
    free(axis->cells);
    *axis = (struct pko_axis){0};
}
