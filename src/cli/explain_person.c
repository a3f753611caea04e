/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person as a text: the service, the five states and their terms, the turning points. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/explain.h"
#include "cli/table.h"
#include "model/scenario.h"
#include "pkosim/status.h"

#define DIGITS 4 /* of states and terms */
#define UNIT   1e-4
#define TURNS  3 /* days told of each state, */
#define APART  7 /* so many days from one another */

static const char *title_of(enum pko_state state) {
    static const char *const titles[PKO_STATES] = {"danger", "trauma", "reinforcement", "resistance",
                                                   "trust across"};
    return titles[state];
}

static long units(double value) {
    return lround(value / UNIT);
}

/* A state as it is printed: a whole number of units, so that differences of printed numbers are exact. */
static double printed(double value) {
    return (double)units(value) * UNIT;
}

static const char *begins_text(enum pko_service_begins begins) {
    switch (begins) {
    case PKO_BEGINS_RUN:
        return "there from the first day of the run";
    case PKO_BEGINS_LAYER:
        return "arrived with the detachment";
    default:
        return "arrived in place of somebody who had left";
    }
}

static const char *ends_text(enum pko_service_ends ends) {
    static const char *const words[] = {
        "still there on the last day of the run", "left when half of the detachment turned over",
        "left at the end of a term", "killed by a hostile act", "left with the detachment"};
    return words[ends];
}

static void say_who(const struct pko_explained_person *e, FILE *stream) {
    const struct pko_biography *b = e->biography;
    const struct pko_scenario *scenario = e->run.scenario;
    char first[11], last[11], asked[11];
    bool uniformed = b->traits & PKO_TRAIT_UNIFORMED;
    pko_explain_say(
        stream, 0, "Place %" PRIu32 " of %s at %s on %s, in %s (regime %s, replicate %" PRIu32 ")", e->k,
        scenario->groups[e->group].name, scenario->camps[e->camp].name,
        pko_explain_date(scenario, b->asked, asked), e->run.file, e->run.regime, e->run.replicate);
    pko_explain_say(stream, 2, "  A %s%s%s: %s, %s to %s (%zu days), %s.",
                    uniformed ? "uniformed " : "civilian ", b->traits & PKO_TRAIT_WOMAN ? "woman" : "man",
                    uniformed                          ? ""
                    : b->traits & PKO_TRAIT_BACKGROUND ? " with a military background"
                                                       : " without a military background",
                    begins_text(b->begins), pko_explain_date(scenario, b->first_day, first),
                    pko_explain_date(scenario, b->last_day, last), b->days.count, ends_text(b->ends));
    size_t group = 0, risk = 0, rides = 0, region = 0;
    for (size_t k = 0; k < b->incidents.count; k++) {
        group += (b->incidents.item[k].near & (PKO_NEAR_GROUP | PKO_NEAR_CAMP)) != 0;
        region += (b->incidents.item[k].near & PKO_NEAR_REGION) != 0;
    }
    for (size_t k = 0; k < b->days.count; k++) {
        risk += (b->days.item[k].today & PKO_TODAY_WITNESS) != 0;
        rides += (b->days.item[k].today & (PKO_TODAY_ABOARD | PKO_TODAY_MIXED)) != 0;
    }
    pko_explain_say(
        stream, 2,
        "  %zu incidents in the region, %zu that concerned the own group or camp; at risk in a hit "
        "on %zu days; on convoys that carried soldiers and civilians on %zu days.",
        region, group, risk, rides);
}

/* The lowest or highest value of a state and its day. */
struct extreme {
    double value;
    int32_t day;
};
static void extreme_cell(struct pko_table *table, const struct pko_scenario *scenario,
                         struct extreme extreme) {
    char date[11];
    pko_table_cell(table, "%.*f %s", DIGITS, printed(extreme.value),
                   pko_explain_date(scenario, extreme.day, date));
}

static int say_states(const struct pko_explained_person *e, FILE *stream) {
    const struct pko_biography *b = e->biography;
    struct pko_table *table = pko_table_create("lrrrll");
    static const char *const headings[] = {"  state", "first", "last", "change", "lowest", "highest"};
    if (!table)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        double first = b->days.item[0].before[s], last = b->days.item[b->days.count - 1].after[s];
        struct extreme low = {first, b->first_day}, high = low;
        for (size_t k = 0; k < b->days.count; k++) {
            const struct pko_person_day *day = &b->days.item[k];
            low = day->after[s] < low.value ? (struct extreme){day->after[s], day->day} : low;
            high = day->after[s] > high.value ? (struct extreme){day->after[s], day->day} : high;
        }
        pko_table_cell(table, "  %s", title_of(s));
        pko_table_cell(table, "%.*f", DIGITS, printed(first));
        pko_table_cell(table, "%.*f", DIGITS, printed(last));
        pko_table_cell(table, "%+.*f", DIGITS, (double)(units(last) - units(first)) * UNIT);
        extreme_cell(table, e->run.scenario, low);
        extreme_cell(table, e->run.scenario, high);
    }
    fputc('\n', stream);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

