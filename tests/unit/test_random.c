/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses, words and the samplers' values at single points; their distributions are held in tests/property.
 */
#include <criterion/criterion.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "base/random.h"
#include "base/real.h"

/* The vectors published with Random123 (kat_vectors, philox4x32 of 10 rounds). */
Test(random, philox_known_answers) {
    const struct {
        uint32_t counter[4], key[2], answer[4];
    } rows[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        struct pko_words words = pko_philox(rows[k].counter, (uint64_t)rows[k].key[1] << 32 | rows[k].key[0]);
        cr_expect(memcmp(words.word, rows[k].answer, sizeof words.word) == 0, "vector %zu", k);
    }
}

/* The rounds written out, as the paper has them: the oracle of the counter's layout at any address. */
static struct pko_words philox_by_hand(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t seed) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p = UINT64_C(0xD2511F53) * c0, q = UINT64_C(0xCD9E8D57) * c2;
        c0 = (uint32_t)(q >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)q;
        c2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p;
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
    return (struct pko_words){{c0, c1, c2, c3}};
}

Test(random, address_fills_the_counter) {
    const struct pko_stream streams[] = {{0, 0}, {UINT64_C(0x0123456789abcdef), 0xfffff}, {UINT64_MAX, 77}};
    const uint32_t numbers[][3] = {{0, 0, 0}, {65535, 0xffffffff, 0xffffffff}, {3652, 41, 7}};
    for (size_t s = 0; s < 3; s++)
        for (size_t n = 0; n < 3; n++)
            for (int purpose = 0; purpose < PKO_PURPOSE_COUNT; purpose++) {
                const uint32_t *at = numbers[n];
                struct pko_words words = pko_draw(streams[s], (enum pko_purpose)purpose, at[0], at[1], at[2]);
                struct pko_words wanted = philox_by_hand(at[2], at[1], (uint32_t)purpose << 16 | at[0],
                                                         streams[s].replicate, streams[s].seed);
                cr_assert(memcmp(&words, &wanted, sizeof words) == 0, "stream %zu, numbers %zu, purpose %d",
                          s, n, purpose);
            }
}

Test(random, purposes_fit_eight_bits) {
    cr_expect(PKO_PURPOSE_COUNT <= 256);
}

/* The numbers are part of every result: rows may only be added at the end. */
Test(random, purposes_keep_their_numbers) {
    cr_expect(PKO_PURPOSE_ARRIVAL == 0 && PKO_PURPOSE_PLOT_COUNT == 6 && PKO_PURPOSE_SHARE == 12);
    cr_expect(PKO_PURPOSE_STRIKE == 15 && PKO_PURPOSE_MEETING == 20 && PKO_PURPOSE_EXPERIMENT == 22);
}

