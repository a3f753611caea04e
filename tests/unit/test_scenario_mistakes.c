/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planted mistakes: each changes one piece of a right scenario; the message must stand on the right line and
 * name what is wrong, and there must be no other message. */
#include <criterion/criterion.h>

#include "unit/fixtures/scenario_text.h"

struct mistake {
    const char *from, *to; /* what of the text is replaced by what */
    int line;
    const char *pieces[4]; /* each is part of the message */
};

static const struct mistake mistakes[] = {
#define MISTAKE(from, to, line, ...) {from, to, line, {__VA_ARGS__}},
#include "unit/fixtures/scenario_mistakes.def"
#undef MISTAKE
};

static void expect_message(const struct mistake *mistake) {
    char *text = text_with(scenario_text, mistake->from, mistake->to);
    char *problems = problems_of(text, strlen(text), NULL, 0), place[32];
    snprintf(place, sizeof place, "t.yaml:%d: ", mistake->line);
    cr_expect(line_count(problems) == 1, "'%s' gives more than one message:\n%s", mistake->to, problems);
    cr_expect(strncmp(problems, place, strlen(place)) == 0, "'%s' is not on line %d:\n%s", mistake->to,
              mistake->line, problems);
    for (size_t piece = 0; piece < 4 && mistake->pieces[piece]; piece++)
        cr_expect(strstr(problems, mistake->pieces[piece]), "'%s' lacks '%s':\n%s", mistake->to,
                  mistake->pieces[piece], problems);
    free(problems);
    free(text);
}

Test(scenario_mistakes, the_text_itself_is_right) {
    struct pko_scenario *scenario = parsed(scenario_text, NULL, 0);
    pko_scenario_free(scenario);
}

Test(scenario_mistakes, each_has_one_message_on_its_line) {
    for (size_t k = 0; k < sizeof mistakes / sizeof mistakes[0]; k++)
        expect_message(&mistakes[k]);
}

/* Many mistakes at once, from the last line up, come in the order of lines. */
Test(scenario_mistakes, all_are_told_in_the_order_of_lines) {
    static const struct {
        const char *from, *to;
        int line;
    } many[] = {
        {"every: 3", "evry: 3", 60},
        {"- socialization", "- socialisation", 58},
        {"danger.own", "danger.onw", 55},
        {"km: 350", "km: 0", 53},
        {"hub: true", "hub: yes", 51},
        {"{camp: castor, strength: 140}", "{camp: castro, strength: 140}", 49},
        {"until: 2018-08-10", "until: 2018-02-30", 47},
        {"patrol: 0.1", "patrol: nan", 41},
        {"isr: 1", "isr: 3", 38},
        {"lat: 16.25", "lat: 91", 24},
        {"trust: 0.45", "trust: x", 20},
        {"mode: endogenous", "mode: endo", 14},
        {"days: 100", "days: 0x64", 4},
        {"name: test", "nam: test", 1},
    };
    const size_t count = sizeof many / sizeof many[0];
    char *text = text_with(scenario_text, "", "");
    for (size_t k = 0; k < count; k++) {
        char *next = text_with(text, many[k].from, many[k].to);
        free(text);
        text = next;
    }
    char *problems = problems_of(text, strlen(text), NULL, 0);
    /* the misspelt `name` is unknown, and the right one missing: two messages on the first line */
    cr_expect(line_count(problems) == count + 1, "%zu lines:\n%s", line_count(problems), problems);
    const char *line = problems;
    for (size_t k = 0; k < count + 1; k++) {
        char place[32];
        snprintf(place, sizeof place, "t.yaml:%d: ", k == 0 ? 1 : many[count - k].line);
        cr_expect(strncmp(line, place, strlen(place)) == 0, "line %zu is not on %s\n%s", k, place, problems);
        line = strchr(line, '\n') + 1;
    }
    free(problems);
    free(text);
}

static void expect_piece(const char *text, size_t size, const char *piece) {
    char *problems = problems_of(text, size, NULL, 0);
    cr_expect(strstr(problems, piece), "'%s' is not in\n%s", piece, problems);
    cr_expect(line_count(problems) == 1, "more than one message:\n%s", problems);
    free(problems);
}

Test(scenario_mistakes, what_is_no_scenario_is_refused) {
    expect_piece("", 0, "t.yaml:1: empty");
    expect_piece("# nothing\n", 10, "t.yaml:1: empty");
    expect_piece("---\n", 4, "t.yaml:1: empty");
    expect_piece("so", 2, "t.yaml:1: a single value");
    expect_piece("\n- a\n", 5, "t.yaml:2: a list");
    expect_piece("a: 1\nb\0: 2\n", 12, "t.yaml:2: not a text");
    expect_piece("a: *b\n", 6, "t.yaml:1: aliases");
    char deep[200];
    memset(deep, '[', sizeof deep);
    expect_piece(deep, sizeof deep, "t.yaml:1: nested deeper");
}

