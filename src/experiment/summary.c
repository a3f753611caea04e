/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* getline, strtod_l */
#include "experiment/summary.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "record/message.h"
#include "record/shard.h"

/* A table being read. */
struct reading {
    const struct pko_plan *plan;
    struct pko_summary *summary;
    const char *path;
    unsigned line;
    char *rest; /* of the line at hand; NULL behind the last field */
    char *seen; /* [run]: whether its row was there */
    locale_t plain;
    char **message;
};

/* The next field, unquoted in place; NULL if there is none. */
static char *next_field(struct reading *reading) {
    char *from = reading->rest, *to = from, *field = from;
    if (!from)
        return NULL;
    bool quoted = *from == '"';
    from += quoted ? 1 : 0;
    while (*from && (quoted || *from != ',')) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                quoted = false;
                from++;
                continue;
            }
            from++;
        }
        *to++ = *from++;
    }
    reading->rest = *from == ',' ? from + 1 : NULL;
    *to = 0;
    return field;
}

static int not_of_plan(struct reading *reading, const char *what, const char *found) {
    pko_message(reading->message, "%s:%u: %s '%s' is not that of the campaign; 'pkosim merge' makes it anew",
                reading->path, reading->line, what, found ? found : "");
    return PKO_ERROR_INPUT;
}

/* The names of the columns are those that experiment/merge.c writes. */
static int read_head(struct reading *reading) {
    static const char *const fixed[] = {"point", "replicate", "regime", "status"};
    const struct pko_plan *plan = reading->plan;
    for (size_t k = 0; k < 4 + plan->factors + plan->kept_count; k++) {
        const char *wanted = k < 4                   ? fixed[k]
                             : k < 4 + plan->factors ? plan->campaign->factors[k - 4].name
                                                     : plan->kept[k - 4 - plan->factors].name;
        const char *found = next_field(reading);
        if (!found || strcmp(found, wanted) != 0)
            return not_of_plan(reading, "column", found);
    }
    return reading->rest ? not_of_plan(reading, "column", reading->rest) : PKO_OK;
}

static bool whole_below(const char *text, size_t end, size_t *value) {
    char *last = NULL;
    if (!text || *text < '0' || *text > '9')
        return false;
    *value = strtoul(text, &last, 10);
    return *last == 0 && *value < end;
}

/* An empty field is NaN. */
static bool number(const struct reading *reading, const char *text, double *value) {
    char *last = NULL;
    *value = NAN;
    if (!text)
        return false;
    if (*text)
        *value = strtod_l(text, &last, reading->plain);
    return !last || *last == 0;
}

/* The row's point, replicate and regime. */
static int read_place(struct reading *reading, size_t place[3]) {
    const struct pko_plan *plan = reading->plan;
    const char *text = next_field(reading);
    if (!whole_below(text, plan->points, &place[0]))
        return not_of_plan(reading, "point", text);
    text = next_field(reading);
    if (!whole_below(text, plan->replicates, &place[1]))
        return not_of_plan(reading, "replicate", text);
    text = next_field(reading);
    for (place[2] = 0; place[2] < plan->regimes; place[2]++)
        if (text && strcmp(text, plan->regime_names[place[2]]) == 0)
            return PKO_OK;
    return not_of_plan(reading, "regime", text);
}

static int read_row(struct reading *reading) {
    const struct pko_plan *plan = reading->plan;
    size_t place[3] = {0}, run_status = 0, run;
    double value;
    int status = read_place(reading, place);
    if (status != PKO_OK)
        return status;
    run = (place[0] * plan->replicates + place[1]) * plan->regimes + place[2];
    if (reading->seen[run]++)
        return not_of_plan(reading, "second row of point", "");
    const char *text = next_field(reading);
    if (!whole_below(text, 3, &run_status))
        return not_of_plan(reading, "status", text);
    reading->summary->done += run_status == PKO_RUN_DONE ? 1u : 0u;
    reading->summary->failed += run_status == PKO_RUN_FAILED ? 1u : 0u;
    for (size_t k = 0; k < plan->factors + plan->kept_count; k++) {
        text = next_field(reading);
        if (!number(reading, text, &value))
            return not_of_plan(reading, "number", text);
        double at = k < plan->factors ? plan->values[place[0] * plan->factors + k] : value;
        /* written so that it reads back as the same; NaN is NaN */
        if (at != value && !(isnan(at) && isnan(value)))
            return not_of_plan(reading, "parameter", text);
        if (k >= plan->factors)
            reading->summary
                ->values[(((k - plan->factors) * plan->regimes + place[2]) * plan->points + place[0]) *
                             plan->replicates +
                         place[1]] = value;
    }
    return reading->rest ? not_of_plan(reading, "more columns:", reading->rest) : PKO_OK;
}

static int read_lines(struct reading *reading, FILE *file) {
    char *line = NULL;
    size_t size = 0;
    uint64_t rows = 0;
    int status = PKO_OK;
    for (ssize_t length; status == PKO_OK && (length = getline(&line, &size, file)) >= 0;) {
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = 0;
        reading->line++;
        reading->rest = line;
        if (reading->line == 1) {
            status = read_head(reading);
            continue;
        }
        status = read_row(reading);
        rows++;
    }
    if (status == PKO_OK && ferror(file)) {
        pko_message(reading->message, "cannot read '%s': %s", reading->path, strerror(errno));
        status = PKO_ERROR_DISK;
    }
    if (status == PKO_OK && rows != reading->summary->runs) {
        pko_message(reading->message, "%s: %llu rows, of %llu runs; 'pkosim merge' makes it anew",
                    reading->path, (unsigned long long)rows, (unsigned long long)reading->summary->runs);
        status = PKO_ERROR_INPUT;
    }
    free(line);
    return status;
}

int pko_summary_read(const struct pko_plan *plan, const char *path, struct pko_summary *summary,
                     char **message) {
    size_t runs = plan->points * plan->replicates * plan->regimes;
    struct reading reading = {.plan = plan, .summary = summary, .path = path, .message = message};
    *summary = (struct pko_summary){.runs = runs};
    summary->values = calloc(plan->kept_count * runs + 1, sizeof *summary->values);
    reading.seen = calloc(runs + 1, 1);
    reading.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    FILE *file = fopen(path, "r");
    int status = PKO_ERROR_MEMORY;
    if (!file) {
        pko_message(message, "cannot read '%s': %s; 'pkosim merge' makes it", path, strerror(errno));
        status = PKO_ERROR_DISK;
    } else if (summary->values && reading.seen && reading.plain) {
        status = read_lines(&reading, file);
    }
    if (file)
        fclose(file);
    if (reading.plain)
        freelocale(reading.plain);
    free(reading.seen);
    return status;
}

void pko_summary_free(struct pko_summary *summary) {
    free(summary->values);
    *summary = (struct pko_summary){0};
}

const double *pko_summary_values(const struct pko_plan *plan, const struct pko_summary *summary,
                                 size_t outcome, size_t regime) {
    return summary->values + (outcome * plan->regimes + regime) * plan->points * plan->replicates;
}
