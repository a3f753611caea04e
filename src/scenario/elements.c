/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>

#include "scenario/convert.h"
#include "scenario/reader.h"
#include "scenario/scalars.h"

#define GROUP_SECTIONS (PKO_IN_CONTINGENT | PKO_IN_POLICE | PKO_IN_CIVILIAN)

/* Registers the name of an element that others may refer to. */
static void know(struct pko_reader *reader, struct pko_known_list *list, const struct pko_frame *frame,
                 int number) {
    if (!pko_frame_good(frame, "name"))
        return;
    const struct pko_node *name = pko_node_value(frame->mapping, "name");
    struct pko_path path = {frame->path, "name", 0};
    pko_known_add(reader, list, name->text, number, name->place, &path);
}

static void read_mandate_row(struct pko_reader *reader, const struct pko_node *node,
                             const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_mandate_row *row =
        pko_append(reader, &scenario->mandate, &scenario->mandate_count, sizeof *row);
    struct pko_frame frame;
    if (!row || !pko_read_mapping(reader, PKO_IN_MANDATE_ROW, node, path, row, &frame))
        return;
    struct pko_path date_path = {path, "date", 0};
    const struct pko_node *date = pko_node_value(node, "date");
    if (scenario->mandate_count == 1 && pko_frame_good(&frame, "date")) {
        reader->first_mandate = date->place;
        reader->first_mandate_good = true;
    }
    if (scenario->mandate_count > 1 && pko_frame_good(&frame, "date") && row->date <= row[-1].date)
        pko_report_value(reader, date, &date_path, "does not come after the date before it", "rising dates");
}

static void read_region(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_region *region =
        pko_append(reader, &scenario->regions, &scenario->region_count, sizeof *region);
    struct pko_frame frame;
    if (!region)
        return;
    if (scenario->region_count > PKO_REGIONS_MOST && !reader->regions_told) {
        pko_report_add(reader->report, node->place, path, "one region too many; allowed: %d regions",
                       PKO_REGIONS_MOST);
        reader->regions_told = true;
    }
    if (pko_read_mapping(reader, PKO_IN_REGION, node, path, region, &frame))
        know(reader, &reader->regions, &frame, scenario->region_count - 1);
}

static void read_camp(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_camp *camp = pko_append(reader, &scenario->camps, &scenario->camp_count, sizeof *camp);
    struct pko_frame frame;
    if (!camp)
        return;
    camp->lat = NAN;
    camp->lon = NAN;
    if (pko_read_mapping(reader, PKO_IN_CAMP, node, path, camp, &frame))
        know(reader, &reader->camps, &frame, scenario->camp_count - 1);
}

static void check_shares(struct pko_reader *reader, const struct pko_frame *frame,
                         const struct pko_group *group) {
    if (!pko_frame_good(frame, "patrol") || !pko_frame_good(frame, "escort") ||
        group->patrol + group->escort <= 1 + 1e-12)
        return;
    struct pko_place patrol = pko_frame_place(frame, "patrol"), escort = pko_frame_place(frame, "escort");
    bool later =
        escort.setting > patrol.setting || (escort.setting == patrol.setting && escort.line >= patrol.line);
    pko_report_add(reader->report, later ? escort : patrol, frame->path,
                   "patrol %.15g and escort %.15g are more than 1 together; allowed: a sum of at most 1",
                   group->patrol, group->escort);
}

/* What a kind of group does not have is at the value that the struct states. */
static void init_group(struct pko_reader *reader, struct pko_group *group, enum pko_group_kind kind) {
    group->kind = kind;
    group->alliance = -1;
    group->caveat_km = 200;
    group->tenure_months = 30;
    if (kind != PKO_SECTION)
        return;
    group->bloc = PKO_BLOC_CIVILIAN;
    group->un_experience = 0.5;
    group->rotation_months = 12;
    struct pko_point *none =
        pko_append(reader, &group->equipment.points, &group->equipment.count, sizeof *none);
    if (none)
        *none = (struct pko_point){0, 0};
}

static void read_group(struct pko_reader *reader, enum pko_section section, const struct pko_node *node,
                       const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_group *group = pko_append(reader, &scenario->groups, &scenario->group_count, sizeof *group);
    struct pko_frame frame;
    if (!group)
        return;
    if (scenario->group_count > PKO_GROUPS_MOST && !reader->groups_told) {
        pko_report_add(reader->report, node->place, path,
                       "one group too many; allowed: %d contingents, police units and sections in all",
                       PKO_GROUPS_MOST);
        reader->groups_told = true;
    }
    init_group(reader, group,
               section == PKO_IN_CONTINGENT ? PKO_CONTINGENT
               : section == PKO_IN_POLICE   ? PKO_POLICE
                                            : PKO_SECTION);
    if (!pko_read_mapping(reader, section, node, path, group, &frame))
        return;
    if (section == PKO_IN_POLICE)
        group->bloc = PKO_BLOC_POLICE;
    if (section == PKO_IN_CONTINGENT)
        check_shares(reader, &frame, group);
    know(reader, &reader->groups, &frame, scenario->group_count - 1);
}

