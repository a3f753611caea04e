/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions of many numbers at once, compiled for several instruction sets: the bits of
 * base/real.h. */
#ifndef PKO_BASE_REALS_H
#define PKO_BASE_REALS_H

#include <stddef.h>

#include "base/clones.h"

/* y[k] = 1/(1 + e^(−x[k])), as pko_logistic; y may be x. */
PKO_CLONES(void, pko_logistics, const double *x, double *y, size_t count);

/* chance[k] = pko_probability(rate[k]); chance may be rate. */
PKO_CLONES(void, pko_probabilities, const double *rate, double *chance, size_t count);
/* y[k] = pko_exp(x[k]) and pko_log(x[k]); y may be x. */
PKO_CLONES(void, pko_exps, const double *x, double *y, size_t count);
PKO_CLONES(void, pko_logs, const double *x, double *y, size_t count);
/* x[k] = pko_normal_quantile(p[k]); x is not p. */
PKO_CLONES(void, pko_normal_quantiles, const double *p, double *x, size_t count);

/* y[k] = pko_pow(base, exponent[k]); y may be exponent. */
PKO_CLONES(void, pko_powers, double base, const double *exponent, double *y, size_t count);

#endif
