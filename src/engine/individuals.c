/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/individuals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/record_rows.h"
#include "pkosim/status.h"

/* Moves the value that sorting would put at `place` there, none greater before it and none less behind it
 * (Hoare's selection). */
static void put_in_place(float *value, size_t count, size_t place) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        float pivot = value[low + (high - low) / 2];
        size_t left = low, right = high;
        for (;;) {
            while (value[left] < pivot)
                left++;
            while (value[right] > pivot)
                right--;
            if (left >= right)
                break;
            float taken = value[left];
            value[left++] = value[right];
            value[right--] = taken;
        }
        if (place <= right)
            high = right;
        else
            low = right + 1;
    }
}

/* The median of the category's values; the mean of the middle two of an even number. Uses `among` as
 * scratch. */
static float median_of(const struct pko_mission *mission, const float *state, int category, float *among) {
    size_t count = 0;
    for (uint32_t i = 0; i < mission->people; i++)
        if (((mission->traits[i] & PKO_TRAIT_UNIFORMED) ? 0 : 1) == category)
            among[count++] = state[i];
    if (count == 0)
        return NAN;
    put_in_place(among, count, count / 2);
    if (count % 2)
        return among[count / 2];
    float before = among[0]; /* the greatest of the lower half */
    for (size_t k = 1; k < count / 2; k++)
        before = among[k] > before ? among[k] : before;
    return (before + among[count / 2]) / 2.0f;
}

