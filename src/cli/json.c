/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct pko_json pko_json_start(FILE *stream) {
    return (struct pko_json){.stream = stream};
}

static void print_text(FILE *stream, const char *text) {
    fputc('"', stream);
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            fprintf(stream, "\\%c", byte);
        else if (byte < 0x20)
            fprintf(stream, "\\u%04x", byte);
        else
            fputc(byte, stream);
    }
    fputc('"', stream);
}

static void break_line(struct pko_json *json) {
    fprintf(json->stream, "\n%*s", json->depth, "");
}

/* What stands before a value: comma, line break, name. */
static void begin(struct pko_json *json, const char *name) {
    if (json->depth > 0) {
        bool flat = json->level[json->depth - 1].flat;
        if (json->level[json->depth - 1].inside)
            fputs(flat ? ", " : ",", json->stream);
        if (!flat)
            break_line(json);
        json->level[json->depth - 1].inside = true;
    }
    if (name) {
        print_text(json->stream, name);
        fputs(": ", json->stream);
    }
}

void pko_json_open(struct pko_json *json, const char *name, char bracket, bool flat) {
    assert(json->depth < PKO_JSON_DEPTH);
    begin(json, name);
    fputc(bracket, json->stream);
    json->level[json->depth].close = bracket == '{' ? '}' : ']';
    json->level[json->depth].inside = false;
    json->level[json->depth].flat = flat;
    json->depth++;
}

void pko_json_close(struct pko_json *json) {
    assert(json->depth > 0);
    json->depth--;
    if (json->level[json->depth].inside && !json->level[json->depth].flat)
        break_line(json);
    fputc(json->level[json->depth].close, json->stream);
    if (json->depth == 0)
        fputc('\n', json->stream);
}

void pko_json_text(struct pko_json *json, const char *name, const char *text) {
    begin(json, name);
    if (text)
        print_text(json->stream, text);
    else
        fputs("null", json->stream);
}

void pko_json_number(struct pko_json *json, const char *name, double value) {
    char text[32];
    begin(json, name);
    if (!isfinite(value)) {
        fputs("null", json->stream);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    fputs(text, json->stream);
}

void pko_json_whole(struct pko_json *json, const char *name, uint64_t value) {
    begin(json, name);
    fprintf(json->stream, "%" PRIu64, value);
}

void pko_json_truth(struct pko_json *json, const char *name, bool value) {
    begin(json, name);
    fputs(value ? "true" : "false", json->stream);
}
