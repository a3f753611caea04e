/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrows of ODD section 4, a row each: where each acts, what its target is, and what may differ first
 * when it is cut. */
#ifndef PKO_TEST_ARROW_ROWS_H
#define PKO_TEST_ARROW_ROWS_H

#include "model/parameters.h"

/* What may differ at the end of the day on which a state first does, by the order of the day (ODD section 3):
 * whatever is computed from it later that day. Trust follows the evening's mean reinforcement of groups
 * (6.8). Individuals see yesterday's states of one another and of themselves (6.7), so one of their states
 * does not move another that day. */
#define TRUST            " trust memory_trust"
#define DANGER           " danger mean_danger memory_danger"
#define TRAUMA           " trauma mean_trauma memory_trauma"
#define RESISTANCE       " resistance mean_resistance memory_resistance group_resistance"
#define CROSS_TRUST      " cross_trust mean_cross_trust memory_cross_trust"
#define POPULATION_TRUST " population_trust memory_population_trust"
#define FEAR             " fear memory_fear"
#define STABILITY        " stability memory_stability"
#define REINFORCEMENT                                                                                        \
    " reinforcement mean_reinforcement memory_reinforcement group_reinforcement "                            \
    "mean_reinforcement_evening" TRUST
#define VALORIZATION " valorization memory_valorization" RESISTANCE
/* Of uniformed people frustration moves b and x, of civilians a. */
#define FRUSTRATION  " frustration memory_frustration" REINFORCEMENT RESISTANCE CROSS_TRUST
#define RETALIATIONS " retaliations_today total_retaliations" FEAR
/* Process 5 given the strikes: warning is the last of the factors that lower a chance. The dead are replaced.
 */
#define HITS                                                                                                 \
    " total_hits total_hits_warned total_missed_warning total_deadly_hits total_civilians_killed "           \
    "total_deaths"                                                                                           \
    " total_wounded total_mission deaths_by_day hostile_deaths_today hits_today community_hits_today "       \
    "severity_region"                                                                                        \
    " severity_camp severity_group severity_mission today bereaved convoys.harmed traits layer_background "  \
    "layer_women" DANGER TRAUMA REINFORCEMENT RESISTANCE CROSS_TRUST POPULATION_TRUST FEAR STABILITY
/* Process 4, plots that are due today left out. */
#define INTELLIGENCE                                                                                         \
    " plots.knows plots.free plots.collected plots.human_sourced plots.sealed_until sharing_open "           \
    "sharing_closed"                                                                                         \
    " total_collected total_duplicated total_restricted total_learned total_mission total_leaked secrecy "   \
    "memory_secrecy"                                                                                         \
    " leak_retaliations_today total_leak_retaliations" RETALIATIONS REINFORCEMENT
#define KNOWLEDGE INTELLIGENCE " total_warned total_warned_own total_known" HITS
/* Process 3: what is made today is due tomorrow at the soonest. */
#define PLOTS " plot_rate total_plots plots.born" INTELLIGENCE
#define POSTURE                                                                                              \
    " posture memory_posture centred_population centred_enemy ride_posture" VALORIZATION PLOTS KNOWLEDGE
#define PROJECTS " project_days projects_today total_projects" VALORIZATION POPULATION_TRUST STABILITY
/* Process 2 from escorts on: who is on the road is a target, and meets the population. Having ridden is a
 * trait. */
#define ESCORTS                                                                                              \
    " convoys.formed platoons_out route_due field_people denials ride_posture last_ride aboard_civilians"    \
    " total_visits_shared total_visits_escorted total_visits_refused total_visits_without_platoon "          \
    "strikes_today"                                                                                          \
    " seen total_strikes total_lapsed total_targeted total_missed_base total_missed_hardness" FRUSTRATION    \
        PROJECTS KNOWLEDGE
#define VISITS      " total_visits_requested total_visits_free" ESCORTS
#define RESTRAINT   " restraint" RETALIATIONS KNOWLEDGE
#define COOPERATION " cooperation" PLOTS KNOWLEDGE POPULATION_TRUST

enum who { ANYONE, UNIFORMED, CIVILIANS }; /* whose states may differ first */

/* With an endogenous mandate the cut is on day 330, before the first renewal; else on day 90, the default. */
enum mode { HISTORICAL, ENDOGENOUS };

struct arrow_row {
    enum pko_arrow arrow;
    enum mode mode;
    const char *target;
    const char *first; /* what may differ on the first day on which anything does */
    enum who who;
    const char *setting[4]; /* names and values of what makes events frequent enough for 60 days */
};

