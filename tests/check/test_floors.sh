#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The plan of the house holds in this tree, and each of its rules can fail: a violation planted in a copy is found.
# Run by tests/check/run.sh, which says what the variables hold.
set -u
floors=$PKO_SOURCE/tests/check/floors.sh
passed=0
failed=0

# shellcheck disable=SC2086  # object files, a word each
sh "$floors" "$PKO_SOURCE" $PKO_LIBRARY_OBJECTS > real 2>&1
cat real
# shellcheck disable=SC2046  # two numbers
set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' real)
passed=$((passed + ${1:-0}))
failed=$((failed + ${2:-1}))
grep '^ok ' real | cut -c8- > rules

# The copy, in which every rule of a source holds that holds in the tree.
mkdir tree
cp -R "$PKO_SOURCE/src" "$PKO_SOURCE/include" tree/
mkdir -p objects/src

# finds RULE WHAT: floors.sh run over the copy and the planted objects breaks RULE and names WHAT, then the plant goes.
finds() {
    # shellcheck disable=SC2046  # object files, a word each
    sh "$floors" tree $(find "$(pwd)/objects" -name '*.o') > found 2>&1
    if awk -v rule="FAILED $1" -v what="$2" '$0 == rule { inside = 1; next } /^[^ ]/ { inside = 0 }
        inside && index($0, what) { good = 1 } END { exit !good }' found; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: a planted violation of \"$1\" ($2) was not found"
    fi
    printf '%s\n' "$1" >> planted
    rm -f "$plant"
    find objects -name '*.o' -exec rm -f {} +
}
# source FILE TEXT: plants a file.
source_file() {
    plant=tree/$1
    mkdir -p "${plant%/*}"
    printf '/* SPDX-License-Identifier: GPL-3.0-or-later */\n%s\n' "$2" > "$plant"
}
# object ROOM/NAME TEXT [FLAG...]: plants an object.
object() {
    plant=objects/src/$1.c
    mkdir -p "${plant%/*}"
    printf '%s\n' "$2" > "$plant"
    where=objects/src/$1.o
    shift 2
    ${CC:-gcc} -fPIC -fvisibility=hidden "$@" -c -o "$where" "$plant"
}

rule="includes follow the floors"
source_file src/base/planted.c '#include "model/mission.h"' && finds "$rule" planted.c:2
source_file src/model/planted.h '#include "engine/engine.h"' && finds "$rule" planted.h:2
source_file src/record/planted.c '#include "scenario/load.h"' && finds "$rule" planted.c:2
source_file src/scenario/planted.c '#  include "process/trust.h" /* so close */' && finds "$rule" planted.c:2
source_file src/experiment/planted.c '#include "cli/words.h"' && finds "$rule" planted.c:2
source_file src/engine/planted.c '#include "planted.h"' && finds "$rule" planted.c:2
source_file include/pkosim/planted.h '#include "model/mission.h"' && finds "$rule" planted.h:2
source_file src/odd/planted.c '#include "base/real.h"' && finds "$rule" planted.c:2
source_file src/process/trust_planted.c '#include "pkosim/experiment.h"' && finds "$rule" trust_planted.c:2

rule="each file of src/process belongs to a process"
source_file src/process/planted.c '/* No number here. */' && finds "$rule" src/process/planted.c
rule="no process includes another"
source_file src/process/trust.h '' && source_file src/process/planted.c '/* ODD 6.3, more of it. */
#include "process/trust.h"' && finds "$rule" planted.c:3
source_file src/process/threat_planted.c '#include "process/trust.h"' && finds "$rule" threat_planted.c:2
source_file src/process/trust_planted.h '/* For process 3. */
#include "process/trust.h"' && source_file src/process/planted.h '/* Of process 3. */' &&
    source_file src/process/trust_planted.c '#include "process/planted.h"' && finds "$rule" trust_planted.c:2
rm -f tree/src/process/trust.h tree/src/process/planted.h tree/src/process/trust_planted.h

