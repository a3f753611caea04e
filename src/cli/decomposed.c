/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/decomposed.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cells.h"
#include "experiment/shapley.h"
#include "pkosim/parameters.h"

#define MOST_DECIMALS 6

/* What the table shows when no outcome is asked for. */
static const char *const choice[] = {"deaths/yr", "access",    "access_gini",        "T_african_nato",
                                     "posture",   "leaked/yr", "civilians_killed/yr"};

static const char *rule_name(size_t rule) {
    return pko_parameter_info(PKO_FIRST_RULE + rule)->name + strlen("regime.");
}

static size_t find(const struct pko_decomposition *result, const char *name) {
    size_t at = 0;
    while (at < result->outcome_count && strcmp(result->names[at], name) != 0)
        at++;
    return at;
}

static double half_of(const struct pko_moments *moments) {
    return pko_half_width(pko_moments_deviation(moments), (double)moments->count);
}

static double mean_of(const struct pko_moments *moments) {
    return moments->count ? moments->mean : NAN;
}

/* Decimals of all numbers of an outcome: those of the narrowest interval of a rule, one more than the
 * total's at most. Without intervals four digits of the largest number. */
static int decimals_of(const struct pko_moments *total, const struct pko_rule_effect *effect) {
    double narrow = half_of(total), large = fabs(mean_of(total));
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
        double half = half_of(&effect[rule].shapley);
        if (half > 0.0 && !(narrow <= half))
            narrow = half;
        large = fmax(large, fabs(mean_of(&effect[rule].shapley)));
    }
    double digits = narrow > 0.0 ? 1.0 - floor(log10(narrow)) : large > 0.0 ? 3.0 - floor(log10(large)) : 0.0;
    double wide = half_of(total);
    if (wide > 0.0)
        digits = fmin(digits, 2.0 - floor(log10(wide)));
    return digits < 0.0 ? 0 : digits > MOST_DECIMALS ? MOST_DECIMALS : (int)digits;
}

static void cell_share(struct pko_table *table, double part, const struct pko_moments *total) {
    if (fabs(mean_of(total)) > half_of(total))
        pko_table_cell(table, "%.0f%%", nearbyint(100.0 * part / total->mean) + 0.0); /* no −0 */
    else
        pko_table_cell(table, "–");
}

static void add_outcome(struct pko_table *table, const struct pko_decomposed *shown, size_t outcome) {
    const struct pko_decomposition *result = shown->result;
    const struct pko_rule_effect *effect = result->effect + outcome * PKO_RULE_COUNT;
    const struct pko_pair_moments *pair = &result->total[outcome];
    const struct pko_moments *total = &pair->difference;
    double value[PKO_RULE_COUNT], rounded[PKO_RULE_COUNT];
    char title[200];
    int decimals = decimals_of(total, effect);
    pko_study_title(result->names[outcome], title, sizeof title);
    pko_table_line(table, "%s", title);
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++)
        value[rule] = rounded[rule] = mean_of(&effect[rule].shapley);
    if (total->count > 0)
        pko_round_to_total(PKO_RULE_COUNT, value, total->mean, decimals, rounded);
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
        pko_table_cell(table, " %s", rule_name(rule));
        for (int side = 0; side < 2; side++)
            pko_table_cell(table, "%g", shown->regimes[side].rule[rule]);
        if (!result->differs[rule]) {
            for (int k = 0; k < 4; k++)
                pko_table_cell(table, k == 1 ? "–" : "0");
            continue;
        }
        pko_cell_fixed(table, rounded[rule], half_of(&effect[rule].shapley), decimals);
        cell_share(table, value[rule], total);
        pko_cell_fixed(table, mean_of(&effect[rule].alone), half_of(&effect[rule].alone), decimals);
        pko_cell_fixed(table, mean_of(&effect[rule].removed), half_of(&effect[rule].removed), decimals);
    }
    pko_table_cell(table, " difference");
    pko_cell_interval(table, "", mean_of(&pair->first), half_of(&pair->first));
    pko_cell_interval(table, "", mean_of(&pair->second), half_of(&pair->second));
    pko_cell_fixed(table, mean_of(total), half_of(total), decimals);
    for (int k = 0; k < 3; k++)
        pko_table_cell(table, "%s", "");
}

