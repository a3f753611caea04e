/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "pkosim/parameters.h"

uint64_t pko_people_on(const struct pko_scenario *scenario, int day) {
    uint64_t people = 0;
    int64_t date = (int64_t)scenario->start + day;
    for (int k = 0; k < scenario->layer_count; k++)
        if (scenario->layers[k].from <= date && date < scenario->layers[k].until)
            people += pko_layer_people(scenario, k);
    return people;
}

void pko_describe_campaign(const struct pko_scenario *scenario, uint32_t replicates, char *text,
                           size_t size) {
    char regimes[160] = "";
    size_t length = 0;
    for (int k = 0; k < scenario->regime_count && length < sizeof regimes; k++)
        length += (size_t)snprintf(regimes + length, sizeof regimes - length, "%s%s", k ? ", " : "",
                                   scenario->regimes[k].name);
    snprintf(text, size, "%s: %d regime%s (%s), %" PRIu32 " replicate%s of %d days", scenario->name,
             scenario->regime_count, scenario->regime_count == 1 ? "" : "s", regimes, replicates,
             replicates == 1 ? "" : "s", scenario->days);
}

/* The arrow of a cut, and in `date` the first day without it. */
static const struct pko_arrow_info *cut_arrow(const struct pko_scenario *scenario, int number,
                                              char date[11]) {
    const struct pko_cut *cut = &scenario->cuts[number];
    pko_date_format(cut->dated ? cut->from : scenario->start + 90, date);
    return pko_arrow_info((size_t)cut->arrow);
}

void pko_print_cuts(const struct pko_scenario *scenario, FILE *stream) {
    for (int k = 0; k < scenario->cut_count; k++) {
        char date[11];
        const struct pko_arrow_info *arrow = cut_arrow(scenario, k, date);
        fprintf(stream, "  %s is cut from %s: %s\n", arrow->name, date, arrow->meaning);
    }
}

void pko_json_cuts(struct pko_json *json, const struct pko_scenario *scenario) {
    pko_json_open(json, "cuts", '[', false);
    for (int k = 0; k < scenario->cut_count; k++) {
        char date[11];
        const struct pko_arrow_info *arrow = cut_arrow(scenario, k, date);
        pko_json_open(json, NULL, '{', true);
        pko_json_text(json, "arrow", arrow->name);
        pko_json_text(json, "from", date);
        pko_json_close(json);
    }
    pko_json_close(json);
}

void pko_describe_runs(const struct pko_scenario *scenario, uint32_t first, uint32_t count, FILE *stream) {
    char date[11];
    pko_date_format(scenario->start, date);
    fprintf(stream, "\nScenario %s: %d days from %s, %s mandate, seed %" PRIu64 ", ", scenario->name,
            scenario->days, date, scenario->endogenous ? "endogenous" : "historical", scenario->seed);
    if (count == 1)
        fprintf(stream, "replicate %" PRIu32 ".\n", first);
    else
        fprintf(stream, "%" PRIu32 " replicates (%" PRIu32 " to %" PRIu32 ").\n", count, first,
                first + count - 1);
    for (const char *line = scenario->settings; *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(stream, "  set: %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    pko_print_cuts(scenario, stream);
    if (scenario->scale < 1.0 || scenario->scale > 1.0)
        fprintf(stream,
                "  At scale %g means over individuals move: for speed and teaching, not for results.\n",
                scenario->scale);
}
