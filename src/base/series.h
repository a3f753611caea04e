/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The constants and series that real.c uses for one number and real_kernel.c for lanes of them: written once,
 * so that both do the same operations in the same order. */
#ifndef PKO_BASE_SERIES_H
#define PKO_BASE_SERIES_H

/* ln 2 in two parts. The high part has 32 significant bits: its product with an exponent (11 bits) is exact.
 */
#define PKO_LN2_HIGH   0x1.62e42feep-1
#define PKO_LN2_LOW    0x1.a39ef35793c76p-33
#define PKO_ONE_BY_LN2 0x1.71547652b82fep+0
/* Adding 1.5·2^52 leaves no bit below one. */
#define PKO_ROUNDER 0x1.8p52

/* (e^r − 1 − r)/r² = 1/2! + r/3! + r²/4! + … + r^11/13! for |r| ≤ ln2/2, where the next term is below 2^-56
 * of e^r−1. Even and odd powers run side by side: even(r²) + r·odd(r²). */
#define PKO_EXP_EVEN(z)                                                                                      \
    (1.0 / 2 + (z) * (1.0 / 24 + (z) * (1.0 / 720 + (z) * (1.0 / 40320 + (z) * (1.0 / 3628800 +              \
                                                                                (z) * (1.0 / 479001600))))))
#define PKO_EXP_ODD(z)                                                                                       \
    (1.0 / 6 + (z) * (1.0 / 120 + (z) * (1.0 / 5040 + (z) * (1.0 / 362880 +                                  \
                                                             (z) * (1.0 / 39916800 + (z) / 6227020800.0)))))

/* log((1+s)/(1−s)) = 2s + s·R, R = 2z/3 + 2z²/5 + … with z = s² ≤ 0.0295 (eleven terms of the series of
 * artanh). m, between √½ and √2, is what is left of a number when a power of two is taken out. */
#define PKO_ARTANH_TAIL(z)                                                                                   \
    ((z) * (2.0 / 3 + (z) * (2.0 / 5 + (z) * (2.0 / 7 + (z) * (2.0 / 9 + (z)*PKO_ARTANH_TAIL_REST(z))))))
#define PKO_ARTANH_TAIL_REST(z)                                                                              \
    (2.0 / 11 + (z) * (2.0 / 13 + (z) * (2.0 / 15 + (z) * (2.0 / 17 + (z) * (2.0 / 19 + (z) * (2.0 / 21))))))
#define PKO_SQRT2 0x1.6a09e667f3bcdp+0

#endif
