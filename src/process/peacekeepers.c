/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.7 peacekeepers: the constants of each detachment's day, then its members' day
 * (process/peacekeepers_kernel.c). */
#include <string.h>

#include "base/real.h"
#include "model/cuts.h"
#include "process/meetings.h"
#include "process/peacekeepers.h"
#include "process/process.h"

#define DETACHMENTS_AT_ONCE 32

/* v_j = min(1, project_value·100·scale·project-days/n + flight_value·100·scale·flights/n +
 * (1−π_j)·patrol_share). */
static double valorization(const struct pko_mission *mission, int j) {
    const struct pko_parameters *p = &mission->parameters;
    double per_head = 100.0 * mission->scale / (double)mission->layer_people[j];
    double projects = PKO_CUT(mission, projects_to_valorization) ? 0.0 : (double)mission->project_days[j];
    double flights = PKO_CUT(mission, flights_to_valorization) ? 0.0 : (double)mission->flights[j];
    double v = p->ledger_project_value * per_head * projects + p->ledger_flight_value * per_head * flights +
               (1.0 - mission->posture[j]) * pko_group_of(mission, j)->patrol;
    return v < 1.0 ? v : 1.0;
}

/* What is the same for all detachments of a day. */
struct rates {
    double friction_keep, friction_gain; /* e^(−1/friction.memory_days) and 1 − that */
    double trauma_keep;                  /* e^(−1/danger.trauma_days) */
};

static struct rates rates_of(const struct pko_parameters *p) {
    return (struct rates){pko_exp(-1.0 / p->friction_memory_days),
                          pko_probability(1.0 / p->friction_memory_days),
                          pko_exp(-1.0 / p->danger_trauma_days)};
}

/* φ_j ← φ_j·e^(−1/memory) + denial·100·scale·denials/n + (uniformed) bureaucracy·2(1−un_experience)(1 −
 * e^(−1/memory)). */
static double frustration(const struct pko_mission *mission, const struct rates *rates, int j) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, j);
    double denials = PKO_CUT(mission, denials_to_frustration) ? 0.0 : (double)mission->denials[j];
    double phi = mission->frustration[j] * rates->friction_keep +
                 p->friction_denial * 100.0 * mission->scale * denials / (double)mission->layer_people[j];
    if (pko_is_uniformed(group) && !PKO_CUT(mission, bureaucracy_to_frustration))
        phi += p->friction_bureaucracy * 2.0 * (1.0 - group->un_experience) * rates->friction_gain;
    return phi < 1.0 ? phi : 1.0;
}

/* z_j = own·ς(own group) + camp·ς(own camp) + region·ς(region) + mission·ς(mission). */
struct pko_signal_terms pko_signal_terms_of(const struct pko_mission *mission, int j) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_layer *layer = &mission->scenario->layers[j];
    if (PKO_CUT(mission, incidents_to_danger))
        return (struct pko_signal_terms){0.0, 0.0, 0.0, 0.0};
    return (struct pko_signal_terms){
        .own = p->danger_own * mission->severity_group[layer->group],
        .camp = p->danger_camp * mission->severity_camp[layer->camp],
        .region = p->danger_region * mission->severity_region[pko_region_of(mission, j)],
        .mission = p->danger_mission * mission->severity_mission,
    };
}

/* q: uniformed, job − dilution·(1−h_j), at least 0; civilians, 1 − (1 − base_life·m_c)(1 − section·u_j). */
static double proximity(const struct pko_mission *mission, int j, bool uniformed, double uniformed_share) {
    const struct pko_parameters *p = &mission->parameters;
    if (uniformed) {
        double h = PKO_CUT(mission, cohesion_to_reinforcement) ? 1.0 : mission->cohesion[j];
        double q = p->proximity_job - p->proximity_dilution * (1.0 - h);
        return q > 0.0 ? q : 0.0;
    }
    double background = (double)mission->layer_background[j] / (double)mission->layer_people[j];
    return 1.0 - (1.0 - p->proximity_base_life * uniformed_share) * (1.0 - p->proximity_section * background);
}

