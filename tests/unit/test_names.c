/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <string.h>

#include "base/names.h"

Test(names, distance_counts_edits) {
    const struct {
        const char *one, *other;
        int distance;
    } rows[] = {
        {"", "", 0},
        {"", "gao", 3},
        {"gao", "gao", 0},
        {"gao", "goa", 1},
        {"germny", "germany", 1},
        {"germany", "germnay", 1},
        {"mopti", "moptis", 1},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3}, /* optimal string alignment: no edit inside a transposition (2 if there were) */
        {"abcdef", "badcfe", 3},
        {"Gao", "gao", 1},
        {"flaw", "lawn", 2},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int there = pko_name_distance(rows[k].one, rows[k].other);
        int back = pko_name_distance(rows[k].other, rows[k].one);
        cr_expect(there == rows[k].distance && back == rows[k].distance, "%s, %s: %d and %d, not %d",
                  rows[k].one, rows[k].other, there, back, rows[k].distance);
    }
}

Test(names, distance_looks_at_63_characters) {
    char one[201], other[201];
    memset(one, 'a', 200);
    memset(other, 'a', 200);
    one[200] = other[200] = '\0';
    other[62] = 'b';
    other[63] = 'b';
    other[150] = 'b';
    cr_expect(pko_name_distance(one, other) == 1);
    memset(other, 'b', 200);
    cr_expect(pko_name_distance(one, other) == 63);
    cr_expect(pko_name_distance(one, "") == 63);
}

static const char *camp(const void *context, size_t k) {
    return ((const char *const *)context)[k];
}

static const char *nearest(const char *wrong) {
    static const char *const camps[] = {"castor", "timbuktu", "gao", "kidal", "tessalit", "mopti", NULL};
    return pko_name_nearest(wrong, camp, camps);
}

#define EXPECT_NEAREST(wrong, right) cr_expect(nearest(wrong) != NULL && strcmp(nearest(wrong), right) == 0)

Test(names, nearest_finds_the_misspelt) {
    EXPECT_NEAREST("castro", "castor");
    EXPECT_NEAREST("tombouctu", "timbuktu");
    EXPECT_NEAREST("goa", "gao");
    EXPECT_NEAREST("tesalit", "tessalit");
    EXPECT_NEAREST("kidal", "kidal");
}

Test(names, nearest_keeps_silent_about_the_unlike) {
    cr_expect(nearest("bangui") == NULL);
    cr_expect(nearest("") == NULL);
    cr_expect(nearest("x") == NULL);
    const char *none[] = {NULL};
    cr_expect(pko_name_nearest("gao", camp, none) == NULL);
}

/* At most 1 + a third of the length: 3 edits for six characters, not 4. */
Test(names, nearest_stops_at_its_limit) {
    const char *names[] = {"abcdef", NULL};
    cr_expect(pko_name_nearest("abcxyz", camp, names) == names[0]);
    cr_expect(pko_name_nearest("abwxyz", camp, names) == NULL);
}

Test(names, nearest_prefers_the_first_of_equals) {
    const char *names[] = {"north", "forth", "worth", NULL};
    cr_expect(pko_name_nearest("orth", camp, names) == names[0]);
    cr_expect(pko_name_nearest("worthy", camp, names) == names[2]);
}