/* Before the first day nobody is aboard a convoy: that column lends its memory. */
void pko_take_medians(struct pko_mission *mission) {
    float *scratch = mission->ride_posture;
    for (int category = 0; category < PKO_CATEGORIES; category++) {
        mission->median[category][0] = median_of(mission, mission->reinforcement, category, scratch);
        mission->median[category][1] = median_of(mission, mission->resistance, category, scratch);
    }
    memset(scratch, 0, mission->people * sizeof *scratch);
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
        enum pko_level level = pko_level_of(mission->clone);
        memset(reading->moments, 0, sizeof reading->moments);
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int layer = mission->order[k];
            const struct pko_group *group = pko_group_of(mission, layer);
            int category = pko_is_uniformed(group) ? 0 : 1;
            size_t first = mission->layer_first[layer];
            struct pko_moments of_layer;
            PKO_CHOOSE(level, pko_layer_moments)
            (mission->reinforcement + first, mission->resistance + first, mission->layer_people[layer],
             mission->median[category], &of_layer);
            add(&reading->moments[category], &of_layer);
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

/* The bin in which a quantile lies, between two edges: `wanted` people or more lie below the high one, fewer
 * below the low one. */
struct bracket {
    double wanted;
    int low, high;
    uint64_t below_low, below_high;
};

/* Counts the people below one edge inside each bracket, which becomes one of its ends. */
static void look(enum pko_level level, const float *state, size_t count, size_t step,
                 const int edge[PKO_LIMITS], struct bracket bracket[PKO_LIMITS]) {
    float limit[PKO_LIMITS];
    uint64_t below[PKO_LIMITS];
    for (int q = 0; q < PKO_LIMITS; q++)
        limit[q] = (float)edge[q] / PKO_BINS;
    PKO_CHOOSE(level, pko_count_below)(state, count, step, limit, below);
    for (int q = 0; q < PKO_LIMITS; q++) {
        struct bracket *b = &bracket[q];
        if (edge[q] <= b->low || edge[q] >= b->high) /* found already */
            continue;
        if ((double)below[q] < b->wanted) {
            b->low = edge[q];
            b->below_low = below[q];
        } else {
            b->high = edge[q];
            b->below_high = below[q];
        }
    }
}

static bool all_found(const struct bracket bracket[PKO_LIMITS]) {
    bool found = true;
    for (int q = 0; q < PKO_LIMITS; q++)
        found &= bracket[q].high - bracket[q].low == 1;
    return found;
}

/* Where to look next: at the guess, NEAR it on the side on which it turned out to be wrong, then where the
 * quantile would lie if people were spread evenly over the bracket, and if they are not, in the middle. */
#define NEAR 8
#define EVEN 8 /* looks after which it is the middle */
static int next_edge(const struct bracket *b, int guess, int look) {
    int edge = (b->low + b->high) / 2;
    if (look == 0)
        edge = guess;
    else if (look == 1)
        edge = guess <= b->low ? guess + NEAR : guess - NEAR;
    else if (look < EVEN && b->below_high > b->below_low)
        edge = b->low + (int)((double)(b->high - b->low) * (b->wanted - (double)b->below_low) /
                              (double)(b->below_high - b->below_low));
    edge = edge > b->low ? edge : b->low + 1;
    return edge < b->high ? edge : b->high - 1;
}

/* Guesses come from one in eight blocks of sixteen people. */
#define SAMPLED 8

void pko_quantiles(enum pko_level level, const float *state, size_t count,
                   const double probability[PKO_LIMITS], double values[PKO_LIMITS]) {
    struct bracket bracket[PKO_LIMITS], rough[PKO_LIMITS];
    size_t blocks = count / 16, sampled = (blocks + SAMPLED - 1) / SAMPLED * 16;
    int edge[PKO_LIMITS];
    for (int q = 0; q < PKO_LIMITS; q++) {
        rough[q] = (struct bracket){probability[q] * (double)sampled, 0, PKO_BINS, 0, sampled};
        bracket[q] = (struct bracket){probability[q] * (double)count, 0, PKO_BINS, 0, count};
    }
    while (!all_found(rough)) {
        for (int q = 0; q < PKO_LIMITS; q++)
            edge[q] = (rough[q].low + rough[q].high) / 2;
        look(level, state, count, SAMPLED, edge, rough);
    }
    for (int looks = 0; !all_found(bracket); looks++) {
        for (int q = 0; q < PKO_LIMITS; q++)
            edge[q] = next_edge(&bracket[q], rough[q].low, looks);
        look(level, state, count, 1, edge, bracket);
    }
    for (int q = 0; q < PKO_LIMITS; q++) {
        const struct bracket *b = &bracket[q];
        double inside = (b->wanted - (double)b->below_low) / (double)(b->below_high - b->below_low);
        values[q] = count ? ((double)b->low + inside) / PKO_BINS : NAN;
    }
}

/* The quantiles of the five states, each a piece. */
#define STATES        5
#define MANY_TO_COUNT 65536 /* people from which on it is worth waking a thread */
struct counting {
    const struct pko_mission *mission;
    const float *state[STATES];
    double *values;
};

static void count_state(void *given, size_t state) {
    static const double probability[PKO_LIMITS] = {0.1, 0.5, 0.9};
    const struct counting *work = given;
    pko_quantiles(pko_level_of(work->mission->clone), work->state[state], work->mission->people, probability,
                  work->values + PKO_LIMITS * state);
}

void pko_over_individuals_quantiles(struct pko_reading *reading, double *values) {
    const struct pko_mission *m = reading->mission;
    struct counting work = {
        m, {m->danger, m->trauma, m->reinforcement, m->resistance, m->cross_trust}, values};
    struct pko_crew alone = {0};
    for (int k = 0; reading->skip_quantiles && k < STATES * PKO_LIMITS; k++)
        values[k] = NAN;
    if (!reading->skip_quantiles)
        pko_crew_work(m->people < MANY_TO_COUNT ? &alone : &m->crew, STATES, count_state, &work);
}

/* Mean reinforcement, resistance and cross-category trust of the members of a section's detachment who have
 * [0] and have not [1] been aboard a convoy since they arrived; false unless it is such a detachment and has
 * both. */
static bool riders_of(const struct pko_mission *mission, int layer, double mean[3][2]) {
    size_t first = mission->layer_first[layer], people = mission->layer_people[layer];
    const float *state[3] = {mission->reinforcement + first, mission->resistance + first,
                             mission->cross_trust + first};
    if (pko_group_of(mission, layer)->kind != PKO_SECTION)
        return false;
    size_t riders = PKO_CHOOSE(pko_level_of(mission->clone), pko_rider_sums)(state, mission->traits + first,
                                                                             people, mean);
    if (riders == 0 || riders == people)
        return false;
    for (int s = 0; s < 3; s++) {
        mean[s][0] /= (double)riders;
        mean[s][1] /= (double)(people - riders);
    }
    return true;
}

static void add_detachment(struct pko_rider_sums *sum, double mean[3][2]) {
    sum->detachments += 1.0;
    for (int s = 0; s < 3; s++)
        for (int kind = 0; kind < 2; kind++)
            sum->mean[s][kind] += mean[s][kind];
}

void pko_over_individuals_riders(struct pko_reading *reading, double *values) {
    const struct pko_mission *mission = reading->mission;
    struct pko_rider_sums sum = {{{0}}, 0.0};
    double mean[3][2];
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        if (!riders_of(mission, mission->order[k], mean))
            continue;
        add_detachment(&sum, mean);
        if (reading->riders)
            add_detachment(reading->riders, mean);
    }
    for (int s = 0; s < 3; s++)
        for (int kind = 0; kind < 2; kind++)
            values[2 * s + kind] = sum.detachments > 0.0 ? sum.mean[s][kind] / sum.detachments : NAN;
}
