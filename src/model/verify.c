/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every invariant of a mission between days; tests call it after each. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "model/mission.h"
#include "pkosim/status.h"

struct verdict {
    char *why;
    size_t size;
    bool broken;
};

static void require(struct verdict *verdict, bool holds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void require(struct verdict *verdict, bool holds, const char *format, ...) {
    if (holds || verdict->broken)
        return;
    verdict->broken = true;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->why, verdict->size, format, arguments);
    va_end(arguments);
}

static bool in_range(double x) {
    return x >= 0.0 && x <= 1.0;
} /* false for NaN */

static void verify_people(const struct pko_mission *m, struct verdict *v) {
    const struct {
        const char *name;
        const float *state;
    } column[] = {{"danger", m->danger},
                  {"trauma", m->trauma},
                  {"reinforcement", m->reinforcement},
                  {"resistance", m->resistance},
                  {"cross_trust", m->cross_trust}};
    for (size_t c = 0; c < sizeof column / sizeof *column; c++)
        for (uint32_t i = 0; i < m->people; i++)
            require(v, in_range((double)column[c].state[i]), "%s of person %u is %g on day %d",
                    column[c].name, i, (double)column[c].state[i], m->day);
}

static void verify_layers(const struct pko_mission *m, struct verdict *v) {
    uint32_t at = 0, uniformed = 0, counted = 0;
    int camp = 0;
    for (uint32_t k = 0; k < m->layers_present; k++) {
        int j = m->order[k];
        const struct pko_layer *layer = &m->scenario->layers[j];
        require(v, m->layer_first[j] == at, "layer %d does not follow the one before on day %d", j, m->day);
        require(v, m->layer_people[j] == pko_layer_people(m->scenario, j), "layer %d has %u people on day %d",
                j, m->layer_people[j], m->day);
        require(v, layer->camp >= camp, "layer %d is out of the order of camps on day %d", j, m->day);
        bool soldier = pko_is_uniformed(pko_group_of(m, j));
        for (uint32_t i = at; i < at + m->layer_people[j] && i < m->people; i++)
            require(v, ((m->traits[i] & PKO_TRAIT_UNIFORMED) != 0) == soldier,
                    "person %u is of the wrong category", i);
        require(v, in_range(m->posture[j]) && in_range(m->salience[j]), "posture of layer %d is %g", j,
                m->posture[j]);
        require(v, in_range(m->frustration[j]), "frustration of layer %d is %g", j, m->frustration[j]);
        require(v, in_range(m->valorization[j]), "valorization of layer %d is %g", j, m->valorization[j]);
        require(v, in_range(m->voice[j]) && in_range(m->cohesion[j]), "voice of layer %d is %g", j,
                m->voice[j]);
        require(v, in_range(m->mean_danger[j]) && in_range(m->mean_reinforcement[j]), "means of layer %d", j);
        camp = layer->camp;
        at += m->layer_people[j];
        uniformed += soldier ? m->layer_people[j] : 0;
    }
    require(v, at == m->people, "layers hold %u of %u people on day %d", at, m->people, m->day);
    for (size_t c = 0; c < m->extent.C; c++)
        counted += m->camp_uniformed[c];
    require(v, counted == uniformed, "camps count %u of %u uniformed people on day %d", counted, uniformed,
            m->day);
}

static void verify_regions_and_groups(const struct pko_mission *m, struct verdict *v) {
    for (size_t r = 0; r < m->extent.R; r++) {
        require(v, in_range(m->stability[r]), "stability of region %zu is %g", r, m->stability[r]);
        require(v, in_range(m->population_trust[r]), "population trust of region %zu is %g", r,
                m->population_trust[r]);
        require(v, in_range(m->fear[r]), "fear of region %zu is %g", r, m->fear[r]);
        require(v, in_range(m->restraint[r]) && in_range(m->evacuation[r]), "restraint of region %zu", r);
        require(v, m->excitation[r] >= 0.0 && isfinite(m->plot_rate[r]), "plot rate of region %zu", r);
    }
    require(v, in_range(m->robustness) && in_range(m->cooperation), "robustness is %g", m->robustness);
    for (size_t g = 0; g < m->extent.G; g++) {
        require(v, in_range(m->secrecy[g]) && in_range(m->classification[g]), "secrecy of group %zu", g);
        for (size_t h = 0; h < m->extent.G; h++)
            require(v, in_range(m->trust[g * m->trust_stride + h]),
                    "trust of group %zu in group %zu is %g on day %d", g, h,
                    m->trust[g * m->trust_stride + h], m->day);
    }
}

static void verify_plots_and_convoys(const struct pko_mission *m, struct verdict *v) {
    for (size_t k = 0; k < m->plots.count; k++) {
        const struct pko_plot *plot = &m->plots.item[k];
        bool subset = true;
        for (int half = 0; half < 2; half++)
            subset &= !((plot->free.bits[half] | plot->collected.bits[half]) & ~plot->knows.bits[half]);
        require(v, subset, "plot %zu is free or collected where it is not known on day %d", k, m->day);
        require(v, plot->due >= m->day && plot->born < m->day, "plot %zu outlived its day %d", k, m->day);
    }
    uint64_t out = 0, platoons = 0;
    for (size_t k = 0; k < m->extent.GC; k++)
        out += m->platoons_out[k];
    for (size_t k = 0; k < m->convoys.count; k++) {
        const struct pko_convoy *convoy = &m->convoys.item[k];
        platoons += convoy->platoon_count;
        require(v, convoy->formed < m->day && m->day <= convoy->formed + convoy->days,
                "convoy %zu is overdue", k);
    }
    require(v, out == platoons, "%llu platoons are out, %llu on the road on day %d", (unsigned long long)out,
            (unsigned long long)platoons, m->day);
}

int pko_mission_verify(const struct pko_mission *mission, char *why, size_t size) {
    struct verdict verdict = {why, size, false};
    if (size)
        why[0] = 0;
    verify_people(mission, &verdict);
    verify_layers(mission, &verdict);
    verify_regions_and_groups(mission, &verdict);
    verify_plots_and_convoys(mission, &verdict);
    return verdict.broken ? PKO_ERROR_RANGE : PKO_OK;
}
