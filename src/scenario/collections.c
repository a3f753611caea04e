/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"
#include "scenario/scalars.h"

/* One [date, value] of a timeline. */
static bool read_point(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                       const struct pko_path *path, struct pko_point *point) {
    const struct pko_node *date = node->kind == PKO_SEQUENCE ? node->child : NULL;
    const struct pko_node *value = date ? date->next : NULL;
    if (!value || value->next) {
        pko_report_value(reader, node, path, "is no point of a timeline", "[date, value]");
        return false;
    }
    bool good = pko_read_date(reader, date, path, &point->date);
    return pko_read_number(reader, value, path, key->least, key->most, key->above, &point->value) && good;
}

static bool read_timeline(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                          const struct pko_path *path, struct pko_timeline *timeline) {
    struct pko_line allowed = {.used = 0};
    pko_line_add(&allowed, "%s [[date, value], …] with values in %s%.15g, %.15g]",
                 key->type == PKO_KEY_LEVEL ? "a number or a timeline" : "a timeline", key->above ? "(" : "[",
                 key->least, key->most);
    if (node->kind != PKO_SEQUENCE || !node->child) {
        pko_report_value(reader, node, path, node->kind == PKO_SEQUENCE ? "is empty" : "is no timeline",
                         allowed.text);
        return false;
    }
    bool good = true;
    struct pko_path point_path = {path, NULL, 0};
    for (const struct pko_node *point_node = node->child; point_node; point_node = point_node->next) {
        point_path.number++;
        struct pko_point point = {0, 0};
        if (!read_point(reader, key, point_node, &point_path, &point)) {
            good = false;
            continue;
        }
        if (timeline->count > 0 && point.date <= timeline->points[timeline->count - 1].date) {
            pko_report_value(reader, point_node->child, &point_path, "does not come after the date before it",
                             "rising dates");
            good = false;
        }
        struct pko_point *place = pko_append(reader, &timeline->points, &timeline->count, sizeof *place);
        if (!place)
            return false;
        *place = point;
    }
    return good;
}

/* A number that holds on all days, or a timeline. */
static bool read_level(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                       const struct pko_path *path, struct pko_timeline *timeline) {
    if (node->kind != PKO_SCALAR || pko_node_is_null(node))
        return read_timeline(reader, key, node, path, timeline);
    double value = 0;
    if (!pko_read_number(reader, node, path, key->least, key->most, key->above, &value))
        return false;
    struct pko_point *point = pko_append(reader, &timeline->points, &timeline->count, sizeof *point);
    if (point)
        *point = (struct pko_point){0, value};
    return point != NULL;
}

/* A list of rising days. */
static bool read_dates(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                       int32_t **dates, int *count) {
    if (node->kind != PKO_SEQUENCE) {
        pko_report_value(reader, node, path, "is no list", "a list of days as YYYY-MM-DD");
        return false;
    }
    bool good = true;
    struct pko_path date_path = {path, NULL, 0};
    for (const struct pko_node *date_node = node->child; date_node; date_node = date_node->next) {
        date_path.number++;
        int32_t date = 0;
        if (!pko_read_date(reader, date_node, &date_path, &date)) {
            good = false;
            continue;
        }
        if (*count > 0 && date <= (*dates)[*count - 1]) {
            pko_report_value(reader, date_node, &date_path, "does not come after the date before it",
                             "rising dates");
            good = false;
        }
        int32_t *place = pko_append(reader, dates, count, sizeof *place);
        if (!place)
            return false;
        *place = date;
    }
    return good;
}

/* The number of a name in a list of the scenario's names, added if it is new; −1 without memory. */
static int number_of_name(struct pko_reader *reader, char (**names)[PKO_NAME_SIZE], int *count,
                          const char *name) {
    for (int k = 0; k < *count; k++)
        if (strcmp((*names)[k], name) == 0)
            return k;
    char *place = pko_append(reader, names, count, sizeof **names);
    if (!place)
        return -1;
    memcpy(place, name, strlen(name) + 1);
    return *count - 1;
}

static bool read_language(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                          uint64_t *languages) {
    struct pko_scenario *scenario = reader->scenario;
    const char *name = pko_read_name(reader, node, path);
    if (!name)
        return false;
    int number = number_of_name(reader, &scenario->languages, &scenario->language_count, name);
    if (number < 0)
        return false;
    if (number >= PKO_LANGUAGES_MOST) {
        if (!reader->languages_told)
            pko_report_value(reader, node, path, "is one language too many", "64 languages in all");
        reader->languages_told = true;
        return false;
    }
    uint64_t bit = UINT64_C(1) << number;
    if (*languages & bit) {
        pko_report_value(reader, node, path, "is given twice", "each language once");
        return false;
    }
    *languages |= bit;
    return true;
}

