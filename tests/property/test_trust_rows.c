/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daily drift of the matrix of trust in tiles, for every instruction set, against ODD 6.8 pair by pair.
 */
#include "support/clones.h"

#include <math.h>

#include "process/trust_rows.h"

#define MOST 128

struct matrices {
    double trust[MOST * MOST], fixed[MOST * MOST];
    int32_t last_ride[MOST * MOST];
};

static double clip(double x, double least, double most) {
    return x < least ? least : x > most ? most : x;
}

static double prior(const struct matrices *m, const struct pko_trust_day *day, size_t g, size_t h,
                    size_t stride) {
    double above = day->looks[g] - day->technology[h];
    double loss = above > 0.0 ? day->hierarchy * 2.0 * day->reinforcement[g] * above : 0.0;
    return clip(m->fixed[g * stride + h] - loss, 0.05, 0.95);
}

static double entry(const struct matrices *m, const struct pko_trust_day *day, size_t g, size_t h,
                    size_t stride) {
    double trust = m->trust[g * stride + h], back = m->trust[h * stride + g];
    double apart = day->othering * fabs(day->reinforcement[g] - day->reinforcement[h]) * day->present[g] *
                   day->present[h];
    trust = clip(trust + (prior(m, day, g, h, stride) - trust) * day->recall +
                     day->reciprocity * (back - trust) - apart * trust,
                 0.0, 1.0);
    return m->last_ride[g * stride + h] == day->today ? trust + day->ride * (1.0 - trust) : trust;
}

/* Everything at random, from nothing to so much that trust must be clipped. */
static void fill(struct matrices *m, struct pko_trust_day *day, struct dice *dice) {
    double most = up_to(dice, 3) == 0 ? 1.5 : 0.05;
    *day = (struct pko_trust_day){.recall = some(dice, most),
                                  .reciprocity = some(dice, most),
                                  .othering = some(dice, most),
                                  .hierarchy = some(dice, 1.0),
                                  .ride = some(dice, 0.5),
                                  .today = (int32_t)up_to(dice, 3653)};
    for (size_t g = 0; g < MOST; g++) {
        bool section = up_to(dice, 3) == 0;
        double technology = (double)up_to(dice, 4) / 4.0;
        day->looks[g] = section ? -1.0 : technology;
        day->technology[g] = section ? 2.0 : technology;
        day->present[g] = up_to(dice, 4) > 0 ? 1.0 : 0.0;
        day->reinforcement[g] = some(dice, 1.0);
    }
    for (size_t k = 0; k < MOST * MOST; k++) {
        m->trust[k] = some(dice, 1.0);
        m->fixed[k] = some(dice, 1.2);
        m->last_ride[k] = day->today - (int32_t)up_to(dice, 2);
    }
}

Test(trust_rows, every_clone_gives_the_bits_of_the_pairs) {
    static struct matrices before, found, expected;
    struct pko_trust_day day;
    struct dice dice = {17};
    for (int run = 0; run < 60; run++) {
        size_t groups = run < 20 ? (size_t)run : up_to(&dice, MOST), stride = (groups + 7) / 8 * 8;
        fill(&before, &day, &dice);
        expected = before;
        for (size_t g = 0; g < groups; g++)
            for (size_t h = 0; h < groups; h++)
                if (g != h)
                    expected.trust[g * stride + h] = entry(&before, &day, g, h, stride);
        FOR_EACH_CLONE(level, clone) {
            found = before;
            PKO_CHOOSE((enum pko_level)level, pko_trust_drift)
            (found.trust, found.fixed, found.last_ride, groups, stride, &day);
            expect_same_bits(clone, &found, &expected, sizeof found);
        }
    }
}
