/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An incident as a text: the plot's life, the strike, and what followed. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli/explain.h"
#include "cli/table.h"
#include "model/scenario.h"
#include "pkosim/status.h"

static const char *group_name(const struct pko_explained_incident *e, int group) {
    return e->run.scenario->groups[group].name;
}

static const char *how_collected(enum pko_source source) {
    static const char *const words[PKO_SOURCES] = {"from a tip of the population", "by technical means",
                                                   "on patrol", "from partner forces"};
    return words[source];
}

static const char *by_channel(enum pko_channel channel) {
    static const char *const words[PKO_CHANNELS] = {"on the secure network", "by mail", "through a hub",
                                                    "by informal contact", "by talk, past a restriction"};
    return words[channel];
}

static void say_event(const struct pko_explained_incident *e, const struct pko_life_event *event,
                      FILE *stream) {
    char date[11], sealed[11];
    const char *copy = event->free ? "free to share" : "restricted";
    pko_explain_date(e->run.scenario, event->day, date);
    switch (event->kind) {
    case PKO_LIFE_COLLECTED:
        pko_explain_say(stream, 13, "  %s  %s collects it %s: %s%s", date, group_name(e, event->group),
                        how_collected(event->source), copy,
                        event->duplicated ? " (others knew already)" : "");
        break;
    case PKO_LIFE_FREED:
        pko_explain_say(stream, 13, "  %s  %s collects it again, %s: its copy is free now", date,
                        group_name(e, event->group), how_collected(event->source));
        break;
    case PKO_LIFE_CONFIRMED:
        pko_explain_say(stream, 13, "  %s  %s sees it again, %s", date, group_name(e, event->group),
                        how_collected(event->source));
        break;
    case PKO_LIFE_LEARNED:
        pko_explain_say(stream, 13, "  %s  %s learns it from %s %s: %s", date, group_name(e, event->group),
                        group_name(e, event->sharer), by_channel(event->channel), copy);
        break;
    case PKO_LIFE_LEAKED:
        pko_explain_say(stream, 13,
                        "  %s  it leaks%s as %s learns it: nobody knows it any more, and until %s "
                        "nobody can see or share it",
                        date, event->inside ? " from inside the secure network" : "",
                        group_name(e, event->group),
                        pko_explain_date(e->run.scenario, event->sealed_until, sealed));
    }
}

static void say_life(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    const struct pko_scenario *scenario = e->run.scenario;
    char date[11];
    fputs("\nThe plot\n", stream);
    pko_explain_say(
        stream, 13, "  %s  made in %s against %s (plot %" PRIu32 " of the day); due after %d days",
        pko_explain_date(scenario, life->key.born, date), scenario->regions[life->key.region].name,
        pko_plot_class_name((enum pko_plot_class)life->plot.plot_class), life->key.number,
        life->plot.due - life->key.born);
    for (size_t k = 0; k < life->events.count; k++)
        say_event(e, &life->events.item[k], stream);
    if (life->events.count == 0)
        pko_explain_say(stream, 13, "  nobody came to know of it");
    pko_explain_say(stream, 13, "  %s  due", pko_explain_date(scenario, life->plot.due, date));
}

/* "chad, germany and sweden" of a set; "nobody" if it is empty. */
static void list_groups(const struct pko_explained_incident *e, struct pko_groups set, char *text,
                        size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (int g = pko_groups_next(&set, 0); g >= 0 && used < size; g = pko_groups_next(&set, g + 1)) {
        const char *before = used == 0 ? "" : pko_groups_next(&set, g + 1) < 0 ? " and " : ", ";
        int printed = snprintf(text + used, size - used, "%s%s", before, group_name(e, g));
        used += printed > 0 ? (size_t)printed : 0;
    }
    if (used == 0)
        snprintf(text, size, "nobody");
}

static struct pko_groups both(struct pko_groups a, struct pko_groups b, bool not_b) {
    for (int half = 0; half < 2; half++)
        a.bits[half] &= not_b ? ~b.bits[half] : b.bits[half];
    return a;
}

static void say_who_knew(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    struct pko_groups knew = both(life->target.groups, life->plot.knows, false);
    struct pko_groups not_knew = both(life->target.groups, life->plot.knows, true);
    struct pko_groups others = both(life->plot.knows, life->target.groups, true);
    char text[4096];
    fputs("\nWho knew on the day\n", stream);
    list_groups(e, knew, text, sizeof text);
    pko_explain_say(stream, 4, "  Target groups that knew: %s.", text);
    list_groups(e, not_knew, text, sizeof text);
    pko_explain_say(stream, 4, "  Target groups that did not: %s.", text);
    list_groups(e, both(others, life->plot.free, false), text, sizeof text);
    pko_explain_say(stream, 4, "  Others with a copy free to share: %s.", text);
    list_groups(e, both(others, life->plot.free, true), text, sizeof text);
    pko_explain_say(stream, 4, "  Others with a restricted copy: %s.", text);
}

