/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Campaign files: what is read of one, and how each mistake is told. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/campaign.h"

static const char good[] = "scenario: small\n"
                           "settings: {days: 120, record.groups: false}\n"
                           "regimes: [minusma, open]\n"
                           "replicates: 3\n"
                           "seed: 18446744073709551615\n"
                           "design: grid\n"
                           "levels: 5\n"
                           "parameters:\n"
                           "  danger.own: {range: [0.01, 0.2], scale: log, levels: 3}\n"
                           "  regime.open.leak:\n"
                           "  contingents.germany.escort: {values: [0, 0.05]}\n"
                           "outcomes: [access, d]\n"
                           "windows: [{name: late, measure: posture, from: 2018-09-01}]\n"
                           "series: [posture]\n"
                           "shard: 7\n";

static int parse(const char *text, struct pko_campaign **campaign, char **problems) {
    return pko_campaign_parse("c.yaml", text, strlen(text), campaign, problems);
}

Test(campaign, a_whole_file_is_read) {
    struct pko_campaign *campaign;
    char *problems;
    int status = parse(good, &campaign, &problems);
    cr_assert(status == PKO_OK, "%s", problems ? problems : "");
    cr_expect_str_eq(campaign->scenario, "small");
    cr_expect(campaign->setting_count == 2 && strcmp(campaign->settings[1].name, "record.groups") == 0 &&
              strcmp(campaign->settings[1].value, "false") == 0 &&
              strcmp(campaign->settings[1].origin, "c.yaml:2:") == 0);
    cr_expect(campaign->regimes.count == 2 && strcmp(campaign->regimes.texts[1], "open") == 0);
    cr_expect(campaign->replicates == 3 && campaign->seeded && campaign->seed == UINT64_MAX);
    cr_expect(campaign->design == PKO_DESIGN_GRID && campaign->levels == 5 && campaign->size == 0);
    cr_assert(campaign->factor_count == 3);
    const struct pko_factor *own = &campaign->factors[0], *leak = &campaign->factors[1],
                            *escort = &campaign->factors[2];
    cr_expect(own->logarithmic && own->levels == 3 && own->least == 0.01 && own->most == 0.2 &&
              strcmp(own->origin, "c.yaml:9:") == 0);
    struct pko_setting_range table;
    cr_assert(pko_setting_range("regime.open.leak", &table) == PKO_OK);
    cr_expect(leak->least == table.least && leak->most == table.most && !leak->logarithmic,
              "without a range, the table's");
    cr_expect(escort->values.count == 2 && escort->least == 0.0 && escort->most == 0.05);
    cr_expect(campaign->outcomes.count == 2 && campaign->series.count == 1 && campaign->shard == 7);
    cr_assert(campaign->window_count == 1);
    cr_expect(campaign->windows[0].until == INT32_MAX && campaign->windows[0].from > 0);
    pko_campaign_free(campaign);
}

Test(campaign, what_is_left_out_has_its_default) {
    struct pko_campaign *campaign;
    char *problems;
    cr_assert(parse("scenario: a/b.yaml\ndesign: morris\nsize: 4\nparameters: {danger.own: }\n", &campaign,
                    &problems) == PKO_OK);
    cr_expect(!campaign->seeded && campaign->replicates == 0 && campaign->levels == 4 &&
              campaign->shard == 0);
    cr_expect(campaign->regimes.count == 0 && campaign->outcomes.count == 0 && campaign->window_count == 0);
    pko_campaign_free(campaign);
}

/* A line in place of another, and what must be said. */
struct mistake {
    const char *instead, *line, *said;
};

