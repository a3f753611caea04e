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

PROGRAM = os.path.abspath(os.environ.get("PKOSIM", "build/pkosim"))
SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
BLOCS = ["nato", "north", "african", "asian", "other", "police", "civilian"]

passed = failed = 0


def check(name, problems):
    """One check: `problems` is a list of words, empty when all is well."""
    global passed, failed
    problems = list(problems)
    if problems:
        failed += 1
        print(f"FAIL {name}: {'; '.join(problems[:5])}" + (f" and {len(problems) - 5} more" if problems[5:] else ""))
    else:
        passed += 1
        print(f"ok   {name}")


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def run(*words, cwd=None, timeout=300):
    return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=cwd, timeout=timeout)


def table_names(markdown):
    """The name in each row of a table: what stands in backticks first."""
    return [match[1] for match in (re.search(r"`([\w.]+)`", line) for line in markdown.splitlines()) if match]


def between(text, begin, end):
    return text.split(begin, 1)[1].split(end, 1)[0] if begin in text and end in text else ""


# --- docs/ODD.md ------------------------------------------------------------------------------------------------


def check_tables():
    odd = read("docs/ODD.md")
    for name in ("parameters", "regimes", "arrows"):
        printed = run(PROGRAM, name, "--markdown").stdout
        held = between(odd, f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->")
        check(f"the table of {name} in docs/ODD.md is the program's",
              [] if held == printed and len(table_names(printed)) > 1 else ["they differ; `make docs` writes it anew"])
    written = run("sh", os.path.join(SOURCE, "docs/write_tables.sh"), PROGRAM, os.path.join(SOURCE, "docs/ODD.md"))
    check("writing the tables anew changes nothing", [] if written.stdout == odd else [written.stderr or "a change"])
    with tempfile.NamedTemporaryFile("w", suffix=".md") as spoilt:
        spoilt.write(odd.replace("<!-- parameters: begin -->\n", "<!-- parameters: begin -->\n| stale |\n"))
        spoilt.flush()
        mended = run("sh", os.path.join(SOURCE, "docs/write_tables.sh"), PROGRAM, spoilt.name).stdout
    check("a stale table is mended", [] if mended == odd else ["it was not"])


def check_names():
    odd = read("docs/ODD.md")
    for name in ("parameters", "regimes", "arrows"):
        prose = re.sub(r"<!-- \w+: begin -->.*?<!-- \w+: end -->", "", odd, flags=re.S)
        names = table_names(run(PROGRAM, name, "--markdown").stdout)
        # Regimes are data; a parameter or an arrow that the prose does not use would be one without an equation.
        text = odd if name == "regimes" else prose
        check(f"docs/ODD.md speaks of all {len(names)} {name}",
              [n for n in names if not re.search(rf"(?<![\w.]){re.escape(n)}(?!\w)", text)] if names else ["none"])
    processes = re.findall(r"^PKO_PROCESS\(\d+, (\w+),", read("src/process/schedule.def"), flags=re.M)
    titles = re.findall(r"^### 6\.\d+ (\w+)$", odd, flags=re.M)
    check("the sections 6.N of docs/ODD.md are the processes of the schedule, in its order",
          [] if titles == processes and processes else [f"{titles} against {processes}"])
    check("each process has the file of its name",
          [p for p in processes if not os.path.exists(os.path.join(SOURCE, f"src/process/{p}.c"))])
    elements = ["Purpose and patterns", "Entities, state variables, and scales", "Process overview and scheduling",
                "Design concepts", "Initialization", "Input data", "Submodels"]
    headings = " ".join(re.findall(r"^#{2,3} (.*)$", odd, flags=re.M)).lower()
    check("docs/ODD.md has the seven elements of the protocol", [e for e in elements if e.lower() not in headings])
    patterns = re.findall(r"^\| (P\d+) \|", odd, flags=re.M)
    check("docs/ODD.md has the patterns P1 to P32", [] if patterns == [f"P{k}" for k in range(1, 33)] else patterns)


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
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "x.csv")
        ran = run(PROGRAM, "run", "small", "--replicates", "2", "--days", "60", "--quiet", "--observables", table,
                  cwd=folder)
        check("a short run of the small scenario", [] if ran.returncode == 0 else [ran.stderr.strip() or "failed"])
        if ran.returncode:
            return
        with open(table, encoding="utf-8") as file:
            reported = sorted({row["observable"] for row in csv.DictReader(file)})
    patterns = outcome_patterns()
    check(f"docs/outcomes.md explains all {len(reported)} outcomes",
          [n for n in reported if not any(p.match(n) for p in patterns.values())] if reported else ["none reported"])
    check(f"all {len(patterns)} names of docs/outcomes.md are reported",
          [n for n, p in patterns.items() if not any(p.match(r) for r in reported)] if patterns else ["no names"])
    check("an outcome that is not in docs/outcomes.md would be found",
          ["it would not"] if any(p.match("no_such_outcome") for p in patterns.values()) else [])


