/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings from outside a file pass through the same table and the same checks. */
#include <criterion/criterion.h>

#include "base/calendar.h"
#include "unit/fixtures/scenario_text.h"

static int32_t day(const char *text) {
    int32_t number = 0;
    cr_assert(pko_date_parse(text, &number) == PKO_OK);
    return number;
}

/* The scenario of the fixture with one setting. */
static struct pko_scenario *with(const char *name, const char *value) {
    struct pko_setting setting = {name, value, "--set"};
    return parsed(scenario_text, &setting, 1);
}

#define EXPECT_WITH(name, value, condition)                                                                  \
    do {                                                                                                     \
        struct pko_scenario *s = with(name, value);                                                          \
        cr_expect(condition, "%s=%s", name, value);                                                          \
        pko_scenario_free(s);                                                                                \
    } while (0)

Test(scenario_settings, keys_of_the_top_level) {
    EXPECT_WITH("name", "other", strcmp(s->name, "other") == 0);
    EXPECT_WITH("description", "null: a, [b", strcmp(s->description, "null: a, [b") == 0);
    EXPECT_WITH("description", "", strcmp(s->description, "") == 0);
    EXPECT_WITH("days", "30", s->days == 30);
    EXPECT_WITH("scale", "0.1", s->scale == 0.1);
    EXPECT_WITH("seed", "18446744073709551615", s->seed == UINT64_MAX);
    EXPECT_WITH("replicates", "9", s->replicates == 9);
    EXPECT_WITH("start", "2018-08-01", s->start == day("2018-08-01"));
    EXPECT_WITH("mandate.mode", "historical", !s->endogenous);
    EXPECT_WITH("record.every", "30", s->record_every == 30);
    EXPECT_WITH("record.groups", "true", s->record_groups);
    EXPECT_WITH("record.events", "false", !s->record_events);
}

Test(scenario_settings, lists) {
    EXPECT_WITH("regimes", "open", s->regime_count == 1 && strcmp(s->regimes[0].name, "open") == 0);
    EXPECT_WITH("regimes", "full, minusma",
                s->regime_count == 2 && strcmp(s->regimes[0].name, "full") == 0 &&
                    strcmp(s->regimes[1].name, "minusma") == 0);
    EXPECT_WITH("regimes", "[silo, mine]", s->regime_count == 2 && strcmp(s->regimes[1].name, "mine") == 0);
    EXPECT_WITH("record.snapshots", "2018-07-03,2018-07-05,2018-07-09",
                s->snapshot_count == 3 && s->snapshots[2] == day("2018-07-09"));
    EXPECT_WITH("record.snapshots", "[2018-07-03]",
                s->snapshot_count == 1 && s->snapshots[0] == day("2018-07-03"));
    EXPECT_WITH("record.snapshots", "", s->snapshot_count == 0);
    EXPECT_WITH("contingents.germany.languages", "german,french",
                s->language_count == 3 && strcmp(s->languages[0], "german") == 0 &&
                    s->groups[0].languages == 3);
}

Test(scenario_settings, attributes_by_their_paths) {
    EXPECT_WITH("contingents.germany.escort", "0.3",
                s->groups[0].escort == 0.3 && s->groups[0].patrol == 0.1);
    EXPECT_WITH("contingents.germany.bloc", "north", s->groups[0].bloc == PKO_NORTH);
    EXPECT_WITH("contingents.germany.secure", "false", !s->groups[0].secure);
    EXPECT_WITH("contingents.germany.alliance", "eu", strcmp(s->alliances[s->groups[0].alliance], "eu") == 0);
    EXPECT_WITH("police.togo_police.visits", "4", s->groups[1].visits == 4);
    EXPECT_WITH("sections.jmac.visits", "3", s->groups[2].visits == 3 && s->groups[2].hub);
    EXPECT_WITH("sections.jmac.kind", "poc", strcmp(s->groups[2].section_kind, "poc") == 0);
    EXPECT_WITH("regions.gao.trust", "0.4", s->regions[0].trust == 0.4 && s->regions[1].trust == 0.35);
    EXPECT_WITH("regions.gao.threat_mix.soft", "0.5",
                s->regions[0].has_mix && s->regions[0].threat_mix[PKO_SOFT] == 0.5);
    EXPECT_WITH("regions.kidal.threat_mix.camp", "0",
                s->regions[1].threat_mix[PKO_CAMP] == 0 && s->regions[1].threat_mix[PKO_MOVEMENT] == 0.5);
    EXPECT_WITH("camps.castor.allied", "0.5", s->camps[0].allied == 0.5);
    EXPECT_WITH("camps.kidal_camp.region", "gao", s->camps[1].region == 0);
    EXPECT_WITH("routes", "[{from: kidal_camp, to: castor, interval_days: 3, km: 5, platoons: 1}]",
                s->route_count == 1 && s->routes[0].from == 1 && s->routes[0].interval_days == 3);
    EXPECT_WITH("contingents.germany.detachments", "[{camp: kidal_camp, strength: 7}]",
                s->layer_count == 3 && s->layers[0].camp == 1 && s->layers[0].strength == 7);
}

