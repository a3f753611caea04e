/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a scenario: a load ends in a scenario or in messages, never in a crash, a leak or an endless
 * loop. Lines that begin with `#!` and hold a `=` are settings, so that those are fuzzed with the file they
 * belong to. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/scenario.h"
#include "pkosim/status.h"

#define SETTINGS_MOST 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every scenario that a load hands out. */
static void check_scenario(const struct pko_scenario *scenario) {
    int32_t end = scenario->start + scenario->days;
    uint64_t people = 0;
    for (int k = 0; k < scenario->layer_count; k++) {
        const struct pko_layer *layer = &scenario->layers[k];
        if (layer->group < 0 || layer->group >= scenario->group_count || layer->camp < 0 ||
            layer->camp >= scenario->camp_count || layer->from >= layer->until)
            abort();
        if (layer->from < end && layer->until > scenario->start)
            people += pko_layer_people(scenario, k);
    }
    if (people == 0 || scenario->mandate_count < 1 || scenario->mandate[0].date > scenario->start ||
        scenario->group_count > PKO_GROUPS_MOST || scenario->region_count > PKO_REGIONS_MOST ||
        scenario->language_count > PKO_LANGUAGES_MOST || scenario->regime_count < 1)
        abort();
    for (int k = 0; k < scenario->group_count; k++) {
        const struct pko_group *group = &scenario->groups[k];
        double hardness = pko_timeline_at(&group->equipment, scenario->start);
        if (!(hardness >= 0 && hardness <= 1) || !(group->patrol + group->escort <= 1 + 1e-9) ||
            !group->languages)
            abort();
    }
    for (int k = 0; k < scenario->region_count; k++) {
        double threat = pko_timeline_at(&scenario->regions[k].threat, end);
        if (!(threat >= 0 && threat <= 10))
            abort();
    }
}

/* Every message is one line of printable text that ends. */
static void check_messages(const char *problems) {
    size_t length = strlen(problems);
    if (length == 0 || problems[length - 1] != '\n')
        abort();
    for (size_t k = 0; k < length; k++)
        if ((unsigned char)problems[k] < 0x20 && problems[k] != '\n')
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* the settings are cut from a copy: the text itself has no final 0, which no reader may look for */
    char *copy = malloc(size + 1);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    copy[size] = 0;
    struct pko_setting settings[SETTINGS_MOST];
    size_t count = 0;
    for (char *rest = copy, *line; count < SETTINGS_MOST && (line = strsep(&rest, "\n"));) {
        char *equals = strncmp(line, "#!", 2) == 0 ? strchr(line, '=') : NULL;
        if (!equals)
            continue;
        *equals = 0;
        settings[count++] = (struct pko_setting){line + 2, equals + 1, "--set"};
    }
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    int status =
        pko_scenario_parse("f.yaml", (const char *)data, size, settings, count, &scenario, &problems);
    if (status == PKO_OK && scenario)
        check_scenario(scenario);
    else if (status != PKO_ERROR_INPUT || scenario || !problems)
        abort();
    if (problems)
        check_messages(problems);
    free(problems);
    pko_scenario_free(scenario);
    free(copy);
    return 0;
}
