#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# floors.sh ROOT [OBJECT...]: checks the plan of the house (CONTRIBUTING.md, "The plan"). One line a rule, then
# "N passed, N failed". ROOT holds src/ and include/; the objects are those of the library, in folders src/ROOM/.
set -u
cd "$1" || exit 1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

sources=$(find src include \( -name '*.c' -o -name '*.h' -o -name '*.def' \) | sort)
# verdict RULE: the lines of standard input are what breaks it.
verdict() {
    cat > "$work/broken"
    if [ -s "$work/broken" ]; then
        echo "FAILED $1"
        sed 's/^/    /' "$work/broken"
    else
        echo "ok     $1"
    fi | tee -a "$work/verdicts"
}

# --- What a file may include. "FILE:LINE:room/header" for each include of ours, with <> for one of others'.
# shellcheck disable=SC2086  # the names of sources hold no blanks
awk '/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    line = $0; sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line); sub(/[">][^">]*$/, line ~ /^</ ? ">" : "", line); sub(/^"/, "", line)
    print FILENAME ":" FNR ":" line
}' $sources > "$work/includes"

awk -F: -v rooms="base model process engine scenario record experiment cli cluster web" '
BEGIN {
    # Floors from the ground up; a room sees itself and what is listed.
    sees["base"] = "base"
    sees["model"] = "base model"
    sees["process"] = "base model process"
    sees["engine"] = "base model process engine"
    sees["scenario"] = "base model engine scenario"
    sees["record"] = "base model engine record"
    sees["experiment"] = "base model process engine scenario record experiment"
    sees["cli"] = sees["experiment"] " cli"
    sees["cluster"] = sees["experiment"] " cluster"
    sees["web"] = sees["experiment"] " web"
}
$3 !~ /^</ {
    split($1, at, "/"); split($3, to, "/")
    if (at[1] == "include") { if (to[1] != "pkosim") print $1 ":" $2 ": a public header includes " $3 " of the inside"; next }
    if (to[1] == "pkosim") {
        if (to[2] == "experiment.h" && " base model process engine scenario record " ~ " " at[2] " ") print $1 ":" $2 ": includes " $3 " of a floor above"
        next
    }
    if (!(at[2] in sees)) { print $1 ":" $2 ": unknown room " at[2]; next }
    if (!(to[1] in sees) || to[2] == "") { print $1 ":" $2 ": includes \"" $3 "\", which is not \"room/header\""; next }
    if ((" " sees[at[2]] " ") !~ (" " to[1] " ")) print $1 ":" $2 ": " at[2] " includes " $3 " of a floor above or beside"
}' "$work/includes" | verdict "includes follow the floors"

# A room of src/process belongs to the process whose name it bears (trust.c, trust_matrix.c) or whose number (ODD 6.N) its
# first lines name; a header that does neither belongs to all. "STEM PROCESS" for each room that belongs to one.
awk -F '[(,) ]+' '$1 == "PKO_PROCESS" { print $2, $3 }' src/process/schedule.def > "$work/processes"
find src/process -name '*.[ch]' 2> /dev/null | sort | while read -r file; do
    stem=${file##*/}
    stem=${stem%.*}
    owner=$(awk -v name="${stem%%_*}" '$2 == name { print name }' "$work/processes")
    [ -n "$owner" ] || owner=$(sed 3q "$file" | grep -oE 'ODD 6\.[0-9]+|process [0-9]+' | head -n 1 | sed 's/.*[. ]//' |
        awk 'NR == FNR { number = $1; next } $1 == number { print $2 }' - "$work/processes")
    if [ -n "$owner" ]; then
        echo "$stem $owner $file"
    else
        case $file in *.c) echo "$file" >> "$work/homeless" ;; esac
    fi
done > "$work/owners"
touch "$work/homeless"
sed 's/$/: its first lines do not say which process it belongs to (ODD 6.N)/' "$work/homeless" |
    verdict "each file of src/process belongs to a process"
awk -F '[: ]' 'NR == FNR { owner[$3] = $2; next }
{ to = "src/" $3 }
to in owner && $1 in owner && owner[to] != owner[$1] { print $1 ":" $2 ": " owner[$1] " includes " $3 " of " owner[to] }' \
    "$work/owners" "$work/includes" | verdict "no process includes another"

# only WHAT PATTERN WHERE: includes of others' headers that match PATTERN stand only in files that match WHERE.
only() {
    awk -F: -v what="$2" -v where="$3" '$3 ~ what && $1 !~ where { print $1 ":" $2 ": includes " $3 }' "$work/includes" |
        verdict "$1"
}
only "HDF5 only in src/record" '^<(hdf5|H5)' '^src/record/'
only "GSL only from src/experiment up" '^<gsl/' '^src/(experiment|cli|cluster)/'
only "libyaml only in src/scenario" '^<yaml' '^src/scenario/'
only "zlib only in src/record" '^<zlib' '^src/record/'
only "MPI only in src/cluster" '^<mpi' '^src/cluster/'
only "Random123 only in src/base/philox.h" '^<Random123/' '^src/base/philox\.h$'
only "omp.h only in src/engine and src/experiment" '^<omp' '^src/(engine|experiment)/'
# Floors 1-4 know no file, clock, thread or locale.
only "the core includes no system header" '^<(sys/|unistd|fcntl|time|signal|pthread|threads|locale|xlocale|errno|dirent|poll|argp|getopt|wchar|complex|tgmath|fenv)' \
    '^(src/(scenario|record|experiment|cli|cluster|web)|include)/'

