/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/events.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/scenario.h"
#include "pkosim/status.h"

/* Every field of an event is one word of 4 bytes, so a row is copied as it stands and column k is word k. */
static_assert(sizeof(struct pko_incident) == 10 * 4, "columns of incidents");
static_assert(sizeof(struct pko_convoy_event) == 10 * 4, "columns of convoys");
static_assert(sizeof(struct pko_leak_event) == 6 * 4, "columns of leaks");
static_assert(sizeof(struct pko_retaliation_event) == 4 * 4, "columns of retaliation");
#define WORDS_MOST 10
#define ROWS_MOST  16384 /* rows of a chunk: 64 KiB a column */

enum coding { NUMBER, DATE, YES_NO, WARNED, MISSED, OF_REGION, OF_CAMP, OF_GROUP, OF_CLASS };
struct column {
    const char *name, *units, *long_name;
    enum coding coding;
    bool real;
};
struct table {
    const char *name, *long_name;
    int scale;
    size_t words;
    const struct column *columns;
};

static const struct column incident_columns[] = {
    {"day", "", "day of the strike", DATE, false},
    {"region", "1", "region", OF_REGION, false},
    {"class", "1", "target class of the plot", OF_CLASS, false},
    {"group", "1", "target group: a convoy's first escort, the patrol's group, the section", OF_GROUP, false},
    {"camp", "1", "camp struck, of class camp", OF_CAMP, false},
    {"warned", "1", "whether a target group knew of the plot, and by whose collection", WARNED, false},
    {"hit", "1", "whether the strike hit", YES_NO, false},
    {"wounded", "person", "wounded of the mission", NUMBER, false},
    {"killed", "person", "killed of the mission; of class population: civilians killed", NUMBER, false},
    {"missed", "1", "the first factor by which the strike did not hit", MISSED, false},
};
static const struct column convoy_columns[] = {
    {"day", "", "day on which the convoy ended", DATE, false},
    {"formed", "", "day on which the convoy was formed", DATE, false},
    {"origin", "1", "camp from which it left", OF_CAMP, false},
    {"destination", "1", "camp to which it went; none for a visit", OF_CAMP, false},
    {"region", "1", "region", OF_REGION, false},
    {"platoons", "1", "escort platoons", NUMBER, false},
    {"passengers", "person", "passengers", NUMBER, false},
    {"km", "km", "distance", NUMBER, true},
    {"harmed", "1", "whether it was hit on the way", YES_NO, false},
    {"dissolved", "1", "whether it ended because an escort left the mission", YES_NO, false},
};
static const struct column leak_columns[] = {
    {"day", "", "day of the leak", DATE, false},
    {"region", "1", "region of the plot", OF_REGION, false},
    {"class", "1", "target class of the plot", OF_CLASS, false},
    {"learner", "1", "first group whose learning leaked", OF_GROUP, false},
    {"secure", "1", "whether it leaked inside the secure network", YES_NO, false},
    {"human", "1", "whether the item came from people", YES_NO, false},
};
static const struct column retaliation_columns[] = {
    {"day", "", "day of the retaliation", DATE, false},
    {"region", "1", "region", OF_REGION, false},
    {"by_leak", "1", "whether it followed from a leak, else from contact with patrols", YES_NO, false},
    {"number", "1", "events of that kind, region and day", NUMBER, false},
};
static const struct table tables[PKO_EVENT_TABLES] = {
    {"incident", "strike: a due plot that found a target", PKO_SCALE_INCIDENT, 10, incident_columns},
    {"convoy", "convoy, on the day on which it ended", PKO_SCALE_CONVOY, 10, convoy_columns},
    {"leak", "leak: a plot compromised on a day", PKO_SCALE_LEAK, 6, leak_columns},
    {"retaliation", "retaliation against people who talked to the mission", PKO_SCALE_RETALIATION, 4,
     retaliation_columns},
};

struct head { /* before the rows of a run */
    uint32_t regime, replicate;
    uint64_t rows;
};

int pko_events_open(struct pko_events *events, const struct pko_target *target, char **message) {
    *events = (struct pko_events){0};
    for (int t = 0; t < PKO_EVENT_TABLES; t++) {
        int file;
        int status = pko_target_scratch(target, &file, message);
        if (status != PKO_OK)
            return status;
        events->scratch[t] = fdopen(file, "r+b");
        if (!events->scratch[t]) {
            close(file);
            return PKO_ERROR_MEMORY;
        }
    }
    return PKO_OK;
}

int pko_events_add(struct pko_events *events, size_t regime, uint32_t replicate,
                   const struct pko_observer *observer) {
    size_t rows[PKO_EVENT_TABLES];
    const void *first[PKO_EVENT_TABLES] = {
        pko_observer_incidents(observer, &rows[0]), pko_observer_convoys(observer, &rows[1]),
        pko_observer_leaks(observer, &rows[2]), pko_observer_retaliations(observer, &rows[3])};
    for (int t = 0; t < PKO_EVENT_TABLES; t++) {
        const struct head head = {(uint32_t)regime, replicate, rows[t]};
        if (rows[t] > 0 && (fwrite(&head, sizeof head, 1, events->scratch[t]) != 1 ||
                            fwrite(first[t], tables[t].words * 4, rows[t], events->scratch[t]) != rows[t]))
            return PKO_ERROR_DISK;
    }
    return PKO_OK;
}

