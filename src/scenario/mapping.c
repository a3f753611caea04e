/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"
#include "scenario/scalars.h"

bool pko_node_is_null(const struct pko_node *node) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != PKO_SCALAR || node->quoted)
        return false;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (strcmp(node->text, words[k]) == 0)
            return true;
    return false;
}

void *pko_append(struct pko_reader *reader, void *array, int *count, size_t size) {
    /* `array` is the address of a pointer of any type; doubled when the count reaches a power of two */
    char *elements = NULL;
    memcpy(&elements, array, sizeof elements);
    size_t used = (size_t)*count;
    if ((used & (used - 1)) == 0) {
        char *grown = realloc(elements, (used ? 2 * used : 1) * size);
        if (!grown) {
            reader->report->no_memory = true;
            return NULL;
        }
        elements = grown;
        memcpy(array, &elements, sizeof elements);
    }
    memset(elements + used * size, 0, size);
    (*count)++;
    return elements + used * size;
}

int pko_known_find(const struct pko_known_list *list, const char *name) {
    for (int k = 0; k < list->count; k++)
        if (strcmp(list->known[k].name, name) == 0)
            return list->known[k].number;
    return -1;
}

static const char *known_name(const void *context, size_t k) {
    const struct pko_known_list *list = context;
    return k < (size_t)list->count ? list->known[k].name : NULL;
}

struct pko_names pko_known_names(const struct pko_known_list *list) {
    return (struct pko_names){known_name, list};
}

void pko_known_add(struct pko_reader *reader, struct pko_known_list *list, const char *name, int number,
                   struct pko_place place, const struct pko_path *path) {
    for (int k = 0; k < list->count; k++) {
        if (strcmp(list->known[k].name, name) != 0)
            continue;
        struct pko_line line = {.used = 0};
        pko_line_quote(&line, name);
        if (list->known[k].place.setting < 0)
            pko_line_add(&line, " (first on line %d)", list->known[k].place.line);
        pko_report_add(reader->report, place, path, "duplicate name %s", line.text);
        return;
    }
    struct pko_known *known = pko_append(reader, &list->known, &list->count, sizeof *known);
    if (known)
        *known = (struct pko_known){name, number, place};
}

/* The keys that a mapping may have. */
struct allowed_keys {
    enum pko_section section;
};

static const char *allowed_key(const void *context, size_t k) {
    const struct allowed_keys *allowed = context;
    const char *name = pko_key_name(allowed->section, k);
    if (name || allowed->section != PKO_IN_DEFINITION)
        return name;
    return pko_rule_name(k - 1); /* after the one key `base` */
}

static void report_unknown_key(struct pko_reader *reader, const struct pko_frame *frame,
                               const struct pko_node *key) {
    struct allowed_keys allowed = {frame->section};
    pko_report_unknown(reader->report, key->place, frame->path, "key", key->text,
                       (struct pko_names){allowed_key, &allowed});
}

void pko_report_twice(struct pko_reader *reader, const struct pko_path *path, const struct pko_node *key,
                      struct pko_place first) {
    if (first.setting < 0)
        pko_report_add(reader->report, key->place, path, "given twice (first on line %d)", first.line);
    else
        pko_report_add(reader->report, key->place, path, "given twice");
}

/* Fills frame->values; unknown and repeated keys are mistakes. */
static void take_keys(struct pko_reader *reader, struct pko_frame *frame) {
    for (const struct pko_node *key = frame->mapping->child; key; key = key->next->next) {
        if (key->kind != PKO_SCALAR) {
            pko_report_add(reader->report, key->place, frame->path,
                           "a key is one word, not a list or mapping");
            continue;
        }
        int row = pko_key_find(frame->section, key->text);
        if (row < 0) {
            if (frame->section != PKO_IN_DEFINITION || pko_rule_find(key->text) < 0)
                report_unknown_key(reader, frame, key);
            continue;
        }
        if (frame->values[row]) {
            struct pko_path path = {frame->path, key->text, 0};
            pko_report_twice(reader, &path, key, frame->values[row]->place);
            continue;
        }
        frame->values[row] = key->next;
    }
}

/* Reads one row: the value given, else its default. */
static void read_row(struct pko_reader *reader, struct pko_frame *frame, int row) {
    const struct pko_key *key = pko_key((size_t)row);
    struct pko_path path = {frame->path, key->name, 0};
    if (frame->values[row]) {
        frame->good[row] = pko_read_field(reader, key, frame->values[row], &path, frame);
    } else if (key->required) {
        pko_report_add(reader->report, frame->mapping->place, &path, "missing (%s)", key->meaning);
    } else if (key->value && key->type != PKO_KEY_REGIMES) {
        /* the default pair of regimes is in the scenario from its creation */
        struct pko_node value = {.kind = PKO_SCALAR, .place = frame->mapping->place, .text = key->value};
        value.quoted = key->type == PKO_KEY_TEXT;
        frame->good[row] = pko_read_field(reader, key, &value, &path, frame);
        assert(frame->good[row] || reader->report->no_memory);
    } else {
        frame->good[row] = true;
    }
}

bool pko_read_mapping(struct pko_reader *reader, enum pko_section section, const struct pko_node *node,
                      const struct pko_path *path, void *target, struct pko_frame *frame) {
    memset(frame, 0, sizeof *frame);
    frame->section = section;
    frame->mapping = node;
    frame->path = path;
    frame->target = target;
    if (node->kind != PKO_MAPPING) {
        pko_report_value(reader, node, path, "is no mapping", "a mapping of keys to values");
        return false;
    }
    take_keys(reader, frame);
    for (int row = 0; pko_key((size_t)row); row++)
        if (pko_key((size_t)row)->sections & section)
            read_row(reader, frame, row);
    return true;
}

bool pko_frame_good(const struct pko_frame *frame, const char *key) {
    int row = pko_key_find(frame->section, key);
    assert(row >= 0);
    return frame->good[row];
}

struct pko_place pko_frame_place(const struct pko_frame *frame, const char *key) {
    int row = pko_key_find(frame->section, key);
    assert(row >= 0);
    return frame->values[row] ? frame->values[row]->place : frame->mapping->place;
}
