/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as day numbers. Inside, a year begins on 1 March, so that the leap day is its last and the lengths of
 * the months follow one line (153 days in five months); an era is 400 years, after which the calendar
 * repeats. */
#include "base/calendar.h"

#include <assert.h>
#include <stdbool.h>

#include "pkosim/status.h"

#define DAYS_PER_ERA 146097
/* From 1 March of year 0 to 1 January 1970. */
#define EPOCH 719468

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month) {
    switch (month) {
    case 2:
        return is_leap(year) ? 29 : 28;
    case 4:
    case 6:
    case 9:
    case 11:
        return 30;
    default:
        return 31;
    }
}

int32_t pko_day_number(struct pko_date date) {
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month = date.month <= 2 ? date.month + 9 : date.month - 3; /* 0 is March */
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * DAYS_PER_ERA + day_of_era - EPOCH);
}

struct pko_date pko_date_of(int32_t day_number) {
    int day = (int)day_number + EPOCH;
    int era = (day >= 0 ? day : day - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = day - era * DAYS_PER_ERA;
    /* Leap days before this one are taken out; what is left has 365 days a year. */
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153; /* 0 is March */
    struct pko_date date;
    date.day = day_of_year - (153 * month + 2) / 5 + 1;
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

/* Reads exactly `count` decimal digits; −1 if one of them is none. */
static int read_digits(const char *text, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

int pko_date_parse(const char *text, int32_t *day_number) {
    /* Each condition looks at the next piece only if those before it were in place: a short text is not
     * overrun. */
    struct pko_date date;
    if ((date.year = read_digits(text, 4)) < 0 || text[4] != '-' ||
        (date.month = read_digits(text + 5, 2)) < 0 || text[7] != '-' ||
        (date.day = read_digits(text + 8, 2)) < 0 || text[10] != '\0')
        return PKO_ERROR_INPUT;
    if (date.year < 1900 || date.year > 2999 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > month_length(date.year, date.month))
        return PKO_ERROR_INPUT;
    *day_number = pko_day_number(date);
    return PKO_OK;
}

static void write_digits(char *text, int count, int value) {
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void pko_date_format(int32_t day_number, char text[11]) {
    struct pko_date date = pko_date_of(day_number);
    assert(date.year >= 0 && date.year <= 9999);
    write_digits(text, 4, date.year);
    text[4] = '-';
    write_digits(text + 5, 2, date.month);
    text[7] = '-';
    write_digits(text + 8, 2, date.day);
    text[10] = '\0';
}

int32_t pko_anniversary(int32_t day_number, int years) {
    struct pko_date date = pko_date_of(day_number);
    date.year += years;
    if (date.month == 2 && date.day == 29 && !is_leap(date.year)) {
        date.month = 3;
        date.day = 1;
    }
    return pko_day_number(date);
}
