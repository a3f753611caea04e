/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkosim/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/reader.h"
#include "scenario/settings.h"

#define FILE_MOST ((size_t)1 << 20) /* bytes; the largest scenario so far has 36,000 */

/* Reads the tree into the scenario and checks it; *notes as in pko_check_scenario. */
static void read_scenario(struct pko_reader *reader, const struct pko_node *root, char **notes) {
    const struct pko_node *regions = pko_node_value(root, "regions"), *camps = pko_node_value(root, "camps");
    reader->regions_unread = !regions || regions->kind != PKO_SEQUENCE || !regions->child;
    reader->camps_unread = !camps || camps->kind != PKO_SEQUENCE || !camps->child;
    struct pko_frame frame;
    if (pko_read_mapping(reader, PKO_IN_ROOT, root, NULL, reader->scenario, &frame))
        pko_check_scenario(reader, &frame, notes);
}

struct pko_node *pko_parse_text(struct pko_tree *tree, const char *text, size_t size,
                                struct pko_report *report, const char *what) {
    struct pko_place first = {1, -1};
    struct pko_node *root = NULL;
    if (size > FILE_MOST) {
        pko_report_add(report, first, NULL, "too long; allowed: %zu bytes (1 MiB)", FILE_MOST);
        return NULL;
    }
    const char *zero = size ? memchr(text, 0, size) : NULL;
    if (zero) {
        for (const char *byte = text; byte < zero; byte++)
            first.line += *byte == '\n';
        pko_report_add(report, first, NULL, "not a text: it holds a byte of number 0");
        return NULL;
    }
    pko_tree_parse(tree, text, size, first, report, &root);
    if (report->count > 0 || report->no_memory)
        return NULL;
    if (!root || pko_node_is_null(root)) {
        pko_report_add(report, first, NULL, "empty: %s is a mapping of keys to values", what);
        return NULL;
    }
    if (root->kind != PKO_MAPPING) {
        pko_report_add(report, root->place, NULL,
                       "a %s stands where %s, a mapping of keys to values, belongs",
                       root->kind == PKO_SCALAR ? "single value" : "list", what);
        return NULL;
    }
    return root;
}

static char *copy_text(const char *text, size_t size) {
    char *copy = malloc(size + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

/* Puts the text and the settings into the scenario, for provenance. */
static int keep_origin(struct pko_scenario *scenario, const char *text, size_t size,
                       const struct pko_setting *settings, size_t setting_count) {
    char *kept = copy_text(text, size), *listed = pko_settings_text(settings, setting_count);
    if (!kept || !listed) {
        free(kept);
        free(listed);
        return PKO_ERROR_MEMORY;
    }
    free(scenario->text);
    free(scenario->settings);
    scenario->text = kept;
    scenario->settings = listed;
    return PKO_OK;
}

/* Everything between a text and a scenario; mistakes go to the report. */
static int parse_into(struct pko_reader *reader, const char *text, size_t size,
                      const struct pko_setting *settings, size_t setting_count, char **notes) {
    struct pko_report *report = reader->report;
    struct pko_tree tree;
    pko_tree_init(&tree);
    struct pko_node *root = pko_parse_text(&tree, text, size, report, "a scenario");
    if (root) {
        pko_settings_apply(reader, &tree, root, settings, setting_count);
        read_scenario(reader, root, notes);
        pko_settings_change_rules(reader);
    }
    pko_tree_free(&tree);
    if (report->no_memory)
        return PKO_ERROR_MEMORY;
    if (report->count > 0)
        return PKO_ERROR_INPUT;
    return keep_origin(reader->scenario, text, size, settings, setting_count);
}

int pko_scenario_parse(const char *name, const char *text, size_t size, const struct pko_setting *settings,
                       size_t setting_count, struct pko_scenario **scenario, char **problems) {
    *scenario = NULL;
    *problems = NULL;
    struct pko_report report;
    pko_report_init(&report, name, settings);
    struct pko_reader reader = {.report = &report};
    char *notes = NULL;
    int status = pko_scenario_create(&reader.scenario);
    if (status)
        goto out;
    reader.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!reader.plain) {
        status = PKO_ERROR_MEMORY;
        goto out;
    }
    locale_t callers =
        uselocale(reader.plain); /* of this thread only: messages print numbers as files hold them */
    status = parse_into(&reader, text, size, settings, setting_count, &notes);
    uselocale(callers);
    if (status == PKO_ERROR_INPUT) {
        *problems = pko_report_text(&report);
        if (!*problems)
            status = PKO_ERROR_MEMORY;
    }
    if (status)
        goto out;
    *scenario = reader.scenario;
    *problems = notes;
    reader.scenario = NULL;
    notes = NULL;
out:
    free(notes);
    free(reader.regions.known);
    free(reader.camps.known);
    free(reader.groups.known);
    free(reader.rule_changes);
    if (reader.plain)
        freelocale(reader.plain);
    pko_scenario_free(reader.scenario);
    pko_report_free(&report);
    return status;
}

/* The message of a failure to read, "FILE: why". */
static int disk_problem(const char *path, const char *why, char **problems) {
    struct pko_line line = {.used = 0};
    pko_line_add(&line, "%.1000s: %s\n", path, why);
    *problems = strdup(line.text);
    return *problems ? PKO_ERROR_DISK : PKO_ERROR_MEMORY;
}

int pko_read_text_file(const char *path, char **text, size_t *size, char **problems) {
    *text = NULL;
    FILE *file = fopen(path, "rb");
    if (!file)
        return disk_problem(path, strerror(errno), problems);
    char *bytes = malloc(FILE_MOST + 2);
    int status = bytes ? PKO_OK : PKO_ERROR_MEMORY;
    if (bytes) {
        errno = 0;
        *size = fread(bytes, 1, FILE_MOST + 1, file);
        bytes[*size] = 0;
        if (ferror(file))
            status = disk_problem(path, errno ? strerror(errno) : "cannot be read", problems);
    }
    fclose(file);
    if (status == PKO_OK)
        *text = bytes;
    else
        free(bytes);
    return status;
}

static bool ends_in(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static const char *builtin_name(const void *context, size_t k) {
    (void)context;
    return pko_scenario_builtin_name(k);
}

int pko_scenario_load(const char *source, const struct pko_setting *settings, size_t setting_count,
                      struct pko_scenario **scenario, char **problems) {
    *scenario = NULL;
    *problems = NULL;
    if (strchr(source, '/') || ends_in(source, ".yaml") || ends_in(source, ".yml")) {
        char *text = NULL;
        size_t size = 0;
        int status = pko_read_text_file(source, &text, &size, problems);
        if (status)
            return status;
        status = pko_scenario_parse(source, text, size, settings, setting_count, scenario, problems);
        free(text);
        return status;
    }
    for (size_t k = 0; pko_scenario_builtin_name(k); k++) {
        if (strcmp(pko_scenario_builtin_name(k), source) != 0)
            continue;
        const char *text = pko_scenario_builtin_text(k);
        return pko_scenario_parse(source, text, strlen(text), settings, setting_count, scenario, problems);
    }
    struct pko_line line = {.used = 0};
    pko_line_unknown(&line, "scenario", source, (struct pko_names){builtin_name, NULL});
    pko_line_add(&line, "; a file is named by a path with a / or ending in .yaml\n");
    *problems = strdup(line.text);
    return *problems ? PKO_ERROR_INPUT : PKO_ERROR_MEMORY;
}
