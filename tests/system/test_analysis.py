#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python package and the R script of analysis/: they open a run and refuse other files, the values behind the figures
are those that h5py reads, the smallest effects are the program's, and every figure is drawn without a warning.
"""
import csv
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

import h5py  # noqa: E402
import netCDF4  # noqa: E402
import numpy as np  # noqa: E402
from scipy import stats  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
ANALYSIS = os.path.join(SOURCE, "analysis")
sys.path.insert(0, ANALYSIS)
import pkosim_analysis as analysis  # noqa: E402
from pkosim_analysis import camp_map, figures, tables  # noqa: E402
from pkosim_analysis.__main__ import FIGURES  # noqa: E402
from matplotlib import pyplot  # noqa: E402

REGIMES = ["minusma", "monusco"]
NAMES = ["deaths", "access", "ledgers", "trust", "camps", "twins"]
WORDS = ["run", "small", "--days", "730", "--replicates", "4", "--every", "1", "--quiet", "--snapshots", "2018-08-01,2020-06-01",
         *(word for name in REGIMES for word in ("--regime", name))]


def drawn(*words):
    """The package as a user calls it; a warning is an error."""
    return subprocess.run([sys.executable, "-B", "-W", "error", "-m", "pkosim_analysis", *words], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": ANALYSIS}, stdin=subprocess.DEVNULL, timeout=300)


def refused(path):
    try:
        analysis.load(path).close()
    except (analysis.NotARun, FileNotFoundError) as error:
        return str(error)
    return ""


def close(one, other):
    return np.allclose(np.asarray(one, "float64"), np.asarray(other, "float64"), rtol=1e-9, atol=1e-12, equal_nan=True)


# --- Opening ---------------------------------------------------------------------------------------------------------

def opening(path):
    with analysis.load(path) as data:
        check("a run opens in one line", data.sizes["replicate"] == 4 and list(data.regime.values) == REGIMES, data.sizes)
    check("a file that is not there is refused", "there is no such file" in refused("nowhere.h5"), refused("nowhere.h5"))
    with open("text.h5", "w", encoding="utf-8") as file:
        file.write("no run\n" * 1000)
    check("a text is refused", "not a result file of pkosim" in refused("text.h5"), refused("text.h5"))
    with netCDF4.Dataset("foreign.h5", "w") as file:
        file.createDimension("replicate", 2)
        file.title = "temperatures"
    check("another's netCDF file is refused", "no pkosim_version" in refused("foreign.h5"), refused("foreign.h5"))
    shutil.copy(path, "later.h5")
    with h5py.File("later.h5", "r+") as file:
        version = file.attrs["schema_version"]
        file.attrs.modify("schema_version", version + 1)
    check("a later layout is refused", "schema_version 2; this package reads 1" in refused("later.h5"), refused("later.h5"))
    done = drawn("foreign.h5", "--out", "none")
    check("the command says so too, with status 2", done.returncode == 2 and "not a result file of pkosim" in done.stderr and
          "Traceback" not in done.stderr and not os.path.exists("none"), done.stderr)


# --- The values behind the figures ------------------------------------------------------------------------------------

def values(path, program):
    file = h5py.File(path)
    names = [name.decode() for name in file["outcome_name"][...]]
    start = datetime.date.fromisoformat(file.attrs["start"].decode() if isinstance(file.attrs["start"], bytes) else file.attrs["start"])
    years = np.array([(start + datetime.timedelta(days=int(day))).year for day in file["time"][...]])
    data = analysis.load(path)

    counts = [name for name in data.data_vars if data[name].attrs.get("kind") == "count"]
    wrong = [name for name in counts
             if not close(analysis.per_year(data[name]).sum("year").transpose(*(d for d in data[name].dims if d != "time")), file[name][...].astype("float64").sum(axis=2))]
    check(f"sums by year of {len(counts)} counts add up to the file's", counts and not wrong, wrong)
    by_year = analysis.per_year(data.deaths).transpose("regime", "replicate", "year")
    direct = np.stack([file["deaths"][..., years == year].sum(axis=2) for year in sorted(set(years))], axis=2)
    check("deaths of each calendar year are those of its records", list(by_year.year.values) == sorted(set(years)) and close(by_year, direct))
    exact = analysis.deaths_by_year(data)
    check("with records of each day they are the exact deaths by year", exact.sum() > 0 and close(exact, by_year), exact.values)
    check("the share of a year that the run covers",
          close(exact.covered, [184 / 365, 1, 181 / 366]), exact.covered.values)
    try:
        analysis.per_year(data.danger)
        check("a state is not summed", False)
    except ValueError as error:
        check("a state is not summed", "not a count" in str(error))

    deaths = file["outcome"][:, :, names.index("deaths 2019")]
    check("bands are quantiles over replicates",
          close(analysis.bands(exact.sel(year=2019)).transpose("regime", "quantile"), np.quantile(deaths, [.05, .25, .5, .75, .95], axis=1).T))
    access = file["outcome"][:, :, names.index("access_african")]
    check("access is the file's outcome", close(analysis.outcome(data, "access_african"), access) and np.isfinite(access).all())

    pairs = access[1] - access[0]
    test = stats.ttest_rel(access[1], access[0])
    half = stats.t.ppf(0.975, len(pairs) - 1) * stats.sem(pairs)
    found = analysis.twin_difference(analysis.outcome(data, "access_african"), *reversed(REGIMES))
    check("twin differences are paired, with Student's interval", close(found, [pairs.mean(), pairs.mean() - half, pairs.mean() + half]) and
          close(float(found[0]) / (half / stats.t.ppf(0.975, len(pairs) - 1)), test.statistic), found.values)
    some = analysis.outcome(data, "access_african").copy()
    some[0, 1:] = np.nan
    lone = analysis.twin_difference(some, *reversed(REGIMES))
    check("of one pair there is a mean and no interval", close(lone, [pairs[0], np.nan, np.nan]), lone.values)

    trust = file["trust_by_bloc"][...].astype("float64")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pairs that never are
        trust = np.nanmean(trust, axis=2)
    check("trust is the mean over time", close(figures.trust_means(data).transpose("regime", "replicate", "bloc", "toward_bloc"), trust))

    danger, people = (file[name][0, :, :, 0].astype("float64") for name in ("danger_by_camp", "people_by_camp"))
    weight = np.where(np.isnan(danger), 0, people)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(danger * weight, axis=(0, 1)) / weight.sum(axis=(0, 1))
    check("danger by camp is pooled over people", close(analysis.pooled_by_camp(data, "danger_by_camp", "minusma", "uniformed"), mean) and
          np.isfinite(mean).any(), mean)

    rows = {row["outcome"]: row for row in figures.differences(data)}
    effects = {}
    for one in walk(program):
        if "smallest_effect" in one:
            effects[one.get("name", one.get("outcome"))] = one["smallest_effect"]
    wrong = [f"{name}: {row['smallest']} against {effects.get(name)}" for name, row in rows.items() if not close(row["smallest"], effects.get(name, np.nan))]
    check(f"the smallest effects of {len(rows)} rows are the program's", len(rows) > 15 and not wrong, wrong)
    everything = {name for name, effect in effects.items() if effect is not None}
    listed = set(tables.outcomes().outcome)
    check("outcomes.csv lists every outcome that has one", everything and everything <= listed, everything - listed)

    counts = file["people_by_ledgers"][:, :, -1].sum(axis=1).astype("float64")
    shares = figures.ledger_shares(data.people_by_ledgers.isel(snapshot=-1)).transpose("regime", "category", "reinforcement_bin", "resistance_bin")
    check("the ledgers' joint density sums to 1 in each category", counts.sum() > 0 and
          close(shares, counts / counts.sum(axis=(2, 3), keepdims=True)) and close(shares.sum(("reinforcement_bin", "resistance_bin")), 1))
    record = tables.record_deaths("minusma")
    check("the record ends in 2018, and each row has its source", len(record) == 5 and record.year.max() == 2018 and record.source.str.len().min() > 10)
    moved = camp_map.apart(np.array([[0, 0], [0.01, 0], [0.02, 0.01], [5, 5]]), 0.6)
    gaps = [np.hypot(*(moved[i] - moved[j])) for i in range(4) for j in range(i)]
    check("camps on one spot are drawn apart, others stay", min(gaps) > 0.59 and close(moved[3], [5, 5]), gaps)
    data.close()
    file.close()


def walk(tree):
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from walk(part)


# --- The figures ------------------------------------------------------------------------------------------------------

def png(path):
    """Width, height and number of different rows of pixels of a PNG, from its bytes."""
    with open(path, "rb") as file:
        content = file.read()
    width, height = (int.from_bytes(content[at:at + 4], "big") for at in (16, 20))
    at, pixels = 8, b""
    while at < len(content):
        length, kind = int.from_bytes(content[at:at + 4], "big"), content[at + 4:at + 8]
        pixels += content[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw = zlib.decompress(pixels)
    return width, height, len({raw[k:k + len(raw) // height] for k in range(0, len(raw), len(raw) // height)})


def pictures(path):
    with analysis.load(path) as data:
        caveat, missing = " ".join(data.attrs["caveat"].split()), []
        for name, (make, _) in FIGURES.items():
            figure = make(data)
            missing += [] if caveat in " ".join(" ".join(text.get_text().split()) for text in figure.texts) else [name]
            pyplot.close(figure)
    check("every figure carries the caveat of the file", len(FIGURES) == 6 and len(caveat) > 200 and not missing, missing)
    done = drawn(path, "--out", "figures")
    check("all figures are drawn without a warning", done.returncode == 0 and done.stderr == "" and "left out" not in done.stdout, done.stdout + done.stderr)
    for name in NAMES:
        width, height, rows = png(f"figures/{name}.png") if os.path.exists(f"figures/{name}.png") else (0, 0, 0)
        check(f"{name}.png is as wide as a page and not empty", abs(width - 170 / 25.4 * 200) < 2 and height > 600 and rows > 100, (width, height, rows))
        with open(f"figures/{name}.svg", encoding="utf-8") as file:
            svg = file.read()
        check(f"{name}.svg is whole", svg.rstrip().endswith("</svg>") and len(svg) > 20000, len(svg))
    done = drawn(path, "--out", "again", "--only", "deaths", "--only", "camps")
    check("--only draws only that", done.returncode == 0 and sorted(os.listdir("again")) == ["camps.png", "camps.svg", "deaths.png", "deaths.svg"], done.stderr)
    same = [name for name in os.listdir("again") if open(f"again/{name}", "rb").read() == open(f"figures/{name}", "rb").read()]
    check("the same run gives the same bytes", len(same) == 4, same)

    alone = run("run", "small", "--days", "60", "--replicates", "1", "--regime", "minusma", "--quiet", "--no-groups", "--out", "alone.h5")
    done = drawn("alone.h5", "--out", "alone")
    left = re.findall(r"^(\w+): left out; it needs", done.stdout, flags=re.M)
    check("one regime, one replicate: what cannot be drawn is named", alone.returncode == 0 and done.returncode == 0 and "twins" in left and
          {"deaths.png", "trust.png", "camps.png"} <= set(os.listdir("alone")), done.stdout + done.stderr)
    three = run("run", "small", "--days", "100", "--replicates", "3", "--regime", "minusma", "--regime", "monusco", "--regime", "open",
                "--snapshots", "2018-08-01", "--quiet", "--out", "three.h5")
    done = drawn("three.h5", "--out", "three", "--dpi", "80")
    check("three regimes are drawn", three.returncode == 0 and done.returncode == 0 and len(os.listdir("three")) == 12, three.err + done.stdout + done.stderr)
    with open("wall", "w", encoding="utf-8"):
        pass
    done = drawn(path, "--out", "wall/figures", "--only", "deaths")
    check("a folder that cannot be made: status 74", done.returncode == 74 and "Traceback" not in done.stderr, done.stderr)


def documented(path):
    """The Python of docs/analysis.md runs as it stands."""
    with open(os.path.join(SOURCE, "docs/analysis.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```python\n(.*?)^```", file.read(), flags=re.S | re.M)
    os.symlink(ANALYSIS, "analysis")
    os.symlink(path, "minusma.h5")
    done = [subprocess.run([sys.executable, "-B", "-W", "error", "-c", block], capture_output=True, text=True, timeout=120) for block in blocks]
    check("the Python of docs/analysis.md runs", done and all(one.returncode == 0 for one in done), "".join(one.stderr for one in done))


def record_of_whole_years(path):
    """The record stands only in years that a run covers whole: half a year of deaths is not to be set against a year's."""
    with analysis.load(path) as data:
        data = data.assign_attrs(scenario_name="minusma", start="2016-07-01", days=730)
        data = data.assign_coords(outcome_name=[re.sub(r"^(deaths) (\d+)$", lambda m: f"deaths {int(m[2]) - 2}", name) for name in data.outcome_name.values])
        figure = figures.deaths_against_record(data)
        note = " ".join(word for text in figure.texts for word in text.get_text().split())
        ticks = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
        pyplot.close(figure)
    check("the record stands in whole years only", ticks == ["2016*", "2017", "2018*"] and "deliberate attacks in 2017, as counted" in note, (ticks, note))


