/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD section 4, the running means that a cut freezes. */
#include "base/doubles.h"
#include "model/cuts_rows.h"

void PKO_CLONED(pko_approach)(double *memory, const double *value, size_t count, double share) {
    size_t whole = count - count % PKO_WIDE;
    for (size_t k = 0; k < whole; k += PKO_WIDE) {
        pko_wide m = pko_wide_load(memory + k);
        pko_wide_store(memory + k, m + (pko_wide_load(value + k) - m) * share);
    }
    for (size_t k = whole; k < count; k++)
        memory[k] += (value[k] - memory[k]) * share;
}

void PKO_CLONED(pko_approach_each)(const struct pko_remembering *layers, const struct pko_remembered *columns,
                                   size_t count) {
    const struct pko_remembering all = *layers; /* nothing that is written can change it */
    const pko_wide none = {0}, one = pko_wide_all(1.0), lane = pko_wide_lanes();
    for (size_t k = 0; k < all.layers; k += PKO_WIDE) {
        pko_wide days = (double)all.until - pko_wide_wholes(all.since + k), most = pko_wide_all(all.most);
        pko_wide share = one / pko_wide_choose((pko_wide_mask)(days < most), days, most);
        pko_wide_mask there = pko_wide_widen(
            (pko_wide_whole)(pko_wide_load_whole((const int32_t *)(const void *)(all.people + k)) != 0));
        there &= (pko_wide_mask)(lane < (double)all.layers - (double)k);
        if (pko_wide_signs(there) == 0)
            continue;
        if (all.start)
            share = one;
        share = pko_wide_choose(there, share, none);
        pko_wide_mask whole = (pko_wide_mask)(share == one);
        for (size_t c = 0; c < count; c++) {
            pko_wide m = pko_wide_load(columns[c].memory + k), v = pko_wide_load(columns[c].value + k);
            pko_wide_store(columns[c].memory + k, pko_wide_choose(whole, v, m + (v - m) * share));
        }
    }
}
