/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* fputs_unlocked */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/export.h"
#include "pkosim/status.h"
#include "record/message.h"

#define ROWS_MOST 16384 /* of a table of events, at a time */

/* Variables of the same dimensions, which make one table. */
struct family {
    char name[256];       /* of the file */
    const char *prefix;   /* what the names of columns lose: "incident_"; "" */
    size_t prefix_length; /* without the "_" */
    size_t *members;      /* numbers of variables */
    size_t count;
    int rank;
    struct pko_axis axes[PKO_READER_RANK_MOST];
    bool rows; /* a table of events: its dimension counts rows */
};

static bool is_dimension(const struct pko_reader_variable *variable) {
    return variable->rank == 1 && strcmp(variable->name, variable->dimension[0]) == 0;
}

static bool same_family(const struct pko_reader_variable *one, const struct pko_reader_variable *other) {
    if (one->rank != other->rank)
        return false;
    for (int k = 0; k < one->rank; k++)
        if (strcmp(one->dimension[k], other->dimension[k]) != 0)
            return false;
    return true;
}

/* Names become file names and headings. */
static bool is_plain(const char *name) {
    return *name && strlen(name) < 64 &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == 0;
}

/* mission, region, category_camp … for series; snapshot_… for snapshots; the table's name for events;
 * about_camp for what is said of camps. */
static void name_family(struct family *family, const struct pko_reader_variable *first, bool rows) {
    const char *leads[] = {"regime", "replicate", "time"};
    int skip = 0;
    while (skip < 3 && skip < first->rank && strcmp(first->dimension[skip], leads[skip]) == 0)
        skip++;
    family->rows = rows;
    size_t used = 0;
    if (first->rank == 1) {
        snprintf(family->name, sizeof family->name, "%s%s", rows ? "" : "about_", first->dimension[0]);
        family->prefix = first->dimension[0];
        family->prefix_length = strlen(family->prefix);
        return;
    }
    if (skip == 2 && first->rank == 3 && strcmp(first->dimension[2], "outcome_name") == 0) {
        strcpy(family->name, "outcomes");
        return;
    }
    if (skip == first->rank)
        strcpy(family->name, "mission");
    for (int k = skip; k < first->rank && used < sizeof family->name; k++)
        used += (size_t)snprintf(family->name + used, sizeof family->name - used, "%s%s", used ? "_" : "",
                                 first->dimension[k]);
}

/* The heading of a measure in its table. */
static const char *heading(const struct family *family, const struct pko_reader_variable *variable) {
    size_t length = family->prefix_length;
    if (length && strncmp(variable->name, family->prefix, length) == 0 && variable->name[length] == '_')
        return variable->name + length + 1;
    return strcmp(family->name, "outcomes") == 0 && strcmp(variable->name, "outcome") == 0 ? "value"
                                                                                           : variable->name;
}

static int damaged(char **message, const char *name, const char *why) {
    pko_message(message, "the file is damaged: '%s' %s", name, why);
    return PKO_ERROR_INPUT;
}

static int gather(const struct pko_reader *reader, size_t first, struct family *family, char **message) {
    const struct pko_reader_variable *variable = pko_reader_variable(reader, first), *other;
    char column[160];
    *family = (struct family){.prefix = "", .rank = variable->rank};
    for (int k = 0; k < variable->rank; k++)
        if (!is_plain(variable->dimension[k]))
            return damaged(message, variable->name, "has a dimension without a plain name");
    snprintf(column, sizeof column, "%s_replicate", variable->rank ? variable->dimension[0] : "");
    name_family(family, variable, variable->rank == 1 && pko_reader_find(reader, column) >= 0);
    size_t total = 0;
    while (pko_reader_variable(reader, total))
        total++;
    family->members = calloc(total, sizeof *family->members);
    if (!family->members)
        return PKO_ERROR_MEMORY;
    int status = PKO_OK;
    for (int k = 0; status == PKO_OK && k < family->rank; k++)
        status = pko_axis_read(reader, variable->dimension[k], family->rows, &family->axes[k], message);
    for (size_t k = 0; status == PKO_OK && (other = pko_reader_variable(reader, k)) != NULL; k++) {
        if (is_dimension(other) || !same_family(variable, other))
            continue;
        if (!is_plain(other->name))
            return damaged(message, other->name, "is no plain name");
        for (int d = 0; d < other->rank; d++)
            if (other->shape[d] != family->axes[d].size)
                return damaged(message, other->name, "is not as long as its dimensions");
        family->members[family->count++] = k;
    }
    return status;
}

static void free_family(struct family *family) {
    for (int k = 0; k < family->rank; k++)
        pko_axis_free(&family->axes[k]);
    free(family->members);
}

/* --- Tables */

