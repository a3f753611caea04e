/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions without libm.
 *
 * Every function is a fixed sequence of IEEE double operations, so its bits depend on neither compiler,
 * instruction set nor C library, as long as the compiler neither contracts nor reorders (-ffp-contract=off,
 * no -ffast-math) and evaluates double as double. The coefficients are those of the plain series, written as
 * the fractions they are (the compiler rounds each once); a fitted polynomial would save two terms and could
 * not be checked by eye. */
#include "base/real.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/quantile.h"
#include "base/series.h"

#if FLT_EVAL_METHOD != 0
#error "the numeric contract needs FLT_EVAL_METHOD 0 (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif

#define TWO_TO_54         0x1p54
#define TINY              0x1p-54 /* f(x) = x to the last bit below this, for expm1 and log1p */
#define POSITIVE_INFINITY ((double)INFINITY)

/* A number as the unevaluated sum of two doubles, |low| at most half an ulp of high. */
struct pair {
    double high, low;
};

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* One NaN for all: which operand's NaN survives an operation is the compiler's choice. */
static double not_a_number(void) {
    return from_bits(UINT64_C(0x7ff8000000000000));
}

/* 2^k for k in [-1022, 1023]. */
static double power_of_two(int k) {
    return from_bits((uint64_t)(k + 1023) << 52);
}

/* x·2^k with at most one rounding, for |k| ≤ 2000 and x near 1: the first product is exact. */
static double scale(double x, int k) {
    int half = k / 2;
    return x * power_of_two(half) * power_of_two(k - half);
}

/* The whole number nearest to x, |x| < 2^51. */
static double nearest(double x) {
    return (x + PKO_ROUNDER) - PKO_ROUNDER;
}

/* a + b as a pair, |a| ≥ |b| or a = 0 (Dekker). */
static struct pair sum_pair(double a, double b) {
    double s = a + b;
    return (struct pair){s, b - (s - a)};
}

