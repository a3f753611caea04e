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

void PKO_CLONED(pko_approach_each)(double *memory, const double *value, const double *share, size_t count) {
    size_t whole = count - count % PKO_WIDE;
    for (size_t k = 0; k < whole; k += PKO_WIDE) {
        pko_wide m = pko_wide_load(memory + k), v = pko_wide_load(value + k), s = pko_wide_load(share + k);
        pko_wide_store(memory + k,
                       pko_wide_choose((pko_wide_mask)(s == pko_wide_all(1.0)), v, m + (v - m) * s));
    }
    for (size_t k = whole; k < count; k++)
        memory[k] = share[k] == 1.0 ? value[k] : memory[k] + (value[k] - memory[k]) * share[k];
}
