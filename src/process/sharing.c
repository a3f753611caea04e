/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.4, sharing and leaks. Sharing is simultaneous: who learns today learns from those who knew before. */
#include <math.h>
#include <string.h>

#include "base/draws.h"
#include "base/real.h"
#include "base/reals.h"
#include "model/cuts.h"
#include "pkosim/status.h"
#include "process/intelligence.h"
#include "process/sharing_rows.h"

/* The terms of η_gh. */
struct terms {
    double secure, mail, hub, informal; /* open terms but for `secure` */
    double talk;                        /* what crosses a restriction */
};

/* T^gate, the usual exponents without a power. */
static double willing(double trust, double gate) {
    if (gate == 0.0)
        return 1.0;
    if (gate == 1.0)
        return trust;
    if (gate == 1.5)
        return trust * sqrt(trust);
    if (gate == 2.0)
        return trust * trust;
    return pko_pow(trust, gate);
}

/* contact_gh = min(1, overlap of camps + convoy_contact if they rode together in the last ride_memory_days).
 */
static double contact(const struct pko_mission *mission, size_t at) {
    const struct pko_parameters *p = &mission->parameters;
    double contact = mission->overlap[at];
    if ((double)(mission->day - mission->last_ride[at]) < p->sharing_ride_memory_days)
        contact += p->sharing_convoy_contact;
    return contact < 1.0 ? contact : 1.0;
}

/* ℓ_gh·W_gh·(mail_rate + hub_gh·hub_rate + informal_rate·contact_gh), the secure network's rate, and
 * restricted talk. */
static struct terms sharing_terms(const struct pko_mission *mission, size_t g, size_t h) {
    const struct pko_parameters *p = &mission->parameters;
    const struct pko_roster *roster = &mission->roster;
    size_t at = g * mission->trust_stride + h;
    const double *trust = PKO_CUT(mission, trust_to_sharing) ? mission->frozen_trust : mission->trust;
    double language = roster->languages[g] & roster->languages[h]
                          ? 1.0
                          : 1.0 - p->sharing_language_barrier * (1.0 - p->regime_translation);
    double ease = language * willing(trust[at], p->regime_trust_gate);
    double informal = ease * p->regime_informal_rate * contact(mission, at);
    return (struct terms){
        .secure = roster->secure[g] & roster->secure[h] ? p->regime_secure_rate : 0.0,
        .mail = ease * p->regime_mail_rate,
        .hub = roster->hub[g] | roster->hub[h] ? ease * p->regime_hub_rate : 0.0,
        .informal = informal,
        .talk = p->sharing_restricted_talk * informal,
    };
}

static bool both_secure(const struct pko_mission *mission, size_t g, size_t h) {
    return mission->roster.secure[g] & mission->roster.secure[h];
}

/* What the rates of all pairs need (process/sharing_kernel.c). */
static void know_groups(const struct pko_mission *mission, struct pko_sharing_day *day) {
    const struct pko_parameters *p = &mission->parameters;
    day->secure_rate = p->regime_secure_rate;
    day->mail_rate = p->regime_mail_rate;
    day->hub_rate = p->regime_hub_rate;
    day->informal_rate = p->regime_informal_rate;
    day->restricted_talk = p->sharing_restricted_talk;
    day->trust_gate = p->regime_trust_gate;
    day->foreign = 1.0 - p->sharing_language_barrier * (1.0 - p->regime_translation);
    day->convoy_contact = p->sharing_convoy_contact;
    day->ride_memory = p->sharing_ride_memory_days;
    day->today = mission->day;
    size_t size = mission->trust_stride * sizeof *day->languages;
    memcpy(day->languages, mission->roster.languages, size);
    memcpy(day->secure, mission->roster.secure, size);
    memcpy(day->hub, mission->roster.hub, size);
    for (size_t g = 0; g < mission->trust_stride; g++)
        day->present[g] = -(int64_t)(g < mission->extent.G && mission->group_people[g] > 0);
}

/* Rows of η of the groups that hold a free copy of a live plot, and of those that hold a restricted one; 0
 * toward itself and groups that are not there. */
