/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/settings.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/change.h"

static void set_parameter(struct pko_change *change) {
    struct pko_node *parameters = pko_change_inner(change, change->root, "parameters", PKO_MAPPING);
    const char *text = change->setting->value;
    if (parameters)
        pko_change_put(change, parameters, change->setting->name,
                       pko_change_scalar(change, text, strlen(text)));
}

static const char *rule_name(const void *context, size_t k) {
    (void)context;
    return pko_rule_name(k);
}

/* Regimes that a setting may name: those defined in the file, then the built-in ones. */
static const char *settable_regime(const void *context, size_t k) {
    const struct pko_node *definitions = context;
    if (definitions && definitions->kind == PKO_MAPPING)
        for (const struct pko_node *key = definitions->child; key; key = key->next->next)
            if (key->kind == PKO_SCALAR && k-- == 0)
                return key->text;
    return pko_regime_info(k) ? pko_regime_info(k)->name : NULL;
}

/* `regime.NAME.RULE`: the other rules of the regime stay. */
static void set_rule(struct pko_change *change) {
    struct pko_reader *reader = change->reader;
    if (change->word_count != 3) {
        pko_report_add(reader->report, change->place, NULL,
                       "a rule belongs to a regime; allowed: regime.NAME.RULE");
        return;
    }
    const char *name = change->words[1];
    int rule = pko_rule_find(change->words[2]);
    struct pko_node *definitions = pko_node_value(change->root, "regime_definitions");
    struct pko_node *definition = pko_node_value(definitions, name);
    if (rule < 0)
        pko_change_unknown(change, "rule", change->words[2], (struct pko_names){rule_name, NULL});
    if (!definition && pko_regime_find(name) < 0)
        pko_change_unknown(change, "regime", name, (struct pko_names){settable_regime, definitions});
    else if (rule >= 0) {
        struct pko_node *value =
            pko_change_scalar(change, change->setting->value, strlen(change->setting->value));
        if (definition && definition->kind == PKO_MAPPING) {
            pko_change_put(change, definition, change->words[2], value);
        } else if (!definition && value) {
            struct pko_rule_change *later =
                pko_append(reader, &reader->rule_changes, &reader->rule_change_count, sizeof *later);
            if (!later)
                return;
            memcpy(later->regime, name, strlen(name) + 1);
            later->rule = rule;
            later->value = value;
        }
    }
}

static const char *run_regime(const void *context, size_t k) {
    const struct pko_scenario *scenario = context;
    return k < (size_t)scenario->regime_count ? scenario->regimes[k].name : NULL;
}

void pko_settings_change_rules(struct pko_reader *reader) {
    struct pko_scenario *scenario = reader->scenario;
    for (int k = 0; k < reader->rule_change_count; k++) {
        const struct pko_rule_change *change = &reader->rule_changes[k];
        struct pko_regime *regime = NULL;
        for (int r = 0; r < scenario->regime_count && !regime; r++)
            if (strcmp(scenario->regimes[r].name, change->regime) == 0)
                regime = &scenario->regimes[r];
        if (regime) {
            pko_read_rule(reader, change->rule, change->value, NULL, &regime->rule[change->rule]);
            continue;
        }
        struct pko_line line = {.used = 0};
        for (size_t r = 0; run_regime(scenario, r); r++)
            pko_line_add(&line, "%s%s", r ? ", " : "", run_regime(scenario, r));
        pko_report_add(reader->report, change->value->place, NULL,
                       "regime '%s' is not run; allowed: a regime of this run (%s)", change->regime,
                       line.text);
    }
}

/* `ARROW` or `ARROW@DATE`, added to the cuts of the file. */
static void add_cut(struct pko_change *change) {
    struct pko_node *cuts = pko_change_inner(change, change->root, "cut", PKO_SEQUENCE);
    const char *text = change->setting->value, *at = strchr(text, '@');
    if (!cuts)
        return;
    struct pko_node *arrow = pko_change_scalar(change, text, at ? (size_t)(at - text) : strlen(text)),
                    *cut = arrow;
    if (at) {
        cut = pko_change_collection(change, PKO_MAPPING);
        if (!cut)
            return;
        pko_change_put(change, cut, "arrow", arrow);
        pko_change_put(change, cut, "from", pko_change_scalar(change, at + 1, strlen(at + 1)));
    }
    if (cut)
        pko_node_append(cuts, cut);
}

void pko_settings_apply(struct pko_reader *reader, struct pko_tree *tree, struct pko_node *root,
                        const struct pko_setting *settings, size_t count) {
    for (size_t k = 0; k < count; k++) {
        struct pko_change change = {.reader = reader, .tree = tree, .root = root, .setting = &settings[k]};
        change.place = (struct pko_place){0, (int)k};
        pko_change_words(&change);
        int parameter = pko_parameter_find(settings[k].name);
        if (strcmp(settings[k].name, "cut") == 0)
            add_cut(&change);
        else if (strcmp(change.words[0], "regime") == 0)
            set_rule(&change);
        else if (parameter >= 0)
            set_parameter(&change);
        else
            pko_change_attribute(&change);
    }
}

char *pko_settings_text(const struct pko_setting *settings, size_t count) {
    size_t size = 1;
    for (size_t k = 0; k < count; k++)
        size += 2 * (strlen(settings[k].name) + strlen(settings[k].value)) + 2;
    char *text = malloc(size), *end = text;
    if (!text)
        return NULL;
    for (size_t k = 0; k < count; k++) {
        const char *parts[] = {settings[k].name, "=", settings[k].value};
        for (size_t part = 0; part < 3; part++) {
            for (const char *byte = parts[part]; *byte; byte++) {
                if (*byte == '\n') { /* a setting is one line */
                    *end++ = '\\';
                    *end++ = 'n';
                } else {
                    *end++ = *byte;
                }
            }
        }
        *end++ = '\n';
    }
    *end = 0;
    return text;
}