/* a·b as a pair, to about 2^-104 (Dekker; the split clears the low 27 bits). */
static struct pair product_pair(double a, double b) {
    const uint64_t mask = ~UINT64_C(0x7ffffff);
    double a_high = from_bits(bits_of(a) & mask), a_low = a - a_high;
    double b_high = from_bits(bits_of(b) & mask), b_low = b - b_high;
    double p = a * b;
    return (struct pair){p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* (e^r − 1 − r)/r². */
static double exp_tail(double r) {
    double z = r * r;
    return PKO_EXP_EVEN(z) + r * PKO_EXP_ODD(z);
}

/* x + low = k·ln2 + r + rest, |r| ≤ ln2/2 (a little more by rounding). k·PKO_LN2_HIGH and its difference to x
 * are exact. */
static int reduce(double x, double low, double *r, double *rest) {
    double k = nearest(x * PKO_ONE_BY_LN2);
    double high = x - k * PKO_LN2_HIGH;
    double correction = k * PKO_LN2_LOW - low;
    *r = high - correction;
    *rest = (high - *r) - correction;
    return (int)k;
}

/* e^(x + low) = 2^k·part, -746 ≤ x ≤ 710, |low| small beside 1. The part is 1 + r + r²·tail + rest: 1 + r is
 * kept as a pair, so that only the last addition rounds. */
static int exp_parts(double x, double low, struct pair *part) {
    double r, rest;
    int k = reduce(x, low, &r, &rest);
    struct pair s = sum_pair(1.0, r);
    *part = sum_pair(s.high, s.low + (r * r * exp_tail(r) + (rest + rest * r)));
    return k;
}

/* e^(x + low); x not NaN. */
static double exp_of(double x, double low) {
    if (x > 710.0)
        return POSITIVE_INFINITY;
    if (x < -746.0)
        return 0.0;
    struct pair part;
    int k = exp_parts(x, low, &part);
    return scale(part.high, k);
}

double pko_exp(double x) {
    if (x != x)
        return not_a_number();
    return exp_of(x, 0.0);
}

double pko_expm1(double x) {
    if (x != x)
        return not_a_number();
    if (fabs(x) < TINY)
        return x; /* also keeps −0 */
    if (x > 710.0)
        return POSITIVE_INFINITY;
    if (x < -40.0)
        return -1.0; /* 1 + e^-40 is 1 */
    double r, rest;
    int k = reduce(x, 0.0, &r, &rest);
    /* 2^k·((1 − 2^-k) + r + …): the bracket is 0 for k = 0, so small results lose nothing; beyond 2^-60 it
     * is 1. */
    double bracket = k > 60 ? 1.0 : 1.0 - power_of_two(-k);
    struct pair s = sum_pair(bracket, r);
    return scale(s.high + (s.low + (r * r * exp_tail(r) + (rest + rest * r))), k);
}

/* Splits a positive finite x into 2^k·m, √½ ≤ m < √2. */
static int split(double x, double *m) {
    int k = 0;
    if (x < DBL_MIN) {
        x *= TWO_TO_54;
        k = -54;
    }
    uint64_t bits = bits_of(x);
    k += (int)(bits >> 52) - 1023;
    *m = from_bits((bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x3ff0000000000000));
    if (*m >= PKO_SQRT2) {
        *m *= 0.5;
        k++;
    }
    return k;
}

/* k·ln2 + log(1+f) + rest, 1+f in [√½, √2). With s = f/(2+f), log(1+f) = f − f²/2 + s·(f²/2 + R): f leads,
 * and what is added to it is small, so the sum is good to an ulp also where it is near 0. */
static double log_of(int k, double f, double rest) {
    double s = f / (2.0 + f), z = s * s;
    double half_square = 0.5 * f * f;
    double exponent = (double)k;
    double low = s * (half_square + PKO_ARTANH_TAIL(z)) + (exponent * PKO_LN2_LOW + rest);
    return exponent * PKO_LN2_HIGH - ((half_square - low) - f);
}

double pko_log(double x) {
    if (x == 0.0)
        return -POSITIVE_INFINITY;
    if (!(x > 0.0))
        return not_a_number();
    if (x > DBL_MAX)
        return x;
    double m;
    int k = split(x, &m);
    return log_of(k, m - 1.0, 0.0);
}

double pko_log1p(double x) {
    if (x == -1.0)
        return -POSITIVE_INFINITY;
    if (!(x > -1.0))
        return not_a_number();
    if (x > DBL_MAX || fabs(x) < TINY)
        return x;
    if (x > PKO_SQRT2 / 2 - 1.0 && x < PKO_SQRT2 - 1.0)
        return log_of(0, x, 0.0);
    /* 1+x rounds; what the rounding lost comes back as a correction of first order. */
    double sum = 1.0 + x;
    double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
    double m;
    int k = split(sum, &m);
    return log_of(k, m - 1.0, lost / sum);
}

/* log x as a pair, to about 2^-60 absolutely (and relatively near 1); x positive and finite. The quotient s
 * is a pair; only the remaining terms, below a hundredth of it, are plain doubles. */
static struct pair log_pair(double x) {
    double m;
    double k = (double)split(x, &m);
    double f = m - 1.0; /* exact */
    struct pair divisor = {m + 1.0, 0.0};
    divisor.low = m - (divisor.high - 1.0);
    double s = f / divisor.high, z = s * s;
    struct pair back = product_pair(s, divisor.high);
    double s_low = (((f - back.high) - back.low) - s * divisor.low) / divisor.high;
    struct pair sum = sum_pair(k * PKO_LN2_HIGH, 2.0 * s);
    return sum_pair(sum.high, sum.low + (s * PKO_ARTANH_TAIL(z) + (2.0 * s_low + k * PKO_LN2_LOW)));
}

static bool is_whole(double x) {
    return floor(x) == x;
}
static bool is_odd(double x) {
    return fabs(x) < 0x1p53 && is_whole(x) && !is_whole(0.5 * x);
}

/* The power of a positive finite base other than 1; exponent finite, not 0. */
static double positive_power(double base, double exponent) {
    /* Beyond 2^64 even the double next to 1 overflows or vanishes; below 2^-64 no power moves off 1. */
    if (fabs(exponent) > 0x1p64)
        return (base > 1.0) == (exponent > 0.0) ? POSITIVE_INFINITY : 0.0;
    if (fabs(exponent) < 0x1p-64)
        return 1.0;
    struct pair logarithm = log_pair(base);
    struct pair product = product_pair(logarithm.high, exponent);
    return exp_of(product.high, product.low + logarithm.low * exponent);
}

double pko_pow(double base, double exponent) {
    if (exponent == 0.0 || base == 1.0)
        return 1.0; /* also of NaN */
    if (base != base || exponent != exponent)
        return not_a_number();
    double size = fabs(base);
    if (fabs(exponent) > DBL_MAX)
        return size == 1.0 ? 1.0 : (size > 1.0) == (exponent > 0.0) ? POSITIVE_INFINITY : 0.0;
    bool negative = bits_of(base) >> 63 != 0 && is_odd(exponent);
    double result;
    if (size == 0.0 || size > DBL_MAX)
        result = (size > 1.0) == (exponent > 0.0) ? POSITIVE_INFINITY : 0.0;
    else if (base < 0.0 && !is_whole(exponent))
        return not_a_number();
    else if (size == 1.0)
        result = 1.0;
    else
        result = positive_power(size, exponent);
    return negative ? -result : result;
}

double pko_logistic(double x) {
    if (x != x)
        return not_a_number();
    if (x >= 0.0)
        return 1.0 / (1.0 + exp_of(-x, 0.0));
    if (x < -746.0)
        return 0.0;
    /* q = e/(1+e). What e and 1+e lost in rounding is put back, to first order: each can be a whole ulp of a
     * quotient that lies just below a power of two. 1 − q is 1/(1+e). */
    struct pair part;
    int k = exp_parts(x, 0.0, &part);
    double e = scale(part.high, k), e_low = scale(part.low, k);
    struct pair sum = sum_pair(1.0, e);
    double q = e / sum.high;
    return q + (e_low * (1.0 - q) - q * sum.low) * (1.0 - q);
}

/* A quotient of two polynomials of degree 7, coefficients from the constant term up. */
static double quotient7(const double over[8], const double under[8], double x) {
    double above = over[7], below = under[7];
    for (int i = 6; i >= 0; i--) {
        above = above * x + over[i];
        below = below * x + under[i];
    }
    return above / below;
}

double pko_normal_quantile(double p) {
    if (!(p >= 0.0 && p <= 1.0))
        return not_a_number();
    double q = p - 0.5;
    if (fabs(q) <= PKO_CENTRE)
        return q * quotient7(PKO_CENTRE_OVER, PKO_CENTRE_UNDER, 0.180625 - q * q);
    double tail = q < 0.0 ? p : 1.0 - p;
    if (tail == 0.0)
        return q < 0.0 ? -POSITIVE_INFINITY : POSITIVE_INFINITY;
    double r = sqrt(-pko_log(tail));
    double size = r <= 5.0 ? quotient7(PKO_SHOULDER_OVER, PKO_SHOULDER_UNDER, r - 1.6)
                           : quotient7(PKO_TAIL_OVER, PKO_TAIL_UNDER, r - 5.0);
    return q < 0.0 ? -size : size;
}
