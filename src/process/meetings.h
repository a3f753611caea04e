/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hot loop of process 7: one day of the members of detachments (ODD 6.7), compiled for several
 * instruction sets. */
#ifndef PKO_PROCESS_MEETINGS_H
#define PKO_PROCESS_MEETINGS_H

#include "model/mission.h"

/* The columns that the loop touches, and whom one can meet. */
struct pko_meeting_people {
    float *danger, *trauma, *reinforcement, *resistance, *cross_trust;
    const uint8_t *traits, *today;
    const float *ride_posture;
    const struct pko_visible *seen; /* yesterday's states of everyone */
    bool far; /* most of `seen` is far from the processor: it is fetched as soon as partners are chosen */
};

/* What all members of a detachment share today: every constant of their equations. */
struct pko_meeting_day {
    struct pko_stream stream;
    uint32_t day, layer;   /* address of the draws */
    uint32_t first, count; /* the members' places */
    bool uniformed; /* all members are in uniform, none has a military background; else they are civilians */
    /* Whom one meets: the upper 31 bits w of the word decide. Own detachment below own_below, own camp below
     * camp_below, else anyone present; the partner is start + floor((w − from)·scale), never past the last.
     * The fourth entries are of no account.
     */
    int32_t own_below, camp_below;
    int32_t start[4], last[4], from[4];
    float scale[4];
    float tie_across; /* contact.cross */
    /* danger: d + (1−d)·signal·(1 + lens·(a−½)) + (floor − d)·forget + contagion·w(d_k − d), floor = min(1,
     * floor_base + θ) */
    float signal, signal_background, lens, floor_base, forget, contagion;
    /* trauma: θ·keep + witness·(1−θ) for witnesses + bereavement·(1−θ) for all */
    float trauma_keep, trauma_witness, bereavement;
    /* reinforcement: a + (gain + by_danger·d + by_trauma·θ)(1−a) − relief·a + pull·w(a_k − a) */
    float gain, by_danger, by_trauma, relief, pull;
    /* resistance: b + value(1−b) − (fade + inhibition·a)·b + pull·w(b_k − b) */
    float value, fade, inhibition;
    /* cross-category trust: x + approach·w(1 − |a−a_k| − x) in meetings across, − friction·x +
     * protection·d(1−x) */
    float approach, friction, protection;
    /* aboard a convoy */
    float reliance, unease, armed, shared_ride;
};

/* Means over the members after the day, of sums in the order of base/tally.h; 0 of nobody. */
struct pko_meeting_means {
    double danger, trauma, reinforcement, resistance, cross_trust;
};

/* The day of the members of one detachment after the other, all of one run and day. Detachments follow one
 * another so that the partners of the next can be chosen while those of one are looked at. */
typedef void pko_meetings_function(const struct pko_meeting_people *people,
                                   const struct pko_meeting_day *days, uint32_t detachments,
                                   struct pko_meeting_means *means);

/* Writes what others see of the people in places [from, to): their states as they stand before the day's
 * loop. */
typedef void pko_publish_function(const struct pko_meeting_people *people, struct pko_visible *seen,
                                  uint32_t from, uint32_t to);

/* The loops for an instruction set; all give the same bits. */
pko_meetings_function pko_meetings_generic;
pko_publish_function pko_publish_generic;
#ifdef PKO_CLONES_X86
pko_meetings_function pko_meetings_v3, pko_meetings_v4;
pko_publish_function pko_publish_v3, pko_publish_v4;
#endif

#endif
