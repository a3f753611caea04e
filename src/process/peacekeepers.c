/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.7 peacekeepers: the constants of each detachment's day, then its members' day
 * (process/peacekeepers_kernel.c). */
#include "base/clones.h"
#include "base/real.h"
#include "base/reals.h"
#include "model/cuts.h"
#include "process/meetings.h"
#include "process/peacekeepers.h"
#include "process/process.h"

#define DETACHMENTS_AT_ONCE 32
#define PIECE_PEOPLE        16384 /* people of a piece that a thread is woken for, at least */
#define FAR_PEOPLE          65536 /* what so many show of themselves, a megabyte, fills a processor's own cache */

/* v_j = min(1, project_value·100·scale·project-days/n + flight_value·100·scale·flights/n +
 * (1−π_j)·patrol_share). */
static double valorization(const struct pko_mission *mission, int j) {
    const struct pko_parameters *p = &mission->parameters;
    double projects = PKO_CUT(mission, projects_to_valorization) ? 0.0 : (double)mission->project_days[j];
    double flights = PKO_CUT(mission, flights_to_valorization) ? 0.0 : (double)mission->flights[j];
    double v = (1.0 - mission->posture[j]) * pko_group_of(mission, j)->patrol;
    if (projects > 0.0 || flights > 0.0) {
        double per_head = 100.0 * mission->scale / (double)mission->layer_people[j];
        v = p->ledger_project_value * per_head * projects + p->ledger_flight_value * per_head * flights + v;
    }
    return v < 1.0 ? v : 1.0;
}

/* What detachments of a day share. `day` holds the constants that are the same for all of them, and those of
 * the camp whose detachments are at hand. */
struct shared {
    double friction_keep, friction_gain; /* e^(−1/friction.memory_days) and 1 − that */
    double width[3];                     /* of words that lead to the own detachment, the own camp, anyone */
    int camp;                            /* the camp at hand; −1 for none yet */
    double uniformed;                    /* of its people, the share in uniform */
    struct pko_meeting_day day;
};

/* φ_j ← φ_j·e^(−1/memory) + denial·100·scale·denials/n + (uniformed) bureaucracy·2(1−un_experience)(1 −
 * e^(−1/memory)). */
static double frustration(const struct pko_mission *mission, const struct shared *shared, int j) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, j);
    double denials = PKO_CUT(mission, denials_to_frustration) ? 0.0 : (double)mission->denials[j];
    double phi = mission->frustration[j] * shared->friction_keep;
    if (denials > 0.0)
        phi += p->friction_denial * 100.0 * mission->scale * denials / (double)mission->layer_people[j];
    if (pko_is_uniformed(group) && !PKO_CUT(mission, bureaucracy_to_frustration))
        phi += p->friction_bureaucracy * 2.0 * (1.0 - group->un_experience) * shared->friction_gain;
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
static void bounds_of_words(const struct pko_mission *mission, struct shared *shared) {
    const struct pko_parameters *p = &mission->parameters;
    const double all = 2147483648.0;
    double own = p->contact_own * all, near = own + (1.0 - p->contact_own) * p->contact_camp * all;
    double bound[4] = {0.0, own, near, all};
    struct pko_meeting_day *day = &shared->day;
    day->own_below = own < all ? (int32_t)own : INT32_MAX;
    day->camp_below = near < all ? (int32_t)near : INT32_MAX;
    for (int k = 0; k < 3; k++) {
        shared->width[k] = bound[k + 1] - bound[k];
        day->from[k] = bound[k] < all ? (int32_t)bound[k] : INT32_MAX;
    }
}

/* Number k of those one can meet: `count` people from place `first` on. */
static void meets(const struct shared *shared, int k, uint32_t first, uint32_t count,
                  struct pko_meeting_day *day) {
    day->start[k] = (int32_t)first;
    day->last[k] = (int32_t)(first + count) - 1;
    day->scale[k] = shared->width[k] > 0.0 ? (float)((double)count / shared->width[k]) : 0.0f;
}

static void danger_and_trauma(const struct pko_mission *mission, int j, bool uniformed, double heard[2],
                              struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_group *group = pko_group_of(mission, j);
    int camp = mission->scenario->layers[j].camp, region = pko_region_of(mission, j);
    struct pko_signal_terms signal = pko_signal_terms_of(mission, j);
    double z = signal.own + signal.camp + signal.region + signal.mission;
    /* σ: untrained for civilians without a military background, else 1 − training_calm·(training; 0.5 with
     * one). */
    double sigma = uniformed ? 1.0 - p->danger_training_calm * group->training : p->danger_untrained;
    double sigma_background = 1.0 - p->danger_training_calm * 0.5;
    heard[0] = z > 0.0 ? sigma * z : 0.0;
    heard[1] = z > 0.0 && !uniformed ? sigma_background * z : 0.0; /* nobody in uniform has the trait */
    /* ψ_j = 1 − (1−protection)(1 − training_comfort·training)(1 − ally_comfort·allied). */
    double training = uniformed ? group->training : 0.0;
    double exposed = (1.0 - mission->protection[camp]) * (1.0 - p->danger_training_comfort * training) *
                     (1.0 - p->danger_ally_comfort * mission->scenario->camps[camp].allied);
    day->floor_base = (float)(p->danger_base * exposed * 2.0 * (1.0 - mission->stability[region]));
    bool bereaved = mission->bereaved[j] && !PKO_CUT(mission, incidents_to_danger);
    day->bereavement = bereaved ? (float)p->danger_bereavement : 0.0f;
}

