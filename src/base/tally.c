/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tally.h"

double pko_tally(const float *value, size_t count) {
    double lane[PKO_LANES] = {0};
    size_t whole = count - count % PKO_LANES;
    for (size_t k = 0; k < whole; k += PKO_LANES)
        for (int l = 0; l < PKO_LANES; l++)
            lane[l] += (double)value[k + (size_t)l];
    for (size_t k = whole; k < count; k++)
        lane[k % PKO_LANES] += (double)value[k];
    return pko_tally_tree(lane);
}
