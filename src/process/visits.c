/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, visits: requests of sections and police units, free movement, shared rides, escorts and their
 * refusal. */
#include <math.h>
#include <string.h>

#include "base/draws.h"
#include "base/real.h"
#include "base/reals.h"
#include "model/cuts.h"
#include "model/people.h"
#include "pkosim/status.h"
#include "process/operations.h"

#define CHUNK 64 /* detachments whose requests are counted, and requests that are drawn, together */

/* With probability lo((s_r − free_movement)/movement_spread) a visit needs no escort: it lasts one day,
 * succeeds at once and is no target. */
static void free_movement(const struct pko_mission *mission, double passage[PKO_REGIONS_MOST]) {
    const struct pko_parameters *p = &mission->parameters;
    for (int r = 0; r < mission->scenario->region_count; r++) {
        double stability = PKO_SEES_REGION(mission, stability_to_access, mission->stability, r);
        passage[r] = (stability - p->operations_free_movement) / p->operations_movement_spread;
    }
    PKO_CHOOSE(pko_level_of(mission->clone), pko_logistics)(passage, passage, mission->extent.R);
}

static void visit_freely(struct pko_mission *mission, const struct pko_block *team, int camp) {
    int group = mission->scenario->layers[team->layer].group, region = mission->scenario->camps[camp].region;
    mission->total_visits_free[group]++;
    if (mission->scenario->groups[group].kind == PKO_SECTION)
        mission->field_people[(size_t)region * mission->extent.G + (size_t)group] += (double)team->count;
    pko_deliver_project(mission, team, camp, -1);
}

/* Poisson(visits·V·n/(100·scale)) requests of `count` layers from the visitors' number `first` on. */
static void count_requests(const struct pko_mission *mission, uint32_t first, uint32_t count,
                           uint32_t *requests) {
    const struct pko_roster *roster = &mission->roster;
    const double *voice = PKO_SEEN_LAYERS(mission, voice_to_visits, voice);
    const double *rate = roster->visitor_rate + first, *people = roster->visitor_people + first;
    double mean[CHUNK], heard[CHUNK], members = 100.0 * mission->scale;
    for (uint32_t k = 0; k < count; k++)
        heard[k] = roster->visitor_speaks[first + k] ? voice[roster->visitors[first + k]] : 1.0;
    for (uint32_t k = 0; k < count; k++)
        mean[k] = rate[k] * heard[k] * people[k] / members;
    pko_poissons(pko_level_of(mission->clone), mission->stream, PKO_PURPOSE_VISIT_COUNT,
                 (uint32_t)mission->day, roster->visitors + first, mean, count, requests);
}

/* The day's requests, camp after camp. */
static void list_requests(struct pko_mission *mission) {
    const struct pko_roster *roster = &mission->roster;
    uint32_t requests[CHUNK];
    mission->requests.count = 0;
    for (uint32_t first = 0; first < roster->visitor_count; first += CHUNK) {
        uint32_t left = roster->visitor_count - first, count = left < CHUNK ? left : CHUNK;
        count_requests(mission, first, count, requests);
        for (uint32_t k = 0; k < count; k++) {
            if (requests[k] == 0)
                continue;
            int32_t layer = (int32_t)roster->visitors[first + k];
            mission->total_visits_requested[mission->scenario->layers[layer].group] += requests[k];
            for (uint32_t number = 0; number < requests[k]; number++)
                PKO_APPEND(mission, mission->requests,
                           (struct pko_request){.layer = layer, .number = number});
        }
    }
}

/* Draws of one purpose for up to CHUNK requests. */
static void draw_requests(const struct pko_mission *mission, enum pko_purpose purpose,
                          const struct pko_request *request, size_t count, uint32_t word[4][CHUNK]) {
    uint32_t layer[CHUNK], number[CHUNK];
    uint32_t *const words[4] = {word[0], word[1], word[2], word[3]};
    const struct pko_addresses addresses = {layer, number, count};
    for (size_t k = 0; k < count; k++) {
        layer[k] = (uint32_t)request[k].layer;
        number[k] = request[k].number;
    }
    PKO_CHOOSE(pko_level_of(mission->clone), pko_draws)
    (mission->stream, purpose, (uint32_t)mission->day, &addresses, words);
}

