#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is laid out by clang-format 14, and a file that is not is named.
set -u
format=$PKO_SOURCE/tests/check/format.sh
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}

(cd "$PKO_SOURCE" && sh "$format" src include tests docs)
expect "the tree is formatted" $?

mkdir planted && cp "$PKO_SOURCE/.clang-format" . && echo 'int  f( void );' > planted/bad.h
! said=$(sh "$format" planted) && [ "$said" = "planted/bad.h: not formatted (make format)" ]
expect "a badly laid out file is named" $?
sh "$format" --fix planted && sh "$format" planted
expect "format --fix mends it" $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
