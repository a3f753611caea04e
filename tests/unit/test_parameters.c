/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/parameters.h"

Test(parameters, every_row_is_whole_and_named_once) {
    size_t count = 0;
    for (const struct pko_parameter_info *row; (row = pko_parameter_info(count)); count++) {
        const char *dot = strchr(row->name, '.');
        cr_expect(dot && dot > row->name && dot[1] && !strchr(dot + 1, '.'), "%s", row->name);
        cr_expect(row->name[strspn(row->name, "abcdefghijklmnopqrstuvwxyz_.")] == 0, "%s", row->name);
        cr_expect(row->least < row->most && isfinite(row->least) && isfinite(row->most), "%s", row->name);
        cr_expect(*row->unit && *row->basis && *row->meaning, "%s", row->name);
        cr_expect(pko_parameter_find(row->name) == (int)count, "%s", row->name);
        bool rule = strncmp(row->name, "regime.", 7) == 0;
        cr_expect(rule == (count >= PKO_FIRST_RULE), "%s: rules stand last", row->name);
        if (rule)
            cr_expect(isnan(row->value) && strcmp(row->basis, "regime") == 0, "%s", row->name);
        else
            cr_expect(row->value >= row->least && row->value <= row->most, "%s", row->name);
    }
    cr_expect(count == PKO_PARAMETER_COUNT);
    cr_expect(!pko_parameter_info(count) && !pko_parameter_info(SIZE_MAX));
}

Test(parameters, no_other_name_is_found) {
    static const char *const names[] = {"",           "danger", "danger.ow", "danger.own ",
                                        "Danger.own", "regime", "leak"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        cr_expect(pko_parameter_find(names[k]) == -1, "%s", names[k]);
    cr_expect(pko_regime_find("") == -1 && pko_regime_find("Open") == -1 && pko_arrow_find("social") == -1);
}

/* Some rows of the description of the model, copied by hand. */
Test(parameters, rows_are_those_of_the_description) {
    static const struct {
        const char *name;
        double value, least, most;
    } rows[] = {
        {"mandate.tolerated_fatalities", 15, 5, 40},
        {"posture.bias", -2, -3, 1},
        {"threat.branching", 0.45, 0, 0.8},
        {"sharing.secure_leak", 0.0005, 0, 0.05},
        {"incident.tail", 2.2, 1.8, 3.5},
        {"danger.own", 0.06, 0, 0.3},
        {"contact.camp", 0.93, 0, 1},
        {"ledger.cross_inhibition", 0, 0, 0.03},
        {"cross_trust.convoy", 0.03, 0, 0.2},
        {"trust.memory_days", 180, 30, 1000},
        {"stability.patrols", 0, -0.002, 0.002},
        {"rotation.memory_loss", 0.15, 0, 0.5},
        {"regime.trust_gate", NAN, 0, 4},
        {"regime.leak", NAN, 0, 0.05},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int number = pko_parameter_find(rows[k].name);
        cr_assert(number >= 0, "%s", rows[k].name);
        const struct pko_parameter_info *row = pko_parameter_info((size_t)number);
        cr_expect((isnan(rows[k].value) && isnan(row->value)) || row->value == rows[k].value, "%s",
                  rows[k].name);
        cr_expect(row->least == rows[k].least && row->most == rows[k].most, "%s", rows[k].name);
    }
}

Test(parameters, defaults_stand_in_the_fields_of_their_names) {
    struct pko_parameters parameters = pko_parameters_default();
    for (int k = 0; k < PKO_FIRST_RULE; k++)
        cr_expect(pko_parameter_get(&parameters, k) == pko_parameter_info((size_t)k)->value);
    for (int k = 0; k < PKO_RULE_COUNT; k++)
        cr_expect(pko_parameter_get(&parameters, PKO_FIRST_RULE + k) == pko_regime_info(0)->rule[k]);
    cr_expect(parameters.mandate_ratchet == 0.15 && parameters.danger_own == 0.06);
    cr_expect(parameters.regime_classification == 0.85 && parameters.regime_leak == 0.001);
}

Test(parameters, put_changes_one_field) {
    const struct pko_parameters before = pko_parameters_default();
    for (int k = 0; k < PKO_PARAMETER_COUNT; k++) {
        struct pko_parameters after = before;
        pko_parameter_put(&after, k, 123.25);
        for (int other = 0; other < PKO_PARAMETER_COUNT; other++)
            cr_expect(pko_parameter_get(&after, other) ==
                      (other == k ? 123.25 : pko_parameter_get(&before, other)));
    }
    struct pko_parameters parameters = before;
    pko_parameter_put(&parameters, PKO_P_trust_ride, 0.5);
    cr_expect(parameters.trust_ride == 0.5);
    pko_parameter_put(&parameters, PKO_P_regime_leak, 0.25);
    cr_expect(parameters.regime_leak == 0.25);
}

Test(parameters, built_in_regimes_have_their_rules) {
    static const struct {
        const char *name;
        double rule[PKO_RULE_COUNT];
    } rows[] = {
        {"minusma", {0.85, 0.8, 0.02, 0.1, 0.1, 1.5, 0, 0.001}},
        {"monusco", {0.1, 0.5, 0.3, 0.3, 0.5, 1, 0.3, 0.004}},
        {"silo", {1, 0.8, 0, 0, 0, 2, 0, 0}},
        {"fusion", {0.4, 0.8, 0.1, 0.8, 0.2, 1, 0.8, 0.0015}},
        {"open", {0, 1, 1, 1, 1, 0, 1, 0.01}},
    };
    const size_t count = sizeof rows / sizeof rows[0];
    for (size_t k = 0; k < count; k++) {
        const struct pko_regime_info *regime = pko_regime_info(k);
        cr_assert(regime && strcmp(regime->name, rows[k].name) == 0);
        cr_expect(pko_regime_find(rows[k].name) == (int)k && *regime->meaning);
        for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
            const struct pko_parameter_info *info = pko_parameter_info(PKO_FIRST_RULE + rule);
            cr_expect(regime->rule[rule] == rows[k].rule[rule], "%s, %s", rows[k].name, info->name);
            cr_expect(regime->rule[rule] >= info->least && regime->rule[rule] <= info->most);
        }
    }
    cr_expect(!pko_regime_info(count));
}

