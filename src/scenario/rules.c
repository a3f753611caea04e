/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "scenario/convert.h"
#include "scenario/reader.h"
#include "scenario/scalars.h"

int pko_rule_find(const char *name) {
    for (int k = 0; k < PKO_RULE_COUNT; k++)
        if (strcmp(pko_rule_name((size_t)k), name) == 0)
            return k;
    return -1;
}

const char *pko_rule_name(size_t k) {
    if (k >= PKO_RULE_COUNT)
        return NULL;
    return pko_parameter_info(PKO_FIRST_RULE + k)->name + strlen("regime.");
}

static const char *parameter_name(const void *context, size_t k) {
    (void)context;
    return k < PKO_FIRST_RULE ? pko_parameter_info(k)->name : NULL;
}

static const char *arrow_name(const void *context, size_t k) {
    (void)context;
    return pko_arrow_info(k) ? pko_arrow_info(k)->name : NULL;
}

static const char *regime_name(const void *context, size_t k) {
    (void)context;
    return pko_regime_info(k) ? pko_regime_info(k)->name : NULL;
}

struct pko_names pko_parameter_names(void) {
    return (struct pko_names){parameter_name, NULL};
}
struct pko_names pko_arrow_names(void) {
    return (struct pko_names){arrow_name, NULL};
}
struct pko_names pko_regime_names(void) {
    return (struct pko_names){regime_name, NULL};
}

bool pko_read_rule(struct pko_reader *reader, int rule, const struct pko_node *node,
                   const struct pko_path *path, double *value) {
    const struct pko_parameter_info *info = pko_parameter_info((size_t)(PKO_FIRST_RULE + rule));
    return pko_read_number(reader, node, path, info->least, info->most, false, value);
}

/* The rules of a definition; without a base each must be there. */
static void read_rules(struct pko_reader *reader, const struct pko_frame *frame, struct pko_regime *regime) {
    const struct pko_node *given[PKO_RULE_COUNT] = {NULL};
    for (const struct pko_node *key = frame->mapping->child; key; key = key->next->next) {
        int rule = key->kind == PKO_SCALAR ? pko_rule_find(key->text) : -1;
        if (rule < 0)
            continue;
        struct pko_path path = {frame->path, key->text, 0};
        if (given[rule])
            pko_report_twice(reader, &path, key, given[rule]->place);
        else
            pko_read_rule(reader, rule, key->next, &path, &regime->rule[rule]);
        given[rule] = key->next;
    }
    if (pko_node_value(frame->mapping, "base"))
        return;
    struct pko_line missing = {.used = 0};
    for (int rule = 0; rule < PKO_RULE_COUNT; rule++)
        if (!given[rule])
            pko_line_add(&missing, "%s%s", missing.used ? ", " : "", pko_rule_name((size_t)rule));
    if (missing.used)
        pko_report_add(reader->report, frame->mapping->place, frame->path,
                       "without `base` all eight rules are required; missing: %s", missing.text);
}

static void read_definition(struct pko_reader *reader, const struct pko_node *key,
                            const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_path name_path = {path, NULL, scenario->definition_count + 1};
    const char *name = pko_read_name(reader, key, &name_path);
    if (!name)
        return;
    struct pko_path regime_path = {path, name, 0};
    if (pko_regime_find(name) >= 0) {
        pko_report_value(reader, key, &regime_path, "is a built-in regime", "a name of its own, with `base`");
        return;
    }
    for (int k = 0; k < scenario->definition_count; k++) {
        if (strcmp(scenario->definitions[k].name, name) == 0) {
            pko_report_value(reader, key, &regime_path, "is defined twice", "each name once");
            return;
        }
    }
    struct pko_regime *regime =
        pko_append(reader, &scenario->definitions, &scenario->definition_count, sizeof *regime);
    if (!regime)
        return;
    memcpy(regime->name, name, strlen(name) + 1);
    struct pko_frame frame;
    if (pko_read_mapping(reader, PKO_IN_DEFINITION, key->next, &regime_path, regime, &frame))
        read_rules(reader, &frame, regime);
}

bool pko_read_definitions(struct pko_reader *reader, const struct pko_node *node,
                          const struct pko_path *path) {
    if (node->kind != PKO_MAPPING) {
        pko_report_value(reader, node, path, "is no mapping", "regimes by name, each a mapping of rules");
        return false;
    }
    for (const struct pko_node *key = node->child; key; key = key->next->next)
        read_definition(reader, key, path);
    return true;
}

/* The names of regimes that may run: those of the scenario, then the built-in ones. */
static const char *runnable_name(const void *context, size_t k) {
    const struct pko_scenario *scenario = context;
    size_t own = (size_t)scenario->definition_count;
    return k < own ? scenario->definitions[k].name : regime_name(NULL, k - own);
}

