/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/plot_life.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/scenario.h"
#include "pkosim/status.h"
#include "process/process.h"

static const struct pko_plot *find_plot(const struct pko_mission *mission, const struct pko_plot_key *key) {
    for (size_t k = 0; k < mission->plots.count; k++)
        if (pko_plot_is(&mission->plots.item[k], key))
            return &mission->plots.item[k];
    return NULL;
}

/* After process 3: new plots that will be due on the wanted day; the others as they stand. */
static void take_new_plots(struct pko_life_watch *w, const struct pko_mission *mission) {
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        if (plot->born != mission->day || plot->due != w->wanted.day || plot->region != w->wanted.region ||
            plot->plot_class != w->wanted.plot_class)
            continue;
        struct pko_life *life = calloc(1, sizeof *life);
        if (!life) {
            w->failure = PKO_ERROR_MEMORY;
            return;
        }
        life->key = pko_plot_key_of(plot);
        PKO_APPEND(w, w->lives, life);
        if (w->failure)
            free(life);
    }
    for (size_t k = 0; k < w->lives.count; k++)
        w->lives.item[k]->before = *find_plot(mission, &w->lives.item[k]->key);
}

static void collect_again(struct pko_life_watch *w, const struct pko_mission *mission, struct pko_life *life,
                          struct pko_plot *plot) {
    struct pko_collection list[PKO_COLLECTIONS_MOST];
    size_t count = pko_plot_collections(mission, plot, &w->collectors, list);
    for (size_t k = 0; k < count; k++) {
        bool others = !pko_groups_empty(&plot->knows), was_free = pko_groups_has(&plot->free, list[k].group);
        bool is_new = pko_plot_take(plot, &list[k]);
        bool is_free = pko_groups_has(&plot->free, list[k].group);
        struct pko_life_event event = {
            .day = mission->day,
            .kind = is_new                 ? PKO_LIFE_COLLECTED
                    : is_free && !was_free ? PKO_LIFE_FREED
                                           : PKO_LIFE_CONFIRMED,
            .group = list[k].group,
            .source = list[k].source,
            .sharer = -1,
            .free = is_free,
            .duplicated = is_new && others,
        };
        PKO_APPEND(w, life->events, event);
    }
}

static void share_again(struct pko_life_watch *w, const struct pko_mission *mission, struct pko_life *life,
                        struct pko_plot *plot) {
    struct pko_learning list[PKO_GROUPS_MOST];
    const struct pko_learning *leak = NULL;
    size_t count = pko_plot_learnings(mission, plot, list);
    for (size_t k = 0; k < count; k++) {
        struct pko_life_event event = {.day = mission->day,
                                       .kind = PKO_LIFE_LEARNED,
                                       .group = list[k].group,
                                       .channel = list[k].channel,
                                       .sharer = list[k].sharer,
                                       .free = list[k].free};
        PKO_APPEND(w, life->events, event);
        pko_groups_add(&plot->knows, list[k].group);
        if (list[k].free)
            pko_groups_add(&plot->free, list[k].group);
        if (list[k].leaked && !leak)
            leak = &list[k];
    }
    if (!leak)
        return;
    pko_plot_seal(mission, plot);
    struct pko_life_event event = {.day = mission->day,
                                   .kind = PKO_LIFE_LEAKED,
                                   .group = leak->group,
                                   .sharer = -1,
                                   .inside = leak->inside,
                                   .sealed_until = plot->sealed_until};
    PKO_APPEND(w, life->events, event);
}

static bool same_copies(const struct pko_plot *one, const struct pko_plot *other) {
    return memcmp(&one->knows, &other->knows, sizeof one->knows) == 0 &&
           memcmp(&one->free, &other->free, sizeof one->free) == 0 &&
           memcmp(&one->collected, &other->collected, sizeof one->collected) == 0 &&
           one->human_sourced == other->human_sourced && one->sealed_until == other->sealed_until;
}

/* After process 4: what it did to the plots, drawn again. It must lead to what the mission has. */
static void follow_plots(struct pko_life_watch *w, const struct pko_mission *mission) {
    pko_collectors_today(mission, &w->collectors);
    for (size_t k = 0; k < w->lives.count; k++) {
        struct pko_life *life = w->lives.item[k];
        struct pko_plot plot = life->before;
        collect_again(w, mission, life, &plot);
        share_again(w, mission, life, &plot);
        const struct pko_plot *is = find_plot(mission, &life->key);
        assert(same_copies(&plot, is));
        life->plot = *is;
    }
}

/* --- The strike --- */

/* A twin in the middle of the day that has only the due plots up to number `last` of the list, that one
 * included or not, after process 5. */
