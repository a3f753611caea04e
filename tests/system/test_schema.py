#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`pkosim schema`: it takes the scenarios that `check` takes, and refuses the mistakes of keys, types and ranges that it refuses.

The mistakes are those planted for the reader of scenarios (tests/unit/fixtures), on the same text.
"""
import ast
import json
import os
import re
import sys

import jsonschema
import yaml

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, finish, folder, run  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("PKO_SOURCE", "."))
# A whole number that is not written in digits is one to a schema, which sees values and no text.
BEYOND = {"days: 1e2"}


class Loader(yaml.SafeLoader):
    """Values as JSON has them, as an editor sees them: numbers in digits, true and false; dates and all else are texts."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (("null", r"~|null|", "~n\0"), ("bool", r"true|false", "tf"),
                            ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
                            ("float", r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?", "-+0123456789")):
    for letter in first:
        Loader.yaml_implicit_resolvers.setdefault("" if letter == "\0" else letter, []).append(
            (f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z")))


def mapping(loader, node, deep=True):
    """Keys that stand twice are an error, as YAML has it."""
    pairs = [(loader.construct_object(key, deep), loader.construct_object(value, deep)) for key, value in node.value]
    if len({key for key, _ in pairs}) < len(pairs):
        raise yaml.YAMLError("given twice")
    return dict(pairs)


Loader.add_constructor("tag:yaml.org,2002:map", mapping)
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def literal(text):
    """A C string, pieces joined."""
    pieces = re.findall(r'"(?:[^"\\]|\\.)*"', text)
    return "".join(ast.literal_eval(piece) for piece in pieces)


def fixture():
    body = read("tests/unit/fixtures/scenario_text.h").split("scenario_text[] =", 1)[1].split(";\n", 1)[0]
    return literal(re.sub(r"/\*.*?\*/", "", body))


def mistakes():
    """(kind, what, by what) of every planted mistake."""
    kind, found = None, []
    for line in read("tests/unit/fixtures/scenario_mistakes.def").splitlines():
        title = re.fullmatch(r"/\* ([\w ]+) \*/", line)
        kind = title[1] if title else kind
        if line.startswith("MISTAKE("):
            words = re.findall(r'"(?:[^"\\]|\\.)*"', line)
            found.append((kind, *[literal(word) for word in words[:2]]))
    return found


def problems(validator, text):
    """What the schema says of a text; a text that is no YAML is refused as such."""
    try:
        return [error.message[:200] for error in validator.iter_errors(yaml.load(text, Loader))]
    except yaml.YAMLError as error:
        return [str(error)]


def checked(place, text):
    path = os.path.join(place, "t.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return run("check", path).returncode


def planted(validator, place, text):
    """Each planted mistake that is one of keys, types or ranges is refused by both."""
    found = [m for m in mistakes() if m[0] in ("keys", "types", "ranges")]
    check("the mistakes are found", len(found) > 90 and all(what in text for _, what, _ in found), len(found))
    passed, taken = [], []
    for kind, what, by in found:
        changed = text.replace(what, by, 1)
        if checked(place, changed) != 2:
            taken.append((kind, by))
        if not problems(validator, changed):
            passed.append(by)
    check(f"check refuses all {len(found)} planted mistakes of keys, types and ranges", not taken, taken)
    check("and so does the schema, but for what only the text of a number shows", set(passed) == BEYOND, passed)


def agree(validator, place, text):
    """Values at the ends of every range: both take them, and neither what lies beyond."""
    differ, count = [], 0
    for parameter in json.loads(run("parameters", "--json").out):
        rule = parameter["default"] is None
        name = parameter["name"].split(".")[-1] if rule else parameter["name"]
        step = max(1.0, abs(parameter["most"]))
        for value, good in ((parameter["most"], True), (parameter["most"] + step, False), (parameter["least"] - step, False)):
            changed = text.replace("leak: 0.005", f"leak: 0.005, {name}: {value!r}" if name != "leak" else f"leak: {value!r}", 1) if rule \
                else text.replace("  danger.own: 0.1\n  threat.branching: 0.4\n", f"  {name}: {value!r}\n", 1)
            count += 1
            if (checked(place, changed) == 0) != good or (not problems(validator, changed)) != good:
                differ.append((name, value, good, problems(validator, changed)))
    check(f"schema and check agree on {count} values at and beyond the ends of ranges", count > 300 and not differ, differ[:5])
    right = ["name: 2018", "description: 7", "description: true", "seed: 18446744073709551615", "days: 36525", "scale: 0.001",
             "regimes: [mine]", "record: {}", "cut: []", "routes: []", "parameters: {}", "replicates: +3"]
    for words in right:
        key = words.split(":")[0]
        changed = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", words + "\n", text, flags=re.M)
        found = problems(validator, changed)
        check(f"both take {words}", checked(place, changed) == 0 and not found, [run("check", os.path.join(place, "t.yaml")).err, found])
    for what, by in (("\npolice:\n", "\ngroups:\n"), ("country: DEU", "country: de"), ("regimes: [minusma, mine]", "regimes: [open, open]"),
                     ("mine: {base: open, ", "silo: {base: open, "), ("leak: 0.003}", "leek: 0.003}"), ("start: 2018-07-01", "start: 2018-02-30")):
        changed = text.replace(what, by, 1)
        check(f"neither takes {by.strip()}", changed != text and checked(place, changed) == 2 and problems(validator, changed))
    nobody = re.sub(r"^(contingents|police|sections):\n(?:[ -].*\n)*", "", text, flags=re.M)
    check("neither takes a mission without a group", checked(place, nobody) == 2 and problems(validator, nobody))


def described(schema):
    """Every key says what it is, with its unit."""
    silent = [(name, key) for name, part in [("", schema), *schema["definitions"].items()]
              for key, value in part.get("properties", {}).items() if not value.get("description")]
    check("every key has its meaning", not silent, silent)
    km = schema["definitions"]["route"]["properties"]["km"]
    check("and its unit", km["description"].endswith("(km)") and km["exclusiveMinimum"] == 0, km)
    check("defaults are of the right type", schema["definitions"]["record"]["properties"]["every"]["default"] == 7
          and schema["properties"]["regimes"]["default"] == ["minusma", "monusco"]
          and schema["definitions"]["mandate"]["properties"]["mode"]["default"] == "historical")
    with_default = [value for part in [schema, *schema["definitions"].values()] for value in part.get("properties", {}).values()
                    if "default" in value]
    wrong = [value for value in with_default
             if list(jsonschema.Draft7Validator({**value, "definitions": schema["definitions"]}).iter_errors(value["default"]))]
    check(f"and the {len(with_default)} lie in their ranges", len(with_default) > 20 and not wrong, wrong)
    check("all parameters and arrows are there", len(schema["properties"]["parameters"]["properties"])
          == sum(row["default"] is not None for row in json.loads(run("parameters", "--json").out))
          and schema["definitions"]["arrow"]["enum"] == [row["name"] for row in json.loads(run("arrows", "--json").out)])


def main():
    done = run("schema")
    schema = json.loads(done.out)
    check("it is a JSON Schema", done.returncode == 0 and done.err == "" and jsonschema.Draft7Validator.check_schema(schema) is None)
    check("nothing more is wanted", run("schema", "more").returncode == 2)
    check("a full disk", run("schema", stdout=open("/dev/full", "w")).returncode == 74)
    validator = jsonschema.Draft7Validator(schema)
    for name in ("minusma", "monusco", "small"):
        found = problems(validator, read(f"scenarios/{name}.yaml"))
        check(f"the scenario {name} passes", not found, found)
    text = fixture()
    check("the text of the tests passes", not problems(validator, text), problems(validator, text))
    described(schema)
    with folder() as place:
        check("and check takes it", checked(place, text) == 0)
        planted(validator, place, text)
        agree(validator, place, text)
    finish()


main()
