/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/decomposed.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/status.h"

#define MOST_REPLICATES 10 /* without --replicates */

struct decompose {
    struct pko_study_options study;
    const char *words[3]; /* REGIME_A REGIME_B SCENARIO */
    int count;
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct decompose *decompose = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &decompose->study;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 2)
            argp_error(state, "two regimes and one scenario: '%s' is one too many", argument);
        decompose->words[decompose->count++] = argument;
        return 0;
    case ARGP_KEY_END:
        if (decompose->count < 2)
            argp_error(state, "which two regimes?");
        if (strcmp(decompose->words[0], decompose->words[1]) == 0)
            argp_error(state, "regime '%s' twice: there is no difference to decompose", decompose->words[0]);
        for (size_t k = 0; k < decompose->study.settings.count; k++)
            if (strcmp(decompose->study.settings.list[k].origin, "--regime") == 0)
                argp_error(state, "the regimes are the first two words: no --regime");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&pko_study_argp, 0, NULL, 0}, {0}};
const struct argp pko_argp_decompose = {
    .parser = parse,
    .args_doc = "REGIME_A REGIME_B [SCENARIO]",
    .doc =
        "Say which of the eight rules of a sharing regime carries the difference REGIME_B - REGIME_A (of a "
        "scenario built in or in a .yaml file; default: minusma): exact Shapley values over all mixtures of "
        "the two regimes, each rule alone and each rule removed, with intervals over replicates."
        "\vThe default is 10 replicates, or the scenario's if it has fewer. Regimes that differ in all eight "
        "rules need 256 runs a replicate.\n\n"
        "Examples:\n"
        "  pkosim decompose minusma monusco\n"
        "  pkosim decompose minusma fusion small --replicates 20 --outcome access_gini\n"
        "  pkosim decompose minusma open my.yaml --set regime.open.leak=0.001 --csv rules.csv\n"
        "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk, 75 stopped early.",
    .children = children};

static int show(struct pko_study *study, const struct pko_decomposed *shown) {
    int code = pko_study_csv(study, pko_decomposed_csv, shown);
    if (code != PKO_EXIT_OK)
        return code;
    if (study->options->json)
        pko_decomposed_json(shown, stdout);
    else if (pko_decomposed_print(shown, stdout) != PKO_OK)
        code = pko_report(PKO_EXIT_MEMORY, "out of memory");
    return code;
}

static int run(struct pko_study *study) {
    const struct pko_regime *regimes = study->scenario->regimes;
    struct pko_decompose_plan plan = {.scenario = study->scenario,
                                      .first = regimes[0],
                                      .second = regimes[1],
                                      .first_replicate = study->options->first_replicate,
                                      .replicates = study->replicates,
                                      .threads = study->options->threads,
                                      .stop = &study->signals.stop,
                                      .progress = pko_study_tell,
                                      .context = study};
    struct pko_decomposition result = {0};
    char label[200];
    snprintf(label, sizeof label, "%s: %s - %s", study->scenario->name, regimes[1].name, regimes[0].name);
    int code = pko_study_begin(study, label, pko_mixtures(&plan.first, &plan.second));
    if (code != PKO_EXIT_OK)
        return code;
    int status = pko_decompose(&plan, &result);
    code = pko_study_end(study, status, result.replicates);
    if (code == PKO_EXIT_OK || (code == PKO_EXIT_STOPPED && result.replicates > 0)) {
        struct pko_decomposed shown = {study, regimes, &result};
        int failed = show(study, &shown);
        code = failed ? failed : code;
    }
    pko_decomposition_free(&result);
    return code;
}

int pko_command_decompose(int argc, char **argv) {
    struct decompose decompose = {.words = {NULL, NULL, "minusma"}};
    struct pko_study study = {0};
    char *regimes = NULL;
    pko_words_parse(argc, argv, &pko_argp_decompose, &decompose);
    decompose.study.scenario = decompose.words[2];
    int code = PKO_EXIT_OK;
    if (asprintf(&regimes, "%s,%s", decompose.words[0], decompose.words[1]) < 0 ||
        pko_cli_settings_add(&decompose.study.settings, "REGIME_A REGIME_B", "regimes", regimes) != 0)
        code = pko_report(PKO_EXIT_MEMORY, "out of memory");
    if (code == PKO_EXIT_OK)
        code = pko_study_open(&study, &decompose.study, MOST_REPLICATES);
    if (code == PKO_EXIT_OK && study.scenario->regime_count != 2)
        code = pko_report(PKO_EXIT_INPUT, "'%s' and '%s' are not two names of regimes", decompose.words[0],
                          decompose.words[1]);
    if (code == PKO_EXIT_OK)
        code = run(&study);
    pko_study_close(&study);
    pko_study_options_free(&decompose.study);
    free(regimes);
    return code;
}