static void say_target(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    const struct pko_scenario *scenario = e->run.scenario;
    const struct pko_target *target = &life->target;
    if (life->plot.plot_class == PKO_POPULATION) {
        pko_explain_say(stream, 4, "  Target: a community in %s.", scenario->regions[life->key.region].name);
        return;
    }
    if (target->camp >= 0)
        pko_explain_say(stream, 4, "  Target: the camp %s; at risk %" PRIu32 " people.",
                        scenario->camps[target->camp].name, target->people);
    else
        pko_explain_say(stream, 4, "  Target: %s of %s; at risk %" PRIu32 " people.",
                        target->convoy >= 0                 ? "a convoy with an escort"
                        : life->plot.plot_class == PKO_SOFT ? "civilian personnel"
                                                            : "a patrol",
                        group_name(e, target->group), target->people);
}

static void say_chances(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    const struct pko_strike *s = &life->strike;
    pko_explain_say(stream, 4, "  Chance of a hit: %.4f by class; %.4f after %s (1 - %.4f).", s->base,
                    s->hardened, life->plot.plot_class == PKO_CAMP ? "protection" : "hardness",
                    life->target.hardness);
    if (s->warned == PKO_NOT_WARNED)
        pko_explain_say(stream, 4, "  No target group knew, so no warning lowers it.");
    else
        pko_explain_say(stream, 4, "  A target group knew, %s: %.4f after the warning.",
                        s->warned == PKO_WARNED_OWN ? "by its own collection" : "from others",
                        s->after_warning);
    if (s->missed == PKO_HIT)
        pko_explain_say(stream, 4, "  The number drawn, %.4f, is below %.4f: it hit.", s->drawn,
                        s->after_warning);
    else
        pko_explain_say(stream, 4,
                        "  It did not hit, %s: %.4f is the first chance not above the number drawn, %.4f.",
                        pko_explain_miss(s->missed, life->plot.plot_class),
                        s->missed == PKO_MISSED_BASE       ? s->base
                        : s->missed == PKO_MISSED_HARDNESS ? s->hardened
                                                           : s->after_warning,
                        s->drawn);
}

static void say_losses(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    if (life->strike.missed != PKO_HIT || life->plot.plot_class == PKO_POPULATION)
        return;
    pko_explain_say(stream, 4,
                    "  Of those who were hit each died with chance %.4f (evacuation quality %.4f).",
                    life->lethality, life->evacuation);
    for (size_t k = 0; k < life->losses.count; k++) {
        const struct pko_life_losses *lost = &life->losses.item[k];
        pko_explain_say(stream, 4, "  %s: %" PRIu32 " at risk, %" PRIu32 " killed, %" PRIu32 " wounded.",
                        group_name(e, lost->group), lost->at_risk, lost->killed, lost->wounded);
    }
}

/* Credit and withholding by whom, blame by victim. The events of one group stand together. */
static void say_trust(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_life *life = e->life;
    char text[4096];
    for (size_t k = 0; k < life->trust.count;) {
        const struct pko_trust_event *event = &life->trust.item[k];
        struct pko_groups toward = {{0, 0}};
        for (; k < life->trust.count && life->trust.item[k].kind == event->kind &&
               life->trust.item[k].from == event->from;
             k++)
            pko_groups_add(&toward, life->trust.item[k].toward);
        list_groups(e, toward, text, sizeof text);
        if (event->kind == PKO_TRUST_BLAME)
            pko_explain_say(stream, 4,
                            "  Trust lost: uniformed groups of higher standing by technology blame %s, hit "
                            "without warning.",
                            text);
        else if (event->kind == PKO_TRUST_WARNING)
            pko_explain_say(stream, 4, "  Trust gained: %s credits the warning to %s.",
                            group_name(e, event->from), text);
        else
            pko_explain_say(stream, 4, "  Trust lost: %s hears that the warning was withheld by %s.",
                            group_name(e, event->from), text);
    }
}

