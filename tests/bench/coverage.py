# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the 95 % intervals of `run --replicates auto` hold the truth: RUNS small campaigns with seeds of their own, against
the mean of one large campaign. A stopping rule that peeks would cover too seldom; 93 to 97 % is what is wanted.

usage: PKOSIM=build/pkosim /usr/bin/python3 tests/bench/coverage.py [RUNS [TRUTH_REPLICATES]]
"""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("PKOSIM", "build/pkosim"))
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
TRUTH = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
SCENARIO = ["small", "--days", "60", "--no-groups"]
OUTCOMES = ["d", "plots/yr", "visits_requested/yr", "posture"]


def campaign(place, *words):
    command = [PROGRAM, "run", *SCENARIO, "--force", "--quiet", "--json", "--out", os.path.join(place, "run.h5"), *words]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def means(result):
    """{(outcome, regime): (mean, low, high)} and the number of replicates."""
    found = {}
    for outcome in result["outcomes"]:
        if outcome["name"] in OUTCOMES:
            for regime in outcome["regimes"]:
                found[outcome["name"], regime["regime"]] = (regime["mean"], regime["low"], regime["high"])
    return found


with tempfile.TemporaryDirectory() as place:
    truth = means(campaign(place, "--replicates", str(TRUTH), "--seed", "424242"))
    held, count = {key: 0 for key in truth}, 0
    for seed in range(1, RUNS + 1):
        named = [word for name in OUTCOMES for word in ("--outcome", name)]
        found = means(campaign(place, "--replicates", "auto", "--precision", "0.1", *named, "--seed", str(seed)))
        for key, (_, low, high) in found.items():
            held[key] += low <= truth[key][0] <= high
    for key, times in sorted(held.items()):
        print(f"{key[0]:22} {key[1]:9} {100 * times / RUNS:5.1f} %")
    share = 100 * sum(held.values()) / (RUNS * len(held))
    print(f"all {share:.1f} % of {RUNS} runs x {len(held)} intervals")
