/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario amounts to, in numbers and a few words. */
#ifndef PKO_CLI_DESCRIBE_H
#define PKO_CLI_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/json.h"
#include "model/scenario.h"

/* People present on a day of the run, counted from 0. */
uint64_t pko_people_on(const struct pko_scenario *scenario, int day);
/* "small: 2 regimes (minusma, monusco), 40 replicates of 730 days", cut to fit. */
void pko_describe_campaign(const struct pko_scenario *scenario, uint32_t replicates, char *text, size_t size);
/* A blank line, then what was run: "Scenario small: 730 days from 2018-07-01, …, 20 replicates (0 to 19).",
 * then what was set and cut, and what a scale other than 1 means. */
void pko_describe_runs(const struct pko_scenario *scenario, uint32_t first, uint32_t count, FILE *stream);

/* The causal arrows that are cut, by the scenario or by --cut, and the first day without each: one indented
 * line an arrow, nothing where none is cut. */
void pko_print_cuts(const struct pko_scenario *scenario, FILE *stream);
/* The same as an array "cuts" of {"arrow", "from"}. */
void pko_json_cuts(struct pko_json *json, const struct pko_scenario *scenario);

#endif
