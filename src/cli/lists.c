/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pkosim parameters`, `regimes` and `arrows`: the model's lists, as tables to read, Markdown or JSON. */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/words.h"
#include "pkosim/parameters.h"
#include "pkosim/status.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };
enum { KEY_JSON = 0x100, KEY_MARKDOWN };

static const struct argp_option options[] = {{"json", KEY_JSON, NULL, 0, "as JSON", 0},
                                             {"markdown", KEY_MARKDOWN, NULL, 0, "as a Markdown table", 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    enum format *format = state->input;
    switch (key) {
    case KEY_JSON:
    case KEY_MARKDOWN:
        if (*format != FORMAT_TEXT)
            argp_error(state, "--json or --markdown, once");
        *format = key == KEY_JSON ? FORMAT_JSON : FORMAT_MARKDOWN;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "nothing more is wanted here: '%s'", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_parameters = {
    .options = options,
    .parser = parse,
    .doc = "List every parameter of the model: default, range, unit, basis and meaning. "
           "Rules (regime.NAME) have their value from a regime."
           "\vExamples:\n"
           "  pkosim parameters\n"
           "  pkosim parameters --json"};
const struct argp pko_argp_regimes = {.options = options,
                                      .parser = parse,
                                      .doc = "List the built-in sharing regimes and their eight rules."
                                             "\vExamples:\n"
                                             "  pkosim regimes\n"
                                             "  pkosim run small --regime silo --regime open"};
const struct argp pko_argp_arrows = {
    .options = options,
    .parser = parse,
    .doc = "List the causal arrows that can be cut, with the loops they belong to."
           "\vExamples:\n"
           "  pkosim arrows\n"
           "  pkosim run small --cut danger_to_reinforcement@2019-01-01"};

static enum format parse_format(int argc, char **argv, const struct argp *argp) {
    enum format format = FORMAT_TEXT;
    pko_words_parse(argc, argv, argp, &format);
    return format;
}

/* Prints and frees a table; returns the exit status. */
static int print_table(struct pko_table *table, enum format format) {
    int status =
        format == FORMAT_MARKDOWN ? pko_table_markdown(table, stdout) : pko_table_print(table, stdout);
    pko_table_free(table);
    return status == PKO_OK ? PKO_EXIT_OK : pko_report(pko_exit_of(status), "%s", pko_status_text(status));
}

/* The part of a rule's name behind "regime.". */
static const char *rule_name(const struct pko_parameter_info *info) {
    return strchr(info->name, '.') + 1;
}

/* The rules: the parameters that belong to a regime, which stand last. */
static const struct pko_parameter_info *rule_info(size_t rule) {
    const struct pko_parameter_info *info;
    for (size_t k = 0; (info = pko_parameter_info(k)) != NULL; k++)
        if (isnan(info->value))
            return pko_parameter_info(k + rule);
    return NULL;
}

static void json_parameters(void) {
    const struct pko_parameter_info *info;
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '[', false);
    for (size_t k = 0; (info = pko_parameter_info(k)) != NULL; k++) {
        pko_json_open(&json, NULL, '{', true);
        pko_json_text(&json, "name", info->name);
        pko_json_number(&json, "default", info->value);
        pko_json_number(&json, "least", info->least);
        pko_json_number(&json, "most", info->most);
        pko_json_text(&json, "unit", info->unit);
        pko_json_text(&json, "basis", info->basis);
        pko_json_text(&json, "meaning", info->meaning);
        pko_json_close(&json);
    }
    pko_json_close(&json);
}

int pko_command_parameters(int argc, char **argv) {
    enum format format = parse_format(argc, argv, &pko_argp_parameters);
    if (format == FORMAT_JSON) {
        json_parameters();
        return PKO_EXIT_OK;
    }
    struct pko_table *table = pko_table_create("lrllll");
    const struct pko_parameter_info *info;
    const char *quote = format == FORMAT_MARKDOWN ? "`" : "";
    static const char *const headings[] = {"name", "default", "range", "unit", "basis", "meaning"};
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    for (size_t k = 0; (info = pko_parameter_info(k)) != NULL; k++) {
        pko_table_cell(table, "%s%s%s", quote, info->name, quote);
        if (isnan(info->value))
            pko_table_cell(table, "by regime");
        else
            pko_table_cell(table, "%g", info->value);
        pko_table_cell(table, "%g to %g", info->least, info->most);
        pko_table_cell(table, "%s", info->unit);
        pko_table_cell(table, "%s", info->basis);
        pko_table_cell(table, "%s", info->meaning);
    }
    return print_table(table, format);
}

static void json_regimes(void) {
    const struct pko_regime_info *info;
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '[', false);
    for (size_t k = 0; (info = pko_regime_info(k)) != NULL; k++) {
        pko_json_open(&json, NULL, '{', true);
        pko_json_text(&json, "name", info->name);
        pko_json_text(&json, "meaning", info->meaning);
        pko_json_open(&json, "rules", '{', true);
        for (size_t rule = 0; rule < sizeof info->rule / sizeof *info->rule; rule++)
            pko_json_number(&json, rule_name(rule_info(rule)), info->rule[rule]);
        pko_json_close(&json);
        pko_json_close(&json);
    }
    pko_json_close(&json);
}

int pko_command_regimes(int argc, char **argv) {
    enum format format = parse_format(argc, argv, &pko_argp_regimes);
    if (format == FORMAT_JSON) {
        json_regimes();
        return PKO_EXIT_OK;
    }
    struct pko_table *table = pko_table_create("lrrrrrrrrl");
    const struct pko_regime_info *info;
    const char *quote = format == FORMAT_MARKDOWN ? "`" : "";
    pko_table_cell(table, "name");
    for (size_t rule = 0; rule < sizeof info->rule / sizeof *info->rule; rule++)
        pko_table_cell(table, "%s", rule_name(rule_info(rule)));
    pko_table_cell(table, "meaning");
    for (size_t k = 0; (info = pko_regime_info(k)) != NULL; k++) {
        pko_table_cell(table, "%s%s%s", quote, info->name, quote);
        for (size_t rule = 0; rule < sizeof info->rule / sizeof *info->rule; rule++)
            pko_table_cell(table, "%g", info->rule[rule]);
        pko_table_cell(table, "%s", info->meaning);
    }
    return print_table(table, format);
}

static void json_arrows(void) {
    const struct pko_arrow_info *info;
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '[', false);
    for (size_t k = 0; (info = pko_arrow_info(k)) != NULL; k++) {
        pko_json_open(&json, NULL, '{', true);
        pko_json_text(&json, "name", info->name);
        pko_json_text(&json, "loops", info->loops);
        pko_json_text(&json, "meaning", info->meaning);
        pko_json_close(&json);
    }
    pko_json_close(&json);
}

int pko_command_arrows(int argc, char **argv) {
    enum format format = parse_format(argc, argv, &pko_argp_arrows);
    if (format == FORMAT_JSON) {
        json_arrows();
        return PKO_EXIT_OK;
    }
    struct pko_table *table = pko_table_create("lll");
    const struct pko_arrow_info *info;
    const char *quote = format == FORMAT_MARKDOWN ? "`" : "";
    pko_table_cell(table, "loops");
    pko_table_cell(table, "arrow");
    pko_table_cell(table, "when cut");
    for (size_t k = 0; (info = pko_arrow_info(k)) != NULL; k++) {
        pko_table_cell(table, "%s", info->loops);
        pko_table_cell(table, "%s%s%s", quote, info->name, quote);
        pko_table_cell(table, "%s", info->meaning);
    }
    return print_table(table, format);
}