static void who_text(const struct pko_explained_incident *e, const struct pko_consequence *row, char *text,
                     size_t size) {
    const char *region = e->run.scenario->regions[e->life->key.region].name;
    static const char *const words[] = {
        [PKO_CONCERNED_AT_RISK] = "at risk, still there",
        [PKO_CONCERNED_GROUP] = "groups at risk",
        [PKO_CONCERNED_UNIFORMED] = "uniformed of camps",
        [PKO_CONCERNED_CIVILIANS] = "civilians of camps",
        [PKO_CONCERNED_REGION] = "mission in",
        [PKO_CONCERNED_MISSION] = "whole mission",
        [PKO_CONCERNED_POPULATION] = "people of",
        [PKO_CONCERNED_HOLDERS] = "at risk in who knew",
        [PKO_CONCERNED_CREDITED] = "warned in credited",
        [PKO_CONCERNED_VICTIMS] = "uniformed in the hit",
        [PKO_CONCERNED_LATER] = "since",
    };
    if (row->who == PKO_CONCERNED_REGION || row->who == PKO_CONCERNED_POPULATION)
        snprintf(text, size, "%s %s", words[row->who], region);
    else if (row->who == PKO_CONCERNED_LATER)
        snprintf(text, size, "%s %s", row->what, words[row->who]);
    else
        snprintf(text, size, "%s", words[row->who]);
}

/* Four digits without the zero in front; what would be rounded to 0 is told from what is 0. */
static void difference_cell(struct pko_table *table, const struct pko_consequence *row, int horizon) {
    double difference = row->with[horizon] - row->without[horizon];
    char text[32];
    snprintf(text, sizeof text, "%+.4f", difference);
    if (isnan(difference))
        pko_table_cell(table, "\342\200\223");
    else if (difference == 0.0)
        pko_table_cell(table, "0");
    else if (row->who == PKO_CONCERNED_LATER)
        pko_table_cell(table, "%+.0f", difference);
    else if (fabs(difference) < 0.00005)
        pko_table_cell(table, "\342\211\2100");
    else if (text[1] == '0')
        pko_table_cell(table, "%c%s", text[0], text + 2);
    else
        pko_table_cell(table, "%s", text);
}

static int say_aftermath(const struct pko_explained_incident *e, FILE *stream) {
    const struct pko_aftermath *after = e->aftermath;
    struct pko_table *table = pko_table_create("llrrrrr");
    if (!table)
        return PKO_ERROR_MEMORY;
    fputs("\nWhat followed: the run minus its twin in which this plot lapses, in the evening,\n"
          "and so many days later\n",
          stream);
    pko_table_cell(table, "  who");
    pko_table_cell(table, "what");
    for (int h = 0; h < PKO_HORIZONS; h++)
        pko_table_cell(table, "+%d d", pko_horizon[h]);
    for (size_t k = 0; k < after->count; k++) {
        const struct pko_consequence *row = &after->row[k];
        char who[128];
        if (after->horizons == 0 || isnan(row->with[0]))
            continue;
        who_text(e, row, who, sizeof who);
        pko_table_cell(table, "  %.22s", who);
        pko_table_cell(table, "%s", row->who == PKO_CONCERNED_LATER ? "" : row->what);
        for (int h = 0; h < PKO_HORIZONS; h++)
            if (h < after->horizons)
                difference_cell(table, row, h);
            else
                pko_table_cell(table, "\342\200\223");
    }
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    if (e->life->target.people > 0 && after->horizons > 0)
        pko_explain_say(stream, 2,
                        "  Of the %" PRIu32 " at risk %" PRIu32
                        " are still there in both twins on the last of these evenings.",
                        e->life->target.people, after->still_there[after->horizons - 1]);
    pko_explain_say(stream, 2,
                    "  One pair of twins: the longer after, the more of a difference is other incidents that "
                    "the two no longer share.");
    return status;
}

int pko_explain_incident_print(const struct pko_explained_incident *e, FILE *stream) {
    char date[11], text[512];
    for (size_t line = 0; pko_explain_caveat(line); line++)
        fprintf(stream, "%s\n", pko_explain_caveat(line));
    pko_explain_describe(e->run.scenario, &e->life->incident, text, sizeof text);
    fputc('\n', stream);
    pko_explain_say(stream, 0, "Incident %" PRIu64 " of %s (regime %s, replicate %" PRIu32 "), %s: %s.",
                    e->row, e->run.file, e->run.regime, e->run.replicate,
                    pko_explain_date(e->run.scenario, e->life->incident.day, date), text);
    say_life(e, stream);
    say_who_knew(e, stream);
    fputs("\nThe strike\n", stream);
    say_target(e, stream);
    say_chances(e, stream);
    say_losses(e, stream);
    say_trust(e, stream);
    int status = say_aftermath(e, stream);
    fputc('\n', stream);
    pko_explain_say(
        stream, 0,
        "Run again from what the file holds; all %zu numbers that it recorded of this run are the same.",
        e->run.values);
    return status;
}
