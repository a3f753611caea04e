/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.7, the loop over individuals. Every equation stands above the lines that compute it. Sixteen people
 * at a time, in lanes by place mod 16; the file is compiled once for each instruction set (PKO_CLONE names
 * the clone), and all clones give the same bits: only IEEE operations on lanes, no contraction, sums in a
 * fixed order. */
#include "base/lanes.h"
#include "base/random.h"
#include "process/meetings.h"

#define JOIN_(a, b)  a##b
#define JOIN(a, b)   JOIN_(a, b)
#define MEETINGS     JOIN(pko_meetings_, PKO_CLONE)
#define PUBLISH      JOIN(pko_publish_, PKO_CLONE)
#define PHILOX_M0    0xD2511F53u
#define PHILOX_M1    0xCD9E8D57u
#define PHILOX_W0    0x9E3779B9u
#define PHILOX_W1    0xBB67AE85u
#define PHILOX_TURNS 10

/* Low and high halves of x·m. */
PKO_LANE void multiply(pko_u32 x, uint32_t m, pko_u32 *high, pko_u32 *low) {
    pko_u64 even = ((pko_u64)x & 0xFFFFFFFFu) * (uint64_t)m, odd = ((pko_u64)x >> 32) * (uint64_t)m;
    *low = (pko_u32)((even & 0xFFFFFFFFu) | (odd << 32));
    *high = (pko_u32)((even >> 32) | (odd & 0xFFFFFFFF00000000u));
}

