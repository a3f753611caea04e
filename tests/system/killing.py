# SPDX-License-Identifier: GPL-3.0-or-later
"""A campaign that is killed at random moments and started again, shared by tests/system and tests/bench."""
import os
import random
import signal
import subprocess
import time

from checks import PROGRAM, digest, run

CAMPAIGN = """scenario: small
settings: {days: %d, scale: %s, record.groups: false}
replicates: %d
seed: 77
design: latin_hypercube
size: %d
parameters:
  danger.own: {range: [0.01, 0.2], scale: log}
  regime.minusma.leak: {range: [0, 0.02]}
  threat.posture:
series: [posture, deaths]
shard: %d
"""


def start(campaign, out, threads):
    return subprocess.Popen([PROGRAM, "sweep", campaign, "--out", out, "--threads", str(threads), "--quiet"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_often(campaign, out, kills, longest, seed=1):
    """Starts the campaign, kills it with -9 after a random time, starts it again, `kills` times, then lets it end. One or
    two threads, and every third time two processes of which one is killed while the other works. Returns the number of
    kills that met a process at work and the last status."""
    chance = random.Random(seed)
    met = 0
    for number in range(kills):
        crowd = [start(campaign, out, chance.choice((1, 2))) for _ in range(2 if number % 3 == 2 else 1)]
        time.sleep(chance.uniform(0.0, longest))
        for child in crowd:
            met += child.poll() is None
            child.send_signal(signal.SIGKILL)
            child.wait()
            time.sleep(chance.uniform(0.0, longest / 4) if len(crowd) > 1 else 0.0)
    child = start(campaign, out, 2)
    return met, child.wait()


def compare(place, text, kills):
    """Runs a campaign in one go and killed: digests of the two, kills that met it at work, last status. How long it lives
    between kills goes by how long it takes in one go: what is left for the last start even where two threads or processes
    work, however fast the program is."""
    campaign = os.path.join(place, "campaign.yaml")
    with open(campaign, "w", encoding="utf-8") as file:
        file.write(text)
    whole, killed = os.path.join(place, "whole"), os.path.join(place, "killed")
    begun = time.monotonic()
    run("sweep", campaign, "--out", whole, "--quiet", "--threads", "1")
    met, status = kill_often(campaign, killed, kills, 0.8 * (time.monotonic() - begun) / kills)
    left = [name for _, _, names in os.walk(killed) for name in names if name.endswith(".tmp")]
    return {"whole": digest(os.path.join(whole, "campaign.h5")), "killed": digest(os.path.join(killed, "campaign.h5")),
            "met": met, "status": status, "left": left}
