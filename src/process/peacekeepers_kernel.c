/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.7, the loop over individuals. Every equation stands above the lines that compute it. The file is
 * compiled once for each instruction set (PKO_CLONE names the clone) and takes as many people at a time as
 * its vectors have lanes; all clones give the same bits: only IEEE operations on lanes, no contraction, sums
 * in a fixed order, by place mod 16. */
#include <stdbool.h>

#include "base/floats.h"
#include "base/random.h"
#include "base/tally.h"
#include "process/meetings.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define MEETINGS    JOIN(pko_meetings_, PKO_CLONE)
#define PUBLISH     JOIN(pko_publish_, PKO_CLONE)
#define BLOCK       PKO_LANES            /* people of one place mod 16 are added up together */
#define PARTS       (BLOCK / PKO_FLOATS) /* of a block, each as many people as there are lanes */
#define COMPANY     (4 * BLOCK)          /* people whose partners one draw decides */
#define TOGETHER    PKO_DRAWS            /* companies whose partners are chosen at a time */

/* Whom people meet: own detachment (0), own camp (1) or anyone (2), by the upper 31 bits of each one's word.
 */
PKO_INLINE pko_wholes partners(const struct pko_meeting_day *day, pko_bits word) {
    pko_wholes w = (pko_wholes)(word >> 1), near = pko_wholes_of(2);
    near = pko_one_less(pko_less_whole(w, pko_wholes_of(day->camp_below)), near);
    near = pko_one_less(pko_less_whole(w, pko_wholes_of(day->own_below)), near);
    pko_floats along = pko_floats_from(w - pko_entry_whole(day->from, near)) * pko_entry(day->scale, near);
    return pko_lesser_whole(pko_entry_whole(day->start, near) + pko_wholes_from(along),
                            pko_entry_whole(day->last, near));
}

/* Up to 64 people of a detachment, from place `at` on. */
struct company {
    const struct pko_meeting_day *day;
    uint32_t at;
};

/* The partners of some companies: long before they are looked at, since each look has to wait for its place.
 */
PKO_INLINE void choose_partners(const struct company company[TOGETHER], uint32_t partner[TOGETHER][COMPANY]) {
    const struct pko_meeting_day *any = company[0].day;
    for (uint32_t part = 0; part < PARTS; part++) {
        pko_bits word[TOGETHER][4];
        struct pko_address address[TOGETHER];
        for (int c = 0; c < TOGETHER; c++)
            address[c] = (struct pko_address){company[c].at / 4 + part * PKO_FLOATS, company[c].day->layer};
        pko_words_draw(address, TOGETHER, (uint32_t)PKO_PURPOSE_MEETING << 16 | any->day,
                       any->stream.replicate, any->stream.seed, word);
        for (int c = 0; c < TOGETHER; c++)
            for (uint32_t k = 0; k < 4 && company[c].at + BLOCK * k < company[c].day->count; k++) {
                pko_wholes whom = partners(company[c].day, word[c][k]);
                memcpy(partner[c] + BLOCK * k + PKO_FLOATS * part, &whom, sizeof whom);
            }
    }
}

/* Sends for what a company will see. */
PKO_INLINE void fetch(const struct pko_visible *seen, const struct company *company,
                      const uint32_t partner[COMPANY]) {
    uint32_t left = company->day->count - company->at;
    for (uint32_t k = 0; k < left && k < COMPANY; k++)
        __builtin_prefetch(&seen[partner[k]]);
}

struct states {
    pko_floats danger, trauma, reinforcement, resistance, cross_trust;
};

/* What the compiler makes a loop of its own for: terms that are 0 for all members of a detachment are left
 * out, which changes no bits. Detachments are in uniform or civilian as a whole; calm ones hear of nothing
 * and mourn nobody today.
 */
struct kind {
    bool uniformed, calm;
};

