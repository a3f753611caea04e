/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person's day of process 7, split into the terms of ODD 6.7. */
#ifndef PKO_EXPERIMENT_PERSON_DAY_H
#define PKO_EXPERIMENT_PERSON_DAY_H

#include <stddef.h>
#include <stdint.h>

#include "model/mission.h"

/* The states of an individual, as pko_mission_column calls them. */
#define PKO_STATE_LIST(X)                                                                                    \
    X(DANGER, danger)                                                                                        \
    X(TRAUMA, trauma)                                                                                        \
    X(REINFORCEMENT, reinforcement)                                                                          \
    X(RESISTANCE, resistance)                                                                                \
    X(CROSS_TRUST, cross_trust)

enum pko_state {
#define PKO_STATE_ENUM(STATE, name) PKO_STATE_##STATE,
    PKO_STATE_LIST(PKO_STATE_ENUM)
#undef PKO_STATE_ENUM
        PKO_STATES
};

/* X(state, TERM, name, what it is): the terms of each state's equation in the order of the ODD. Last of each:
 * what clipping to [0,1] took away or gave, and the rounding of the sum to a float. */
#define PKO_TERM_LIST(X)                                                                                     \
    X(DANGER, INCIDENTS, incidents, "incidents")                                                             \
    X(DANGER, LENS, lens, "how reinforcement reads them")                                                    \
    X(DANGER, FLOOR, floor, "return to the floor")                                                           \
    X(DANGER, CONTAGION, contagion, "contagion in meetings")                                                 \
    X(DANGER, CLIPPING, clipping, "clipping to [0,1]")                                                       \
    X(DANGER, ROUNDING, rounding, "rounding")                                                                \
    X(TRAUMA, DECAY, decay, "decay")                                                                         \
    X(TRAUMA, WITNESS, witness, "being at risk in a hit")                                                    \
    X(TRAUMA, BEREAVEMENT, bereavement, "bereavement")                                                       \
    X(TRAUMA, CLIPPING, clipping, "clipping to [0,1]")                                                       \
    X(TRAUMA, ROUNDING, rounding, "rounding")                                                                \
    X(REINFORCEMENT, DANGER, danger, "danger perceived")                                                     \
    X(REINFORCEMENT, SIEGE, siege, "siege: instability around")                                              \
    X(REINFORCEMENT, TRAUMA, trauma, "trauma")                                                               \
    X(REINFORCEMENT, PROXIMITY, proximity, "proximity to the military")                                      \
    X(REINFORCEMENT, MANDATE, mandate, "robust mandate")                                                     \
    X(REINFORCEMENT, SECRECY, secrecy, "secrecy of the group's items")                                       \
    X(REINFORCEMENT, DEPENDENCE, dependence, "dependence on escorts")                                        \
    X(REINFORCEMENT, RELIEF, relief, "relief")                                                               \
    X(REINFORCEMENT, SOCIALIZATION, socialization, "socialization in meetings")                              \
    X(REINFORCEMENT, CONVOY, convoy, "protection by a convoy")                                               \
    X(REINFORCEMENT, CLIPPING, clipping, "clipping to [0,1]")                                                \
    X(REINFORCEMENT, ROUNDING, rounding, "rounding")                                                         \
    X(RESISTANCE, VALORIZATION, valorization, "valorization of civilian goals")                              \
    X(RESISTANCE, CIVIL_CONTACT, civil_contact, "civilians in the camp")                                     \
    X(RESISTANCE, UN_IDENTITY, un_identity, "UN identity")                                                   \
    X(RESISTANCE, FADE, fade, "fading")                                                                      \
    X(RESISTANCE, FRICTION, friction, "friction")                                                            \
    X(RESISTANCE, CROSS_INHIBITION, cross_inhibition, "cross-inhibition")                                    \
    X(RESISTANCE, SOCIALIZATION, socialization, "socialization in meetings")                                 \
    X(RESISTANCE, CONVOY, convoy, "unease in a convoy")                                                      \
    X(RESISTANCE, CLIPPING, clipping, "clipping to [0,1]")                                                   \
    X(RESISTANCE, ROUNDING, rounding, "rounding")                                                            \
    X(CROSS_TRUST, MEETING, meeting, "meetings across")                                                      \
    X(CROSS_TRUST, FRICTION, friction, "friction")                                                           \
    X(CROSS_TRUST, PROTECTION, protection, "protection")                                                     \
    X(CROSS_TRUST, SHARED_RIDE, shared_ride, "shared convoys")                                               \
    X(CROSS_TRUST, ARMED, armed, "armed escorts")                                                            \
    X(CROSS_TRUST, CLIPPING, clipping, "clipping to [0,1]")                                                  \
    X(CROSS_TRUST, ROUNDING, rounding, "rounding")

enum pko_term {
#define PKO_TERM_ENUM(STATE, TERM, name, title) PKO_TERM_##STATE##_##TERM,
    PKO_TERM_LIST(PKO_TERM_ENUM)
#undef PKO_TERM_ENUM
        PKO_TERMS
};

struct pko_term_info {
    enum pko_state state;
    const char *name, *title;
};
const struct pko_term_info *pko_term_info(enum pko_term term);
const char *pko_state_name(enum pko_state state); /* as in pko_mission_column */

struct pko_person_states {
    float value[PKO_STATES];
};
/* The states of the person at a place of a mission's columns. */
struct pko_person_states pko_person_states_at(const struct pko_mission *mission, size_t at);

/* Terms and states are given as whole multiples of 2^-48 (3.6e-15), so that sums of them, of a day or of
 * years and in any order, are exact in double precision. */
double pko_on_grid(double value);

struct pko_person_day {
    int32_t day;
    double before[PKO_STATES], after[PKO_STATES];
    double term[PKO_TERMS]; /* of each state they add up to after − before, exactly */
    uint8_t today;          /* bits PKO_TODAY_* */
    uint8_t bereaved;       /* the detachment lost people */
    /* Whom they met: a layer and a place in it, and the states that were seen; −1 for nobody (themselves). */
    int32_t met_layer;
    uint32_t met_place;
    float met_danger, met_reinforcement, met_resistance;
    double signal[4]; /* z by own group, own camp, region, mission */
};

/* Splits the day of the person at `place` of a layer, from the mission as it stands after process 7 of the
 * day and the states from before it. The day is computed anew in the order of the loop of process 7 and must
 * give the states that the mission has, to the bit. */
void pko_person_day_split(const struct pko_mission *mission, int layer, uint32_t place,
                          const struct pko_person_states *was, struct pko_person_day *split);

#endif
