/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "pkosim/pkosim.h"

static const int CODES[] = {
#define CODE(code, number, text) code,
    PKO_STATUS_LIST(CODE)
#undef CODE
};
enum { CODE_COUNT = sizeof CODES / sizeof CODES[0] };

Test(status, success_is_zero_and_errors_are_negative) {
    cr_expect(PKO_OK == 0);
    for (int k = 0; k < CODE_COUNT; k++)
        cr_expect(CODES[k] == PKO_OK || CODES[k] < 0, "%d", CODES[k]);
}

Test(status, every_code_has_a_text_of_its_own) {
    for (int k = 0; k < CODE_COUNT; k++) {
        const char *text = pko_status_text(CODES[k]);
        cr_assert(text != NULL && text[0] != '\0' && strcmp(text, "unknown status") != 0, "%d", CODES[k]);
        for (int j = 0; j < k; j++)
            cr_expect(CODES[j] != CODES[k] && strcmp(pko_status_text(CODES[j]), text) != 0, "%d, %d",
                      CODES[j], CODES[k]);
    }
    cr_expect(strcmp(pko_status_text(PKO_ERROR_MEMORY), "out of memory") == 0);
    cr_expect(strcmp(pko_status_text(PKO_OK), "success") == 0);
}

Test(status, other_numbers_are_unknown) {
    const int others[] = {1, -2, -9, -15, -1000, 2147483647};
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
        cr_expect(strcmp(pko_status_text(others[k]), "unknown status") == 0, "%d", others[k]);
}

Test(status, version_has_three_numbers) {
    int major, minor, patch;
    char after;
    cr_expect(sscanf(pko_version(), "%d.%d.%d%c", &major, &minor, &patch, &after) == 3, "%s", pko_version());
}
