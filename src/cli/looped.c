/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/looped.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/cells.h"
#include "pkosim/status.h"

#define COLUMNS 4 /* outcomes side by side */

/* What the table shows when no outcome is asked for. */
static const char *const choice[] = {"deaths/yr", "access", "a_uniformed", "p"};

/* Quantities of the table of responses. */
static const enum pko_impulse_quantity told[] = {PKO_IMPULSE_JUMP,      PKO_IMPULSE_GAIN,
                                                 PKO_IMPULSE_HALF_LIFE, PKO_IMPULSE_REINFORCEMENT,
                                                 PKO_IMPULSE_PLOTS,     PKO_IMPULSE_HITS};
#define TOLD (sizeof told / sizeof *told)

static size_t find(const struct pko_twins_result *twins, const char *name) {
    size_t at = 0;
    while (at < twins->outcome_count && strcmp(twins->names[at], name) != 0)
        at++;
    return at;
}

/* A mean and its half-interval; without an interval, and for an infinite one, what there is. */
static void cell_response(struct pko_table *table, double mean, double low, double high) {
    if (isinf(mean))
        pko_table_cell(table, mean > 0.0 ? "∞" : "-∞");
    else if (isinf(high))
        pko_table_cell(table, "%.3g ±∞", mean);
    else
        pko_cell_interval(table, "", mean, (high - low) / 2.0);
}

/* The cells of a row behind its name. */
typedef void (*cells)(struct pko_table *table, const struct pko_looped *shown, size_t variant,
                      const size_t *outcomes, size_t count);

static void cells_outcomes(struct pko_table *table, const struct pko_looped *shown, size_t variant,
                           const size_t *outcomes, size_t count) {
    const struct pko_twins_result *twins = &shown->result->twins;
    for (size_t k = 0; k < count; k++) {
        const struct pko_moments *uncut = &twins->moments[outcomes[k]];
        const struct pko_outcome_info *info = pko_outcome_info_find(twins->names[outcomes[k]]);
        if (variant == 0) {
            struct pko_estimate estimate = pko_estimate(uncut);
            pko_cell_interval(table, "", estimate.mean, estimate.high - estimate.mean);
            continue;
        }
        struct pko_difference difference =
            pko_difference(&twins->pairs[(variant - 1) * twins->outcome_count + outcomes[k]]);
        double smallest = info ? pko_smallest_effect(info, uncut->mean) : -1.0;
        bool negligible = difference.low >= -smallest && difference.high <= smallest;
        if (difference.mean == 0.0 && !(difference.high > difference.low))
            pko_table_cell(table, "0");
        else
            pko_cell_interval(table, negligible ? "≈" : "", difference.mean,
                              difference.high - difference.mean);
    }
}

static void cells_responses(struct pko_table *table, const struct pko_looped *shown, size_t variant,
                            const size_t *outcomes, size_t count) {
    (void)outcomes;
    const struct pko_impulse_estimate *of = shown->result->responses + variant * PKO_IMPULSE_QUANTITIES;
    for (size_t k = 0; k < count; k++) {
        const struct pko_impulse_estimate *estimate = &of[told[k]];
        if (variant == 0)
            cell_response(table, estimate->mean, estimate->low, estimate->high);
        else if (estimate->difference == 0.0 && !(estimate->difference_high > estimate->difference_low))
            pko_table_cell(table, "0");
        else
            cell_response(table, estimate->difference, estimate->difference_low, estimate->difference_high);
    }
}

/* The run as it is, then each loop whole and arrow by arrow. */
static void add_rows(struct pko_table *table, const struct pko_looped *shown, cells fill,
                     const size_t *outcomes, size_t count) {
    pko_table_cell(table, "nothing");
    fill(table, shown, 0, outcomes, count);
    for (size_t loop = 0; pko_loop_name(loop); loop++) {
        pko_table_cell(table, "%s%s%s", pko_loop_name(loop), *pko_loop_title(loop) ? " " : "",
                       pko_loop_title(loop));
        fill(table, shown, pko_loops_place_of_loop(loop), outcomes, count);
        for (size_t arrow = 0; arrow < PKO_ARROW_COUNT; arrow++) {
            if (!pko_loop_has(loop, arrow))
                continue;
            pko_table_cell(table, " %s", pko_arrow_info(arrow)->name);
            fill(table, shown, pko_loops_place_of_arrow(arrow), outcomes, count);
        }
    }
}