/* All terms of an ordinary day, added to yesterday's value; not yet clipped. */
PKO_INLINE struct states ordinary_day(const struct pko_meeting_day *day, struct kind kind,
                                      const struct states *was, const uint8_t *own_traits,
                                      const uint32_t *whom, const struct pko_visible *seen) {
    const pko_floats zero = pko_floats_of(0.0f), one = pko_floats_of(1.0f);
    pko_floats d = was->danger, t = was->trauma, a = was->reinforcement, b = was->resistance,
               x = was->cross_trust;
    pko_floats partner[4]; /* as struct pko_visible has them */
    pko_records_load(seen, whom, partner);
    pko_floats their_danger = partner[0], their_reinforcement = partner[1], their_resistance = partner[2];
    pko_wholes their_traits = (pko_wholes)partner[3];

    /* Tie w: 1 within a category; across, contact.cross, or 1 if the civilian has a military background.
     * Meeting oneself is no meeting, without a test for it: all differences are 0, and it is not across. */
    pko_wholes traits =
        kind.uniformed ? their_traits : pko_wholes_load(own_traits); /* the civilian's, across */
    pko_mask across = kind.uniformed ? pko_has_not(their_traits, PKO_TRAIT_UNIFORMED)
                                     : pko_has(their_traits, PKO_TRAIT_UNIFORMED);
    pko_mask background = pko_has(traits, PKO_TRAIT_BACKGROUND);
    pko_floats tie = pko_either(pko_but_not(across, background), pko_floats_of(day->tie_across), one);

    struct states now = {.danger = d, .trauma = t * day->trauma_keep};
    /* d + (1−d)(1−e^(−σz))(1 + lens(a−½)) + (floor−d)/memory + contagion·w(d_k−d), floor = min(1, floor_base
     * + θ) */
    if (!kind.calm) {
        pko_floats signal = pko_floats_of(day->signal);
        if (!kind.uniformed)
            signal = pko_either(background, pko_floats_of(day->signal_background), signal);
        now.danger += (one - d) * signal * ((a - 0.5f) * day->lens + 1.0f);
    }
    pko_floats floor = pko_lesser(t + day->floor_base, one);
    now.danger = now.danger + (floor - d) * day->forget + tie * (their_danger - d) * day->contagion;
    /* θ·e^(−1/trauma_days), bereavement·(1−θ) where the detachment lost people */
    if (!kind.calm)
        now.trauma += (one - t) * day->bereavement;
    /* a + [gain + by_danger·d + by_trauma·θ](1−a) − relief·a + socialization·w(a_k−a) */
    now.reinforcement = a + (d * day->by_danger + t * day->by_trauma + day->gain) * (one - a) -
                        a * day->relief + tie * (their_reinforcement - a) * day->pull;
    /* b + value(1−b) − (fade + cross_inhibition·a)b + socialization·w(b_k−b) */
    now.resistance = b + (one - b) * day->value - (a * day->inhibition + day->fade) * b +
                     tie * (their_resistance - b) * day->pull;
    /* x + gain·w(1−|a−a_k|−x) when the partner is of the other category; − friction·φ·x in uniform; +
     * protection·d(1−x)·m_c of civilians */
    pko_floats apart = pko_magnitude(a - their_reinforcement);
    now.cross_trust = x + pko_either(across, tie * (one - apart - x) * day->approach, zero);
    if (kind.uniformed)
        now.cross_trust -= x * day->friction;
    else
        now.cross_trust += d * (one - x) * day->protection;
    return now;
}

/* What a convoy or a hit adds, for the few whom it concerns. */
PKO_INLINE void special_day(const struct pko_meeting_day *day, const struct states *was, pko_wholes today,
                            pko_floats ride_posture, struct states *now) {
    const pko_floats zero = pko_floats_of(0.0f), one = pko_floats_of(1.0f);
    pko_mask witness = pko_has(today, PKO_TODAY_WITNESS);
    pko_mask aboard = pko_has(today, PKO_TODAY_ABOARD);
    pko_mask mixed = pko_has(today, PKO_TODAY_MIXED);
    now->trauma += pko_either(witness, (one - was->trauma) * day->trauma_witness, zero);
    now->reinforcement += pko_either(aboard, (one - was->reinforcement) * day->reliance, zero);
    now->resistance += pko_either(aboard, (one - was->resistance) * day->unease, zero);
    now->cross_trust -= pko_either(aboard, was->cross_trust * ride_posture * day->armed, zero);
    now->cross_trust += pko_either(mixed, (one - was->cross_trust) * day->shared_ride, zero);
}

