/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/words.h"

struct check {
    const char *scenario;
    bool json;
    struct pko_cli_settings settings;
};
enum { KEY_JSON = 0x100 };

static const struct argp_option options[] = {
    {"json", KEY_JSON, NULL, 0, "what the scenario amounts to, as JSON", 0}, {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct check *check = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &check->settings;
        return 0;
    case KEY_JSON:
        check->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one scenario at a time: '%s' is one too many", argument);
        check->scenario = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which scenario? A built-in name (minusma, monusco, small) or a file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&pko_cli_settings_argp, 0, NULL, 0}, {0}};
const struct argp pko_argp_check = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Check a scenario with the settings given, without running it: every "
           "mistake is told with its line, or what "
           "the scenario amounts to."
           "\vExamples:\n"
           "  pkosim check my.yaml\n"
           "  pkosim check minusma --set contingents.germany.escort=0.1 --days 365",
    .children = children};

/* What a scenario amounts to. */
struct layout {
    char first[11], last[11]; /* days */
    const char *mandate;
    int kinds[3]; /* groups by enum pko_group_kind */
    uint64_t people_first, people_most;
};

static struct layout layout_of(const struct pko_scenario *scenario) {
    struct layout layout = {.mandate = scenario->endogenous ? "endogenous" : "historical",
                            .people_first = pko_people_on(scenario, 0)};
    for (int k = 0; k < scenario->group_count; k++)
        layout.kinds[scenario->groups[k].kind]++;
    for (int day = 0; day < scenario->days; day++) {
        uint64_t people = pko_people_on(scenario, day);
        layout.people_most = people > layout.people_most ? people : layout.people_most;
    }
    pko_date_format(scenario->start, layout.first);
    pko_date_format(scenario->start + scenario->days - 1, layout.last);
    return layout;
}

static void print_layout(const struct pko_scenario *scenario) {
    struct layout layout = layout_of(scenario);
    char text[256];
    pko_describe_campaign(scenario, (uint32_t)scenario->replicates, text, sizeof text);
    printf("%s\n%s to %s, %s mandate\n", text, layout.first, layout.last, layout.mandate);
    printf("regions %d, camps %d, contingents %d, police units %d, sections %d, layers %d, routes %d\n",
           scenario->region_count, scenario->camp_count, layout.kinds[PKO_CONTINGENT],
           layout.kinds[PKO_POLICE], layout.kinds[PKO_SECTION], scenario->layer_count, scenario->route_count);
    printf("%" PRIu64 " people at first, %" PRIu64 " at most; %.4g individual-days a run\n",
           layout.people_first, layout.people_most, pko_person_days(scenario));
    pko_print_cuts(scenario, stdout);
    printf("No mistakes.\n");
}

static void json_layout(const struct pko_scenario *scenario) {
    struct layout layout = layout_of(scenario);
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "scenario", scenario->name);
    pko_json_text(&json, "first_day", layout.first);
    pko_json_text(&json, "last_day", layout.last);
    pko_json_whole(&json, "days", (uint64_t)scenario->days);
    pko_json_text(&json, "mandate", layout.mandate);
    pko_json_whole(&json, "seed", scenario->seed);
    pko_json_whole(&json, "replicates", (uint64_t)scenario->replicates);
    pko_json_open(&json, "regimes", '[', true);
    for (int k = 0; k < scenario->regime_count; k++)
        pko_json_text(&json, NULL, scenario->regimes[k].name);
    pko_json_close(&json);
    pko_json_whole(&json, "regions", (uint64_t)scenario->region_count);
    pko_json_whole(&json, "camps", (uint64_t)scenario->camp_count);
    pko_json_whole(&json, "contingents", (uint64_t)layout.kinds[PKO_CONTINGENT]);
    pko_json_whole(&json, "police_units", (uint64_t)layout.kinds[PKO_POLICE]);
    pko_json_whole(&json, "sections", (uint64_t)layout.kinds[PKO_SECTION]);
    pko_json_whole(&json, "layers", (uint64_t)scenario->layer_count);
    pko_json_whole(&json, "routes", (uint64_t)scenario->route_count);
    pko_json_whole(&json, "people_first", layout.people_first);
    pko_json_whole(&json, "people_most", layout.people_most);
    pko_json_number(&json, "individual_days", pko_person_days(scenario));
    pko_json_cuts(&json, scenario);
    pko_json_close(&json);
}

int pko_command_check(int argc, char **argv) {
    struct check check = {0};
    struct pko_scenario *scenario = NULL;
    pko_words_parse(argc, argv, &pko_argp_check, &check);
    int code = pko_cli_load(check.scenario, &check.settings, 0, &scenario);
    if (code == PKO_EXIT_OK)
        (check.json ? json_layout : print_layout)(scenario);
    pko_scenario_free(scenario);
    pko_cli_settings_free(&check.settings);
    return code;
}
