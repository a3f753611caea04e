#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns from outside: what a sweep leaves, how it is read, what is refused."""
import csv
import glob
import json
import os
import re
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, digest, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
SMOKE = os.path.join(SOURCE, "scenarios/campaigns/smoke.yaml")
TINY = """scenario: small
settings: {days: 40, scale: 0.05, record.groups: false}
replicates: %d
seed: 5
design: latin_hypercube
size: %d
parameters:
  danger.own: {range: [0.01, 0.2], scale: log}
  contingents.burkina_faso.escort: {range: [0.05, 0.4]}
outcomes: [deaths/yr, d, access]
series: [posture]
shard: %d
"""


def write(place, name, text):
    path = os.path.join(place, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def planned(place):
    """--dry-run tells the size and writes nothing."""
    done = run("sweep", SMOKE, "--dry-run", cwd=place)
    check("the dry run counts points, runs and shards", done.returncode == 0 and "30 points" in done.out and "180 runs" in done.out, done.out)
    check("the dry run tells time and disk", re.search(r"^time: [0-9:]+ on [0-9]+ thread", done.out, re.M) and "disk: results" in done.out, done.out)
    check("notes on the scenario are told, and not with --quiet", "snapshot" in done.err and run("sweep", SMOKE, "--dry-run", "--no-calibrate", "--quiet").err == "", done.err)
    check("the dry run writes nothing", os.listdir(place) == [], os.listdir(place))
    large = write(place, "large.yaml", TINY % (4, 100000, 100) + "description: large\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("sweep", large, "--dry-run", "--no-calibrate")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    check("100,000 points are planned in under a second", done.returncode == 0 and "100000 points" in done.out and seconds < 1.0, [seconds, done.out])
    for path in sorted(glob.glob(os.path.join(SOURCE, "scenarios/campaigns/*.yaml"))):
        done = run("sweep", path, "--dry-run", "--no-calibrate", "--quiet")
        check(f"{os.path.basename(path)} is a campaign", done.returncode == 0 and done.err == "", done.err)


def documented(place):
    """The campaign of docs/sweeps.md is one, and its numbers of a design are right."""
    with open(os.path.join(SOURCE, "docs/sweeps.md"), encoding="utf-8") as file:
        page = file.read()
    example = write(place, "example.yaml", page.split("```yaml campaign\n")[1].split("```")[0])
    done = run("sweep", example, "--dry-run", "--no-calibrate", "--quiet")
    check("the example of docs/sweeps.md is a campaign", done.returncode == 0 and done.err == "" and "20 points" in done.out, done.err + done.out)
    for design, points in (("sobol\nsize: 8", 8 * 4), ("morris\nsize: 8", 8 * 3), ("latin_hypercube\nsize: 8", 8), ("grid\nlevels: 3", 9), ("one_at_a_time\nlevels: 3", 7)):
        done = run("sweep", write(place, "design.yaml", (TINY % (2, 8, 1)).replace("latin_hypercube\nsize: 8", design)), "--dry-run", "--no-calibrate")
        check(f"{design.split()[0]} has {points} points", f" {points} points " in done.out, done.out + done.err)


def read(place):
    """The same numbers in summary.csv, campaign.h5, its copy, and from `pkosim run` at one point."""
    import numpy
    import xarray
    out = os.path.join(place, "smoke")
    done = run("sweep", SMOKE, "--out", out, "--quiet")
    check("the smoke campaign runs", done.returncode == 0 and done.err == "", done.err)
    rows = rows_of(os.path.join(out, "summary.csv"))
    check("summary.csv has a row for each run, all done", len(rows) == 180 and {row["status"] for row in rows} == {"1"}, len(rows))
    data = xarray.open_dataset(os.path.join(out, "campaign.h5"), engine="h5netcdf")
    check("campaign.h5 has the dimension point", dict(data.outcome.sizes) == {"point": 30, "regime": 2, "replicate": 3, "outcome_name": 7},
          dict(data.outcome.sizes))
    check("the parameters are coordinates along it", all(data[name].dims == ("point",) and name in data.coords for name in
          ("danger.own", "regime.minusma.leak", "contingents.burkina_faso.escort", "cross_trust.gain")), list(data.coords))
    same = True
    for row in rows:
        cell = data.outcome.sel(point=int(row["point"]), regime=row["regime"], replicate=int(row["replicate"]))
        for name in ("deaths/yr", "access", "late_posture"):
            value = float(cell.sel(outcome_name=name))
            same &= row[name] == "" and numpy.isnan(value) or row[name] != "" and float(row[name]) == value
        same &= float(row["danger.own"]) == float(data["danger.own"].sel(point=int(row["point"])))
    check("both say the same", same)
    late = data.posture.sel(time=slice("2018-09-01", None)).mean("time")
    gap = abs(late - data.outcome.sel(outcome_name="late_posture")).max()
    check("a window is the mean of its records", float(gap) < 1e-6, float(gap))
    trial(place, rows)
    check("the netCDF4 reader opens it too", xarray.open_dataset(os.path.join(out, "campaign.h5"), engine="netcdf4").status.sum() == 180)
    copy = os.path.join(place, "copy.h5")
    done = run("merge", out, "--copy", copy)
    check("merge --copy", done.returncode == 0 and digest(copy) == digest(os.path.join(out, "campaign.h5")), done.err)
    moved = os.path.join(place, "moved")
    os.rename(out, moved)
    check("a directory may be moved", digest(os.path.join(moved, "campaign.h5")) == digest(copy))
    os.rename(os.path.join(moved, "shards"), os.path.join(moved, "elsewhere"))
    check("the copy holds its data itself, campaign.h5 does not", digest(os.path.join(moved, "campaign.h5")) != digest(copy))


def trial(place, rows):
    """A run of a campaign is the run that `pkosim run` makes with these settings."""
    row = rows[77]
    names = ("danger.own", "regime.minusma.leak", "contingents.burkina_faso.escort", "cross_trust.gain")
    settings = [word for name in names for word in ("--set", f"{name}={row[name]}")]
    done = run("run", "small", "--days", "120", "--scale", "0.1", "--no-groups", "--seed", "1", "--first-replicate", row["replicate"],
               "--replicates", "1", "--json", "--quiet", "--out", "one.h5", *settings, cwd=place)
    import h5py
    with h5py.File(os.path.join(place, "one.h5")) as file:
        outcomes = [name.decode() for name in file["outcome_name"][:]]
        regimes = [name.decode() for name in file["regime"][:]]
        value = file["outcome"][regimes.index(row["regime"]), 0, outcomes.index("d")]
    check("a run of a campaign is that of pkosim run", done.returncode == 0 and float(row["d"]) == value, [row["d"], value, done.err])


def divided(place):
    """Threads, parts of an array of jobs, shards of any size, and a later second process: the same data."""
    wanted = None
    for shard, name in ((1, "one"), (2, "two"), (3, "three"), (40, "all")):
        campaign = write(place, f"{name}.yaml", TINY % (4, 10, shard))
        out = os.path.join(place, name)
        threads = "1" if shard == 2 else "2"
        done = run("sweep", campaign, "--out", out, "--threads", threads, "--quiet")
        found = digest(os.path.join(out, "campaign.h5"))
        wanted = wanted or found
        check(f"shards of {shard} on {threads} threads", done.returncode == 0 and found == wanted and found.startswith("sha256:"), done.err)
    shards = len(os.listdir(os.path.join(place, "one/shards")))
    check("shards were of different sizes", shards == 40 and len(os.listdir(os.path.join(place, "all/shards"))) == 1, shards)
    campaign, out = os.path.join(place, "one.yaml"), os.path.join(place, "array")
    for task in range(3):
        done = run("sweep", campaign, "--out", out, "--task", f"{task}/3", "--quiet")
        check(f"task {task} of 3", done.returncode == 0 and "pkosim merge" in done.out, done.err)
        if task == 1:
            part = run("merge", out)
            lines = rows_of(os.path.join(out, "summary.csv"))
            missing = sum(row["status"] == "0" and row["d"] == "" for row in lines)
            check("merge of a part: status 75, the rest is missing", part.returncode == 75 and len(lines) == 80 and missing == 26, [part.err, missing])
    done = run("merge", out)
    check("an array of three jobs makes the same", done.returncode == 0 and digest(os.path.join(out, "campaign.h5")) == wanted, done.err)
    return wanted


def many(place):
    """1,200 shards at 256 open files: put together, no value missing, and a campaign cut short is still read."""
    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    text = TINY.replace("days: 40", "days: 8").replace("scale: 0.05", "scale: 0.02")
    campaign, whole = write(place, "many.yaml", text % (3, 400, 1)), write(place, "whole.yaml", text % (3, 400, 100000))
    out = os.path.join(place, "many")
    done = run("sweep", campaign, "--out", out, "--task", "0/2", "--quiet", before=few_files)
    part = run("merge", out, before=few_files)
    check("half of 1,200 shards, merged", done.returncode == 0 and part.returncode == 75 and "1200 runs are missing" in part.err, part.err)
    check("what is not complete stays in shards", len(glob.glob(os.path.join(out, "shards/shard-*.h5"))) == 600)
    done = run("sweep", campaign, "--out", out, "--quiet", before=few_files)
    files = os.listdir(os.path.join(out, "shards"))
    check("the rest, and all put together in at most 200 files", done.returncode == 0 and len(files) <= 200 and all(
        name.startswith("block-") for name in files), [done.err, len(files)])
    run("sweep", whole, "--out", os.path.join(place, "whole"), "--quiet")
    shown = run("show", os.path.join(out, "campaign.h5"), "--digest", before=few_files).out.strip()
    check("no value is missing at 256 open files", shown == digest(os.path.join(place, "whole/campaign.h5")) and shown, shown)
    script = f"import xarray; d = xarray.open_dataset({out!r} + '/campaign.h5', engine='h5netcdf'); print(int((d.status == 1).sum()), int(d.posture.isnull().sum()))"
    read_back = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, preexec_fn=few_files)
    check("nor in xarray", read_back.stdout.split() == ["2400", "0"], read_back.stdout + read_back.stderr)
    again = run("sweep", campaign, "--out", out, "--quiet", before=few_files)
    check("a complete campaign is not begun again", again.returncode == 0 and sorted(os.listdir(os.path.join(out, "shards"))) == sorted(files), again.err)


def failing(place):
    """A run that a point does not allow is missing, with its reason, and tried again."""
    text = TINY % (2, 1, 1)
    text = text.replace("design: latin_hypercube\nsize: 1", "design: grid\nlevels: 3").replace(
        "{range: [0.05, 0.4]}", "{values: [0.1, 0.7]}\n  contingents.burkina_faso.patrol: {values: [0.1, 0.5]}")
    campaign, out = write(place, "failing.yaml", text), os.path.join(place, "failing")
    done = run("sweep", campaign, "--out", out, "--quiet")
    check("a failed run is told with its reason", done.returncode == 0 and done.err.count("\n") == 1 and "12 runs failed" in done.err
          and "patrol 0.5 and escort 0.7 are more than 1" in done.err, done.err)
    rows = rows_of(os.path.join(out, "summary.csv"))
    bad = [row for row in rows if row["contingents.burkina_faso.escort"] == "0.7" and row["contingents.burkina_faso.patrol"] == "0.5"]
    check("it is missing with status 2, and no other", len(bad) == 12 and all((row["status"] == "2" and row["d"] == "") == (row in bad) for row in rows), bad[:1])
    marked = sorted(os.path.basename(path) for path in glob.glob(os.path.join(out, "shards/*-failed.h5")))
    check("its shards are marked", len(marked) == 6, marked)
    before = {name: os.stat(os.path.join(out, "shards", name)).st_ino for name in os.listdir(os.path.join(out, "shards"))}
    done = run("sweep", campaign, "--out", out, "--quiet")
    after = {name: os.stat(os.path.join(out, "shards", name)).st_ino for name in os.listdir(os.path.join(out, "shards"))}
    check("the next start tries it again, and no other", done.returncode == 0 and {name for name in before if before[name] != after.get(name)} == set(marked),
          [before, after])
    shown = json.loads(run("status", out, "--json").out)
    check("status counts it", shown["shards_failed"] == 6 and shown["shards_done"] == 18 and shown["runs"] == 48, shown)


def refused(place):
    """What does not fit is refused with what differs, and nothing is changed."""
    campaign, out = write(place, "mine.yaml", TINY % (2, 3, 1)), os.path.join(place, "mine")
    run("sweep", campaign, "--out", out, "--quiet")
    state = sorted(os.listdir(out) + os.listdir(os.path.join(out, "shards")))
    other = write(place, "other.yaml", (TINY % (2, 3, 1)).replace("seed: 5", "seed: 6"))
    done = run("sweep", other, "--out", out, "--quiet")
    check("another campaign in the same directory", done.returncode == 2 and "seed is '6', there it is '5'" in done.err and done.err.count("\n") == 1, done.err)
    with open(os.path.join(out, "plan.txt"), encoding="utf-8") as file:
        plan = file.read()
    write(out, "plan.txt", re.sub("version: .*", "version: 0.0.9", plan))
    done = run("sweep", campaign, "--out", out)
    check("another version of the program", done.returncode == 2 and "there it is '0.0.9'" in done.err, done.err)
    check("results of another version are still read", run("merge", out).returncode == 0)
    check("nothing was changed", sorted(os.listdir(out) + os.listdir(os.path.join(out, "shards"))) == state)
    done = run("sweep", campaign, "--out", place)
    check("a directory of other things", done.returncode == 2 and "holds other things" in done.err, done.err)
    done = run("sweep", campaign, "--out", campaign)
    check("a file in place of a directory", done.returncode == 74 and campaign in done.err, done.err)
    done = run("merge", place)
    check("merging what is no campaign", done.returncode == 74 and "cannot find a campaign" in done.err, done.err)
    shard = os.path.join(out, "shards/shard-00000001.h5")
    os.truncate(shard, os.path.getsize(shard) // 2)
    done = run("merge", out)
    check("a damaged shard is named", done.returncode in (2, 74) and "shard-00000001.h5" in done.err and done.err.count("\n") == 1, done.err)
    broken = write(place, "broken.yaml", (TINY % (2, 3, 1)).replace("danger.own", "danger.onw").replace("[posture]", "[postur]"))
    done = run("sweep", broken, "--dry-run")
    check("a misspelt parameter: its line and the nearest name", done.returncode == 2 and "broken.yaml:8: danger.onw: unknown setting 'danger.onw' (nearest: 'danger.own'" in done.err, done.err)


with folder() as place:
    planned(place)
for part in (documented, read, divided, many, failing, refused):
    with folder() as place:
        part(place)
finish()
