/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions in lanes: the operations of base/real.c in the same order, both sides of each
 * choice computed and one selected. */
#include "base/doubles.h"
#include "base/reals.h"
#include "base/series.h"

struct wides {
    pko_wide high, low;
};

/* a + b as pairs, |a| ≥ |b| or a = 0 (Dekker). */
PKO_EACH struct wides sum_pair(pko_wide a, pko_wide b) {
    pko_wide s = a + b;
    return (struct wides){s, b - (s - a)};
}

/* 2^k for k in [-1022, 1023]. */
PKO_EACH pko_wide power_of_two(pko_wide_mask k) {
    return (pko_wide)((k + 1023) << 52);
}

/* x·2^k with at most one rounding; the halves of k are cut toward 0. */
PKO_EACH pko_wide scale(pko_wide x, pko_wide_mask k) {
    pko_wide_mask half = (k - (k >> 63)) >> 1;
    return x * power_of_two(half) * power_of_two(k - half);
}

/* e^x = 2^k·part, -746 ≤ x ≤ 710. The whole number nearest to x/ln2 stands in the low bits of the rounded
 * sum. */
PKO_EACH pko_wide_mask exp_parts(pko_wide x, struct wides *part) {
    pko_wide rounded = x * PKO_ONE_BY_LN2 + PKO_ROUNDER;
    pko_wide_mask whole = (pko_wide_mask)rounded - (pko_wide_mask)pko_wide_all(PKO_ROUNDER);
    pko_wide k = rounded - PKO_ROUNDER;
    pko_wide high = x - k * PKO_LN2_HIGH, correction = k * PKO_LN2_LOW - 0.0;
    pko_wide r = high - correction, rest = (high - r) - correction, z = r * r;
    pko_wide tail = PKO_EXP_EVEN(z) + r * PKO_EXP_ODD(z);
    struct wides s = sum_pair(pko_wide_all(1.0), r);
    *part = sum_pair(s.high, s.low + (r * r * tail + (rest + rest * r)));
    return whole;
}

PKO_EACH pko_wide logistic(pko_wide x) {
    const pko_wide none = {0};
    pko_wide size = -pko_wide_size(x);
    pko_wide_mask vanishes = (pko_wide_mask)(size < -746.0);
    struct wides part;
    pko_wide_mask k = exp_parts(pko_wide_choose(vanishes, none, size), &part);
    pko_wide e = pko_wide_choose(vanishes, none, scale(part.high, k)), e_low = scale(part.low, k);
    /* x ≥ 0: 1/(1 + e^−x). x < 0: q = e/(1+e), what e and 1+e lost in rounding put back to first order. */
    pko_wide above = 1.0 / (1.0 + e);
    struct wides sum = sum_pair(pko_wide_all(1.0), e);
    pko_wide q = e / sum.high;
    pko_wide below = q + (e_low * (1.0 - q) - q * sum.low) * (1.0 - q);
    pko_wide y = pko_wide_choose((pko_wide_mask)(x >= none), above, pko_wide_choose(vanishes, none, below));
    return pko_wide_choose((pko_wide_mask)(x == x), y,
                           (pko_wide)((pko_wide_mask){0} + INT64_C(0x7ff8000000000000)));
}

void PKO_CLONED(pko_logistics)(const double *x, double *y, size_t count) {
    size_t whole = count - count % PKO_WIDE;
    for (size_t k = 0; k < whole; k += PKO_WIDE)
        pko_wide_store(y + k, logistic(pko_wide_load(x + k)));
    if (whole < count) {
        double last[PKO_WIDE] = {0};
        memcpy(last, x + whole, (count - whole) * sizeof *x);
        pko_wide_store(last, logistic(pko_wide_load(last)));
        memcpy(y + whole, last, (count - whole) * sizeof *y);
    }
}
