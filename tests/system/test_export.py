#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim export`: the tables equal the file, R and pandas read them with their defaults, nothing half-written is left."""
import csv
import os
import resource
import shutil
import subprocess
import sys

import h5py
import numpy
import pandas

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402

LEADS = ["regime", "replicate", "time", "snapshot"]


def dimensions(variable):
    return [os.path.basename(scale[0].name) for scale in variable.dims]


def text(values):
    return [value.decode() for value in values]


def labels(file, name):
    values = file[name][()]
    return text(values) if values.dtype.kind in "OS" else values.tolist()


def tables(place):
    return {name[:-4]: pandas.read_csv(os.path.join(place, name), float_precision="round_trip") for name in os.listdir(place)}


def compare_series(file, found, name, variable):
    """A variable over runs: every value, and every label of its rows, in the order of the file. A word if wrong."""
    dims = dimensions(variable)
    rest = [d for d in dims if d not in LEADS[:3]]
    table = found["outcomes" if rest == ["outcome_name"] else "_".join(rest) or "mission"]
    column = "value" if name == "outcome" else name
    values = variable[()]
    if not numpy.array_equal(table[column].to_numpy(values.dtype).reshape(values.shape), values, equal_nan=True):
        return f"{name}: values differ"
    for axis, dim in enumerate(dims):
        shape = [-1 if k == axis else 1 for k in range(len(dims))]
        heading = {"time": "day", "snapshot": "day", "outcome_name": "outcome"}.get(dim, dim)
        wanted = numpy.broadcast_to(numpy.array(labels(file, dim)).reshape(shape), values.shape).ravel()
        if not (table[heading].to_numpy() == wanted).all():
            return f"{name}: labels of {dim} differ"
    return None


def compare_column(file, found, name, variable):
    """A column of a table of events, or what is said of camps and groups."""
    dim = dimensions(variable)[0]
    events = f"{dim}_replicate" in file
    table = found[dim if events else f"about_{dim}"]
    column = table[name[len(dim) + 1:]]
    values = labels(file, name)
    if "flag_meanings" in variable.attrs:
        codes = dict(zip(variable.attrs["flag_values"].tolist(), variable.attrs["flag_meanings"].decode().split()))
        values = ["" if value == -1 else codes[value] for value in values]
    if isinstance(values[0], str):
        same = column.fillna("").tolist() == values
    else:
        same = numpy.array_equal(column.to_numpy(variable.dtype), variable[()], equal_nan=True)
    return None if same else f"{name} differs"


def equal(path, place):
    found = tables(place)
    wrong, seen = [], 0
    with h5py.File(path) as file:
        for name, variable in file.items():
            if variable.attrs.get("CLASS") == b"DIMENSION_SCALE":
                continue
            seen += 1
            problem = (compare_series if variable.ndim > 1 else compare_column)(file, found, name, variable)
            wrong += [problem] if problem else []
        days = [numpy.datetime64(file.attrs["start"].decode()) + d for d in found["mission"]["day"].head(9)]
        caveat = file.attrs["caveat"].decode()
        attributes = len(file.attrs)
    check(f"the tables hold all {seen} variables of the file, value by value", seen > 100 and not wrong, wrong[:5])
    check("dates are the days", [str(day) for day in days] == found["mission"]["date"].head(9).tolist(), days)
    about = found["about"].set_index("name")["value"]
    check("about.csv holds the attributes, the caveat among them", len(about) == attributes and about["caveat"] == caveat)
    units = found["units"]
    wanted = {(f"{name}.csv", column) for name, table in found.items() for column in table.columns if name != "units"}
    check("units.csv explains every column of every table", set(zip(units["file"], units["column"])) == wanted,
          wanted ^ set(zip(units["file"], units["column"])))
    row = units[(units["file"] == "mission.csv") & (units["column"] == "deaths")].iloc[0]
    check("with unit and kind", [row["unit"], row["kind"]] == ["person", "count"], row)
    return found


def r_reads(place, found):
    if not shutil.which("Rscript"):
        print("skip: no R here")
        return
    script = ("for (n in c('mission', 'region', 'incident', 'units', 'about')) { t <- read.csv(paste0(n, '.csv'));"
              "cat(n, nrow(t), ncol(t), '\\n') }; m <- read.csv('mission.csv');"
              "cat(class(m$danger), sprintf('%.17g', sum(m$danger)), '\\n')")
    done = subprocess.run(["Rscript", "-e", script], cwd=place, capture_output=True, text=True, timeout=120, check=False)
    lines = done.stdout.splitlines()
    wanted = [f"{n} {len(found[n])} {len(found[n].columns)} " for n in ("mission", "region", "incident", "units", "about")]
    check("R reads them with its defaults", lines[:5] == wanted and lines[5].startswith("numeric"), done.stdout + done.stderr)
    check("and sums them alike", abs(float(lines[5].split()[1]) / found["mission"]["danger"].sum() - 1) < 1e-12, lines)


