#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of the program: each command's help, a success and a failure of each, and the documented exit statuses."""
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402
from pages import sanitizers  # noqa: E402

SHORT = ["--days", "30", "--replicates", "2", "--scale", "0.1", "--quiet"]
# Command: words of a success and what it says; words of a failure, its status and what it says. In the order of a first visit.
TOUR = {
    "doctor": ([], "Nothing that run needs is missing", ["please"], 2, "please"),
    "version": ([], "commit: ", ["--verbose"], 2, "--verbose"),
    "parameters": ([], "danger.own", ["--marked"], 2, "--marked"),
    "regimes": (["--json"], "classification", ["open"], 2, "open"),
    "arrows": (["--markdown"], "| `", ["--json", "--markdown"], 2, "once"),
    "schema": ([], "json-schema.org", ["small"], 2, "small"),
    "new": (["tour"], "tour.yaml is written", ["Tour"], 2, "lower-case"),
    "check": (["tour.yaml"], "No mistakes", ["tour.yaml", "--set", "danger.onw=0.1"], 2, "danger.own"),
    "run": (["tour.yaml", *SHORT], "Hostile deaths", ["tour.yaml", *SHORT], 74, "--force"),
    "show": (["tour.h5", "--digest"], "sha256:", ["gone.h5"], 74, "gone.h5"),
    "compare": (["tour.h5:minusma", "tour.h5:monusco"], "Paired: ", ["tour.h5:minusma", "tour.yaml"], 2, "tour.yaml"),
    "export": (["tour.h5", "--csv", "tables"], "", ["tour.h5", "--csv", "tables"], 74, "--force"),
    "explain": (["tour.h5", "--person", "infantry/outpost/3@2018-07-10"], "infantry", ["tour.h5", "--incident", "0"], 2, "--events"),
    "decompose": (["minusma", "monusco", "tour.yaml", *SHORT], "Shapley", ["minusma", "monusca", "small"], 2, "'monusco'"),
    "loops": (["tour.yaml", "--from-day", "5", *SHORT], "The response to one hit more", ["tour.yaml", *SHORT], 2, "--from-day"),
    "sweep": (["tour_campaign.yaml", "--out", "swept", "--quiet"], "", ["tour_campaign.yaml", "--out", "tables"], 2, "holds other things"),
    "status": (["swept"], "12 of 12 runs", ["tables"], 74, "cannot find a campaign"),
    "merge": (["swept"], "12 of 12 runs are in", ["swept", "--copy", "tour.h5"], 74, "--force"),
    "slurm": (["tour_campaign.yaml", "--array", "2"], "#SBATCH --array=0-1", ["tour_campaign.yaml", "--array", "900"], 2, "allowed: 1 to"),
    "sensitivity": (["screened"], "Elementary effects", ["swept"], 2, "one_at_a_time"),
    "completion": (["bash"], "complete ", ["zsh"], 2, "zsh"),
}


CAMPAIGN = """scenario: tour.yaml
settings: {days: 30, scale: 0.1}
replicates: 2
design: one_at_a_time
levels: 2
parameters: {danger.own: }
shard: 1
"""


def visit(place):
    with open(os.path.join(place, "tour_campaign.yaml"), "w", encoding="utf-8") as file:
        file.write(CAMPAIGN)
    with open(os.path.join(place, "screening.yaml"), "w", encoding="utf-8") as file:
        file.write(CAMPAIGN.replace("one_at_a_time\nlevels: 2", "morris\nsize: 2"))
    names = run("help", "--names").out.split()
    check("the tour visits every command", sorted(TOUR) == sorted(names), set(TOUR) ^ set(names))
    for name, (words, says, wrong, status, answer) in TOUR.items():
        if name == "sensitivity":
            run("sweep", "screening.yaml", "--out", "screened", "--quiet", cwd=place)
        done = run(name, "--help", cwd=place)
        check(f"{name} --help", done.returncode == 0 and done.out.startswith(f"Usage: pkosim {name}") and "Example" in done.out
              and done.out.endswith("\n") and done.err == "", done.out + done.err)
        done = run(name, *words, cwd=place)
        check(f"{name} {' '.join(words)}: status 0", done.returncode == 0 and says in done.out and done.err == "",
              [done.returncode, done.err, done.out[-300:]])
        done = run(name, *wrong, cwd=place)
        check(f"{name} {' '.join(wrong)}: status {status}, one message", done.returncode == status and answer in done.err
              and done.err.startswith(("pkosim", "--set", "REGIME_A")) and done.out == "", [done.returncode, done.err, done.out[-300:]])
        done = run(name, "--help", stdout=open("/dev/full", "w"), cwd=place)
        check(f"{name} --help on a full screen: status 74", done.returncode == 74, done.err)
    for name in sorted(TOUR):
        options = run(name, "--help").out
        if "--json" in options:
            words = [word for word in TOUR[name][0] if word not in ("--json", "--markdown")]
            words += ["--out", "again.h5"] if name == "run" else []
            done = run(name, *words, "--json", cwd=place)
            try:
                good = done.returncode == 0 and bool(json.loads(done.out))
            except ValueError:
                good = False
            check(f"{name} --json prints JSON", good, done.out[:300] + done.err)


def stopped(place):
    """Status 75: a run that is asked to stop keeps what is complete and tells how to run the rest."""
    words = ["run", "tour.yaml", "--days", "200", "--replicates", "10000", "--regime", "open", "--out", "stopped.h5", "--quiet"]
    child = subprocess.Popen([PROGRAM, *words], cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    child.send_signal(signal.SIGTERM)
    said = child.communicate(timeout=120)[1].decode()
    rest = re.search(r"^pkosim run .*--first-replicate ([0-9]+)", said, flags=re.M)
    check("stopped early: status 75, and the command that runs the rest", child.returncode == 75 and rest, said)
    shown = run("show", "stopped.h5", cwd=place).out
    check("what is complete is written", rest is not None and f"\n  replicate: {rest[1]}\n" in shown, shown[-300:])


def first_look(place):
    """Three seconds on two processors at -O3: time of processors, since that of the clock is the machine's other work too."""
    if sanitizers() or "-O3" not in os.environ.get("PKO_OPT", "-O3"):
        print("skip the time of a first look: the build is a slow one")
        return
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("run", "small", "--quiet", cwd=place)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    check("a first look takes at most three seconds of two processors", done.returncode == 0 and 0 < used <= 6, f"{used} s")


def documented():
    """The statuses are those of the help and of the manual page."""
    helped = run("run", "--help").out
    page = run("help", "--man", "run").out.split(".SH EXIT STATUS")[1].split(".SH")[0]
    paged = re.findall(r"^\.TP\n(\d+)\n", page, flags=re.M)
    check("the help tells 0, 2, 74 and 75", re.search(r"0 done, 2 wrong input,.* 74 disk, 75 stopped early", helped) is not None)
    check("and so does the manual", {"0", "2", "74", "75"} <= set(paged), paged)
    check("no command: status 2 and the list of commands", run().returncode == 2 and "Usage" in run().err)
    check("an unknown one: status 2 and the nearest", run("chek").returncode == 2 and "'check'" in run("chek").err)


with folder() as home:
    visit(home)
    stopped(home)
    first_look(home)
documented()
finish()
