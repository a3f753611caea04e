/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions in lanes: the operations of base/real.c in the same order, both sides of each
 * choice computed and one selected. */
#include <float.h>
#include <stdbool.h>

#include "base/doubles.h"
#include "base/quantile.h"
#include "base/real.h"
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

/* x + low = k·ln2 + r + rest. The whole number nearest to x/ln2, k, stands in the low bits of the rounded
 * sum.
 */
PKO_EACH pko_wide_mask reduce(pko_wide x, pko_wide low, pko_wide *r, pko_wide *rest) {
    pko_wide rounded = x * PKO_ONE_BY_LN2 + PKO_ROUNDER;
    pko_wide k = rounded - PKO_ROUNDER;
    pko_wide high = x - k * PKO_LN2_HIGH, correction = k * PKO_LN2_LOW - low;
    *r = high - correction;
    *rest = (high - *r) - correction;
    return (pko_wide_mask)rounded - (pko_wide_mask)pko_wide_all(PKO_ROUNDER);
}

/* 2^-k·e^(x + low) as a pair, from what is reduced: `one` + r + r²·tail + rest, `one` being 1, or what is
 * left of it in e^x − 1. */
PKO_EACH struct wides sum_series(pko_wide one, pko_wide r, pko_wide rest) {
    pko_wide z = r * r, tail = PKO_EXP_EVEN(z) + r * PKO_EXP_ODD(z);
    struct wides s = sum_pair(one, r);
    return sum_pair(s.high, s.low + (r * r * tail + (rest + rest * r)));
}

/* e^(x + low) = 2^k·part, -746 ≤ x ≤ 710, |low| small beside 1. */
PKO_EACH pko_wide_mask exp_parts(pko_wide x, pko_wide low, struct wides *part) {
    pko_wide r, rest;
    pko_wide_mask k = reduce(x, low, &r, &rest);
    *part = sum_series(pko_wide_all(1.0), r, rest);
    return k;
}

/* e^x − 1, −40 ≤ x and x no smaller than a bit of 1. */
PKO_EACH pko_wide expm1_of(pko_wide x) {
    const pko_wide one = pko_wide_all(1.0);
    pko_wide r, rest;
    pko_wide_mask k = reduce(x, (pko_wide){0}, &r, &rest);
    pko_wide bracket = pko_wide_choose((pko_wide_mask)(k > 60), one, one - power_of_two(-k));
    return scale(sum_series(bracket, r, rest).high, k);
}

PKO_EACH pko_wide logistic(pko_wide x) {
    const pko_wide none = {0};
    pko_wide size = -pko_wide_size(x);
    pko_wide_mask vanishes = (pko_wide_mask)(size < -746.0);
    struct wides part;
    pko_wide_mask k = exp_parts(pko_wide_choose(vanishes, none, size), none, &part);
    pko_wide e = pko_wide_choose(vanishes, none, scale(part.high, k)), e_low = scale(part.low, k);
    /* x ≥ 0: 1/(1 + e^−x). x < 0: q = e/(1+e), what e and 1+e lost in rounding put back to first order. */
    struct wides sum = sum_pair(pko_wide_all(1.0), e);
    pko_wide_mask above = (pko_wide_mask)(x >= none);
    pko_wide q = pko_wide_choose(above, pko_wide_all(1.0), e) / sum.high;
    pko_wide below = q + (e_low * (1.0 - q) - q * sum.low) * (1.0 - q);
    pko_wide y = pko_wide_choose(above, q, pko_wide_choose(vanishes, none, below));
    return pko_wide_choose((pko_wide_mask)(x == x), y,
                           (pko_wide)((pko_wide_mask){0} + INT64_C(0x7ff8000000000000)));
}

void PKO_CLONED(pko_logistics)(const double *x, double *y, size_t count) {
    for (size_t k = 0; k < count; k += PKO_WIDE)
        pko_wide_store_first(y + k, logistic(pko_wide_load_first(x + k, count - k)), count - k);
}

/* Writes the values of as many lanes as are left; those that are no regular ones come from `one`. */
PKO_EACH void store_left(double *at, pko_wide value, size_t left, pko_wide_mask regular, pko_wide x,
                         double (*one)(double)) {
    uint32_t others = ~pko_wide_signs(regular) & ((1u << (left < PKO_WIDE ? left : PKO_WIDE)) - 1);
    for (; others; others &= others - 1)
        value[__builtin_ctz(others)] = one(x[__builtin_ctz(others)]);
    pko_wide_store_first(at, value, left);
}