static void sharing_rates(struct pko_mission *mission) {
    struct pko_groups free = {{0, 0}}, restricted = {{0, 0}};
    for (size_t k = 0; k < mission->plots.count; k++)
        for (int half = 0; half < 2; half++) {
            const struct pko_plot *plot = &mission->plots.item[k];
            free.bits[half] |= plot->free.bits[half];
            restricted.bits[half] |= plot->knows.bits[half] & ~plot->free.bits[half];
        }
    struct pko_groups holders = {{free.bits[0] | restricted.bits[0], free.bits[1] | restricted.bits[1]}};
    if (pko_groups_empty(&holders))
        return;
    struct pko_sharing_day day;
    know_groups(mission, &day);
    enum pko_level level = pko_level_of(mission->clone);
    const double *trust = PKO_CUT(mission, trust_to_sharing) ? mission->frozen_trust : mission->trust;
    for (int g = pko_groups_next(&holders, 0); g >= 0; g = pko_groups_next(&holders, g + 1)) {
        size_t at = (size_t)g * mission->trust_stride;
        struct pko_sharing_row row = {trust + at, mission->overlap + at, mission->last_ride + at};
        PKO_CHOOSE(level, pko_sharing_rates)
        (&day, &row, (size_t)g, mission->extent.G,
         pko_groups_has(&free, g) ? mission->sharing_open + at : NULL,
         pko_groups_has(&restricted, g) ? mission->sharing_closed + at : NULL);
    }
}

/* η of a holder toward everyone, by whether its copy is free. */
static const double *row_of(const struct pko_mission *mission, const struct pko_plot *plot, int g) {
    const double *rates = pko_groups_has(&plot->free, g) ? mission->sharing_open : mission->sharing_closed;
    return rates + (size_t)g * mission->trust_stride;
}

/* The terms of what holder g passes to group h, by channel. */
static void terms_by_channel(const struct pko_mission *mission, const struct pko_plot *plot, int g, int h,
                             double term[PKO_CHANNELS]) {
    struct terms t = sharing_terms(mission, (size_t)g, (size_t)h);
    bool open = pko_groups_has(&plot->free, g) || both_secure(mission, (size_t)g, (size_t)h);
    term[PKO_CHANNEL_SECURE] = t.secure;
    term[PKO_CHANNEL_MAIL] = open ? t.mail : 0.0;
    term[PKO_CHANNEL_HUB] = open ? t.hub : 0.0;
    term[PKO_CHANNEL_INFORMAL] = open ? t.informal : 0.0;
    term[PKO_CHANNEL_TALK] = open ? 0.0 : t.talk;
}

/* Which holder and channel `at` falls to, each taking its term from it in turn. Rounding may carry `at` past
 * the last term: then the last it is. */
static void walk_ways(const struct pko_mission *mission, const struct pko_plot *plot, double at,
                      struct pko_learning *learning) {
    for (int g = pko_groups_next(&plot->knows, 0); g >= 0; g = pko_groups_next(&plot->knows, g + 1)) {
        double term[PKO_CHANNELS];
        if (mission->group_people[g] == 0)
            continue; /* who left shares no more */
        terms_by_channel(mission, plot, g, learning->group, term);
        for (int channel = 0; channel < PKO_CHANNELS; channel++) {
            if (term[channel] <= 0.0)
                continue;
            learning->sharer = g;
            learning->channel = (enum pko_channel)channel;
            if (at < term[channel])
                return;
            at -= term[channel];
        }
    }
}

/* The same by the holders' whole rates, of which only the one that `at` falls to is taken apart. Whole rates
 * and sums of terms differ by rounding, less than 1e-13 of the hazard; where a comparison is closer than the
 * margin, nothing is decided and the result is false. */
