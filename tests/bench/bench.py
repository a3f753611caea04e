#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the program is, held against its goals: one table, and one file of results for each processor.

    make bench             everything, about five minutes; writes tests/bench/results/PROCESSOR.csv
    make bench QUICK=1     few repetitions of the same, about a minute; writes nothing
    make bench-page        puts results into docs/performance.md and draws its figure (page.py)
    bench.py --show FILE   the table of a file of results
    bench.py --list        the figures and their goals

Each probe below measures what belongs together in one go (both sides of a ratio one after the other) and gives figures by
name. The probes take turns, so that what else the machine does meets all alike; a figure is the median of its repetitions.
"""
import argparse
import collections
import csv
import datetime
import functools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLUMNS = ["figure", "unit", "median", "min", "max", "repetitions", "goal", "commit", "compiler", "date"]
SIZES = [1000, 3000, 10000, 30000, 100000, 300000, 1000000, 3000000, 10000000]
TABLES = [4 ** k << 14 for k in range(8)]  # bytes, as in memory.c
PROCESSES = ["mandate, and what begins the day", "operations", "threat", "intelligence", "incidents", "aviation", "peacekeepers",
             "trust", "population", "rotation"]
FULL = "start=2018-07-01"  # a day from which the mission is at its full strength and all kinds of groups are there

Figure = collections.namedtuple("Figure", "name unit goal")


def figures(bits):
    """Every figure in the order of the table. The goal of process 7 goes by the width of the vectors."""
    listed = [
        ("ten years, one run", "s", "≤ 0.17"),
        ("rate of one run", "individual-days/s", "≥ 3e8"),
        ("rate over ten replicates", "individual-days/s", "≥ 3e8"),
        ("two threads over ten replicates", "× one", "≥ 1.9"),
        ("two processes of five replicates each", "× one of ten", ""),
        ("two threads inside a million people", "× one", "≥ 1.7"),
        ("two processes of a million people each", "× one", ""),
        ("process 7, an individual and day", "ns", {512: "≤ 2.5", 256: "≤ 3"}.get(bits, "")),
        ("a day in all", "µs", "≤ 46"),
        ("the other processes together", "µs", "≤ 15"),
        *((f"process {k}, {name}", "µs", "") for k, name in enumerate(PROCESSES, 1) if k != 7),
        ("the end of the day", "µs", ""),
        ("the observer", "µs", ""),
        *((f"process 7's loop, {name}", "ns", "") for name in ("stripped kernel", "v4", "v3", "generic")),
        ("process 7's loop to the stripped kernel", "×", ""),
        ("recording weekly without groups", "% of the run", "≤ 5"),
        ("recording weekly with groups", "% of the run", "≤ 20"),
        ("a sweep to its bare runs", "× bare", "≤ 1.03"),
        ("start to the end of the first day", "ms", "< 50"),
        ("a run of one day, file and table included", "ms", ""),
        ("--help", "ms", "< 20"),
        *((f"process 7, {size:,} people", "ns", "") for size in SIZES),
        *((f"an individual-day, {size:,} people", "ns", "") for size in SIZES),
        *((f"memory, {size:,} people", "bytes each", "≤ 48" if size >= 1000000 else "") for size in SIZES),
        ("an individual-day at 10,000,000 people to 1,000", "×", "≤ 6"),
        ("an individual-day at 10,000,000 people to the cheapest", "×", "≤ 6"),
        ("process 7 at 10,000,000 people to the cheapest", "×", "≤ 6"),
        ("an individual-day in ten times as many days", "×", "≤ 1.1"),
        ("a day with 53 groups", "µs", ""),
        ("a day with 128 groups", "µs", ""),
        ("128 groups to 53", "×", "< 2"),
        ("the program with ten million people", "MB", "< 1000"),
        *((f"a record at random in {size >> 10:,} KiB", "ns", "") for size in TABLES),
        *((f"16 bytes in a pass over {size >> 10:,} KiB", "ns", "") for size in TABLES),
        *((f"cache {name}", "KiB", "") for name in ("L1d", "L2", "L3")),
    ]
    return [Figure(*row) for row in listed]


def met(value, goal):
    """Whether a value meets a goal such as "≤ 2.5"; None without one."""
    if not goal:
        return None
    sign, bound = goal.split()
    return {"≤": value <= float(bound), "<": value < float(bound), "≥": value >= float(bound)}[sign]


# --- Measuring --------------------------------------------------------------------------------------------------


class Bench:
    """The programs under test, a folder for what they write, how thorough to be, the width of the vectors that this machine
    runs, and the individual-days of one run of MINUSMA."""

    def __init__(self, build, place, quick):
        self.build, self.place, self.quick = build, place, quick
        self.scale_of = {}
        told = self.call("tests/bench/day", "time", "minusma", "minusma", "1")[0]
        self.bits = {"v4": 512, "v3": 256}.get(told.split()[1], 128)
        self.individual_days = self.day(3653)["individual_days"]

    def call(self, name, *words):
        """Runs a program to its end: what it printed, seconds by the clock, seconds of processors, peak memory in bytes."""
        with open(os.path.join(self.place, "printed"), "w+b") as printed:
            began = time.monotonic()
            child = subprocess.Popen([os.path.join(self.build, name), *words], stdin=subprocess.DEVNULL, stdout=printed)
            usage = self.wait(child)
            clock = time.monotonic() - began
            printed.seek(0)
            return printed.read().decode(), clock, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss

    @staticmethod
    def wait(child):
        """Waits for a program that should end well: what it used."""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"bench: {' '.join(child.args)} ended with status {child.returncode}")
        return usage

    def words_of_run(self, words, replicates, threads, number=0):
        return ["run", "minusma", "--regime", "minusma", "--replicates", str(replicates), "--threads", str(threads), "--quiet", "--force",
                "--out", os.path.join(self.place, f"run{number}.h5"), *words]

    def run(self, *words, replicates=1, threads=1):
        """The whole program under one regime, its file and table included."""
        return self.call("pkosim", *self.words_of_run(words, replicates, threads))

    def two_runs(self, *words, replicates=1):
        """Seconds by the clock of two programs at once that share nothing: what two processors are worth here."""
        began = time.monotonic()
        children = [subprocess.Popen([os.path.join(self.build, "pkosim"), *self.words_of_run(words, replicates, 1, number)],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for number in range(2)]
        for child in children:
            self.wait(child)
        return time.monotonic() - began

    def values(self, name, *words):
        """The lines `name value` that a program prints."""
        lines = (line.split() for line in self.call(name, *words)[0].splitlines())
        return {word: float(value) for word, value in lines if word != "clone"}

    def day(self, days, *settings, scenario="minusma", which="time"):
        """In-process times of a run (day.c), all in nanoseconds."""
        return self.values("tests/bench/day", which, scenario, "minusma", str(days), *settings)


def whole_day(times):
    return sum(value for name, value in times.items() if name.startswith("process_")) + times["observer"]


def one_run(bench):
    seconds = bench.run()[1]
    return {"ten years, one run": seconds, "rate of one run": bench.individual_days / seconds}


def replicates(bench):
    one, two = (bench.run(replicates=10, threads=threads)[1] for threads in (1, 2))
    return {"rate over ten replicates": 10 * bench.individual_days / one, "two threads over ten replicates": one / two,
            "two processes of five replicates each": one / bench.two_runs(replicates=5)}


def threads_inside(bench):
    """Some years, since making a million people on the first day is work of its own; then the same twice at once, which share nothing."""
    words = ["--scale", "64", "--start", "2018-07-01", "--days", "60" if bench.quick else "1000"]
    one, two = (bench.run(*words, threads=threads)[1] for threads in (1, 2))
    return {"two threads inside a million people": one / two, "two processes of a million people each": 2 * one / bench.two_runs(*words)}


def phases(bench):
    """Of a second run: what memory costs when it is touched first belongs to the start of a program."""
    days = 3653
    times = bench.day(days, which="again")
    micro = {k: times[f"process_{k}"] / days / 1000 for k in range(11)}
    found = {f"process {k}, {name}": micro[k] for k, name in enumerate(PROCESSES, 1) if k != 7}
    found["process 7, an individual and day"] = times["process_7"] / times["individual_days"]
    found["the end of the day"] = micro[0]
    found["the observer"] = times["observer"] / days / 1000
    found["the other processes together"] = sum(micro.values()) - micro[7]
    found["a day in all"] = whole_day(times) / days / 1000
    return found


def loops(bench):
    times = bench.values("tests/bench/kernel")
    stripped = times.pop("stripped")
    widest = {512: "v4", 256: "v3"}.get(bench.bits, "generic")
    return {"process 7's loop, stripped kernel": stripped, **{f"process 7's loop, {name}": value for name, value in times.items()},
            "process 7's loop to the stripped kernel": times[widest] / stripped}


def recording(bench):
    """Of ten replicates, as the rate is: memory is touched first in one of them. Seconds of the processor, since 5 % of a run by the
    clock would drown in what else the machine does."""
    never, plain, groups = (bench.run(*words, replicates=10)[2] for words in (["--no-groups", "--every", "3650"], ["--no-groups"], []))
    return {"recording weekly without groups": 100 * (plain - never) / plain, "recording weekly with groups": 100 * (groups - never) / groups}


def sweep(bench):
    """A sweep by the clock, from its call to its end with shards and table on the disk, to the same runs without all that."""
    numbers = [f"{k / 1000:g}" for k in range(1, 26 if bench.quick else 101)]
    campaign, out = (os.path.join(bench.place, name) for name in ("sweep.yaml", "sweep"))
    with open(campaign, "w", encoding="utf-8") as file:
        file.write(f"scenario: small\nsettings: {{record.groups: false}}\nreplicates: 2\noutcomes: [access]\ndesign: grid\n"
                   f"parameters: {{danger.own: {{values: [{', '.join(numbers)}]}}}}\n")
    shutil.rmtree(out, ignore_errors=True)
    seconds = bench.call("pkosim", "sweep", campaign, "--out", out, "--threads", "1", "--quiet")[1]
    bare = bench.values("tests/bench/bare", "small", "2", "access", "danger.own", *numbers)
    with open(os.path.join(out, "summary.csv"), encoding="utf-8", newline="") as file:
        total = functools.reduce(lambda total, row: total + float(row["access"]), csv.DictReader(file), 0.0)
    if total != bare["sum"]:
        sys.exit(f"bench: the sweep and the bare runs are not the same: {total} and {bare['sum']}")
    return {"a sweep to its bare runs": seconds / bare["seconds"]}


def start(bench):
    began = 1e9 * time.monotonic()
    over = bench.day(1)["first_day_over"]
    return {"start to the end of the first day": (over - began) / 1e6, "a run of one day, file and table included": 1e3 * bench.run("--days", "1")[1],
            "--help": 1e3 * bench.call("pkosim", "--help")[1]}


def scale_for(bench, people):
    """The scale with so many people; small detachments are rounded up, so small missions need another try."""
    if people not in bench.scale_of:
        scale = people / bench.day(1, FULL)["people"]
        for _ in range(3 if people <= 100000 else 0):
            scale *= people / bench.day(1, FULL, f"scale={scale:.6g}")["people"]
        bench.scale_of[people] = f"scale={scale:.6g}"
    return bench.scale_of[people]


def sizes(bench):
    """At least four weeks, so that rare records (quantiles) weigh as in long runs; when quick, one."""
    found = {}
    for people in SIZES:
        days = max(7 if bench.quick else 28, min(1820, 30000000 // people // 28 * 28))
        times = bench.day(days, FULL, scale_for(bench, people))
        found[f"process 7, {people:,} people"] = times["process_7"] / times["individual_days"]
        found[f"an individual-day, {people:,} people"] = whole_day(times) / times["individual_days"]
        found[f"memory, {people:,} people"] = times["memory"] / times["people"]
    for name in ("process 7", "an individual-day"):
        costs = [found[f"{name}, {people:,} people"] for people in SIZES]
        found[f"{name} at 10,000,000 people to the cheapest"] = costs[-1] / min(costs)
    found["an individual-day at 10,000,000 people to 1,000"] = costs[-1] / costs[0]
    return found


def days(bench):
    short, long = (bench.day(count, FULL) for count in (182, 1820))
    return {"an individual-day in ten times as many days": whole_day(long) / long["individual_days"] / (whole_day(short) / short["individual_days"])}


def more_groups(text, wanted):
    """A scenario with more groups and as many people: groups become several that share the strength of the one."""
    head = re.compile(r"(?m)^  - \{name: (\w+), (?:country|kind: (?!headquarters|military|mixed))")
    begins = [match.start() for match in head.finditer(text)]
    pieces = [re.split(r"(?m)^(?=\w|#)", text[a:b], maxsplit=1) for a, b in zip(begins, [*begins[1:], len(text)])]
    made = text[:begins[0]]
    for k, (group, *rest) in enumerate(pieces):
        parts = wanted // len(pieces) + (k < wanted % len(pieces))
        shared = re.sub(r"strength: (\d+)", lambda strength: f"strength: {max(1, round(int(strength[1]) / parts))}", group)
        made += "".join(re.sub(r"name: (\w+)", rf"name: \1_{part}", shared, count=1) for part in range(parts)) + "".join(rest)
    return made


def groups(bench):
    path = os.path.join(bench.place, "groups.yaml")
    with open(os.path.join(SOURCE, "scenarios/minusma.yaml"), encoding="utf-8") as given, open(path, "w", encoding="utf-8") as made:
        made.write(more_groups(given.read(), 128))
    few, many = (whole_day(bench.day(728, FULL, scenario=name)) / 728 / 1000 for name in ("minusma", path))
    return {"a day with 53 groups": few, "a day with 128 groups": many, "128 groups to 53": many / few}


def ten_million(bench):
    scale = scale_for(bench, 10000000).split("=")[1]
    return {"the program with ten million people": bench.run("--scale", scale, "--start", "2018-07-01", "--days", "7")[3] / 1e6}


def memory(bench):
    times = bench.values("tests/bench/memory")
    return {**{f"a record at random in {size >> 10:,} KiB": times[f"random_{size}"] for size in TABLES},
            **{f"16 bytes in a pass over {size >> 10:,} KiB": times[f"pass_{size}"] for size in TABLES}}


def caches(_):
    """As the C library knows them; a virtual machine may tell what the whole socket has."""
    names = {"L1d": "LEVEL1_DCACHE_SIZE", "L2": "LEVEL2_CACHE_SIZE", "L3": "LEVEL3_CACHE_SIZE"}
    told = {name: subprocess.run(["getconf", word], capture_output=True, text=True).stdout.strip() for name, word in names.items()}
    return {f"cache {name}": int(size) / 1024 for name, size in told.items() if size.isdigit() and int(size)}


# Probe and its repetitions, in whole and when quick.
PROBES = [(one_run, 11, 3), (replicates, 7, 1), (phases, 11, 3), (loops, 7, 1), (recording, 7, 1), (sweep, 7, 1), (start, 11, 3),
          (threads_inside, 5, 1), (groups, 7, 2), (days, 7, 1), (sizes, 5, 1), (memory, 5, 1), (ten_million, 1, 1), (caches, 1, 1)]


def measure(bench, only):
    """{figure: values}, one of each probe after the other."""
    found = collections.defaultdict(list)
    chosen = [probe for probe in PROBES if only in probe[0].__name__]
    for turn in range(max(probe[2 if bench.quick else 1] for probe in chosen)):
        for probe, thorough, quick in chosen:
            if turn < (quick if bench.quick else thorough):
                print(f"bench: turn {turn + 1}, {probe.__name__}", file=sys.stderr, flush=True)
                for name, value in probe(bench).items():
                    found[name].append(value)
    return found


# --- Results ----------------------------------------------------------------------------------------------------


def processor(bits):
    """Name of this processor and the width of the vectors used, as the name of a file."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        told = dict(re.findall(r"(?m)^(model name|cpu family|model)\s*: (.*)$", file.read()))
    words = f"{told.get('model name', 'unknown')} family {told.get('cpu family', '?')} model {told.get('model', '?')} {bits} bits"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def table_rows(found, bits, told):
    rows = []
    for figure in figures(bits):
        values = found.get(figure.name)
        if values:
            numbers = (statistics.median(values), min(values), max(values))
            rows.append(dict(zip(COLUMNS, [figure.name, figure.unit, *(f"{value:.4g}" for value in numbers), len(values), figure.goal,
                                           told["commit"], told["compiler"], datetime.date.today().isoformat()])))
    return rows


