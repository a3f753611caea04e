#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 units of work, each a file of its own, with 256 open files allowed: no slowing down, and nothing missing when read.

    PKOSIM=build/pkosim python3 tests/bench/units.py

Prints the pace of each tenth of the units, by the times of their files, and what a reader with 256 files finds.
"""
import os
import resource
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../system"))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402

CAMPAIGN = """scenario: small
settings: {days: 8, scale: 0.02, record.groups: false}
replicates: 4
design: latin_hypercube
size: 2500
parameters: {danger.own: }
outcomes: [d, posture]
series: [posture]
shard: 1
"""


def few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


with folder() as place:
    campaign, out = os.path.join(place, "campaign.yaml"), os.path.join(place, "out")
    with open(campaign, "w", encoding="utf-8") as file:
        file.write(CAMPAIGN)
    for task in ("0/2", "1/2"):  # a part does not merge, which would put the shards together and lose their times
        done = run("sweep", campaign, "--out", out, "--task", task, "--threads", "2", "--quiet", before=few_files)
    times = sorted(entry.stat().st_mtime for entry in os.scandir(os.path.join(out, "shards")) if entry.name.startswith("shard-"))
    paces = [len(part) / max(part[-1] - part[0], 1e-9) for part in (times[k * len(times) // 10:(k + 1) * len(times) // 10] for k in range(10))]
    print("units a second, by tenths:", " ".join(f"{pace:.0f}" for pace in paces))
    check("10,000 units were made", done.returncode == 0 and len(times) == 10000, [done.returncode, done.err, len(times)])
    check("the last fifth is not slower than half the first", sum(paces[-2:]) > 0.5 * sum(paces[:2]), paces)
    merged = run("merge", out, before=few_files)
    check("merged with 256 open files", merged.returncode == 0, merged.err)
    script = (f"import xarray; d = xarray.open_dataset({out!r} + '/campaign.h5', engine='h5netcdf'); "
              "print(int((d.status != 1).sum()), int(d.outcome.isnull().sum()), int(d.posture.isnull().sum()))")
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, preexec_fn=few_files).stdout.split()
    check("no value is missing", found == ["0", "0", "0"], found)
finish()
