/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/real against the C library's long double, which on x86 carries 11 bits more than double. */
#include <criterion/criterion.h>

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/real.h"

#define ARGUMENTS 300000 /* per range */

static double uniform(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

/* Distance in units of the last place of the exact value; huge if one is infinite or NaN and the other is
 * not. */
static double ulps_between(double value, long double exact) {
    double rounded = (double)exact;
    if (isnan(rounded) || isnan(value))
        return isnan(rounded) && isnan(value) ? 0.0 : HUGE_VAL;
    if (isinf(rounded) && isinf(value))
        return value == rounded ? 0.0 : HUGE_VAL;
    if (isinf(rounded) || isinf(value))
        /* Beside the overflow limit a correct rounding may lie on either side. */
        return fabsl(exact) >= (long double)DBL_MAX * (1.0L - 0x1p-52L) && fabs(value) >= DBL_MAX &&
                       signbit(value) == signbit(rounded)
                   ? 1.0
                   : HUGE_VAL;
    int exponent;
    frexp(rounded, &exponent);
    double unit = fabs(rounded) < DBL_MIN ? 0x1p-1074 : ldexp(1.0, exponent - 53);
    return (double)(fabsl((long double)value - exact) / (long double)unit);
}

static long double exact_logistic(long double x) {
    return x >= 0.0L ? 1.0L / (1.0L + expl(-x)) : expl(x) / (1.0L + expl(x));
}

enum spacing {
    EVEN,     /* `from` to `to` in equal steps */
    RANDOM,   /* uniform in between */
    MAGNITUDE /* of either sign, a size of 2^from to 2^to */
};

struct range {
    enum spacing spacing;
    double from, to;
};

/* The k-th of ARGUMENTS arguments of a range. */
static double argument(struct range range, int k, uint64_t *state) {
    double width = range.to - range.from;
    switch (range.spacing) {
    case EVEN:
        return range.from + width * ((double)k / (ARGUMENTS - 1));
    case RANDOM:
        return range.from + width * uniform(state);
    default: {
        double power = range.from + width * uniform(state), whole = floor(power);
        double size = ldexp(1.0 + (power - whole), (int)whole);
        return k % 2 ? size : -size;
    }
    }
}

/* Holds a function to 2 ulp over ranges; those of MAGNITUDE also to exactly the library's NaN and infinities.
 */
static void hold(const char *name, double (*function)(double), long double (*exact)(long double),
                 const struct range *ranges, size_t count) {
    double worst = 0.0, at = 0.0;
    uint64_t state = 1;
    for (size_t r = 0; r < count; r++)
        for (int k = 0; k < ARGUMENTS; k++) {
            double x = argument(ranges[r], k, &state);
            double distance = ulps_between(function(x), exact((long double)x));
            if (!(distance <= worst)) {
                worst = distance;
                at = x;
            }
        }
    cr_expect(worst <= 2.0, "%s(%a) is %g ulp away", name, at, worst);
    cr_expect(worst > 0.3, "%s: %g ulp at most: was anything compared?", name, worst);
}

#define HOLD(name, function, exact, ...)                                                                     \
    do {                                                                                                     \
        static const struct range ranges[] = {__VA_ARGS__};                                                  \
        hold(name, function, exact, ranges, sizeof ranges / sizeof ranges[0]);                               \
    } while (0)

Test(real, exp_within_two_ulp) {
    HOLD("exp", pko_exp, expl, {EVEN, -1, 1}, {EVEN, -750, 715}, {RANDOM, -746, -700}, {RANDOM, 700, 711},
         {RANDOM, -1e-3, 1e-3}, {MAGNITUDE, -1074, 12}, {MAGNITUDE, -60, 10});
}

Test(real, expm1_within_two_ulp) {
    HOLD("expm1", pko_expm1, expm1l, {EVEN, -1, 1}, {EVEN, -60, 715}, {RANDOM, -0.4, -0.3},
         {RANDOM, 0.3, 0.4}, {RANDOM, -45, -35}, {RANDOM, 30, 45}, {RANDOM, -1e-9, 1e-9},
         {MAGNITUDE, -1074, 12}, {MAGNITUDE, -60, 10});
}

Test(real, log_within_two_ulp) {
    HOLD("log", pko_log, logl, {EVEN, 0, 4}, {RANDOM, 0.7, 0.72}, {RANDOM, 1.4, 1.43}, {RANDOM, 0.999, 1.001},
         {RANDOM, 1 - 1e-12, 1 + 1e-12}, {RANDOM, 0, 1e-300}, {RANDOM, 0, 1e-310}, {MAGNITUDE, -1074, 1023});
}

Test(real, log1p_within_two_ulp) {
    HOLD("log1p", pko_log1p, log1pl, {EVEN, -1, 3}, {RANDOM, -0.3, -0.28}, {RANDOM, 0.41, 0.42},
         {RANDOM, -1, -0.9999}, {RANDOM, -1e-9, 1e-9}, {MAGNITUDE, -1074, 1023}, {MAGNITUDE, -60, 60});
}

Test(real, logistic_within_two_ulp) {
    HOLD("logistic", pko_logistic, exact_logistic, {EVEN, -1, 1}, {EVEN, -750, 50}, {RANDOM, -8, 8},
         {RANDOM, -746, -700}, {MAGNITUDE, -1074, 12}, {MAGNITUDE, -60, 10});
}

/* Holds pko_pow to a relative 1e-13 at one place; where the result is subnormal, to 2 ulp. */
static void hold_power(double base, double exponent) {
    double value = pko_pow(base, exponent);
    long double exact = powl((long double)base, (long double)exponent);
    bool good = fabsl(exact) >= DBL_MIN && fabsl(exact) <= DBL_MAX && isfinite(value)
                    ? fabsl(((long double)value - exact) / exact) <= 1e-13L
                    : ulps_between(value, exact) <= 2.0;
    if (fabsl(exact) > (1.0L - 1e-13L) * DBL_MAX && fabs(value) > (1.0 - 1e-13) * DBL_MAX)
        good = true; /* either side of the overflow limit */
    cr_assert(good, "pow(%a, %a) is %a, not %La", base, exponent, value, exact);
}

Test(real, pow_within_its_bound) {
    uint64_t state = 1;
    for (int k = 0; k < ARGUMENTS; k++) {
        double u = uniform(&state), v = uniform(&state), w = uniform(&state);
        hold_power(u, -1.0 / (0.8 + 1.7 * v)); /* casualties: tails from 1.8 to 3.5 */
        hold_power(ldexp(u, -(int)(52 * v)), -1.0 / 0.8);
        hold_power(u, 4.0 * v); /* exponents of the model */
        hold_power(3.0 * u, -6.0 + 12.0 * v);
        hold_power(1.0 + (u - 0.5) * 1e-3, (v - 0.5) * 1e6);
        /* Any result from the smallest to the largest, from bases of any size. */
        double base = ldexp(0.5 + u / 2, (int)(2000 * v) - 1000);
        if (base != 1.0)
            hold_power(base, (1490 * w - 748) / log(base));
        hold_power(ldexp(u, -1040), -0.7 * v); /* subnormal bases */
        hold_power(-(floor(40 * u) + 0.5), floor(30 * v) - 15);
    }
}

Test(real, pow_exact_where_it_can_be) {
    for (int k = 1; k <= 64; k++) {
        cr_expect(pko_pow(2.0, k) == ldexp(1.0, k) && pko_pow(2.0, -k) == ldexp(1.0, -k), "2^%d", k);
        cr_expect(pko_pow(k, 2.0) == k * k && pko_pow(k, 3.0) == (double)k * k * k, "%d^2, %d^3", k, k);
        cr_expect(pko_pow(k * k, 0.5) == k, "root of %d", k * k);
    }
    uint64_t state = 3;
    for (int k = 0; k < ARGUMENTS; k++) {
        double u = uniform(&state);
        cr_assert(pko_pow(u, 1.0) == u, "%a^1", u);
    }
}

static bool same(double x, double y) {
    return isnan(x) ? isnan(y) : x == y && signbit(x) == signbit(y);
}

Test(real, special_values_of_one_argument) {
    const double infinite = (double)INFINITY, not = (double)NAN;
    const struct {
        const char *name;
        double (*function)(double);
        double x, result;
    } rows[] = {
        {"exp", pko_exp, 0.0, 1.0},
        {"exp", pko_exp, -0.0, 1.0},
        {"exp", pko_exp, infinite, infinite},
        {"exp", pko_exp, -infinite, 0.0},
        {"exp", pko_exp, 709.7827128933841, infinite},
        {"exp", pko_exp, -745.1332191019412, 0.0},
        {"exp", pko_exp, -745.1332191019411, 0x1p-1074},
        {"exp", pko_exp, not, not },
        {"expm1", pko_expm1, 0.0, 0.0},
        {"expm1", pko_expm1, -0.0, -0.0},
        {"expm1", pko_expm1, infinite, infinite},
        {"expm1", pko_expm1, -infinite, -1.0},
        {"expm1", pko_expm1, 709.7827128933841, infinite},
        {"expm1", pko_expm1, 0x1p-1074, 0x1p-1074},
        {"expm1", pko_expm1, not, not },
        {"log", pko_log, 1.0, 0.0},
        {"log", pko_log, 0.0, -infinite},
        {"log", pko_log, -0.0, -infinite},
        {"log", pko_log, infinite, infinite},
        {"log", pko_log, -1.0, not },
        {"log", pko_log, -infinite, not },
        {"log", pko_log, not, not },
        {"log1p", pko_log1p, 0.0, 0.0},
        {"log1p", pko_log1p, -0.0, -0.0},
        {"log1p", pko_log1p, -1.0, -infinite},
        {"log1p", pko_log1p, -1.5, not },
        {"log1p", pko_log1p, infinite, infinite},
        {"log1p", pko_log1p, 0x1p-1074, 0x1p-1074},
        {"log1p", pko_log1p, not, not },
        {"logistic", pko_logistic, 0.0, 0.5},
        {"logistic", pko_logistic, infinite, 1.0},
        {"logistic", pko_logistic, -infinite, 0.0},
        {"logistic", pko_logistic, 1e308, 1.0},
        {"logistic", pko_logistic, not, not },
        {"normal quantile", pko_normal_quantile, 0.0, -infinite},
        {"normal quantile", pko_normal_quantile, 0.5, 0.0},
        {"normal quantile", pko_normal_quantile, 1.0, infinite},
        {"normal quantile", pko_normal_quantile, -0x1p-1074, not },
        {"normal quantile", pko_normal_quantile, 1.0 + DBL_EPSILON, not },
        {"normal quantile", pko_normal_quantile, not, not },
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        double result = rows[k].function(rows[k].x);
        cr_expect(same(result, rows[k].result), "%s(%g) is %g, not %g", rows[k].name, rows[k].x, result,
                  rows[k].result);
    }
}

/* C99 F.9.4.4 names the results of pow for every pair of special values, and the C library follows it. */
Test(real, special_values_of_pow_as_in_the_library) {
    const double infinite = (double)INFINITY;
    const double values[] = {0.0,
                             0.5,
                             1.0,
                             1.5,
                             2.0,
                             3.0,
                             4.0,
                             1e-300,
                             1e17,
                             1e300,
                             0x1p-1074,
                             infinite,
                             0x1p52 + 1,
                             0x1p53,
                             1.0 - DBL_EPSILON / 2,
                             1.0 + DBL_EPSILON,
                             DBL_MAX,
                             DBL_MIN,
                             (double)NAN};
    const size_t count = sizeof values / sizeof values[0];
    for (size_t i = 0; i < 4 * count * count; i++) {
        double base = values[i / 4 % count], exponent = values[i / 4 / count];
        base = i & 1 ? -base : base;
        exponent = i & 2 ? -exponent : exponent;
        double exact = pow(base, exponent), value = pko_pow(base, exponent);
        bool good =
            isfinite(exact) && exact != 0.0 ? fabs(value - exact) <= 1e-13 * fabs(exact) : same(value, exact);
        cr_expect(good, "pow(%g, %g) is %g, not %g", base, exponent, value, exact);
    }
}

/* One NaN with one pattern: a file's bytes must not show which operand a compiler put first. */
Test(real, nan_has_one_pattern) {
    const double results[] = {pko_exp(-(double)NAN),
                              pko_expm1(-(double)NAN),
                              pko_log(-1.0),
                              pko_log1p(-2.0),
                              pko_pow(-1.0, 0.5),
                              pko_pow(-(double)NAN, 2.0),
                              pko_logistic(-(double)NAN),
                              pko_normal_quantile(-1.0)};
    for (size_t k = 0; k < sizeof results / sizeof results[0]; k++) {
        uint64_t bits;
        memcpy(&bits, &results[k], sizeof bits);
        cr_expect(bits == UINT64_C(0x7ff8000000000000), "result %zu", k);
    }
}

Test(real, normal_quantile_inverts_the_distribution) {
    uint64_t state = 5;
    for (int k = 0; k < ARGUMENTS; k++) {
        double u = uniform(&state);
        double p = k % 3 == 0   ? u
                   : k % 3 == 1 ? ldexp(u, -(int)(1000 * uniform(&state)))
                                : 1.0 - ldexp(u, -20);
        double z = pko_normal_quantile(p);
        /* Newton's step from z with the exact distribution: how far off z is. erfcl is good to 1e-18. */
        long double tail = erfcl(fabsl((long double)z) / sqrtl(2.0L)) / 2.0L;
        long double wanted = z < 0.0 ? (long double)p : 1.0L - (long double)p;
        long double density =
            expl(-(long double)z * (long double)z / 2.0L) / sqrtl(2.0L * 3.14159265358979323846L);
        double off = (double)((tail - wanted) / density);
        cr_assert(fabs(off) <= 1e-15 * fabs(z) + 1e-17, "quantile of %a is %a, off by %g", p, z, off);
        cr_assert(fabs(z - gsl_cdf_ugaussian_Pinv(p)) <= 4e-15 * fabs(z), "quantile of %a beside GSL's", p);
    }
}

Test(real, normal_quantile_is_odd_and_rises) {
    double last = -HUGE_VAL;
    for (int k = 1; k < 1 << 20; k++) {
        double p = (double)k * 0x1p-20, z = pko_normal_quantile(p);
        cr_assert(z > last, "falls at %g", p);
        cr_assert(z == -pko_normal_quantile(1.0 - p), "not odd at %g", p);
        last = z;
    }
}

Test(real, probability_keeps_small_rates) {
    cr_expect(pko_probability(1e-20) == 1e-20);
    cr_expect(pko_probability(0.0) == 0.0);
    cr_expect(pko_probability((double)INFINITY) == 1.0);
    cr_expect(ulps_between(pko_probability(0.1), -expm1l(-0.1)) <= 2.0);
}

Test(real, clip_cuts_to_the_unit_interval) {
    cr_expect(pko_clip(-0.1) == 0.0 && pko_clip(0.3) == 0.3 && pko_clip(1.1) == 1.0 &&
              isnan(pko_clip((double)NAN)));
}
