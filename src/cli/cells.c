/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int pko_decimals_for(double half) {
    int decimals = 1 - (int)floor(log10(half));
    return decimals < 0 ? 0 : decimals > 4 ? 4 : decimals;
}

/* A number as the table writes it: no 0 before the point, no "-0". `text` has at least 32 bytes. */
static const char *short_number(char *text, double value, int decimals) {
    if (fabs(value) < 0.5 * pow(10.0, -decimals))
        value = 0.0;
    snprintf(text, 32, "%.*f", decimals, value);
    char *zero = text + (*text == '-');
    if (zero[0] == '0' && zero[1] == '.')
        memmove(zero, zero + 1, strlen(zero));
    return text;
}

/* "19.0 ±1.9": the interval is symmetric, so its half-width says it whole. */
void pko_cell_interval(struct pko_table *table, const char *mark, double mean, double half) {
    char texts[2][32];
    if (isnan(mean)) {
        pko_table_cell(table, "–");
    } else if (!(half > 0.0)) {
        pko_table_cell(table, isnan(half) ? "%s%.4g" : "%s%.4g ±0", mark, mean);
    } else {
        int decimals = pko_decimals_for(half);
        pko_table_cell(table, "%s%s ±%s", mark, short_number(texts[0], mean, decimals),
                       short_number(texts[1], half, decimals));
    }
}

void pko_cell_fixed(struct pko_table *table, double mean, double half, int decimals) {
    char texts[2][32];
    if (isnan(mean))
        pko_table_cell(table, "–");
    else if (isnan(half))
        pko_table_cell(table, "%s", short_number(texts[0], mean, decimals));
    else
        pko_table_cell(table, "%s ±%s", short_number(texts[0], mean, decimals),
                       short_number(texts[1], half, decimals));
}

void pko_cell_replicates(struct pko_table *table, double replicates) {
    if (isnan(replicates) || isinf(replicates))
        pko_table_cell(table, "–");
    else
        pko_table_cell(table, replicates < 1e4 ? "%.0f" : "%.0e", replicates);
}

/* An effect size or a correlation: two decimals, one from 10 on. */
void pko_cell_pure(struct pko_table *table, double value) {
    char text[32];
    if (!isfinite(value))
        pko_table_cell(table, "–");
    else
        pko_table_cell(table, "%s", short_number(text, value, fabs(value) < 9.995 ? 2 : 1));
}

void pko_cells_difference(struct pko_table *table, const struct pko_difference *difference, double smallest) {
    bool negligible = difference->low >= -smallest && difference->high <= smallest;
    pko_cell_interval(table, negligible ? "≈" : "", difference->mean, difference->high - difference->mean);
    pko_cell_pure(table, difference->effect_size);
    pko_cell_pure(table, difference->correlation);
    pko_cell_replicates(table, difference->sign);
}

void pko_line_block(struct pko_table *table, const struct pko_outcome_block *block) {
    bool ratio = strcmp(block->unit, "1") == 0;
    pko_table_line(table, "%s (%s%s%s)", block->title, ratio ? "" : block->unit, ratio ? "" : ", ",
                   pko_reduction_text(block->reduction));
}
