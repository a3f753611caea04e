/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom one meets (ODD 6.7): shares of own detachment, camp and mission, partners evenly among them, and
 * nobody who is not there. */
#include <gsl/gsl_cdf.h>

#include "process/peacekeepers.h"
#include "support/meetings.h"
#include "support/missions.h"

/* Two camps and five detachments, so that own detachment, own camp and anyone are all different. */
static const char *const CAMPS =
    "name: meetings\nstart: 2018-07-01\ndays: 10\nmandate: {timeline: [{date: 2018-07-01, robustness: 0, "
    "cooperation: 0}]}\n"
    "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0]], stability: [[2018-07-01, 0.5]], "
    "trust: 0.5}]\n"
    "camps: [{name: north, region: r, protection: 0.5}, {name: south, region: r, protection: 0.5}]\n"
    "contingents:\n"
    "  - {name: a, bloc: nato, languages: [x], detachments: [{camp: north, strength: 7}, {camp: south, "
    "strength: 37}]}\n"
    "  - {name: b, bloc: nato, languages: [x], detachments: [{camp: north, strength: 53}, {camp: south, "
    "strength: 19}]}\n"
    "  - {name: c, bloc: nato, languages: [x], detachments: [{camp: south, strength: 1}]}\n";

/* The kernel says whom it met: everyone's danger as others see it is its own number, one's own is 0 and moves
 * all the way to the partner's; meeting oneself moves nothing. */
static uint32_t met(const struct pko_mission *mission, const struct pko_meeting_day *day,
                    pko_meetings_function *meet, uint32_t *partner) {
    static const uint8_t nothing[256];
    struct pko_visible seen[256];
    float column[5][256] = {{0}}, posture[256] = {0};
    cr_assert(mission->people + 16 <= 256);
    for (uint32_t k = 0; k < mission->people; k++)
        seen[k] = (struct pko_visible){(float)(k + 1) / 512.0f, 0.0f, 0.0f, 0};
    struct pko_meeting_people people = {column[0], column[1], column[2], column[3], column[4],
                                        nothing,   nothing,   posture,   seen,      false};
    struct pko_meeting_day plain = {.stream = day->stream,
                                    .day = day->day,
                                    .layer = day->layer,
                                    .first = day->first,
                                    .count = day->count,
                                    .own_below = day->own_below,
                                    .camp_below = day->camp_below,
                                    .contagion = 1.0f,
                                    .tie_across = 1.0f};
    memcpy(plain.start, day->start, sizeof plain.start);
    memcpy(plain.last, day->last, sizeof plain.last);
    memcpy(plain.from, day->from, sizeof plain.from);
    memcpy(plain.scale, day->scale, sizeof plain.scale);
    struct pko_meeting_means means;
    meet(&people, &plain, 1, &means);
    for (uint32_t k = 0; k < day->count; k++) {
        float danger = column[0][day->first + k] * 512.0f;
        partner[k] = danger == 0.0f ? day->first + k : (uint32_t)danger - 1; /* oneself, else the other */
        cr_assert(danger == (float)(uint32_t)danger);
    }
    return day->count;
}

Test(partners, partners_come_from_detachment_camp_and_mission_as_stated) {
    struct pko_scenario *scenario = test_scenario(CAMPS, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "open", 0);
    const double own = mission->parameters.contact_own, camp_share = mission->parameters.contact_camp;
    for (uint32_t k = 0; k < mission->layers_present; k++) {
        int j = mission->order[k], camp = scenario->layers[j].camp;
        double count[256] = {0}, draws = 0.0;
        uint32_t partner[256];
        for (mission->day = 0; draws < 300000.0; mission->day++) {
            if (mission->day == 65535) { /* a small detachment takes more days than there are */
                mission->day = 0;
                mission->stream.replicate++;
            }
            struct pko_meeting_day day;
            pko_meeting_day_of(mission, j, &day);
            uint32_t members = met(mission, &day, pko_meetings_choose(NULL), partner);
            for (uint32_t i = 0; i < members; i++) {
                cr_assert(partner[i] < mission->people, "a partner who is not there");
                count[partner[i]] += 1.0;
            }
            draws += members;
        }
        double statistic = 0.0;
        for (uint32_t i = 0; i < mission->people; i++) {
            bool of_own = i - mission->layer_first[j] < mission->layer_people[j];
            bool of_camp = i - mission->camp_first[camp] < mission->camp_people[camp];
            double chance = (of_own ? own / (double)mission->layer_people[j] : 0.0) +
                            (1.0 - own) * (of_camp ? camp_share / (double)mission->camp_people[camp] : 0.0) +
                            (1.0 - own) * (1.0 - camp_share) / (double)mission->people;
            statistic += (count[i] - draws * chance) * (count[i] - draws * chance) / (draws * chance);
        }
        double p = gsl_cdf_chisq_Q(statistic, (double)mission->people - 1.0);
        cr_assert(p > 1e-5, "layer %d: chi-square %g of %u partners", j, statistic, mission->people);
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* Words at every edge lead to someone who is there, and to the first and last of each set; also when a set
 * takes all words or none. */
static void try_edges(const struct pko_mission *mission, int j) {
    struct pko_meeting_day day;
    pko_meeting_day_of(mission, j, &day);
    int32_t edge[] = {0,
                      1,
                      day.own_below - 1,
                      day.own_below,
                      day.own_below < INT32_MAX ? day.own_below + 1 : 0,
                      day.camp_below - 1,
                      day.camp_below,
                      day.camp_below < INT32_MAX ? day.camp_below + 1 : 0,
                      INT32_MAX - 1,
                      INT32_MAX};
    for (size_t k = 0; k < sizeof edge / sizeof *edge; k++)
        for (uint32_t low = 0; low < 2; low++) {
            if (edge[k] < 0)
                continue;
            uint32_t word = (uint32_t)edge[k] << 1 | low;
            int whom = edge[k] < day.own_below ? 0 : edge[k] < day.camp_below ? 1 : 2;
            int32_t at = reference_partner(&day, word);
            cr_assert(at >= day.start[whom] && at <= day.last[whom], "word %u of layer %d leads to %d", word,
                      j, at);
            cr_assert(day.start[whom] >= 0 && (uint32_t)day.last[whom] < mission->people);
        }
    if (day.own_below > 0) {
        cr_assert(reference_partner(&day, 0) == day.start[0]);
        if (day.own_below > 1 << 20 && day.own_below < INT32_MAX)
            cr_assert(reference_partner(&day, (uint32_t)(day.own_below - 1) << 1) == day.last[0]);
    }
}

Test(partners, no_word_leads_outside) {
    const char *const share[] = {"0", "1e-9", "0.3", "0.7", "0.999999999", "1"};
    for (size_t own = 0; own < 6; own++)
        for (size_t near = 0; near < 6; near++) {
            const struct test_setting settings[] = {{"contact.own", share[own]},
                                                    {"contact.camp", share[near]}};
            struct pko_scenario *scenario = test_scenario(CAMPS, settings, PAIRS(settings));
            struct pko_mission *mission = test_mission(scenario, "open", 0);
            for (uint32_t k = 0; k < mission->layers_present; k++)
                try_edges(mission, mission->order[k]);
            pko_mission_free(mission);
            pko_scenario_free(scenario);
        }
}
