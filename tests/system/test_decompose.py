#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim decompose`: values that add up to the last printed digit, and how it refuses and stops."""
import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from decimal import Decimal

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402

COMMON = ["small", "--days", "60", "--scale", "0.1", "--quiet"]
RULES = "classification secure_rate mail_rate hub_rate informal_rate trust_gate translation leak".split()


def tables(text):
    """Outcome → rule → cells of its row; cells are at least two blanks apart."""
    found, outcome = {}, None
    for line in text.splitlines():
        if re.match(r"^\S+ \(.*\)$", line):
            outcome = found.setdefault(line.split(" (")[0], {})
        elif outcome is not None and line.startswith(" "):
            cells = re.split(r"\s{2,}", line.strip())
            outcome[cells[0]] = cells[1:]
    return found


def adds_up(place):
    done = run("decompose", "minusma", "monusco", *COMMON, "--replicates", "3", cwd=place)
    shown = tables(done.out)
    check("a table for each of seven outcomes", done.returncode == 0 and len(shown) == 7, done.err + done.out[-500:])
    check("each with the eight rules in their order, then the difference",
          all(list(rows) == [*RULES, "difference"] for rows in shown.values()), shown)
    moved = 0
    for name, rows in shown.items():
        values = [Decimal(rows[rule][2].split(" ±")[0]) for rule in RULES]
        total = rows["difference"][2].split(" ±")[0]
        check(f"{name}: the values printed add up to the difference printed", sum(values) == Decimal(total), [values, total])
        moved += Decimal(total) != 0
    check("and most are not 0", moved >= 4, moved)
    check("at most 110 columns", max(map(len, done.out.splitlines())) <= 110, max(done.out.splitlines(), key=len))
    found = json.loads(run("decompose", "minusma", "monusco", *COMMON, "--replicates", "3", "--json", "--csv", "rules.csv", cwd=place).out)
    check("JSON: every outcome, every mixture", len(found["outcomes"]) > 100 and found["mixtures"] == 256, found.keys())
    wrong = []
    for outcome in found["outcomes"]:
        total = outcome["difference"]["mean"]
        parts = [rule["shapley"]["mean"] for rule in outcome["rules"]]
        if total is not None and abs(sum(parts) - total) > 1e-9 * (abs(outcome["first"]["mean"]) + abs(total)):
            wrong.append(outcome["name"])
    check("they add up in all of them", not wrong, wrong)
    with open(os.path.join(place, "rules.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_key = {(row["outcome"], row["rule"], row["quantity"]): row for row in rows}
    check("the CSV has the same numbers", len(by_key) == len(rows) == 27 * len(found["outcomes"]) and all(
        float(by_key[o["name"], r["rule"], q]["mean"] or "nan") == r[q]["mean"] or r[q]["mean"] is None
        for o in found["outcomes"] for r in o["rules"] for q in ("shapley", "alone", "removed")))
    return found


def few_rules(place):
    """A regime that differs in one rule: that rule has all, the others exactly nothing."""
    run("new", "two", cwd=place)
    with open(os.path.join(place, "two.yaml"), "a", encoding="utf-8") as file:
        file.write("\nregime_definitions: {leaky: {base: minusma, leak: 0.05}}\n")
    done = run("decompose", "minusma", "leaky", "two.yaml", *COMMON[1:], "--replicates", "2", "--json", cwd=place)
    found = json.loads(done.out) if done.returncode == 0 else {"mixtures": done.err, "outcomes": []}
    check("one rule: two mixtures", found["mixtures"] == 2, found["mixtures"])
    check("the rule has it all", found["outcomes"] and all(
        rule["shapley"]["mean"] == (outcome["difference"]["mean"] if rule["rule"] == "leak" else 0)
        for outcome in found["outcomes"] if outcome["difference"]["mean"] is not None for rule in outcome["rules"]))
    done = run("decompose", "minusma", "open", *COMMON, "--set", "regime.open.classification=0.5", "--replicates", "1", "--outcome", "access", cwd=place)
    check("a rule can be set; one replicate has no intervals", done.returncode == 0 and re.search(
        r"^ classification +0\.85 +0\.5 +-?[.\d]+ +– ", done.out, re.M) is not None, done.out[-900:] + done.err)


def refused(place):
    for words, code, piece in ((["minusma"], 2, "which two regimes"), (["minusma", "minusma"], 2, "twice"),
                               (["minusma", "monusca"], 2, "'monusco'"), (["minusma", "monusco", "small", "more"], 2, "one too many"),
                               (["minusma", "monusco", "small", "--regime", "open"], 2, "no --regime"),
                               (["minusma", "monusco", "small", "--outcome", "acess"], 2, "'access'"),
                               (["minusma", "monusco", "small", "--outcome", "a of chad"], 2, "no result"),
                               (["minusma", "monusco", "small", "--replicates", "auto"], 2, "pkosim run"),
                               (["minusma,open", "monusco", "small"], 2, "not two names"),
                               (["minusma", "monusco", "small", "--csv", "rules.csv"], 74, "--force"),
                               (["minusma", "monusco", "small", "--csv", "none/rules.csv"], 74, "none")):
        done = run("decompose", *words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == code and piece in done.err and done.out == "", [done.returncode, done.err])


def stopped(place):
    child = subprocess.Popen([PROGRAM, "decompose", "minusma", "monusco", *COMMON[:1], "--days", "30", "--scale", "0.1", "--replicates", "100000"],
                             cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(6)
    child.send_signal(signal.SIGINT)
    out, err = (text.decode() for text in child.communicate(timeout=120))
    done = re.search(r"stopped: (\d+) of 100000 replicates", err)
    check("stopped: status 75 and what is complete", child.returncode == 75 and done and f" {done[1]} replicates (0 to" in out, err + out[:900])
    shown = tables(out)
    check("and it adds up as well", shown and all(
        sum(Decimal(rows[rule][2].split(" ±")[0]) for rule in RULES) == Decimal(rows["difference"][2].split(" ±")[0])
        for rows in shown.values()), out[-900:])


with folder() as home:
    adds_up(home)
    few_rules(home)
    refused(home)
    stopped(home)
finish()