PKO_INLINE int anything(const uint8_t *today) {
    uint64_t all = 0;
    for (int k = 0; k < PKO_FLOATS; k += 4) {
        uint32_t four;
        memcpy(&four, today + k, sizeof four);
        all |= four;
    }
    return all != 0;
}

/* Sums of the five states over a detachment, in lanes by place mod 16. */
struct sums {
    pko_wide danger[PKO_PARTS], trauma[PKO_PARTS], reinforcement[PKO_PARTS], resistance[PKO_PARTS],
        cross_trust[PKO_PARTS];
};

/* The same over a company, at most four people a lane: single precision, as the states themselves have. */
struct company_sums {
    pko_floats danger[PARTS], trauma[PARTS], reinforcement[PARTS], resistance[PARTS], cross_trust[PARTS];
};

PKO_INLINE void add_company(struct sums *sums, const struct company_sums *company) {
    for (uint32_t k = 0; k < PARTS; k++) {
        pko_doubles_add(sums->danger + 2 * k, company->danger[k]);
        pko_doubles_add(sums->trauma + 2 * k, company->trauma[k]);
        pko_doubles_add(sums->reinforcement + 2 * k, company->reinforcement[k]);
        pko_doubles_add(sums->resistance + 2 * k, company->resistance[k]);
        pko_doubles_add(sums->cross_trust + 2 * k, company->cross_trust[k]);
    }
}

/* States of as many people as there are lanes, or of the last of a detachment: past them stand others, who
 * may be at work in another thread. */
PKO_INLINE pko_floats state(const float *from, bool whole, uint32_t count) {
    return whole ? pko_floats_load(from) : pko_floats_load_first(from, count);
}

/* Keeps a state after the day and adds it up. */
PKO_INLINE void keep(float *to, pko_floats value, bool whole, uint32_t count, pko_floats *sum) {
    value = pko_unit_interval(value);
    if (whole) {
        pko_floats_store(to, value);
    } else {
        pko_floats_store_first(to, value, count);
        value = pko_either(pko_first_lanes(count), value, pko_floats_of(0.0f));
    }
    *sum += value;
}

/* The day of as many people as there are lanes, or of the last `count`, from place i of the columns on. They
 * are part number `part` of a block. */
PKO_INLINE void live(const struct pko_meeting_people *people, const struct pko_meeting_day *day,
                     struct kind kind, const uint32_t *partner, uint32_t i, bool whole, uint32_t count,
                     uint32_t part, struct company_sums *company) {
    struct states was = {state(people->danger + i, whole, count), state(people->trauma + i, whole, count),
                         state(people->reinforcement + i, whole, count),
                         state(people->resistance + i, whole, count),
                         state(people->cross_trust + i, whole, count)};
    struct states now = ordinary_day(day, kind, &was, people->traits + i, partner, people->seen);
    if (__builtin_expect(anything(people->today + i), 0))
        special_day(day, &was, pko_wholes_load(people->today + i), pko_floats_load(people->ride_posture + i),
                    &now);
    keep(people->danger + i, now.danger, whole, count, company->danger + part);
    keep(people->trauma + i, now.trauma, whole, count, company->trauma + part);
    keep(people->reinforcement + i, now.reinforcement, whole, count, company->reinforcement + part);
    keep(people->resistance + i, now.resistance, whole, count, company->resistance + part);
    keep(people->cross_trust + i, now.cross_trust, whole, count, company->cross_trust + part);
}

/* The day of up to a company, from place i of the columns on. */
PKO_INLINE void live_company(const struct pko_meeting_people *people, const struct pko_meeting_day *day,
                             struct kind kind, const uint32_t partner[COMPANY], uint32_t i, uint32_t count,
                             struct sums *sums) {
    uint32_t at = 0, part = 0;
    struct company_sums company = {{{0.0f}}, {{0.0f}}, {{0.0f}}, {{0.0f}}, {{0.0f}}};
    for (; at + PKO_FLOATS <= count; at += PKO_FLOATS, part = (part + 1) % PARTS)
        live(people, day, kind, partner + at, i + at, true, 0, part, &company);
    if (at < count)
        live(people, day, kind, partner + at, i + at, false, count - at, part, &company);
    add_company(sums, &company);
}

