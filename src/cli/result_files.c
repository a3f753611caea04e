/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result for machines. */
#include <math.h>

#include "cli/json_estimates.h"
#include "cli/result.h"
#include "experiment/outcomes.h"

static void json_campaign(struct pko_json *json, const struct pko_result *result) {
    pko_json_scenario(json, result->scenario);
    pko_json_open(json, "regimes", '[', true);
    for (size_t k = 0; k < result->twins->regime_count; k++)
        pko_json_text(json, NULL, result->regimes[k]);
    pko_json_close(json);
    pko_json_whole(json, "first_replicate", result->first_replicate);
    pko_json_whole(json, "replicates", result->twins->replicates);
    pko_json_whole(json, "replicates_planned", result->twins->planned);
    pko_json_text(json, "file", result->file);
}

static void json_estimate(struct pko_json *json, const char *regime, const struct pko_moments *moments) {
    pko_json_open(json, NULL, '{', true);
    pko_json_text(json, "regime", regime);
    pko_json_estimate(json, moments);
    pko_json_close(json);
}

static void json_difference(struct pko_json *json, const char *regime, const char *minus,
                            const struct pko_pair_moments *pair) {
    struct pko_difference difference = pko_difference(pair);
    pko_json_open(json, NULL, '{', true);
    pko_json_text(json, "regime", regime);
    pko_json_text(json, "minus", minus);
    pko_json_difference(json, &difference);
    pko_json_close(json);
}

static void json_outcome(struct pko_json *json, const struct pko_result *result, size_t outcome) {
    const struct pko_twins_result *twins = result->twins;
    const char *name = twins->names[outcome];
    const struct pko_outcome_info *info = pko_outcome_info_find(name);
    pko_json_open(json, NULL, '{', false);
    pko_json_text(json, "name", name);
    if (info) {
        pko_json_text(json, "block", info->block->title);
        pko_json_text(json, "title", info->title);
        pko_json_text(json, "unit", info->block->unit);
        pko_json_text(json, "reduction", pko_reduction_text(info->block->reduction));
        pko_json_number(json, "smallest_effect", pko_smallest_effect(info, twins->moments[outcome].mean));
    }
    if (pko_outcome_verifies_only(name))
        pko_json_truth(json, "verification_only", true);
    pko_json_open(json, "regimes", '[', false);
    for (size_t k = 0; k < twins->regime_count; k++)
        json_estimate(json, result->regimes[k], &twins->moments[k * twins->outcome_count + outcome]);
    pko_json_close(json);
    if (twins->regime_count > 1) {
        pko_json_open(json, "differences", '[', false);
        for (size_t k = 1; k < twins->regime_count; k++)
            json_difference(json, result->regimes[k], result->regimes[0],
                            &twins->pairs[(k - 1) * twins->outcome_count + outcome]);
        pko_json_close(json);
    }
    pko_json_close(json);
}

void pko_result_json(const struct pko_result *result, FILE *stream) {
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    json_campaign(&json, result);
    pko_json_open(&json, "outcomes", '[', false);
    for (size_t outcome = 0; outcome < result->twins->outcome_count; outcome++)
        json_outcome(&json, result, outcome);
    pko_json_close(&json);
    pko_json_close(&json);
}

static void csv_number(double value, FILE *stream) {
    fputc(',', stream);
    if (!isnan(value))
        fprintf(stream, "%.6g", value + 0.0); /* −0 becomes 0 */
}

void pko_result_csv(const struct pko_result *result, FILE *stream) {
    const struct pko_twins_result *twins = result->twins;
    fputs("observable,regime,mean,se,replicates\n", stream);
    for (size_t regime = 0; regime < twins->regime_count; regime++)
        for (size_t outcome = 0; outcome < twins->outcome_count; outcome++) {
            struct pko_estimate estimate =
                pko_estimate(&twins->moments[regime * twins->outcome_count + outcome]);
            fprintf(stream, "%s,%s", twins->names[outcome], result->regimes[regime]);
            csv_number(estimate.mean, stream);
            csv_number(estimate.standard_error, stream);
            fprintf(stream, ",%llu\n", (unsigned long long)estimate.count);
        }
}
