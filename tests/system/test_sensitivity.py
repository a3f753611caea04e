#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim sensitivity`: the indices that numpy and scipy find in summary.csv, and what it refuses."""
import json
import os
import re
import shutil
import sys

import numpy
import pandas
from scipy import stats

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

CAMPAIGN = """scenario: small
settings: {days: 60, scale: 0.05, record.groups: false}
regimes: [minusma, monusco]
replicates: 3
seed: 9
design: %s
%s
parameters:
  danger.own: {range: [0.01, 0.2]}
  danger.memory_days: {range: [10, 60]}
  cross_trust.gain: {range: [0, 0.1]}
outcomes: [d, access, x]
"""
DESIGNS = {"morris": "size: 8", "sobol": "size: 32", "latin_hypercube": "size: 60", "grid": "levels: 2", "one_at_a_time": "levels: 2"}


def near(one, other, tolerance=1e-7):
    if one is None or not numpy.isfinite(other):
        return one is None and not numpy.isfinite(other)
    return abs(one - other) <= tolerance * (1 + abs(other))


def read(place, design):
    """(outcome, regime, minus) → values [point, replicate]; the parameters [point, factor]."""
    table = pandas.read_csv(os.path.join(place, design, "summary.csv"))
    factors = table.groupby("point")[["danger.own", "danger.memory_days", "cross_trust.gain"]].first().to_numpy()
    found = {}
    for outcome in ("d", "access", "x"):
        by = {regime: rows.pivot(index="point", columns="replicate", values=outcome).to_numpy() for regime, rows in table.groupby("regime")}
        for regime, values in by.items():
            found[outcome, regime, None] = values
        found[outcome, "monusco", "minusma"] = by["monusco"] - by["minusma"]
    return found, factors


def morris(values, units):
    """mu, mu*, sigma and noise by factor, from the points themselves."""
    effects = [[] for _ in range(units.shape[1])]
    for first in range(0, len(units), units.shape[1] + 1):
        for k in range(first, first + units.shape[1]):
            step = units[k + 1] - units[k]
            factor, = numpy.nonzero(step)[0]
            effects[factor].append((values[k + 1] - values[k]) / step[factor])
    return [(e.mean(), numpy.abs(e.mean(axis=1)).mean(), e.mean(axis=1).std(ddof=1), numpy.sqrt((e.var(axis=1, ddof=1) / e.shape[1]).mean()))
            for e in map(numpy.array, effects)]


def sobol(values, factors):
    """First and total by factor; the noise of the replicates taken out of each product."""
    blocks = values.reshape(-1, factors + 2, values.shape[1])
    a, b, count = blocks[:, 0], blocks[:, 1], values.shape[1]

    def noise(one, other):
        return numpy.mean([numpy.cov(x, y)[0, 1] for x, y in zip(one, other)]) / count
    points = numpy.concatenate([a.mean(axis=1), b.mean(axis=1)])
    variance = points.var() - noise(b - a, b - a) / 2
    found = []
    for k in range(factors):
        mixed = blocks[:, 2 + k]
        step = (mixed - a).mean(axis=1)
        first = ((b.mean(axis=1) - points.mean()) * step).mean() - noise(b, mixed - a)
        total = (step ** 2).mean() - noise(mixed - a, mixed - a)
        found.append((first / variance, total / 2 / variance) if variance > 0 else (numpy.nan, numpy.nan))
    return found


def rank(values, units):
    """Spearman's correlation, and the partial one from residuals of ranks."""
    y = stats.rankdata(values.mean(axis=1))
    x = numpy.apply_along_axis(stats.rankdata, 0, units)
    found = []
    for k in range(x.shape[1]):
        others = numpy.column_stack([numpy.ones(len(y)), numpy.delete(x, k, axis=1)])
        left = [column - others @ numpy.linalg.lstsq(others, column, rcond=None)[0] for column in (x[:, k], y)]
        found.append((stats.spearmanr(units[:, k], values.mean(axis=1))[0], numpy.corrcoef(*left)[0, 1]))
    return found


def wrong_indices(design, values, units, shown):
    names, expected = {"morris": (("mu", "mu_star", "sigma", "noise"), morris), "sobol": (("first", "total"), lambda v, u: sobol(v, u.shape[1])),
                       "latin_hypercube": (("spearman", "partial"), rank)}[design]
    wrong = []
    for parameter, row in zip(shown["parameters"], expected(values, units)):
        for name, number in zip(names, row):
            value = parameter[name] if name == "noise" else parameter[name]["value"]
            if not near(value, number):
                wrong.append((parameter["parameter"], name, value, number))
            low, high = (None, None) if name == "noise" else (parameter[name]["low"], parameter[name]["high"])
            if (low is None) != (high is None) or low is not None and low > high:
                wrong.append((parameter["parameter"], name, "interval"))
    return wrong


