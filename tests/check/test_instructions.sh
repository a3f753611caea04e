#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The day loop takes as many instructions as tests/bench/instructions.csv says for this compiler, within 3 %; a count that is
# 5 % off is found, and a compiler of which nothing is known is said to be so.
set -u
script=$PKO_SOURCE/tests/bench/instructions.py
table=$PKO_SOURCE/tests/bench/instructions.csv
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1" && cat said; fi
}
instructions() { "${PYTHON:-/usr/bin/python3}" -B "$script" "$@" > said 2>&1; }
# multiplied FACTOR FILE: the table with every count multiplied.
multiplied() { awk -F, -v OFS=, -v factor="$1" 'NR > 1 { $5 = int($5 * factor) } { print }' "$2"; }

instructions measure "$PKO_BUILD/tests/bench/day" "${CC:-gcc}" "$PKO_OPT $PKO_CFLAGS $PKO_CPPFLAGS" && cp said measured
expect "the instructions of the day loop are counted" $?
cat measured
instructions compare measured "$table"
expect "the counts are as committed (\`make instructions UPDATE=1\` writes them anew)" $?
cat said

# What was measured now stands for the table, so that these can fail for every compiler.
for factor in 0.95 1.05; do
    multiplied $factor measured > planted
    ! instructions compare measured planted && grep -q 'FAILED: more than 3 % off' said
    expect "counts against a table of $factor times as many are found" $?
done
for factor in 0.98 1.02; do
    multiplied $factor measured > planted
    instructions compare measured planted && ! grep -q FAILED said
    expect "counts against a table of $factor times as many pass" $?
done
sed '2d' measured > planted
[ "$(wc -l < planted)" -eq 1 ] || { ! instructions compare measured planted && grep -q 'FAILED: the table knows' said; }
expect "a clone of which the table of this compiler says nothing is found" $?
sed '1!s/^[^,]*,[^,]*/other,1.2.3/' measured > planted
instructions compare measured planted && grep -q 'unknown compiler, not compared' said
expect "an unknown compiler is said to be one" $?
head -n 1 measured > planted
! instructions compare planted "$table"
expect "no count at all is no success" $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
