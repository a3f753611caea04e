/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs by their defining properties. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/design.h"
#include "pkosim/status.h"

static double *lay(const struct pko_design *design, size_t points) {
    size_t found;
    double *units, count;
    cr_assert(pko_design_lay(design, &found, &units) == PKO_OK);
    cr_assert(found == points, "%zu points", found);
    cr_assert(pko_design_count(design, &count) == PKO_OK && count == (double)points);
    return units;
}

Test(design, a_grid_is_all_combinations_the_last_parameter_first) {
    const int each[] = {2, 1, 3};
    const struct pko_design design = {.kind = PKO_DESIGN_GRID, .factors = 3, .each = each};
    const double wanted[6][3] = {{0, 0, 0}, {0, 0, 0.5}, {0, 0, 1}, {1, 0, 0}, {1, 0, 0.5}, {1, 0, 1}};
    double *units = lay(&design, 6);
    cr_expect_arr_eq(units, wanted, sizeof wanted);
    free(units);
}

Test(design, one_at_a_time_sets_one_coordinate) {
    const int each[] = {2, 3};
    const struct pko_design design = {.kind = PKO_DESIGN_ONE_AT_A_TIME, .factors = 2, .each = each};
    double *units = lay(&design, 6);
    const double first[6] = {NAN, 0, 1, NAN, NAN, NAN}, second[6] = {NAN, NAN, NAN, 0, 0.5, 1};
    for (int k = 0; k < 6; k++) {
        cr_expect(isnan(first[k]) ? isnan(units[2 * k]) : units[2 * k] == first[k], "%d", k);
        cr_expect(isnan(second[k]) ? isnan(units[2 * k + 1]) : units[2 * k + 1] == second[k], "%d", k);
    }
    free(units);
}

Test(design, a_latin_hypercube_has_one_point_in_each_stratum) {
    const struct pko_design design = {
        .kind = PKO_DESIGN_LATIN_HYPERCUBE, .factors = 5, .size = 97, .seed = 3};
    double *units = lay(&design, 97);
    size_t same_order = 0;
    for (size_t k = 0; k < 5; k++) {
        bool hit[97] = {false};
        for (size_t point = 0; point < 97; point++) {
            size_t stratum = (size_t)floor(units[point * 5 + k] * 97);
            cr_assert(stratum < 97 && !hit[stratum]);
            hit[stratum] = true;
            same_order += stratum == (size_t)floor(units[point * 5 + (k + 1) % 5] * 97);
        }
    }
    cr_expect(same_order < 40, "orders of two parameters agree in %zu places, about 5 are expected",
              same_order);
    free(units);
}

Test(design, sobol_blocks_are_a_b_and_a_with_one_coordinate_of_b) {
    const struct pko_design design = {.kind = PKO_DESIGN_SOBOL, .factors = 3, .size = 64};
    double *units = lay(&design, 64 * 5), mean[6] = {0};
    for (size_t sample = 0; sample < 64; sample++) {
        const double *a = units + sample * 15, *b = a + 3;
        for (size_t k = 0; k < 3; k++) {
            mean[k] += a[k] / 64;
            mean[3 + k] += b[k] / 64;
            for (size_t j = 0; j < 3; j++)
                cr_expect(a[3 * (k + 2) + j] == (j == k ? b[j] : a[j]));
        }
    }
    for (size_t k = 0; k < 6; k++) /* a low discrepancy: random numbers would be off by 0.036 */
        cr_expect(fabs(mean[k] - 0.5) < 0.02, "%g", mean[k]);
    free(units);
}

Test(design, sobol_takes_no_more_than_20_parameters) {
    struct pko_design design = {.kind = PKO_DESIGN_SOBOL, .factors = 20, .size = 1};
    size_t points;
    free(lay(&design, 22));
    design.factors = 21;
    double *units;
    cr_expect(pko_design_lay(&design, &points, &units) == PKO_ERROR_INPUT && !units);
}

Test(design, a_step_of_morris_moves_one_coordinate_each_once) {
    const struct pko_design design = {
        .kind = PKO_DESIGN_MORRIS, .factors = 6, .size = 40, .levels = 4, .seed = 1};
    double *units = lay(&design, 40 * 7);
    size_t ups = 0, seen[6][4] = {{0}};
    for (size_t trajectory = 0; trajectory < 40; trajectory++) {
        const double *at = units + trajectory * 42;
        bool moved[6] = {false};
        for (size_t k = 0; k < 6; k++)
            seen[k][(size_t)floor(at[k] * 3 + 0.5)]++;
        for (size_t step = 0; step < 6; step++, at += 6) {
            size_t moves = 0;
            for (size_t k = 0; k < 6; k++) {
                double change = at[6 + k] - at[k];
                if (change == 0.0)
                    continue;
                cr_expect(fabs(fabs(change) - 2.0 / 3.0) < 1e-12 && !moved[k]);
                cr_expect(at[6 + k] >= 0.0 && at[6 + k] <= 1.0);
                moved[k] = true;
                ups += change > 0.0;
                moves++;
            }
            cr_expect(moves == 1);
        }
    }
    cr_expect(ups > 85 && ups < 155, "%zu of 240 steps go up", ups);
    for (size_t k = 0; k < 6; k++)
        for (size_t level = 0; level < 4; level++)
            cr_expect(seen[k][level] > 1, "level %zu of parameter %zu", level, k);
    free(units);
}

Test(design, morris_refuses_an_odd_number_of_levels) {
    const struct pko_design design = {.kind = PKO_DESIGN_MORRIS, .factors = 1, .size = 1, .levels = 5};
    double count;
    cr_expect(pko_design_count(&design, &count) == PKO_ERROR_INPUT);
}

Test(design, a_seed_makes_the_same_design_and_another_one_another) {
    struct pko_design design = {.kind = PKO_DESIGN_LATIN_HYPERCUBE, .factors = 2, .size = 50, .seed = 8};
    for (int kind = 0; kind < 2; kind++) {
        double *one = lay(&design, kind ? 150 : 50), *same = lay(&design, kind ? 150 : 50);
        size_t bytes = (kind ? 150u : 50u) * 2 * sizeof *one;
        design.seed++;
        double *other = lay(&design, kind ? 150 : 50);
        cr_expect(memcmp(one, same, bytes) == 0 && memcmp(one, other, bytes) != 0);
        free(one);
        free(same);
        free(other);
        design.kind = PKO_DESIGN_MORRIS;
        design.levels = 4;
    }
}

Test(design, too_many_points_are_refused) {
    const int each[] = {10000, 10000};
    const struct pko_design design = {.kind = PKO_DESIGN_GRID, .factors = 2, .each = each};
    size_t points;
    double *units;
    cr_expect(pko_design_lay(&design, &points, &units) == PKO_ERROR_INPUT && points == 0 && !units);
}
