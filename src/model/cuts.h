/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal arrows as switches (ODD section 4): what the target of an arrow sees. Live while the arrow stands;
 * from the day of its cut on the running mean of the evening before. */
#ifndef PKO_MODEL_CUTS_H
#define PKO_MODEL_CUTS_H

#include "model/mission.h"

#define PKO_CUT(mission, arrow) ((mission)->cut[PKO_ARROW_##arrow] != 0)

/* What the arrow's target sees of a state of a layer, region, group. `live` is the state's column. */
#define PKO_SEES_LAYER(mission, arrow, live, layer)                                                          \
    (PKO_CUT(mission, arrow)                                                                                 \
         ? (mission)->frozen_layer[(size_t)PKO_ARROW_##arrow * (mission)->extent.L + (size_t)(layer)]        \
         : (live)[layer])
/* The same for all layers: a column. */
#define PKO_SEEN_LAYERS(mission, arrow, live)                                                                \
    (PKO_CUT(mission, arrow) ? (mission)->frozen_layer + (size_t)PKO_ARROW_##arrow * (mission)->extent.L     \
                             : (mission)->live)
#define PKO_SEES_REGION(mission, arrow, live, region)                                                        \
    (PKO_CUT(mission, arrow)                                                                                 \
         ? (mission)->frozen_region[(size_t)PKO_ARROW_##arrow * (mission)->extent.R + (size_t)(region)]      \
         : (live)[region])
#define PKO_SEES_GROUP(mission, arrow, live, group)                                                          \
    (PKO_CUT(mission, arrow)                                                                                 \
         ? (mission)->frozen_group[(size_t)PKO_ARROW_##arrow * (mission)->extent.G + (size_t)(group)]        \
         : (live)[group])
/* The same for robustness and cooperation. */
#define PKO_SEES_MISSION(mission, arrow, live)                                                               \
    (PKO_CUT(mission, arrow) ? (mission)->frozen_mission[PKO_ARROW_##arrow] : (live))

/* Cuts an arrow on the day at hand, before its first process: freezes what its target will see. */
void pko_arrow_cut(struct pko_mission *mission, enum pko_arrow arrow);
void pko_arrow_restore(struct pko_mission *mission, enum pko_arrow arrow);
/* Before day 0: the memory is the initial state. */
void pko_memory_start(struct pko_mission *mission);
/* After process 10 of each day: m ← m + (value − m)/min(90, days so far), the first day's being 1. */
void pko_memory_update(struct pko_mission *mission);

#endif
