/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ODD section 4, the running means that a cut freezes. */
#include "base/doubles.h"
#include "model/cuts_rows.h"

void PKO_CLONED(pko_approach)(double *memory, const double *value, size_t count, double share) {
    size_t whole = count - count % PKO_EIGHT;
    for (size_t k = 0; k < whole; k += PKO_EIGHT) {
        pko_f64 m = pko_load_eight(memory + k);
        pko_store_eight(memory + k, m + (pko_load_eight(value + k) - m) * share);
    }
    for (size_t k = whole; k < count; k++)
        memory[k] += (value[k] - memory[k]) * share;
}

void PKO_CLONED(pko_approach_each)(double *memory, const double *value, const double *share, size_t count) {
    size_t whole = count - count % PKO_EIGHT;
    for (size_t k = 0; k < whole; k += PKO_EIGHT) {
        pko_f64 m = pko_load_eight(memory + k), v = pko_load_eight(value + k), s = pko_load_eight(share + k);
        pko_store_eight(memory + k, pko_choose_eight((pko_i64)(s == pko_eight(1.0)), v, m + (v - m) * s));
    }
    for (size_t k = whole; k < count; k++)
        memory[k] = share[k] == 1.0 ? value[k] : memory[k] + (value[k] - memory[k]) * share[k];
}
