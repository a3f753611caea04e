/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/compared.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "cli/cells.h"
#include "cli/json_estimates.h"
#include "cli/report.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"

static const char *about(const struct pko_side *side, const char *name) {
    const struct pko_reader_attribute *attribute = pko_reader_about(side->reader, name);
    return attribute && attribute->text ? attribute->text : "";
}

static uint64_t whole(const struct pko_side *side, const char *name) {
    const struct pko_reader_attribute *attribute = pko_reader_about(side->reader, name);
    return attribute && attribute->whole ? attribute->integer : 0;
}

static size_t find(const struct pko_comparison *comparison, const char *name) {
    size_t at = 0;
    while (at < comparison->outcome_count && strcmp(comparison->names[at], name) != 0)
        at++;
    return at;
}

static const char *outcome_name(const void *context, size_t k) {
    const struct pko_comparison *comparison = context;
    return k < comparison->outcome_count ? comparison->names[k] : NULL;
}

int pko_compared_know(const struct pko_compared *compared, bool json) {
    for (size_t k = 0; k < compared->outcome_count; k++) {
        const char *name = compared->outcomes[k];
        if (!json && pko_outcome_verifies_only(name))
            return pko_report(PKO_EXIT_INPUT,
                              "--outcome: '%s' is there to verify implementations and is no result "
                              "(docs/outcomes.md)",
                              name);
        if (find(&compared->comparison, name) < compared->comparison.outcome_count)
            continue;
        const char *nearest = pko_name_nearest(name, outcome_name, &compared->comparison);
        return pko_report(
            PKO_EXIT_INPUT,
            "--outcome: the two files have no outcome '%s' in common%s%s%s; docs/outcomes.md lists them",
            name, nearest ? " (nearest: '" : "", nearest ? nearest : "", nearest ? "')" : "");
    }
    return PKO_EXIT_OK;
}

void pko_compared_begin(struct pko_json *json, FILE *stream) {
    if (!json) {
        for (size_t line = 0; pko_caveat(line); line++)
            fprintf(stream, "%s\n", pko_caveat(line));
        return;
    }
    pko_json_open(json, NULL, '{', false);
    pko_json_text(json, "program", "pkosim");
    pko_json_text(json, "version", pko_version());
    pko_json_caveat(json);
    pko_json_open(json, "comparisons", '[', false);
}

/* The blocs that have a group in one of the files. */
struct blocs {
    bool known, present[PKO_BLOCS];
};

static struct blocs read_blocs(const struct pko_comparison *comparison) {
    struct blocs blocs = {.known = true};
    for (int side = 0; side < 2; side++) {
        const struct pko_reader *reader = comparison->sides[side].reader;
        int found = pko_reader_find(reader, "group_bloc");
        char **texts = NULL;
        if (found < 0 || pko_reader_texts(reader, (size_t)found, &texts, NULL) != PKO_OK) {
            blocs.known = false;
            continue;
        }
        for (size_t k = 0; texts[k]; k++)
            for (enum pko_bloc bloc = 0; bloc < PKO_BLOCS; bloc++)
                blocs.present[bloc] |= strcmp(texts[k], pko_bloc_name(bloc)) == 0;
        free(texts);
    }
    return blocs;
}

/* Whether the outcome is of a bloc of which neither file has a group. */
static bool of_absent_bloc(const struct blocs *blocs, const char *name) {
    for (enum pko_bloc bloc = 0; blocs->known && bloc < PKO_BLOCS; bloc++) {
        const char *found = strstr(name, pko_bloc_name(bloc));
        if (found && found != name && found[-1] == '_' && !blocs->present[bloc])
            return true;
    }
    return false;
}