int pko_decomposed_print(const struct pko_decomposed *shown, FILE *stream) {
    const struct pko_study_options *options = shown->study->options;
    const struct pko_decomposition *result = shown->result;
    pko_study_heading(shown->study, result->replicates, stream);
    const char *first = shown->regimes[0].name, *second = shown->regimes[1].name;
    fprintf(stream,
            "\n%s - %s over the eight rules: %zu mixtures as twins in each replicate.\n"
            "Shapley: mean over all orders in which the rules may change; they add up to the difference.\n"
            "Alone: %s with that rule of %s. Removed: what %s loses with that rule of %s.\n"
            "Mean ± half of the 95 %% interval (Student's t over replicates). –: none; a share only of a\n"
            "difference whose sign is settled.\n\n",
            second, first, result->mixtures, first, second, second, first);
    struct pko_table *table = pko_table_create("lrrrrrr");
    const char *const headings[] = {"", first, second, "Shapley", "share", "alone", "removed"};
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    size_t count = options->outcome_count ? options->outcome_count : sizeof choice / sizeof *choice;
    for (size_t k = 0; k < count; k++) {
        size_t outcome = find(result, options->outcome_count ? options->outcomes[k] : choice[k]);
        if (outcome < result->outcome_count)
            add_outcome(table, shown, outcome);
    }
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

static void json_part(struct pko_json *json, const char *name, const struct pko_moments *moments) {
    struct pko_estimate estimate = pko_estimate(moments);
    pko_json_open(json, name, '{', true);
    pko_json_number(json, "mean", estimate.mean);
    pko_json_number(json, "standard_error", estimate.standard_error);
    pko_json_number(json, "low", estimate.low);
    pko_json_number(json, "high", estimate.high);
    pko_json_close(json);
}

static void json_outcome(struct pko_json *json, const struct pko_decomposed *shown, size_t outcome) {
    const struct pko_decomposition *result = shown->result;
    const struct pko_pair_moments *pair = &result->total[outcome];
    pko_json_open(json, NULL, '{', false);
    pko_study_json_outcome(json, result->names[outcome]);
    pko_json_whole(json, "count", pair->difference.count);
    json_part(json, "first", &pair->first);
    json_part(json, "second", &pair->second);
    json_part(json, "difference", &pair->difference);
    pko_json_open(json, "rules", '[', false);
    for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
        const struct pko_rule_effect *effect = &result->effect[outcome * PKO_RULE_COUNT + rule];
        pko_json_open(json, NULL, '{', false);
        pko_json_text(json, "rule", rule_name(rule));
        json_part(json, "shapley", &effect->shapley);
        json_part(json, "alone", &effect->alone);
        json_part(json, "removed", &effect->removed);
        pko_json_close(json);
    }
    pko_json_close(json);
    pko_json_close(json);
}

static bool wanted(const struct pko_study_options *options, const char *name) {
    for (size_t k = 0; k < options->outcome_count; k++)
        if (strcmp(options->outcomes[k], name) == 0)
            return true;
    return options->outcome_count == 0;
}

void pko_decomposed_json(const struct pko_decomposed *shown, FILE *stream) {
    const struct pko_decomposition *result = shown->result;
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    pko_study_json(shown->study, result->replicates, &json);
    for (int side = 0; side < 2; side++) {
        pko_json_open(&json, side ? "second" : "first", '{', false);
        pko_json_text(&json, "regime", shown->regimes[side].name);
        for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++)
            pko_json_number(&json, rule_name(rule), shown->regimes[side].rule[rule]);
        pko_json_close(&json);
    }
    pko_json_whole(&json, "mixtures", result->mixtures);
    pko_json_open(&json, "outcomes", '[', false);
    for (size_t k = 0; k < result->outcome_count; k++)
        if (wanted(shown->study->options, result->names[k]))
            json_outcome(&json, shown, k);
    pko_json_close(&json);
    pko_json_close(&json);
}

static void csv_row(FILE *stream, const char *outcome, const char *rule, const char *quantity,
                    const struct pko_moments *moments) {
    struct pko_estimate estimate = pko_estimate(moments);
    fprintf(stream, "%s,%s,%s", outcome, rule, quantity);
    pko_study_csv_number(stream, estimate.mean);
    pko_study_csv_number(stream, estimate.low);
    pko_study_csv_number(stream, estimate.high);
    fprintf(stream, ",%" PRIu64 "\n", estimate.count);
}

void pko_decomposed_csv(const void *context, FILE *stream) {
    const struct pko_decomposed *shown = context;
    const struct pko_decomposition *result = shown->result;
    fputs("outcome,rule,quantity,mean,low,high,replicates\n", stream);
    for (size_t k = 0; k < result->outcome_count; k++) {
        const char *name = result->names[k];
        if (!wanted(shown->study->options, name))
            continue;
        csv_row(stream, name, "all", "first", &result->total[k].first);
        csv_row(stream, name, "all", "second", &result->total[k].second);
        csv_row(stream, name, "all", "difference", &result->total[k].difference);
        for (size_t rule = 0; rule < PKO_RULE_COUNT; rule++) {
            const struct pko_rule_effect *effect = &result->effect[k * PKO_RULE_COUNT + rule];
            csv_row(stream, name, rule_name(rule), "shapley", &effect->shapley);
            csv_row(stream, name, rule_name(rule), "alone", &effect->alone);
            csv_row(stream, name, rule_name(rule), "removed", &effect->removed);
        }
    }
}
