/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watching a run: a record every few days, snapshots, event tables. */
#include "engine/observer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/layer_means.h"
#include "engine/record_rows.h"
#include "pkosim/status.h"

#define BINS            20
#define CELLS           (PKO_CATEGORIES * BINS * BINS)
#define QUANTILE_DAYS   28
#define RIDERS_FROM_DAY 60 /* before it few have had the time to ride */

size_t pko_record_count(const struct pko_scenario *scenario) {
    return ((size_t)scenario->days + (size_t)scenario->record_every - 1) / (size_t)scenario->record_every;
}

static bool inside(const struct pko_scenario *scenario, int snapshot) {
    int32_t day = scenario->snapshots[snapshot] - scenario->start;
    return day >= 0 && day < scenario->days;
}

size_t pko_snapshot_count(const struct pko_scenario *scenario) {
    size_t count = 0;
    for (int k = 0; k < scenario->snapshot_count; k++)
        count += inside(scenario, k);
    return count;
}

int pko_snapshot_day(const struct pko_scenario *scenario, size_t snapshot) {
    for (int k = 0; k < scenario->snapshot_count; k++)
        if (inside(scenario, k) && snapshot-- == 0)
            return scenario->snapshots[k] - scenario->start;
    return -1;
}

static void *room(size_t count, size_t size) {
    return calloc(count ? count : 1, size);
}

/* Room for the values of a record, and for as many as lanes may touch past the last. */
static void *values_of(size_t values, size_t size) {
    return room(values + PKO_RECORD_WIDE, size);
}

/* Where values and series begin. A measure that is not in files has no series; pko_outcomes_name then tells
 * which of those are to be read all the same. */
static bool place(struct pko_observer *o) {
    size_t values = 0, floats = 0;
    while (pko_measure(o->measures))
        o->measures++;
    o->offset = room(o->measures + 1, sizeof *o->offset);
    o->at = room(o->measures + 1, sizeof *o->at);
    o->read = room(o->measures, sizeof *o->read);
    o->pool = room(o->measures, sizeof *o->pool);
    if (!o->offset || !o->at || !o->read || !o->pool)
        return false;
    for (size_t m = 0; m < o->measures; m++) {
        size_t size = pko_measure_size(o->scenario, pko_measure(m));
        o->read[m] = !pko_measure(m)->by_group || o->scenario->record_groups;
        o->offset[m + 1] = values += size;
        o->at[m + 1] = floats += o->read[m] ? size * o->records : 0;
    }
    o->series = room(floats, sizeof *o->series);
    o->reading = values_of(values, sizeof *o->reading);
    o->row = values_of(values, sizeof *o->row);
    o->before = room(values, sizeof *o->before);
    o->sum = values_of(values, sizeof *o->sum);
    o->records_with = values_of(values, sizeof *o->records_with);
    o->pooled = room(values, sizeof *o->pooled);
    o->pooled_people = room(values, sizeof *o->pooled_people);
    bool whole = o->series && o->reading && o->row && o->before && o->sum && o->records_with && o->pooled &&
                 o->pooled_people;
    for (size_t k = 0; whole && k < values; k++)
        o->reading[k] = NAN; /* what is never read does not exist */
    return whole;
}

