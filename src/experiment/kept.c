/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* open_memstream */
#include "experiment/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/names.h"
#include "experiment/outcomes.h"
#include "pkosim/status.h"

static const char *measure_name(const void *context, size_t k) {
    (void)context;
    return pko_measure(k) ? pko_measure(k)->name : NULL;
}

static const char *outcome_name(const void *context, size_t k) {
    return pko_outcome_name(context, k);
}

static int line_of(const struct pko_plan *plan, const char *key) {
    const struct pko_campaign *campaign = plan->campaign;
    return strcmp(key, "outcomes") == 0  ? campaign->outcomes_line
           : strcmp(key, "windows") == 0 ? campaign->windows_line
                                         : campaign->series_line;
}

/* A mistake of the campaign's file: names that only the scenario and the tables know. */
static void say_unknown(const struct pko_plan *plan, FILE *problems, const char *key, const char *what,
                        const char *wrong, const char *(*name)(const void *, size_t), const void *context) {
    const char *nearest = pko_name_nearest(wrong, name, context);
    fprintf(problems, "%s:%d: %s: unknown %s '%s'", plan->campaign->path, line_of(plan, key), key, what,
            wrong);
    if (nearest)
        fprintf(problems, " (nearest: '%s')", nearest);
    fprintf(problems, "; allowed: %s\n",
            strcmp(what, "outcome") == 0 ? "the names of docs/outcomes.md, or [all]"
                                         : "the series of docs/file-format.md");
}