/* The arrows of the loops of section 4 of the description, copied by hand. */
Test(parameters, arrows_are_those_of_the_description) {
    static const struct {
        const char *loop, *arrows;
    } rows[] = {
        {"L1", "incidents_to_danger reinforcement_to_danger danger_to_reinforcement reinforcement_to_posture "
               "posture_to_threat posture_to_population_trust population_trust_to_tips tips_to_warning "
               "warning_to_hits"},
        {"L2", "stability_to_access access_to_projects projects_to_stability stability_to_threat"},
        {"L3", "sharing_to_warning withholding_to_trust reciprocity trust_to_sharing"},
        {"L9", "reinforcement_to_classification secrecy_to_reinforcement"},
        {"L4", "deaths_to_mandate mandate_to_reinforcement mandate_to_cooperation cooperation_to_threat "
               "cooperation_to_population_trust"},
        {"L5",
         "projects_to_valorization flights_to_valorization valorization_to_resistance resistance_to_posture "
         "posture_to_population_trust"},
        {"L6", "socialization cohesion_to_reinforcement othering_to_trust hierarchy_to_trust blame_to_trust "
               "trust_to_sharing"},
        {"L7", "denials_to_frustration bureaucracy_to_frustration frustration_to_resistance "
               "frustration_to_reinforcement frustration_to_cross_trust cross_trust_to_escort"},
        {"L8", "contact_to_retaliation leaks_to_retaliation retaliation_to_fear fear_to_tips"},
        {"L10", "background_to_voice voice_to_visits voice_to_restraint"},
        {"convoys", "convoys_to_ledgers convoys_to_cross_trust"},
    };
    size_t memberships = 0, listed = 0;
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        char arrows[512];
        strcpy(arrows, rows[k].arrows);
        for (char *rest = arrows, *name; (name = strsep(&rest, " "));) {
            int number = pko_arrow_find(name);
            cr_assert(number >= 0, "%s", name);
            char loops[64], padded[80];
            snprintf(loops, sizeof loops, " %s ", pko_arrow_info((size_t)number)->loops);
            snprintf(padded, sizeof padded, " %s ", rows[k].loop);
            cr_expect(strstr(loops, padded), "%s is not in %s", name, rows[k].loop);
            memberships++;
        }
    }
    for (size_t k = 0; pko_arrow_info(k); k++)
        for (const char *loop = pko_arrow_info(k)->loops; loop;
             loop = strchr(loop, ' ') ? strchr(loop, ' ') + 1 : NULL)
            listed++;
    cr_expect(memberships == listed && memberships == 50, "%zu and %zu", memberships, listed);
    cr_expect(!pko_arrow_info(PKO_ARROW_COUNT) && PKO_ARROW_COUNT == 48);
    cr_expect(pko_arrow_find("socialization") == PKO_ARROW_socialization);
}
