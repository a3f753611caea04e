/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters, the rules of a sharing regime and the causal arrows, as structs and enums made from the
 * lists parameters.def, regimes.def and arrows.def: each thing is declared once, there. */
#ifndef PKO_MODEL_PARAMETERS_H
#define PKO_MODEL_PARAMETERS_H

#include <stdbool.h>

#include "pkosim/parameters.h"

/* All parameters in force, the eight rules of the regime last; every field a double, in the list's order. */
struct pko_parameters {
#define PKO_PARAMETER(process, name, value, least, most, unit, basis, meaning) double process##_##name;
#define PKO_RULE(name, least, most, unit, meaning)                             double regime_##name;
#include "model/parameters.def"
#undef PKO_PARAMETER
#undef PKO_RULE
};

/* Index of each parameter in the list: PKO_P_mandate_ratchet, …, PKO_P_regime_leak. */
enum pko_parameter {
#define PKO_PARAMETER(process, name, value, least, most, unit, basis, meaning) PKO_P_##process##_##name,
#define PKO_RULE(name, least, most, unit, meaning)                             PKO_P_regime_##name,
#include "model/parameters.def"
#undef PKO_PARAMETER
#undef PKO_RULE
    PKO_PARAMETER_COUNT
};
#define PKO_RULE_COUNT 8
#define PKO_FIRST_RULE (PKO_PARAMETER_COUNT - PKO_RULE_COUNT)

enum pko_arrow {
#define PKO_ARROW(loops, name, meaning) PKO_ARROW_##name,
#include "model/arrows.def"
#undef PKO_ARROW
    PKO_ARROW_COUNT
};

/* The parameters at their defaults, the rules at those of the first built-in regime. */
struct pko_parameters pko_parameters_default(void);
/* Field number `parameter` of the struct, to read and to write. */
double pko_parameter_get(const struct pko_parameters *parameters, int parameter);
void pko_parameter_put(struct pko_parameters *parameters, int parameter, double value);

#endif