/* Whom one meets, by the upper 31 bits of a word: [0, own_below) own detachment, [own_below, camp_below) own
 * camp, the rest anyone present. */
static void whom_to_meet(const struct pko_mission *mission, int j, struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    const double all = 2147483648.0;
    int camp = mission->scenario->layers[j].camp;
    double own = p->contact_own * all, near = own + (1.0 - p->contact_own) * p->contact_camp * all;
    double bound[4] = {0.0, own, near, all};
    uint32_t first[3] = {mission->layer_first[j], mission->camp_first[camp], 0};
    uint32_t count[3] = {mission->layer_people[j], mission->camp_people[camp], mission->people};
    day->own_below = own < all ? (int32_t)own : INT32_MAX;
    day->camp_below = near < all ? (int32_t)near : INT32_MAX;
    for (int k = 0; k < 3; k++) {
        double width = bound[k + 1] - bound[k];
        day->start[k] = (int32_t)first[k];
        day->last[k] = (int32_t)(first[k] + count[k]) - 1;
        day->from[k] = bound[k] < all ? (int32_t)bound[k] : INT32_MAX;
        day->scale[k] = width > 0.0 ? (float)((double)count[k] / width) : 0.0f;
    }
}

static void danger_and_trauma(const struct pko_mission *mission, const struct rates *rates, int j,
                              bool uniformed, struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, j);
    int camp = mission->scenario->layers[j].camp, region = pko_region_of(mission, j);
    struct pko_signal_terms signal = pko_signal_terms_of(mission, j);
    double z = signal.own + signal.camp + signal.region + signal.mission;
    /* σ: untrained for civilians without a military background, else 1 − training_calm·(training; 0.5 with
     * one). */
    double sigma = uniformed ? 1.0 - p->danger_training_calm * group->training : p->danger_untrained;
    double sigma_background = 1.0 - p->danger_training_calm * 0.5;
    /* ψ_j = 1 − (1−protection)(1 − training_comfort·training)(1 − ally_comfort·allied). */
    double training = uniformed ? group->training : 0.0;
    double exposed = (1.0 - mission->protection[camp]) * (1.0 - p->danger_training_comfort * training) *
                     (1.0 - p->danger_ally_comfort * mission->scenario->camps[camp].allied);
    bool deaf = PKO_CUT(mission, incidents_to_danger);
    day->signal = z > 0.0 ? (float)pko_probability(sigma * z) : 0.0f;
    day->signal_background = z > 0.0 ? (float)pko_probability(sigma_background * z) : 0.0f;
    day->lens = PKO_CUT(mission, reinforcement_to_danger) ? 0.0f : (float)p->danger_lens;
    day->floor_base = (float)(p->danger_base * exposed * 2.0 * (1.0 - mission->stability[region]));
    day->forget = (float)(1.0 / p->danger_memory_days);
    day->contagion = (float)p->danger_contagion;
    day->trauma_keep = (float)rates->trauma_keep;
    day->trauma_witness = deaf ? 0.0f : (float)p->danger_trauma;
    day->bereavement = mission->bereaved[j] && !deaf ? (float)p->danger_bereavement : 0.0f;
}

static double share_of_uniformed(const struct pko_mission *mission, int j) {
    int camp = mission->scenario->layers[j].camp;
    return (double)mission->camp_uniformed[camp] / (double)mission->camp_people[camp];
}