static int print_outcomes(const struct pko_looped *shown, const size_t *outcomes, size_t count,
                          FILE *stream) {
    static const char alignment[] = "lrrrr";
    char title[200];
    fputc('\n', stream);
    for (size_t k = 0; k < count; k++) {
        pko_study_title(shown->result->twins.names[outcomes[k]], title, sizeof title);
        fprintf(stream, "%s\n", title);
    }
    fputc('\n', stream);
    char columns[sizeof alignment];
    memcpy(columns, alignment, sizeof alignment);
    columns[1 + count] = 0;
    struct pko_table *table = pko_table_create(columns);
    pko_table_cell(table, "cut");
    for (size_t k = 0; k < count; k++)
        pko_table_cell(table, "%s", shown->result->twins.names[outcomes[k]]);
    add_rows(table, shown, cells_outcomes, outcomes, count);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

static int print_responses(const struct pko_looped *shown, FILE *stream) {
    const struct pko_loops_plan *plan = shown->plan;
    char date[11];
    pko_date_format(plan->scenario->start + plan->hit_day, date);
    fprintf(
        stream,
        "\nThe response to one hit more on %s (day %d): a twin with the hit minus one without it, over\n"
        "%d evenings. The first row is that of the run as it is, the others what the cut changes of it.\n",
        date, plan->hit_day, plan->horizon);
    for (size_t k = 0; k < TOLD; k++) {
        const struct pko_impulse_info *info = pko_impulse_info(told[k]);
        fprintf(stream, " %s: %s%s%s%s\n", info->name, info->meaning,
                strcmp(info->unit, "1") == 0 ? "" : " [", strcmp(info->unit, "1") == 0 ? "" : info->unit,
                strcmp(info->unit, "1") == 0 ? "" : "]");
    }
    fputs("±: of gain and half-life, half of a bootstrap interval over replicates. ∞: half of the peak is "
          "still\n"
          "there on the last evening. Gain and half-life are missing where the hit hardly moves danger.\n\n",
          stream);
    struct pko_table *table = pko_table_create("lrrrrrr");
    pko_table_cell(table, "cut");
    for (size_t k = 0; k < TOLD; k++)
        pko_table_cell(table, "%s", pko_impulse_info(told[k])->name);
    add_rows(table, shown, cells_responses, NULL, TOLD);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

static void print_legend(const struct pko_looped *shown, FILE *stream) {
    const struct pko_loops_plan *plan = shown->plan;
    char date[11];
    pko_date_format(plan->scenario->start + plan->cut_day, date);
    fprintf(stream,
            "\nRegime %s. Each arrow of the loops, and each loop with all its arrows, cut from %s (day %d)\n"
            "in a twin: the first row is the run as it is, the others what the cut changes (cut - uncut).\n"
            "Mean ± half of the 95 %% interval (Student's t over replicates). ≈: the whole interval is below "
            "the\n"
            "smallest effect of interest. 0: exactly nothing. –: none.\n",
            plan->regime, date, plan->cut_day);
    if (!plan->scenario->endogenous)
        fprintf(stream, "Under the historical mandate deaths_to_mandate and mandate_to_cooperation do "
                        "nothing.\n");
}

int pko_looped_print(const struct pko_looped *shown, FILE *stream) {
    const struct pko_study_options *options = shown->study->options;
    const struct pko_twins_result *twins = &shown->result->twins;
    pko_study_heading(shown->study, twins->replicates, stream);
    print_legend(shown, stream);
    size_t count = options->outcome_count ? options->outcome_count : COLUMNS, outcomes[COLUMNS], held = 0;
    int status = PKO_OK;
    for (size_t k = 0; k < count && status == PKO_OK; k++) {
        size_t outcome = find(twins, options->outcome_count ? options->outcomes[k] : choice[k]);
        if (outcome < twins->outcome_count)
            outcomes[held++] = outcome;
        if (held == COLUMNS || (held > 0 && k + 1 == count)) {
            status = print_outcomes(shown, outcomes, held, stream);
            held = 0;
        }
    }
    if (status == PKO_OK && shown->result->responses)
        status = print_responses(shown, stream);
    return status;
}
