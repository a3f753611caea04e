/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sharing (ODD 6.4) in a small world, process 4 alone: trust, contact and the day's efforts stand still, so
 * who knows a plot after k days follows from the terms of η. Thousands of plots are each a trial. */
#include "support/sharing.h"

/* After 1, 2, 4 and 7 days h knows 1 − exp(−k·η) of the plots that g holds. Others are kept out of it. */
static void check_rate(struct pko_mission *mission, int g, int h, bool is_free, double eta,
                       const char *what) {
    const int days[] = {1, 2, 4, 7};
    struct pko_groups pair = {{0, 0}};
    pko_groups_add(&pair, g);
    pko_groups_add(&pair, h);
    for (int d = 0; d < 4; d++) {
        plant(mission, g, is_free);
        for (int k = 0; k < days[d]; k++) {
            share_days(mission, 1);
            for (size_t plot = 0; plot < mission->plots.count; plot++) /* nobody else passes it on */
                mission->plots.item[plot].knows.bits[0] &= pair.bits[0];
            for (size_t plot = 0; plot < mission->plots.count; plot++)
                mission->plots.item[plot].free.bits[0] &= pair.bits[0];
        }
        check_share(knowing(mission, h), SHARING_PLOTS, 1.0 - exp(-days[d] * eta), what);
    }
    cr_assert(eta == 0.0 || (eta > 0.005 && eta < 1.0), "%s: the test is blunt at %g", what, eta);
}

/* contact_gh = Σ_c min(n_gc, n_hc)/min(n_g, n_h): h has 50 + 30, all of it beside more of g. */
static void check_overlaps(const struct pko_mission *mission) {
    const double expected[][3] = {{G, H, 1.0},    {G, FOREIGN, 1.0}, {G, ONE, 1.0},       {ONE, TWO, 0.0},
                                  {H, CELL, 1.0}, {H, ONE, 1.0},     {FOREIGN, TWO, 0.0}, {H, TWO, 0.75}};
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        size_t g = (size_t)expected[k][0], h = (size_t)expected[k][1];
        cr_assert(fabs(mission->overlap[g * mission->trust_stride + h] - expected[k][2]) < 1e-15,
                  "%zu and %zu", g, h);
        cr_assert(mission->overlap[h * mission->trust_stride + g] ==
                  mission->overlap[g * mission->trust_stride + h]);
    }
}

Test(sharing, open_terms) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    check_overlaps(m);
    check_rate(m, G, H, true, 0.0, "no channel");
    rule(m, "regime.mail_rate", 0.3);
    check_rate(m, G, H, true, 0.3 * trust(m, G, H), "mail");
    check_rate(m, H, G, true, 0.3 * trust(m, H, G), "mail, the other way");
    rule(m, "regime.trust_gate", 0.0);
    check_rate(m, G, H, true, 0.3, "mail without a gate");
    rule(m, "regime.trust_gate", 1.5);
    check_rate(m, G, H, true, 0.3 * pow(trust(m, G, H), 1.5), "mail behind a gate of 1.5");
    rule(m, "regime.trust_gate", 2.0);
    check_rate(m, G, H, true, 0.3 * pow(trust(m, G, H), 2.0), "mail behind a gate of 2");
    rule(m, "regime.trust_gate", 0.7);
    check_rate(m, G, H, true, 0.3 * pow(trust(m, G, H), 0.7), "mail behind a gate of 0.7");
    rule(m, "regime.trust_gate", 1.0);
    rule(m, "regime.mail_rate", 0.0);
    rule(m, "regime.hub_rate", 0.4);
    check_rate(m, G, H, true, 0.0, "no hub between the two");
    check_rate(m, CELL, H, true, 0.4 * trust(m, CELL, H), "from a hub");
    check_rate(m, H, CELL, true, 0.4 * trust(m, H, CELL), "to a hub");
    rule(m, "regime.hub_rate", 0.0);
    rule(m, "regime.informal_rate", 0.5);
    check_rate(m, H, TWO, true,
               0.5 * 0.75 * trust(m, H, TWO) * (1.0 - m->parameters.sharing_language_barrier),
               "informal contact of some");
    check_rate(m, FOREIGN, TWO, true, 0.0, "no contact");
    rule(m, "regime.mail_rate", 0.1);
    rule(m, "regime.hub_rate", 0.2);
    check_rate(m, CELL, H, true, (0.1 + 0.2 + 0.5) * trust(m, CELL, H), "all channels");
    sharing_end(world);
}

