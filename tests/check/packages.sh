#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packages.sh LIST PURPOSE...: makes sure that the packages of LIST for these purposes are there. Says what it does,
# installs what is missing with apt-get (as root, or through sudo), and otherwise names it and fails. Needs no network
# when nothing is missing.
set -eu
list=$1
shift

say() { printf '%s\n' "packages: $*"; }
fail() {
    printf '%s\n' "packages: $*" >&2
    exit 1
}
have() { command -v "$1" > /dev/null 2>&1; }

wanted() {
    for purpose; do
        awk -v purpose="$purpose" '!/^#/ && $2 == purpose { print $1, $3 }' "$list"
    done
}

# Is the thing itself there, wherever it came from?
probe() {
    what=${1#*:}
    case $1 in
    command:*) have "$what" ;;
    module:*) have pkg-config && pkg-config --exists "$what" ;;
    header:*) have gcc && printf '#include <%s>\n' "$what" | gcc -E -x c - > /dev/null 2>&1 ;;
    clang:*) have clang && printf '#include <%s>\n' "$what" | clang -fopenmp -E -x c - > /dev/null 2>&1 ;;
    python:*) /usr/bin/python3 -c "import $what" 2> /dev/null ;;
    *) return 1 ;;
    esac
}

# Prints the packages that are missing. dpkg is asked about all of them at once; only what it does not know is probed.
missing() {
    installed=
    if have dpkg-query; then
        # shellcheck disable=SC2046  # one word a package
        installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(wanted "$@" | cut -d ' ' -f 1) 2> /dev/null |
            awk '$1 == "installed" { print $2 }') || true
    fi
    wanted "$@" | while read -r package thing; do
        printf '%s\n' "$installed" | grep -qx "$package" || probe "$thing" || printf '%s ' "$package"
    done
}

[ -n "$(wanted "$@")" ] || fail "no packages for '$*' in $list"
need=$(missing "$@")
if [ -z "$need" ]; then
    say "all present for: $*"
    exit 0
fi
say "missing: $need"

have apt-get || fail "cannot install: this system has no apt-get. Please install what Debian 12 calls: $need"
as_root=
if [ "$(id -u)" -ne 0 ]; then
    have sudo || fail "cannot install: not root, and there is no sudo. As root, run: apt-get install $need"
    as_root=sudo
    # Without a terminal nobody can type a password.
    [ -t 0 ] || as_root='sudo -n'
fi

say "installing with: ${as_root:+$as_root }apt-get install --no-install-recommends $need"
$as_root apt-get update -q || say "the package index could not be brought up to date; trying with the present one"
# shellcheck disable=SC2086  # one word a package, and a prefix of several words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $need ||
    fail "cannot install: apt-get failed (see above). Needed: $need"
left=$(missing "$@")
[ -z "$left" ] || fail "cannot install: still missing after apt-get: $left"
say "all present for: $*"
