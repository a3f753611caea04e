/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.1 mandate: robustness R and counterterrorism cooperation κ. */
#include "base/calendar.h"
#include "base/real.h"
#include "model/cuts.h"
#include "process/process.h"

/* The row in force: the last one that has begun. */
static const struct pko_mandate_row *row_in_force(const struct pko_scenario *scenario, int32_t date) {
    const struct pko_mandate_row *row = &scenario->mandate[0];
    for (int k = 1; k < scenario->mandate_count && scenario->mandate[k].date <= date; k++)
        row = &scenario->mandate[k];
    return row;
}

static bool is_anniversary(int32_t first, int32_t date) {
    int years = pko_date_of(date).year - pko_date_of(first).year;
    return years > 0 && date == pko_anniversary(first, years);
}

static uint32_t deaths_in_last_year(const struct pko_mission *mission) {
    uint32_t deaths = 0;
    for (int k = 0; k < PKO_YEAR_DAYS; k++)
        deaths += mission->deaths_by_day[k];
    return deaths;
}

/* step = ratchet·(F/tolerated − 1), halved if negative, times 1 + lens·(2ā − 1) if not, clamped to ±max_step.
 */
static double renewal_step(const struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    if (PKO_CUT(mission, deaths_to_mandate)) /* F counts as tolerated_fatalities */
        return 0.0;
    double step =
        p->mandate_ratchet * ((double)deaths_in_last_year(mission) / p->mandate_tolerated_fatalities - 1.0);
    if (step < 0.0)
        step /= 2.0;
    else
        step *= 1.0 + p->mandate_lens * (2.0 * mission->mean_reinforcement_evening - 1.0);
    if (step > p->mandate_max_step)
        step = p->mandate_max_step;
    if (step < -p->mandate_max_step)
        step = -p->mandate_max_step;
    return step;
}

void pko_process_mandate(struct pko_mission *mission) {
    const struct pko_scenario *scenario = mission->scenario;
    if (!scenario->endogenous) {
        const struct pko_mandate_row *row = row_in_force(scenario, mission->date);
        mission->robustness = row->robustness;
        mission->cooperation = row->cooperation;
        return;
    }
    /* κ = κ₀ + cooperation_share·(R − R₀), (κ₀, R₀) the timeline's first row. */
    const struct pko_mandate_row *first = &scenario->mandate[0];
    if (is_anniversary(first->date, mission->date))
        mission->robustness = pko_clip(mission->robustness + renewal_step(mission));
    double seen = PKO_SEES_MISSION(mission, mandate_to_cooperation, mission->robustness);
    mission->cooperation = pko_clip(first->cooperation + mission->parameters.mandate_cooperation_share *
                                                             (seen - first->robustness));
}
