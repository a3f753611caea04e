#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: write_tables.sh PROGRAM FILE > NEW_FILE
# Prints FILE with the text between `<!-- LIST: begin -->` and `<!-- LIST: end -->` replaced by what
# `PROGRAM LIST --markdown` prints, LIST being parameters, regimes or arrows. `make docs` writes docs/ODD.md with it.
set -eu
program=$1
file=$2
tables=$(mktemp -d)
trap 'rm -rf "$tables"' EXIT
for list in parameters regimes arrows; do
    "$program" "$list" --markdown >"$tables/$list"
    grep -q "^<!-- $list: begin -->\$" "$file" && grep -q "^<!-- $list: end -->\$" "$file" || {
        echo "write_tables.sh: $file has no place for the table of $list" >&2
        exit 1
    }
done
awk -v tables="$tables" '
    /^<!-- [a-z]+: end -->$/ { inside = 0 }
    !inside { print }
    /^<!-- [a-z]+: begin -->$/ {
        inside = 1
        source = tables "/" $2
        sub(/:$/, "", source)
        while ((getline line < source) > 0) print line
        close(source)
    }' "$file"
