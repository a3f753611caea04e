/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/campaign.h"

#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/reader.h"

#define SOBOL_PARAMETERS_MOST 20 /* two dimensions each of GSL's 40 (experiment/design.h) */

const char *pko_design_name(enum pko_design_kind kind) {
    static const char *const names[] = {"grid", "one_at_a_time", "latin_hypercube", "sobol", "morris"};
    return names[kind];
}

void pko_campaign_free(struct pko_campaign *campaign) {
    if (!campaign)
        return;
    struct pko_text_list *const lists[] = {&campaign->regimes, &campaign->outcomes, &campaign->series};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        for (int text = 0; text < lists[k]->count; text++)
            free(lists[k]->texts[text]);
        free(lists[k]->texts);
    }
    for (int k = 0; k < campaign->setting_count; k++) {
        free(campaign->settings[k].name);
        free(campaign->settings[k].value);
        free(campaign->settings[k].origin);
    }
    for (int k = 0; k < campaign->factor_count; k++) {
        free(campaign->factors[k].name);
        free(campaign->factors[k].origin);
        free(campaign->factors[k].range.numbers);
        free(campaign->factors[k].values.numbers);
    }
    free(campaign->settings);
    free(campaign->factors);
    free(campaign->windows);
    free(campaign->description);
    free(campaign->scenario);
    free(campaign->text);
    free(campaign->path);
    free(campaign);
}

/* --- What a setting takes */

/* The row of the table of keys behind the words of a path; NULL if it leads to none. */
static const struct pko_key *key_of_path(char *const *words, int count) {
    enum pko_section section = PKO_IN_ROOT;
    const struct pko_key *key = NULL;
    for (int k = 0; k < count; k++) {
        int row = pko_key_find(section, words[k]);
        key = row < 0 ? NULL : pko_key((size_t)row);
        if (!key || k + 1 == count)
            return key;
        if (key->type == PKO_KEY_LIST && section == PKO_IN_ROOT)
            k++; /* the name of the element */
        else if (key->type != PKO_KEY_MAP)
            return NULL;
        section = key->inner;
    }
    return NULL; /* an element, and nothing of it */
}

static int range_of_row(const struct pko_parameter_info *info, struct pko_setting_range *range) {
    *range = (struct pko_setting_range){
        .least = info->least, .most = info->most, .unit = info->unit, .meaning = info->meaning};
    return PKO_OK;
}

int pko_setting_range(const char *name, struct pko_setting_range *range) {
    int parameter = pko_parameter_find(name), count = 0;
    char text[256], *words[8], *rest = NULL;
    if (parameter >= 0 && parameter < PKO_FIRST_RULE)
        return range_of_row(pko_parameter_info((size_t)parameter), range);
    if (strlen(name) >= sizeof text)
        return PKO_ERROR_NAME;
    memcpy(text, name, strlen(name) + 1);
    for (char *word = strtok_r(text, ".", &rest); word && count < 8; word = strtok_r(NULL, ".", &rest))
        words[count++] = word;
    if (count == 3 && strcmp(words[0], "regime") == 0) {
        int rule = pko_rule_find(words[2]);
        return rule < 0 ? PKO_ERROR_NAME
                        : range_of_row(pko_parameter_info((size_t)(PKO_FIRST_RULE + rule)), range);
    }
    const struct pko_key *key = key_of_path(words, count);
    if (!key || (key->type != PKO_KEY_NUMBER && key->type != PKO_KEY_INTEGER && key->type != PKO_KEY_LEVEL &&
                 key->type != PKO_KEY_TIMELINE))
        return PKO_ERROR_NAME;
    *range = (struct pko_setting_range){.least = key->least,
                                        .most = key->most,
                                        .above = key->above,
                                        .whole = key->type == PKO_KEY_INTEGER,
                                        .unit = key->unit,
                                        .meaning = key->meaning};
    return PKO_OK;
}

/* --- Checks between keys */

