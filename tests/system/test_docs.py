#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation says what the program does.

PKOSIM is the program, PKO_SOURCE the root of the source. Prints one line a check, then "N passed, N failed".
"""
import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder, run  # noqa: E402
from pages import sanitizers  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
BLOCS = ["nato", "north", "african", "asian", "other", "police", "civilian"]


def check_none(name, problems):
    """One check: `problems` is a list of words, empty when all is well."""
    problems = list(problems)
    more = f" and {len(problems) - 5} more" if problems[5:] else ""
    check(name, not problems, "; ".join(problems[:5]) + more)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def call(*words, timeout=300):
    """Runs something that is not the program."""
    return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout)


def table_names(markdown):
    """The name in each row of a table: what stands in backticks first."""
    return [match[1] for match in (re.search(r"`([\w.]+)`", line) for line in markdown.splitlines()) if match]


def between(text, begin, end):
    return text.split(begin, 1)[1].split(end, 1)[0] if begin in text and end in text else ""


# --- docs/ODD.md ------------------------------------------------------------------------------------------------


def written(page):
    """The page as docs/write_tables.sh writes it."""
    return call("sh", os.path.join(SOURCE, "docs/write_tables.sh"), PROGRAM, page)


def check_tables():
    odd = read("docs/ODD.md")
    for name in ("parameters", "regimes", "arrows"):
        printed = run(name, "--markdown").out
        held = between(odd, f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->")
        check(f"the table of {name} in docs/ODD.md is the program's", held == printed and len(table_names(printed)) > 1,
              "they differ; `make docs` writes it anew")
    anew = written(os.path.join(SOURCE, "docs/ODD.md"))
    check("writing the tables anew changes nothing", anew.stdout == odd, anew.stderr)
    with tempfile.NamedTemporaryFile("w", suffix=".md") as spoilt:
        spoilt.write(odd.replace("<!-- parameters: begin -->\n", "<!-- parameters: begin -->\n| stale |\n"))
        spoilt.flush()
        check("a stale table is mended", written(spoilt.name).stdout == odd)


def check_comparison():
    readme = read("README.md")
    shown = between(readme, "<!-- comparison: begin -->\n", "<!-- comparison: end -->")
    explained = between(readme, "<!-- comparison: end -->", "\n## ")
    numbers = re.findall(r"`([≈+-]?[0-9]*\.?[0-9]+)`", explained)
    check_none(f"the {len(numbers)} numbers explained in README.md stand in its comparison",
               [n for n in numbers if not re.search(rf"(?<![\w.]){re.escape(n)}(?![\w.])", shown)] if numbers else ["none"])
    if sanitizers():
        print("skip the comparison of README.md: it takes long under a sanitizer")
        return
    check("the comparison in README.md is what the program shows",
          shown and written(os.path.join(SOURCE, "README.md")).stdout == readme,
          "it differs; `make docs` writes it anew, and then the explanation below it is to be read again")


def check_names():
    odd = read("docs/ODD.md")
    for name in ("parameters", "regimes", "arrows"):
        prose = re.sub(r"<!-- \w+: begin -->.*?<!-- \w+: end -->", "", odd, flags=re.S)
        names = table_names(run(name, "--markdown").out)
        # Regimes are data; a parameter or an arrow that the prose does not use would be one without an equation.
        text = odd if name == "regimes" else prose
        check_none(f"docs/ODD.md speaks of all {len(names)} {name}",
                   [n for n in names if not re.search(rf"(?<![\w.]){re.escape(n)}(?!\w)", text)] if names else ["none"])
    processes = re.findall(r"^PKO_PROCESS\(\d+, (\w+),", read("src/process/schedule.def"), flags=re.M)
    titles = re.findall(r"^### 6\.\d+ (\w+)$", odd, flags=re.M)
    check("the sections 6.N of docs/ODD.md are the processes of the schedule, in its order",
          processes and titles == processes, f"{titles} against {processes}")
    check_none("each process has the file of its name",
               [p for p in processes if not os.path.exists(os.path.join(SOURCE, f"src/process/{p}.c"))])
    elements = ["Purpose and patterns", "Entities, state variables, and scales", "Process overview and scheduling",
                "Design concepts", "Initialization", "Input data", "Submodels"]
    headings = " ".join(re.findall(r"^#{2,3} (.*)$", odd, flags=re.M)).lower()
    check_none("docs/ODD.md has the seven elements of the protocol", [e for e in elements if e.lower() not in headings])
    patterns = re.findall(r"^\| (P\d+) \|", odd, flags=re.M)
    check("docs/ODD.md has the patterns P1 to P32", patterns == [f"P{k}" for k in range(1, 33)], patterns)


# --- docs/outcomes.md -------------------------------------------------------------------------------------------


def scenario_names():
    """Names of regions, camps and groups of the small scenario, whose lists hold one entry a line."""
    names = {"regions": [], "camps": [], "contingents": [], "police": [], "sections": []}
    part = None
    for line in read("scenarios/small.yaml").splitlines():
        if re.match(r"\w+:", line):
            part = line.split(":")[0]
        entry = re.match(r"\s+- \{?\s*name: (\w+)", line)
        if entry and part in names:
            names[part].append(entry[1])
    return names


def outcome_patterns():
    """Name in docs/outcomes.md → regular expression over the names of the small scenario."""
    names = scenario_names()
    words = {"REGION": names["regions"], "CAMP": names["camps"], "BLOC": BLOCS, "YEAR": [r"\d{4}"],
             "GROUP": names["contingents"] + names["police"] + names["sections"]}
    patterns = {}
    for line in read("docs/outcomes.md").splitlines():
        if line.startswith("| `"):
            for name in re.findall(r"`([^`]+)`", line.split("|")[1]):
                parts = re.split("(REGION|CAMP|BLOC|YEAR|GROUP)", name)
                patterns[name] = re.compile("".join(
                    f"(?:{'|'.join(words[p])})" if p in words else re.escape(p) for p in parts) + r"\Z")
    return patterns


def check_outcomes():
    with folder() as place:
        table = os.path.join(place, "x.csv")
        ran = run("run", "small", "--replicates", "2", "--days", "60", "--quiet", "--observables", table, cwd=place)
        if not check("a short run of the small scenario", ran.returncode == 0, ran.err):
            return
        with open(table, encoding="utf-8") as file:
            reported = sorted({row["observable"] for row in csv.DictReader(file)})
    patterns = outcome_patterns()
    check_none(f"docs/outcomes.md explains all {len(reported)} outcomes",
               [n for n in reported if not any(p.match(n) for p in patterns.values())] if reported else ["none reported"])
    check_none(f"all {len(patterns)} names of docs/outcomes.md are reported",
               [n for n, p in patterns.items() if not any(p.match(r) for r in reported)] if patterns else ["no names"])
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")]
            for line in read("docs/outcomes.md").splitlines() if line.startswith("| `")]
    sections = set(re.findall(r"^#+ (\d+(?:\.\d+)?)", read("docs/ODD.md"), flags=re.M))
    check_none(f"each of the {len(rows)} rows says what it means, where the ODD defines it, and how it is misread",
               [row[0] for row in rows if len(row) != 5 or not all(row) or not set(row[2].split(", ")) <= sections] if rows else ["none"])
    check("an outcome that is not in docs/outcomes.md would be found",
          not any(p.match("no_such_outcome") for p in patterns.values()))


# --- Commands, links, paths -------------------------------------------------------------------------------------


def documents():
    listed = call("git", "-C", SOURCE, "ls-files", "-z")
    if listed.returncode == 0:
        return [f for f in listed.stdout.split("\0") if f and os.path.isfile(os.path.join(SOURCE, f))]
    found = []
    for folder, folders, files in os.walk(SOURCE):
        folders[:] = [f for f in folders if not f.startswith(".") and f != "build"]
        found += [os.path.relpath(os.path.join(folder, f), SOURCE) for f in files]
    return found


def shown_commands(text):
    """The command lines with the program's name in ```sh blocks, continued lines joined, comments cut."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.S | re.M):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            starts = [k for k, w in enumerate(words) if w in ("pkosim", "build/pkosim")]
            if starts:
                words = words[starts[0] + 1:]
                ends = [k for k, w in enumerate(words) if w in ("|", ">", "&&", ";", "2>", "2>&1")]
                yield words[:ends[0]] if ends else words


