/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day split into its terms (experiment/person_day.h) adds up to the change of the state, exactly, for many
 * people on many days; and the terms are those of ODD 6.7. */
#include <math.h>

#include "experiment/person_day.h"
#include "support/small.h"

struct check {
    uint32_t stride;               /* every so many-th person of each layer */
    struct pko_person_states *was; /* by place, in the morning */
    size_t days, met, aboard, witnesses, bereaved, clipped;
    double most_rounding;
};

/* Constants of a day are floats, so a factor close to 1 is off by up to 2^-25.
 * Terms that read nothing but the person and a parameter, computed apart. */
static void check_plain_terms(const struct pko_mission *mission, const struct pko_person_day *day,
                              bool uniformed) {
    const struct pko_parameters *p = &mission->parameters;
    double d = day->before[0], t = day->before[1], a = day->before[2], b = day->before[3];
#define NEAR(TERM, expected)                                                                                 \
    do {                                                                                                     \
        double is_ = day->term[PKO_TERM_##TERM], right_ = (expected);                                        \
        cr_expect(fabs(is_ - right_) < 4e-8, #TERM " is %g, not %g", is_, right_);                           \
    } while (0)
    NEAR(REINFORCEMENT_RELIEF, -p->ledger_relief * a);
    NEAR(REINFORCEMENT_DANGER, p->ledger_danger * (1.0 - p->ledger_besieged) * d * (1.0 - a));
    NEAR(REINFORCEMENT_TRAUMA, p->ledger_trauma * t * (1.0 - a));
    NEAR(REINFORCEMENT_MANDATE, p->ledger_mandate * mission->robustness * (1.0 - a));
    NEAR(RESISTANCE_UN_IDENTITY, p->ledger_un_identity * (1.0 - b));
    NEAR(RESISTANCE_FADE, -p->ledger_fade * b);
    NEAR(TRAUMA_DECAY, t * (exp(-1.0 / p->danger_trauma_days) - 1.0));
    NEAR(TRAUMA_BEREAVEMENT, day->bereaved ? p->danger_bereavement * (1.0 - t) : 0.0);
    NEAR(TRAUMA_WITNESS, day->today & PKO_TODAY_WITNESS ? p->danger_trauma * (1.0 - t) : 0.0);
    NEAR(REINFORCEMENT_CONVOY, day->today & PKO_TODAY_ABOARD ? p->ledger_reliance * (1.0 - a) : 0.0);
#undef NEAR
    if (uniformed)
        cr_expect_float_eq(day->term[PKO_TERM_REINFORCEMENT_DEPENDENCE], 0.0, 0.0);
    else
        cr_expect_float_eq(day->term[PKO_TERM_RESISTANCE_FRICTION], 0.0, 0.0);
}

static void check_person(struct check *check, const struct pko_mission *mission, int layer, uint32_t place) {
    size_t at = (size_t)mission->layer_first[layer] + place;
    const float is[PKO_STATES] = {mission->danger[at], mission->trauma[at], mission->reinforcement[at],
                                  mission->resistance[at], mission->cross_trust[at]};
    struct pko_person_day day;
    double sum[PKO_STATES] = {0};
    pko_person_day_split(mission, layer, place, &check->was[at], &day);
    for (enum pko_term term = 0; term < PKO_TERMS; term++) {
        sum[pko_term_info(term)->state] += day.term[term];
        if (strcmp(pko_term_info(term)->name, "rounding") == 0)
            check->most_rounding = fmax(check->most_rounding, fabs(day.term[term]));
        if (strcmp(pko_term_info(term)->name, "clipping") == 0)
            check->clipped += day.term[term] != 0.0;
    }
    for (int s = 0; s < PKO_STATES; s++) {
        cr_assert(sum[s] == day.after[s] - day.before[s], "%s of person %zu on day %d: %.17g, not %.17g",
                  pko_state_name((enum pko_state)s), at, mission->day, sum[s], day.after[s] - day.before[s]);
        cr_assert(fabs(day.after[s] - (double)is[s]) <= 0x1p-49 &&
                  fabs(day.before[s] - (double)check->was[at].value[s]) <= 0x1p-49);
    }
    check_plain_terms(mission, &day, pko_is_uniformed(pko_group_of(mission, layer)));
    check->days++;
    check->met += day.met_layer >= 0;
    check->aboard += (day.today & PKO_TODAY_ABOARD) != 0;
    check->witnesses += (day.today & PKO_TODAY_WITNESS) != 0;
    check->bereaved += day.bereaved;
}

static void watch(void *context, const struct pko_mission *mission, int process) {
    struct check *check = context;
    for (size_t at = 0; process == 6 && at < mission->people; at++)
        check->was[at] = pko_person_states_at(mission, at);
    for (uint32_t k = 0; process == 7 && k < mission->layers_present; k++) {
        int layer = mission->order[k];
        for (uint32_t place = (uint32_t)mission->day % check->stride; place < mission->layer_people[layer];
             place += check->stride)
            check_person(check, mission, layer, place);
    }
}

static struct check run_checked(const struct pko_scenario *scenario, const char *regime, int days,
                                uint32_t stride, void (*prepare)(struct pko_mission *mission)) {
    struct check check = {.stride = stride};
    struct pko_mission *mission = mission_of(scenario, regime, 1);
    check.was = calloc(mission->extent.P, sizeof *check.was);
    cr_assert_not_null(check.was);
    if (prepare)
        prepare(mission);
    pko_mission_watch(mission, watch, &check);
    run_days(mission, days);
    pko_mission_free(mission);
    free(check.was);
    /* A float in [0,1] is rounded by at most 2^-25 an operation, and there are about a dozen. */
    cr_expect_lt(check.most_rounding, 5e-7, "%g", check.most_rounding);
    return check;
}

Test(explain_terms, add_up_for_everyone_on_every_day) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct check check = run_checked(scenario, "minusma", 400, 1, NULL);
    cr_expect(check.days > 190000 && check.met > check.days * 9 / 10 && check.met < check.days,
              "%zu of %zu met", check.met, check.days);
    cr_expect(check.aboard > 100 && check.witnesses > 100 && check.bereaved > 100, "%zu %zu %zu",
              check.aboard, check.witnesses, check.bereaved);
    pko_scenario_free(scenario);
}

Test(explain_terms, add_up_in_the_large_mission) {
    struct pko_scenario *scenario =
        scenario_of("minusma", (const char *const[]){"start", "2016-07-01", NULL});
    struct check check = run_checked(scenario, "monusco", 60, 37, NULL);
    cr_expect_gt(check.days, 20000);
    pko_scenario_free(scenario);
}

/* No parameter in its range carries a state beyond [0,1] with ease, so the mission is made worse by hand. */
static void make_worse(struct pko_mission *mission) {
    mission->parameters.danger_lens = 12.0;
    mission->parameters.danger_own = 2.0;
    mission->parameters.cross_trust_armed = 3.0;
}

Test(explain_terms, add_up_where_states_are_clipped) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct check check = run_checked(scenario, "minusma", 250, 1, make_worse);
    cr_expect_gt(check.clipped, 100, "%zu states were clipped", check.clipped);
    pko_scenario_free(scenario);
}

