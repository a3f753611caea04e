/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sets of runs from result files compared outcome by outcome: as pairs where they share their random
 * numbers, as independent samples otherwise. */
#ifndef PKO_EXPERIMENT_COMPARE_H
#define PKO_EXPERIMENT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "experiment/statistics.h"
#include "record/reader.h"

#define PKO_WHY_SIZE 320

/* The runs of one regime of a file. */
struct pko_side {
    const struct pko_reader *reader;
    size_t regime;       /* place along the dimension `regime` */
    uint32_t first;      /* number of its first replicate, filled by pko_compare */
    uint32_t replicates; /* filled by pko_compare */
};

/* What a comparison leaves; freed with pko_comparison_free. */
struct pko_comparison {
    bool paired;
    char why[PKO_WHY_SIZE]; /* one or two sentences: paired or not, and why */
    uint32_t first, pairs;  /* paired: the replicates that both sides have */
    struct pko_side sides[2];
    size_t outcome_count;           /* outcomes that both files have, in the order of the first */
    size_t left_out;                /* outcomes that only one of them has */
    char **names;                   /* [outcome], in one block */
    struct pko_moments *moments[2]; /* [outcome]: over the pairs if paired, else over all replicates */
    struct pko_pair_moments *both;  /* [outcome]; empty if not paired */
};

/* Compares two sides. They are paired if the texts of their scenarios and their seeds agree and they have two
 * replicates or more in common (the only one, if both have one alone): then the same number stands for the
 * same random numbers, whatever the settings and regimes. PKO_OK, PKO_ERROR_INPUT (a damaged file, or one
 * without outcomes), PKO_ERROR_MEMORY; *message, unless NULL, says why and is freed by the caller. The
 * comparison is to be freed in any case. */
int pko_compare(const struct pko_side *one, const struct pko_side *other, struct pko_comparison *comparison,
                char **message);
void pko_comparison_free(struct pko_comparison *comparison);
/* Second side − first side: paired, or by Welch's intervals. */
struct pko_difference pko_comparison_difference(const struct pko_comparison *comparison, size_t outcome);

#endif
