/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <math.h>

#include "engine/schedule.h"
#include "model/mission.h"
#include "support/small.h"

/* The table of ODD section 3, but for the recorder, which is whoever watches. */
Test(engine, schedule_is_that_of_the_description) {
    static const char *const names[] = {"mandate",  "operations",   "threat", "intelligence", "incidents",
                                        "aviation", "peacekeepers", "trust",  "population",   "rotation"};
    for (int k = 0; k < 10; k++) {
        cr_assert_not_null(pko_schedule[k].run);
        cr_expect_eq(pko_schedule[k].number, k + 1);
        cr_expect_str_eq(pko_schedule[k].name, names[k]);
        cr_expect(*pko_schedule[k].does && *pko_schedule[k].owns);
    }
    cr_expect_null(pko_schedule[10].run);
}

Test(engine, create_refuses_what_it_cannot_make) {
    struct pko_scenario *scenario = small_with("regime_definitions: {mine: {base: open}}\n");
    static const struct {
        const char *regime;
        uint32_t replicate;
        int status;
    } wrong[] = {{"monuc", 0, PKO_ERROR_NAME},
                 {"minusm", 0, PKO_ERROR_NAME},
                 {"minusma ", 0, PKO_ERROR_NAME},
                 {"", 0, PKO_ERROR_NAME},
                 {"MINE", 0, PKO_ERROR_NAME},
                 {"minusma", 1u << 20, PKO_ERROR_RANGE},
                 {"minusma", UINT32_MAX, PKO_ERROR_RANGE}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct pko_mission *mission = (struct pko_mission *)&mission; /* anything but NULL */
        cr_expect_eq(pko_mission_create(scenario, wrong[k].regime, wrong[k].replicate, &mission),
                     wrong[k].status, "'%s' %u", wrong[k].regime, wrong[k].replicate);
        cr_expect_null(mission);
    }
    static const char *const right[] = {"minusma", "monusco", "silo", "fusion", "open", "mine"};
    for (size_t k = 0; k < sizeof right / sizeof *right; k++)
        pko_mission_free(mission_of(scenario, right[k], (1u << 20) - 1));
    pko_mission_free(NULL);
    pko_scenario_free(scenario);
}

/* ODD section 5. */
Test(engine, begins_as_described) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    const struct pko_parameters *p = &m->parameters;
    cr_expect_eq(pko_mission_day(m), 0);
    cr_expect_eq(m->people, 5330);
    for (uint32_t i = 0; i < m->people; i++) {
        cr_assert(m->danger[i] == (float)p->danger_arrival && m->trauma[i] == 0.0f);
        cr_assert_eq(m->cross_trust[i], (float)p->cross_trust_arrival);
    }
    for (size_t j = 0; j < m->extent.L; j++)
        cr_expect(m->frustration[j] == 0.0 && m->valorization[j] == 0.0);
    for (int r = 0; r < scenario->region_count; r++) {
        cr_expect_eq(m->stability[r], pko_timeline_at(&scenario->regions[r].stability, scenario->start));
        cr_expect_eq(m->population_trust[r], scenario->regions[r].trust);
        cr_expect(m->fear[r] == 0.0 && m->excitation[r] == 0.0);
    }
    cr_expect(m->robustness == 0.6 && m->cooperation == 0.4);
    cr_expect(m->plots.count == 0 && m->convoys.count == 0);
    cr_expect_null(pko_mission_change(m, 0));
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

