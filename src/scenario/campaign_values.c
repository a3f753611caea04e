/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values that only campaign files have. */
#define _GNU_SOURCE /* asprintf */
#include "scenario/campaign.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/reader.h"
#include "scenario/scalars.h"

#define NUMBER_MOST 1e300 /* the tables say what is allowed; this only keeps infinity out */

static char *copy(struct pko_reader *reader, const char *text) {
    char *made = strdup(text);
    if (!made)
        reader->report->no_memory = true;
    return made;
}

/* "FILE:LINE:" of a place, as settings name where they come from. */
static char *origin_of(struct pko_reader *reader, struct pko_place place) {
    char *origin = NULL;
    if (asprintf(&origin, "%s:%d:", reader->report->source, place.line) >= 0)
        return origin;
    reader->report->no_memory = true;
    return NULL;
}

static bool is_list(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                    const char *allowed) {
    if (node->kind == PKO_SEQUENCE && node->child)
        return true;
    pko_report_value(reader, node, path, node->kind == PKO_SEQUENCE ? "is empty" : "is no list", allowed);
    return false;
}

static bool read_texts(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                       struct pko_text_list *list) {
    bool good = is_list(reader, node, path, "a list of names");
    struct pko_path element = {path, NULL, 0};
    for (const struct pko_node *word = good ? node->child : NULL; word; word = word->next) {
        element.number++;
        const char *text = pko_scalar_text(reader, word, &element, "a name");
        bool twice = false;
        for (int k = 0; text && k < list->count; k++)
            twice |= strcmp(list->texts[k], text) == 0;
        if (twice)
            pko_report_value(reader, word, &element, "stands here twice", "each name once");
        good &= text && !twice;
        char **place = good ? pko_append(reader, &list->texts, &list->count, sizeof *place) : NULL;
        if (place)
            *place = copy(reader, text);
    }
    return good;
}

static bool read_numbers(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                         struct pko_number_list *list) {
    bool good = is_list(reader, node, path, "a list of numbers");
    struct pko_path element = {path, NULL, 0};
    for (const struct pko_node *value = good ? node->child : NULL; value; value = value->next) {
        element.number++;
        double number = 0;
        good &= pko_read_number(reader, value, &element, -NUMBER_MOST, NUMBER_MOST, false, &number);
        double *place = pko_append(reader, &list->numbers, &list->count, sizeof *place);
        if (place)
            *place = number;
    }
    for (int k = 1; good && k < list->count; k++)
        if (!(list->numbers[k] > list->numbers[k - 1])) {
            pko_report_value(reader, node, path, "does not rise", "numbers in rising order");
            good = false;
        }
    return good;
}

static bool is_mapping(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                       const char *allowed) {
    if (node->kind == PKO_MAPPING && node->child)
        return true;
    pko_report_value(reader, node, path, node->kind == PKO_MAPPING ? "is empty" : "is no mapping", allowed);
    return false;
}

/* Whether a key is a name that did not stand in its mapping before. */
static bool is_new_name(struct pko_reader *reader, const struct pko_node *mapping, const struct pko_node *key,
                        const struct pko_path *path) {
    if (key->kind != PKO_SCALAR) {
        pko_report_add(reader->report, key->place, path, "a key is one word, not a list or mapping");
        return false;
    }
    for (const struct pko_node *other = mapping->child; other != key; other = other->next->next)
        if (other->kind == PKO_SCALAR && strcmp(other->text, key->text) == 0) {
            struct pko_path inner = {path, key->text, 0};
            pko_report_twice(reader, &inner, key, other->place);
            return false;
        }
    return true;
}

static bool read_settings(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                          struct pko_campaign *campaign) {
    bool good = is_mapping(reader, node, path, "values by name of setting");
    for (const struct pko_node *key = good ? node->child : NULL; key; key = key->next->next) {
        if (!is_new_name(reader, node, key, path))
            continue;
        struct pko_path inner = {path, key->text, 0};
        const char *value = pko_scalar_text(reader, key->next, &inner, "one value; a list stands in quotes");
        struct pko_fixed *fixed =
            value ? pko_append(reader, &campaign->settings, &campaign->setting_count, sizeof *fixed) : NULL;
        if (fixed)
            *fixed = (struct pko_fixed){.name = copy(reader, key->text),
                                        .value = copy(reader, value),
                                        .origin = origin_of(reader, key->place)};
    }
    return good;
}

/* Numbers from the file against the range of the table. */
static void check_numbers(struct pko_reader *reader, const struct pko_frame *frame, const char *key,
                          const struct pko_number_list *list, const struct pko_setting_range *range) {
    struct pko_path path = {frame->path, key, 0};
    const struct pko_node *node = pko_node_value(frame->mapping, key);
    for (int k = 0; k < list->count; k++) {
        double number = list->numbers[k];
        bool in = range->above ? number > range->least : number >= range->least;
        if (!in || number > range->most)
            pko_report_add(reader->report, node->place, &path,
                           "%.15g is out of range; allowed: numbers in %s%.15g, %.15g]", number,
                           range->above ? "(" : "[", range->least, range->most);
        else if (range->whole && number != (double)(int64_t)number)
            pko_report_add(reader->report, node->place, &path,
                           "%.15g is out of range; allowed: whole numbers", number);
    }
}

