/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, visits: requests of sections and police units, free movement, shared rides, escorts and their
 * refusal. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "base/real.h"
#include "model/cuts.h"
#include "model/people.h"
#include "pkosim/status.h"
#include "process/operations.h"

/* With probability lo((s_r − free_movement)/movement_spread) a visit needs no escort: it lasts one day,
 * succeeds at once and is no target. */
static double free_movement(const struct pko_mission *mission, int region) {
    const struct pko_parameters *p = &mission->parameters;
    double stability = PKO_SEES_REGION(mission, stability_to_access, mission->stability, region);
    return pko_logistic((stability - p->operations_free_movement) / p->operations_movement_spread);
}

static void visit_freely(struct pko_mission *mission, const struct pko_block *team, int camp) {
    int group = mission->scenario->layers[team->layer].group, region = mission->scenario->camps[camp].region;
    mission->total_visits_free[group]++;
    if (mission->scenario->groups[group].kind == PKO_SECTION)
        mission->field_people[(size_t)region * mission->extent.G + (size_t)group] += (double)team->count;
    pko_deliver_project(mission, team, camp, -1);
}

/* Poisson(visits·V·n/(100·scale)) requests of one layer; those that need an escort are listed. */
static void request_visits(struct pko_mission *mission, int layer, double free_passage) {
    const struct pko_parameters *p = &mission->parameters;
    int group = mission->scenario->layers[layer].group, camp = mission->scenario->layers[layer].camp;
    const struct pko_group *g = &mission->scenario->groups[group];
    double voice = PKO_SEES_LAYER(mission, voice_to_visits, mission->voice, layer);
    if (g->kind != PKO_SECTION)
        voice = 1.0;
    double rate = g->visits * voice * (double)mission->layer_people[layer] / (100.0 * mission->scale);
    uint32_t day = (uint32_t)mission->day;
    uint32_t count = pko_poisson_at(mission->stream, PKO_PURPOSE_VISIT_COUNT, day, (uint32_t)layer, rate);
    mission->total_visits_requested[group] += count;
    double radius = mission->scenario->regions[mission->scenario->camps[camp].region].field_radius_km;
    for (uint32_t k = 0; k < count; k++) {
        struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_VISIT_MARKS, day, (uint32_t)layer, k);
        struct pko_block team = pko_block_of(mission, layer, p->operations_team, words.word[0]);
        double km = pko_exponential(radius, pko_uniform_word(words.word[1]));
        if (pko_uniform_word(words.word[2]) < free_passage)
            visit_freely(mission, &team, camp);
        else
            PKO_APPEND(mission, mission->requests,
                       (struct pko_request){
                           .layer = layer, .number = k, .order = words.word[3], .team = team, .km = km});
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

/* The convoy formed today at that camp with the smallest distance ≥ x and free seats, or NULL. */
static struct pko_convoy *convoy_to_join(struct pko_mission *mission, const struct pko_request *request,
                                         int camp) {
    struct pko_convoy *best = NULL;
    for (size_t k = 0; k < mission->convoys.count; k++) {
        struct pko_convoy *convoy = &mission->convoys.item[k];
        if (convoy->formed == mission->day && convoy->origin == camp && convoy->km >= request->km &&
            convoy->seats >= request->team.count && convoy->team_count < PKO_CONVOY_TEAMS &&
            (!best || convoy->km < best->km))
            best = convoy;
    }
    return best;
}

/* exp(−x/caveat)·(duty + (1−duty)·((1−personal)·T[g][section] + personal·x̄))·(1−reluctance·d̄), x̄ and d̄ the
 * means over the contingent's people at the camp. */
static double willingness(const struct pko_mission *mission, int contingent, int camp, int section,
                          double km) {
    const struct pko_parameters *p = &mission->parameters;
    double trust_in_civilians = 0.0, danger = 0.0, people = 0.0;
    for (uint32_t k = pko_first_at_camp(mission, camp); pko_at_camp(mission, k, camp); k++) {
        int j = mission->order[k];
        if (mission->scenario->layers[j].group != contingent)
            continue;
        double n = (double)mission->layer_people[j];
        trust_in_civilians +=
            n * PKO_SEES_LAYER(mission, cross_trust_to_escort, mission->mean_cross_trust, j);
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

static void form_convoy(struct pko_mission *mission, const struct pko_request *request, int camp,
                        int contingent, const struct pko_words *words, bool delivered) {
    const struct pko_parameters *p = &mission->parameters;
    int layer = pko_layer_by_headcount(mission, contingent, camp, words->word[2]);
    uint32_t seats = (uint32_t)(p->operations_seats + 0.5);
    struct pko_convoy convoy;
    memset(&convoy, 0, sizeof convoy); /* padding too: convoys are hashed by their bytes */
    convoy.formed = mission->day;
    convoy.days = 1 + (int32_t)ceil(request->km / p->operations_km_per_day);
    convoy.origin = camp;
    convoy.destination = -1;
    convoy.delivered = delivered;
    convoy.km = request->km;
    convoy.platoons[convoy.platoon_count++] =
        pko_block_of(mission, layer, p->operations_platoon, words->word[3]);
    convoy.teams[convoy.team_count++] = request->team;
    convoy.seats = seats > request->team.count ? seats - request->team.count : 0;
    mission->platoons_out[(size_t)contingent * mission->extent.C + (size_t)camp]++;
    PKO_APPEND(mission, mission->convoys, convoy);
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

static void answer_request(struct pko_mission *mission, const struct pko_request *request, int camp) {
    int section = mission->scenario->layers[request->layer].group;
    bool deliver_now = PKO_CUT(mission, access_to_projects);
    struct pko_convoy *shared = convoy_to_join(mission, request, camp);
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
    size_t before = mission->convoys.count;
    form_convoy(mission, request, camp, contingent, &words, deliver_now);
    if (deliver_now && mission->convoys.count > before)
        pko_deliver_project(mission, &request->team, camp, mission->convoys.item[before].platoons[0].layer);
}

void pko_visits(struct pko_mission *mission) {
    uint32_t k = 0;
    double free_passage[PKO_REGIONS_MOST];
    for (int r = 0; r < mission->scenario->region_count; r++)
        free_passage[r] = free_movement(mission, r);
    for (int camp = 0; camp < mission->scenario->camp_count; camp++) {
        int region = mission->scenario->camps[camp].region;
        mission->requests.count = 0;
        for (; k < mission->layers_present && mission->scenario->layers[mission->order[k]].camp == camp; k++)
            if (pko_group_of(mission, mission->order[k])->visits > 0.0)
                request_visits(mission, mission->order[k], free_passage[region]);
        shuffle_requests(&mission->requests);
        for (size_t r = 0; r < mission->requests.count; r++)
            answer_request(mission, &mission->requests.item[r], camp);
    }
}
