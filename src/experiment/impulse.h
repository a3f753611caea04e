/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The impulse response of a mission: the difference between a twin in which there is one hit more (ODD 6.5)
 * and the run itself, day by day, under common random numbers. The hit is of class movement, unknown to
 * everyone, in the region that has patrols and the highest rate of new plots that day. */
#ifndef PKO_EXPERIMENT_IMPULSE_H
#define PKO_EXPERIMENT_IMPULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkosim/mission.h"

enum pko_impulse_quantity {
#define PKO_IMPULSE(NAME, name, unit, meaning) PKO_IMPULSE_##NAME,
#include "experiment/impulse.def"
#undef PKO_IMPULSE
    PKO_IMPULSE_QUANTITIES
};
struct pko_impulse_info {
    const char *name, *unit, *meaning;
};
/* Row of the list, NULL past the end. */
const struct pko_impulse_info *pko_impulse_info(size_t number);

/* What is watched every evening. */
enum pko_response {
    PKO_RESPONSE_DANGER,
    PKO_RESPONSE_REINFORCEMENT,
    PKO_RESPONSE_POSTURE,
    PKO_RESPONSE_TRUST,
    PKO_RESPONSE_PLOTS, /* rate of new plots, all regions */
    PKO_RESPONSE_HITS,  /* on the mission, since day 0 */
    PKO_RESPONSES
};

/* The response of one run. Zero it, set the first three, call pko_impulse_morning every morning and once
 * after the last day. */
struct pko_impulse {
    int hit_day;   /* ≥ 1 */
    int horizon;   /* evenings watched, ≥ 1; hit_day + horizon is at most the days of the run */
    float *danger; /* [horizon], of the caller: difference in perceived danger */

    double *twin;              /* [evening][response]; owned, freed after the last evening */
    double sum[PKO_RESPONSES]; /* of the differences over the evenings; of hits, the last one */
    double first[PKO_RESPONSES];
    bool complete;
};
/* PKO_ERROR_MEMORY and what a mission's step gives. On the day of the hit this runs the twin over the whole
 * horizon. */
int pko_impulse_morning(struct pko_impulse *impulse, const struct pko_mission *mission);
void pko_impulse_free(struct pko_impulse *impulse);

/* A quantity with its 95 % interval over replicates, and its difference to the run in which nothing is cut.
 * NaN where missing. */
struct pko_impulse_estimate {
    double mean, low, high;
    double difference, difference_low, difference_high;
};

/* Estimates all quantities from the responses of replicates: `cut` of one variant, `uncut` of the other in
 * the same order (the same pointer for the uncut one itself). Of what is linear in the response: Student's t.
 * gain and half-life are of the mean response; their intervals are percentiles of 400 bootstrap samples of
 * replicates, drawn at addresses of `seed`; both are missing where the interval of the jump holds 0 or the
 * jump is below a hundredth of the uncut one. half-life is INFINITY if half of the peak is still there at the
 * end, and so may be the ends of its interval. All responses complete. PKO_ERROR_MEMORY. */
int pko_impulse_estimate(const struct pko_impulse *cut, const struct pko_impulse *uncut, size_t replicates,
                         uint64_t seed, struct pko_impulse_estimate *estimates);

/* Days from the largest value until half of it is left, linear between evenings; INFINITY if it is still
 * there on the last one, NaN if the largest value is not above 0. */
double pko_half_life(const double *curve, size_t count);

#endif
