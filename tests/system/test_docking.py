#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Docking: `small` with 40 replicates against the means of an independent implementation (targets/README.md).

A line is an outcome under a regime; its distance is the difference of the two means in joint standard errors. At each seed at least
90 % of the lines lie within 2, at most 1 % beyond 3.5 and none beyond 5; no line lies beyond 3 at all three seeds. Where both
errors are 0 the means are constants, and equal in six digits.
"""
import csv
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SEEDS = (7, 8, 9)
REPLICATES = 40
NEAR, NEAR_SHARE = 2.0, 0.90
FAR, FAR_SHARE = 3.5, 0.01
LIMIT = 5.0
AGAIN = 3.0  # never beyond it at every seed
TARGETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets", "expected-small.csv")


def table(path):
    """A table of means as {(observable, regime): (mean, standard error)}; NaN where a run does not define it."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = {(row["observable"], row["regime"]): (float(row["mean"] or "nan"), float(row["se"] or "nan")) for row in rows}
    check(f"{os.path.basename(path)}: no line twice", len(lines) == len(rows), f"{len(rows)} rows, {len(lines)} lines")
    return lines


def compare(wanted, found):
    """Distances of all lines that are not constants, and the constants that differ."""
    distances, differing = {}, []
    for line, (mean, error) in wanted.items():
        own_mean, own_error = found.get(line, (math.nan, math.nan))
        joint = math.hypot(error, own_error)
        if joint > 0:
            distances[line] = (own_mean - mean) / joint
        elif math.isnan(joint):
            distances[line] = math.inf  # a line without a value agrees with nothing
        elif f"{mean:.6g}" != f"{own_mean:.6g}":
            differing.append((line, mean, own_mean))
    return distances, differing


def show(seed, distances, wanted, found):
    """The ten lines furthest away."""
    for line in sorted(distances, key=lambda k: -abs(distances[k]))[:10]:
        mean, error = found.get(line, (math.nan, math.nan))
        print(f"     seed {seed} {distances[line]:+6.2f}  {', '.join(line):50s} {mean:.6g} ± {error:.3g}"
              f" against {wanted[line][0]:.6g} ± {wanted[line][1]:.3g}")


def at_seed(place, seed, wanted):
    name = f"seed-{seed}.csv"
    done = run("run", "small", "--replicates", str(REPLICATES), "--seed", str(seed), "--observables", name, "--out", f"seed-{seed}.h5",
               "--quiet", cwd=place)
    if not check(f"seed {seed}: the program ran", done.returncode == 0, f"exit {done.returncode}: {done.err}"):
        return {}
    found = table(os.path.join(place, name))
    missing = [line for line in wanted if line not in found or math.isnan(found[line][0])]
    check(f"seed {seed}: every target has a value", not missing, missing)
    distances, differing = compare(wanted, found)
    near = sum(abs(z) <= NEAR for z in distances.values())
    far = sum(abs(z) > FAR for z in distances.values())
    beyond = [(line, z) for line, z in distances.items() if abs(z) > LIMIT]
    count = len(distances)
    print(f"     seed {seed}: {count} lines, {near} within {NEAR} joint standard errors, {far} beyond {FAR}, {len(beyond)} beyond {LIMIT};"
          f" {len(wanted) - count} constants")
    show(seed, distances, wanted, found)
    check(f"seed {seed}: at least 90 % of the lines within 2", near >= NEAR_SHARE * count, f"{near} of {count}")
    check(f"seed {seed}: at most 1 % of the lines beyond 3.5", far <= FAR_SHARE * count, f"{far} of {count}")
    check(f"seed {seed}: no line beyond 5", not beyond, beyond)
    check(f"seed {seed}: constants equal in six digits", not differing, differing)
    return distances


def main():
    wanted = table(TARGETS)
    check("the targets are there", len(wanted) > 500, len(wanted))
    with folder() as place:
        seeds = [at_seed(place, seed, wanted) for seed in SEEDS]
    again = [line for line in wanted if all(abs(distances.get(line, 0.0)) > AGAIN for distances in seeds)]
    check("no line beyond 3 at all seeds", not again, again)
    finish()


main()
