/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/reduce.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/individuals.h"
#include "engine/layer_means.h"

static size_t size_of(const struct pko_reading *reading, const struct pko_measure *measure) {
    return pko_measure_size(reading->mission->scenario, measure);
}

static const double *column_of(const struct pko_mission *mission, size_t offset) {
    const double *column;
    memcpy(&column, (const char *)mission + offset, sizeof column);
    return column;
}

int pko_task_of(const struct pko_group *group) {
    if (group->kind == PKO_POLICE)
        return 4;
    if (group->kind == PKO_SECTION)
        return group->hub ? 5 : group->visits >= 1.0 ? 6 : 7;
    return group->patrol >= 0.1 ? 0 : group->escort >= 0.1 ? 1 : group->aviation > 0.0 ? 2 : 3;
}

/* Weighted mean of a layer column over the layers of each unit. */
static void weighted(const struct pko_reading *reading, const struct pko_measure *measure, size_t offset,
                     enum pko_weighing by, double *values) {
    const struct pko_mission *mission = reading->mission;
    const double *column = column_of(mission, offset);
    if (reading->layer_means && by != PKO_BY_PEOPLE &&
        pko_layer_means_weigh(reading->layer_means, measure, by, column, values))
        return;
    size_t size = size_of(reading, measure);
    double weights[PKO_CATEGORIES * 1024];
    double *weight = size <= sizeof weights / sizeof *weights ? weights : calloc(size, sizeof *weight);
    for (size_t k = 0; k < size; k++)
        values[k] = NAN;
    if (!weight)
        return;
    memset(weight, 0, size * sizeof *weight);
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        double w = pko_weight_of_layer(mission, by, layer);
        size_t unit = pko_unit_of_layer(mission->scenario, measure->dimensions, layer);
        if (w <= 0.0)
            continue;
        values[unit] = (weight[unit] > 0.0 ? values[unit] : 0.0) + w * column[layer];
        weight[unit] += w;
    }
    for (size_t k = 0; k < size; k++)
        values[k] /= weight[k] > 0.0 ? weight[k] : 1.0;
    if (weight != weights)
        free(weight);
}

#define REDUCTION(name)                                                                                      \
    static void reduce_##name(struct pko_reading *reading, const struct pko_measure *measure, size_t offset, \
                              double *values)

REDUCTION(layers) {
    if (!reading->layer_means || !pko_layer_means_read(reading->layer_means, measure, offset, values))
        weighted(reading, measure, offset, PKO_BY_PEOPLE, values);
}
REDUCTION(patrols) {
    weighted(reading, measure, offset, PKO_BY_PATROLLERS, values);
}
REDUCTION(sections) {
    weighted(reading, measure, offset, PKO_BY_MEMBERS, values);
}
REDUCTION(protection) {
    weighted(reading, measure, offset, PKO_BY_PROTECTION, values);
}

REDUCTION(regions) {
    memcpy(values, column_of(reading->mission, offset), size_of(reading, measure) * sizeof *values);
}

REDUCTION(number) {
    (void)measure;
    memcpy(values, (const char *)reading->mission + offset, sizeof *values);
}

static void groups_where(const struct pko_reading *reading, size_t offset, bool secure, double *values) {
    const struct pko_mission *mission = reading->mission;
    for (size_t g = 0; g < mission->extent.G; g++) {
        bool counts = mission->group_people[g] > 0 && (!secure || mission->scenario->groups[g].secure);
        values[g] = counts ? column_of(mission, offset)[g] : NAN;
    }
}
REDUCTION(secure_groups) {
    (void)measure;
    groups_where(reading, offset, true, values);
}
REDUCTION(present_groups) {
    (void)measure;
    groups_where(reading, offset, false, values);
}

/* A number by group that pko_mission holds in whole numbers. */
static const uint64_t *totals_of(const struct pko_mission *mission, size_t offset) {
    const uint64_t *column;
    memcpy(&column, (const char *)mission + offset, sizeof column);
    return column;
}

REDUCTION(of_groups) {
    const struct pko_mission *mission = reading->mission;
    memset(values, 0, size_of(reading, measure) * sizeof *values);
    const uint64_t *total = totals_of(mission, offset);
    enum pko_dimension dimension = measure->dimensions[0];
    for (size_t g = 0; g < mission->extent.G; g++)
        if (dimension == PKO_GROUP)
            values[g] = (double)total[g];
        else
            values[dimension == PKO_BLOC_DIM ? mission->scenario->groups[g].bloc : 0] += (double)total[g];
}

REDUCTION(of_regions) {
    for (size_t k = 0; k < size_of(reading, measure); k++)
        values[k] = (double)totals_of(reading->mission, offset)[k];
}
REDUCTION(of_channels) {
    reduce_of_regions(reading, measure, offset, values);
}

REDUCTION(of_strikes) {
    const struct pko_mission *mission = reading->mission;
    memset(values, 0, size_of(reading, measure) * sizeof *values);
    for (size_t k = 0; k < mission->extent.R4; k++) {
        size_t unit = measure->dimensions[0] == PKO_REGION ? k / PKO_PLOT_CLASSES : k % PKO_PLOT_CLASSES;
        values[unit] += (double)totals_of(mission, offset)[k];
    }
}

