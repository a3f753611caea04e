/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf, open_memstream, uselocale */
#include "experiment/plan.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/kept.h"
#include "experiment/plan_text.h"
#include "experiment/points.h"
#include "pkosim/status.h"
#include "record/number.h"
#include "scenario/reader.h"
#include "scenario/vary.h"

/* What a shard should be at most, and how many shards there should be at least, as far as it can be: a
 * shard is lost when a process is killed, and is the smallest part of the work that another machine can
 * take. */
#define SHARD_BYTES   ((double)(8 << 20))
#define SHARD_SECONDS 60.0
#define SHARDS_LEAST  64
#define SECONDS_LEAST 0.5 /* below which a shard costs more than it is worth, however few there are */
/* What a day costs on a common machine: a round number, since the cut must not depend on the machine. */
#define SECONDS_PER_PERSON_DAY 5e-9
#define SECONDS_PER_DAY        5e-5

void pko_plan_free(struct pko_plan *plan) {
    if (!plan)
        return;
    pko_kept_free(plan);
    pko_scenario_free(plan->base);
    pko_campaign_free((struct pko_campaign *)plan->campaign);
    free(plan->scenario_name);
    free(plan->scenario_text);
    free(plan->settings);
    free(plan->regimes_text);
    free(plan->replicates_text);
    free(plan->seed_text);
    free(plan->origin);
    free(plan->regime_names);
    free(plan->values);
    free(plan->text);
    free(plan);
}

/* Numbers are written with a point whatever the program's locale; freed by plain_end. */
static locale_t plain_start(locale_t *plain) {
    *plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return *plain ? uselocale(*plain) : (locale_t)0;
}

static void plain_end(locale_t plain, locale_t before) {
    if (!plain)
        return;
    uselocale(before);
    freelocale(plain);
}

/* --- The scenario */

static bool is_path(const char *source) {
    size_t length = strlen(source);
    return strchr(source, '/') || (length > 5 && strcmp(source + length - 5, ".yaml") == 0) ||
           (length > 4 && strcmp(source + length - 4, ".yml") == 0);
}

/* Finds name and text of the campaign's scenario, of the built-in ones or a file beside the campaign. */
static int find_scenario(struct pko_plan *plan, const char *instead, char **problems) {
    const char *source = instead ? instead : plan->campaign->scenario, *path = plan->campaign->path;
    size_t size = 0;
    if (!is_path(source)) {
        for (size_t k = 0; pko_scenario_builtin_name(k); k++)
            if (strcmp(pko_scenario_builtin_name(k), source) == 0) {
                plan->scenario_name = strdup(source);
                plan->scenario_text = strdup(pko_scenario_builtin_text(k));
                return plan->scenario_name && plan->scenario_text ? PKO_OK : PKO_ERROR_MEMORY;
            }
        struct pko_scenario *none = NULL;
        char *words = NULL;
        int status = pko_scenario_load(source, NULL, 0, &none, &words);
        if (words && asprintf(problems, "%s: scenario: %s", path, words) < 0)
            *problems = NULL;
        free(words);
        pko_scenario_free(none);
        return status == PKO_OK ? PKO_ERROR_NAME : status;
    }
    const char *slash = strrchr(path, '/');
    int folder = !instead && source[0] != '/' && slash ? (int)(slash - path) + 1 : 0;
    if (asprintf(&plan->scenario_name, "%.*s%s", folder, path, source) < 0) {
        plan->scenario_name = NULL;
        return PKO_ERROR_MEMORY;
    }
    return pko_read_text_file(plan->scenario_name, &plan->scenario_text, &size, problems);
}

static void add_setting(struct pko_plan *plan, const char *origin, const char *name, const char *value) {
    plan->settings[plan->setting_count++] =
        (struct pko_setting){.name = name, .value = value, .origin = origin};
}

static char *join(const struct pko_text_list *list) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    for (int k = 0; k < list->count; k++)
        fprintf(stream, "%s%s", k ? "," : "", list->texts[k]);
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

