/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/sensed.h"
#include "cli/sweep.h"
#include "cli/words.h"
#include "experiment/design.h"
#include "experiment/outcomes.h"
#include "experiment/store.h"
#include "experiment/summary.h"
#include "pkosim/pkosim.h"

#define FEW 10 /* parameters in a table without --all */

struct words {
    const char *path, *index, **outcomes;
    size_t outcome_count;
    bool all, json, quiet;
};
enum { KEY_INDEX = 0x100, KEY_OUTCOME, KEY_ALL, KEY_JSON, KEY_QUIET };

static const struct argp_option options[] = {
    {"index", KEY_INDEX, "NAME", 0,
     "morris, sobol or rank; refused if the design gives another (the design's)", 0},
    {"outcome", KEY_OUTCOME, "NAME", 0, "outcome to look at; repeat for several (all that are kept)", 0},
    {"all", KEY_ALL, NULL, 0, "all parameters, not the ten most influential", 0},
    {"json", KEY_JSON, NULL, 0, "print JSON, not tables", 0},
    {"quiet", KEY_QUIET, NULL, 0, "no notes", 0},
    {0}};

/* The indices by name, and the designs that give them. */
static const struct {
    const char *name;
    enum pko_design_kind design;
} indices[] = {
    {"morris", PKO_DESIGN_MORRIS}, {"sobol", PKO_DESIGN_SOBOL}, {"rank", PKO_DESIGN_LATIN_HYPERCUBE}};
#define INDICES (sizeof indices / sizeof *indices)

