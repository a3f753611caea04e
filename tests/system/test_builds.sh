#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One scenario and seed give the same data from gcc and clang, at -O1 and -O3, for the base of the instruction set and for
# this machine's own. Each build is first shown to be another one: by the compiler and flags that it says it was made
# with, and by its machine code.
set -u
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}
here=$(pwd)

# measure NAME PROGRAM: what it says of itself, its machine code, and the digest of its data.
measure() {
    "$2" version > "$1.version" || return 1
    objdump -d -j .text "$2" | sed 1,4d | md5sum > "$1.text"
    "$2" run small --replicates 2 --days 120 --threads 2 --events --quiet --out "$1.h5" > "$1.out" 2>&1 || { cat "$1.out" && return 1; }
    "$2" show "$1.h5" --digest > "$1.digest" && [ -s "$1.digest" ]
}
# build NAME CC OPT: the program from the same sources in a folder of its own.
build() {
    make -s -C "$PKO_SOURCE" -j2 BUILD="$here/$1" CC="$2" OPT="$3" CFLAGS= CPPFLAGS= LDFLAGS= "$here/$1/pkosim" > "$1.log" 2>&1 ||
        { tail -n 30 "$1.log" && return 1; }
}

measure default "$PKOSIM"
expect "the build under test runs" $?
while read -r name cc opt <&3; do
    build "$name" "$cc" "$opt" && measure "$name" "$here/$name/pkosim"
    expect "$cc $opt builds without a warning and runs" $?
    "$cc" --version | head -n 1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 > compiler
    grep -qF "$(cat compiler)" "$name.version" && grep -qF -- "$opt" "$name.version"
    expect "$cc $opt: the program names its compiler and flags" $?
    h5dump -A "$name.h5" > "$name.attributes" && grep -qF "$(cat compiler)" "$name.attributes" && grep -qF -- "$opt" "$name.attributes"
    expect "$cc $opt: so does its file" $?
    ! cmp -s default.text "$name.text"
    expect "$cc $opt: its machine code is another" $?
    cmp default.digest "$name.digest"
    expect "$cc $opt: its data are the same" $?
done 3<< END
gcc1native gcc -O1 -march=native
clang1 clang -O1
clang3native clang -O3 -march=native
END
[ "$(cat ./*.text | sort -u | wc -l)" -eq 4 ]
expect "four builds, four machine codes" $?

# Another seed shows that the digest can differ at all.
"$PKOSIM" run small --replicates 2 --days 120 --seed 123456789 --events --quiet --out seed.h5 > seed.out 2>&1 && "$PKOSIM" show seed.h5 --digest > seed.digest
! cmp -s default.digest seed.digest && [ -s seed.digest ]
expect "another seed gives other data" $?

cat ./*.digest
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
