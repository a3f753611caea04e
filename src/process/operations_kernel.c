/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice: sums over the members of a section, sixteen at a time. */
#include "base/sums.h"
#include "process/operations_rows.h"

void PKO_CLONED(pko_resistance_by_hearing)(const float *resistance, const uint8_t *traits, size_t count,
                                           double sum[PKO_HEARINGS]) {
    const pko_i32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const pko_f32 none = {0};
    pko_f64 soldiers[2] = {{0}}, men[2] = {{0}}, women[2] = {{0}};
    for (size_t k = 0; k < count; k += 16) {
        pko_f32 b = pko_load(resistance + k);
        pko_i32 trait = pko_widen_bytes(traits + k), there = (pko_i32)(lane < (int32_t)(count - k));
        pko_i32 background = (pko_i32)((trait & PKO_TRAIT_BACKGROUND) != 0);
        pko_i32 woman = (pko_i32)((trait & PKO_TRAIT_WOMAN) != 0);
        pko_add(soldiers, pko_select(there & background, b, none));
        pko_add(men, pko_select(there & ~background & ~woman, b, none));
        pko_add(women, pko_select(there & ~background & woman, b, none));
    }
    sum[PKO_HEARD_BACKGROUND] = pko_tree(soldiers);
    sum[PKO_HEARD_MAN] = pko_tree(men);
    sum[PKO_HEARD_WOMAN] = pko_tree(women);
}
