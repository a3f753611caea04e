/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>

#include "base/calendar.h"
#include "unit/fixtures/scenario_text.h"

static int32_t day(const char *text) {
    int32_t number = 0;
    cr_assert(pko_date_parse(text, &number) == PKO_OK);
    return number;
}

static struct pko_scenario *loaded(const char *source) {
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    int status = pko_scenario_load(source, NULL, 0, &scenario, &problems);
    cr_assert(status == PKO_OK, "%s: %s", source, problems ? problems : pko_status_text(status));
    cr_expect(!problems, "%s: %s", source, problems);
    return scenario;
}

Test(scenario, built_in_ones_load_whole) {
    /* counted by hand in the files */
    static const struct {
        const char *name, *start, *first_group, *last_group;
        int days, regions, camps, contingents, police, sections, layers, routes, mandates, languages,
            alliances;
        int snapshots;
        uint64_t seed;
    } rows[] = {
        {"minusma", "2013-07-01", "chad", "security_reform_and_ddr", 3653, 6, 17, 34, 4, 15, 227, 11, 12, 8,
         1, 5, 2100},
        {"monusco", "2013-07-01", "south_africa", "security_reform_and_ddr", 2557, 7, 14, 18, 4, 15, 201, 8,
         8, 7, 0, 4, 2098},
        {"small", "2018-07-01", "germany", "conduct_and_discipline", 730, 3, 4, 5, 1, 5, 20, 1, 1, 5, 1, 3,
         7},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        struct pko_scenario *scenario = loaded(rows[k].name);
        cr_expect(strcmp(scenario->name, rows[k].name) == 0);
        cr_expect(scenario->start == day(rows[k].start) && scenario->days == rows[k].days);
        cr_expect(scenario->seed == rows[k].seed && scenario->scale == 1);
        cr_expect(scenario->region_count == rows[k].regions && scenario->camp_count == rows[k].camps);
        int kinds[3] = {0};
        for (int g = 0; g < scenario->group_count; g++) {
            kinds[scenario->groups[g].kind]++;
            cr_expect(g == 0 || scenario->groups[g - 1].kind <= scenario->groups[g].kind);
        }
        cr_expect(kinds[PKO_CONTINGENT] == rows[k].contingents && kinds[PKO_POLICE] == rows[k].police &&
                  kinds[PKO_SECTION] == rows[k].sections);
        cr_expect(strcmp(scenario->groups[0].name, rows[k].first_group) == 0, "%s", scenario->groups[0].name);
        cr_expect(strcmp(scenario->groups[scenario->group_count - 1].name, rows[k].last_group) == 0, "%s",
                  scenario->groups[scenario->group_count - 1].name);
        cr_expect(scenario->layer_count == rows[k].layers && scenario->route_count == rows[k].routes);
        cr_expect(scenario->mandate_count == rows[k].mandates &&
                  scenario->language_count == rows[k].languages);
        cr_expect(scenario->alliance_count == rows[k].alliances &&
                  scenario->snapshot_count == rows[k].snapshots);
        cr_expect(scenario->regime_count == 2 && scenario->definition_count == 0 && scenario->cut_count == 0);
        pko_scenario_free(scenario);
    }
    cr_expect(!pko_scenario_builtin_name(3) && !pko_scenario_builtin_text(3));
}

/* The people present on a day, by kind of group. */
static void count_people(const struct pko_scenario *scenario, int32_t date, int people[3]) {
    memset(people, 0, 3 * sizeof *people);
    for (int k = 0; k < scenario->layer_count; k++) {
        const struct pko_layer *layer = &scenario->layers[k];
        if (layer->from <= date && date < layer->until)
            people[scenario->groups[layer->group].kind] += (int)pko_layer_people(scenario, k);
    }
}

/* The table of strengths in scenarios/CODING.md. */
Test(scenario, minusma_has_the_strengths_of_its_coding_notes) {
    static const struct {
        const char *date;
        int people[3];
    } rows[] = {
        {"2013-09-30", {5383, 830, 784}},    {"2016-09-01", {10488, 1140, 1564}},
        {"2018-09-15", {12368, 1710, 1584}}, {"2021-03-18", {13267, 1710, 1180}},
        {"2023-06-30", {12071, 1710, 1750}},
    };
    struct pko_scenario *scenario = loaded("minusma");
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int people[3];
        count_people(scenario, day(rows[k].date), people);
        for (int kind = 0; kind < 3; kind++)
            cr_expect(people[kind] == rows[k].people[kind], "%s, kind %d: %d", rows[k].date, kind,
                      people[kind]);
    }
    pko_scenario_free(scenario);
}

