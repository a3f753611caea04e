/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, visits: requests of sections and police units, free movement, shared rides, escorts and their
 * refusal. */
#include <math.h>

#include "base/draws.h"
#include "base/real.h"
#include "base/reals.h"
#include "model/cuts.h"
#include "model/people.h"
#include "pkosim/status.h"
#include "process/operations.h"

#define CHUNK 64 /* detachments whose requests are counted together */

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
    double mean[CHUNK], members = 100.0 * mission->scale;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t at = first + k;
        double heard = roster->visitor_speaks[at] ? voice[roster->visitors[at]] : 1.0;
        mean[k] = roster->visitor_rate[at] * heard * roster->visitor_people[at] / members;
    }
    pko_poissons(pko_level_of(mission->clone), mission->stream, PKO_PURPOSE_VISIT_COUNT,
                 (uint32_t)mission->day, roster->visitors + first, mean, count, requests);
}

/* Visits of one layer; those that need an escort are listed. */
static void request_visits(struct pko_mission *mission, uint32_t layer, uint32_t count, double free_passage) {
    int group = mission->scenario->layers[layer].group, camp = mission->scenario->layers[layer].camp;
    double radius = mission->scenario->regions[mission->scenario->camps[camp].region].field_radius_km;
    mission->total_visits_requested[group] += count;
    for (uint32_t k = 0; k < count; k++) {
        struct pko_words words =
            pko_draw(mission->stream, PKO_PURPOSE_VISIT_MARKS, (uint32_t)mission->day, layer, k);
        struct pko_block team =
            pko_block_of(mission, (int)layer, mission->parameters.operations_team, words.word[0]);
        if (pko_uniform_word(words.word[2]) < free_passage) {
            visit_freely(mission, &team, camp);
            continue;
        }
        double km = pko_exponential(radius, pko_uniform_word(words.word[1]));
        PKO_APPEND(mission, mission->requests,
                   (struct pko_request){
                       .layer = (int32_t)layer, .number = k, .order = words.word[3], .team = team, .km = km});
    }
}

/* Puts the day's requests of a camp in random order; equal numbers by layer, then by request. Few: sorted by
 * insertion. */
static void shuffle_requests(struct pko_requests *requests) {
    for (size_t k = 1; k < requests->count; k++) {
        struct pko_request moving = requests->item[k];
        size_t at = k;
        for (; at > 0 && requests->item[at - 1].order > moving.order; at--)
            requests->item[at] = requests->item[at - 1];
        requests->item[at] = moving;
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
static int escort(struct pko_mission *mission, const struct pko_request *request, int camp, int contingent,
                  const struct pko_words *words) {
    const struct pko_parameters *p = &mission->parameters;
    uint32_t seats = (uint32_t)(p->operations_seats + 0.5);
    struct pko_convoy *convoy = pko_convoy_form(mission, camp, request->km);
    if (!convoy)
        return -1;
    int layer = pko_layer_by_headcount(mission, contingent, camp, words->word[2]);
    convoy->days = 1 + (int32_t)ceil(request->km / p->operations_km_per_day);
    convoy->delivered = PKO_CUT(mission, access_to_projects);
    convoy->platoons[convoy->platoon_count++] =
        pko_block_of(mission, layer, p->operations_platoon, words->word[3]);
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
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_ESCORT, (uint32_t)mission->day,
                                      (uint32_t)request->layer, request->number);
    int contingent = pko_contingent_by_platoons(mission, camp, words.word[0]);
    if (contingent < 0 ||
        pko_uniform_word(words.word[1]) >= willingness(mission, contingent, camp, section, request->km)) {
        deny(mission, request, camp, contingent);
        return;
    }
    mission->total_visits_escorted[section]++;
    int layer = escort(mission, request, camp, contingent, &words);
    if (deliver_now && layer >= 0)
        pko_deliver_project(mission, &request->team, camp, layer);
}

/* The requests of a camp's day are taken in random order. */
static void answer_requests(struct pko_mission *mission, int camp) {
    size_t first_convoy = mission->convoys.count;
    shuffle_requests(&mission->requests);
    for (size_t r = 0; r < mission->requests.count; r++)
        answer_request(mission, &mission->requests.item[r], camp, first_convoy);
    mission->requests.count = 0;
}

void pko_visits(struct pko_mission *mission) {
    const struct pko_roster *roster = &mission->roster;
    double free_passage[PKO_REGIONS_MOST];
    uint32_t requests[CHUNK];
    mission->requests.count = 0;
    free_movement(mission, free_passage);
    for (int camp = 0; camp < mission->scenario->camp_count; camp++) {
        int region = mission->scenario->camps[camp].region;
        for (uint32_t k = roster->visitors_begin[camp]; k < roster->visitors_begin[camp + 1]; k++) {
            uint32_t left = roster->visitor_count - k;
            if (k % CHUNK == 0)
                count_requests(mission, k, left < CHUNK ? left : CHUNK, requests);
            if (requests[k % CHUNK] > 0)
                request_visits(mission, roster->visitors[k], requests[k % CHUNK], free_passage[region]);
        }
        if (mission->requests.count > 0)
            answer_requests(mission, camp);
    }
}