/* Fills what the tables say of a factor and checks what the file says. */
static void check_factor(struct pko_reader *reader, const struct pko_frame *frame, struct pko_place place,
                         struct pko_factor *factor) {
    static const char *const fixed[] = {"days", "replicates", "record.every"};
    struct pko_setting_range range;
    for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++)
        if (strcmp(factor->name, fixed[k]) == 0) {
            pko_report_add(reader->report, place, frame->path,
                           "cannot vary: it decides the shape of results");
            return;
        }
    if (pko_setting_range(factor->name, &range) != PKO_OK)
        return; /* the plan asks the scenario, which knows what is near */
    factor->whole = range.whole;
    factor->unit = range.unit;
    factor->meaning = range.meaning;
    check_numbers(reader, frame, "range", &factor->range, &range);
    check_numbers(reader, frame, "values", &factor->values, &range);
    const struct pko_number_list *given = factor->values.count ? &factor->values : &factor->range;
    factor->least = given->count ? given->numbers[0] : range.least;
    factor->most = given->count ? given->numbers[given->count - 1] : range.most;
    struct pko_path path = {frame->path, given->count || !factor->logarithmic ? "range" : "scale", 0};
    if (!given->count && range.above)
        pko_report_add(reader->report, place, frame->path,
                       "needs a range of its own: the one of the table, (%.15g, %.15g], is open", range.least,
                       range.most);
    else if (factor->logarithmic && !factor->values.count && !(factor->least > 0.0))
        pko_report_add(reader->report, place, &path,
                       "a log scale cannot begin at %.15g; allowed: a range above 0", factor->least);
}

static void read_factor(struct pko_reader *reader, const struct pko_node *key, const struct pko_path *path,
                        struct pko_campaign *campaign) {
    struct pko_factor *factor =
        pko_append(reader, &campaign->factors, &campaign->factor_count, sizeof *factor);
    if (!factor)
        return;
    factor->name = copy(reader, key->text);
    factor->origin = origin_of(reader, key->place);
    factor->unit = factor->meaning = "";
    struct pko_path inner = {path, key->text, 0};
    const struct pko_node none = {.kind = PKO_MAPPING, .place = key->next->place};
    const struct pko_node *node = pko_node_is_null(key->next) ? &none : key->next;
    struct pko_frame frame;
    if (!factor->name || !pko_read_mapping(reader, PKO_IN_FACTOR, node, &inner, factor, &frame))
        return;
    struct pko_path range_path = {&inner, "range", 0};
    if (pko_frame_good(&frame, "range") && factor->range.count != 0 && factor->range.count != 2)
        pko_report_add(reader->report, pko_frame_place(&frame, "range"), &range_path,
                       "%d numbers; allowed: two, [least, most]", factor->range.count);
    else if (factor->range.count && factor->values.count)
        pko_report_add(reader->report, key->place, &inner, "has a range and values; allowed: one of the two");
    else if (pko_frame_good(&frame, "range") && pko_frame_good(&frame, "values"))
        check_factor(reader, &frame, key->place, factor);
}

static bool read_factors(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                         struct pko_campaign *campaign) {
    bool good = is_mapping(reader, node, path, "parameters by name, each with a range, values or nothing");
    for (const struct pko_node *key = good ? node->child : NULL; key; key = key->next->next)
        if (is_new_name(reader, node, key, path))
            read_factor(reader, key, path, campaign);
    return good;
}

static bool read_windows(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                         struct pko_campaign *campaign) {
    bool good = is_list(reader, node, path, "a list of mappings");
    struct pko_path element = {path, NULL, 0};
    for (const struct pko_node *mapping = good ? node->child : NULL; mapping; mapping = mapping->next) {
        element.number++;
        struct pko_window *window =
            pko_append(reader, &campaign->windows, &campaign->window_count, sizeof *window);
        struct pko_frame frame;
        if (!window)
            return false;
        window->from = INT32_MIN;
        window->until = INT32_MAX;
        if (!pko_read_mapping(reader, PKO_IN_WINDOW, mapping, &element, window, &frame))
            continue;
        for (int k = 0; k + 1 < campaign->window_count; k++)
            if (window->name[0] && strcmp(campaign->windows[k].name, window->name) == 0)
                pko_report_add(reader->report, mapping->place, &element, "duplicate name '%s'", window->name);
        if (window->from >= window->until)
            pko_report_add(reader->report, mapping->place, &element,
                           "ends before it begins; allowed: from before until");
    }
    return good;
}

bool pko_read_of_campaign(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                          const struct pko_path *path, struct pko_frame *frame) {
    void *field = (char *)frame->target + key->offset;
    switch (key->type) {
    case PKO_KEY_TEXTS:
        return read_texts(reader, node, path, field);
    case PKO_KEY_NUMBERS:
        return read_numbers(reader, node, path, field);
    case PKO_KEY_SETTINGS:
        return read_settings(reader, node, path, frame->target);
    case PKO_KEY_FACTORS:
        return read_factors(reader, node, path, frame->target);
    case PKO_KEY_WINDOWS:
        return read_windows(reader, node, path, frame->target);
    default:
        assert(false);
        return false;
    }
}
