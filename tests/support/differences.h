/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where two missions differ: the names of the columns of model/mission.def and of the mission's numbers, and
 * for plots and convoys the part of them, as in "plots.knows". What an arrow's cut keeps for its own use
 * (`cut` and what is frozen) is left out. */
#ifndef PKO_TEST_DIFFERENCES_H
#define PKO_TEST_DIFFERENCES_H

#include <stdbool.h>
#include <string.h>

#include "model/mission.h"

#define DIFFERENCES_MOST 256

struct differences {
    const char *name[DIFFERENCES_MOST];
    size_t count;
};

static inline bool differs_in(const struct differences *found, const char *name) {
    for (size_t k = 0; k < found->count; k++)
        if (strcmp(found->name[k], name) == 0)
            return true;
    return false;
}

static inline void add_difference(struct differences *found, const char *name, bool differs) {
    if (differs && found->count < DIFFERENCES_MOST && !differs_in(found, name))
        found->name[found->count++] = name;
}

#define ADD_IF_OTHER(list, field)                                                                            \
    add_difference(                                                                                          \
        found, #list "." #field,                                                                             \
        memcmp(&one->list.item[k].field, &other->list.item[k].field, sizeof one->list.item[k].field) != 0)

static inline void plot_differences(struct differences *found, const struct pko_mission *one,
                                    const struct pko_mission *other) {
    add_difference(found, "plots.born", one->plots.count != other->plots.count);
    for (size_t k = 0; k < one->plots.count && k < other->plots.count; k++) {
        const struct pko_plot *a = &one->plots.item[k], *b = &other->plots.item[k];
        if (a->born != b->born || a->region != b->region || a->number != b->number) {
            add_difference(found, "plots.born", true);
            return; /* from here on other plots stand side by side */
        }
        ADD_IF_OTHER(plots, due);
        ADD_IF_OTHER(plots, plot_class);
        ADD_IF_OTHER(plots, sealed_until);
        ADD_IF_OTHER(plots, human_sourced);
        ADD_IF_OTHER(plots, knows);
        ADD_IF_OTHER(plots, free);
        ADD_IF_OTHER(plots, collected);
    }
}

static inline void convoy_differences(struct differences *found, const struct pko_mission *one,
                                      const struct pko_mission *other) {
    add_difference(found, "convoys.formed", one->convoys.count != other->convoys.count);
    for (size_t k = 0; k < one->convoys.count && k < other->convoys.count; k++) {
        struct pko_convoy a = one->convoys.item[k], b = other->convoys.item[k];
        add_difference(found, "convoys.harmed", a.harmed != b.harmed);
        add_difference(found, "convoys.delivered", a.delivered != b.delivered);
        a.harmed = b.harmed = a.delivered = b.delivered = 0;
        add_difference(found, "convoys.formed", memcmp(&a, &b, sizeof a) != 0);
    }
}

/* All differences of two missions whose scenarios have the same groups, layers, regions and camps. */
static inline struct differences differences_of(const struct pko_mission *one,
                                                const struct pko_mission *other) {
    struct differences all = {.count = 0}, *found = &all;
#define PKO_COLUMN(type, name, count)                                                                        \
    if (strncmp(#name, "frozen_", 7) != 0 && strcmp(#name, "cut") != 0)                                      \
        add_difference(                                                                                      \
            found, #name,                                                                                    \
            memcmp(one->name, other->name,                                                                   \
                   sizeof(type) * (strcmp(#count, "P") == 0 ? one->people : one->extent.count)) != 0);
#include "model/mission.def"
#undef PKO_COLUMN
#define NUMBER(name) add_difference(found, #name, memcmp(&one->name, &other->name, sizeof one->name) != 0)
    NUMBER(stream.seed);
    NUMBER(stream.replicate);
    NUMBER(parameters);
    NUMBER(day);
    NUMBER(date);
    NUMBER(people);
    NUMBER(layers_present);
    NUMBER(robustness);
    NUMBER(cooperation);
    NUMBER(mean_reinforcement_evening);
    NUMBER(severity_mission);
    NUMBER(median);
    NUMBER(hostile_deaths_today);
    NUMBER(aboard_civilians);
#undef NUMBER
    plot_differences(found, one, other);
    convoy_differences(found, one, other);
    return all;
}

/* Is `name` one of the words of `list`? */
static inline bool is_word_of(const char *name, const char *list) {
    size_t size = strlen(name);
    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == 0))
            return true;
    return false;
}

/* The first difference whose name is not among the words of `list`; NULL if there is none. */
static inline const char *difference_outside(const struct differences *found, const char *list) {
    for (size_t k = 0; k < found->count; k++)
        if (!is_word_of(found->name[k], list))
            return found->name[k];
    return NULL;
}

#endif
