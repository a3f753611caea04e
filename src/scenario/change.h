/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One setting on its way into the tree of a scenario. */
#ifndef PKO_SCENARIO_CHANGE_H
#define PKO_SCENARIO_CHANGE_H

#include "scenario/reader.h"

#define PKO_WORDS_MOST 8 /* the longest name of an attribute has 4: regions.gao.threat_mix.camp */

struct pko_change {
    struct pko_reader *reader;
    struct pko_tree *tree;
    struct pko_node *root;
    const struct pko_setting *setting;
    struct pko_place place;
    char words[PKO_WORDS_MOST][PKO_NAME_SIZE]; /* the name, cut at its dots */
    int word_count;                            /* 0: too long or too many to name anything */
};

/* Cuts the setting's name into words. */
void pko_change_words(struct pko_change *change);
/* Sets an attribute by its path: a key of the top level, KEY.KEY of a mapping, LIST.NAME.KEY of a named
 * element. */
void pko_change_attribute(struct pko_change *change);
/* Reports a name that there is not. */
void pko_change_unknown(struct pko_change *change, const char *what, const char *wrong,
                        struct pko_names names);

/* New nodes at the place of the setting. Without memory NULL, and the report says so. */
struct pko_node *pko_change_scalar(struct pko_change *change, const char *text, size_t length);
struct pko_node *pko_change_collection(struct pko_change *change, enum pko_node_kind kind);
/* Gives a key of a mapping this value, in place of the one it has; nothing for a value of NULL. */
void pko_change_put(struct pko_change *change, struct pko_node *mapping, const char *name,
                    struct pko_node *value);
/* The mapping or list under a key, made if it is not there; NULL if something else stands there, which
 * reading the file reports. */
struct pko_node *pko_change_inner(struct pko_change *change, struct pko_node *mapping, const char *key,
                                  enum pko_node_kind kind);

#endif