static void read_detachment(struct pko_reader *reader, const struct pko_node *node,
                            const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_layer *layer = pko_append(reader, &scenario->layers, &scenario->layer_count, sizeof *layer);
    struct pko_frame frame;
    if (!layer)
        return;
    layer->group = scenario->group_count - 1;
    layer->from = INT32_MIN;
    layer->until = INT32_MAX;
    if (!pko_read_mapping(reader, PKO_IN_DETACHMENT, node, path, layer, &frame))
        return;
    struct pko_path until_path = {path, "until", 0};
    const struct pko_node *until = pko_node_value(node, "until");
    if (until && pko_frame_good(&frame, "from") && pko_frame_good(&frame, "until") &&
        layer->from >= layer->until)
        pko_report_value(reader, until, &until_path, "does not come after `from`", "a day after `from`");
}

static void read_route(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path) {
    struct pko_scenario *scenario = reader->scenario;
    struct pko_route *route = pko_append(reader, &scenario->routes, &scenario->route_count, sizeof *route);
    struct pko_frame frame;
    if (!route || !pko_read_mapping(reader, PKO_IN_ROUTE, node, path, route, &frame))
        return;
    struct pko_path to_path = {path, "to", 0};
    if (pko_frame_good(&frame, "from") && pko_frame_good(&frame, "to") && route->from == route->to)
        pko_report_value(reader, pko_node_value(node, "to"), &to_path, "is where the route begins",
                         "another camp");
}

static void read_element(struct pko_reader *reader, enum pko_section section, const struct pko_node *node,
                         const struct pko_path *path) {
    switch (section) {
    case PKO_IN_MANDATE_ROW:
        read_mandate_row(reader, node, path);
        break;
    case PKO_IN_REGION:
        read_region(reader, node, path);
        break;
    case PKO_IN_CAMP:
        read_camp(reader, node, path);
        break;
    case PKO_IN_CONTINGENT:
    case PKO_IN_POLICE:
    case PKO_IN_CIVILIAN:
        read_group(reader, section, node, path);
        break;
    case PKO_IN_DETACHMENT:
        read_detachment(reader, node, path);
        break;
    case PKO_IN_ROUTE:
        read_route(reader, node, path);
        break;
    default:
        assert(false);
    }
}

bool pko_read_list(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                   const struct pko_path *path, struct pko_frame *frame) {
    (void)frame;
    if (node->kind != PKO_SEQUENCE || (key->required && !node->child)) {
        pko_report_value(reader, node, path, node->kind == PKO_SEQUENCE ? "is empty" : "is no list",
                         key->required ? "a list of at least one mapping" : "a list of mappings");
        return false;
    }
    int number = 0;
    for (const struct pko_node *element = node->child; element; element = element->next) {
        /* an element is called by its name if it has a fitting one, else by its number */
        const struct pko_node *name = pko_node_value(element, "name");
        bool named = pko_key_find(key->inner, "name") >= 0 && name && name->kind == PKO_SCALAR &&
                     !pko_convert_name(name->text);
        struct pko_path element_path = {path, named ? name->text : NULL, ++number};
        read_element(reader, key->inner, element, &element_path);
    }
    return true;
}

/* A mix of plot classes that has no class at all cannot be drawn from. */
static void check_mix(struct pko_reader *reader, const struct pko_frame *mix, struct pko_region *region) {
    double sum = 0;
    bool good = true;
    for (int kind = 0; kind < PKO_PLOT_CLASSES; kind++) {
        sum += region->threat_mix[kind];
        good = good && pko_frame_good(mix, pko_plot_class_name((enum pko_plot_class)kind));
    }
    region->has_mix = true;
    if (good && !(sum > 0))
        pko_report_add(reader->report, mix->mapping->place, mix->path,
                       "the weights are all 0; allowed: a sum above 0");
}

bool pko_read_map(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                  const struct pko_path *path, struct pko_frame *frame) {
    struct pko_frame inner;
    if (!pko_read_mapping(reader, key->inner, node, path, frame->target, &inner))
        return false;
    if (key->inner == PKO_IN_MIX)
        check_mix(reader, &inner, frame->target);
    return true;
}