static struct pko_kept *add_kept(struct pko_plan *plan, const char *name) {
    struct pko_kept *grown = realloc(plan->kept, (plan->kept_count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    plan->kept = grown;
    struct pko_kept *kept = &grown[plan->kept_count];
    *kept = (struct pko_kept){.name = strdup(name), .outcome = SIZE_MAX};
    if (!kept->name)
        return NULL;
    plan->kept_count++;
    return kept;
}

static size_t find_outcome(const struct pko_observer *observer, const char *name) {
    for (size_t k = 0; pko_outcome_name(observer, k); k++)
        if (strcmp(pko_outcome_name(observer, k), name) == 0)
            return k;
    return SIZE_MAX;
}

/* Adds outcome number `number`, if there is such a one. */
static int add_outcome(struct pko_plan *plan, const struct pko_observer *observer, size_t number) {
    if (number == SIZE_MAX)
        return PKO_OK;
    struct pko_kept *kept = add_kept(plan, pko_outcome_name(observer, number));
    if (!kept)
        return PKO_ERROR_MEMORY;
    kept->outcome = number;
    return PKO_OK;
}

static int choose_outcomes(struct pko_plan *plan, const struct pko_observer *observer, FILE *problems) {
    const struct pko_text_list *wanted = &plan->campaign->outcomes;
    int status = PKO_OK;
    if (wanted->count == 1 && strcmp(wanted->texts[0], "all") == 0) {
        for (size_t k = 0; status == PKO_OK && k < pko_outcome_count(observer); k++)
            status = add_outcome(plan, observer, k);
        return status;
    }
    for (size_t k = 0; status == PKO_OK && wanted->count == 0 && pko_outcome_info(k); k++)
        status = add_outcome(plan, observer, find_outcome(observer, pko_outcome_info(k)->name));
    for (int k = 0; status == PKO_OK && k < wanted->count; k++) {
        size_t number = find_outcome(observer, wanted->texts[k]);
        if (number == SIZE_MAX)
            say_unknown(plan, problems, "outcomes", "outcome", wanted->texts[k], outcome_name, observer);
        status = add_outcome(plan, observer, number);
    }
    return status;
}

/* The number of a measure that the scenario records; SIZE_MAX and a word about it if there is none. */
static size_t find_measure(const struct pko_plan *plan, FILE *problems, const char *key, const char *name) {
    for (size_t k = 0; pko_measure(k); k++) {
        if (strcmp(pko_measure(k)->name, name) != 0)
            continue;
        if (!pko_measure(k)->by_group || plan->base->record_groups)
            return k;
        fprintf(problems, "%s:%d: %s: '%s' is by group, and record.groups is false; allowed: true\n",
                plan->campaign->path, line_of(plan, key), key, name);
        return SIZE_MAX;
    }
    say_unknown(plan, problems, key, "measure", name, measure_name, NULL);
    return SIZE_MAX;
}

/* One outcome for each unit of the measure: NAME, "NAME of UNIT" or "NAME of UNIT, UNIT". */
static int add_window(struct pko_plan *plan, const struct pko_window *window, size_t number, size_t first,
                      size_t end) {
    const struct pko_scenario *base = plan->base;
    const struct pko_measure *measure = pko_measure(number);
    size_t inner = pko_dimension_size(base, measure->dimensions[1]), units = pko_measure_size(base, measure);
    for (size_t unit = 0; unit < units; unit++) {
        char name[4 * PKO_NAME_SIZE];
        const char *one = pko_dimension_label(base, measure->dimensions[0], unit / inner);
        const char *other = pko_dimension_label(base, measure->dimensions[1], unit % inner);
        snprintf(name, sizeof name, "%s%s%s%s%s", window->name, *one ? " of " : "", one, *other ? ", " : "",
                 other);
        struct pko_kept *kept = add_kept(plan, name);
        if (!kept)
            return PKO_ERROR_MEMORY;
        kept->measure = number;
        kept->unit = unit;
        kept->first = first;
        kept->end = end;
    }
    return PKO_OK;
}

static int choose_windows(struct pko_plan *plan, FILE *problems) {
    const struct pko_scenario *base = plan->base;
    int64_t every = base->record_every, records = (int64_t)pko_record_count(base);
    int status = PKO_OK;
    for (int k = 0; status == PKO_OK && k < plan->campaign->window_count; k++) {
        const struct pko_window *window = &plan->campaign->windows[k];
        size_t number = find_measure(plan, problems, "windows", window->measure);
        if (number == SIZE_MAX)
            continue;
        int64_t from = (int64_t)window->from - base->start, until = (int64_t)window->until - base->start;
        int64_t first = from <= 0 ? 0 : (from + every - 1) / every;
        int64_t end = until <= 0 ? 0 : (until + every - 1) / every;
        if (pko_measure(number)->count && first == 0)
            first = 1; /* day 0 has nothing before it to count */
        end = end > records ? records : end;
        if (first >= end) {
            char start[11];
            pko_date_format(base->start, start);
            fprintf(problems,
                    "%s:%d: windows: '%s' holds no record; allowed: days of the run, %d from %s, recorded "
                    "every %d\n",
                    plan->campaign->path, plan->campaign->windows_line, window->name, base->days, start,
                    base->record_every);
            continue;
        }
        status = add_window(plan, window, number, (size_t)first, (size_t)end);
    }
    return status;
}

static int choose_series(struct pko_plan *plan, FILE *problems) {
    const struct pko_text_list *wanted = &plan->campaign->series;
    plan->series = calloc((size_t)wanted->count + 1, sizeof *plan->series);
    if (!plan->series)
        return PKO_ERROR_MEMORY;
    for (int k = 0; k < wanted->count; k++) {
        size_t number = find_measure(plan, problems, "series", wanted->texts[k]);
        if (number != SIZE_MAX)
            plan->series[plan->series_count++] = number;
    }
    return PKO_OK;
}

int pko_kept_choose(struct pko_plan *plan, char **problems) {
    struct pko_observer *observer = NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return PKO_ERROR_MEMORY;
    int status = pko_observer_create(plan->base, &observer);
    if (status == PKO_OK)
        status = choose_outcomes(plan, observer, stream);
    if (status == PKO_OK)
        status = choose_windows(plan, stream);
    if (status == PKO_OK)
        status = choose_series(plan, stream);
    pko_observer_free(observer);
    if (fclose(stream) != 0 && status == PKO_OK)
        status = PKO_ERROR_MEMORY;
    if (status == PKO_OK && size > 0) {
        free(*problems);
        *problems = text;
        return PKO_ERROR_INPUT;
    }
    free(text);
    return status;
}

/* Of a state the mean over the records of the window that have a value; of a count the mean per day. */
static double window_mean(const struct pko_plan *plan, const struct pko_kept *kept,
                          const struct pko_observer *observer) {
    const struct pko_measure *measure = pko_measure(kept->measure);
    const float *series = pko_observer_series(observer, kept->measure);
    size_t units = pko_measure_size(plan->base, measure);
    double sum = 0.0, count = 0.0;
    for (size_t record = kept->first; record < kept->end; record++) {
        double value = (double)series[record * units + kept->unit];
        if (isnan(value))
            continue;
        sum += value;
        count += measure->count ? (double)plan->base->record_every : 1.0;
    }
    return count > 0.0 ? sum / count : NAN;
}

int pko_kept_take(const struct pko_plan *plan, const struct pko_observer *observer, double *outcomes,
                  float *const *series) {
    double *all = malloc((pko_outcome_count(observer) + 1) * sizeof *all);
    if (!all)
        return PKO_ERROR_MEMORY;
    int status = pko_outcomes(observer, all);
    for (size_t k = 0; status == PKO_OK && k < plan->kept_count; k++) {
        const struct pko_kept *kept = &plan->kept[k];
        outcomes[k] = kept->outcome == SIZE_MAX ? window_mean(plan, kept, observer) : all[kept->outcome];
    }
    for (size_t k = 0; status == PKO_OK && k < plan->series_count; k++)
        memcpy(series[k], pko_observer_series(observer, plan->series[k]),
               pko_plan_series_size(plan, k) * sizeof *series[k]);
    free(all);
    return status;
}

void pko_kept_free(struct pko_plan *plan) {
    for (size_t k = 0; k < plan->kept_count; k++)
        free(plan->kept[k].name);
    free(plan->kept);
    free(plan->series);
}
