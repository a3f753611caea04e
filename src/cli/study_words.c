/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What studies say of the scenario and of outcomes. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/describe.h"
#include "cli/json_estimates.h"
#include "cli/study.h"
#include "pkosim/pkosim.h"

void pko_study_heading(const struct pko_study *study, uint32_t replicates, FILE *stream) {
    for (size_t line = 0; pko_caveat(line); line++)
        fprintf(stream, "%s\n", pko_caveat(line));
    pko_describe_runs(study->scenario, study->options->first_replicate, replicates, stream);
}

void pko_study_json(const struct pko_study *study, uint32_t replicates, struct pko_json *json) {
    pko_json_scenario(json, study->scenario);
    pko_json_whole(json, "first_replicate", study->options->first_replicate);
    pko_json_whole(json, "replicates", replicates);
    pko_json_whole(json, "replicates_planned", study->replicates);
}

void pko_study_title(const char *outcome, char *text, size_t size) {
    const struct pko_outcome_info *info = pko_outcome_info_find(outcome);
    if (!info) {
        snprintf(text, size, "%s", outcome);
        return;
    }
    bool ratio = strcmp(info->block->unit, "1") == 0;
    snprintf(text, size, "%s (%.*s, %s; %s%s%s)", outcome, (int)strcspn(info->block->title, ":"),
             info->block->title, info->title, ratio ? "" : info->block->unit, ratio ? "" : ", ",
             pko_reduction_text(info->block->reduction));
}

void pko_study_json_outcome(struct pko_json *json, const char *outcome) {
    const struct pko_outcome_info *info = pko_outcome_info_find(outcome);
    pko_json_text(json, "name", outcome);
    if (info) {
        pko_json_text(json, "block", info->block->title);
        pko_json_text(json, "title", info->title);
        pko_json_text(json, "unit", info->block->unit);
        pko_json_text(json, "reduction", pko_reduction_text(info->block->reduction));
    }
    if (pko_outcome_verifies_only(outcome))
        pko_json_truth(json, "verification_only", true);
}

void pko_study_csv_number(FILE *stream, double value) {
    fputc(',', stream);
    if (!isnan(value))
        fprintf(stream, "%.17g", value + 0.0); /* −0 becomes 0 */
}