/* Companies follow one another through the detachments. The partners of the next TOGETHER are chosen before
 * as many others meet theirs. */
struct choice {
    struct company next;
    const struct pko_meeting_day *end; /* of the detachments */
    uint32_t partner[2 * TOGETHER][COMPANY];
    uint32_t turn; /* whose partners are of the company that meets */
};

PKO_INLINE struct company take_company(struct choice *choice) {
    struct company taken = choice->next;
    choice->next.at += COMPANY;
    while (choice->next.day < choice->end && choice->next.at >= choice->next.day->count)
        choice->next = (struct company){choice->next.day + 1, 0};
    return taken;
}

/* Into places `turn` on; past the last company its partners are chosen again. */
PKO_INLINE void choose_next(const struct pko_meeting_people *people, struct choice *choice, uint32_t turn) {
    struct company company[TOGETHER];
    if (choice->next.day == choice->end)
        return;
    company[0] = take_company(choice);
    for (int c = 1; c < TOGETHER; c++)
        company[c] = choice->next.day < choice->end ? take_company(choice) : company[0];
    choose_partners(company, choice->partner + turn);
    for (int c = 0; people->far && c < TOGETHER; c++)
        fetch(people->seen, &company[c], choice->partner[turn + (uint32_t)c]);
}

/* The day of a detachment's members. */
PKO_INLINE void live_detachment(const struct pko_meeting_people *people, const struct pko_meeting_day *day,
                                struct kind kind, struct choice *choice, struct pko_meeting_means *means) {
    struct sums sum = {{{0.0}}, {{0.0}}, {{0.0}}, {{0.0}}, {{0.0}}};
    for (uint32_t place = 0; place < day->count; place += COMPANY) {
        uint32_t left = day->count - place;
        if (choice->turn % TOGETHER == 0)
            choose_next(people, choice, choice->turn ^ TOGETHER);
        live_company(people, day, kind, choice->partner[choice->turn], day->first + place,
                     left < COMPANY ? left : COMPANY, &sum);
        choice->turn = (choice->turn + 1) % (2 * TOGETHER);
    }
    /* One division of all five at a time. */
    double mean[8] = {pko_wide_tree(sum.danger), pko_wide_tree(sum.trauma), pko_wide_tree(sum.reinforcement),
                      pko_wide_tree(sum.resistance), pko_wide_tree(sum.cross_trust)};
    for (int k = 0; k < 8; k++)
        mean[k] /= day->count ? (double)day->count : 1.0;
    *means = (struct pko_meeting_means){mean[0], mean[1], mean[2], mean[3], mean[4]};
}

void MEETINGS(const struct pko_meeting_people *people, const struct pko_meeting_day *days,
              uint32_t detachments, struct pko_meeting_means *means) {
    struct choice choice = {.next = {days, 0}, .end = days + detachments};
    while (choice.next.day < choice.end && choice.next.day->count == 0)
        choice.next.day++;
    choose_next(people, &choice, 0);
    for (uint32_t k = 0; k < detachments; k++) {
        const struct pko_meeting_day *day = &days[k];
        bool calm = !(day->signal > 0.0f || day->signal_background > 0.0f || day->bereavement > 0.0f);
#define LIVE(u, c) live_detachment(people, day, (struct kind){u, c}, &choice, &means[k])
        if (day->uniformed)
            calm ? LIVE(true, true) : LIVE(true, false);
        else
            calm ? LIVE(false, true) : LIVE(false, false);
#undef LIVE
    }
}

void PUBLISH(const struct pko_meeting_people *people, struct pko_visible *seen, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i += PKO_FLOATS) {
        pko_floats field[4] = {
            pko_floats_load(people->danger + i), pko_floats_load(people->reinforcement + i),
            pko_floats_load(people->resistance + i), (pko_floats)pko_wholes_load(people->traits + i)};
        struct pko_visible last[PKO_FLOATS];
        bool whole = to - i >= PKO_FLOATS;
        pko_records_store(whole ? seen + i : last, field);
        if (!whole)
            memcpy(seen + i, last, (to - i) * sizeof *seen);
    }
}
