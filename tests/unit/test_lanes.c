/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/lanes.h"

static const float awkward[16] = {
    0.0f,       -0.0f, 1.0f,     -1.0f,     0.5f, 1.0f + 0x1p-23f, 1.0f - 0x1p-24f, 0x1p-149f,
    -0x1p-149f, 2.0f,  INFINITY, -INFINITY, NAN,  1e30f,           -1e30f,          0.3f};

Test(lanes, load_and_all) {
    float place[40];
    for (int k = 0; k < 40; k++)
        place[k] = (float)k;
    for (int from = 0; from < 24; from++) { /* any alignment */
        pko_f32 seen = pko_load(place + from);
        for (int k = 0; k < 16; k++)
            cr_assert_eq(seen[k], (float)(from + k));
    }
    pko_f32 all = pko_all(0.3f);
    for (int k = 0; k < 16; k++)
        cr_assert_eq(all[k], 0.3f);
}

Test(lanes, select_takes_whole_lanes) {
    pko_f32 yes = pko_load(awkward), no = pko_all(7.0f);
    for (unsigned pattern = 0; pattern < 65536; pattern += 257) {
        pko_i32 mask;
        for (int k = 0; k < 16; k++)
            mask[k] = (pattern >> k) & 1 ? -1 : 0;
        pko_f32 taken = pko_select(mask, yes, no);
        pko_i32 whole = pko_select_whole(mask, (pko_i32)yes, (pko_i32)no);
        for (int k = 0; k < 16; k++) {
            float expected = mask[k] ? awkward[k] : 7.0f, found = taken[k];
            int32_t bits = whole[k];
            cr_assert_eq(memcmp(&found, &expected, 4), 0, "lane %d", k); /* NaN and −0 too */
            cr_assert_eq(memcmp(&bits, &expected, 4), 0, "lane %d", k);
        }
    }
}

/* Into [0,1]; what is not a number becomes 0, and so does −0. */
Test(lanes, clip) {
    static const float clipped[16] = {0.0f,      0.0f, 1.0f, 0.0f, 0.5f, 1.0f, 1.0f - 0x1p-24f,
                                      0x1p-149f, 0.0f, 1.0f, 1.0f, 0.0f, 0.0f, 1.0f,
                                      0.0f,      0.3f};
    pko_f32 found = pko_clip_lanes(pko_load(awkward));
    for (int k = 0; k < 16; k++) {
        float value = found[k];
        cr_expect_eq(memcmp(&value, &clipped[k], 4), 0, "%g becomes %g, not %g", (double)awkward[k],
                     (double)value, (double)clipped[k]);
    }
}

Test(lanes, widen) {
    uint8_t bytes[19];
    for (int k = 0; k < 19; k++)
        bytes[k] = (uint8_t)(255 - 13 * k);
    for (int from = 0; from < 3; from++) {
        pko_i32 wide = pko_widen(bytes + from);
        for (int k = 0; k < 16; k++)
            cr_assert_eq(wide[k], (int32_t)bytes[from + k]);
    }
}

Test(lanes, halves_and_sums_in_double) {
    float value[16];
    for (int k = 0; k < 16; k++)
        value[k] = (float)(k + 1) * 0x1p-30f;
    pko_f32 x = pko_load(value);
    pko_f32x8 low = pko_low(x), high = pko_high(x);
    for (int k = 0; k < 8; k++)
        cr_assert(low[k] == value[k] && high[k] == value[k + 8]);
    pko_f64 sum[2];
    for (int k = 0; k < 8; k++)
        sum[0][k] = sum[1][k] = 1.0; /* beside which a float would lose them */
    for (int times = 0; times < 3; times++)
        pko_add(sum, x);
    for (int k = 0; k < 16; k++)
        cr_assert_eq(sum[k / 8][k % 8], 1.0 + 3 * (double)value[k]);
}
