#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make MPI=1` builds pkosim-mpi; two ranks make the data of one process, also after one was killed or all were told to
stop. Skipped with a word where OpenMPI is not installed."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import killing  # noqa: E402
from checks import check, digest, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
ENV = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def build(place):
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-C", SOURCE, "-j2", "MPI=1", "OPT=-O1", f"BUILD={place}/build", f"{place}/build/pkosim-mpi"],
                          capture_output=True, text=True, env=env, timeout=900)
    check("make MPI=1 builds pkosim-mpi", done.returncode == 0 and os.path.exists(f"{place}/build/pkosim-mpi"), done.stderr[-600:])
    done = subprocess.run(["make", "-C", SOURCE, "-n", "MPI=1", f"BUILD={place}/other", "build"], capture_output=True, text=True, env=env, timeout=60)
    plain = subprocess.run(["make", "-C", SOURCE, "-n", f"BUILD={place}/other", "build"], capture_output=True, text=True, env=env, timeout=60)
    check("as part of make MPI=1, and not of make", "pkosim-mpi" in done.stdout and "pkosim-mpi" not in plain.stdout)


def start(place, ranks, out, *words):
    return subprocess.Popen(["mpirun", "-n", str(ranks), "--oversubscribe", f"{place}/build/pkosim-mpi", f"{place}/campaign.yaml", "--out", out, *words],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, start_new_session=True)


def shards_done(out):
    shown = run("status", out, "--json")
    return json.loads(shown.out)["shards_done"] if shown.returncode == 0 else 0


def until(out, number):
    deadline = time.time() + 60
    while time.time() < deadline and shards_done(out) < number:
        time.sleep(0.1)
    return shards_done(out)


def ranks_of(child):
    """The processes of the ranks: children of mpirun."""
    with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="utf-8") as file:
        return [int(word) for word in file.read().split()]


with folder() as place:
    if not shutil.which("mpirun") or not shutil.which("mpicc"):
        check("skipped: no mpirun or mpicc (packages openmpi-bin, libopenmpi-dev)", True)
        finish()
    build(place)
    with open(os.path.join(place, "campaign.yaml"), "w", encoding="utf-8") as file:
        file.write(killing.CAMPAIGN % (400, "0.5", 3, 120, 2))
    run("sweep", f"{place}/campaign.yaml", "--out", f"{place}/whole", "--quiet")
    wanted = digest(f"{place}/whole/campaign.h5")
    child = start(place, 2, f"{place}/two", "--threads", "2")
    out, said = (text.decode() for text in child.communicate(timeout=300))
    made = [int(number) for number in re.findall(r"^rank \d made (\d+) shards", out, re.M)]
    check("two ranks share the shards, each made once", child.returncode == 0 and len(made) == 2 and sum(made) == 240 and min(made) > 20, [made, out, said])
    check("and make the data of one process", digest(f"{place}/two/campaign.h5") == wanted and wanted.startswith("sha256:"), wanted)

    child = start(place, 2, f"{place}/cut", "--quiet")
    before = until(f"{place}/cut", 10)
    os.kill(ranks_of(child)[0], signal.SIGKILL)
    child.communicate(timeout=120)
    check("a rank was killed at work", child.returncode != 0 and 10 <= before < 240, [child.returncode, before])
    before = shards_done(f"{place}/cut")  # the other rank went on until it was told
    child = start(place, 2, f"{place}/cut", "--quiet")
    before = until(f"{place}/cut", before + 20)  # the ranks are at work: mpirun loses what it forwards to ranks still starting
    child.send_signal(signal.SIGUSR1)
    said = child.communicate(timeout=120)[1].decode()
    check("USR1: status 75 and a word", child.returncode == 75 and "the same command goes on" in said and before < 240, [child.returncode, said])
    child = start(place, 3, f"{place}/cut", "--quiet")
    said = child.communicate(timeout=300)[1].decode()
    check("then the rest on three ranks: the same data", child.returncode == 0 and digest(f"{place}/cut/campaign.h5") == wanted, said)

    with open(os.path.join(place, "campaign.yaml"), "a", encoding="utf-8") as file:
        file.write("levels: 1\n")
    child = start(place, 2, f"{place}/wrong")
    said = child.communicate(timeout=120)[1].decode()
    check("a wrong campaign: status 2, told once", child.returncode == 2 and said.count("levels: '1' is out of range") == 1, [child.returncode, said])
finish()
