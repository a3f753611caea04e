/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes: one number a run (docs/outcomes.md). One walk over all of them names and computes them, so that
 * names, order and values cannot part. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/observer.h"
#include "pkosim/status.h"

/* Where the walk puts what it finds: names while an observer is made, values at the end of a run. */
struct sink {
    const struct pko_observer *observer;
    struct pko_observer *naming; /* NULL when values are wanted */
    double *values;
    size_t count, measure; /* the measure looked up last: the next is often the same or just behind it */
    bool failed;
};

static void put(struct sink *sink, double value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put(struct sink *sink, double value, const char *format, ...) {
    if (sink->values)
        sink->values[sink->count] = value;
    if (sink->naming) {
        char name[3 * PKO_NAME_SIZE];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(name, sizeof name, format, arguments);
        va_end(arguments);
        char **names = realloc(sink->naming->names, (sink->count + 1) * sizeof *names);
        if (names) {
            sink->naming->names = names;
            names[sink->count] = strdup(name);
        }
        if (!names || !names[sink->count]) {
            sink->failed = true;
            return;
        }
    }
    sink->count++;
    if (sink->naming)
        sink->naming->outcomes = sink->count;
}

/* Where a measure's values begin among those of a record. What outcomes are made of is read of every record,
 * in files or not. */
static size_t values_of(struct sink *sink, const char *measure) {
    const struct pko_observer *o = sink->observer;
    size_t m = sink->measure;
    while (strcmp(pko_measure(m)->name, measure) != 0)
        m = m + 1 < o->measures ? m + 1 : 0;
    sink->measure = m;
    if (sink->naming)
        sink->naming->read[m] = true;
    return o->offset[m];
}
static double mean(const struct pko_running *r) {
    return r->records > 0.0 ? r->sum / r->records : NAN;
}
/* Plain mean over the records on which the value exists. */
static double mean_at(const struct sink *sink, size_t value) {
    return mean(&(struct pko_running){sink->observer->sum[value], sink->observer->records_with[value]});
}
static double over_time(struct sink *sink, const char *measure, size_t unit) {
    return mean_at(sink, values_of(sink, measure) + unit);
}
static double ratio(double part, double whole) {
    return whole > 0.0 ? part / whole : NAN;
}
/* Sum over records and people, over their number. */
static double pooled_at(const struct sink *sink, size_t value) {
    const struct pko_observer *o = sink->observer;
    size_t m = 0;
    while (sink->naming && value >= o->offset[m + 1])
        m++;
    if (sink->naming)
        sink->naming->pool[m] = true;
    return ratio(o->pooled[value], o->pooled_people[value]);
}
static double years(const struct sink *sink) {
    return (double)sink->observer->scenario->days / 365.25;
}

#define MISSION(sink) ((sink)->observer->mission)

/* Sum of a total by group over the groups of a bloc (−1: all). Before a run there is no mission, and every
 * sum is 0. */
#define OF_GROUPS(sink, column, wanted) sum_groups(sink, MISSION(sink) ? MISSION(sink)->column : NULL, wanted)
static double sum_groups(const struct sink *sink, const uint64_t *column, int bloc) {
    double sum = 0.0;
    for (int g = 0; column && g < sink->observer->scenario->group_count; g++)
        if (bloc < 0 || (int)sink->observer->scenario->groups[g].bloc == bloc)
            sum += (double)column[g];
    return sum;
}
#define OF_REGIONS(sink, column) sum_regions(sink, MISSION(sink) ? MISSION(sink)->column : NULL)
static double sum_regions(const struct sink *sink, const uint64_t *column) {
    double sum = 0.0;
    for (int r = 0; column && r < sink->observer->scenario->region_count; r++)
        sum += (double)column[r];
    return sum;
}
/* Sum of a total by region and class: region −1 all, class −1 all, class −2 the mission's (communities left
 * out). */
#define OF_STRIKES(sink, column, region, kind)                                                               \
    sum_strikes(sink, MISSION(sink) ? MISSION(sink)->column : NULL, region, kind)
static double sum_strikes(const struct sink *sink, const uint64_t *column, int region, int kind) {
    double sum = 0.0;
    for (int r = 0; column && r < sink->observer->scenario->region_count; r++)
        for (int k = 0; k < PKO_PLOT_CLASSES; k++)
            if ((region < 0 || r == region) &&
                (kind == -1 || k == kind || (kind == -2 && k != PKO_POPULATION)))
                sum += (double)column[r * PKO_PLOT_CLASSES + k];
    return sum;
}
static double total(const struct sink *sink, enum pko_total which) {
    return MISSION(sink) ? (double)MISSION(sink)->total_mission[which] : 0.0;
}
static double group_total(const struct sink *sink, const uint64_t *column, int group) {
    (void)sink;
    return column ? (double)column[group] : 0.0;
}
#define OF_GROUP(sink, column, group) group_total(sink, MISSION(sink) ? MISSION(sink)->column : NULL, group)

uint64_t pko_strikes_on_mission(const struct pko_mission *mission, const uint64_t *column) {
    uint64_t sum = 0;
    for (size_t k = 0; k < mission->extent.R4; k++)
        sum += k % PKO_PLOT_CLASSES != PKO_POPULATION ? column[k] : 0;
    return sum;
}

static const char *const people_states[5][2] = {
    {"d", "danger"}, {"theta", "trauma"}, {"a", "reinforcement"}, {"b", "resistance"}, {"x", "cross_trust"}};

static double blocs_over_time(struct sink *sink, const enum pko_bloc *bloc, size_t count) {
    double sum = 0.0;
    for (size_t k = 0; k < count; k++)
        sum += over_time(sink, "people_by_bloc", bloc[k]);
    return sum;
}

/* Plain mean of a detachment's mean over all records and detachments that have both riders and others. */
static double mean_of_detachments(const struct pko_observer *o, int state, int kind) {
    return ratio(o->apart.riders.mean[state][kind], o->apart.riders.detachments);
}

static void walk_people(struct sink *sink) {
    static const enum pko_bloc military[] = {PKO_NATO, PKO_NORTH, PKO_AFRICAN, PKO_ASIAN, PKO_OTHER};
    char name[PKO_NAME_SIZE];
    put(sink, over_time(sink, "people", 0), "people");
    put(sink, blocs_over_time(sink, military, 5), "military");
    put(sink, over_time(sink, "people_by_bloc", PKO_BLOC_POLICE), "police");
    put(sink, over_time(sink, "people_by_bloc", PKO_BLOC_CIVILIAN), "civilians");
    for (int s = 0; s < 5; s++) {
        put(sink, over_time(sink, people_states[s][1], 0), "%s", people_states[s][0]);
        snprintf(name, sizeof name, "%s_by_category", people_states[s][1]);
        put(sink, over_time(sink, name, 0), "%s_uniformed", people_states[s][0]);
        put(sink, over_time(sink, name, 1), "%s_civilians", people_states[s][0]);
    }
    put(sink, over_time(sink, "ambivalent", 0), "ambivalent");
    put(sink, over_time(sink, "ambivalent_by_category", 0), "ambivalent_uniformed");
    put(sink, over_time(sink, "ambivalent_by_category", 1), "ambivalent_civilians");
    put(sink, over_time(sink, "ambivalent_contact", 0), "ambivalent_contact");
    put(sink, over_time(sink, "ambivalent_contact_independent", 0), "ambivalent_contact_independent");
    put(sink, over_time(sink, "correlation_ab", 0), "correlation_ab");
    put(sink, over_time(sink, "correlation_ab_by_category", 0), "correlation_ab_uniformed");
    put(sink, over_time(sink, "correlation_ab_by_category", 1), "correlation_ab_civilians");
    put(sink, over_time(sink, "sd_reinforcement", 0), "sd_a");
    put(sink, over_time(sink, "sd_resistance", 0), "sd_b");
    for (int s = 0; s < 3; s++) {
        put(sink, mean_of_detachments(sink->observer, s, 0), "%s_riders", people_states[2 + s][0]);
        put(sink, mean_of_detachments(sink->observer, s, 1), "%s_nonriders", people_states[2 + s][0]);
    }
}

static void walk_camps(struct sink *sink) {
    const struct pko_scenario *scenario = sink->observer->scenario;
    static const int recorded[4] = {0, 2, 3, 4}; /* trauma is not recorded by camp */
    size_t first[4];
    for (int k = 0; k < 4; k++) {
        char name[PKO_NAME_SIZE];
        snprintf(name, sizeof name, "%s_by_camp", people_states[recorded[k]][1]);
        first[k] = values_of(sink, name);
    }
    for (int category = 0; category < 2; category++)
        for (int c = 0; c < scenario->camp_count; c++)
            for (int k = 0; k < 4; k++)
                put(sink, pooled_at(sink, first[k] + (size_t)(category * scenario->camp_count + c)),
                    "%s_%s_%s", people_states[recorded[k]][0], category ? "civilians" : "uniformed",
                    scenario->camps[c].name);
}

static void walk_mission(struct sink *sink) {
    const struct pko_observer *o = sink->observer;
    put(sink, over_time(sink, "posture", 0), "posture");
    put(sink, over_time(sink, "salience", 0), "salience");
    put(sink, over_time(sink, "frustration_by_category", 0), "phi_uniformed");
    put(sink, over_time(sink, "frustration_by_category", 1), "phi_civilians");
    put(sink, over_time(sink, "valorization_by_category", 0), "v_uniformed");
    put(sink, over_time(sink, "valorization_by_category", 1), "v_civilians");
    put(sink, over_time(sink, "voiced_resistance", 0), "voiced_b");
    put(sink, over_time(sink, "voice", 0), "voice");
    put(sink, over_time(sink, "voice_protection", 0), "voice_poc");
    put(sink, mean(&o->apart.secure[1]), "rho_secure");
    put(sink, mean(&o->apart.secrecy_others), "rho_others");
    put(sink, mean(&o->apart.secure[0]), "c_secure");
    put(sink, mean(&o->apart.reinforcement_secure), "a_secure");
    put(sink, over_time(sink, "aboard_civilians", 0), "aboard_civilians");
    for (int r = 0; r < o->scenario->region_count; r++) {
        const char *region = o->scenario->regions[r].name;
        put(sink, over_time(sink, "population_trust_by_region", (size_t)r), "p_%s", region);
        put(sink, over_time(sink, "fear_by_region", (size_t)r), "f_%s", region);
        put(sink, over_time(sink, "stability_by_region", (size_t)r), "s_%s", region);
        put(sink, over_time(sink, "plot_rate_by_region", (size_t)r), "rate_%s", region);
        put(sink, over_time(sink, "evacuation_by_region", (size_t)r), "evacuation_%s", region);
        put(sink, over_time(sink, "restraint_by_region", (size_t)r), "restraint_%s", region);
        put(sink, over_time(sink, "posture_by_region", (size_t)r), "posture_%s", region);
    }
    put(sink, mean(&o->apart.means_of_regions[0]), "p");
    put(sink, mean(&o->apart.means_of_regions[1]), "f");
    put(sink, mean(&o->apart.means_of_regions[2]), "s");
    put(sink, over_time(sink, "robustness", 0), "R");
    put(sink, over_time(sink, "cooperation", 0), "kappa");
    put(sink, over_time(sink, "othering_gap", 0), "othering_gap");
    /* In these two, north is both blocs of the north; the pairs of single blocs below leave out what has the
     * same name. */
    put(sink, over_time(sink, "trust_african_north", 0), "T_african_north");
    put(sink, over_time(sink, "trust_north_african", 0), "T_north_african");
    for (unsigned from = 0; from < PKO_BLOCS; from++)
        for (unsigned toward = 0; toward < PKO_BLOCS; toward++)
            if (!((from == PKO_AFRICAN && toward == PKO_NORTH) ||
                  (from == PKO_NORTH && toward == PKO_AFRICAN)))
                put(sink, over_time(sink, "trust_by_bloc", from * PKO_BLOCS + toward), "T_%s_%s",
                    pko_bloc_name((enum pko_bloc)from), pko_bloc_name((enum pko_bloc)toward));
}

static void walk_intelligence(struct sink *sink) {
    static const char *const channel[PKO_CHANNELS] = {"secure", "mail", "hub", "informal", "talk"};
    double y = years(sink);
    put(sink, OF_REGIONS(sink, total_plots) / y, "plots/yr");
    put(sink, OF_REGIONS(sink, total_lapsed) / y, "lapsed/yr");
    put(sink, OF_GROUPS(sink, total_collected, -1) / y, "collected/yr");
    put(sink, OF_GROUPS(sink, total_duplicated, -1) / y, "duplicated/yr");
    put(sink, OF_GROUPS(sink, total_restricted, -1) / y, "restricted/yr");
    put(sink, total(sink, PKO_TOTAL_SHARED) / y, "shared/yr");
    for (int k = 0; k < PKO_CHANNELS; k++)
        put(sink, (MISSION(sink) ? (double)MISSION(sink)->total_learned[k] : 0.0) / y, "learned_%s/yr",
            channel[k]);
    put(sink, OF_REGIONS(sink, total_leaked) / y, "leaked/yr");
    put(sink, total(sink, PKO_TOTAL_LEAKED_SECURE) / y, "leaked_secure/yr");
    put(sink, ratio(OF_GROUPS(sink, total_duplicated, -1), OF_GROUPS(sink, total_collected, -1)),
        "duplication");
    put(sink, ratio(OF_GROUPS(sink, total_restricted, -1), OF_GROUPS(sink, total_collected, -1)),
        "restricted_share");
}

static void walk_strikes(struct sink *sink) {
    const struct pko_scenario *scenario = sink->observer->scenario;
    double y = years(sink);
    double on_mission = OF_STRIKES(sink, total_strikes, -1, -2),
           warned = OF_STRIKES(sink, total_warned, -1, -2);
    double warned_own = OF_STRIKES(sink, total_warned_own, -1, -2),
           hits = OF_STRIKES(sink, total_hits, -1, -2);
    put(sink, OF_STRIKES(sink, total_strikes, -1, -1) / y, "strikes/yr");
    for (int k = 0; k < PKO_PLOT_CLASSES; k++)
        put(sink, OF_STRIKES(sink, total_strikes, -1, k) / y, "strikes_%s/yr",
            pko_plot_class_name((enum pko_plot_class)k));
    put(sink, on_mission / y, "strikes_mission/yr");
    for (int r = 0; r < scenario->region_count; r++)
        put(sink, OF_STRIKES(sink, total_strikes, r, -1) / y, "strikes_%s/yr", scenario->regions[r].name);
    put(sink, OF_STRIKES(sink, total_hits, -1, -1) / y, "hits/yr");
    put(sink, hits / y, "hits_mission/yr");
    put(sink, OF_STRIKES(sink, total_warned, -1, -1) / y, "warned/yr");
    put(sink, warned / y, "warned_mission/yr");
    put(sink, warned_own / y, "warned_own/yr");
    put(sink, (warned - warned_own) / y, "warned_shared/yr");
    put(sink, OF_STRIKES(sink, total_hits_warned, -1, -2) / y, "hits_warned/yr");
    put(sink, OF_STRIKES(sink, total_missed_base, -1, -2) / y, "missed_base/yr");
    put(sink, OF_STRIKES(sink, total_missed_hardness, -1, -2) / y, "missed_hardness/yr");
    put(sink, OF_STRIKES(sink, total_missed_warning, -1, -2) / y, "missed_warning/yr");
    put(sink, OF_REGIONS(sink, total_deadly_hits) / y, "deadly_hits/yr");
    put(sink, OF_REGIONS(sink, total_civilians_killed) / y, "civilians_killed/yr");
    put(sink, total(sink, PKO_TOTAL_WITHHELD) / y, "withheld/yr");
    put(sink, total(sink, PKO_TOTAL_BLAME_CASES) / y, "blame_cases/yr");
    put(sink, total(sink, PKO_TOTAL_BLAMED) / y, "blamed/yr");
    put(sink, ratio(warned, on_mission), "warned_share");
    put(sink, ratio(hits, on_mission), "hit_share");
    put(sink, ratio(warned_own, warned), "warned_by_own_share");
}

/* deaths, wounded, deaths per 1,000 person-years, access: of the mission and of each bloc. */
static void walk_harm(struct sink *sink) {
    double y = years(sink), scale = sink->observer->scenario->scale;
    put(sink, ratio(OF_GROUPS(sink, total_wounded, -1), OF_GROUPS(sink, total_deaths, -1)),
        "wounded_per_death");
    double gini = NAN; /* at the end of the run */
    if (MISSION(sink))
        pko_mission_read(MISSION(sink), "access_gini", &gini, 1);
    put(sink, gini, "access_gini");
    for (int bloc = -1; bloc < PKO_BLOCS; bloc++) {
        const char *name = bloc < 0 ? "" : pko_bloc_name((enum pko_bloc)bloc), *gap = bloc < 0 ? "" : "_";
        double deaths = OF_GROUPS(sink, total_deaths, bloc);
        double person_years = OF_GROUPS(sink, total_person_days, bloc) / (365.25 * scale);
        put(sink, deaths / y, "deaths%s%s/yr", gap, name);
        put(sink, OF_GROUPS(sink, total_wounded, bloc) / y, "wounded%s%s/yr", gap, name);
        put(sink, ratio(1000.0 * deaths, person_years), "deaths_per_1000%s%s/yr", gap, name);
        put(sink, ratio(OF_GROUPS(sink, total_known, bloc), OF_GROUPS(sink, total_targeted, bloc)),
            "access%s%s", gap, name);
    }
}

static void walk_operations(struct sink *sink) {
    double y = years(sink), requested = OF_GROUPS(sink, total_visits_requested, -1);
    double free_visits = OF_GROUPS(sink, total_visits_free, -1),
           shared = OF_GROUPS(sink, total_visits_shared, -1);
    double escorted = OF_GROUPS(sink, total_visits_escorted, -1),
           refused = OF_GROUPS(sink, total_visits_refused, -1);
    double without = OF_GROUPS(sink, total_visits_without_platoon, -1), denied = refused + without;
    put(sink, requested / y, "visits_requested/yr");
    put(sink, free_visits / y, "visits_free/yr");
    put(sink, escorted / y, "visits_escorted/yr");
    put(sink, shared / y, "visits_shared/yr");
    put(sink, refused / y, "visits_refused/yr");
    put(sink, without / y, "visits_without_platoon/yr");
    put(sink, denied / y, "visits_denied/yr");
    put(sink, OF_REGIONS(sink, total_projects) / y, "projects/yr");
    put(sink, total(sink, PKO_TOTAL_SUPPLY_CONVOYS) / y, "supply_convoys/yr");
    put(sink, total(sink, PKO_TOTAL_SUPPLY_POSTPONED) / y, "supply_postponed/yr");
    put(sink, total(sink, PKO_TOTAL_DISSOLVED) / y, "convoys_dissolved/yr");
    put(sink, total(sink, PKO_TOTAL_RIDES) / y, "rides/yr");
    put(sink, total(sink, PKO_TOTAL_FLIGHTS_REQUESTED) / y, "flights_requested/yr");
    put(sink, total(sink, PKO_TOTAL_FLIGHTS_DENIED) / y, "flights_denied/yr");
    put(sink, OF_REGIONS(sink, total_retaliations) / y, "retaliation/yr");
    put(sink, OF_REGIONS(sink, total_leak_retaliations) / y, "retaliation_leaks/yr");
    put(sink, ratio(denied, requested), "denied_share");
    put(sink, ratio(shared, requested), "shared_ride_share");
    put(sink, ratio(free_visits, requested), "free_share");
    put(sink, ratio(denied, requested - free_visits), "denied_share_of_escort_needed");
    put(sink, ratio(escorted, escorted + refused), "accepted_share");
}

/* Mean over the other groups of T toward (or from) them, each over the records on which both are present. */
static double mean_trust_of(const struct pko_observer *o, size_t group, bool given) {
    size_t groups = (size_t)o->scenario->group_count;
    double sum = 0.0, others = 0.0;
    for (size_t h = 0; h < groups; h++) {
        size_t at = given ? group * groups + h : h * groups + group;
        if (h != group && o->pair_records[at] > 0.0) {
            sum += o->pair_sum[at] / o->pair_records[at];
            others += 1.0;
        }
    }
    return others > 0.0 ? sum / others : NAN;
}

/* The measures by group of which each group has outcomes. */
enum { SECRECY = 6, CLASSIFICATION, VOICE, OF_A_GROUP };
static const char *const of_a_group[OF_A_GROUP][2] = {
    {"d", "danger_by_group"},      {"a", "reinforcement_by_group"},  {"b", "resistance_by_group"},
    {"x", "cross_trust_by_group"}, {"phi", "frustration_by_group"},  {"v", "valorization_by_group"},
    {"rho", "secrecy_by_group"},   {"c", "classification_by_group"}, {"V", "voice_by_group"}};

static void walk_group(struct sink *sink, int g, const size_t first[OF_A_GROUP]) {
    const struct pko_group *group = &sink->observer->scenario->groups[g];
    put(sink, OF_GROUP(sink, total_deaths, g), "deaths of %s", group->name);
    put(sink, OF_GROUP(sink, total_wounded, g), "wounded of %s", group->name);
    put(sink, ratio(OF_GROUP(sink, total_known, g), OF_GROUP(sink, total_targeted, g)), "access of %s",
        group->name);
    for (int k = 0; k < SECRECY; k++)
        put(sink, pooled_at(sink, first[k] + (size_t)g), "%s of %s", of_a_group[k][0], group->name);
    if (group->secure)
        for (int k = SECRECY; k <= CLASSIFICATION; k++)
            put(sink, mean_at(sink, first[k] + (size_t)g), "%s of %s", of_a_group[k][0], group->name);
    if (group->kind == PKO_SECTION)
        put(sink, pooled_at(sink, first[VOICE] + (size_t)g), "%s of %s", of_a_group[VOICE][0], group->name);
    put(sink, mean_trust_of(sink->observer, (size_t)g, true), "trust given of %s", group->name);
    put(sink, mean_trust_of(sink->observer, (size_t)g, false), "trust received of %s", group->name);
    if (group->kind != PKO_CONTINGENT)
        put(sink, OF_GROUP(sink, total_visits_requested, g), "visits requested of %s", group->name);
}

static void walk_groups(struct sink *sink) {
    size_t first[OF_A_GROUP];
    for (int k = 0; k < OF_A_GROUP; k++)
        first[k] = values_of(sink, of_a_group[k][1]);
    for (int g = 0; g < sink->observer->scenario->group_count; g++)
        walk_group(sink, g, first);
}

static void walk(struct sink *sink) {
    const struct pko_observer *o = sink->observer;
    walk_people(sink);
    walk_camps(sink);
    walk_mission(sink);
    walk_intelligence(sink);
    walk_strikes(sink);
    walk_harm(sink);
    walk_operations(sink);
    for (int year = 0; year < o->years; year++) {
        put(sink, o->year_deaths[year], "deaths %d", o->first_year + year);
        put(sink, o->year_strikes[year], "strikes on the mission %d", o->first_year + year);
    }
    walk_groups(sink);
}

int pko_outcomes_name(struct pko_observer *observer) {
    struct sink sink = {.observer = observer, .naming = observer};
    walk(&sink);
    return sink.failed ? PKO_ERROR_MEMORY : PKO_OK;
}

int pko_outcomes(const struct pko_observer *observer, double *values) {
    struct sink sink = {.observer = observer, .values = values};
    walk(&sink);
    return PKO_OK;
}

size_t pko_outcome_count(const struct pko_observer *observer) {
    return observer->outcomes;
}
const char *pko_outcome_name(const struct pko_observer *observer, size_t number) {
    return number < observer->outcomes ? observer->names[number] : NULL;
}
