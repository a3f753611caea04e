/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cut arrow's target sees: the running mean of ODD section 4, m ← m + (value − m)/min(90, days so
 * far), here computed from the values of each evening. */
#include <criterion/criterion.h>

#include <math.h>

#include "model/cuts.h"
#include "support/small.h"

#define EVENINGS 200
#define LAYERS   40
#define REGIONS  3
#define GROUPS   12

/* The sources of arrows by layer and by region. */
enum of_layer {
    DANGER,
    TRAUMA,
    REINFORCEMENT,
    RESISTANCE,
    CROSS_TRUST,
    POSTURE,
    FRUSTRATION,
    VALORIZATION,
    VOICE,
    OF_LAYER
};
enum of_region { STABILITY, POPULATION_TRUST, FEAR, OF_REGION };

static const struct {
    enum pko_arrow arrow;
    enum of_layer source;
} by_layer[] = {
    {PKO_ARROW_danger_to_reinforcement, DANGER},
    {PKO_ARROW_reinforcement_to_posture, REINFORCEMENT},
    {PKO_ARROW_posture_to_threat, POSTURE},
    {PKO_ARROW_posture_to_population_trust, POSTURE},
    {PKO_ARROW_valorization_to_resistance, VALORIZATION},
    {PKO_ARROW_resistance_to_posture, RESISTANCE},
    {PKO_ARROW_frustration_to_resistance, FRUSTRATION},
    {PKO_ARROW_frustration_to_reinforcement, FRUSTRATION},
    {PKO_ARROW_frustration_to_cross_trust, FRUSTRATION},
    {PKO_ARROW_cross_trust_to_escort, CROSS_TRUST},
    {PKO_ARROW_voice_to_visits, VOICE},
    {PKO_ARROW_voice_to_restraint, VOICE},
};
static const struct {
    enum pko_arrow arrow;
    enum of_region source;
} by_region[] = {
    {PKO_ARROW_population_trust_to_tips, POPULATION_TRUST},
    {PKO_ARROW_stability_to_access, STABILITY},
    {PKO_ARROW_stability_to_threat, STABILITY},
    {PKO_ARROW_fear_to_tips, FEAR},
};

/* Running means, and the days that each layer has been there. */
struct means {
    double layer[OF_LAYER][LAYERS], region[OF_REGION][REGIONS], secrecy[GROUPS], trust[GROUPS][GROUPS];
    int layer_days[LAYERS], days;
};

static double members_mean(const struct pko_mission *m, const float *state, int layer) {
    long double sum = 0;
    for (uint32_t k = 0; k < m->layer_people[layer]; k++)
        sum += (long double)state[m->layer_first[layer] + k];
    return (double)(sum / m->layer_people[layer]);
}

static double of_layer(const struct pko_mission *m, enum of_layer source, int layer) {
    const float *people[] = {m->danger, m->trauma, m->reinforcement, m->resistance, m->cross_trust};
    const double *state[] = {m->posture, m->frustration, m->valorization, m->voice};
    return source <= CROSS_TRUST ? members_mean(m, people[source], layer) : state[source - POSTURE][layer];
}
static double of_region(const struct pko_mission *m, enum of_region source, int region) {
    const double *state[] = {m->stability, m->population_trust, m->fear};
    return state[source][region];
}

/* One value more, the days so far being `days`. */
static void approach(double *mean, double value, int days) {
    *mean += (value - *mean) / (days < 90 ? days : 90);
}

static void note_evening(struct means *means, const struct pko_mission *m) {
    means->days++;
    for (int layer = 0; layer < m->scenario->layer_count; layer++) {
        if (m->layer_people[layer] == 0)
            continue;
        means->layer_days[layer]++;
        for (int source = 0; source < OF_LAYER; source++)
            approach(&means->layer[source][layer], of_layer(m, (enum of_layer)source, layer),
                     means->layer_days[layer]);
    }
    for (int r = 0; r < m->scenario->region_count; r++)
        for (int source = 0; source < OF_REGION; source++)
            approach(&means->region[source][r], of_region(m, (enum of_region)source, r), means->days);
    for (int g = 0; g < m->scenario->group_count; g++) {
        approach(&means->secrecy[g], m->secrecy[g], means->days);
        for (int h = 0; h < m->scenario->group_count; h++)
            approach(&means->trust[g][h], m->trust[(size_t)g * m->trust_stride + (size_t)h], means->days);
    }
}

