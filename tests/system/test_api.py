#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference of the library (`make api`) holds everything that the headers declare, each with a description.

What is declared comes from the compiler and the shared library, not from what makes the reference. PKOSIM is the program,
PKO_SOURCE the root of the source.
"""
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, finish, folder  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))


def call(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, **more)


def exported():
    """The functions of the shared library."""
    listed = call("nm", "-D", "--defined-only", os.path.join(os.path.dirname(PROGRAM), "libpkosim.so")).stdout
    return {words[2] for words in map(str.split, listed.splitlines()) if len(words) == 3 and words[2].startswith("pko_")}


def declared():
    """Structures with their fields, and enumerations with their codes, as the compiler sees the headers."""
    header = os.path.join(SOURCE, "include/pkosim/pkosim.h")
    text = call(os.environ.get("CC", "gcc").split()[0], "-E", "-P", f"-I{SOURCE}/include", header).stdout
    found = {}
    for kind, name, body in re.findall(r"\b(struct|enum) (pko_\w+)\s*\{(.*?)\}", text, flags=re.S):
        parts = body.split(";" if kind == "struct" else ",")
        names = [re.sub(r"\[.*", "", piece.split("=")[0]).split() for part in parts if part.strip()
                 for piece in (part.split(",") if kind == "struct" else [part])]
        found[name] = {words[-1].lstrip("*") for words in names}
    found.update({name: set() for name in re.findall(r"^struct (pko_\w+);", text, flags=re.M)})
    return found


def described(element):
    return any("".join(part.itertext()).strip() for part in element.findall("briefdescription") + element.findall("detaileddescription"))


def reference(place):
    """Name, or "type.name" of a field or code, of everything that the reference describes."""
    names = set()
    for file in os.listdir(place):
        if not file.endswith(".xml") or file == "index.xml":
            continue
        for compound in ElementTree.parse(os.path.join(place, file)).getroot().iter("compounddef"):
            owner = compound.findtext("compoundname")
            if compound.get("kind") == "struct" and described(compound):
                names.add(owner)
            for member in compound.iter("memberdef"):
                if not described(member):
                    continue
                names.add(f"{owner}.{member.findtext('name')}" if compound.get("kind") == "struct" else member.findtext("name"))
                names.update(f"{member.findtext('name')}.{value.findtext('name')}" for value in member.iter("enumvalue") if described(value))
    return names


def made(source, build):
    return call("make", "-s", "-C", source, f"BUILD={build}", "api",
                env={name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")})


def complete(place):
    build = os.path.join(place, "build")
    done = made(SOURCE, build)
    if not check("make api", done.returncode == 0 and done.stderr == "", done.stdout + done.stderr):
        return
    check("it makes pages to read", os.path.exists(os.path.join(build, "docs/api/html/index.html")))
    there = reference(os.path.join(build, "docs/api/xml"))
    functions, types = exported(), declared()
    fields = {f"{name}.{part}" for name, parts in types.items() for part in parts}
    check(f"{len(functions)} functions are described", len(functions) > 40 and functions <= there, functions - there)
    check(f"{len(types)} types are described", len(types) > 15 and set(types) <= there, set(types) - there)
    check(f"{len(fields)} fields and codes are described", len(fields) > 80 and fields <= there, fields - there)


def spoilt(place, name, header, pattern, instead):
    """A copy of what `make api` reads, with a change in one header, and what make says of it."""
    copy = os.path.join(place, name)
    for part in ("Makefile", "docs", "include", "src/base"):
        where = os.path.join(copy, part)
        os.makedirs(os.path.dirname(where), exist_ok=True)
        (shutil.copytree if os.path.isdir(os.path.join(SOURCE, part)) else shutil.copy)(os.path.join(SOURCE, part), where)
    path = os.path.join(copy, "include/pkosim", header)
    with open(path, encoding="utf-8") as file:
        text, changes = re.subn(pattern, instead, file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = made(copy, os.path.join(copy, "build"))
    return changes == 1, done, os.path.join(copy, "build/docs/api/xml")


def mistakes(place):
    """A function or a field without a word is an error of make, a code one of this test (doxygen 1.9.4 does not see it)."""
    for name, pattern, instead, word in (("function", "#pragma GCC visibility pop", r"int pko_silent(void);\n\g<0>", "pko_silent"),
                                         ("field", r"(size_t count;).*", r"\1", "count")):
        changed, done, _ = spoilt(place, name, "mission.h", pattern, instead)
        check(f"a {name} without a description is refused", changed and done.returncode != 0 and word in done.stderr
              and "not documented" in done.stderr, done.stdout + done.stderr)
    changed, done, pages = spoilt(place, "code", "observe.h", r"(PKO_RIDER,).*", r"\1")
    there = reference(pages) if done.returncode == 0 else {"pko_dimension.PKO_RIDER"}
    check("a code without a description is found", changed and "pko_dimension.PKO_RIDER" not in there and "pko_dimension.PKO_TASK" in there,
          done.stderr)


with folder() as scratch:
    complete(scratch)
    mistakes(scratch)
finish()
