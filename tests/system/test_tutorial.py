#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/tutorial.md, followed from its first command to its last in an empty folder, shows what it says.

In a ```console block a line that begins with "$ " is a command, continued by lines that begin with "> "; the lines below it
are what it prints. There "…" stands for anything within a line, and a line of "…" alone for any lines.
PKOSIM is the program, PKO_SOURCE the root of the source.
"""
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))


def blocks(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.S | re.M)


def steps(text):
    """(command, what it prints) in the order of the page."""
    found = []
    for block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append([line[2:], []])
            elif found and line.startswith("> ") and not found[-1][1]:
                found[-1][0] += "\n" + line[2:]
            elif found:
                found[-1][1].append(line)
            else:
                raise ValueError(f"a block begins with what no command printed: {line}")
    return [(command, printed) for command, printed in found]


def pattern(printed):
    """What a command may print, as a regular expression."""
    lines = [r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.rstrip().split("…"))) + r" *\n" for line in printed]
    return re.compile("".join(lines))


def matches(printed, shown):
    return pattern(printed).fullmatch(shown if shown.endswith("\n") or not shown else shown + "\n") is not None


def first_difference(printed, shown):
    """The first shown line with which no output could begin, to say more of a failure."""
    for count in range(1, len(printed) + 1):
        if not pattern(printed[:count]).match(shown + "\n"):
            return f"no line in its place is like {printed[count - 1]!r}"
    return "it prints more than is told: " + shown[-300:]


def environment(place):
    """Its folder looks like the top of the source after `make`; python3 is the one that runs the tests."""
    tools = os.path.join(place, "tools")
    os.mkdir(tools)
    os.symlink(sys.executable, os.path.join(tools, "python3"))
    home = os.path.join(place, "pkosim")
    os.mkdir(home)
    os.symlink(os.path.dirname(PROGRAM), os.path.join(home, "build"))
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "NO_COLOR")}
    return home, {**kept, "PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def follow(text):
    with folder() as place:
        home, variables = environment(place)
        for command, printed in steps(text):
            done = subprocess.run(["bash", "-c", command], cwd=home, env=variables, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
            shown = done.stdout.decode()
            check(f"$ {command.splitlines()[0]}", done.returncode == 0 and matches(printed, shown),
                  f"exit {done.returncode}; {first_difference(printed, shown)}")
        follow_r(text, home)


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


def promises(text):
    """What the page says of itself and of the build."""
    told = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    shown = " ".join(line for _, printed in steps(text) for line in printed)
    numbers = re.findall(r"`([≈±+-]?\d*\.?\d+)`", told)
    missing = [n for n in numbers if not re.search(rf"(?<![\w.]){re.escape(n)}(?![\w.])", shown)]
    check(f"the {len(numbers)} numbers that the text speaks of are shown", numbers and not missing, missing)
    goals = [words.split()[1] for block in blocks(text, "sh") for words in re.findall(r"^make .*$", block, flags=re.M)]
    made = [subprocess.run(["make", "-n", "-C", SOURCE, goal], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "ONLY")})
            .returncode for goal in goals]
    check("what it asks make for can be made", goals and not any(made), goals)
    # The parts of the program that a newcomer should have met.
    used = {command.split()[1] for command, _ in steps(text) if command.startswith("build/pkosim ")}
    wanted = {"run", "show", "compare", "new", "check", "explain", "export", "arrows"}
    check("it visits what a newcomer needs", wanted <= used, wanted - used)


def finds_mistakes():
    """The comparison above would find a changed digit, a missing line and a line too many."""
    shown = "one 1\ntwo 22\nthree 3\n"
    check("equal text matches", matches(["one 1", "two 22", "three 3"], shown) and matches(["one …", "…"], shown))
    wrong = [["one 1", "two 23", "three 3"], ["one 1", "three 3"], ["one 1", "two 22"], ["…", "two 2", "…"],
             ["one 1", "two 22", "three 3", "four"], ["…", "three …", "two …"], []]
    check("other text does not", not any(matches(printed, shown) for printed in wrong),
          [printed for printed in wrong if matches(printed, shown)])


def sanitized():
    flags = os.path.join(os.path.dirname(PROGRAM), "flags")
    with open(flags, encoding="utf-8") as file:
        return "-fsanitize=" in file.read()


with open(os.path.join(SOURCE, "docs/tutorial.md"), encoding="utf-8") as page:
    TEXT = page.read()
finds_mistakes()
promises(TEXT)
if sanitized():
    print("skip the commands: they take long under a sanitizer")
else:
    follow(TEXT)
finish()