static void put_headings(const struct pko_reader *reader, const struct family *family, FILE *stream) {
    for (int k = 0; k < family->rank; k++)
        fprintf(stream, "%s%s", k ? "," : "", family->axes[k].heading);
    for (size_t k = 0; k < family->count; k++) {
        const struct pko_reader_variable *variable = pko_reader_variable(reader, family->members[k]);
        const char *name = heading(family, variable);
        int start;
        fprintf(stream, ",%s", name);
        if (variable->type == PKO_READ_INTEGER && pko_axis_start(variable->units, &start))
            fprintf(stream, strcmp(name, "day") == 0 ? ",date" : ",%s_date", name);
    }
    fputc('\n', stream);
}

/* The rows of one box. */
static void put_rows(const struct family *family, const struct pko_column *columns, const uint64_t *start,
                     const uint64_t *count, FILE *stream) {
    uint64_t rows = 1, at[PKO_READER_RANK_MOST] = {0};
    for (int k = 0; k < family->rank; k++)
        rows *= count[k];
    for (uint64_t row = 0; row < rows; row++) {
        uint64_t place = 0;
        for (int k = 0; k < family->rank; k++) {
            uint64_t index = start[k] + at[k];
            place = place * family->axes[k].size + index;
            if (k)
                fputc_unlocked(',', stream);
            if (family->axes[k].cells)
                fputs_unlocked(family->axes[k].cells[index], stream);
            else
                pko_csv_whole(stream, (int64_t)index);
        }
        for (size_t k = 0; k < family->count; k++) {
            fputc_unlocked(',', stream);
            pko_column_put(stream, &columns[k], row, place);
        }
        fputc_unlocked('\n', stream);
        for (int k = family->rank - 1; k >= 0 && ++at[k] == count[k]; k--)
            at[k] = 0;
    }
}

static int put_box(const struct pko_reader *reader, const struct family *family, struct pko_column *columns,
                   const uint64_t *start, const uint64_t *count, FILE *stream, char **message) {
    for (size_t k = 0; k < family->count; k++) {
        int status = columns[k].texts ? PKO_OK
                                      : pko_reader_box(reader, family->members[k], start, count,
                                                       columns[k].values, message);
        if (status != PKO_OK)
            return status;
    }
    put_rows(family, columns, start, count, stream);
    return PKO_OK;
}

/* Goes through the table by boxes: of a series, the replicates of one regime that lie together in the file.
 */
static int put_boxes(const struct pko_reader *reader, const struct family *family, struct pko_column *columns,
                     const uint64_t *whole, int split, FILE *stream, char **message) {
    uint64_t start[PKO_READER_RANK_MOST] = {0}, count[PKO_READER_RANK_MOST];
    uint64_t outer = split ? family->axes[0].size : 1, size = family->axes[split].size;
    int status = PKO_OK;
    memcpy(count, whole, sizeof count);
    for (uint64_t k = 0; k < outer; k++)
        for (start[split] = 0; status == PKO_OK && start[split] < size; start[split] += whole[split]) {
            uint64_t left = size - start[split];
            count[split] = left < whole[split] ? left : whole[split];
            if (split)
                start[0] = k;
            status = put_box(reader, family, columns, start, count, stream, message);
        }
    return status;
}

static int put_family(const struct pko_reader *reader, const struct family *family, FILE *stream,
                      char **message) {
    uint64_t whole[PKO_READER_RANK_MOST] = {0}, box = 1;
    int split = family->rank > 1, status = PKO_OK;
    const struct pko_reader_variable *first = pko_reader_variable(reader, family->members[0]);
    struct pko_column *columns = calloc(family->count, sizeof *columns);
    if (!columns)
        return PKO_ERROR_MEMORY;
    for (int k = 0; k < family->rank; k++)
        whole[k] = k < split ? 1 : k == split ? (split ? first->chunk[1] : ROWS_MOST) : family->axes[k].size;
    if (whole[split] < 1)
        whole[split] = 1;
    for (int k = 0; k < family->rank; k++)
        if (__builtin_mul_overflow(box, whole[k], &box))
            status = PKO_ERROR_MEMORY;
    for (size_t k = 0; status == PKO_OK && k < family->count; k++)
        status = pko_column_open(reader, family->members[k], box, &columns[k], message);
    put_headings(reader, family, stream);
    if (status == PKO_OK)
        status = put_boxes(reader, family, columns, whole, split, stream, message);
    for (size_t k = 0; k < family->count; k++) {
        pko_column_free(&columns[k]);
    }
    free(columns);
    return status;
}

