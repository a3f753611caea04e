/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own helpers are not in the library, so their sources are taken in here. */
#define _GNU_SOURCE
#include <criterion/criterion.h>

#include "cli/json.c"
#include "cli/report.c"
#include "cli/rest.c"
#include "cli/table.c"
#include "cli/words.c"

static const struct argp_option inner_options[] = {
    {"seed", 2, "S", 0, "", 0}, {"events", 3, NULL, 0, "", 0}, {0}};
static const struct argp_option outer_options[] = {{"replicates", 1, "N", 0, "", 0},
                                                   {"regime", 4, "R", 0, "", 0},
                                                   {"out", 5, "FILE", 0, "", 0},
                                                   {"force", 6, NULL, 0, "", 0},
                                                   {0}};
static const struct argp inner = {.options = inner_options};
static const struct argp_child inner_child[] = {{&inner, 0, NULL, 0}, {0}};
static const struct argp outer = {.options = outer_options, .children = inner_child};

/* The problem with a command line of these words, as a text that lives as long as the test. */
#define PROBLEM(...)                                                                                         \
    pko_words_problem((int)(sizeof((const char *[]){"run", __VA_ARGS__}) / sizeof(char *)),                  \
                      (char **)(const char *[]){"run", __VA_ARGS__, NULL}, &outer)

static void expect_piece(char *problem, const char *piece) {
    cr_assert_not_null(problem, "no problem was found, but one with %s", piece);
    cr_assert_not_null(strstr(problem, piece), "\"%s\" lacks %s", problem, piece);
    free(problem);
}

Test(words, right_options_pass) {
    cr_assert_null(PROBLEM("small", "--replicates", "5", "--seed=7", "--events", "--out=x", "--help"));
    cr_assert_null(PROBLEM("--usage"));
    cr_assert_null(PROBLEM("-x"), "short options are argp's business");
}

Test(words, a_cut_short_option_is_refused_with_its_whole_name) {
    expect_piece(PROBLEM("--rep", "5"), "write '--replicates'");
    expect_piece(PROBLEM("--rep=5"), "write '--replicates'");
    expect_piece(PROBLEM("--se", "5"), "write '--seed'");
    expect_piece(PROBLEM("--re", "5"), "'--replicates', or '--regime'");
    expect_piece(PROBLEM("--hel"), "write '--help'");
}

Test(words, a_misspelt_option_is_refused_with_the_nearest) {
    expect_piece(PROBLEM("--replicats", "5"), "nearest: '--replicates'");
    expect_piece(PROBLEM("--ragime=open"), "nearest: '--regime'");
    expect_piece(PROBLEM("--evnets"), "nearest: '--events'");
    expect_piece(PROBLEM("--Seed", "1"), "nearest: '--seed'");
    expect_piece(PROBLEM("--replicatesx", "5"), "nearest: '--replicates'");
}

Test(words, an_option_like_no_other_is_refused_without_a_guess) {
    char *problem = PROBLEM("--qwertyuiop");
    cr_assert_str_eq(problem, "unknown option '--qwertyuiop'");
    free(problem);
}

Test(words, a_value_is_not_taken_for_an_option) {
    cr_assert_null(PROBLEM("--out", "-strange"));
    cr_assert_null(PROBLEM("--", "--rep"), "words behind -- are no options");
    expect_piece(PROBLEM("--out", "--force"), "'--out' needs a value, but '--force' follows");
    cr_assert_null(PROBLEM("--out=--force"));
}

