/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/aftermath.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/person_day.h"
#include "model/scenario.h"
#include "pkosim/status.h"

const int pko_horizon[PKO_HORIZONS] = {0, 1, 7, 30, 90};

/* A person at risk, in the run (0) and in the twin (1). */
struct exposed {
    int32_t layer;
    uint32_t place;
    bool gone[2]; /* replaced, or left with the detachment */
    struct pko_person_states evening[2];
};

struct after;
/* What a watcher of one of the two missions needs. */
struct side {
    struct after *after;
    int number;
};

struct after {
    struct pko_life_watch *watch;
    struct pko_aftermath *result;
    const struct pko_mission *mission[2];
    struct side side[2];
    struct exposed *exposed;
    size_t exposed_count;
    bool *camps;                         /* in which those at risk live */
    uint64_t strikes, killed, civilians; /* totals in the morning of the incident */
    int failure;
};

/* --- Who was at risk, and who of them is still there --- */

static int list_exposed(struct after *a, const struct pko_mission *mission) {
    const struct pko_target *target = &a->watch->found->target;
    a->camps = calloc(mission->extent.C + 1, sizeof *a->camps);
    a->exposed = calloc(target->people + 1, sizeof *a->exposed);
    if (!a->camps || !a->exposed)
        return PKO_ERROR_MEMORY;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        uint32_t first = mission->layer_first[layer];
        for (uint32_t place = 0; place < mission->layer_people[layer]; place++)
            for (uint32_t r = 0; r < target->range_count; r++)
                if (first + place - target->range[r].first < target->range[r].count) {
                    a->exposed[a->exposed_count++] = (struct exposed){.layer = layer, .place = place};
                    a->camps[mission->scenario->layers[layer].camp] = true;
                }
    }
    return PKO_OK;
}

static size_t at(const struct pko_mission *mission, const struct exposed *person) {
    return (size_t)mission->layer_first[person->layer] + person->place;
}

/* Process 10 changes only the states of those whom it replaces. */
static void see_exposed(struct after *a, int side, const struct pko_mission *mission, int process) {
    for (size_t k = 0; k < a->exposed_count; k++) {
        struct exposed *person = &a->exposed[k];
        if (mission->layer_people[person->layer] == 0) {
            person->gone[side] = true;
        } else if (process == 7) {
            person->evening[side] = pko_person_states_at(mission, at(mission, person));
        } else if (process == 10) {
            struct pko_person_states now = pko_person_states_at(mission, at(mission, person));
            person->gone[side] |= memcmp(&now, &person->evening[side], sizeof now) != 0;
        }
    }
}

static void see(void *context, const struct pko_mission *mission, int process) {
    struct side *side = context;
    struct after *a = side->after;
    if (side->number == 0) {
        bool known = a->watch->found != NULL;
        pko_life_watch_see(a->watch, mission, process);
        if (!known && a->watch->found)
            a->failure = list_exposed(a, mission);
    }
    if (a->watch->found && !a->failure && (process == 7 || process == 10))
        see_exposed(a, side->number, mission, process);
}

/* --- What is compared --- */

static double mean_exposed(const struct after *a, const struct pko_mission *mission, const float *state) {
    double sum = 0.0, people = 0.0;
    for (size_t k = 0; k < a->exposed_count; k++) {
        const struct exposed *person = &a->exposed[k];
        if (person->gone[0] || person->gone[1])
            continue;
        sum += (double)state[at(mission, person)];
        people += 1.0;
    }
    return people > 0.0 ? sum / people : NAN;
}

static bool belongs(const struct after *a, const struct pko_mission *mission, int layer,
                    enum pko_concerned who) {
    const struct pko_layer *l = &mission->scenario->layers[layer];
    bool uniformed = pko_is_uniformed(&mission->scenario->groups[l->group]);
    switch (who) {
    case PKO_CONCERNED_GROUP:
        return pko_groups_has(&a->watch->found->target.at_risk, l->group);
    case PKO_CONCERNED_UNIFORMED:
        return a->camps[l->camp] && uniformed;
    case PKO_CONCERNED_CIVILIANS:
        return a->camps[l->camp] && !uniformed;
    case PKO_CONCERNED_REGION:
        return mission->scenario->camps[l->camp].region == a->watch->wanted.region;
    default:
        return who == PKO_CONCERNED_MISSION;
    }
}

