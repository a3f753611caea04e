/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice: sums over the members of a section. */
#include "base/sums.h"
#include "process/operations_rows.h"

void PKO_CLONED(pko_resistance_by_hearing)(const float *resistance, const uint8_t *traits, size_t count,
                                           double sum[PKO_HEARINGS]) {
    pko_wide soldiers[PKO_PARTS] = {{0}}, men[PKO_PARTS] = {{0}}, women[PKO_PARTS] = {{0}};
    for (size_t k = 0; k < count; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            pko_wide_mask trait = pko_wide_bytes(traits + at);
            pko_wide_mask background = pko_wide_has(trait, PKO_TRAIT_BACKGROUND);
            pko_wide_mask woman = pko_wide_has(trait, PKO_TRAIT_WOMAN);
            pko_wide_mask there = pko_wide_first(count > at ? count - at : 0);
            pko_wide b = pko_wide_where(there, pko_wide_floats(resistance + at));
            soldiers[part] += pko_wide_where(background, b);
            men[part] += pko_wide_where(~background & ~woman, b);
            women[part] += pko_wide_where(~background & woman, b);
        }
    sum[PKO_HEARD_BACKGROUND] = pko_wide_tree(soldiers);
    sum[PKO_HEARD_MAN] = pko_wide_tree(men);
    sum[PKO_HEARD_WOMAN] = pko_wide_tree(women);
}
