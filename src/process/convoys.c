/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, convoys: how they end, how supply convoys leave, and what a day on the road does. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "model/people.h"
#include "pkosim/status.h"
#include "process/operations.h"

uint32_t pko_free_platoons(const struct pko_mission *mission, int group, int camp) {
    size_t at = (size_t)group * mission->extent.C + (size_t)camp;
    uint32_t platoons = mission->roster.platoons[at], out = mission->platoons_out[at];
    return platoons > out ? platoons - out : 0;
}

int pko_layer_by_headcount(const struct pko_mission *mission, int group, int camp, uint32_t word) {
    const struct pko_roster *roster = &mission->roster;
    uint32_t at =
        pko_below(word, mission->group_camp_people[(size_t)group * mission->extent.C + (size_t)camp]);
    for (uint32_t k = roster->camp_begins[camp]; k < roster->camp_begins[camp + 1]; k++) {
        int layer = mission->order[k];
        if (roster->group[k] != group)
            continue;
        if (at < mission->layer_people[layer])
            return layer;
        at -= mission->layer_people[layer];
    }
    return -1;
}

void pko_deliver_project(struct pko_mission *mission, const struct pko_block *team, int camp,
                         int escort_layer) {
    int region = mission->scenario->camps[camp].region;
    mission->projects_today[region]++;
    mission->total_projects[region]++;
    mission->project_days[team->layer]++;
    if (escort_layer >= 0)
        mission->project_days[escort_layer]++;
}

static void free_platoons(struct pko_mission *mission, const struct pko_convoy *convoy) {
    for (int k = 0; k < convoy->platoon_count; k++) {
        int group = mission->scenario->layers[convoy->platoons[k].layer].group;
        mission->platoons_out[(size_t)group * mission->extent.C + (size_t)convoy->origin]--;
    }
}

static bool people_left(const struct pko_mission *mission, const struct pko_convoy *convoy) {
    for (int k = 0; k < convoy->platoon_count; k++)
        if (mission->layer_people[convoy->platoons[k].layer] == 0)
            return true;
    for (int k = 0; k < convoy->team_count; k++)
        if (mission->layer_people[convoy->teams[k].layer] == 0)
            return true;
    return false;
}

static void log_convoy(struct pko_mission *mission, const struct pko_convoy *convoy, bool dissolved) {
    if (!mission->ledger.keep_events)
        return;
    int32_t passengers = 0;
    for (int k = 0; k < convoy->team_count; k++)
        passengers += (int32_t)convoy->teams[k].count;
    struct pko_convoy_event event = {
        .day = mission->day,
        .formed = convoy->formed,
        .origin = convoy->origin,
        .destination = convoy->destination,
        .region = mission->scenario->camps[convoy->origin].region,
        .platoons = convoy->platoon_count,
        .passengers = passengers,
        .km = (float)convoy->km,
        .harmed = convoy->harmed,
        .dissolved = dissolved,
    };
    PKO_APPEND(mission, mission->ledger.convoys, event);
}

/* Blocks that neither of two convoys uses are 0 in both. */
static void move_convoy(struct pko_convoy *to, const struct pko_convoy *from) {
    size_t platoons = to->platoon_count > from->platoon_count ? to->platoon_count : from->platoon_count;
    size_t teams = to->team_count > from->team_count ? to->team_count : from->team_count;
    memcpy(to, from, offsetof(struct pko_convoy, platoons) + platoons * sizeof *to->platoons);
    memcpy(to->teams, from->teams, teams * sizeof *to->teams);
}

struct pko_convoy *pko_convoy_form(struct pko_mission *mission, int origin, double km) {
    struct pko_convoys *convoys = &mission->convoys;
    void *item = pko_list_grow(convoys->item, convoys->count, &convoys->capacity, sizeof *convoys->item);
    if (!item) {
        mission->failure = PKO_ERROR_MEMORY;
        return NULL;
    }
    convoys->item = item;
    struct pko_convoy *convoy = &convoys->item[convoys->count++];
    memset(convoy, 0, sizeof *convoy); /* padding too: convoys are hashed by their bytes */
    convoy->formed = mission->day;
    convoy->origin = origin;
    convoy->destination = -1;
    convoy->km = km;
    return convoy;
}

