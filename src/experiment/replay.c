/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"
#include "record/build.h"
#include "record/message.h"
#include "record/provenance.h"
#include "record/sha256.h"

#define REPLICATES_MOST 1048576u /* a replicate is 20 bits of an address (base/random.h) */

struct pko_replay {
    char *path;
    struct pko_reader *reader;
    struct pko_scenario *scenario;
    char **regimes; /* in one block */
    size_t regime_count;
    uint32_t first, replicates;
    /* The run at hand. */
    size_t regime;
    uint32_t replicate_index;
    struct pko_mission *mission;
    struct pko_observer *observer;
    struct pko_change *changes; /* of this run; their names lie in change_text */
    size_t change_count;
    char *change_text;
};

static const char *text_of(const struct pko_replay *replay, const char *name) {
    const struct pko_reader_attribute *attribute = pko_reader_about(replay->reader, name);
    return attribute && attribute->text ? attribute->text : "";
}

/* Only the program that computed a run is sure to compute it again. */
static int check_version(const struct pko_replay *replay, char **message) {
    const char *version = text_of(replay, "pkosim_version");
    if (strcmp(version, pko_version()) == 0)
        return PKO_OK;
    pko_message(
        message,
        "'%s' was written by pkosim %s, and this is %s: only the same version runs it again as it was",
        replay->path, version, pko_version());
    return PKO_ERROR_VERSION;
}

/* --- The scenario, from its text and the settings that changed it --- */

/* "NAME=VALUE" a line, in place; a line end within a value stands as \n. */
static size_t split_settings(char *text, struct pko_setting *settings) {
    size_t count = 0;
    for (char *line = text, *next; *line; line = next) {
        char *end = strchr(line, '\n'), *equals = strchr(line, '=');
        next = end ? end + 1 : line + strlen(line);
        if (end)
            *end = 0;
        if (!equals)
            continue;
        *equals = 0;
        char *to = equals + 1;
        for (const char *from = to; *from; from++) {
            bool line_end = from[0] == '\\' && from[1] == 'n';
            *to++ = line_end ? '\n' : *from;
            from += line_end;
        }
        *to = 0;
        if (settings)
            settings[count] = (struct pko_setting){line, equals + 1, "setting"};
        count++;
    }
    return count;
}