Test(scenario_settings, a_timeline_takes_one_number_or_points) {
    EXPECT_WITH("regions.kidal.threat", "0.5",
                s->regions[1].threat.count == 1 && s->regions[1].threat.points[0].value == 0.5);
    EXPECT_WITH("regions.kidal.stability", "[[2018-07-01, 0.1], [2018-09-01, 0.9]]",
                s->regions[1].stability.count == 2 && s->regions[1].stability.points[1].value == 0.9);
    EXPECT_WITH("camps.kidal_camp.protection", "1",
                s->camps[1].protection.count == 1 && pko_timeline_at(&s->camps[1].protection, 0) == 1);
    EXPECT_WITH("contingents.germany.equipment", "[[2018-07-01, 0.1]]",
                s->groups[0].equipment.points[0].value == 0.1);
}

Test(scenario_settings, parameters_and_rules) {
    EXPECT_WITH("danger.own", "0.02",
                s->parameters.danger_own == 0.02 && s->parameters.threat_branching == 0.4);
    EXPECT_WITH("mandate.ratchet", "0.3", s->parameters.mandate_ratchet == 0.3);
    EXPECT_WITH("trust.ride", "1e-2", s->parameters.trust_ride == 0.01);
    EXPECT_WITH("regime.minusma.leak", "0.01",
                s->regimes[0].rule[7] == 0.01 && s->regimes[0].rule[0] == 0.85);
    EXPECT_WITH("regime.mine.leak", "0.02",
                s->regimes[1].rule[7] == 0.02 && s->regimes[1].rule[1] == 1 &&
                    s->definitions[0].rule[7] == 0.02);
    EXPECT_WITH("regime.full.trust_gate", "3",
                s->definitions[1].rule[5] == 3 && s->definitions[1].rule[0] == 0.2);
    /* a built-in regime that another setting brings into the run, in either order */
    struct pko_setting settings[] = {{"regime.open.leak", "0.03", "--set"}, {"regimes", "open", "--regime"}};
    struct pko_scenario *s = parsed(scenario_text, settings, 2);
    cr_expect(s->regimes[0].rule[7] == 0.03 && s->regimes[0].rule[1] == 1);
    pko_scenario_free(s);
}

Test(scenario_settings, cuts_are_added_to_those_of_the_file) {
    struct pko_setting settings[] = {{"cut", "reciprocity", "--cut"},
                                     {"cut", "fear_to_tips@2018-07-20", "--cut"}};
    struct pko_scenario *s = parsed(scenario_text, settings, 2);
    cr_assert(s->cut_count == 4);
    cr_expect(s->cuts[0].arrow == PKO_ARROW_socialization && s->cuts[2].arrow == PKO_ARROW_reciprocity);
    cr_expect(!s->cuts[2].dated && s->cuts[3].arrow == PKO_ARROW_fear_to_tips);
    cr_expect(s->cuts[3].dated && s->cuts[3].from == day("2018-07-20"));
    pko_scenario_free(s);
    struct pko_scenario *small = NULL;
    char *problems = NULL;
    cr_assert(pko_scenario_load("small", settings, 1, &small, &problems) == PKO_OK && !problems);
    cr_expect(small->cut_count == 1);
    pko_scenario_free(small);
}

Test(scenario_settings, the_last_of_several_holds_and_all_are_kept) {
    struct pko_setting settings[] = {{"days", "30", "--days"},
                                     {"days", "40", "--set"},
                                     {"danger.own", "0.2", "--set"},
                                     {"description", "a\nb", "--set"}};
    struct pko_scenario *s = parsed(scenario_text, settings, 4);
    cr_expect(s->days == 40 && s->parameters.danger_own == 0.2);
    cr_expect(strcmp(s->settings, "days=30\ndays=40\ndanger.own=0.2\ndescription=a\\nb\n") == 0, "%s",
              s->settings);
    cr_expect(strcmp(s->text, scenario_text) == 0);
    pko_scenario_free(s);
}

Test(scenario_settings, every_key_of_a_run_may_be_absent_in_the_file) {
    char *text = text_with(
        scenario_text,
        "record: {every: 3, groups: false, events: true, snapshots: [2018-07-01, 2018-08-01]}\n", "");
    char *bare = text_with(text, "parameters:\n  danger.own: 0.1\n  threat.branching: 0.4\n", "");
    struct pko_setting settings[] = {{"record.every", "9", "--every"}, {"danger.own", "0.2", "--set"}};
    struct pko_scenario *s = parsed(bare, settings, 2);
    cr_expect(s->record_every == 9 && s->record_groups && s->parameters.danger_own == 0.2);
    pko_scenario_free(s);
    free(bare);
    free(text);
}

