/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of many numbers at once, for every instruction set, against those of one. */
#include "support/clones.h"

#include <math.h>

#include "base/draws.h"
#include "base/real.h"
#include "base/reals.h"
#include "support/tally.h"
#include "model/cuts_rows.h"
#include "process/operations_rows.h"

#define MOST 1000

/* Numbers of every size and sign, and the edges at which formulas change. */
static double any_number(struct dice *dice) {
    static const double edges[] = {0.0,    -0.0,   1.0,     -1.0,    745.0,    -745.0,   746.0,     -746.0,
                                   -746.5, 746.5,  -745.13, 0x1p-60, -0x1p-60, INFINITY, -INFINITY, NAN,
                                   1e300,  -1e300, 40.0,    -40.0,   0.5,      -0.5,     0x1p-1074, -708.4};
    uint32_t kind = up_to(dice, 9);
    if (kind == 0)
        return edges[up_to(dice, sizeof edges / sizeof *edges - 1)];
    double size = kind < 6 ? some(dice, 4.0) : kind < 9 ? some(dice, 50.0) : some(dice, 800.0);
    return up_to(dice, 1) ? size : -size;
}

Test(lane_functions, logistics_have_the_bits_of_one) {
    struct dice dice = {31};
    double x[MOST], found[MOST + 1], expected[MOST];
    for (int run = 0; run < 400; run++) {
        size_t count = up_to(&dice, run < 40 ? 20 : MOST);
        for (size_t k = 0; k < count; k++) {
            x[k] = any_number(&dice);
            expected[k] = pko_logistic(x[k]);
        }
        FOR_EACH_CLONE(level, clone) {
            found[count] = 7.0;
            PKO_CHOOSE((enum pko_level)level, pko_logistics)(x, found, count);
            for (size_t k = 0; k < count; k++)
                cr_assert_eq(memcmp(&found[k], &expected[k], 8), 0, "%s: logistic of %a is %a, not %a", clone,
                             x[k], found[k], expected[k]);
            cr_assert_eq(found[count], 7.0, "%s writes past the last", clone);
            memcpy(found, x, count * sizeof *x);
            PKO_CHOOSE((enum pko_level)level, pko_logistics)(found, found, count);
            expect_same_bits(clone, found, expected, count * sizeof *found);
        }
    }
}

/* B and V of one section, member by member. */
static void hear(const struct pko_hearers *all, int j, double *voiced, double *voice) {
    enum { SOLDIERS, MEN, WOMEN, HEARINGS };
    double lane[HEARINGS][PKO_LANES] = {{0}}, sum[HEARINGS], n = (double)all->people[j];
    for (uint32_t k = 0; k < all->people[j]; k++) {
        uint8_t traits = all->traits[all->first[j] + k];
        int heard = traits & PKO_TRAIT_BACKGROUND ? SOLDIERS : traits & PKO_TRAIT_WOMAN ? WOMEN : MEN;
        lane[heard][k % PKO_LANES] += (double)all->resistance[all->first[j] + k];
    }
    for (int heard = 0; heard < HEARINGS; heard++)
        sum[heard] = test_tally_tree(lane[heard]);
    double u = (double)all->background[j] / n, women = (double)all->women[j] / n;
    double man = 1.0 - all->background_mutes * u;
    double woman = man * (1.0 - all->club_mutes * u * (1.0 - women));
    double whole = sum[SOLDIERS] + sum[MEN] + sum[WOMEN];
    double spoken = sum[SOLDIERS] + man * sum[MEN] + woman * sum[WOMEN];
    *voiced = spoken / n;
    *voice = whole > 0.0 && (man < 1.0 || woman < 1.0) ? spoken / whole : 1.0;
}

#define SECTIONS 40