static bool read_languages(struct pko_reader *reader, const struct pko_node *node,
                           const struct pko_path *path, uint64_t *languages) {
    if (node->kind != PKO_SEQUENCE || !node->child) {
        pko_report_value(reader, node, path, node->kind == PKO_SEQUENCE ? "is empty" : "is no list",
                         "a list of at least one language");
        return false;
    }
    bool good = true;
    struct pko_path language_path = {path, NULL, 0};
    for (const struct pko_node *language = node->child; language; language = language->next) {
        language_path.number++;
        good = read_language(reader, language, &language_path, languages) && good;
    }
    return good;
}

static bool read_alliance(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                          int *alliance) {
    struct pko_scenario *scenario = reader->scenario;
    const char *name = pko_read_name(reader, node, path);
    if (!name)
        return false;
    *alliance = number_of_name(reader, &scenario->alliances, &scenario->alliance_count, name);
    return *alliance >= 0;
}

/* The keys whose values are of the scenario's parts and not of one field. */
static bool read_part(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                      const struct pko_path *path, struct pko_frame *frame) {
    struct pko_scenario *scenario = reader->scenario;
    switch (key->type) {
    case PKO_KEY_DATES:
        return read_dates(reader, node, path, &scenario->snapshots, &scenario->snapshot_count);
    case PKO_KEY_REGIMES:
        return pko_read_regimes(reader, node, path);
    case PKO_KEY_DEFINITIONS:
        return pko_read_definitions(reader, node, path);
    case PKO_KEY_PARAMETERS:
        return pko_read_parameters(reader, node, path);
    case PKO_KEY_CUTS:
        return pko_read_cuts(reader, node, path);
    case PKO_KEY_MAP:
        return pko_read_map(reader, key, node, path, frame);
    case PKO_KEY_LIST:
        return pko_read_list(reader, key, node, path, frame);
    case PKO_KEY_TEXTS:
    case PKO_KEY_NUMBERS:
    case PKO_KEY_SETTINGS:
    case PKO_KEY_FACTORS:
    case PKO_KEY_WINDOWS:
        return pko_read_of_campaign(reader, key, node, path, frame);
    default:
        assert(false);
        return false;
    }
}

bool pko_read_field(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                    const struct pko_path *path, struct pko_frame *frame) {
    void *field = (char *)frame->target + key->offset;
    switch (key->type) {
    case PKO_KEY_OWN_NAME:
    case PKO_KEY_WORD:
        return pko_read_name_field(reader, node, path, field);
    case PKO_KEY_TEXT:
        return pko_read_text(reader, node, path, field);
    case PKO_KEY_COUNTRY:
        return pko_read_country(reader, node, path, field);
    case PKO_KEY_DATE:
        return pko_read_date(reader, node, path, field);
    case PKO_KEY_INTEGER:
        return pko_read_integer(reader, key, node, path, field);
    case PKO_KEY_SEED:
        return pko_read_seed(reader, node, path, field);
    case PKO_KEY_NUMBER:
        return pko_read_number(reader, node, path, key->least, key->most, key->above, field);
    case PKO_KEY_BOOLEAN:
        return pko_read_boolean(reader, node, path, field);
    case PKO_KEY_CHOICE:
        return pko_read_choice(reader, key, node, path, field);
    case PKO_KEY_TIMELINE:
        return read_timeline(reader, key, node, path, field);
    case PKO_KEY_LEVEL:
        return read_level(reader, key, node, path, field);
    case PKO_KEY_LANGUAGES:
        return read_languages(reader, node, path, field);
    case PKO_KEY_ALLIANCE:
        return read_alliance(reader, node, path, field);
    case PKO_KEY_REGION_NAME:
        return pko_read_reference(reader, node, path, "region", false, field);
    case PKO_KEY_CAMP_NAME:
        return pko_read_reference(reader, node, path, "camp", true, field);
    case PKO_KEY_ARROW:
        return pko_read_arrow(reader, node, path, field);
    case PKO_KEY_BASE:
        return pko_read_base(reader, node, path, field);
    default:
        return read_part(reader, key, node, path, frame);
    }
}