/* Wrong settings: the whole message, or pieces of it. */
static const struct {
    const char *origin, *name, *value, *message, *piece;
} wrong[] = {
    {"--set", "contingents.germny.escort", "0.1",
     "--set contingents.germny.escort: unknown contingent 'germny' (nearest: 'germany'; allowed: germany)",
     ""},
    {"--set", "contingents.germany.escrot", "0.1",
     "--set contingents.germany.escrot: unknown key 'escrot' (nearest: 'escort')", ""},
    {"--set", "contingents.germany.escort", "0.1x",
     "--set contingents.germany.escort: '0.1x' is no number: text follows it; allowed: a number in [0, 1]",
     ""},
    {"--set", "contingents.germany.escort", "0.95",
     "--set contingents.germany.escort: patrol 0.1 and escort 0.95 are", ""},
    {"--set", "contingents.germany", "1", "--set contingents.germany: no attribute", "contingents.NAME.KEY"},
    {"--set", "contingents.germany.detachments.1", "1",
     "--set contingents.germany.detachments.1: ", "no parts"},
    {"--set", "contingents.germany.detachments", "[{camp: castro, strength: 1}]",
     "--set contingents.germany.detachments: [1].camp: unknown camp 'castro' (nearest: 'castor'", ""},
    {"--set", "contingents.germany.equipment", "[[2018-07-01, 2]]",
     "--set contingents.germany.equipment: '2' is out of", ""},
    {"--set", "contingent.germany.escort", "0.1",
     "--set contingent.germany.escort: unknown key 'contingent' (nearest: 'contingents')", ""},
    {"--set", "police.togo.visits", "1", "--set police.togo.visits: unknown police unit 'togo'",
     "togo_police"},
    {"--set", "sections.jmca.visits", "1",
     "--set sections.jmca.visits: unknown section 'jmca' (nearest: 'jmac'", ""},
    {"--set", "regions.gao.trust", "1.4",
     "--set regions.gao.trust: '1.4' is out of range; allowed: a number in [0, 1]", ""},
    {"--set", "regions.goa.trust", "0.4", "--set regions.goa.trust: unknown region 'goa' (nearest: 'gao'",
     ""},
    {"--set", "regions.gao.threat", "x",
     "--set regions.gao.threat: 'x' is no number; allowed: a number in [0, 10]", ""},
    {"--set", "regions.gao.threat_mix.sof", "1",
     "--set regions.gao.threat_mix.sof: unknown key 'sof' (nearest: 'soft'", ""},
    {"--set", "camps.castor.region", "gaos",
     "--set camps.castor.region: unknown region 'gaos' (nearest: 'gao'", ""},
    {"--set", "routes.castor.km", "3", "--set routes.castor.km: the elements of 'routes' have no names", ""},
    {"--set", "danger.onw", "0.1", "--set danger.onw: unknown setting 'danger.onw' (nearest: 'danger.own')",
     ""},
    {"--set", "mandate.rachet", "0.1",
     "--set mandate.rachet: unknown setting 'mandate.rachet' (nearest: 'mandate.ratchet')", ""},
    {"--set", "mandate.mood", "historical",
     "--set mandate.mood: unknown setting 'mandate.mood' (nearest: 'mandate.mode')", ""},
    {"--set", "danger.own", "1", "--set danger.own: '1' is out of range; allowed: a number in [0, 0.3]", ""},
    {"--set", "danger.own", "", "--set danger.own: no value; allowed: a number in [0, 0.3]", ""},
    {"--set", "threat.branching", "1.2",
     "--set threat.branching: '1.2' is out of range: at a branching ratio of 1 or more", "below 1"},
    {"--set", "parameters.danger.own", "0.1", "--set parameters.danger.own: 'parameters' has no parts",
     "PROCESS.NAME=VALUE"},
    {"--set", "regime.leak", "0.1",
     "--set regime.leak: a rule belongs to a regime; allowed: regime.NAME.RULE", ""},
    {"--set", "regime.minusma.leek", "0.1", "--set regime.minusma.leek: unknown rule 'leek' (nearest: 'leak'",
     ""},
    {"--set", "regime.minusna.leak", "0.01",
     "--set regime.minusna.leak: unknown regime 'minusna' (nearest: 'minusma'", ""},
    {"--set", "regime.minusma.leak", "0.1",
     "--set regime.minusma.leak: '0.1' is out of range; allowed: a number in [0, 0.05]", ""},
    {"--set", "regime.full.leak", "0.1",
     "--set regime.full.leak: '0.1' is out of range; allowed: a number in [0, 0.05]", ""},
    {"--set", "regime.silo.leak", "0.01", "--set regime.silo.leak: regime 'silo' is not run",
     "(minusma, mine)"},
    {"--set", "dys", "3", "--set dys: unknown setting 'dys' (nearest: 'days')", ""},
    {"--set", "days.long", "3", "--set days.long: 'days' has no parts", ""},
    {"--set", "", "3", "--set : unknown setting ''", ""},
    {"--set", "...", "3", "--set ...: unknown key ''", ""},
    {"--set", "routes", "[{", "--set routes: not valid YAML: ", ""},
    {"--set", "regions", "*a", "--set regions: aliases", ""},
    {"--days", "days", "0", "--days: '0' is out of range; allowed: a whole number in [1, 36525]", ""},
    {"--days", "days", "3.5", "--days: '3.5' is no whole number", ""},
    {"--scale", "scale", "0", "--scale: '0' is out of range; allowed: a number in (0, 1000]", ""},
    {"--seed", "seed", "-3", "--seed: '-3' is out of range; allowed: a whole number in [0, 2^64)", ""},
    {"--start", "start", "2018-02-30", "--start: '2018-02-30' is a day that does not exist", ""},
    {"--start", "start", "2018-06-30",
     "--start: '2018-06-30' is before the first mandate; allowed: a day from 2018-07-01", ""},
    {"--mandate", "mandate.mode", "endo", "--mandate: unknown mode 'endo'", "historical, endogenous"},
    {"--regime", "regimes", "minusma,opne", "--regime: unknown regime 'opne' (nearest: 'open'", ""},
    {"--regime", "regimes", "open,open", "--regime: 'open' is given twice", ""},
    {"--regime", "regimes", "open,", "--regime: no value", ""},
    {"--regime", "regimes", "", "--regime: a list is empty; allowed: a list of at least one regime", ""},
    {"--cut", "cut", "socialisation", "--cut: unknown arrow 'socialisation' (nearest: 'socialization')", ""},
    {"--cut", "cut", "socialization", "--cut: arrow 'socialization' is cut twice", ""},
    {"--cut", "cut", "reciprocity@", "--cut: no value; allowed: a day as YYYY-MM-DD", ""},
    {"--cut", "cut", "reciprocity@2018-13-01", "--cut: '2018-13-01' is a day that does not exist", ""},
    {"--snapshots", "record.snapshots", "2018-08-01,2018-07-01",
     "--snapshots: '2018-07-01' does not come after", ""},
    {"--every", "record.every", "0", "--every: '0' is out of range; allowed: a whole number in [1, 3650]",
     ""},
    {NULL, "days", "0", "setting days: '0' is out of range", ""},
    {"page", "days", "0", "page days: '0' is out of range", ""},
};

