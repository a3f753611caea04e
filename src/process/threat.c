/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.3 threat: new plots, a discrete Hawkes process in every region. */
#include <string.h>

#include "base/draws.h"
#include "base/real.h"
#include "model/cuts.h"
#include "pkosim/status.h"
#include "process/process.h"

/* π̄_r, the patrol-weighted posture of a region; no patrols, no posture. */
static double patrol_posture(const struct pko_mission *mission, int region) {
    const double *posture = PKO_SEEN_LAYERS(mission, posture_to_threat, posture);
    const struct pko_patrol *patrol = mission->roster.patrols + mission->roster.patrols_begin[region],
                            *end = mission->roster.patrols + mission->roster.patrols_begin[region + 1];
    double weighted = 0.0, patrollers = 0.0;
    for (; patrol < end; patrol++) {
        weighted += patrol->patrollers * posture[patrol->layer];
        patrollers += patrol->patrollers;
    }
    return patrollers > 0.0 ? weighted / patrollers : 0.0;
}

/* λ_r = base_r(t)·2(1−s_r)·(1 + cooperation·κ)·(1 + posture·π̄_r) + h_r. */
static double plot_rate(const struct pko_mission *mission, int region) {
    const struct pko_parameters *p = &mission->parameters;
    double base = pko_timeline_at(&mission->scenario->regions[region].threat, mission->date);
    double stability = PKO_SEES_REGION(mission, stability_to_threat, mission->stability, region);
    double cooperation = PKO_SEES_MISSION(mission, cooperation_to_threat, mission->cooperation);
    return base * 2.0 * (1.0 - stability) * (1.0 + p->threat_cooperation * cooperation) *
               (1.0 + p->threat_posture * patrol_posture(mission, region)) +
           mission->excitation[region];
}

static uint8_t draw_class(const struct pko_mission *mission, int region, double u) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_region *r = &mission->scenario->regions[region];
    double usual[PKO_PLOT_CLASSES] = {p->threat_weight_movement, p->threat_weight_camp, p->threat_weight_soft,
                                      p->threat_weight_population};
    const double *weight = r->has_mix ? r->threat_mix : usual;
    double sum = 0.0;
    for (int k = 0; k < PKO_PLOT_CLASSES; k++)
        sum += weight[k];
    double at = u * sum;
    int last = 0;
    for (int k = 0; k < PKO_PLOT_CLASSES; k++) {
        if (weight[k] <= 0.0)
            continue;
        last = k;
        if (at < weight[k])
            break;
        at -= weight[k];
    }
    return (uint8_t)last;
}

/* A plot is due after 1 + Poisson(lead_days) days. */
static void make_plot(struct pko_mission *mission, int region, uint32_t number) {
    struct pko_plot plot;
    memset(&plot, 0, sizeof plot); /* padding too: plots are hashed by their bytes */
    plot.born = mission->day;
    plot.sealed_until = PKO_NEVER;
    plot.region = region;
    plot.number = (uint16_t)number;
    struct pko_words words = pko_draw(mission->stream, PKO_PURPOSE_PLOT_MARKS, (uint32_t)mission->day,
                                      pko_plot_entity(&plot, mission->day), 0);
    uint32_t lead = pko_poisson(mission->parameters.threat_lead_days, pko_uniform(words, 1));
    plot.due = mission->day + 1 + (int32_t)(lead < PKO_LEAD_MOST ? lead : PKO_LEAD_MOST);
    plot.plot_class = draw_class(mission, region, pko_uniform_word(words.word[0]));
    mission->total_plots[region]++;
    PKO_APPEND(mission, mission->plots, plot);
}

void pko_process_threat(struct pko_mission *mission) {
    const struct pko_parameters *p = &mission->parameters;
    /* h_r ← h_r·e^(−1/τ) + branching·(1 − e^(−1/τ))·(strikes in r yesterday). */
    double keep = mission->roster.excitation_kept, gain = mission->roster.excitation_gained;
    uint32_t regions[PKO_REGIONS_MOST], count[PKO_REGIONS_MOST];
    for (int region = 0; region < mission->scenario->region_count; region++) {
        mission->excitation[region] = mission->excitation[region] * keep +
                                      p->threat_branching * gain * (double)mission->strikes_yesterday[region];
        mission->plot_rate[region] = plot_rate(mission, region);
        regions[region] = (uint32_t)region;
    }
    pko_poissons(pko_level_of(mission->clone), mission->stream, PKO_PURPOSE_PLOT_COUNT,
                 (uint32_t)mission->day, regions, mission->plot_rate, mission->extent.R, count);
    for (int region = 0; region < mission->scenario->region_count; region++)
        for (uint32_t number = 0; number < count[region] && number <= UINT16_MAX; number++)
            make_plot(mission, region, number);
}
