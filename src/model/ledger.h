/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened, append-only: today's events that later processes act on, and the event tables of a file. */
#ifndef PKO_MODEL_LEDGER_H
#define PKO_MODEL_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkosim/observe.h"

/* Why a trust changes today; process 8 applies them in the order in which they were written (processes 2, 5,
 * 6). */
enum pko_trust_event_kind {
    PKO_TRUST_REFUSAL,  /* section `from` toward contingent `toward` */
    PKO_TRUST_WARNING,  /* gain of a warned target group in a holder */
    PKO_TRUST_WITHHELD, /* loss of a hit group in a holder */
    PKO_TRUST_BLAME,    /* every uniformed group present toward `toward`; `from` is −1 */
    PKO_TRUST_FLIGHT,   /* contingent toward mission support */
    PKO_TRUST_BYPASS    /* mission support toward a contingent under national command */
};
struct pko_trust_event {
    int32_t kind, from, toward;
};

/* One growing list; item is owned by the ledger. */
#define PKO_LIST(type)                                                                                       \
    struct {                                                                                                 \
        type *item;                                                                                          \
        size_t count, capacity;                                                                              \
    }

struct pko_ledger {
    PKO_LIST(struct pko_trust_event) trust;  /* of today */
    PKO_LIST(uint32_t) dead;                 /* people who died today, by place */
    bool keep_events;                        /* record.events */
    PKO_LIST(struct pko_incident) incidents; /* of the run so far, if kept */
    PKO_LIST(struct pko_convoy_event) convoys;
    PKO_LIST(struct pko_leak_event) leaks;
    PKO_LIST(struct pko_retaliation_event) retaliations;
    PKO_LIST(struct pko_change) changes; /* names point into static tables */
};

/* Room for one more item of a list: the list's (perhaps moved) items, or NULL on lack of memory, the old ones
 * being whole. */
void *pko_list_grow(void *item, size_t count, size_t *capacity, size_t size);
/* Appends a value to a list of the mission; lack of memory becomes mission->failure, which ends the day with
 * an error. */
#define PKO_APPEND(mission, list, ...)                                                                       \
    do {                                                                                                     \
        void *room_ = pko_list_grow((list).item, (list).count, &(list).capacity, sizeof *(list).item);       \
        if (room_) {                                                                                         \
            (list).item = room_;                                                                             \
            (list).item[(list).count++] = __VA_ARGS__;                                                       \
        } else {                                                                                             \
            (mission)->failure = PKO_ERROR_MEMORY;                                                           \
        }                                                                                                    \
    } while (0)

#endif