Test(scenario, built_in_texts_are_those_of_the_files) {
    const char *source = getenv("PKO_SOURCE");
    for (size_t k = 0; pko_scenario_builtin_name(k); k++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/scenarios/%s.yaml", source ? source : ".",
                 pko_scenario_builtin_name(k));
        FILE *file = fopen(path, "rb");
        cr_assert(file, "%s", path);
        static char text[1 << 20];
        size_t size = fread(text, 1, sizeof text, file);
        fclose(file);
        const char *built_in = pko_scenario_builtin_text(k);
        cr_expect(strlen(built_in) == size && memcmp(built_in, text, size) == 0, "%s", path);
        struct pko_scenario *scenario = loaded(path);
        cr_expect(strcmp(scenario->text, built_in) == 0);
        pko_scenario_free(scenario);
    }
}

static double level(const struct pko_timeline *timeline, const char *date) {
    return pko_timeline_at(timeline, day(date));
}

Test(scenario, top_and_places_are_as_written) {
    struct pko_scenario *s = parsed(scenario_text, NULL, 0);
    cr_expect(strcmp(s->name, "test") == 0 && strcmp(s->description, "a text") == 0);
    cr_expect(s->start == day("2018-07-01") && s->days == 100 && s->seed == 7 && s->replicates == 2 &&
              s->scale == 1);
    cr_expect(s->endogenous && s->mandate_count == 2);
    cr_expect(s->mandate[0].date == day("2018-07-01") && s->mandate[0].robustness == 0.5);
    cr_expect(s->mandate[0].cooperation == 0.4 && strcmp(s->mandate[0].resolution, "S/RES/1") == 0);
    cr_expect(s->mandate[1].robustness == 0.6 && strcmp(s->mandate[1].resolution, "") == 0);

    cr_expect(s->region_count == 2 && s->camp_count == 2);
    const struct pko_region *gao = &s->regions[0], *kidal = &s->regions[1];
    cr_expect(strcmp(gao->name, "gao") == 0 && gao->field_radius_km == 120 && gao->trust == 0.45 &&
              !gao->has_mix);
    cr_expect(level(&gao->threat, "2030-01-01") == 0.07 && level(&gao->stability, "2000-01-01") == 0.4);
    cr_expect(kidal->has_mix && kidal->threat_mix[PKO_MOVEMENT] == 0.5 &&
              kidal->threat_mix[PKO_CAMP] == 0.25);
    cr_expect(kidal->threat_mix[PKO_SOFT] == 0 && kidal->threat_mix[PKO_POPULATION] == 0);
    cr_expect(level(&kidal->threat, "2019-07-01") == 0.1 && level(&kidal->threat, "2018-06-30") == 0.06);

    const struct pko_camp *castor = &s->camps[0], *camp = &s->camps[1];
    cr_expect(castor->region == 0 && castor->lat == 16.25 && castor->lon == -0.01 &&
              castor->kind == PKO_MILITARY);
    cr_expect(castor->protection.count == 1 && level(&castor->protection, "2018-07-01") == 0.85);
    cr_expect(castor->allied == 1 && camp->region == 1 && isnan(camp->lat) && isnan(camp->lon));
    cr_expect(camp->kind == PKO_MIXED && camp->allied == 0 && level(&camp->protection, "2018-09-01") == 0.4);
    cr_expect(s->route_count == 1 && s->routes[0].from == 0 && s->routes[0].to == 1);
    cr_expect(s->routes[0].interval_days == 12 && s->routes[0].km == 350 && s->routes[0].platoons == 3);
    pko_scenario_free(s);
}

