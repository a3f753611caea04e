#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# core_imports.sh OBJECT...: fails, naming object and symbol, if an object of the core (floors 1-4) has an undefined
# symbol outside the list below. Elementary functions of libm differ by an ulp between C libraries and instruction sets,
# so the core has its own (src/base/real.h); and the core neither prints nor opens files, reads clocks or exits.
set -u
if [ $# -eq 0 ]; then
    echo "core_imports.sh: no object given" >&2
    exit 2
fi

wrong=0
for object; do
    symbols=$(nm --undefined-only --format=posix "$object") || exit 2
    for symbol in $(printf '%s\n' "$symbols" | awk 'NF > 1 && $1 !~ /:$/ {print $1}' | sort -u); do
        case $symbol in
        pko_*) ;;
        # Memory and strings. snprintf and its like make texts in memory; they print nothing.
        memcpy | memmove | memset | memcmp | malloc | calloc | realloc | free | aligned_alloc | qsort) ;;
        strlen | strcmp | strncmp | strdup | snprintf | vsnprintf) ;;
        # The functions of libm that IEEE 754 defines exactly.
        sqrt | fabs | floor | ceil | sqrtf | fabsf | floorf | ceilf) ;;
        # What compilers bring in: assertions, stack protection, tables of addresses, the processor's abilities.
        __assert_fail | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_ | __cpu_model | __cpu_indicator_init) ;;
        # OpenMP of gcc and of clang.
        GOMP_* | omp_* | __kmpc_*) ;;
        # Sanitizers and fuzzers, in builds that ask for them.
        __asan* | __ubsan* | __tsan* | __sanitizer*) ;;
        *)
            echo "$object: $symbol is not for the core" >&2
            wrong=1
            ;;
        esac
    done
done
exit $wrong
