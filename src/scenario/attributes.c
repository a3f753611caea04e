/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/change.h"

#include <string.h>

void pko_change_unknown(struct pko_change *change, const char *what, const char *wrong,
                        struct pko_names names) {
    pko_report_unknown(change->reader->report, change->place, NULL, what, wrong, names);
}

void pko_change_words(struct pko_change *change) {
    const char *rest = change->setting->name;
    change->word_count = 0;
    while (rest) {
        size_t length = strcspn(rest, ".");
        if (change->word_count == PKO_WORDS_MOST || length >= PKO_NAME_SIZE) {
            change->word_count = 0;
            return;
        }
        memcpy(change->words[change->word_count], rest, length);
        change->words[change->word_count++][length] = 0;
        rest = rest[length] ? rest + length + 1 : NULL;
    }
}

/* --- New nodes. Without memory a function returns NULL and says so in the report. */

struct pko_node *pko_change_scalar(struct pko_change *change, const char *text, size_t length) {
    struct pko_node *node = pko_node_scalar(change->tree, change->place, text, length);
    if (!node)
        change->reader->report->no_memory = true;
    return node;
}

struct pko_node *pko_change_collection(struct pko_change *change, enum pko_node_kind kind) {
    struct pko_node *node = pko_node_collection(change->tree, change->place, kind);
    if (!node)
        change->reader->report->no_memory = true;
    return node;
}

/* Words between commas, without the spaces around them. */
static struct pko_node *split_list(struct pko_change *change, const char *text) {
    struct pko_node *list = pko_change_collection(change, PKO_SEQUENCE);
    while (list && *text) {
        size_t length = strcspn(text, ","), first = strspn(text, " \t"), last = length;
        if (first > length)
            first = length;
        while (last > first && (text[last - 1] == ' ' || text[last - 1] == '\t'))
            last--;
        struct pko_node *word = pko_change_scalar(change, text + first, last - first);
        if (!word)
            return NULL;
        pko_node_append(list, word);
        text += length;
        if (*text == ',' && *++text == 0) { /* nothing after the last comma */
            if ((word = pko_change_scalar(change, "", 0)))
                pko_node_append(list, word);
        }
    }
    return list;
}

/* One number as a timeline that holds it on all days. */
static struct pko_node *constant_timeline(struct pko_change *change, const char *text) {
    struct pko_node *list = pko_change_collection(change, PKO_SEQUENCE),
                    *point = pko_change_collection(change, PKO_SEQUENCE);
    struct pko_node *date = pko_change_scalar(change, "1970-01-01", 10),
                    *value = pko_change_scalar(change, text, strlen(text));
    if (!list || !point || !date || !value)
        return NULL;
    pko_node_append(point, date);
    pko_node_append(point, value);
    pko_node_append(list, point);
    return list;
}

/* A value in YAML; NULL if it is none, which the report says. */
static struct pko_node *parse_value(struct pko_change *change, const char *text) {
    struct pko_report *report = change->reader->report;
    size_t before = report->count;
    struct pko_node *node = NULL;
    pko_tree_parse(change->tree, text, strlen(text), change->place, report, &node);
    if (!node && report->count == before)
        return pko_change_scalar(change, "", 0); /* an empty text is no value */
    return node;
}

/* The value as a key of this type takes it: as in a file, but lists also as words between commas, and a
 * timeline also as one number. */