def folders(place):
    """What is refused, what is replaced, what is left."""
    def status(name, code, *words, says, **more):
        done = run("export", *words, cwd=place, **more)
        check(name, done.returncode == code and says in done.err and done.out == "", done.err)
    before = sorted(os.listdir(place))
    status("an existing folder is refused", 74, "small.h5", "--csv", "tables", says="--force")
    status("--force replaces an export", 0, "small.h5", "--csv", "tables/", "--force", says="")
    with open(os.path.join(place, "tables", "thesis.csv"), "w", encoding="utf-8") as file:
        file.write("mine")
    status("but nothing that no export wrote", 74, "small.h5", "--csv", "tables", "--force", says="thesis.csv")
    with open(os.path.join(place, "tables", "thesis.csv"), encoding="utf-8") as file:
        check("which is left", file.read() == "mine")
    os.remove(os.path.join(place, "tables", "thesis.csv"))
    status("a file in the way is refused", 74, "small.h5", "--csv", "small.h5", "--force", says="no folder")
    status("no folder above it", 74, "small.h5", "--csv", "none/tables", says="none/tables")
    status("the folder one is in", 74, "small.h5", "--csv", ".", "--force", says="folder of its own")
    status("no file", 74, "none.h5", "--csv", "new", says="none.h5")
    status("a file of another kind", 2, "tables/units.csv", "--csv", "new", says="units.csv")
    status("no folder named", 2, "small.h5", says="--csv DIR")
    status("no file named", 2, "--csv", "new", says="which file")
    status("two files named", 2, "small.h5", "small.h5", "--csv", "new", says="one file")

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
    status("a full disk", 74, "small.h5", "--csv", "new", says="new/", before=little_room)
    # the name of a process that is gone: that of one that was waited for
    gone = subprocess.Popen(["true"])
    gone.wait()
    stale = f".new.{os.uname().nodename}.{gone.pid}.0.pkosim.tmp"
    os.mkdir(os.path.join(place, stale))
    with open(os.path.join(place, stale, "units.csv"), "w", encoding="utf-8") as file:
        file.write("half")
    check("nothing is left of what failed", sorted(os.listdir(place)) == sorted([*before, stale]), os.listdir(place))
    status("a new export", 0, "small.h5", "--csv", "new", says="")
    check("takes away what a killed one left", sorted(os.listdir(place)) == sorted([*before, "new"]), os.listdir(place))
    with open(os.path.join(place, "small.h5"), "rb") as file:
        head = file.read()
    with open(os.path.join(place, "cut.h5"), "wb") as file:
        file.write(head[:len(head) // 2])
    done = run("export", "cut.h5", "--csv", "cut", cwd=place)
    check("a damaged file is refused, without a folder", done.returncode != 0 and not os.path.exists(os.path.join(place, "cut")),
          done.err)


def is_sanitized():
    """A sanitizer keeps freed memory, so that the peak says nothing."""
    flags = os.path.join(os.path.dirname(PROGRAM), "flags")
    if not os.path.exists(flags):
        return False
    with open(flags, encoding="utf-8") as file:
        return "-fsanitize" in file.read()


def peak(place, count):
    """Memory of an export at its peak, KiB."""
    path = os.path.join(place, f"many{count}.h5")
    run("run", "small", "--days", "100", "--every", "1", "--scale", "0.02", "--replicates", str(count), "--quiet", "--out", path)
    child = subprocess.Popen([PROGRAM, "export", path, "--csv", path[:-3]])
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    check(f"{count} replicates are exported", status == 0)
    with open(os.path.join(path[:-3], "mission.csv"), encoding="utf-8") as file:
        check("all of them", len({row["replicate"] for row in csv.DictReader(file)}) == count)
    return used.ru_maxrss


def main():
    with folder() as place:
        done = run("run", "small", "--replicates", "3", "--first-replicate", "5", "--days", "120", "--events", "--quiet", "--regime",
                   "monusco", "--regime", "open", "--snapshots", "2018-07-03,2018-08-01", cwd=place)
        check("a run", done.returncode == 0, done.err)
        done = run("export", "small.h5", "--csv", "tables", cwd=place)
        check("export says nothing", [done.returncode, done.out, done.err] == [0, "", ""], done.err)
        found = equal(os.path.join(place, "small.h5"), os.path.join(place, "tables"))
        r_reads(os.path.join(place, "tables"), found)
        folders(place)
        few, many = peak(place, 8), peak(place, 64)
        if is_sanitized():
            print("skip the memory at its peak: not under a sanitizer")
        else:
            check("memory does not grow with the replicates", many < 1.3 * few, [few, many])
    finish()


main()
