/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: reading, checking and adjusting the description of a mission. */
#ifndef PKOSIM_SCENARIO_H
#define PKOSIM_SCENARIO_H

#include <stddef.h>

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* A mission as described: regions, camps, groups, mandate, regimes, parameters (ODD 5.2). Opaque, and
 * constant once a mission stands on it. */
struct pko_scenario;

/* One setting from outside the file, as the command line gives it. */
struct pko_setting {
    /* A parameter ("danger.own"), a rule ("regime.minusma.leak") or an attribute's path
     * ("contingents.germany.escort", "regions.gao.trust", "days", "scale", "mandate.mode", …). */
    const char *name;
    const char *value;  /* read like the same value in the file */
    const char *origin; /* how messages call it, e.g. "--set" */
};

/* Loads a built-in scenario ("minusma", "monusco", "small") or a file. `source` is taken as a file if it has
 * a '/' or ends in .yaml or .yml, else as the name of a built-in one. The settings are applied before the
 * checks. On PKO_ERROR_INPUT *problems holds every problem found, one line each, "file:line: …"; on
 * PKO_ERROR_DISK why the file could not be read. On success *problems is NULL or holds notes (days outside
 * the run). The caller frees *problems with free() and the scenario with pko_scenario_free(). Neither
 * pointer may be NULL. */
int pko_scenario_load(const char *source, const struct pko_setting *settings, size_t setting_count,
                      struct pko_scenario **scenario, char **problems);
/* The same for a text in memory; `name` stands for the file in messages. */
int pko_scenario_parse(const char *name, const char *text, size_t size, const struct pko_setting *settings,
                       size_t setting_count, struct pko_scenario **scenario, char **problems);
/* Frees a scenario, after the last mission on it. NULL is allowed. */
void pko_scenario_free(struct pko_scenario *scenario);
/* Name of the k-th built-in scenario, NULL past the end. */
const char *pko_scenario_builtin_name(size_t number);
/* Its text, as a scenario file; NULL past the end. */
const char *pko_scenario_builtin_text(size_t number);

#pragma GCC visibility pop

#endif
