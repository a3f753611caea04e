/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/person_day.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "process/peacekeepers.h"

static const struct pko_term_info infos[] = {
#define PKO_TERM_ROW(STATE, TERM, name, title) {PKO_STATE_##STATE, #name, title},
    PKO_TERM_LIST(PKO_TERM_ROW)
#undef PKO_TERM_ROW
};
const struct pko_term_info *pko_term_info(enum pko_term term) {
    return &infos[term];
}

const char *pko_state_name(enum pko_state state) {
    static const char *const names[] = {
#define PKO_STATE_NAME(STATE, name) #name,
        PKO_STATE_LIST(PKO_STATE_NAME)
#undef PKO_STATE_NAME
    };
    return names[state];
}

struct pko_person_states pko_person_states_at(const struct pko_mission *mission, size_t at) {
    struct pko_person_states states;
#define PKO_STATE_TAKE(STATE, name) states.value[PKO_STATE_##STATE] = mission->name[at];
    PKO_STATE_LIST(PKO_STATE_TAKE)
#undef PKO_STATE_TAKE
    return states;
}

double pko_on_grid(double value) {
    return rint(value * 0x1p48) * 0x1p-48;
}

/* What the day of one person is made of. */
struct person {
    struct pko_meeting_day day;
    float was[PKO_STATES];
    uint32_t traits;
    uint8_t today;
    float ride_posture;
    struct pko_visible met;
    float tie; /* w; 0 for who meets nobody */
    int across;
};

/* The address and the choice of a partner are those of process/peacekeepers_kernel.c. */
static uint32_t meet(const struct pko_meeting_day *day, uint32_t place) {
    struct pko_words words =
        pko_draw(day->stream, PKO_PURPOSE_MEETING, day->day, day->layer, 16 * (place / 64) + place % 16);
    int32_t w = (int32_t)(words.word[place / 16 % 4] >> 1);
    int whom = w < day->own_below ? 0 : w < day->camp_below ? 1 : 2;
    float along = (float)(w - day->from[whom]) * day->scale[whom];
    int32_t at = day->start[whom] + (int32_t)along;
    return (uint32_t)(at < day->last[whom] ? at : day->last[whom]);
}

static void know_person(const struct pko_mission *mission, int layer, uint32_t place,
                        const struct pko_person_states *was, struct person *p, uint32_t *partner) {
    size_t at = (size_t)mission->layer_first[layer] + place;
    pko_meeting_day_of(mission, layer, &p->day);
    memcpy(p->was, was->value, sizeof p->was);
    p->traits = mission->traits[at];
    p->today = mission->today[at];
    p->ride_posture = mission->ride_posture[at];
    *partner = meet(&p->day, place);
    p->met = mission->seen[*partner];
    uint32_t both = p->traits | p->met.traits;
    p->across = ((p->traits ^ p->met.traits) & PKO_TRAIT_UNIFORMED) != 0;
    p->tie = p->across && !(both & PKO_TRAIT_BACKGROUND) ? p->day.tie_across : 1.0f;
    if (*partner == at)
        p->tie = 0.0f;
}

/* 1 − |a − a_k| − x, what trust approaches in a meeting across. */
static float approached(const struct person *p) {
    float apart = p->was[PKO_STATE_REINFORCEMENT] - p->met.reinforcement;
    return 1.0f - (apart < 0.0f ? -apart : apart) - p->was[PKO_STATE_CROSS_TRUST];
}

static float danger_floor(const struct person *p) {
    float floor = p->was[PKO_STATE_TRAUMA] + p->day.floor_base;
    return floor < 1.0f ? floor : 1.0f;
}