static void print_side(const struct pko_compared *compared, int side, FILE *stream) {
    const struct pko_side *from = &compared->comparison.sides[side];
    fprintf(stream,
            "%s: %s of %s; scenario %s, %" PRIu64 " days from %s, seed %" PRIu64 ", %" PRIu32
            " replicate%s (%" PRIu32 " to %" PRIu32 ").\n",
            side ? "Second" : "First", compared->regimes[side], compared->files[side],
            about(from, "scenario_name"), whole(from, "days"), about(from, "start"), whole(from, "seed"),
            from->replicates, from->replicates == 1 ? "" : "s", from->first,
            from->first + from->replicates - 1);
    for (const char *line = about(from, "settings"); *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(stream, "  set: %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void print_heading(const struct pko_compared *compared, FILE *stream) {
    const struct pko_comparison *comparison = &compared->comparison;
    fputc('\n', stream);
    print_side(compared, 0, stream);
    print_side(compared, 1, stream);
    fprintf(stream, "%s\n", comparison->why);
    if (comparison->left_out)
        fprintf(stream, "%zu outcomes that only one of the files has are left out.\n", comparison->left_out);
    fprintf(
        stream,
        "\nMean ± half of the 95 %% interval (%s).\n"
        "d: difference over the pooled standard deviation; r: correlation of the pairs; sign: replicates\n"
        "that would settle the sign. ≈: the whole interval is below the smallest effect of interest.\n"
        "–: none.\n\n",
        comparison->paired ? "Student's t over replicates; of the difference, over pairs"
                           : "Student's t over replicates; of the difference, Welch's t");
}

static void add_row(struct pko_table *table, const struct pko_comparison *comparison, size_t outcome,
                    const char *title, const struct pko_outcome_info *info) {
    struct pko_difference difference = pko_comparison_difference(comparison, outcome);
    pko_table_cell(table, " %s", title);
    for (int side = 0; side < 2; side++) {
        struct pko_estimate estimate = pko_estimate(&comparison->moments[side][outcome]);
        pko_cell_interval(table, "", estimate.mean, estimate.high - estimate.mean);
    }
    /* an outcome without a smallest effect is never marked */
    pko_cells_difference(table, &difference,
                         info ? pko_smallest_effect(info, comparison->moments[0][outcome].mean) : -1.0);
}

static void add_main_rows(struct pko_table *table, const struct pko_comparison *comparison) {
    const struct pko_outcome_block *block = NULL;
    const struct pko_outcome_info *info;
    const struct blocs blocs = read_blocs(comparison);
    for (size_t row = 0; (info = pko_outcome_info(row)) != NULL; row++) {
        size_t outcome = find(comparison, info->name);
        if (outcome == comparison->outcome_count || of_absent_bloc(&blocs, info->name))
            continue;
        if (info->block != block) {
            block = info->block;
            pko_line_block(table, block);
        }
        add_row(table, comparison, outcome, info->title, info);
    }
}

int pko_compared_print(const struct pko_compared *compared, FILE *stream) {
    const struct pko_comparison *comparison = &compared->comparison;
    static const char *const headings[] = {"", "first", "second", "second - first", "d", "r", "sign"};
    print_heading(compared, stream);
    struct pko_table *table = pko_table_create("lrrrrrr");
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    for (size_t k = 0; k < compared->outcome_count; k++)
        add_row(table, comparison, find(comparison, compared->outcomes[k]), compared->outcomes[k],
                pko_outcome_info_find(compared->outcomes[k]));
    if (compared->outcome_count == 0)
        add_main_rows(table, comparison);
    int status = pko_table_print(table, stream);
    pko_table_free(table);
    return status;
}

/* --- JSON */

static void json_side(struct pko_json *json, const struct pko_compared *compared, int side) {
    const struct pko_side *from = &compared->comparison.sides[side];
    pko_json_open(json, side ? "second" : "first", '{', false);
    pko_json_text(json, "file", compared->files[side]);
    pko_json_text(json, "regime", compared->regimes[side]);
    pko_json_text(json, "scenario", about(from, "scenario_name"));
    pko_json_text(json, "scenario_sha256", about(from, "scenario_sha256"));
    pko_json_text(json, "start", about(from, "start"));
    pko_json_whole(json, "days", whole(from, "days"));
    pko_json_text(json, "settings", about(from, "settings"));
    pko_json_whole(json, "seed", whole(from, "seed"));
    pko_json_whole(json, "first_replicate", from->first);
    pko_json_whole(json, "replicates", from->replicates);
    pko_json_text(json, "pkosim_version", about(from, "pkosim_version"));
    pko_json_close(json);
}

static void json_estimate(struct pko_json *json, const char *name, const struct pko_moments *moments) {
    pko_json_open(json, name, '{', true);
    pko_json_estimate(json, moments);
    pko_json_close(json);
}

static void json_outcome(struct pko_json *json, const struct pko_comparison *comparison, size_t outcome) {
    const char *name = comparison->names[outcome];
    const struct pko_outcome_info *info = pko_outcome_info_find(name);
    struct pko_difference difference = pko_comparison_difference(comparison, outcome);
    pko_json_open(json, NULL, '{', false);
    pko_json_text(json, "name", name);
    if (info) {
        pko_json_text(json, "unit", info->block->unit);
        pko_json_text(json, "reduction", pko_reduction_text(info->block->reduction));
        pko_json_number(json, "smallest_effect",
                        pko_smallest_effect(info, comparison->moments[0][outcome].mean));
    }
    if (pko_outcome_verifies_only(name))
        pko_json_truth(json, "verification_only", true);
    json_estimate(json, "first", &comparison->moments[0][outcome]);
    json_estimate(json, "second", &comparison->moments[1][outcome]);
    pko_json_open(json, "difference", '{', true);
    pko_json_difference(json, &difference);
    pko_json_close(json);
    pko_json_close(json);
}

void pko_compared_json(const struct pko_compared *compared, struct pko_json *json) {
    const struct pko_comparison *comparison = &compared->comparison;
    pko_json_open(json, NULL, '{', false);
    json_side(json, compared, 0);
    json_side(json, compared, 1);
    pko_json_truth(json, "paired", comparison->paired);
    pko_json_text(json, "why", comparison->why);
    pko_json_whole(json, "outcomes_left_out", comparison->left_out);
    pko_json_open(json, "outcomes", '[', false);
    for (size_t k = 0; k < compared->outcome_count; k++)
        json_outcome(json, comparison, find(comparison, compared->outcomes[k]));
    for (size_t k = 0; compared->outcome_count == 0 && k < comparison->outcome_count; k++)
        json_outcome(json, comparison, k);
    pko_json_close(json);
    pko_json_close(json);
}
