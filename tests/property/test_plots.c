/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New plots (ODD 6.3): their rate from what moves it, their classes and their leads. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "process/process.h"
#include "support/missions.h"

static const char *const WORLD =
    "name: plots\nstart: 2018-07-01\ndays: 400\n"
    "mandate: {timeline: [{date: 2018-07-01, robustness: 0.5, cooperation: 0.7}]}\n"
    "regions:\n"
    "  - {name: usual, field_radius_km: 60, threat: [[2018-07-01, 5], [2018-07-21, 7]], stability: "
    "[[2018-07-01, 0.3]], "
    "trust: 0.5}\n"
    "  - {name: own, field_radius_km: 60, threat: [[2018-07-01, 9]], stability: [[2018-07-01, 0.3]], trust: "
    "0.5, "
    "threat_mix: {movement: 0.2, soft: 0.6}}\n"
    "camps: [{name: camp, region: usual, protection: 0.6}]\n"
    "contingents:\n"
    "  - {name: few, bloc: nato, patrol: 0.4, languages: [x], detachments: [{camp: camp, strength: 100}]}\n"
    "  - {name: many, bloc: nato, patrol: 0.2, languages: [x], detachments: [{camp: camp, strength: 600}]}\n";

/* base(t)·2(1−s)·(1 + cooperation·κ)·(1 + posture·π̄) + h, π̄ weighted by patrollers; no patrols, no posture.
 */
Test(plots, rate_is_what_moves_it) {
    struct pko_scenario *scenario = test_scenario(WORLD, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "open", 0);
    const struct pko_parameters *p = &mission->parameters;
    test_run(mission, 5);
    mission->stability[0] = 0.2;
    mission->posture[0] = 0.9;
    mission->posture[1] = 0.3;
    mission->excitation[0] = 0.5;
    mission->strikes_yesterday[0] = 3;
    mission->strikes_yesterday[1] = 0;
    mission->excitation[1] = 0.0;
    pko_process_threat(mission);
    double keep = exp(-1.0 / p->threat_memory_days),
           h = 0.5 * keep + p->threat_branching * (1.0 - keep) * 3.0;
    double posture = (40.0 * 0.9 + 120.0 * 0.3) / 160.0, base = 5.0 + 2.0 * 5.0 / 20.0; /* day 5 of 20 */
    double expected =
        base * 2.0 * 0.8 * (1.0 + p->threat_cooperation * 0.7) * (1.0 + p->threat_posture * posture) + h;
    cr_assert(fabs(mission->plot_rate[0] - expected) < 1e-12, "%g, expected %g", mission->plot_rate[0],
              expected);
    expected = 9.0 * 2.0 * (1.0 - mission->stability[1]) * (1.0 + p->threat_cooperation * 0.7);
    cr_assert(fabs(mission->plot_rate[1] - expected) < 1e-12, "%g, expected %g", mission->plot_rate[1],
              expected);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

#define DAYS 4000

Test(plots, classes_and_leads_follow_their_laws) {
    struct pko_scenario *scenario = test_scenario(WORLD, NULL, 0);
    struct pko_mission *mission = test_mission(scenario, "open", 0);
    const struct pko_parameters *p = &mission->parameters;
    double class_count[2][PKO_PLOT_CLASSES] = {{0}}, lead[64] = {0}, all[2] = {0}, expected_plots[2] = {0};
    double lead_by_class[PKO_PLOT_CLASSES] = {0};
    for (int day = 0; day < DAYS; day++, mission->day++) {
        pko_process_threat(mission);
        for (size_t k = 0; k < mission->plots.count; k++) {
            const struct pko_plot *plot = &mission->plots.item[k];
            cr_assert(plot->born == mission->day && plot->due > mission->day &&
                      plot->due < mission->day + 65);
            class_count[plot->region][plot->plot_class] += 1.0;
            all[plot->region] += 1.0;
            lead[plot->due - plot->born - 1] += 1.0;
            lead_by_class[plot->plot_class] += plot->due - plot->born - 1;
            cr_assert(pko_groups_empty(&plot->knows) && plot->human_sourced == 0);
        }
        for (int r = 0; r < 2; r++)
            expected_plots[r] += mission->plot_rate[r];
        mission->plots.count = 0;
    }
    const double usual[] = {p->threat_weight_movement, p->threat_weight_camp, p->threat_weight_soft,
                            p->threat_weight_population};
    const double own[] = {0.2, 0.0, 0.6, 0.0};
    for (int r = 0; r < 2; r++) {
        const double *weight = r == 0 ? usual : own;
        double sum = 0.0, statistic = 0.0, classes = 0.0;
        cr_assert(fabs(all[r] - expected_plots[r]) <= 4.5 * sqrt(expected_plots[r]),
                  "region %d: %g plots of %g", r, all[r], expected_plots[r]);
        for (int k = 0; k < PKO_PLOT_CLASSES; k++)
            sum += weight[k];
        for (int k = 0; k < PKO_PLOT_CLASSES; k++) {
            double expected = all[r] * weight[k] / sum;
            cr_assert(weight[k] > 0.0 || class_count[r][k] == 0.0);
            if (weight[k] > 0.0) {
                statistic += (class_count[r][k] - expected) * (class_count[r][k] - expected) / expected;
                classes += 1.0;
            }
        }
        cr_assert(gsl_cdf_chisq_Q(statistic, classes - 1.0) > 1e-5, "classes of region %d: chi-square %g", r,
                  statistic);
    }
    /* Leads are 1 + Poisson(lead_days), whatever the class. */
    double draws = all[0] + all[1], statistic = 0.0, cells = 0.0;
    for (unsigned k = 0; k < 64; k++) {
        double expected = draws * gsl_ran_poisson_pdf(k, p->threat_lead_days);
        if (expected < 10.0)
            continue;
        statistic += (lead[k] - expected) * (lead[k] - expected) / expected;
        cells += 1.0;
    }
    cr_assert(cells > 12.0 && gsl_cdf_chisq_Q(statistic, cells - 1.0) > 1e-5, "leads: chi-square %g",
              statistic);
    for (int k = 0; k < PKO_PLOT_CLASSES; k++) {
        double n = class_count[0][k] + class_count[1][k];
        cr_assert(fabs(lead_by_class[k] / n - p->threat_lead_days) <= 4.5 * sqrt(p->threat_lead_days / n));
    }
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}