/* A table being written: one open variable a column, regime and replicate first. */
struct writing {
    const struct table *table;
    FILE *scratch;
    uint32_t replicates, first;
    hid_t column[WORDS_MOST + 2];
    int32_t *values[WORDS_MOST + 2]; /* rows gathered, at most ROWS_MOST */
    hsize_t gathered, written;
};

/* Goes to the next run of the scratch file; false at its end. */
static bool next_run(FILE *scratch, struct head *head) {
    return fread(head, sizeof *head, 1, scratch) == 1;
}

static int count_rows(const struct writing *writing, uint64_t *rows) {
    struct head head;
    *rows = 0;
    if (fflush(writing->scratch) != 0 || fseeko(writing->scratch, 0, SEEK_SET) != 0)
        return PKO_ERROR_DISK;
    while (next_run(writing->scratch, &head)) {
        *rows += head.replicate < writing->replicates ? head.rows : 0;
        if (fseeko(writing->scratch, (off_t)(head.rows * writing->table->words * 4), SEEK_CUR) != 0)
            return PKO_ERROR_DISK;
    }
    if (ferror(writing->scratch))
        return PKO_ERROR_DISK;
    return *rows <= INT32_MAX ? PKO_OK : PKO_ERROR_LIMIT;
}

/* The labels of `count` codes as one line, "none" before them if −1 may stand; NULL out of memory. */
static char *join(const char *none, const struct pko_layout *layout, enum pko_dimension dimension,
                  const char *const *names, size_t count) {
    size_t size = strlen(none) + 1;
    for (size_t k = 0; k < count; k++)
        size += strlen(names ? names[k] : pko_dimension_label(layout->scenario, dimension, k)) + 1;
    char *line = malloc(size);
    if (!line)
        return NULL;
    char *end = stpcpy(line, none);
    for (size_t k = 0; k < count; k++) {
        if (end > line)
            *end++ = ' ';
        end = stpcpy(end, names ? names[k] : pko_dimension_label(layout->scenario, dimension, k));
    }
    return line;
}

static char *meanings(const struct column *column, const struct pko_layout *layout) {
    const struct pko_scenario *scenario = layout->scenario;
    switch (column->coding) {
    case YES_NO:
        return strdup("no yes");
    case WARNED:
        return strdup("not_warned shared own");
    case MISSED:
        return strdup("hit chance hardness warning");
    case OF_REGION:
        return join("", layout, PKO_REGION, NULL, (size_t)scenario->region_count);
    case OF_CAMP:
        return join("none", layout, PKO_CAMP_DIM, NULL, (size_t)scenario->camp_count);
    case OF_GROUP:
        return join("none", layout, PKO_GROUP, NULL, (size_t)scenario->group_count);
    case OF_CLASS:
        return join("", layout, PKO_PLOT_CLASS, NULL, pko_dimension_size(scenario, PKO_PLOT_CLASS));
    default:
        return NULL;
    }
}

/* Creates the variable TABLE_COLUMN; `flags` (freed here) are the meanings of codes, the first being
 * `first_flag`. */
static int create_column(struct writing *writing, const struct pko_layout *layout,
                         const struct column *column, char *flags, int first_flag, size_t place) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", writing->table->name, column->name);
    const hsize_t rows = layout->size[writing->table->scale], chunk = rows < ROWS_MOST ? rows : ROWS_MOST;
    struct pko_variable variable = {.name = name, .long_name = column->long_name, .rank = 1};
    variable.units = column->coding == DATE ? layout->since : column->units;
    variable.type = column->real ? PKO_HDF_F32 : PKO_HDF_I32;
    variable.scale[0] = writing->table->scale;
    variable.most = column->coding == DATE ? layout->scenario->days - 1 : INT32_MAX;
    variable.flags = flags;
    variable.first_flag = first_flag;
    if (flags) {
        variable.least = variable.most = first_flag;
        for (const char *c = flags; *c; c++)
            variable.most += *c == ' ';
    }
    herr_t result = pko_variable_create(layout, &variable, rows > 0 ? &chunk : NULL, &writing->column[place]);
    free(flags);
    writing->values[place] = malloc(ROWS_MOST * sizeof(int32_t));
    return result < 0 ? PKO_ERROR_DISK : writing->values[place] ? PKO_OK : PKO_ERROR_MEMORY;
}