Test(random, uniform_is_centred_and_open) {
    struct pko_words none = {{0, 0, 0, 0}}, all = {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    for (int half = 0; half < 2; half++) {
        cr_expect(pko_uniform(none, half) == 0x1p-53);
        cr_expect(pko_uniform(all, half) == 1.0 - 0x1p-53);
    }
    /* The first word of a half leads, the second adds its 20 high bits, its 12 low ones are dropped. */
    struct pko_words words = {
        {UINT32_C(0x80000000), UINT32_C(0x00001fff), UINT32_C(0x40000000), UINT32_C(0x80000000)}};
    cr_expect(pko_uniform(words, 0) == 0.5 + 0x1p-52 + 0x1p-53);
    cr_expect(pko_uniform(words, 1) == 0.25 + 0x1p-33 + 0x1p-53);
    cr_expect(pko_uniform_word(0) == 0x1p-33);
    cr_expect(pko_uniform_word(UINT32_MAX) == 1.0 - 0x1p-33);
}

Test(random, below_stays_below) {
    cr_expect(pko_below(0, 1) == 0 && pko_below(UINT32_MAX, 1) == 0);
    cr_expect(pko_below(UINT32_MAX, 7) == 6 && pko_below(UINT32_MAX, UINT32_MAX) == UINT32_MAX - 1);
    cr_expect(pko_below(UINT32_C(0x80000000), 10) == 5 && pko_below(UINT32_C(0x7fffffff), 10) == 4);
    cr_expect(pko_below(12345, 0) == 0);
}

/* Beside each step of the distribution, as GSL has it, the count is the one below or above. */
static void hold_poisson(double mean) {
    const double margin = 1e-13; /* GSL's own error */
    for (unsigned k = 0; k < 200; k++) {
        double below = k > 0 ? gsl_cdf_poisson_P(k - 1, mean) : 0.0, at = gsl_cdf_poisson_P(k, mean);
        if (at - below < 4 * margin) {
            if ((double)k > mean)
                break; /* the rest of the tail is finer than the margin */
            continue;
        }
        uint32_t least = pko_poisson(mean, fmax(below + margin, 0x1p-53));
        uint32_t most = pko_poisson(mean, fmin(at - margin, 1.0 - 0x1p-53));
        cr_assert(least == k && most == k, "mean %g, count %u: %u to %u", mean, k, least, most);
    }
}

Test(random, poisson_inverts_the_distribution) {
    hold_poisson(1e-12);
    hold_poisson(1e-6);
    for (int k = 1; k <= 32 * 64; k++)
        hold_poisson(k / 64.0);
    for (int k = 1; k <= 1000; k++)
        hold_poisson(k / 1000.0);
}

Test(random, poisson_upper_tail_agrees_with_the_complement) {
    for (double mean = 0.25; mean <= 32.0; mean += 0.25)
        for (int bits = 30; bits <= 44; bits++) {
            double u = 1.0 - ldexp(1.0, -bits);
            uint32_t k = pko_poisson(mean, u);
            /* P(K > k) ≤ 1−u < P(K ≥ k), to the rounding of a sum near 1. */
            cr_assert(gsl_cdf_poisson_Q(k, mean) <= 1.0 - u + 2e-15, "mean %g, 2^-%d: %u", mean, bits, k);
            cr_assert(k == 0 || gsl_cdf_poisson_Q(k - 1, mean) >= 1.0 - u - 2e-15, "mean %g, 2^-%d: %u", mean,
                      bits, k);
        }
}

/* A uniform that hits a step exactly belongs to the lower count. */
Test(random, poisson_takes_the_step_itself) {
    for (double mean = 0.25; mean <= 32.0; mean += 0.25)
        cr_expect(pko_poisson(mean, pko_exp(-mean)) == 0 &&
                  pko_poisson(mean, pko_exp(-mean) * (1.0 + 1e-15)) == 1);
}

/* A uniform next to 1 must neither search on for ever nor come out at the guard of the search. */
Test(random, poisson_ends) {
    const double u = 1.0 - 0x1p-53;
    cr_expect(pko_poisson(0.0, u) == 0);
    for (double mean = 1.0 / 64; mean <= 32.0; mean += 1.0 / 64) {
        uint32_t k = pko_poisson(mean, u);
        cr_assert(gsl_cdf_poisson_Q(k, mean) < 2e-15, "mean %g: %u comes too early", mean, k);
        cr_assert(k == 0 || gsl_cdf_poisson_Q(k - 1, mean) > 1e-18, "mean %g: %u comes too late", mean, k);
    }
    cr_expect(pko_poisson(32.0, 0x1p-53) <= 4);
    cr_expect(pko_poisson(0x1p-1074, 1.0 - 0x1p-53) <= 1);
}

Test(random, poisson_rises_with_uniform_and_mean) {
    enum { STEPS = 500 };
    uint32_t last_row[STEPS] = {0};
    for (int m = 0; m <= 32 * 16; m++) {
        uint32_t last = 0;
        for (int k = 0; k < STEPS; k++) {
            /* Even steps, and a quarter of them crowded towards 0 and 1; nearer to 1 than 2^-46 the rounding
             * of the sum shows. */
            double u = (k + 0.5) / STEPS;
            if (k < STEPS / 8)
                u = ldexp(1.0, -50 + 47 * k / (STEPS / 8));
            if (k >= STEPS - STEPS / 8)
                u = 1.0 - ldexp(1.0, -3 - 43 * (k - STEPS + STEPS / 8) / (STEPS / 8));
            uint32_t count = pko_poisson(m / 16.0, u);
            cr_assert(count >= last, "falls with u: mean %g, u %g", m / 16.0, u);
            cr_assert(count >= last_row[k], "falls with the mean: mean %g, u %g", m / 16.0, u);
            last = last_row[k] = count;
        }
    }
}

Test(random, poisson_at_sums_equal_pieces) {
    struct pko_stream stream = {42, 3};
    const double means[] = {0.0, 0.3, 32.0, 32.0 + 1e-9, 64.0, 100.0, 1000.5};
    for (size_t m = 0; m < sizeof means / sizeof means[0]; m++)
        for (uint32_t entity = 0; entity < 200; entity++) {
            uint32_t pieces = means[m] <= 32.0 ? 1 : (uint32_t)ceil(means[m] / 32.0), sum = 0;
            for (uint32_t k = 0; k < pieces; k++)
                sum += pko_poisson(means[m] / pieces,
                                   pko_uniform(pko_draw(stream, PKO_PURPOSE_PLOT_COUNT, 9, entity, k), 0));
            cr_assert(pko_poisson_at(stream, PKO_PURPOSE_PLOT_COUNT, 9, entity, means[m]) == sum);
        }
}

Test(random, exponential_inverts_the_distribution) {
    for (int k = 1; k < 4096; k++) {
        double u = k / 4096.0, x = pko_exponential(35.0, u);
        double wanted = gsl_cdf_exponential_Qinv(u, 35.0); /* u is the probability of more */
        cr_assert(fabs(x - wanted) <= 1e-14 * wanted, "u %g: %g, not %g", u, x, wanted);
    }
    cr_expect(isfinite(pko_exponential(1.0, 0x1p-53)) && pko_exponential(1.0, 1.0 - 0x1p-53) > 0.0);
}

Test(random, power_law_inverts_the_distribution) {
    const double tails[] = {1.8, 2.2, 3.5};
    for (size_t t = 0; t < 3; t++)
        for (int least = 1; least <= 5; least++)
            for (uint32_t n = (uint32_t)least; n < 400; n++) {
                /* More than n−1 come with probability (least/n)^(tail−1), GSL's Pareto. */
                double u = gsl_cdf_pareto_Q(n, tails[t] - 1.0, least);
                uint32_t inside = pko_power_law(least, tails[t], u * (1.0 - 1e-12), 1000);
                uint32_t outside = u < 1.0 ? pko_power_law(least, tails[t], u * (1.0 + 1e-12), 1000) : n - 1;
                cr_assert(inside == n && outside == n - 1, "least %d, tail %g, %u: %u, %u", least, tails[t],
                          n, inside, outside);
            }
}

Test(random, power_law_is_cut) {
    cr_expect(pko_power_law(1.0, 2.2, 0x1p-53, 30) == 30);
    cr_expect(pko_power_law(1.0, 1.8, 0x1p-53, UINT32_MAX) == UINT32_MAX);
    cr_expect(pko_power_law(5.0, 2.2, 0.999, 3) == 3);
    cr_expect(pko_power_law(1.0, 2.2, 1.0 - 0x1p-53, 30) == 1);
    cr_expect(pko_power_law(2.0, 2.2, 0.5, 0) == 0);
}
