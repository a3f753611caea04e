/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/names.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "model/scenario.h"
#include "pkosim/status.h"

struct explain {
    const char *file, *incident, *person, *regime, *replicate;
    bool json;
};
enum { KEY_INCIDENT = 0x100, KEY_PERSON, KEY_REGIME, KEY_REPLICATE, KEY_JSON };

static const struct argp_option options[] = {
    {"incident", KEY_INCIDENT, "K", 0, "row K (from 0) of the table of incidents, or 'deadliest'", 0},
    {"person", KEY_PERSON, "GROUP/CAMP/K@DATE", 0, "who is at place K (from 0) of a group at a camp on a day",
     0},
    {"regime", KEY_REGIME, "R", 0, "of a person: the regime; the first of the file by default", 0},
    {"replicate", KEY_REPLICATE, "N", 0, "of a person: the replicate; the first of the file by default", 0},
    {"json", KEY_JSON, NULL, 0, "everything, as JSON", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct explain *explain = state->input;
    switch (key) {
    case KEY_INCIDENT:
        explain->incident = argument;
        return 0;
    case KEY_PERSON:
        explain->person = argument;
        return 0;
    case KEY_REGIME:
        explain->regime = argument;
        return 0;
    case KEY_REPLICATE:
        explain->replicate = argument;
        return 0;
    case KEY_JSON:
        explain->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one file at a time: '%s' is one too many", argument);
        explain->file = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return 0;
    case ARGP_KEY_SUCCESS:
        if (!explain->incident == !explain->person)
            argp_error(state, "explain what? --incident K or --person GROUP/CAMP/K@DATE");
        if (explain->incident && (explain->regime || explain->replicate))
            argp_error(state, "--regime and --replicate are of a person: an incident has its own");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_explain = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Explain one incident of a run (the life of its plot, why it hit or not, what followed) or one "
           "person "
           "(their five states from arrival to departure, split into the terms of the model). The run is "
           "computed "
           "again from what the file holds, and compared with it."
           "\vExamples:\n"
           "  pkosim explain minusma.h5 --incident deadliest\n"
           "  pkosim explain minusma.h5 --person chad/kidal_camp/0@2016-05-19\n"
           "  pkosim explain minusma.h5 --person jmac/bamako_hq/3@2016-05-19 --json\n\n"
           "Incidents are in files of runs with --events; docs/explain.md reads it."};

static int failed(int status, char *message) {
    int code = pko_report(pko_exit_of(status), "%s", message ? message : pko_status_text(status));
    free(message);
    return code;
}

/* --- An incident --- */

/* A column of the table of incidents, as long as the first; NULL with a message printed and *code set. */
static double *read_column(const struct pko_replay *replay, const char *name, uint64_t count, int *code) {
    const struct pko_reader *reader = pko_replay_reader(replay);
    int number = pko_reader_find(reader, name);
    char *message = NULL;
    double *values = NULL;
    if (number < 0 || pko_reader_variable(reader, (size_t)number)->count != count) {
        *code = pko_report(PKO_EXIT_INPUT, "the table of incidents is damaged at %s", name);
        return NULL;
    }
    int status = pko_reader_numbers(reader, (size_t)number, &values, &message);
    if (status != PKO_OK)
        *code = failed(status, message);
    return values;
}

enum { REGIME, REPLICATE, DAY, REGION, CLASS, KILLED, COLUMNS };
struct incidents {
    double *column[COLUMNS];
    uint64_t count;
};

static int read_incidents(const struct explain *explain, const struct pko_replay *replay,
                          struct incidents *table) {
    static const char *const names[COLUMNS] = {"incident_regime", "incident_replicate", "incident_day",
                                               "incident_region", "incident_class",     "incident_killed"};
    const struct pko_reader *reader = pko_replay_reader(replay);
    int first = pko_reader_find(reader, names[0]), code = PKO_EXIT_OK;
    if (first < 0) {
        const struct pko_reader_attribute *command = pko_reader_about(reader, "command");
        return pko_report(
            PKO_EXIT_INPUT,
            "'%s' holds no table of incidents: run it again with --events and another --out%s%s",
            explain->file, command && command->text && *command->text ? "; it was: " : "",
            command && command->text ? command->text : "");
    }
    table->count = pko_reader_variable(reader, (size_t)first)->count;
    for (int k = 0; k < COLUMNS && code == PKO_EXIT_OK; k++)
        table->column[k] = read_column(replay, names[k], table->count, &code);
    return code;
}

static int choose_incident(const struct explain *explain, const struct incidents *table, uint64_t *row) {
    unsigned long number = 0;
    if (strcmp(explain->incident, "deadliest") == 0) {
        *row = table->count;
        for (uint64_t k = 0; k < table->count; k++)
            if (table->column[CLASS][k] != PKO_POPULATION &&
                (*row == table->count || table->column[KILLED][k] > table->column[KILLED][*row]))
                *row = k;
        return *row < table->count
                   ? PKO_EXIT_OK
                   : pko_report(PKO_EXIT_INPUT, "'%s' holds no incident against the mission", explain->file);
    }
    if (pko_words_number(explain->incident, 4000000000ul, &number) != 0)
        return pko_report(
            PKO_EXIT_INPUT,
            "--incident wants the number of a row of the table of incidents, or 'deadliest', not '%s'",
            explain->incident);
    if (number >= table->count)
        return pko_report(PKO_EXIT_INPUT, "--incident %lu: '%s' holds %" PRIu64 " incidents, counted from 0",
                          number, explain->file, table->count);
    *row = number;
    return PKO_EXIT_OK;
}

static int print_incident(const struct explain *explain, const struct pko_explained_incident *incident) {
    if (!explain->json)
        return pko_explain_incident_print(incident, stdout);
    pko_explain_incident_json(incident, stdout);
    return PKO_OK;
}

static int tell_incident(const struct explain *explain, struct pko_replay *replay,
                         const struct incidents *table, uint64_t row) {
    struct pko_life_wanted wanted = {.day = (int32_t)table->column[DAY][row],
                                     .region = (int32_t)table->column[REGION][row],
                                     .plot_class = (int32_t)table->column[CLASS][row]};
    for (uint64_t k = 0; k < row; k++)
        wanted.ordinal += table->column[REGIME][k] == table->column[REGIME][row] &&
                          table->column[REPLICATE][k] == table->column[REPLICATE][row];
    struct pko_life_watch watch = {.failure = PKO_OK};
    struct pko_aftermath aftermath;
    char *message = NULL;
    double replicate = table->column[REPLICATE][row] - (double)pko_replay_first(replay),
           regime = table->column[REGIME][row];
    if (!(replicate >= 0 && replicate < pko_replay_replicates(replay)) || regime < 0 ||
        !pko_replay_regime(replay, (size_t)regime))
        return pko_report(PKO_EXIT_INPUT, "'%s' is damaged: incident %" PRIu64 " is of no run in it",
                          explain->file, row);
    struct pko_explained_incident e = {.run = {.file = explain->file,
                                               .regime = pko_replay_regime(replay, (size_t)regime),
                                               .replicate = (uint32_t)table->column[REPLICATE][row],
                                               .scenario = pko_replay_scenario(replay)},
                                       .row = row,
                                       .aftermath = &aftermath};
    int status = pko_replay_begin(replay, (size_t)regime, (uint32_t)replicate);
    if (status == PKO_OK)
        status = pko_aftermath_run(replay, &wanted, &watch, &aftermath);
    int missing = status == PKO_ERROR_INPUT;
    if (status == PKO_OK)
        status = pko_replay_check(replay, &e.run.values, &message);
    e.life = watch.found;
    int code =
        missing            ? pko_report(PKO_EXIT_INPUT,
                                        "running it again does not give what '%s' holds: there is no incident %" PRIu64,
                                        explain->file, row)
        : status == PKO_OK ? PKO_EXIT_OK
                           : failed(status, message);
    if (code == PKO_EXIT_OK && (status = print_incident(explain, &e)) != PKO_OK)
        code = failed(status, NULL);
    pko_life_watch_free(&watch);
    return code;
}

static int explain_incident(const struct explain *explain, struct pko_replay *replay) {
    struct incidents table = {.count = 0};
    uint64_t row = 0;
    int code = read_incidents(explain, replay, &table);
    if (code == PKO_EXIT_OK)
        code = choose_incident(explain, &table, &row);
    if (code == PKO_EXIT_OK)
        code = tell_incident(explain, replay, &table, row);
    for (int k = 0; k < COLUMNS; k++)
        free(table.column[k]);
    return code;
}

/* --- A person --- */

/* Who is asked for. */
struct wanted {
    int group, camp;
    int32_t day, layer;
    uint32_t k, place;
    size_t regime;
    uint32_t replicate_index;
};

static const char *group_name(const void *context, size_t k) {
    const struct pko_scenario *scenario = context;
    return k < (size_t)scenario->group_count ? scenario->groups[k].name : NULL;
}
static const char *camp_name(const void *context, size_t k) {
    const struct pko_scenario *scenario = context;
    return k < (size_t)scenario->camp_count ? scenario->camps[k].name : NULL;
}
static const char *regime_name(const void *context, size_t k) {
    return pko_replay_regime(context, k);
}

/* All names, as far as they fit. */
static void list_names(const char *(*name)(const void *, size_t), const void *context, char *text,
                       size_t size) {
    size_t used = 0;
    for (size_t k = 0; name(context, k) && used < size; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", k ? ", " : "", name(context, k));
}

/* The number of a name; −1 with what it may be said: the nearest right one, or all. */
static int find_name(const char *what, const char *wrong, const char *(*name)(const void *, size_t),
                     const void *context) {
    char all[600] = "";
    for (size_t k = 0; name(context, k); k++)
        if (strcmp(name(context, k), wrong) == 0)
            return (int)k;
    const char *nearest = pko_name_nearest(wrong, name, context);
    list_names(name, context, all, sizeof all);
    pko_report(PKO_EXIT_INPUT, "unknown %s '%s' (%s%s%s)", what, wrong,
               nearest ? "nearest: '" : "there are: ", nearest ? nearest : all, nearest ? "'" : "");
    return -1;
}

/* When a group is at a camp, for who asked for another day. */
static int not_there(const struct pko_scenario *scenario, const struct wanted *wanted, const char *date) {
    char text[400] = "";
    size_t used = 0;
    int64_t begin = scenario->start, end = begin + scenario->days;
    for (int j = 0; j < scenario->layer_count && used + 40 < sizeof text; j++) {
        const struct pko_layer *l = &scenario->layers[j];
        int64_t from = l->from > begin ? l->from : begin, until = l->until < end ? l->until : end;
        char first[11], last[11];
        if (l->group != wanted->group || l->camp != wanted->camp || from >= until)
            continue;
        pko_date_format((int32_t)from, first);
        pko_date_format((int32_t)until - 1, last);
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s to %s", used ? ", " : "", first, last);
    }
    return pko_report(PKO_EXIT_INPUT, "%s is not at %s on %s%s%s", scenario->groups[wanted->group].name,
                      scenario->camps[wanted->camp].name, date,
                      used ? "; it is from " : ", nor on any other day", text);
}

/* GROUP/CAMP/K@DATE, taken apart in place. */
static int read_person(char *text, const struct pko_scenario *scenario, struct wanted *wanted) {
    char *camp = strchr(text, '/'), *k = camp ? strchr(camp + 1, '/') : NULL,
         *date = k ? strchr(k + 1, '@') : NULL;
    unsigned long number;
    int32_t day;
    if (!date)
        return pko_report(PKO_EXIT_INPUT, "--person wants GROUP/CAMP/K@DATE, not '%s'", text);
    *camp++ = *k++ = *date++ = 0;
    if ((wanted->group = find_name("group", text, group_name, scenario)) < 0 ||
        (wanted->camp = find_name("camp", camp, camp_name, scenario)) < 0)
        return PKO_EXIT_INPUT;
    if (pko_words_number(k, UINT32_MAX, &number) != 0)
        return pko_report(PKO_EXIT_INPUT, "--person: the place must be a whole number, not '%s'", k);
    if (pko_date_parse(date, &day) != PKO_OK)
        return pko_report(PKO_EXIT_INPUT, "--person: '%s' is no date YYYY-MM-DD", date);
    wanted->k = (uint32_t)number;
    wanted->day = day - scenario->start;
    if (wanted->day < 0 || wanted->day >= scenario->days) {
        char first[11], last[11];
        pko_date_format(scenario->start, first);
        pko_date_format(scenario->start + scenario->days - 1, last);
        return pko_report(PKO_EXIT_INPUT, "--person: %s is outside the run, which is from %s to %s", date,
                          first, last);
    }
    int64_t people = pko_biography_find(scenario, wanted->group, wanted->camp, wanted->day, wanted->k,
                                        &wanted->layer, &wanted->place);
    if (people == 0)
        return not_there(scenario, wanted, date);
    if (wanted->layer < 0)
        return pko_report(PKO_EXIT_INPUT,
                          "--person: %s has %" PRId64 " people at %s on %s, counted from 0: there is no %s",
                          text, people, camp, date, k);
    return PKO_EXIT_OK;
}

static int read_run(const struct explain *explain, const struct pko_replay *replay, struct wanted *wanted) {
    unsigned long number = pko_replay_first(replay), end = number + pko_replay_replicates(replay);
    int regime = explain->regime ? find_name("regime", explain->regime, regime_name, replay) : 0;
    if (regime < 0)
        return PKO_EXIT_INPUT;
    if (explain->replicate && (pko_words_number(explain->replicate, UINT32_MAX, &number) != 0 ||
                               number < pko_replay_first(replay) || number >= end))
        return pko_report(PKO_EXIT_INPUT,
                          "--replicate: '%s' holds the replicates %" PRIu32 " to %lu, not '%s'",
                          explain->file, pko_replay_first(replay), end - 1, explain->replicate);
    wanted->regime = (size_t)regime;
    wanted->replicate_index = (uint32_t)number - pko_replay_first(replay);
    return PKO_EXIT_OK;
}

static int live_again(struct pko_replay *replay, const struct wanted *wanted,
                      struct pko_biography *biography) {
    int status = pko_replay_begin(replay, wanted->regime, wanted->replicate_index);
    if (status != PKO_OK)
        return status;
    struct pko_mission *mission = pko_replay_mission(replay);
    pko_biography_begin(biography, mission, wanted->layer, wanted->place, wanted->day);
    while (status == PKO_OK && !pko_replay_over(replay))
        status = pko_replay_day(replay);
    int watched = pko_biography_end(biography, mission);
    return status == PKO_OK ? watched : status;
}

static int explain_person(const struct explain *explain, struct pko_replay *replay) {
    struct wanted wanted = {.group = -1};
    char *text = strdup(explain->person), *message = NULL;
    if (!text)
        return failed(PKO_ERROR_MEMORY, NULL);
    int code = read_person(text, pko_replay_scenario(replay), &wanted);
    free(text);
    if (code == PKO_EXIT_OK)
        code = read_run(explain, replay, &wanted);
    if (code != PKO_EXIT_OK)
        return code;
    struct pko_biography biography = {.scenario = NULL};
    struct pko_explained_person e = {.run = {.file = explain->file,
                                             .regime = pko_replay_regime(replay, wanted.regime),
                                             .replicate = pko_replay_first(replay) + wanted.replicate_index,
                                             .scenario = pko_replay_scenario(replay)},
                                     .group = wanted.group,
                                     .camp = wanted.camp,
                                     .k = wanted.k,
                                     .biography = &biography};
    int status = live_again(replay, &wanted, &biography);
    if (status == PKO_OK)
        status = pko_replay_check(replay, &e.run.values, &message);
    if (status == PKO_OK && explain->json)
        pko_explain_person_json(&e, stdout);
    else if (status == PKO_OK)
        status = pko_explain_person_print(&e, stdout);
    pko_biography_free(&biography);
    return status == PKO_OK ? PKO_EXIT_OK : failed(status, message);
}

int pko_command_explain(int argc, char **argv) {
    struct explain explain = {0};
    struct pko_replay *replay = NULL;
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_explain, &explain);
    int status = pko_replay_open(explain.file, &replay, &message);
    if (status != PKO_OK)
        return failed(status, message);
    int code = explain.incident ? explain_incident(&explain, replay) : explain_person(&explain, replay);
    pko_replay_free(replay);
    return code;
}
