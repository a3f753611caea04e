/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A biography is the course of one person: the states that the mission had, from arrival to departure. */
#include <math.h>

#include "experiment/biography.h"
#include "model/scenario.h"
#include "support/small.h"

static int group_named(const struct pko_scenario *scenario, const char *name) {
    for (int k = 0; k < scenario->group_count; k++)
        if (strcmp(scenario->groups[k].name, name) == 0)
            return k;
    cr_assert_fail("no group %s", name);
    return -1;
}
static int camp_named(const struct pko_scenario *scenario, const char *name) {
    for (int k = 0; k < scenario->camp_count; k++)
        if (strcmp(scenario->camps[k].name, name) == 0)
            return k;
    cr_assert_fail("no camp %s", name);
    return -1;
}

/* The biography of a place on a day of a run, and the course of that place as the mission's columns have it.
 */
struct course {
    struct pko_mission *mission;
    struct pko_biography biography;
    float *evening[PKO_STATES]; /* by day */
};

static struct course run_course(const struct pko_scenario *scenario, const char *group, const char *camp,
                                uint32_t k, int32_t day) {
    struct course c = {.mission = mission_of(scenario, "minusma", 0)};
    int32_t layer;
    uint32_t place;
    int64_t people = pko_biography_find(scenario, group_named(scenario, group), camp_named(scenario, camp),
                                        day, k, &layer, &place);
    cr_assert(people > (int64_t)k && layer >= 0);
    pko_biography_begin(&c.biography, c.mission, layer, place, day);
    for (int s = 0; s < PKO_STATES; s++)
        c.evening[s] = calloc((size_t)scenario->days, sizeof(float));
    for (int32_t today = 0; today < scenario->days; today++) {
        run_days(c.mission, 1);
        size_t first, count;
        cr_assert_eq(pko_mission_members(c.mission, group, camp, &first, &count), PKO_OK);
        if (count <= k)
            continue;
        struct pko_person_states states = pko_person_states_at(c.mission, first + k);
        for (int s = 0; s < PKO_STATES; s++)
            c.evening[s][today] = states.value[s];
    }
    cr_assert_eq(pko_biography_end(&c.biography, c.mission), PKO_OK);
    return c;
}

static void free_course(struct course *c) {
    for (int s = 0; s < PKO_STATES; s++)
        free(c->evening[s]);
    pko_biography_free(&c->biography);
    pko_mission_free(c->mission);
}

static void check_course(const struct course *c) {
    const struct pko_biography *b = &c->biography;
    cr_assert(b->first_day <= b->asked && b->asked <= b->last_day, "%d %d %d", b->first_day, b->asked,
              b->last_day);
    cr_assert_eq(b->days.count, (size_t)(b->last_day - b->first_day + 1));
    for (size_t n = 0; n < b->days.count; n++) {
        const struct pko_person_day *day = &b->days.item[n];
        cr_assert_eq(day->day, b->first_day + (int32_t)n);
        for (int s = 0; s < PKO_STATES; s++) {
            cr_assert(n == 0 || day->before[s] == b->days.item[n - 1].after[s],
                      "one evening is the next morning");
            /* On the last day the place may have been given on in the evening. */
            if (day->day < b->last_day || b->ends == PKO_ENDS_RUN)
                cr_assert(fabs(day->after[s] - (double)c->evening[s][day->day]) <= 0x1p-49);
            if (n == 0 && b->first_day > 0 && b->begins == PKO_BEGINS_REPLACING)
                cr_assert(fabs(day->before[s] - (double)c->evening[s][b->first_day - 1]) <= 0x1p-49);
        }
    }
    double sum[PKO_STATES] = {0};
    for (enum pko_term term = 0; term < PKO_TERMS; term++)
        sum[pko_term_info(term)->state] += pko_biography_sum(b, term);
    for (int s = 0; s < PKO_STATES; s++)
        cr_assert(sum[s] == b->days.item[b->days.count - 1].after[s] - b->days.item[0].before[s],
                  "years of terms add up, exactly");
    for (size_t n = 0; n < b->incidents.count; n++)
        cr_assert(b->incidents.item[n].incident.day >= b->first_day &&
                  b->incidents.item[n].incident.day <= b->last_day && b->incidents.item[n].near != 0);
}

