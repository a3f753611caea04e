/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures that need a pass over the individuals (ODD 7). */
#ifndef PKO_ENGINE_INDIVIDUALS_H
#define PKO_ENGINE_INDIVIDUALS_H

#include "engine/record_rows.h"

/* Day-0 medians of both ledgers by category, into mission->median; for a mission before its first day. */
void pko_take_medians(struct pko_mission *mission);

/* Quantiles of values in [0,1] from PKO_BINS equal bins, linear inside a bin: within half a bin of the exact
 * ones. NAN of none. */
#define PKO_BINS 1024
void pko_quantiles(enum pko_level level, const float *state, size_t count,
                   const double probability[PKO_LIMITS], double values[PKO_LIMITS]);

/* Each fills the values of the measure of its name. */
void pko_over_individuals_quantiles(struct pko_reading *reading, double *values);
void pko_over_individuals_ambivalent(struct pko_reading *reading, double *values);
void pko_over_individuals_ambivalent_by_category(struct pko_reading *reading, double *values);
void pko_over_individuals_ambivalent_contact(struct pko_reading *reading, double *values);
void pko_over_individuals_ambivalent_contact_independent(struct pko_reading *reading, double *values);
void pko_over_individuals_correlation_ab(struct pko_reading *reading, double *values);
void pko_over_individuals_correlation_ab_by_category(struct pko_reading *reading, double *values);
void pko_over_individuals_sd_reinforcement(struct pko_reading *reading, double *values);
void pko_over_individuals_sd_resistance(struct pko_reading *reading, double *values);
void pko_over_individuals_riders(struct pko_reading *reading, double *values);

#endif
