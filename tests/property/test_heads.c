/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Head counts over the ten years of MINUSMA: layers come and go, nobody else does (ODD 6.10, FORMAT of
 * layers). */
#include "process/process.h"
#include "support/missions.h"

/* Who must be there on a day, from the scenario alone. */
struct heads {
    uint32_t all, uniformed, camp[64], group[PKO_GROUPS_MOST], layer[1024];
};

static bool is_there(const struct pko_layer *layer, int32_t date) {
    return date >= layer->from && date < layer->until;
}

static void count_heads(const struct pko_scenario *scenario, int32_t date, struct heads *heads) {
    memset(heads, 0, sizeof *heads);
    cr_assert(scenario->camp_count <= 64 && scenario->layer_count <= 1024);
    for (int j = 0; j < scenario->layer_count; j++) {
        const struct pko_layer *layer = &scenario->layers[j];
        if (!is_there(layer, date))
            continue;
        uint32_t people = (uint32_t)ceil(layer->strength * scenario->scale - 1e-6);
        heads->layer[j] = people;
        heads->all += people;
        heads->camp[layer->camp] += people;
        heads->group[layer->group] += people;
        if (scenario->groups[layer->group].kind != PKO_SECTION)
            heads->uniformed += people;
    }
}

static void check_heads(const struct pko_mission *mission, const struct heads *heads) {
    const struct pko_scenario *scenario = mission->scenario;
    int day = mission->day - 1; /* the day just run */
    uint32_t uniformed = 0, present = 0, sum = 0;
    cr_assert(mission->people == heads->all, "day %d: %u people, expected %u", day, mission->people,
              heads->all);
    for (int j = 0; j < scenario->layer_count; j++) {
        cr_assert(mission->layer_people[j] == heads->layer[j], "day %d: layer %d", day, j);
        present += heads->layer[j] > 0;
        sum += mission->layer_people[j];
    }
    cr_assert(present == mission->layers_present && sum == mission->people, "day %d", day);
    for (int c = 0; c < scenario->camp_count; c++)
        cr_assert(mission->camp_people[c] == heads->camp[c], "day %d: camp %s", day, scenario->camps[c].name);
    for (int g = 0; g < scenario->group_count; g++)
        cr_assert(mission->group_people[g] == heads->group[g], "day %d: group %s", day,
                  scenario->groups[g].name);
    for (uint32_t i = 0; i < mission->people; i++)
        uniformed += (mission->traits[i] & PKO_TRAIT_UNIFORMED) != 0;
    cr_assert(uniformed == heads->uniformed, "day %d: %u uniformed, expected %u", day, uniformed,
              heads->uniformed);
}

/* What follows from who lives where: cohesion h_j (6.7), the overlap of groups in camps (6.4), patrollers
 * (6.2). */
static double kin_at_camp(const struct pko_mission *mission, int j) {
    const struct pko_scenario *scenario = mission->scenario;
    int group = scenario->layers[j].group, alliance = scenario->groups[group].alliance;
    double kin = 0.0, all = 0.0;
    for (int k = 0; k < scenario->layer_count; k++) {
        if (scenario->layers[k].camp != scenario->layers[j].camp)
            continue;
        const struct pko_group *other = &scenario->groups[scenario->layers[k].group];
        bool is_kin = alliance >= 0 ? other->kind != PKO_SECTION && other->alliance == alliance
                                    : scenario->layers[k].group == group;
        all += mission->layer_people[k];
        kin += is_kin ? mission->layer_people[k] : 0.0;
    }
    return kin / all;
}

static void check_standing(const struct pko_mission *mission) {
    const struct pko_scenario *scenario = mission->scenario;
    size_t camps = (size_t)scenario->camp_count;
    for (int j = 0; j < scenario->layer_count; j++) {
        const struct pko_group *group = &scenario->groups[scenario->layers[j].group];
        if (mission->layer_people[j] == 0 || group->kind == PKO_SECTION)
            continue;
        cr_assert(fabs(mission->cohesion[j] - kin_at_camp(mission, j)) < 1e-15, "cohesion of layer %d is %g",
                  j, mission->cohesion[j]);
        cr_assert(mission->patrollers[j] ==
                  group->patrol * (double)mission->layer_people[j] / scenario->scale);
    }
    for (int g = 0; g < scenario->group_count; g++)
        for (int h = 0; h < scenario->group_count; h++) {
            const uint32_t *one = mission->group_camp_people + (size_t)g * camps;
            const uint32_t *other = mission->group_camp_people + (size_t)h * camps;
            double shared = 0.0, least = fmin(mission->group_people[g], mission->group_people[h]);
            for (size_t c = 0; c < camps; c++)
                shared += fmin(one[c], other[c]);
            double overlap = mission->overlap[(size_t)g * mission->trust_stride + (size_t)h];
            cr_assert(fabs(overlap - (least > 0.0 ? shared / least : 0.0)) < 1e-15, "%s and %s",
                      scenario->groups[g].name, scenario->groups[h].name);
        }
}

