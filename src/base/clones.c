/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clones.h"

#include <stdbool.h>
#include <string.h>

#ifdef PKO_CLONES_X86
static enum pko_level level_of_machine(void) {
    bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("avx512cd");
    return v3 && v4 ? PKO_LEVEL_V4 : v3 ? PKO_LEVEL_V3 : PKO_LEVEL_GENERIC;
}
#endif

enum pko_level pko_level_of(const char *clone) {
#ifdef PKO_CLONES_X86
    enum pko_level has = level_of_machine(), wants = has;
    if (clone)
        wants = strcmp(clone, "v4") == 0   ? PKO_LEVEL_V4
                : strcmp(clone, "v3") == 0 ? PKO_LEVEL_V3
                                           : PKO_LEVEL_GENERIC;
    return wants <= has ? wants : PKO_LEVEL_GENERIC;
#else
    (void)clone;
    return PKO_LEVEL_GENERIC;
#endif
}