Test(scenario_settings, wrong_ones_are_told_by_their_origin) {
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        struct pko_setting setting = {wrong[k].name, wrong[k].value, wrong[k].origin};
        char *problems = problems_of(scenario_text, strlen(scenario_text), &setting, 1);
        cr_expect(strncmp(problems, wrong[k].message, strlen(wrong[k].message)) == 0, "not '%s':\n%s",
                  wrong[k].message, problems);
        cr_expect(strstr(problems, wrong[k].piece), "no '%s':\n%s", wrong[k].piece, problems);
        cr_expect(line_count(problems) == 1, "%s=%s gives more than one message:\n%s", wrong[k].name,
                  wrong[k].value, problems);
        free(problems);
    }
}

/* A name of the file is shown on one line too, where a setting might have meant it. */
Test(scenario_settings, names_of_the_file_are_shown_on_one_line) {
    char *text = text_with(scenario_text, "name: gao", "name: \"g\\to\"");
    struct pko_setting setting = {"regions.gao.trust", "0.3", "--set"};
    char *problems = problems_of(text, strlen(text), &setting, 1);
    cr_expect(strstr(problems, "unknown region 'gao' (nearest: 'g\\x09o'; allowed: g\\x09o, kidal)"), "%s",
              problems);
    free(problems);
    free(text);
}

Test(scenario_settings, mistakes_of_the_file_come_first) {
    char *text = text_with(scenario_text, "km: 350", "km: 0");
    struct pko_setting settings[] = {{"dys", "3", "--set"}, {"days", "0", "--days"}};
    char *problems = problems_of(text, strlen(text), settings, 2);
    cr_expect(line_count(problems) == 3);
    cr_expect(strncmp(problems, "t.yaml:53: ", 11) == 0, "%s", problems);
    cr_expect(strstr(problems, "\n--set dys: ") && strstr(strstr(problems, "\n--set dys: "), "\n--days: "),
              "%s", problems);
    free(problems);
    free(text);
}