int pko_observer_create(const struct pko_scenario *scenario, struct pko_observer **out) {
    struct pko_observer *o = *out = calloc(1, sizeof *o);
    if (!o)
        return PKO_ERROR_MEMORY;
    o->scenario = scenario;
    size_t groups = (size_t)scenario->group_count;
    o->records = pko_record_count(scenario);
    o->snapshots = pko_snapshot_count(scenario);
    o->first_year = pko_date_of(scenario->start).year;
    o->years = pko_date_of(scenario->start + scenario->days - 1).year - o->first_year + 1;
    o->group_people = room(groups, sizeof *o->group_people);
    o->camp_people = room(PKO_CATEGORIES * (size_t)scenario->camp_count, sizeof *o->camp_people);
    o->trust = room(o->snapshots * groups * groups, sizeof *o->trust);
    o->histogram = room(o->snapshots * CELLS, sizeof *o->histogram);
    o->pair_sum = room(groups * groups, sizeof *o->pair_sum);
    o->pair_records = room(groups * groups, sizeof *o->pair_records);
    o->year_deaths = room((size_t)o->years, sizeof *o->year_deaths);
    o->year_strikes = room((size_t)o->years, sizeof *o->year_strikes);
    bool whole = place(o) && o->group_people && o->camp_people && o->trust && o->histogram && o->pair_sum &&
                 o->pair_records && o->year_deaths && o->year_strikes;
    if (!whole || pko_layer_means_create(scenario, &o->layer_means) != PKO_OK ||
        pko_outcomes_name(o) != PKO_OK) {
        pko_observer_free(o);
        *out = NULL;
        return PKO_ERROR_MEMORY;
    }
    return pko_observer_start(o, NULL);
}

void pko_observer_free(struct pko_observer *o) {
    if (!o)
        return;
    for (size_t k = 0; o->names && k < o->outcomes; k++)
        free(o->names[k]);
    pko_layer_means_free(o->layer_means);
    void *owned[] = {
        o->offset,      o->at,           o->read,     o->pool,         o->series,       o->reading,
        o->row,         o->before,       o->sum,      o->records_with, o->pooled,       o->pooled_people,
        o->trust,       o->histogram,    o->pair_sum, o->pair_records, o->group_people, o->camp_people,
        o->year_deaths, o->year_strikes, o->names};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++)
        free(owned[k]);
    free(o);
}

static void run_on(struct pko_running *running, double value) {
    if (isnan(value))
        return;
    running->sum += value;
    running->records += 1.0;
}

/* The people behind the values of measures that stand for people. */
static void count_people(struct pko_observer *o, const struct pko_mission *mission) {
    size_t camps = mission->extent.C;
    for (size_t g = 0; g < mission->extent.G; g++)
        o->group_people[g] = (double)mission->group_people[g];
    for (size_t c = 0; c < camps; c++) {
        o->camp_people[c] = (double)mission->camp_uniformed[c];
        o->camp_people[camps + c] = (double)(mission->camp_people[c] - mission->camp_uniformed[c]);
    }
}

/* Means over groups weighted by headcount, and over regions, which are outcomes but no series. */
static void run_on_special(struct pko_observer *o, const struct pko_mission *mission) {
    double c = 0.0, rho = 0.0, a = 0.0, secure = 0.0, rho_others = 0.0, others = 0.0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        double n = (double)mission->group_people[g];
        if (mission->scenario->groups[g].secure) {
            c += n * mission->classification[g];
            rho += n * mission->secrecy[g];
            a += n * mission->group_reinforcement[g];
            secure += n;
        } else {
            rho_others += n * mission->secrecy[g];
            others += n;
        }
    }
    run_on(&o->apart.secure[0], secure > 0.0 ? c / secure : NAN);
    run_on(&o->apart.secure[1], secure > 0.0 ? rho / secure : NAN);
    run_on(&o->apart.reinforcement_secure, secure > 0.0 ? a / secure : NAN);
    run_on(&o->apart.secrecy_others, others > 0.0 ? rho_others / others : NAN);
    const double *region[3] = {mission->population_trust, mission->fear, mission->stability};
    for (int k = 0; k < 3; k++) {
        double sum = 0.0;
        for (size_t r = 0; r < mission->extent.R; r++)
            sum += region[k][r];
        run_on(&o->apart.means_of_regions[k], sum / (double)mission->extent.R);
    }
}