Test(lane_functions, sections_are_heard_as_member_by_member) {
    struct dice dice = {37};
    static float resistance[MOST + PKO_PEOPLE_PAD];
    static uint8_t traits[MOST + PKO_PEOPLE_PAD];
    int32_t sections[SECTIONS];
    uint32_t first[SECTIONS], people[SECTIONS], background[SECTIONS], women[SECTIONS];
    for (int run = 0; run < 300; run++) {
        struct pko_hearers all = {
            sections, up_to(&dice, SECTIONS), first,           people, background, women, resistance,
            traits,   some(&dice, 1.0),       some(&dice, 1.0)};
        double voiced[2][SECTIONS] = {{0}}, voice[2][SECTIONS] = {{0}};
        bool nobody = up_to(&dice, 9) == 0; /* feels any resistance */
        if (up_to(&dice, 5) == 0)
            all.background_mutes = all.club_mutes = 0.0;
        for (size_t k = 0; k < MOST + PKO_PEOPLE_PAD; k++) {
            resistance[k] = nobody ? 0.0f : (float)some(&dice, 1.0);
            traits[k] = (uint8_t)up_to(&dice, 15);
        }
        for (uint32_t j = 0; j < SECTIONS; j++) {
            sections[j] = (int32_t)(SECTIONS - 1 - j);
            first[j] = up_to(&dice, MOST / 2);
            people[j] = 1 + up_to(&dice, j % 2 ? 40 : MOST / 2 - 1);
            background[j] = up_to(&dice, people[j]);
            women[j] = up_to(&dice, people[j]);
        }
        for (uint32_t k = 0; k < all.count; k++)
            hear(&all, sections[k], &voiced[0][sections[k]], &voice[0][sections[k]]);
        FOR_EACH_CLONE(level, clone) {
            memset(voiced[1], 0, sizeof voiced[1]);
            memset(voice[1], 0, sizeof voice[1]);
            PKO_CHOOSE((enum pko_level)level, pko_hear_sections)(&all, voiced[1], voice[1]);
            expect_same_bits(clone, voiced[1], voiced[0], sizeof voiced[0]);
            expect_same_bits(clone, voice[1], voice[0], sizeof voice[0]);
        }
    }
}

Test(lane_functions, draws_below_are_those_of_single_draws) {
    struct dice dice = {41};
    static uint32_t entity[MOST], index_of[MOST], below[MOST], hits[MOST + 1];
    const struct pko_addresses addresses = {entity, index_of, 0};
    size_t all = 0;
    for (int run = 0; run < 200; run++) {
        struct pko_stream stream = {roll(&dice), up_to(&dice, 0xFFFFF)};
        enum pko_purpose purpose = (enum pko_purpose)up_to(&dice, PKO_PURPOSE_COUNT - 1);
        uint32_t day = up_to(&dice, 65535), expected[MOST], count = 0;
        struct pko_addresses some_addresses = addresses;
        some_addresses.count = up_to(&dice, run < 50 ? 40 : MOST);
        for (uint32_t k = 0; k < some_addresses.count; k++) {
            entity[k] = (uint32_t)roll(&dice);
            index_of[k] = up_to(&dice, 1) ? k : (uint32_t)roll(&dice);
            struct pko_words words = pko_draw(stream, purpose, day, entity[k], index_of[k]);
            uint32_t nearest =
                up_to(&dice, 3); /* bounds on either side of a word, and rare and certain ones */
            below[k] = up_to(&dice, 3) == 0   ? words.word[nearest] + up_to(&dice, 1)
                       : up_to(&dice, 9) == 0 ? 0
                                              : up_to(&dice, 1u << 28);
            bool hit = false;
            for (int w = 0; w < 4; w++)
                hit |= words.word[w] < below[k];
            if (hit)
                expected[count++] = k;
        }
        all += count;
        FOR_EACH_CLONE(level, clone) {
            size_t found = PKO_CHOOSE((enum pko_level)level, pko_draws_below)(stream, purpose, day,
                                                                              &some_addresses, below, hits);
            cr_assert_eq(found, count, "%s: %zu hits, not %u", clone, found, count);
            expect_same_bits(clone, hits, expected, count * sizeof *hits);
        }
    }
    cr_assert_gt(all, 1000);
}

Test(lane_functions, means_approach_their_values) {
    struct dice dice = {61};
    double memory[MOST], value[MOST], found[MOST], expected[MOST];
    for (int run = 0; run < 100; run++) {
        size_t count = up_to(&dice, MOST);
        double share = some(&dice, 1.0);
        for (size_t k = 0; k < MOST; k++) {
            value[k] = some(&dice, 1.0);
            expected[k] = memory[k] = some(&dice, 1.0);
        }
        for (size_t k = 0; k < count; k++)
            expected[k] += (value[k] - expected[k]) * share;
        FOR_EACH_CLONE(level, clone) {
            memcpy(found, memory, sizeof found);
            PKO_CHOOSE((enum pko_level)level, pko_approach)(found, value, count, share);
            expect_same_bits(clone, found, expected, sizeof found);
        }
    }
}