/* The day as the loop of process 7 computes it, before clipping. */
static void in_kernel_order(const struct person *p, float now[PKO_STATES]) {
    const struct pko_meeting_day *day = &p->day;
    float d = p->was[0], t = p->was[1], a = p->was[2], b = p->was[3], x = p->was[4];
    float signal = p->traits & PKO_TRAIT_BACKGROUND ? day->signal_background : day->signal;
    now[0] = d + (1.0f - d) * signal * ((a - 0.5f) * day->lens + 1.0f) + (danger_floor(p) - d) * day->forget +
             p->tie * (p->met.danger - d) * day->contagion;
    now[1] = t * day->trauma_keep + (1.0f - t) * day->bereavement;
    now[2] = a + (d * day->by_danger + t * day->by_trauma + day->gain) * (1.0f - a) - a * day->relief +
             p->tie * (p->met.reinforcement - a) * day->pull;
    now[3] = b + (1.0f - b) * day->value - (a * day->inhibition + day->fade) * b +
             p->tie * (p->met.resistance - b) * day->pull;
    float meeting = p->across ? p->tie * approached(p) * day->approach : 0.0f;
    now[4] = x + meeting - x * day->friction + d * (1.0f - x) * day->protection;
    if (p->today & PKO_TODAY_WITNESS)
        now[1] += (1.0f - t) * day->trauma_witness;
    if (p->today & PKO_TODAY_ABOARD) {
        now[2] += (1.0f - a) * day->reliance;
        now[3] += (1.0f - b) * day->unease;
        now[4] -= x * p->ride_posture * day->armed;
    }
    if (p->today & PKO_TODAY_MIXED)
        now[4] += (1.0f - x) * day->shared_ride;
}

static void danger_and_trauma_terms(const struct person *p, double *term) {
    const struct pko_meeting_day *day = &p->day;
    double d = (double)p->was[0], t = (double)p->was[1], a = (double)p->was[2];
    double signal = (double)(p->traits & PKO_TRAIT_BACKGROUND ? day->signal_background : day->signal);
    term[PKO_TERM_DANGER_INCIDENTS] = (1.0 - d) * signal;
    term[PKO_TERM_DANGER_LENS] = (1.0 - d) * signal * (a - 0.5) * (double)day->lens;
    term[PKO_TERM_DANGER_FLOOR] = ((double)danger_floor(p) - d) * (double)day->forget;
    term[PKO_TERM_DANGER_CONTAGION] = (double)p->tie * ((double)p->met.danger - d) * (double)day->contagion;
    term[PKO_TERM_TRAUMA_DECAY] = t * ((double)day->trauma_keep - 1.0);
    term[PKO_TERM_TRAUMA_BEREAVEMENT] = (1.0 - t) * (double)day->bereavement;
    if (p->today & PKO_TODAY_WITNESS)
        term[PKO_TERM_TRAUMA_WITNESS] = (1.0 - t) * (double)day->trauma_witness;
}

static void ledger_terms(const struct person *p, const struct pko_ledger_terms *parts, double *term) {
    const struct pko_meeting_day *day = &p->day;
    double d = (double)p->was[0], t = (double)p->was[1], a = (double)p->was[2], b = (double)p->was[3];
    double tie = (double)p->tie * (double)day->pull;
    term[PKO_TERM_REINFORCEMENT_DANGER] = (parts->by_danger * d + parts->frozen_danger) * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_SIEGE] = parts->siege * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_TRAUMA] = (parts->by_trauma * t + parts->frozen_trauma) * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_PROXIMITY] = parts->proximity * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_MANDATE] = parts->mandate * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_SECRECY] = parts->secrecy * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_DEPENDENCE] = parts->dependence * (1.0 - a);
    term[PKO_TERM_REINFORCEMENT_RELIEF] = -(double)day->relief * a;
    term[PKO_TERM_REINFORCEMENT_SOCIALIZATION] = tie * ((double)p->met.reinforcement - a);
    term[PKO_TERM_RESISTANCE_VALORIZATION] = parts->valorization * (1.0 - b);
    term[PKO_TERM_RESISTANCE_CIVIL_CONTACT] = parts->civil_contact * (1.0 - b);
    term[PKO_TERM_RESISTANCE_UN_IDENTITY] = parts->un_identity * (1.0 - b);
    term[PKO_TERM_RESISTANCE_FADE] = -parts->fade * b;
    term[PKO_TERM_RESISTANCE_FRICTION] = -parts->friction * b;
    term[PKO_TERM_RESISTANCE_CROSS_INHIBITION] = -(double)day->inhibition * a * b;
    term[PKO_TERM_RESISTANCE_SOCIALIZATION] = tie * ((double)p->met.resistance - b);
    if (p->today & PKO_TODAY_ABOARD) {
        term[PKO_TERM_REINFORCEMENT_CONVOY] = (double)day->reliance * (1.0 - a);
        term[PKO_TERM_RESISTANCE_CONVOY] = (double)day->unease * (1.0 - b);
    }
}

