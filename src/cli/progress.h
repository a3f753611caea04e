/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far twin runs or a sweep have come, told on a stream: a line at the start, one at the end, and between
 * them one that renews itself at most five times a second on a terminal, elsewhere plain lines at most once a
 * minute.
 */
#ifndef PKO_CLI_PROGRESS_H
#define PKO_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "experiment/twins.h"

struct pko_progress {
    FILE *stream;        /* NULL: say nothing */
    const char *label;   /* what is run: the first line */
    const char *counted; /* "replicates" */
    uint32_t replicates; /* of those in all */
    double person_days;  /* individual-days of the whole campaign, 0 if not known */

    bool terminal, color;
    double begun, shown;  /* seconds on the monotonic clock: start, last line */
    double sampled, rate; /* last sample of the rate; smoothed days a second, 0 before the first */
    uint64_t sampled_days;
};

/* Begins: looks whether the stream is a terminal (TERM=dumb and no stream count as none; NO_COLOR is heeded)
 * and prints the first line. */
void pko_progress_start(struct pko_progress *progress, FILE *stream, const char *label, uint32_t replicates,
                        double person_days);
/* One sample; prints when a line is due. `context` is a struct pko_progress. */
void pko_progress_tell(struct pko_progress *progress, const struct pko_twins_progress *now);
/* Wipes the line of a terminal and says what was reached. */
void pko_progress_end(struct pko_progress *progress, uint32_t replicates_done, uint64_t days_done,
                      uint64_t days);

/* A span as "3:20" or "1:02:03" (hours from one hour on); `text` has at least 24 bytes. */
void pko_progress_span(double seconds, char *text, size_t size);

#endif
