/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "scenario/convert.h"
#include "scenario/reader.h"
#include "scenario/scalars.h"

#define NAME_RULE "1 to 63 lower-case letters, digits and _"

void pko_report_value(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      const char *problem, const char *allowed) {
    struct pko_line line = {.used = 0};
    if (pko_node_is_null(node)) {
        pko_line_add(&line, "no value");
    } else if (node->kind == PKO_SCALAR) {
        pko_line_quote(&line, node->text);
        pko_line_add(&line, " %s", problem);
    } else {
        pko_line_add(&line, "a %s %s", node->kind == PKO_SEQUENCE ? "list" : "mapping", problem);
    }
    pko_report_add(reader->report, node->place, path, "%s; allowed: %s", line.text, allowed);
}

const char *pko_scalar_text(struct pko_reader *reader, const struct pko_node *node,
                            const struct pko_path *path, const char *allowed) {
    if (node->kind == PKO_SCALAR && !pko_node_is_null(node))
        return node->text;
    pko_report_value(reader, node, path, "stands where one value belongs", allowed);
    return NULL;
}

/* The text of a number, date or the like, which stands without quotes. */
static const char *bare_text(struct pko_reader *reader, const struct pko_node *node,
                             const struct pko_path *path, const char *allowed) {
    const char *text = pko_scalar_text(reader, node, path, allowed);
    if (!text || !node->quoted)
        return text;
    pko_report_value(reader, node, path, "in quotes is a text", allowed);
    return NULL;
}

static void line_range(struct pko_line *line, const char *what, double least, double most, bool above) {
    pko_line_add(line, "%s in %s%.15g, %.15g]", what, above ? "(" : "[", least, most);
}

bool pko_read_number(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                     double least, double most, bool above, double *value) {
    struct pko_line allowed = {.used = 0};
    line_range(&allowed, "a number", least, most, above);
    const char *text = bare_text(reader, node, path, allowed.text);
    if (!text)
        return false;
    double number = 0;
    const char *problem = pko_convert_number(text, reader->plain, &number);
    if (!problem && (number < least || number > most || (above && number <= least)))
        problem = "is out of range";
    if (problem) {
        pko_report_value(reader, node, path, problem, allowed.text);
        return false;
    }
    *value = number;
    return true;
}

bool pko_read_integer(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                      const struct pko_path *path, int *value) {
    struct pko_line allowed = {.used = 0};
    line_range(&allowed, "a whole number", key->least, key->most, false);
    const char *text = bare_text(reader, node, path, allowed.text);
    if (!text)
        return false;
    int64_t number = 0;
    const char *problem = pko_convert_integer(text, &number);
    if (!problem && ((double)number < key->least || (double)number > key->most))
        problem = "is out of range";
    if (problem) {
        pko_report_value(reader, node, path, problem, allowed.text);
        return false;
    }
    *value = (int)number;
    return true;
}

bool pko_read_seed(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   uint64_t *value) {
    const char *allowed = "a whole number in [0, 2^64)";
    const char *text = bare_text(reader, node, path, allowed);
    const char *problem = text ? pko_convert_seed(text, value) : NULL;
    if (problem)
        pko_report_value(reader, node, path, problem, allowed);
    return text && !problem;
}

bool pko_read_boolean(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      bool *value) {
    const char *allowed = "true or false";
    const char *text = bare_text(reader, node, path, allowed);
    const char *problem = text ? pko_convert_boolean(text, value) : NULL;
    if (problem)
        pko_report_value(reader, node, path, problem, allowed);
    return text && !problem;
}

bool pko_read_date(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   int32_t *value) {
    const char *allowed = "a day as YYYY-MM-DD, years 1900 to 2999";
    const char *text = bare_text(reader, node, path, allowed);
    const char *problem = text ? pko_convert_date(text, value) : NULL;
    if (problem)
        pko_report_value(reader, node, path, problem, allowed);
    return text && !problem;
}

