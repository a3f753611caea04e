/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"

#define QUOTED_MOST  60  /* bytes shown of a value */
#define NAME_MOST    160 /* bytes shown of a setting */
#define CHOICES_MOST 12  /* names shown of a list to choose from */

struct pko_message {
    struct pko_place place;
    size_t number; /* in the order found, which ties keep */
    char *text;
};

void pko_report_init(struct pko_report *report, const char *source, const struct pko_setting *settings) {
    memset(report, 0, sizeof *report);
    report->source = source;
    report->settings = settings;
}

void pko_report_free(struct pko_report *report) {
    for (size_t k = 0; k < report->count; k++)
        free(report->messages[k].text);
    free(report->messages);
    memset(report, 0, sizeof *report);
}

static void line_add_list(struct pko_line *line, const char *format, va_list list) {
    int length = vsnprintf(line->text + line->used, sizeof line->text - line->used, format, list);
    if (length < 0)
        return;
    line->used += (size_t)length;
    if (line->used >= sizeof line->text)
        line->used = sizeof line->text - 1;
}

void pko_line_add(struct pko_line *line, const char *format, ...) {
    va_list list;
    va_start(list, format);
    line_add_list(line, format, list);
    va_end(list);
}

/* Bytes of the UTF-8 character that begins at `text`; 1 for what is none. */
static size_t character_bytes(const char *text) {
    unsigned char first = (unsigned char)text[0];
    size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    for (size_t k = 1; k < bytes; k++)
        if (((unsigned char)text[k] & 0xc0) != 0x80)
            return 1;
    return bytes;
}

/* Appends a text of any origin on one line; returns whether all of it was shown. */
static bool line_add_plain(struct pko_line *line, const char *text, size_t most) {
    size_t shown = 0;
    while (text[shown] && shown < most) {
        unsigned char byte = (unsigned char)text[shown];
        size_t bytes = character_bytes(text + shown);
        /* a message is one line and moves no cursor: control characters, the C1 ones (0xc2 0x80-0x9f) among
         * them */
        if (byte < 0x20 || byte == 0x7f || (bytes == 1 && byte >= 0x80))
            pko_line_add(line, "\\x%02x", byte);
        else if (byte == 0xc2 && bytes == 2 && (unsigned char)text[shown + 1] < 0xa0)
            pko_line_add(line, "\\x%02x", (unsigned char)text[shown + 1]);
        else
            pko_line_add(line, "%.*s", (int)bytes, text + shown);
        shown += bytes;
    }
    return text[shown] == 0;
}

void pko_line_quote(struct pko_line *line, const char *text) {
    pko_line_add(line, "'");
    bool whole = line_add_plain(line, text, QUOTED_MOST);
    pko_line_add(line, whole ? "'" : "…'");
}

void pko_line_path(struct pko_line *line, const struct pko_path *path) {
    if (path->up)
        pko_line_path(line, path->up);
    if (path->word)
        pko_line_add(line, "%s%s", path->up ? "." : "", path->word);
    else
        pko_line_add(line, "[%d]", path->number);
}

/* The command that shows a list that is too long for a message, NULL for other lists. */
static const char *whole_list(const char *what) {
    static const char *const lists[][2] = {
        {"arrow", "pkosim arrows"}, {"parameter", "pkosim parameters"}, {"setting", "pkosim parameters"}};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        if (!strcmp(what, lists[k][0]))
            return lists[k][1];
    return NULL;
}

void pko_line_unknown(struct pko_line *line, const char *what, const char *wrong, struct pko_names names) {
    pko_line_add(line, "unknown %s ", what);
    pko_line_quote(line, wrong);
    const char *nearest = pko_name_nearest(wrong, names.name, names.context);
    size_t count = 0;
    while (names.name(names.context, count))
        count++;
    if (nearest) {
        pko_line_add(line, " (nearest: ");
        pko_line_quote(line, nearest);
    }
    if (nearest && count > CHOICES_MOST) {
        pko_line_add(line, ")");
        return;
    }
    pko_line_add(line, nearest ? "; allowed: " : " (allowed: ");
    for (size_t k = 0; k < count && k < CHOICES_MOST; k++) {
        pko_line_add(line, "%s", k ? ", " : "");
        line_add_plain(line, names.name(names.context, k), QUOTED_MOST);
    }
    if (count > CHOICES_MOST)
        pko_line_add(line, ", … %zu in all", count);
    if (count > CHOICES_MOST && whole_list(what))
        pko_line_add(line, "; see '%s'", whole_list(what));
    pko_line_add(line, count ? ")" : "none)");
}