#define ROW(name, mode, target, first, who, ...)                                                             \
    {                                                                                                        \
        PKO_ARROW_##name, mode, target, first, who, {                                                        \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }
static const struct arrow_row arrow_rows[] = {
    ROW(incidents_to_danger, HISTORICAL, "danger", DANGER TRAUMA, ANYONE),
    ROW(reinforcement_to_danger, HISTORICAL, "danger", DANGER, ANYONE),
    ROW(danger_to_reinforcement, HISTORICAL, "reinforcement", REINFORCEMENT, ANYONE),
    ROW(reinforcement_to_posture, HISTORICAL, "posture", POSTURE, ANYONE),
    ROW(posture_to_threat, HISTORICAL, "plot_rate", PLOTS, ANYONE),
    ROW(posture_to_population_trust, HISTORICAL, "population_trust", POPULATION_TRUST, ANYONE),
    ROW(population_trust_to_tips, HISTORICAL, "plots.knows", KNOWLEDGE, ANYONE, "regions.gao.threat",
        "[[2018-07-01, 2]]"),
    ROW(tips_to_warning, HISTORICAL, "plots.knows", KNOWLEDGE, ANYONE),
    ROW(warning_to_hits, HISTORICAL, "total_hits", HITS, ANYONE),
    ROW(stability_to_access, HISTORICAL, "total_visits_free", " total_visits_free" ESCORTS, ANYONE),
    ROW(access_to_projects, HISTORICAL, "total_projects", " convoys.delivered" PROJECTS, ANYONE),
    ROW(projects_to_stability, HISTORICAL, "stability", STABILITY, ANYONE),
    ROW(stability_to_threat, HISTORICAL, "plot_rate", PLOTS, ANYONE),
    ROW(sharing_to_warning, HISTORICAL, "plots.knows", KNOWLEDGE, ANYONE),
    ROW(withholding_to_trust, HISTORICAL, "trust", " total_mission" TRUST, ANYONE),
    ROW(reciprocity, HISTORICAL, "trust", TRUST, ANYONE),
    ROW(trust_to_sharing, HISTORICAL, "plots.knows", KNOWLEDGE, ANYONE),
    ROW(reinforcement_to_classification, HISTORICAL, "classification", " classification" KNOWLEDGE, ANYONE),
    ROW(secrecy_to_reinforcement, HISTORICAL, "reinforcement", REINFORCEMENT, ANYONE),
    ROW(deaths_to_mandate, ENDOGENOUS, "robustness", " robustness" COOPERATION, ANYONE),
    ROW(mandate_to_reinforcement, ENDOGENOUS, "reinforcement", REINFORCEMENT, ANYONE),
    ROW(mandate_to_cooperation, ENDOGENOUS, "cooperation", COOPERATION, ANYONE),
    ROW(cooperation_to_threat, ENDOGENOUS, "plot_rate", PLOTS, ANYONE),
    ROW(cooperation_to_population_trust, ENDOGENOUS, "population_trust", POPULATION_TRUST, ANYONE),
    ROW(projects_to_valorization, HISTORICAL, "valorization", VALORIZATION, ANYONE),
    ROW(flights_to_valorization, HISTORICAL, "valorization", VALORIZATION, UNIFORMED),
    ROW(valorization_to_resistance, HISTORICAL, "resistance", RESISTANCE, ANYONE),
    ROW(resistance_to_posture, HISTORICAL, "posture", POSTURE, ANYONE),
    ROW(socialization, HISTORICAL, "reinforcement", REINFORCEMENT RESISTANCE, ANYONE),
    ROW(cohesion_to_reinforcement, HISTORICAL, "reinforcement", REINFORCEMENT, UNIFORMED),
    ROW(othering_to_trust, HISTORICAL, "trust", TRUST, ANYONE),
    ROW(hierarchy_to_trust, HISTORICAL, "trust", TRUST, ANYONE),
    ROW(blame_to_trust, HISTORICAL, "trust", " total_mission" TRUST, ANYONE),
    ROW(denials_to_frustration, HISTORICAL, "frustration", FRUSTRATION, ANYONE),
    ROW(bureaucracy_to_frustration, HISTORICAL, "frustration",
        " frustration memory_frustration" RESISTANCE CROSS_TRUST, UNIFORMED),
    ROW(frustration_to_resistance, HISTORICAL, "resistance", RESISTANCE, UNIFORMED),
    ROW(frustration_to_reinforcement, HISTORICAL, "reinforcement", REINFORCEMENT, CIVILIANS),
    ROW(frustration_to_cross_trust, HISTORICAL, "cross_trust", CROSS_TRUST, UNIFORMED),
    ROW(cross_trust_to_escort, HISTORICAL, "total_visits_escorted", ESCORTS, ANYONE, "operations.personal",
        "1", "operations.duty", "0"),
    ROW(contact_to_retaliation, HISTORICAL, "total_retaliations", RETALIATIONS, ANYONE),
    ROW(leaks_to_retaliation, HISTORICAL, "total_retaliations", " total_leak_retaliations" RETALIATIONS,
        ANYONE, "regime.minusma.leak", "0.05", "collect.tips", "1"),
    ROW(retaliation_to_fear, HISTORICAL, "fear", FEAR, ANYONE),
    ROW(fear_to_tips, HISTORICAL, "plots.knows", KNOWLEDGE, ANYONE, "regions.gao.threat",
        "[[2018-07-01, 2]]"),
    ROW(background_to_voice, HISTORICAL, "voice", " voice voiced memory_voice" VISITS RESTRAINT, ANYONE),
    ROW(voice_to_visits, HISTORICAL, "total_visits_requested", VISITS, ANYONE),
    ROW(voice_to_restraint, HISTORICAL, "restraint", RESTRAINT, ANYONE,
        "sections.protection_of_civilians.background", "0.5"),
    ROW(convoys_to_ledgers, HISTORICAL, "reinforcement", REINFORCEMENT RESISTANCE, CIVILIANS),
    ROW(convoys_to_cross_trust, HISTORICAL, "cross_trust", CROSS_TRUST, ANYONE),
};
#define ARROW_ROWS (sizeof arrow_rows / sizeof *arrow_rows)

#endif
