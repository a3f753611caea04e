#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenario discovery of analysis/: a made-up campaign with a known box and known regrets, a real one, and what is refused."""
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
ANALYSIS = os.path.join(SOURCE, "analysis")
sys.path.insert(0, ANALYSIS)
from pkosim_analysis import discovery  # noqa: E402

POINTS, REPLICATES = 500, 4


def drawn(*words, cwd=None):
    """The module as a user calls it; a warning is an error."""
    return subprocess.run([sys.executable, "-B", "-W", "error", "-m", "pkosim_analysis.discovery", *words], capture_output=True, text=True,
                          cwd=cwd, env={**os.environ, "PYTHONPATH": ANALYSIS}, stdin=subprocess.DEVNULL, timeout=300)


def make(path, noise=0.05):
    """Deaths 10 under a; under b 8 where leak <= 0.4 and danger > 6, 12 elsewhere; the third parameter does nothing. Luck of a
    replicate is shared by the twins."""
    random = np.random.default_rng(1)
    unit = random.permuted(np.tile(np.arange(POINTS), (3, 1)), axis=1).T / POINTS + random.random((POINTS, 3)) / POINTS
    rows = []
    for point, (leak, danger, other) in enumerate(unit * [1, 10, 1]):
        for replicate in range(REPLICATES):
            luck = (5, -5, 2, -2)[replicate]
            for regime in ("a", "b"):
                deaths = 10 if regime == "a" else 8 if leak <= 0.4 and danger > 6 else 12
                rows.append([point, replicate, regime, 1, leak, danger, other, deaths + luck + noise * random.normal(), replicate])
    table = pd.DataFrame(rows, columns=["point", "replicate", "regime", "status", "leak", "danger.own", "other", "deaths/yr", "second"])
    table.to_csv(path, index=False)
    return table


def known(place):
    path = os.path.join(place, "made.csv")
    make(path)
    campaign = discovery.read(path)
    check("parameters are what a point has alike", campaign.parameters == ["leak", "danger.own", "other"] and campaign.outcomes == ["deaths/yr", "second"]
          and campaign.regimes == ["a", "b"], campaign.parameters)
    difference = discovery.differences(campaign, "deaths/yr", "b", "a")
    points = campaign.points()
    inside = (points.leak <= 0.4) & (points["danger.own"] > 6)
    check("twins: the luck of a replicate is gone", np.allclose(difference["mean"], np.where(inside, -2, 2), atol=0.2)
          and (difference.high - difference.low).max() < 0.6, difference.describe())
    cases = discovery.wins(difference["mean"], "less")
    check("the cases are those of the box", (cases == inside).all() and 60 < cases.sum() < 160, cases.sum())
    box, *more = discovery.boxes(points, cases)
    check("one box, two restricted parameters", not more and sorted(box.limits) == ["danger.own", "leak"], [str(b) for b in [box, *more]])
    check("with the right limits", abs(box.limits["leak"][1] - 0.4) < 0.02 and abs(box.limits["danger.own"][0] - 6) < 0.2
          and box.limits["leak"][0] == -np.inf and box.limits["danger.own"][1] == np.inf, box.limits)
    check("coverage and density are 1", box.coverage == 1 and box.density == 1 and box.points == cases.sum(), str(box))
    flipped = cases.copy()
    turned = np.random.default_rng(2).choice(POINTS, 50, replace=False)
    flipped.iloc[turned] = ~flipped.iloc[turned]
    found = discovery.boxes(points, flipped, depth=2)
    inside_box = (points.leak <= found[0].limits["leak"][1]) & (points["danger.own"] > found[0].limits["danger.own"][0])
    check("with a tenth turned over, the box stays and its numbers say so", 0.6 < found[0].coverage < 1 and 0.8 < found[0].density < 1
          and np.isclose(found[0].coverage, flipped[inside_box].sum() / flipped.sum()) and np.isclose(found[0].density, flipped[inside_box].mean()),
          [str(b) for b in found])
    more_is = discovery.wins(difference["mean"], "more")
    check("the other way round, the complement", (more_is == ~inside).all())


def regrets(place):
    campaign = discovery.read(os.path.join(place, "made.csv"))
    table = discovery.regret(campaign, "deaths/yr", "less", ["deaths/yr<=11.5", "second>=1"])
    points = campaign.points()
    share = ((points.leak <= 0.4) & (points["danger.own"] > 6)).mean()
    check("largest regrets", np.allclose(table.largest_regret, 2, atol=0.2), table)
    check("mean regrets and shares of the best", np.allclose(table.mean_regret, [2 * share, 2 * (1 - share)], atol=0.05)
          and np.allclose(table.best, [1 - share, share]), table)
    check("satisficing: a everywhere, b in the box", np.allclose(table.satisfies, [1.0, share]), table)
    check("more is better: regrets change sides", np.allclose(discovery.regret(campaign, "deaths/yr", "more").mean_regret, [2 * (1 - share), 2 * share], atol=0.05))


def shown(place):
    done = drawn("made.csv", "--outcome", "deaths/yr", "--better", "less", "--satisfy", "deaths/yr<=11.5", cwd=place)
    check("the command tells points, box and regret", done.returncode == 0 and done.stderr == "" and "b wins at " in done.stdout
          and re.search(r"coverage 1\.00, density 1\.00, 2 restricted, \d+ points: ", done.stdout) is not None
          and "largest_regret" in done.stdout and "satisfies most often: a" in done.stdout, done.stdout + done.stderr)
    check("it begins with what the model is for", done.stdout.startswith("What follows is about a model"))
    for words, piece in ((["made.csv", "--outcome", "deths", "--better", "less"], "there are deaths/yr"), (["made.csv", "--outcome", "second", "--better", "less", "--second", "c"], "no regime 'c'"),
                         (["none.csv", "--outcome", "x", "--better", "less"], "none.csv"), (["other.csv", "--outcome", "x", "--better", "less"], "no summary.csv"),
                         (["made.csv", "--outcome", "second", "--better", "less", "--satisfy", "second<3"], "no condition"), (["made.csv", "--outcome", "second"], "--better"),
                         (["made.csv", "--outcome", "second", "--better", "less", "--second", "a"], "two regimes")):
        with open(os.path.join(place, "other.csv"), "w", encoding="utf-8") as file:
            file.write("a,b\n1,2\n")
        done = drawn(*words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == 2 and piece in done.stderr and done.stderr.count("Traceback") == 0, done.stderr)


def real(place):
    """A campaign of the program: the parameters are those of its plan, failed runs are left out."""
    with open(os.path.join(place, "lhs.yaml"), "w", encoding="utf-8") as file:
        file.write("scenario: small\nsettings: {days: 60, scale: 0.05, record.groups: false}\nregimes: [minusma, monusco]\nreplicates: 2\n"
                   "design: latin_hypercube\nsize: 30\nparameters: {danger.own: , regime.monusco.leak: }\noutcomes: [leaked/yr, access, d]\n")
    run("sweep", "lhs.yaml", "--out", "lhs", "--quiet", cwd=place)
    campaign = discovery.read(os.path.join(place, "lhs/summary.csv"))
    check("a campaign of the program", campaign.parameters == ["danger.own", "regime.monusco.leak"] and campaign.regimes == ["minusma", "monusco"]
          and len(campaign.points()) == 30, campaign)
    done = drawn("lhs/summary.csv", "--outcome", "d", "--better", "less", cwd=place)
    check("and what the command says of it", done.returncode == 0 and "of 30 points" in done.stdout, done.stdout + done.stderr)


with folder() as home:
    known(home)
    regrets(home)
    shown(home)
    real(home)
finish()