static bool read_regime(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    const char *name = pko_scalar_text(reader, node, path, "the name of a regime");
    if (!name)
        return false;
    for (int k = 0; k < scenario->regime_count; k++) {
        if (strcmp(scenario->regimes[k].name, name) == 0) {
            pko_report_value(reader, node, path, "is given twice", "each regime once");
            return false;
        }
    }
    struct pko_regime found;
    if (pko_scenario_regime(scenario, name, &found) != 0) {
        pko_report_unknown(reader->report, node->place, path, "regime", name,
                           (struct pko_names){runnable_name, scenario});
        return false;
    }
    struct pko_regime *regime =
        pko_append(reader, &scenario->regimes, &scenario->regime_count, sizeof *regime);
    if (regime)
        *regime = found;
    return regime != NULL;
}

bool pko_read_regimes(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    if (node->kind != PKO_SEQUENCE || !node->child) {
        pko_report_value(reader, node, path, node->kind == PKO_SEQUENCE ? "is empty" : "is no list",
                         "a list of at least one regime");
        return false;
    }
    reader->scenario->regime_count = 0; /* the default pair goes */
    bool good = true;
    struct pko_path regime_path = {path, NULL, 0};
    for (const struct pko_node *regime = node->child; regime; regime = regime->next) {
        regime_path.number++;
        good = read_regime(reader, regime, &regime_path) && good;
    }
    return good;
}

static void read_parameter(struct pko_reader *reader, const struct pko_node *key,
                           const struct pko_path *path) {
    struct pko_path value_path = {path, key->text, 0};
    int number = pko_parameter_find(key->text);
    const struct pko_parameter_info *info = pko_parameter_info((size_t)number);
    double value = 0;
    if (number == PKO_P_threat_branching && key->next->kind == PKO_SCALAR && !key->next->quoted &&
        !pko_convert_number(key->next->text, reader->plain, &value) && value >= 1) {
        pko_report_value(
            reader, key->next, &value_path,
            "is out of range: at a branching ratio of 1 or more attacks excite attacks without end",
            "a number in [0, 0.8], and always below 1");
        return;
    }
    if (pko_read_number(reader, key->next, &value_path, info->least, info->most, false, &value))
        pko_parameter_put(&reader->scenario->parameters, number, value);
}

bool pko_read_parameters(struct pko_reader *reader, const struct pko_node *node,
                         const struct pko_path *path) {
    if (node->kind != PKO_MAPPING) {
        pko_report_value(reader, node, path, "is no mapping", "numbers by the name of the parameter");
        return false;
    }
    const struct pko_node *given[PKO_FIRST_RULE] = {NULL};
    for (const struct pko_node *key = node->child; key; key = key->next->next) {
        if (key->kind != PKO_SCALAR) {
            pko_report_add(reader->report, key->place, path, "a key is one word, not a list or mapping");
            continue;
        }
        int number = pko_parameter_find(key->text);
        struct pko_path value_path = {path, key->text, 0};
        if (number >= PKO_FIRST_RULE) {
            pko_report_add(
                reader->report, key->place, &value_path,
                "a rule belongs to a regime; allowed: the rule under regime_definitions, or the setting "
                "regime.NAME.%s",
                pko_rule_name((size_t)(number - PKO_FIRST_RULE)));
        } else if (number < 0) {
            pko_report_unknown(reader->report, key->place, path, "parameter", key->text,
                               pko_parameter_names());
        } else if (given[number]) {
            pko_report_twice(reader, &value_path, key, given[number]->place);
        } else {
            given[number] = key->next;
            read_parameter(reader, key, path);
        }
    }
    return true;
}

static void read_cut(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_cut cut = {.from = INT32_MIN};
    struct pko_frame frame;
    if (node->kind == PKO_MAPPING) {
        if (!pko_read_mapping(reader, PKO_IN_CUT, node, path, &cut, &frame) ||
            !pko_frame_good(&frame, "arrow"))
            return;
        cut.dated = pko_node_value(node, "from") != NULL;
    } else if (!pko_read_arrow(reader, node, path, &cut.arrow)) {
        return;
    }
    for (int k = 0; k < scenario->cut_count; k++) {
        if (scenario->cuts[k].arrow == cut.arrow) {
            pko_report_add(reader->report, node->place, path,
                           "arrow '%s' is cut twice; allowed: each arrow once",
                           pko_arrow_info(cut.arrow)->name);
            return;
        }
    }
    struct pko_cut *place = pko_append(reader, &scenario->cuts, &scenario->cut_count, sizeof *place);
    if (place)
        *place = cut;
}

bool pko_read_cuts(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    if (node->kind != PKO_SEQUENCE) {
        pko_report_value(reader, node, path, "is no list",
                         "a list of arrows: a name, or {arrow: NAME, from: DATE}");
        return false;
    }
    struct pko_path cut_path = {path, NULL, 0};
    for (const struct pko_node *cut = node->child; cut; cut = cut->next) {
        cut_path.number++;
        read_cut(reader, cut, &cut_path);
    }
    return true;
}
