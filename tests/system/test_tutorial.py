#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/tutorial.md, followed from its first command to its last in an empty folder, shows what it says.

PKOSIM is the program, PKO_SOURCE the root of the source.
"""
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder  # noqa: E402
from pages import SOURCE, blocks, check_numbers, follow, matches, read, sanitizers, steps  # noqa: E402


def finds_mistakes():
    """The comparison would find a changed digit, a missing line and a line too many."""
    shown = "one 1\ntwo 22\nthree 3\n"
    check("equal text matches", matches(["one 1", "two 22", "three 3"], shown) and matches(["one …", "…"], shown))
    wrong = [["one 1", "two 23", "three 3"], ["one 1", "three 3"], ["one 1", "two 22"], ["…", "two 2", "…"],
             ["one 1", "two 22", "three 3", "four"], ["…", "three …", "two …"], []]
    check("other text does not", not any(matches(printed, shown) for printed in wrong),
          [printed for printed in wrong if matches(printed, shown)])


def promises(text):
    """What the page says of itself and of the build."""
    check_numbers(text, " ".join(line for _, printed in steps(text) for line in printed))
    goals = [words.split()[1] for block in blocks(text, "sh") for words in re.findall(r"^make .*$", block, flags=re.M)]
    made = [subprocess.run(["make", "-n", "-C", SOURCE, goal], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "ONLY")})
            .returncode for goal in goals]
    check("what it asks make for can be made", goals and not any(made), goals)
    used = {command.split()[1] for command, _ in steps(text) if command.startswith("build/pkosim ")}
    wanted = {"run", "show", "compare", "new", "check", "explain", "export", "arrows"}
    check("it visits what a newcomer needs", wanted <= used, wanted - used)


def follow_r(text, home):
    """The blocks of R, whose comments are what they print; R is no package of the tests."""
    if not shutil.which("Rscript"):
        print("skip the R of the tutorial: there is no Rscript")
        return
    for block in blocks(text, "r"):
        code = [line for line in block.splitlines() if not line.startswith("#")]
        printed = [line[2:] for line in block.splitlines() if line.startswith("#")]
        done = subprocess.run(["Rscript", "-e", "\n".join(code)], cwd=home, capture_output=True, text=True, timeout=300)
        check("R prints what its comments say", done.returncode == 0 and matches(printed, done.stdout), done.stdout + done.stderr)


TEXT = read("docs/tutorial.md")
finds_mistakes()
promises(TEXT)
if sanitizers():
    print("skip the commands: they take long under a sanitizer")
else:
    with folder() as scratch:
        follow_r(TEXT, follow(TEXT, scratch))
finish()
