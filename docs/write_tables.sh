#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Usage: write_tables.sh PROGRAM FILE > NEW_FILE
# Prints FILE with the lines between `<!-- NAME: begin -->` and `<!-- NAME: end -->` replaced by what the program says:
#   parameters, regimes, arrows   `PROGRAM NAME --markdown`
#   comparison                    what the default comparison shows
# `make docs` writes docs/ODD.md and README.md with it.
set -eu
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
file=$2
tables=$(mktemp -d)
trap 'rm -rf "$tables"' EXIT
names=$(sed -n 's/^<!-- \([a-z]*\): begin -->$/\1/p' "$file")
[ -n "$names" ] || {
    echo "write_tables.sh: $file has no place for a table" >&2
    exit 1
}
for name in $names; do
    grep -q "^<!-- $name: end -->\$" "$file" || {
        echo "write_tables.sh: the place for $name in $file does not end" >&2
        exit 1
    }
    case $name in
    comparison)
        (cd "$tables" && "$program" run minusma --quiet >shown && printf '```text\n%s\n```\n' "$(cat shown)" >"$name")
        ;;
    *)
        "$program" "$name" --markdown >"$tables/$name"
        ;;
    esac
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
