/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How JSON writes what tables of outcomes print: the same members everywhere, for the object that is open. */
#ifndef PKO_CLI_JSON_ESTIMATES_H
#define PKO_CLI_JSON_ESTIMATES_H

#include "cli/json.h"
#include "experiment/statistics.h"
#include "model/scenario.h"

/* The array "caveat": what the model may and may not be used for, line by line. */
void pko_json_caveat(struct pko_json *json);
/* program, version, caveat, then scenario, start, days, scale, mandate, seed, settings and cuts. */
void pko_json_scenario(struct pko_json *json, const struct pko_scenario *scenario);
/* count, mean, standard_deviation, standard_error, low and high (95 % interval), replicates_for_tenth. */
void pko_json_estimate(struct pko_json *json, const struct pko_moments *moments);
/* count, mean, standard_error, low, high, correlation, effect_size, replicates_for_sign. */
void pko_json_difference(struct pko_json *json, const struct pko_difference *difference);

#endif