/* Sums of all terms over the people of a mission in which an arrow is cut from day 60 on, from that day on.
 */
struct sums {
    struct check check;
    double term[PKO_TERMS];
};

static void sum_up(void *context, const struct pko_mission *mission, int process) {
    struct sums *sums = context;
    for (size_t at = 0; process == 6 && at < mission->people; at++)
        sums->check.was[at] = pko_person_states_at(mission, at);
    for (uint32_t k = 0; process == 7 && mission->day >= 60 && k < mission->layers_present; k++) {
        int layer = mission->order[k];
        for (uint32_t place = 0; place < mission->layer_people[layer]; place++) {
            struct pko_person_day day;
            pko_person_day_split(mission, layer, place,
                                 &sums->check.was[(size_t)mission->layer_first[layer] + place], &day);
            for (enum pko_term term = 0; term < PKO_TERMS; term++)
                sums->term[term] += fabs(day.term[term]);
        }
    }
}

static struct sums run_cut(const char *arrow) {
    struct pko_scenario *scenario = SMALL("scale", "0.1");
    struct pko_mission *mission = mission_of(scenario, "minusma", 1);
    struct sums sums = {.term = {0}};
    sums.check.was = calloc(mission->extent.P, sizeof *sums.check.was);
    cr_assert_not_null(sums.check.was);
    pko_mission_watch(mission, sum_up, &sums);
    run_days(mission, 60);
    if (arrow)
        cr_assert_eq(pko_mission_cut(mission, arrow), PKO_OK);
    run_days(mission, 140);
    free(sums.check.was);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    return sums;
}

Test(explain_terms, follow_the_arrows_that_are_cut) {
    static const struct {
        const char *arrow;
        enum pko_term gone;
    } row[] = {{"incidents_to_danger", PKO_TERM_DANGER_INCIDENTS},
               {"incidents_to_danger", PKO_TERM_TRAUMA_WITNESS},
               {"incidents_to_danger", PKO_TERM_TRAUMA_BEREAVEMENT},
               {"reinforcement_to_danger", PKO_TERM_DANGER_LENS},
               {"socialization", PKO_TERM_REINFORCEMENT_SOCIALIZATION},
               {"socialization", PKO_TERM_RESISTANCE_SOCIALIZATION},
               {"convoys_to_ledgers", PKO_TERM_REINFORCEMENT_CONVOY},
               {"convoys_to_ledgers", PKO_TERM_RESISTANCE_CONVOY},
               {"convoys_to_cross_trust", PKO_TERM_CROSS_TRUST_SHARED_RIDE},
               {"convoys_to_cross_trust", PKO_TERM_CROSS_TRUST_ARMED}};
    struct sums whole = run_cut(NULL);
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        struct sums cut = run_cut(row[k].arrow);
        cr_expect(whole.term[row[k].gone] > 0.0 && cut.term[row[k].gone] == 0.0, "%s: %g, then %g",
                  row[k].arrow, whole.term[row[k].gone], cut.term[row[k].gone]);
    }
    /* A frozen source still counts: danger, trauma, the mandate, secrecy, frustration, valorization. */
    static const struct {
        const char *arrow;
        enum pko_term frozen;
    } still[] = {{"danger_to_reinforcement", PKO_TERM_REINFORCEMENT_DANGER},
                 {"danger_to_reinforcement", PKO_TERM_REINFORCEMENT_TRAUMA},
                 {"mandate_to_reinforcement", PKO_TERM_REINFORCEMENT_MANDATE},
                 {"secrecy_to_reinforcement", PKO_TERM_REINFORCEMENT_SECRECY},
                 {"frustration_to_reinforcement", PKO_TERM_REINFORCEMENT_DEPENDENCE},
                 {"frustration_to_resistance", PKO_TERM_RESISTANCE_FRICTION},
                 {"valorization_to_resistance", PKO_TERM_RESISTANCE_VALORIZATION}};
    for (size_t k = 0; k < sizeof still / sizeof *still; k++) {
        struct sums cut = run_cut(still[k].arrow);
        double ratio = cut.term[still[k].frozen] / whole.term[still[k].frozen];
        cr_expect(ratio > 0.1 && ratio < 10.0, "%s: ratio %g", still[k].arrow, ratio);
    }
}