Test(explain_biography, soldiers_come_and_go_with_half_of_the_detachment) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "730");
    struct course c = run_course(scenario, "chad", "kidal_camp", 3, 300);
    check_course(&c);
    cr_expect_eq(c.biography.ends, PKO_ENDS_ROTATION);
    cr_expect_eq(c.biography.begins, PKO_BEGINS_REPLACING);
    /* 14 months: round(30.4·14) = 426 days. */
    cr_expect_eq(c.biography.days.count, 426, "%zu days", c.biography.days.count);
    free_course(&c);
    c = run_course(scenario, "chad", "kidal_camp", 3, 0);
    check_course(&c);
    cr_expect_eq(c.biography.begins, PKO_BEGINS_RUN);
    cr_expect_eq(c.biography.first_day, 0);
    free_course(&c);
    c = run_course(scenario, "chad", "kidal_camp", 3, 729);
    check_course(&c);
    cr_expect_eq(c.biography.ends, PKO_ENDS_RUN);
    free_course(&c);
    pko_scenario_free(scenario);
}

Test(explain_biography, everyone_of_a_detachment_dies_as_often_as_it_lost_people) {
    struct pko_scenario *scenario = SMALL("scale", "0.05", "days", "300", "threat.branching", "0.8");
    size_t deaths = 0, risk = 0;
    uint64_t lost = 0;
    int chad = group_named(scenario, "chad");
    for (uint32_t k = 0; k < 70; k++)
        for (int32_t day = 0; day < 300;) {
            struct course c = run_course(scenario, "chad", "kidal_camp", k, day);
            check_course(&c);
            deaths += c.biography.ends == PKO_ENDS_DEATH;
            lost = c.mission->total_deaths[chad];
            for (size_t n = 0; n < c.biography.incidents.count; n++)
                risk += (c.biography.incidents.item[n].near & PKO_NEAR_SELF) != 0;
            day = c.biography.last_day + 1;
            free_course(&c);
        }
    cr_expect(lost > 5 && deaths == lost, "%zu biographies end in death, the detachment lost %llu", deaths,
              (unsigned long long)lost);
    cr_expect_gt(risk, deaths);
    pko_scenario_free(scenario);
}

Test(explain_biography, civilians_leave_at_the_end_of_a_term) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "730");
    size_t tenures = 0, all = 12;
    for (uint32_t k = 0; k < all; k++) {
        struct course c = run_course(scenario, "mission_support", "bamako_hq", k, 150);
        check_course(&c);
        tenures += c.biography.ends == PKO_ENDS_TENURE;
        cr_expect_neq(c.biography.ends, PKO_ENDS_ROTATION);
        cr_expect_eq(c.biography.traits & PKO_TRAIT_UNIFORMED, 0);
        free_course(&c);
    }
    cr_expect(tenures > 0 && tenures < all, "%zu of %zu", tenures, all);
    pko_scenario_free(scenario);
}

Test(explain_biography, watching_changes_nothing) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "200");
    struct course c = run_course(scenario, "civil_affairs", "gao_supercamp", 1, 100);
    check_course(&c);
    struct pko_mission *plain = mission_of(scenario, "minusma", 0);
    run_days(plain, 200);
    cr_expect_eq(pko_mission_hash(plain), pko_mission_hash(c.mission));
    pko_mission_free(plain);
    free_course(&c);
    pko_scenario_free(scenario);
}

Test(explain_biography, layers_that_come_and_go_bound_a_service) {
    static const char *const TEXT =
        "name: layers\nstart: 2018-07-01\ndays: 120\n"
        "mandate: {timeline: [{date: 2018-07-01, robustness: 0.3, cooperation: 0}]}\n"
        "regions: [{name: r, field_radius_km: 50, threat: [[2018-07-01, 0.2]], stability: [[2018-07-01, "
        "0.4]], "
        "trust: 0.45}]\n"
        "camps: [{name: camp, region: r, protection: 0.5}]\n"
        "contingents: [{name: soldiers, bloc: nato, languages: [english], rotation_months: 60, detachments: "
        "[{camp: camp, strength: 20}, {camp: camp, strength: 10, from: 2018-08-01, until: 2018-09-01}]}]\n";
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    cr_assert_eq(pko_scenario_parse("layers", TEXT, strlen(TEXT), NULL, 0, &scenario, &problems), PKO_OK,
                 "%s", problems ? problems : "");
    int32_t layer;
    uint32_t place;
    cr_expect_eq(pko_biography_find(scenario, 0, 0, 0, 20, &layer, &place), 20);
    cr_expect_eq(layer, -1, "there are but 20 on the first day");
    cr_expect_eq(pko_biography_find(scenario, 0, 0, 40, 25, &layer, &place), 30);
    cr_expect(layer == 1 && place == 5);
    cr_expect_eq(pko_biography_find(scenario, 0, 0, 62, 25, &layer, &place), 20);
    cr_expect_eq(layer, -1, "1 September is the first day without them");
    struct pko_mission *mission = NULL;
    cr_assert_eq(pko_mission_create(scenario, "minusma", 0, &mission), PKO_OK);
    struct pko_biography b;
    pko_biography_begin(&b, mission, 1, 5, 40);
    run_days(mission, 120);
    cr_assert_eq(pko_biography_end(&b, mission), PKO_OK);
    cr_expect(b.begins == PKO_BEGINS_LAYER && b.ends == PKO_ENDS_LAYER, "%d %d", b.begins, b.ends);
    cr_expect(b.first_day == 31 && b.last_day == 61 && b.days.count == 31, "%d to %d", b.first_day,
              b.last_day);
    pko_biography_free(&b);
    pko_biography_free(&b);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
}