Test(lane_functions, means_of_layers_approach_their_values_each_by_its_days) {
    struct dice dice = {67};
    static double memory[2][MOST], value[2][MOST], found[2][MOST], expected[2][MOST];
    uint32_t people[MOST];
    int32_t since[MOST];
    for (int run = 0; run < 100; run++) {
        const struct pko_remembering layers = {
            people, since, up_to(&dice, MOST), (int32_t)up_to(&dice, 3653), up_to(&dice, 5) == 0, 90};
        for (size_t k = 0; k < MOST; k++) {
            people[k] = up_to(&dice, 2);
            since[k] = layers.until - 1 - (int32_t)up_to(&dice, up_to(&dice, 1) ? 3 : 200);
            for (int c = 0; c < 2; c++) {
                value[c][k] = some(&dice, 1.0);
                expected[c][k] = memory[c][k] = some(&dice, 1.0);
                int32_t days = layers.until - since[k] < 90 ? layers.until - since[k] : 90;
                if (k < layers.layers && people[k] > 0)
                    expected[c][k] = days == 1 || layers.start
                                         ? value[c][k]
                                         : memory[c][k] + (value[c][k] - memory[c][k]) * (1.0 / (double)days);
            }
        }
        FOR_EACH_CLONE(level, clone) {
            const struct pko_remembered columns[] = {{found[0], value[0]}, {found[1], value[1]}};
            memcpy(found, memory, sizeof found);
            PKO_CHOOSE((enum pko_level)level, pko_approach_each)(&layers, columns, 2);
            expect_same_bits(clone, found, expected, sizeof found);
        }
    }
}

/* Words, uniform numbers and counts of many addresses are those of single draws. */
Test(lane_functions, draws_are_those_of_single_draws) {
    struct dice dice = {43};
    static uint32_t entity[MOST], index_of[MOST], word[4][MOST + 1], number[MOST], hits[MOST];
    static double u[MOST + 1], mean[MOST], below[MOST];
    uint32_t *const words[4] = {word[0], word[1], word[2], word[3]};
    size_t counted = 0;
    for (int run = 0; run < 200; run++) {
        struct pko_stream stream = {roll(&dice), up_to(&dice, 0xFFFFF)};
        enum pko_purpose purpose = (enum pko_purpose)up_to(&dice, PKO_PURPOSE_COUNT - 1);
        uint32_t day = up_to(&dice, 65535);
        const struct pko_addresses all = {entity, run % 4 ? index_of : NULL,
                                          up_to(&dice, run < 50 ? 20 : MOST)};
        for (size_t k = 0; k < all.count; k++) {
            entity[k] = (uint32_t)roll(&dice);
            index_of[k] = (uint32_t)roll(&dice);
            mean[k] = some(&dice, up_to(&dice, 9) ? 1.0 : up_to(&dice, 3) ? 32.0 : 100.0);
            below[k] = some(&dice, 0.2);
        }
        FOR_EACH_CLONE(level, clone) {
            for (int w = 0; w < 4; w++)
                word[w][all.count] = 7;
            u[all.count] = 7.0;
            PKO_CHOOSE((enum pko_level)level, pko_draws)(stream, purpose, day, &all, words);
            PKO_CHOOSE((enum pko_level)level, pko_uniforms)(stream, purpose, day, &all, u);
            pko_poissons((enum pko_level)level, stream, purpose, day, entity, mean, all.count, number);
            for (uint32_t k = 0; k < all.count; k++) {
                struct pko_words one =
                    pko_draw(stream, purpose, day, entity[k], all.index ? all.index[k] : 0);
                for (int w = 0; w < 4; w++)
                    cr_assert_eq(word[w][k], one.word[w], "%s: word %d of draw %u", clone, w, k);
                cr_assert_eq(u[k], pko_uniform(one, 0), "%s: number %u is %a", clone, k, u[k]);
                cr_assert_eq(number[k], pko_poisson_at(stream, purpose, day, entity[k], mean[k]),
                             "%s: count %u of mean %g is %u", clone, k, mean[k], number[k]);
                counted += number[k] > 0;
            }
            size_t found = PKO_CHOOSE((enum pko_level)level, pko_uniforms_below)(stream, purpose, day, &all,
                                                                                 below, u, hits);
            size_t expected = 0;
            for (uint32_t k = 0; k < all.count; k++)
                if (u[k] < below[k])
                    cr_assert(expected < found && hits[expected++] == k, "%s misses %u", clone, k);
            cr_assert_eq(found, expected, "%s finds %zu, not %zu", clone, found, expected);
            for (int w = 0; w < 4; w++)
                cr_assert_eq(word[w][all.count], 7, "%s writes past the last", clone);
            cr_assert_eq(u[all.count], 7.0, "%s writes past the last", clone);
        }
    }
    cr_assert_gt(counted, 1000);
}

/* A chance anywhere in (0,1), often far out or at an edge of a range of the formula. */
static double any_chance(struct dice *dice) {
    static const double edges[] = {
        0.0, 1.0,      0.5,     0.075,         0.925,  0x1p-36,   0x1p-1074, 0x1.8p-37,       -0.5,   1.5,
        NAN, INFINITY, 0x1p-33, 1.0 - 0x1p-53, 1e-300, 1.389e-11, 1.4e-11,   1.0 - 1.389e-11, 0x1p-32};
    uint32_t kind = up_to(dice, 19);
    if (kind == 0)
        return edges[up_to(dice, sizeof edges / sizeof *edges - 1)];
    double tail = kind < 14 ? some(dice, 1.0) : some(dice, 1.0) * pko_exp(-some(dice, 40.0));
    return up_to(dice, 1) ? tail : 1.0 - tail;
}

