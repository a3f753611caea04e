/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.6 aviation: flight requests, approval by mission support, national command. Evacuation quality e_r
 * follows from presence (model/standing.c). */
#include "base/draws.h"
#include "model/mission.h"
#include "pkosim/status.h"
#include "process/process.h"

/* One of the group's detachments, drawn by headcount. */
static int detachment_of(const struct pko_mission *mission, int group, uint32_t word) {
    uint32_t at = pko_below(word, mission->group_people[group]);
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int layer = mission->order[k];
        if (mission->roster.group[k] != group)
            continue;
        if (at < mission->layer_people[layer])
            return layer;
        at -= mission->layer_people[layer];
    }
    return -1;
}

/* Writes a trust event between a contingent and every section of mission support present. */
static void with_mission_support(struct pko_mission *mission, enum pko_trust_event_kind kind,
                                 int contingent) {
    for (int s = 0; s < mission->scenario->group_count; s++) {
        const struct pko_group *section = &mission->scenario->groups[s];
        if (!pko_is_support(section) || !mission->group_people[s])
            continue;
        struct pko_trust_event event = {(int32_t)kind, contingent, s};
        if (kind == PKO_TRUST_BYPASS)
            event = (struct pko_trust_event){(int32_t)kind, s, contingent};
        PKO_APPEND(mission, mission->ledger.trust, event);
    }
}

static void request_flight(struct pko_mission *mission, int group, uint32_t number) {
    bool national = mission->scenario->groups[group].national_command;
    struct pko_words words =
        pko_draw(mission->stream, PKO_PURPOSE_FLIGHT, (uint32_t)mission->day, (uint32_t)group, number);
    int layer = detachment_of(mission, group, words.word[1]);
    mission->total_mission[PKO_TOTAL_FLIGHTS_REQUESTED]++;
    if (!national && pko_uniform_word(words.word[0]) >= mission->parameters.aviation_approval) {
        mission->total_mission[PKO_TOTAL_FLIGHTS_DENIED]++;
        mission->denials[layer]++;
        with_mission_support(mission, PKO_TRUST_FLIGHT, group);
        return;
    }
    mission->flights[layer]++;
    if (national)
        with_mission_support(mission, PKO_TRUST_BYPASS, group);
}

void pko_process_aviation(struct pko_mission *mission) {
    uint32_t flying[PKO_GROUPS_MOST], requests[PKO_GROUPS_MOST];
    double mean[PKO_GROUPS_MOST];
    size_t count = 0;
    for (int g = 0; g < mission->scenario->group_count; g++) {
        double aviation = mission->roster.aviation[g];
        if (aviation <= 0.0 || mission->group_people[g] == 0)
            continue;
        flying[count] = (uint32_t)g;
        mean[count++] = mission->parameters.aviation_requests * aviation;
    }
    pko_poissons(pko_level_of(mission->clone), mission->stream, PKO_PURPOSE_FLIGHT_COUNT,
                 (uint32_t)mission->day, flying, mean, count, requests);
    for (size_t k = 0; k < count; k++)
        for (uint32_t number = 0; number < requests[k]; number++)
            request_flight(mission, (int)flying[k], number);
}