source_file src/scenario/planted.c '#include <hdf5.h>' && finds "HDF5 only in src/record" planted.c:2
source_file src/cli/planted.c '#include <H5DSpublic.h>' && finds "HDF5 only in src/record" planted.c:2
source_file src/scenario/planted.c '#include <zlib.h>' && finds "zlib only in src/record" planted.c:2
source_file src/engine/planted.c '#include <gsl/gsl_rng.h>' && finds "GSL only from src/experiment up" planted.c:2
source_file src/model/planted.c '#include <yaml.h>' && finds "libyaml only in src/scenario" planted.c:2
source_file src/experiment/planted.c '#include <mpi.h>' && finds "MPI only in src/cluster" planted.c:2
source_file src/base/planted.h '#include <Random123/philox.h>' && finds "Random123 only in src/base/philox.h" planted.h:2
source_file src/process/planted.c '#include <omp.h>' && finds "omp.h only in src/engine and src/experiment" planted.c:2
source_file src/model/planted.c '#include <time.h>' && finds "the core includes no system header" planted.c:2
rule="OpenMP pragmas only in src/engine and src/experiment"
source_file src/process/planted.c '# pragma omp parallel for' && finds "$rule" planted.c:2
source_file src/cli/planted.c 'void f(void); void f(void) { _Pragma("omp barrier") }' && finds "$rule" planted.c:2

source_file src/cli/planted.c "$(yes '/* a line */' | head -n 450)" && finds "rooms have at most 450 lines" planted.c
rule="functions have at most 60 lines"
source_file src/cli/planted.c "$(printf 'static int f(void) {\n'; yes '    f();' | head -n 61; printf '}\n')" && finds "$rule" planted.c:2
source_file src/cli/planted.c "$(printf 'static int f(int a,\n             int b) {\n'; yes '    f();' | head -n 61; printf '}\n')" &&
    finds "$rule" planted.c:2
source_file src/base/planted.c '' && echo 'int x;' > tree/src/base/planted.c && finds "each file begins with its licence" planted.c
source_file include/pkosim/planted.h '' && finds "public headers export what they declare" planted.h

rule="nothing mutable is static or global"
object base/planted 'static int counted; int pko_f(void) { return counted++; }' && finds "$rule" counted
object model/planted 'int pko_f(void) { static int k = 3; return k++; }' && finds "$rule" 'k.'
object model/planted 'int pko_shared;' -fcommon && finds "$rule" pko_shared
object engine/planted 'static const char *word[] = {"a", "b"}; const char *pko_f(int k) { const char *old = word[k]; word[k] = 0; return old; }' &&
    finds "$rule" word
object engine/planted '_Thread_local int pko_mine;' && finds "$rule" pko_mine

object record/planted 'int helper(void) { return 1; }' && finds "exported names begin with pko_" helper

rule="objects use nothing of a floor above or beside, or of another process"
object engine/upper 'int pko_upper(void) { return 1; }' && object base/planted 'int pko_upper(void); int pko_f(void) { return pko_upper(); }' &&
    finds "$rule" base/planted.o
object scenario/beside 'int pko_beside(void) { return 1; }' && object record/planted 'int pko_beside(void); int pko_f(void) { return pko_beside(); }' &&
    finds "$rule" record/planted.o
object process/trust 'int pko_one(void) { return 1; }' && object process/threat 'int pko_one(void); int pko_f(void) { return pko_one(); }' &&
    finds "$rule" process/threat.o

rule="the interface is what the public headers declare"
object base/planted '__attribute__((visibility("default"))) int pko_secret(void) { return 1; }' &&
    finds "$rule" "pko_secret: exported, in no public header"
object base/planted 'const char *pko_version(void) { return ""; }' && finds "$rule" "pko_version: declared in a public header, not exported"

# A rule nobody planted against might be unable to fail.
sort -u planted > planted.sorted
sort -u rules | comm -23 - planted.sorted > unplanted
while read -r rule; do
    failed=$((failed + 1))
    echo "FAILED: no violation of \"$rule\" is planted here"
done < unplanted

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
