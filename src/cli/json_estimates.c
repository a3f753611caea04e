/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/json_estimates.h"

#include "base/calendar.h"
#include "cli/describe.h"
#include "experiment/outcomes.h"
#include "pkosim/pkosim.h"

void pko_json_caveat(struct pko_json *json) {
    pko_json_open(json, "caveat", '[', false);
    for (size_t line = 0; pko_caveat(line); line++)
        pko_json_text(json, NULL, pko_caveat(line));
    pko_json_close(json);
}

void pko_json_scenario(struct pko_json *json, const struct pko_scenario *scenario) {
    char date[11];
    pko_date_format(scenario->start, date);
    pko_json_text(json, "program", "pkosim");
    pko_json_text(json, "version", pko_version());
    pko_json_caveat(json);
    pko_json_text(json, "scenario", scenario->name);
    pko_json_text(json, "start", date);
    pko_json_whole(json, "days", (uint64_t)scenario->days);
    pko_json_number(json, "scale", scenario->scale);
    pko_json_text(json, "mandate", scenario->endogenous ? "endogenous" : "historical");
    pko_json_whole(json, "seed", scenario->seed);
    pko_json_text(json, "settings", scenario->settings);
    pko_json_cuts(json, scenario);
}

void pko_json_estimate(struct pko_json *json, const struct pko_moments *moments) {
    struct pko_estimate estimate = pko_estimate(moments);
    pko_json_whole(json, "count", estimate.count);
    pko_json_number(json, "mean", estimate.mean);
    pko_json_number(json, "standard_deviation", estimate.deviation);
    pko_json_number(json, "standard_error", estimate.standard_error);
    pko_json_number(json, "low", estimate.low);
    pko_json_number(json, "high", estimate.high);
    pko_json_number(json, "replicates_for_tenth", estimate.tenth);
}

void pko_json_difference(struct pko_json *json, const struct pko_difference *difference) {
    pko_json_whole(json, "count", difference->count);
    pko_json_number(json, "mean", difference->mean);
    pko_json_number(json, "standard_error", difference->standard_error);
    pko_json_number(json, "low", difference->low);
    pko_json_number(json, "high", difference->high);
    pko_json_number(json, "correlation", difference->correlation);
    pko_json_number(json, "effect_size", difference->effect_size);
    pko_json_number(json, "replicates_for_sign", difference->sign);
}