static int create_columns(struct writing *writing, struct pko_layout *layout, const char *const *regimes,
                          size_t regime_count) {
    static const struct column regime = {"regime", "1", "regime of the run", NUMBER, false};
    static const struct column replicate = {"replicate", "1", "replicate of the run", NUMBER, false};
    char *names = join("", layout, PKO_NONE, regimes, regime_count);
    if (!names)
        return PKO_ERROR_MEMORY;
    int status = create_column(writing, layout, &regime, names, 0, 0);
    if (status == PKO_OK)
        status = create_column(writing, layout, &replicate, NULL, 0, 1);
    for (size_t k = 0; status == PKO_OK && k < writing->table->words; k++) {
        const struct column *column = &writing->table->columns[k];
        char *flags = meanings(column, layout);
        bool none = column->coding == OF_CAMP || column->coding == OF_GROUP, coded = column->coding > DATE;
        if (coded && !flags)
            return PKO_ERROR_MEMORY;
        status = create_column(writing, layout, column, flags, none ? -1 : 0, k + 2);
    }
    return status;
}

static int flush_rows(struct writing *writing) {
    for (size_t k = 0; writing->gathered > 0 && k < writing->table->words + 2; k++) {
        bool real = k >= 2 && writing->table->columns[k - 2].real;
        if (pko_hdf_write(writing->column[k], real ? PKO_HDF_F32 : PKO_HDF_I32, 1, &writing->written,
                          &writing->gathered, writing->values[k]) < 0)
            return PKO_ERROR_DISK;
    }
    writing->written += writing->gathered;
    writing->gathered = 0;
    return PKO_OK;
}

static int copy_run(struct writing *writing, const struct head *head, bool *by_system) {
    int32_t row[WORDS_MOST];
    for (uint64_t k = 0; k < head->rows; k++) {
        if (fread(row, writing->table->words * 4, 1, writing->scratch) != 1) {
            *by_system = true;
            return PKO_ERROR_DISK;
        }
        writing->values[0][writing->gathered] = (int32_t)head->regime;
        writing->values[1][writing->gathered] = (int32_t)(head->replicate + writing->first);
        for (size_t w = 0; w < writing->table->words; w++)
            writing->values[w + 2][writing->gathered] = row[w];
        if (++writing->gathered == ROWS_MOST && flush_rows(writing) != PKO_OK)
            return PKO_ERROR_DISK;
    }
    return PKO_OK;
}

/* One pass over the scratch file for the runs of one regime, which stand in the order of replicates. */
static int copy_regime(struct writing *writing, size_t regime, bool *by_system) {
    struct head head;
    *by_system = fseeko(writing->scratch, 0, SEEK_SET) != 0;
    while (!*by_system && next_run(writing->scratch, &head)) {
        if (head.regime == regime && head.replicate < writing->replicates) {
            int status = copy_run(writing, &head, by_system);
            if (status != PKO_OK)
                return status;
        } else if (fseeko(writing->scratch, (off_t)(head.rows * writing->table->words * 4), SEEK_CUR) != 0) {
            *by_system = true;
        }
    }
    *by_system = *by_system || ferror(writing->scratch) != 0;
    return *by_system ? PKO_ERROR_DISK : PKO_OK;
}

static int write_table(struct writing *writing, struct pko_layout *layout, const char *const *regimes,
                       size_t regime_count, bool *by_system) {
    uint64_t rows;
    int status = count_rows(writing, &rows);
    if (status != PKO_OK) {
        *by_system = status == PKO_ERROR_DISK;
        return status;
    }
    if (pko_layout_count(layout, writing->table->scale, writing->table->long_name, rows) < 0)
        return PKO_ERROR_DISK;
    status = create_columns(writing, layout, regimes, regime_count);
    for (size_t regime = 0; status == PKO_OK && regime < regime_count; regime++)
        status = copy_regime(writing, regime, by_system);
    if (status == PKO_OK)
        status = flush_rows(writing);
    if (status == PKO_OK && pko_hdf_release(0, (int)writing->table->words + 2, writing->column) < 0)
        status = PKO_ERROR_DISK;
    assert(status != PKO_OK || writing->written == rows);
    return status;
}

int pko_events_write(struct pko_events *events, struct pko_layout *layout, const char *const *regimes,
                     size_t regime_count, uint32_t first, uint32_t replicates, bool *by_system) {
    int status = PKO_OK;
    *by_system = false;
    for (int t = 0; t < PKO_EVENT_TABLES && status == PKO_OK; t++) {
        struct writing writing = {
            .table = &tables[t], .scratch = events->scratch[t], .replicates = replicates, .first = first};
        for (int k = 0; k < WORDS_MOST + 2; k++)
            writing.column[k] = H5I_INVALID_HID;
        status = write_table(&writing, layout, regimes, regime_count, by_system);
        for (int k = 0; k < WORDS_MOST + 2; k++)
            free(writing.values[k]);
    }
    return status;
}

void pko_events_free(struct pko_events *events) {
    for (int t = 0; t < PKO_EVENT_TABLES; t++)
        if (events->scratch[t])
            fclose(events->scratch[t]);
    *events = (struct pko_events){0};
}