Test(sharing, language_is_a_barrier) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.mail_rate", 0.8);
    double barrier = m->parameters.sharing_language_barrier, t = trust(m, G, FOREIGN);
    check_rate(m, H, FOREIGN, true, 0.8 * trust(m, H, FOREIGN), "a common language");
    check_rate(m, G, FOREIGN, true, 0.8 * t * (1.0 - barrier), "no common language");
    rule(m, "regime.translation", 0.6);
    check_rate(m, G, FOREIGN, true, 0.8 * t * (1.0 - barrier * 0.4), "with some translation");
    rule(m, "regime.translation", 1.0);
    check_rate(m, G, FOREIGN, true, 0.8 * t, "all translated");
    sharing_end(world);
}

Test(sharing, riding_together_is_contact) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.informal_rate", 1.0);
    rule(m, "sharing.language_barrier", 0.0);
    size_t at = TWO * m->trust_stride + FOREIGN;
    int32_t today = m->day;
    double eta = m->parameters.sharing_convoy_contact * trust(m, TWO, FOREIGN);
    const int32_t since[] = {0, 15, 29, 30, 31};
    for (int k = 0; k < 5; k++) {
        m->day = today + 40;
        m->last_ride[at] = m->day - since[k];
        plant(m, TWO, true);
        share_days(m, 1);
        check_share(knowing(m, FOREIGN), SHARING_PLOTS, since[k] < 30 ? 1.0 - exp(-eta) : 0.0,
                    "after a ride");
    }
    m->last_ride[G * m->trust_stride + H] = m->day;
    plant(m, G, true);
    share_days(m, 1);
    check_share(knowing(m, H), SHARING_PLOTS, 1.0 - exp(-trust(m, G, H)), "contact is at most 1");
    sharing_end(world);
}

Test(sharing, secure_groups_share_what_is_restricted) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    double barrier = 1.0 - m->parameters.sharing_language_barrier;
    rule(m, "regime.secure_rate", 0.25);
    check_rate(m, ONE, TWO, false, 0.25, "the secure network alone");
    check_rate(m, ONE, TWO, true, 0.25, "the secure network with a free copy");
    rule(m, "regime.mail_rate", 0.4);
    check_rate(m, ONE, TWO, false, 0.25 + 0.4 * barrier * trust(m, ONE, TWO), "and its open terms");
    check_rate(m, ONE, G, false, 0.0, "nothing restricted by mail");
    check_rate(m, ONE, G, true, 0.4 * trust(m, ONE, G), "what is free goes out");
    rule(m, "regime.informal_rate", 1.0);
    double talk = m->parameters.sharing_restricted_talk;
    check_rate(m, ONE, G, false, talk * 1.0 * trust(m, ONE, G), "restricted talk");
    check_rate(m, TWO, H, false, talk * 0.75 * trust(m, TWO, H) * barrier, "restricted talk of some");
    sharing_end(world);
}

/* Classification 1 and no talk: whatever a secure group collects by its own means stays on the network, for
 * good. */
Test(sharing, nothing_crosses_a_closed_network) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.classification", 1.0);
    rule(m, "regime.secure_rate", 0.5);
    rule(m, "regime.mail_rate", 1.0);
    rule(m, "regime.hub_rate", 1.0);
    rule(m, "regime.informal_rate", 1.0);
    rule(m, "sharing.restricted_talk", 0.0);
    plant(m, ONE, false);
    share_days(m, 60);
    for (int h = 0; h < GROUPS; h++)
        cr_assert(knowing(m, h) == (h == ONE || h == TWO ? SHARING_PLOTS : 0.0), "%s",
                  world.scenario->groups[h].name);
    for (size_t k = 0; k < m->plots.count; k++)
        cr_assert(m->plots.item[k].free.bits[0] == 0);
    cr_assert(m->secrecy[ONE] == 1.0 && m->secrecy[TWO] == 1.0 && m->secrecy[G] == 0.0);
    rule(m, "sharing.restricted_talk", 0.2);
    share_days(m, 60);
    cr_assert(knowing(m, G) > 0.9 * SHARING_PLOTS, "and with talk it does");
    cr_assert(m->secrecy[G] == 1.0, "what is talked about stays restricted");
    sharing_end(world);
}

/* Groups that are not there neither learn nor pass on. */
Test(sharing, absent_groups_are_out_of_it) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.mail_rate", 2.0);
    rule(m, "regime.secure_rate", 2.0);
    plant(m, ABSENT, true);
    share_days(m, 20);
    for (int h = 0; h < GROUPS; h++)
        cr_assert(knowing(m, h) == (h == ABSENT ? SHARING_PLOTS : 0.0));
    plant(m, G, true);
    share_days(m, 20);
    cr_assert(knowing(m, ABSENT) == 0.0 && knowing(m, H) > 0.99 * SHARING_PLOTS);
    sharing_end(world);
}

