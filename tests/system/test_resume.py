#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A campaign goes on from whatever was left: killed, stopped, out of time, on a full disk, with others beside it."""
import json
import os
import resource
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import killing  # noqa: E402
from checks import PROGRAM, check, digest, finish, folder, run  # noqa: E402

TEXT = killing.CAMPAIGN % (60, "0.1", 2, 100, 3)


def write(place, text):
    path = os.path.join(place, "campaign.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def killed(place):
    """The 12 kills of the everyday test; tests/bench/resume.py makes 50 over 2,000 runs."""
    found = killing.compare(place, killing.CAMPAIGN % (400, "0.2", 2, 150, 2), 12)
    check("kills met it at work", found["met"] >= 8, found["met"])
    check("killed 12 times, the data are those of one go", found["status"] == 0 and found["killed"] == found["whole"]
          and found["whole"].startswith("sha256:"), found)
    check("no temporary file is left", found["left"] == [], found["left"])


def asked_to_stop(place, wanted):
    """INT, TERM, USR1 and a limit of time: status 75, then the rest."""
    campaign, out = os.path.join(place, "campaign.yaml"), os.path.join(place, "stopped")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
        child = subprocess.Popen([PROGRAM, "sweep", campaign, "--out", out, "--threads", "1"], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        before = len(os.listdir(os.path.join(out, "shards"))) if os.path.isdir(os.path.join(out, "shards")) else 0
        deadline = time.time() + 60  # until it has done something
        while time.time() < deadline and not (os.path.isdir(os.path.join(out, "shards")) and
                                              len(os.listdir(os.path.join(out, "shards"))) > before + 3):
            time.sleep(0.01)
        child.send_signal(number)
        said = child.communicate(timeout=60)[1].decode()
        check(f"{number.name}: status 75 and a word", child.returncode == 75 and "the same command goes on" in said, [child.returncode, said])
    shown = json.loads(run("status", out, "--json").out)
    check("status counts what is there", 0 < shown["shards_done"] < shown["shards"] and shown["shards_running"] == 0, shown)
    check("a stopped campaign has no campaign.h5 yet", not os.path.exists(os.path.join(out, "campaign.h5")))
    done = run("sweep", campaign, "--out", out, "--quiet")
    check("then the rest: the same data", done.returncode == 0 and digest(os.path.join(out, "campaign.h5")) == wanted, done.err)
    long = os.path.join(place, "long.yaml")
    with open(long, "w", encoding="utf-8") as file:
        file.write(killing.CAMPAIGN % (700, "1", 20, 100, 1))
    began = time.time()
    done = run("sweep", long, "--out", os.path.join(place, "long"), "--limit-time", "2s")
    passed = time.time() - began
    check("--limit-time 2s: status 75 in time", done.returncode == 75 and 1.5 < passed < 10, [done.returncode, passed, done.err])


def two_at_once(place, wanted):
    """Two processes share the work: each shard is made once, and both end when all is done."""
    campaign, out = os.path.join(place, "campaign.yaml"), os.path.join(place, "shared")
    crowd = [subprocess.Popen([PROGRAM, "sweep", campaign, "--out", out, "--threads", "1"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [child.communicate(timeout=120) for child in crowd]
    check("two processes at once end well", [child.returncode for child in crowd] == [0, 0], said)
    check("with the same data", digest(os.path.join(out, "campaign.h5")) == wanted)


def locked(place):
    """A shard that one process works on is no other's: it is at work in status, and waited for."""
    campaign, out = os.path.join(place, "long.yaml"), os.path.join(place, "locked")
    child = killing.start(campaign, out, 1)
    deadline, running = time.time() + 60, 0
    while time.time() < deadline and running == 0:
        time.sleep(0.05)
        shown = run("status", out, "--json")
        running = json.loads(shown.out)["shards_running"] if shown.returncode == 0 else 0
    check("a shard at work is told", running >= 1, running)
    child.send_signal(signal.SIGKILL)
    child.wait()
    running = json.loads(run("status", out, "--json").out)["shards_running"]
    check("and free once its process is killed", running == 0, running)


def full(place, wanted):
    """A limit on the size of files at every 64 KiB: status 74, one message, nothing half-written, then the right data."""
    campaign = os.path.join(place, "campaign.yaml")
    largest = max(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(os.path.join(place, "shared")) for name in names)
    out = os.path.join(place, "full")
    limits, met = list(range(0, largest + 65536, 65536)), 0
    for limit in [1024, 4096] + limits:
        def small_files(limit=limit):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        done = run("sweep", campaign, "--out", out, "--threads", "2", "--quiet", before=small_files)
        if done.returncode == 0:
            break
        met += 1
        left = [name for _, _, names in os.walk(out) for name in names if name.endswith(".tmp")]
        if not check(f"at {limit} bytes: status 74, one message, no rest", done.returncode == 74 and done.err.count("\n") == 1
                     and "File too large" in done.err and left == [], [done.returncode, done.err, left]):
            break
    check("limits met the sweep", met >= 3, [met, limits])
    done = run("sweep", campaign, "--out", out, "--quiet")
    check("with room again: the same data", done.returncode == 0 and digest(os.path.join(out, "campaign.h5")) == wanted, done.err)


with folder() as place:
    killed(place)
with folder() as place:
    campaign = write(place, TEXT)
    run("sweep", campaign, "--out", os.path.join(place, "whole"), "--quiet")
    wanted = digest(os.path.join(place, "whole/campaign.h5"))
    check("the campaign runs", wanted.startswith("sha256:"), wanted)
    asked_to_stop(place, wanted)
    two_at_once(place, wanted)
    locked(place)
    full(place, wanted)
finish()