static double probability(double rate) {
    return pko_probability(rate);
}

/* In lanes up to 40, beyond which e^x − 1 is −1; where x is smaller than a bit of 1, that is x. */
void PKO_CLONED(pko_probabilities)(const double *rate, double *chance, size_t count) {
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        pko_wide x = pko_wide_load_first(rate + k, count - k);
        pko_wide_mask tiny = (pko_wide_mask)(pko_wide_size(x) < 0x1p-54);
        pko_wide_mask usual = (pko_wide_mask)(x >= 0x1p-54) & (pko_wide_mask)(x <= 40.0);
        pko_wide value = -expm1_of(-pko_wide_choose(usual, x, pko_wide_all(1.0)));
        store_left(chance + k, pko_wide_choose(tiny, x, value), count - k, usual | tiny, x, probability);
    }
}

void PKO_CLONED(pko_exps)(const double *x, double *y, size_t count) {
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        pko_wide at = pko_wide_load_first(x + k, count - k);
        pko_wide_mask usual = (pko_wide_mask)(at >= -746.0) & (pko_wide_mask)(at <= 710.0);
        struct wides part;
        pko_wide_mask exponent =
            exp_parts(pko_wide_choose(usual, at, pko_wide_all(0.0)), pko_wide_all(0.0), &part);
        store_left(y + k, scale(part.high, exponent), count - k, usual, at, pko_exp);
    }
}

/* A positive number that is no subnormal as 2^k·m, √½ ≤ m < √2. */
PKO_EACH pko_wide_mask split(pko_wide x, pko_wide *m) {
    pko_wide_mask bits = (pko_wide_mask)x, k = (bits >> 52) - 1023;
    pko_wide part = (pko_wide)((bits & INT64_C(0xfffffffffffff)) | INT64_C(0x3ff0000000000000));
    pko_wide_mask above = (pko_wide_mask)(part >= PKO_SQRT2);
    *m = pko_wide_choose(above, part * 0.5, part);
    return k - above; /* one more where the mask is −1 */
}

/* Small whole numbers as doubles. */
PKO_EACH pko_wide whole_of(pko_wide_mask k) {
    return (pko_wide)(k + (pko_wide_mask)pko_wide_all(PKO_ROUNDER)) - PKO_ROUNDER;
}

/* As pko_log for x positive, finite and no subnormal. */
PKO_EACH pko_wide logarithm(pko_wide x) {
    pko_wide m, exponent = whole_of(split(x, &m)), f = m - 1.0;
    pko_wide s = f / (2.0 + f), z = s * s, half_square = 0.5 * f * f;
    pko_wide low = s * (half_square + PKO_ARTANH_TAIL(z)) + exponent * PKO_LN2_LOW;
    return exponent * PKO_LN2_HIGH - ((half_square - low) - f);
}

void PKO_CLONED(pko_logs)(const double *x, double *y, size_t count) {
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        pko_wide at = pko_wide_load_first(x + k, count - k);
        pko_wide_mask usual = (pko_wide_mask)(at >= DBL_MIN) & (pko_wide_mask)(at <= DBL_MAX);
        pko_wide value = logarithm(pko_wide_choose(usual, at, pko_wide_all(1.0)));
        store_left(y + k, value, count - k, usual, at, pko_log);
    }
}

/* As in base/real.c: a quotient of two polynomials of degree 7. */
PKO_EACH pko_wide quotient7(const double over[8], const double under[8], pko_wide x) {
    pko_wide above = pko_wide_all(over[7]), below = pko_wide_all(under[7]);
    for (int i = 6; i >= 0; i--) {
        above = above * x + over[i];
        below = below * x + under[i];
    }
    return above / below;
}

/* The shoulders, of as many p as there are lanes; the far tails and what is no chance, one at a time. */
PKO_EACH void shoulders(const double *p, const uint32_t *at, size_t count, double *x) {
    pko_wide chance = pko_wide_all(0.05);
    for (size_t k = 0; k < PKO_WIDE && k < count; k++)
        chance[k] = p[at[k]];
    pko_wide q = chance - 0.5;
    pko_wide tail = pko_wide_choose((pko_wide_mask)(q < 0.0), chance, 1.0 - chance);
    pko_wide_mask regular = (pko_wide_mask)(tail > 0x1p-36); /* e^-25 is a little less */
    pko_wide r = pko_wide_root(-logarithm(pko_wide_choose(regular, tail, pko_wide_all(0.05))));
    pko_wide size = quotient7(PKO_SHOULDER_OVER, PKO_SHOULDER_UNDER, r - 1.6);
    pko_wide value = pko_wide_choose((pko_wide_mask)(q < 0.0), -size, size);
    for (size_t k = 0; k < PKO_WIDE && k < count; k++)
        x[at[k]] = regular[k] ? value[k] : pko_normal_quantile(p[at[k]]);
}

