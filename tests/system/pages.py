# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a page of the documentation: its commands, and what they print.

In a ```console block a line that begins with "$ " is a command, continued by lines that begin with "> "; the lines below it
are what it prints. There "…" stands for anything within a line, and a line of "…" alone for any lines.
"""
import os
import re
import subprocess
import sys

from checks import PROGRAM, check

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def blocks(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.S | re.M)


def steps(text):
    """(command, lines that it prints) in the order of the page."""
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
    """What to say of a failure: the first line of the page with which no output could begin."""
    for count in range(1, len(printed) + 1):
        if not pattern(printed[:count]).match(shown + "\n"):
            return f"no line in its place is like {printed[count - 1]!r}"
    return "it prints more than is told: " + shown[-300:]


def environment(place):
    """A folder like the top of the source after `make`, and variables in which python3 is the one that runs the tests."""
    tools = os.path.join(place, "tools")
    os.mkdir(tools)
    os.symlink(sys.executable, os.path.join(tools, "python3"))
    home = os.path.join(place, "pkosim")
    os.mkdir(home)
    os.symlink(os.path.dirname(PROGRAM), os.path.join(home, "build"))
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "NO_COLOR")}
    return home, {**kept, "PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def follow(text, place):
    """Runs the commands of a page, a check each. Returns the folder in which it did."""
    home, variables = environment(place)
    for command, printed in steps(text):
        done = subprocess.run(["bash", "-c", command], cwd=home, env=variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        shown = done.stdout.decode()
        check(f"$ {command.splitlines()[0]}", done.returncode == 0 and matches(printed, shown),
              f"exit {done.returncode}; {first_difference(printed, shown)}")
    return home


def check_numbers(text, shown):
    """The numbers in backticks that the text speaks of stand in what is shown."""
    told = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    numbers = re.findall(r"`([≈±+-]?\d*\.?\d+)`", told)
    missing = [n for n in numbers if not re.search(rf"(?<![\w.]){re.escape(n)}(?![\w.])", shown)]
    check(f"the {len(numbers)} numbers that the text speaks of are shown", numbers and not missing, missing)


def sanitizers():
    """The sanitizer flags of the build, which a program linked to its library needs too."""
    flags = os.path.join(os.path.dirname(PROGRAM), "flags")
    if not os.path.exists(flags):
        return []
    with open(flags, encoding="utf-8") as file:
        return re.findall(r"-fsanitize=\S+", file.read())
