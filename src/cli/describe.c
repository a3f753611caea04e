/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

double pko_person_days(const struct pko_scenario *scenario) {
    double sum = 0.0;
    int64_t begin = scenario->start, end = begin + scenario->days;
    for (int k = 0; k < scenario->layer_count; k++) {
        const struct pko_layer *layer = &scenario->layers[k];
        int64_t from = layer->from > begin ? layer->from : begin,
                until = layer->until < end ? layer->until : end;
        if (until > from)
            sum += (double)(until - from) * (double)pko_layer_people(scenario, k);
    }
    return sum;
}

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