/* "SOURCE:LINE: ", or the name of the setting: an option says by its own name what it sets, --set does not.
 */
static void line_place(struct pko_line *line, const struct pko_report *report, struct pko_place place) {
    if (place.setting < 0) {
        pko_line_add(line, "%.1000s:%d: ", report->source, place.line);
        return;
    }
    const struct pko_setting *setting = &report->settings[place.setting];
    const char *origin = setting->origin ? setting->origin : "setting";
    pko_line_add(line, "%s", origin);
    if (strncmp(origin, "--", 2) != 0 || strcmp(origin, "--set") == 0) {
        pko_line_add(line, " ");
        line_add_plain(line, setting->name, NAME_MOST);
    }
    pko_line_add(line, ": ");
}

/* The part of a path below the key that a setting names: of `regions[2].trust` set by `regions` it is
 * `[2].trust`; empty if there is no key in it. A setting `cut` adds one arrow, whose number says nothing. */
static const char *deeper(const char *path, const char *name) {
    size_t length = strlen(name);
    if (strcmp(name, "cut") == 0 || strncmp(path, name, length) != 0 || !strchr(path + length, '.'))
        return "";
    return path + length + (path[length] == '.');
}

void pko_report_add(struct pko_report *report, struct pko_place place, const struct pko_path *path,
                    const char *format, ...) {
    if (report->count == PKO_MESSAGES_MOST) {
        report->unsaid++;
        return;
    }
    struct pko_line line = {.used = 0}, key = {.used = 0};
    line_place(&line, report, place);
    if (path)
        pko_line_path(&key, path);
    const char *shown =
        path && place.setting >= 0 ? deeper(key.text, report->settings[place.setting].name) : key.text;
    if (*shown)
        pko_line_add(&line, "%.1000s: ", shown);
    va_list list;
    va_start(list, format);
    line_add_list(&line, format, list);
    va_end(list);

    if (report->count == report->room) {
        size_t room = report->room ? 2 * report->room : 16;
        struct pko_message *messages = realloc(report->messages, room * sizeof *messages);
        if (!messages) {
            report->no_memory = true;
            return;
        }
        report->messages = messages;
        report->room = room;
    }
    char *text = strdup(line.text);
    if (!text) {
        report->no_memory = true;
        return;
    }
    report->messages[report->count] = (struct pko_message){place, report->count, text};
    report->count++;
}

void pko_report_unknown(struct pko_report *report, struct pko_place place, const struct pko_path *path,
                        const char *what, const char *wrong, struct pko_names names) {
    struct pko_line line = {.used = 0};
    if (report->count < PKO_MESSAGES_MOST) /* the nearest of many names takes a while */
        pko_line_unknown(&line, what, wrong, names);
    pko_report_add(report, place, path, "%s", line.text);
}

static int message_order(const void *one, const void *other) {
    const struct pko_message *a = one, *b = other;
    if (a->place.setting != b->place.setting)
        return a->place.setting < b->place.setting ? -1 : 1;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

char *pko_report_text(struct pko_report *report) {
    if (report->count == 0)
        return NULL;
    qsort(report->messages, report->count, sizeof *report->messages, message_order);
    size_t size = 128;
    for (size_t k = 0; k < report->count; k++)
        size += strlen(report->messages[k].text) + 1;
    char *text = malloc(size);
    if (!text) {
        report->no_memory = true;
        return NULL;
    }
    char *end = text;
    for (size_t k = 0; k < report->count; k++) {
        size_t length = strlen(report->messages[k].text);
        memcpy(end, report->messages[k].text, length);
        end[length] = '\n';
        end += length + 1;
    }
    *end = 0;
    if (report->unsaid > 0)
        snprintf(end, 128, "… and %zu more mistakes\n", report->unsaid);
    return text;
}
