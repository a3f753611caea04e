/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML text as a tree of nodes with their lines. The only room that knows libyaml. Refused here: aliases,
 * anchors, tags, several documents, an empty text, a text that is no mapping, nesting deeper than a scenario
 * needs. */
#ifndef PKO_SCENARIO_TREE_H
#define PKO_SCENARIO_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "scenario/report.h"

enum pko_node_kind { PKO_SCALAR, PKO_SEQUENCE, PKO_MAPPING };

struct pko_node {
    enum pko_node_kind kind;
    struct pko_place place;
    const char *text;       /* scalar: its text; else NULL */
    bool quoted;            /* scalar: in quotes or a block, so a text and nothing else */
    struct pko_node *child; /* sequence: first element; mapping: first key, keys and values by turns */
    struct pko_node *last;  /* last child */
    struct pko_node *next;  /* next sibling */
};

/* Owns the nodes and their texts. */
struct pko_tree {
    void *blocks;      /* of memory, as a list */
    size_t used, size; /* of the first block */
};

void pko_tree_init(struct pko_tree *tree);
void pko_tree_free(struct pko_tree *tree);

/* Reads a text. `place` is that of its first line (a setting keeps its place throughout). On success *root is
 * the root node; when the text is refused *root is NULL and the report says why. Short memory sets
 * report->no_memory. */
void pko_tree_parse(struct pko_tree *tree, const char *text, size_t size, struct pko_place place,
                    struct pko_report *report, struct pko_node **root);

/* New nodes, for settings; NULL without memory. The text of a scalar is copied. */
struct pko_node *pko_node_scalar(struct pko_tree *tree, struct pko_place place, const char *text,
                                 size_t length);
struct pko_node *pko_node_collection(struct pko_tree *tree, struct pko_place place, enum pko_node_kind kind);
/* Appends a child to a sequence or mapping (to a mapping: the key, then the value). */
void pko_node_append(struct pko_node *parent, struct pko_node *child);
/* The value of a key of a mapping, NULL if there is none or `mapping` is no mapping. */
struct pko_node *pko_node_value(const struct pko_node *mapping, const char *key);

#endif
