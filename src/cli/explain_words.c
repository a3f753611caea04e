/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* vasprintf */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/explain.h"
#include "cli/table.h"
#include "model/scenario.h"

const char *pko_explain_caveat(size_t line) {
    static const char *const lines[] = {
        "This follows a hypothesis (Gauthier Vela 2021) through one simulated run. It",
        "says nothing about a real contingent, attack or person: contingents are coded",
        "by class of task and equipment. Reinforcement and resistance are two ledgers",
        "that one person carries at once, never one scale.",
    };
    return line < sizeof lines / sizeof *lines ? lines[line] : NULL;
}

void pko_explain_say(FILE *stream, int indent, const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    size_t at = strspn(text, " ");
    fprintf(stream, "%*s", (int)at, "");
    bool first = true;
    for (char *rest = text, *word; (word = strtok_r(rest, " ", &rest)) != NULL; first = false) {
        size_t width = pko_text_width(word);
        if (!first && at + 1 + width > PKO_EXPLAIN_WIDTH) {
            fprintf(stream, "\n%*s", indent, "");
            at = (size_t)indent;
        } else if (!first) {
            fputc(' ', stream);
            at++;
        }
        fputs(word, stream);
        at += width;
    }
    fputc('\n', stream);
    free(text);
}

const char *pko_explain_date(const struct pko_scenario *scenario, int32_t day, char text[11]) {
    pko_date_format(scenario->start + day, text);
    return text;
}

const char *pko_explain_miss(enum pko_miss missed, int plot_class) {
    switch (missed) {
    case PKO_HIT:
        return "hit";
    case PKO_MISSED_BASE:
        return "by chance";
    case PKO_MISSED_HARDNESS:
        return plot_class == PKO_CAMP ? "by the camp's protection" : "by the hardness of vehicles";
    default:
        return "by the warning";
    }
}

const char *pko_explain_source(enum pko_source source) {
    static const char *const names[PKO_SOURCES] = {"population", "technical", "patrol", "partner"};
    return names[source];
}

const char *pko_explain_channel(enum pko_channel channel) {
    static const char *const names[PKO_CHANNELS] = {"secure", "mail", "hub", "informal", "talk"};
    return names[channel];
}

void pko_explain_describe(const struct pko_scenario *scenario, const struct pko_incident *incident,
                          char *text, size_t size) {
    const char *region = scenario->regions[incident->region].name;
    const char *group = incident->group < 0 ? "" : scenario->groups[incident->group].name;
    int used = 0;
    switch (incident->plot_class) {
    case PKO_CAMP:
        used = snprintf(text, size, "an attack on the camp %s", scenario->camps[incident->camp].name);
        break;
    case PKO_POPULATION:
        used = snprintf(text, size, "an attack on a community in %s", region);
        break;
    case PKO_MOVEMENT:
        used = snprintf(text, size, "an attack on people of %s on the move in %s", group, region);
        break;
    default:
        used = snprintf(text, size, "an attack on %s in %s", group, region);
    }
    if (used < 0 || (size_t)used >= size)
        return;
    text += used, size -= (size_t)used;
    if (!incident->hit)
        snprintf(text, size, ", which failed %s",
                 pko_explain_miss((enum pko_miss)incident->missed, incident->plot_class));
    else if (incident->plot_class == PKO_POPULATION)
        snprintf(text, size, ", %d civilians killed", incident->killed);
    else
        snprintf(text, size, ", %d killed, %d wounded", incident->killed, incident->wounded);
}
