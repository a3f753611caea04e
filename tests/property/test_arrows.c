/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every arrow of ODD section 4 as a switch, on a scenario and mandate in which it acts. A run with the arrow
 * cut from day D equals its uncut twin to the byte before D; on the first day on which they differ, only what
 * hangs on the arrow that day does; by D + 60 its target differs. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <math.h>
#include <stdio.h>

#include "base/calendar.h"
#include "model/cuts.h"
#include "support/arrow_rows.h"
#include "support/differences.h"
#include "support/small.h"

#define AFTER 60

static const char *name_of(const struct arrow_row *row) {
    return pko_arrow_info((size_t)row->arrow)->name;
}
static int cut_day(const struct arrow_row *row) {
    return row->mode == ENDOGENOUS ? 330 : PKO_MEMORY_DAYS;
}

/* A built-in scenario as the row wants it: `more` are settings before its own, and a cut if `cut` is not
 * NULL. */
static struct pko_scenario *scenario_of_row(const struct arrow_row *row, const char *builtin,
                                            const char *const *more, const char *cut) {
    const char *settings[2 * SETTINGS_MOST + 1] = {"mandate.mode",
                                                   row->mode == ENDOGENOUS ? "endogenous" : "historical"};
    size_t count = 2;
    for (size_t k = 0; more && more[k]; k++)
        settings[count++] = more[k];
    for (size_t k = 0; k < 4 && row->setting[k]; k++)
        settings[count++] = row->setting[k];
    if (cut) {
        settings[count++] = "cut";
        settings[count++] = cut;
    }
    return scenario_of(builtin, settings);
}
static struct pko_scenario *scenario_for(const struct arrow_row *row, const char *cut) {
    return scenario_of_row(row, "small", NULL, cut);
}

/* The first difference of the states of people of the category that the cut should not touch; NULL if there
 * is none. */
static const char *difference_of_others(const struct arrow_row *row, const struct pko_mission *cut,
                                        const struct pko_mission *uncut) {
    const struct {
        const char *name;
        const float *one, *other;
    } state[] = {{"danger", cut->danger, uncut->danger},
                 {"trauma", cut->trauma, uncut->trauma},
                 {"reinforcement", cut->reinforcement, uncut->reinforcement},
                 {"resistance", cut->resistance, uncut->resistance},
                 {"cross_trust", cut->cross_trust, uncut->cross_trust}};
    for (size_t s = 0; s < 5; s++)
        for (uint32_t i = 0; i < cut->people; i++) {
            bool uniformed = (cut->traits[i] & PKO_TRAIT_UNIFORMED) != 0;
            bool touched = row->who == ANYONE || (row->who == UNIFORMED) == uniformed;
            if (!touched && memcmp(&state[s].one[i], &state[s].other[i], sizeof(float)) != 0)
                return state[s].name;
        }
    return NULL;
}

/* Steps both to the first evening on which they differ, at most 61 days on from today, and holds that evening
 * to the row. Returns the days that this took, 0 if there was none. */
static int meet_first_difference(const struct arrow_row *row, struct pko_mission *cut,
                                 struct pko_mission *uncut) {
    for (int k = 1; k <= AFTER + 1; k++) {
        run_days(cut, 1);
        run_days(uncut, 1);
        struct differences found = differences_of(cut, uncut);
        if (found.count == 0)
            continue;
        const char *outside = difference_outside(&found, row->first);
        cr_assert_null(outside, "%s cut: %s differs on day %d, the first with a difference", name_of(row),
                       outside, cut->day - 1);
        outside = difference_of_others(row, cut, uncut);
        cr_assert_null(outside, "%s cut: %s of the other category differs on day %d", name_of(row), outside,
                       cut->day - 1);
        return k;
    }
    return 0;
}

static bool target_differs_by(const struct arrow_row *row, struct pko_mission *cut, struct pko_mission *uncut,
                              int day) {
    for (;;) {
        struct differences found = differences_of(cut, uncut);
        if (differs_in(&found, row->target))
            return true;
        if (cut->day > day)
            return false;
        run_days(cut, 1);
        run_days(uncut, 1);
    }
}

/* A test of each row. */
#define EACH_ARROW(name)                                                                                     \
    ParameterizedTestParameters(arrows, name) {                                                              \
        static size_t number[ARROW_ROWS];                                                                    \
        for (size_t k = 0; k < ARROW_ROWS; k++)                                                              \
            number[k] = k;                                                                                   \
        return cr_make_param_array(size_t, number, ARROW_ROWS);                                              \
    }                                                                                                        \
    ParameterizedTest(size_t *number, arrows, name)