def numbers(place, design):
    done = run("sensitivity", design, "--json", cwd=place)
    if not check(f"{design}: it runs", done.returncode == 0 and done.err == "", done.err):
        return
    shown = json.loads(done.out)["sensitivities"]
    values, factors = read(place, design)
    units = (factors - [0.01, 10, 0]) / [0.19, 50, 0.1]
    check(f"{design}: three outcomes under two regimes, and their differences", [(s["name"], s["regime"], s["minus"]) for s in shown]
          == [(o, r, m) for o in ("d", "access", "x") for r, m in (("minusma", None), ("monusco", None), ("monusco", "minusma"))])
    for s in shown:
        of = values[s["name"], s["regime"], s["minus"]]
        name = f"{design}: {s['name']} of {s['regime']}" + (f" - {s['minus']}" if s["minus"] else "")
        whole = ~numpy.isnan(of).any(axis=1)
        parts, kept = s["variance"], of[whole]
        if s["points"] != whole.sum():
            check(f"{name}: points", False, [s["points"], whole.sum()])
        if whole.all():
            wrong = wrong_indices(design, of, numpy.round(units * 3) / 3 if design == "morris" else units, s)
            rest = ((kept - kept.mean(axis=1, keepdims=True) - kept.mean(axis=0) + kept.mean()) ** 2).sum() / (len(kept) - 1) / (kept.shape[1] - 1)
            if not near(parts["rest"], rest):
                wrong.append(("noise", parts, rest))
            check(f"{name}: the indices are those of numpy", not wrong, wrong[:3])
    danger = next(s for s in shown if s["name"] == "d")
    index = {"morris": "mu_star", "sobol": "total", "latin_hypercube": "partial"}[design]
    sizes = [abs(p[index]["value"]) for p in danger["parameters"]]
    check(f"{design}: danger hangs on danger.own more than on trust", sizes[0] > 5 * sizes[2], sizes)


def screens(place):
    done = run("sensitivity", "morris", "--outcome", "d", cwd=place)
    lines = done.out.splitlines()
    check("the screen begins with what the model is for", done.returncode == 0 and lines[0].startswith("This model explores"), done.err)
    check("three tables, the most influential parameter first", len(re.findall(r"^under ", done.out, re.M)) == 3
          and re.search(r"^under minusma\n.*\n danger\.own ", done.out, re.M) is not None, done.out[-900:])
    check("it tells noise from parameters", done.out.count("Variance of one run: ") == 3)
    check("it fits 100 columns", max(map(len, lines)) <= 102, max(lines, key=len))


def refused(place):
    for words, code, piece in (([], 2, "which directory"), (["grid"], 2, "has the design grid"), (["one_at_a_time"], 2, "latin_hypercube"),
                               (["morris", "--index", "sobol"], 2, "gives morris"), (["sobol", "--index", "rank"], 2, "gives sobol"),
                               (["morris", "--index", "shapley"], 2, "not 'shapley'"), (["morris", "--outcome", "acess"], 2, "'access'"),
                               (["none"], 74, "none"), (["morris", "sobol"], 2, "one too many")):
        done = run("sensitivity", *words, cwd=place)
        check(f"refused: {' '.join(words) or 'nothing'}", done.returncode == code and piece in done.err and done.out == "", [done.returncode, done.err])


def damaged(place):
    """A table that is not the campaign's is told by its line; runs that failed are left out."""
    path = os.path.join(place, "spoilt", "summary.csv")
    shutil.copytree(os.path.join(place, "morris"), os.path.join(place, "spoilt"))
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    head, row = lines[0].split(","), lines[9].split(",")
    for name, change, piece in (("a column", [",".join(["point", "replicate", "regime", "status", "danger.onw", *head[5:]]), *lines[1:]], "summary.csv:1: column 'danger.onw'"),
                                ("a parameter", [*lines[:9], ",".join([*row[:4], "0.5", *row[5:]]), *lines[10:]], "summary.csv:10: parameter '0.5'"),
                                ("a regime", [*lines[:9], ",".join([*row[:2], "silo", *row[3:]]), *lines[10:]], "regime 'silo'"),
                                ("no number", [*lines[:9], ",".join([*row[:-1], "1x"]), *lines[10:]], "number '1x'"),
                                ("a row twice", [*lines[:9], lines[8], *lines[10:]], "summary.csv:10: second row"),
                                ("a row less", lines[:-1], "of 192 runs"), ("nothing", [], "0 rows")):
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in change))
        done = run("sensitivity", "spoilt", cwd=place)
        check(f"damaged: {name}", done.returncode == 2 and piece in done.err and done.err.count("\n") == 1 and done.out == "", [done.returncode, done.err])
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in [*lines[:9], ",".join([*row[:3], "2", *row[4:7], "", "", ""]), *lines[10:]]))
    done = run("sensitivity", "spoilt", "--json", "--outcome", "d", cwd=place)
    shown = json.loads(done.out)["sensitivities"] if done.returncode == 0 else []
    check("a failed run: told, and its point left out", "1 of 192 runs failed" in done.err and [s["points"] for s in shown] in ([31, 32, 31], [32, 31, 31]),
          [done.err, [s["points"] for s in shown]])
    os.remove(path)
    done = run("sensitivity", "spoilt", cwd=place)
    check("no table: 74, and how to make it", done.returncode == 74 and "pkosim merge" in done.err, done.err)


with folder() as home:
    for kind, size in DESIGNS.items():
        with open(os.path.join(home, f"{kind}.yaml"), "w", encoding="utf-8") as text:
            text.write(CAMPAIGN % (kind, size))
        swept = run("sweep", f"{kind}.yaml", "--out", kind, "--quiet", cwd=home)
        check(f"sweep {kind}", swept.returncode == 0, swept.err)
        if kind in ("morris", "sobol", "latin_hypercube"):
            numbers(home, kind)
    screens(home)
    refused(home)
    damaged(home)
finish()
