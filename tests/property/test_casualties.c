/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Casualties (ODD 6.5): the power law and its mean under a cap, those at risk, who is hit, who dies. */
#include "base/random.h"
#include "base/real.h"
#include "process/incidents.h"
#include "support/missions.h"

#define BOUND 4.5 /* standard errors */

/* P(casualties ≥ k) before the cap: U ≤ (least/k)^(tail−1). */
static double at_least(double least, double tail, double k) {
    return k <= least ? 1.0 : pow(least / k, tail - 1.0);
}

/* Mean and variance of min(cap, floor(least·U^(−1/(tail−1)))), summed over all sizes. */
static void exact_moments(double least, double tail, uint32_t cap, double *mean, double *variance) {
    double first = 0.0, second = 0.0;
    for (uint32_t k = 1; k <= cap; k++) {
        double p = at_least(least, tail, (double)k);
        first += p;
        second += (2.0 * k - 1.0) * p;
    }
    *mean = first;
    *variance = second - first * first;
}

Test(casualties, capped_power_law_has_its_mean) {
    const double least[] = {1.0, 1.5, 2.0, 5.0}, tail[] = {1.8, 2.2, 3.5};
    const uint32_t cap[] = {1, 4, 30, 200, 1000};
    const struct pko_stream stream = {41, 0};
    const uint32_t draws = 100000;
    uint32_t entity = 0;
    for (size_t l = 0; l < 4; l++)
        for (size_t t = 0; t < 3; t++)
            for (size_t c = 0; c < 5; c++, entity++) {
                double sum = 0.0, mean, variance;
                for (uint32_t k = 0; k < draws; k++) {
                    double u = pko_uniform(pko_draw(stream, PKO_PURPOSE_STRIKE, 0, entity, k), 0);
                    uint32_t size = pko_power_law(least[l], tail[t], u, cap[c]);
                    cr_assert(size <= cap[c]);
                    sum += size;
                }
                exact_moments(least[l], tail[t], cap[c], &mean, &variance);
                double error = sqrt(variance / draws);
                cr_assert(fabs(sum / draws - mean) <= BOUND * error + 1e-12,
                          "least %g, tail %g, cap %u: %g ± %g, expected %g", least[l], tail[t], cap[c],
                          sum / draws, error, mean);
            }
}

/* Sizes change exactly where the law says: just below U = (least/k)^(tail−1) there are k, just above fewer.
 */
Test(casualties, sizes_change_at_their_quantiles) {
    for (double tail = 1.8; tail < 3.6; tail += 0.425)
        for (uint32_t k = 2; k <= 400; k++) {
            double edge = at_least(1.0, tail, (double)k);
            cr_assert(pko_power_law(1.0, tail, edge * (1.0 - 1e-9), 1000) == k);
            cr_assert(pko_power_law(1.0, tail, edge * (1.0 + 1e-9), 1000) == k - 1);
        }
}

/* --- Targets and victims in a running mission --- */

static struct pko_mission *busy(struct pko_scenario **scenario) {
    const struct test_setting settings[] = {
        {"contingents.germany.escort", "0.2"}, {"incident.tail", "1.8"},
        {"incident.least_movement", "5"},      {"sections.civil_affairs.visits", "40"},
        {"incident.least_camp", "3"},
    };
    *scenario = test_scenario("small", settings, PAIRS(settings));
    return test_mission(*scenario, "monusco", 0);
}

static struct pko_plot due_today(const struct pko_mission *mission, int region, int plot_class, int number) {
    struct pko_plot plot;
    memset(&plot, 0, sizeof plot);
    plot.born = mission->day - 5;
    plot.due = mission->day;
    plot.sealed_until = PKO_NEVER;
    plot.region = region;
    plot.plot_class = (uint8_t)plot_class;
    plot.number = (uint16_t)number;
    return plot;
}

/* The ranges at risk lie in the mission, do not overlap, are in the region, and belong to the groups said to
 * be at risk, who are target groups. */
