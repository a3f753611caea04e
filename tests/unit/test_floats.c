/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes as this file is compiled for; tests/property/test_meetings.c holds the daily loop of every
 * instruction set against a plain one. */
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/floats.h"
#include "base/random.h"
#include "support/tally.h"

static const float awkward[16] = {
    0.0f,       -0.0f, 1.0f,     -1.0f,     0.5f, 1.0f + 0x1p-23f, 1.0f - 0x1p-24f, 0x1p-149f,
    -0x1p-149f, 2.0f,  INFINITY, -INFINITY, NAN,  1e30f,           -1e30f,          0.3f};

static void expect_bits(float found, float expected, const char *what, int at) {
    cr_assert(memcmp(&found, &expected, sizeof found) == 0, "%s, number %d: %a, not %a", what, at,
              (double)found, (double)expected);
}

Test(floats, load_store_and_all) {
    float place[40], copy[40];
    for (int k = 0; k < 40; k++)
        place[k] = (float)k;
    for (int from = 0; from + PKO_FLOATS <= 40; from++) { /* any alignment */
        memset(copy, 0, sizeof copy);
        pko_floats_store(copy + from, pko_floats_load(place + from));
        for (int k = 0; k < 40; k++)
            cr_assert_eq(copy[k], k >= from && k < from + PKO_FLOATS ? place[k] : 0.0f);
    }
    for (uint32_t count = 0; count < PKO_FLOATS; count++) {
        memset(copy, 0, sizeof copy);
        pko_floats_store_first(copy, pko_floats_of(0.3f), count);
        for (uint32_t k = 0; k < 40; k++)
            expect_bits(copy[k], k < count ? 0.3f : 0.0f, "the first lanes", (int)k);
    }
}

/* All pairs of awkward numbers, NaN and zeros of both signs among them. */
Test(floats, choices_are_those_of_plain_comparisons) {
    for (int k = 0; k < 16; k += PKO_FLOATS)
        for (int l = 0; l < 16; l++) {
            pko_floats a = pko_floats_load(awkward + k), b = pko_floats_of(awkward[l]);
            pko_floats lesser = pko_lesser(a, b), greater = pko_greater(a, b), size = pko_magnitude(a);
            pko_floats either = pko_either(pko_less(a, b), a, b);
            for (int lane = 0; lane < PKO_FLOATS; lane++) {
                float x = awkward[k + lane], y = awkward[l];
                expect_bits(lesser[lane], x < y ? x : y, "lesser", k + lane);
                expect_bits(greater[lane], x > y ? x : y, "greater", k + lane);
                expect_bits(either[lane], x < y ? x : y, "either", k + lane);
                expect_bits(size[lane], fabsf(x), "magnitude", k + lane);
            }
        }
}

/* Into [0,1]; what is not a number becomes 0, and so does −0. */
Test(floats, unit_interval) {
    static const float cut[16] = {0.0f, 0.0f, 1.0f, 0.0f, 0.5f, 1.0f, 1.0f - 0x1p-24f, 0x1p-149f, 0.0f, 1.0f,
                                  1.0f, 0.0f, 0.0f, 1.0f, 0.0f, 0.3f};
    for (int k = 0; k < 16; k += PKO_FLOATS) {
        pko_floats found = pko_unit_interval(pko_floats_load(awkward + k));
        for (int lane = 0; lane < PKO_FLOATS; lane++)
            expect_bits(found[lane], cut[k + lane], "cut", k + lane);
    }
}

Test(floats, whole_numbers) {
    uint8_t bytes[20];
    for (int k = 0; k < 20; k++)
        bytes[k] = (uint8_t)(255 - 13 * k);
    static const int32_t table[4] = {7, -3, INT32_MAX, 11};
    for (int from = 0; from < 4; from++) {
        pko_wholes wide = pko_wholes_load(bytes + from), number = pko_lane_numbers() & 3;
        pko_wholes entry = pko_entry_whole(table, number), least = pko_lesser_whole(wide, pko_wholes_of(200));
        pko_mask small = pko_less_whole(wide, pko_wholes_of(200)), odd = pko_has(wide, 1);
        pko_wholes fewer = pko_one_less(small, wide);
        pko_wholes both = pko_either_whole(pko_but_not(odd, small), pko_wholes_of(1), pko_wholes_of(0));
        for (int k = 0; k < PKO_FLOATS; k++) {
            int32_t byte = bytes[from + k];
            cr_assert(wide[k] == byte && entry[k] == table[k % 4] && least[k] == (byte < 200 ? byte : 200));
            cr_assert(fewer[k] == byte - (byte < 200) && both[k] == ((byte & 1) && byte >= 200));
        }
    }
}

/* 1 beside which a float would lose what is added; the tree is that of base/tally.h. */
Test(floats, sums_in_double) {
    float value[PKO_LANES];
    double lane[PKO_LANES];
    pko_wide sum[PKO_PARTS];
    for (int k = 0; k < PKO_LANES; k++) {
        value[k] = (float)(k * k + 1) * 0x1p-30f;
        lane[k] = k % 3 ? 1.0 : 0x1p30;
    }
    memcpy(sum, lane, sizeof sum);
    for (int times = 0; times < 3; times++)
        for (int part = 0; part < PKO_LANES / PKO_FLOATS; part++)
            pko_doubles_add(sum + 2 * part, pko_floats_load(value + part * PKO_FLOATS));
    for (int k = 0; k < PKO_LANES; k++)
        for (int times = 0; times < 3; times++)
            lane[k] += (double)value[k];
    cr_assert_eq(memcmp(lane, sum, sizeof lane), 0);
    cr_assert_eq(pko_wide_tree(sum), test_tally_tree(lane));
}

Test(floats, records_become_columns_and_back) {
    float records[64][4], back[PKO_FLOATS][4];
    for (int k = 0; k < 64; k++)
        for (int f = 0; f < 4; f++)
            records[k][f] = (float)(10 * k + f);
    uint32_t at[PKO_FLOATS];
    for (uint32_t k = 0; k < PKO_FLOATS; k++)
        at[k] = (37 * k + 5) % 64;
    pko_floats field[4];
    pko_records_load(records, at, field);
    for (int f = 0; f < 4; f++)
        for (int k = 0; k < PKO_FLOATS; k++)
            cr_assert_eq(field[f][k], records[at[k]][f]);
    pko_records_store(back, field);
    for (int k = 0; k < PKO_FLOATS; k++)
        cr_assert_eq(memcmp(back[k], records[at[k]], sizeof back[k]), 0);
}

Test(floats, words_are_those_of_the_address) {
    static const uint64_t seeds[] = {0, 7, UINT64_C(0xFEDCBA9876543210)};
    for (size_t s = 0; s < 3; s++)
        for (uint32_t index = 0; index < 100; index += 33) {
            pko_bits word[2][4];
            struct pko_address address[2] = {{index, 40}, {7 * index + 1, 41}};
            for (int draws = 1; draws <= PKO_DRAWS; draws++) {
                memset(word, 0, sizeof word);
                pko_words_draw(address, draws, (uint32_t)PKO_PURPOSE_MEETING << 16 | 365, 9, seeds[s], word);
                for (int d = 0; d < draws; d++)
                    for (uint32_t lane = 0; lane < PKO_FLOATS; lane++) {
                        struct pko_words one = pko_draw((struct pko_stream){seeds[s], 9}, PKO_PURPOSE_MEETING,
                                                        365, address[d].entity, address[d].index + lane);
                        for (int k = 0; k < 4; k++)
                            cr_assert_eq(word[d][k][lane], one.word[k]);
                    }
            }
        }
}