Test(words, whole_numbers_are_digits_only) {
    unsigned long value = 99;
    cr_assert_eq(pko_words_number("0", 10, &value), 0);
    cr_assert_eq(value, 0);
    cr_assert_eq(pko_words_number("1048575", 1048575, &value), 0);
    cr_assert_eq(value, 1048575);
    static const char *const wrong[] = {
        "", "-1", "+1", " 1", "1 ", "1e3", "0x10", "1.0", "1048576", "99999999999999999999999999", "ten"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        cr_assert_eq(pko_words_number(wrong[k], 1048575, &value), -1, "'%s' was taken", wrong[k]);
    cr_assert_eq(value, 1048575);
    cr_assert_eq(pko_words_number("5", 3, &value), -1);
}

Test(words, quoting_survives_a_shell) {
    char *words[] = {"pkosim", "run", "my file.yaml", "--set", "a.b=[1, 2]", "it's", "", "--out=x.h5"};
    char *line = pko_words_quoted(8, words);
    cr_assert_str_eq(line, "pkosim run 'my file.yaml' --set 'a.b=[1, 2]' 'it'\\''s' '' --out=x.h5");
    free(line);
}

Test(words, the_rest_is_the_same_command_with_other_replicates_and_files) {
    char *words[] = {"pkosim", "run",   "small",    "--replicates=40", "--first-replicate", "10", "--regime",
                     "open",   "--out", "d.x/a.h5", "--quiet"};
    struct pko_twin_run_options options = {.first_replicate = 10, .words = words, .word_count = 11};
    char *line = pko_twin_runs_rest(&options, 7, 40, "d.x/a.h5");
    cr_assert_str_eq(
        line, "pkosim run --first-replicate 17 --replicates 33 --out d.x/a-from-17.h5 small --regime open "
              "--quiet");
    free(line);
}

Test(words, the_rest_of_a_run_with_a_table_and_default_names) {
    char *words[] = {"pkosim", "run", "--observables", "table", "--", "./my.yaml"};
    struct pko_twin_run_options options = {.observables = "table", .words = words, .word_count = 6};
    char *line = pko_twin_runs_rest(&options, 1, 3, "../small.h5");
    cr_assert_str_eq(line,
                     "pkosim run --first-replicate 1 --replicates 2 --out ../small-from-1.h5 --observables "
                     "table-from-1 -- ./my.yaml");
    free(line);
}

Test(words, the_rest_of_a_run_to_a_precision_keeps_its_aim) {
    char *words[] = {"pkosim", "run",         "small", "--replicates",
                     "auto",   "--precision", "0.05",  "--max-replicates=60"};
    struct pko_twin_run_options options = {
        .settings = {.replicates_auto = 1}, .words = words, .word_count = 8};
    char *line = pko_twin_runs_rest(&options, 12, 60, "small.h5");
    cr_assert_str_eq(line, "pkosim run --first-replicate 12 --max-replicates 48 --out small-from-12.h5 small "
                           "--replicates auto --precision 0.05");
    free(line);
    line = pko_twin_runs_rest(&options, 59, 60, "small.h5");
    cr_assert_not_null(strstr(line, "--max-replicates 2 "), "no fewer than the option takes: %s", line);
    free(line);
}

/* What a function prints into a stream, as a text. */
static char *printed(void (*print)(FILE *stream)) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    print(stream);
    fclose(stream);
    return text;
}

static struct pko_table *example_table(void) {
    struct pko_table *table = pko_table_create("lrl");
    static const char *const cells[] = {"name", "n", "note", "é", "1", "a|b", "long name", "200", ""};
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
        pko_table_cell(table, "%s", cells[k]);
    return table;
}

static void print_table_text(FILE *stream) {
    struct pko_table *table = example_table();
    pko_table_line(table, "a line over all %d", 3);
    cr_assert_eq(pko_table_print(table, stream), PKO_OK);
    pko_table_free(table);
}
static void print_table_markdown(FILE *stream) {
    struct pko_table *table = example_table();
    cr_assert_eq(pko_table_markdown(table, stream), PKO_OK);
    pko_table_free(table);
}

Test(words, tables_align_by_what_is_seen) {
    char *text = printed(print_table_text);
    cr_assert_str_eq(text, "name         n  note\n"
                           "é            1  a|b\n"
                           "long name  200\n"
                           "a line over all 3\n");
    free(text);
    text = printed(print_table_markdown);
    cr_assert_str_eq(
        text, "| name | n | note |\n| --- | ---: | --- |\n| é | 1 | a\\|b |\n| long name | 200 |  |\n");
    free(text);
}

static void print_json(FILE *stream) {
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "te\"xt", "a\\b\n");
    pko_json_open(&json, "numbers", '[', true);
    pko_json_number(&json, NULL, 0.1);
    pko_json_number(&json, NULL, 1.0 / 3.0);
    pko_json_number(&json, NULL, NAN);
    pko_json_number(&json, NULL, -INFINITY);
    pko_json_whole(&json, NULL, UINT64_MAX);
    pko_json_truth(&json, NULL, true);
    pko_json_text(&json, NULL, NULL);
    pko_json_close(&json);
    pko_json_open(&json, "empty", '[', false);
    pko_json_close(&json);
    pko_json_close(&json);
}

Test(words, json_is_exact_and_escaped) {
    char *text = printed(print_json);
    cr_assert_str_eq(
        text, "{\n \"te\\\"xt\": \"a\\\\b\\u000a\",\n"
              " \"numbers\": [0.1, 0.3333333333333333, null, null, 18446744073709551615, true, null],\n"
              " \"empty\": []\n}\n");
    free(text);
}
