/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plot in plain characters: a letter for each state, one column for some days. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/explain.h"

#define ROWS    11 /* 1.0, 0.9 … 0.0 */
#define COLUMNS 72
static const char letters[PKO_STATES + 1] = "dtabx";
static const int colours[PKO_STATES] = {31, 35, 33, 32, 36};

/* NO_COLOR, a terminal that is none, and a file get plain letters. */
static bool wants_colour(FILE *stream) {
    const char *kind = getenv("TERM"), *refused = getenv("NO_COLOR");
    return isatty(fileno(stream)) && kind && strcmp(kind, "dumb") != 0 && !(refused && *refused);
}

static void print_cell(int state, bool colour, FILE *stream) {
    if (state < 0)
        fputc(' ', stream);
    else if (colour)
        fprintf(stream, "\033[%dm%c\033[0m", colours[state], letters[state]);
    else
        fputc(letters[state], stream);
}

/* The state whose letter stands in a cell, −1 for none. Of several the first in order. */
static void fill(const struct pko_biography *b, size_t columns, int8_t cell[ROWS][COLUMNS]) {
    memset(cell, -1, sizeof(int8_t[ROWS][COLUMNS]));
    for (int state = PKO_STATES - 1; state >= 0; state--)
        for (size_t c = 0; c < columns; c++) {
            double value = b->days.item[(2 * c + 1) * b->days.count / (2 * columns)].after[state];
            int row = ROWS - 1 - (int)(value * (ROWS - 1) + 0.5);
            cell[row][c] = (int8_t)state;
        }
}

void pko_explain_chart(const struct pko_biography *b, FILE *stream) {
    int8_t cell[ROWS][COLUMNS];
    bool colour = wants_colour(stream);
    size_t columns = b->days.count < COLUMNS ? b->days.count : COLUMNS;
    char first[11], last[11];
    if (columns == 0)
        return;
    fill(b, columns, cell);
    for (int row = 0; row < ROWS; row++) {
        int end = (int)columns; /* no blanks at a line's end */
        while (end > 0 && cell[row][end - 1] < 0)
            end--;
        if (row % 5 == 0)
            fprintf(stream, "%4.1f |", (double)(ROWS - 1 - row) / (ROWS - 1));
        else
            fputs("     |", stream);
        for (int c = 0; c < end; c++)
            print_cell(cell[row][c], colour, stream);
        fputc('\n', stream);
    }
    pko_explain_date(b->scenario, b->first_day, first);
    pko_explain_date(b->scenario, b->last_day, last);
    fputs("     +", stream);
    for (size_t c = 0; c < columns; c++)
        fputc('-', stream);
    fprintf(stream, "\n      %s", first);
    if (columns >= 24)
        fprintf(stream, "%*s", (int)columns - 10, last);
    fputs("\n      d danger  t trauma  a reinforcement  b resistance  x trust across\n", stream);
}
