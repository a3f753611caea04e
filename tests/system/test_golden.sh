#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The elementary functions of src/base/real.c give the same bits from gcc and clang, at -O1 and -O3, for the base of the
# instruction set and for this machine's own: the golden hash holds under each. What is varied is first shown to vary.
set -u
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}
cd "$PKO_SOURCE" || exit 1
here=$OLDPWD

# golden PROGRAM CC OPT [FLAG...]: compiles with the flags of the project and runs; its last line is the hash of all.
golden() {
    program=$here/$1
    cc=$2
    opt=$3
    shift 3
    # shellcheck disable=SC2046  # flags, a word each
    "$cc" $(make -s CC="$cc" OPT="$opt" CFLAGS= print-FLAGS) "$@" -Iinclude -Isrc -o "$program" \
        tests/property/real_golden.c src/base/real.c -lm && "$program" > "$here/said"
}

for cc in gcc clang; do
    for opt in -O1 -O3 '-O1 -march=native' '-O3 -march=native'; do
        golden "golden$(printf '%s' "$cc$opt" | tr -c 'a-zA-Z0-9' _)" "$cc" "$opt"
        expect "the golden hash holds for $cc $opt" $?
        tail -n 1 "$here/said" | tee -a "$here/hashes" | sed "s/^/$cc $opt: /"
    done
done
[ "$(sort -u "$here/hashes" | wc -l)" -eq 1 ]
expect "one hash for all eight" $?

# Eight programs of eight different texts; a compiler that ignored a flag would make two of them equal.
for program in "$here"/golden*; do objdump -d -j .text "$program" | sed 1,4d | md5sum; done | sort -u > "$here/texts"
texts=$(wc -l < "$here/texts")
native=8
[ "$(gcc -march=native -dM -E - < /dev/null | sort | md5sum)" = "$(gcc -dM -E - < /dev/null | sort | md5sum)" ] && native=4
[ "$texts" -eq $native ]
expect "compilers and flags made $native different programs (there are $texts)" $?

# Where the machine has fused multiply-add, a compiler that may use it breaks the hash: so the test can fail.
if gcc -march=native -dM -E - < /dev/null | grep -q __FMA__; then
    ! golden contracted gcc '-O3 -march=native' -ffp-contract=fast
    expect "contraction changes the hash" $?
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