/* The settings that hold at every point. */
static int settle(struct pko_plan *plan) {
    const struct pko_campaign *campaign = plan->campaign;
    plan->settings = calloc((size_t)campaign->setting_count + 3, sizeof *plan->settings);
    plan->regimes_text = join(&campaign->regimes);
    bool good = plan->settings && plan->regimes_text &&
                asprintf(&plan->replicates_text, "%d", campaign->replicates) >= 0 &&
                asprintf(&plan->seed_text, "%llu", (unsigned long long)campaign->seed) >= 0 &&
                asprintf(&plan->origin, "%s:%d:", campaign->path, campaign->regimes_line) >= 0;
    if (!good)
        return PKO_ERROR_MEMORY;
    for (int k = 0; k < campaign->setting_count; k++)
        add_setting(plan, campaign->settings[k].origin, campaign->settings[k].name,
                    campaign->settings[k].value);
    if (campaign->regimes.count)
        add_setting(plan, plan->origin, "regimes", plan->regimes_text);
    if (campaign->replicates)
        add_setting(plan, plan->origin, "replicates", plan->replicates_text);
    if (campaign->seeded)
        add_setting(plan, plan->origin, "seed", plan->seed_text);
    return PKO_OK;
}

/* The text of a value of a factor. */
static void value_text(const struct pko_factor *factor, double value, char text[32]) {
    if (factor->whole)
        snprintf(text, 32, "%.0f", value);
    else
        pko_number_text(value, text);
}

static int parse_at(const struct pko_plan *plan, const struct pko_setting *varied, size_t count,
                    struct pko_scenario **scenario, char **problems) {
    struct pko_setting *all = calloc(plan->setting_count + count + 1, sizeof *all);
    *scenario = NULL;
    *problems = NULL;
    if (!all)
        return PKO_ERROR_MEMORY;
    if (plan->setting_count)
        memcpy(all, plan->settings, plan->setting_count * sizeof *all);
    if (count)
        memcpy(all + plan->setting_count, varied, count * sizeof *all);
    int status = pko_scenario_parse(plan->scenario_name, plan->scenario_text, strlen(plan->scenario_text),
                                    all, plan->setting_count + count, scenario, problems);
    free(all);
    return status;
}

/* The settings of a point. */
struct varied {
    struct pko_setting *settings;
    size_t count;
    char (*texts)[32]; /* their values */
    char origin[64];
};

/* Freed with varied_end in any case. */
static int varied_at(const struct pko_plan *plan, size_t point, struct varied *varied) {
    locale_t plain, before = plain_start(&plain);
    *varied = (struct varied){.settings = calloc(plan->factors, sizeof *varied->settings),
                              .texts = calloc(plan->factors, sizeof *varied->texts)};
    int status = varied->settings && varied->texts ? PKO_OK : PKO_ERROR_MEMORY;
    snprintf(varied->origin, sizeof varied->origin, "point %zu:", point);
    for (size_t k = 0; status == PKO_OK && k < plan->factors; k++) {
        const struct pko_factor *factor = &plan->campaign->factors[k];
        double value = plan->values[point * plan->factors + k];
        if (isnan(value))
            continue; /* as the scenario has it */
        value_text(factor, value, varied->texts[k]);
        varied->settings[varied->count++] =
            (struct pko_setting){.name = factor->name, .value = varied->texts[k], .origin = varied->origin};
    }
    plain_end(plain, before);
    return status;
}

static void varied_end(struct varied *varied) {
    free(varied->settings);
    free(varied->texts);
}

int pko_plan_scenario(const struct pko_plan *plan, size_t point, struct pko_scenario **scenario,
                      char **problems) {
    struct varied varied;
    int status = varied_at(plan, point, &varied);
    *scenario = NULL;
    *problems = NULL;
    if (status == PKO_OK)
        status = parse_at(plan, varied.settings, varied.count, scenario, problems);
    varied_end(&varied);
    return status;
}

