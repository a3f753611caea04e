/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans: values of parameters, the cut into shards, what two plans differ in. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/plan_text.h"
#include "experiment/points.h"
#include "experiment/store.h"
#include "pkosim/status.h"
#include "support/plans.h"

static struct pko_plan *small(int size, int replicates, int shard) {
    char text[400];
    snprintf(text, sizeof text,
             "scenario: small\nsettings: {days: 30, scale: 0.1}\nreplicates: %d\ndesign: latin_hypercube\n"
             "size: %d\nparameters: {danger.own: }\nshard: %d\n",
             replicates, size, shard);
    return test_plan(text);
}

Test(plan, every_pair_is_in_one_shard) {
    const int cases[][3] = {{7, 3, 1},    {7, 3, 2},  {7, 3, 3},   {7, 3, 7},
                            {7, 3, 1000}, {1, 10, 4}, {250, 3, 2}, {5, 1, 1}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct pko_plan *plan = small(cases[c][0], cases[c][1], cases[c][2]);
        size_t pairs = plan->points * plan->replicates;
        int *hits = calloc(pairs, sizeof *hits);
        for (size_t shard = 0; shard < plan->shards; shard++) {
            struct pko_shard_range range = pko_plan_shard(plan, shard);
            cr_expect(range.points > 0 && range.replicates > 0 &&
                      range.points * range.replicates <= (size_t)cases[c][2]);
            cr_expect(range.points == 1 || range.replicates == plan->replicates);
            for (size_t p = 0; p < range.points; p++)
                for (size_t r = 0; r < range.replicates; r++)
                    hits[(range.first_point + p) * plan->replicates + range.first_replicate + r]++;
        }
        for (size_t k = 0; k < pairs; k++)
            cr_expect(hits[k] == 1, "case %zu, pair %zu: %d", c, k, hits[k]);
        size_t block = pko_store_block(plan);
        cr_expect(block == 0 ? plan->shards <= PKO_FILES_MOST
                             : (plan->shards + block - 1) / block <= PKO_FILES_MOST &&
                                   block % plan->shards_per_point == 0);
        free(hits);
        pko_plan_free(plan);
    }
}

Test(plan, values_follow_the_scale) {
    double steps[] = {0.1, 0.5, 0.7};
    const struct pko_factor linear = {.least = 2, .most = 4};
    const struct pko_factor log = {.least = 0.01, .most = 1, .logarithmic = true};
    const struct pko_factor whole = {.least = 1, .most = 4, .whole = true};
    const struct pko_factor listed = {.values = {steps, 3}, .least = 0.1, .most = 0.7};
    cr_expect(pko_points_value(&linear, 0) == 2 && pko_points_value(&linear, 0.25) == 2.5 &&
              pko_points_value(&linear, 1) == 4);
    cr_expect(pko_points_value(&log, 0) == 0.01 && pko_points_value(&log, 1) == 1);
    cr_expect(fabs(pko_points_value(&log, 0.5) - 0.1) < 1e-15);
    cr_expect(pko_points_value(&whole, 0.4) == 2 && pko_points_value(&whole, 0.99) == 4);
    cr_expect(pko_points_value(&listed, 0) == 0.1 && pko_points_value(&listed, 0.5) == 0.5 &&
              pko_points_value(&listed, 1) == 0.7);
}

Test(plan, a_point_has_its_value_and_the_rest_of_the_scenario) {
    struct pko_plan *plan = small(4, 1, 1);
    struct pko_scenario *scenario;
    char *problems;
    for (size_t point = 0; point < plan->points; point++) {
        cr_assert(pko_plan_scenario(plan, point, &scenario, &problems) == PKO_OK);
        cr_expect(scenario->parameters.danger_own == plan->values[point]);
        cr_expect(scenario->days == 30 &&
                  scenario->parameters.danger_camp == plan->base->parameters.danger_camp);
        free(problems);
        pko_scenario_free(scenario);
    }
    pko_plan_free(plan);
}

Test(plan, one_at_a_time_starts_from_the_scenario) {
    struct pko_plan *plan = test_plan(
        "scenario: small\nsettings: {danger.camp: 0.03}\ndesign: one_at_a_time\nlevels: 2\n"
        "parameters: {danger.own: , regime.monusco.leak: , contingents.chad.escort: {range: [0.1, 0.2]}}\n");
    double own = pko_parameter_info((size_t)pko_parameter_find("danger.own"))->value;
    double leak =
        pko_regime_info((size_t)pko_regime_find("monusco"))->rule[PKO_P_regime_leak - PKO_FIRST_RULE];
    cr_assert(plan->points == 7 && plan->factors == 3);
    for (size_t point = 0; point < 7; point++) {
        const double *value = plan->values + 3 * point;
        cr_expect((value[0] == own) == (point != 1 && point != 2), "%g", value[0]);
        cr_expect((value[1] == leak) == (point != 3 && point != 4), "%g", value[1]);
        cr_expect(isnan(value[2]) == (point < 5), "an attribute is left as the scenario has it");
    }
    pko_plan_free(plan);
}

Test(plan, a_difference_is_named) {
    const char *one = "version: 1\ncommit: a\n\ndesign: grid\nseed: 4\noutcome d:\n";
    struct {
        const char *other;
        bool program;
        const char *said;
    } cases[] = {
        {one, true, NULL},
        {"version: 1\ncommit: b\n\ndesign: grid\nseed: 4\noutcome d:\n", true,
         "commit is 'a', there it is 'b'"},
        {"version: 1\ncommit: b\n\ndesign: grid\nseed: 4\noutcome d:\n", false, NULL},
        {"version: 1\ncommit: a\n\ndesign: grid\nseed: 5\noutcome d:\n", false,
         "seed is '4', there it is '5'"},
        {"version: 1\ncommit: a\n\ndesign: grid\nseed: 4\n", true, "outcome d is new"},
        {"version: 1\ncommit: a\n\ndesign: grid\nseed: 4\noutcome d:\nseries p:\n", true, "series p is gone"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *said = pko_plan_difference(one, cases[k].other, cases[k].program);
        cr_expect(cases[k].said ? said && strcmp(said, cases[k].said) == 0 : !said, "%zu: %s", k,
                  said ? said : "nothing");
        free(said);
    }
}

Test(plan, any_change_of_the_campaign_changes_the_text) {
    struct pko_plan *one = small(4, 2, 1), *same = small(4, 2, 1), *size = small(5, 2, 1),
                    *shard = small(4, 2, 2);
    cr_expect(strcmp(one->text, same->text) == 0 && strcmp(one->hash, same->hash) == 0);
    cr_expect(strcmp(one->hash, size->hash) != 0 && strcmp(one->hash, shard->hash) != 0);
    pko_plan_free(one);
    pko_plan_free(same);
    pko_plan_free(size);
    pko_plan_free(shard);
}
