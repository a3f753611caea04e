/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON (RFC 8259) to a stream. Names are given for members of an object, NULL for elements of an
 * array. */
#ifndef PKO_CLI_JSON_H
#define PKO_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PKO_JSON_DEPTH 16

struct pko_json {
    FILE *stream;
    int depth;
    struct {
        char close;  /* ']' or '}' */
        bool inside; /* something was written */
        bool flat;   /* on one line */
    } level[PKO_JSON_DEPTH];
};

/* A writer at the start of a document. */
struct pko_json pko_json_start(FILE *stream);
/* Opens an object ('{') or array ('['), on one line if `flat`; closes the innermost one (the last: with a
 * line end). */
void pko_json_open(struct pko_json *json, const char *name, char bracket, bool flat);
void pko_json_close(struct pko_json *json);
/* Text; NULL is null. Control characters, quotes and backslashes are escaped. */
void pko_json_text(struct pko_json *json, const char *name, const char *text);
/* The shortest digits that read back as the same double; NaN and infinities, which JSON lacks, are null. */
void pko_json_number(struct pko_json *json, const char *name, double value);
void pko_json_whole(struct pko_json *json, const char *name, uint64_t value);
void pko_json_truth(struct pko_json *json, const char *name, bool value);

#endif
