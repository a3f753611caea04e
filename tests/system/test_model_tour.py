#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/model-tour.md: the day that it walks through is the day that the library runs, and the code is where it says.

PKOSIM is the program, PKO_SOURCE the root of the source.
"""
import os
import re
import shlex
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder  # noqa: E402
from pages import SOURCE, blocks, check_numbers, follow, read, sanitizers, steps  # noqa: E402

TEXT = read("docs/model-tour.md")


def sections():
    """Number of a process → (its title, its text)."""
    found = re.split(r"^## (\d+)\. (\w+)\n", TEXT, flags=re.M)
    return {int(found[k]): (found[k + 1], found[k + 2]) for k in range(1, len(found), 3)}


def check_code():
    """The processes in their order, each with its section of the ODD, its file, and functions that are there."""
    schedule = re.findall(r"^PKO_PROCESS\((\d+), (\w+),", read("src/process/schedule.def"), flags=re.M)
    parts = sections()
    check("the tour takes the processes of the schedule in its order, then the recorder",
          [(str(k), title) for k, (title, _) in parts.items()] == [*schedule, ("11", "recorder")], list(parts))
    for number, (title, text) in parts.items():
        head = text.split("```")[0]
        section = f"ODD 6.{number}." if number < 11 else "ODD 7."
        check(f"{title} has its section and file", section in head and (number == 11 or f"`src/process/{title}.c`" in head), head)
    missing, count = [], 0
    for text in re.split(r"^## ", TEXT, flags=re.M)[1:]:
        files = re.findall(r"`(src/[\w/]+\.c)`", text) + ["src/engine/engine.c", "src/process/mandate.c"]
        code = "\n".join(read(file) for file in files if os.path.exists(os.path.join(SOURCE, file)))
        for name in re.findall(r"`(\w+)\(\)`", text):
            count += 1
            if not re.search(rf"^[a-z].*\b{name}\(", code, flags=re.M):
                missing.append(f"{text.split(chr(10))[0]}: {name}")
    check(f"the {count} functions that it names are in the files that it names", count > 30 and not missing, missing)


def day(place):
    """What docs/day.c prints with the words of the page: number of a process, or "strikes", → its lines."""
    program = os.path.join(place, "day")
    built = os.path.dirname(PROGRAM)
    made = subprocess.run([*shlex.split(os.environ.get("CC", "gcc")), "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror",
                           *sanitizers(), f"-I{SOURCE}/include", os.path.join(SOURCE, "docs/day.c"), f"-L{built}", "-lpkosim",
                           "-lm", f"-Wl,-rpath,{built}", "-o", program], capture_output=True, text=True, timeout=300)
    if not check("docs/day.c compiles against the library", made.returncode == 0, made.stderr):
        return {}
    words = re.search(r"^\./day (.*)$", TEXT, flags=re.M)[1].split()
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=600)
    check("docs/day.c runs", done.returncode == 0 and done.stderr == "", done.stderr)
    bad = [subprocess.run([program, *wrong], capture_output=True, text=True, timeout=600).returncode
           for wrong in ([], ["minusma", "nobody", "0", "1"])]
    check("docs/day.c says what is wrong", bad == [2, 1], bad)
    found, at = {"strikes": []}, None
    for line in done.stdout.splitlines():
        if re.fullmatch(r"\d+", line):
            at = int(line)
            found[at] = []
        else:
            found["strikes" if line.startswith("strike:") else at].append(line)
    return found


def check_day(place):
    found = day(place)
    if not found:
        return
    for number, (title, text) in sections().items():
        shown = [block.splitlines() for block in blocks(text, "text")]
        strikes = [block for block in shown if block and block[0].startswith("strike:")]
        told = [line for block in shown if block not in strikes for line in block]
        check(f"{title}: the day is as shown", number == 11 or told == found.get(number), found.get(number))
        if strikes:
            check("the strikes of the day are as shown", found["strikes"] and strikes == [found["strikes"]], found["strikes"])
    check_numbers(TEXT, "\n".join(line for lines in found.values() for line in lines)
                  + "\n".join(line for _, printed in steps(TEXT) for line in printed))


check_code()
if sanitizers():
    print("skip the day: six years of the mission take long under a sanitizer")
else:
    with folder() as scratch:
        check_day(scratch)
        follow(TEXT, scratch)
finish()