# --- Commands, links, paths -------------------------------------------------------------------------------------


def documents():
    listed = run("git", "-C", SOURCE, "ls-files", "-z")
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


def command_problem(words, folder):
    """Runs a shown command, `run` with tiny settings. Returns a word, or None."""
    words = list(words)
    for name in (w for w in words if w.endswith(".yaml") and not os.path.exists(os.path.join(folder, w))):
        shutil.copy(os.path.join(SOURCE, "scenarios/small.yaml"), os.path.join(folder, name))
    if words and words[0] == "show":
        for name in (w for w in words if w.endswith(".h5") and not os.path.exists(os.path.join(folder, w))):
            run(PROGRAM, "run", "small", "--days", "2", "--replicates", "1", "--quiet", "--out", name, cwd=folder)
    if words and words[0] == "run" and "--help" not in words:
        for option, value in (("--replicates", "1"), ("--days", "2"), ("--threads", "1")):
            if option in words:
                words[words.index(option) + 1] = value
            else:
                words += [option, value]
        words += ["--force", "--quiet"]
    ran = run(PROGRAM, *words, cwd=folder)
    return None if ran.returncode == 0 else f"`pkosim {' '.join(words)}` exits {ran.returncode}: {ran.stderr.strip()[:200]}"


def check_commands():
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(SOURCE, "scenarios"), os.path.join(folder, "scenarios"))
        for name in sorted(f for f in documents() if f.endswith(".md")):
            commands = list(shown_commands(read(name)))
            if commands:
                total += len(commands)
                check(f"{name}: {len(commands)} commands as shown",
                      [p for p in (command_problem(words, folder) for words in commands) if p])
        check("a command that does not parse would be found",
              [] if command_problem(["run", "small", "--no-such-option"], folder) else ["it would not"])
    check("the documentation shows commands", [] if total else ["none"])


def check_links():
    broken = []
    for name in (f for f in documents() if f.endswith(".md")):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", read(name)):
            if not re.match(r"[a-z]+:", target) and not os.path.exists(
                    os.path.join(SOURCE, os.path.dirname(name), target)):
                broken.append(f"{name} → {target}")
    check("links between documents lead somewhere", broken)


# Pieces put together here, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile("|".join(["/" + "work/", r"\.\./" + "shared", "/" + "home/[a-z]", "/" + "root/", "/" + "Users/",
                                    "/tmp/" + "team", r"\." + "library/"]))


def check_paths():
    found = []
    for name in documents():
        with open(os.path.join(SOURCE, name), "rb") as file:
            text = file.read().decode("utf-8", "replace")
        found += [f"{name}: {hit[0]}" for hit in [MACHINE_PATH.search(text)] if hit]
    check("no file names a path of one machine", found)
    check("a path of one machine would be found", [] if MACHINE_PATH.search("see /" + "work/x") else ["it would not"])


# --- docs/example.c ---------------------------------------------------------------------------------------------


def sanitizers():
    """The sanitizer flags of the build, which a program linked to its library needs too."""
    flags = os.path.join(os.path.dirname(PROGRAM), "flags")
    if not os.path.exists(flags):
        return []
    with open(flags, encoding="utf-8") as file:
        return re.findall(r"-fsanitize=\S+", file.read())


def check_example():
    built = os.path.dirname(PROGRAM)
    compiler = shlex.split(os.environ.get("CC", "gcc"))
    with tempfile.TemporaryDirectory() as folder:
        example = os.path.join(folder, "example")
        made = run(*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *sanitizers(), f"-I{SOURCE}/include",
                   os.path.join(SOURCE, "docs/example.c"), f"-L{built}", "-lpkosim", f"-Wl,-rpath,{built}", "-o", example)
        check("docs/example.c compiles against the library", [] if made.returncode == 0 else [made.stderr[:800]])
        if made.returncode:
            return
        first, second = run(example), run(example)
        check("docs/example.c runs", [] if first.returncode == 0 else [first.stderr.strip() or f"exit {first.returncode}"])
        check("docs/example.c prints the same each time", [] if first.stdout == second.stdout else ["it does not"])
        differences = re.findall(r"difference ([+-][0-9.]+)", first.stdout)
        check("its twin without the arrow differs",
              [] if differences and float(differences[-1]) != 0 else [first.stdout.strip() or "no output"])


def main():
    for part in (check_tables, check_names, check_outcomes, check_commands, check_links, check_paths, check_example):
        part()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