static double mean_of_people(const struct after *a, const struct pko_mission *mission, const double *mean,
                             enum pko_concerned who) {
    double sum = 0.0, people = 0.0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        if (!belongs(a, mission, layer, who))
            continue;
        sum += (double)mission->layer_people[layer] * mean[layer];
        people += (double)mission->layer_people[layer];
    }
    return people > 0.0 ? sum / people : NAN;
}

/* Mean of T[g][h] over the groups at risk g and the others h who knew. */
static double trust_in_holders(const struct after *a, const struct pko_mission *mission) {
    const struct pko_life *life = a->watch->found;
    double sum = 0.0, pairs = 0.0;
    for (int g = pko_groups_next(&life->target.at_risk, 0); g >= 0;
         g = pko_groups_next(&life->target.at_risk, g + 1))
        for (int h = pko_groups_next(&life->plot.knows, 0); h >= 0;
             h = pko_groups_next(&life->plot.knows, h + 1)) {
            if (h == g)
                continue;
            sum += mission->trust[(size_t)g * mission->trust_stride + (size_t)h];
            pairs += 1.0;
        }
    return pairs > 0.0 ? sum / pairs : NAN;
}

/* Mean of T over the pairs of groups between which the warning was credited. */
static double trust_in_credited(const struct after *a, const struct pko_mission *mission) {
    const struct pko_life *life = a->watch->found;
    double sum = 0.0, pairs = 0.0;
    for (size_t k = 0; k < life->trust.count; k++) {
        const struct pko_trust_event *event = &life->trust.item[k];
        if (event->kind != PKO_TRUST_WARNING)
            continue;
        sum += mission->trust[(size_t)event->from * mission->trust_stride + (size_t)event->toward];
        pairs += 1.0;
    }
    return pairs > 0.0 ? sum / pairs : NAN;
}

/* Mean of T[g][v] over the uniformed groups v with casualties and all other uniformed groups g present. */
static double trust_in_victims(const struct after *a, const struct pko_mission *mission) {
    const struct pko_life *life = a->watch->found;
    double sum = 0.0, pairs = 0.0;
    for (size_t k = 0; k < life->losses.count; k++) {
        const struct pko_life_losses *lost = &life->losses.item[k];
        if (lost->killed + lost->wounded == 0 || !pko_is_uniformed(&mission->scenario->groups[lost->group]))
            continue;
        for (int g = 0; g < mission->scenario->group_count; g++) {
            if (g == lost->group || !pko_is_uniformed(&mission->scenario->groups[g]) ||
                mission->group_people[g] == 0)
                continue;
            sum += mission->trust[(size_t)g * mission->trust_stride + (size_t)lost->group];
            pairs += 1.0;
        }
    }
    return pairs > 0.0 ? sum / pairs : NAN;
}

static uint64_t total(const uint64_t *column, size_t count) {
    uint64_t sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += column[k];
    return sum;
}

/* Every row's value of one mission, in a fixed order; returns how many. */
static size_t read_rows(const struct after *a, const struct pko_mission *m, struct pko_consequence *row,
                        double *value) {
    size_t r = (size_t)a->watch->wanted.region, count = 0;
#define ROW(who_, what_, value_)                                                                             \
    do {                                                                                                     \
        row[count].who = (who_), row[count].what = (what_);                                                  \
        value[count++] = (value_);                                                                           \
    } while (0)
    ROW(PKO_CONCERNED_AT_RISK, "danger", mean_exposed(a, m, m->danger));
    ROW(PKO_CONCERNED_AT_RISK, "trauma", mean_exposed(a, m, m->trauma));
    ROW(PKO_CONCERNED_GROUP, "danger", mean_of_people(a, m, m->mean_danger, PKO_CONCERNED_GROUP));
    for (enum pko_concerned who = PKO_CONCERNED_UNIFORMED; who <= PKO_CONCERNED_MISSION; who++) {
        ROW(who, "danger", mean_of_people(a, m, m->mean_danger, who));
        ROW(who, "reinforcement", mean_of_people(a, m, m->mean_reinforcement, who));
    }
    ROW(PKO_CONCERNED_POPULATION, "fear", m->fear[r]);
    ROW(PKO_CONCERNED_POPULATION, "trust", m->population_trust[r]);
    ROW(PKO_CONCERNED_POPULATION, "stability", m->stability[r]);
    ROW(PKO_CONCERNED_HOLDERS, "trust", trust_in_holders(a, m));
    ROW(PKO_CONCERNED_CREDITED, "trust", trust_in_credited(a, m));
    ROW(PKO_CONCERNED_VICTIMS, "trust", trust_in_victims(a, m));
    ROW(PKO_CONCERNED_LATER, "strikes", (double)(total(m->total_strikes, m->extent.R4) - a->strikes));
    ROW(PKO_CONCERNED_LATER, "killed", (double)(total(m->total_deaths, m->extent.G) - a->killed));
    ROW(PKO_CONCERNED_LATER, "civilians killed",
        (double)(total(m->total_civilians_killed, m->extent.R) - a->civilians));
#undef ROW
    return count;
}

