#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks' table: goals are judged rightly, results come back from their file as written, and every committed file of
results, and the table of docs/performance.md, is of the figures and goals that `make bench` has now. Nothing is timed here.

PKOSIM is the program, PKO_SOURCE the root of the source.
"""
import glob
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
sys.path.insert(0, os.path.join(SOURCE, "tests/bench"))
import bench  # noqa: E402
import page  # noqa: E402


def check_goals():
    cases = [(2.5, "≤ 2.5", True), (2.51, "≤ 2.5", False), (3e8, "≥ 3e8", True), (2.9e8, "≥ 3e8", False), (1.99, "< 2", True),
             (2.0, "< 2", False), (7.0, "", None)]
    check("goals are judged rightly", [bench.met(value, goal) for value, goal, _ in cases] == [right for _, _, right in cases])
    for bits in (512, 256, 128):
        names = [figure.name for figure in bench.figures(bits)]
        check(f"{len(names)} figures at {bits} bits have names of their own and goals that can be read",
              len(set(names)) == len(names) and all(bench.met(1.0, figure.goal) in (True, False, None) for figure in bench.figures(bits)))


def check_table():
    found = {"ten years, one run": [0.3, 0.1, 0.2], "--help": [15.0]}
    rows = bench.table_rows(found, 512, {"commit": "c", "compiler": "GCC 1.2.3"})
    with folder() as place:
        path = os.path.join(place, "x.csv")
        bench.write(rows, path)
        again = bench.read(path)
    check("a file of results comes back as written", again == [{name: str(value) for name, value in row.items()} for row in rows], again)
    check("median, least, most and how many", [again[0][name] for name in ("median", "min", "max", "repetitions")] == ["0.2", "0.1", "0.3", "3"], again)
    shown = bench.table(again).splitlines()
    check("a goal missed and one met stand in the table", len(shown) == 4 and shown[1].endswith("≤ 0.17  MISSED") and
          shown[2].endswith("< 20  met") and shown[3] == "1 goals met, 1 missed", shown)


def problem(path):
    """What is wrong with a file of results, or None."""
    bits = int(os.path.basename(path).removesuffix("-bits.csv").rsplit("-", 1)[1])
    wanted = [tuple(figure) for figure in bench.figures(bits) if not figure.name.startswith("cache ")]
    rows = bench.read(path)
    held = [(row["figure"], row["unit"], row["goal"]) for row in rows if not row["figure"].startswith("cache ")]
    if held != wanted:
        return f"figures or goals differ: {sorted(set(held) ^ set(wanted))[:3]}"
    disorder = [row["figure"] for row in rows if not float(row["min"]) <= float(row["median"]) <= float(row["max"])]
    return f"not between least and most: {disorder}" if disorder else None


def check_results():
    paths = glob.glob(os.path.join(SOURCE, "tests/bench/results/*.csv"))
    check("there are results", paths)
    for path in paths:
        check(f"{os.path.basename(path)} is of the figures of now", problem(path) is None, problem(path))
    with folder() as place:
        stale = os.path.join(place, os.path.basename(paths[0]))
        bench.write(bench.read(paths[0])[1:], stale)
        check("a file without one of the figures would be found", problem(stale))
    with open(page.PAGE, encoding="utf-8") as file:
        text = file.read()
    filled = [path for path in paths if page.filled(text, path) == text]
    check("docs/performance.md shows the table of one of them", len(filled) == 1, "`make bench-page` writes it anew")
    check("another table there would be found", all(page.filled(text, path) != text.replace("goals met", "goals met or not", 1) for path in paths))


def check_groups():
    with open(os.path.join(SOURCE, "scenarios/minusma.yaml"), encoding="utf-8") as file:
        text = file.read()
    with folder() as place:
        path = os.path.join(place, "groups.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(bench.more_groups(text, 128))
        few, many = (json.loads(run("check", name, "--json").out) for name in ("minusma", path))
    groups = [told["contingents"] + told["police_units"] + told["sections"] for told in (few, many)]
    check("the scenario with more groups has 128 in place of 53", groups == [53, 128], groups)
    check("and within 2 % as many individual-days", abs(many["individual_days"] / few["individual_days"] - 1) < 0.02, [few, many])


for part in (check_goals, check_table, check_results, check_groups):
    part()
finish()
