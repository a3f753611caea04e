/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a mission, as bits, after 300 days: the same on every machine, compiler and instruction set.
 * A change that is not meant to alter results leaves these constants; one that is meant to brings new ones
 * and says why in CHANGELOG.md. */
#include <criterion/criterion.h>
#include <string.h>

#include "model/mission.h"
#include "pkosim/pkosim.h"

/* FNV-1a over bytes. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (size_t k = 0; k < size; k++)
        hash = (hash ^ at[k]) * 0x100000001b3ull;
    return hash;
}

static uint64_t bits_after(const char *name, const char *regime, int days) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL;
    char *problems = NULL;
    cr_assert_eq(pko_scenario_load(name, NULL, 0, &scenario, &problems), PKO_OK);
    cr_assert_eq(pko_mission_create(scenario, regime, 3, &mission), PKO_OK);
    for (int day = 0; day < days; day++)
        cr_assert_eq(pko_mission_step(mission), PKO_OK);
    uint64_t hash = 0xcbf29ce484222325ull;
    const float *state[] = {mission->danger, mission->trauma, mission->reinforcement, mission->resistance,
                            mission->cross_trust};
    for (size_t k = 0; k < sizeof state / sizeof *state; k++)
        hash = mix(hash, state[k], mission->people * sizeof *state[k]);
    for (size_t g = 0; g < mission->extent.G; g++)
        hash =
            mix(hash, mission->trust + g * mission->trust_stride, mission->extent.G * sizeof *mission->trust);
    hash = mix(hash, mission->stability, mission->extent.R * sizeof *mission->stability);
    hash = mix(hash, mission->fear, mission->extent.R * sizeof *mission->fear);
    hash = mix(hash, mission->total_strikes, mission->extent.R4 * sizeof *mission->total_strikes);
    hash = mix(hash, mission->total_deaths, mission->extent.G * sizeof *mission->total_deaths);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
    return hash;
}

Test(golden_days, are_the_same_bits_everywhere) {
    static const struct {
        const char *scenario, *regime;
        uint64_t bits;
    } row[] = {{"small", "minusma", 0x966c698e09260a03ull},
               {"small", "open", 0x885ce15001b386b2ull},
               {"minusma", "monusco", 0x487a582b7ee3817aull},
               {"monusco", "fusion", 0x803d6dfcabc580b9ull}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        uint64_t bits = bits_after(row[k].scenario, row[k].regime, 300);
        cr_expect_eq(bits, row[k].bits, "%s under %s: 0x%016llxull", row[k].scenario, row[k].regime,
                     (unsigned long long)bits);
    }
}