EACH_ARROW(cut_by_the_scenario) {
    const struct arrow_row *row = &arrow_rows[*number];
    char setting[128], date[11];
    struct pko_scenario *whole = scenario_for(row, NULL);
    pko_date_format(whole->start + cut_day(row), date);
    snprintf(setting, sizeof setting, row->mode == ENDOGENOUS ? "%s@%s" : "%s", name_of(row), date);
    struct pko_scenario *opened = scenario_for(row, setting);
    struct pko_mission *uncut = mission_of(whole, "minusma", 0), *cut = mission_of(opened, "minusma", 0);
    for (int day = 0; day < cut_day(row); day++) {
        run_days(cut, 1);
        run_days(uncut, 1);
        cr_assert_eq(pko_mission_hash(cut), pko_mission_hash(uncut), "%s cut from day %d: day %d differs",
                     name_of(row), cut_day(row), day);
    }
    meet_first_difference(row, cut, uncut);
    cr_expect(cut->cut[row->arrow], "%s is not cut", name_of(row));
    cr_expect(target_differs_by(row, cut, uncut, cut_day(row) + AFTER),
              "%s cut from day %d: %s is the same to day %d", name_of(row), cut_day(row), row->target,
              cut->day - 1);
    pko_mission_free(cut);
    pko_mission_free(uncut);
    pko_scenario_free(opened);
    pko_scenario_free(whole);
}

Test(arrows, each_has_one_row) {
    for (size_t arrow = 0; arrow < PKO_ARROW_COUNT; arrow++) {
        size_t found = 0;
        for (size_t k = 0; k < ARROW_ROWS; k++)
            found += arrow_rows[k].arrow == (enum pko_arrow)arrow;
        cr_expect_eq(found, 1, "%s has %zu rows", pko_arrow_info(arrow)->name, found);
    }
    cr_expect_eq(ARROW_ROWS, PKO_ARROW_COUNT);
}

/* From several days on, the first included, the cut is made by hand on a twin. */
EACH_ARROW(cut_between_days) {
    const struct arrow_row *row = &arrow_rows[*number];
    struct pko_scenario *scenario = scenario_for(row, NULL);
    struct pko_mission *run = mission_of(scenario, "minusma", 1);
    static const int days[] = {0, 1, 40, 150, 365, 500};
    int met = 0;
    for (size_t k = 0; k < sizeof days / sizeof *days; k++) {
        run_days(run, days[k] - pko_mission_day(run));
        struct pko_mission *cut = clone_of(run), *uncut = clone_of(run);
        cr_assert_eq(pko_mission_cut(cut, name_of(row)), PKO_OK);
        met += meet_first_difference(row, cut, uncut) > 0;
        pko_mission_free(cut);
        pko_mission_free(uncut);
    }
    cr_expect_gt(met, 0, "%s cut: no difference on any day", name_of(row));
    pko_mission_free(run);
    pko_scenario_free(scenario);
}

/* The same among the many groups and changing layers of the ten years, as of June 2016, before a renewal. */
EACH_ARROW(cut_in_the_large_mission) {
    const struct arrow_row *row = &arrow_rows[*number];
    static const char *const more[] = {
        "start", "2015-12-01", "scale", "0.5", "regions.gao.threat", "[[2015-12-01, 1]]", NULL};
    struct pko_scenario *scenario = scenario_of_row(row, "minusma", more, NULL);
    struct pko_mission *uncut = mission_of(scenario, "minusma", 0);
    run_days(uncut, 200);
    struct pko_mission *cut = clone_of(uncut);
    cr_assert_eq(pko_mission_cut(cut, name_of(row)), PKO_OK);
    int days = meet_first_difference(row, cut, uncut);
    cr_expect_gt(days, 0, "%s cut: no difference in 61 days", name_of(row));
    pko_mission_free(cut);
    pko_mission_free(uncut);
    pko_scenario_free(scenario);
}

EACH_ARROW(cut_by_hand_as_by_the_scenario) {
    const struct arrow_row *row = &arrow_rows[*number];
    struct pko_scenario *whole = scenario_for(row, NULL), *opened = scenario_for(row, name_of(row));
    struct pko_mission *by_hand = mission_of(whole, "minusma", 2),
                       *planned = mission_of(opened, "minusma", 2);
    run_days(by_hand, PKO_MEMORY_DAYS);
    run_days(planned, PKO_MEMORY_DAYS);
    cr_assert_eq(pko_mission_cut(by_hand, name_of(row)), PKO_OK);
    for (int k = 0; k < AFTER; k++) {
        run_days(by_hand, 1);
        run_days(planned, 1);
        cr_assert_eq(pko_mission_hash(by_hand), pko_mission_hash(planned), "%s: day %d differs", name_of(row),
                     by_hand->day - 1);
    }
    cr_expect_not_null(pko_mission_change(by_hand, 0));
    cr_expect_null(pko_mission_change(planned, 0), "cuts that the scenario asks for are not listed");
    pko_mission_free(by_hand);
    pko_mission_free(planned);
    pko_scenario_free(opened);
    pko_scenario_free(whole);
}

