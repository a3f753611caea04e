/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/shapley.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

void pko_shapley(size_t players, const double *worth, double *value) {
    assert(players <= PKO_PLAYERS_MOST);
    size_t sets = (size_t)1 << players;
    /* A player comes after exactly the set s in |s|!·(n − 1 − |s|)! of the n! orders: 1/(n·C(n − 1, |s|)). */
    double weight[PKO_PLAYERS_MOST], choices = 1.0;
    for (size_t k = 0; k < players; k++) {
        weight[k] = 1.0 / ((double)players * choices);
        choices = choices * (double)(players - 1 - k) / (double)(k + 1);
    }
    for (size_t player = 0; player < players; player++) {
        size_t bit = (size_t)1 << player;
        double sum = 0.0;
        for (size_t set = 0; set < sets; set++)
            if (!(set & bit))
                sum += weight[__builtin_popcountll(set)] * (worth[set | bit] - worth[set]);
        value[player] = sum;
    }
}

void pko_round_to_total(size_t count, const double *value, double total, int decimals, double *rounded) {
    assert(decimals >= 0 && decimals <= 9);
    double unit = pow(10.0, -decimals), left = nearbyint(total / unit);
    for (size_t k = 0; k < count; k++) {
        rounded[k] = nearbyint(value[k] / unit);
        left -= rounded[k];
    }
    for (double step = left > 0.0 ? 1.0 : -1.0; left != 0.0 && count > 0; left -= step) {
        size_t best = 0;
        for (size_t k = 1; k < count; k++)
            if (step * (value[k] / unit - rounded[k]) > step * (value[best] / unit - rounded[best]))
                best = k;
        rounded[best] += step;
    }
    for (size_t k = 0; k < count; k++)
        rounded[k] *= unit;
}