int pko_plan_base(const struct pko_plan *plan, struct pko_scenario **scenario) {
    char *notes;
    int status = parse_at(plan, NULL, 0, scenario, &notes);
    free(notes);
    return status;
}

int pko_plan_vary(const struct pko_plan *plan, size_t point, struct pko_scenario *scenario) {
    struct varied varied;
    int status = varied_at(plan, point, &varied);
    if (status == PKO_OK)
        status = pko_scenario_vary(scenario, plan->base, varied.settings, varied.count);
    varied_end(&varied);
    return status;
}

/* --- Parameters that vary */

/* Asks the scenario for a parameter at one value; appends what it says. */
static int try_value(const struct pko_plan *plan, const struct pko_factor *factor, double value,
                     FILE *problems, bool *refused) {
    char text[32], *words = NULL;
    struct pko_scenario *scenario = NULL;
    value_text(factor, value, text);
    const struct pko_setting setting = {.name = factor->name, .value = text, .origin = factor->origin};
    int status = parse_at(plan, &setting, 1, &scenario, &words);
    pko_scenario_free(scenario);
    *refused = status == PKO_ERROR_INPUT;
    if (*refused && words)
        fputs(words, problems);
    free(words);
    return *refused ? PKO_OK : status;
}

/* Each parameter alone must pass the scenario's checks at the ends of its range, or at each of its values. */
static int check_factor(const struct pko_plan *plan, const struct pko_factor *factor, FILE *problems) {
    struct pko_setting_range range;
    bool refused = false;
    if (pko_setting_range(factor->name, &range) != PKO_OK) {
        int status = try_value(plan, factor, 0.0, problems, &refused);
        if (status == PKO_OK && !refused)
            fprintf(problems, "%s %s: is no number; allowed: parameters, rules and attributes that are one\n",
                    factor->origin, factor->name);
        return status;
    }
    const double ends[2] = {factor->least, factor->most};
    const double *tried = factor->values.count ? factor->values.numbers : ends;
    int count = factor->values.count ? factor->values.count : 2, status = PKO_OK;
    for (int k = 0; k < count && status == PKO_OK && !refused; k++)
        status = try_value(plan, factor, tried[k], problems, &refused);
    return status;
}

static int check_factors(const struct pko_plan *plan, char **problems) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    int status = stream ? PKO_OK : PKO_ERROR_MEMORY;
    for (size_t k = 0; status == PKO_OK && k < plan->factors; k++)
        status = check_factor(plan, &plan->campaign->factors[k], stream);
    if (stream && fclose(stream) != 0 && status == PKO_OK)
        status = PKO_ERROR_MEMORY;
    if (status == PKO_OK && size > 0) {
        free(*problems);
        *problems = text;
        return PKO_ERROR_INPUT;
    }
    free(text);
    return status;
}

/* --- Shards */

size_t pko_plan_series_size(const struct pko_plan *plan, size_t series) {
    return pko_record_count(plan->base) * pko_measure_size(plan->base, pko_measure(plan->series[series]));
}

size_t pko_plan_run_bytes(const struct pko_plan *plan) {
    size_t bytes = plan->kept_count * sizeof(double) + sizeof(int32_t);
    for (size_t k = 0; k < plan->series_count; k++)
        bytes += pko_plan_series_size(plan, k) * sizeof(float);
    return bytes;
}

static size_t parts(size_t whole, size_t part) {
    return (whole + part - 1) / part;
}