REDUCTION(people) {
    (void)measure, (void)offset;
    values[0] = (double)reading->mission->people;
}
REDUCTION(aboard_civilians) {
    (void)measure, (void)offset;
    values[0] = (double)reading->mission->aboard_civilians;
}
REDUCTION(people_by_group) {
    (void)measure, (void)offset;
    for (size_t g = 0; g < reading->mission->extent.G; g++)
        values[g] = (double)reading->mission->group_people[g];
}
REDUCTION(people_by_bloc) {
    (void)offset;
    const struct pko_mission *mission = reading->mission;
    memset(values, 0, size_of(reading, measure) * sizeof *values);
    for (size_t g = 0; g < mission->extent.G; g++)
        values[mission->scenario->groups[g].bloc] += (double)mission->group_people[g];
}
REDUCTION(people_by_camp) {
    (void)measure, (void)offset;
    const struct pko_mission *mission = reading->mission;
    for (size_t c = 0; c < mission->extent.C; c++) {
        values[c] = (double)mission->camp_uniformed[c];
        values[mission->extent.C + c] = (double)(mission->camp_people[c] - mission->camp_uniformed[c]);
    }
}

/* Blocs as sets, for means of T over ordered pairs of different groups that are present. */
#define BLOC(name)     (1u << PKO_##name)
#define NORTHERN       (BLOC(NATO) | BLOC(NORTH))
#define OTHER_SOLDIERS (BLOC(AFRICAN) | BLOC(ASIAN) | BLOC(OTHER))

#define STEP 4 /* groups that are added without asking whether there is another */
struct members {
    unsigned blocs;
    size_t group[PKO_GROUPS_MOST + STEP]; /* filled up with the number of groups to a multiple of STEP */
    size_t count;
};

/* The groups present of each of several sets of blocs, in order. */
static void find_members(const struct pko_mission *mission, struct members set[], size_t sets) {
    for (size_t k = 0; k < sets; k++)
        set[k].count = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        unsigned bloc = 1u << mission->scenario->groups[g].bloc;
        for (size_t k = 0; mission->group_people[g] && k < sets; k++) {
            set[k].group[set[k].count] = g;
            set[k].count += (set[k].blocs & bloc) != 0;
        }
    }
    for (size_t k = 0; k < sets; k++)
        for (size_t l = set[k].count; l % STEP != 0; l++)
            set[k].group[l] = mission->extent.G;
}

/* Ordered pairs of different groups, of two sets that are the same or share nobody. */
static size_t pairs_of(const struct members *from, const struct members *toward) {
    size_t same = from == toward ? from->count : 0;
    assert(from == toward || !(from->blocs & toward->blocs));
    return from->count * toward->count - same;
}

/* Means of T over the pairs of one set and each of several others, every sum in the order of pairs by rows.
 * Sums of different sets do not wait for each other. What is no pair counts 0, which changes no sum. */
static void mean_trust(const struct pko_mission *mission, const struct members *from,
                       const struct members *const toward[], size_t sets, double *const mean[]) {
    double sum[PKO_BLOCS + 1] = {0}, row[PKO_GROUPS_MOST + 1];
    for (size_t k = 0; k < from->count; k++) {
        size_t g = from->group[k];
        memcpy(row, mission->trust + g * mission->trust_stride, mission->extent.G * sizeof *row);
        row[g] = row[mission->extent.G] = 0.0;
        for (size_t set = 0; set < sets; set++)
            for (size_t l = 0; l < toward[set]->count; l += STEP)
                for (size_t step = 0; step < STEP; step++)
                    sum[set] += row[toward[set]->group[l + step]];
    }
    for (size_t set = 0; set < sets; set++) {
        size_t pairs = pairs_of(from, toward[set]);
        *mean[set] = pairs > 0 ? sum[set] / (double)pairs : NAN;
    }
}

static const struct pko_trust_means *trust_means(struct pko_reading *reading) {
    const struct pko_mission *mission = reading->mission;
    struct pko_trust_means *means = &reading->trust;
    struct members of[PKO_BLOCS + 2], *north = &of[PKO_BLOCS], *others = &of[PKO_BLOCS + 1];
    if (reading->has_trust)
        return means;
    reading->has_trust = true;
    for (unsigned bloc = 0; bloc < PKO_BLOCS; bloc++)
        of[bloc].blocs = 1u << bloc;
    north->blocs = NORTHERN;
    others->blocs = OTHER_SOLDIERS;
    find_members(mission, of, PKO_BLOCS + 2);
    for (unsigned from = 0; from < PKO_BLOCS; from++) {
        const struct members *toward[PKO_BLOCS + 1];
        double *mean[PKO_BLOCS + 1];
        for (unsigned bloc = 0; bloc < PKO_BLOCS; bloc++) {
            toward[bloc] = &of[bloc];
            mean[bloc] = &means->of_blocs[from][bloc];
        }
        toward[PKO_BLOCS] = north;
        mean[PKO_BLOCS] = &means->african_north;
        mean_trust(mission, &of[from], toward, from == PKO_AFRICAN ? PKO_BLOCS + 1 : PKO_BLOCS, mean);
    }
    mean_trust(mission, north, (const struct members *[]){&of[PKO_AFRICAN], north, others}, 3,
               (double *[]){&means->north_african, &means->north, &means->north_others});
    return means;
}

