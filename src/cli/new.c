/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/starter.h"
#include "cli/words.h"
#include "pkosim/status.h"
#include "record/target.h"
#include "scenario/convert.h"

#define SCHEMA "pkosim-scenario.json" /* as `pkosim schema --help` calls it */

struct options {
    const char *name;
    bool force;
};
enum { KEY_FORCE = 0x100 };

static const struct argp_option list[] = {{"force", KEY_FORCE, NULL, 0, "replace a file that exists", 0},
                                          {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    switch (key) {
    case KEY_FORCE:
        options->force = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one name at a time: '%s' is one too many", argument);
        if (pko_convert_name(argument) != NULL)
            argp_error(state, "'%s' %s; a scenario's name has 1 to 63 lower-case letters, digits and _",
                       argument, pko_convert_name(argument));
        options->name = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which name?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_new = {
    .options = list,
    .parser = parse,
    .args_doc = "NAME",
    .doc =
        "Write NAME.yaml, a small scenario with comments that runs as it is: a start for one of your own. If "
        "the file " SCHEMA " of 'pkosim schema' lies in the folder, the first line tells editors."
        "\vExamples:\n"
        "  pkosim new my_mission\n"
        "  pkosim run my_mission.yaml --replicates 2 --days 60"};

static int write_file(const char *path, const struct options *options) {
    struct pko_target target = {0};
    char *message = NULL;
    int status = pko_target_open(&target, path, options->force, &message);
    FILE *file = status == PKO_OK ? fopen(target.temporary, "w") : NULL;
    if (file) {
        if (access(SCHEMA, R_OK) == 0)
            fputs("# yaml-language-server: $schema=" SCHEMA "\n", file);
        fprintf(file, "# docs/scenario-format.md explains every key, `pkosim check %s` checks them all.\n",
                path);
        fprintf(file, "name: %s\n%s", options->name, pko_starter);
    }
    bool bad = status == PKO_OK && (!file || ferror(file));
    bad |= file && fclose(file) != 0;
    int error = errno;
    if (!bad && status == PKO_OK)
        status = pko_target_publish(&target, &message);
    int code = bad ? PKO_EXIT_DISK : pko_exit_of(status);
    if (bad)
        pko_report(code, "cannot write '%s': %s", path, strerror(error));
    else if (status != PKO_OK)
        pko_report(code, "%s", message ? message : pko_status_text(status));
    free(message);
    pko_target_discard(&target);
    return code;
}

int pko_command_new(int argc, char **argv) {
    struct options options = {0};
    char *path = NULL;
    pko_words_parse(argc, argv, &pko_argp_new, &options);
    if (asprintf(&path, "%s.yaml", options.name) < 0)
        return pko_report(PKO_EXIT_MEMORY, "out of memory");
    int code = write_file(path, &options);
    if (code == PKO_EXIT_OK)
        printf("%s is written. Next:\n  pkosim check %s\n  pkosim run %s --replicates 2 --days 60\n", path,
               path, path);
    free(path);
    return code;
}
