/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of a detachment's members (ODD 6.7) as a plain reference: one person at a time, in the same order of
 * float operations as the loop of process 7, with its own draw of the same address. */
#ifndef PKO_TESTS_MEETINGS_H
#define PKO_TESTS_MEETINGS_H

#include <stdbool.h>
#include <string.h>

#include "base/random.h"
#include "support/tally.h"
#include "process/meetings.h"

struct reference_person {
    float danger, trauma, reinforcement, resistance, cross_trust;
};

static inline float reference_clip(float x) {
    return x > 1.0f ? 1.0f : x > 0.0f ? x : 0.0f;
}

/* The word of a person's meeting: its address is the layer and 16·(place/64) + place mod 16, word (place/16)
 * mod 4. */
static inline uint32_t reference_word(const struct pko_meeting_day *day, uint32_t place) {
    struct pko_words words =
        pko_draw(day->stream, PKO_PURPOSE_MEETING, day->day, day->layer, 16 * (place / 64) + place % 16);
    return words.word[place / 16 % 4];
}

/* Whom a word leads to: own detachment, own camp, anyone present. */
static inline int32_t reference_partner(const struct pko_meeting_day *day, uint32_t word) {
    int32_t w = (int32_t)(word >> 1);
    int whom = w < day->own_below ? 0 : w < day->camp_below ? 1 : 2;
    float along = (float)(w - day->from[whom]) * day->scale[whom];
    int32_t at = day->start[whom] + (int32_t)along;
    return at < day->last[whom] ? at : day->last[whom];
}

static inline float reference_tie(const struct pko_meeting_day *day, uint32_t traits, uint32_t others) {
    bool uniformed = traits & PKO_TRAIT_UNIFORMED, other = others & PKO_TRAIT_UNIFORMED;
    if (uniformed == other)
        return 1.0f;
    uint32_t civilian = uniformed ? others : traits;
    return civilian & PKO_TRAIT_BACKGROUND ? 1.0f : day->tie_across;
}

static inline struct reference_person reference_ordinary(const struct pko_meeting_day *day,
                                                         struct reference_person was, uint32_t traits,
                                                         const struct pko_visible *partner, float tie) {
    float d = was.danger, t = was.trauma, a = was.reinforcement, b = was.resistance, x = was.cross_trust;
    struct reference_person now;
    float signal = traits & PKO_TRAIT_BACKGROUND ? day->signal_background : day->signal;
    float floor = t + day->floor_base < 1.0f ? t + day->floor_base : 1.0f;
    now.danger = d + (1.0f - d) * signal * ((a - 0.5f) * day->lens + 1.0f) + (floor - d) * day->forget +
                 tie * (partner->danger - d) * day->contagion;
    now.trauma = t * day->trauma_keep + (1.0f - t) * day->bereavement;
    now.reinforcement = a + (d * day->by_danger + t * day->by_trauma + day->gain) * (1.0f - a) -
                        a * day->relief + tie * (partner->reinforcement - a) * day->pull;
    now.resistance = b + (1.0f - b) * day->value - (a * day->inhibition + day->fade) * b +
                     tie * (partner->resistance - b) * day->pull;
    bool across = ((traits ^ partner->traits) & PKO_TRAIT_UNIFORMED) != 0;
    float apart = a - partner->reinforcement;
    if (apart < 0.0f)
        apart = -apart;
    float meeting = across ? tie * (1.0f - apart - x) * day->approach : 0.0f;
    now.cross_trust = x + meeting - x * day->friction + d * (1.0f - x) * day->protection;
    return now;
}

static inline void reference_special(const struct pko_meeting_day *day, struct reference_person was,
                                     uint32_t today, float posture, struct reference_person *now) {
    if (today & PKO_TODAY_WITNESS)
        now->trauma += (1.0f - was.trauma) * day->trauma_witness;
    if (today & PKO_TODAY_ABOARD) {
        now->reinforcement += (1.0f - was.reinforcement) * day->reliance;
        now->resistance += (1.0f - was.resistance) * day->unease;
        now->cross_trust -= was.cross_trust * posture * day->armed;
    }
    if (today & PKO_TODAY_MIXED)
        now->cross_trust += (1.0f - was.cross_trust) * day->shared_ride;
}

/* Sums of one state: single precision over a company of 64 people, double over companies. */
struct reference_sum {
    float company[16];
    double lane[16];
};

static inline void reference_keep(float *state, float value, uint32_t place, struct reference_sum *sum) {
    *state = reference_clip(value);
    sum->company[place % 16] += *state;
}

static inline void reference_end_company(struct reference_sum *sum) {
    for (int lane = 0; lane < 16; lane++) {
        sum->lane[lane] += (double)sum->company[lane];
        sum->company[lane] = 0.0f;
    }
}

static inline void reference_meetings(const struct pko_meeting_people *people,
                                      const struct pko_meeting_day *day, struct pko_meeting_means *means) {
    struct reference_sum sum[5];
    memset(sum, 0, sizeof sum);
    for (uint32_t place = 0; place < day->count; place++) {
        uint32_t i = day->first + place;
        struct reference_person was = {people->danger[i], people->trauma[i], people->reinforcement[i],
                                       people->resistance[i], people->cross_trust[i]};
        int32_t partner = reference_partner(day, reference_word(day, place));
        const struct pko_visible *other = &people->seen[partner];
        float tie = partner == (int32_t)i ? 0.0f : reference_tie(day, people->traits[i], other->traits);
        struct reference_person now = reference_ordinary(day, was, people->traits[i], other, tie);
        reference_special(day, was, people->today[i], people->ride_posture[i], &now);
        reference_keep(&people->danger[i], now.danger, place, &sum[0]);
        reference_keep(&people->trauma[i], now.trauma, place, &sum[1]);
        reference_keep(&people->reinforcement[i], now.reinforcement, place, &sum[2]);
        reference_keep(&people->resistance[i], now.resistance, place, &sum[3]);
        reference_keep(&people->cross_trust[i], now.cross_trust, place, &sum[4]);
        for (int state = 0; state < 5 && (place % 64 == 63 || place + 1 == day->count); state++)
            reference_end_company(&sum[state]);
    }
    double n = day->count ? (double)day->count : 1.0;
    *means = (struct pko_meeting_means){test_tally_tree(sum[0].lane) / n, test_tally_tree(sum[1].lane) / n,
                                        test_tally_tree(sum[2].lane) / n, test_tally_tree(sum[3].lane) / n,
                                        test_tally_tree(sum[4].lane) / n};
}

#endif
