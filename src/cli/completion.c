/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pkosim completion bash`: what bash needs to complete a command line, from the same tables as --help. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "experiment/outcomes.h"
#include "model/parameters.h"
#include "pkosim/scenario.h"
#include "scenario/keys.h"

/* What an option's value is completed to, by what --help calls the value. */
static const struct {
    const char *argument, *kind;
} kinds[] = {
    {"ARROW[@DATE]", "arrows"}, {"R", "regimes"},  {"NAME=VALUE", "settings"}, {"MODE", "modes"},
    {"NAME", "outcomes"},       {"FILE", "files"}, {"CSV", "files"},           {"DIR", "folders"},
};

/* What words that are no options are completed to, by what --help calls them. */
static const char *words_of(const struct pko_command *command) {
    const char *words = command->argp->args_doc ? command->argp->args_doc : "";
    return strstr(words, "SCENARIO") ? "scenarios"
           : strstr(words, "FILE")   ? "results"
           : strstr(words, "SHELL")  ? "shells"
                                     : "";
}

static const char *kind_of(const struct argp_option *option) {
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].argument, option->arg) == 0)
            return kinds[k].kind;
    return "";
}

/* The options of each command, and of those with a value what it may be. */
static int put_options(void) {
    const struct pko_command *command;
    puts("    case $command in");
    for (size_t k = 0; (command = pko_command(k)) != NULL; k++) {
        size_t count = 0;
        const struct argp_option **list = pko_command_options(command->argp, &count);
        if (!list)
            return pko_report(PKO_EXIT_MEMORY, "out of memory");
        printf("    %s)\n        options='--help --usage", command->name);
        for (size_t o = 0; o < count; o++)
            printf(" --%s", list[o]->name);
        printf("' words=%s\n        case $option in\n", words_of(command));
        for (size_t o = 0; o < count; o++)
            if (list[o]->arg)
                printf("        --%s) value=%s ;;\n", list[o]->name,
                       *kind_of(list[o]) ? kind_of(list[o]) : "none");
        puts("        esac ;;");
        free(list);
    }
    puts("    help) words=commands ;;\n    esac");
    return PKO_EXIT_OK;
}

static void put_parameters(void) {
    const struct pko_regime_info *regime;
    fputs("    settings) list='", stdout);
    for (size_t k = 0; k < PKO_FIRST_RULE; k++)
        printf("%s= ", pko_parameter_info(k)->name);
    for (size_t k = 0; (regime = pko_regime_info(k)) != NULL; k++)
        for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++)
            printf("regime.%s.%s= ", regime->name,
                   pko_parameter_info(PKO_FIRST_RULE + rule)->name + strlen("regime."));
    puts("' ;;");
}

/* The words of each kind. */
static void put_kinds(void) {
    const struct pko_command *command;
    const struct pko_arrow_info *arrow;
    const struct pko_regime_info *regime;
    const struct pko_outcome_info *outcome;
    puts("    case $kind in");
    fputs("    commands) list='help", stdout);
    for (size_t k = 0; (command = pko_command(k)) != NULL; k++)
        printf(" %s", command->name);
    fputs("' ;;\n    arrows) list='", stdout);
    for (size_t k = 0; (arrow = pko_arrow_info(k)) != NULL; k++)
        printf("%s ", arrow->name);
    fputs("' ;;\n    regimes) list='", stdout);
    for (size_t k = 0; (regime = pko_regime_info(k)) != NULL; k++)
        printf("%s ", regime->name);
    fputs("' ;;\n    outcomes) list='", stdout);
    for (size_t k = 0; (outcome = pko_outcome_info(k)) != NULL; k++)
        printf("%s ", outcome->name);
    fputs("' ;;\n    scenarios) list='", stdout);
    for (size_t k = 0; pko_scenario_builtin_name(k); k++)
        printf("%s ", pko_scenario_builtin_name(k));
    fputs("' ;;\n    modes) list='", stdout);
    const char *modes = pko_key((size_t)pko_key_find(PKO_IN_MANDATE, "mode"))->choices;
    for (; *modes; modes++)
        putchar(*modes == '|' ? ' ' : *modes);
    puts("' ;;\n    shells) list=bash ;;");
    put_parameters();
    puts("    esac");
}

/* Bash splits words at =, so that the value of --cut=NAME is a word of its own behind a word of one =. */
static const char head[] =
    "# bash completion for pkosim, written by `pkosim completion bash`\n"
    "_pkosim() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
    "    local options='' words='' value='' kind='' list='' file\n"
    "    COMPREPLY=()\n"
    "    if [[ $word == = ]]; then\n"
    "        word=''\n"
    "    elif [[ $option == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n";
static const char middle[] = "    if [[ $COMP_CWORD -le 1 ]]; then\n"
                             "        kind=commands\n"
                             "    elif [[ -n $value ]]; then\n"
                             "        kind=$value\n"
                             "    elif [[ $word == -* ]]; then\n"
                             "        list=$options\n"
                             "    else\n"
                             "        kind=$words\n"
                             "    fi\n";
static const char tail[] =
    "    if [[ $kind == settings ]]; then\n"
    "        compopt -o nospace 2> /dev/null\n"
    "    fi\n"
    "    while IFS= read -r file; do\n"
    "        COMPREPLY+=(\"$file\")\n"
    "    done < <(compgen -W \"$list\" -- \"$word\"\n"
    "        case $kind in\n"
    "        files) compgen -f -- \"$word\" ;;\n"
    "        folders) compgen -d -- \"$word\" ;;\n"
    "        results) compgen -f -X '!*.h5' -- \"$word\"; compgen -d -S / -- \"$word\" ;;\n"
    "        scenarios) compgen -f -X '!*.yaml' -- \"$word\"; compgen -d -S / -- \"$word\" ;;\n"
    "        esac)\n"
    "}\n"
    "complete -o filenames -F _pkosim pkosim\n";

static error_t parse(int key, char *argument, struct argp_state *state) {
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 0 || strcmp(argument, "bash") != 0)
            argp_error(state, "one shell, bash; not '%s'", argument);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "for which shell? bash");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_completion = {
    .parser = parse,
    .args_doc = "SHELL",
    .doc = "Print what bash needs to complete commands, options, scenarios, regimes, arrows, parameters and "
           "files."
           "\vExamples:\n"
           "  source <(pkosim completion bash)\n"
           "  pkosim completion bash > ~/.local/share/bash-completion/completions/pkosim"};

int pko_command_completion(int argc, char **argv) {
    pko_words_parse(argc, argv, &pko_argp_completion, NULL);
    fputs(head, stdout);
    int code = put_options();
    fputs(middle, stdout);
    put_kinds();
    fputs(tail, stdout);
    return code;
}
