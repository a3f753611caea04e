/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys: whole rows, defaults that read as they say, and every key in the description of the
 * format. */
#include <criterion/criterion.h>

#include "scenario/keys.h"
#include "unit/fixtures/scenario_text.h"

static const enum pko_section sections[] = {
    PKO_IN_ROOT,       PKO_IN_DEFINITION, PKO_IN_MANDATE,  PKO_IN_MANDATE_ROW, PKO_IN_REGION, PKO_IN_MIX,
    PKO_IN_CAMP,       PKO_IN_CONTINGENT, PKO_IN_POLICE,   PKO_IN_CIVILIAN,    PKO_IN_ROUTE,  PKO_IN_CUT,
    PKO_IN_DETACHMENT, PKO_IN_RECORD,     PKO_IN_CAMPAIGN, PKO_IN_FACTOR,      PKO_IN_WINDOW,
};
#define SECTIONS (sizeof sections / sizeof sections[0])

Test(scenario_keys, every_row_is_whole) {
    for (size_t k = 0; pko_key(k); k++) {
        const struct pko_key *key = pko_key(k);
        cr_expect(key->sections && *key->name && *key->meaning && key->size > 0, "%s", key->name);
        cr_expect(!key->required || !key->value, "%s: what is required has no default", key->name);
        bool ranged = key->type == PKO_KEY_NUMBER || key->type == PKO_KEY_INTEGER ||
                      key->type == PKO_KEY_TIMELINE || key->type == PKO_KEY_LEVEL;
        cr_expect(ranged == (key->least < key->most), "%s: a number has a range, and nothing else",
                  key->name);
        cr_expect((key->type == PKO_KEY_CHOICE) == (key->choices != NULL), "%s", key->name);
        bool opens = key->type == PKO_KEY_MAP || key->type == PKO_KEY_LIST ||
                     key->type == PKO_KEY_DEFINITIONS || key->type == PKO_KEY_CUTS ||
                     key->type == PKO_KEY_FACTORS || key->type == PKO_KEY_WINDOWS;
        cr_expect(opens == (key->inner != 0), "%s", key->name);
        cr_expect(!ranged || *key->unit, "%s: a number has a unit", key->name);
    }
}

Test(scenario_keys, a_name_stands_once_in_a_section) {
    for (size_t s = 0; s < SECTIONS; s++) {
        size_t count = 0;
        for (size_t k = 0; pko_key(k); k++) {
            if (!(pko_key(k)->sections & sections[s]))
                continue;
            cr_expect(pko_key_find(sections[s], pko_key(k)->name) == (int)k, "%s", pko_key(k)->name);
            cr_expect(strcmp(pko_key_name(sections[s], count++), pko_key(k)->name) == 0);
        }
        cr_expect(count > 0 && !pko_key_name(sections[s], count));
    }
    cr_expect(pko_key_find(PKO_IN_POLICE, "escort") == -1 && pko_key_find(PKO_IN_CONTINGENT, "escort") >= 0);
}

/* Whether a row has this field, range and default. */
struct expected {
    enum pko_section section;
    const char *name;
    double least, most;
    bool above, required;
    const char *value;
};

/* Copied by hand from the description of the format. */
static const struct expected rows[] = {
    {PKO_IN_ROOT, "days", 1, 36525, false, true, NULL},
    {PKO_IN_ROOT, "replicates", 1, 1000000, false, false, "20"},
    {PKO_IN_ROOT, "scale", 0, 1000, true, false, "1"},
    {PKO_IN_ROOT, "seed", 0, 0, false, false, "1"},
    {PKO_IN_ROOT, "regimes", 0, 0, false, false, "[minusma, monusco]"},
    {PKO_IN_MANDATE, "mode", 0, 0, false, false, "historical"},
    {PKO_IN_MANDATE_ROW, "robustness", 0, 1, false, true, NULL},
    {PKO_IN_MANDATE_ROW, "cooperation", 0, 1, false, true, NULL},
    {PKO_IN_REGION, "field_radius_km", 0, 1000, true, true, NULL},
    {PKO_IN_REGION, "threat", 0, 10, false, true, NULL},
    {PKO_IN_REGION, "stability", 0, 1, false, true, NULL},
    {PKO_IN_REGION, "trust", 0, 1, false, true, NULL},
    {PKO_IN_MIX, "movement", 0, 1, false, false, "0"},
    {PKO_IN_MIX, "population", 0, 1, false, false, "0"},
    {PKO_IN_CAMP, "lat", -90, 90, false, false, NULL},
    {PKO_IN_CAMP, "lon", -180, 180, false, false, NULL},
    {PKO_IN_CAMP, "kind", 0, 0, false, false, "mixed"},
    {PKO_IN_CAMP, "protection", 0, 1, false, true, NULL},
    {PKO_IN_CAMP, "allied", 0, 1, false, false, "0"},
    {PKO_IN_CONTINGENT, "bloc", 0, 0, false, true, NULL},
    {PKO_IN_POLICE, "training", 0, 1, false, false, "0.5"},
    {PKO_IN_CONTINGENT, "coin", 0, 1, false, false, "0"},
    {PKO_IN_CONTINGENT, "equipment", 0, 1, false, false, "0.5"},
    {PKO_IN_POLICE, "un_experience", 0, 1, false, false, "0.5"},
    {PKO_IN_CIVILIAN, "languages", 0, 0, false, true, NULL},
    {PKO_IN_CIVILIAN, "secure", 0, 0, false, false, "false"},
    {PKO_IN_CONTINGENT, "national_command", 0, 0, false, false, "false"},
    {PKO_IN_CONTINGENT, "isr", 0, 2, false, false, "0"},
    {PKO_IN_POLICE, "aviation", 0, 5, false, false, "0"},
    {PKO_IN_CONTINGENT, "caveat_km", 0, 2000, true, false, "200"},
    {PKO_IN_POLICE, "patrol", 0, 1, false, false, "0"},
    {PKO_IN_CONTINGENT, "escort", 0, 1, false, false, "0"},
    {PKO_IN_CONTINGENT, "rotation_months", 1, 60, false, false, "12"},
    {PKO_IN_CONTINGENT, "women", 0, 1, false, false, "0"},
    {PKO_IN_POLICE, "visits", 0, 50, false, false, "0"},
    {PKO_IN_CIVILIAN, "visits", 0, 50, false, false, "0"},
    {PKO_IN_CIVILIAN, "hub", 0, 0, false, false, "false"},
    {PKO_IN_CIVILIAN, "background", 0, 1, false, false, "0"},
    {PKO_IN_CIVILIAN, "national", 0, 1, false, false, "0"},
    {PKO_IN_CIVILIAN, "women", 0, 1, false, false, "0"},
    {PKO_IN_CIVILIAN, "tenure_months", 1, 240, false, false, "30"},
    {PKO_IN_DETACHMENT, "strength", 1, 100000, false, true, NULL},
    {PKO_IN_ROUTE, "interval_days", 1, 3650, false, true, NULL},
    {PKO_IN_ROUTE, "km", 0, 5000, true, true, NULL},
    {PKO_IN_ROUTE, "platoons", 1, 100, false, true, NULL},
    {PKO_IN_RECORD, "every", 1, 3650, false, false, "7"},
    {PKO_IN_RECORD, "groups", 0, 0, false, false, "true"},
    {PKO_IN_RECORD, "events", 0, 0, false, false, "false"},
};

