/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario amounts to, in numbers and a few words. */
#ifndef PKO_CLI_DESCRIBE_H
#define PKO_CLI_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#include "model/scenario.h"

/* People present, summed over the days of one run. */
double pko_person_days(const struct pko_scenario *scenario);
/* People present on a day of the run, counted from 0. */
uint64_t pko_people_on(const struct pko_scenario *scenario, int day);
/* "small: 2 regimes (minusma, monusco), 40 replicates of 730 days", cut to fit. */
void pko_describe_campaign(const struct pko_scenario *scenario, uint32_t replicates, char *text, size_t size);

#endif