# shellcheck disable=SC2086
grep -nE '^[[:space:]]*#[[:space:]]*pragma[[:space:]]+omp|_Pragma[[:space:]]*\([[:space:]]*"omp' $sources |
    grep -vE '^src/(engine|experiment)/' | verdict "OpenMP pragmas only in src/engine and src/experiment"

# --- The size and the head of a room.
# shellcheck disable=SC2086
wc -l $sources | awk '$2 != "total" && $2 !~ /\.def$/ && $1 > 450 { print $2 ": " $1 " lines (aim at 400, at most 450)" }' |
    verdict "rooms have at most 450 lines"
# A function begins on the line that ends its parameters with ") {" and ends with a lone brace in the first column.
# shellcheck disable=SC2086
awk 'FNR == 1 { head = ""; start = 0 }
    /^[A-Za-z].*\(/ && !start { head = $0; line = FNR }
    /\) \{$/ && head != "" && !start { start = FNR }
    /;$/ && !start { head = "" }
    /^\}$/ && start {
        if (FNR - start - 1 > 60) print FILENAME ":" line ": " head " has " FNR - start - 1 " lines"
        head = ""; start = 0
    }' $sources | verdict "functions have at most 60 lines"
# shellcheck disable=SC2086
awk 'FNR == 1 && !/SPDX-License-Identifier: GPL-3\.0-or-later/ { print FILENAME }' $sources | verdict "each file begins with its licence"
find include -name '*.h' | while read -r file; do
    [ "$(grep -cE '^#pragma GCC visibility (push\(default\)|pop)' "$file")" -eq 2 ] || echo "$file: no visibility push and pop"
done | verdict "public headers export what they declare"

# --- What the objects hold.
if [ $# -eq 0 ]; then
    echo "no objects given: what they hold cannot be checked" | verdict "objects are there"
fi

# Tables of addresses lie in .data.rel.ro: the loader fills them, nobody else can write there.
for object; do
    objdump -t "$object" | awk -F '\t' -v object="$object" 'NF == 2 {
        n = split($1, left, " "); section = left[n]
        n = split($2, right, " ") # size, perhaps .hidden, name
        if (right[1] !~ /^0+$/ && section ~ /^(\*COM\*|\.t?bss|\.t?data|\.l?bss|\.ldata)/ && section !~ /^\.data\.rel\.ro/)
            print object ": " right[n] " in " section
    }'
done | verdict "nothing mutable is static or global"

for object; do nm -g --defined-only "$object" | awk -v object="$object" 'NF == 3 && $3 !~ /^pko_/ { print object ": " $3 }'; done |
    verdict "exported names begin with pko_"

# An object uses only what its own floor or one below defines, whatever it includes.
for object; do
    room=${object##*/src/}
    [ "$room" = "$object" ] && room=scenario/generated # the built-in scenarios
    nm -g "$object" | awk -v room="${room%%/*}" -v file="${room##*/}" '$(NF) ~ /^pko_/ { print ($(NF - 1) == "U" ? "uses" : "defines"), room, file, $NF }'
done > "$work/symbols"
awk 'BEGIN {
    split("base 1 model 2 process 3 engine 4 scenario 5 record 5 experiment 6", pair, " ")
    for (k = 1; k in pair; k += 2) floor[pair[k]] = pair[k + 1]
}
FILENAME ~ /owners$/ { owner[$1] = $2; next }
pass == 1 { if ($1 == "defines") { room[$4] = $2; file[$4] = $3 } next }
function process(name) { sub(/\..*/, "", name); return owner[name] }
$1 == "uses" && $4 in room {
    to = room[$4]
    if (floor[to] > floor[$2] || (floor[to] == floor[$2] && to != $2)) print $2 "/" $3 ": uses " $4 " of " to
    else if ($2 == "process" && to == "process" && process($3) != process(file[$4])) print $2 "/" $3 ": uses " $4 " of another process, " file[$4]
}' "$work/owners" pass=1 "$work/symbols" pass=2 "$work/symbols" | verdict "objects use nothing of a floor above or beside, or of another process"

# The interface of the shared library is what the public headers declare: each of these functions must have been
# compiled with its public header in sight.
if [ $# -gt 0 ]; then
    for header in $(find include -name '*.h' | sed 's,^include/,,'); do echo "#include <$header>"; done |
        ${CC:-gcc} -Iinclude -E -P -x c - | grep -oE '\bpko_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u > "$work/declared"
    for object; do objdump -t "$object"; done | awk '/^[0-9a-f]+ g/ && !/\.hidden/ && $NF ~ /^pko_/ { print $NF }' | sort -u > "$work/exported"
    { comm -23 "$work/declared" "$work/exported" | sed 's/$/: declared in a public header, not exported/'
        comm -13 "$work/declared" "$work/exported" | sed 's/$/: exported, in no public header/'; } |
        verdict "the interface is what the public headers declare"
fi

passed=$(grep -c '^ok ' "$work/verdicts")
failed=$(grep -c '^FAILED ' "$work/verdicts")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
