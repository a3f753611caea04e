#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many instructions 200 days of the small scenario take, recording included, for each set of instructions that valgrind
knows; unlike seconds, the same whatever else the machine does. Each count is held against the one in instructions.csv for
this compiler: 3 % more, or fewer, is a failure, so that neither a loss nor a gain goes by unseen.

    make instructions            measures and compares
    make instructions UPDATE=1   writes what it measures into instructions.csv

instructions.py measure DAY COMPILER OPTIONS     prints rows of such a table; DAY is the program made of day.c
instructions.py compare MEASURED TABLE           exit status 1 if a count is off, or a known compiler's count is missing
instructions.py update MEASURED TABLE            puts the rows measured into the table
"""
import csv
import os
import re
import subprocess
import sys
import tempfile

COLUMNS = ["compiler", "version", "options", "clone", "instructions"]
CLONES = ["generic", "v3"]  # valgrind knows no 512-bit vectors
ALLOWED = 0.03
NOT_HERE = 3  # status of day.c where the machine has not these instructions


def compiler_of(command):
    """Kind and version of a compiler."""
    told = subprocess.run([*command.split(), "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return "clang" if "clang" in told else "gcc", re.search(r"\d+\.\d+\.\d+", told)[0]


def count(program, clone, place):
    """Instructions inside the day loop, or None where the machine cannot run that clone."""
    loop = [f"--toggle-collect={function}" for function in ("pko_mission_step", "pko_observer_day")]
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={place}/{clone}", *loop, program, "count", clone, "small", "minusma", "200"],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode == NOT_HERE:
        return None
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected or int(collected[1]) == 0:
        sys.exit(f"instructions: {clone} was not counted: status {done.returncode}\n{done.stderr}")
    return int(collected[1])


def measure(program, compiler, options):
    kind, version = compiler_of(compiler)
    rows = []
    with tempfile.TemporaryDirectory(prefix="pkosim-instructions-") as place:
        bare = os.path.join(place, "day")
        subprocess.run(["strip", "--strip-debug", "-o", bare, program], check=True)  # valgrind 3.19 cannot read clang's
        for clone in CLONES:
            counted = count(bare, clone, place)
            if counted is not None:
                rows.append(dict(zip(COLUMNS, [kind, version, " ".join(options.split()), clone, str(counted)])))
    write(rows, sys.stdout)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {tuple(row[column] for column in COLUMNS[:-1]): int(row["instructions"]) for row in csv.DictReader(file)}


def write(rows, file):
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def compare(measured, table):
    """Prints a line a count; whether all are as in the table."""
    right = bool(measured)
    for key, found in measured.items():
        name = f"{' '.join(key[:3])}, {key[3]}: {found:,} instructions"
        if key in table:
            off = found / table[key] - 1
            right = right and abs(off) <= ALLOWED
            print(f"{name}, {100 * off:+.2f} % {'as expected' if abs(off) <= ALLOWED else 'FAILED: more than 3 % off'}")
        elif any(known[:3] == key[:3] for known in table):
            right = False
            print(f"{name}, FAILED: the table knows this compiler and not this clone")
        else:
            print(f"{name}, unknown compiler, not compared")
    return right


def update(measured, path):
    rows = sorted({**read(path), **measured}.items()) if os.path.exists(path) else sorted(measured.items())
    with open(path, "w", encoding="utf-8", newline="") as file:
        write([dict(zip(COLUMNS, [*key, counted])) for key, counted in rows], file)


if __name__ == "__main__":
    task, words = sys.argv[1], sys.argv[2:]
    if task == "measure":
        measure(*words)
    elif task == "compare":
        sys.exit(not compare(read(words[0]), read(words[1])))
    elif task == "update":
        update(read(words[0]), words[1])
    else:
        sys.exit(__doc__)
