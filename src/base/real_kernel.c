/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions in lanes of eight: the operations of base/real.c in the same order, both sides of each
 * choice computed and one selected. */
#include "base/doubles.h"
#include "base/reals.h"
#include "base/series.h"

struct eights {
    pko_f64 high, low;
};

/* a + b as pairs, |a| ≥ |b| or a = 0 (Dekker). */
PKO_LANE struct eights sum_pair(pko_f64 a, pko_f64 b) {
    pko_f64 s = a + b;
    return (struct eights){s, b - (s - a)};
}

/* 2^k for k in [-1022, 1023]. */
PKO_LANE pko_f64 power_of_two(pko_i64 k) {
    return (pko_f64)((k + 1023) << 52);
}

/* x·2^k with at most one rounding; the halves of k are cut toward 0. */
PKO_LANE pko_f64 scale(pko_f64 x, pko_i64 k) {
    pko_i64 half = (k - (k >> 63)) >> 1;
    return x * power_of_two(half) * power_of_two(k - half);
}

/* e^x = 2^k·part, -746 ≤ x ≤ 710. The whole number nearest to x/ln2 stands in the low bits of the rounded
 * sum. */
PKO_LANE pko_i64 exp_parts(pko_f64 x, struct eights *part) {
    pko_f64 rounded = x * PKO_ONE_BY_LN2 + PKO_ROUNDER;
    pko_i64 whole = (pko_i64)rounded - (pko_i64)pko_eight(PKO_ROUNDER);
    pko_f64 k = rounded - PKO_ROUNDER;
    pko_f64 high = x - k * PKO_LN2_HIGH, correction = k * PKO_LN2_LOW - 0.0;
    pko_f64 r = high - correction, rest = (high - r) - correction, z = r * r;
    pko_f64 tail = PKO_EXP_EVEN(z) + r * PKO_EXP_ODD(z);
    struct eights s = sum_pair(pko_eight(1.0), r);
    *part = sum_pair(s.high, s.low + (r * r * tail + (rest + rest * r)));
    return whole;
}

PKO_LANE pko_f64 logistic(pko_f64 x) {
    const pko_f64 none = {0};
    pko_f64 size = -pko_size_eight(x);
    pko_i64 vanishes = (pko_i64)(size < -746.0);
    struct eights part;
    pko_i64 k = exp_parts(pko_choose_eight(vanishes, none, size), &part);
    pko_f64 e = pko_choose_eight(vanishes, none, scale(part.high, k)), e_low = scale(part.low, k);
    /* x ≥ 0: 1/(1 + e^−x). x < 0: q = e/(1+e), what e and 1+e lost in rounding put back to first order. */
    pko_f64 above = 1.0 / (1.0 + e);
    struct eights sum = sum_pair(pko_eight(1.0), e);
    pko_f64 q = e / sum.high;
    pko_f64 below = q + (e_low * (1.0 - q) - q * sum.low) * (1.0 - q);
    pko_f64 y = pko_choose_eight((pko_i64)(x >= none), above, pko_choose_eight(vanishes, none, below));
    return pko_choose_eight((pko_i64)(x == x), y, (pko_f64)((pko_i64){0} + INT64_C(0x7ff8000000000000)));
}

void PKO_CLONED(pko_logistics)(const double *x, double *y, size_t count) {
    size_t whole = count - count % PKO_EIGHT;
    for (size_t k = 0; k < whole; k += PKO_EIGHT)
        pko_store_eight(y + k, logistic(pko_load_eight(x + k)));
    if (whole < count) {
        double last[PKO_EIGHT] = {0};
        memcpy(last, x + whole, (count - whole) * sizeof *x);
        pko_store_eight(last, logistic(pko_load_eight(last)));
        memcpy(y + whole, last, (count - whole) * sizeof *y);
    }
}