/* Who goes how far, for up to CHUNK requests. Visits that need no escort take place; the others stay in the
 * list, and how many they are is returned. */
static size_t mark_requests(struct pko_mission *mission, const double passage[PKO_REGIONS_MOST],
                            struct pko_request *request, size_t count) {
    const struct pko_scenario *scenario = mission->scenario;
    uint32_t word[4][CHUNK];
    double distance[CHUNK];
    size_t kept = 0;
    draw_requests(mission, PKO_PURPOSE_VISIT_MARKS, request, count, word);
    for (size_t k = 0; k < count; k++)
        distance[k] = pko_uniform_word(word[1][k]);
    PKO_CHOOSE(pko_level_of(mission->clone), pko_logs)(distance, distance, count);
    for (size_t k = 0; k < count; k++) {
        struct pko_request marked = request[k];
        int camp = scenario->layers[marked.layer].camp, region = scenario->camps[camp].region;
        marked.team = pko_block_of(mission, marked.layer, mission->parameters.operations_team, word[0][k]);
        if (pko_uniform_word(word[2][k]) < passage[region]) {
            visit_freely(mission, &marked.team, camp);
            continue;
        }
        marked.km = -scenario->regions[region].field_radius_km * distance[k]; /* exponential */
        marked.order = word[3][k];
        request[kept++] = marked;
    }
    return kept;
}

static void draw_escorts(const struct pko_mission *mission, struct pko_request *request, size_t count) {
    uint32_t word[4][CHUNK];
    draw_requests(mission, PKO_PURPOSE_ESCORT, request, count, word);
    for (size_t k = 0; k < count; k++)
        request[k].escort = (struct pko_words){{word[0][k], word[1][k], word[2][k], word[3][k]}};
}

/* Draws what a request is about, and keeps those that need an escort. */
static void draw_visits(struct pko_mission *mission) {
    struct pko_requests *requests = &mission->requests;
    double passage[PKO_REGIONS_MOST];
    size_t kept = 0;
    free_movement(mission, passage);
    for (size_t first = 0; first < requests->count; first += CHUNK) {
        size_t left = requests->count - first, count = left < CHUNK ? left : CHUNK;
        size_t marked = mark_requests(mission, passage, requests->item + first, count);
        draw_escorts(mission, requests->item + first, marked);
        memmove(requests->item + kept, requests->item + first, marked * sizeof *requests->item);
        kept += marked;
    }
    requests->count = kept;
}

/* Puts requests of a camp's day in random order; equal numbers by layer, then by request. Few: sorted by
 * insertion. */
static void shuffle_requests(struct pko_request *request, size_t count) {
    for (size_t k = 1; k < count; k++) {
        struct pko_request moving = request[k];
        size_t at = k;
        for (; at > 0 && request[at - 1].order > moving.order; at--)
            request[at] = request[at - 1];
        request[at] = moving;
    }
}

/* Of the convoys formed today at the request's camp, which are those from number `first` on, the one with the
 * smallest distance ≥ x and free seats, or NULL. */
static struct pko_convoy *convoy_to_join(struct pko_mission *mission, const struct pko_request *request,
                                         size_t first) {
    struct pko_convoy *best = NULL;
    for (size_t k = first; k < mission->convoys.count; k++) {
        struct pko_convoy *convoy = &mission->convoys.item[k];
        if (convoy->km >= request->km && convoy->seats >= request->team.count &&
            convoy->team_count < PKO_CONVOY_TEAMS && (!best || convoy->km < best->km))
            best = convoy;
    }
    return best;
}

/* exp(−x/caveat)·(duty + (1−duty)·((1−personal)·T[g][section] + personal·x̄))·(1−reluctance·d̄), x̄ and d̄ the
 * means over the contingent's people at the camp. */
