/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/tree.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MOST 32 /* a scenario nests 5 deep */
#define BLOCK_SIZE ((size_t)65536)

struct block {
    struct block *next;
    max_align_t start[];
};

void pko_tree_init(struct pko_tree *tree) {
    memset(tree, 0, sizeof *tree);
}

void pko_tree_free(struct pko_tree *tree) {
    for (struct block *block = tree->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    pko_tree_init(tree);
}

/* Zeroed memory that lives as long as the tree; NULL without memory. */
static void *tree_take(struct pko_tree *tree, size_t size) {
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!tree->blocks || tree->size - tree->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        struct block *block = calloc(1, sizeof *block + room);
        if (!block)
            return NULL;
        block->next = tree->blocks;
        tree->blocks = block;
        tree->used = 0;
        tree->size = room;
    }
    char *memory = (char *)((struct block *)tree->blocks)->start + tree->used;
    tree->used += size;
    return memory;
}

struct pko_node *pko_node_scalar(struct pko_tree *tree, struct pko_place place, const char *text,
                                 size_t length) {
    struct pko_node *node = tree_take(tree, sizeof *node);
    char *copy = tree_take(tree, length + 1);
    if (!node || !copy)
        return NULL;
    memcpy(copy, text, length);
    node->kind = PKO_SCALAR;
    node->place = place;
    node->text = copy;
    return node;
}

struct pko_node *pko_node_collection(struct pko_tree *tree, struct pko_place place, enum pko_node_kind kind) {
    struct pko_node *node = tree_take(tree, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    node->place = place;
    return node;
}

void pko_node_append(struct pko_node *parent, struct pko_node *child) {
    assert(parent->kind != PKO_SCALAR && !child->next);
    if (parent->last)
        parent->last->next = child;
    else
        parent->child = child;
    parent->last = child;
}

struct pko_node *pko_node_value(const struct pko_node *mapping, const char *key) {
    if (!mapping || mapping->kind != PKO_MAPPING)
        return NULL;
    for (struct pko_node *node = mapping->child; node; node = node->next->next)
        if (node->kind == PKO_SCALAR && strcmp(node->text, key) == 0)
            return node->next;
    return NULL;
}

/* A text on its way to a tree. */
struct build {
    struct pko_tree *tree;
    struct pko_report *report;
    struct pko_place first;
    yaml_parser_t parser;
    struct pko_node *open[DEPTH_MOST]; /* collections not yet ended, outermost first */
    bool key_next[DEPTH_MOST];         /* of a mapping: a key comes next */
    int depth;
    struct pko_node *root;
    int documents;
    bool refused, ended;
};

static struct pko_place place_of(const struct build *build, size_t line) {
    struct pko_place place = build->first;
    if (place.setting < 0)
        place.line += (int)line;
    return place;
}

static void refuse(struct build *build, yaml_mark_t mark, const char *why) {
    pko_report_add(build->report, place_of(build, mark.line), NULL, "%s", why);
    build->refused = true;
}

/* Puts a finished node into the innermost open collection, or makes it the root. */
static void place_node(struct build *build, struct pko_node *node) {
    if (!node) {
        build->report->no_memory = true;
        build->ended = true;
        return;
    }
    if (build->depth == 0) {
        build->root = node;
        return;
    }
    struct pko_node *parent = build->open[build->depth - 1];
    if (parent->kind == PKO_MAPPING) {
        bool *key_next = &build->key_next[build->depth - 1];
        /* the mark of a missing value may be that of the next line */
        if (!*key_next && node->kind == PKO_SCALAR && !node->quoted && node->text[0] == 0)
            node->place = parent->last->place;
        *key_next = !*key_next;
    }
    pko_node_append(parent, node);
}

static void refuse_extras(struct build *build, const yaml_event_t *event, const yaml_char_t *anchor,
                          const yaml_char_t *tag) {
    if (anchor)
        refuse(build, event->start_mark, "anchors (&name) are not used in scenarios: write the value out");
    if (tag)
        refuse(build, event->start_mark, "tags (!name) are not used in scenarios: leave it out");
}

static void take_scalar(struct build *build, const yaml_event_t *event) {
    refuse_extras(build, event, event->data.scalar.anchor, event->data.scalar.tag);
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(text, 0, length)) {
        refuse(build, event->start_mark, "a text holds a character of number 0");
        length = strlen(text);
    }
    struct pko_node *node =
        pko_node_scalar(build->tree, place_of(build, event->start_mark.line), text, length);
    if (node)
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    place_node(build, node);
}

static void take_start(struct build *build, const yaml_event_t *event) {
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    if (mapping)
        refuse_extras(build, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    else
        refuse_extras(build, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    if (build->depth == DEPTH_MOST) {
        refuse(build, event->start_mark, "nested deeper than 32 levels");
        build->ended = true;
        return;
    }
    struct pko_node *node = pko_node_collection(build->tree, place_of(build, event->start_mark.line),
                                                mapping ? PKO_MAPPING : PKO_SEQUENCE);
    place_node(build, node);
    if (node) {
        build->open[build->depth] = node;
        build->key_next[build->depth] = mapping;
        build->depth++;
    }
}

static void take_event(struct build *build, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        take_scalar(build, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        take_start(build, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        build->depth--;
        break;
    case YAML_ALIAS_EVENT:
        refuse(build, event->start_mark, "aliases (*name) are not used in scenarios: write the value out");
        place_node(build, pko_node_scalar(build->tree, place_of(build, event->start_mark.line), "", 0));
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (++build->documents > 1) {
            refuse(build, event->start_mark, "a second document begins here: a scenario is one document");
            build->ended = true;
        }
        break;
    case YAML_STREAM_END_EVENT:
        build->ended = true;
        break;
    default:
        break;
    }
}

/* libyaml's word for what is wrong, with the line. Its reader knows only the offset of a bad byte. */
static void refuse_syntax(struct build *build, const char *text, size_t size) {
    const yaml_parser_t *parser = &build->parser;
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_MEMORY_ERROR) {
        build->report->no_memory = true;
        return;
    }
    if (parser->error == YAML_READER_ERROR) {
        mark.line = 0;
        for (size_t k = 0; k < parser->problem_offset && k < size; k++)
            mark.line += text[k] == '\n';
    }
    const char *problem = parser->problem ? parser->problem : "no YAML";
    if (parser->context)
        pko_report_add(build->report, place_of(build, mark.line), NULL, "not valid YAML: %s %s", problem,
                       parser->context);
    else
        pko_report_add(build->report, place_of(build, mark.line), NULL, "not valid YAML: %s", problem);
    build->refused = true;
}

void pko_tree_parse(struct pko_tree *tree, const char *text, size_t size, struct pko_place place,
                    struct pko_report *report, struct pko_node **root) {
    *root = NULL;
    struct build build = {.tree = tree, .report = report, .first = place};
    if (!yaml_parser_initialize(&build.parser)) {
        report->no_memory = true;
        return;
    }
    yaml_parser_set_input_string(&build.parser, (const unsigned char *)text, size);
    while (!build.ended && !report->no_memory) {
        yaml_event_t event;
        if (!yaml_parser_parse(&build.parser, &event)) {
            refuse_syntax(&build, text, size);
            break;
        }
        take_event(&build, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&build.parser);
    if (!build.refused && !report->no_memory)
        *root = build.root;
}
