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

#include "base/series.h"

#if FLT_EVAL_METHOD != 0
#error "the numeric contract needs FLT_EVAL_METHOD 0 (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif

#define SQRT2             0x1.6a09e667f3bcdp+0
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
    if (*m >= SQRT2) {
        *m *= 0.5;
        k++;
    }
    return k;
}

/* log((1+s)/(1−s)) = 2s + s·R, R = 2z/3 + 2z²/5 + … with z = s² ≤ 0.0295 (eleven terms of the series of
 * artanh). */
static double artanh_tail(double z) {
    return z *
           (2.0 / 3 +
            z * (2.0 / 5 +
                 z * (2.0 / 7 +
                      z * (2.0 / 9 +
                           z * (2.0 / 11 +
                                z * (2.0 / 13 +
                                     z * (2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21))))))))));
}

/* k·ln2 + log(1+f) + rest, 1+f in [√½, √2). With s = f/(2+f), log(1+f) = f − f²/2 + s·(f²/2 + R): f leads,
 * and what is added to it is small, so the sum is good to an ulp also where it is near 0. */
static double log_of(int k, double f, double rest) {
    double s = f / (2.0 + f);
    double half_square = 0.5 * f * f;
    double exponent = (double)k;
    double low = s * (half_square + artanh_tail(s * s)) + (exponent * PKO_LN2_LOW + rest);
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
    if (x > SQRT2 / 2 - 1.0 && x < SQRT2 - 1.0)
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
    double s = f / divisor.high;
    struct pair back = product_pair(s, divisor.high);
    double s_low = (((f - back.high) - back.low) - s * divisor.low) / divisor.high;
    struct pair sum = sum_pair(k * PKO_LN2_HIGH, 2.0 * s);
    return sum_pair(sum.high, sum.low + (s * artanh_tail(s * s) + (2.0 * s_low + k * PKO_LN2_LOW)));
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

/* Coefficients of Wichura's PPND16 (Applied Statistics 37, 1988, algorithm AS 241), three ranges: the centre
 * |p − 1/2| ≤ 0.425, the shoulders down to p = e^-25, the far tails. */
static const double CENTRE_OVER[8] = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
static const double CENTRE_UNDER[8] = {1.0,
                                       4.2313330701600911252e1,
                                       6.8718700749205790830e2,
                                       5.3941960214247511077e3,
                                       2.1213794301586595867e4,
                                       3.9307895800092710610e4,
                                       2.8729085735721942674e4,
                                       5.2264952788528545610e3};
static const double SHOULDER_OVER[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                        5.76949722146069140550e0,  3.64784832476320460504e0,
                                        1.27045825245236838258e0,  2.41780725177450611770e-1,
                                        2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double SHOULDER_UNDER[8] = {1.0,
                                         2.05319162663775882187e0,
                                         1.67638483018380384940e0,
                                         6.89767334985100004550e-1,
                                         1.48103976427480074590e-1,
                                         1.51986665636164571966e-2,
                                         5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
static const double TAIL_OVER[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                    1.78482653991729133580e0,  2.96560571828504891230e-1,
                                    2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                    2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double TAIL_UNDER[8] = {1.0,
                                     5.99832206555887937690e-1,
                                     1.36929880922735805310e-1,
                                     1.48753612908506148525e-2,
                                     7.86869131145613259100e-4,
                                     1.84631831751005468180e-5,
                                     1.42151175831644588870e-7,
                                     2.04426310338993978564e-15};

double pko_normal_quantile(double p) {
    if (!(p >= 0.0 && p <= 1.0))
        return not_a_number();
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * quotient7(CENTRE_OVER, CENTRE_UNDER, 0.180625 - q * q);
    double tail = q < 0.0 ? p : 1.0 - p;
    if (tail == 0.0)
        return q < 0.0 ? -POSITIVE_INFINITY : POSITIVE_INFINITY;
    double r = sqrt(-pko_log(tail));
    double size = r <= 5.0 ? quotient7(SHOULDER_OVER, SHOULDER_UNDER, r - 1.6)
                           : quotient7(TAIL_OVER, TAIL_UNDER, r - 5.0);
    return q < 0.0 ? -size : size;
}
