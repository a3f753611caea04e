/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>

#include "model/cuts.h"
#include "support/differences.h"
#include "support/small.h"

static void expect_value(const struct pko_mission *mission, const char *name, double value) {
    double found = NAN;
    cr_expect_eq(pko_mission_get(mission, name, &found), PKO_OK, "%s", name);
    cr_expect_eq(found, value, "%s is %g, not %g", name, found, value);
}

/* At both ends of its range every parameter and rule can be set, and nothing but it; outside, nothing
 * changes. */
Test(control, every_parameter_has_its_range) {
    struct pko_scenario *scenario = SMALL("scale", "0.01");
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    size_t changes = 0, number = 0;
    for (const struct pko_parameter_info *info; (info = pko_parameter_info(number)); number++) {
        double before = NAN;
        cr_assert_eq(pko_mission_get(mission, info->name, &before), PKO_OK);
        const double wrong[] = {nextafter(info->least, -INFINITY),
                                nextafter(info->most, INFINITY),
                                -1e300,
                                1e300,
                                NAN,
                                INFINITY,
                                -INFINITY};
        uint64_t hash = pko_mission_hash(mission);
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
            cr_expect_eq(pko_mission_set(mission, info->name, wrong[k]), PKO_ERROR_RANGE, "%s = %g",
                         info->name, wrong[k]);
        cr_expect_eq(pko_mission_hash(mission), hash, "%s: a refused value changed something", info->name);
        const double right[] = {info->least, info->most, before};
        for (size_t k = 0; k < 3; k++) {
            struct pko_mission *was = clone_of(mission);
            cr_expect_eq(pko_mission_set(mission, info->name, right[k]), PKO_OK, "%s = %g", info->name,
                         right[k]);
            expect_value(mission, info->name, right[k]);
            const struct pko_change *change = pko_mission_change(mission, changes++);
            cr_assert_not_null(change);
            cr_expect(change->day == 0 && strcmp(change->kind, "set") == 0 &&
                      strcmp(change->name, info->name) == 0 && change->value == right[k]);
            for (size_t other = 0; pko_parameter_info(other); other++)
                if (other != number)
                    cr_assert_eq(pko_parameter_get(&mission->parameters, (int)other),
                                 pko_parameter_get(&was->parameters, (int)other));
            pko_mission_free(was);
        }
    }
    cr_expect_eq(number, PKO_PARAMETER_COUNT);
    cr_expect_null(pko_mission_change(mission, changes));
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(control, unknown_names_are_refused) {
    struct pko_scenario *scenario = SMALL("scale", "0.01");
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    uint64_t hash = pko_mission_hash(mission);
    static const char *const wrong[] = {"",     "danger",       "danger.owns", "danger.ow",
                                        "own",  "Danger.own",   "danger.own ", "regime.minusma.leak",
                                        "leak", "socialization"};
    double value = 0.5;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        cr_expect_eq(pko_mission_set(mission, wrong[k], 0.1), PKO_ERROR_NAME, "set '%s'", wrong[k]);
        cr_expect_eq(pko_mission_get(mission, wrong[k], &value), PKO_ERROR_NAME, "get '%s'", wrong[k]);
    }
    cr_expect_eq(value, 0.5);
    static const char *const arrows[] = {"", "social", "socializations", "danger.own", "Socialization"};
    for (size_t k = 0; k < sizeof arrows / sizeof *arrows; k++) {
        cr_expect_eq(pko_mission_cut(mission, arrows[k]), PKO_ERROR_NAME, "cut '%s'", arrows[k]);
        cr_expect_eq(pko_mission_restore(mission, arrows[k]), PKO_ERROR_NAME, "restore '%s'", arrows[k]);
    }
    cr_expect_eq(pko_mission_hash(mission), hash);
    cr_expect_null(pko_mission_change(mission, 0));
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(control, rules_and_overrides_are_in_force) {
    struct pko_scenario *scenario = SMALL("danger.own", "0.11", "regime.monusco.leak", "0.02");
    struct pko_mission *mission = mission_of(scenario, "monusco", 0);
    expect_value(mission, "danger.own", 0.11);
    expect_value(mission, "danger.camp", 0.08);
    expect_value(mission, "regime.leak", 0.02);
    expect_value(mission, "regime.mail_rate", 0.3);
    pko_mission_free(mission);
    mission = mission_of(scenario, "minusma", 0);
    expect_value(mission, "regime.leak", 0.001);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* What follows from a parameter is there at once, and back with it. */
Test(control, what_depends_on_a_parameter_follows) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *mission = mission_of(scenario, "minusma", 0);
    run_days(mission, 10);
    struct pko_mission *was = clone_of(mission);
    static const struct {
        const char *name;
        double value;
        const char *moved;
    } set[] = {{"trust.base", 0.7, "trust_prior_fixed"},       {"trust.language", 0.2, "trust_prior_fixed"},
               {"trust.alliance", 0.0, "trust_prior_fixed"},   {"aviation.reach", 0.9, "evacuation"},
               {"aviation.approval_speed", 0.1, "evacuation"}, {"danger.own", 0.2, ""}};
    for (size_t k = 0; k < sizeof set / sizeof *set; k++) {
        double before;
        cr_assert_eq(pko_mission_get(mission, set[k].name, &before), PKO_OK);
        cr_assert_eq(pko_mission_set(mission, set[k].name, set[k].value), PKO_OK);
        struct differences found = differences_of(mission, was);
        cr_expect(differs_in(&found, "parameters"));
        cr_expect(!*set[k].moved || differs_in(&found, set[k].moved), "%s leaves %s", set[k].name,
                  set[k].moved);
        cr_expect_eq(found.count, *set[k].moved ? 2 : 1, "%s moves %s", set[k].name, found.name[0]);
        cr_assert_eq(pko_mission_set(mission, set[k].name, before), PKO_OK);
        found = differences_of(mission, was);
        cr_expect_eq(found.count, 0, "%s set back: %s differs", set[k].name, found.name[0]);
    }
    /* From then on the run is that of a mission in which nothing was set. */
    run_days(mission, 20);
    run_days(was, 20);
    cr_expect_eq(pko_mission_hash(mission), pko_mission_hash(was));
    pko_mission_free(mission);
    pko_mission_free(was);
    pko_scenario_free(scenario);
}

/* A parameter set before the first day is the scenario's override, for what the first state does not hang on.
 */
Test(control, set_on_the_first_day_as_in_the_scenario) {
    struct pko_scenario *plain = scenario_of("small", NULL),
                        *changed = SMALL("danger.own", "0.2", "incident.warning", "0.3");
    struct pko_mission *set = mission_of(plain, "minusma", 0), *given = mission_of(changed, "minusma", 0);
    cr_assert_eq(pko_mission_set(set, "danger.own", 0.2), PKO_OK);
    cr_assert_eq(pko_mission_set(set, "incident.warning", 0.3), PKO_OK);
    run_days(set, 100);
    run_days(given, 100);
    cr_expect_eq(pko_mission_hash(set), pko_mission_hash(given));
    pko_mission_free(set);
    pko_mission_free(given);
    pko_scenario_free(plain);
    pko_scenario_free(changed);
}

Test(control, changes_are_listed_in_their_order) {
    struct pko_scenario *scenario = SMALL("scale", "0.01", "cut", "socialization");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    static const struct pko_change made[] = {
        {0, "set", "regime.leak", 0.01},     {0, "cut", "reciprocity", 0},
        {30, "cut", "reciprocity", 0},       {30, "restore", "reciprocity", 0},
        {95, "restore", "socialization", 0}, {95, "set", "danger.own", 0.3}};
    size_t count = sizeof made / sizeof *made;
    for (size_t k = 0; k < count; k++) {
        run_days(m, made[k].day - pko_mission_day(m));
        int status = *made[k].kind == 's'   ? pko_mission_set(m, made[k].name, made[k].value)
                     : *made[k].kind == 'c' ? pko_mission_cut(m, made[k].name)
                                            : pko_mission_restore(m, made[k].name);
        cr_assert_eq(status, PKO_OK);
    }
    for (size_t k = 0; k < count; k++) {
        const struct pko_change *change = pko_mission_change(m, k);
        cr_assert_not_null(change);
        cr_expect(change->day == made[k].day && change->value == made[k].value, "change %zu", k);
        cr_expect_str_eq(change->kind, made[k].kind);
        cr_expect_str_eq(change->name, made[k].name);
    }
    cr_expect_null(pko_mission_change(m, count));
    cr_expect_null(pko_mission_change(m, SIZE_MAX));
    cr_expect(!m->cut[PKO_ARROW_reciprocity] && !m->cut[PKO_ARROW_socialization]);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* A second cut of an arrow that is cut changes nothing; restored and cut again, it freezes anew. */
Test(control, cut_twice_stays_frozen_where_it_was) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    const double *frozen = m->frozen_region + PKO_ARROW_stability_to_threat * m->extent.R;
    run_days(m, 20);
    cr_assert_eq(pko_mission_cut(m, "stability_to_threat"), PKO_OK);
    double first = *frozen;
    cr_expect_eq(first, m->memory_stability[0]);
    run_days(m, 20);
    cr_assert_eq(pko_mission_cut(m, "stability_to_threat"), PKO_OK);
    cr_expect_eq(*frozen, first);
    cr_assert_eq(pko_mission_restore(m, "stability_to_threat"), PKO_OK);
    cr_assert_eq(pko_mission_restore(m, "stability_to_threat"), PKO_OK);
    cr_assert_eq(pko_mission_cut(m, "stability_to_threat"), PKO_OK);
    cr_expect(*frozen != first && *frozen == m->memory_stability[0]);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

Test(control, keeps_a_class_for_plots) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL;
    char *problems = NULL;
    cr_assert_eq(pko_scenario_load("small", NULL, 0, &scenario, &problems), PKO_OK);
    cr_assert_eq(pko_mission_create(scenario, "minusma", 0, &mission), PKO_OK);
    const char *weights[] = {"threat.weight_movement", "threat.weight_camp", "threat.weight_soft"};
    for (size_t k = 0; k < 3; k++)
        cr_assert_eq(pko_mission_set(mission, weights[k], 0.0), PKO_OK);
    double left = 0.0;
    cr_assert_eq(pko_mission_set(mission, "threat.weight_population", 0.0), PKO_ERROR_RANGE);
    cr_assert_eq(pko_mission_get(mission, "threat.weight_population", &left), PKO_OK);
    cr_assert_gt(left, 0.0);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
}
