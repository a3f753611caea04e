/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrows into the states of individuals (ODD 6.7): what a cut does to the constants of a detachment's day. */
#include <criterion/criterion.h>

#include <math.h>
#include <stddef.h>

#include "model/mission.h"
#include "process/peacekeepers.h"
#include "support/small.h"

/* All constants alike; between the first and the last there is no padding. */
static bool same_constants(const struct pko_meeting_day *one, const struct pko_meeting_day *other) {
    size_t from = offsetof(struct pko_meeting_day, day);
    size_t to = offsetof(struct pko_meeting_day, shared_ride) + sizeof one->shared_ride;
    return memcmp((const char *)one + from, (const char *)other + from, to - from) == 0;
}

/* The constants of a detachment's day (6.7) with one arrow cut. */
static struct pko_meeting_day day_with_cut(const struct pko_mission *mission, const char *arrow, int layer) {
    struct pko_mission *cut = clone_of(mission);
    struct pko_meeting_day day;
    cr_assert_eq(pko_mission_cut(cut, arrow), PKO_OK);
    pko_meeting_day_of(cut, layer, &day);
    pko_mission_free(cut);
    return day;
}

/* Each arrow into the states of individuals moves its own terms by what its source is frozen at, and no
 * other. */
Test(engine_cut_people, individuals_see_what_is_frozen) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "minusma", 3);
    const struct pko_parameters *p = &m->parameters;
    run_days(m, 101); /* the mandate moved on day 100 */
    for (uint32_t k = 0; k < m->layers_present; k++) {
        int j = m->order[k], g = scenario->layers[j].group;
        bool uniformed = pko_is_uniformed(&scenario->groups[g]);
        struct pko_meeting_day live, cut;
        m->frustration[j] = 0.7;
        m->valorization[j] = 0.6;
        m->secrecy[g] = 0.8;
        pko_meeting_day_of(m, j, &live);
#define EXPECT_MOVED(field, by)                                                                              \
    cr_expect_float_eq((double)cut.field - (double)live.field, by, 1e-8, #field " of layer %d", j);          \
    cut.field = live.field
#define EXPECT_SAME_ELSE(arrow)                                                                              \
    cr_expect(same_constants(&cut, &live), arrow " moves something else of layer %d", j)
        cut = day_with_cut(m, "frustration_to_resistance", j);
        EXPECT_MOVED(fade, uniformed ? p->ledger_friction * (m->memory_frustration[j] - 0.7) : 0);
        EXPECT_SAME_ELSE("frustration_to_resistance");
        cut = day_with_cut(m, "frustration_to_reinforcement", j);
        EXPECT_MOVED(gain, uniformed ? 0 : p->ledger_dependence * (m->memory_frustration[j] - 0.7));
        EXPECT_SAME_ELSE("frustration_to_reinforcement");
        cut = day_with_cut(m, "frustration_to_cross_trust", j);
        EXPECT_MOVED(friction, uniformed ? p->cross_trust_friction * (m->memory_frustration[j] - 0.7) : 0);
        EXPECT_SAME_ELSE("frustration_to_cross_trust");
        cut = day_with_cut(m, "valorization_to_resistance", j);
        EXPECT_MOVED(value, p->ledger_valorization * (m->memory_valorization[j] - 0.6));
        EXPECT_SAME_ELSE("valorization_to_resistance");
        cut = day_with_cut(m, "secrecy_to_reinforcement", j);
        EXPECT_MOVED(gain, p->ledger_secrecy * (m->memory_secrecy[g] - 0.8));
        EXPECT_SAME_ELSE("secrecy_to_reinforcement");
        cut = day_with_cut(m, "danger_to_reinforcement", j);
        double danger = p->ledger_danger * (1 - p->ledger_besieged);
        EXPECT_MOVED(gain, danger * m->memory_danger[j] + p->ledger_trauma * m->memory_trauma[j]);
        EXPECT_MOVED(by_danger, -danger);
        EXPECT_MOVED(by_trauma, -p->ledger_trauma);
        EXPECT_SAME_ELSE("danger_to_reinforcement");
        cut = day_with_cut(m, "mandate_to_reinforcement", j);
        EXPECT_MOVED(gain, 0); /* frozen at what it is now */
        EXPECT_SAME_ELSE("mandate_to_reinforcement");
        cut = day_with_cut(m, "cohesion_to_reinforcement", j);
        double proximity = p->proximity_job - p->proximity_dilution * (1 - m->cohesion[j]);
        EXPECT_MOVED(gain, uniformed ? p->ledger_proximity * (p->proximity_job - fmax(0, proximity)) : 0);
        EXPECT_SAME_ELSE("cohesion_to_reinforcement");
#undef EXPECT_MOVED
#undef EXPECT_SAME_ELSE
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Cuts whose source is an event: its terms are gone. */
Test(engine_cut_people, events_do_not_happen) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "minusma", 3);
    run_days(m, 100);
    for (int j = 0; j < scenario->layer_count; j++) {
        struct pko_meeting_day live, cut, expected;
        m->severity_group[scenario->layers[j].group] = 2.0;
        m->bereaved[j] = 1;
        pko_meeting_day_of(m, j, &live);
        bool civilians = !pko_is_uniformed(pko_group_of(m, j)); /* only they may have a background */
        cr_expect(live.signal > 0 && (live.signal_background > 0) == civilians && live.trauma_witness > 0 &&
                  live.bereavement > 0);
        cr_expect(live.lens > 0 && live.pull > 0);
#define EXPECT_GONE(arrow, ...)                                                                              \
    expected = live;                                                                                         \
    cut = day_with_cut(m, #arrow, j);                                                                        \
    __VA_ARGS__ = 0.0f;                                                                                      \
    cr_expect(same_constants(&cut, &expected), #arrow " of layer %d", j)
        EXPECT_GONE(incidents_to_danger, expected.signal = expected.signal_background =
                                             expected.trauma_witness = expected.bereavement);
        EXPECT_GONE(reinforcement_to_danger, expected.lens);
        EXPECT_GONE(socialization, expected.pull);
        EXPECT_GONE(convoys_to_ledgers, expected.reliance = expected.unease);
        EXPECT_GONE(convoys_to_cross_trust, expected.armed = expected.shared_ride);
#undef EXPECT_GONE
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}