static double willingness(const struct pko_mission *mission, int contingent, int camp, int section,
                          double km) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_roster *roster = &mission->roster;
    const double *cross_trust = PKO_SEEN_LAYERS(mission, cross_trust_to_escort, mean_cross_trust);
    double trust_in_civilians = 0.0, danger = 0.0, people = 0.0;
    for (uint32_t k = roster->camp_begins[camp]; k < roster->camp_begins[camp + 1]; k++) {
        if (roster->group[k] != contingent)
            continue;
        int j = mission->order[k];
        double n = roster->people[k];
        trust_in_civilians += n * cross_trust[j];
        danger += n * mission->mean_danger[j];
        people += n;
    }
    double trust = mission->trust[(size_t)contingent * mission->trust_stride + (size_t)section];
    double inclination =
        (1.0 - p->operations_personal) * trust + p->operations_personal * trust_in_civilians / people;
    return pko_exp(-km / mission->scenario->groups[contingent].caveat_km) *
           (p->operations_duty + (1.0 - p->operations_duty) * inclination) *
           (1.0 - p->operations_reluctance * danger / people);
}

/* Returns the escort's layer, −1 on lack of memory. */
static int escort(struct pko_mission *mission, const struct pko_request *request, int camp, int contingent) {
    const struct pko_parameters *p = &mission->parameters;
    uint32_t seats = (uint32_t)(p->operations_seats + 0.5);
    struct pko_convoy *convoy = pko_convoy_form(mission, camp, request->km);
    if (!convoy)
        return -1;
    int layer = pko_layer_by_headcount(mission, contingent, camp, request->escort.word[2]);
    convoy->days = 1 + (int32_t)ceil(request->km / p->operations_km_per_day);
    convoy->delivered = PKO_CUT(mission, access_to_projects);
    convoy->platoons[convoy->platoon_count++] =
        pko_block_of(mission, layer, p->operations_platoon, request->escort.word[3]);
    convoy->teams[convoy->team_count++] = request->team;
    convoy->seats = seats > request->team.count ? seats - request->team.count : 0;
    mission->platoons_out[(size_t)contingent * mission->extent.C + (size_t)camp]++;
    return layer;
}

static void deny(struct pko_mission *mission, const struct pko_request *request, int camp, int contingent) {
    int section = mission->scenario->layers[request->layer].group;
    mission->denials[request->layer]++;
    if (contingent < 0) {
        mission->total_visits_without_platoon[section]++;
    } else {
        mission->total_visits_refused[section]++;
        PKO_APPEND(mission, mission->ledger.trust,
                   (struct pko_trust_event){PKO_TRUST_REFUSAL, section, contingent});
    }
    if (PKO_CUT(mission, access_to_projects))
        pko_deliver_project(mission, &request->team, camp, -1);
}

static void answer_request(struct pko_mission *mission, const struct pko_request *request, int camp,
                           size_t first_convoy) {
    int section = mission->scenario->layers[request->layer].group;
    bool deliver_now = PKO_CUT(mission, access_to_projects);
    struct pko_convoy *shared = convoy_to_join(mission, request, first_convoy);
    if (shared) {
        mission->total_visits_shared[section]++;
        shared->teams[shared->team_count++] = request->team;
        shared->seats -= request->team.count;
        if (deliver_now)
            pko_deliver_project(mission, &request->team, camp, shared->platoons[0].layer);
        return;
    }
    int contingent = pko_contingent_by_platoons(mission, camp, request->escort.word[0]);
    if (contingent < 0 || pko_uniform_word(request->escort.word[1]) >=
                              willingness(mission, contingent, camp, section, request->km)) {
        deny(mission, request, camp, contingent);
        return;
    }
    mission->total_visits_escorted[section]++;
    int layer = escort(mission, request, camp, contingent);
    if (deliver_now && layer >= 0)
        pko_deliver_project(mission, &request->team, camp, layer);
}

/* The requests of a camp's day are taken in random order. */
static void answer_requests(struct pko_mission *mission, struct pko_request *request, size_t count,
                            int camp) {
    size_t first_convoy = mission->convoys.count;
    shuffle_requests(request, count);
    for (size_t k = 0; k < count; k++)
        answer_request(mission, &request[k], camp, first_convoy);
}

void pko_visits(struct pko_mission *mission) {
    const struct pko_layer *layers = mission->scenario->layers;
    list_requests(mission);
    draw_visits(mission);
    for (size_t first = 0, end; first < mission->requests.count; first = end) {
        struct pko_request *request = mission->requests.item + first;
        int camp = layers[request->layer].camp;
        for (end = first + 1; end < mission->requests.count; end++)
            if (layers[mission->requests.item[end].layer].camp != camp)
                break;
        answer_requests(mission, request, end - first, camp);
    }
    mission->requests.count = 0;
}
