/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other values for a scenario that has been read, without reading its text again: for campaigns, which want
 * one scenario at many points. */
#ifndef PKO_SCENARIO_VARY_H
#define PKO_SCENARIO_VARY_H

#include "model/scenario.h"

/* Makes of `scenario` what reading the text of `base` with the settings of `base` and then these would give.
 * Both were read from the same text, and `scenario` was not changed otherwise. Only for parameters and rules
 * of regimes. PKO_ERROR_NAME: one of the settings is none of those; PKO_ERROR_RANGE: reading would refuse
 * these values, and tells why; PKO_ERROR_MEMORY. The scenario is then good for another try, or freeing. */
int pko_scenario_vary(struct pko_scenario *scenario, const struct pko_scenario *base,
                      const struct pko_setting *settings, size_t count);

#endif
