/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as day numbers: days since 1970-01-01 in the proleptic Gregorian calendar. */
#ifndef PKO_BASE_CALENDAR_H
#define PKO_BASE_CALENDAR_H

#include <stdint.h>

struct pko_date {
    int year, month, day; /* month 1-12, day 1-31 */
};

int32_t pko_day_number(struct pko_date date);
struct pko_date pko_date_of(int32_t day_number);
/* Reads "YYYY-MM-DD", exactly, a day that exists, years 1900-2999. Returns PKO_OK or PKO_ERROR_INPUT. */
int pko_date_parse(const char *text, int32_t *day_number);
/* Writes "YYYY-MM-DD" and a final 0 into text[11]. */
void pko_date_format(int32_t day_number, char text[11]);
/* The n-th anniversary of a day; that of 29 February is 1 March in common years (ODD section 6). */
int32_t pko_anniversary(int32_t day_number, int years);

#endif
