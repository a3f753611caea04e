/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/draws.h"

#define CHUNK 64

void pko_poissons(enum pko_level level, struct pko_stream stream, enum pko_purpose purpose, uint32_t day,
                  const uint32_t *entity, const double *mean, size_t count, uint32_t *number) {
    double u[CHUNK];
    for (size_t first = 0; first < count; first += CHUNK) {
        const struct pko_addresses addresses = {entity + first, NULL,
                                                count - first < CHUNK ? count - first : CHUNK};
        PKO_CHOOSE(level, pko_uniforms)(stream, purpose, day, &addresses, u);
        for (size_t k = 0; k < addresses.count; k++) {
            double m = mean[first + k];
            number[first + k] = m > PKO_POISSON_MOST
                                    ? pko_poisson_at(stream, purpose, day, entity[first + k], m)
                                : pko_poisson_is_0(m, u[k]) ? 0
                                                            : pko_poisson(m, u[k]);
        }
    }
}
