/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/result.h"

#include <math.h>
#include <string.h>

#include "cli/cells.h"
#include "cli/describe.h"
#include "experiment/outcomes.h"
#include "model/scenario.h"
#include "pkosim/status.h"

#define NO_OUTCOME SIZE_MAX

static size_t find_outcome(const struct pko_twins_result *twins, const char *name) {
    for (size_t k = 0; k < twins->outcome_count; k++)
        if (strcmp(twins->names[k], name) == 0)
            return k;
    return NO_OUTCOME;
}

/* Whether the outcome is of a bloc that the scenario has no group of. */
static bool of_absent_bloc(const struct pko_scenario *scenario, const char *name) {
    for (enum pko_bloc bloc = 0; bloc < PKO_BLOCS; bloc++) {
        const char *found = strstr(name, pko_bloc_name(bloc));
        int group = 0;
        while (group < scenario->group_count && scenario->groups[group].bloc != bloc)
            group++;
        if (found && found != name && found[-1] == '_' && group == scenario->group_count)
            return true;
    }
    return false;
}

/* The mean of each regime. */
static void cells_means(struct pko_table *table, const struct pko_twins_result *twins, size_t outcome) {
    for (size_t regime = 0; regime < twins->regime_count; regime++) {
        struct pko_estimate estimate = pko_estimate(&twins->moments[regime * twins->outcome_count + outcome]);
        pko_cell_interval(table, "", estimate.mean, estimate.high - estimate.mean);
    }
}

/* Replicates for ±10 % of the mean in every regime. */
static void cell_tenth(struct pko_table *table, const struct pko_twins_result *twins, size_t outcome) {
    double most = NAN;
    for (size_t regime = 0; regime < twins->regime_count; regime++)
        most = fmax(most, pko_estimate(&twins->moments[regime * twins->outcome_count + outcome]).tenth);
    pko_cell_replicates(table, most);
}

/* Later regime − first one. */
static void cells_difference(struct pko_table *table, const struct pko_twins_result *twins, size_t regime,
                             size_t outcome, const struct pko_outcome_info *info) {
    struct pko_difference difference =
        pko_difference(&twins->pairs[(regime - 1) * twins->outcome_count + outcome]);
    pko_cells_difference(table, &difference, pko_smallest_effect(info, twins->moments[outcome].mean));
}

static void heading_difference(struct pko_table *table, const struct pko_result *result, size_t regime) {
    const char *later = result->regimes[regime], *first = result->regimes[0];
    if (strlen(later) + strlen(first) <= 20)
        pko_table_cell(table, "%s - %s", later, first);
    else
        pko_table_cell(table, "difference");
    pko_table_cell(table, "d");
    pko_table_cell(table, "r");
    pko_table_cell(table, "sign");
}

/* The parts of one table: means (with ±10 %), the difference of regime number `difference` (0: none), or
 * both. */
static struct pko_table *fill(const struct pko_result *result, bool means, size_t difference) {
    const struct pko_twins_result *twins = result->twins;
    char alignment[PKO_NAME_SIZE + 8] = "l";
    size_t columns = 1 + (means ? twins->regime_count + 1 : 0) + (difference ? 4 : 0);
    if (columns >= sizeof alignment)
        return NULL;
    memset(alignment + 1, 'r', columns - 1);
    struct pko_table *table = pko_table_create(alignment);
    pko_table_cell(table, "%s", "");
    for (size_t regime = 0; means && regime < twins->regime_count; regime++)
        pko_table_cell(table, "%s", result->regimes[regime]);
    if (difference)
        heading_difference(table, result, difference);
    if (means)
        pko_table_cell(table, "±10%%");

    const struct pko_outcome_block *block = NULL;
    const struct pko_outcome_info *info;
    for (size_t row = 0; (info = pko_outcome_info(row)) != NULL; row++) {
        size_t outcome = find_outcome(twins, info->name);
        if (outcome == NO_OUTCOME || of_absent_bloc(result->scenario, info->name))
            continue;
        if (info->block != block) {
            block = info->block;
            pko_line_block(table, block);
        }
        pko_table_cell(table, " %s", info->title);
        if (means)
            cells_means(table, twins, outcome);
        if (difference)
            cells_difference(table, twins, difference, outcome, info);
        if (means)
            cell_tenth(table, twins, outcome);
    }
    return table;
}

static int print_table(const struct pko_result *result, bool means, size_t difference, FILE *stream) {
    struct pko_table *table = fill(result, means, difference);
    fputc('\n', stream);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

static void print_legend(const struct pko_result *result, FILE *stream) {
    uint32_t count = result->twins->replicates;
    fprintf(
        stream,
        "\nMean ± half of the 95 %% interval (Student's t over replicates). ±10%%: replicates that would\n"
        "bring every mean to ±10%%.");
    if (result->twins->regime_count > 1)
        fprintf(
            stream,
            " Differences are between twins, which share their random numbers.\n"
            "d: difference over the pooled standard deviation; r: correlation of the twins; sign: "
            "replicates\n"
            "that would settle the sign. ≈: the whole interval is below the smallest effect of interest.");
    fprintf(stream, " –: none.\n");
    if (count < 2)
        fprintf(stream, "One replicate has no interval: run more with --replicates.\n");
}

static void print_file(const char *file, FILE *stream) {
    fprintf(stream, "\n%s  in Python: import xarray; data = xarray.open_dataset(\"", file);
    for (; *file; file++)
        fprintf(stream, *file == '"' || *file == '\\' ? "\\%c" : "%c", *file);
    fputs("\", engine=\"h5netcdf\")\n", stream);
}

int pko_result_print(const struct pko_result *result, FILE *stream) {
    for (size_t line = 0; pko_caveat(line); line++)
        fprintf(stream, "%s\n", pko_caveat(line));
    pko_describe_runs(result->scenario, result->first_replicate, result->twins->replicates, stream);
    print_legend(result, stream);
    size_t regimes = result->twins->regime_count;
    int status = print_table(result, true, regimes == 2 ? 1 : 0, stream);
    for (size_t regime = 1; status == PKO_OK && regimes > 2 && regime < regimes; regime++)
        status = print_table(result, false, regime, stream);
    if (status == PKO_OK)
        print_file(result->file, stream);
    return status;
}
