/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/individuals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/tally.h"
#include "pkosim/status.h"

static int ascending(const void *one, const void *other) {
    const float *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

/* The median of the category's values; the mean of the middle two of an even number. Uses `sorted` as
 * scratch. */
static float median_of(const struct pko_mission *mission, const float *state, int category, float *sorted) {
    size_t count = 0;
    for (uint32_t i = 0; i < mission->people; i++)
        if (((mission->traits[i] & PKO_TRAIT_UNIFORMED) ? 0 : 1) == category)
            sorted[count++] = state[i];
    if (count == 0)
        return NAN;
    qsort(sorted, count, sizeof *sorted, ascending);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0f;
}

int pko_take_medians(struct pko_mission *mission) {
    float *scratch = malloc((mission->people + 1) * sizeof *scratch);
    if (!scratch)
        return PKO_ERROR_MEMORY;
    for (int category = 0; category < PKO_CATEGORIES; category++) {
        mission->median[category][0] = median_of(mission, mission->reinforcement, category, scratch);
        mission->median[category][1] = median_of(mission, mission->resistance, category, scratch);
    }
    free(scratch);
    return PKO_OK;
}

enum { A, B, AA, BB, AB, HIGH_A, HIGH_B, HIGH_BOTH, SUMS };

/* Sums over the members of one layer, in lanes by place mod 16. */
static void layer_moments(const struct pko_mission *mission, int layer, struct pko_moments *sum) {
    double lane[SUMS][PKO_LANES] = {{0}};
    size_t first = mission->layer_first[layer], count = mission->layer_people[layer];
    const float *median = mission->median[pko_is_uniformed(pko_group_of(mission, layer)) ? 0 : 1];
    for (size_t k = 0; k < count; k++) {
        float a = mission->reinforcement[first + k], b = mission->resistance[first + k];
        size_t l = k % PKO_LANES;
        bool high_a = a > median[0], high_b = b > median[1];
        lane[A][l] += (double)a;
        lane[B][l] += (double)b;
        lane[AA][l] += (double)a * (double)a;
        lane[BB][l] += (double)b * (double)b;
        lane[AB][l] += (double)a * (double)b;
        lane[HIGH_A][l] += high_a;
        lane[HIGH_B][l] += high_b;
        lane[HIGH_BOTH][l] += high_a && high_b;
    }
    *sum = (struct pko_moments){.people = (double)count,
                                .a = pko_tally_tree(lane[A]),
                                .b = pko_tally_tree(lane[B]),
                                .aa = pko_tally_tree(lane[AA]),
                                .bb = pko_tally_tree(lane[BB]),
                                .ab = pko_tally_tree(lane[AB]),
                                .high_a = pko_tally_tree(lane[HIGH_A]),
                                .high_b = pko_tally_tree(lane[HIGH_B]),
                                .high_both = pko_tally_tree(lane[HIGH_BOTH])};
}

static void add(struct pko_moments *to, const struct pko_moments *more) {
    to->people += more->people;
    to->a += more->a, to->b += more->b;
    to->aa += more->aa, to->bb += more->bb, to->ab += more->ab;
    to->high_a += more->high_a, to->high_b += more->high_b, to->high_both += more->high_both;
}

static const struct pko_moments *moments(struct pko_reading *reading) {
    const struct pko_mission *mission = reading->mission;
    if (!reading->has_moments) {
        memset(reading->moments, 0, sizeof reading->moments);
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int layer = mission->order[k];
            const struct pko_group *group = pko_group_of(mission, layer);
            struct pko_moments of_layer;
            layer_moments(mission, layer, &of_layer);
            add(&reading->moments[pko_is_uniformed(group) ? 0 : 1], &of_layer);
            if (group->patrol > 0.0)
                add(&reading->moments[PKO_CATEGORIES], &of_layer);
        }
        reading->has_moments = true;
    }
    return reading->moments;
}

/* A category without people on day 0 has no medians, so its shares do not exist. */
static bool has_medians(const struct pko_mission *mission, int category) {
    return !isnan(mission->median[category][0]);
}

static double share(double part, double whole, bool exists) {
    return exists && whole > 0.0 ? part / whole : NAN;
}

void pko_over_individuals_ambivalent(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    bool exists = (m[0].people <= 0.0 || has_medians(reading->mission, 0)) &&
                  (m[1].people <= 0.0 || has_medians(reading->mission, 1));
    values[0] = share(m[0].high_both + m[1].high_both, m[0].people + m[1].people, exists);
}

void pko_over_individuals_ambivalent_by_category(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    for (int category = 0; category < PKO_CATEGORIES; category++)
        values[category] =
            share(m[category].high_both, m[category].people, has_medians(reading->mission, category));
}

void pko_over_individuals_ambivalent_contact(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = &moments(reading)[PKO_CATEGORIES];
    values[0] = share(m->high_both, m->people, has_medians(reading->mission, 0));
}

void pko_over_individuals_ambivalent_contact_independent(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = &moments(reading)[PKO_CATEGORIES];
    bool exists = has_medians(reading->mission, 0);
    values[0] = share(m->high_a, m->people, exists) * share(m->high_b, m->people, exists);
}