def code_keeps_ledgers_apart():
    """No series of ledgers by group or bloc is read, in Python or R (ODD 7)."""
    text = ""
    for top, _, names in os.walk(ANALYSIS):
        for name in names:
            if name.endswith((".py", ".R")):
                with open(os.path.join(top, name), encoding="utf-8") as file:
                    text += file.read()
    check("no ledger by group or bloc is read", text and not re.search(r"(reinforcement|resistance)_by_(group|bloc)|[ab] of ", text))


def in_r(path):
    if not shutil.which("Rscript") or subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True, timeout=120).returncode:
        print("skip the R script: R with ncdf4 is not here (Debian: r-base-core r-cran-ncdf4)")
        return
    os.mkdir("r")
    done = subprocess.run(["Rscript", os.path.join(ANALYSIS, "first_look.R"), path, "r"], capture_output=True, text=True, timeout=120)
    check("the R script runs without a warning", done.returncode == 0 and "arning" not in done.stderr, done.stderr)
    with analysis.load(path) as data:
        for name, column in (("deaths", "year"), ("access", "name")):
            with open(f"r/r-{name}.csv", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            wrong = []
            for row in rows:
                values = data.outcome.sel(regime=row["regime"], outcome_name=f"deaths {row[column]}" if name == "deaths" else row[column])
                if not close([float(row[q]) for q in ("q05", "q25", "median", "q75", "q95")], analysis.bands(values)):
                    wrong.append(row)
            width, height, lines = png(f"r/r-{name}.png")
            check(f"R's {name} are the file's, and drawn", len(rows) >= 6 and not wrong and width > 1300 and height > 700 and lines > 60, wrong or (width, height, lines))


def main():
    with folder() as place:
        os.chdir(place)
        done = run(*WORDS, "--json", "--out", "run.h5")
        check("a small run", done.returncode == 0, done.err)
        opening("run.h5")
        values("run.h5", json.loads(done.out))
        pictures("run.h5")
        record_of_whole_years("run.h5")
        documented("run.h5")
        code_keeps_ledgers_apart()
        in_r("run.h5")
        os.chdir("/")
    finish()


main()
