/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates of sharing of a row of groups, for every instruction set, against ODD 6.4 pair by pair. */
#include "support/clones.h"

#include <math.h>

#include "base/real.h"
#include "process/sharing_rows.h"

#define MOST 128

static double willing(double trust, double gate) {
    return gate == 0.0   ? 1.0
           : gate == 1.0 ? trust
           : gate == 1.5 ? trust * sqrt(trust)
           : gate == 2.0 ? trust * trust
                         : pko_pow(trust, gate);
}

/* η of g toward h for a free copy, and for a restricted one. */
static void rates(const struct pko_sharing_day *day, const struct pko_sharing_row *row, size_t g, size_t h,
                  double *open, double *closed) {
    double contact = row->overlap[h];
    if ((double)(day->today - row->last_ride[h]) < day->ride_memory)
        contact += day->convoy_contact;
    contact = contact < 1.0 ? contact : 1.0;
    bool network = day->secure[g] && day->secure[h], hub = day->hub[g] || day->hub[h];
    double language = day->languages[g] & day->languages[h] ? 1.0 : day->foreign;
    double ease = language * willing(row->trust[h], day->trust_gate);
    double informal = ease * day->informal_rate * contact;
    *open = (network ? day->secure_rate : 0.0) +
            (ease * day->mail_rate + (hub ? ease * day->hub_rate : 0.0) + informal);
    *closed = network ? *open : day->restricted_talk * informal;
    if (g == h || !day->present[h])
        *open = *closed = 0.0;
}

static void fill(struct pko_sharing_day *day, struct dice *dice, size_t groups) {
    static const double gates[] = {0.0, 1.0, 1.5, 2.0, 0.7};
    memset(day, 0, sizeof *day);
    day->secure_rate = some(dice, 1.0);
    day->mail_rate = some(dice, 1.0);
    day->hub_rate = some(dice, 1.0);
    day->informal_rate = some(dice, 1.0);
    day->restricted_talk = some(dice, 1.0);
    day->trust_gate = gates[up_to(dice, 4)];
    day->foreign = some(dice, 1.0);
    day->convoy_contact = some(dice, 1.0);
    day->ride_memory = (double)up_to(dice, 30);
    day->today = (int32_t)up_to(dice, 3653);
    for (size_t g = 0; g < groups; g++) {
        day->languages[g] = (int64_t)(roll(dice) & roll(dice) & roll(dice));
        day->secure[g] = -(int64_t)(up_to(dice, 2) == 0);
        day->hub[g] = -(int64_t)(up_to(dice, 5) == 0);
        day->present[g] = -(int64_t)(up_to(dice, 5) > 0);
    }
}

Test(sharing_rows, every_clone_gives_the_bits_of_the_pairs) {
    struct pko_sharing_day day;
    struct dice dice = {23};
    double trust[MOST], overlap[MOST], open[MOST], closed[MOST], expected[2];
    int32_t last_ride[MOST];
    struct pko_sharing_row row = {trust, overlap, last_ride};
    for (int run = 0; run < 200; run++) {
        size_t groups = 1 + up_to(&dice, MOST - 1), g = up_to(&dice, (uint32_t)groups - 1);
        fill(&day, &dice, groups);
        for (size_t h = 0; h < MOST; h++) {
            trust[h] = some(&dice, 1.0);
            overlap[h] = some(&dice, 1.0);
            last_ride[h] = up_to(&dice, 3) ? day.today - (int32_t)up_to(&dice, 40) : PKO_NEVER;
        }
        FOR_EACH_CLONE(level, clone) {
            memset(open, 0, sizeof open);
            memset(closed, 0, sizeof closed);
            PKO_CHOOSE((enum pko_level)level, pko_sharing_rates)(&day, &row, g, groups, open, closed);
            for (size_t h = 0; h < groups; h++) {
                rates(&day, &row, g, h, &expected[0], &expected[1]);
                expect_same_bits(clone, &open[h], &expected[0], sizeof expected[0]);
                expect_same_bits(clone, &closed[h], &expected[1], sizeof expected[1]);
            }
            for (size_t h = groups; h < (groups + 7) / 8 * 8; h++)
                cr_assert(open[h] == 0.0 && closed[h] == 0.0, "nobody stands past the last group");
        }
    }
}

Test(sharing_rows, hazards_are_sums_in_the_order_of_holders) {
    struct dice dice = {29};
    static double matrix[MOST][MOST];
    const double *rows[MOST];
    for (int run = 0; run < 50; run++) {
        size_t count = up_to(&dice, MOST), width = 8 * (size_t)up_to(&dice, MOST / 8);
        double found[MOST], expected[MOST] = {0};
        for (size_t k = 0; k < count; k++) {
            double *row = matrix[up_to(&dice, MOST - 1)];
            rows[k] = row;
            for (size_t h = 0; h < width; h++)
                row[h] = some(&dice, 1.0);
        }
        for (size_t k = 0; k < count; k++)
            for (size_t h = 0; h < width; h++)
                expected[h] += rows[k][h];
        FOR_EACH_CLONE(level, clone) {
            PKO_CHOOSE((enum pko_level)level, pko_sharing_hazards)(rows, count, width, found);
            expect_same_bits(clone, found, expected, width * sizeof *found);
        }
    }
}
