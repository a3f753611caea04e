/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10 (Salmon et al. 2011), the one block function behind all randomness. This is the only header
 * that includes Random123. */
#ifndef PKO_BASE_PHILOX_H
#define PKO_BASE_PHILOX_H

#include <stdint.h>

/* Random123 1.14 refuses processors that it does not list, WebAssembly among them. RISC-V is listed and
 * brings no code of its own, so the header is read under that name. */
#ifdef __EMSCRIPTEN__
#define __riscv 1
#endif
#include <Random123/philox.h>
#ifdef __EMSCRIPTEN__
#undef __riscv
#endif

#include "base/random.h"

/* The block at a 128-bit counter under a 64-bit key; key word 0 is the low half of the seed. */
static inline struct pko_words pko_philox(const uint32_t counter[4], uint64_t key) {
    philox4x32_ctr_t block = {{counter[0], counter[1], counter[2], counter[3]}};
    philox4x32_key_t words = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    block = philox4x32_R(10, block, words);
    return (struct pko_words){{block.v[0], block.v[1], block.v[2], block.v[3]}};
}

#endif
