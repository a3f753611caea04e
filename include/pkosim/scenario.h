/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: reading, checking and adjusting the description of a mission. */
#ifndef PKOSIM_SCENARIO_H
#define PKOSIM_SCENARIO_H

#include <stddef.h>

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

struct pko_scenario; /* opaque; constant once a mission stands on it */

/* One setting from outside the file, as the command line gives it: `name` is a parameter ("danger.own"), a
 * rule
 * ("regime.minusma.leak"), an attribute path ("contingents.germany.escort", "regions.gao.trust", "days",
 * "scale", "mandate.mode", …); `value` is read like the same value in the file. */
struct pko_setting {
    const char *name, *value;
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
void pko_scenario_free(struct pko_scenario *scenario);
/* Name and text of the k-th built-in scenario, NULL past the end. */
const char *pko_scenario_builtin_name(size_t number);
const char *pko_scenario_builtin_text(size_t number);

#pragma GCC visibility pop

#endif