static void cross_trust_terms(const struct person *p, double *term) {
    const struct pko_meeting_day *day = &p->day;
    double d = (double)p->was[0], x = (double)p->was[4];
    if (p->across)
        term[PKO_TERM_CROSS_TRUST_MEETING] = (double)p->tie * (double)approached(p) * (double)day->approach;
    term[PKO_TERM_CROSS_TRUST_FRICTION] = -(double)day->friction * x;
    term[PKO_TERM_CROSS_TRUST_PROTECTION] = (double)day->protection * d * (1.0 - x);
    if (p->today & PKO_TODAY_MIXED)
        term[PKO_TERM_CROSS_TRUST_SHARED_RIDE] = (double)day->shared_ride * (1.0 - x);
    if (p->today & PKO_TODAY_ABOARD)
        term[PKO_TERM_CROSS_TRUST_ARMED] = -(double)day->armed * (double)p->ride_posture * x;
}

/* Puts the terms on the grid; what is left of each state's change is rounding. */
static void settle(const float unclipped[PKO_STATES], struct pko_person_day *split) {
    static const enum pko_term clipping[PKO_STATES] = {
#define PKO_STATE_CLIPPING(STATE, name) PKO_TERM_##STATE##_CLIPPING,
        PKO_STATE_LIST(PKO_STATE_CLIPPING)
#undef PKO_STATE_CLIPPING
    };
    double left[PKO_STATES];
    for (int s = 0; s < PKO_STATES; s++) {
        split->term[clipping[s]] = split->after[s] - (double)unclipped[s];
        if (unclipped[s] >= 0.0f && unclipped[s] <= 1.0f)
            split->term[clipping[s]] = 0.0;
        left[s] = split->after[s] - split->before[s];
    }
    for (int k = 0; k < PKO_TERMS; k++) {
        split->term[k] = pko_on_grid(split->term[k]) + 0.0; /* no −0 */
        left[infos[k].state] -= split->term[k];
    }
    for (int s = 0; s < PKO_STATES; s++)
        split->term[clipping[s] + 1] = left[s]; /* rounding follows clipping */
}

static void tell_meeting(const struct pko_mission *mission, const struct person *p, uint32_t self,
                         uint32_t partner, struct pko_person_day *split) {
    split->met_layer = -1;
    split->met_danger = p->met.danger;
    split->met_reinforcement = p->met.reinforcement;
    split->met_resistance = p->met.resistance;
    for (uint32_t k = 0; k < mission->layers_present && partner != self; k++) {
        int layer = mission->order[k];
        if (partner >= mission->layer_first[layer] &&
            partner < mission->layer_first[layer] + mission->layer_people[layer]) {
            split->met_layer = layer;
            split->met_place = partner - mission->layer_first[layer];
        }
    }
}

void pko_person_day_split(const struct pko_mission *mission, int layer, uint32_t place,
                          const struct pko_person_states *was, struct pko_person_day *split) {
    struct person person;
    uint32_t partner;
    float now[PKO_STATES];
    know_person(mission, layer, place, was, &person, &partner);
    in_kernel_order(&person, now);
    struct pko_person_states is = pko_person_states_at(mission, (size_t)mission->layer_first[layer] + place);
    *split = (struct pko_person_day){.day = mission->day, .today = person.today};
    split->bereaved = mission->bereaved[layer];
    for (int s = 0; s < PKO_STATES; s++) {
        float clipped = now[s] > 1.0f ? 1.0f : now[s] > 0.0f ? now[s] : 0.0f;
        assert(clipped == is.value[s]);
        split->before[s] = pko_on_grid((double)was->value[s]);
        split->after[s] = pko_on_grid((double)is.value[s]);
    }
    struct pko_ledger_terms parts = pko_ledger_terms_of(mission, layer);
    struct pko_signal_terms signal = pko_signal_terms_of(mission, layer);
    memcpy(split->signal, (double[]){signal.own, signal.camp, signal.region, signal.mission},
           sizeof split->signal);
    danger_and_trauma_terms(&person, split->term);
    ledger_terms(&person, &parts, split->term);
    cross_trust_terms(&person, split->term);
    settle(now, split);
    tell_meeting(mission, &person, mission->layer_first[layer] + place, partner, split);
}
