/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of scalars to values, to the last character and in no locale. Each returns NULL, or what is wrong
 * with the text as words that follow it in a message ("is no number"); *value is then untouched. */
#ifndef PKO_SCENARIO_CONVERT_H
#define PKO_SCENARIO_CONVERT_H

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>

/* A decimal number: 3, -0.5, .5, 1e-3. No hexadecimal, no inf, no nan. `plain` is the C locale. */
const char *pko_convert_number(const char *text, locale_t plain, double *value);
/* A whole number without point or exponent. */
const char *pko_convert_integer(const char *text, int64_t *value);
/* A whole number in [0, 2^64). */
const char *pko_convert_seed(const char *text, uint64_t *value);
const char *pko_convert_boolean(const char *text, bool *value);
/* YYYY-MM-DD, a day that exists, years 1900-2999. */
const char *pko_convert_date(const char *text, int32_t *value);
/* NULL if the text is a name: 1 to 63 lower-case letters, digits and _. */
const char *pko_convert_name(const char *text);
/* NULL if the text is three capital letters. */
const char *pko_convert_country(const char *text);

#endif