/* Opens, fills and closes one file. */
static int put_file(const struct pko_reader *reader, const struct family *family,
                    const struct pko_folder *folder, char **message) {
    char name[sizeof family->name + 8];
    snprintf(name, sizeof name, "%s.csv", family->name);
    FILE *stream = pko_folder_file(folder, name);
    int status = stream ? put_family(reader, family, stream, message) : PKO_OK;
    bool bad = !stream || ferror(stream) || fflush(stream) != 0 || fsync(fileno(stream)) != 0;
    int error = errno;
    if (stream && fclose(stream) != 0 && !bad) {
        bad = true;
        error = errno;
    }
    if (status == PKO_OK && bad) {
        pko_message(message, "cannot write '%s/%s': %s", folder->path, name, strerror(error));
        status = PKO_ERROR_DISK;
    }
    return status;
}

/* --- What the columns mean */

static void put_meaning(FILE *stream, const struct family *family, const char *column, const char *unit,
                        const char *kind, const char *long_name) {
    fprintf(stream, "%s.csv,%s,", family->name, column);
    pko_csv_text(stream, unit);
    fprintf(stream, ",%s,", kind);
    pko_csv_text(stream, long_name);
    fputc('\n', stream);
}

static void put_meanings(const struct pko_reader *reader, const struct family *family, FILE *stream) {
    for (int k = 0; k < family->rank; k++) {
        const struct pko_axis *axis = &family->axes[k];
        const struct pko_reader_variable *labels =
            pko_reader_variable(reader, (size_t)pko_reader_find(reader, axis->name));
        put_meaning(stream, family, axis->of_time ? "day" : axis->heading, axis->of_time ? "d" : "1", "row",
                    labels->long_name);
        if (axis->of_time)
            put_meaning(stream, family, "date", "", "row", "the same day as a date");
    }
    for (size_t k = 0; k < family->count; k++) {
        const struct pko_reader_variable *variable = pko_reader_variable(reader, family->members[k]);
        const char *name = heading(family, variable);
        char date[80];
        int start;
        bool is_date = variable->type == PKO_READ_INTEGER && pko_axis_start(variable->units, &start);
        put_meaning(stream, family, name, is_date ? "d" : variable->units, variable->kind,
                    variable->long_name);
        snprintf(date, sizeof date, strcmp(name, "day") == 0 ? "date" : "%s_date", name);
        if (is_date)
            put_meaning(stream, family, date, "", "", "the same day as a date");
    }
}

/* The first variable of each family stands for it. */
static bool is_first(const struct pko_reader *reader, size_t number) {
    const struct pko_reader_variable *variable = pko_reader_variable(reader, number);
    if (is_dimension(variable) || variable->rank == 0)
        return false;
    for (size_t k = 0; k < number; k++) {
        const struct pko_reader_variable *before = pko_reader_variable(reader, k);
        if (!is_dimension(before) && same_family(before, variable))
            return false;
    }
    return true;
}

static void put_attribute(FILE *stream, const struct pko_reader_attribute *attribute) {
    pko_csv_text(stream, attribute->name);
    fputc(',', stream);
    if (attribute->text)
        pko_csv_text(stream, attribute->text);
    else if (attribute->whole)
        fprintf(stream, "%llu", (unsigned long long)attribute->integer);
    else
        fprintf(stream, "%.17g", attribute->number);
    fputc('\n', stream);
}

int pko_export_tables(const struct pko_reader *reader, const struct pko_folder *folder, char **message) {
    const struct pko_reader_attribute *attribute;
    FILE *units = pko_folder_file(folder, "units.csv"),
         *about = units ? pko_folder_file(folder, "about.csv") : NULL;
    int status = about ? PKO_OK : PKO_ERROR_DISK;
    if (about) {
        fputs("file,column,unit,kind,meaning\n", units);
        fputs("about.csv,name,,row,attribute of the whole file\nabout.csv,value,,,its value\n", units);
        fputs("name,value\n", about);
    }
    for (size_t k = 0; about && (attribute = pko_reader_attribute(reader, k)) != NULL; k++)
        put_attribute(about, attribute);
    for (size_t k = 0; status == PKO_OK && pko_reader_variable(reader, k); k++) {
        struct family family;
        if (!is_first(reader, k))
            continue;
        status = gather(reader, k, &family, message);
        if (status == PKO_OK)
            status = put_file(reader, &family, folder, message);
        if (status == PKO_OK)
            put_meanings(reader, &family, units);
        free_family(&family);
    }
    bool bad = !units || !about || ferror(units) || ferror(about);
    bad |= units && (fflush(units) != 0 || fsync(fileno(units)) != 0);
    bad |= about && (fflush(about) != 0 || fsync(fileno(about)) != 0);
    if ((status == PKO_OK || !about) && bad) {
        pko_message(message, "cannot write '%s': %s", folder->path, strerror(errno));
        status = PKO_ERROR_DISK;
    }
    bool units_bad = units && fclose(units) != 0; /* both are closed whatever the other says */
    bool about_bad = about && fclose(about) != 0;
    bad = units_bad || about_bad;
    return status == PKO_OK && bad ? PKO_ERROR_DISK : status;
}