struct pko_ledger_terms pko_ledger_terms_of(const struct pko_mission *mission, int j) {
    const struct pko_parameters *p = &mission->parameters;
    int group = mission->scenario->layers[j].group;
    bool uniformed = pko_is_uniformed(pko_group_of(mission, j));
    double uniformed_share = share_of_uniformed(mission, j);
    struct pko_ledger_terms t = {
        .by_danger = p->ledger_danger * (1.0 - p->ledger_besieged),
        .by_trauma = p->ledger_trauma,
        .siege =
            p->ledger_danger * p->ledger_besieged * (1.0 - mission->stability[pko_region_of(mission, j)]),
        .proximity = p->ledger_proximity * proximity(mission, j, uniformed, uniformed_share),
        .mandate =
            p->ledger_mandate * PKO_SEES_MISSION(mission, mandate_to_reinforcement, mission->robustness),
        .secrecy =
            p->ledger_secrecy * PKO_SEES_GROUP(mission, secrecy_to_reinforcement, mission->secrecy, group),
        .valorization = p->ledger_valorization *
                        PKO_SEES_LAYER(mission, valorization_to_resistance, mission->valorization, j),
        .civil_contact = p->ledger_civil_contact * (1.0 - uniformed_share),
        .un_identity = p->ledger_un_identity,
        .fade = p->ledger_fade,
    };
    if (uniformed)
        t.friction =
            p->ledger_friction * PKO_SEES_LAYER(mission, frustration_to_resistance, mission->frustration, j);
    else
        t.dependence = p->ledger_dependence *
                       PKO_SEES_LAYER(mission, frustration_to_reinforcement, mission->frustration, j);
    if (PKO_CUT(mission, danger_to_reinforcement)) {
        t.frozen_danger =
            t.by_danger * PKO_SEES_LAYER(mission, danger_to_reinforcement, mission->mean_danger, j);
        t.frozen_trauma = t.by_trauma * mission->frozen_trauma[j];
        t.by_danger = t.by_trauma = 0.0;
    }
    return t;
}

static void ledgers(const struct pko_mission *mission, int j, struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    struct pko_ledger_terms t = pko_ledger_terms_of(mission, j);
    day->gain = (float)(t.siege + t.proximity + t.mandate + t.secrecy + t.dependence +
                        (t.frozen_danger + t.frozen_trauma));
    day->by_danger = (float)t.by_danger;
    day->by_trauma = (float)t.by_trauma;
    day->relief = (float)p->ledger_relief;
    day->pull = PKO_CUT(mission, socialization) ? 0.0f : (float)p->ledger_socialization;
    day->value = (float)(t.valorization + t.civil_contact + t.un_identity);
    day->fade = (float)(t.fade + t.friction);
    day->inhibition = (float)p->ledger_cross_inhibition;
}

static void cross_trust_and_rides(const struct pko_mission *mission, int j, bool uniformed,
                                  double uniformed_share, struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    double phi = PKO_SEES_LAYER(mission, frustration_to_cross_trust, mission->frustration, j);
    bool rides_teach = !PKO_CUT(mission, convoys_to_ledgers),
         rides_bind = !PKO_CUT(mission, convoys_to_cross_trust);
    day->approach = (float)p->cross_trust_gain;
    day->friction = uniformed ? (float)(p->cross_trust_friction * phi) : 0.0f;
    day->protection = uniformed ? 0.0f : (float)(p->cross_trust_protection * uniformed_share);
    day->reliance = rides_teach ? (float)p->ledger_reliance : 0.0f;
    day->unease = rides_teach ? (float)p->ledger_unease : 0.0f;
    day->armed = rides_bind ? (float)p->cross_trust_armed : 0.0f;
    day->shared_ride = rides_bind ? (float)p->cross_trust_convoy : 0.0f;
}

static void day_of(const struct pko_mission *mission, const struct rates *rates, int j,
                   struct pko_meeting_day *day) {
    bool uniformed = pko_is_uniformed(pko_group_of(mission, j));
    *day = (struct pko_meeting_day){.stream = mission->stream,
                                    .day = (uint32_t)mission->day,
                                    .layer = (uint32_t)j,
                                    .first = mission->layer_first[j],
                                    .count = mission->layer_people[j],
                                    .tie_across = (float)mission->parameters.contact_cross};
    whom_to_meet(mission, j, day);
    danger_and_trauma(mission, rates, j, uniformed, day);
    ledgers(mission, j, day);
    cross_trust_and_rides(mission, j, uniformed, share_of_uniformed(mission, j), day);
}

