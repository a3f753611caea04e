/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is freed stays with the program, as in src/cli/main.c: what is timed pays for it no more often.
 */
#ifndef PKO_BENCH_KEEP_MEMORY_H
#define PKO_BENCH_KEEP_MEMORY_H

#include <malloc.h>

static inline void keep_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 26);
}

#endif
