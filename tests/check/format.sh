#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# format.sh [--fix] FOLDER...: names the C files in these folders that clang-format 14 would change, or changes them. Lists
# (.def) keep their columns. Another version of clang-format would lay the same file out differently.
set -u
fix=
[ "${1:-}" = --fix ] && fix=yes && shift
for tool in clang-format-14 clang-format; do
    "$tool" --version 2> /dev/null | grep -q 'version 14\.' && break
    tool=
done
[ -n "$tool" ] || { echo "format: clang-format 14 is not installed (Debian: clang-format-14)" >&2 && exit 1; }

files=$(find "$@" -name '*.[ch]' | sort)
[ -n "$files" ] || { echo "format: no C file in $*" >&2 && exit 1; }
if [ -n "$fix" ]; then
    printf '%s\n' "$files" | xargs "$tool" -i
    exit
fi
bad=$(printf '%s\n' "$files" | while read -r file; do "$tool" "$file" | cmp -s - "$file" || printf '%s\n' "$file"; done)
[ -z "$bad" ] || { printf '%s\n' "$bad" | sed 's/$/: not formatted (make format)/' && exit 1; }