/* Changes what is frozen for an arrow to v·factor + shift. Returns whether there was anything but zeros. */
static bool change_frozen(struct pko_mission *mission, enum pko_arrow arrow, double factor, double shift) {
    size_t k = (size_t)arrow, layers = mission->extent.L, regions = mission->extent.R,
           groups = mission->extent.G;
    bool danger = arrow == PKO_ARROW_danger_to_reinforcement, trust = arrow == PKO_ARROW_trust_to_sharing;
    const struct {
        double *value;
        size_t count;
    } frozen[] = {{mission->frozen_layer + k * layers, layers},
                  {mission->frozen_region + k * regions, regions},
                  {mission->frozen_group + k * groups, groups},
                  {mission->frozen_mission + k, 1},
                  {mission->frozen_trauma, danger ? layers : 0},
                  {mission->frozen_trust, trust ? mission->extent.GG : 0}};
    bool anything = false;
    for (size_t f = 0; f < sizeof frozen / sizeof *frozen; f++)
        for (size_t at = 0; at < frozen[f].count; at++) {
            anything |= frozen[f].value[at] != 0.0;
            frozen[f].value[at] = frozen[f].value[at] * factor + shift;
        }
    return anything;
}

/* The arrows whose source is a state: what they freeze. */
static bool freezes(const char *arrow) {
    static const char list[] =
        "danger_to_reinforcement reinforcement_to_posture posture_to_threat posture_to_population_trust"
        " population_trust_to_tips stability_to_access stability_to_threat trust_to_sharing "
        "secrecy_to_reinforcement"
        " mandate_to_reinforcement mandate_to_cooperation cooperation_to_threat "
        "cooperation_to_population_trust"
        " valorization_to_resistance resistance_to_posture frustration_to_resistance "
        "frustration_to_reinforcement"
        " frustration_to_cross_trust cross_trust_to_escort fear_to_tips voice_to_visits voice_to_restraint";
    return is_word_of(arrow, list);
}

/* A cut arrow's target sees what is frozen, and nothing but its target does: with something else frozen, only
 * that differs. */
EACH_ARROW(target_sees_what_is_frozen) {
    const struct arrow_row *row = &arrow_rows[*number];
    struct pko_scenario *scenario = scenario_for(row, NULL);
    struct pko_mission *cut = mission_of(scenario, "minusma", 0);
    run_days(cut, 120);
    cr_assert_eq(pko_mission_cut(cut, name_of(row)), PKO_OK);
    struct pko_mission *other = clone_of(cut);
    cr_expect_eq(change_frozen(other, row->arrow, 0.5, 0.1), freezes(name_of(row)), "%s", name_of(row));
    int days = meet_first_difference(row, cut, other);
    cr_expect_eq(days > 0, freezes(name_of(row)), "%s: %d days to the first difference", name_of(row), days);
    pko_mission_free(cut);
    pko_mission_free(other);
    pko_scenario_free(scenario);
}

/* Restored, the target sees the live value again, whatever was frozen; restored at once, the cut never was.
 */
EACH_ARROW(restored) {
    const struct arrow_row *row = &arrow_rows[*number];
    struct pko_scenario *scenario = scenario_for(row, NULL);
    struct pko_mission *run = mission_of(scenario, "minusma", 0);
    run_days(run, 100);
    struct pko_mission *uncut = clone_of(run);
    for (int days = 0; days <= 20; days += 20) {
        cr_assert_eq(pko_mission_cut(run, name_of(row)), PKO_OK);
        run_days(run, days);
        cr_assert_eq(pko_mission_restore(run, name_of(row)), PKO_OK);
        struct pko_mission *poisoned = clone_of(run);
        change_frozen(poisoned, row->arrow, 0.0, NAN);
        for (int k = 0; k < 40; k++) {
            run_days(poisoned, 1);
            run_days(run, 1);
            if (days == 0)
                run_days(uncut, 1);
            struct differences found = differences_of(run, poisoned), first = differences_of(run, uncut);
            cr_assert_eq(found.count, 0, "%s restored: %s still depends on what was frozen", name_of(row),
                         found.name[0]);
            cr_assert(days > 0 || first.count == 0, "%s restored at once: %s differs", name_of(row),
                      first.name[0]);
        }
        pko_mission_free(poisoned);
    }
    pko_mission_free(run);
    pko_mission_free(uncut);
    pko_scenario_free(scenario);
}

/* In historical mode R and κ are given: these two arrows do nothing, though both move in the scenario of the
 * ten years. */
Test(arrows, given_mandate_has_no_source) {
    struct pko_scenario *scenario = scenario_of(
        "minusma", (const char *const[]){"start", "2016-06-15", "days", "60", "scale", "0.1", NULL});
    struct pko_mission *uncut = mission_of(scenario, "minusma", 0), *cut = clone_of(uncut);
    cr_assert_eq(pko_mission_cut(cut, "deaths_to_mandate"), PKO_OK);
    cr_assert_eq(pko_mission_cut(cut, "mandate_to_cooperation"), PKO_OK);
    double robustness = uncut->robustness, cooperation = uncut->cooperation;
    for (int day = 0; day < 60; day++) {
        run_days(uncut, 1);
        run_days(cut, 1);
        struct differences found = differences_of(uncut, cut);
        cr_assert_eq(found.count, 0, "%s differs on day %d", found.name[0], day);
    }
    cr_expect(uncut->robustness > robustness && uncut->cooperation > cooperation, "the mandate did not move");
    pko_mission_free(cut);
    pko_mission_free(uncut);
    pko_scenario_free(scenario);
}
