#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD TEST...: runs each test in a scratch folder of its own under BUILD and prints a line for it; the output of
# one that fails is shown. The last line is the total, "N passed, N failed". Fails if any test fails or none ran.
#
# A TEST is a criterion program (its "Synthesis" line is counted), a plain program (its exit status), or a .sh or .py
# file (its last line "N passed, N failed", else its exit status). It finds in its environment: PKOSIM (the program),
# PKO_SOURCE (top of the source), PKO_BUILD (the build folder), CC and TMPDIR; and, as make check sets them, how the build
# was made: PKO_OPT, PKO_CFLAGS, PKO_CPPFLAGS, PKO_LDFLAGS (the user's variables), PKO_FLAGS and PKO_LIBS (all in all), and
# the lists PKO_CORE_OBJECTS and PKO_LIBRARY_OBJECTS. ONLY=WORD leaves out the tests whose names do not hold WORD.
set -u
PKO_SOURCE=$(pwd)
build=$1
shift
PKO_BUILD=$(cd "$build" && pwd) || exit 1
PKOSIM=$PKO_BUILD/pkosim
export PKO_SOURCE PKO_BUILD PKOSIM CC
# A test that calls make is not part of this one's job server, and takes nothing over from its command line.
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD OPT CFLAGS CPPFLAGS LDFLAGS SANITIZED V
: "${TEST_SECONDS:=1500}" # a test that takes longer hangs

scratch=$PKO_BUILD/tmp
rm -rf "$scratch"
passed=0
failed=0
wrong=

# counts LOG STATUS: "PASSED FAILED" of a finished test.
counts() {
    found=$(sed -n \
        -e 's/^.*Synthesis: Tested: *[0-9]* | Passing: *\([0-9]*\) | Failing: *\([0-9]*\) | Crashing: *\([0-9]*\).*$/\1 \2 \3/p' \
        -e 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2 0/p' "$1" | tail -n 1)
    if [ -z "$found" ]; then
        [ "$2" -eq 0 ] && found='1 0 0' || found='0 1 0'
    fi
    # An unhappy exit that the counts do not explain is a failure, and so is a test that tested nothing.
    printf '%s\n' "$found" | awk -v status="$2" '{
        good = $1; bad = $2 + $3
        if (bad == 0 && (status != 0 || good == 0)) bad = 1
        print good, bad
    }'
}

for test; do
    name=${test#"$build"/}
    case $name in *"${ONLY:-}"*) ;; *) continue ;; esac
    case $test in /*) file=$test ;; *) file=$PKO_SOURCE/$test ;; esac
    place=$scratch/$name
    TMPDIR=$place/tmp
    export TMPDIR
    mkdir -p "$TMPDIR"
    case $test in *.sh) with='sh' ;; *.py) with=${PYTHON:-/usr/bin/python3} ;; *) with= ;; esac
    began=$(date +%s)
    # shellcheck disable=SC2086  # no word for a program
    (cd "$place" && exec timeout --kill-after=10 "$TEST_SECONDS" $with "$file") > "$place/log" 2>&1 < /dev/null
    status=$?
    seconds=$(($(date +%s) - began))
    # shellcheck disable=SC2046  # two numbers
    set -- $(counts "$place/log" $status)
    passed=$((passed + $1))
    failed=$((failed + $2))
    printf '%-58s %5d passed, %d failed %5d s\n' "$name" "$1" "$2" $seconds
    if [ "$2" -ne 0 ]; then
        wrong="$wrong $name"
        [ $status -ne 124 ] && [ $status -ne 137 ] || echo "    took more than $TEST_SECONDS s, or was killed" >> "$place/log"
        tail -n 60 "$place/log" | sed 's/^/    /'
    else
        rm -rf "$place"
    fi
done

[ -z "$wrong" ] || printf '\nNot passed:%s (their folders are kept in %s)\n' "$wrong" "$scratch"
[ $((passed + failed)) -gt 0 ] || echo "No test ran."
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
