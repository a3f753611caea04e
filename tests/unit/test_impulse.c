/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>

#include "experiment/impulse.h"
#include "pkosim/status.h"

#define HORIZON    200
#define REPLICATES 12

Test(impulse, half_life_is_counted_from_the_peak) {
    double curve[HORIZON];
    for (int k = 0; k < HORIZON; k++)
        curve[k] = exp2(-(double)k / 10.0);
    cr_assert_float_eq(pko_half_life(curve, HORIZON), 10.0, 1e-9);
    for (int k = 0; k < HORIZON; k++)
        curve[k] = k < 20 ? (double)k : 19.0 - 0.5 * (double)(k - 19);
    cr_assert_float_eq(pko_half_life(curve, HORIZON), 19.0, 1e-9, "from the peak on day 19 down to 9.5");
    curve[0] = 4.0, curve[1] = 1.0;
    cr_assert_float_eq(pko_half_life(curve, 2), 2.0 / 3.0, 1e-12, "between two evenings");
    for (int k = 0; k < HORIZON; k++)
        curve[k] = 1.0 + 0.01 * (double)k;
    cr_assert(isinf(pko_half_life(curve, HORIZON)), "what grows has no half-life");
    curve[0] = -1.0;
    cr_assert(isnan(pko_half_life(curve, 1)) && isnan(pko_half_life(curve, 0)));
}

/* Responses jump·2^(−day/half), and reinforcement in proportion. */
static void make(struct pko_impulse *impulse, float (*curves)[HORIZON], double half, double size) {
    for (int r = 0; r < REPLICATES; r++) {
        double jump = size * (1.0 + 0.1 * (double)(r % 5));
        impulse[r] =
            (struct pko_impulse){.hit_day = 1, .horizon = HORIZON, .danger = curves[r], .complete = true};
        impulse[r].first[PKO_RESPONSE_DANGER] = jump;
        impulse[r].first[PKO_RESPONSE_HITS] = 1.0;
        impulse[r].sum[PKO_RESPONSE_HITS] = 1.0 + (double)(r % 2);
        impulse[r].sum[PKO_RESPONSE_REINFORCEMENT] = 3.0 * jump;
        for (int k = 0; k < HORIZON; k++)
            curves[r][k] = (float)(jump * exp2(-(double)k / half));
    }
}

Test(impulse, closed_forms_come_back) {
    static struct pko_impulse cut[REPLICATES], uncut[REPLICATES];
    static float curves[2][REPLICATES][HORIZON];
    struct pko_impulse_estimate of[PKO_IMPULSE_QUANTITIES], self[PKO_IMPULSE_QUANTITIES];
    make(uncut, curves[0], 20.0, 0.01);
    make(cut, curves[1], 5.0, 0.01);
    cr_assert_eq(pko_impulse_estimate(cut, uncut, REPLICATES, 7, of), PKO_OK);
    cr_assert_eq(pko_impulse_estimate(uncut, uncut, REPLICATES, 7, self), PKO_OK);
    double gains[2] = {1.0 / (1.0 - exp2(-1.0 / 5.0)), 1.0 / (1.0 - exp2(-1.0 / 20.0))};
    cr_assert_float_eq(of[PKO_IMPULSE_HALF_LIFE].mean, 5.0, 1e-3);
    cr_assert_float_eq(self[PKO_IMPULSE_HALF_LIFE].mean, 20.0, 1e-3);
    cr_assert_float_eq(of[PKO_IMPULSE_HALF_LIFE].difference, -15.0, 1e-3);
    cr_assert_float_eq(of[PKO_IMPULSE_GAIN].mean, gains[0], 1e-4 * gains[0]);
    cr_assert_float_eq(self[PKO_IMPULSE_GAIN].mean, gains[1], 2e-3 * gains[1]); /* the tail is cut */
    cr_assert_float_eq(of[PKO_IMPULSE_HITS].mean, 0.5, 1e-12, "the extra hit itself does not count");
    cr_assert_float_eq(of[PKO_IMPULSE_JUMP].difference, 0.0, 1e-12);
    cr_assert(of[PKO_IMPULSE_JUMP].low < of[PKO_IMPULSE_JUMP].mean &&
              of[PKO_IMPULSE_JUMP].mean < of[PKO_IMPULSE_JUMP].high);
    for (int q = 0; q < PKO_IMPULSE_QUANTITIES; q++)
        if (q != PKO_IMPULSE_POSTURE && q != PKO_IMPULSE_TRUST && q != PKO_IMPULSE_PLOTS)
            cr_assert(self[q].difference == 0.0 && self[q].difference_low == 0.0 &&
                          self[q].difference_high == 0.0,
                      "%s of itself", pko_impulse_info((size_t)q)->name);
}

/* All replicates have one shape here: their mean has it in every bootstrap sample. Two shapes spread it. */
Test(impulse, bootstrap_intervals_hold_the_spread) {
    static struct pko_impulse mixed[REPLICATES], other[REPLICATES];
    static float curves[2][REPLICATES][HORIZON];
    struct pko_impulse_estimate of[PKO_IMPULSE_QUANTITIES], again[PKO_IMPULSE_QUANTITIES];
    make(mixed, curves[0], 20.0, 0.01);
    cr_assert_eq(pko_impulse_estimate(mixed, mixed, REPLICATES, 7, of), PKO_OK);
    cr_assert_lt(of[PKO_IMPULSE_HALF_LIFE].high - of[PKO_IMPULSE_HALF_LIFE].low, 1e-3);
    make(other, curves[1], 5.0, 0.01);
    for (int r = 0; r < REPLICATES; r += 2)
        mixed[r].danger = other[r].danger;
    cr_assert_eq(pko_impulse_estimate(mixed, mixed, REPLICATES, 7, of), PKO_OK);
    cr_assert(of[PKO_IMPULSE_HALF_LIFE].low > 5.0 && of[PKO_IMPULSE_HALF_LIFE].high < 20.0);
    cr_assert_gt(of[PKO_IMPULSE_HALF_LIFE].high - of[PKO_IMPULSE_HALF_LIFE].low, 2.0);
    cr_assert_eq(pko_impulse_estimate(mixed, mixed, REPLICATES, 7, again), PKO_OK);
    cr_assert(again[PKO_IMPULSE_GAIN].low == of[PKO_IMPULSE_GAIN].low, "samples are drawn at addresses");
    cr_assert_eq(pko_impulse_estimate(mixed, mixed, REPLICATES, 8, again), PKO_OK);
    cr_assert(again[PKO_IMPULSE_GAIN].low != of[PKO_IMPULSE_GAIN].low);
}

Test(impulse, without_a_jump_there_is_no_gain) {
    static struct pko_impulse cut[REPLICATES], uncut[REPLICATES];
    static float curves[2][REPLICATES][HORIZON];
    struct pko_impulse_estimate of[PKO_IMPULSE_QUANTITIES];
    make(uncut, curves[0], 20.0, 0.01);
    make(cut, curves[1], 20.0, 0.00001);
    cr_assert_eq(pko_impulse_estimate(cut, uncut, REPLICATES, 7, of), PKO_OK);
    cr_assert(isnan(of[PKO_IMPULSE_GAIN].mean) && isnan(of[PKO_IMPULSE_HALF_LIFE].difference));
    cr_assert_float_eq(of[PKO_IMPULSE_REINFORCEMENT].mean, 3.0 * of[PKO_IMPULSE_JUMP].mean, 1e-15);
}