/* What pko_mission_read says adds up to the same. */
static void check_read(const struct pko_mission *mission, const struct heads *heads) {
    const char *const measure[] = {"people", "people_by_group", "people_by_bloc", "people_by_camp"};
    for (int m = 0; m < 4; m++) {
        double values[512], sum = 0.0;
        int count = pko_mission_read(mission, measure[m], values, 512);
        cr_assert(count > 0 && count <= 512);
        for (int k = 0; k < count; k++)
            sum += isnan(values[k]) ? 0.0 : values[k];
        cr_assert(sum == heads->all, "%s on day %d: %g of %u", measure[m], mission->day - 1, sum, heads->all);
    }
}

/* Every layer that begins tomorrow brings as many arrivals, as they arrive; everyone who stays is as the
 * evening left them, wherever they now stand. */
static void check_change(const struct pko_mission *evening, int *changes) {
    const struct pko_scenario *scenario = evening->scenario;
    struct pko_mission *morning;
    cr_assert(pko_mission_clone(evening, &morning) == PKO_OK);
    pko_process_layers(morning);
    float danger = (float)evening->parameters.danger_arrival,
          x = (float)evening->parameters.cross_trust_arrival;
    for (int j = 0; j < scenario->layer_count; j++) {
        bool was = evening->layer_people[j] > 0, is = is_there(&scenario->layers[j], morning->date);
        uint32_t n = morning->layer_people[j], to = morning->layer_first[j], from = evening->layer_first[j];
        cr_assert((n > 0) == is);
        *changes += was != is;
        if (!is)
            continue;
        if (was) {
#define STAYS(column) memcmp(morning->column + to, evening->column + from, n * sizeof *morning->column) == 0
            cr_assert(STAYS(danger) && STAYS(trauma) && STAYS(reinforcement) && STAYS(resistance) &&
                          STAYS(cross_trust) && STAYS(traits),
                      "layer %d did not stay as it was on day %d", j, morning->day);
#undef STAYS
            continue;
        }
        cr_assert(morning->layer_since[j] == morning->day);
        for (uint32_t i = to; i < to + n; i++)
            cr_assert(morning->danger[i] == danger && morning->trauma[i] == 0.0f &&
                          morning->cross_trust[i] == x && !(morning->traits[i] & PKO_TRAIT_RIDER),
                      "person %u of new layer %d is no arrival", i - to, j);
        cr_assert(morning->frustration[j] == 0.0 && morning->valorization[j] == 0.0);
    }
    pko_mission_free(morning);
}

static void follow(const char *name, const struct test_setting *settings, size_t count, int least_changes) {
    struct pko_scenario *scenario = test_scenario(name, settings, count);
    struct pko_mission *mission = test_mission(scenario, "minusma", 0);
    int changes = 0;
    struct heads heads;
    for (int day = 0; day < scenario->days; day++) {
        int32_t date = scenario->start + day;
        bool changing = false;
        for (int j = 0; j < scenario->layer_count; j++)
            changing |=
                day > 0 && is_there(&scenario->layers[j], date) != is_there(&scenario->layers[j], date - 1);
        if (changing)
            check_change(mission, &changes);
        test_run(mission, 1);
        count_heads(scenario, date, &heads);
        check_heads(mission, &heads);
        if (day % 30 == 0) {
            check_read(mission, &heads);
            check_standing(mission);
        }
    }
    cr_assert(changes >= least_changes, "only %d layers came or went", changes);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(heads, ten_years_of_minusma) {
    follow("minusma", NULL, 0, 100);
}

Test(heads, at_other_scales) {
    const struct test_setting tenth[] = {{"scale", "0.1"}}, odd[] = {{"scale", "0.0371"}};
    follow("minusma", tenth, 1, 100);
    follow("monusco", odd, 1, 20);
}

/* A detachment's head count times scale is rounded up, but for a millionth of a person. */
Test(heads, strengths_are_rounded_up) {
    const struct test_setting third[] = {{"scale", "0.1"}};
    struct pko_scenario *scenario = test_scenario("small", third, 1);
    int germany = 0;
    scenario->layers[germany].strength = 850.0;
    cr_assert(pko_layer_people(scenario, germany) == 85);
    scenario->layers[germany].strength = 851.0;
    cr_assert(pko_layer_people(scenario, germany) == 86);
    scenario->layers[germany].strength = 1.0;
    cr_assert(pko_layer_people(scenario, germany) == 1);
    scenario->scale = 1.0 / 3.0; /* 0.333… × 3 is 1, not 2 */
    scenario->layers[germany].strength = 3.0;
    cr_assert(pko_layer_people(scenario, germany) == 1);
    pko_scenario_free(scenario);
}
