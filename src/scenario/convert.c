/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* strtod_l: a number is read alike in every locale */
#include "scenario/convert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "model/scenario.h"
#include "pkosim/status.h"

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/* Skips digits; returns how many there were. */
static int skip_digits(const char **text) {
    int count = 0;
    while (is_digit(**text)) {
        (*text)++;
        count++;
    }
    return count;
}

/* Whether a text begins with a word in lower-case letters, in any case. */
static bool begins(const char *text, const char *word) {
    for (; *word; text++, word++)
        if ((*text | 0x20) != *word)
            return false;
    return true;
}

/* Why a text that begins like this is no decimal number. */
static const char *no_number(const char *text) {
    if (*text == '+' || *text == '-' || *text == '.')
        text++;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return "is hexadecimal, not a decimal number";
    if (begins(text, "nan") || begins(text, "inf"))
        return "is not a finite number";
    if (is_digit(*text))
        return "is no number: text follows it";
    return "is no number";
}

const char *pko_convert_number(const char *text, locale_t plain, double *value) {
    const char *end = text;
    if (*end == '+' || *end == '-')
        end++;
    if (end[0] == '0' && is_digit(end[1]))
        return "is ambiguous: a number has no leading zeros";
    int digits = skip_digits(&end);
    if (*end == '.') {
        end++;
        digits += skip_digits(&end);
    }
    if (digits == 0)
        return no_number(text);
    if (*end == 'e' || *end == 'E') {
        end++;
        if (*end == '+' || *end == '-')
            end++;
        if (skip_digits(&end) == 0)
            return no_number(text);
    }
    if (*end != 0)
        return no_number(text);
    double number = strtod_l(text, NULL, plain);
    if (!isfinite(number))
        return "is out of range";
    *value = number + 0.0; /* −0 becomes 0 */
    return NULL;
}

/* The size of a whole number and its sign. */
static const char *convert_whole(const char *text, uint64_t *size, bool *negative) {
    const char *end = text;
    *negative = *end == '-';
    if (*end == '+' || *end == '-')
        end++;
    if (end[0] == '0' && is_digit(end[1]))
        return "is ambiguous: a number has no leading zeros";
    if (!is_digit(*end))
        return *end == '.' && is_digit(end[1]) ? "is no whole number" : no_number(text);
    uint64_t number = 0;
    bool over = false;
    for (; is_digit(*end); end++) {
        unsigned digit = (unsigned)(*end - '0');
        over = over || number > (UINT64_MAX - digit) / 10;
        number = number * 10 + digit;
    }
    if ((*end == '.' || *end == 'e' || *end == 'E') &&
        (end[1] == 0 || is_digit(end[1]) || end[1] == '+' || end[1] == '-'))
        return "is no whole number in digits";
    if (*end != 0)
        return no_number(text);
    if (over)
        return "is out of range";
    *size = number;
    return NULL;
}

const char *pko_convert_integer(const char *text, int64_t *value) {
    uint64_t size = 0;
    bool negative = false;
    const char *problem = convert_whole(text, &size, &negative);
    if (problem)
        return problem;
    if (size > INT64_MAX)
        return "is out of range";
    *value = negative ? -(int64_t)size : (int64_t)size;
    return NULL;
}

const char *pko_convert_seed(const char *text, uint64_t *value) {
    uint64_t size = 0;
    bool negative = false;
    const char *problem = convert_whole(text, &size, &negative);
    if (problem)
        return problem;
    if (negative && size > 0)
        return "is out of range";
    *value = size;
    return NULL;
}

const char *pko_convert_boolean(const char *text, bool *value) {
    if (strcmp(text, "true") == 0)
        *value = true;
    else if (strcmp(text, "false") == 0)
        *value = false;
    else
        return "is neither true nor false";
    return NULL;
}

const char *pko_convert_date(const char *text, int32_t *value) {
    int32_t day = 0;
    if (pko_date_parse(text, &day) == PKO_OK) {
        *value = day;
        return NULL;
    }
    const char *shape = "dddd-dd-dd";
    for (size_t k = 0; shape[k]; k++)
        if (shape[k] == 'd' ? !is_digit(text[k]) : text[k] != shape[k])
            return "is no date";
    if (text[strlen(shape)] != 0)
        return "is no date: text follows it";
    bool year_fits = strncmp(text, "1900", 4) >= 0 && strncmp(text, "2999", 4) <= 0;
    return year_fits ? "is a day that does not exist" : "is out of range";
}

const char *pko_convert_name(const char *text) {
    size_t length = strlen(text);
    if (length == 0)
        return "is empty";
    if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] != 0)
        return "is no name";
    if (length >= PKO_NAME_SIZE)
        return "is too long";
    return NULL;
}

const char *pko_convert_country(const char *text) {
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 ? NULL
                                                                                : "is no code of a country";
}
