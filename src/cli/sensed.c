/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sensed.h"

#include <math.h>
#include <stdlib.h>

#include "cli/cells.h"
#include "cli/study.h"
#include "pkosim/status.h"

void pko_sensed_legend(enum pko_design_kind kind, FILE *stream) {
    static const char *const legends[] = {
        [PKO_DESIGN_MORRIS] =
            "Elementary effects, in units of the outcome over the whole range of the parameter. mu*: mean of "
            "their\n"
            "absolute values, mu: mean, sigma: standard deviation (interactions, curvature, noise); noise: "
            "what\n"
            "sigma would be by replicates alone. A mu* below the noise is none that could be told from luck.",
        [PKO_DESIGN_SOBOL] =
            "Shares of the variance that the parameters make. first: by the parameter alone (Saltelli et al. "
            "2010);\n"
            "total: with all its interactions (Jansen 1999). The noise of replicates is taken out.",
        [PKO_DESIGN_LATIN_HYPERCUBE] =
            "Rank correlations with the mean over replicates. spearman: as it is; partial: with the ranks of "
            "all\n"
            "other parameters held fixed. They see what rises or falls throughout, not what turns.",
    };
    fprintf(stream, "\n%s\n±: half of a 95 %% bootstrap interval, which need not be even. –: none.\n",
            legends[kind]);
}

/* By which parameters are put in order. */
static double influence(const struct pko_factor_indices *of, enum pko_design_kind kind) {
    double value = kind == PKO_DESIGN_MORRIS  ? of->mu_star.value
                   : kind == PKO_DESIGN_SOBOL ? of->total.value
                                              : fabs(of->partial.value);
    return isnan(value) ? -1.0 : value;
}

