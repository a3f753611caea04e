/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day loop: the schedule of ODD section 3, and the public life of a mission. */
#include "pkosim/mission.h"

#include <string.h>

#include "engine/individuals.h"
#include "engine/schedule.h"
#include "model/cuts.h"
#include "model/people.h"
#include "model/standing.h"
#include "pkosim/status.h"
#include "process/operations.h"
#include "process/process.h"

#define DAYS_MOST 65536 /* a day is 16 bits of an address */

#define PIECE_MARKS 262144 /* bytes of a piece that a thread is woken for, at least */

static void clear_piece(void *given, size_t number) {
    struct pko_mission *mission = given;
    size_t pieces = pko_pieces(mission->people, PIECE_MARKS);
    size_t from = pko_piece_from(mission->people, number, pieces);
    memset(mission->today + from, 0, pko_piece_from(mission->people, number + 1, pieces) - from);
}

/* Today's events are those of processes 1-6 of the same day: yesterday's are taken away. */
static void clear_day(struct pko_mission *mission) {
    const struct pko_extent *extent = &mission->extent;
    memcpy(mission->strikes_yesterday, mission->strikes_today, extent->R * sizeof *mission->strikes_today);
#define CLEAR(column, count) memset(mission->column, 0, (count) * sizeof *mission->column)
    CLEAR(strikes_today, extent->R);
    CLEAR(hits_today, extent->R);
    CLEAR(community_hits_today, extent->R);
    CLEAR(projects_today, extent->R);
    CLEAR(leak_retaliations_today, extent->R);
    CLEAR(retaliations_today, extent->R);
    CLEAR(severity_region, extent->R);
    CLEAR(severity_camp, extent->C);
    CLEAR(severity_group, extent->G);
    CLEAR(field_people, extent->RG);
    CLEAR(denials, extent->L);
    CLEAR(project_days, extent->L);
    CLEAR(flights, extent->L);
    CLEAR(bereaved, extent->L);
#undef CLEAR
    pko_crew_work(&mission->crew, pko_pieces(mission->people, PIECE_MARKS), clear_piece, mission);
    mission->severity_mission = 0.0;
    mission->hostile_deaths_today = 0;
    mission->aboard_civilians = 0;
    mission->ledger.trust.count = 0;
    mission->ledger.dead.count = 0;
}

/* Section 5: everyone who is there on the first day arrives; T stands at its prior, regions at their scenario
 * values. */
static void initialize(struct pko_mission *mission) {
    const struct pko_scenario *scenario = mission->scenario;
    for (int g = 0; g < scenario->group_count; g++)
        mission->group_reinforcement[g] = pko_arrival_reinforcement(mission, g);
    pko_standing_today(mission);
    pko_process_layers(mission);
    pko_standing_derive(mission);
    for (int r = 0; r < scenario->region_count; r++) {
        mission->stability[r] = pko_timeline_at(&scenario->regions[r].stability, scenario->start);
        mission->population_trust[r] = scenario->regions[r].trust;
    }
    for (size_t k = 0; k < mission->extent.GG; k++)
        mission->last_ride[k] = PKO_NEVER;
    pko_trust_start(mission);
    const struct pko_mandate_row *row = &scenario->mandate[0];
    for (int k = 1; !scenario->endogenous && k < scenario->mandate_count; k++)
        if (scenario->mandate[k].date <= scenario->start)
            row = &scenario->mandate[k];
    mission->robustness = row->robustness;
    mission->cooperation = row->cooperation;
    mission->mean_reinforcement_evening = pko_mission_mean(mission, mission->mean_reinforcement);
    for (size_t j = 0; j < mission->extent.L; j++)
        mission->voice[j] = 1.0;
    pko_posture_update(mission);
    pko_voice_update(mission);
    pko_memory_start(mission);
    pko_take_medians(mission);
}

int pko_mission_create(const struct pko_scenario *scenario, const char *regime, uint32_t replicate,
                       struct pko_mission **mission) {
    struct pko_regime rules;
    *mission = NULL;
    if (replicate >= (uint32_t)1 << 20)
        return PKO_ERROR_RANGE;
    int status = pko_scenario_regime(scenario, regime, &rules);
    if (status != PKO_OK)
        return status;
    status = pko_mission_allocate(scenario, &rules, replicate, mission);
    if (status == PKO_OK)
        initialize(*mission);
    return status;
}

/* Cuts that the scenario asks for, on their day: dated ones by date, the others on day 90; those dated before
 * the run hold from its first day. */
static void cut_as_planned(struct pko_mission *mission) {
    for (int k = 0; k < mission->scenario->cut_count; k++) {
        const struct pko_cut *cut = &mission->scenario->cuts[k];
        int32_t from = cut->dated ? cut->from : mission->scenario->start + PKO_MEMORY_DAYS;
        bool begins = mission->date == from || (mission->day == 0 && from < mission->date);
        if (begins)
            pko_arrow_cut(mission, cut->arrow);
    }
}

static void end_day(struct pko_mission *mission) {
    for (size_t g = 0; g < mission->extent.G; g++)
        mission->total_person_days[g] += mission->group_people[g];
    pko_group_means_again(mission);
    mission->mean_reinforcement_evening = pko_mission_mean(mission, mission->mean_reinforcement);
    pko_memory_update(mission);
    mission->day++;
    mission->date++;
}

int pko_mission_step(struct pko_mission *mission) {
    if (mission->day >= DAYS_MOST)
        return PKO_ERROR_LIMIT;
    clear_day(mission);
    cut_as_planned(mission);
    pko_standing_today(mission);
    pko_process_layers(mission);
    for (const struct pko_phase *phase = pko_schedule; phase->run; phase++) {
        phase->run(mission);
        if (mission->watcher)
            mission->watcher(mission->watcher_context, mission, phase->number);
    }
    end_day(mission);
    return mission->failure;
}

void pko_mission_watch(struct pko_mission *mission, void (*watcher)(void *, const struct pko_mission *, int),
                       void *context) {
    mission->watcher = watcher;
    mission->watcher_context = context;
}

int pko_mission_day(const struct pko_mission *mission) {
    return mission->day;
}