static void measure(struct after *a, int horizon) {
    double value[2][PKO_CONSEQUENCES_MOST];
    struct pko_aftermath *result = a->result;
    for (int side = 0; side < 2; side++)
        result->count = read_rows(a, a->mission[side], result->row, value[side]);
    for (size_t k = 0; k < result->count; k++) {
        result->row[k].with[horizon] = value[0][k];
        result->row[k].without[horizon] = value[1][k];
    }
    for (size_t k = 0; k < a->exposed_count; k++)
        result->still_there[horizon] += !a->exposed[k].gone[0] && !a->exposed[k].gone[1];
    result->horizons = horizon + 1;
}

/* --- The two runs side by side --- */

static int begin_twin(struct after *a, struct pko_replay *replay, struct pko_mission **twin) {
    const struct pko_mission *mission = pko_replay_mission(replay);
    a->strikes = total(mission->total_strikes, mission->extent.R4);
    a->killed = total(mission->total_deaths, mission->extent.G);
    a->civilians = total(mission->total_civilians_killed, mission->extent.R);
    int status = pko_mission_clone(mission, twin);
    if (status == PKO_OK)
        pko_mission_watch(*twin, see, &a->side[1]);
    a->mission[0] = mission;
    a->mission[1] = *twin;
    return status;
}

/* The twin's day after the run's, and what differs if it is one of the evenings. */
static int twin_day(struct after *a, const struct pko_replay *replay, struct pko_mission *twin) {
    if (!a->watch->found)
        return a->watch->failure ? a->watch->failure : PKO_ERROR_INPUT;
    twin->lapses = a->watch->found->key;
    int status = pko_replay_change(replay, twin);
    if (status == PKO_OK)
        status = pko_mission_step(twin);
    for (int h = 0; h < PKO_HORIZONS && status == PKO_OK; h++)
        if (pko_mission_day(twin) - 1 == a->watch->wanted.day + pko_horizon[h])
            measure(a, h);
    return status;
}

int pko_aftermath_run(struct pko_replay *replay, const struct pko_life_wanted *wanted,
                      struct pko_life_watch *watch, struct pko_aftermath *result) {
    struct after a = {.watch = watch, .result = result};
    struct pko_mission *mission = pko_replay_mission(replay), *twin = NULL;
    int status = PKO_OK;
    *result = (struct pko_aftermath){.count = 0};
    a.side[0] = (struct side){&a, 0};
    a.side[1] = (struct side){&a, 1};
    pko_life_watch_begin(watch, wanted);
    mission->ledger.keep_events = true;
    pko_mission_watch(mission, see, &a.side[0]);
    while (status == PKO_OK && !pko_replay_over(replay)) {
        int day = pko_mission_day(mission);
        bool beside = day >= wanted->day && day <= wanted->day + pko_horizon[PKO_HORIZONS - 1];
        if (day == wanted->day)
            status = begin_twin(&a, replay, &twin);
        if (!beside)
            pko_mission_watch(mission, day < wanted->day ? see : NULL, &a.side[0]);
        if (status == PKO_OK)
            status = pko_replay_day(replay);
        if (status == PKO_OK)
            status = a.failure ? a.failure : watch->failure;
        if (status == PKO_OK && beside)
            status = twin_day(&a, replay, twin);
    }
    if (status == PKO_OK && !watch->found)
        status = PKO_ERROR_INPUT;
    pko_mission_watch(mission, NULL, NULL);
    pko_mission_free(twin);
    free(a.exposed);
    free(a.camps);
    return status;
}