static bool find_way(const struct pko_mission *mission, const struct pko_plot *plot, double at, double margin,
                     struct pko_learning *learning) {
    for (int g = pko_groups_next(&plot->knows, 0); g >= 0; g = pko_groups_next(&plot->knows, g + 1)) {
        double rate = row_of(mission, plot, g)[learning->group], term[PKO_CHANNELS];
        if (mission->group_people[g] == 0)
            continue;
        if (at >= rate + margin) {
            at -= rate;
            continue;
        }
        if (at >= rate - margin)
            return false;
        terms_by_channel(mission, plot, g, learning->group, term);
        learning->sharer = g;
        for (int channel = 0; channel < PKO_CHANNELS; channel++) {
            if (term[channel] <= 0.0)
                continue;
            learning->channel = (enum pko_channel)channel;
            if (fabs(at - term[channel]) < margin)
                return false;
            if (at < term[channel])
                return true;
            at -= term[channel];
        }
    }
    return false;
}

/* Observation only: which holder and channel a learning came by, drawn in proportion to the terms of η. */
static void draw_way(const struct pko_mission *mission, const struct pko_plot *plot, double hazard, double u,
                     struct pko_learning *learning) {
    if (find_way(mission, plot, u * hazard, 1e-12 * hazard, learning))
        return;
    learning->sharer = -1;
    learning->channel = PKO_CHANNEL_TALK;
    walk_ways(mission, plot, u * hazard, learning);
}

static bool known_on_network(const struct pko_mission *mission, const struct pko_groups *knows) {
    const struct pko_groups *network = &mission->roster.network;
    return (knows->bits[0] & network->bits[0]) | (knows->bits[1] & network->bits[1]);
}

/* One learning of group h: its copy, its way, and whether it compromises the plot. */
static struct pko_learning learning_of(const struct pko_mission *mission, const struct pko_plot *plot, int h,
                                       double hazard, double u_way, double u_leak) {
    const struct pko_parameters *p = &mission->parameters;
    struct pko_learning learning = {.group = h};
    draw_way(mission, plot, hazard, u_way, &learning);
    for (int g = pko_groups_next(&plot->free, 0); g >= 0 && !learning.free;
         g = pko_groups_next(&plot->free, g + 1))
        learning.free = mission->group_people[g] > 0 &&
                        mission->sharing_open[(size_t)g * mission->trust_stride + (size_t)h] > 0.0;
    learning.inside = mission->roster.secure[h] && known_on_network(mission, &plot->knows);
    learning.leaked = u_leak < (learning.inside ? p->sharing_secure_leak : p->regime_leak);
    return learning;
}

/* Σ_g η_gh over the groups g that know the plot, for every h. */
static void hazards(const struct pko_mission *mission, const struct pko_plot *plot,
                    double hazard[PKO_GROUPS_MOST]) {
    const double *rows[PKO_GROUPS_MOST];
    size_t count = 0;
    for (int g = pko_groups_next(&plot->knows, 0); g >= 0; g = pko_groups_next(&plot->knows, g + 1))
        if (mission->group_people[g] > 0)
            rows[count++] = row_of(mission, plot, g);
    PKO_CHOOSE(pko_level_of(mission->clone), pko_sharing_hazards)(rows, count, mission->trust_stride, hazard);
}

/* The groups that learn a plot today, and the hazards at which they do. */
struct learners {
    uint32_t group[PKO_GROUPS_MOST], entity[PKO_GROUPS_MOST];
    double hazard[PKO_GROUPS_MOST];
    size_t count;
};

/* A group that does not know the plot learns it with probability 1 − exp(−Σ_g η_gh) over the groups g that
 * know it. */
static void draw_learners(const struct pko_mission *mission, const struct pko_plot *plot,
                          struct learners *learners) {
    enum pko_level level = pko_level_of(mission->clone);
    double hazard[PKO_GROUPS_MOST], u[PKO_GROUPS_MOST], chance[PKO_GROUPS_MOST];
    uint32_t candidate[PKO_GROUPS_MOST], kept = 0;
    const struct pko_addresses addresses = {learners->entity, learners->group, mission->extent.G};
    hazards(mission, plot, hazard);
    for (uint32_t h = 0; h < mission->extent.G; h++) {
        learners->entity[h] = pko_plot_entity(plot, mission->day);
        learners->group[h] = h;
    }
    /* 1 − e^(−x) ≤ x spares most of the exponentials. */
    size_t count = PKO_CHOOSE(level, pko_uniforms_below)(
        mission->stream, PKO_PURPOSE_SHARE, (uint32_t)mission->day, &addresses, hazard, u, candidate);
    for (size_t k = 0; k < count; k++)
        if (!pko_groups_has(&plot->knows, (int)candidate[k])) {
            learners->hazard[kept] = hazard[candidate[k]];
            candidate[kept++] = candidate[k];
        }
    PKO_CHOOSE(level, pko_probabilities)(learners->hazard, chance, kept);
    learners->count = 0;
    for (size_t k = 0; k < kept; k++)
        if (u[candidate[k]] < chance[k]) {
            learners->hazard[learners->count] = hazard[candidate[k]];
            learners->group[learners->count++] = candidate[k];
        }
}