Test(scenario, groups_are_as_written) {
    struct pko_scenario *s = parsed(scenario_text, NULL, 0);
    cr_assert(s->group_count == 3 && s->layer_count == 4);
    const struct pko_group *germany = &s->groups[0];
    cr_expect(germany->kind == PKO_CONTINGENT && germany->bloc == PKO_NATO &&
              strcmp(germany->country, "DEU") == 0);
    cr_expect(s->alliance_count == 1 && germany->alliance == 0 && strcmp(s->alliances[0], "nato") == 0);
    cr_expect(germany->training == 0.9 && germany->coin == 0.6 && germany->un_experience == 0.25);
    cr_expect(level(&germany->equipment, "2018-07-01") == 0.95 && germany->secure &&
              germany->national_command);
    cr_expect(germany->isr == 1 && germany->aviation == 0.5 && germany->caveat_km == 60);
    cr_expect(germany->patrol == 0.1 && germany->escort == 0.05 && germany->rotation_months == 5);
    cr_expect(germany->women == 0.08 && germany->visits == 0 && germany->tenure_months == 30);
    cr_expect(s->language_count == 3 && strcmp(s->languages[2], "french") == 0);
    cr_expect(germany->languages == 3 && s->groups[1].languages == 4 && s->groups[2].languages == 1);
    cr_expect(s->groups[1].kind == PKO_POLICE && s->groups[1].bloc == PKO_BLOC_POLICE);
    cr_expect(s->groups[2].kind == PKO_SECTION && s->groups[2].bloc == PKO_BLOC_CIVILIAN && s->groups[2].hub);
    cr_expect(strcmp(s->groups[2].section_kind, "jmac") == 0);

    const struct pko_layer *layers = s->layers;
    cr_expect(layers[0].group == 0 && layers[0].camp == 0 && layers[0].strength == 850);
    cr_expect(layers[0].from == INT32_MIN && layers[0].until == INT32_MAX);
    cr_expect(layers[1].group == 0 && layers[1].camp == 1 && layers[1].from == day("2018-07-10"));
    cr_expect(layers[1].until == day("2018-08-10") && layers[2].group == 1 && layers[3].group == 2);
    pko_scenario_free(s);
}

Test(scenario, rules_cuts_and_record_are_as_written) {
    struct pko_scenario *s = parsed(scenario_text, NULL, 0);
    cr_assert(s->regime_count == 2 && s->definition_count == 2 && s->cut_count == 2 &&
              s->snapshot_count == 2);
    cr_expect(strcmp(s->regimes[0].name, "minusma") == 0 && strcmp(s->regimes[1].name, "mine") == 0);
    static const double mine[PKO_RULE_COUNT] = {0, 1, 1, 1, 1, 0, 1, 0.005};
    static const double full[PKO_RULE_COUNT] = {0.2, 1, 0.7, 0.6, 0.5, 2, 0.4, 0.003};
    cr_expect(memcmp(s->regimes[1].rule, mine, sizeof mine) == 0);
    cr_expect(memcmp(s->definitions[1].rule, full, sizeof full) == 0);
    struct pko_regime found;
    cr_expect(pko_scenario_regime(s, "full", &found) == PKO_OK && found.rule[PKO_RULE_COUNT - 1] == 0.003);
    cr_expect(pko_scenario_regime(s, "silo", &found) == PKO_OK && found.rule[0] == 1);
    cr_expect(pko_scenario_regime(s, "sil", &found) == PKO_ERROR_NAME);

    struct pko_parameters expected = pko_parameters_default();
    expected.danger_own = 0.1;
    expected.threat_branching = 0.4;
    cr_expect(memcmp(&s->parameters, &expected, sizeof expected) == 0);
    cr_expect(s->cuts[0].arrow == PKO_ARROW_socialization && !s->cuts[0].dated);
    cr_expect(s->cuts[1].arrow == PKO_ARROW_warning_to_hits && s->cuts[1].dated);
    cr_expect(s->cuts[1].from == day("2018-08-01"));
    cr_expect(s->record_every == 3 && !s->record_groups && s->record_events);
    cr_expect(s->snapshots[0] == day("2018-07-01") && s->snapshots[1] == day("2018-08-01"));
    cr_expect(strcmp(s->text, scenario_text) == 0 && strcmp(s->settings, "") == 0);
    pko_scenario_free(s);
}

