/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/parameters.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static_assert(sizeof(struct pko_parameters) == PKO_PARAMETER_COUNT * sizeof(double),
              "the struct of parameters is a row of doubles in the order of the list");

static const struct pko_parameter_info parameter_rows[] = {
#define PKO_PARAMETER(process, name, value, least, most, unit, basis, meaning)                               \
    {#process "." #name, value, least, most, unit, basis, meaning},
#define PKO_RULE(name, least, most, unit, meaning)                                                           \
    {"regime." #name, NAN, least, most, unit, "regime", meaning},
#include "model/parameters.def"
#undef PKO_PARAMETER
#undef PKO_RULE
};

static const struct pko_regime_info regime_rows[] = {
#define PKO_REGIME(name, classification, secure_rate, mail_rate, hub_rate, informal_rate, trust_gate,        \
                   translation, leak, meaning)                                                               \
    {#name,                                                                                                  \
     {classification, secure_rate, mail_rate, hub_rate, informal_rate, trust_gate, translation, leak},       \
     meaning},
#include "model/regimes.def"
#undef PKO_REGIME
};

static const struct pko_arrow_info arrow_rows[] = {
#define PKO_ARROW(loops, name, meaning) {#name, loops, meaning},
#include "model/arrows.def"
#undef PKO_ARROW
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

const struct pko_parameter_info *pko_parameter_info(size_t number) {
    return number < ROWS(parameter_rows) ? &parameter_rows[number] : NULL;
}

const struct pko_regime_info *pko_regime_info(size_t number) {
    return number < ROWS(regime_rows) ? &regime_rows[number] : NULL;
}

const struct pko_arrow_info *pko_arrow_info(size_t number) {
    return number < ROWS(arrow_rows) ? &arrow_rows[number] : NULL;
}

int pko_parameter_find(const char *name) {
    for (size_t k = 0; k < ROWS(parameter_rows); k++)
        if (strcmp(parameter_rows[k].name, name) == 0)
            return (int)k;
    return -1;
}

int pko_regime_find(const char *name) {
    for (size_t k = 0; k < ROWS(regime_rows); k++)
        if (strcmp(regime_rows[k].name, name) == 0)
            return (int)k;
    return -1;
}

int pko_arrow_find(const char *name) {
    for (size_t k = 0; k < ROWS(arrow_rows); k++)
        if (strcmp(arrow_rows[k].name, name) == 0)
            return (int)k;
    return -1;
}

struct pko_parameters pko_parameters_default(void) {
    struct pko_parameters parameters;
    for (int k = 0; k < PKO_FIRST_RULE; k++)
        pko_parameter_put(&parameters, k, parameter_rows[k].value);
    for (int k = 0; k < PKO_RULE_COUNT; k++)
        pko_parameter_put(&parameters, PKO_FIRST_RULE + k, regime_rows[0].rule[k]);
    return parameters;
}

double pko_parameter_get(const struct pko_parameters *parameters, int parameter) {
    assert(parameter >= 0 && parameter < PKO_PARAMETER_COUNT);
    double value;
    memcpy(&value, (const char *)parameters + (size_t)parameter * sizeof value, sizeof value);
    return value;
}

void pko_parameter_put(struct pko_parameters *parameters, int parameter, double value) {
    assert(parameter >= 0 && parameter < PKO_PARAMETER_COUNT);
    memcpy((char *)parameters + (size_t)parameter * sizeof value, &value, sizeof value);
}
