/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/words.h"
#include "pkosim/status.h"
#include "record/digest.h"
#include "record/reader.h"

struct show {
    const char *file;
    bool digest, json;
};
enum { KEY_DIGEST = 0x100, KEY_JSON };

static const struct argp_option options[] = {
    {"digest", KEY_DIGEST, NULL, 0, "print only the hash of the data: equal for equal results", 0},
    {"json", KEY_JSON, NULL, 0, "as JSON; texts and parameters in full", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct show *show = state->input;
    switch (key) {
    case KEY_DIGEST:
        show->digest = true;
        return 0;
    case KEY_JSON:
        show->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one file at a time: '%s' is one too many", argument);
        show->file = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_show = {.options = options,
                                   .parser = parse,
                                   .args_doc = "FILE",
                                   .doc =
                                       "Say what a file written by 'pkosim run' holds: where it comes from, "
                                       "its dimensions and its variables."
                                       "\vExamples:\n"
                                       "  pkosim show minusma.h5\n"
                                       "  pkosim show minusma.h5 --digest"};

static int failed(int status, char *message) {
    int code = pko_report(pko_exit_of(status), "%s", message ? message : pko_status_text(status));
    free(message);
    return code;
}

static int print_digest(const char *file, bool as_json) {
    char hex[65], *message = NULL;
    int status = pko_file_digest(file, hex, &message);
    if (status != PKO_OK)
        return failed(status, message);
    if (!as_json) {
        printf("sha256:%s\n", hex);
        return PKO_EXIT_OK;
    }
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', true);
    pko_json_text(&json, "sha256", hex);
    pko_json_close(&json);
    return PKO_EXIT_OK;
}

/* Attributes of one line; the long ones (scenario, parameters) are told by their size. */
static void print_attribute(const struct pko_reader_attribute *attribute) {
    if (!attribute->text) {
        if (attribute->whole)
            printf("  %s: %" PRIu64 "\n", attribute->name, attribute->integer);
        else
            printf("  %s: %g\n", attribute->name, attribute->number);
        return;
    }
    size_t lines = 0, length = 0;
    for (const char *text = attribute->text; *text; text++, length++)
        lines += *text == '\n';
    if (lines <= 1 && length <= 300)
        printf("  %s: %.*s\n", attribute->name, (int)(length - lines), attribute->text);
    else
        printf("  %s: (%zu lines)\n", attribute->name, lines + (attribute->text[length - 1] != '\n'));
}

/* How many attributes from number `first` on are named alike up to a ':' (parameter:…), 0 if this one has
 * none. */
static size_t family_size(const struct pko_reader *reader, size_t first) {
    const struct pko_reader_attribute *attribute = pko_reader_attribute(reader, first);
    const char *colon = strchr(attribute->name, ':');
    if (!colon)
        return 0;
    size_t length = (size_t)(colon - attribute->name) + 1, last = first;
    char head[64];
    if (length >= sizeof head)
        return 0;
    memcpy(head, attribute->name, length);
    while ((attribute = pko_reader_attribute(reader, last)) != NULL &&
           !strncmp(attribute->name, head, length))
        last++;
    return last - first;
}

/* The many numbers of parameters and rules are told by their count; --json has them all. */
static void print_attributes(const struct pko_reader *reader) {
    const struct pko_reader_attribute *attribute;
    for (size_t k = 0; (attribute = pko_reader_attribute(reader, k)) != NULL; k++) {
        size_t alike = family_size(reader, k);
        if (alike < 2) {
            print_attribute(attribute);
            continue;
        }
        printf("  %.*s:…: (%zu numbers, shown by --json)\n", (int)strcspn(attribute->name, ":"),
               attribute->name, alike);
        k += alike - 1;
    }
}

static int print_variables(const struct pko_reader *reader) {
    struct pko_table *table = pko_table_create("llll");
    static const char *const headings[] = {"variable", "dimensions", "units", "meaning"};
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    const struct pko_reader_variable *variable;
    for (size_t k = 0; (variable = pko_reader_variable(reader, k)) != NULL; k++) {
        char shape[512] = "";
        size_t length = 0;
        for (int d = 0; d < variable->rank && length < sizeof shape; d++)
            length += (size_t)snprintf(shape + length, sizeof shape - length, "%s%s", d ? ", " : "",
                                       variable->dimension[d]);
        pko_table_cell(table, "%s", variable->name);
        pko_table_cell(table, "%s", shape);
        pko_table_cell(table, "%s", variable->units);
        pko_table_cell(table, "%s", variable->long_name);
    }
    int status = pko_table_print(table, stdout);
    pko_table_free(table);
    return status;
}

static int print_file(const struct pko_reader *reader) {
    const struct pko_reader_dimension *dimension;
    printf("Attributes\n");
    print_attributes(reader);
    printf("\nDimensions\n");
    for (size_t k = 0; (dimension = pko_reader_dimension(reader, k)) != NULL; k++)
        printf("  %s: %" PRIu64 "\n", dimension->name, dimension->size);
    printf("\n");
    return print_variables(reader);
}

static void json_variable(struct pko_json *json, const struct pko_reader_variable *variable) {
    pko_json_open(json, NULL, '{', true);
    pko_json_text(json, "name", variable->name);
    pko_json_open(json, "dimensions", '[', true);
    for (int d = 0; d < variable->rank; d++)
        pko_json_text(json, NULL, variable->dimension[d]);
    pko_json_close(json);
    pko_json_text(json, "units", variable->units);
    pko_json_text(json, "long_name", variable->long_name);
    pko_json_close(json);
}

static void json_file(const struct pko_reader *reader) {
    const struct pko_reader_attribute *attribute;
    const struct pko_reader_dimension *dimension;
    const struct pko_reader_variable *variable;
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', false);
    pko_json_open(&json, "attributes", '{', false);
    for (size_t k = 0; (attribute = pko_reader_attribute(reader, k)) != NULL; k++)
        if (attribute->text)
            pko_json_text(&json, attribute->name, attribute->text);
        else if (attribute->whole)
            pko_json_whole(&json, attribute->name, attribute->integer);
        else
            pko_json_number(&json, attribute->name, attribute->number);
    pko_json_close(&json);
    pko_json_open(&json, "dimensions", '{', false);
    for (size_t k = 0; (dimension = pko_reader_dimension(reader, k)) != NULL; k++)
        pko_json_whole(&json, dimension->name, dimension->size);
    pko_json_close(&json);
    pko_json_open(&json, "variables", '[', false);
    for (size_t k = 0; (variable = pko_reader_variable(reader, k)) != NULL; k++)
        json_variable(&json, variable);
    pko_json_close(&json);
    pko_json_close(&json);
}

int pko_command_show(int argc, char **argv) {
    struct show show = {0};
    pko_words_parse(argc, argv, &pko_argp_show, &show);
    if (show.digest)
        return print_digest(show.file, show.json);
    struct pko_reader *reader = NULL;
    char *message = NULL;
    int status = pko_reader_open(show.file, &reader, &message);
    if (status != PKO_OK)
        return failed(status, message);
    if (show.json)
        json_file(reader);
    else
        status = print_file(reader);
    pko_reader_free(reader);
    return status == PKO_OK ? PKO_EXIT_OK : failed(status, NULL);
}