def command_problem(words, place):
    """Runs a shown command, those that run twins with tiny settings. Returns a word, or None."""
    words = list(words)
    smoke = os.path.join(SOURCE, "scenarios/campaigns/smoke.yaml")
    sample = smoke if words and words[0] in ("sweep", "slurm") else os.path.join(SOURCE, "scenarios/small.yaml")
    if words and words[0] in ("status", "merge") and not os.path.exists(os.path.join(place, words[1])):
        run("sweep", smoke, "--quiet", "--out", words[1], cwd=place)
    for name in (w for w in words if w.endswith(".yaml") and not os.path.exists(os.path.join(place, w))):
        shutil.copy(sample, os.path.join(place, name))
    if words and words[0] in ("show", "export", "compare"):
        for name in (w for w in words if w.endswith(".h5") and not os.path.exists(os.path.join(place, w))):
            run("run", "small", "--days", "2", "--replicates", "1", "--quiet", "--out", name, cwd=place)
    if words and words[0] in ("run", "decompose", "loops") and "--help" not in words:
        # What is explained later is a day, or an incident, of the run with events.
        days = "1100" if "--events" in words else "100" if words[0] == "loops" else "2"
        for option, value in (("--replicates", "1"), ("--days", days), ("--threads", "1")):
            if option in words:
                words[words.index(option) + 1] = value
            else:
                words += [option, value]
        words += [w for w in ("--force", "--quiet") if w not in words]
    ran = run(*words, cwd=place)
    return None if ran.returncode == 0 else f"`pkosim {' '.join(words)}` exits {ran.returncode}: {ran.err.strip()[:200]}"


