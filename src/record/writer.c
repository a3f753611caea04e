/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf */
#include "record/writer.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/status.h"
#include "record/events.h"
#include "record/fields.h"
#include "record/message.h"
#include "record/provenance.h"
#include "record/target.h"

struct pko_writer {
    struct pko_file_plan plan;
    struct pko_target target;
    struct pko_layout layout;
    struct pko_fields fields;
    struct pko_events events; /* closed without record.events */
    char *changes;            /* text of the attribute */
    size_t added;             /* runs */
    int status;               /* of the first failure */
    char *message;            /* its words */
};

/* Gives the file up: keeps why, and frees its space at once. PKO_ERROR_DISK without words: HDF5 tells. */
static int give_up(struct pko_writer *writer, int status, const char *words) {
    char why[160];
    if (!words && status == PKO_ERROR_DISK)
        status = pko_hdf_why(why, sizeof why);
    else
        snprintf(why, sizeof why, "%s", words ? words : pko_status_text(status));
    pko_message(&writer->message, "cannot write '%s': %s", writer->target.path, why);
    pko_target_discard(&writer->target);
    return writer->status = status;
}

/* Every regime must be one of the scenario or built in. */
static int check_regimes(const struct pko_file_plan *plan, char **message) {
    struct pko_regime regime;
    for (size_t k = 0; k < plan->regime_count; k++)
        if (pko_scenario_regime(plan->scenario, plan->regimes[k], &regime) != PKO_OK) {
            pko_message(message, "unknown regime '%s'", plan->regimes[k]);
            return PKO_ERROR_NAME;
        }
    return PKO_OK;
}

static int start(struct pko_writer *writer) {
    const struct pko_file_plan *plan = &writer->plan;
    hid_t file = pko_hdf_create(writer->target.temporary);
    if (file < 0 || pko_provenance_start(file, plan) < 0 ||
        pko_layout_start(&writer->layout, file, plan->scenario, plan->regimes, plan->regime_count,
                         plan->first_replicate, plan->replicates) < 0 ||
        pko_fields_create(&writer->fields, &writer->layout) < 0)
        return give_up(writer, PKO_ERROR_DISK, NULL);
    if (!plan->scenario->record_events)
        return PKO_OK;
    int status = pko_events_open(&writer->events, &writer->target, &writer->message);
    if (status != PKO_OK)
        pko_target_discard(&writer->target);
    return status;
}

int pko_writer_open(const char *path, bool force, const struct pko_file_plan *plan,
                    struct pko_writer **writer, char **message) {
    assert(plan->regime_count > 0 && plan->replicates > 0);
    struct pko_hdf_guard guard;
    *writer = NULL;
    if (message)
        *message = NULL;
    struct pko_writer *made = calloc(1, sizeof *made);
    if (!made)
        return PKO_ERROR_MEMORY;
    made->plan = *plan;
    made->changes = strdup(PKO_CHANGES_HEAD);
    pko_hdf_enter(&guard);
    int status = made->changes ? check_regimes(plan, &made->message) : PKO_ERROR_MEMORY;
    if (status == PKO_OK)
        status = pko_target_open(&made->target, path, force, &made->message);
    if (status == PKO_OK)
        status = start(made);
    pko_hdf_leave(&guard);
    if (status == PKO_OK) {
        *writer = made;
        return PKO_OK;
    }
    if (message) {
        *message = made->message;
        made->message = NULL;
    }
    pko_writer_free(made);
    return status;
}

