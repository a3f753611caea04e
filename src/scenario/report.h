/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mistakes found in a scenario: collected while it is read, printed at the end in the order of lines. */
#ifndef PKO_SCENARIO_REPORT_H
#define PKO_SCENARIO_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "pkosim/scenario.h"

/* Where a value comes from: a line of the file, counted from 1, or a setting from outside it. */
struct pko_place {
    int line;    /* 0 in a setting */
    int setting; /* index into the settings, −1 in the file */
};

/* The way to a value, printed as `contingents.germany.detachments[2].camp`; elements without a name are
 * counted from 1. Frames live on the stack of the function that reads the level. */
struct pko_path {
    const struct pko_path *up; /* NULL at the top level */
    const char *word;          /* NULL: use `number` */
    int number;
};

/* A line of text put together from pieces; too long a line is cut. */
struct pko_line {
    char text[2048];
    size_t used;
};

struct pko_message;

struct pko_report {
    const char *source; /* the file as messages name it */
    const struct pko_setting *settings;
    struct pko_message *messages; /* owned */
    size_t count, room;
    size_t unsaid;  /* mistakes beyond PKO_MESSAGES_MOST */
    bool no_memory; /* an allocation failed: nothing in the report is complete */
};

/* A file of rubbish makes a mistake of every word; after this many they are only counted. */
#define PKO_MESSAGES_MOST 1000

void pko_report_init(struct pko_report *report, const char *source, const struct pko_setting *settings);
void pko_report_free(struct pko_report *report);

/* Adds a mistake: "SOURCE:LINE: PATH: …", or "ORIGIN NAME: …" of a setting, with the rest of the path if the
 * mistake lies deeper than the key set. The path may be NULL. */
void pko_report_add(struct pko_report *report, struct pko_place place, const struct pko_path *path,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The messages, one a line, in the order of lines, then those of settings in their order; the caller frees
 * it. NULL when there are none or memory is short (no_memory is then set). */
char *pko_report_text(struct pko_report *report);

/* Appends to a line. */
void pko_line_add(struct pko_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends a value as the reader wrote it, in single quotes, on one line, at most 60 bytes of it. */
void pko_line_quote(struct pko_line *line, const char *text);
void pko_line_path(struct pko_line *line, const struct pko_path *path);

/* Names to choose from: name(context, k) is the k-th, NULL past the end. */
struct pko_names {
    const char *(*name)(const void *context, size_t k);
    const void *context;
};
/* Appends "unknown WHAT 'WRONG' (nearest: 'RIGHT')", or what there is to choose from if nothing is near. */
void pko_line_unknown(struct pko_line *line, const char *what, const char *wrong, struct pko_names names);
/* Adds that as a mistake. */
void pko_report_unknown(struct pko_report *report, struct pko_place place, const struct pko_path *path,
                        const char *what, const char *wrong, struct pko_names names);

#endif
