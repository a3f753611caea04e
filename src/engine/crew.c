/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads inside a day of one mission, for the pieces of base/crew.h. */
#include "model/mission.h"

#ifdef _OPENMP
#include <omp.h>
#include <stdatomic.h>

/* A thread does the same pieces every day, which its cache still has, and then what others have not come to:
 * where one is held up, the rest do not wait for all of its pieces. However few the pieces, all threads come:
 * OpenMP keeps a team of one size and makes another anew. */
static void together(int hands, size_t pieces, pko_piece *piece, void *work) {
    _Atomic size_t next[PKO_PIECES_MOST]; /* of the pieces of each thread, the first not taken */
    size_t threads = hands < PKO_PIECES_MOST ? (size_t)hands : PKO_PIECES_MOST;
    for (size_t k = 0; k < threads; k++)
        atomic_init(&next[k], pieces * k / threads);
#pragma omp parallel num_threads((int)threads)
    for (size_t k = 0; k < threads; k++) {
        size_t whose = ((size_t)omp_get_thread_num() + k) % threads, end = pieces * (whose + 1) / threads,
               number;
        while ((number = atomic_fetch_add(&next[whose], 1)) < end)
            piece(work, number);
    }
}
#endif

void pko_mission_threads(struct pko_mission *mission, int threads) {
#ifdef _OPENMP
    mission->crew = (struct pko_crew){threads > 1 ? threads : 1, together};
#else
    (void)mission, (void)threads;
#endif
}