/* Nothing but what is required. */
static const char least_text[] =
    "name: least\nstart: 2020-02-29\ndays: 1\nmandate: {timeline: [{date: 2020-02-29, robustness: 0, "
    "cooperation: 1}]}\n"
    "regions: [{name: r, field_radius_km: 1, threat: [[2020-01-01, 0]], stability: [[2020-01-01, 1]], trust: "
    "0}]\n"
    "camps: [{name: c, region: r, protection: 0}]\n"
    "contingents: [{name: g, bloc: other, languages: [l], detachments: [{camp: c, strength: 1}]}]\n"
    "police: [{name: p, languages: [l], detachments: [{camp: c, strength: 1}]}]\n"
    "sections: [{name: s, kind: k, languages: [l], detachments: [{camp: c, strength: 1}]}]\n";

static void expect_group_defaults(const struct pko_group *group, bool section) {
    cr_expect(strcmp(group->country, "") == 0 && group->alliance == -1 && group->coin == 0);
    cr_expect(group->training == (section ? 0 : 0.5) && group->un_experience == 0.5);
    cr_expect(group->equipment.count == 1 && group->equipment.points[0].value == (section ? 0 : 0.5));
    cr_expect(!group->secure && !group->national_command && group->isr == 0 && group->aviation == 0);
    cr_expect(group->caveat_km == 200 && group->patrol == 0 && group->escort == 0);
    cr_expect(group->rotation_months == 12 && group->women == 0 && group->visits == 0 && !group->hub);
    cr_expect(group->background == 0 && group->national == 0 && group->tenure_months == 30);
}

Test(scenario, what_is_left_out_has_its_default) {
    struct pko_scenario *s = parsed(least_text, NULL, 0), *empty = NULL;
    cr_assert(pko_scenario_create(&empty) == PKO_OK);
    cr_expect(strcmp(s->description, "") == 0 && s->seed == 1 && s->replicates == 20 && s->scale == 1);
    cr_expect(s->regime_count == 2 && strcmp(s->regimes[0].name, "minusma") == 0);
    cr_expect(strcmp(s->regimes[1].name, "monusco") == 0 && s->definition_count == 0 && !s->endogenous);
    cr_expect(s->route_count == 0 && s->cut_count == 0 && s->alliance_count == 0 && s->snapshot_count == 0);
    cr_expect(s->record_every == 7 && s->record_groups && !s->record_events);
    cr_expect(!s->regions[0].has_mix && s->camps[0].kind == PKO_MIXED && s->camps[0].allied == 0);
    for (int g = 0; g < 3; g++)
        expect_group_defaults(&s->groups[g], s->groups[g].kind == PKO_SECTION);
    struct pko_parameters parameters = pko_parameters_default();
    cr_expect(memcmp(&s->parameters, &parameters, sizeof parameters) == 0);

    /* a scenario made in memory starts from the same defaults */
    cr_expect(empty->seed == s->seed && empty->replicates == s->replicates && empty->scale == s->scale);
    cr_expect(empty->record_every == s->record_every && empty->record_groups == s->record_groups &&
              empty->record_events == s->record_events && empty->endogenous == s->endogenous);
    cr_expect(empty->regime_count == 2 && memcmp(empty->regimes, s->regimes, 2 * sizeof *s->regimes) == 0);
    cr_expect(memcmp(&empty->parameters, &s->parameters, sizeof parameters) == 0);
    pko_scenario_free(empty);
    pko_scenario_free(s);

    /* an empty `record` is the same as none */
    char *text = text_with(least_text, "days: 1\n", "days: 1\nrecord: {}\nregimes: [open]\n");
    s = parsed(text, NULL, 0);
    cr_expect(s->record_every == 7 && s->record_groups && !s->record_events && s->regime_count == 1);
    pko_scenario_free(s);
    free(text);
}

Test(scenario, free_is_always_legal) {
    pko_scenario_free(NULL);
    struct pko_scenario *scenario = NULL;
    cr_assert(pko_scenario_create(&scenario) == PKO_OK);
    pko_scenario_free(scenario);
}

Test(scenario, timelines_are_linear_between_points_and_constant_outside) {
    struct pko_point points[] = {{100, 1}, {110, 3}, {120, 2}};
    struct pko_timeline timeline = {points, 3};
    static const struct {
        int32_t date;
        double value;
    } rows[] = {{-5000, 1}, {99, 1},    {100, 1}, {101, 1.2}, {105, 2},
                {110, 3},   {115, 2.5}, {120, 2}, {9000, 2}};
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
        cr_expect(fabs(pko_timeline_at(&timeline, rows[k].date) - rows[k].value) < 1e-15, "day %d",
                  rows[k].date);
}