/* Philox4x32-10 of sixteen consecutive indexes: the words of 64 people. */
PKO_LANE void draw(const struct pko_meeting_day *day, uint32_t index, pko_u32 word[4]) {
    const pko_u32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, none = {0};
    pko_u32 c0 = lane + index, c1 = none + day->layer;
    pko_u32 c2 = none + ((uint32_t)PKO_PURPOSE_MEETING << 16 | day->day), c3 = none + day->stream.replicate;
    uint32_t k0 = (uint32_t)day->stream.seed, k1 = (uint32_t)(day->stream.seed >> 32);
    for (int turn = 0; turn < PHILOX_TURNS; turn++) {
        pko_u32 high0, low0, high1, low1;
        multiply(c0, PHILOX_M0, &high0, &low0);
        multiply(c2, PHILOX_M1, &high1, &low1);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    word[0] = c0, word[1] = c1, word[2] = c2, word[3] = c3;
}

/* Whom sixteen people meet: own detachment, own camp or anyone, by the upper 31 bits of each one's word. */
PKO_LANE pko_i32 partners(const struct pko_meeting_day *day, pko_u32 word) {
    pko_i32 w = (pko_i32)(word >> 1);
    pko_i32 own = (pko_i32)(w < day->own_below), camp = (pko_i32)(w < day->camp_below);
    const pko_i32 none = {0};
#define CHOOSE(field)                                                                                        \
    pko_select_whole(own, none + day->field[0],                                                              \
                     pko_select_whole(camp, none + day->field[1], none + day->field[2]))
    pko_f32 scale = pko_select(own, pko_all(day->scale[0]),
                               pko_select(camp, pko_all(day->scale[1]), pko_all(day->scale[2])));
    pko_f32 along = __builtin_convertvector(w - CHOOSE(from), pko_f32) * scale;
    pko_i32 at = CHOOSE(start) + __builtin_convertvector(along, pko_i32), last = CHOOSE(last);
#undef CHOOSE
    return pko_select_whole((pko_i32)(at < last), at, last);
}

/* What the sixteen see of their partners: one 16-byte record each, turned into four vectors. */
struct sight {
    pko_f32 danger, reinforcement, resistance;
    pko_i32 traits;
};
PKO_LANE struct sight look(const struct pko_visible *seen, pko_i32 at) {
    pko_f32 row[4];
    for (int k = 0; k < 16; k++)
        memcpy((char *)row + 16 * k, &seen[at[k]], 16);
    pko_f32 a =
        __builtin_shufflevector(row[0], row[1], 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    pko_f32 b =
        __builtin_shufflevector(row[2], row[3], 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    pko_f32 c =
        __builtin_shufflevector(row[0], row[1], 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    pko_f32 d =
        __builtin_shufflevector(row[2], row[3], 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    return (struct sight){
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
        __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
        __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
        (pko_i32)__builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
    };
}

struct states {
    pko_f32 danger, trauma, reinforcement, resistance, cross_trust;
};

/* All terms of an ordinary day, added to yesterday's value; not yet clipped. */
PKO_LANE struct states ordinary_day(const struct pko_meeting_day *day, const struct states *was,
                                    pko_i32 traits, pko_i32 self, pko_u32 word,
                                    const struct pko_visible *seen) {
    const pko_f32 zero = {0}, one = pko_all(1.0f);
    const pko_i32 none = {0};
    pko_f32 d = was->danger, t = was->trauma, a = was->reinforcement, b = was->resistance,
            x = was->cross_trust;
    pko_i32 at = partners(day, word);
    struct sight partner = look(seen, at);

    /* Tie w: 1 within a category; across, contact.cross, or 1 if the civilian has a military background;
     * meeting oneself is no meeting. Only civilians carry the trait, so the two's traits together tell. */
    pko_i32 across = (pko_i32)(((traits ^ partner.traits) & PKO_TRAIT_UNIFORMED) != none);
    pko_i32 bridge = (pko_i32)(((traits | partner.traits) & PKO_TRAIT_BACKGROUND) != none);
    pko_f32 tie = pko_select(across & ~bridge, pko_all(day->tie_across), one);
    tie = pko_select((pko_i32)(at == self), zero, tie);

    struct states now;
    /* d + (1−d)(1−e^(−σz))(1 + lens(a−½)) + (floor−d)/memory + contagion·w(d_k−d), floor = min(1, floor_base
     * + θ) */
    pko_i32 background = (pko_i32)((traits & PKO_TRAIT_BACKGROUND) != none);
    pko_f32 signal = pko_select(background, pko_all(day->signal_background), pko_all(day->signal));
    pko_f32 floor = t + day->floor_base;
    floor = pko_select((pko_i32)(floor < one), floor, one);
    now.danger = d + (one - d) * signal * ((a - 0.5f) * day->lens + 1.0f) + (floor - d) * day->forget +
                 tie * (partner.danger - d) * day->contagion;
    /* θ·e^(−1/trauma_days), bereavement·(1−θ) where the detachment lost people */
    now.trauma = t * day->trauma_keep + (one - t) * day->bereavement;
    /* a + [gain + by_danger·d + by_trauma·θ](1−a) − relief·a + socialization·w(a_k−a) */
    now.reinforcement = a + (d * day->by_danger + t * day->by_trauma + day->gain) * (one - a) -
                        a * day->relief + tie * (partner.reinforcement - a) * day->pull;
    /* b + value(1−b) − (fade + cross_inhibition·a)b + socialization·w(b_k−b) */
    now.resistance = b + (one - b) * day->value - (a * day->inhibition + day->fade) * b +
                     tie * (partner.resistance - b) * day->pull;
    /* x + gain·w(1−|a−a_k|−x) when the partner is of the other category; − friction·φ·x; +
     * protection·d(1−x)·m_c */
    pko_f32 apart = a - partner.reinforcement;
    apart = pko_select((pko_i32)(apart < zero), -apart, apart);
    pko_f32 meeting = pko_select(across, tie * (one - apart - x) * day->approach, zero);
    now.cross_trust = x + meeting - x * day->friction + d * (one - x) * day->protection;
    return now;
}

/* What a convoy or a hit adds, for the few whom it concerns. */
PKO_LANE void special_day(const struct pko_meeting_day *day, const struct states *was, pko_i32 today,
                          pko_f32 ride_posture, struct states *now) {
    const pko_f32 zero = {0}, one = pko_all(1.0f);
    const pko_i32 none = {0};
    pko_i32 witness = (pko_i32)((today & PKO_TODAY_WITNESS) != none);
    pko_i32 aboard = (pko_i32)((today & PKO_TODAY_ABOARD) != none);
    pko_i32 mixed = (pko_i32)((today & PKO_TODAY_MIXED) != none);
    now->trauma += pko_select(witness, (one - was->trauma) * day->trauma_witness, zero);
    now->reinforcement += pko_select(aboard, (one - was->reinforcement) * day->reliance, zero);
    now->resistance += pko_select(aboard, (one - was->resistance) * day->unease, zero);
    now->cross_trust -= pko_select(aboard, was->cross_trust * ride_posture * day->armed, zero);
    now->cross_trust += pko_select(mixed, (one - was->cross_trust) * day->shared_ride, zero);
}

PKO_LANE int anything(const uint8_t *today) {
    uint64_t half[2];
    memcpy(half, today, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* Stores sixteen values and adds them to the sums; of the last, incomplete block only those who are there. */
PKO_LANE void keep(float *to, pko_f32 value, uint32_t count, pko_i32 there, pko_f64 sum[2]) {
    value = pko_clip_lanes(value);
    if (count == 16) {
        memcpy(to, &value, sizeof value);
    } else {
        value = pko_select(there, value, pko_all(0.0f));
        memcpy(to, &value, count * sizeof(float));
    }
    pko_add(sum, value);
}

void MEETINGS(const struct pko_meeting_people *people, const struct pko_meeting_day *day,
              struct pko_meeting_sums *sums) {
    const pko_i32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    pko_f64 danger[2] = {{0}}, trauma[2] = {{0}}, reinforcement[2] = {{0}}, resistance[2] = {{0}},
            trust[2] = {{0}};
    pko_u32 word[4] = {{0}};
    for (uint32_t place = 0; place < day->count; place += 16) {
        if (place % 64 == 0)
            draw(day, place / 4, word);
        uint32_t i = day->first + place, count = day->count - place < 16 ? day->count - place : 16;
        struct states was = {pko_load(people->danger + i), pko_load(people->trauma + i),
                             pko_load(people->reinforcement + i), pko_load(people->resistance + i),
                             pko_load(people->cross_trust + i)};
        pko_i32 traits = pko_widen(people->traits + i);
        struct states now =
            ordinary_day(day, &was, traits, lane + (int32_t)i, word[place / 16 % 4], people->seen);
        if (anything(people->today + i))
            special_day(day, &was, pko_widen(people->today + i), pko_load(people->ride_posture + i), &now);
        pko_i32 there = (pko_i32)(lane < (int32_t)count);
        keep(people->danger + i, now.danger, count, there, danger);
        keep(people->trauma + i, now.trauma, count, there, trauma);
        keep(people->reinforcement + i, now.reinforcement, count, there, reinforcement);
        keep(people->resistance + i, now.resistance, count, there, resistance);
        keep(people->cross_trust + i, now.cross_trust, count, there, trust);
    }
    memcpy(sums->danger, danger, sizeof danger);
    memcpy(sums->trauma, trauma, sizeof trauma);
    memcpy(sums->reinforcement, reinforcement, sizeof reinforcement);
    memcpy(sums->resistance, resistance, sizeof resistance);
    memcpy(sums->cross_trust, trust, sizeof trust);
}

/* Four vectors of sixteen values turned into sixteen records of four: the reverse of `look`. */
PKO_LANE void publish_block(struct pko_visible *seen, pko_f32 danger, pko_f32 reinforcement,
                            pko_f32 resistance, pko_f32 traits, uint32_t count) {
    pko_f32 row[4];
    pko_f32 a = __builtin_shufflevector(danger, reinforcement, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                        22, 7, 23);
    pko_f32 b =
        __builtin_shufflevector(resistance, traits, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    pko_f32 c = __builtin_shufflevector(danger, reinforcement, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                        14, 30, 15, 31);
    pko_f32 d = __builtin_shufflevector(resistance, traits, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14,
                                        30, 15, 31);
    row[0] = __builtin_shufflevector(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    row[1] = __builtin_shufflevector(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    row[2] = __builtin_shufflevector(c, d, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    row[3] = __builtin_shufflevector(c, d, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    memcpy(seen, row, count == 16 ? sizeof row : count * sizeof *seen);
}

void PUBLISH(const struct pko_meeting_people *people, struct pko_visible *seen, uint32_t count) {
    for (uint32_t i = 0; i < count; i += 16) {
        pko_f32 traits = (pko_f32)pko_widen(people->traits + i);
        publish_block(seen + i, pko_load(people->danger + i), pko_load(people->reinforcement + i),
                      pko_load(people->resistance + i), traits, count - i < 16 ? count - i : 16);
    }
}