static double share_of_uniformed(const struct pko_mission *mission, int camp) {
    return (double)mission->camp_uniformed[camp] / (double)mission->camp_people[camp];
}

static inline struct pko_ledger_terms ledger_terms(const struct pko_mission *mission, int j, bool uniformed,
                                                   double uniformed_share) {
    const struct pko_parameters *p = &mission->parameters;
    int group = mission->scenario->layers[j].group;
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

struct pko_ledger_terms pko_ledger_terms_of(const struct pko_mission *mission, int j) {
    return ledger_terms(mission, j, pko_is_uniformed(pko_group_of(mission, j)),
                        share_of_uniformed(mission, mission->scenario->layers[j].camp));
}

static void ledgers(const struct pko_mission *mission, const struct shared *shared, int j, bool uniformed,
                    struct pko_meeting_day *day) {
    struct pko_ledger_terms t = ledger_terms(mission, j, uniformed, shared->uniformed);
    day->gain = (float)(t.siege + t.proximity + t.mandate + t.secrecy + t.dependence +
                        (t.frozen_danger + t.frozen_trauma));
    day->by_danger = (float)t.by_danger;
    day->by_trauma = (float)t.by_trauma;
    day->value = (float)(t.valorization + t.civil_contact + t.un_identity);
    day->fade = (float)(t.fade + t.friction);
}

static void cross_trust(const struct pko_mission *mission, const struct shared *shared, int j, bool uniformed,
                        struct pko_meeting_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    double phi = PKO_SEES_LAYER(mission, frustration_to_cross_trust, mission->frustration, j);
    day->friction = uniformed ? (float)(p->cross_trust_friction * phi) : 0.0f;
    day->protection = uniformed ? 0.0f : (float)(p->cross_trust_protection * shared->uniformed);
}

/* What all detachments share, from their parameters and the arrows that are cut. */
static struct shared what_is_shared(const struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    bool deaf = PKO_CUT(mission, incidents_to_danger);
    bool rides_teach = !PKO_CUT(mission, convoys_to_ledgers),
         rides_bind = !PKO_CUT(mission, convoys_to_cross_trust);
    struct shared shared = {
        .friction_keep = pko_exp(-1.0 / p->friction_memory_days),
        .friction_gain = pko_probability(1.0 / p->friction_memory_days),
        .camp = -1,
        .day = {.stream = mission->stream,
                .day = (uint32_t)mission->day,
                .tie_across = (float)p->contact_cross,
                .lens = PKO_CUT(mission, reinforcement_to_danger) ? 0.0f : (float)p->danger_lens,
                .forget = (float)(1.0 / p->danger_memory_days),
                .contagion = (float)p->danger_contagion,
                .trauma_keep = (float)pko_exp(-1.0 / p->danger_trauma_days),
                .trauma_witness = deaf ? 0.0f : (float)p->danger_trauma,
                .relief = (float)p->ledger_relief,
                .pull = PKO_CUT(mission, socialization) ? 0.0f : (float)p->ledger_socialization,
                .inhibition = (float)p->ledger_cross_inhibition,
                .approach = (float)p->cross_trust_gain,
                .reliance = rides_teach ? (float)p->ledger_reliance : 0.0f,
                .unease = rides_teach ? (float)p->ledger_unease : 0.0f,
                .armed = rides_bind ? (float)p->cross_trust_armed : 0.0f,
                .shared_ride = rides_bind ? (float)p->cross_trust_convoy : 0.0f}};
    bounds_of_words(mission, &shared);
    meets(&shared, 2, 0, mission->people, &shared.day);
    return shared;
}

/* Detachments come camp by camp. */
static void enter_camp(const struct pko_mission *mission, int camp, struct shared *shared) {
    if (camp == shared->camp)
        return;
    shared->camp = camp;
    shared->uniformed = share_of_uniformed(mission, camp);
    meets(shared, 1, mission->camp_first[camp], mission->camp_people[camp], &shared->day);
}

/* All but what is heard of incidents: the exponents of that, σz without and with a military background, go to
 * `heard`. */
static void day_of(const struct pko_mission *mission, struct shared *shared, int j, double heard[2],
                   struct pko_meeting_day *day) {
    bool uniformed = pko_is_uniformed(pko_group_of(mission, j));
    enter_camp(mission, mission->scenario->layers[j].camp, shared);
    *day = shared->day;
    day->layer = (uint32_t)j;
    day->first = mission->layer_first[j];
    day->count = mission->layer_people[j];
    day->uniformed = uniformed;
    meets(shared, 0, day->first, day->count, day);
    danger_and_trauma(mission, j, uniformed, heard, day);
    ledgers(mission, shared, j, uniformed, day);
    cross_trust(mission, shared, j, uniformed, day);
}

/* 1 − e^(−σz) of some detachments; there is nothing to do on days on which nothing is heard. */
static void hear(const struct pko_mission *mission, const double (*heard)[2], uint32_t count,
                 struct pko_meeting_day *day) {
    double chance[2 * DETACHMENTS_AT_ONCE], all = 0.0;
    for (uint32_t k = 0; k < count; k++)
        all += heard[k][0] + heard[k][1];
    if (all <= 0.0)
        return;
    PKO_CHOOSE(pko_level_of(mission->clone), pko_probabilities)(heard[0], chance, 2 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        day[k].signal = (float)chance[2 * k];
        day[k].signal_background = (float)chance[2 * k + 1];
    }
}

void pko_meeting_day_of(const struct pko_mission *mission, int j, struct pko_meeting_day *day) {
    struct shared shared = what_is_shared(mission);
    double heard[1][2];
    day_of(mission, &shared, j, heard[0], day);
    hear(mission, (const double(*)[2])heard, 1, day);
}

pko_meetings_function *pko_meetings_choose(const char *clone) {
    return PKO_CHOOSE(pko_level_of(clone), pko_meetings);
}

static void keep_means(struct pko_mission *mission, int j, const struct pko_meeting_means *means) {
    mission->mean_danger[j] = means->danger;
    mission->mean_trauma[j] = means->trauma;
    mission->mean_reinforcement[j] = means->reinforcement;
    mission->mean_resistance[j] = means->resistance;
    mission->mean_cross_trust[j] = means->cross_trust;
}

/* Process 7 in pieces that may be done at once: each publishes people or lives the day of detachments. */
struct work {
    struct pko_mission *mission;
    struct shared shared;
    struct pko_meeting_people people;
    pko_meetings_function *meet;
    pko_publish_function *publish;
    uint32_t pieces;
    uint32_t first[PKO_PIECES_MOST + 1]; /* detachments of a piece, by number in the order */
};

/* The day of some detachments, `count` (at least one) from number `first` of the order on. */
static void some_detachments(const struct work *work, struct shared *shared, uint32_t first, uint32_t count) {
    struct pko_mission *mission = work->mission;
    struct pko_meeting_day day[DETACHMENTS_AT_ONCE];
    struct pko_meeting_means means[DETACHMENTS_AT_ONCE];
    double heard[DETACHMENTS_AT_ONCE][2];
    uint32_t made = 0;
    do {
        int j = mission->order[first + made];
        mission->frustration[j] = frustration(mission, shared, j);
        mission->valorization[j] = valorization(mission, j);
        day_of(mission, shared, j, heard[made], &day[made]);
    } while (++made < count);
    hear(mission, (const double(*)[2])heard, count, day);
    work->meet(&work->people, day, count, means);
    for (uint32_t k = 0; k < count; k++)
        keep_means(mission, mission->order[first + k], &means[k]);
}

static void live_piece(void *given, size_t number) {
    const struct work *work = given;
    struct shared shared = work->shared;
    for (uint32_t k = work->first[number], end = work->first[number + 1]; k < end; k += DETACHMENTS_AT_ONCE)
        some_detachments(work, &shared, k, end - k < DETACHMENTS_AT_ONCE ? end - k : DETACHMENTS_AT_ONCE);
}

static void publish_piece(void *given, size_t number) {
    const struct work *work = given;
    uint32_t people = work->mission->people;
    work->publish(&work->people, work->mission->seen, (uint32_t)pko_piece_from(people, number, work->pieces),
                  (uint32_t)pko_piece_from(people, number + 1, work->pieces));
}

/* Cuts the detachments into pieces of about the same number of people. */
static void cut_into_pieces(struct work *work) {
    const struct pko_mission *mission = work->mission;
    uint64_t people = mission->people;
    uint32_t piece = 0;
    work->pieces = (uint32_t)pko_pieces(people, PIECE_PEOPLE);
    for (uint32_t k = 0; k < mission->layers_present; k++)
        while (piece < work->pieces &&
               mission->layer_first[mission->order[k]] >= people * piece / work->pieces)
            work->first[piece++] = k;
    while (piece <= work->pieces)
        work->first[piece++] = mission->layers_present;
}

void pko_process_peacekeepers(struct pko_mission *mission) {
    enum pko_level level = pko_level_of(mission->clone);
    struct work work = {.mission = mission,
                        .shared = what_is_shared(mission),
                        .people = {mission->danger, mission->trauma, mission->reinforcement,
                                   mission->resistance, mission->cross_trust, mission->traits, mission->today,
                                   mission->ride_posture, mission->seen, mission->people >= FAR_PEOPLE},
                        .meet = PKO_CHOOSE(level, pko_meetings),
                        .publish = PKO_CHOOSE(level, pko_publish)};
    cut_into_pieces(&work);
    pko_crew_work(&mission->crew, work.pieces, publish_piece, &work);
    pko_crew_work(&mission->crew, work.pieces, live_piece, &work);
}
