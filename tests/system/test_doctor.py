#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim doctor` says what is there as other means find it, and what is missing when it is taken away."""
import importlib.util
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))


def features(**more):
    done = run("doctor", "--json", **more)
    data = json.loads(done.out)
    return done.returncode, data, {row["name"]: row for row in data["features"]}


with folder() as place:
    code, data, found = features(cwd=place)
    check("a machine that can run: status 0", code == 0 and data["run_can_start"] and found["HDF5 deflate"]["there"], data)
    check("nothing is left in the folder", os.listdir(place) == [], os.listdir(place))
    for name, command in (("Slurm", "sbatch"), ("MPI", "mpirun"), ("man", "man"), ("R", "Rscript")):
        check(f"{name} is there if its command is", found[name]["there"] == bool(shutil.which(command)), found[name])
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3"):
        for name in ("xarray", "h5netcdf", "netCDF4", "pandas", "matplotlib"):
            check(f"{name} is there if Python finds it", found[name]["there"] == bool(importlib.util.find_spec(name)), found[name])
    check("only what run needs is called needed", {name for name, row in found.items() if row["needed_by_run"]}
          == {"HDF5 deflate", "this folder", "free space"})
    threads = features(cwd=place, env={"OMP_NUM_THREADS": "3"})[2]["threads"]["found"]
    check("it tells the threads that a run would take", threads.startswith("3 on "), threads)
    check("every word of a missing one names a package", all(row["package"] for row in found.values() if not row["there"]), found)

    done = run("doctor", cwd=place)
    lines = done.out.splitlines()
    check("the table has the same rows", done.returncode == 0 and len(lines) == len(found) + 3
          and all(name in line for name, line in zip(found, lines[1:])), done.out)
    check("and fits a screen of 100 columns", max(map(len, lines)) <= 100, done.out)

    code, data, bare = features(cwd=place, env={"PATH": place})
    check("without them all commands are missing", not any(bare[name]["there"] for name in ("Slurm", "MPI", "man", "R", "ncdf4 or rhdf5")), bare)
    check("which run does not mind", code == 0)
    check("and the package is told", "apt install r-base-core" in run("doctor", cwd=place, env={"PATH": place}).out)
    fake = os.path.join(place, "sbatch")
    with open(fake, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n")
    os.chmod(fake, 0o755)
    check("a command that comes is found", features(cwd=place, env={"PATH": place})[2]["Slurm"]["found"] == fake)

    code, data, nowhere = features(cwd="/proc")
    check("a folder that cannot be written: status 74", code == 74 and not data["run_can_start"] and not nowhere["this folder"]["there"],
          nowhere["this folder"])
    done = run("doctor", cwd="/proc")
    check("said in the table", done.returncode == 74 and "MISSING" in done.out and "cannot be written" in done.out, done.out)
    check("nothing more is wanted", run("doctor", "more").returncode == 2)
    check("a full screen", run("doctor", stdout=open("/dev/full", "w"), cwd=place).returncode == 74)
finish()