static struct pko_node *value_node(struct pko_change *change, enum pko_key_type type) {
    const char *text = change->setting->value;
    bool bracket = text[strspn(text, " \t")] == '[';
    struct pko_node *node = NULL;
    switch (type) {
    case PKO_KEY_MAP:
    case PKO_KEY_LIST:
    case PKO_KEY_DEFINITIONS:
    case PKO_KEY_PARAMETERS:
    case PKO_KEY_CUTS:
        return parse_value(change, text);
    case PKO_KEY_DATES:
    case PKO_KEY_REGIMES:
    case PKO_KEY_LANGUAGES:
        return bracket ? parse_value(change, text) : split_list(change, text);
    case PKO_KEY_TIMELINE:
        return bracket ? parse_value(change, text) : constant_timeline(change, text);
    case PKO_KEY_LEVEL:
        return bracket ? parse_value(change, text) : pko_change_scalar(change, text, strlen(text));
    case PKO_KEY_TEXT:
        node = pko_change_scalar(change, text, strlen(text));
        if (node)
            node->quoted = true; /* any text is one, also `null` */
        return node;
    default:
        return pko_change_scalar(change, text, strlen(text));
    }
}

/* Gives a key of a mapping this value, in place of the one it has. */
void pko_change_put(struct pko_change *change, struct pko_node *mapping, const char *name,
                    struct pko_node *value) {
    if (!value)
        return;
    for (struct pko_node *key = mapping->child; key; key = key->next->next) {
        if (key->kind != PKO_SCALAR || strcmp(key->text, name) != 0)
            continue;
        struct pko_node *old = key->next;
        value->next = old->next;
        key->next = value;
        if (mapping->last == old)
            mapping->last = value;
        return;
    }
    struct pko_node *key = pko_change_scalar(change, name, strlen(name));
    if (key) {
        pko_node_append(mapping, key);
        pko_node_append(mapping, value);
    }
}

/* The mapping or list under a key, made if it is not there; NULL if something else stands there, which
 * reading the file reports. */
struct pko_node *pko_change_inner(struct pko_change *change, struct pko_node *mapping, const char *key,
                                  enum pko_node_kind kind) {
    struct pko_node *inner = pko_node_value(mapping, key);
    if (!inner) {
        inner = pko_change_collection(change, kind);
        pko_change_put(change, mapping, key, inner);
    }
    return inner && inner->kind == kind ? inner : NULL;
}

/* --- Attributes by path */

static const char *section_key(const void *context, size_t k) {
    const enum pko_section *section = context;
    return pko_key_name(*section, k);
}

/* Sets a key of a mapping, or of the mapping under it, by the words from `word` on. */
static void set_attribute(struct pko_change *change, struct pko_node *mapping, enum pko_section section,
                          int word) {
    const char *name = change->words[word];
    int row = pko_key_find(section, name);
    if (row < 0) {
        pko_change_unknown(change, "key", name, (struct pko_names){section_key, &section});
        return;
    }
    const struct pko_key *key = pko_key((size_t)row);
    if (word + 1 == change->word_count) {
        pko_change_put(change, mapping, name, value_node(change, key->type));
        return;
    }
    if (key->type != PKO_KEY_MAP) {
        pko_report_add(change->reader->report, change->place, NULL,
                       "'%s' has no parts with names: set it whole, or change the file", name);
        return;
    }
    if (pko_key_find(key->inner, change->words[word + 1]) < 0) {
        pko_change_unknown(change, "key", change->words[word + 1],
                           (struct pko_names){section_key, &key->inner});
        return;
    }
    struct pko_node *inner = pko_change_inner(change, mapping, name, PKO_MAPPING);
    if (inner)
        set_attribute(change, inner, key->inner, word + 1);
}

static const char *element_name(const void *context, size_t k) {
    const struct pko_node *list = context;
    if (!list || list->kind != PKO_SEQUENCE)
        return NULL;
    for (const struct pko_node *element = list->child; element; element = element->next) {
        const struct pko_node *name = pko_node_value(element, "name");
        if (name && name->kind == PKO_SCALAR && k-- == 0)
            return name->text;
    }
    return NULL;
}

static const char *element_word(enum pko_section section) {
    switch (section) {
    case PKO_IN_REGION:
        return "region";
    case PKO_IN_CAMP:
        return "camp";
    case PKO_IN_CONTINGENT:
        return "contingent";
    case PKO_IN_POLICE:
        return "police unit";
    default:
        return "section";
    }
}

