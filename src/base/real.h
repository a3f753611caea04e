/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions as fixed double polynomials: IEEE + − × ÷ and bit moves only, so that every compiler,
 * instruction set and C library gives the same bits. They are the only ones the core calls; of libm it uses
 * sqrt, fabs, floor and ceil, which IEEE 754 defines exactly.
 *
 * Error: within 2 ulp of the exact value (pko_pow: relative 1e-13; pko_normal_quantile: relative 1e-15).
 * Special values follow C99 Annex F; there is one NaN, and floating-point exception flags mean nothing.
 * 1 − exp(−r) is always written −pko_expm1(−r). */
#ifndef PKO_BASE_REAL_H
#define PKO_BASE_REAL_H

double pko_exp(double x);
/* e^x − 1, good also where x is small. */
double pko_expm1(double x);
/* The natural logarithm. */
double pko_log(double x);
/* log(1 + x), good also where x is small. */
double pko_log1p(double x);
/* base^exponent; a negative base has powers of whole exponents only, else NaN. */
double pko_pow(double base, double exponent);
/* 1/(1+exp(−x)), without overflow at either end. */
double pko_logistic(double x);
/* The inverse of the standard normal distribution function; p in (0,1), ±infinity at 0 and 1 (Wichura 1988,
 * AS 241). */
double pko_normal_quantile(double p);

/* A rate per day as the probability of at least one event in a day: 1 − e^(−rate). */
static inline double pko_probability(double rate) {
    return -pko_expm1(-rate);
}
/* x cut to [0,1]; NaN stays NaN. */
static inline double pko_clip(double x) {
    return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
}

#endif
