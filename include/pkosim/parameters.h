/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be set in the model: parameters, the rules of a sharing regime, causal arrows. Each is one row of
 * a list; everything that names one (validation, help, documentation, metadata of a file) reads these rows.
 */
#ifndef PKOSIM_PARAMETERS_H
#define PKOSIM_PARAMETERS_H

#include <stddef.h>

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* One parameter or rule. */
struct pko_parameter_info {
    const char *name;    /* "process.name", e.g. "mandate.ratchet"; rules are "regime.name" */
    double value;        /* the default, in `unit`; NAN for a rule: it belongs to a regime */
    double least;        /* least value allowed */
    double most;         /* greatest value allowed */
    const char *unit;    /* "1" for a pure number */
    const char *basis;   /* paper, literature, reported, estimate, assumption, open question, regime */
    const char *meaning; /* one line */
};

/* A built-in sharing regime (ODD 5.2). */
struct pko_regime_info {
    const char *name;    /* as `--regime` and scenarios name it */
    double rule[8];      /* its eight rules, in the order of the list of parameters */
    const char *meaning; /* one line */
};

/* A causal arrow of ODD section 4. */
struct pko_arrow_info {
    const char *name;    /* source_to_target, as cut and restored by */
    const char *loops;   /* the loops it belongs to, "L1" or "L5 L1" */
    const char *meaning; /* what no longer sees what when it is cut */
};

/* A parameter or rule by its number from 0, NULL past the end. */
const struct pko_parameter_info *pko_parameter_info(size_t number);
/* A built-in regime by its number from 0, NULL past the end. */
const struct pko_regime_info *pko_regime_info(size_t number);
/* An arrow by its number from 0, NULL past the end. */
const struct pko_arrow_info *pko_arrow_info(size_t number);
/* Number of the parameter or rule with exactly this name, −1 if there is none. */
int pko_parameter_find(const char *name);
/* Number of the built-in regime with exactly this name, −1 if there is none. */
int pko_regime_find(const char *name);
/* Number of the arrow with exactly this name, −1 if there is none. */
int pko_arrow_find(const char *name);

#pragma GCC visibility pop

#endif
