#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`explain`: the deadliest incident and a few people of a small run; wrong requests; files that cannot be replayed."""
import json
import math
import os
import pty
import re
import shutil
import subprocess
import sys
import time

import h5py
import numpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402

WORDS = ["run", "small", "--days", "365", "--replicates", "2", "--first-replicate", "3", "--quiet", "--force"]
STATES = ["danger", "trauma", "reinforcement", "resistance", "cross_trust"]
DIFFERENCE = r"(?:[+-]\.\d{4}|[+-]\d+(?:\.\d{4})?|0|≈0|–)"


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def on_a_terminal(place, env, *words):
    """What the program prints on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen([PROGRAM, *words], cwd=place, stdout=slave, stderr=subprocess.DEVNULL,
                               env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **env})
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    process.wait()
    return shown.decode()


def colours(place):
    words = ["explain", "run.h5", "--person", "civil_affairs/gao_supercamp/3@2019-03-01"]
    text = on_a_terminal(place, {}, *words)
    plain = [on_a_terminal(place, {"NO_COLOR": "1"}, *words), on_a_terminal(place, {"TERM": "dumb"}, *words),
             run(*words, cwd=place).out]
    check("the plot is in colours on a terminal", "\033[" in text and "a reinforcement" in text, text[:800])
    check("with NO_COLOR, on a dumb terminal or in a file it is in letters alone",
          not any("\033" in other or "a reinforcement" not in other for other in plain), plain)
    check("colours change nothing else", re.sub(r"\033\[[0-9;]*m", "", text) == plain[0])


def incidents(place):
    path = os.path.join(place, "run.h5")
    with h5py.File(path, "r") as file:
        table = {name[9:]: file[name][...] for name in file if name.startswith("incident_")}
        names = {name: [text(one) for one in file[name][...]] for name in ("regime", "region", "plot_class", "group")}
    own = table["class"] != names["plot_class"].index("population")
    row = int(numpy.argmax(numpy.where(own, table["killed"], -1)))
    done = run("explain", "run.h5", "--incident", "deadliest", "--json", cwd=place)
    told = json.loads(done.out) if check("the deadliest incident is explained", done.returncode == 0, done.err) else {}
    check("it is the row of the table with the most killed", told["incident"]["row"] == row, told["incident"])
    same = run("explain", "run.h5", "--incident", str(row), "--json", cwd=place)
    check("the same by its number", same.out == done.out)
    check("its run is the row's", told["regime"] == names["regime"][table["regime"][row]]
          and told["replicate"] == table["replicate"][row] >= 3, told["regime"])
    check("what it tells is in the table", told["incident"]["killed"] == table["killed"][row]
          and told["incident"]["wounded"] == table["wounded"][row]
          and told["incident"]["region"] == names["region"][table["region"][row]], told["incident"])
    lost = told["strike"]["losses"]
    check("losses by group add up", sum(one["killed"] for one in lost) == table["killed"][row]
          and sum(one["wounded"] for one in lost) == table["wounded"][row]
          and sum(one["at_risk"] for one in lost) == told["strike"]["at_risk"], lost)
    check("a hit was drawn below its chance", told["strike"]["drawn"] < told["strike"]["chance_after_warning"])
    plot = told["plot"]
    check("who knows has come by it", set(plot["knows"]) <= {one["group"] for one in plot["events"]} and
          set(plot["collected"]) <= set(plot["knows"]) and set(plot["free"]) <= set(plot["knows"]), plot)
    after = {(one["who"], one["what"]): one for one in told["aftermath"]["rows"]}
    frightened = after["mission", "danger"]
    check("an incident frightens, and the fright passes", frightened["with"][0] > frightened["without"][0]
          and abs(frightened["with"][2] - frightened["without"][2]) < abs(frightened["with"][0] - frightened["without"][0]), frightened)
    one = after["since_that_morning", "killed"]
    check("its dead are the difference of that day", one["with"][0] - one["without"][0] == table["killed"][row], one)

    done = run("explain", "run.h5", "--incident", str(row), cwd=place)
    lines = done.out.splitlines()
    check("the text fits 80 columns", done.returncode == 0 and max(map(len, lines)) <= 80, max(lines, key=len))
    check("it says once what it may be used for", done.out.count("nothing about a real contingent") == 1)
    check("it has the four parts", all(line in lines for line in ("The plot", "Who knew on the day", "The strike"))
          and "What followed: the run minus its twin" in done.out)
    rows = [line for line in lines if re.search(rf"(  +{DIFFERENCE}){{5}}$", line)]
    check("what followed is a row each", len(rows) >= 15, rows)
    check("no ledger of a group is shown", not any("groups at risk" in line and "reinforcement" in line for line in lines))

    # One of each reason why a strike does not hit, and of each class, agrees with its row.
    for code, reason in ((1, "by chance"), (2, "protection"), (3, "by the warning")):
        wanted = (table["missed"] == code) & ((table["class"] == names["plot_class"].index("camp")) if code == 2 else True)
        rows = numpy.flatnonzero(wanted)
        done = run("explain", "run.h5", "--incident", str(rows[len(rows) // 2]), cwd=place) if len(rows) else None
        check(f"missed {reason}", done and "It did not hit, by" in done.out and reason in done.out, done and done.out)
    for name in names["plot_class"]:
        rows = numpy.flatnonzero(table["class"] == names["plot_class"].index(name))
        done = run("explain", "run.h5", "--incident", str(rows[-1]), "--json", cwd=place)
        told = json.loads(done.out)
        check(f"the last incident of class {name}", done.returncode == 0 and told["incident"]["class"] == name
              and told["incident"]["hit"] == bool(table["hit"][rows[-1]])
              and told["incident"]["killed"] == table["killed"][rows[-1]], done.err)
    return row


def adds_up(entry, change):
    """Terms of a state add up to its change, exactly, in whatever order."""
    terms = [value for name, value in entry.items() if name not in ("before", "after")]
    return sum(terms) == change and sum(reversed(terms)) == change and math.fsum(terms) == change


def person(place, words, *more):
    done = run("explain", "run.h5", "--person", words, *more, "--json", cwd=place)
    if not check(f"{words} {' '.join(more)} is explained", done.returncode == 0, done.err):
        return
    told = json.loads(done.out)
    days = told["days"]
    check(" a day for each day of service", days[0]["date"] == told["person"]["first_day"] and days[-1]["date"] == told["person"]["last_day"]
          and told["person"]["first_day"] <= told["person"]["on"] <= told["person"]["last_day"], told["person"])
    check(" each day's terms add up to its change", all(
        adds_up(day[state], day[state]["after"] - day[state]["before"]) for day in days for state in STATES))
    check(" the terms of the whole service add up to its change", all(
        adds_up(told["states"][state]["terms"], told["states"][state]["change"]) for state in STATES))
    check(" they are the sums of the days'", all(
        sum(day[state][term] for day in days) == value for state in STATES for term, value in told["states"][state]["terms"].items()))
    check(" one evening is the next morning", all(
        one[state]["after"] == other[state]["before"] for one, other in zip(days, days[1:]) for state in STATES))

    done = run("explain", "run.h5", "--person", words, *more, cwd=place, env={"TERM": "xterm"})
    lines = done.out.splitlines()
    check(" the text fits 80 columns, without colour in a file", done.returncode == 0 and max(map(len, lines)) <= 80
          and "\x1b" not in done.out, max(lines, key=len))
    check(" it says once what it may be used for", done.out.count("nothing about a real contingent") == 1)
    titles = {"trust across": "cross_trust"}
    printed, state = {}, None
    for line in done.out.split("What the changes are made of\n")[1].split("\nTurning points")[0].splitlines()[1:]:
        name, number = re.match(r"  ([a-z ]*?) +([+-]\d\.\d{4})  ", line).groups()
        state = titles.get(name, name) or state
        printed.setdefault(state, []).append(round(float(number) * 10000))
    check(" what is printed adds up to the last digit", len(printed) == 5 and all(
        one[0] == sum(one[1:]) for one in printed.values()), printed)
    table = {titles.get(row[0], row[0]): row for row in re.findall(
        r"^  ([a-z ]+?) +(\d\.\d{4}) +(\d\.\d{4}) +([+-]\d\.\d{4}) ", done.out, flags=re.M)}
    check(" and last minus first is that change", len(table) == 5 and all(
        round(float(row[2]) * 10000) - round(float(row[1]) * 10000) == printed[state][0] == round(float(row[3]) * 10000)
        for state, row in table.items()), table)
    check(" and what is printed is what is in the JSON", all(
        abs(float(row[1]) - told["states"][state]["first"]) <= 0.5001e-4 for state, row in table.items()))
    check(" there are turning points of every state that moved", done.out.split("Turning points")[1].count("to ") >= 8)
    return told


def people(place):
    told = person(place, "chad/kidal_camp/5@2018-12-01")
    check("the first regime and replicate are meant where none is said", told["regime"] == "minusma" and told["replicate"] == 3)
    other = person(place, "chad/kidal_camp/5@2018-12-01", "--regime", "monusco", "--replicate", "4")
    check("another run is another life", other["regime"] == "monusco" and other["replicate"] == 4
          and other["states"] != told["states"])
    person(place, "civil_affairs/gao_supercamp/3@2019-03-01")
    person(place, "senegal_police/bamako_hq/0@2018-07-01")
    first = person(place, "germany/castor/849@2019-06-30")
    check("a place counts from 0", first["person"]["place"] == 849)


def page(place):
    """docs/explain.md speaks of every term and every row."""
    with open(os.path.join(os.environ.get("PKO_SOURCE", "."), "docs", "explain.md"), encoding="utf-8") as file:
        words = file.read()
    told = json.loads(run("explain", "run.h5", "--person", "chad/kidal_camp/5@2018-12-01", "--json", cwd=place).out)
    terms = {term for state in STATES for term in told["states"][state]["terms"]}
    check("docs/explain.md has every term", len(terms) > 25 and all(f"`{term}`" in words for term in terms),
          [term for term in terms if f"`{term}`" not in words])
    keys = list(told) + list(json.loads(run("explain", "run.h5", "--incident", "0", "--json", cwd=place).out))
    check("and every part of the JSON", all(f"`{key}`" in words for key in keys), [key for key in keys if f"`{key}`" not in words])


def wrong_requests(place):
    mistakes = [
        ([], "explain what"), (["--incident", "1", "--person", "a/b/0@2018-07-01"], "explain what"),
        (["--incident", "many"], "not 'many'"), (["--incident", "-1"], "not '-1'"), (["--incident", "1.5"], "not '1.5'"),
        (["--incident", "100000"], "counted from 0"), (["--incident", "1", "--regime", "minusma"], "an incident has its own"),
        (["--person", "chad/kidal_camp"], "GROUP/CAMP/K@DATE"), (["--person", "tchad/kidal_camp/0@2018-12-01"], "nearest: 'chad'"),
        (["--person", "chad/kidal_cmp/0@2018-12-01"], "nearest: 'kidal_camp'"), (["--person", "chad/xyz/0@2018-12-01"], "gao_supercamp"),
        (["--person", "chad/castor/0@2018-12-01"], "is not at castor"), (["--person", "chad/kidal_camp/x@2018-12-01"], "not 'x'"),
        (["--person", "chad/kidal_camp/1400@2018-12-01"], "1400 people"), (["--person", "chad/kidal_camp/0@2018-02-30"], "no date"),
        (["--person", "chad/kidal_camp/0@2030-01-01"], "2018-07-01 to 2019-06-30"),
        (["--person", "chad/kidal_camp/0@2018-12-01", "--regime", "minusm"], "nearest: 'minusma'"),
        (["--person", "chad/kidal_camp/0@2018-12-01", "--replicate", "2"], "3 to 4"),
        (["--person", "chad/kidal_camp/0@2018-12-01", "--replicate", "x"], "3 to 4"), (["--incidents", "1"], "--incident")]
    for words, piece in mistakes:
        done = run("explain", "run.h5", *words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == 2 and piece in done.err and done.out == "", f"{done.returncode} {done.err}")
    for words, status in ((["nowhere.h5", "--incident", "1"], 74), ([place, "--incident", "1"], 74), (["--incident", "1"], 2)):
        done = run("explain", *words, cwd=place)
        check(f"exit status {status}: {words[0]}", done.returncode == status and done.out == "", f"{done.returncode} {done.err}")
    run(*WORDS, "--out", "bare.h5", cwd=place)
    done = run("explain", "bare.h5", "--incident", "0", cwd=place)
    check("a file without events: it says how to get them", done.returncode == 2 and "--events" in done.err
          and "pkosim run small" in done.err.replace("'", ""), done.err)
    check("a person of such a file is explained", run("explain", "bare.h5", "--person", "chad/kidal_camp/0@2018-12-01", cwd=place).returncode == 0)


def other_files(place, row):
    def changed(name, change):
        path = os.path.join(place, name)
        shutil.copy(os.path.join(place, "run.h5"), path)
        with h5py.File(path, "r+") as file:
            change(file)
        return run("explain", name, "--incident", str(row), cwd=place)

    def attribute(file, name, value):
        file.attrs.create(name, value.encode(), dtype=h5py.string_dtype("utf-8", len(value.encode())))

    def version(file):
        attribute(file, "pkosim_version", "0.0.1")

    def scenario(file):
        attribute(file, "scenario", text(file.attrs["scenario"]).replace("trust: 0.5", "trust: 0.6"))

    def setting(file):
        attribute(file, "settings", text(file.attrs["settings"]) + "danger.own=0.11\n")

    def nonsense(file):
        attribute(file, "settings", "danger.owne=0.11\n")

    def value(file):
        series = file["posture"][...]
        series[:, :, 20] += 1e-3
        file["posture"][...] = series

    def outcome(file):
        outcomes = file["outcome"][...]
        outcomes[:, :, 7] += 1
        file["outcome"][...] = outcomes

    def moved(file):
        file["incident_day"][row] = file["incident_day"][row] + 1

    def column(file):
        short = file["incident_killed"][:3]
        del file["incident_killed"]
        file["incident_killed"] = short

    def shape(file):
        series = file["posture"][...]
        del file["posture"]
        file["posture"] = series.reshape(1, 1, -1)

    def counts(file):
        file.attrs["replicates"] = numpy.int32(-1)

    for name, change, piece in (("column", column, "incident_killed"), ("shape", shape, "posture"), ("counts", counts, "which runs"),
                                ("version", version, "written by pkosim 0.0.1"), ("scenario", scenario, "whose hash"),
                                ("setting", setting, "danger"), ("nonsense", nonsense, "does not take the scenario"),
                                ("value", value, "posture of 2018-11-18"), ("outcome", outcome, "outcome differs"),
                                ("moved", moved, "does not give what")):
        done = changed(f"{name}.h5", change)
        check(f"refused: another {name}", done.returncode == 2 and piece in done.err and done.out == ""
              and len(done.err.splitlines()) == 1, f"{done.returncode} {done.err}")
    with open(os.path.join(place, "run.h5"), "rb") as file:
        whole = file.read()
    for name, data in (("short", whole[:len(whole) // 2]), ("empty", b""), ("text", b"no HDF5 " * 100)):
        with open(os.path.join(place, f"{name}.h5"), "wb") as file:
            file.write(data)
        done = run("explain", f"{name}.h5", "--incident", "0", cwd=place)
        check(f"refused: a {name} file", done.returncode == 2 and f"{name}.h5" in done.err and done.out == "", f"{done.returncode} {done.err}")


def speed(place):
    """Under twice a run, on a mission long enough to be timed; the best of three each."""
    words = ["run", "small", "--days", "3650", "--regime", "minusma", "--replicates", "1", "--threads", "1", "--events", "--quiet", "--force"]

    def seconds(*command):
        best = math.inf
        for _ in range(3):
            began = time.monotonic()
            done = run(*command, cwd=place)
            best = min(best, time.monotonic() - began)
            check(f"{command[0]} ends well", done.returncode == 0, done.err)
        return best
    one = seconds(*words, "--out", "long.h5")
    for request in (["--incident", "deadliest"], ["--person", "chad/kidal_camp/0@2019-12-01"]):
        explained = seconds("explain", "long.h5", *request)
        check(f"{request[0]} takes less than twice a run", explained < 2 * one, f"{explained:.2f} s of {one:.2f} s")


with folder() as home:
    made = run(*WORDS, "--events", "--snapshots", "2018-12-01", "--set", "regions.kidal.threat=[[2018-07-01, 0.12]]", "--out", "run.h5", cwd=home)
    check("the run is made", made.returncode == 0, made.err)
    deadliest = incidents(home)
    people(home)
    page(home)
    colours(home)
    wrong_requests(home)
    other_files(home, deadliest)
    speed(home)
finish()
