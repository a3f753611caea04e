/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/loops.h"

#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"

static const struct {
    const char *name, *title;
} loops[] = {
#define PKO_LOOP(name, title) {name, title},
#include "experiment/loops.def"
#undef PKO_LOOP
};
#define LOOPS (sizeof loops / sizeof *loops)

const char *pko_loop_name(size_t loop) {
    return loop < LOOPS ? loops[loop].name : NULL;
}

const char *pko_loop_title(size_t loop) {
    return loop < LOOPS ? loops[loop].title : NULL;
}

/* The list of an arrow is names with blanks between them. */
bool pko_loop_has(size_t loop, size_t arrow) {
    const char *name = loops[loop].name, *list = pko_arrow_info(arrow)->loops;
    size_t length = strlen(name);
    for (const char *at = list; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == length && strncmp(at, name, length) == 0)
            return true;
    return false;
}

size_t pko_loops_variants(void) {
    return 1 + LOOPS + PKO_ARROW_COUNT;
}

size_t pko_loops_place_of_loop(size_t loop) {
    return 1 + loop;
}

size_t pko_loops_place_of_arrow(size_t arrow) {
    return 1 + LOOPS + arrow;
}

static void list_variants(struct pko_loop_variant *variants) {
    variants[0] = (struct pko_loop_variant){.name = "", .title = "", .arrow = -1};
    for (size_t loop = 0; loop < LOOPS; loop++) {
        struct pko_loop_variant *variant = &variants[pko_loops_place_of_loop(loop)];
        *variant =
            (struct pko_loop_variant){.name = loops[loop].name, .title = loops[loop].title, .arrow = -1};
        for (size_t arrow = 0; arrow < PKO_ARROW_COUNT; arrow++)
            variant->cut[arrow] = pko_loop_has(loop, arrow);
    }
    for (size_t arrow = 0; arrow < PKO_ARROW_COUNT; arrow++) {
        struct pko_loop_variant *variant = &variants[pko_loops_place_of_arrow(arrow)];
        *variant =
            (struct pko_loop_variant){.name = pko_arrow_info(arrow)->name, .title = "", .arrow = (int)arrow};
        variant->cut[arrow] = true;
    }
}

/* All that the runs need besides the plan. */
struct work {
    const struct pko_loops_plan *plan;
    struct pko_loops *result;
    struct pko_scenario *scenarios; /* [variant]: copies that own nothing but their cuts */
    const struct pko_scenario **pointers;
    const char **regimes;
    struct pko_impulse *impulses; /* [variant][replicate] */
    float *curves;                /* [variant][replicate][day] */
};

/* The scenario's own cuts, then the variant's that are not among them. */
static int make_scenario(const struct pko_loops_plan *plan, const struct pko_loop_variant *variant,
                         struct pko_scenario *made) {
    const struct pko_scenario *scenario = plan->scenario;
    *made = *scenario;
    made->cuts = calloc((size_t)scenario->cut_count + PKO_ARROW_COUNT, sizeof *made->cuts);
    if (!made->cuts)
        return PKO_ERROR_MEMORY;
    bool there[PKO_ARROW_COUNT] = {false};
    for (int k = 0; k < scenario->cut_count; k++) {
        made->cuts[k] = scenario->cuts[k];
        there[scenario->cuts[k].arrow] = true;
    }
    for (enum pko_arrow arrow = 0; arrow < PKO_ARROW_COUNT; arrow++)
        if (variant->cut[arrow] && !there[arrow])
            made->cuts[made->cut_count++] =
                (struct pko_cut){.arrow = arrow, .dated = true, .from = scenario->start + plan->cut_day};
    return PKO_OK;
}

