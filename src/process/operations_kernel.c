/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD 6.2, voice. A member of a section without a military background is heard with weight
 * y = (1 − background·u_j), a woman among them also times (1 − closed_club·u_j·(1 − women_j)); one with it
 * with weight 1. */
#include "base/sums.h"
#include "process/operations_rows.h"

/* Sums over members by how they are heard: with a military background, without one a man, a woman. */
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

PKO_EACH void hear_members(struct heard *heard, const float *resistance, const uint8_t *traits,
                           size_t count) {
    size_t whole = count - count % PKO_LANES;
    memset(heard, 0, sizeof *heard);
    for (size_t k = 0; k < whole; k += PKO_LANES)
        for (size_t part = 0; part < PKO_PARTS; part++) {
            size_t at = k + part * PKO_WIDE;
            hear(heard, part, pko_wide_floats(resistance + at), pko_wide_bytes(traits + at));
        }
    for (size_t part = 0; part < PKO_PARTS && whole + part * PKO_WIDE < count; part++) {
        size_t at = whole + part * PKO_WIDE;
        pko_wide there = pko_wide_where(pko_wide_first(count - at), pko_wide_floats(resistance + at));
        hear(heard, part, there, pko_wide_bytes(traits + at));
    }
}

/* As many sections as there are lanes: what their members say, and who they are. */
struct lanes {
    double soldiers[PKO_WIDE], men[PKO_WIDE], women[PKO_WIDE];       /* sums of resistance */
    double people[PKO_WIDE], background[PKO_WIDE], female[PKO_WIDE]; /* heads */
};

PKO_EACH void listen(const struct pko_hearers *all, const int32_t *sections, size_t count, struct lanes *to) {
    for (size_t k = 0; k < count; k++) {
        int j = sections[k];
        struct heard heard;
        hear_members(&heard, all->resistance + all->first[j], all->traits + all->first[j], all->people[j]);
        to->soldiers[k] = pko_wide_tree(heard.soldiers);
        to->men[k] = pko_wide_tree(heard.men);
        to->women[k] = pko_wide_tree(heard.women);
        to->people[k] = (double)all->people[j];
        to->background[k] = (double)all->background[j];
        to->female[k] = (double)all->women[j];
    }
    for (size_t k = count; k < PKO_WIDE; k++) {
        to->soldiers[k] = to->men[k] = to->women[k] = to->background[k] = to->female[k] = 0.0;
        to->people[k] = 1.0;
    }
}

void PKO_CLONED(pko_hear_sections)(const struct pko_hearers *hearers, double *voiced, double *voice) {
    const struct pko_hearers all = *hearers; /* nothing that is written can change it */
    const pko_wide one = pko_wide_all(1.0), none = {0};
    for (uint32_t first = 0; first < all.count; first += PKO_WIDE) {
        const int32_t *sections = all.sections + first;
        size_t count = all.count - first < PKO_WIDE ? all.count - first : PKO_WIDE;
        struct lanes lanes;
        listen(&all, sections, count, &lanes);
        /* u_j and women_j; y of men and of women. */
        pko_wide n = pko_wide_load(lanes.people), u = pko_wide_load(lanes.background) / n;
        pko_wide female = pko_wide_load(lanes.female) / n;
        pko_wide man = 1.0 - all.background_mutes * u;
        pko_wide woman = man * (1.0 - all.club_mutes * u * (1.0 - female));
        /* B_j = Σ y b/n, V_j = B_j/b̄_j, 1 if nobody is muted. */
        pko_wide soldiers = pko_wide_load(lanes.soldiers), men = pko_wide_load(lanes.men);
        pko_wide women = pko_wide_load(lanes.women);
        pko_wide whole = soldiers + men + women, heard = soldiers + man * men + woman * women;
        pko_wide_mask muted = (pko_wide_mask)(man < one) | (pko_wide_mask)(woman < one);
        muted &= (pko_wide_mask)(whole > none);
        pko_wide share = pko_wide_choose(muted, heard / pko_wide_choose(muted, whole, one), one);
        heard = heard / n;
        for (size_t k = 0; k < count; k++) {
            voiced[sections[k]] = heard[k];
            voice[sections[k]] = share[k];
        }
    }
}
