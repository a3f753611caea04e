/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/looped.h"
#include "cli/report.h"
#include "cli/words.h"
#include "pkosim/status.h"

#define MOST_REPLICATES 10 /* without --replicates */
#define CUT_DAY         90 /* as a cut by name in a scenario */
#define HIT_DAY         365
#define HORIZON         365
#define MOST_DAYS       36525

struct loops {
    struct pko_study_options study;
    int cut_day, hit_day, horizon; /* −1: not given */
};
enum { KEY_FROM = 0x100, KEY_HIT, KEY_HORIZON, KEY_NO_HIT };

static const struct argp_option list[] = {
    {"from-day", KEY_FROM, "DAY", 0, "first day without the arrows (90)", 2},
    {"hit-day", KEY_HIT, "DAY", 0, "day of the one hit more (365, or in the middle of a shorter run)", 2},
    {"horizon", KEY_HORIZON, "DAYS", 0, "evenings that its response is watched (365, or what is left)", 2},
    {"no-hit", KEY_NO_HIT, NULL, 0, "outcomes only, no response to a hit", 2},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct loops *loops = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &loops->study;
        return 0;
    case KEY_FROM:
        loops->cut_day = (int)pko_study_number(state, "--from-day", argument, 0, MOST_DAYS);
        return 0;
    case KEY_HIT:
        loops->hit_day = (int)pko_study_number(state, "--hit-day", argument, 1, MOST_DAYS);
        return 0;
    case KEY_HORIZON:
        loops->horizon = (int)pko_study_number(state, "--horizon", argument, 1, MOST_DAYS);
        return 0;
    case KEY_NO_HIT:
        loops->horizon = 0;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one scenario at a time: '%s' is one too many", argument);
        loops->study.scenario = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&pko_study_argp, 0, NULL, 0}, {0}};
const struct argp pko_argp_loops = {
    .options = list,
    .parser = parse,
    .args_doc = "[SCENARIO]",
    .doc =
        "Say what each feedback loop and each causal arrow carries under one regime (the scenario's first, "
        "or "
        "--regime): how outcomes differ from those of a twin in which it is cut, and how the mission answers "
        "to one hit more, with the arrow and without it."
        "\vThe default is 10 replicates, or the scenario's if it has fewer; each is 60 runs.\n\n"
        "Examples:\n"
        "  pkosim loops\n"
        "  pkosim loops small --regime monusco --outcome access --outcome deaths/yr\n"
        "  pkosim loops my.yaml --hit-day 700 --horizon 200 --csv loops.csv\n"
        "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk, 75 stopped early.",
    .children = children};

/* Days that fit the run, or a message. */
static int choose_days(const struct loops *loops, const struct pko_scenario *scenario,
                       struct pko_loops_plan *plan) {
    int days = scenario->days;
    plan->cut_day = loops->cut_day >= 0 ? loops->cut_day : CUT_DAY;
    if (plan->cut_day >= days)
        return pko_report(PKO_EXIT_INPUT, "--from-day %d: the run has %d days, so nothing would be cut",
                          plan->cut_day, days);
    if (loops->horizon == 0)
        return PKO_EXIT_OK;
    plan->hit_day = HIT_DAY < days / 2 ? HIT_DAY : days / 2;
    if (plan->hit_day < plan->cut_day)
        plan->hit_day = plan->cut_day;
    if (loops->hit_day >= 0)
        plan->hit_day = loops->hit_day;
    if (plan->hit_day < plan->cut_day || plan->hit_day < 1 || plan->hit_day >= days)
        return pko_report(
            PKO_EXIT_INPUT,
            "the hit on day %d must fall on or after the cuts of day %d and inside the run of %d "
            "days: see --from-day, --hit-day, --no-hit",
            plan->hit_day, plan->cut_day, days);
    int left = days - plan->hit_day;
    if (loops->horizon > left)
        return pko_report(PKO_EXIT_INPUT, "--horizon %d: from day %d the run has %d days left",
                          loops->horizon, plan->hit_day, left);
    plan->horizon = loops->horizon > 0 ? loops->horizon : HORIZON < left ? HORIZON : left;
    return PKO_EXIT_OK;
}

static int show(struct pko_study *study, const struct pko_looped *shown) {
    int code = pko_study_csv(study, pko_looped_csv, shown);
    if (code != PKO_EXIT_OK)
        return code;
    if (study->options->json)
        pko_looped_json(shown, stdout);
    else if (pko_looped_print(shown, stdout) != PKO_OK)
        code = pko_report(PKO_EXIT_MEMORY, "out of memory");
    return code;
}

static int run(const struct loops *loops, struct pko_study *study) {
    struct pko_loops_plan plan = {.scenario = study->scenario,
                                  .regime = study->scenario->regimes[0].name,
                                  .first_replicate = study->options->first_replicate,
                                  .replicates = study->replicates,
                                  .threads = study->options->threads,
                                  .stop = &study->signals.stop,
                                  .progress = pko_study_tell,
                                  .context = study};
    struct pko_loops result = {0};
    char label[200];
    int code = choose_days(loops, study->scenario, &plan);
    if (code != PKO_EXIT_OK)
        return code;
    snprintf(label, sizeof label, "%s: loops of %s", study->scenario->name, plan.regime);
    code = pko_study_begin(study, label, pko_loops_variants());
    if (code != PKO_EXIT_OK)
        return code;
    int status = pko_loops_run(&plan, &result);
    code = pko_study_end(study, status, result.twins.replicates);
    if (code == PKO_EXIT_OK || (code == PKO_EXIT_STOPPED && result.twins.replicates > 0)) {
        struct pko_looped shown = {study, &plan, &result};
        int failed = show(study, &shown);
        code = failed ? failed : code;
    }
    pko_loops_free(&result);
    return code;
}

int pko_command_loops(int argc, char **argv) {
    struct loops loops = {.study = {.scenario = "minusma"}, .cut_day = -1, .hit_day = -1, .horizon = -1};
    struct pko_study study = {0};
    bool asked = false;
    pko_words_parse(argc, argv, &pko_argp_loops, &loops);
    for (size_t k = 0; k < loops.study.settings.count; k++)
        asked |= strcmp(loops.study.settings.list[k].name, "regimes") == 0;
    int code = pko_study_open(&study, &loops.study, MOST_REPLICATES);
    if (code == PKO_EXIT_OK && asked && study.scenario->regime_count > 1)
        code = pko_report(PKO_EXIT_INPUT, "one regime at a time: --regime was given %d",
                          study.scenario->regime_count);
    if (code == PKO_EXIT_OK)
        code = run(&loops, &study);
    pko_study_close(&study);
    pko_study_options_free(&loops.study);
    return code;
}
