/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that change a scenario, shared by every command that loads one. Each becomes a setting that the
 * scenario's own table of keys checks, so an option cannot allow what the file would not. */
#ifndef PKO_CLI_SETTINGS_H
#define PKO_CLI_SETTINGS_H

#include <argp.h>
#include <stddef.h>

#include "pkosim/scenario.h"

/* Settings in the order given; all zero is none. */
struct pko_cli_settings {
    struct pko_setting *list;
    size_t count;
    char **owned; /* texts made here: names split off, lists of regimes joined */
    size_t owned_count;
    int replicates_auto; /* --replicates auto: no setting; `run` finds the number */
};

/* The argp child that parses these options; its input is a struct pko_cli_settings. --regime may be repeated:
 * all together make one setting, at the place of the first. */
extern const struct argp pko_cli_settings_argp;

/* Adds a setting that a command makes of its own words; `origin` is what messages call it. Nothing is copied.
 * 0, or ENOMEM. */
int pko_cli_settings_add(struct pko_cli_settings *settings, const char *origin, const char *name,
                         const char *value);
void pko_cli_settings_free(struct pko_cli_settings *settings);
/* Loads a scenario with the settings and prints what is wrong with it, or the notes on it unless `quiet`, on
 * stderr. Returns an exit status; *scenario is NULL unless it is PKO_EXIT_OK. */
int pko_cli_load(const char *source, const struct pko_cli_settings *settings, int quiet,
                 struct pko_scenario **scenario);

#endif
