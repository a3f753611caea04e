/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a tree of nodes to a scenario. Every mistake goes to the report and reading goes on, so that all of a
 * file's mistakes are found at once; what was wrong is left as it was in the empty target. */
#ifndef PKO_SCENARIO_READER_H
#define PKO_SCENARIO_READER_H

#include <locale.h>

#include "model/scenario.h"
#include "scenario/keys.h"
#include "scenario/tree.h"

/* A name that others refer to. */
struct pko_known {
    const char *name; /* a text of the tree */
    int number;       /* in the scenario's array */
    struct pko_place place;
};
struct pko_known_list {
    struct pko_known *known; /* owned */
    int count;
};

/* A rule of a built-in regime changed by a setting (`regime.minusma.leak=0.01`). */
struct pko_rule_change {
    char regime[PKO_NAME_SIZE];
    int rule;
    const struct pko_node *value;
};

struct pko_reader {
    struct pko_scenario *scenario;
    struct pko_report *report;
    locale_t plain;                               /* the C locale */
    struct pko_known_list regions, camps, groups; /* names read so far */
    struct pko_place first_mandate;               /* of the date of its first row */
    bool first_mandate_good;
    struct pko_rule_change *rule_changes; /* owned */
    int rule_change_count;
    bool regions_unread, camps_unread; /* their lists cannot be read: references are not checked */
    bool groups_told, regions_told, languages_told; /* a limit that is passed is said once */
};

/* One mapping while it is read. */
struct pko_frame {
    enum pko_section section;
    const struct pko_node *mapping;
    const struct pko_path *path;
    void *target;                                 /* the struct it fills */
    const struct pko_node *values[PKO_KEYS_MOST]; /* by row of the table of keys; NULL: not given */
    bool good[PKO_KEYS_MOST];                     /* given or by default, and without mistake */
};

/* --- mapping.c: mappings by the table of keys */

/* Reads a mapping of a section into the target; the frame is filled for the checks that follow. False if the
 * node is no mapping. */
bool pko_read_mapping(struct pko_reader *reader, enum pko_section section, const struct pko_node *node,
                      const struct pko_path *path, void *target, struct pko_frame *frame);
/* Whether a key of the frame was read without mistake. */
bool pko_frame_good(const struct pko_frame *frame, const char *key);
/* Where the value of a key stands; the place of the mapping if it is not given. */
struct pko_place pko_frame_place(const struct pko_frame *frame, const char *key);
/* Reports a key that stands in its mapping for the second time. */
void pko_report_twice(struct pko_reader *reader, const struct pko_path *path, const struct pko_node *key,
                      struct pko_place first);
/* True for a plain scalar that YAML calls null, or nothing at all. */
bool pko_node_is_null(const struct pko_node *node);
/* Appends a zeroed element to an array of the scenario; NULL without memory (said in the report). */
void *pko_append(struct pko_reader *reader, void *array, int *count, size_t size);
/* Registers a name; a duplicate is reported with the place of the first. */
void pko_known_add(struct pko_reader *reader, struct pko_known_list *list, const char *name, int number,
                   struct pko_place place, const struct pko_path *path);
int pko_known_find(const struct pko_known_list *list, const char *name);
struct pko_names pko_known_names(const struct pko_known_list *list);

/* --- collections.c: the value of one key */

/* Reads the value of a key into its field; `path` ends in the key. False if there was a mistake. */
bool pko_read_field(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                    const struct pko_path *path, struct pko_frame *frame);
/* --- elements.c: lists of mappings, and the mappings inside them */

bool pko_read_list(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                   const struct pko_path *path, struct pko_frame *frame);
bool pko_read_map(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                  const struct pko_path *path, struct pko_frame *frame);

/* --- rules.c: regimes, parameters, arrows */

bool pko_read_definitions(struct pko_reader *reader, const struct pko_node *node,
                          const struct pko_path *path);
bool pko_read_regimes(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path);
bool pko_read_parameters(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path);
bool pko_read_cuts(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path);
/* The eight rules, a key by name each, of a regime definition. */
int pko_rule_find(const char *name);
bool pko_read_rule(struct pko_reader *reader, int rule, const struct pko_node *node,
                   const struct pko_path *path, double *value);
const char *pko_rule_name(size_t k);
struct pko_names pko_parameter_names(void);
struct pko_names pko_arrow_names(void);
struct pko_names pko_regime_names(void);

/* --- campaign_values.c: lists and mappings of a campaign file */

/* Reads a value of one of the types that only campaign files have into its field; frame->target is a struct
 * pko_campaign or pko_factor. */
bool pko_read_of_campaign(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                          const struct pko_path *path, struct pko_frame *frame);

/* --- load.c: texts and files */

/* The tree of a text that must be a mapping; NULL if it is refused, which the report says. `what` is the text
 * in messages ("a scenario"). */
struct pko_node *pko_parse_text(struct pko_tree *tree, const char *text, size_t size,
                                struct pko_report *report, const char *what);
/* Reads a file of at most 1 MiB, or a byte more, which tells that it is too long; *text, with a 0 behind
 * it, is owned by the caller. PKO_ERROR_DISK with why in *problems, PKO_ERROR_MEMORY. */
int pko_read_text_file(const char *path, char **text, size_t *size, char **problems);

/* --- check.c: what holds between the parts */

/* Checks a scenario that was read without mistake; notes go to *notes (malloc'ed, or NULL if there are none).
 */
void pko_check_scenario(struct pko_reader *reader, const struct pko_frame *root, char **notes);
/* A region that has no mix of its own and so draws from the parameters threat.weight_*, if those are all 0;
 * else NULL. */
const struct pko_region *pko_region_without_weights(const struct pko_scenario *scenario);

#endif
