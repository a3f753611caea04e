# SPDX-License-Identifier: GPL-3.0-or-later
"""The worked example of CONTRIBUTING.md, "Adding a mechanism", applied to a copy of the source: the three places that it
names are enough for a program that knows, checks, shows and runs the new process."""
import json
import os
import re
import shutil
import subprocess
import tempfile

from checks import check, finish

SOURCE = os.environ.get("PKO_SOURCE", ".")
HOMES = {"parameters.def": "src/model/parameters.def", "schedule.def": "src/process/schedule.def",
         "respite.c": "src/process/respite.c"}


def blocks():
    text = open(os.path.join(SOURCE, "CONTRIBUTING.md")).read()
    return dict(re.findall(r"^```c (\S+)\n(.*?)^```$", text, re.M | re.S))


def apply(tree, name, block):
    """A process is a new file; its parameters stand before the rules, its row at the end of the day."""
    path = os.path.join(tree, HOMES[name])
    if name.endswith(".c"):
        open(path, "w").write(block)
        return
    text = open(path).read()
    before = "\nPKO_RULE(" if name == "parameters.def" else "PKO_PROCESS(10,"
    at = text.index(before)
    open(path, "w").write(text[:at] + ("\n" if name == "parameters.def" else "") + block + text[at:])


def run(program, *words):
    return subprocess.run([program, *words], cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def danger(program, *settings):
    table = os.path.join(place, "observables.csv")
    done = run(program, "run", "small", "--replicates", "2", "--days", "120", "--force", "--quiet", "--observables", table,
               *settings)
    rows = [line.split(",") for line in open(table)] if done.returncode == 0 else []
    return next((float(row[2]) for row in rows if row[:2] == ["d", "minusma"]), None), done.stderr


with tempfile.TemporaryDirectory(prefix="pkosim-") as place:
    found = blocks()
    check("CONTRIBUTING.md shows the three places", sorted(found) == sorted(HOMES), sorted(found))
    tree = os.path.join(place, "tree")
    for top in ("include", "src", "scenarios"):
        shutil.copytree(os.path.join(SOURCE, top), os.path.join(tree, top))
    os.makedirs(os.path.join(tree, "tests"))
    shutil.copytree(os.path.join(SOURCE, "tests", "check"), os.path.join(tree, "tests", "check"))
    shutil.copy(os.path.join(SOURCE, "Makefile"), tree)
    for name, block in found.items():
        apply(tree, name, block)
    built = subprocess.run(["make", "-j2", "build", f"BUILD={tree}/build", "OPT=-O1"], cwd=tree, capture_output=True,
                           text=True, stdin=subprocess.DEVNULL)
    check("the copy builds without a warning", built.returncode == 0, built.stderr)
    program = os.path.join(tree, "build", "pkosim")
    if built.returncode == 0:
        shown = run(program, "parameters", "--json")
        check("the program lists the new parameters", "respite.relief" in shown.stdout and json.loads(shown.stdout), shown.stderr)
        refused = run(program, "run", "small", "--set", "respite.relief=2")
        check("and checks their range", refused.returncode == 2 and "respite.relief" in refused.stderr, refused.stderr)
        usual, message = danger(program, "--set", "respite.relief=0")
        check("without relief it runs", usual is not None and 0 < usual < 1, message)
        without = danger(os.environ.get("PKOSIM", "build/pkosim"))[0]
        check("and changes nothing", usual == without, (usual, without))
        daily = danger(program, "--set", "respite.relief=1", "--set", "respite.interval_days=1")[0]
        check("with full relief every day only the day's arrivals feel in danger", 0 < daily < usual / 50, daily)
finish()