/* A convoy formed on day t is on the road on days t … t+D−1 and ends on t+D. Unharmed, a visit convoy
 * delivers one project-day per team; with an escort it counts once a team, for the detachment of its convoy's
 * first platoon. */
void pko_convoys_end(struct pko_mission *mission) {
    size_t kept = 0;
    for (size_t k = 0; k < mission->convoys.count; k++) {
        struct pko_convoy *convoy = &mission->convoys.item[k];
        bool dissolved = mission->roster.layers_changed && people_left(mission, convoy);
        bool over = mission->day >= convoy->formed + convoy->days;
        if (!dissolved && !over) {
            if (kept != k)
                move_convoy(&mission->convoys.item[kept], convoy);
            kept++;
            continue;
        }
        if (dissolved)
            mission->total_mission[PKO_TOTAL_DISSOLVED]++;
        else if (!convoy->harmed && !convoy->delivered)
            for (int team = 0; team < convoy->team_count; team++)
                pko_deliver_project(mission, &convoy->teams[team], convoy->origin, convoy->platoons[0].layer);
        free_platoons(mission, convoy);
        log_convoy(mission, convoy, dissolved);
    }
    mission->convoys.count = kept;
}

int pko_contingent_by_platoons(const struct pko_mission *mission, int camp, uint32_t word) {
    const int32_t *escort = mission->roster.escorts + mission->roster.escorts_begin[camp],
                  *end = mission->roster.escorts + mission->roster.escorts_begin[camp + 1];
    uint32_t all = 0;
    for (const int32_t *g = escort; g < end; g++)
        all += pko_free_platoons(mission, *g, camp);
    if (all == 0)
        return -1;
    uint32_t at = pko_below(word, all);
    for (const int32_t *g = escort; g < end; g++) {
        uint32_t platoons = pko_free_platoons(mission, *g, camp);
        if (at < platoons)
            return *g;
        at -= platoons;
    }
    return -1;
}

/* One platoon for a supply convoy, from a contingent drawn by free platoons; false if there is none. */
static bool take_platoon(struct pko_mission *mission, int route, int camp, int platoon,
                         struct pko_block *block) {
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_SUPPLY, (uint32_t)mission->day,
                                      (uint32_t)route, (uint32_t)platoon);
    int contingent = pko_contingent_by_platoons(mission, camp, words.word[0]);
    if (contingent < 0)
        return false;
    int layer = pko_layer_by_headcount(mission, contingent, camp, words.word[1]);
    *block = pko_block_of(mission, layer, mission->parameters.operations_platoon, words.word[2]);
    mission->platoons_out[(size_t)contingent * mission->extent.C + (size_t)camp]++;
    return true;
}

/* Each route sends, every interval_days, a convoy of `platoons` platoons from the origin's pool, fewer if
 * fewer are free, postponed a day if none; first on day 0, D = ceil(distance/km_per_day). */
void pko_supply(struct pko_mission *mission) {
    for (int route = 0; route < mission->scenario->route_count; route++) {
        const struct pko_route *r = &mission->scenario->routes[route];
        if (mission->day < mission->route_due[route])
            continue;
        struct pko_convoy *convoy = pko_convoy_form(mission, r->from, r->km);
        if (!convoy)
            return;
        convoy->days = (int32_t)ceil(r->km / mission->parameters.operations_km_per_day);
        convoy->destination = r->to;
        while (convoy->platoon_count < r->platoons &&
               take_platoon(mission, route, r->from, convoy->platoon_count,
                            &convoy->platoons[convoy->platoon_count]))
            convoy->platoon_count++;
        if (convoy->platoon_count == 0) {
            mission->convoys.count--;
            mission->total_mission[PKO_TOTAL_SUPPLY_POSTPONED]++;
            continue;
        }
        mission->route_due[route] = mission->day + r->interval_days;
        mission->total_mission[PKO_TOTAL_SUPPLY_CONVOYS]++;
    }
}