def write(rows, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(text):
    value = float(text)
    return f"{value:.3e}" if value >= 1e7 else f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def table(rows):
    lines = [f"{'':52} {'median':>10} {'min':>10} {'max':>10}  n  {'unit':18} goal"]
    for row in rows:
        right = met(float(row["median"]), row["goal"])
        verdict = "" if right is None else f"{row['goal']}  {'met' if right else 'MISSED'}"
        numbers = " ".join(f"{shown(row[column]):>10}" for column in ("median", "min", "max"))
        lines.append(f"{row['figure']:52} {numbers} {row['repetitions']:>2}  {row['unit']:18} {verdict}".rstrip())
    judged = [met(float(row["median"]), row["goal"]) for row in rows if row["goal"]]
    return "\n".join([*lines, f"{sum(judged)} goals met, {len(judged) - sum(judged)} missed"])


def about(build):
    told = subprocess.run([os.path.join(build, "pkosim"), "version"], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"(?m)^(commit|compiler): (.*)$", told))


def main():
    parser = argparse.ArgumentParser(description="How fast the program is, held against its goals.")
    parser.add_argument("--build", default=os.path.join(SOURCE, "build"), help="folder of the programs")
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes nothing")
    parser.add_argument("--only", default="", metavar="WORD", help="probes whose names hold WORD; writes nothing")
    parser.add_argument("--show", metavar="FILE", help="the table of a file of results")
    parser.add_argument("--list", action="store_true", help="the figures and their goals")
    given = parser.parse_args()
    if given.list:
        print("\n".join(f"{figure.name:52} {figure.unit:18} {figure.goal}".rstrip() for figure in figures(512)))
        return
    if given.show:
        print(table(read(given.show)))
        return
    with tempfile.TemporaryDirectory(prefix="pkosim-bench-") as place:
        bench = Bench(os.path.abspath(given.build), place, given.quick)
        rows = table_rows(measure(bench, given.only), bench.bits, about(bench.build))
    print(table(rows))
    if not given.quick and not given.only:
        path = os.path.join(SOURCE, "tests/bench/results", processor(bench.bits) + ".csv")
        write(rows, path)
        print(f"kept in {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
