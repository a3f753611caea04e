#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make install puts program, libraries, headers and a pkg-config file in place: somebody else's program compiles against
# them, shared and static, with nothing but pkg-config, and runs. make uninstall takes all of it away.
set -u
passed=0
failed=0
expect() { # expect WHAT STATUS
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $1"; fi
}
here=$(pwd)
install_into() { # install_into TARGET PREFIX DESTDIR
    make -s -C "$PKO_SOURCE" BUILD="$PKO_BUILD" CC="$CC" OPT="$PKO_OPT" CFLAGS="$PKO_CFLAGS" CPPFLAGS="$PKO_CPPFLAGS" \
        LDFLAGS="$PKO_LDFLAGS" PREFIX="$2" DESTDIR="$3" "$1"
}

cat > user.c << 'END'
#include <pkosim/pkosim.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL;
    char *problems = NULL;
    double people[2] = {0.0, 0.0};
    int status = pko_scenario_load("small", NULL, 0, &scenario, &problems);
    if (status == PKO_OK) status = pko_mission_create(scenario, "minusma", 0, &mission);
    for (int day = 0; status == PKO_OK && day < 30; day++) status = pko_mission_step(mission);
    if (status == PKO_OK && pko_mission_read(mission, "people", people, 2) < 1) status = PKO_ERROR_NAME;
    printf("%s: %s, day %d, %.0f people\n", pko_version(), pko_status_text(status), pko_mission_day(mission), people[0]);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
    return status != PKO_OK || !(people[0] > 0.0);
}
END

install_into install "$here/shared" ''
expect "make install PREFIX=" $?
version=$(PKG_CONFIG_PATH=$here/shared/lib/pkgconfig pkg-config --modversion pkosim)
"$here/shared/bin/pkosim" version | grep -qF "$version" && [ -n "$version" ]
expect "pkg-config and the program give one version, $version" $?
grep -q "^version: $version\$" "$PKO_SOURCE/CITATION.cff" && grep -q "^## \[\{0,1\}$version" "$PKO_SOURCE/CHANGELOG.md"
expect "CITATION.cff and CHANGELOG.md give it too" $?

# shellcheck disable=SC2046  # flags, a word each
"$CC" -Wall -Wextra -Werror -o with_shared user.c $(PKG_CONFIG_PATH=$here/shared/lib/pkgconfig pkg-config --cflags --libs pkosim)
expect "a program compiles against the shared library" $?
objdump -p with_shared | grep -q "NEEDED *libpkosim\.so\.[0-9]"
expect "it asks for the library by its versioned name" $?
! objdump -p with_shared | grep -qE 'NEEDED *lib(hdf5|gsl|yaml)'
expect "it is not linked to the libraries below" $?
LD_LIBRARY_PATH=$here/shared/lib ./with_shared > shared.out
expect "it runs" $?
cat shared.out

for name in '' $("$PKOSIM" help --names | sed 's/^/-/'); do
    [ -s "shared/share/man/man1/pkosim$name.1" ] || break
done && [ -s "shared/share/man/man1/pkosim$name.1" ]
expect "the program and each command have a manual page" $?
bash -n shared/share/bash-completion/completions/pkosim && [ -s shared/share/bash-completion/completions/pkosim ]
expect "bash has its completion" $?

# Static: the same without the shared library in sight.
install_into install "$here/static" '' && rm -f static/lib/libpkosim.so*
# shellcheck disable=SC2046
"$CC" -Wall -Wextra -Werror -o with_static user.c $(PKG_CONFIG_PATH=$here/static/lib/pkgconfig pkg-config --static --cflags --libs pkosim)
expect "a program compiles against the static library" $?
! objdump -p with_static | grep -q libpkosim && ./with_static > static.out && cmp shared.out static.out
expect "it runs without the shared one, and says the same" $?

# Headers stand alone, one by one, in C and with a strict compiler.
for header in shared/include/pkosim/*.h; do
    printf '#include <pkosim/%s>\n' "${header##*/}" | "$CC" -std=c99 -pedantic -Wall -Wextra -Wno-unknown-pragmas -Werror \
        -Ishared/include -fsyntax-only -x c - || break
done
expect "each public header compiles alone" $?

# DESTDIR is where a packager collects files; it must not appear in them.
install_into install /usr "$here/dest" && [ -x dest/usr/bin/pkosim ] && grep -q '^prefix=/usr$' dest/usr/lib/pkgconfig/pkosim.pc
expect "DESTDIR goes before PREFIX and into no file" $?
(cd dest/usr/bin && ./pkosim version > /dev/null)
expect "the installed program runs" $?
! install_into install relative '' 2> said && grep -q 'absolute' said
expect "a relative PREFIX is refused" $?

install_into uninstall /usr "$here/dest" && [ -z "$(find dest ! -type d)" ]
expect "make uninstall leaves no file" $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