static void cut(struct pko_plan *plan) {
    size_t pairs = plan->points * plan->replicates, wanted = (size_t)plan->campaign->shard;
    if (wanted == 0) {
        double regimes = (double)plan->regimes;
        double bytes = regimes * (double)pko_plan_run_bytes(plan);
        double seconds = regimes * (pko_person_days(plan->base) * SECONDS_PER_PERSON_DAY +
                                    plan->base->days * SECONDS_PER_DAY);
        double most = fmin(SHARD_BYTES / bytes, SHARD_SECONDS / seconds);
        most = fmin(most, fmax((double)pairs / SHARDS_LEAST, SECONDS_LEAST / seconds));
        wanted = most < 1.0 ? 1 : (size_t)most;
    }
    if (wanted >= plan->replicates) {
        size_t points = wanted / plan->replicates;
        plan->shard_points = points > plan->points ? plan->points : points;
        plan->shard_replicates = plan->replicates;
        plan->shards_per_point = 1;
        plan->shards = parts(plan->points, plan->shard_points);
        return;
    }
    plan->shard_points = 1; /* equal parts of the replicates of a point */
    plan->shard_replicates = parts(plan->replicates, parts(plan->replicates, wanted));
    plan->shards_per_point = parts(plan->replicates, plan->shard_replicates);
    plan->shards = plan->points * plan->shards_per_point;
}

struct pko_shard_range pko_plan_shard(const struct pko_plan *plan, size_t shard) {
    size_t block = shard / plan->shards_per_point, part = shard % plan->shards_per_point;
    struct pko_shard_range range = {.first_point = block * plan->shard_points,
                                    .points = plan->shard_points,
                                    .first_replicate = part * plan->shard_replicates,
                                    .replicates = plan->shard_replicates};
    if (range.points > plan->points - range.first_point)
        range.points = plan->points - range.first_point;
    if (range.replicates > plan->replicates - range.first_replicate)
        range.replicates = plan->replicates - range.first_replicate;
    return range;
}

/* --- All together */

static int too_long(const struct pko_plan *plan, char **problems) {
    free(*problems);
    if (asprintf(problems, "%s: %zu points of %zu replicates and %zu regimes; allowed: %u runs\n",
                 plan->campaign->path, plan->points, plan->replicates, plan->regimes, PKO_RUNS_MOST) < 0)
        *problems = NULL;
    return PKO_ERROR_INPUT;
}

static int take_base(struct pko_plan *plan, char **problems) {
    int status = parse_at(plan, NULL, 0, &plan->base, problems);
    if (status != PKO_OK)
        return status;
    plan->factors = (size_t)plan->campaign->factor_count;
    plan->regimes = (size_t)plan->base->regime_count;
    plan->replicates = (size_t)plan->base->replicates;
    plan->regime_names = calloc(plan->regimes, sizeof *plan->regime_names);
    if (!plan->regime_names)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < plan->regimes; k++)
        plan->regime_names[k] = plan->base->regimes[k].name;
    return PKO_OK;
}

static int make(struct pko_plan *plan, const char *scenario, char **problems) {
    int status = find_scenario(plan, scenario, problems);
    if (status == PKO_OK)
        status = settle(plan);
    if (status == PKO_OK)
        status = take_base(plan, problems);
    if (status == PKO_OK)
        status = check_factors(plan, problems);
    if (status == PKO_OK)
        status = pko_kept_choose(plan, problems);
    if (status == PKO_OK)
        status = pko_points_lay(plan, problems);
    if (status != PKO_OK)
        return status;
    if (plan->points > PKO_RUNS_MOST / plan->replicates / plan->regimes)
        return too_long(plan, problems);
    cut(plan);
    return pko_plan_write_text(plan);
}

int pko_plan_load(const char *path, const char *scenario, struct pko_plan **plan, char **problems) {
    struct pko_campaign *campaign = NULL;
    *plan = NULL;
    int status = pko_campaign_load(path, &campaign, problems);
    if (status != PKO_OK)
        return status;
    struct pko_plan *made = calloc(1, sizeof *made);
    if (!made) {
        pko_campaign_free(campaign);
        return PKO_ERROR_MEMORY;
    }
    made->campaign = campaign;
    locale_t plain, before = plain_start(&plain);
    status = make(made, scenario, problems);
    plain_end(plain, before);
    if (status == PKO_OK)
        *plan = made;
    else
        pko_plan_free(made);
    return status;
}