#define CHUNK 128

/* The central range of all `count` ≤ CHUNK numbers, although a seventh of them lies outside; those then, put
 * side by side. */
PKO_EACH void quantiles(const double *p, double *x, size_t count) {
    uint32_t outside[CHUNK];
    size_t left = 0;
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        pko_wide q = pko_wide_load_first(p + k, count - k) - 0.5;
        pko_wide value = q * quotient7(PKO_CENTRE_OVER, PKO_CENTRE_UNDER, 0.180625 - q * q);
        pko_wide_store_first(x + k, value, count - k);
    }
    for (uint32_t k = 0; k < count; k++) {
        outside[left] = k;
        left += !(fabs(p[k] - 0.5) <= PKO_CENTRE);
    }
    for (size_t k = 0; k < left; k += PKO_WIDE)
        shoulders(p, outside + k, left - k, x);
}

void PKO_CLONED(pko_normal_quantiles)(const double *p, double *x, size_t count) {
    for (size_t k = 0; k < count; k += CHUNK)
        quantiles(p + k, x + k, count - k < CHUNK ? count - k : CHUNK);
}

/* a·b as pairs (Dekker). */
PKO_EACH struct wides product_pair(pko_wide a, pko_wide b) {
    const int64_t upper = ~INT64_C(0x7ffffff);
    pko_wide a_high = (pko_wide)((pko_wide_mask)a & upper), a_low = a - a_high;
    pko_wide b_high = (pko_wide)((pko_wide_mask)b & upper), b_low = b - b_high;
    pko_wide p = a * b;
    return (struct wides){p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* log x as pairs, x positive, finite and no subnormal. */
PKO_EACH struct wides log_pair(pko_wide x) {
    pko_wide m, k = whole_of(split(x, &m)), f = m - 1.0;
    struct wides divisor = {m + 1.0, m};
    divisor.low = m - (divisor.high - 1.0);
    pko_wide s = f / divisor.high, z = s * s;
    struct wides back = product_pair(s, divisor.high);
    pko_wide s_low = (((f - back.high) - back.low) - s * divisor.low) / divisor.high;
    struct wides sum = sum_pair(k * PKO_LN2_HIGH, 2.0 * s);
    return sum_pair(sum.high, sum.low + (s * PKO_ARTANH_TAIL(z) + (2.0 * s_low + k * PKO_LN2_LOW)));
}

/* The power whose logarithm is given, and in which lanes it is no edge of the formula. */
PKO_EACH pko_wide power(struct wides log, pko_wide exponent, pko_wide_mask *regular) {
    struct wides product = product_pair(log.high, exponent), part;
    pko_wide size = pko_wide_size(exponent);
    *regular = (pko_wide_mask)(size <= 0x1p64) & (pko_wide_mask)(size >= 0x1p-64) &
               (pko_wide_mask)(product.high <= 710.0) & (pko_wide_mask)(product.high >= -746.0);
    pko_wide x = pko_wide_choose(*regular, product.high, pko_wide_all(0.0));
    pko_wide_mask k = exp_parts(x, product.low + log.low * exponent, &part);
    return scale(part.high, k);
}

void PKO_CLONED(pko_powers)(double base, const double *exponent, double *y, size_t count) {
    bool usual = base >= DBL_MIN && base <= DBL_MAX && base != 1.0;
    struct wides log = log_pair(pko_wide_all(usual ? base : 2.0));
    for (size_t k = 0; k < count; k += PKO_WIDE) {
        size_t lanes = count - k < PKO_WIDE ? count - k : PKO_WIDE;
        pko_wide e = pko_wide_load_first(exponent + k, lanes);
        pko_wide_mask regular;
        pko_wide value = power(log, e, &regular);
        uint32_t others = (usual ? ~pko_wide_signs(regular) : UINT32_MAX) & ((1u << lanes) - 1);
        for (; others; others &= others - 1)
            value[__builtin_ctz(others)] = pko_pow(base, e[__builtin_ctz(others)]);
        pko_wide_store_first(y + k, value, lanes);
    }
}
