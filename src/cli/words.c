/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "cli/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "cli/report.h"

#define MOST_OPTIONS 64

/* The long options of a parser: name, and whether a value must follow. */
struct options {
    const char *names[MOST_OPTIONS];
    bool takes_value[MOST_OPTIONS];
    size_t count;
};

static void add_option(struct options *options, const char *name, bool takes_value) {
    if (options->count < MOST_OPTIONS) {
        options->names[options->count] = name;
        options->takes_value[options->count++] = takes_value;
    }
}

static void collect(struct options *options, const struct argp *argp) {
    for (const struct argp_option *option = argp->options;
         option && (option->name || option->key || option->doc || option->group); option++)
        if (option->name && !(option->flags & OPTION_DOC))
            add_option(options, option->name, option->arg && !(option->flags & OPTION_ARG_OPTIONAL));
    for (const struct argp_child *child = argp->children; child && child->argp; child++)
        collect(options, child->argp);
}

static const char *option_name(const void *context, size_t k) {
    const struct options *options = context;
    return k < options->count ? options->names[k] : NULL;
}

/* What is said of a word that is no option: what it may be short for, else what is spelt most like it. */
static char *unknown(const struct options *options, const char *word, size_t length) {
    char wrong[64], *text = NULL;
    snprintf(wrong, sizeof wrong, "%.*s", (int)length, word);
    const char *whole[2] = {NULL, NULL};
    size_t begins = 0;
    for (size_t k = 0; k < options->count; k++)
        if (strncmp(options->names[k], wrong, strlen(wrong)) == 0) {
            if (begins < 2)
                whole[begins] = options->names[k];
            begins++;
        }
    const char *nearest = pko_name_nearest(wrong, option_name, options);
    int printed;
    if (begins == 1)
        printed = asprintf(&text, "option '--%s' is cut short: write '--%s'", wrong, whole[0]);
    else if (begins > 1)
        printed =
            asprintf(&text, "option '--%s' is cut short: write '--%s', or '--%s'", wrong, whole[0], whole[1]);
    else if (nearest)
        printed = asprintf(&text, "unknown option '--%s' (nearest: '--%s')", wrong, nearest);
    else
        printed = asprintf(&text, "unknown option '--%s'", wrong);
    return printed < 0 ? NULL : text;
}

/* The option that these characters name in full, or −1. */
static int find(const struct options *options, const char *word, size_t length) {
    for (size_t k = 0; k < options->count; k++)
        if (strlen(options->names[k]) == length && strncmp(options->names[k], word, length) == 0)
            return (int)k;
    return -1;
}

char *pko_words_problem(int argc, char **argv, const struct argp *argp) {
    struct options options = {.count = 0};
    collect(&options, argp);
    add_option(&options, "help", false);
    add_option(&options, "usage", false);
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        if (strncmp(argv[k], "--", 2) != 0)
            continue;
        const char *word = argv[k] + 2;
        size_t length = strcspn(word, "=");
        int found = find(&options, word, length);
        if (found < 0)
            return unknown(&options, word, length);
        if (!options.takes_value[found] || word[length] == '=')
            continue;
        /* The next word is the value, whatever it looks like; a further option there was hardly meant so. */
        k++;
        if (k < argc && strncmp(argv[k], "--", 2) == 0) {
            char *text = NULL;
            if (asprintf(&text, "option '--%s' needs a value, but '%s' follows", options.names[found],
                         argv[k]) < 0)
                return NULL;
            return text;
        }
    }
    return NULL;
}

void pko_words_parse(int argc, char **argv, const struct argp *argp, void *input) {
    char *problem = pko_words_problem(argc, argv, argp);
    if (problem) {
        pko_report(PKO_EXIT_INPUT, "%s; see '%s --help'", problem, argv[0]);
        free(problem);
        exit(PKO_EXIT_INPUT);
    }
    for (int k = 1; k < argc; k++)
        if (strcmp(argv[k], "-h") == 0)
            argv[k] = (char *)"--help"; /* argp only reads the words */
    argp_err_exit_status = PKO_EXIT_INPUT;
    argp_parse(argp, argc, argv, 0, NULL, input);
}

int pko_words_number(const char *text, unsigned long most, unsigned long *value) {
    unsigned long number = 0;
    if (!*text)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        unsigned long digit = (unsigned long)(*text - '0');
        if (digit > most || number > (most - digit) / 10)
            return -1;
        number = 10 * number + digit;
    }
    *value = number;
    return 0;
}

static bool is_plain(const char *word) {
    return *word &&
           strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,@%+-") ==
               strlen(word);
}

char *pko_words_quoted(int argc, char *const *argv) {
    size_t size = 1;
    for (int k = 0; k < argc; k++)
        size += 4 * strlen(argv[k]) + 3; /* a quote becomes four characters */
    char *text = malloc(size), *end = text;
    if (!text)
        return NULL;
    *end = 0;
    for (int k = 0; k < argc; k++) {
        if (k > 0)
            *end++ = ' ';
        if (is_plain(argv[k])) {
            end = stpcpy(end, argv[k]);
            continue;
        }
        *end++ = '\'';
        for (const char *from = argv[k]; *from; from++) {
            if (*from == '\'')
                end = stpcpy(end, "'\\''");
            else
                *end++ = *from;
        }
        *end++ = '\'';
        *end = 0;
    }
    return text;
}

unsigned long pko_words_seconds(const char *text) {
    static const struct {
        char unit;
        unsigned long seconds;
    } units[] = {{'h', 3600}, {'m', 60}, {'s', 1}};
    unsigned long sum = 0;
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        char *end = NULL;
        if (*text < '0' || *text > '9')
            break;
        unsigned long value = strtoul(text, &end, 10);
        if (*end != units[k].unit)
            continue;
        if (value > 1000000)
            return 0;
        sum += value * units[k].seconds;
        text = end + 1;
    }
    return *text ? 0 : sum;
}
