/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/outcomes.h"

#include <math.h>
#include <string.h>

enum block {
#define PKO_BLOCK(block, title, unit, reduction) BLOCK_##block,
#define PKO_OUTCOME(block, name, title, measure, smallest)
#include "experiment/outcomes.def"
#undef PKO_BLOCK
#undef PKO_OUTCOME
};

static const struct pko_outcome_block blocks[] = {
#define PKO_BLOCK(block, title, unit, reduction) [BLOCK_##block] = {title, unit, reduction},
#define PKO_OUTCOME(block, name, title, measure, smallest)
#include "experiment/outcomes.def"
#undef PKO_BLOCK
#undef PKO_OUTCOME
};

static const struct pko_outcome_info outcomes[] = {
#define PKO_BLOCK(block, title, unit, reduction)
#define PKO_OUTCOME(block, name, title, measure, smallest)                                                   \
    {&blocks[BLOCK_##block], name, title, measure, smallest},
#include "experiment/outcomes.def"
#undef PKO_BLOCK
#undef PKO_OUTCOME
};

const struct pko_outcome_info *pko_outcome_info(size_t number) {
    return number < sizeof outcomes / sizeof *outcomes ? &outcomes[number] : NULL;
}

const struct pko_outcome_info *pko_outcome_info_find(const char *name) {
    for (size_t k = 0; k < sizeof outcomes / sizeof *outcomes; k++)
        if (strcmp(outcomes[k].name, name) == 0)
            return &outcomes[k];
    return NULL;
}

const char *pko_reduction_text(enum pko_reduction reduction) {
    static const char *const texts[] = {
        [PKO_PER_YEAR] = "per year",
        [PKO_TIME_MEAN] = "mean over time",
        [PKO_WHOLE_RUN] = "whole run",
        [PKO_RUN_END] = "end of run",
    };
    return texts[reduction];
}

double pko_smallest_effect(const struct pko_outcome_info *info, double mean) {
    return info->measure == PKO_SHARE ? info->smallest * fabs(mean) : info->smallest;
}

bool pko_outcome_verifies_only(const char *name) {
    return strncmp(name, "a of ", 5) == 0 || strncmp(name, "b of ", 5) == 0;
}

const char *pko_caveat(size_t line) {
    static const char *const lines[] = {
        "This model explores a hypothesis (Gauthier Vela 2021): how a peace operation shares",
        "intelligence shapes its militarization and is shaped by it. Use it to compare rules of sharing,",
        "and to see which causal links carry a difference. It estimates nothing about a named contingent",
        "or country. Reinforcement and resistance are two ledgers that one person carries at once, never",
        "one scale. Beyond the paper: that sharing prevents casualties, and how many; that cooperation or",
        "posture raises attacks; self-exciting attacks; leaks; responses of the population, and what",
        "projects do to stability; reciprocity of trust; the ledgers of African and Asian units.",
    };
    return line < sizeof lines / sizeof *lines ? lines[line] : NULL;
}