REDUCTION(trust_by_bloc) {
    (void)measure, (void)offset;
    memcpy(values, trust_means(reading)->of_blocs, sizeof reading->trust.of_blocs);
}
REDUCTION(trust_african_north) {
    (void)measure, (void)offset;
    values[0] = trust_means(reading)->african_north;
}
REDUCTION(trust_north_african) {
    (void)measure, (void)offset;
    values[0] = trust_means(reading)->north_african;
}
REDUCTION(othering_gap) {
    (void)measure, (void)offset;
    values[0] = trust_means(reading)->north - trust_means(reading)->north_others;
}

static double share(uint64_t known, uint64_t targeted) {
    return targeted ? (double)known / (double)targeted : NAN;
}

REDUCTION(access_by_group) {
    (void)measure, (void)offset;
    const struct pko_mission *mission = reading->mission;
    for (size_t g = 0; g < mission->extent.G; g++)
        values[g] = share(mission->total_known[g], mission->total_targeted[g]);
}
REDUCTION(access_by_bloc) {
    (void)measure, (void)offset;
    const struct pko_mission *mission = reading->mission;
    uint64_t known[PKO_BLOCS] = {0}, targeted[PKO_BLOCS] = {0};
    for (size_t g = 0; g < mission->extent.G; g++) {
        known[mission->scenario->groups[g].bloc] += mission->total_known[g];
        targeted[mission->scenario->groups[g].bloc] += mission->total_targeted[g];
    }
    for (int bloc = 0; bloc < PKO_BLOCS; bloc++)
        values[bloc] = share(known[bloc], targeted[bloc]);
}
REDUCTION(access) {
    (void)measure, (void)offset;
    const struct pko_mission *mission = reading->mission;
    uint64_t known = 0, targeted = 0;
    for (size_t g = 0; g < mission->extent.G; g++) {
        known += mission->total_known[g];
        targeted += mission->total_targeted[g];
    }
    values[0] = share(known, targeted);
}

static int ascending(const void *one, const void *other) {
    const double *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

double pko_gini(double *value, size_t count) {
    double sum = 0.0, weighted_sum = 0.0, n = (double)count;
    qsort(value, count, sizeof *value, ascending);
    for (size_t k = 0; k < count; k++) {
        sum += value[k];
        weighted_sum += (2.0 * (double)(k + 1) - n - 1.0) * value[k];
    }
    return sum > 0.0 ? weighted_sum / (n * sum) : NAN;
}

/* Over the contingents with at least one plot due (police and sections left out). */
REDUCTION(access_gini) {
    (void)measure, (void)offset;
    const struct pko_mission *mission = reading->mission;
    double shares[PKO_GROUPS_MOST];
    size_t count = 0;
    for (size_t g = 0; g < mission->extent.G; g++)
        if (mission->scenario->groups[g].kind == PKO_CONTINGENT && mission->total_targeted[g])
            shares[count++] = share(mission->total_known[g], mission->total_targeted[g]);
    values[0] = pko_gini(shares, count);
}

#define OVER_INDIVIDUALS(name)                                                                               \
    REDUCTION(name) {                                                                                        \
        (void)measure, (void)offset;                                                                         \
        pko_over_individuals_##name(reading, values);                                                        \
    }
OVER_INDIVIDUALS(quantiles)
OVER_INDIVIDUALS(ambivalent)
OVER_INDIVIDUALS(ambivalent_by_category)
OVER_INDIVIDUALS(ambivalent_contact)
OVER_INDIVIDUALS(ambivalent_contact_independent)
OVER_INDIVIDUALS(correlation_ab)
OVER_INDIVIDUALS(correlation_ab_by_category)
OVER_INDIVIDUALS(sd_reinforcement)
OVER_INDIVIDUALS(sd_resistance)
OVER_INDIVIDUALS(riders)

REDUCTION(total) {
    (void)measure;
    values[0] = (double)reading->mission->total_mission[offset];
}

static const struct {
    void (*reduce)(struct pko_reading *reading, const struct pko_measure *measure, size_t offset,
                   double *values);
    size_t offset;
} rows[] = {
#define PKO_MEASURE(name, one, other, how, column, kind, unit, least, most, text)                            \
    {reduce_##how, offsetof(struct pko_mission, column)},
#define PKO_MEASURE_TOTAL(name, total, unit, text) {reduce_total, PKO_TOTAL_##total},
#include "engine/measures.def"
#undef PKO_MEASURE
#undef PKO_MEASURE_TOTAL
};

void pko_read_measure(struct pko_reading *reading, size_t measure, double *values) {
    rows[measure].reduce(reading, pko_measure(measure), rows[measure].offset, values);
}
