/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice: sums over the members of a section. */
#include "base/sums.h"
#include "process/operations_rows.h"

/* Sums over members: soldiers, men, women, as they are heard. */
struct heard {
    pko_wide soldiers[PKO_PARTS], men[PKO_PARTS], women[PKO_PARTS];
};

PKO_EACH void hear(struct heard *sum, size_t part, pko_wide resistance, pko_wide_mask traits) {
    pko_wide_mask civil = (pko_wide_mask)((traits & PKO_TRAIT_BACKGROUND) == 0);
    pko_wide_mask man = (pko_wide_mask)((traits & PKO_TRAIT_WOMAN) == 0);
    sum->soldiers[part] += pko_wide_where(~civil, resistance);
    sum->men[part] += pko_wide_where(civil & man, resistance);
    sum->women[part] += pko_wide_where(civil & ~man, resistance);
}

void PKO_CLONED(pko_resistance_by_hearing)(const float *resistance, const uint8_t *traits, size_t count,
                                           double sum[PKO_HEARINGS]) {
    struct heard heard = {{{0}}, {{0}}, {{0}}};
    size_t whole = count - count % PKO_LANES;
    for (size_t k = 0; k < whole; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            hear(&heard, part, pko_wide_floats(resistance + at), pko_wide_bytes(traits + at));
        }
    for (size_t part = 0; part < PKO_PARTS && whole + part * PKO_WIDE < count; part++) {
        size_t at = whole + part * PKO_WIDE;
        pko_wide there = pko_wide_where(pko_wide_first(count - at), pko_wide_floats(resistance + at));
        hear(&heard, part, there, pko_wide_bytes(traits + at));
    }
    sum[PKO_HEARD_BACKGROUND] = pko_wide_tree(heard.soldiers);
    sum[PKO_HEARD_MAN] = pko_wide_tree(heard.men);
    sum[PKO_HEARD_WOMAN] = pko_wide_tree(heard.women);
}
