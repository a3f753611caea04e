/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, sharing: rates and hazards for all groups at once, compiled for several instruction sets. */
#ifndef PKO_PROCESS_SHARING_ROWS_H
#define PKO_PROCESS_SHARING_ROWS_H

#include "base/clones.h"
#include "model/mission.h"

/* What all pairs share today, and what is known of each group. Masks are −1 for yes and 0 for no; places past
 * the last group, up to a multiple of eight, are not there. */
struct pko_sharing_day {
    double secure_rate, mail_rate, hub_rate, informal_rate; /* 1/day */
    double restricted_talk, trust_gate;
    double foreign;        /* ℓ without a common language */
    double convoy_contact; /* what a ride adds to contact ... */
    double ride_memory;    /* ... for this many days */
    int32_t today;
    int64_t languages[PKO_GROUPS_MOST]; /* bits */
    int64_t secure[PKO_GROUPS_MOST], hub[PKO_GROUPS_MOST], present[PKO_GROUPS_MOST];
};

/* Rows of group g by group: trust in them, camps shared with them, the last ride with them. */
struct pko_sharing_row {
    const double *trust, *overlap;
    const int32_t *last_ride;
};

/* Writes η of g toward each of the groups, for a free and for a restricted copy (NULL for one not asked for):
 * 0 toward itself and those that are not there. Rows have a multiple of eight places; those past the last
 * group stay 0. */
PKO_CLONES(void, pko_sharing_rates, const struct pko_sharing_day *day, const struct pko_sharing_row *row,
           size_t g, size_t groups, double *open, double *closed);

/* hazard[h] = Σ rows[k][h] in the order of the rows, for `width` places, a multiple of eight. */
PKO_CLONES(void, pko_sharing_hazards, const double *const *rows, size_t count, size_t width, double *hazard);

#endif
