/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single values of a scenario: each function reads one node into one field. A value that does not fit is
 * reported with what is allowed and leaves the field as it is; the return is then false (or NULL). */
#ifndef PKO_SCENARIO_SCALARS_H
#define PKO_SCENARIO_SCALARS_H

#include "scenario/reader.h"

/* Reports a value: "'VALUE' PROBLEM; allowed: WHAT", or "no value; …", "a list PROBLEM; …". */
void pko_report_value(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      const char *problem, const char *allowed);
/* The text of a node that must be a scalar and not null. */
const char *pko_scalar_text(struct pko_reader *reader, const struct pko_node *node,
                            const struct pko_path *path, const char *allowed);

/* A number in [least, most], or (least, most] with `above`. */
bool pko_read_number(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                     double least, double most, bool above, double *value);
/* A whole number in the range of the key. */
bool pko_read_integer(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                      const struct pko_path *path, int *value);
bool pko_read_seed(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   uint64_t *value);
bool pko_read_boolean(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      bool *value);
bool pko_read_date(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   int32_t *value);
/* A name, as a text of the tree. */
const char *pko_read_name(struct pko_reader *reader, const struct pko_node *node,
                          const struct pko_path *path);
/* A name into a field of PKO_NAME_SIZE characters. */
bool pko_read_name_field(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                         char *field);
/* Any text into a field that owns it. */
bool pko_read_text(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   char **field);
bool pko_read_country(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                      char *field);
/* One of the key's choices into an enum or bool: its place among them. */
bool pko_read_choice(struct pko_reader *reader, const struct pko_key *key, const struct pko_node *node,
                     const struct pko_path *path, void *field);
/* The number of a region or camp by its name. */
bool pko_read_reference(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                        const char *what, bool camps, int *number);
bool pko_read_arrow(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                    enum pko_arrow *arrow);
/* The rules of a built-in regime by its name. */
bool pko_read_base(struct pko_reader *reader, const struct pko_node *node, const struct pko_path *path,
                   double *rules);

#endif
