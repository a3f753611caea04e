/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means over people of the states of layers, of all units and states in one walk: a record has about seventy
 * measures of this kind. */
#ifndef PKO_ENGINE_LAYER_MEANS_H
#define PKO_ENGINE_LAYER_MEANS_H

#include "engine/reduce.h"

/* By what layers are weighed beside their people: patrollers, members of sections, of protection sections. */
enum pko_weighing { PKO_BY_PATROLLERS, PKO_BY_MEMBERS, PKO_BY_PROTECTION, PKO_WEIGHINGS, PKO_BY_PEOPLE };
double pko_weight_of_layer(const struct pko_mission *mission, enum pko_weighing weighing, int layer);

/* The unit of two dimensions to which a layer belongs: regions, blocs, groups, task classes, categories,
 * categories by camp; 0 for none. */
size_t pko_unit_of_layer(const struct pko_scenario *scenario, const enum pko_dimension dimensions[2],
                         int layer);

/* Room for the means of one scenario. PKO_ERROR_MEMORY; free is always legal. */
int pko_layer_means_create(const struct pko_scenario *scenario, struct pko_layer_means **means);
void pko_layer_means_free(struct pko_layer_means *means);
/* Takes the sums of a mission as it stands. */
void pko_layer_means_take(struct pko_layer_means *means, const struct pko_mission *mission);
/* The means of the layer column at this offset of the mission for the units of a measure, NAN of nobody;
 * false where column or dimensions are not among those taken. */
bool pko_layer_means_read(const struct pko_layer_means *means, const struct pko_measure *measure,
                          size_t offset, double *values);
/* The same for any layer column, weighed otherwise (by all but PKO_BY_PEOPLE). */
bool pko_layer_means_weigh(const struct pko_layer_means *means, const struct pko_measure *measure,
                           enum pko_weighing by, const double *column, double *values);

#endif
