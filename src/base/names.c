/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

#include <limits.h>

#define LONGEST 63

static int least_of(int a, int b) {
    return a < b ? a : b;
}

static size_t cut_length(const char *text) {
    size_t length = 0;
    while (length < LONGEST && text[length] != '\0')
        length++;
    return length;
}

int pko_name_distance(const char *one, const char *other) {
    size_t rows = cut_length(one), columns = cut_length(other);
    /* row[i % 3][j]: distance of the first i characters of one to the first j of the other; a transposition
     * looks two rows back, so three are kept. */
    int row[3][LONGEST + 1];
    for (size_t j = 0; j <= columns; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= rows; i++) {
        int *now = row[i % 3];
        const int *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= columns; j++) {
            int best = before[j - 1] + (one[i - 1] != other[j - 1]);
            best = least_of(best, least_of(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                best = least_of(best, two_before[j - 2] + 1);
            now[j] = best;
        }
    }
    return row[rows % 3][columns];
}

const char *pko_name_nearest(const char *wrong, const char *(*name)(const void *context, size_t k),
                             const void *context) {
    const char *nearest = NULL;
    int least = INT_MAX;
    for (size_t k = 0;; k++) {
        const char *candidate = name(context, k);
        if (candidate == NULL)
            break;
        int distance = pko_name_distance(wrong, candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return least <= 1 + (int)(cut_length(wrong) / 3) ? nearest : NULL;
}
