#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim compare`: pairs where files share their random numbers, Welch where not, and says which and why."""
import json
import math
import os
import re
import sys

import h5py
import numpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
RUNS = {
    "base": [], "cut": ["--set", "danger.own=0.3"], "longer": ["--replicates", "9"], "late": ["--first-replicate", "4"],
    "far": ["--first-replicate", "50"], "seed": ["--seed", "8"], "one": ["--regime", "open"], "silo": ["--regime", "silo"],
}


def values(path, regime):
    """Outcome → values of the runs of a regime."""
    with h5py.File(path) as file:
        place = [name.decode() for name in file["regime"][()]].index(regime)
        names = [name.decode() for name in file["outcome_name"][()]]
        return dict(zip(names, file["outcome"][place].T))


def near(one, other):
    if one is None or not math.isfinite(other):
        return one is None and not math.isfinite(other)
    return abs(one - other) <= 1e-9 * (1 + abs(other))


def compare(place, *words):
    done = run("compare", *words, "--json", cwd=place)
    return json.loads(done.out)["comparisons"] if done.returncode == 0 else done.err


def wrong_outcomes(found, first, second):
    """Names of outcomes whose numbers are not those that numpy finds."""
    wrong = []
    for outcome in found["outcomes"]:
        a, b = first[outcome["name"]], second[outcome["name"]]
        pairs = ~(numpy.isnan(a) | numpy.isnan(b)) if found["paired"] else None
        a_own, b_own = a[~numpy.isnan(a)], b[~numpy.isnan(b)]
        if found["paired"]:
            d = (b - a)[pairs]
            count, mean = len(d), d.mean() if len(d) else math.nan
            error = d.std(ddof=1) / math.sqrt(count) if count > 1 else math.nan
        else:
            count = min(len(a_own), len(b_own))
            mean = b_own.mean() - a_own.mean() if count else math.nan
            error = math.sqrt(a_own.var(ddof=1) / len(a_own) + b_own.var(ddof=1) / len(b_own)) if count > 1 else math.nan
        shown = outcome["difference"]
        sides = [near(outcome[side]["mean"], own.mean() if len(own) else math.nan) for side, own in (("first", a_own), ("second", b_own))]
        if not (all(sides) and shown["count"] == count and near(shown["mean"], mean) and near(shown["standard_error"], error)):
            wrong.append((outcome["name"], shown, count, mean, error))
    return wrong


def numbers(place):
    path = {name: os.path.join(place, f"{name}.h5") for name in RUNS}
    found = compare(place, "base.h5", "cut.h5")
    check("each regime that both hold", [c["first"]["regime"] for c in found] == ["minusma", "monusco"], found)
    check("settings may differ: paired", all(c["paired"] and c["why"].startswith("Paired: same scenario, seed 7") for c in found))
    check("it says what was set", "danger.own=0.3" in found[0]["second"]["settings"])
    for c in found:
        regime = c["first"]["regime"]
        wrong = wrong_outcomes(c, values(path["base"], regime), values(path["cut"], regime))
        check(f"the {len(c['outcomes'])} differences are those of the pairs", len(c["outcomes"]) > 300 and not wrong, wrong[:2])
    danger = next(o for o in found[0]["outcomes"] if o["name"] == "d")["difference"]
    check("and the effect is there", danger["low"] > 0 and danger["correlation"] > 0.5, danger)

    twins = compare(place, "base.h5:minusma", "base.h5:monusco")[0]
    again = json.loads(run("run", "small", *COMMON, "--json", "--out", "again.h5", cwd=place).out)["outcomes"]
    check("two regimes of one file are its twins", all(
        {k: v for k, v in a["difference"].items()} == {k: b["differences"][0][k] for k in a["difference"]}
        for a, b in zip(twins["outcomes"], again)) and len(again) == len(twins["outcomes"]))

    part = compare(place, "base.h5:minusma", "longer.h5")[0]
    check("replicates of one side only are left out", part["paired"] and "0 to 4" in part["why"] and "left out" in part["why"]
          and part["second"]["replicates"] == 9, part["why"])
    wrong = wrong_outcomes(part, values(path["base"], "minusma"),
                           {k: v[:5] for k, v in values(path["longer"], "minusma").items()})
    check("and not in the means", not wrong, wrong[:2])

    for name, why in (("seed", "the seeds differ (7 and 8)"), ("late", "only one replicate in common"), ("far", "no replicate in common"),
                      ("text", "texts of the scenarios differ. The seed is the same")):
        other = compare(place, "base.h5:minusma", f"{name}.h5:minusma")[0]
        check(f"not paired: {why}", not other["paired"] and why in other["why"], other["why"])
        wrong = wrong_outcomes(other, values(path["base"], "minusma"), values(os.path.join(place, f"{name}.h5"), "minusma"))
        check("and the differences are those of two samples", not wrong, wrong[:2])
        check("without a correlation", all(o["difference"]["correlation"] is None for o in other["outcomes"]))
    same = compare(place, "base.h5:minusma", "base.h5:minusma")[0]
    check("a file and itself do not differ", all(o["difference"]["mean"] in (0, None) for o in same["outcomes"]))