/* The terms of one state, shared out so that what is printed adds up to the change that is printed. */
static int say_terms(const struct pko_biography *b, FILE *stream) {
    struct pko_table *table = pko_table_create("lrl");
    if (!table)
        return PKO_ERROR_MEMORY;
    pko_table_cell(table, "  state");
    pko_table_cell(table, "change");
    pko_table_cell(table, "by");
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        double sum[PKO_TERMS];
        long part[PKO_TERMS];
        const char *title[PKO_TERMS];
        size_t count = 0;
        for (enum pko_term term = 0; term < PKO_TERMS; term++)
            if (pko_term_info(term)->state == s) {
                title[count] = pko_term_info(term)->title;
                sum[count++] = pko_biography_sum(b, term);
            }
        long total = units(b->days.item[b->days.count - 1].after[s]) - units(b->days.item[0].before[s]);
        pko_apportion(sum, count, UNIT, total, part);
        pko_table_cell(table, "  %s", title_of(s));
        pko_table_cell(table, "%+.*f", DIGITS, (double)total * UNIT);
        pko_table_cell(table, "in all");
        for (size_t k = 0; k < count; k++)
            if (part[k] != 0) {
                pko_table_cell(table, "  ");
                pko_table_cell(table, "%+.*f", DIGITS, (double)part[k] * UNIT);
                pko_table_cell(table, "%s", title[k]);
            }
    }
    fputs("\nWhat the changes are made of\n", stream);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

static void incident_text(const struct pko_explained_person *e, int32_t day, enum pko_term term, char *text,
                          size_t size) {
    const struct pko_incident_near *one = pko_biography_incident(e->biography, day, term);
    char what[400];
    if (!one) {
        snprintf(text, size, "incidents in other regions");
        return;
    }
    pko_explain_describe(e->run.scenario, &one->incident, what, sizeof what);
    snprintf(text, size, "%s (%s)", what,
             one->near & PKO_NEAR_SELF    ? "was there"
             : one->near & PKO_NEAR_GROUP ? "own group"
             : one->near & PKO_NEAR_CAMP  ? "own camp"
                                          : "same region");
}

static void meeting_text(const struct pko_explained_person *e, const struct pko_person_day *day,
                         enum pko_state state, char *text, size_t size) {
    const struct pko_scenario *scenario = e->run.scenario;
    if (day->met_layer < 0) {
        snprintf(text, size, "met nobody");
        return;
    }
    const struct pko_layer *layer = &scenario->layers[day->met_layer];
    const char *name = scenario->groups[layer->group].name, *camp = scenario->camps[layer->camp].name;
    float theirs = state == PKO_STATE_DANGER          ? day->met_danger
                   : state == PKO_STATE_REINFORCEMENT ? day->met_reinforcement
                                                      : day->met_resistance;
    if (state == PKO_STATE_CROSS_TRUST)
        snprintf(text, size, "met somebody of %s at %s", name, camp);
    else
        snprintf(text, size, "met somebody of %s at %s, whose %s was %.2f", name, camp, title_of(state),
                 (double)theirs);
}

/* What lay behind the term that moved a state most on a day. */
static void cause_text(const struct pko_explained_person *e, const struct pko_person_day *day,
                       enum pko_term term, char *text, size_t size) {
    enum pko_state state = pko_term_info(term)->state;
    switch (term) {
    case PKO_TERM_DANGER_INCIDENTS:
    case PKO_TERM_DANGER_LENS:
    case PKO_TERM_TRAUMA_WITNESS:
    case PKO_TERM_TRAUMA_BEREAVEMENT:
        incident_text(e, day->day, term, text, size);
        break;
    case PKO_TERM_DANGER_CONTAGION:
    case PKO_TERM_REINFORCEMENT_SOCIALIZATION:
    case PKO_TERM_RESISTANCE_SOCIALIZATION:
    case PKO_TERM_CROSS_TRUST_MEETING:
        meeting_text(e, day, state, text, size);
        break;
    case PKO_TERM_REINFORCEMENT_CONVOY:
    case PKO_TERM_RESISTANCE_CONVOY:
    case PKO_TERM_CROSS_TRUST_SHARED_RIDE:
    case PKO_TERM_CROSS_TRUST_ARMED:
        snprintf(text, size, "on the road with a convoy");
        break;
    default:
        text[0] = 0;
    }
}

static void say_turns(const struct pko_explained_person *e, FILE *stream) {
    const struct pko_biography *b = e->biography;
    fputs("\nTurning points: the days of the largest changes\n", stream);
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        size_t numbers[TURNS], count = pko_biography_turns(b, s, APART, numbers, TURNS);
        for (size_t k = 0; k < count; k++) {
            const struct pko_person_day *day = &b->days.item[numbers[k]];
            long change = units(day->after[s]) - units(day->before[s]);
            enum pko_term cause = pko_biography_cause(b, numbers[k], s);
            char date[11], text[600];
            if (change == 0)
                continue;
            cause_text(e, day, cause, text, sizeof text);
            pko_explain_say(stream, 13, "  %s  %s %.*f to %.*f (%+.*f): %s%s%s.",
                            pko_explain_date(e->run.scenario, day->day, date), title_of(s), DIGITS,
                            printed(day->before[s]), DIGITS, printed(day->after[s]), DIGITS,
                            (double)change * UNIT, pko_term_info(cause)->title, *text ? ": " : "", text);
        }
    }
}

int pko_explain_person_print(const struct pko_explained_person *e, FILE *stream) {
    for (size_t line = 0; pko_explain_caveat(line); line++)
        fprintf(stream, "%s\n", pko_explain_caveat(line));
    fputc('\n', stream);
    say_who(e, stream);
    fputc('\n', stream);
    pko_explain_chart(e->biography, stream);
    int status = say_states(e, stream);
    if (status == PKO_OK)
        status = say_terms(e->biography, stream);
    say_turns(e, stream);
    fputc('\n', stream);
    pko_explain_say(
        stream, 0,
        "Run again from what the file holds; all %zu numbers that it recorded of this run are the same.",
        e->run.values);
    return status;
}
