#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual pages and completion say what --help and the lists of the model say."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

COMMANDS = run("help", "--names").out.split()



def of_help(command):
    """The options of --help: those that begin a line."""
    return set(re.findall(r"^ {2,6}(?:-\?, )?(--[a-z-]+)", run(command, "--help").out, flags=re.M))


def manual(place):
    check("all commands have names", len(COMMANDS) > 10 and all(f"\n  {name} " in run("help").out for name in COMMANDS), COMMANDS)
    pages = {"pkosim": run("help", "--man").out, **{f"pkosim-{name}": run("help", "--man", name).out for name in COMMANDS}}
    for name, page in pages.items():
        with open(os.path.join(place, f"{name}.1"), "w", encoding="utf-8") as file:
            file.write(page)
        command = name[7:]
        if command:
            listed = {line.replace("\\-", "-") for line in re.findall(r"^\\fB(\\-\\-(?:\\-|[a-z])+)", page, flags=re.M)}
            check(f"{name}(1) has the options of --help", listed == of_help(command) and "--help" in listed, listed ^ of_help(command))
        lacking = [title for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "EXIT STATUS", "SEE ALSO")
                   if f"\n.SH {title}\n" not in page]
        check(f"{name}(1) has its sections", not lacking, lacking)
    if not shutil.which("man") or not shutil.which("groff"):
        print("skip: no man here")
    for name in pages if shutil.which("man") and shutil.which("groff") else []:
        done = subprocess.run(["man", "-l", "--warnings", f"{name}.1"], cwd=place, capture_output=True, text=True, check=False,
                              env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""})
        text = re.sub(r".\x08", "", done.stdout)
        check(f"man shows {name}(1) without a warning", done.returncode == 0 and done.stderr == "" and "EXIT STATUS" in text,
              done.stderr or text[:300])
        if name == "pkosim-run":
            example = re.search(r"^  (pkosim run my\.yaml.*)$", run("run", "--help").out, flags=re.M)[1]
            check("an example stands there letter by letter", example in text, text[-1500:])
    for words, piece in ((["--man", "rnu"], "'run'"), (["--man", "run", "show"], "show"), (["--names", "run"], "run")):
        done = run("help", *words)
        check(f"refused: help {' '.join(words)}", done.returncode == 2 and piece in done.err, done.err)
    check("a full disk", run("help", "--man", "run", stdout=open("/dev/full", "w")).returncode == 74)


def completed(place, *words, script):
    """What bash offers for the last word; words as bash splits them, an = alone."""
    call = (f"source '{script}'; COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; "
            "_pkosim pkosim; printf '%s\\n' \"${COMPREPLY[@]}\"")
    done = subprocess.run(["bash", "--norc", "-uc", call], cwd=place, capture_output=True, text=True, check=False)
    if done.stderr:
        return {f"says {done.stderr}"}
    return set(done.stdout.split("\n")) - {""}


def completion(place):
    if not shutil.which("bash"):
        print("skip: no bash here")
        return
    script = os.path.join(place, "completion")
    with open(script, "w", encoding="utf-8") as file:
        file.write(run("completion", "bash").out)
    for name in ("mine.yaml", "out.h5", "note.txt"):
        open(os.path.join(place, name), "w", encoding="utf-8").close()
    os.mkdir(os.path.join(place, "nested"))

    def offers(name, words, wanted, all_of_it=True):
        found = completed(place, "pkosim", *words, script=script)
        check(name, found == wanted if all_of_it else wanted <= found, found ^ wanted if all_of_it else found)
    names = {what: [row["name"] for row in json.loads(run(what, "--json").out)] for what in ("arrows", "regimes", "parameters")}
    defaults = [row["name"] for row in json.loads(run("parameters", "--json").out) if row["default"] is not None]
    offers("commands", [""], {*COMMANDS, "help"})
    offers("a command begun", ["co"], {"compare", "completion"})
    offers("commands to help with", ["help", ""], {*COMMANDS, "help"})
    for command in COMMANDS:
        offers(f"options of {command}", [command, "--"], of_help(command))
    offers("an option begun", ["run", "--rep"], {"--replicates"})
    offers("arrows behind --cut", ["run", "--cut", ""], set(names["arrows"]))
    offers("arrows behind --cut=", ["run", "--cut", "="], set(names["arrows"]))
    offers("an arrow begun behind --cut=", ["check", "small", "--cut", "=", "socia"], {a for a in names["arrows"] if a.startswith("socia")})
    offers("parameters behind --set", ["run", "--set", ""], {f"{name}=" for name in defaults}, all_of_it=False)
    offers("a parameter begun", ["run", "--set", "danger.own"], {"danger.own="}, all_of_it=False)
    rules = {f"regime.silo.{name[7:]}=" for name in names["parameters"] if name not in defaults}
    offers("rules of a regime", ["run", "--set", "regime.silo."], rules)
    check("which are eight", len(rules) == 8)
    offers("regimes", ["run", "--regime", ""], set(names["regimes"]))
    offers("modes of the mandate", ["run", "--mandate", "h"], {"historical"})
    offers("outcomes", ["compare", "--outcome", "access_g"], {"access_gini"})
    offers("built-in scenarios, files of scenarios and folders", ["run", ""], {"minusma", "monusco", "small", "mine.yaml", "nested/"})
    offers("a scenario begun", ["check", "s"], {"small"})
    offers("result files and folders", ["show", ""], {"out.h5", "nested/"})
    offers("any file for a table", ["run", "--observables", "no"], {"note.txt"})
    offers("folders for an export", ["export", "--csv", ""], {"nested"})
    offers("nothing for a number", ["run", "--seed", ""], set())
    offers("the one shell", ["completion", ""], {"bash"})
    offers("nothing for an unknown command", ["rnu", ""], set())
    for words in (["completion"], ["completion", "fish"], ["completion", "bash", "bash"]):
        check(f"refused: {' '.join(words)}", run(*words).returncode == 2)


with folder() as home:
    manual(home)
with folder() as home:
    completion(home)
finish()
