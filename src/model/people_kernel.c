/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 5.1: what pko_arrive() (model/people.c) makes of one person's draw, for many; sums over members. */
#include "base/doubles.h"
#include "base/random.h"
#include "base/reals.h"
#include "base/sums.h"
#include "model/mission.h"
#include "model/people_rows.h"

static double cut(double x) {
    double raised = x < 0.0 ? 0.0 : x;
    return raised > 1.0 ? 1.0 : raised;
}

void PKO_CLONED(pko_arrivals)(const struct pko_arrival *arrival, const uint32_t *const word[4], size_t count,
                              float *reinforcement, float *resistance, uint8_t *traits) {
    const struct pko_arrival all = *arrival; /* nothing that is written can change it */
    double p[2 * PKO_ARRIVALS_MOST] = {0}, normal[2 * PKO_ARRIVALS_MOST], start[PKO_ARRIVALS_MOST];
    for (size_t k = 0; k < count; k++) {
        p[k] = pko_uniform_word(word[0][k]);
        p[count + k] = pko_uniform_word(word[1][k]);
    }
    PKO_CLONED(pko_normal_quantiles)(p, normal, 2 * count);
    for (size_t k = 0; k < count; k++) {
        bool background = pko_uniform_word(word[2][k]) < all.background;
        bool woman = pko_uniform_word(word[3][k]) < all.women;
        start[k] = background ? all.reinforcement[1] : all.reinforcement[0];
        traits[k] =
            (uint8_t)(all.traits | (background ? PKO_TRAIT_BACKGROUND : 0) | (woman ? PKO_TRAIT_WOMAN : 0));
    }
    /* a ~ N(a0, spread) and b ~ N(b0, spread), clipped. */
    double kept = 1.0 - all.handover, handed = all.handover * all.predecessors;
    for (size_t k = 0; k < count; k++) {
        double a = cut(start[k] + all.spread * normal[k]);
        double b = cut(all.resistance + all.spread * normal[count + k]);
        reinforcement[k] = (float)(all.handover > 0.0 ? kept * a + handed : a);
        resistance[k] = (float)b;
    }
}

/* A one in the lanes that have a bit of the traits. */
PKO_EACH pko_wide_mask ones(pko_wide_mask traits, int64_t bit) {
    return pko_wide_has(traits, bit) & 1;
}

/* What sixteen members after the other add up to, in lanes. */
struct lanes {
    pko_wide state[PKO_MEMBER_STATES][PKO_PARTS];
    pko_wide_mask background, women;
};

PKO_EACH void add_sixteen(const struct pko_members *members, size_t first, struct lanes *lanes) {
    for (size_t part = 0; part < PKO_PARTS; part++) {
        size_t at = first + part * PKO_WIDE;
        pko_wide_mask traits = pko_wide_bytes(members->traits + at);
        for (int state = 0; state < PKO_MEMBER_STATES; state++)
            lanes->state[state][part] += pko_wide_floats(members->state[state] + at);
        lanes->background += ones(traits, PKO_TRAIT_BACKGROUND);
        lanes->women += ones(traits, PKO_TRAIT_WOMAN);
    }
}

void PKO_CLONED(pko_sum_members)(const struct pko_members *members, size_t count,
                                 struct pko_member_sums *sums) {
    struct lanes lanes = {{{{0}}}, {0}, {0}};
    size_t whole = count / PKO_LANES * PKO_LANES;
    for (size_t first = 0; first < whole; first += PKO_LANES)
        add_sixteen(members, first, &lanes);
    /* The last few, and nobody in the lanes past them: there stand others, who may be changing. */
    float state[PKO_MEMBER_STATES][PKO_LANES] = {{0.0f}};
    uint8_t traits[PKO_LANES] = {0};
    struct pko_members last = {.traits = traits};
    for (int k = 0; k < PKO_MEMBER_STATES; k++) {
        memcpy(state[k], members->state[k] + whole, (count - whole) * sizeof(float));
        last.state[k] = state[k];
    }
    memcpy(traits, members->traits + whole, count - whole);
    add_sixteen(&last, 0, &lanes);
    for (int k = 0; k < PKO_MEMBER_STATES; k++)
        sums->state[k] = pko_wide_tree(lanes.state[k]);
    sums->background = sums->women = 0;
    for (int lane = 0; lane < PKO_WIDE; lane++) {
        sums->background += (uint32_t)lanes.background[lane];
        sums->women += (uint32_t)lanes.women[lane];
    }
}