def check_commands():
    total = 0
    with folder() as place:
        os.symlink(os.path.join(SOURCE, "scenarios"), os.path.join(place, "scenarios"))
        for name in sorted(f for f in documents() if f.endswith(".md")):
            commands = list(shown_commands(read(name)))
            if commands:
                total += len(commands)
                check_none(f"{name}: {len(commands)} commands as shown",
                           [p for p in (command_problem(words, place) for words in commands) if p])
        check("a command that does not parse would be found", command_problem(["run", "small", "--no-such-option"], place))
    check("the documentation shows commands", total)


def check_python():
    """The Python of README.md, on files of shorter runs that are named as there."""
    blocks = re.findall(r"^```python\n(.*?)^```", read("README.md"), flags=re.S | re.M)
    if sanitizers():
        print("skip the Python of README.md: its files take long under a sanitizer")
        return
    with folder() as place:
        for name, words in (("uncut", []), ("cut", ["--cut", "danger_to_reinforcement@2016-07-01"])):
            run("run", "minusma", "--replicates", "1", "--days", "1900", "--quiet", "--out", f"{name}.h5", *words,
                cwd=place)
        shutil.copy(os.path.join(place, "uncut.h5"), os.path.join(place, "minusma.h5"))
        for number, block in enumerate(blocks):
            done = subprocess.run([sys.executable, "-c", block], cwd=place, capture_output=True, text=True,
                                  timeout=300)
            check(f"block {number + 1} of Python in README.md runs", done.returncode == 0, done.stderr)
    check("README.md shows Python", blocks)


def check_links():
    broken = []
    for name in (f for f in documents() if f.endswith(".md")):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", read(name)):
            if not re.match(r"[a-z]+:", target) and not os.path.exists(
                    os.path.join(SOURCE, os.path.dirname(name), target)):
                broken.append(f"{name} → {target}")
    check_none("links between documents lead somewhere", broken)
    pages = [name for name in documents() if re.match(r"docs/[^/]*\.(md|c)$", name)]
    check_none(f"README.md leads to all {len(pages)} pages of docs",
               [name for name in pages if f"]({name})" not in read("README.md")] if pages else ["none"])
    named = [(name, path) for name in documents() if re.match(r"README\.md|docs/.*\.md", name)
             for path in re.findall(r"`((?:src|include|docs|tests|scenarios)/[\w./-]*)`", read(name))]
    check_none(f"the {len(named)} paths named in documents exist",
               [f"{name} → {path}" for name, path in named if not os.path.exists(os.path.join(SOURCE, path))]
               if named else ["none named"])


# Pieces put together here, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile("|".join(["/" + "work/", r"\.\./" + "shared", "/" + "home/[a-z]", "/" + "root/", "/" + "Users/",
                                    "/tmp/" + "team", r"\." + "library/"]))


def check_paths():
    found = []
    for name in documents():
        with open(os.path.join(SOURCE, name), "rb") as file:
            text = file.read().decode("utf-8", "replace")
        found += [f"{name}: {hit[0]}" for hit in [MACHINE_PATH.search(text)] if hit]
    check_none("no file names a path of one machine", found)
    check("a path of one machine would be found", MACHINE_PATH.search("see /" + "work/x"))


# --- docs/example.c ---------------------------------------------------------------------------------------------


def check_example():
    built = os.path.dirname(PROGRAM)
    compiler = shlex.split(os.environ.get("CC", "gcc"))
    with folder() as place:
        example = os.path.join(place, "example")
        made = call(*compiler, "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror", *sanitizers(),
                    f"-I{SOURCE}/include", os.path.join(SOURCE, "docs/example.c"), f"-L{built}", "-lpkosim",
                    f"-Wl,-rpath,{built}", "-o", example)
        if not check("docs/example.c compiles against the library", made.returncode == 0, made.stderr):
            return
        first, second = call(example), call(example)
    check("docs/example.c runs", first.returncode == 0, first.stderr or f"exit {first.returncode}")
    check("docs/example.c prints the same each time", first.stdout and first.stdout == second.stdout)
    differences = re.findall(r"difference ([+-][0-9.]+)", first.stdout)
    check("its twin without the arrow differs", differences and float(differences[-1]) != 0, first.stdout)


for part in (check_tables, check_comparison, check_names, check_outcomes, check_commands, check_python, check_links,
             check_paths, check_example):
    part()
finish()