const char *pko_read_name(struct pko_reader *reader, const struct pko_node *node,
                          const struct pko_path *path) {
    const char *text = pko_scalar_text(reader, node, path, NAME_RULE);
    const char *problem = text ? pko_convert_name(text) : NULL;
    if (problem)
        pko_report_value(reader, node, path, problem, NAME_RULE);
    return problem ? NULL : text;
}

bool pko_read_name_field(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                         char *field) {
    const char *name = pko_read_name(reader, node, path);
    if (name)
        memcpy(field, name, strlen(name) + 1);
    return name != NULL;
}

bool pko_read_text(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   char **field) {
    const char *text = pko_scalar_text(reader, node, path, "a text");
    if (!text)
        return false;
    char *copy = strdup(text);
    if (!copy) {
        reader->report->no_memory = true;
        return false;
    }
    free(*field);
    *field = copy;
    return true;
}

bool pko_read_country(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      char *field) {
    const char *allowed = "three capital letters, XXX for several countries";
    const char *text = pko_scalar_text(reader, node, path, allowed);
    if (!text)
        return false;
    const char *problem = pko_convert_country(text);
    if (problem) {
        pko_report_value(reader, node, path, problem, allowed);
        return false;
    }
    memcpy(field, text, 4);
    return true;
}

/* The k-th of names joined by |; the buffer holds one name at a time. */
struct choices {
    const char *joined;
    char (*names)[PKO_NAME_SIZE];
    size_t count;
};

static const char *choice_name(const void *context, size_t k) {
    const struct choices *choices = context;
    return k < choices->count ? choices->names[k] : NULL;
}

bool pko_read_choice(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                     const struct pko_path *path, void *field) {
    char names[8][PKO_NAME_SIZE] = {{0}};
    struct choices choices = {key->choices, names, 0};
    for (const char *name = key->choices; name && choices.count < 8; choices.count++) {
        size_t length = strcspn(name, "|");
        memcpy(names[choices.count], name, length);
        name = name[length] ? name + length + 1 : NULL;
    }
    struct pko_names all = {choice_name, &choices};
    const char *text = pko_scalar_text(reader, node, path, "one word");
    if (!text)
        return false;
    for (size_t k = 0; k < choices.count; k++) {
        if (strcmp(names[k], text) != 0)
            continue;
        int number = (int)k; /* an enum, or false and true */
        bool second = k > 0;
        memcpy(field, key->size == sizeof second ? (const void *)&second : (const void *)&number, key->size);
        return true;
    }
    pko_report_unknown(reader->report, node->place, path, key->name, text, all);
    return false;
}

bool pko_read_reference(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                        const char *what, bool camps, int *number) {
    const struct pko_known_list *list = camps ? &reader->camps : &reader->regions;
    const char *name = pko_scalar_text(reader, node, path, what);
    if (!name || (camps ? reader->camps_unread : reader->regions_unread))
        return false;
    *number = pko_known_find(list, name);
    if (*number >= 0)
        return true;
    *number = 0;
    pko_report_unknown(reader->report, node->place, path, what, name, pko_known_names(list));
    return false;
}

bool pko_read_arrow(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                    enum pko_arrow *arrow) {
    const char *name = pko_scalar_text(reader, node, path, "a causal arrow");
    if (!name)
        return false;
    int number = pko_arrow_find(name);
    if (number >= 0) {
        *arrow = (enum pko_arrow)number;
        return true;
    }
    pko_report_unknown(reader->report, node->place, path, "arrow", name, pko_arrow_names());
    return false;
}

bool pko_read_base(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   double *rules) {
    const char *name = pko_scalar_text(reader, node, path, "a built-in regime");
    if (!name)
        return false;
    int number = pko_regime_find(name);
    if (number >= 0) {
        memcpy(rules, pko_regime_info((size_t)number)->rule, PKO_RULE_COUNT * sizeof *rules);
        return true;
    }
    pko_report_unknown(reader->report, node->place, path, "built-in regime", name, pko_regime_names());
    return false;
}