Test(scenario, people_are_rounded_up_but_not_by_the_last_digit) {
    struct pko_layer layers[] = {{.strength = 140}, {.strength = 1}, {.strength = 20.5}};
    struct pko_scenario scenario = {.layers = layers, .layer_count = 3, .scale = 0.1};
    /* 140 × 0.1 is 14.000000000000002 in double precision */
    cr_expect(pko_layer_people(&scenario, 0) == 14 && pko_layer_people(&scenario, 1) == 1);
    cr_expect(pko_layer_people(&scenario, 2) == 3);
    scenario.scale = 1;
    cr_expect(pko_layer_people(&scenario, 0) == 140 && pko_layer_people(&scenario, 2) == 21);
    scenario.scale = 1000;
    cr_expect(pko_layer_people(&scenario, 0) == 140000);
}

Test(scenario, blocs_and_plot_classes_have_the_names_of_the_format) {
    static const char *const blocs[] = {"nato", "north", "african", "asian", "other", "police", "civilian"};
    static const char *const classes[] = {"movement", "camp", "soft", "population"};
    for (int k = 0; k < PKO_BLOCS; k++)
        cr_expect(strcmp(pko_bloc_name((enum pko_bloc)k), blocs[k]) == 0);
    for (int k = 0; k < PKO_PLOT_CLASSES; k++)
        cr_expect(strcmp(pko_plot_class_name((enum pko_plot_class)k), classes[k]) == 0);
}

Test(scenario, sources_that_are_not_there) {
    static const struct {
        const char *source, *piece;
        int status;
    } rows[] = {
        {"./no_such.yaml", "./no_such.yaml: No such file", PKO_ERROR_DISK},
        {"no_such.yml", "no_such.yml: No such file", PKO_ERROR_DISK},
        {"/", "/: Is a directory", PKO_ERROR_DISK},
        {"minusna", "unknown scenario 'minusna' (nearest: 'minusma'", PKO_ERROR_INPUT},
        {"", "unknown scenario '' (allowed: minusma, monusco, small)", PKO_ERROR_INPUT},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        struct pko_scenario *scenario = NULL;
        char *problems = NULL;
        int status = pko_scenario_load(rows[k].source, NULL, 0, &scenario, &problems);
        cr_expect(status == rows[k].status && !scenario, "%s: %d", rows[k].source, status);
        cr_expect(problems && strstr(problems, rows[k].piece) && line_count(problems) == 1, "%s", problems);
        free(problems);
    }
}

static char *notes_of(const char *text) {
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    cr_assert(pko_scenario_parse("t.yaml", text, strlen(text), NULL, 0, &scenario, &problems) == PKO_OK);
    pko_scenario_free(scenario);
    return problems;
}

Test(scenario, dates_outside_the_run_are_noted_once) {
    cr_expect(!notes_of(scenario_text));
    /* 40 days: the layer from 10 July to 10 August stays, the cut of day 90 and of 15 August and a snapshot
     * go */
    char *text = text_with(scenario_text, "days: 100", "days: 40");
    char *later = text_with(text, "from: 2018-08-01}", "from: 2018-08-15}");
    char *last = text_with(later, "2018-07-01, 2018-08-01]", "2018-06-30, 2018-08-09, 2018-08-10]");
    char *notes = notes_of(last);
    cr_assert(notes);
    cr_expect(strcmp(notes, "t.yaml: note: outside the run from 2018-07-01 to 2018-08-09: 2 of 2 cuts; "
                            "2 of 3 snapshots\n") == 0,
              "%s", notes);
    free(notes);
    char *layer = text_with(last, "from: 2018-07-10, until: 2018-08-10", "until: 2018-07-01");
    notes = notes_of(layer);
    cr_assert(notes);
    cr_expect(strstr(notes, ": 1 of 4 layers of detachments; 2 of 2 cuts;"), "%s", notes);
    free(notes);
    free(layer);
    free(last);
    free(later);
    free(text);
}
