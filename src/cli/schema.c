/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pkosim schema`: the table of keys (scenario/keys.def) and the model's lists as a JSON Schema (draft 7,
 * which editors know best). What holds between the parts of a scenario, such as names that refer to one
 * another, is left to `pkosim check`. */
#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/words.h"
#include "model/parameters.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"
#include "scenario/keys.h"

#define NAME_PATTERN "^[a-z0-9_]{1,63}$"
#define DATE_PATTERN                                                                                         \
    "^(19|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|"     \
    "02-(0[1-9]|[12][0-9]))$"

/* The mappings of the format by their names in `definitions`. */
struct section {
    enum pko_section section;
    const char *name;
};
static const struct section sections[] = {
    {PKO_IN_DEFINITION, "regime_definition"},
    {PKO_IN_MANDATE, "mandate"},
    {PKO_IN_MANDATE_ROW, "mandate_row"},
    {PKO_IN_REGION, "region"},
    {PKO_IN_MIX, "threat_mix"},
    {PKO_IN_CAMP, "camp"},
    {PKO_IN_CONTINGENT, "contingent"},
    {PKO_IN_POLICE, "police"},
    {PKO_IN_CIVILIAN, "section"},
    {PKO_IN_DETACHMENT, "detachment"},
    {PKO_IN_ROUTE, "route"},
    {PKO_IN_CUT, "cut"},
    {PKO_IN_RECORD, "record"},
};

static void put_ref(struct pko_json *json, const char *name, const char *to) {
    char text[64];
    snprintf(text, sizeof text, "#/definitions/%s", to);
    pko_json_open(json, name, '{', true);
    pko_json_text(json, "$ref", text);
    pko_json_close(json);
}

static const char *section_name(enum pko_section section) {
    size_t k = 0;
    while (sections[k].section != section)
        k++;
    return sections[k].name;
}

static void put_types(struct pko_json *json, const char *const *types, size_t count) {
    pko_json_open(json, "type", '[', true);
    for (size_t k = 0; k < count; k++)
        pko_json_text(json, NULL, types[k]);
    pko_json_close(json);
}

static void put_range(struct pko_json *json, double least, double most, bool above) {
    pko_json_number(json, above ? "exclusiveMinimum" : "minimum", least);
    pko_json_number(json, "maximum", most);
}

/* Meaning and unit, as an editor shows them. */
static void put_description(struct pko_json *json, const char *meaning, const char *unit) {
    char text[512];
    bool bare = !*unit || strcmp(unit, "1") == 0;
    snprintf(text, sizeof text, "%s%s%s%s", meaning, bare ? "" : " (", bare ? "" : unit, bare ? "" : ")");
    pko_json_text(json, "description", text);
}

/* Names joined by a character, as a list of texts. */
static void put_words(struct pko_json *json, const char *name, const char *words, const char *between) {
    pko_json_open(json, name, '[', true);
    while (*(words += strspn(words, between))) {
        char word[PKO_NAME_SIZE];
        size_t length = strcspn(words, between);
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        pko_json_text(json, NULL, word);
        words += length;
    }
    pko_json_close(json);
}

static void put_default(struct pko_json *json, const struct pko_key *key) {
    if (!key->value)
        return;
    if (key->type == PKO_KEY_REGIMES)
        put_words(json, "default", key->value, "[], ");
    else if (key->type == PKO_KEY_BOOLEAN)
        pko_json_truth(json, "default", strcmp(key->value, "true") == 0);
    else if (key->type == PKO_KEY_TEXT || key->type == PKO_KEY_CHOICE)
        pko_json_text(json, "default", key->value);
    else
        pko_json_number(json, "default", strtod(key->value, NULL));
}

/* A list of [date, number]. */
static void put_timeline(struct pko_json *json, const struct pko_key *key) {
    pko_json_text(json, "type", "array");
    pko_json_whole(json, "minItems", 1);
    pko_json_open(json, "items", '{', false);
    pko_json_text(json, "type", "array");
    pko_json_open(json, "items", '[', true);
    put_ref(json, NULL, "date");
    pko_json_open(json, NULL, '{', true);
    pko_json_text(json, "type", "number");
    put_range(json, key->least, key->most, key->above);
    pko_json_close(json);
    pko_json_close(json);
    pko_json_whole(json, "minItems", 2);
    pko_json_whole(json, "maxItems", 2);
    pko_json_close(json);
}

static void put_level(struct pko_json *json, const struct pko_key *key) {
    pko_json_open(json, "anyOf", '[', false);
    pko_json_open(json, NULL, '{', true);
    pko_json_text(json, "type", "number");
    put_range(json, key->least, key->most, key->above);
    pko_json_close(json);
    pko_json_open(json, NULL, '{', false);
    put_timeline(json, key);
    pko_json_close(json);
    pko_json_close(json);
}

static void put_array(struct pko_json *json, const char *of, uint64_t least, bool unique) {
    pko_json_text(json, "type", "array");
    if (least > 0)
        pko_json_whole(json, "minItems", least);
    if (unique)
        pko_json_truth(json, "uniqueItems", true);
    put_ref(json, "items", of);
}

/* Regimes by name, none of them that of a built-in one. */
static void put_definitions(struct pko_json *json) {
    pko_json_text(json, "type", "object");
    pko_json_open(json, "propertyNames", '{', false);
    pko_json_text(json, "pattern", NAME_PATTERN);
    put_ref(json, "not", "built_in_regime");
    pko_json_close(json);
    put_ref(json, "additionalProperties", "regime_definition");
}

static void put_number_of(struct pko_json *json, const struct pko_parameter_info *info, const char *name) {
    pko_json_open(json, name, '{', true);
    put_description(json, info->meaning, info->unit);
    pko_json_text(json, "type", "number");
    put_range(json, info->least, info->most, false);
    if (!isnan(info->value))
        pko_json_number(json, "default", info->value);
    pko_json_close(json);
}

static void put_parameters(struct pko_json *json) {
    pko_json_text(json, "type", "object");
    pko_json_truth(json, "additionalProperties", false);
    pko_json_open(json, "properties", '{', false);
    for (size_t k = 0; k < PKO_FIRST_RULE; k++)
        put_number_of(json, pko_parameter_info(k), pko_parameter_info(k)->name);
    pko_json_close(json);
}

static void put_cuts(struct pko_json *json) {
    pko_json_text(json, "type", "array");
    pko_json_open(json, "items", '{', false);
    pko_json_open(json, "anyOf", '[', false);
    put_ref(json, NULL, "arrow");
    put_ref(json, NULL, "cut");
    pko_json_close(json);
    pko_json_close(json);
}

/* In draft 7 nothing beside a $ref counts, so that a description beside one needs an allOf around it. */
static void put_one(struct pko_json *json, const char *to) {
    pko_json_open(json, "allOf", '[', true);
    put_ref(json, NULL, to);
    pko_json_close(json);
}

/* The types of values that are collections. */
static void put_collection(struct pko_json *json, const struct pko_key *key) {
    switch (key->type) {
    case PKO_KEY_DATES:
        put_array(json, "date", 0, true);
        break;
    case PKO_KEY_TIMELINE:
        put_timeline(json, key);
        break;
    case PKO_KEY_LEVEL:
        put_level(json, key);
        break;
    case PKO_KEY_LANGUAGES:
        put_array(json, "name", 1, true);
        break;
    case PKO_KEY_REGIMES:
        put_array(json, "regime", 1, true);
        break;
    case PKO_KEY_DEFINITIONS:
        put_definitions(json);
        break;
    case PKO_KEY_PARAMETERS:
        put_parameters(json);
        break;
    case PKO_KEY_CUTS:
        put_cuts(json);
        break;
    case PKO_KEY_LIST:
        put_array(json, section_name(key->inner), key->required ? 1 : 0, false);
        break;
    default: /* PKO_KEY_MAP */
        put_one(json, section_name(key->inner));
    }
}

static void put_key(struct pko_json *json, const struct pko_key *key) {
    static const char *const texts[] = {"string", "number", "boolean"};
    pko_json_open(json, key->name, '{', false);
    put_description(json, key->meaning, key->unit);
    switch (key->type) {
    case PKO_KEY_OWN_NAME:
    case PKO_KEY_WORD:
    case PKO_KEY_ALLIANCE:
    case PKO_KEY_REGION_NAME:
    case PKO_KEY_CAMP_NAME:
        put_one(json, "name");
        break;
    case PKO_KEY_TEXT:
        put_types(json, texts, 3);
        break;
    case PKO_KEY_COUNTRY:
        pko_json_text(json, "type", "string");
        pko_json_text(json, "pattern", "^[A-Z]{3}$");
        break;
    case PKO_KEY_DATE:
        put_one(json, "date");
        break;
    case PKO_KEY_INTEGER:
    case PKO_KEY_NUMBER:
        pko_json_text(json, "type", key->type == PKO_KEY_INTEGER ? "integer" : "number");
        put_range(json, key->least, key->most, key->above);
        break;
    case PKO_KEY_SEED:
        pko_json_text(json, "type", "integer");
        pko_json_whole(json, "minimum", 0);
        pko_json_whole(json, "maximum", UINT64_MAX);
        break;
    case PKO_KEY_BOOLEAN:
        pko_json_text(json, "type", "boolean");
        break;
    case PKO_KEY_CHOICE:
        put_words(json, "enum", key->choices, "|");
        break;
    case PKO_KEY_ARROW:
        put_one(json, "arrow");
        break;
    case PKO_KEY_BASE:
        put_one(json, "built_in_regime");
        break;
    default:
        put_collection(json, key);
    }
    put_default(json, key);
    pko_json_close(json);
}

static const char *rule_name(size_t rule) {
    return pko_parameter_info(PKO_FIRST_RULE + rule)->name + strlen("regime.");
}

/* A definition has `base`, or all eight rules. */
static void put_rules_required(struct pko_json *json) {
    pko_json_open(json, "anyOf", '[', false);
    pko_json_open(json, NULL, '{', true);
    put_words(json, "required", "base", " ");
    pko_json_close(json);
    pko_json_open(json, NULL, '{', true);
    pko_json_open(json, "required", '[', true);
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++)
        pko_json_text(json, NULL, rule_name(rule));
    pko_json_close(json);
    pko_json_close(json);
    pko_json_close(json);
}

/* At least one group. */
static void put_groups_required(struct pko_json *json) {
    static const char *const lists[] = {"contingents", "police", "sections"};
    pko_json_open(json, "anyOf", '[', false);
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        pko_json_open(json, NULL, '{', true);
        put_words(json, "required", lists[k], " ");
        pko_json_open(json, "properties", '{', true);
        pko_json_open(json, lists[k], '{', true);
        pko_json_whole(json, "minItems", 1);
        pko_json_close(json);
        pko_json_close(json);
        pko_json_close(json);
    }
    pko_json_close(json);
}

/* The members of the object that stands for a mapping of the format. */
static void put_section(struct pko_json *json, enum pko_section section) {
    const struct pko_key *key;
    pko_json_text(json, "type", "object");
    pko_json_truth(json, "additionalProperties", false);
    pko_json_open(json, "required", '[', true);
    for (size_t k = 0; (key = pko_key(k)) != NULL; k++)
        if ((key->sections & section) && key->required)
            pko_json_text(json, NULL, key->name);
    pko_json_close(json);
    if (section == PKO_IN_DEFINITION)
        put_rules_required(json);
    if (section == PKO_IN_ROOT)
        put_groups_required(json);
    pko_json_open(json, "properties", '{', false);
    for (size_t k = 0; (key = pko_key(k)) != NULL; k++)
        if (key->sections & section)
            put_key(json, key);
    for (size_t rule = 0; section == PKO_IN_DEFINITION && rule < PKO_RULE_COUNT; rule++)
        put_number_of(json, pko_parameter_info(PKO_FIRST_RULE + rule), rule_name(rule));
    pko_json_close(json);
}

/* Values that stand in several places. */
static void put_shared(struct pko_json *json) {
    static const char *const names[] = {"string", "integer"};
    const struct pko_arrow_info *arrow;
    const struct pko_regime_info *regime;
    pko_json_open(json, "name", '{', true); /* one of digits alone is a number to YAML */
    put_types(json, names, 2);
    pko_json_text(json, "pattern", NAME_PATTERN);
    pko_json_whole(json, "minimum", 0);
    pko_json_close(json);
    pko_json_open(json, "date", '{', true);
    pko_json_text(json, "type", "string");
    pko_json_text(json, "format", "date");
    pko_json_text(json, "pattern", DATE_PATTERN);
    pko_json_close(json);
    pko_json_open(json, "arrow", '{', false);
    pko_json_open(json, "enum", '[', false);
    for (size_t k = 0; (arrow = pko_arrow_info(k)) != NULL; k++)
        pko_json_text(json, NULL, arrow->name);
    pko_json_close(json);
    pko_json_close(json);
    pko_json_open(json, "built_in_regime", '{', false);
    pko_json_open(json, "enum", '[', true);
    for (size_t k = 0; (regime = pko_regime_info(k)) != NULL; k++)
        pko_json_text(json, NULL, regime->name);
    pko_json_close(json);
    pko_json_close(json);
    pko_json_open(json, "regime", '{', false);
    pko_json_open(json, "anyOf", '[', true);
    put_ref(json, NULL, "built_in_regime");
    put_ref(json, NULL, "name");
    pko_json_close(json);
    pko_json_close(json);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    argp_error(state, "nothing more is wanted here: '%s'", argument);
    return 0;
}

const struct argp pko_argp_schema = {
    .parser = parse,
    .doc =
        "Print a JSON Schema of scenario files (draft 7), with which editors complete keys, show what they "
        "mean and mark mistakes of names, types and ranges. 'pkosim check' finds those and all others."
        "\vExamples:\n"
        "  pkosim schema > pkosim-scenario.json\n"
        "With the YAML language server, the first line of a scenario beside it:\n"
        "  # yaml-language-server: $schema=pkosim-scenario.json"};

int pko_command_schema(int argc, char **argv) {
    pko_words_parse(argc, argv, &pko_argp_schema, NULL);
    struct pko_json json = pko_json_start(stdout);
    char title[64];
    snprintf(title, sizeof title, "scenario of pkosim %s", pko_version());
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    pko_json_text(&json, "title", title);
    put_section(&json, PKO_IN_ROOT);
    pko_json_open(&json, "definitions", '{', false);
    put_shared(&json);
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) {
        pko_json_open(&json, sections[k].name, '{', false);
        put_section(&json, sections[k].section);
        pko_json_close(&json);
    }
    pko_json_close(&json);
    pko_json_close(&json);
    return PKO_EXIT_OK;
}