/* T[g][h] over the records on which both are present. */
static void run_on_pairs(struct pko_observer *o, const struct pko_mission *mission) {
    size_t groups = mission->extent.G;
    double present[PKO_GROUPS_MOST];
    enum pko_level level = pko_level_of(mission->clone);
    for (size_t g = 0; g < groups; g++)
        present[g] = mission->group_people[g] > 0 ? 1.0 : 0.0;
    for (size_t g = 0; g < groups; g++)
        if (mission->group_people[g] > 0)
            PKO_CHOOSE(level, pko_pair_sums)
    (mission->trust + g * mission->trust_stride, present, g, groups, o->pair_sum + g * groups,
     o->pair_records + g * groups);
}

/* One measure of a record, as a state or as the events since the record before. */
static void read_measure(struct pko_observer *o, struct pko_reading *reading, size_t m) {
    size_t size = o->offset[m + 1] - o->offset[m];
    double *values = o->reading + o->offset[m], *before = o->before + o->offset[m];
    pko_read_measure(reading, m, values);
    for (size_t k = 0; pko_measure(m)->count && k < size; k++) {
        double total = values[k];
        values[k] = total - before[k];
        before[k] = total;
    }
}

/* The values join the sums behind outcomes and, as floats, the series. */
static void keep_record(struct pko_observer *o, enum pko_level level) {
    PKO_CHOOSE(level, pko_sum_values)
    (o->reading, o->offset[o->measures], o->sum, o->records_with, o->row);
    for (size_t m = 0; m < o->measures; m++) {
        const struct pko_measure *measure = pko_measure(m);
        size_t first = o->offset[m], size = o->offset[m + 1] - first;
        const double *people = measure->dimensions[0] == PKO_GROUP ? o->group_people : o->camp_people;
        if (o->pool[m])
            PKO_CHOOSE(level, pko_pool_values)
        (o->reading + first, people, size, o->pooled + first, o->pooled_people + first);
        if (o->at[m] < o->at[m + 1])
            memcpy(o->series + o->at[m] + o->recorded * size, o->row + first, size * sizeof *o->row);
    }
}

static void record(struct pko_observer *o, const struct pko_mission *mission, int32_t day) {
    struct pko_reading reading = {.mission = mission, .layer_means = o->layer_means};
    reading.skip_quantiles = o->recorded > 0 && day - o->last_quantiles < QUANTILE_DAYS;
    if (!reading.skip_quantiles)
        o->last_quantiles = day;
    if (day > RIDERS_FROM_DAY)
        reading.riders = &o->apart.riders;
    pko_layer_means_take(o->layer_means, mission);
    count_people(o, mission);
    for (size_t m = 0; m < o->measures; m++)
        if (o->read[m])
            read_measure(o, &reading, m);
    keep_record(o, pko_level_of(mission->clone));
    run_on_special(o, mission);
    run_on_pairs(o, mission);
    o->recorded++;
}

static int32_t bin_of(float state) {
    int32_t bin = (int32_t)(state * (float)BINS);
    return bin < BINS ? bin : BINS - 1;
}

static void take_snapshot(struct pko_observer *o, const struct pko_mission *mission) {
    size_t groups = mission->extent.G;
    float *trust = o->trust + o->snapped * groups * groups;
    int32_t *histogram = o->histogram + o->snapped * CELLS;
    for (size_t g = 0; g < groups; g++)
        for (size_t h = 0; h < groups; h++) {
            bool both = g != h && mission->group_people[g] && mission->group_people[h];
            trust[g * groups + h] = both ? (float)mission->trust[g * mission->trust_stride + h] : NAN;
        }
    for (uint32_t i = 0; i < mission->people; i++) {
        int32_t category = mission->traits[i] & PKO_TRAIT_UNIFORMED ? 0 : 1;
        histogram[(category * BINS + bin_of(mission->reinforcement[i])) * BINS +
                  bin_of(mission->resistance[i])]++;
    }
    o->snapped++;
}