Test(scenario_mistakes, a_key_is_one_word) {
    char *text = text_with(scenario_text, "days: 100", "[a, b]: 3\ndays: 100");
    expect_piece(text, strlen(text), "t.yaml:4: a key is one word");
    free(text);
}

Test(scenario_mistakes, more_than_a_mebibyte_is_refused) {
    size_t size = ((size_t)1 << 20) + 1, used = strlen(scenario_text);
    char *text = malloc(size);
    cr_assert(text);
    memcpy(text, scenario_text, used);
    memset(text + used, '\n', size - used);
    expect_piece(text, size, "t.yaml:1: too long; allowed: 1048576 bytes");
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    cr_expect(pko_scenario_parse("t.yaml", text, size - 1, NULL, 0, &scenario, &problems) == PKO_OK);
    pko_scenario_free(scenario);
    free(problems);
    free(text);
}

/* `text` with `count` copies of `pattern` put before `where`; each %d in it is the number of the copy. */
static char *text_with_many(const char *where, const char *pattern, int count) {
    char *lines = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&lines, &size);
    cr_assert(stream);
    for (int k = 0; k < count; k++)
        for (const char *byte = pattern; *byte; byte++) {
            if (byte[0] == '%' && byte[1] == 'd') {
                fprintf(stream, "%d", k);
                byte++;
            } else {
                fputc(*byte, stream);
            }
        }
    fputs(where, stream);
    cr_assert(fclose(stream) == 0);
    char *text = text_with(scenario_text, where, lines);
    free(lines);
    return text;
}

/* The limit fits, one more does not. */
static void expect_limit(const char *where, const char *pattern, int fits, const char *piece) {
    char *text = text_with_many(where, pattern, fits);
    pko_scenario_free(parsed(text, NULL, 0));
    free(text);
    text = text_with_many(where, pattern, fits + 1);
    expect_piece(text, strlen(text), piece);
    free(text);
    text = text_with_many(where, pattern, fits + 5);
    expect_piece(text, strlen(text), piece);
    free(text);
}

Test(scenario_mistakes, the_limits_of_the_model_are_kept) {
    expect_limit(
        "police:\n",
        "  - {name: g%d, bloc: other, languages: [english], detachments: [{camp: castor, strength: 1}]}\n",
        PKO_GROUPS_MOST - 3, "one group too many; allowed: 128");
    expect_limit(
        "camps:\n",
        "  - {name: r%d, field_radius_km: 1, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0]], "
        "trust: 0}\n",
        PKO_REGIONS_MOST - 2, "one region too many; allowed: 255");
    expect_limit("german]", "l%d, ", PKO_LANGUAGES_MOST - 3, "is one language too many; allowed: 64");
}

Test(scenario_mistakes, a_mission_without_people_is_refused) {
    static const char *const layers[] = {"camp: castor, strength: 850", "camp: castor, strength: 140",
                                         "camp: castor, strength: 10"};
    char *text = text_with(scenario_text, "from: 2018-07-10, until: 2018-08-10", "until: 2018-07-01");
    for (size_t k = 0; k < 3; k++) {
        char later[80];
        snprintf(later, sizeof later, "%s, from: 2018-10-09", layers[k]);
        char *next = text_with(text, layers[k], later);
        free(text);
        text = next;
    }
    expect_piece(text, strlen(text),
                 "empty mission: no detachment is present on any day from 2018-07-01 to 2018-10-08");
    /* one day earlier there is somebody on the last day */
    char *right = text_with(text, "2018-10-09", "2018-10-08");
    pko_scenario_free(parsed(right, NULL, 0));
    free(right);
    free(text);
}

Test(scenario_mistakes, a_mission_without_groups_is_refused) {
    const char *groups = strstr(scenario_text, "contingents:\n"),
               *routes = strstr(scenario_text, "routes:\n");
    size_t before = (size_t)(groups - scenario_text), after = strlen(routes);
    char *text = malloc(before + after + 1);
    cr_assert(text);
    memcpy(text, scenario_text, before);
    memcpy(text + before, routes, after + 1);
    expect_piece(text, strlen(text), "no group: at least one of contingents, police or sections");
    free(text);
}

Test(scenario_mistakes, values_are_shown_on_one_line) {
    char *text = text_with(scenario_text, "kind: military", "kind: \"a\\nb\\e[31m\\u009b é\"");
    expect_piece(text, strlen(text), "unknown kind 'a\\x0ab\\x1b[31m\\x9b é'");
    free(text);
    char longer[400];
    snprintf(longer, sizeof longer, "kind: %0300d", 7);
    text = text_with(scenario_text, "kind: military", longer);
    expect_piece(text, strlen(text), "000…'");
    free(text);
}

Test(scenario_mistakes, a_flood_of_them_is_counted) {
    char *text = text_with_many("german]", "L%d, ", 3000);
    char *problems = problems_of(text, strlen(text), NULL, 0);
    cr_expect(line_count(problems) == 1001);
    cr_expect(strstr(problems, "… and 2000 more mistakes\n"));
    free(problems);
    free(text);
}