Test(engine, steps_count_days_up_to_the_limit) {
    struct pko_scenario *scenario = SMALL("scale", "0.001", "days", "3");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    for (int day = 0; day < 5; day++) { /* the length of a run binds who runs it, not the mission */
        cr_expect_eq(pko_mission_day(m), day);
        run_days(m, 1);
    }
    /* Days are 16 bits of an address: 65535 is the last. */
    m->date += 65535 - m->day;
    m->day = 65535;
    m->plots.count = m->convoys.count = 0;
    memset(m->platoons_out, 0, m->extent.GC * sizeof *m->platoons_out);
    cr_expect_eq(pko_mission_step(m), PKO_OK);
    cr_expect_eq(pko_mission_day(m), 65536);
    uint64_t hash = pko_mission_hash(m);
    cr_expect_eq(pko_mission_step(m), PKO_ERROR_LIMIT);
    cr_expect_eq(pko_mission_hash(m), hash, "a day that is refused changes nothing");
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Every byte of the state is in the hash. */
Test(engine, hash_sees_every_column) {
    struct pko_scenario *scenario = SMALL("scale", "0.1", "regions.gao.threat", "[[2018-07-01, 1]]");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    run_days(m, 60);
    uint64_t hash = pko_mission_hash(m);
    size_t columns = 0;
#define PKO_COLUMN(type, name, count)                                                                        \
    {                                                                                                        \
        size_t used = strcmp(#count, "P") == 0 ? m->people : m->extent.count;                                \
        unsigned char *byte = (unsigned char *)m->name;                                                      \
        for (size_t at = 0; at < used * sizeof(type); at += used * sizeof(type) / 3 + 1) {                   \
            byte[at] ^= 1;                                                                                   \
            cr_expect_neq(pko_mission_hash(m), hash, #name " byte %zu", at);                                 \
            byte[at] ^= 1;                                                                                   \
        }                                                                                                    \
        columns += used > 0;                                                                                 \
    }
#include "model/mission.def"
#undef PKO_COLUMN
#define NUMBER(name)                                                                                         \
    ((unsigned char *)&m->name)[0] ^= 1;                                                                     \
    cr_expect_neq(pko_mission_hash(m), hash, #name);                                                         \
    ((unsigned char *)&m->name)[0] ^= 1
    NUMBER(stream.seed);
    NUMBER(stream.replicate);
    NUMBER(parameters);
    NUMBER(day);
    NUMBER(date);
    NUMBER(layers_present);
    NUMBER(robustness);
    NUMBER(cooperation);
    NUMBER(mean_reinforcement_evening);
    NUMBER(median);
#undef NUMBER
    cr_assert_gt(m->plots.count, 0);
    m->plots.item[0].knows.bits[1] ^= 1;
    cr_expect_neq(pko_mission_hash(m), hash, "plots");
    m->plots.item[0].knows.bits[1] ^= 1;
    cr_assert_gt(m->convoys.count, 0);
    m->convoys.item[0].seats ^= 1;
    cr_expect_neq(pko_mission_hash(m), hash, "convoys");
    m->convoys.item[0].seats ^= 1;
    cr_expect_eq(pko_mission_hash(m), hash);
    cr_expect_gt(columns, 100);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

static uint64_t sum_of(const uint64_t *column, size_t count) {
    uint64_t sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += column[k];
    return sum;
}

/* What a day says of itself is what its totals rose by: nothing is left of the day before. */
Test(engine, today_is_of_the_day) {
    struct pko_scenario *scenario =
        SMALL("regions.gao.threat", "[[2018-07-01, 0.3]]", "record.events", "true");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    uint64_t before[7] = {0}, days_with_deaths = 0;
    size_t rows = 0;
    for (int day = 0; day < 150; day++) {
        run_days(m, 1);
        const uint64_t *of_mission = m->total_mission;
        const uint64_t total[7] = {
            of_mission[PKO_TOTAL_FLIGHTS_REQUESTED] - of_mission[PKO_TOTAL_FLIGHTS_DENIED],
            sum_of(m->total_visits_refused, m->extent.G) +
                sum_of(m->total_visits_without_platoon, m->extent.G) + of_mission[PKO_TOTAL_FLIGHTS_DENIED],
            sum_of(m->total_projects, m->extent.R),
            sum_of(m->total_strikes, m->extent.R4),
            sum_of(m->total_hits, m->extent.R4),
            sum_of(m->total_retaliations, m->extent.R),
            sum_of(m->total_deaths, m->extent.G),
        };
        uint64_t today[7] = {0}, bereaved = 0;
        for (size_t j = 0; j < m->extent.L; j++)
            today[0] += m->flights[j], today[1] += m->denials[j], bereaved += m->bereaved[j];
        for (size_t r = 0; r < m->extent.R; r++)
            today[2] += m->projects_today[r], today[3] += m->strikes_today[r], today[4] += m->hits_today[r],
                today[5] += m->retaliations_today[r];
        today[6] = m->hostile_deaths_today;
        for (int k = 0; k < 7; k++) {
            cr_assert_eq(today[k], total[k] - before[k], "count %d on day %d", k, day);
            before[k] = total[k];
        }
        cr_assert_eq(bereaved > 0, today[6] > 0, "bereaved on day %d", day);
        days_with_deaths += today[6] > 0;
        /* ς = 0.5 failed, 1 + 0.5·deaths hit, the deaths being the mission's. */
        double severity = 0;
        for (; rows < m->ledger.incidents.count; rows++) {
            const struct pko_incident *row = &m->ledger.incidents.item[rows];
            severity += row->hit ? 1 + 0.5 * (row->plot_class == PKO_POPULATION ? 0 : row->killed) : 0.5;
        }
        cr_assert_eq(m->severity_mission, severity, "severity on day %d", day);
    }
    cr_expect(days_with_deaths > 3 && days_with_deaths < 100);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* c_g = 1 − (1 − classification)^max(0, 1 + guard·(ā_g − b̄_g)), of the evening before (6.4). */
Test(engine, classification_follows_the_ledgers) {
    struct pko_scenario *scenario = SMALL("sharing.guard", "3");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    static const double ledgers[][2] = {{0.0, 1.0}, {0.2, 0.6}, {0.5, 0.5}, {1.0, 0.0}};
    run_days(m, 3);
    for (size_t k = 0; k < 4; k++) {
        double apart = 1 + 3 * (ledgers[k][0] - ledgers[k][1]);
        m->group_reinforcement[1] = ledgers[k][0]; /* canada, on the network */
        m->group_resistance[1] = ledgers[k][1];
        run_days(m, 1);
        cr_expect_float_eq(m->classification[1], 1 - pow(1 - 0.85, apart > 0 ? apart : 0), 1e-12);
        cr_expect_eq(m->classification[2], 0.0, "a group off the network classifies nothing");
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Layers come at the start of their day and go at the start of theirs; the others stay as they were. */
Test(engine, layers_come_and_go) {
    struct pko_scenario *scenario =
        SMALL("contingents.chad.detachments",
              "[{camp: kidal_camp, strength: 1400}, {camp: castor, strength: 300, from: 2018-07-11, "
              "until: 2018-07-21}]");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    char why[200];
    for (int day = 0; day < 30; day++) {
        run_days(m, 1);
        bool there = day >= 10 && day < 20;
        cr_expect_eq(m->people, there ? 5630 : 5330, "%u people on day %d", m->people, day);
        cr_assert_eq(pko_mission_verify(m, why, sizeof why), PKO_OK, "%s", why);
    }
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* A convoy whose people leave dissolves: its platoons are free and it delivers nothing. */
Test(engine, convoys_dissolve_with_their_people) {
    struct pko_scenario *scenario = SMALL(
        "contingents.burkina_faso.detachments", "[{camp: gao_supercamp, strength: 800, until: 2018-07-31}]",
        "contingents.bangladesh.detachments", "[{camp: bamako_hq, strength: 300}]", "record.events", "true");
    struct pko_mission *m = mission_of(scenario, "minusma", 0);
    run_days(m, 30);
    size_t out = m->convoys.count, logged = m->ledger.convoys.count, of_camp = 0;
    int camp = 2; /* gao_supercamp, whose only escorts end on day 30 */
    for (size_t k = 0; k < out; k++)
        of_camp += m->convoys.item[k].origin == camp;
    cr_assert_gt(of_camp, 0);
    run_days(m, 1);
    size_t dissolved = 0;
    for (size_t k = logged; k < m->ledger.convoys.count; k++)
        if (m->ledger.convoys.item[k].origin == camp)
            dissolved += (size_t)m->ledger.convoys.item[k].dissolved;
    cr_expect_eq(dissolved, of_camp);
    cr_expect_eq(m->total_mission[PKO_TOTAL_DISSOLVED], of_camp);
    for (size_t k = 0; k < m->convoys.count; k++)
        cr_expect_neq(m->convoys.item[k].origin, camp);
    pko_mission_free(m);
    pko_scenario_free(scenario);
}

/* Each break, and a word of what verify says of it. */
Test(engine, verify_finds_what_is_broken) {
    struct pko_scenario *scenario = scenario_of("small", NULL);
    struct pko_mission *whole = mission_of(scenario, "minusma", 0);
    run_days(whole, 40);
    char why[200] = "not empty";
    cr_expect_eq(pko_mission_verify(whole, why, sizeof why), PKO_OK);
    cr_expect_str_eq(why, "");
    cr_assert(whole->plots.count > 0 && whole->convoys.count > 0);
#define EXPECT_FOUND(word, ...)                                                                              \
    {                                                                                                        \
        struct pko_mission *m = clone_of(whole);                                                             \
        __VA_ARGS__;                                                                                         \
        cr_expect_eq(pko_mission_verify(m, why, sizeof why), PKO_ERROR_RANGE, "%s is not seen",              \
                     #__VA_ARGS__);                                                                          \
        cr_expect(strstr(why, word), "'%s' does not tell of %s", why, #__VA_ARGS__);                         \
        pko_mission_free(m);                                                                                 \
    }
    EXPECT_FOUND("danger of person 7", m->danger[7] = 1.5f)
    EXPECT_FOUND("trauma of person", m->trauma[m->people - 1] = -0.1f)
    EXPECT_FOUND("reinforcement of person", m->reinforcement[0] = NAN)
    EXPECT_FOUND("resistance of person", m->resistance[9] = INFINITY)
    EXPECT_FOUND("cross_trust of person", m->cross_trust[9] = 1.0001f)
    EXPECT_FOUND("people", m->layer_people[m->order[0]]--)
    EXPECT_FOUND("layer", m->layer_first[m->order[1]]++)
    EXPECT_FOUND("people", m->people--)
    EXPECT_FOUND("category", m->traits[3] ^= PKO_TRAIT_UNIFORMED)
    EXPECT_FOUND("posture", m->posture[m->order[0]] = -1)
    EXPECT_FOUND("frustration", m->frustration[m->order[0]] = 2)
    EXPECT_FOUND("valorization", m->valorization[m->order[0]] = NAN)
    EXPECT_FOUND("voice", m->voice[m->order[0]] = 1.1)
    EXPECT_FOUND("uniformed", m->camp_uniformed[1]++)
    EXPECT_FOUND("stability", m->stability[1] = -1e-9)
    EXPECT_FOUND("population trust", m->population_trust[1] = 1.1)
    EXPECT_FOUND("fear", m->fear[2] = NAN)
    EXPECT_FOUND("plot rate", m->plot_rate[0] = INFINITY)
    EXPECT_FOUND("robustness", m->robustness = 1.1)
    EXPECT_FOUND("secrecy", m->secrecy[0] = 1.1)
    EXPECT_FOUND("trust of group 1 in group 2", m->trust[m->trust_stride + 2] = 1.1)
    EXPECT_FOUND("not known", m->plots.item[0].free.bits[1] = 1)
    EXPECT_FOUND("outlived", m->plots.item[0].due = m->day - 1)
    EXPECT_FOUND("overdue", m->convoys.item[0].formed -= 100)
    EXPECT_FOUND("platoons", m->platoons_out[0]++)
#undef EXPECT_FOUND
    cr_expect_eq(pko_mission_verify(whole, NULL, 0), PKO_OK);
    pko_mission_free(whole);
    pko_scenario_free(scenario);
}
