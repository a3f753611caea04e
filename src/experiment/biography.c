/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/biography.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/status.h"
#include "process/incidents.h"

int64_t pko_biography_find(const struct pko_scenario *scenario, int group, int camp, int32_t day, uint32_t k,
                           int32_t *layer, uint32_t *place) {
    int64_t people = 0;
    *layer = -1;
    for (int j = 0; j < scenario->layer_count; j++) {
        const struct pko_layer *l = &scenario->layers[j];
        int32_t date = scenario->start + day;
        if (l->group != group || l->camp != camp || date < l->from || date >= l->until)
            continue;
        uint32_t count = pko_layer_people(scenario, j);
        if ((int64_t)k >= people && (int64_t)k < people + (int64_t)count) {
            *layer = j;
            *place = (uint32_t)((int64_t)k - people);
        }
        people += (int64_t)count;
    }
    return people;
}

static size_t person(const struct pko_biography *b, const struct pko_mission *mission) {
    return (size_t)mission->layer_first[b->layer] + b->place;
}

static bool is_present(const struct pko_biography *b, const struct pko_mission *mission) {
    return mission->layer_people[b->layer] > 0;
}

/* Somebody begins a service in this place, to be lived from `day` on. */
static void begin_service(struct pko_biography *b, int32_t day, enum pko_service_begins how) {
    b->days.count = b->incidents.count = 0;
    b->first_day = day;
    b->begins = how;
    b->living = true;
}

/* Whoever is in the place has lived their last day. It is the biography if they were there on the day asked
 * for. */
static void end_service(struct pko_biography *b, int32_t day, enum pko_service_ends how) {
    if (!b->living)
        return;
    b->living = false;
    b->last_day = day;
    b->ends = how;
    b->done = day >= b->asked;
}

/* After process 4: whom the plots that are due today will strike. */
static void foresee(struct pko_biography *b, const struct pko_mission *mission) {
    const struct pko_layer *own = &b->scenario->layers[b->layer];
    b->due.count = 0;
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        struct pko_target target;
        if (plot->due > mission->day)
            continue;
        pko_target_draw(mission, plot, &target);
        if (!target.found || pko_plot_is(plot, &mission->lapses))
            continue;
        unsigned near = 0;
        if (pko_groups_has(&target.at_risk, own->group))
            near |= PKO_NEAR_GROUP;
        if (target.camp == own->camp)
            near |= PKO_NEAR_CAMP;
        if (plot->region == b->scenario->camps[own->camp].region)
            near |= PKO_NEAR_REGION;
        for (uint32_t r = 0; r < target.range_count; r++)
            if (person(b, mission) - target.range[r].first < target.range[r].count)
                near |= PKO_NEAR_SELF;
        PKO_APPEND(b, b->due, (uint8_t)near);
    }
}

/* After process 5: the strikes of the day stand in the mission's table, in the order of their plots. */
static void take_incidents(struct pko_biography *b, const struct pko_mission *mission) {
    size_t first = mission->ledger.incidents.count - b->due.count;
    for (size_t k = 0; k < b->due.count; k++)
        if (b->due.item[k])
            PKO_APPEND(b, b->incidents,
                       (struct pko_incident_near){mission->ledger.incidents.item[first + k], b->due.item[k]});
}

static bool same_states(const struct pko_person_states *one, const struct pko_person_states *other) {
    return memcmp(one, other, sizeof *one) == 0;
}

/* After process 10, which changes only those who are replaced. */
static void see_evening(struct pko_biography *b, const struct pko_mission *mission) {
    struct pko_person_states now = pko_person_states_at(mission, person(b, mission));
    if (same_states(&now, &b->evening))
        return;
    bool died = (mission->today[person(b, mission)] & PKO_TODAY_DEAD) != 0;
    bool uniformed = pko_is_uniformed(pko_group_of(mission, b->layer));
    end_service(b, mission->day, died ? PKO_ENDS_DEATH : uniformed ? PKO_ENDS_ROTATION : PKO_ENDS_TENURE);
    if (!b->done)
        begin_service(b, mission->day + 1, PKO_BEGINS_REPLACING);
    b->evening = now;
}

static void watch(void *context, const struct pko_mission *mission, int process) {
    struct pko_biography *b = context;
    if (b->done || b->failure)
        return;
    if (!is_present(b, mission)) {
        end_service(b, mission->day - 1, PKO_ENDS_LAYER);
        return;
    }
    if (!b->living)
        begin_service(b, mission->day, mission->day == 0 ? PKO_BEGINS_RUN : PKO_BEGINS_LAYER);
    switch (process) {
    case 4:
        foresee(b, mission);
        break;
    case 5:
        take_incidents(b, mission);
        break;
    case 6:
        b->evening = pko_person_states_at(mission, person(b, mission)); /* yesterday's */
        break;
    case 7: {
        struct pko_person_day day;
        b->traits = mission->traits[person(b, mission)];
        pko_person_day_split(mission, b->layer, b->place, &b->evening, &day);
        PKO_APPEND(b, b->days, day);
        b->evening = pko_person_states_at(mission, person(b, mission));
        break;
    }
    case 10:
        see_evening(b, mission);
        break;
    default:
        break;
    }
}

