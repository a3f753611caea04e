/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the loops and arrows of ODD section 4 carry. In each replicate the run as it is and one twin for each
 * arrow, and for each loop one in which all its arrows are cut, from one day on. Of each, the outcomes (their
 * difference is what the arrow or loop carries, with the opposite sign) and the response to one hit more. */
#ifndef PKO_EXPERIMENT_LOOPS_H
#define PKO_EXPERIMENT_LOOPS_H

#include "experiment/impulse.h"
#include "experiment/twins.h"
#include "model/scenario.h"

/* One way of running the mission. */
struct pko_loop_variant {
    const char *name;  /* "" (nothing is cut), "L1", …, or an arrow */
    const char *title; /* of a loop; "" else */
    bool cut[PKO_ARROW_COUNT];
    int arrow; /* −1 for a loop and for the run as it is */
};

struct pko_loops_plan {
    const struct pko_scenario *scenario; /* what it cuts itself stays cut everywhere */
    const char *regime;
    int cut_day;          /* the first day without the arrows */
    int hit_day, horizon; /* of the impulse (experiment/impulse.h); horizon 0: none */
    uint32_t first_replicate, replicates;
    int threads;
    const atomic_int *stop;
    void (*progress)(void *context, const struct pko_twins_progress *progress);
    void *context;
};

struct pko_loops {
    size_t variant_count;
    struct pko_loop_variant *variants; /* [0]: as it is; then the loops in their order; then the arrows */
    struct pko_twins_result twins;     /* by variant in place of the regime */
    struct pko_impulse_estimate *responses; /* [variant][quantity]; NULL without an impulse */
};

/* Number of variants: 1 + loops + arrows. */
size_t pko_loops_variants(void);
/* Name and title of a loop, NULL past the end; whether an arrow belongs to it. */
const char *pko_loop_name(size_t loop);
const char *pko_loop_title(size_t loop);
bool pko_loop_has(size_t loop, size_t arrow);
/* The variants' places: of a loop, of an arrow. */
size_t pko_loops_place_of_loop(size_t loop);
size_t pko_loops_place_of_arrow(size_t arrow);

/* Runs the plan. PKO_OK; PKO_ERROR_INTERRUPTED with the complete replicates; another status. Freed with
 * pko_loops_free in any case. */
int pko_loops_run(const struct pko_loops_plan *plan, struct pko_loops *result);
void pko_loops_free(struct pko_loops *result);

#endif
