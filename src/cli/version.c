/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/pkosim.h"
#include "record/build.h"

#define LICENCE "GPL-3.0-or-later"

enum { KEY_JSON = 0x100 };

static error_t parse(int key, char *argument, struct argp_state *state) {
    switch (key) {
    case KEY_JSON:
        *(bool *)state->input = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "nothing more is wanted here: '%s'", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option list[] = {{"json", KEY_JSON, NULL, 0, "as JSON", 0}, {0}};

const struct argp pko_argp_version = {
    .options = list,
    .parser = parse,
    .doc = "Print the version, the commit it was built from, the compiler and its flags."
           "\vExamples:\n"
           "  pkosim version\n"
           "  pkosim version --json"};

static void print_json(void) {
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "program", "pkosim");
    pko_json_text(&json, "version", pko_version());
    pko_json_text(&json, "commit", pko_build_commit());
    pko_json_text(&json, "compiler", pko_build_compiler());
    pko_json_text(&json, "flags", pko_build_flags());
    pko_json_text(&json, "licence", LICENCE);
    pko_json_close(&json);
}

int pko_command_version(int argc, char **argv) {
    bool json = false;
    pko_words_parse(argc, argv, &pko_argp_version, &json);
    if (json)
        print_json();
    else
        printf("pkosim %s\ncommit: %s\ncompiler: %s\nflags: %s\nlicence: %s\n", pko_version(),
               pko_build_commit(), pko_build_compiler(), pko_build_flags(), LICENCE);
    return PKO_EXIT_OK;
}