/* Sharing is simultaneous: on one day nobody learns from who learns that day. Hazards of several holders add
 * up. */
Test(sharing, who_learns_today_passes_on_tomorrow) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.informal_rate", 2.0);
    rule(m, "regime.trust_gate", 0.0);
    rule(m, "sharing.language_barrier", 0.0);
    plant(m, FOREIGN, true); /* in `both`; TWO and CELL are in `alone`, G and H in both */
    share_days(m, 1);
    cr_assert(knowing(m, TWO) == 0.0 && knowing(m, CELL) == 0.0);
    check_share(knowing(m, H), SHARING_PLOTS, 1.0 - exp(-2.0), "H from FOREIGN");
    /* TWO hears from G and from H, each if it knows: contact 1 with G, 0.75 with H. */
    double g = knowing(m, G) / SHARING_PLOTS;
    double expected[4] = {0.0, 1.0 - exp(-2.0), 1.0 - exp(-1.5), 1.0 - exp(-3.5)}, mean = 0.0;
    for (size_t k = 0; k < m->plots.count; k++)
        mean += expected[pko_groups_has(&m->plots.item[k].knows, G) +
                         2 * pko_groups_has(&m->plots.item[k].knows, H)];
    share_days(m, 1);
    cr_assert(fabs(g - (1.0 - exp(-2.0))) < 0.02);
    check_share(knowing(m, TWO), SHARING_PLOTS, mean / SHARING_PLOTS, "TWO from G and H");
    sharing_end(world);
}

/* A learner's copy is free if some holder with a free copy had η > 0 toward it, whoever it learned from. */
Test(sharing, copies_are_as_free_as_a_holder_made_them) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.informal_rate", 1.0);
    rule(m, "regime.trust_gate", 0.0);
    plant(m, ONE, false);
    rule(m, "regime.mail_rate", 0.2);
    for (size_t k = 0; k < m->plots.count; k++) {
        /* Half of them are also held, free, by one who shares with G; of the others half by one who is not
         * there. */
        int holder = k % 2 == 0 ? FOREIGN : k % 4 == 1 ? ABSENT : ONE;
        pko_groups_add(&m->plots.item[k].knows, holder);
        if (holder != ONE)
            pko_groups_add(&m->plots.item[k].free, holder);
    }
    share_days(m, 1);
    for (size_t k = 0; k < m->plots.count; k++)
        if (pko_groups_has(&m->plots.item[k].knows, G))
            cr_assert(pko_groups_has(&m->plots.item[k].free, G) == (k % 2 == 0));
    cr_assert(knowing(m, G) > 1000.0);
    sharing_end(world);
}

/* Attribution, observation only: learnings by channel in proportion to the terms of η. */
Test(sharing, channels_in_proportion_to_their_terms) {
    struct sharing_world world = sharing_begin();
    struct pko_mission *m = world.mission;
    rule(m, "regime.secure_rate", 0.2);
    rule(m, "regime.mail_rate", 0.4);
    rule(m, "regime.hub_rate", 0.3);
    rule(m, "regime.informal_rate", 0.5);
    rule(m, "regime.trust_gate", 0.0);
    rule(m, "sharing.language_barrier", 0.0);
    plant(m, TWO, true);
    share_days(m, 1);
    double learned = 0.0;
    for (int channel = 0; channel < PKO_CHANNELS; channel++)
        learned += (double)m->total_learned[channel];
    cr_assert(learned == (double)m->total_mission[PKO_TOTAL_SHARED]);
    /* From TWO: to ONE by secure 0.2 and mail 0.4; to CELL by mail, hub 0.3 and informal 0.5; to G, H by mail
     * and informal (0.5, 0.375); to FOREIGN by mail. */
    double one = knowing(m, ONE), cell = knowing(m, CELL), g = knowing(m, G), h = knowing(m, H),
           f = knowing(m, FOREIGN);
    const double expected[PKO_CHANNELS] = {
        one * 0.2 / 0.6, one * 0.4 / 0.6 + cell * 0.4 / 1.2 + g * 0.4 / 0.9 + h * 0.4 / 0.775 + f,
        cell * 0.3 / 1.2, cell * 0.5 / 1.2 + g * 0.5 / 0.9 + h * 0.375 / 0.775, 0.0};
    for (int channel = 0; channel < PKO_CHANNELS; channel++)
        cr_assert(fabs((double)m->total_learned[channel] - expected[channel]) <=
                      SHARING_BOUND * sqrt(expected[channel]),
                  "channel %d: %g, expected %g", channel, (double)m->total_learned[channel],
                  expected[channel]);
    sharing_end(world);
}
