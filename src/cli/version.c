/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <argp.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/pkosim.h"
#include "record/build.h"

static error_t parse(int key, char *argument, struct argp_state *state) {
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    argp_error(state, "nothing more is wanted here: '%s'", argument);
    return 0;
}

const struct argp pko_argp_version = {
    .parser = parse,
    .doc = "Print the version, the commit it was built from, the compiler and its flags."
           "\vExample:\n"
           "  pkosim version"};

int pko_command_version(int argc, char **argv) {
    pko_words_parse(argc, argv, &pko_argp_version, NULL);
    printf("pkosim %s\ncommit: %s\ncompiler: %s\nflags: %s\nlicence: GPL-3.0-or-later\n", pko_version(),
           pko_build_commit(), pko_build_compiler(), pko_build_flags());
    return PKO_EXIT_OK;
}
