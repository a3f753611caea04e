/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/export.h"

#include <argp.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/status.h"

struct options {
    const char *file, *folder;
    bool force;
};
enum { KEY_CSV = 0x100, KEY_FORCE };

static const struct argp_option list[] = {
    {"csv", KEY_CSV, "DIR", 0, "folder to make, with a table for each kind of thing observed", 0},
    {"force", KEY_FORCE, NULL, 0, "replace a folder that holds an earlier export", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    switch (key) {
    case KEY_CSV:
        if (!*argument)
            argp_error(state, "--csv wants the name of a folder");
        options->folder = argument;
        return 0;
    case KEY_FORCE:
        options->force = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one file at a time: '%s' is one too many", argument);
        options->file = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return 0;
    case ARGP_KEY_END:
        if (!options->folder)
            argp_error(state, "where to? --csv DIR");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_export = {
    .options = list,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Write a file made by 'pkosim run' as tables for R and spreadsheets: one row a regime, replicate, "
           "day and unit, one column a measure. units.csv says what the columns mean, about.csv where the "
           "numbers come from and what they may be used for."
           "\vExamples:\n"
           "  pkosim export small.h5 --csv small\n"
           "  pkosim export small.h5 --csv small --force\n"
           "In R: mission <- read.csv(\"small/mission.csv\")"};

int pko_command_export(int argc, char **argv) {
    struct options options = {0};
    struct pko_reader *reader = NULL;
    struct pko_folder folder = {0};
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_export, &options);
    int status = pko_reader_open(options.file, &reader, &message);
    if (status == PKO_OK)
        status = pko_folder_open(&folder, options.folder, options.force, &message);
    if (status == PKO_OK)
        status = pko_export_tables(reader, &folder, &message);
    if (status == PKO_OK)
        status = pko_folder_publish(&folder, &message);
    int code = pko_exit_of(status);
    if (status != PKO_OK)
        pko_report(code, "%s", message ? message : pko_status_text(status));
    free(message);
    pko_folder_discard(&folder);
    pko_reader_free(reader);
    return code;
}
