/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "pkosim/status.h"

static int32_t day(const char *text) {
    int32_t number;
    cr_assert(pko_date_parse(text, &number) == PKO_OK, "'%s' is refused", text);
    return number;
}

Test(calendar, known_days) {
    cr_expect(day("1970-01-01") == 0);
    cr_expect(day("1969-12-31") == -1);
    cr_expect(day("2000-03-01") == 11017);
    cr_expect(day("2013-07-01") == 15887);
    cr_expect(day("1900-01-01") == -25567);
    cr_expect(day("2999-12-31") == 376199);
    cr_expect(day("2023-07-01") - day("2013-07-01") == 3652);
}

/* Walks every day of the range allowed with a calendar that only knows the lengths of months. */
Test(calendar, every_day_from_1900_to_2999) {
    const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t number = -25567;
    for (int year = 1900; year <= 2999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            for (int k = 1; k <= lengths[month - 1] + (leap && month == 2); k++, number++) {
                struct pko_date date = pko_date_of(number);
                cr_assert(date.year == year && date.month == month && date.day == k, "day %d", number);
                cr_assert(pko_day_number(date) == number);
                char text[11];
                pko_date_format(number, text);
                cr_assert(day(text) == number, "%s", text);
            }
        }
    cr_expect(number == 376200);
}

Test(calendar, days_before_and_after_the_years_of_scenarios) {
    for (int32_t number = -719528; number < 2932897; number += 97) { /* years 0 to 9999 */
        struct pko_date date = pko_date_of(number);
        cr_assert(pko_day_number(date) == number && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
                  date.day <= 31 && date.year >= 0 && date.year <= 9999);
    }
    cr_expect(pko_date_of(-719469).year == 0 && pko_date_of(-719469).month == 2 &&
              pko_date_of(-719469).day == 29);
    cr_expect(pko_day_number((struct pko_date){-1, 12, 31}) == -719529);
}

Test(calendar, format_pads_with_zeros) {
    char text[11];
    pko_date_format(day("2016-02-09"), text);
    cr_expect(strcmp(text, "2016-02-09") == 0);
    pko_date_format(-719528, text);
    cr_expect(strcmp(text, "0000-01-01") == 0);
}

Test(calendar, parse_refuses_what_is_no_date) {
    const char *wrong[] = {"",           "2016",        "2016-07",     "2016-07-",    "2016-07-1",
                           "2016-7-01",  "2016-07-01 ", " 2016-07-01", "2016-07-011", "2016/07/01",
                           "16-07-01",   "2016-13-01",  "2016-00-10",  "2016-01-00",  "2016-01-32",
                           "2018-02-30", "2018-02-29",  "1900-02-29",  "2100-02-29",  "2016-04-31",
                           "2016-06-31", "2016-09-31",  "2016-11-31",  "1899-12-31",  "3000-01-01",
                           "-016-07-01", "+016-07-01",  "2016-07-0x",  "2016-0x-01",  "0x16-07-01",
                           "2016-07--1", "20160701",    "2016-07-01T", "2O16-07-01"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        int32_t number = 12345;
        /* A copy of exactly its length, so that a checker of memory sees a read past the end. */
        char *text = malloc(strlen(wrong[k]) + 1);
        cr_assert(text != NULL);
        strcpy(text, wrong[k]);
        cr_expect(pko_date_parse(text, &number) == PKO_ERROR_INPUT, "'%s' is taken", text);
        cr_expect(number == 12345, "'%s' writes", text);
        free(text);
    }
    day("2000-02-29");
    day("2016-02-29");
}

Test(calendar, anniversary) {
    cr_expect(pko_anniversary(day("2013-07-01"), 0) == day("2013-07-01"));
    cr_expect(pko_anniversary(day("2013-07-01"), 10) == day("2023-07-01"));
    cr_expect(pko_anniversary(day("2016-02-29"), 1) == day("2017-03-01"));
    cr_expect(pko_anniversary(day("2016-02-29"), 4) == day("2020-02-29"));
    cr_expect(pko_anniversary(day("2016-02-29"), 84) == day("2100-03-01"));
    cr_expect(pko_anniversary(day("2016-02-28"), 1) == day("2017-02-28"));
    cr_expect(pko_anniversary(day("2017-03-01"), -1) == day("2016-03-01"));
}
