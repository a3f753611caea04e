/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaks (ODD 6.4) in the world of support/sharing.h: how many, what they do to a plot, and for how long. */
#include "support/sharing.h"

static double leaked(const struct pko_mission *mission) {
    double count = 0.0;
    for (size_t k = 0; k < mission->plots.count; k++)
        count += mission->plots.item[k].sealed_until >= 0;
    return count;
}

/* Group h alone is there to learn what the holders know, so a plot has one learning at most: the share of
 * learnings that compromise it is the rate of the leak. */
static void check_leaks(struct pko_mission *mission, uint64_t holders, int h, double rate, bool inside,
                        const char *what) {
    uint64_t before = mission->total_mission[PKO_TOTAL_LEAKED_SECURE];
    uint32_t people[GROUPS];
    double learned = 0.0, all = 0.0;
    memcpy(people, mission->group_people, sizeof people);
    for (int g = 0; g < GROUPS; g++)
        if (g != h && !(holders >> g & 1u))
            mission->group_people[g] = 0;
    for (int again = 0; again < 10; again++) {
        uint64_t total = mission->total_leaked[0];
        plant(mission, 0, true);
        for (size_t k = 0; k < mission->plots.count; k++)
            mission->plots.item[k].knows.bits[0] = mission->plots.item[k].free.bits[0] =
                mission->plots.item[k].collected.bits[0] = holders;
        share_days(mission, 1);
        double gone = leaked(mission);
        cr_assert((double)(mission->total_leaked[0] - total) == gone);
        learned += knowing(mission, h) + gone;
        all += gone;
        for (size_t k = 0; k < mission->plots.count; k++) {
            const struct pko_plot *plot = &mission->plots.item[k];
            if (plot->sealed_until >= 0)
                cr_assert(pko_groups_empty(&plot->knows) && pko_groups_empty(&plot->free) &&
                          pko_groups_empty(&plot->collected) && plot->human_sourced == 0);
        }
    }
    memcpy(mission->group_people, people, sizeof people);
    cr_assert(learned > 50000.0, "%s: %g learnings", what, learned);
    check_share(all, learned, rate, what);
    double secure = (double)(mission->total_mission[PKO_TOTAL_LEAKED_SECURE] - before);
    cr_assert(secure == (inside ? all : 0.0), "%s", what);
}

#define HOLDS(group) (UINT64_C(1) << (group))

Test(leaks, come_at_the_stated_rate) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.mail_rate", 2.0);
    rule(m, "regime.secure_rate", 2.0);
    rule(m, "regime.trust_gate", 0.0);
    rule(m, "regime.leak", 0.04);
    rule(m, "sharing.secure_leak", 0.01);
    check_leaks(m, HOLDS(G), H, 0.04, false, "outside");
    check_leaks(m, HOLDS(G), ONE, 0.04, false, "into the network");
    check_leaks(m, HOLDS(ONE), G, 0.04, false, "out of the network");
    check_leaks(m, HOLDS(ONE), TWO, 0.01, true, "inside");
    check_leaks(m, HOLDS(ONE) | HOLDS(G), TWO, 0.01, true, "some group that knew is inside");
    rule(m, "regime.leak", 0.0);
    check_leaks(m, HOLDS(G), H, 0.0, false, "no leaks");
    sharing_end(world);
}

/* Compromised on day t, a plot can't be shared or collected on days t+1 … t+pause, and can on the next. */
static void check_seal(int pause) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.mail_rate", 2.0);
    rule(m, "regime.trust_gate", 0.0);
    rule(m, "regime.leak", 0.05);
    rule(m, "sharing.leak_pause_days", pause);
    plant(m, G, true);
    share_days(m, 1);
    cr_assert(leaked(m) > 1000.0);
    rule(m, "regime.leak", 0.0);
    /* Keep only those. G would collect them again at once, and all would hear of them, but for the seal. */
    size_t kept = 0;
    for (size_t k = 0; k < m->plots.count; k++)
        if (m->plots.item[k].sealed_until >= 0)
            m->plots.item[kept++] = m->plots.item[k];
    m->plots.count = kept;
    world.scenario->groups[G].isr = 2.0;
    rule(m, "collect.technical", 0.3);
    for (int day = 1; day <= pause + 1; day++) {
        /* Half are known to H in spite of the seal, and still not shared. */
        for (size_t k = 0; k < kept; k += 2) {
            pko_groups_add(&m->plots.item[k].knows, H);
            pko_groups_add(&m->plots.item[k].free, H);
        }
        share_days(m, 1);
        bool open = day > pause;
        cr_assert((knowing(m, CELL) > 0.4 * (double)kept) == open && (knowing(m, CELL) == 0.0) == !open,
                  "pause %d, day %d: %g of %zu shared", pause, day, knowing(m, CELL), kept);
        cr_assert((knowing(m, G) > 0.0) == open, "pause %d, day %d: collected", pause, day);
    }
    sharing_end(world);
}

Test(leaks, sealed_days_are_respected) {
    check_seal(0);
    check_seal(1);
    check_seal(3);
    check_seal(14);
}

/* A human-sourced plot that leaks brings one retaliation, a plot and day, however many learnings leaked. */
Test(leaks, leaks_of_human_sources_bring_retaliation) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.mail_rate", 2.0);
    rule(m, "regime.trust_gate", 0.0);
    rule(m, "regime.leak", 0.05);
    plant(m, G, true);
    double human = 0.0;
    for (size_t k = 0; k < m->plots.count; k++)
        m->plots.item[k].human_sourced = k % 3 == 0;
    m->leak_retaliations_today[0] = 0;
    share_days(m, 1);
    for (size_t k = 0; k < m->plots.count; k += 3)
        human += m->plots.item[k].sealed_until >= 0;
    cr_assert(human > 300.0 && m->leak_retaliations_today[0] == (uint32_t)human);
    cr_assert((double)m->total_leaked[0] == leaked(m));
    cr_assert(m->total_mission[PKO_TOTAL_SHARED] > m->total_leaked[0] * 2);
    sharing_end(world);
}