void pko_meeting_day_of(const struct pko_mission *mission, int j, struct pko_meeting_day *day) {
    struct rates rates = rates_of(&mission->parameters);
    day_of(mission, &rates, j, day);
}

#ifdef PKO_CLONES_X86
/* The instruction sets of x86-64 levels 3 and 4 that this machine has: 4, 3, or 0 for neither. */
static int level_of_machine(void) {
    bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("avx512cd");
    return v3 && v4 ? 4 : v3 ? 3 : 0;
}

/* The level to run: the machine's, or the named one where the machine has it. */
static int level_to_run(const char *clone) {
    int has = level_of_machine();
    int wants = !clone ? has : strcmp(clone, "v4") == 0 ? 4 : strcmp(clone, "v3") == 0 ? 3 : 0;
    return wants <= has ? wants : 0;
}
#endif

pko_meetings_function *pko_meetings_choose(const char *clone) {
#ifdef PKO_CLONES_X86
    int level = level_to_run(clone);
    if (level > 0)
        return level == 4 ? pko_meetings_v4 : pko_meetings_v3;
#endif
    (void)clone;
    return pko_meetings_generic;
}

static pko_publish_function *choose_publish(const char *clone) {
#ifdef PKO_CLONES_X86
    int level = level_to_run(clone);
    if (level > 0)
        return level == 4 ? pko_publish_v4 : pko_publish_v3;
#endif
    (void)clone;
    return pko_publish_generic;
}

static void keep_means(struct pko_mission *mission, int j, const struct pko_meeting_sums *sums) {
    double n = (double)mission->layer_people[j];
    mission->mean_danger[j] = sums->danger / n;
    mission->mean_trauma[j] = sums->trauma / n;
    mission->mean_reinforcement[j] = sums->reinforcement / n;
    mission->mean_resistance[j] = sums->resistance / n;
    mission->mean_cross_trust[j] = sums->cross_trust / n;
}

/* The day of some detachments, `count` (at least one) from number `first` of the order on. */
static void some_detachments(struct pko_mission *mission, const struct rates *rates, uint32_t first,
                             uint32_t count, const struct pko_meeting_people *people,
                             pko_meetings_function *meet) {
    struct pko_meeting_day day[DETACHMENTS_AT_ONCE];
    struct pko_meeting_sums sums[DETACHMENTS_AT_ONCE];
    uint32_t made = 0;
    do {
        int j = mission->order[first + made];
        mission->frustration[j] = frustration(mission, rates, j);
        mission->valorization[j] = valorization(mission, j);
        day_of(mission, rates, j, &day[made]);
    } while (++made < count);
    meet(people, day, count, sums);
    for (uint32_t k = 0; k < count; k++)
        keep_means(mission, mission->order[first + k], &sums[k]);
}

void pko_process_peacekeepers(struct pko_mission *mission) {
    pko_meetings_function *meet = pko_meetings_choose(mission->clone);
    struct rates rates = rates_of(&mission->parameters);
    struct pko_meeting_people people = {mission->danger,     mission->trauma,       mission->reinforcement,
                                        mission->resistance, mission->cross_trust,  mission->traits,
                                        mission->today,      mission->ride_posture, mission->seen};
    choose_publish(mission->clone)(&people, mission->seen, mission->people);
    for (uint32_t k = 0; k < mission->layers_present; k += DETACHMENTS_AT_ONCE) {
        uint32_t left = mission->layers_present - k;
        some_detachments(mission, &rates, k, left < DETACHMENTS_AT_ONCE ? left : DETACHMENTS_AT_ONCE, &people,
                         meet);
    }
}