/* Present on this day and there before: it has a mean of its own. */
static bool is_there(const struct pko_mission *m, int layer) {
    return m->layer_people[layer] > 0 && m->date < m->scenario->layers[layer].until;
}

/* A layer that is not there takes the mean of its category that day, by headcount. */
static double expected_of(const struct pko_mission *m, const struct means *means, enum of_layer source,
                          int layer) {
    if (is_there(m, layer))
        return means->layer[source][layer];
    double sum = 0, people = 0;
    for (int other = 0; other < m->scenario->layer_count; other++)
        if (is_there(m, other) &&
            pko_is_uniformed(pko_group_of(m, other)) == pko_is_uniformed(pko_group_of(m, layer))) {
            sum += m->layer_people[other] * means->layer[source][other];
            people += m->layer_people[other];
        }
    return sum / people;
}

/* Means over people are of sums that a company adds up in floats. */
static void expect_close(double value, double expected, const char *arrow, int unit, int day) {
    cr_expect(fabs(value - expected) <= 1e-8, "%s cut on day %d: %.17g is frozen for unit %d, not %.17g",
              arrow, day, value, unit, expected);
}

/* Cuts every arrow on a twin and looks at what each froze. */
static void expect_frozen(const struct pko_mission *run, const struct means *means) {
    struct pko_mission *m = clone_of(run);
    const struct pko_scenario *scenario = m->scenario;
    for (size_t k = 0; pko_arrow_info(k); k++)
        cr_assert_eq(pko_mission_cut(m, pko_arrow_info(k)->name), PKO_OK);
    for (size_t k = 0; k < sizeof by_layer / sizeof *by_layer; k++)
        for (int layer = 0; layer < scenario->layer_count; layer++)
            expect_close(m->frozen_layer[(size_t)by_layer[k].arrow * m->extent.L + (size_t)layer],
                         expected_of(m, means, by_layer[k].source, layer),
                         pko_arrow_info(by_layer[k].arrow)->name, layer, m->day);
    for (int layer = 0; layer < scenario->layer_count; layer++)
        expect_close(m->frozen_trauma[layer], expected_of(m, means, TRAUMA, layer), "danger_to_reinforcement",
                     layer, m->day);
    for (size_t k = 0; k < sizeof by_region / sizeof *by_region; k++)
        for (int r = 0; r < scenario->region_count; r++)
            expect_close(m->frozen_region[(size_t)by_region[k].arrow * m->extent.R + (size_t)r],
                         means->region[by_region[k].source][r], pko_arrow_info(by_region[k].arrow)->name, r,
                         m->day);
    for (int g = 0; g < scenario->group_count; g++) {
        expect_close(m->frozen_group[PKO_ARROW_secrecy_to_reinforcement * m->extent.G + (size_t)g],
                     means->secrecy[g], "secrecy_to_reinforcement", g, m->day);
        for (int h = 0; h < scenario->group_count; h++)
            expect_close(m->frozen_trust[(size_t)g * m->trust_stride + (size_t)h], means->trust[g][h],
                         "trust_to_sharing", 100 * g + h, m->day);
    }
    cr_expect_eq(m->frozen_mission[PKO_ARROW_mandate_to_reinforcement], run->robustness);
    cr_expect_eq(m->frozen_mission[PKO_ARROW_mandate_to_cooperation], run->robustness);
    cr_expect_eq(m->frozen_mission[PKO_ARROW_cooperation_to_threat], run->cooperation);
    cr_expect_eq(m->frozen_mission[PKO_ARROW_cooperation_to_population_trust], run->cooperation);
    pko_mission_free(m);
}

/* `small` with layers that begin on day 40 and end on day 100, begin on day 100, and end on day 30; a mandate
 * that moves. */
static struct pko_scenario *with_layers(void) {
    return SMALL("contingents.chad.detachments",
                 "[{camp: kidal_camp, strength: 1400}, {camp: kidal_camp, strength: 300, from: 2018-08-10, "
                 "until: 2018-10-09}, "
                 "{camp: castor, strength: 100, until: 2018-07-31}]",
                 "sections.jmac.detachments",
                 "[{camp: bamako_hq, strength: 40}, {camp: gao_supercamp, strength: 10, from: 2018-10-09}]",
                 "mandate.timeline",
                 "[{date: 2018-07-01, robustness: 0.6, cooperation: 0.4}, {date: 2018-10-09, robustness: "
                 "0.7, cooperation: "
                 "0.3}]");
}

