#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim loops`: a row for every loop and arrow, the same numbers in every form, and how it refuses and stops."""
import csv
import json
import os
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402

COMMON = ["small", "--days", "120", "--scale", "0.1", "--replicates", "2", "--hit-day", "95", "--quiet"]


def forms(place):
    arrows = [arrow["name"] for arrow in json.loads(run("arrows", "--json").out)]
    done = run("loops", *COMMON, "--csv", "loops.csv", cwd=place)
    check("it runs", done.returncode == 0 and done.err == "", done.err)
    check("two tables with a row for every arrow", all(len(re.findall(rf"^ {arrow} ", done.out, re.M)) in (2, 4) for arrow in arrows),
          done.out[-600:])
    check("and for every loop", len(re.findall(r"^(L\d+ \S+|convoys) ", done.out, re.M)) == 22)
    check("at most 110 columns", max(map(len, done.out.splitlines())) <= 110, max(done.out.splitlines(), key=len))
    check("the historical mandate has its word", "Under the historical mandate" in done.out)
    found = json.loads(run("loops", *COMMON, "--json", cwd=place).out)
    names = [variant["cut"] for variant in found["variants"]]
    check("JSON: every variant once", names[0] == "nothing" and set(arrows) <= set(names) and len(set(names)) == len(names) == 1 + 11 + len(arrows))
    with open(os.path.join(place, "loops.csv"), newline="", encoding="utf-8") as file:
        rows = {(row["cut"], row["quantity"]): row for row in csv.DictReader(file)}
    wrong, told = [], 0
    for variant in found["variants"][1:]:
        for outcome in variant["outcomes"]:
            told += 1
            mean = outcome["difference"]["mean"]
            cell = rows[variant["cut"], outcome["name"]]["difference"]
            if (mean is None) != (cell == "") or mean is not None and float(cell) != mean:
                wrong.append((variant["cut"], outcome["name"]))
        for part in variant["response"]:
            told += 1
            row = rows[variant["cut"], f"response {part['name']}"]
            if isinstance(part["difference"], float) and float(row["difference"]) != part["difference"]:
                wrong.append((variant["cut"], part["name"]))
    check(f"the CSV has the same {told} numbers", told == len(rows) and not wrong, wrong[:3])
    by_name = {variant["cut"]: variant for variant in found["variants"]}
    moved = {o["name"]: o["difference"]["mean"] for o in by_name["incidents_to_danger"]["outcomes"]}
    check("danger falls without incidents_to_danger", moved["d"] < 0, moved["d"])
    still = [o["difference"]["mean"] for o in by_name["deaths_to_mandate"]["outcomes"]]
    check("deaths_to_mandate does exactly nothing here", any(m == 0 for m in still) and all(m in (0, None) for m in still))
    danger = {p["name"]: p for p in by_name["nothing"]["response"]}
    check("one hit more raises danger", danger["jump"]["mean"] > 0, danger)
    done = run("loops", *COMMON, "--no-hit", "--outcome", "access", cwd=place)
    check("without a hit, one outcome", done.returncode == 0 and "The response" not in done.out
          and re.search(r"^cut +access$", done.out, re.M) is not None, done.out[-300:] + done.err)


def refused(place):
    for words, code, piece in ((["small", "more"], 2, "one too many"), (["small", "--regime", "minusma", "--regime", "open"], 2, "one regime"),
                               (["small", "--regime", "opne"], 2, "'open'"), (["small", "--days", "80"], 2, "80 days"),
                               (["small", "--hit-day", "50"], 2, "day 90"), (["small", "--hit-day", "700", "--horizon", "31"], 2, "30 days left"),
                               (["small", "--hit-day", "0"], 2, "--hit-day"), (["small", "--outcome", "deths/yr"], 2, "'deaths/yr'"),
                               (["small", "--replicates", "auto"], 2, "pkosim run"), (["small", "--csv", "loops.csv"], 74, "--force")):
        done = run("loops", *words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == code and piece in done.err and done.out == "", [done.returncode, done.err])


def stopped(place):
    child = subprocess.Popen([PROGRAM, "loops", "small", "--days", "100", "--scale", "0.05", "--no-hit", "--replicates", "100000"], cwd=place,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(8)
    child.send_signal(signal.SIGTERM)
    out, err = (text.decode() for text in child.communicate(timeout=120))
    done = re.search(r"stopped: (\d+) of 100000 replicates", err)
    check("stopped: status 75 and what is complete", child.returncode == 75 and done and "cut - uncut" in out, err + out[:900])


with folder() as home:
    forms(home)
    refused(home)
    stopped(home)
finish()