static int strike_up_to(const struct pko_mission *mission, size_t last, bool included,
                        struct pko_mission **out) {
    int status = pko_mission_clone(mission, out);
    if (status != PKO_OK)
        return status;
    struct pko_mission *twin = *out;
    size_t kept = 0;
    for (size_t k = 0; k < last + included; k++)
        if (twin->plots.item[k].due <= twin->day)
            twin->plots.item[kept++] = twin->plots.item[k];
    twin->plots.count = kept;
    pko_process_incidents(twin);
    return twin->failure;
}

static uint32_t at_risk_of(const struct pko_mission *mission, const struct pko_target *target, int group) {
    uint32_t people = 0;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        uint32_t first = mission->layer_first[layer], end = first + mission->layer_people[layer];
        if (mission->scenario->layers[layer].group != group)
            continue;
        for (uint32_t r = 0; r < target->range_count; r++) {
            uint32_t from = target->range[r].first, to = from + target->range[r].count;
            from = from > first ? from : first;
            to = to < end ? to : end;
            people += to > from ? to - from : 0;
        }
    }
    return people;
}

/* What one strike did is the difference between a day up to it and a day up to the one before. */
static void take_strike(struct pko_life_watch *w, const struct pko_mission *mission, struct pko_life *life,
                        size_t number) {
    const struct pko_parameters *p = &mission->parameters;
    struct pko_mission *without = NULL, *with = NULL;
    int status = strike_up_to(mission, number, false, &without);
    if (status == PKO_OK)
        status = strike_up_to(mission, number, true, &with);
    if (status != PKO_OK) {
        w->failure = status;
        goto out;
    }
    pko_target_draw(mission, &life->plot, &life->target);
    life->strike = pko_strike_draw(mission, &life->plot, &life->target);
    life->incident = with->ledger.incidents.item[with->ledger.incidents.count - 1];
    life->evacuation = mission->evacuation[life->plot.region];
    life->lethality = p->incident_lethality * (1.0 - p->aviation_effect * life->evacuation);
    for (int g = pko_groups_next(&life->target.at_risk, 0); g >= 0;
         g = pko_groups_next(&life->target.at_risk, g + 1)) {
        struct pko_life_losses losses = {g, at_risk_of(mission, &life->target, g),
                                         (uint32_t)(with->total_deaths[g] - without->total_deaths[g]),
                                         (uint32_t)(with->total_wounded[g] - without->total_wounded[g])};
        PKO_APPEND(w, life->losses, losses);
    }
    for (size_t k = without->ledger.trust.count; k < with->ledger.trust.count; k++)
        PKO_APPEND(w, life->trust, with->ledger.trust.item[k]);
    w->found = life;
out:
    pko_mission_free(without);
    pko_mission_free(with);
}

/* On the wanted day, after process 4: which of the due plots is the one. */
static void find_strike(struct pko_life_watch *w, const struct pko_mission *mission) {
    size_t strikes = mission->ledger.incidents.count;
    w->failure = PKO_ERROR_INPUT;
    for (size_t k = 0; k < mission->plots.count; k++) {
        const struct pko_plot *plot = &mission->plots.item[k];
        struct pko_target target;
        if (plot->due > mission->day)
            continue;
        pko_target_draw(mission, plot, &target);
        if (!target.found || strikes++ != w->wanted.ordinal)
            continue;
        for (size_t n = 0; n < w->lives.count; n++)
            if (pko_plot_is(plot, &w->lives.item[n]->key)) {
                w->failure = PKO_OK;
                take_strike(w, mission, w->lives.item[n], k);
            }
        return;
    }
}

void pko_life_watch_see(struct pko_life_watch *w, const struct pko_mission *mission, int process) {
    if (w->failure || w->found || mission->day > w->wanted.day)
        return;
    if (process == 3)
        take_new_plots(w, mission);
    if (process == 4)
        follow_plots(w, mission);
    if (process == 4 && mission->day == w->wanted.day)
        find_strike(w, mission);
}

void pko_life_watch_begin(struct pko_life_watch *w, const struct pko_life_wanted *wanted) {
    *w = (struct pko_life_watch){.wanted = *wanted};
}

void pko_life_watch_free(struct pko_life_watch *w) {
    for (size_t k = 0; k < w->lives.count; k++) {
        free(w->lives.item[k]->events.item);
        free(w->lives.item[k]->losses.item);
        free(w->lives.item[k]->trust.item);
        free(w->lives.item[k]);
    }
    free(w->lives.item);
    *w = (struct pko_life_watch){0};
}

const struct pko_life_event *pko_life_came_by(const struct pko_life *life, int group) {
    const struct pko_life_event *came = NULL;
    if (!pko_groups_has(&life->plot.knows, group))
        return NULL;
    for (size_t k = 0; k < life->events.count; k++) {
        const struct pko_life_event *event = &life->events.item[k];
        if (event->kind == PKO_LIFE_LEAKED)
            came = NULL;
        else if (event->group == group && !came)
            came = event;
    }
    return came;
}