static void order_by_influence(const struct pko_sensed *sensed, size_t *order) {
    const struct pko_factor_indices *indices = sensed->found->indices;
    enum pko_design_kind kind = sensed->plan->campaign->design;
    for (size_t k = 0; k < sensed->found->factors; k++) {
        size_t at = k;
        for (; at > 0 && influence(&indices[order[at - 1]], kind) < influence(&indices[k], kind); at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
}

static void cell(struct pko_table *table, struct pko_index index) {
    pko_cell_interval(table, "", index.value, (index.high - index.low) / 2.0);
}

static void add_rows(struct pko_table *table, const struct pko_sensed *sensed, const size_t *order,
                     size_t count) {
    enum pko_design_kind kind = sensed->plan->campaign->design;
    pko_table_cell(table, "%s", "");
    static const char *const headings[][4] = {[PKO_DESIGN_MORRIS] = {"mu*", "mu", "sigma", "noise"},
                                              [PKO_DESIGN_SOBOL] = {"total", "first"},
                                              [PKO_DESIGN_LATIN_HYPERCUBE] = {"partial", "spearman"}};
    for (size_t k = 0; k < 4 && headings[kind][k]; k++)
        pko_table_cell(table, "%s", headings[kind][k]);
    for (size_t k = 0; k < count; k++) {
        const struct pko_factor_indices *of = &sensed->found->indices[order[k]];
        pko_table_cell(table, " %s", sensed->plan->campaign->factors[order[k]].name);
        if (kind == PKO_DESIGN_MORRIS) {
            cell(table, of->mu_star);
            cell(table, of->mu);
            cell(table, of->sigma);
            pko_table_cell(table, isnan(of->noise) ? "–" : "%.2g", of->noise);
        } else if (kind == PKO_DESIGN_SOBOL) {
            cell(table, of->total);
            cell(table, of->first);
        } else {
            cell(table, of->partial);
            cell(table, of->spearman);
        }
    }
}

/* What share of the variance is the parameters'. */
static void print_noise(const struct pko_sensed *sensed, FILE *stream) {
    const struct pko_sensitivity *found = sensed->found;
    double all = found->by_parameters + found->by_luck + found->by_rest;
    double rest = found->by_rest / (double)sensed->plan->replicates;
    const char *unit = sensed->plan->campaign->design == PKO_DESIGN_MORRIS  ? "trajectories"
                       : sensed->plan->campaign->design == PKO_DESIGN_SOBOL ? "samples"
                                                                            : "points";
    fprintf(stream, " mean %.4g; %zu of %zu %s used.", found->mean, found->used, found->units, unit);
    if (all > 0.0)
        fprintf(
            stream,
            " Variance of one run: %.0f %% parameters, %.0f %% luck that is\n"
            " the same at all points, %.0f %% noise. Noise of a point's mean over %zu replicates: %.0f %%.",
            100.0 * found->by_parameters / all, 100.0 * found->by_luck / all, 100.0 * found->by_rest / all,
            sensed->plan->replicates,
            found->by_parameters + rest > 0.0 ? 100.0 * rest / (found->by_parameters + rest) : 0.0);
    else if (isnan(all))
        fprintf(stream, " With one replicate noise cannot be told from effects.");
    fputc('\n', stream);
}

int pko_sensed_print(const struct pko_sensed *sensed, size_t most, FILE *stream) {
    static const char *const alignments[] = {
        [PKO_DESIGN_MORRIS] = "lrrrr", [PKO_DESIGN_SOBOL] = "lrr", [PKO_DESIGN_LATIN_HYPERCUBE] = "lrr"};
    size_t factors = sensed->found->factors, count = factors < most ? factors : most;
    size_t *order = calloc(factors, sizeof *order);
    char title[200];
    if (!order)
        return PKO_ERROR_MEMORY;
    order_by_influence(sensed, order);
    pko_study_title(sensed->outcome, title, sizeof title);
    fprintf(stream, "\n%s\nunder %s%s%s%s\n", title, sensed->regime, sensed->minus ? " - " : "",
            sensed->minus ? sensed->minus : "", sensed->minus ? ", twins" : "");
    struct pko_table *table = pko_table_create(alignments[sensed->plan->campaign->design]);
    add_rows(table, sensed, order, count);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    free(order);
    if (count < factors)
        fprintf(stream, " … and %zu more (--all)\n", factors - count);
    print_noise(sensed, stream);
    return status;
}

static void json_index(struct pko_json *json, const char *name, struct pko_index index) {
    pko_json_open(json, name, '{', true);
    pko_json_number(json, "value", index.value);
    pko_json_number(json, "low", index.low);
    pko_json_number(json, "high", index.high);
    pko_json_close(json);
}

void pko_sensed_json(const struct pko_sensed *sensed, struct pko_json *json) {
    const struct pko_sensitivity *found = sensed->found;
    enum pko_design_kind kind = sensed->plan->campaign->design;
    pko_json_open(json, NULL, '{', false);
    pko_study_json_outcome(json, sensed->outcome);
    pko_json_text(json, "regime", sensed->regime);
    pko_json_text(json, "minus", sensed->minus);
    pko_json_number(json, "mean", found->mean);
    pko_json_whole(json, "units", found->units);
    pko_json_whole(json, "used", found->used);
    pko_json_whole(json, "points", found->points);
    pko_json_open(json, "variance", '{', true);
    pko_json_number(json, "parameters", found->by_parameters);
    pko_json_number(json, "luck", found->by_luck);
    pko_json_number(json, "rest", found->by_rest);
    pko_json_close(json);
    pko_json_open(json, "parameters", '[', false);
    for (size_t k = 0; k < found->factors; k++) {
        const struct pko_factor_indices *of = &found->indices[k];
        pko_json_open(json, NULL, '{', false);
        pko_json_text(json, "parameter", sensed->plan->campaign->factors[k].name);
        if (kind == PKO_DESIGN_MORRIS) {
            json_index(json, "mu_star", of->mu_star);
            json_index(json, "mu", of->mu);
            json_index(json, "sigma", of->sigma);
            pko_json_number(json, "noise", of->noise);
        } else if (kind == PKO_DESIGN_SOBOL) {
            json_index(json, "first", of->first);
            json_index(json, "total", of->total);
        } else {
            json_index(json, "spearman", of->spearman);
            json_index(json, "partial", of->partial);
        }
        pko_json_close(json);
    }
    pko_json_close(json);
    pko_json_close(json);
}
