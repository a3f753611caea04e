/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/words.h"

struct check {
    const char *scenario;
    struct pko_cli_settings settings;
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct check *check = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &check->settings;
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
    .parser = parse,
    .args_doc = "SCENARIO",
    .doc = "Check a scenario with the settings given, without running it: every "
           "mistake is told with its line, or what "
           "the scenario amounts to."
           "\vExamples:\n"
           "  pkosim check my.yaml\n"
           "  pkosim check minusma --set contingents.germany.escort=0.1 --days 365",
    .children = children};

static void print_layout(const struct pko_scenario *scenario) {
    int kinds[3] = {0};
    for (int k = 0; k < scenario->group_count; k++)
        kinds[scenario->groups[k].kind]++;
    uint64_t most = 0;
    for (int day = 0; day < scenario->days; day++) {
        uint64_t people = pko_people_on(scenario, day);
        most = people > most ? people : most;
    }
    char first[11], last[11];
    pko_date_format(scenario->start, first);
    pko_date_format(scenario->start + scenario->days - 1, last);
    printf("%s to %s, %s mandate\n", first, last, scenario->endogenous ? "endogenous" : "historical");
    printf("regions %d, camps %d, contingents %d, police units %d, sections %d, layers %d, routes %d\n",
           scenario->region_count, scenario->camp_count, kinds[PKO_CONTINGENT], kinds[PKO_POLICE],
           kinds[PKO_SECTION], scenario->layer_count, scenario->route_count);
    printf("%" PRIu64 " people at first, %" PRIu64 " at most; %.4g individual-days a run\n",
           pko_people_on(scenario, 0), most, pko_person_days(scenario));
}

int pko_command_check(int argc, char **argv) {
    struct check check = {0};
    struct pko_scenario *scenario = NULL;
    pko_words_parse(argc, argv, &pko_argp_check, &check);
    int code = pko_cli_load(check.scenario, &check.settings, 0, &scenario);
    if (code == PKO_EXIT_OK) {
        char text[256];
        pko_describe_campaign(scenario, (uint32_t)scenario->replicates, text, sizeof text);
        printf("%s\n", text);
        print_layout(scenario);
        printf("No mistakes.\n");
    }
    pko_scenario_free(scenario);
    pko_cli_settings_free(&check.settings);
    return code;
}
