/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in pieces that may be done at once. The core knows no threads: who runs a mission says who works on it
 * (engine/crew.c). */
#ifndef PKO_BASE_CREW_H
#define PKO_BASE_CREW_H

#include <stddef.h>

/* One piece of some work, by its number. Pieces touch nothing that another one writes. */
typedef void pko_piece(void *work, size_t number);

/* Who works. All zero: nobody but the caller, one piece after the other. */
struct pko_crew {
    int hands; /* how many pieces at once */
    /* Does pieces 0 to pieces − 1, each once, in any order; returns when all are done. */
    void (*together)(int hands, size_t pieces, pko_piece *piece, void *work);
};

#define PKO_PIECES_MOST 64

/* How many pieces to make of `count` things of which `least` are worth waking a thread for. */
static inline size_t pko_pieces(size_t count, size_t least) {
    size_t pieces = count / least;
    return pieces < 1 ? 1 : pieces > PKO_PIECES_MOST ? PKO_PIECES_MOST : pieces;
}
/* Where piece `number` of `pieces` begins, at a multiple of 64 things; piece number `pieces` begins at the
 * end. */
static inline size_t pko_piece_from(size_t count, size_t number, size_t pieces) {
    return number >= pieces ? count : count / 64 * number / pieces * 64;
}

static inline void pko_crew_work(const struct pko_crew *crew, size_t pieces, pko_piece *piece, void *work) {
    if (crew->hands > 1 && pieces > 1)
        crew->together(crew->hands, pieces, piece, work);
    else
        for (size_t number = 0; number < pieces; number++)
            piece(work, number);
}

#endif