Test(engine_cuts, freeze_the_running_mean_of_the_evening_before) {
    struct pko_scenario *scenario = with_layers();
    cr_assert(scenario->layer_count <= LAYERS && scenario->region_count <= REGIONS &&
              scenario->group_count <= GROUPS);
    struct pko_mission *run = mission_of(scenario, "minusma", 0);
    struct means means = {.days = 0};
    for (int day = 0; day < EVENINGS; day++) {
        /* On day 30 and 100 layers end, on day 40 and 100 they begin. */
        static const int looked_at[] = {1, 2, 30, 40, 41, 89, 90, 91, 100, 101, 102, 199};
        for (size_t k = 0; k < sizeof looked_at / sizeof *looked_at; k++)
            if (looked_at[k] == day)
                expect_frozen(run, &means);
        run_days(run, 1);
        note_evening(&means, run);
    }
    cr_expect_eq(run->robustness, 0.7);
    pko_mission_free(run);
    pko_scenario_free(scenario);
}

/* The first 90 days weigh alike, whatever came before the last of them. */
Test(engine_cuts, mean_is_plain_for_ninety_days) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *run = mission_of(scenario, "monusco", 0);
    double sum[REGIONS] = {0};
    for (int day = 1; day <= 90; day++) {
        run_days(run, 1);
        for (int r = 0; r < REGIONS; r++)
            sum[r] += run->fear[r];
    }
    cr_assert_eq(pko_mission_cut(run, "fear_to_tips"), PKO_OK);
    for (int r = 0; r < REGIONS; r++)
        expect_close(run->frozen_region[PKO_ARROW_fear_to_tips * run->extent.R + (size_t)r], sum[r] / 90,
                     "fear_to_tips", r, 90);
    pko_mission_free(run);
    pko_scenario_free(scenario);
}

/* A cut from day 0 freezes the initial state. */
Test(engine_cuts, from_day_0_freeze_the_initial_state) {
    struct pko_scenario *scenario = with_layers();
    struct pko_mission *run = mission_of(scenario, "minusma", 0);
    struct means means = {.days = 0};
    note_evening(&means, run); /* the one value so far */
    for (int layer = 0; layer < scenario->layer_count; layer++) {
        const struct pko_parameters *p = &run->parameters;
        if (run->layer_people[layer] == 0)
            continue;
        /* Nobody has seen a project yet, so salience is 1 and posture lo(bias + reinforcement·ā(1+μ) −
         * resistance·b̄(1−μ) + danger·arrival). */
        double mu = p->posture_situational;
        double odds = p->posture_bias +
                      p->posture_reinforcement * means.layer[REINFORCEMENT][layer] * (1 + mu) -
                      p->posture_resistance * means.layer[RESISTANCE][layer] * (1 - mu) +
                      p->posture_danger * (double)(float)p->danger_arrival;
        cr_expect_float_eq(means.layer[POSTURE][layer], 1 / (1 + exp(-odds)), 1e-12);
        cr_expect_eq(means.layer[FRUSTRATION][layer], 0.0);
        cr_expect_eq(means.layer[VALORIZATION][layer], 0.0);
    }
    expect_frozen(run, &means);
    pko_mission_free(run);

    /* And so does a cut that the scenario dates on the first day, or before it. */
    struct pko_scenario *first =
        SMALL("cut", "reinforcement_to_posture@2018-07-01", "cut", "fear_to_tips@2015-01-01");
    struct pko_mission *cut = mission_of(first, "minusma", 0);
    double initial = cut->mean_reinforcement[0];
    run_days(cut, 3);
    cr_expect(cut->cut[PKO_ARROW_reinforcement_to_posture] && cut->cut[PKO_ARROW_fear_to_tips]);
    cr_expect_eq(cut->frozen_layer[PKO_ARROW_reinforcement_to_posture * cut->extent.L], initial);
    pko_mission_free(cut);
    pko_scenario_free(first);
    pko_scenario_free(scenario);
}

static double salience_of(double danger, double valorization) {
    return danger + valorization > 0 ? danger / (danger + valorization) : 0.5;
}