/* Spread of a and b and their product about the category's means. */
static void spreads(const struct pko_moments *m, double *aa, double *bb, double *ab) {
    if (m->people <= 0.0)
        return;
    *aa += m->aa - m->a * m->a / m->people;
    *bb += m->bb - m->b * m->b / m->people;
    *ab += m->ab - m->a * m->b / m->people;
}

/* A correlation without spread is 0 (ODD 6). */
static double correlation(double aa, double bb, double ab) {
    return aa > 0.0 && bb > 0.0 ? ab / sqrt(aa * bb) : 0.0;
}

void pko_over_individuals_correlation_ab(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    double aa = 0.0, bb = 0.0, ab = 0.0;
    for (int category = 0; category < PKO_CATEGORIES; category++)
        spreads(&m[category], &aa, &bb, &ab);
    values[0] = m[0].people + m[1].people > 0.0 ? correlation(aa, bb, ab) : NAN;
}

void pko_over_individuals_correlation_ab_by_category(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    for (int category = 0; category < PKO_CATEGORIES; category++) {
        double aa = 0.0, bb = 0.0, ab = 0.0;
        spreads(&m[category], &aa, &bb, &ab);
        values[category] = m[category].people > 0.0 ? correlation(aa, bb, ab) : NAN;
    }
}

static double deviation(double people, double sum, double squares) {
    double variance = people > 0.0 ? squares / people - (sum / people) * (sum / people) : NAN;
    return variance > 0.0 ? sqrt(variance) : variance * 0.0;
}

void pko_over_individuals_sd_reinforcement(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    values[0] = deviation(m[0].people + m[1].people, m[0].a + m[1].a, m[0].aa + m[1].aa);
}

void pko_over_individuals_sd_resistance(struct pko_reading *reading, double *values) {
    const struct pko_moments *m = moments(reading);
    values[0] = deviation(m[0].people + m[1].people, m[0].b + m[1].b, m[0].bb + m[1].bb);
}

/* Quantiles from 1,024 fixed bins of [0,1], linear inside a bin: within 1/2048 of the exact ones. */
#define BINS 1024
static void quantiles_of(const struct pko_mission *mission, const float *state, double values[3]) {
    static const double probability[3] = {0.1, 0.5, 0.9};
    uint32_t bin[BINS] = {0};
    for (uint32_t i = 0; i < mission->people; i++) {
        int at = (int)(state[i] * (float)BINS);
        bin[at < BINS ? at : BINS - 1]++;
    }
    for (int q = 0; q < 3; q++) {
        double wanted = probability[q] * (double)mission->people, below = 0.0;
        int at = 0;
        while (at < BINS - 1 && below + (double)bin[at] < wanted)
            below += (double)bin[at++];
        double inside = bin[at] ? (wanted - below) / (double)bin[at] : 0.0;
        values[q] = mission->people ? ((double)at + inside) / BINS : NAN;
    }
}

void pko_over_individuals_quantiles(struct pko_reading *reading, double *values) {
    const struct pko_mission *m = reading->mission;
    const float *state[] = {m->danger, m->trauma, m->reinforcement, m->resistance, m->cross_trust};
    for (int s = 0; s < 5; s++) {
        if (reading->skip_quantiles)
            values[3 * s] = values[3 * s + 1] = values[3 * s + 2] = NAN;
        else
            quantiles_of(m, state[s], values + 3 * s);
    }
}

bool pko_riders_of(const struct pko_mission *mission, int layer, double mean[3][2]) {
    const float *state[3] = {mission->reinforcement, mission->resistance, mission->cross_trust};
    size_t first = mission->layer_first[layer], people = mission->layer_people[layer];
    double lane[3][2][PKO_LANES] = {{{0}}}, count[2] = {0, 0};
    if (pko_group_of(mission, layer)->kind != PKO_SECTION)
        return false;
    for (size_t p = 0; p < people; p++) {
        int kind = mission->traits[first + p] & PKO_TRAIT_RIDER ? 0 : 1;
        count[kind] += 1.0;
        for (int s = 0; s < 3; s++)
            lane[s][kind][p % PKO_LANES] += (double)state[s][first + p];
    }
    if (count[0] == 0.0 || count[1] == 0.0)
        return false;
    for (int s = 0; s < 3; s++)
        for (int kind = 0; kind < 2; kind++)
            mean[s][kind] = pko_tally_tree(lane[s][kind]) / count[kind];
    return true;
}

void pko_over_individuals_riders(struct pko_reading *reading, double *values) {
    const struct pko_mission *mission = reading->mission;
    double sum[3][2] = {{0}}, mean[3][2], detachments = 0.0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        if (!pko_riders_of(mission, mission->order[k], mean))
            continue;
        detachments += 1.0;
        for (int s = 0; s < 3; s++)
            for (int kind = 0; kind < 2; kind++)
                sum[s][kind] += mean[s][kind];
    }
    for (int s = 0; s < 3; s++)
        for (int kind = 0; kind < 2; kind++)
            values[2 * s + kind] = detachments > 0.0 ? sum[s][kind] / detachments : NAN;
}