void pko_biography_begin(struct pko_biography *b, struct pko_mission *mission, int32_t layer, uint32_t place,
                         int32_t day) {
    *b = (struct pko_biography){
        .scenario = mission->scenario, .layer = layer, .place = place, .asked = day, .ends = PKO_ENDS_RUN};
    b->number = pko_layer_people(mission->scenario, layer);
    mission->ledger.keep_events = true;
    pko_mission_watch(mission, watch, b);
}

int pko_biography_end(struct pko_biography *b, struct pko_mission *mission) {
    pko_mission_watch(mission, NULL, NULL);
    end_service(b, mission->day - 1, PKO_ENDS_RUN);
    return b->failure;
}

void pko_biography_free(struct pko_biography *b) {
    free(b->days.item);
    free(b->incidents.item);
    free(b->due.item);
    *b = (struct pko_biography){0};
}

double pko_biography_sum(const struct pko_biography *b, enum pko_term term) {
    double sum = 0.0;
    for (size_t k = 0; k < b->days.count; k++)
        sum += b->days.item[k].term[term];
    return sum;
}

static double size_of_change(const struct pko_person_day *day, enum pko_state state) {
    return fabs(day->after[state] - day->before[state]);
}

static bool is_near(size_t day, const size_t *numbers, size_t count, size_t apart) {
    for (size_t k = 0; k < count; k++)
        if ((day > numbers[k] ? day - numbers[k] : numbers[k] - day) <= apart)
            return true;
    return false;
}

size_t pko_biography_turns(const struct pko_biography *b, enum pko_state state, size_t apart, size_t *numbers,
                           size_t count) {
    size_t found = 0;
    for (; found < count; found++) {
        size_t best = b->days.count;
        for (size_t k = 0; k < b->days.count; k++)
            if (!is_near(k, numbers, found, apart) &&
                (best == b->days.count ||
                 size_of_change(&b->days.item[k], state) > size_of_change(&b->days.item[best], state)))
                best = k;
        if (best == b->days.count)
            break;
        numbers[found] = best;
    }
    return found;
}

enum pko_term pko_biography_cause(const struct pko_biography *b, size_t number, enum pko_state state) {
    const struct pko_person_day *day = &b->days.item[number];
    double way = day->after[state] >= day->before[state] ? 1.0 : -1.0, most = 0.0;
    enum pko_term cause = PKO_TERMS;
    for (enum pko_term term = 0; term < PKO_TERMS; term++) {
        double mean = pko_biography_sum(b, term) / (double)b->days.count;
        double departure = way * (day->term[term] - mean);
        if (pko_term_info(term)->state != state || way * day->term[term] <= 0.0)
            continue;
        if (cause == PKO_TERMS || departure > most) {
            cause = term;
            most = departure;
        }
    }
    return cause;
}

/* The part of z_j that is due to one incident in the rings up to the region (6.7). */
static double signal_of(const struct pko_biography *b, const struct pko_incident_near *one) {
    const struct pko_parameters *p = &b->scenario->parameters;
    bool community = one->incident.plot_class == PKO_POPULATION;
    double severity = !one->incident.hit ? 0.5 : 1.0 + 0.5 * (community ? 0.0 : (double)one->incident.killed);
    return severity * ((one->near & PKO_NEAR_GROUP ? p->danger_own : 0.0) +
                       (one->near & PKO_NEAR_CAMP ? p->danger_camp : 0.0) +
                       (one->near & PKO_NEAR_REGION ? p->danger_region : 0.0));
}

const struct pko_incident_near *pko_biography_incident(const struct pko_biography *b, int32_t day,
                                                       enum pko_term term) {
    const struct pko_incident_near *best = NULL;
    double most = -1.0;
    for (size_t k = 0; k < b->incidents.count; k++) {
        const struct pko_incident_near *one = &b->incidents.item[k];
        double weight = signal_of(b, one);
        if (term == PKO_TERM_TRAUMA_BEREAVEMENT)
            weight = one->near & PKO_NEAR_GROUP && one->incident.killed ? (double)one->incident.killed : -1.0;
        if (term == PKO_TERM_TRAUMA_WITNESS && !(one->near & PKO_NEAR_SELF && one->incident.hit))
            weight = -1.0;
        if (one->incident.day == day && weight > most) {
            best = one;
            most = weight;
        }
    }
    return best;
}

void pko_apportion(const double *value, size_t count, double unit, long total, long *parts) {
    long sum = 0;
    for (size_t k = 0; k < count; k++) {
        parts[k] = lround(value[k] / unit);
        sum += parts[k];
    }
    /* One unit at a time, where it does least harm. */
    for (long step = sum < total ? 1 : -1; sum != total; sum += step) {
        size_t best = 0;
        for (size_t k = 1; k < count; k++)
            if ((double)step * (value[k] / unit - (double)parts[k]) >
                (double)step * (value[best] / unit - (double)parts[best]))
                best = k;
        parts[best] += step;
    }
}