int pko_observer_start(struct pko_observer *o, const struct pko_mission *mission) {
    size_t values = o->offset[o->measures], groups = (size_t)o->scenario->group_count;
    o->mission = mission;
    /* What an earlier mission left, and no more: most of the memory may never have been touched. */
    for (size_t m = 0; m < o->measures && o->recorded > 0; m++)
        if (o->at[m] < o->at[m + 1])
            memset(o->series + o->at[m], 0,
                   (o->at[m + 1] - o->at[m]) / o->records * o->recorded * sizeof *o->series);
    memset(o->trust, 0, o->snapped * groups * groups * sizeof *o->trust);
    memset(o->histogram, 0, o->snapped * CELLS * sizeof *o->histogram);
    o->recorded = o->snapped = 0;
    o->last_quantiles = 0;
    memset(o->before, 0, values * sizeof *o->before);
    memset(o->sum, 0, values * sizeof *o->sum);
    memset(o->records_with, 0, values * sizeof *o->records_with);
    memset(o->pooled, 0, values * sizeof *o->pooled);
    memset(o->pooled_people, 0, values * sizeof *o->pooled_people);
    memset(o->pair_sum, 0, groups * groups * sizeof *o->pair_sum);
    memset(o->pair_records, 0, groups * groups * sizeof *o->pair_records);
    memset(&o->apart, 0, sizeof o->apart);
    memset(o->year_deaths, 0, (size_t)o->years * sizeof *o->year_deaths);
    memset(o->year_strikes, 0, (size_t)o->years * sizeof *o->year_strikes);
    o->year = 0;
    o->year_end = o->scenario->start;
    o->deaths_before = o->strikes_before = 0;
    return PKO_OK;
}

int pko_observer_day(struct pko_observer *o, const struct pko_mission *mission) {
    int32_t day = mission->day - 1; /* the day just run */
    o->mission = mission;
    uint64_t deaths = 0, strikes = pko_strikes_on_mission(mission, mission->total_strikes);
    for (size_t g = 0; g < mission->extent.G; g++)
        deaths += mission->total_deaths[g];
    if (mission->date - 1 >= o->year_end) { /* of the day just run */
        o->year = pko_date_of(mission->date - 1).year - o->first_year;
        o->year_end = pko_day_number((struct pko_date){o->first_year + o->year + 1, 1, 1});
    }
    if (o->year >= 0 && o->year < o->years) {
        o->year_deaths[o->year] += (double)(deaths - o->deaths_before);
        o->year_strikes[o->year] += (double)(strikes - o->strikes_before);
    }
    o->deaths_before = deaths;
    o->strikes_before = strikes;
    if (day % o->scenario->record_every == 0 && o->recorded < o->records)
        record(o, mission, day);
    if (o->snapped < o->snapshots && pko_snapshot_day(o->scenario, o->snapped) == day)
        take_snapshot(o, mission);
    return PKO_OK;
}

const float *pko_observer_series(const struct pko_observer *o, size_t measure) {
    if (pko_measure(measure)->by_group && !o->scenario->record_groups)
        return NULL;
    return o->series + o->at[measure];
}

const float *pko_observer_trust(const struct pko_observer *o, size_t snapshot) {
    size_t groups = (size_t)o->scenario->group_count;
    return o->trust + snapshot * groups * groups;
}

const int32_t *pko_observer_histogram(const struct pko_observer *o, size_t snapshot) {
    return o->histogram + snapshot * CELLS;
}

#define EVENTS(name, type, list)                                                                             \
    const struct type *pko_observer_##name(const struct pko_observer *o, size_t *count) {                    \
        *count = o->mission ? o->mission->ledger.list.count : 0;                                             \
        return *count ? o->mission->ledger.list.item : NULL;                                                 \
    }
EVENTS(incidents, pko_incident, incidents)
EVENTS(convoys, pko_convoy_event, convoys)
EVENTS(leaks, pko_leak_event, leaks)
EVENTS(retaliations, pko_retaliation_event, retaliations)
