#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the program: help, one success and the failures of each, words that are no options, what is shown."""
import csv
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

COMMANDS = ["run", "new", "check", "show", "compare", "export", "schema", "parameters", "regimes", "arrows", "doctor", "completion", "version"]
SHORT = ["--days", "40", "--scale", "0.1", "--quiet"]


def status(name, expected, *words, says=(), where="err", **more):
    """The command ends with this status and says these pieces."""
    done = run(*words, **more)
    text = done.err if where == "err" else done.out
    lacking = [piece for piece in says if piece not in text]
    check(name, done.returncode == expected and not lacking,
          f"status {done.returncode}, lacks {lacking}, says {text} {done.err}")
    return done


def help_and_commands():
    for command in COMMANDS:
        done = status(f"{command} --help shows examples", 0, command, "--help", says=["Usage:", "Example"], where="out")
        check(f"{command} --help fits a screen", max(map(len, done.out.splitlines())) < 80
              and len(done.out.splitlines()) <= 40 and done.err == "", done.out)
        same = [run("help", command).out, run(command, "-h").out]
        check(f"help {command} and -h say the same", same == [done.out, done.out], same)
        status(f"{command} refuses an unknown option", 2, command, "--nonsense-option", says=["--nonsense-option"])
        status(f"{command} refuses an unknown letter", 2, command, "-x")
        status(f"{command} refuses a beginning of --help", 2, command, "--hel", says=["'--help'"])
    done = status("help names every command", 0, "help", says=COMMANDS, where="out")
    check("--help and -h do too", run("--help").out == done.out == run("-h").out)
    status("no command at all", 2, says=["Usage"])
    status("a misspelt command", 2, "rnu", says=["'rnu'", "'run'"])
    status("a command cut short", 2, "param", says=["'param'"])
    status("help with a misspelt command", 2, "help", "chekc", says=["'check'"])
    status("--out of a full screen", 74, "help", says=["standard output"], stdout=open("/dev/full", "w"))
    status("--help on a full screen", 74, "run", "--help", says=["standard output"], stdout=open("/dev/full", "w"))


def lists():
    status("version", 0, "version", says=["pkosim ", "commit: ", "compiler: ", "flags: ", "-ffp-contract=off"], where="out")
    check("--version says the same", run("--version").out == run("version").out)
    status("version wants nothing more", 2, "version", "please", says=["please"])
    for name, some in (("parameters", "mandate.ratchet"), ("regimes", "minusma"), ("arrows", "incidents_to_danger")):
        text = status(name, 0, name, says=[some], where="out").out.splitlines()
        marked = run(name, "--markdown").out.splitlines()
        rows = json.loads(run(name, "--json").out)
        check(f"{name}: as many rows each way", len(text) - 1 == len(marked) - 2 == len(rows) > 4,
              [len(text), len(marked), len(rows)])
        check(f"{name}: the rows have the same names",
              all(f"`{row['name']}`" in line and row["name"] in plain
                  for row, line, plain in zip(rows, marked[2:], text[1:])))
        check(f"{name}: Markdown has equal columns", len({line.replace("\\|", "").count("|") for line in marked}) == 1)
        status(f"{name}: one form at a time", 2, name, "--json", "--markdown")
        status(f"{name}: nothing more", 2, name, "more", says=["more"])
        status(f"{name}: cut short", 2, name, "--mark", says=["'--markdown'"])
    parameters = json.loads(run("parameters", "--json").out)
    check("parameters lie in their ranges", all(row["least"] <= row["default"] <= row["most"] for row in parameters
                                                if row["default"] is not None))
    check("the rules have no default", sum(row["default"] is None for row in parameters) == 8)