/* Posture (6.2) and the rate of plots (6.3) from what is frozen, also where a layer comes later. */
Test(engine_cuts, posture_and_threat_see_what_is_frozen) {
    struct pko_scenario *scenario = with_layers();
    struct pko_mission *m = mission_of(scenario, "minusma", 3);
    const struct pko_parameters *p = &m->parameters;
    run_days(m, 35);
    static const char *const cut[] = {"reinforcement_to_posture", "resistance_to_posture",
                                      "posture_to_threat", "stability_to_threat", "cooperation_to_threat"};
    for (size_t k = 0; k < 5; k++)
        cr_assert_eq(pko_mission_cut(m, cut[k]), PKO_OK);
    const double *a = m->frozen_layer + PKO_ARROW_reinforcement_to_posture * m->extent.L;
    const double *b = m->frozen_layer + PKO_ARROW_resistance_to_posture * m->extent.L;
    const double *pi = m->frozen_layer + PKO_ARROW_posture_to_threat * m->extent.L;
    const double *s = m->frozen_region + PKO_ARROW_stability_to_threat * m->extent.R;
    double kappa = m->cooperation, mu = p->posture_situational;
    for (int day = 35; day < 110; day++) {
        struct pko_mission *was = clone_of(m);
        run_days(m, 1);
        double weighted[REGIONS] = {0}, patrollers[REGIONS] = {0};
        for (uint32_t k = 0; k < m->layers_present; k++) {
            int j = m->order[k], r = pko_region_of(m, j);
            bool began = was->layer_people[j] == 0;
            double d = began ? (double)(float)p->danger_arrival : was->mean_danger[j];
            double zeta = salience_of(d, began ? 0.0 : was->valorization[j]);
            double odds = p->posture_bias + p->posture_reinforcement * a[j] * (1 - mu + 2 * mu * zeta) -
                          p->posture_resistance * b[j] * (1 - mu + 2 * mu * (1 - zeta)) +
                          p->posture_danger * d;
            cr_expect_float_eq(m->posture[j], 1 / (1 + exp(-odds)), 1e-9, "posture of layer %d on day %d", j,
                               day);
            weighted[r] += m->patrollers[j] * pi[j];
            patrollers[r] += m->patrollers[j];
        }
        for (int r = 0; r < REGIONS; r++) {
            double base = pko_timeline_at(&scenario->regions[r].threat, was->date);
            double rate = base * 2 * (1 - s[r]) * (1 + p->threat_cooperation * kappa) *
                              (1 + p->threat_posture * weighted[r] / patrollers[r]) +
                          m->excitation[r];
            cr_expect_float_eq(m->plot_rate[r], rate, 1e-12, "rate of region %d on day %d", r, day);
        }
        pko_mission_free(was);
    }
    cr_expect_neq(m->cooperation, kappa, "cooperation did not move");
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* p ← p + projects·Y(1−p) + presence·Q(1−p) − [posture·M + cooperation·κ + violence·A]p + (p⁰−p)/memory, with
 * frozen κ and with Q and M from frozen postures; no loss of memory by rotation. */
Test(engine_cuts, population_trust_sees_what_is_frozen) {
    struct pko_scenario *scenario = with_layers();
    struct pko_mission *m = mission_of(scenario, "minusma", 3);
    const struct pko_parameters *p = &m->parameters;
    cr_assert_eq(pko_mission_set(m, "rotation.memory_loss", 0), PKO_OK);
    run_days(m, 35);
    cr_assert_eq(pko_mission_cut(m, "posture_to_population_trust"), PKO_OK);
    cr_assert_eq(pko_mission_cut(m, "cooperation_to_population_trust"), PKO_OK);
    const double *pi = m->frozen_layer + PKO_ARROW_posture_to_population_trust * m->extent.L;
    double kappa = m->cooperation;
    for (int day = 35; day < 110; day++) {
        double was[REGIONS], q[REGIONS] = {0}, enemy[REGIONS] = {0};
        memcpy(was, m->population_trust, sizeof was);
        run_days(m, 1);
        for (uint32_t k = 0; k < m->layers_present; k++) {
            int j = m->order[k];
            q[pko_region_of(m, j)] += m->patrollers[j] * (1 - pi[j]) / 1000;
            enemy[pko_region_of(m, j)] += m->patrollers[j] * pi[j] / 1000;
        }
        for (int r = 0; r < REGIONS; r++) {
            double gain = p->population_projects * m->projects_today[r] + p->population_presence * q[r];
            double loss = p->population_posture * enemy[r] + p->population_cooperation * kappa +
                          p->population_violence * m->community_hits_today[r];
            double now = was[r] + gain * (1 - was[r]) - loss * was[r] +
                         (scenario->regions[r].trust - was[r]) / p->population_memory_days;
            cr_expect_float_eq(m->population_trust[r], now, 1e-12, "region %d on day %d", r, day);
        }
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}