/* A size belongs to the designs that are sampled, levels and values to those that step. */
static void check_design(struct pko_reader *reader, const struct pko_frame *frame) {
    const struct pko_campaign *campaign = frame->target;
    const char *design = pko_design_name(campaign->design);
    bool sampled = campaign->design != PKO_DESIGN_GRID && campaign->design != PKO_DESIGN_ONE_AT_A_TIME;
    struct pko_path size = {NULL, "size", 0}, parameters = {NULL, "parameters", 0};
    if (sampled && campaign->size == 0)
        pko_report_add(reader->report, pko_frame_place(frame, "design"), &size, "missing: %s needs one",
                       design);
    if (!sampled && campaign->size > 0)
        pko_report_add(reader->report, pko_frame_place(frame, "size"), &size,
                       "%s has none; allowed in latin_hypercube, sobol, morris", design);
    if (campaign->design == PKO_DESIGN_SOBOL && campaign->factor_count > SOBOL_PARAMETERS_MOST)
        pko_report_add(reader->report, pko_frame_place(frame, "parameters"), &parameters,
                       "%d parameters; allowed in sobol: at most %d. Screen them by morris first",
                       campaign->factor_count, SOBOL_PARAMETERS_MOST);
    for (int k = 0; k < campaign->factor_count; k++) {
        const struct pko_factor *factor = &campaign->factors[k];
        struct pko_path name = {&parameters, factor->name, 0};
        const struct pko_node *given = pko_node_value(frame->mapping, "parameters");
        const struct pko_node *own = factor->name ? pko_node_value(given, factor->name) : NULL;
        if (sampled && own && (factor->values.count || factor->levels))
            pko_report_add(reader->report, own->place, &name,
                           "%s samples a range; values and levels of one parameter are allowed in grid, "
                           "one_at_a_time",
                           design);
        for (int s = 0; own && s < campaign->setting_count; s++)
            if (campaign->settings[s].name && strcmp(campaign->settings[s].name, factor->name) == 0)
                pko_report_add(reader->report, own->place, &name, "varies, and settings fix it");
    }
}

static int parse_into(struct pko_reader *reader, const char *text, size_t size,
                      struct pko_campaign *campaign) {
    struct pko_report *report = reader->report;
    struct pko_tree tree;
    struct pko_frame frame;
    pko_tree_init(&tree);
    struct pko_node *root = pko_parse_text(&tree, text, size, report, "a campaign");
    if (root && pko_read_mapping(reader, PKO_IN_CAMPAIGN, root, NULL, campaign, &frame)) {
        campaign->seeded = pko_node_value(root, "seed") != NULL;
        campaign->regimes_line = pko_frame_place(&frame, "regimes").line;
        campaign->design_line = pko_frame_place(&frame, "design").line;
        campaign->levels_line = pko_frame_place(&frame, "levels").line;
        campaign->outcomes_line = pko_frame_place(&frame, "outcomes").line;
        campaign->windows_line = pko_frame_place(&frame, "windows").line;
        campaign->series_line = pko_frame_place(&frame, "series").line;
        if (pko_frame_good(&frame, "design") && pko_frame_good(&frame, "size") && !report->no_memory)
            check_design(reader, &frame);
    }
    pko_tree_free(&tree);
    if (report->no_memory)
        return PKO_ERROR_MEMORY;
    return report->count > 0 ? PKO_ERROR_INPUT : PKO_OK;
}

int pko_campaign_parse(const char *path, const char *text, size_t size, struct pko_campaign **campaign,
                       char **problems) {
    *campaign = NULL;
    *problems = NULL;
    struct pko_report report;
    pko_report_init(&report, path, NULL);
    struct pko_reader reader = {.report = &report};
    struct pko_campaign *made = calloc(1, sizeof *made);
    int status = made ? PKO_OK : PKO_ERROR_MEMORY;
    if (status)
        goto out;
    made->path = strdup(path);
    made->text = strndup(text, size);
    reader.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!made->path || !made->text || !reader.plain) {
        status = PKO_ERROR_MEMORY;
        goto out;
    }
    locale_t callers = uselocale(reader.plain); /* messages print numbers as files hold them */
    status = parse_into(&reader, text, size, made);
    uselocale(callers);
    if (status == PKO_ERROR_INPUT && !(*problems = pko_report_text(&report)))
        status = PKO_ERROR_MEMORY;
out:
    if (reader.plain)
        freelocale(reader.plain);
    pko_report_free(&report);
    if (status == PKO_OK)
        *campaign = made;
    else
        pko_campaign_free(made);
    return status;
}

int pko_campaign_load(const char *path, struct pko_campaign **campaign, char **problems) {
    char *text = NULL;
    size_t size = 0;
    *campaign = NULL;
    *problems = NULL;
    int status = pko_read_text_file(path, &text, &size, problems);
    if (status == PKO_OK)
        status = pko_campaign_parse(path, text, size, campaign, problems);
    free(text);
    return status;
}