Test(explain_biography, turning_points_are_the_largest_changes_and_apart) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "days", "400");
    struct course c = run_course(scenario, "chad", "kidal_camp", 7, 200);
    const struct pko_biography *b = &c.biography;
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        size_t numbers[4], count = pko_biography_turns(b, s, 7, numbers, 4);
        cr_assert_eq(count, 4);
        double least = INFINITY;
        for (size_t k = 0; k < count; k++) {
            const struct pko_person_day *day = &b->days.item[numbers[k]];
            double size = fabs(day->after[s] - day->before[s]);
            cr_expect_leq(size, least, "in order of size");
            least = size;
            for (size_t other = 0; other < k; other++)
                cr_expect_gt(labs((long)numbers[k] - (long)numbers[other]), 7);
            enum pko_term cause = pko_biography_cause(b, numbers[k], s);
            cr_expect_eq(pko_term_info(cause)->state, s);
            cr_expect_gt(day->term[cause] * (day->after[s] - day->before[s]), 0.0,
                         "it pushes the way it went");
        }
        for (size_t n = 0; n < b->days.count; n++)
            cr_expect_leq(fabs(b->days.item[n].after[s] - b->days.item[n].before[s]),
                          fabs(b->days.item[numbers[0]].after[s] - b->days.item[numbers[0]].before[s]));
    }
    free_course(&c);
    pko_scenario_free(scenario);
}

Test(explain_biography, behind_grief_is_a_death_and_behind_fright_the_strongest_signal) {
    struct pko_scenario *scenario = SMALL("scale", "0.05", "days", "365", "threat.branching", "0.8");
    size_t bereaved = 0, witnessed = 0, frightened = 0;
    for (uint32_t k = 0; k < 40; k++) {
        struct course c = run_course(scenario, "chad", "kidal_camp", k, 364);
        const struct pko_biography *b = &c.biography;
        for (size_t n = 0; n < b->days.count; n++) {
            const struct pko_person_day *day = &b->days.item[n];
            const struct pko_incident_near *one;
            if (day->bereaved) {
                one = pko_biography_incident(b, day->day, PKO_TERM_TRAUMA_BEREAVEMENT);
                cr_assert(one && one->incident.day == day->day && one->incident.killed > 0 &&
                          (one->near & PKO_NEAR_GROUP));
                bereaved++;
            }
            if (day->today & PKO_TODAY_WITNESS) {
                one = pko_biography_incident(b, day->day, PKO_TERM_TRAUMA_WITNESS);
                cr_assert(one && one->incident.hit && (one->near & PKO_NEAR_SELF));
                witnessed++;
            }
            one = pko_biography_incident(b, day->day, PKO_TERM_DANGER_INCIDENTS);
            cr_assert_eq(one != NULL, day->signal[0] + day->signal[1] + day->signal[2] > 0.0);
            /* One that concerned the own group comes before one that merely was in the region. */
            if (one && day->signal[0] > 0.0)
                cr_assert(one->near & (PKO_NEAR_GROUP | PKO_NEAR_CAMP), "day %d", day->day);
            frightened += one != NULL;
        }
        free_course(&c);
    }
    cr_expect(bereaved > 20 && witnessed > 20 && frightened > bereaved, "%zu %zu %zu", bereaved, witnessed,
              frightened);
    pko_scenario_free(scenario);
}

Test(explain_biography, parts_add_up_and_are_off_by_less_than_one) {
    static const double value[] = {0.12344, -0.00006, 0.00005, 0.3, -0.41111, 0.0, 0.00004};
    const size_t count = sizeof value / sizeof *value;
    double sum = 0.0;
    for (size_t k = 0; k < count; k++)
        sum += value[k];
    for (long off = -2; off <= 2; off++) {
        long part[sizeof value / sizeof *value], total = lround(sum / 1e-4) + off, all = 0;
        pko_apportion(value, count, 1e-4, total, part);
        for (size_t k = 0; k < count; k++) {
            all += part[k];
            cr_expect_lt(fabs(value[k] / 1e-4 - (double)part[k]), 1.0 + 1e-9, "part %zu is %ld", k, part[k]);
        }
        cr_expect_eq(all, total);
    }
}
