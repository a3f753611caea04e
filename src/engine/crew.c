/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads inside a day of one mission: the pieces of base/crew.h as a loop of OpenMP. */
#include "model/mission.h"

#ifdef _OPENMP
static void together(int hands, size_t pieces, pko_piece *piece, void *work) {
#pragma omp parallel for num_threads(hands) schedule(static)
    for (size_t number = 0; number < pieces; number++)
        piece(work, number);
}
#endif

void pko_mission_threads(struct pko_mission *mission, int threads) {
#ifdef _OPENMP
    mission->crew = (struct pko_crew){threads > 1 ? threads : 1, together};
#else
    (void)mission, (void)threads;
#endif
}
