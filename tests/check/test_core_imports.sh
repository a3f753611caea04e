#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The core's objects import nothing of libm that may differ between machines, and print, open and time nothing; an
# object that does is named.
set -u
imports=$PKO_SOURCE/tests/check/core_imports.sh
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}

# shellcheck disable=SC2086  # object files, a word each
sh "$imports" $PKO_CORE_OBJECTS
expect "the core imports only what it may" $?

try() { # try NAME EXPRESSION: compiles a function of two doubles to NAME.o
    printf '#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\ndouble pko_f(double x, double y) { return %s; }\n' "$2" |
        ${CC:-gcc} -O2 -fPIC -x c -c -o "$1.o" -
}
try allowed 'sqrt(x) + fabs(y) + floor(x) + ceil(y)' && sh "$imports" allowed.o
expect "sqrt, fabs, floor and ceil are allowed" $?
for call in 'exp(x)' 'log(x)' 'pow(x, y)' 'expf((float)x)' 'log1p(x)' 'sin(x)' 'tgamma(x)' 'fma(x, y, x)' 'printf("%g", y)' \
    'fopen("x", "r") != 0' 'time(0)' 'rand()' 'getenv("x") != 0' '(exit(1), x)'; do
    symbol=${call%%(*}
    [ -n "$symbol" ] || symbol='exit'
    try planted "$call"
    ! said=$(sh "$imports" allowed.o planted.o 2>&1) && case $said in *planted.o*"$symbol"*) true ;; *) false ;; esac
    expect "an object that calls $symbol is named" $?
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
