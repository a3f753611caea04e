#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# threads.sh PROGRAM: runs PROGRAM, built with clang's ThreadSanitizer, in several threads: no report may come. First a
# planted race shows that one would be seen.
set -u
program=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# libomp itself is not built with the sanitizer; its tool library tells ThreadSanitizer where threads meet.
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:exitcode=66

cat > "$work/race.c" << 'END'
#include <stdio.h>
int main(void) {
    int sum = 0;
#pragma omp parallel for num_threads(4)
    for (int k = 0; k < 100000; k++) {
#ifdef ATOMIC
#pragma omp atomic
#endif
        sum += k & 1;
    }
    printf("%d\n", sum);
    return 0;
}
END
${CC:-clang} -fopenmp -fsanitize=thread -O1 -g -o "$work/race" "$work/race.c" || exit 1
${CC:-clang} -fopenmp -fsanitize=thread -O1 -g -DATOMIC -o "$work/fair" "$work/race.c" || exit 1
"$work/race" > "$work/log" 2>&1 && echo "threads: a planted race was not seen" >&2 && exit 1
"$work/fair" > "$work/log" 2>&1 || { echo "threads: a correct program was reported" >&2 && cat "$work/log" >&2 && exit 1; }

run() {
    echo "threads: pkosim $*"
    "$program" "$@" --quiet --out "$work/out" > "$work/log" 2>&1 && rm -rf "$work/out" && return
    tail -n 60 "$work/log" >&2
    echo "threads: failed (exit $?)" >&2
    exit 1
}
run run small --replicates 6 --days 120 --threads 4
run run small --replicates 5 --days 60 --threads 3 --events --observables "$work/observables.csv"
run run minusma --replicates 2 --days 20 --threads 4
run run small --regime minusma --replicates 1 --scale 110 --days 40 --threads 3
run run small --replicates 1 --scale 60 --days 20 --threads 4
run sweep scenarios/campaigns/smoke.yaml --threads 4
echo "threads: no race reported"