int pko_writer_add(struct pko_writer *writer, size_t regime, uint32_t replicate_index,
                   const struct pko_observer *observer) {
    struct pko_hdf_guard guard;
    int status;
    if (writer->status != PKO_OK)
        return writer->status;
    assert(writer->target.temporary); /* not committed */
    assert(replicate_index < writer->plan.replicates);
    assert(replicate_index * writer->plan.regime_count + regime == writer->added);
    pko_hdf_enter(&guard);
    if (pko_fields_add(&writer->fields, regime, replicate_index, observer, &status) < 0)
        status = give_up(writer, status == PKO_OK ? PKO_ERROR_DISK : status, NULL);
    else if (writer->events.scratch[0] &&
             pko_events_add(&writer->events, regime, replicate_index, observer) != PKO_OK)
        status = give_up(writer, PKO_ERROR_DISK, strerror(errno));
    writer->added++;
    pko_hdf_leave(&guard);
    return status;
}

void pko_writer_pack(struct pko_writer *writer) {
    if (writer->status == PKO_OK)
        pko_fields_pack(&writer->fields);
}

int pko_writer_change(struct pko_writer *writer, size_t regime, uint32_t replicate_index,
                      const struct pko_change *change) {
    struct pko_hdf_guard guard;
    char value[32], *longer = NULL;
    assert(regime < writer->plan.regime_count);
    pko_hdf_enter(&guard);
    pko_number_text(change->value, value);
    if (asprintf(&longer, "%s%s,%lu,%d,%s,%s,%s\n", writer->changes, writer->plan.regimes[regime],
                 (unsigned long)writer->plan.first_replicate + replicate_index, change->day, change->kind,
                 change->name, value) < 0)
        longer = NULL;
    pko_hdf_leave(&guard);
    if (!longer)
        return PKO_ERROR_MEMORY;
    free(writer->changes);
    writer->changes = longer;
    return PKO_OK;
}

const char *pko_writer_message(const struct pko_writer *writer) {
    return writer->message;
}

/* Completes the HDF5 file and closes it. */
static int finish(struct pko_writer *writer, uint32_t replicates) {
    const struct pko_file_plan *plan = &writer->plan;
    bool by_system = false;
    hid_t file = writer->layout.file;
    if (pko_fields_end(&writer->fields, replicates) < 0)
        return give_up(writer, PKO_ERROR_DISK, NULL);
    if (writer->events.scratch[0]) {
        int status = pko_events_write(&writer->events, &writer->layout, plan->regimes, plan->regime_count,
                                      plan->first_replicate, replicates, &by_system);
        if (status != PKO_OK)
            return give_up(writer, status, by_system ? strerror(errno) : NULL);
    }
    if (pko_provenance_end(file, replicates, writer->changes) < 0 ||
        pko_layout_end(&writer->layout, replicates) < 0 || H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ||
        H5Fclose(file) < 0)
        return give_up(writer, PKO_ERROR_DISK, NULL);
    return PKO_OK;
}

int pko_writer_commit(struct pko_writer *writer, uint32_t replicates, char **message) {
    struct pko_hdf_guard guard;
    int status = writer->status;
    if (message)
        *message = NULL;
    assert(status != PKO_OK || writer->target.temporary); /* once only */
    assert(status != PKO_OK || replicates <= writer->added / writer->plan.regime_count);
    pko_hdf_enter(&guard);
    if (status == PKO_OK && replicates == 0)
        status = give_up(writer, PKO_ERROR_INTERRUPTED, "no replicate was finished");
    if (status == PKO_OK)
        status = finish(writer, replicates);
    if (status == PKO_OK) {
        status = pko_target_publish(&writer->target, &writer->message);
        writer->status = status;
    }
    if (status != PKO_OK)
        pko_target_discard(&writer->target);
    pko_hdf_leave(&guard);
    if (status != PKO_OK && message && writer->message)
        *message = strdup(writer->message);
    return status;
}

void pko_writer_free(struct pko_writer *writer) {
    if (!writer)
        return;
    struct pko_hdf_guard guard;
    pko_hdf_enter(&guard);
    pko_fields_free(&writer->fields);
    pko_layout_free(&writer->layout);
    pko_events_free(&writer->events);
    pko_target_discard(&writer->target);
    pko_hdf_leave(&guard);
    free(writer->changes);
    free(writer->message);
    free(writer);
}
