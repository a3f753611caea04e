/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "experiment/sensitivity_rows.h"

/* Columns of ranks (factors, then the outcome), a column, an order, and two square matrices. */
size_t pko_rank_scratch(const struct pko_sensitivity_input *input) {
    size_t columns = input->factors + 1;
    return (columns + 2) * input->points + 2 * columns * columns;
}

/* Ranks from 1 on, ties with the mean of theirs. */
static void rank(const double *column, size_t count, size_t *order, double *ranks) {
    gsl_sort_index(order, column, 1, count);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && column[order[to]] == column[order[from]];)
            to++;
        for (size_t k = from; k < to; k++)
            ranks[order[k]] = (double)(from + to + 1) / 2.0;
    }
}

/* −P_iy/√(P_ii·P_yy) of the inverse P of the correlation matrix of the ranks. */
static void partial(const struct pko_sensitivity_input *input, const double *matrix, double *copy,
                    double *value) {
    size_t columns = input->factors + 1, y = input->factors;
    for (size_t k = 0; k < columns * columns; k++)
        copy[k] = matrix[k];
    gsl_matrix_view inverse = gsl_matrix_view_array(copy, columns, columns);
    bool good =
        gsl_linalg_cholesky_decomp1(&inverse.matrix) == 0 && gsl_linalg_cholesky_invert(&inverse.matrix) == 0;
    for (size_t k = 0; k < input->factors; k++) {
        double square = copy[k * columns + k] * copy[y * columns + y];
        value[k * PKO_INDEX_PER_PASS + 1] =
            good && square > 0.0 ? -copy[k * columns + y] / sqrt(square) : NAN;
    }
}

void pko_rank_pass(struct pko_sensitivity_work *work) {
    const struct pko_sensitivity_input *input = work->input;
    size_t columns = input->factors + 1, count = work->unit_count;
    double *ranks = work->scratch, *column = ranks + columns * input->points;
    size_t *order = (size_t *)(void *)(column + input->points);
    double *matrix = column + 2 * input->points, *copy = matrix + columns * columns;
    for (size_t k = 0; k < columns; k++) {
        for (size_t at = 0; at < count; at++) {
            size_t point = work->units[work->chosen[at]];
            column[at] = k < input->factors ? input->design[point * input->factors + k] : work->means[point];
        }
        rank(column, count, order, ranks + k * count);
    }
    for (size_t k = 0; k < columns; k++)
        for (size_t other = 0; other <= k; other++)
            matrix[k * columns + other] = matrix[other * columns + k] =
                k == other ? 1.0
                           : gsl_stats_correlation(ranks + k * count, 1, ranks + other * count, 1, count);
    partial(input, matrix, copy, work->value);
    for (size_t k = 0; k < input->factors; k++) {
        work->value[k * PKO_INDEX_PER_PASS] = matrix[k * columns + input->factors];
        work->value[k * PKO_INDEX_PER_PASS + 2] = NAN;
    }
}