static error_t add_outcome(struct words *words, const char *name) {
    const char **names = realloc(words->outcomes, (words->outcome_count + 1) * sizeof *names);
    if (!names)
        return ENOMEM;
    words->outcomes = names;
    names[words->outcome_count++] = name;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct words *words = state->input;
    switch (key) {
    case KEY_INDEX:
        words->index = argument;
        for (size_t k = 0; k < INDICES; k++)
            if (strcmp(argument, indices[k].name) == 0)
                return 0;
        argp_error(state, "--index wants morris, sobol or rank, not '%s'", argument);
        return 0;
    case KEY_OUTCOME:
        return add_outcome(words, argument);
    case KEY_ALL:
        words->all = true;
        return 0;
    case KEY_JSON:
        words->json = true;
        return 0;
    case KEY_QUIET:
        words->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one directory at a time: '%s' is one too many", argument);
        words->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which directory? One that 'pkosim sweep' made");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_sensitivity = {
    .options = options,
    .parser = parse,
    .args_doc = "DIR",
    .doc = "Say which parameters matter in a campaign of 'pkosim sweep': elementary effects of the design "
           "morris, "
           "Sobol' indices of the design sobol, rank correlations of latin_hypercube; for each outcome under "
           "each regime, and for its difference from the first regime. The noise of replicates is told apart."
           "\vExamples:\n"
           "  pkosim sensitivity smoke\n"
           "  pkosim sensitivity smoke --outcome access_gini --all\n"
           "  pkosim sensitivity smoke --index morris --json\n"
           "Exit status: 0 done, 2 wrong input, 71 no memory, 74 disk."};

/* A campaign read back. */
struct campaign {
    const struct words *words;
    struct pko_plan *plan;
    struct pko_store *store;
    struct pko_summary summary;
    double *units;  /* of the design, [point][factor] */
    double *values; /* of the outcome at hand */
    struct pko_json json;
};

/* Whether the design gives the index that is asked for, and any at all. */
static int know_design(const struct campaign *campaign) {
    enum pko_design_kind design = campaign->plan->campaign->design;
    const char *index = NULL, *wanted = campaign->words->index;
    for (size_t k = 0; k < INDICES; k++)
        if (indices[k].design == design)
            index = indices[k].name;
    if (!index)
        return pko_report(
            PKO_EXIT_INPUT,
            "'%s' has the design %s, from which no index can be taken; it takes morris, sobol or "
            "latin_hypercube",
            campaign->words->path, pko_design_name(design));
    if (wanted && strcmp(wanted, index) != 0)
        return pko_report(PKO_EXIT_INPUT, "--index %s: '%s' has the design %s, which gives %s", wanted,
                          campaign->words->path, pko_design_name(design), index);
    return PKO_EXIT_OK;
}

static const char *name_of_kept(const void *context, size_t k) {
    const struct pko_plan *plan = context;
    return k < plan->kept_count ? plan->kept[k].name : NULL;
}

static size_t find(const struct pko_plan *plan, const char *name) {
    size_t at = 0;
    while (at < plan->kept_count && strcmp(plan->kept[at].name, name) != 0)
        at++;
    return at;
}

static int know_outcomes(const struct campaign *campaign) {
    const struct words *words = campaign->words;
    for (size_t k = 0; k < words->outcome_count; k++) {
        const char *name = words->outcomes[k];
        if (find(campaign->plan, name) == campaign->plan->kept_count) {
            const char *nearest = pko_name_nearest(name, name_of_kept, campaign->plan);
            return pko_report(PKO_EXIT_INPUT, "--outcome: '%s' keeps no outcome '%s'%s%s%s", words->path,
                              name, nearest ? " (nearest: '" : "", nearest ? nearest : "",
                              nearest ? "')" : "");
        }
        if (!words->json && pko_outcome_verifies_only(name))
            return pko_report(PKO_EXIT_INPUT,
                              "--outcome: '%s' is there to verify implementations and is no result "
                              "(docs/outcomes.md)",
                              name);
    }
    return PKO_EXIT_OK;
}

static int load(struct campaign *campaign) {
    char *message = NULL;
    int status = pko_store_load(campaign->words->path, &campaign->plan, &campaign->store, &message);
    if (status != PKO_OK)
        return pko_sweep_failed(status, message);
    int code = know_design(campaign);
    if (code == PKO_EXIT_OK)
        code = know_outcomes(campaign);
    if (code != PKO_EXIT_OK)
        return code;
    const struct pko_plan *plan = campaign->plan;
    char *path = pko_store_path(campaign->store, "summary.csv");
    status = path ? pko_summary_read(plan, path, &campaign->summary, &message) : PKO_ERROR_MEMORY;
    free(path);
    const struct pko_design design = {.kind = plan->campaign->design,
                                      .factors = plan->factors,
                                      .size = (size_t)plan->campaign->size,
                                      .levels = plan->campaign->levels,
                                      .seed = plan->base->seed};
    size_t points = 0;
    if (status == PKO_OK)
        status = pko_design_lay(&design, &points, &campaign->units);
    campaign->values = calloc(plan->points * plan->replicates, sizeof *campaign->values);
    if (status == PKO_OK && !campaign->values)
        status = PKO_ERROR_MEMORY;
    return status == PKO_OK ? PKO_EXIT_OK : pko_sweep_failed(status, message);
}

/* One outcome under a regime, or minus that of the first regime. */
static int sense(struct campaign *campaign, size_t outcome, size_t regime, bool difference) {
    const struct pko_plan *plan = campaign->plan;
    const double *of = pko_summary_values(plan, &campaign->summary, outcome, regime),
                 *first = pko_summary_values(plan, &campaign->summary, outcome, 0);
    for (size_t k = 0; k < plan->points * plan->replicates; k++)
        campaign->values[k] = difference ? of[k] - first[k] : of[k];
    const struct pko_sensitivity_input input = {.kind = plan->campaign->design,
                                                .points = plan->points,
                                                .replicates = plan->replicates,
                                                .factors = plan->factors,
                                                .design = campaign->units,
                                                .values = campaign->values,
                                                .seed = plan->base->seed};
    struct pko_sensitivity found;
    int status = pko_sensitivity(&input, &found);
    struct pko_sensed sensed = {.plan = plan,
                                .outcome = plan->kept[outcome].name,
                                .regime = plan->regime_names[regime],
                                .minus = difference ? plan->regime_names[0] : NULL,
                                .found = &found};
    if (status == PKO_OK && campaign->words->json)
        pko_sensed_json(&sensed, &campaign->json);
    else if (status == PKO_OK)
        status = pko_sensed_print(&sensed, campaign->words->all ? SIZE_MAX : FEW, stdout);
    pko_sensitivity_free(&found);
    return status;
}

static void begin(struct campaign *campaign) {
    const struct pko_plan *plan = campaign->plan;
    struct pko_json *json = &campaign->json;
    char text[400];
    pko_sweep_describe(plan, text, sizeof text);
    if (!campaign->words->json) {
        for (size_t line = 0; pko_caveat(line); line++)
            printf("%s\n", pko_caveat(line));
        printf("\n%s\n", text);
        pko_sensed_legend(plan->campaign->design, stdout);
        return;
    }
    *json = pko_json_start(stdout);
    pko_json_open(json, NULL, '{', false);
    pko_json_text(json, "program", "pkosim");
    pko_json_text(json, "version", pko_version());
    pko_json_open(json, "caveat", '[', false);
    for (size_t line = 0; pko_caveat(line); line++)
        pko_json_text(json, NULL, pko_caveat(line));
    pko_json_close(json);
    pko_json_text(json, "campaign", text);
    pko_json_text(json, "design", pko_design_name(plan->campaign->design));
    pko_json_whole(json, "runs", campaign->summary.runs);
    pko_json_whole(json, "runs_done", campaign->summary.done);
    pko_json_whole(json, "runs_failed", campaign->summary.failed);
    pko_json_open(json, "sensitivities", '[', false);
}

static int show(struct campaign *campaign) {
    const struct pko_plan *plan = campaign->plan;
    const struct words *words = campaign->words;
    const struct pko_summary *summary = &campaign->summary;
    int status = PKO_OK;
    if (summary->done < summary->runs && !words->quiet)
        pko_report(0,
                   "%" PRIu64 " of %" PRIu64 " runs failed and %" PRIu64
                   " are missing; what needs them is left out",
                   summary->failed, summary->runs, summary->runs - summary->done - summary->failed);
    begin(campaign);
    size_t count = words->outcome_count ? words->outcome_count : plan->kept_count;
    for (size_t k = 0; k < count && status == PKO_OK; k++) {
        size_t outcome = words->outcome_count ? find(plan, words->outcomes[k]) : k;
        if (!words->json && pko_outcome_verifies_only(plan->kept[outcome].name))
            continue;
        for (size_t regime = 0; regime < plan->regimes && status == PKO_OK; regime++)
            status = sense(campaign, outcome, regime, false);
        for (size_t regime = 1; regime < plan->regimes && status == PKO_OK; regime++)
            status = sense(campaign, outcome, regime, true);
    }
    while (words->json && campaign->json.depth > 0)
        pko_json_close(&campaign->json);
    return status == PKO_OK ? PKO_EXIT_OK : pko_report(pko_exit_of(status), "%s", pko_status_text(status));
}

int pko_command_sensitivity(int argc, char **argv) {
    struct words words = {0};
    struct campaign campaign = {.words = &words};
    pko_words_parse(argc, argv, &pko_argp_sensitivity, &words);
    int code = load(&campaign);
    if (code == PKO_EXIT_OK)
        code = show(&campaign);
    pko_summary_free(&campaign.summary);
    free(campaign.units);
    free(campaign.values);
    pko_store_free(campaign.store);
    pko_plan_free(campaign.plan);
    free(words.outcomes);
    return code;
}