size_t pko_plot_learnings(const struct pko_mission *mission, const struct pko_plot *plot,
                          struct pko_learning *list) {
    struct learners learners;
    uint32_t word[4][PKO_GROUPS_MOST];
    uint32_t *const words[4] = {word[0], word[1], word[2], word[3]};
    double u_way[PKO_GROUPS_MOST];
    enum pko_level level = pko_level_of(mission->clone);
    if (PKO_CUT(mission, sharing_to_warning) || pko_groups_empty(&plot->knows) ||
        !pko_plot_is_open(mission, plot))
        return 0;
    draw_learners(mission, plot, &learners);
    const struct pko_addresses addresses = {learners.entity, learners.group, learners.count};
    PKO_CHOOSE(level, pko_draws)
    (mission->stream, PKO_PURPOSE_SHARE, (uint32_t)mission->day, &addresses, words);
    PKO_CHOOSE(level, pko_uniforms)
    (mission->stream, PKO_PURPOSE_SHARE_CHANNEL, (uint32_t)mission->day, &addresses, u_way);
    for (size_t k = 0; k < learners.count; k++) {
        struct pko_words drawn = {{word[0][k], word[1][k], word[2][k], word[3][k]}};
        list[k] = learning_of(mission, plot, (int)learners.group[k], learners.hazard[k], u_way[k],
                              pko_uniform(drawn, 1));
    }
    return learners.count;
}

void pko_plot_seal(const struct pko_mission *mission, struct pko_plot *plot) {
    plot->knows = plot->free = plot->collected = (struct pko_groups){{0, 0}};
    plot->human_sourced = 0;
    plot->sealed_until = mission->day + (int32_t)mission->parameters.sharing_leak_pause_days;
}

/* Nobody knows the plot any more, and for leak_pause_days it can't be shared or collected. If it was
 * human-sourced, one retaliation follows in its region. The learner is the first group whose learning leaked.
 */
static void compromise(struct pko_mission *mission, struct pko_plot *plot, const struct pko_learning *leak) {
    mission->total_leaked[plot->region]++;
    if (plot->human_sourced)
        mission->leak_retaliations_today[plot->region]++;
    if (mission->ledger.keep_events)
        PKO_APPEND(mission, mission->ledger.leaks,
                   (struct pko_leak_event){mission->day, plot->region, plot->plot_class, leak->group,
                                           leak->inside, plot->human_sourced});
    pko_plot_seal(mission, plot);
}

static void share_plot(struct pko_mission *mission, struct pko_plot *plot) {
    struct pko_learning list[PKO_GROUPS_MOST];
    const struct pko_learning *leak = NULL;
    size_t count = pko_plot_learnings(mission, plot, list);
    for (size_t k = 0; k < count; k++) {
        const struct pko_learning *learning = &list[k];
        mission->total_mission[PKO_TOTAL_SHARED]++;
        mission->total_learned[learning->channel]++;
        mission->total_mission[PKO_TOTAL_LEAKED_SECURE] += learning->leaked && learning->inside;
        pko_groups_add(&plot->knows, learning->group);
        if (learning->free)
            pko_groups_add(&plot->free, learning->group);
        if (learning->leaked && !leak)
            leak = learning;
    }
    if (leak)
        compromise(mission, plot, leak);
}

void pko_share(struct pko_mission *mission) {
    sharing_rates(mission);
    for (size_t k = 0; k < mission->plots.count; k++)
        share_plot(mission, &mission->plots.item[k]);
}
