#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The package step of make run and make test: silent and offline when all is there, clear words when it cannot install.
# The machine is made to look bare by a PATH of chosen tools.
# shellcheck disable=SC2016  # scripts for tools to expand
set -u
packages=$PKO_SOURCE/tests/check/packages.sh
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1" && cat said; fi
}

mkdir bare
for tool in sh awk sed grep cut printf env cat; do ln -s "$(command -v $tool)" "bare/$tool"; done
# tool NAME SCRIPT: puts a tool of our own on that PATH.
tool() {
    rm -f "bare/$1"
    printf '#!/bin/sh\n%s\n' "$2" > "bare/$1"
    chmod +x "bare/$1"
}
cat > list << 'END'
# a comment
sh-itself         build    command:sh
no-such-thing     build    command:no-such-tool
other-thing       test     header:no/such.h
END
step() { env -i PATH="$(pwd)/bare" /bin/sh "$packages" list "$@" > said 2>&1 < /dev/null; }
says() { grep -qF -- "$1" said; }

tool id 'echo 1000'
! step build && says "no apt-get" && says "no-such-thing" && ! says "sh-itself"
expect "without apt-get it names what is missing and fails" $?

tool apt-get 'echo "apt-get $*" >> apt.log'
! step build && says "not root, and there is no sudo" && says "apt-get install no-such-thing" && [ ! -e apt.log ]
expect "without root and sudo it names what is missing, fails and installs nothing" $?

tool id 'echo 0'
! step build test && says "still missing after apt-get: no-such-thing other-thing" && grep -q 'apt-get install .*no-such-thing other-thing' apt.log
expect "as root it installs both lists, and does not believe an apt-get that installed nothing" $?

tool apt-get 'case $1 in update) exit 100 ;; *) exit 100 ;; esac'
! step build && says "apt-get failed" && says "no-such-thing"
expect "a failing apt-get is reported with what was needed" $?

tool apt-get 'case $1 in update) exit 100 ;; esac
printf "#!/bin/sh\n" > bare/no-such-tool; /bin/chmod +x bare/no-such-tool'
step build && says "all present for: build"
expect "an index that cannot be updated does not stop an installation that works" $?
rm -f bare/no-such-tool

tool id 'echo 1000'
tool sudo 'echo "sudo $*" >> sudo.log; [ "$1" = -n ] && shift; exec "$@"'
step build && grep -q 'sudo -n apt-get update' sudo.log && grep -q 'sudo -n env .*apt-get install' sudo.log
expect "without root it goes through sudo, which must not ask when nobody can answer" $?

tool apt-get 'echo no >> apt-again.log; exit 1'
step build && says "all present for: build" && [ ! -e apt-again.log ]
expect "with everything there it asks nobody" $?

tool dpkg-query 'echo "installed no-such-thing"; echo "config-files other-thing"; exit 1'
rm -f bare/no-such-tool
step build && ! step test && says "other-thing"
expect "dpkg is believed about what is installed, and about what is removed" $?

! step nonsense && says "no packages for 'nonsense'"
expect "an unknown purpose is refused" $?

# On this machine, where the tests run, the real lists are complete; that must take no time.
step_here() { sh "$packages" "$PKO_SOURCE/tests/check/packages.txt" build test > said 2>&1; }
step_here && says "all present for: build test"
expect "the lists of this project are complete here" $?
grep -vE '^#|^[a-z0-9.+-]+ +(build|test|deep) +(-|(command|module|header|clang|python):[^ ]+)$' "$PKO_SOURCE/tests/check/packages.txt" > said
[ ! -s said ]
expect "the list is well formed" $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