def checking(place):
    status("check a built-in scenario", 0, "check", "small", says=["small: 2 regimes", "No mistakes"], where="out")
    status("check with settings", 0, "check", "small", "--days", "10", "--regime", "open", "--set", "danger.own=0.1",
           says=["1 regime (open)", "of 10 days"], where="out")
    cut = os.path.join(place, "cut.yaml")
    run("new", "cut", cwd=place)
    with open(cut, "a", encoding="utf-8") as file:
        file.write("cut: [{arrow: warning_to_hits, from: 2018-07-09}]\n")
    line = "warning_to_hits is cut from 2018-07-09: a warning no longer lowers"
    status("check tells what a scenario cuts", 0, "check", cut, says=[line], where="out")
    ran = status("run tells what a scenario cuts", 0, "run", cut, *SHORT, "--cut", "tips_to_warning", "--out",
                 os.path.join(place, "cut.h5"), says=[line, "tips_to_warning is cut from 2018-09-29"], where="out")
    check("where nothing is cut, nothing is said of it", " is cut " in ran.out and " is cut " not in run("check", "small").out)
    for words in (["check", cut], ["run", cut, *SHORT, "--force", "--out", os.path.join(place, "cut.h5")]):
        told = json.loads(run(*words, "--json").out)["cuts"]
        check(f"{words[0]} --json tells it too", told == [{"arrow": "warning_to_hits", "from": "2018-07-09"}], told)
    status("check wants a scenario", 2, "check", says=["which scenario"])
    status("check wants one scenario", 2, "check", "small", "minusma", says=["minusma"])
    status("check a misspelt scenario", 2, "check", "smal", says=["'smal'", "'small'"])
    status("check a file that is not there", 74, "check", os.path.join(place, "none.yaml"), says=["none.yaml", "pkosim new"])
    path = os.path.join(place, "wrong.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("name: wrong\nstart: 2018-02-30\ndays: 10x\nrgions: []\n")
    status("check tells every mistake with its line", 2, "check", path,
           says=["wrong.yaml:2:", "wrong.yaml:3:", "wrong.yaml:4:", "'regions'"])
    for words, piece in ((["--set", "danger.onw=0.1"], "danger.own"), (["--set", "danger"], "NAME=VALUE"),
                         (["--set", "=1"], "NAME=VALUE"), (["--set", "danger.own=2000"], "danger.own"),
                         (["--cut", "tips_to_warnin"], "'tips_to_warning'"), (["--cut", "nothing"], "48 in all; see 'pkosim arrows'"),
                         (["--set", "nothing=1"], "see 'pkosim parameters'"), (["--cut", "tips_to_warning@2019-02-30"], "2019-02-30"),
                         (["--regime", "opne"], "'open'"), (["--replicates", "0"], "--replicates"), (["--replicates", "1e3"], "1e3"),
                         (["--seed", "-1"], "--seed"), (["--days", "0"], "--days"), (["--scale", "nan"], "nan"),
                         (["--mandate", "historicl"], "'historical'"), (["--start", "2018-13-01"], "2018-13-01"),
                         (["--every", "0"], "--every"), (["--snapshots", "soon"], "soon")):
        status(f"check refuses {' '.join(words)}", 2, "check", "small", *words, says=[piece])


def refused_runs(place):
    """Wrong command lines of run: status 2, and nothing is written."""
    empty = os.path.join(place, "empty")
    os.mkdir(empty)
    for words, piece in ((["--rep", "2"], "'--replicates'"), (["--replicats", "2"], "'--replicates'"), (["--obs", "x.csv"], "'--observables'"),
                         (["--no-group"], "'--no-groups'"), (["--out", "--force"], "needs a value"), (["--out"], "argument"),
                         (["--events=yes"], "argument"), (["--threads", "0"], "--threads"), (["--threads", "two"], "'two'"),
                         (["--first-replicate", "-1"], "'-1'"), (["--first-replicate", "1048576"], "1048575"),
                         (["--first-replicate", "1048575", "--replicates", "2"], "1048576"),
                         (["--out", "x.h5", "--observables", "x.h5"], "x.h5"), (["--out="], "file name"),
                         (["monusco"], "'monusco'"), (["--regime", "opne"], "'open'"), (["--days", "ten"], "ten")):
        status(f"run refuses {' '.join(words)}", 2, "run", "small", *SHORT, *words, says=[piece], cwd=empty)
    check("and nothing is written", os.listdir(empty) == [], os.listdir(empty))
    status("run: no such folder", 74, "run", "small", *SHORT, "--out", "none/x.h5", says=["none/x.h5"], cwd=empty)
    status("run: no such folder for the table", 74, "run", "small", *SHORT, "--observables", "none/x.csv", says=["none/x.csv"],
           cwd=empty)
    check("and nothing is left of it", os.listdir(empty) == [], os.listdir(empty))


def existing_files(place):
    home = os.path.join(place, "existing")
    os.mkdir(home)
    for name in ("small.h5", "table.csv"):
        with open(os.path.join(home, name), "w", encoding="utf-8") as file:
            file.write("mine")
    long = ["--replicates", "100000", "--quiet"]
    began = time.monotonic()
    status("an existing file is refused", 74, "run", "small", *long, says=["small.h5", "force"], cwd=home)
    status("an existing table is refused", 74, "run", "small", *long, "--out", "new.h5", "--observables", "table.csv",
           says=["table.csv"], cwd=home)
    check("before the first day is computed", time.monotonic() - began < 5)
    kept = [open(os.path.join(home, name), encoding="utf-8").read() for name in ("small.h5", "table.csv")]
    check("and left as it is", kept == ["mine", "mine"] and sorted(os.listdir(home)) == ["small.h5", "table.csv"], os.listdir(home))
    status("--force replaces both", 0, "run", "small", *SHORT, "--replicates", "1", "--force", "--observables", "table.csv",
           cwd=home)
    check("and leaves nothing else", sorted(os.listdir(home)) == ["small.h5", "table.csv"], os.listdir(home))


def results(place):
    """Screen, JSON and CSV of one campaign agree."""
    words = ["run", "small", *SHORT, "--replicates", "4", "--seed", "11"]
    screen = run(*words, "--out", "a.h5", "--observables", "a.csv", cwd=place)
    lines = screen.out.splitlines()
    check("run ends well and silently", screen.returncode == 0 and screen.err == "", screen.err)
    check("it starts with what the model is for", lines[0].startswith("This model explores a hypothesis")
          and "named contingent" in screen.out and "never" in screen.out and "Beyond the paper" in screen.out, lines[:8])
    check("it warns of a scale", "not for results" in screen.out)
    wide = [line for line in lines if len(line) > 100]
    check("it fits 100 columns", wide == [], wide)
    check("outcomes say their reduction", all(f"{word})" in screen.out for word in ("per year", "mean over time", "whole run")))
    check("two regimes are compared", re.search(r"minusma +monusco +monusco - minusma +d +r +sign +±10%", screen.out) is not None)
    ledgers = [line for line in lines if re.match(r" (reinforcement|resistance),", line)]
    check("ledgers are shown by category only", len(ledgers) == 4 and "a of " not in screen.out, ledgers)

    done = run(*words, "--out", "b.h5", "--json", cwd=place)
    data = json.loads(done.out)
    check("JSON knows the campaign", [data[key] for key in ("scenario", "days", "seed", "replicates", "regimes")]
          == ["small", 40, 11, 4, ["minusma", "monusco"]], done.out[:500])
    check("JSON marks the ledgers of groups", all(outcome.get("verification_only", False) == bool(re.match("[ab] of ", outcome["name"]))
                                                  for outcome in data["outcomes"]))
    with open(os.path.join(place, "a.csv"), encoding="utf-8") as file:
        text = file.read()
    rows = list(csv.DictReader(text.splitlines()))
    check("the CSV has its five columns", text.startswith("observable,regime,mean,se,replicates\n"), text[:80])
    order = [(outcome["name"], regime["regime"]) for k in range(2) for outcome in data["outcomes"]
             for regime in [outcome["regimes"][k]]]
    check("the CSV goes regime by regime through every outcome", [(row["observable"], row["regime"]) for row in rows] == order)
    by_name = {(outcome["name"], regime["regime"]): regime for outcome in data["outcomes"] for regime in outcome["regimes"]}

    def wrong(row):
        regime = by_name[row["observable"], row["regime"]]
        texts = ["" if regime[key] is None else f"{regime[key]:.6g}" for key in ("mean", "standard_error")]
        return [row["mean"], row["se"], row["replicates"]] != [*texts, str(regime["count"])]
    check("CSV and JSON agree in six digits", [row for row in rows if wrong(row)] == [], [row for row in rows if wrong(row)][:3])
    people = by_name["people", "minusma"]
    check("what does not vary has no error", people["standard_error"] == 0 and people["mean"] == people["low"] > 0, people)
    python = lines[-1].split("in Python: ")[1]
    os.chdir(place)
    names = {}
    exec(python, names)  # pylint: disable=exec-used
    check("the last line opens the file", lines[-1].startswith("a.h5") and dict(names["data"].sizes)["replicate"] == 4, lines[-1])
    names["data"].close()


def regimes(place):
    one = run("run", "small", *SHORT, "--replicates", "2", "--regime", "silo", "--out", "one.h5", cwd=place).out
    check("one regime has no differences", "silo" in one and " - " not in one and "twins," not in one, one[:1500])
    words = [word for name in ("silo", "open", "fusion") for word in ("--regime", name)]
    three = run("run", "small", *SHORT, "--replicates", "2", *words, "--out", "three.h5", cwd=place).out
    check("three regimes are compared with the first", re.search(r"silo +open +fusion", three) is not None
          and "open - silo" in three and "fusion - silo" in three and "fusion - open" not in three, three[:1500])
    single = run("run", "small", *SHORT, "--replicates", "1", "--out", "single.h5", cwd=place).out
    check("one replicate shows no interval", "no interval" in single and re.search(r"\d ±\d", single) is None, single)


def showing(place):
    done = status("show", 0, "show", "a.h5", says=["Dimensions", "replicate: 4", "regime: 2", "posture", "seed: 11"], where="out", cwd=place)
    check("show tells units and meaning", re.search(r"\n\w+ +regime, replicate, time", done.out) is not None, done.out[:3000])
    lines = [line for line in done.out.splitlines() if line.startswith("  parameter:")]
    told = re.fullmatch(r"  parameter:…: \((\d+) numbers, shown by --json\)", lines[0] if len(lines) == 1 else "")
    held = json.loads(run("show", "a.h5", "--json", cwd=place).out)["attributes"]
    check("show counts the parameters, --json tells them",
          told is not None and int(told[1]) == sum(name.startswith("parameter:") for name in held) > 100, lines[:3])
    digests = [run("show", name, "--digest", cwd=place).out for name in ("a.h5", "b.h5", "one.h5")]
    check("the digest is one line", re.fullmatch(r"sha256:[0-9a-f]{64}\n", digests[0]) is not None, digests[0])
    check("equal data, equal digest; other data, another", digests[0] == digests[1] != digests[2], digests)
    status("show a file that is not there", 74, "show", "none.h5", says=["none.h5"], cwd=place)
    status("show a file of another kind", 2, "show", "a.csv", says=["a.csv"], cwd=place)
    status("the digest of a file of another kind", 2, "show", "a.csv", "--digest", says=["a.csv"], cwd=place)
    status("show wants a file", 2, "show", says=["which file"])
    status("show wants one file", 2, "show", "a.h5", "b.h5", says=["b.h5"], cwd=place)


def main():
    with folder() as place:
        help_and_commands()
        lists()
        checking(place)
        refused_runs(place)
        existing_files(place)
        results(place)
        regimes(place)
        showing(place)
        os.chdir("/")
    finish()


main()
