/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings from outside a file. They are put into the tree before it is read, so that they pass through the
 * same table and the same checks as the file, and only the origin in messages differs. */
#ifndef PKO_SCENARIO_SETTINGS_H
#define PKO_SCENARIO_SETTINGS_H

#include "scenario/reader.h"

/* Puts the settings into the tree; those that name nothing in it are reported. */
void pko_settings_apply(struct pko_reader *reader, struct pko_tree *tree, struct pko_node *root,
                        const struct pko_setting *settings, size_t count);
/* Changes the rules of built-in regimes that settings name, after the regimes are read. */
void pko_settings_change_rules(struct pko_reader *reader);
/* "NAME=VALUE" a line; the caller frees it. NULL without memory. */
char *pko_settings_text(const struct pko_setting *settings, size_t count);

#endif