/* `LIST.NAME.KEY…`: an attribute of a named element. */
static void set_element(struct pko_change *change, const struct pko_key *key) {
    struct pko_node *list = pko_node_value(change->root, key->name);
    if (pko_key_find(key->inner, "name") < 0) {
        pko_report_add(change->reader->report, change->place, NULL,
                       "the elements of '%s' have no names: set it whole, or change the file", key->name);
        return;
    }
    for (struct pko_node *element = list && list->kind == PKO_SEQUENCE ? list->child : NULL; element;
         element = element->next) {
        const struct pko_node *name = pko_node_value(element, "name");
        if (!name || name->kind != PKO_SCALAR || strcmp(name->text, change->words[1]) != 0)
            continue;
        if (change->word_count == 2)
            pko_report_add(change->reader->report, change->place, NULL,
                           "no attribute; allowed: %s.NAME.KEY=VALUE", key->name);
        else
            set_attribute(change, element, key->inner, 2);
        return;
    }
    pko_change_unknown(change, element_word(key->inner), change->words[1],
                       (struct pko_names){element_name, list});
}

/* Everything that a setting of one or two words may name: parameters, keys of the top level, and of its
 * mappings. */
struct setting_names {
    char (*names)[2 * PKO_NAME_SIZE];
    size_t count;
};

static const char *setting_name(const void *context, size_t k) {
    const struct setting_names *all = context;
    if (k < PKO_FIRST_RULE)
        return pko_parameter_info(k)->name;
    return k - PKO_FIRST_RULE < all->count ? all->names[k - PKO_FIRST_RULE] : NULL;
}

static void add_setting_name(struct setting_names *all, const char *first, const char *second) {
    char *name = all->names[all->count++];
    size_t length = strlen(first);
    memcpy(name, first, length + 1);
    if (!second)
        return;
    name[length] = '.';
    memcpy(name + length + 1, second, strlen(second) + 1);
}

static void report_unknown_setting(struct pko_change *change) {
    char names[PKO_KEYS_MOST][2 * PKO_NAME_SIZE];
    struct setting_names all = {names, 0};
    for (size_t row = 0; pko_key(row); row++) {
        const struct pko_key *key = pko_key(row);
        if (!(key->sections & PKO_IN_ROOT))
            continue;
        add_setting_name(&all, key->name, NULL);
        for (size_t k = 0; key->type == PKO_KEY_MAP && pko_key_name(key->inner, k); k++)
            add_setting_name(&all, key->name, pko_key_name(key->inner, k));
    }
    const enum pko_section root = PKO_IN_ROOT;
    if (change->word_count > 2)
        pko_change_unknown(change, "key", change->words[0], (struct pko_names){section_key, &root});
    else
        pko_change_unknown(change, "setting", change->setting->name, (struct pko_names){setting_name, &all});
}

void pko_change_attribute(struct pko_change *change) {
    int row = change->word_count ? pko_key_find(PKO_IN_ROOT, change->words[0]) : -1;
    const struct pko_key *key = row < 0 ? NULL : pko_key((size_t)row);
    bool inner_unknown = key && key->type == PKO_KEY_MAP && change->word_count == 2 &&
                         pko_key_find(key->inner, change->words[1]) < 0;
    if (!key || inner_unknown)
        report_unknown_setting(change); /* may be a parameter of the same first word: mandate.ratchet */
    else if (change->word_count > 1 && key->type == PKO_KEY_LIST)
        set_element(change, key);
    else if (change->word_count > 1 && (key->type == PKO_KEY_PARAMETERS || key->type == PKO_KEY_DEFINITIONS))
        pko_report_add(change->reader->report, change->place, NULL, "'%s' has no parts; allowed: %s=VALUE",
                       key->name, key->type == PKO_KEY_PARAMETERS ? "PROCESS.NAME" : "regime.NAME.RULE");
    else
        set_attribute(change, change->root, PKO_IN_ROOT, 0);
}