static int prepare(struct work *work) {
    const struct pko_loops_plan *plan = work->plan;
    struct pko_loops *result = work->result;
    size_t count = pko_loops_variants(), runs = count * plan->replicates, days = (size_t)plan->horizon;
    result->variant_count = count;
    result->variants = calloc(count, sizeof *result->variants);
    work->scenarios = calloc(count, sizeof *work->scenarios);
    work->pointers = calloc(count, sizeof *work->pointers);
    work->regimes = calloc(count, sizeof *work->regimes);
    if (!result->variants || !work->scenarios || !work->pointers || !work->regimes)
        return PKO_ERROR_MEMORY;
    list_variants(result->variants);
    for (size_t k = 0; k < count; k++) {
        int status = make_scenario(plan, &result->variants[k], &work->scenarios[k]);
        if (status != PKO_OK)
            return status;
        work->pointers[k] = &work->scenarios[k];
        work->regimes[k] = plan->regime;
    }
    if (days == 0)
        return PKO_OK;
    result->responses = calloc(count * PKO_IMPULSE_QUANTITIES, sizeof *result->responses);
    work->impulses = calloc(runs, sizeof *work->impulses);
    work->curves = calloc(runs * days, sizeof *work->curves);
    if (!result->responses || !work->impulses || !work->curves)
        return PKO_ERROR_MEMORY;
    for (size_t k = 0; k < runs; k++)
        work->impulses[k] = (struct pko_impulse){
            .hit_day = plan->hit_day, .horizon = plan->horizon, .danger = work->curves + k * days};
    return PKO_OK;
}

static int morning(void *context, size_t variant, uint32_t replicate_index,
                   const struct pko_mission *mission) {
    struct work *work = context;
    struct pko_impulse *impulse = &work->impulses[variant * work->plan->replicates + replicate_index];
    return pko_impulse_morning(impulse, mission);
}

static void tell(void *context, const struct pko_twins_progress *progress) {
    const struct work *work = context;
    if (work->plan->progress)
        work->plan->progress(work->plan->context, progress);
}

static int estimate(struct work *work) {
    const struct pko_loops_plan *plan = work->plan;
    struct pko_loops *result = work->result;
    int status = PKO_OK;
    for (size_t k = 0; status == PKO_OK && work->impulses && k < result->variant_count; k++)
        status = pko_impulse_estimate(work->impulses + k * plan->replicates, work->impulses,
                                      result->twins.replicates, plan->scenario->seed,
                                      result->responses + k * PKO_IMPULSE_QUANTITIES);
    return status;
}

static void free_work(struct work *work) {
    for (size_t k = 0; work->scenarios && k < work->result->variant_count; k++)
        free(work->scenarios[k].cuts);
    for (size_t k = 0; work->impulses && k < work->result->variant_count * work->plan->replicates; k++)
        pko_impulse_free(&work->impulses[k]);
    free(work->scenarios);
    free(work->pointers);
    free(work->regimes);
    free(work->impulses);
    free(work->curves);
}

int pko_loops_run(const struct pko_loops_plan *plan, struct pko_loops *result) {
    struct work work = {.plan = plan, .result = result};
    *result = (struct pko_loops){0};
    int status = prepare(&work);
    if (status == PKO_OK) {
        struct pko_twins_plan twins = {.scenario = plan->scenario,
                                       .variants = work.pointers,
                                       .regimes = work.regimes,
                                       .regime_count = result->variant_count,
                                       .first_replicate = plan->first_replicate,
                                       .replicates = plan->replicates,
                                       .threads = plan->threads,
                                       .stop = plan->stop,
                                       .morning = plan->horizon > 0 ? morning : NULL,
                                       .progress = tell,
                                       .context = &work};
        status = pko_twins_run(&twins, &result->twins);
        if ((status == PKO_OK || status == PKO_ERROR_INTERRUPTED) && result->twins.replicates > 0) {
            int estimated = estimate(&work);
            status = estimated != PKO_OK ? estimated : status;
        }
    }
    free_work(&work);
    return status;
}

void pko_loops_free(struct pko_loops *result) {
    pko_twins_free(&result->twins);
    free(result->variants);
    free(result->responses);
    *result = (struct pko_loops){0};
}
