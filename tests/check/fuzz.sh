#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh BUILD NAME SECONDS: runs BUILD/tests/fuzz/NAME for so long, from the seeds in tests/fuzz/NAME/. What it finds is
# kept in BUILD/findings/NAME/. Fails if there is a finding or if it ran too little to mean anything.
set -u
build=$1
name=$2
seconds=$3
findings=$build/findings/$name
corpus=$build/corpus/$name
mkdir -p "$findings" "$corpus"
[ ! -d "tests/fuzz/$name" ] || cp "tests/fuzz/$name"/* "$corpus/"

echo "fuzz: $name for $seconds s"
"$build/tests/fuzz/$name" -max_total_time="$seconds" -timeout=20 -print_final_stats=1 -artifact_prefix="$findings/" "$corpus" \
    > "$findings/log" 2>&1
status=$?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$findings/log")
echo "fuzz: $name: ${runs:-0} runs, exit $status"
if [ $status -ne 0 ] || [ "${runs:-0}" -lt 1000 ]; then
    tail -n 40 "$findings/log" >&2
    echo "fuzz: $name failed; see $findings" >&2
    exit 1
fi
