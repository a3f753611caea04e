#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim new` writes a scenario that passes the check, runs, and shows what the format has."""
import os
import resource
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


with folder() as place:
    path = os.path.join(place, "mine.yaml")
    done = run("new", "mine", cwd=place)
    check("new says what comes next", done.returncode == 0 and done.err == "" and "pkosim check mine.yaml" in done.out, done.err)
    text = read(path)
    check("and names the scenario", "\nname: mine\n" in text and "$schema" not in text, text[:200])
    check("with comments", sum("#" in line for line in text.splitlines()) > 20)
    for command in done.out.split("Next:\n")[1].splitlines():
        ran = run(*command.split()[1:], cwd=place)
        check(f"{command.strip()} works, without a note", ran.returncode == 0 and "note:" not in ran.err, ran.err)
    check("the run made its file", os.path.exists(os.path.join(place, "mine.h5")))
    shown = run("check", "mine.yaml", cwd=place).out
    check("it has two regions, two camps, six groups and a route", "regions 2, camps 2, contingents 2, police units 1, sections 3, layers 9, routes 1"
          in shown, shown)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("# parameters:", "parameters:").replace("# cut:", "cut:"))
    check("what is commented out is right too", run("check", "mine.yaml", cwd=place).returncode == 0)

    changed = read(path)
    done = run("new", "mine", cwd=place)
    check("an existing file is refused", done.returncode == 74 and "mine.yaml" in done.err and read(path) == changed, done.err)
    with open(os.path.join(place, "pkosim-scenario.json"), "w", encoding="utf-8") as file:
        file.write(run("schema").out)
    check("--force replaces it", run("new", "mine", "--force", cwd=place).returncode == 0 and read(path) != changed)
    check("beside the schema the first line tells editors", read(path) == "# yaml-language-server: $schema=pkosim-scenario.json\n" + text)
    check("and it passes", run("check", "mine.yaml", cwd=place).returncode == 0)

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    before = sorted(os.listdir(place))
    done = run("new", "other", cwd=place, before=full)
    check("a full disk leaves nothing", done.returncode == 74 and "other.yaml" in done.err and sorted(os.listdir(place)) == before,
          [done.returncode, done.err])
    for words, piece in (([], "which name"), (["one", "two"], "two"), (["Mine"], "lower-case"), (["mine.yaml"], "lower-case"), ([""], "empty"),
                         (["a/b"], "lower-case"), (["a" * 64], "63")):
        done = run("new", *words, cwd=place)
        check(f"refused: new {' '.join(words)[:20]}", done.returncode == 2 and piece in done.err, done.err)
    check("nothing was written by what was refused", sorted(os.listdir(place)) == before)
finish()
