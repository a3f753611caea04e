/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* fputs_unlocked */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/export.h"
#include "pkosim/status.h"

void pko_csv_whole(FILE *stream, int64_t value) {
    char digits[24], *at = digits + sizeof digits;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    *--at = 0;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    fputs_unlocked(at, stream);
}

/* Enough digits to read back the same number; a missing one is an empty field. */
static void put_real(FILE *stream, double value, bool single) {
    if (isnan(value))
        return;
    if (fabs(value) < 1e6 && value == (double)(int64_t)value)
        pko_csv_whole(stream, (int64_t)value);
    else if (isinf(value))
        fputs_unlocked(value < 0 ? "-Inf" : "Inf", stream);
    else
        fprintf(stream, single ? "%.9g" : "%.17g", value);
}

static int64_t whole_at(const struct pko_column *column, uint64_t place) {
    const char *at = column->values + place * column->variable->bytes;
    int32_t four;
    int64_t eight;
    switch (column->variable->bytes) {
    case 1:
        return *(const signed char *)at;
    case 2:
        return (int16_t)((uint16_t)(unsigned char)at[0] | (uint16_t)((unsigned char)at[1] << 8));
    case 4:
        memcpy(&four, at, sizeof four);
        return four;
    default:
        memcpy(&eight, at, sizeof eight);
        return eight;
    }
}

/* Codes as their meanings; −1, "none", as an empty field. */
static void put_integer(FILE *stream, const struct pko_column *column, int64_t value) {
    int64_t flag = value - column->variable->first_flag;
    char date[11];
    if (column->is_date) {
        pko_date_format((int32_t)(column->start + value), date);
        pko_csv_whole(stream, value);
        fputc_unlocked(',', stream);
        fputs_unlocked(date, stream);
    } else if (column->flag_count == 0) {
        pko_csv_whole(stream, value);
    } else if (value >= 0 && flag >= 0 && flag < column->flag_count) {
        fputs_unlocked(column->flags[flag], stream);
    }
}

void pko_column_put(FILE *stream, const struct pko_column *column, uint64_t box_place, uint64_t place) {
    float single;
    double full;
    if (column->texts) {
        pko_csv_text(stream, column->texts[place]);
    } else if (column->variable->type == PKO_READ_INTEGER) {
        put_integer(stream, column, whole_at(column, box_place));
    } else if (column->variable->bytes == 4) {
        memcpy(&single, column->values + 4 * box_place, sizeof single);
        put_real(stream, (double)single, true);
    } else {
        memcpy(&full, column->values + 8 * box_place, sizeof full);
        put_real(stream, full, false);
    }
}

int pko_column_open(const struct pko_reader *reader, size_t number, uint64_t box, struct pko_column *column,
                    char **message) {
    char *rest = NULL;
    column->variable = pko_reader_variable(reader, number);
    if (column->variable->type == PKO_READ_TEXT)
        return pko_reader_texts(reader, number, &column->texts, message);
    column->is_date =
        column->variable->type == PKO_READ_INTEGER && pko_axis_start(column->variable->units, &column->start);
    if (box >= SIZE_MAX / 8)
        return PKO_ERROR_MEMORY;
    column->values = malloc((size_t)box * column->variable->bytes + 1);
    column->flag_text = strdup(column->variable->flags);
    if (!column->values || !column->flag_text)
        return PKO_ERROR_MEMORY;
    for (char *word = strtok_r(column->flag_text, " ", &rest); word && column->flag_count < PKO_FLAGS_MOST;
         word = strtok_r(NULL, " ", &rest))
        column->flags[column->flag_count++] = word;
    return PKO_OK;
}

void pko_column_free(struct pko_column *column) {
    free(column->values);
    free(column->texts);
    free(column->flag_text);
}