Test(lane_functions, normal_quantiles_have_the_bits_of_one) {
    struct dice dice = {47};
    static double p[MOST], found[MOST + 1], expected[MOST];
    for (int run = 0; run < 400; run++) {
        size_t count = up_to(&dice, run < 40 ? 20 : MOST);
        for (size_t k = 0; k < count; k++) {
            p[k] = any_chance(&dice);
            expected[k] = pko_normal_quantile(p[k]);
        }
        FOR_EACH_CLONE(level, clone) {
            found[count] = 7.0;
            PKO_CHOOSE((enum pko_level)level, pko_normal_quantiles)(p, found, count);
            for (size_t k = 0; k < count; k++)
                cr_assert_eq(memcmp(&found[k], &expected[k], 8), 0, "%s: quantile of %a is %a, not %a", clone,
                             p[k], found[k], expected[k]);
            cr_assert_eq(found[count], 7.0, "%s writes past the last", clone);
        }
    }
}

/* Of every kind of number, many in a row being usual ones. */
static void expect_of_one(const char *name, double (*one)(double),
                          void (*const all[])(const double *, double *, size_t), double usual) {
    struct dice dice = {59};
    static double x[MOST], found[MOST + 1], expected[MOST];
    for (int run = 0; run < 400; run++) {
        size_t count = up_to(&dice, run < 40 ? 20 : MOST);
        for (size_t k = 0; k < count; k++) {
            x[k] = up_to(&dice, run % 2 ? 3 : 30) ? some(&dice, usual) : any_number(&dice);
            expected[k] = one(x[k]);
        }
        FOR_EACH_CLONE(level, clone) {
            memcpy(found, x, count * sizeof *found);
            found[count] = 7.0;
            all[level](found, found, count);
            for (size_t k = 0; k < count; k++)
                cr_assert_eq(memcmp(&found[k], &expected[k], 8), 0, "%s: %s of %a is %a, not %a", clone, name,
                             x[k], found[k], expected[k]);
            cr_assert_eq(found[count], 7.0, "%s writes past the last", clone);
        }
    }
}
#ifdef PKO_CLONES_X86
#define ALL_CLONES(name)                                                                                     \
    { name##_generic, name##_v3, name##_v4 }
#else
#define ALL_CLONES(name)                                                                                     \
    { name##_generic }
#endif

static double probability(double rate) {
    return pko_probability(rate);
}

Test(lane_functions, probabilities_have_the_bits_of_one) {
    expect_of_one("chance", probability,
                  (void (*const[])(const double *, double *, size_t))ALL_CLONES(pko_probabilities), 2.0);
}

Test(lane_functions, exponentials_have_the_bits_of_one) {
    expect_of_one("exponential", pko_exp,
                  (void (*const[])(const double *, double *, size_t))ALL_CLONES(pko_exps), -40.0);
}

Test(lane_functions, logarithms_have_the_bits_of_one) {
    expect_of_one("logarithm", pko_log,
                  (void (*const[])(const double *, double *, size_t))ALL_CLONES(pko_logs), 1.0);
}

Test(lane_functions, powers_have_the_bits_of_one) {
    struct dice dice = {53};
    static const double bases[] = {0.0,       1.0,  -0.0, INFINITY, -2.0,  NAN,
                                   0x1p-1074, 0.15, 0.9,  0.6,      1e300, 0x1p-1022};
    double exponent[MOST], found[MOST + 1], expected[MOST];
    for (int run = 0; run < 400; run++) {
        size_t count = up_to(&dice, run < 40 ? 20 : MOST);
        double base = run % 2 ? bases[up_to(&dice, sizeof bases / sizeof *bases - 1)] : some(&dice, 3.0);
        for (size_t k = 0; k < count; k++) {
            exponent[k] = up_to(&dice, 3) ? some(&dice, 3.0) : any_number(&dice);
            expected[k] = pko_pow(base, exponent[k]);
        }
        FOR_EACH_CLONE(level, clone) {
            memcpy(found, exponent, count * sizeof *found);
            found[count] = 7.0;
            PKO_CHOOSE((enum pko_level)level, pko_powers)(base, found, found, count);
            for (size_t k = 0; k < count; k++)
                cr_assert_eq(memcmp(&found[k], &expected[k], 8), 0, "%s: %a^%a is %a, not %a", clone, base,
                             exponent[k], found[k], expected[k]);
            cr_assert_eq(found[count], 7.0, "%s writes past the last", clone);
        }
    }
}
