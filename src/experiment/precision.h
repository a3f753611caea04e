/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many replicates are enough (`--replicates auto`): as many as bring every wanted outcome to a wanted
 * precision. Looked at only after 10, 20, 40, … complete replicates, so that what comes out does not depend
 * on the number of threads, and so that looking often does not narrow the intervals by luck. */
#ifndef PKO_EXPERIMENT_PRECISION_H
#define PKO_EXPERIMENT_PRECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "experiment/twins.h"

/* What is wanted: the 95 % half-width of each outcome under each regime, and of its paired difference to the
 * first regime, is at most `precision` times the larger of |mean| and the smallest effect of interest. For
 * the difference the mean is the larger of the two regimes', since that of a difference may be 0. */
struct pko_precision {
    double precision;         /* > 0 */
    const char *const *names; /* outcomes; NULL for the main ones (outcomes.def) that the scenario has */
    size_t count;
};

/* How it stood at a look: the outcome that is furthest from what is wanted. */
struct pko_precision_look {
    uint32_t replicates;
    bool enough;
    const char *outcome; /* as in the result or the names; NULL if there is none to look at */
    size_t regime;       /* whose mean or difference it is */
    bool difference;     /* the paired difference, not the mean */
    double half_width, target;
};

/* Whether a look is due after so many complete replicates: 10, 20, 40, … */
bool pko_precision_look_due(uint32_t replicates);
/* One look. An outcome that fewer than two replicates define is not precise; main outcomes that no replicate
 * defines (a bloc without people) are left out. */
struct pko_precision_look pko_precision_look(const struct pko_precision *wanted,
                                             const struct pko_twins_result *result);

#endif
