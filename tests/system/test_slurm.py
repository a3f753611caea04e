#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of `pkosim slurm` run by a real Slurm: a controller and a node daemon on the loopback, an array of four jobs of
which one is put back in mid-run. Skipped with a word where slurm-wlm and munge are not installed, or without root."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import killing  # noqa: E402
from checks import check, digest, finish, folder, run  # noqa: E402

CONFIG = """ClusterName=trial
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={other}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={place}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=sched_interval=2,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=2000 State=UNKNOWN
PartitionName=batch Nodes={host} Default=YES MaxTime=60 State=UP
"""
NEEDED = ["sbatch", "scontrol", "squeue", "slurmctld", "slurmd", "munged", "munge"]


def find(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A whole Slurm in one folder; its daemons are children of this process and end with it."""

    def __init__(self, place):
        self.place, self.children = place, []
        for name in ("state", "spool"):
            os.mkdir(os.path.join(place, name))
        self.config = os.path.join(place, "slurm.conf")
        host = socket.gethostname().split(".")[0]
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(place=place, host=host, port=free_port(), other=free_port(), cpus=os.cpu_count()))
        key = os.path.join(place, "munge.key")
        with open(key, "wb") as file:
            file.write(os.urandom(128))
        os.chmod(key, 0o400)
        os.chmod(place, 0o755)
        self.env = {**os.environ, "SLURM_CONF": self.config}
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={place}/munge.socket",
                   f"--pid-file={place}/munged.pid", f"--log-file={place}/munged.log", f"--seed-file={place}/munged.seed")
        self.wait(lambda: os.path.exists(f"{place}/munge.socket"), 20)
        self.start("slurmctld", "-D", "-f", self.config)
        self.start("slurmd", "-D", "-f", self.config, "-N", host)

    def start(self, name, *words):
        with open(os.path.join(self.place, f"{name}.out"), "wb") as out:
            self.children.append(subprocess.Popen([find(name), *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.env))

    def ask(self, *words):
        return subprocess.run(words, capture_output=True, text=True, env=self.env, cwd=self.place, timeout=60)

    def wait(self, true, seconds):
        deadline = time.time() + seconds
        while time.time() < deadline:
            if true():
                return True
            time.sleep(0.2)
        return bool(true())

    def jobs(self):
        """State of each task of the array that is not finished, by its number."""
        lines = self.ask("squeue", "--noheader", "--array", "--format=%K %T %A").stdout.split("\n")
        return {int(words[0]): (words[1], words[2]) for words in map(str.split, lines) if len(words) == 3}

    def stop(self):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def logs(self):
        texts = []
        for name in sorted(os.listdir(self.place)):
            if name.endswith((".out", ".log")):
                with open(os.path.join(self.place, name), encoding="utf-8", errors="replace") as file:
                    texts.append(f"--- {name}\n{file.read()[-800:]}")
        return "\n".join(texts)


def of_task(out, task):
    """Complete shards of one of the four jobs."""
    try:
        names = os.listdir(os.path.join(out, "shards"))
    except FileNotFoundError:
        return 0
    return sum(1 for name in names if re.fullmatch(r"shard-\d{8}\.h5", name) and int(name[6:14]) % 4 == task)


def trial(cluster, place):
    campaign, out = os.path.join(place, "campaign.yaml"), os.path.join(place, "out")
    with open(campaign, "w", encoding="utf-8") as file:
        file.write(killing.CAMPAIGN % (300, "0.3", 2, 200, 5))
    whole = os.path.join(place, "whole")
    run("sweep", campaign, "--out", whole, "--quiet")
    wanted = digest(os.path.join(whole, "campaign.h5"))
    script = run("slurm", campaign, "--array", "4", "--time", "10m", "--cpus", "1", "--mem", "200M", "--out", out)
    check("a script is printed", script.returncode == 0 and script.out.startswith("#!/bin/bash\n"), script.err)
    path = os.path.join(place, "job.sbatch")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script.out)
    sent = cluster.ask("sbatch", path)
    check("sbatch takes it as it is", sent.returncode == 0 and "Submitted batch job" in sent.stdout, sent.stderr + sent.stdout)
    met = cluster.wait(lambda: cluster.jobs().get(1, ("", ""))[0] == "RUNNING" and of_task(out, 1) >= 2, 120)
    number = cluster.jobs().get(1, ("", ""))[1]
    before = of_task(out, 1)
    asked = cluster.ask("scontrol", "requeue", number)
    check("a job is put back in mid-run", met and asked.returncode == 0 and before < 20, [met, before, asked.stderr, cluster.jobs()])
    back = cluster.wait(lambda: cluster.jobs().get(1, ("", ""))[0] == "PENDING", 60)
    check("it waits again", back, cluster.jobs())
    time.sleep(1)
    cluster.ask("scontrol", "update", f"JobId={number}", "StartTime=now")  # Slurm would let it wait for two minutes
    done = cluster.wait(lambda: not cluster.jobs(), 300)
    check("the array ends", done, cluster.jobs())
    said = ""
    for name in os.listdir(place):
        if re.fullmatch(r"campaign-\d+_1\.out", name):
            with open(os.path.join(place, name), encoding="utf-8") as file:
                said = file.read()
    check("the job that was put back stopped in order and went on", "the same command goes on" in said and "This part is done" in said, said)
    merged = run("merge", out)
    check("all is there, with the data of one process", merged.returncode == 0 and digest(os.path.join(out, "campaign.h5")) == wanted, merged.err)


missing = [name for name in NEEDED if not find(name)]
if missing or os.geteuid() != 0:
    check("skipped: " + (f"no {missing[0]} (packages slurm-wlm, munge)" if missing else "a trial of Slurm needs root"), True)
    finish()
with folder() as place:
    cluster = Cluster(place)
    try:
        up = cluster.wait(lambda: "idle" in cluster.ask("sinfo", "--noheader", "--format=%T").stdout, 60)
        if check("a controller and a node are up", up, cluster.logs()):
            trial(cluster, place)
    finally:
        cluster.stop()
finish()