static bool carries_civilians(const struct pko_mission *mission, const struct pko_convoy *convoy) {
    for (int k = 0; k < convoy->team_count; k++)
        if (pko_group_of(mission, convoy->teams[k].layer)->kind == PKO_SECTION)
            return true;
    return false;
}

static void mark_block(struct pko_mission *mission, const struct pko_block *block, uint8_t today) {
    uint8_t *mark = mission->today + mission->layer_first[block->layer] + block->offset;
    uint32_t count = block->count;
    for (uint32_t k = 0; k < count; k++)
        mark[k] |= today;
}

/* Civilians aboard see the posture of the escorts: the plain mean over the convoy's platoons of their
 * detachments' posture. Someone who happens to be in two convoys is aboard once, in the first. */
static void board_civilians(struct pko_mission *mission, const struct pko_block *team, float posture) {
    size_t first = mission->layer_first[team->layer] + (size_t)team->offset;
    for (size_t i = first; i < first + team->count; i++) {
        if (mission->today[i] & PKO_TODAY_ABOARD)
            continue;
        mission->today[i] |= PKO_TODAY_ABOARD | PKO_TODAY_MIXED;
        mission->traits[i] |= PKO_TRAIT_RIDER;
        mission->ride_posture[i] = posture;
        mission->aboard_civilians++;
    }
}

/* Every pair of groups on a convoy rode together today. */
static void ride_together(struct pko_mission *mission, const struct pko_convoy *convoy) {
    struct pko_groups aboard = {{0, 0}};
    for (int k = 0; k < convoy->platoon_count; k++)
        pko_groups_add(&aboard, mission->scenario->layers[convoy->platoons[k].layer].group);
    for (int k = 0; k < convoy->team_count; k++)
        pko_groups_add(&aboard, mission->scenario->layers[convoy->teams[k].layer].group);
    for (int g = pko_groups_next(&aboard, 0); g >= 0; g = pko_groups_next(&aboard, g + 1))
        for (int h = pko_groups_next(&aboard, 0); h >= 0; h = pko_groups_next(&aboard, h + 1))
            if (g != h)
                mission->last_ride[(size_t)g * mission->trust_stride + (size_t)h] = mission->day;
}

void pko_convoys_ride(struct pko_mission *mission) {
    for (size_t k = 0; k < mission->convoys.count; k++) {
        const struct pko_convoy *convoy = &mission->convoys.item[k];
        int region = mission->scenario->camps[convoy->origin].region;
        bool mixed = carries_civilians(mission, convoy);
        double posture = 0.0;
        for (int platoon = 0; platoon < convoy->platoon_count; platoon++) {
            posture += mission->posture[convoy->platoons[platoon].layer];
            if (mixed)
                mark_block(mission, &convoy->platoons[platoon], PKO_TODAY_MIXED);
        }
        posture /= (double)convoy->platoon_count;
        for (int t = 0; t < convoy->team_count; t++) {
            const struct pko_block *team = &convoy->teams[t];
            int group = mission->scenario->layers[team->layer].group;
            if (mission->scenario->groups[group].kind == PKO_SECTION) {
                board_civilians(mission, team, (float)posture);
                mission->field_people[(size_t)region * mission->extent.G + (size_t)group] +=
                    (double)team->count;
            } else if (mixed) {
                mark_block(mission, team, PKO_TODAY_MIXED);
            }
        }
        ride_together(mission, convoy);
    }
    mission->total_mission[PKO_TOTAL_RIDES] += mission->aboard_civilians;
}