static const struct mistake mistakes[] = {
    {"scenario: small", "", "c.yaml:2: scenario: missing"},
    {"design: grid", "design: gird", "c.yaml:6: design: unknown design 'gird' (nearest: 'grid'"},
    {"levels: 5", "levels: 1",
     "c.yaml:7: levels: '1' is out of range; allowed: a whole number in [2, 10000]"},
    {"shard: 7", "shard: 7\nsize: 9", "c.yaml:16: size: grid has none"},
    {"shard: 7", "shards: 7", "c.yaml:15: unknown key 'shards' (nearest: 'shard'"},
    {"scale: log", "scale: ln", "c.yaml:9: parameters.danger.own.scale: unknown scale 'ln'"},
    {"range: [0.01, 0.2]", "range: [0.01]", "c.yaml:9: parameters.danger.own.range: 1 numbers; allowed: two"},
    {"range: [0.01, 0.2]", "range: [0.2, 0.01]",
     "c.yaml:9: parameters.danger.own.range: a list does not rise"},
    {"range: [0.01, 0.2]", "range: [0.01, 7]", "c.yaml:9: parameters.danger.own.range: 7 is out of range"},
    {"range: [0.01, 0.2]", "range: [0, 0.2]",
     "c.yaml:9: parameters.danger.own.range: a log scale cannot begin"},
    {"levels: 3", "values: [0.1]", "c.yaml:9: parameters.danger.own: has a range and values"},
    {"regime.open.leak:", "danger.own:", "c.yaml:10: parameters.danger.own: given twice (first on line 9)"},
    {"regime.open.leak:", "replicates:", "c.yaml:10: parameters.replicates: cannot vary"},
    {"regime.open.leak:", "contingents.chad.caveat_km:",
     "c.yaml:10: parameters.contingents.chad.caveat_km: needs a range of its own"},
    {"days: 120", "danger.own: 0.1", "c.yaml:9: parameters.danger.own: varies, and settings fix it"},
    {"[access, d]", "[access, access]", "c.yaml:12: outcomes[2]: 'access' stands here twice"},
    {"[access, d]", "access", "c.yaml:12: outcomes: 'access' is no list"},
    {"from: 2018-09-01", "until: 2018-02-30", "c.yaml:13: windows[1].until: '2018-02-30'"},
    {"from: 2018-09-01", "from: 2018-09-01, until: 2018-09-01",
     "c.yaml:13: windows[1]: ends before it begins"},
    {"name: late, ", "", "c.yaml:13: windows[1].name: missing"},
};

/* The good text with one part replaced. */
static char *changed(const struct mistake *mistake) {
    const char *at = strstr(good, mistake->instead);
    cr_assert(at, "%s", mistake->instead);
    char *text = malloc(sizeof good + 200);
    sprintf(text, "%.*s%s%s", (int)(at - good), good, mistake->line, at + strlen(mistake->instead));
    return text;
}

Test(campaign, a_mistake_is_told_with_its_line_and_what_is_allowed) {
    for (size_t k = 0; k < sizeof mistakes / sizeof *mistakes; k++) {
        struct pko_campaign *campaign;
        char *problems, *text = changed(&mistakes[k]);
        int status = parse(text, &campaign, &problems);
        cr_expect(status == PKO_ERROR_INPUT && !campaign, "%s", mistakes[k].line);
        cr_expect(problems && strstr(problems, mistakes[k].said), "%s: %s", mistakes[k].said,
                  problems ? problems : "nothing");
        cr_expect(problems && strchr(problems, '\n') == problems + strlen(problems) - 1, "one line: %s",
                  problems ? problems : "");
        pko_campaign_free(campaign);
        free(problems);
        free(text);
    }
}

Test(campaign, morris_and_sobol_refuse_what_belongs_to_grids) {
    char text[2000], *problems;
    struct pko_campaign *campaign;
    cr_expect(
        parse("scenario: small\ndesign: morris\nsize: 4\nparameters: {danger.own: {values: [0, 0.1]}}\n",
              &campaign, &problems) == PKO_ERROR_INPUT);
    cr_expect(strstr(problems, "c.yaml:4: parameters.danger.own: morris samples a range"), "%s", problems);
    free(problems);
    cr_expect(parse("scenario: small\ndesign: sobol\nparameters: {danger.own: }\n", &campaign, &problems) ==
              PKO_ERROR_INPUT);
    cr_expect_str_eq(problems, "c.yaml:2: size: missing: sobol needs one\n");
    free(problems);
    int used = sprintf(text, "scenario: small\ndesign: sobol\nsize: 4\nparameters:\n");
    for (int k = 0; k < 21; k++)
        used += sprintf(text + used, "  %s:\n", pko_parameter_info((size_t)k)->name);
    cr_expect(parse(text, &campaign, &problems) == PKO_ERROR_INPUT);
    cr_expect(strstr(problems, "at most 20. Screen them by morris first"), "%s", problems);
    free(problems);
}

Test(campaign, a_setting_knows_its_range) {
    struct pko_setting_range range;
    cr_expect(pko_setting_range("danger.own", &range) == PKO_OK && range.least == 0 && range.most == 0.3);
    cr_expect(pko_setting_range("routes.x.platoons", &range) == PKO_OK && range.whole && range.most == 100);
    cr_expect(pko_setting_range("regions.gao.threat_mix.camp", &range) == PKO_OK && range.most == 1);
    cr_expect(pko_setting_range("contingents.chad.caveat_km", &range) == PKO_OK && range.above);
    cr_expect(pko_setting_range("scale", &range) == PKO_OK && range.most == 1000);
    const char *const none[] = {
        "",        "danger",    "regime.minusma",      "contingents.chad", "contingents",
        "mandate", "name.leak", "regions.gao.trust.x", "regime.leak"};
    for (size_t k = 0; k + 1 < sizeof none / sizeof *none; k++)
        cr_expect(pko_setting_range(none[k], &range) == PKO_ERROR_NAME, "%s", none[k]);
}
