/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/vary.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/change.h"
#include "scenario/convert.h"
#include "scenario/settings.h"

/* The value of a setting, as reading takes it for a row of the list of parameters. */
static int read_value(const struct pko_setting *setting, int row, locale_t plain, double *value) {
    const struct pko_parameter_info *info = pko_parameter_info((size_t)row);
    double number = 0.0;
    if (pko_convert_number(setting->value, plain, &number) || number < info->least || number > info->most)
        return PKO_ERROR_RANGE;
    *value = number;
    return PKO_OK;
}

static struct pko_regime *find(struct pko_regime *regimes, int count, const char *name) {
    for (int k = 0; k < count; k++)
        if (strcmp(regimes[k].name, name) == 0)
            return &regimes[k];
    return NULL;
}

/* `regime.NAME.RULE`: where the scenario defines the regime, and where it runs it. */
static int set_rule(struct pko_scenario *scenario, const struct pko_setting *setting, locale_t plain) {
    struct pko_change change = {.setting = setting};
    pko_change_words(&change);
    int rule = change.word_count == 3 && strcmp(change.words[0], "regime") == 0
                   ? pko_rule_find(change.words[2])
                   : -1;
    if (rule < 0)
        return PKO_ERROR_NAME;
    struct pko_regime *places[] = {
        find(scenario->definitions, scenario->definition_count, change.words[1]),
        find(scenario->regimes, scenario->regime_count, change.words[1]),
    };
    int status = PKO_ERROR_NAME;
    for (size_t k = 0; k < sizeof places / sizeof *places; k++)
        if (places[k])
            status = read_value(setting, PKO_FIRST_RULE + rule, plain, &places[k]->rule[rule]);
    return status;
}

static int set(struct pko_scenario *scenario, const struct pko_setting *setting, locale_t plain) {
    int parameter = pko_parameter_find(setting->name);
    if (parameter < 0 || parameter >= PKO_FIRST_RULE)
        return set_rule(scenario, setting, plain);
    double value = 0.0;
    int status = read_value(setting, parameter, plain, &value);
    if (status == PKO_OK)
        pko_parameter_put(&scenario->parameters, parameter, value);
    return status;
}

static void restore(struct pko_scenario *scenario, const struct pko_scenario *base) {
    scenario->parameters = base->parameters;
    for (int k = 0; k < base->regime_count; k++)
        scenario->regimes[k] = base->regimes[k];
    for (int k = 0; k < base->definition_count; k++)
        scenario->definitions[k] = base->definitions[k];
}

/* The lines of the settings of both, for provenance. */
static int keep_settings(struct pko_scenario *scenario, const struct pko_scenario *base,
                         const struct pko_setting *settings, size_t count) {
    char *varied = pko_settings_text(settings, count);
    size_t before = strlen(base->settings), after = varied ? strlen(varied) : 0;
    char *text = varied ? malloc(before + after + 1) : NULL;
    if (text) {
        memcpy(text, base->settings, before);
        memcpy(text + before, varied, after + 1);
        free(scenario->settings);
        scenario->settings = text;
    }
    free(varied);
    return text ? PKO_OK : PKO_ERROR_MEMORY;
}

int pko_scenario_vary(struct pko_scenario *scenario, const struct pko_scenario *base,
                      const struct pko_setting *settings, size_t count) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    int status = plain ? PKO_OK : PKO_ERROR_MEMORY;
    restore(scenario, base);
    for (size_t k = 0; status == PKO_OK && k < count; k++)
        status = set(scenario, &settings[k], plain);
    if (status == PKO_OK && pko_region_without_weights(scenario))
        status = PKO_ERROR_RANGE;
    if (status == PKO_OK)
        status = keep_settings(scenario, base, settings, count);
    if (plain)
        freelocale(plain);
    return status;
}