static void check_target(const struct pko_mission *mission, const struct pko_plot *plot,
                         const struct pko_target *target) {
    uint32_t people = 0;
    struct pko_groups there = {{0, 0}};
    for (uint32_t r = 0; r < target->range_count; r++) {
        const struct pko_range *range = &target->range[r];
        people += range->count;
        cr_assert(range->count > 0 && range->first + range->count <= mission->people);
        if (r > 0)
            cr_assert(range->first >= range[-1].first + range[-1].count, "ranges overlap");
        for (uint32_t k = 0; k < mission->layers_present; k++) {
            int j = mission->order[k];
            if (mission->layer_first[j] < range->first + range->count &&
                range->first < mission->layer_first[j] + mission->layer_people[j]) {
                pko_groups_add(&there, mission->scenario->layers[j].group);
                if (target->convoy < 0)
                    cr_assert(pko_region_of(mission, j) == plot->region);
            }
        }
    }
    cr_assert(people == target->people);
    if (plot->plot_class == PKO_POPULATION) {
        cr_assert(people == 0);
        return;
    }
    uint32_t most[] = {0, 30, 20}; /* at_risk_camp and at_risk_soft */
    if (plot->plot_class != PKO_MOVEMENT)
        cr_assert(people <= most[plot->plot_class] && (plot->plot_class == PKO_SOFT || people == 30));
    else if (target->convoy < 0)
        cr_assert(people == 30, "a patrol is a platoon");
    for (int half = 0; half < 2; half++) {
        cr_assert(there.bits[half] == target->at_risk.bits[half]);
        cr_assert((target->at_risk.bits[half] & ~target->groups.bits[half]) == 0);
    }
}

static uint32_t flagged(const struct pko_mission *mission, uint8_t flag) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < mission->people; i++)
        count += (mission->today[i] & flag) != 0;
    return count;
}

/* Exactly those at risk are witnesses, as many are hit as the law says, the dead among them. */
static void check_casualties(struct pko_mission *mission, const struct pko_plot *plot,
                             const struct pko_target *target, double u) {
    memset(mission->today, 0, mission->people);
    const struct pko_parameters *p = &mission->parameters;
    const double least[] = {p->incident_least_movement, p->incident_least_camp, p->incident_least_soft};
    size_t dead_before = mission->ledger.dead.count;
    struct pko_casualties casualties = pko_casualties_draw(mission, plot, target, u);
    uint32_t all = casualties.wounded + casualties.killed;
    cr_assert(all <= target->people);
    cr_assert(all == pko_power_law(least[plot->plot_class], p->incident_tail, u, target->people));
    cr_assert(flagged(mission, PKO_TODAY_WITNESS) == target->people);
    cr_assert(flagged(mission, PKO_TODAY_HIT) == all, "somebody was hit twice");
    cr_assert(flagged(mission, PKO_TODAY_DEAD) == casualties.killed);
    cr_assert(mission->ledger.dead.count - dead_before == casualties.killed);
    for (uint32_t i = 0; i < mission->people; i++)
        if (mission->today[i] & (PKO_TODAY_HIT | PKO_TODAY_DEAD))
            cr_assert(mission->today[i] & PKO_TODAY_WITNESS, "hit without being at risk");
    for (int half = 0; half < 2; half++)
        cr_assert((casualties.groups.bits[half] & ~target->at_risk.bits[half]) == 0);
}

Test(casualties, never_more_than_those_at_risk) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = busy(&scenario);
    int on_convoys = 0, all_hit = 0;
    for (int day = 0; day < 60; day++) {
        test_run(mission, 1);
        for (int region = 0; region < scenario->region_count; region++)
            for (int number = 0; number < 40; number++) {
                struct pko_plot plot = due_today(mission, region, number % PKO_PLOT_CLASSES, number);
                struct pko_target target;
                pko_target_draw(mission, &plot, &target);
                if (!target.found)
                    continue;
                check_target(mission, &plot, &target);
                if (plot.plot_class == PKO_POPULATION)
                    continue;
                double u = number < 20 ? 1e-6 : (number + 0.5) / 41.0; /* half of them as large as can be */
                check_casualties(mission, &plot, &target, u);
                on_convoys += target.convoy >= 0;
                all_hit += flagged(mission, PKO_TODAY_HIT) == target.people;
            }
    }
    cr_assert(on_convoys > 300 && all_hit > 1000, "%d on convoys, %d hit whole", on_convoys, all_hit);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* Who died of an earlier strike of the day is not hit again: of two strikes on the same five, the second
 * finds those whom the first left alive. */
