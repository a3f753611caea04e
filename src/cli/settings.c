/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "pkosim/status.h"

enum {
    KEY_REGIME = 0x200,
    KEY_REPLICATES,
    KEY_SEED,
    KEY_START,
    KEY_DAYS,
    KEY_SCALE,
    KEY_MANDATE,
    KEY_SET,
    KEY_CUT,
    KEY_EVERY,
    KEY_NO_GROUPS,
    KEY_EVENTS,
    KEY_SNAPSHOTS
};

static const struct argp_option options[] = {
    {"regime", KEY_REGIME, "R", 0, "sharing regime to run; repeat for several", 1},
    {"replicates", KEY_REPLICATES, "N", 0, "twins of each regime, or auto: as many as --precision needs", 1},
    {"seed", KEY_SEED, "S", 0, "seed of all random numbers", 1},
    {"start", KEY_START, "DATE", 0, "first day, YYYY-MM-DD", 1},
    {"days", KEY_DAYS, "D", 0, "length of a run", 1},
    {"scale", KEY_SCALE, "X", 0, "multiplies people; for speed, never for results", 1},
    {"mandate", KEY_MANDATE, "MODE", 0, "historical or endogenous", 1},
    {"set", KEY_SET, "NAME=VALUE", 0, "a parameter, regime.NAME.RULE or an attribute", 1},
    {"cut", KEY_CUT, "ARROW[@DATE]", 0, "cut a causal arrow, from day 90 or a date", 1},
    {"every", KEY_EVERY, "K", 0, "record every K days", 2},
    {"no-groups", KEY_NO_GROUPS, NULL, 0, "leave series by group out of the file", 2},
    {"events", KEY_EVENTS, NULL, 0, "write tables of incidents, convoys, leaks …", 2},
    {"snapshots", KEY_SNAPSHOTS, "DATES", 0, "days of trust matrices and histograms", 2},
    {0}};

/* What an option is called in the scenario's table. */
struct translation {
    int key;
    const char *origin, *name, *value; /* value NULL: the option's own */
};
static const struct translation translations[] = {
    {KEY_REPLICATES, "--replicates", "replicates", NULL},
    {KEY_SEED, "--seed", "seed", NULL},
    {KEY_START, "--start", "start", NULL},
    {KEY_DAYS, "--days", "days", NULL},
    {KEY_SCALE, "--scale", "scale", NULL},
    {KEY_MANDATE, "--mandate", "mandate.mode", NULL},
    {KEY_CUT, "--cut", "cut", NULL},
    {KEY_EVERY, "--every", "record.every", NULL},
    {KEY_NO_GROUPS, "--no-groups", "record.groups", "false"},
    {KEY_EVENTS, "--events", "record.events", "true"},
    {KEY_SNAPSHOTS, "--snapshots", "record.snapshots", NULL},
};

/* Keeps a text for the settings' life; NULL without memory. */
static char *keep(struct pko_cli_settings *settings, char *text) {
    char **owned = text ? realloc(settings->owned, (settings->owned_count + 1) * sizeof *owned) : NULL;
    if (!owned) {
        free(text);
        return NULL;
    }
    settings->owned = owned;
    owned[settings->owned_count++] = text;
    return text;
}

int pko_cli_settings_add(struct pko_cli_settings *settings, const char *origin, const char *name,
                         const char *value) {
    struct pko_setting *list = realloc(settings->list, (settings->count + 1) * sizeof *list);
    if (!list)
        return ENOMEM;
    settings->list = list;
    list[settings->count++] = (struct pko_setting){.name = name, .value = value, .origin = origin};
    return 0;
}

static int add_regime(struct pko_cli_settings *settings, const char *regime) {
    for (size_t k = 0; k < settings->count; k++)
        if (strcmp(settings->list[k].origin, "--regime") == 0) {
            char *joined = NULL;
            if (asprintf(&joined, "%s,%s", settings->list[k].value, regime) < 0)
                return ENOMEM;
            settings->list[k].value = keep(settings, joined);
            return settings->list[k].value ? 0 : ENOMEM;
        }
    return pko_cli_settings_add(settings, "--regime", "regimes", regime);
}

static int add_set(struct pko_cli_settings *settings, const char *text, struct argp_state *state) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        argp_error(state, "--set wants NAME=VALUE, not '%s'", text);
    char *name = equals ? keep(settings, strndup(text, (size_t)(equals - text))) : NULL;
    return name ? pko_cli_settings_add(settings, "--set", name, equals + 1) : ENOMEM;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct pko_cli_settings *settings = state->input;
    if (key == KEY_REGIME)
        return add_regime(settings, argument);
    if (key == KEY_SET)
        return add_set(settings, argument, state);
    if (key == KEY_REPLICATES && strcmp(argument, "auto") == 0) {
        settings->replicates_auto = 1;
        return 0;
    }
    for (size_t k = 0; k < sizeof translations / sizeof *translations; k++)
        if (translations[k].key == key)
            return pko_cli_settings_add(settings, translations[k].origin, translations[k].name,
                                        translations[k].value ? translations[k].value : argument);
    return ARGP_ERR_UNKNOWN;
}

const struct argp pko_cli_settings_argp = {.options = options, .parser = parse};

void pko_cli_settings_free(struct pko_cli_settings *settings) {
    for (size_t k = 0; k < settings->owned_count; k++)
        free(settings->owned[k]);
    free(settings->owned);
    free(settings->list);
    *settings = (struct pko_cli_settings){0};
}

int pko_cli_load(const char *source, const struct pko_cli_settings *settings, int quiet,
                 struct pko_scenario **scenario) {
    char *problems = NULL;
    int status = pko_scenario_load(source, settings->list, settings->count, scenario, &problems);
    if (problems && (status != PKO_OK || !quiet)) {
        size_t length = strlen(problems);
        int ended = length > 0 && problems[length - 1] == '\n';
        fprintf(stderr, "%.*s%s\n", (int)length - ended, problems,
                status == PKO_ERROR_DISK ? "; 'pkosim new NAME' writes a scenario to start from" : "");
    } else if (status != PKO_OK) {
        pko_report(0, "%s: %s", source, pko_status_text(status));
    }
    free(problems);
    return pko_exit_of(status);
}