def screen(place):
    done = run("compare", "base.h5", "cut.h5", cwd=place)
    lines = done.out.splitlines()
    check("the table starts with what the model is for", done.returncode == 0 and lines[0].startswith("This model explores"), done.err)
    check("it says what was compared, and how", "First: minusma of base.h5" in done.out and "  set: danger.own=0.3" in done.out
          and done.out.count("Paired: ") == 2, done.out[:1500])
    check("it fits 100 columns", max(map(len, lines)) <= 100, [line for line in lines if len(line) > 100])
    check("ledgers by category only", re.search(r"^ [ab] of ", done.out, re.M) is None and len(re.findall(r" reinforcement,", done.out)) == 4)
    done = run("compare", "base.h5:minusma", "seed.h5:minusma", "--outcome", "access", "--outcome", "plots/yr", cwd=place)
    check("the outcomes asked for, in their order", re.search(r"\n access .*\n plots/yr .*\n$", done.out) is not None
          and "Welch" in done.out, done.out[-400:])
    done = run("compare", "one.h5", "silo.h5", cwd=place)
    check("files with one regime each need no names", "First: open of one.h5" in done.out and "Second: silo of" in done.out, done.err)


def refused(place):
    for words, code, piece in ((["base.h5"], 2, "which two files"), (["base.h5", "cut.h5", "cut.h5"], 2, "two files at a time"),
                               (["base.h5", "none.h5"], 74, "none.h5"), (["base.h5:opne", "one.h5"], 2, "'opne'"),
                               (["base.h5", "one.h5"], 2, "no regime in common"), (["base.h5:minusna", "cut.h5"], 2, "'minusma'"),
                               (["base.h5", "text.yaml"], 2, "text.yaml"), (["base.h5", "cut.h5", "--outcome", "acess"], 2, "'access'"),
                               (["base.h5", "cut.h5", "--outcome", "a of chad"], 2, "no result")):
        done = run("compare", *words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == code and piece in done.err and done.out == "", [done.returncode, done.err])
    with open(os.path.join(place, "base.h5"), "rb") as file:
        half = file.read()[:100000]
    with open(os.path.join(place, "half.h5"), "wb") as file:
        file.write(half)
    done = run("compare", "base.h5", "half.h5", cwd=place)
    check("a damaged file is refused", done.returncode != 0 and done.out == "", done.err)
    done = run("compare", "base.h5", "cut.h5", cwd=place, stdout=open("/dev/full", "w"))
    check("a full screen", done.returncode == 74, done.err)


COMMON = ["--days", "90", "--replicates", "5", "--quiet", "--scale", "0.2"]


def main():
    with folder() as place:
        for name, words in RUNS.items():
            done = run("run", "small", *COMMON, *words, "--out", f"{name}.h5", cwd=place)
            check(f"run {name}", done.returncode == 0, done.err)
        with open(os.path.join(SOURCE, "scenarios/small.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(place, "text.yaml"), "w", encoding="utf-8") as file:
            file.write("# changed\n" + text)
        run("run", "text.yaml", *COMMON, "--out", "text.h5", cwd=place)
        numbers(place)
        screen(place)
        refused(place)
    finish()


main()