Test(casualties, nobody_dies_twice) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = busy(&scenario);
    test_run(mission, 1);
    struct pko_target target = {.found = true, .camp = -1, .convoy = -1, .range_count = 1, .people = 5};
    target.range[0] = (struct pko_range){mission->layer_first[mission->order[0]], 5};
    uint32_t killed = 0;
    for (int number = 0; number < 50; number++) {
        struct pko_plot plot = due_today(mission, 0, PKO_MOVEMENT, number);
        struct pko_casualties casualties = pko_casualties_draw(mission, &plot, &target, 1e-6);
        cr_assert(casualties.killed + casualties.wounded == 5 - killed);
        killed += casualties.killed;
    }
    cr_assert(killed == 5 && mission->ledger.dead.count == 5 && mission->hostile_deaths_today == 5);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* A convoy of 30 soldiers and a team of 4 civilians, each weighing civilian_vulnerability: of single
 * casualties the civilians have 4w/(4w + 30), every one of them evenly. */
Test(casualties, civilians_are_more_vulnerable) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = busy(&scenario);
    const double weight[] = {1.0, 2.0, 5.0};
    int soldiers = -1, civilians = -1;
    test_run(mission, 1);
    for (uint32_t k = 0; k < mission->layers_present; k++)
        if (pko_is_uniformed(pko_group_of(mission, mission->order[k])))
            soldiers = mission->order[k];
        else
            civilians = mission->order[k];
    mission->parameters.incident_least_movement = 1.0;
    struct pko_target target = {.found = true, .camp = -1, .convoy = 0, .range_count = 2, .people = 34};
    target.range[0] = (struct pko_range){mission->layer_first[soldiers] + 3, 30};
    target.range[1] = (struct pko_range){mission->layer_first[civilians] + 1, 4};
    for (int w = 0; w < 3; w++) {
        const int draws = 40000;
        double hit[34] = {0};
        mission->parameters.incident_civilian_vulnerability = weight[w];
        for (int number = 0; number < draws; number++) {
            struct pko_plot plot = due_today(mission, 0, PKO_MOVEMENT, number);
            memset(mission->today, 0, mission->people); /* nobody is dead from the strike before */
            struct pko_casualties casualties = pko_casualties_draw(mission, &plot, &target, 0.999);
            cr_assert(casualties.wounded + casualties.killed == 1);
            for (int k = 0; k < 34; k++) {
                uint32_t person =
                    k < 30 ? target.range[0].first + (uint32_t)k : target.range[1].first + (uint32_t)k - 30;
                hit[k] += (mission->today[person] & PKO_TODAY_HIT) != 0;
            }
        }
        for (int k = 0; k < 34; k++) {
            double p = (k < 30 ? 1.0 : weight[w]) / (30.0 + 4.0 * weight[w]);
            cr_assert(fabs(hit[k] - draws * p) <= BOUND * sqrt(draws * p * (1.0 - p)),
                      "weight %g, person %d: %g of %g", weight[w], k, hit[k], draws * p);
        }
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(casualties, share_of_deaths_is_lethality_less_evacuation) {
    struct pko_scenario *scenario;
    struct pko_mission *mission = busy(&scenario);
    const double quality[] = {0.0, 0.5, 1.0}, lethality[] = {0.05, 0.3, 0.8};
    test_run(mission, 1);
    for (int e = 0; e < 3; e++)
        for (int l = 0; l < 3; l++) {
            double casualties = 0.0, killed = 0.0;
            mission->evacuation[1] = quality[e];
            mission->parameters.incident_lethality = lethality[l];
            for (int number = 0; number < 4000; number++) {
                struct pko_plot plot = due_today(mission, 1, PKO_CAMP, number);
                struct pko_target target;
                pko_target_draw(mission, &plot, &target);
                memset(mission->today, 0, mission->people);
                struct pko_casualties drawn = pko_casualties_draw(mission, &plot, &target, 0.05);
                casualties += drawn.wounded + drawn.killed;
                killed += drawn.killed;
            }
            double p = lethality[l] * (1.0 - mission->parameters.aviation_effect * quality[e]);
            cr_assert(casualties > 50000.0);
            cr_assert(fabs(killed - casualties * p) <= BOUND * sqrt(casualties * p * (1.0 - p)),
                      "lethality %g, evacuation %g: %g of %g", lethality[l], quality[e], killed, casualties);
        }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* e_r = 1 − exp(−Σ aviation·reach·(national command ? 1 : approval_speed)): in `small`, Germany and
 * Bangladesh 0.5 each under the mission's command, Canada 1.5 under its own; Bangladesh is also in Bamako,
 * nobody flies from Kidal. */
Test(casualties, evacuation_follows_from_who_flies_from_where) {
    struct pko_scenario *scenario = test_scenario("small", NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    const struct pko_parameters *p = &mission->parameters;
    double reach = p->aviation_reach, speed = p->aviation_approval_speed;
    double expected[] = {(0.5 * reach + 0.5) * speed + 1.5 * reach, (0.5 + 0.5) * speed + 1.5,
                         (0.5 + 0.5) * reach * speed + 1.5 * reach};
    for (int r = 0; r < 3; r++)
        cr_assert(fabs(mission->evacuation[r] - (1.0 - exp(-expected[r]))) < 1e-14, "region %d: %g", r,
                  mission->evacuation[r]);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

/* --- Whole runs --- */

/* In the event table no strike hits more people than were exposed, as many die as lethality and evacuation
 * say, and communities lose what the capped law says; the sums are the totals by group and region. */
Test(casualties, whole_runs_keep_the_laws) {
    const struct test_setting settings[] = {{"record.events", "true"},     {"regions.gao.threat", "3"},
                                            {"regions.kidal.threat", "3"}, {"regions.bamako.threat", "2"},
                                            {"incident.least_camp", "4"},  {"incident.tail", "1.9"},
                                            {"threat.weight_soft", "0.2"}};
    struct pko_scenario *scenario = test_scenario("small", settings, PAIRS(settings));
    double hits = 0.0, lost = 0.0, killed = 0.0, wounded = 0.0, expected = 0.0, variance = 0.0, total = 0.0;
    for (uint32_t replicate = 0; replicate < 3; replicate++) {
        struct pko_mission *mission = test_mission(scenario, "monusco", replicate);
        const struct pko_parameters *p = &mission->parameters;
        test_run(mission, 300);
        for (size_t k = 0; k < mission->ledger.incidents.count; k++) {
            const struct pko_incident *incident = &mission->ledger.incidents.item[k];
            if (!incident->hit) {
                cr_assert(incident->killed == 0 && incident->wounded == 0);
                continue;
            }
            if (incident->plot_class == PKO_POPULATION) {
                hits += 1.0;
                lost += incident->killed;
                cr_assert(incident->wounded == 0 && incident->killed >= 2 && incident->killed <= 200);
                continue;
            }
            int32_t all = incident->killed + incident->wounded;
            const int32_t most[] = {3 * 30 + 12, 30, 20};
            cr_assert(all >= 1 && all <= most[incident->plot_class], "%d casualties of class %d", all,
                      incident->plot_class);
            double dies =
                p->incident_lethality * (1.0 - p->aviation_effect * mission->evacuation[incident->region]);
            killed += incident->killed;
            wounded += incident->wounded;
            expected += all * dies;
            variance += all * dies * (1.0 - dies);
        }
        for (int g = 0; g < scenario->group_count; g++)
            total += (double)(mission->total_deaths[g] + mission->total_wounded[g]);
        for (int r = 0; r < scenario->region_count; r++)
            total += (double)mission->total_civilians_killed[r];
        pko_mission_free(mission);
    }
    cr_assert(total == killed + wounded + lost);
    cr_assert(killed + wounded > 3000.0 && hits > 500.0, "%g casualties, %g communities", killed + wounded,
              hits);
    cr_assert(fabs(killed - expected) <= BOUND * sqrt(variance), "%g deaths, expected %g", killed, expected);
    double mean, spread;
    exact_moments(2.0, 1.9, 200, &mean, &spread);
    cr_assert(fabs(lost / hits - mean) <= BOUND * sqrt(spread / hits), "%g killed a hit, expected %g",
              lost / hits, mean);
    pko_scenario_free(scenario);
}