static size_t count_lines(const char *text) {
    size_t lines = 1;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static int rebuild_scenario(struct pko_replay *replay, char **message) {
    const char *text = text_of(replay, "scenario"), *listed = text_of(replay, "settings");
    char hash[PKO_SHA256_TEXT], *problems = NULL;
    pko_sha256_of(text, strlen(text), hash);
    if (strcmp(hash, text_of(replay, "scenario_sha256")) != 0) {
        pko_message(message, "'%s' is damaged: its scenario is not the one whose hash it holds",
                    replay->path);
        return PKO_ERROR_INPUT;
    }
    char *copy = strdup(listed);
    struct pko_setting *settings = calloc(count_lines(listed), sizeof *settings);
    int status = copy && settings ? PKO_OK : PKO_ERROR_MEMORY;
    if (status == PKO_OK) {
        size_t count = split_settings(copy, settings);
        status =
            pko_scenario_parse("scenario", text, strlen(text), settings, count, &replay->scenario, &problems);
    }
    if (status == PKO_ERROR_INPUT) {
        if (problems)
            problems[strcspn(problems, "\n")] = 0;
        pko_message(message, "this program does not take the scenario in '%s': %s", replay->path,
                    problems ? problems : "");
    }
    free(problems);
    free(settings);
    free(copy);
    return status;
}

/* --- Which runs there are --- */

static int read_runs(struct pko_replay *replay, char **message) {
    const struct pko_reader_attribute *first = pko_reader_about(replay->reader, "first_replicate"),
                                      *count = pko_reader_about(replay->reader, "replicates");
    int regime = pko_reader_find(replay->reader, "regime");
    replay->regime_count =
        regime < 0 ? 0 : (size_t)pko_reader_variable(replay->reader, (size_t)regime)->count;
    if (replay->regime_count == 0 || !first || !first->whole || !count || !count->whole ||
        count->integer < 1 || count->integer > REPLICATES_MOST || first->integer >= REPLICATES_MOST) {
        pko_message(message, "'%s' does not say which runs it holds", replay->path);
        return PKO_ERROR_INPUT;
    }
    replay->first = (uint32_t)first->integer;
    replay->replicates = (uint32_t)count->integer;
    return pko_reader_texts(replay->reader, (size_t)regime, &replay->regimes, message);
}

int pko_replay_open(const char *path, struct pko_replay **out, char **message) {
    *out = NULL;
    if (message)
        *message = NULL;
    struct pko_replay *replay = calloc(1, sizeof *replay);
    if (!replay)
        return PKO_ERROR_MEMORY;
    replay->path = strdup(path);
    int status = replay->path ? pko_reader_open(path, &replay->reader, message) : PKO_ERROR_MEMORY;
    if (status == PKO_OK)
        status = check_version(replay, message);
    if (status == PKO_OK)
        status = rebuild_scenario(replay, message);
    if (status == PKO_OK)
        status = read_runs(replay, message);
    if (status == PKO_OK)
        *out = replay;
    else
        pko_replay_free(replay);
    return status;
}

static void end_run(struct pko_replay *replay) {
    pko_observer_free(replay->observer);
    pko_mission_free(replay->mission);
    free(replay->changes);
    free(replay->change_text);
    replay->observer = NULL;
    replay->mission = NULL;
    replay->changes = NULL;
    replay->change_text = NULL;
    replay->change_count = 0;
}

void pko_replay_free(struct pko_replay *replay) {
    if (!replay)
        return;
    end_run(replay);
    free(replay->regimes);
    pko_scenario_free(replay->scenario);
    pko_reader_free(replay->reader);
    free(replay->path);
    free(replay);
}

const struct pko_reader *pko_replay_reader(const struct pko_replay *replay) {
    return replay->reader;
}
const struct pko_scenario *pko_replay_scenario(const struct pko_replay *replay) {
    return replay->scenario;
}
const char *pko_replay_regime(const struct pko_replay *replay, size_t regime) {
    return regime < replay->regime_count ? replay->regimes[regime] : NULL;
}
uint32_t pko_replay_first(const struct pko_replay *replay) {
    return replay->first;
}
uint32_t pko_replay_replicates(const struct pko_replay *replay) {
    return replay->replicates;
}
struct pko_mission *pko_replay_mission(const struct pko_replay *replay) {
    return replay->mission;
}
bool pko_replay_over(const struct pko_replay *replay) {
    return pko_mission_day(replay->mission) >= replay->scenario->days;
}

/* --- Running it again --- */

/* The lines "regime,replicate,day,kind,name,value" of this run, in place. */
static int read_changes(struct pko_replay *replay) {
    const char *all = text_of(replay, "changes");
    replay->change_text = strdup(all);
    replay->changes = calloc(count_lines(all), sizeof *replay->changes);
    if (!replay->change_text || !replay->changes)
        return PKO_ERROR_MEMORY;
    char *rest = replay->change_text, *line, *field[6];
    strsep(&rest, "\n"); /* the head */
    while ((line = strsep(&rest, "\n")) != NULL) {
        int fields = 0;
        while (fields < 6 && (field[fields] = strsep(&line, ",")) != NULL)
            fields++;
        if (fields < 6 || strcmp(field[0], replay->regimes[replay->regime]) != 0 ||
            strtoul(field[1], NULL, 10) != (unsigned long)replay->first + replay->replicate_index)
            continue;
        replay->changes[replay->change_count++] = (struct pko_change){
            .day = atoi(field[2]), .kind = field[3], .name = field[4], .value = strtod(field[5], NULL)};
    }
    return PKO_OK;
}

int pko_replay_begin(struct pko_replay *replay, size_t regime, uint32_t replicate_index) {
    end_run(replay);
    replay->regime = regime;
    replay->replicate_index = replicate_index;
    int status = read_changes(replay);
    if (status == PKO_OK)
        status = pko_mission_create(replay->scenario, replay->regimes[regime],
                                    replay->first + replicate_index, &replay->mission);
    if (status == PKO_OK)
        status = pko_observer_create(replay->scenario, &replay->observer);
    if (status == PKO_OK)
        status = pko_observer_start(replay->observer, replay->mission);
    return status;
}

int pko_replay_change(const struct pko_replay *replay, struct pko_mission *mission) {
    int status = PKO_OK;
    for (size_t k = 0; k < replay->change_count && status == PKO_OK; k++) {
        const struct pko_change *change = &replay->changes[k];
        if (change->day != pko_mission_day(mission))
            continue;
        if (strcmp(change->kind, "set") == 0)
            status = pko_mission_set(mission, change->name, change->value);
        else if (strcmp(change->kind, "cut") == 0)
            status = pko_mission_cut(mission, change->name);
        else
            status = pko_mission_restore(mission, change->name);
    }
    return status;
}

int pko_replay_day(struct pko_replay *replay) {
    int status = pko_replay_change(replay, replay->mission);
    if (status == PKO_OK)
        status = pko_mission_step(replay->mission);
    return status == PKO_OK ? pko_observer_day(replay->observer, replay->mission) : status;
}

/* --- The proof --- */

/* One variable of the run as the file has it against what was recorded here; the first difference, if any. */
struct comparison {
    const struct pko_replay *replay;
    char **message;
    size_t values; /* compared so far */
};

static bool same_value(const void *one, const void *other, size_t bytes) {
    if (memcmp(one, other, bytes) == 0)
        return true;
    if (bytes == sizeof(float)) {
        float x, y;
        memcpy(&x, one, sizeof x), memcpy(&y, other, sizeof y);
        return isnan(x) && isnan(y);
    }
    double x, y;
    memcpy(&x, one, sizeof x), memcpy(&y, other, sizeof y);
    return isnan(x) && isnan(y);
}

static int differs(const struct comparison *c, const char *name, size_t at, size_t each, int every) {
    const struct pko_replay *replay = c->replay;
    char where[64] = "";
    if (every > 0) {
        char date[11];
        pko_date_format(replay->scenario->start + (int32_t)(at / each) * every, date);
        snprintf(where, sizeof where, " of %s", date);
    }
    pko_message(c->message,
                "running it again does not give what '%s' holds: %s%s differs (regime %s, replicate %lu). "
                "The data were "
                "changed, or another program wrote them (commit %.12s; this one is %.12s)",
                replay->path, name, where, replay->regimes[replay->regime],
                (unsigned long)replay->first + replay->replicate_index, text_of(replay, "commit"),
                pko_build_commit());
    return PKO_ERROR_INPUT;
}

/* `count` values of `bytes` each, `each` of them a record (`every` days apart; 0: no time). */
static int compare(struct comparison *c, const char *name, const void *mine, size_t bytes, size_t count,
                   size_t each, int every) {
    const struct pko_replay *replay = c->replay;
    int number = pko_reader_find(replay->reader, name);
    const struct pko_reader_variable *variable =
        number < 0 ? NULL : pko_reader_variable(replay->reader, (size_t)number);
    uint64_t runs = (uint64_t)replay->regime_count * replay->replicates;
    if (!variable || variable->rank < 3 || variable->bytes != bytes ||
        variable->shape[0] != replay->regime_count || variable->shape[1] != replay->replicates ||
        variable->count != runs * count)
        return differs(c, name, 0, 1, 0);
    uint64_t start[PKO_READER_RANK_MOST] = {replay->regime, replay->replicate_index};
    uint64_t box[PKO_READER_RANK_MOST];
    memcpy(box, variable->shape, sizeof box);
    box[0] = box[1] = 1;
    char *theirs = malloc(count * bytes + 1);
    if (!theirs)
        return PKO_ERROR_MEMORY;
    int status = pko_reader_box(replay->reader, (size_t)number, start, box, theirs, c->message);
    for (size_t k = 0; k < count && status == PKO_OK; k++)
        if (!same_value((const char *)mine + k * bytes, theirs + k * bytes, bytes))
            status = differs(c, name, k, each, every);
    free(theirs);
    c->values += count;
    return status;
}

static int compare_series(struct comparison *c) {
    const struct pko_replay *replay = c->replay;
    size_t records = pko_record_count(replay->scenario);
    int status = PKO_OK;
    const struct pko_measure *measure;
    for (size_t m = 0; status == PKO_OK && (measure = pko_measure(m)) != NULL; m++) {
        const float *series = pko_observer_series(replay->observer, m);
        size_t each = pko_measure_size(replay->scenario, measure);
        if (series)
            status = compare(c, measure->name, series, sizeof *series, records * each, each,
                             replay->scenario->record_every);
    }
    return status;
}

static int compare_snapshots(struct comparison *c) {
    const struct pko_replay *replay = c->replay;
    size_t snapshots = pko_snapshot_count(replay->scenario), groups = (size_t)replay->scenario->group_count;
    size_t cells =
        2 * pko_dimension_size(replay->scenario, PKO_BIN_A) * pko_dimension_size(replay->scenario, PKO_BIN_B);
    if (snapshots == 0)
        return PKO_OK;
    int status = compare(c, "trust", pko_observer_trust(replay->observer, 0), sizeof(float),
                         snapshots * groups * groups, 1, 0);
    if (status == PKO_OK)
        status = compare(c, "people_by_ledgers", pko_observer_histogram(replay->observer, 0), sizeof(int32_t),
                         snapshots * cells, 1, 0);
    return status;
}

static int compare_outcomes(struct comparison *c) {
    size_t count = pko_outcome_count(c->replay->observer);
    double *values = calloc(count + 1, sizeof *values);
    int status = values ? pko_outcomes(c->replay->observer, values) : PKO_ERROR_MEMORY;
    if (status == PKO_OK)
        status = compare(c, "outcome", values, sizeof *values, count, 1, 0);
    free(values);
    return status;
}

int pko_replay_check(const struct pko_replay *replay, size_t *values, char **message) {
    struct comparison comparison = {.replay = replay, .message = message};
    int status = compare_series(&comparison);
    if (status == PKO_OK)
        status = compare_snapshots(&comparison);
    if (status == PKO_OK)
        status = compare_outcomes(&comparison);
    *values = comparison.values;
    return status;
}
