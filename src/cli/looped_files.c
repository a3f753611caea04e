/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What loops and arrows carry, for machines. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/json_estimates.h"
#include "cli/looped.h"

static bool wanted(const struct pko_study_options *options, const char *name) {
    for (size_t k = 0; k < options->outcome_count; k++)
        if (strcmp(options->outcomes[k], name) == 0)
            return true;
    return options->outcome_count == 0 && pko_outcome_info_find(name);
}

static const char *kind_of(const struct pko_loop_variant *variant) {
    return variant->arrow >= 0 ? "arrow" : *variant->name ? "loop" : "nothing";
}

static const char *name_of(const struct pko_loop_variant *variant) {
    return *variant->name ? variant->name : "nothing";
}

static void json_outcomes(struct pko_json *json, const struct pko_looped *shown, size_t variant) {
    const struct pko_twins_result *twins = &shown->result->twins;
    pko_json_open(json, "outcomes", '[', false);
    for (size_t k = 0; k < twins->outcome_count; k++) {
        if (!wanted(shown->study->options, twins->names[k]))
            continue;
        pko_json_open(json, NULL, '{', false);
        pko_study_json_outcome(json, twins->names[k]);
        pko_json_open(json, "estimate", '{', true);
        pko_json_estimate(json, &twins->moments[variant * twins->outcome_count + k]);
        pko_json_close(json);
        if (variant > 0) {
            struct pko_difference difference =
                pko_difference(&twins->pairs[(variant - 1) * twins->outcome_count + k]);
            pko_json_open(json, "difference", '{', true);
            pko_json_difference(json, &difference);
            pko_json_close(json);
        }
        pko_json_close(json);
    }
    pko_json_close(json);
}

/* JSON has no infinity; a number that is missing and one that is infinite must differ. */
static void json_number(struct pko_json *json, const char *name, double value) {
    if (isinf(value))
        pko_json_text(json, name, value > 0 ? "infinite" : "-infinite");
    else
        pko_json_number(json, name, value);
}

static void json_responses(struct pko_json *json, const struct pko_looped *shown, size_t variant) {
    pko_json_open(json, "response", '[', false);
    for (size_t q = 0; q < PKO_IMPULSE_QUANTITIES; q++) {
        const struct pko_impulse_estimate *of =
            &shown->result->responses[variant * PKO_IMPULSE_QUANTITIES + q];
        pko_json_open(json, NULL, '{', true);
        pko_json_text(json, "name", pko_impulse_info(q)->name);
        pko_json_text(json, "unit", pko_impulse_info(q)->unit);
        json_number(json, "mean", of->mean);
        json_number(json, "low", of->low);
        json_number(json, "high", of->high);
        if (variant > 0) {
            json_number(json, "difference", of->difference);
            json_number(json, "difference_low", of->difference_low);
            json_number(json, "difference_high", of->difference_high);
        }
        pko_json_close(json);
    }
    pko_json_close(json);
}

void pko_looped_json(const struct pko_looped *shown, FILE *stream) {
    const struct pko_loops *result = shown->result;
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    pko_study_json(shown->study, result->twins.replicates, &json);
    pko_json_text(&json, "regime", shown->plan->regime);
    pko_json_whole(&json, "cut_day", (uint64_t)shown->plan->cut_day);
    if (result->responses) {
        pko_json_whole(&json, "hit_day", (uint64_t)shown->plan->hit_day);
        pko_json_whole(&json, "horizon", (uint64_t)shown->plan->horizon);
    }
    pko_json_open(&json, "variants", '[', false);
    for (size_t variant = 0; variant < result->variant_count; variant++) {
        const struct pko_loop_variant *of = &result->variants[variant];
        pko_json_open(&json, NULL, '{', false);
        pko_json_text(&json, "kind", kind_of(of));
        pko_json_text(&json, "cut", name_of(of));
        pko_json_text(&json, of->arrow >= 0 ? "loops" : "title",
                      of->arrow >= 0 ? pko_arrow_info((size_t)of->arrow)->loops : of->title);
        json_outcomes(&json, shown, variant);
        if (result->responses)
            json_responses(&json, shown, variant);
        pko_json_close(&json);
    }
    pko_json_close(&json);
    pko_json_close(&json);
}

void pko_looped_csv(const void *context, FILE *stream) {
    const struct pko_looped *shown = context;
    const struct pko_loops *result = shown->result;
    const struct pko_twins_result *twins = &result->twins;
    fputs("kind,cut,quantity,uncut,with_cut,difference,low,high,replicates\n", stream);
    for (size_t variant = 1; variant < result->variant_count; variant++) {
        const struct pko_loop_variant *of = &result->variants[variant];
        for (size_t k = 0; k < twins->outcome_count; k++) {
            if (!wanted(shown->study->options, twins->names[k]))
                continue;
            struct pko_difference difference =
                pko_difference(&twins->pairs[(variant - 1) * twins->outcome_count + k]);
            fprintf(stream, "%s,%s,%s", kind_of(of), name_of(of), twins->names[k]);
            pko_study_csv_number(stream, pko_estimate(&twins->moments[k]).mean);
            pko_study_csv_number(stream,
                                 pko_estimate(&twins->moments[variant * twins->outcome_count + k]).mean);
            pko_study_csv_number(stream, difference.mean);
            pko_study_csv_number(stream, difference.low);
            pko_study_csv_number(stream, difference.high);
            fprintf(stream, ",%" PRIu64 "\n", difference.count);
        }
        for (size_t q = 0; result->responses && q < PKO_IMPULSE_QUANTITIES; q++) {
            const struct pko_impulse_estimate *estimate =
                &result->responses[variant * PKO_IMPULSE_QUANTITIES + q];
            fprintf(stream, "%s,%s,response %s", kind_of(of), name_of(of), pko_impulse_info(q)->name);
            pko_study_csv_number(stream, result->responses[q].mean);
            pko_study_csv_number(stream, estimate->mean);
            pko_study_csv_number(stream, estimate->difference);
            pko_study_csv_number(stream, estimate->difference_low);
            pko_study_csv_number(stream, estimate->difference_high);
            fprintf(stream, ",%" PRIu32 "\n", twins->replicates);
        }
    }
}
