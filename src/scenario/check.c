/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "scenario/reader.h"

#define CUT_DAY 90 /* an arrow cut without a date is cut from this day of the run (ODD section 4) */

/* The first mandate must be in force on the first day. */
static void check_first_mandate(struct pko_reader *reader, const struct pko_frame *root) {
    const struct pko_scenario *scenario = reader->scenario;
    if (!reader->first_mandate_good || !pko_frame_good(root, "start") ||
        scenario->mandate[0].date <= scenario->start)
        return;
    char first[11], start[11];
    pko_date_format(scenario->mandate[0].date, first);
    pko_date_format(scenario->start, start);
    struct pko_place place = pko_frame_place(root, "start");
    if (place.setting >= 0) {
        pko_report_add(reader->report, place, NULL,
                       "'%s' is before the first mandate; allowed: a day from %s, date of its first row, on",
                       start, first);
        return;
    }
    struct pko_path mandate_path = {NULL, "mandate", 0}, timeline_path = {&mandate_path, "timeline", 0};
    struct pko_path row_path = {&timeline_path, NULL, 1}, date_path = {&row_path, "date", 0};
    pko_report_add(
        reader->report, reader->first_mandate, &date_path,
        "'%s' is after the start; allowed: a day not after %s, since a mandate is in force on every day",
        first, start);
}

/* Some group, and somebody on some day of the run. */
static void check_people(struct pko_reader *reader, const struct pko_frame *root) {
    const struct pko_scenario *scenario = reader->scenario;
    bool lists_good = pko_frame_good(root, "contingents") && pko_frame_good(root, "police") &&
                      pko_frame_good(root, "sections");
    if (scenario->group_count == 0 && lists_good) {
        pko_report_add(reader->report, root->mapping->place, NULL,
                       "no group: at least one of contingents, police or sections is required");
        return;
    }
    if (reader->report->count > 0)
        return; /* what is missing may be what was wrong */
    for (int k = 0; k < scenario->layer_count; k++) {
        const struct pko_layer *layer = &scenario->layers[k];
        if (layer->from < scenario->start + scenario->days && layer->until > scenario->start &&
            pko_layer_people(scenario, k) > 0)
            return;
    }
    char first[11], last[11];
    pko_date_format(scenario->start, first);
    pko_date_format(scenario->start + scenario->days - 1, last);
    pko_report_add(reader->report, pko_frame_place(root, "start"), NULL,
                   "empty mission: no detachment is present on any day from %s to %s", first, last);
}

const struct pko_region *pko_region_without_weights(const struct pko_scenario *scenario) {
    const struct pko_parameters *parameters = &scenario->parameters;
    if (parameters->threat_weight_movement + parameters->threat_weight_camp + parameters->threat_weight_soft +
            parameters->threat_weight_population >
        0)
        return NULL;
    for (int k = 0; k < scenario->region_count; k++)
        if (!scenario->regions[k].has_mix)
            return &scenario->regions[k];
    return NULL;
}

static void check_weights(struct pko_reader *reader, const struct pko_frame *root) {
    const struct pko_region *region = pko_region_without_weights(reader->scenario);
    if (region)
        pko_report_add(reader->report, pko_frame_place(root, "parameters"), NULL,
                       "parameters threat.weight_*: all are 0, and region '%s' has no threat_mix; allowed: a "
                       "sum above 0",
                       region->name);
}

/* Appends "; N of M WHAT". */
static void note_number(struct pko_line *note, int number, int all, const char *what) {
    if (number > 0)
        pko_line_add(note, "%s %d of %d %s", note->used ? ";" : "", number, all, what);
}

/* Dates outside the run do nothing; said once. */
static void note_outside(const struct pko_reader *reader, char **notes) {
    const struct pko_scenario *scenario = reader->scenario;
    int32_t start = scenario->start, end = scenario->start + scenario->days;
    int layers = 0, cuts = 0, snapshots = 0;
    for (int k = 0; k < scenario->layer_count; k++)
        layers += scenario->layers[k].from >= end || scenario->layers[k].until <= start;
    for (int k = 0; k < scenario->cut_count; k++) {
        const struct pko_cut *cut = &scenario->cuts[k];
        int32_t from = cut->dated ? cut->from : start + CUT_DAY;
        cuts += from >= end || from < start;
    }
    for (int k = 0; k < scenario->snapshot_count; k++)
        snapshots += scenario->snapshots[k] < start || scenario->snapshots[k] >= end;
    struct pko_line outside = {.used = 0};
    note_number(&outside, layers, scenario->layer_count, "layers of detachments");
    note_number(&outside, cuts, scenario->cut_count, "cuts");
    note_number(&outside, snapshots, scenario->snapshot_count, "snapshots");
    if (!outside.used)
        return;
    char first[11], last[11];
    pko_date_format(start, first);
    pko_date_format(end - 1, last);
    struct pko_line note = {.used = 0};
    pko_line_add(&note, "%.1000s: note: outside the run from %s to %s:%s\n", reader->report->source, first,
                 last, outside.text);
    *notes = strdup(note.text);
    if (!*notes)
        reader->report->no_memory = true;
}

void pko_check_scenario(struct pko_reader *reader, const struct pko_frame *root, char **notes) {
    *notes = NULL;
    check_first_mandate(reader, root);
    check_weights(reader, root);
    check_people(reader, root);
    if (reader->report->count == 0 && !reader->report->no_memory)
        note_outside(reader, notes);
}