Test(scenario_keys, ranges_and_defaults_are_those_of_the_format) {
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        int row = pko_key_find(rows[k].section, rows[k].name);
        cr_assert(row >= 0, "%s", rows[k].name);
        const struct pko_key *key = pko_key((size_t)row);
        cr_expect(key->least == rows[k].least && key->most == rows[k].most && key->above == rows[k].above,
                  "%s", rows[k].name);
        cr_expect(key->required == rows[k].required, "%s", rows[k].name);
        cr_expect((!key->value && !rows[k].value) ||
                      (key->value && rows[k].value && strcmp(key->value, rows[k].value) == 0),
                  "%s", rows[k].name);
    }
}

/* Both ends of a range fit, unless it leaves out its least. */
Test(scenario_keys, closed_ends_fit) {
    for (size_t s = 0; s < SECTIONS; s++) {
        static const struct {
            enum pko_section section;
            const char *path;
        } elements[] = {
            {PKO_IN_ROOT, ""},
            {PKO_IN_REGION, "regions.gao."},
            {PKO_IN_CAMP, "camps.castor."},
            {PKO_IN_CONTINGENT, "contingents.germany."},
            {PKO_IN_POLICE, "police.togo_police."},
            {PKO_IN_CIVILIAN, "sections.jmac."},
            {PKO_IN_RECORD, "record."},
        };
        const char *path = NULL;
        for (size_t k = 0; k < sizeof elements / sizeof elements[0]; k++)
            if (elements[k].section == sections[s])
                path = elements[k].path;
        for (size_t k = 0; path && pko_key(k); k++) {
            const struct pko_key *key = pko_key(k);
            if (!(key->sections & sections[s]) || key->least >= key->most || strcmp(key->name, "days") == 0)
                continue;
            char name[128], least[32], most[32];
            snprintf(name, sizeof name, "%s%s", path, key->name);
            snprintf(least, sizeof least, "%.17g", key->least);
            snprintf(most, sizeof most, "%.17g", key->most);
            /* the other share is in the way of a share of 1 */
            struct pko_setting settings[] = {{"contingents.germany.patrol", "0", "--set"},
                                             {"contingents.germany.escort", "0", "--set"},
                                             {name, most, "--set"}};
            pko_scenario_free(parsed(scenario_text, settings, 3));
            settings[2].value = least;
            if (!key->above) {
                pko_scenario_free(parsed(scenario_text, settings, 3));
                continue;
            }
            char *problems = problems_of(scenario_text, strlen(scenario_text), settings, 3);
            cr_expect(strstr(problems, "out of range") && line_count(problems) == 1, "%s: %s", name,
                      problems);
            free(problems);
        }
    }
}

/* Whether a page of docs names a key, as code or as a key of a mapping. */
static bool describes(const char *page, const char *name) {
    const char *source = getenv("PKO_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s/docs/%s", source ? source : ".", page);
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    static char text[1 << 17];
    size_t size = fread(text, 1, sizeof text - 1, file), length = strlen(name);
    bool found = false;
    fclose(file);
    text[size] = 0;
    for (const char *place = text; (place = strstr(place, name)) && !found; place++)
        found = place > text && strchr("`{ ", place[-1]) && strchr("`,:} ", place[length]);
    return found;
}

Test(scenario_keys, the_description_of_the_format_names_them_all) {
    const unsigned of_campaigns = PKO_IN_CAMPAIGN | PKO_IN_FACTOR | PKO_IN_WINDOW;
    for (size_t k = 0; pko_key(k); k++) {
        const char *page = pko_key(k)->sections & of_campaigns ? "sweeps.md" : "scenario-format.md";
        cr_expect(describes(page, pko_key(k)->name), "%s is not described", pko_key(k)->name);
    }
    cr_expect(!describes("sweeps.md", "no_such_key"));
}
