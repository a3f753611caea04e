/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/impulse.h"

#include <math.h>
#include <stdlib.h>

#include "model/mission.h"
#include "pkosim/observe.h"
#include "pkosim/status.h"
#include "process/incidents.h"

static const struct pko_impulse_info quantities[] = {
#define PKO_IMPULSE(NAME, name, unit, meaning) {name, unit, meaning},
#include "experiment/impulse.def"
#undef PKO_IMPULSE
};

const struct pko_impulse_info *pko_impulse_info(size_t number) {
    return number < PKO_IMPULSE_QUANTITIES ? &quantities[number] : NULL;
}

static void see(const struct pko_mission *mission, double value[PKO_RESPONSES]) {
    double by_class[PKO_PLOT_CLASSES] = {0}, trust = 0.0, rate = 0.0;
    pko_mission_read(mission, "danger", &value[PKO_RESPONSE_DANGER], 1);
    pko_mission_read(mission, "reinforcement", &value[PKO_RESPONSE_REINFORCEMENT], 1);
    pko_mission_read(mission, "posture", &value[PKO_RESPONSE_POSTURE], 1);
    pko_mission_read(mission, "hits_by_class", by_class, PKO_PLOT_CLASSES);
    for (size_t r = 0; r < mission->extent.R; r++) {
        trust += mission->population_trust[r] / (double)mission->extent.R;
        rate += mission->plot_rate[r];
    }
    value[PKO_RESPONSE_TRUST] = trust;
    value[PKO_RESPONSE_PLOTS] = rate;
    value[PKO_RESPONSE_HITS] = by_class[PKO_MOVEMENT] + by_class[PKO_CAMP] + by_class[PKO_SOFT];
}

/* Where a convoy or patrol is most likely struck. */
static int region_of_hit(const struct pko_mission *mission) {
    int best = 0;
    for (int r = 1; r < mission->scenario->region_count; r++) {
        bool patrolled = mission->region_patrollers[r] > 0.0,
             best_patrolled = mission->region_patrollers[best] > 0.0;
        if (patrolled != best_patrolled ? patrolled : mission->plot_rate[r] > mission->plot_rate[best])
            best = r;
    }
    return best;
}

static int run_twin(struct pko_impulse *impulse, const struct pko_mission *mission) {
    struct pko_mission *twin = NULL;
    impulse->twin = calloc((size_t)impulse->horizon * PKO_RESPONSES, sizeof *impulse->twin);
    if (!impulse->twin)
        return PKO_ERROR_MEMORY;
    int status = pko_mission_clone(mission, &twin);
    if (status == PKO_OK)
        status = pko_extra_hit(twin, region_of_hit(mission));
    for (int k = 0; status == PKO_OK && k < impulse->horizon; k++) {
        status = pko_mission_step(twin);
        if (status == PKO_OK)
            see(twin, impulse->twin + (size_t)k * PKO_RESPONSES);
    }
    pko_mission_free(twin);
    return status;
}

int pko_impulse_morning(struct pko_impulse *impulse, const struct pko_mission *mission) {
    if (mission->day == impulse->hit_day)
        return run_twin(impulse, mission);
    int evening = mission->day - impulse->hit_day - 1;
    if (!impulse->twin || evening < 0 || evening >= impulse->horizon)
        return PKO_OK;
    double run[PKO_RESPONSES];
    see(mission, run);
    for (int k = 0; k < PKO_RESPONSES; k++) {
        double difference = impulse->twin[evening * PKO_RESPONSES + k] - run[k];
        impulse->sum[k] = k == PKO_RESPONSE_HITS ? difference : impulse->sum[k] + difference;
        if (evening == 0)
            impulse->first[k] = difference;
        if (k == PKO_RESPONSE_DANGER)
            impulse->danger[evening] = (float)difference;
    }
    if (evening + 1 == impulse->horizon) {
        pko_impulse_free(impulse);
        impulse->complete = true;
    }
    return PKO_OK;
}

void pko_impulse_free(struct pko_impulse *impulse) {
    free(impulse->twin);
    impulse->twin = NULL;
}

double pko_half_life(const double *curve, size_t count) {
    size_t peak = 0;
    for (size_t k = 1; k < count; k++)
        if (curve[k] > curve[peak])
            peak = k;
    if (count == 0 || !(curve[peak] > 0.0))
        return NAN;
    for (size_t k = peak + 1; k < count; k++)
        if (curve[k] <= curve[peak] / 2.0)
            return (double)(k - peak) - (curve[peak] / 2.0 - curve[k]) / (curve[k - 1] - curve[k]);
    return INFINITY;
}
