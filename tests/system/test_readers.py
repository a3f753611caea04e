#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Result files as other programs see them: xarray through both engines, netCDF4, h5py and ncdump read the same values and
labels; every variable says what it is; the digest is the one that docs/file-format.md describes; event tables agree with
the series; a full disk and kill -9 leave no file or a whole one.
"""
import datetime
import hashlib
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import time
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, digest, finish, folder, run  # noqa: E402

import h5py  # noqa: E402
import netCDF4  # noqa: E402
import numpy as np  # noqa: E402
import xarray as xr  # noqa: E402

DAYS = 200
WORDS = ["run", "small", "--days", str(DAYS), "--quiet", "--events", "--snapshots", "2018-08-01,2018-12-01"]
REGIMES = ["minusma", "monusco"]


def write(path, *words, **more):
    done = run(*WORDS, "--out", path, *words, **more)
    check(f"run writes {os.path.basename(path)} {' '.join(words)}", done.returncode == 0 and os.path.exists(path), done.err)
    return path


def plain(values):
    """Values of any reader as text or numbers that compare."""
    values = np.ma.filled(values, np.nan) if np.ma.isMaskedArray(values) and values.dtype.kind == "f" else np.asarray(values)
    return values.astype(str) if values.dtype.kind in "OSU" else values


def same(one, other):
    one, other = plain(one), plain(other)
    return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def raw(dataset):
    return dataset.asstr()[...] if h5py.check_string_dtype(dataset.dtype) else dataset[...]


def told(attributes, name):
    """A text attribute as a str, "" if there is none: h5py gives texts of fixed length as bytes."""
    value = attributes.get(name, "")
    return value.decode() if isinstance(value, bytes) else value


# --- Opening in one line, with equal values and labels ---------------------------------------------------------------

def readers_agree(path):
    file = h5py.File(path)
    for engine in ("h5netcdf", "netcdf4"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            plainly = xr.open_dataset(path, engine=engine)
            values = xr.open_dataset(path, engine=engine, decode_cf=False)
        check(f"{engine}: every variable", set(plainly.variables) == set(file), set(file) ^ set(plainly.variables))
        differing = [name for name in file if not same(values[name].values, raw(file[name]))]
        check(f"{engine}: values as in h5py", not differing, differing)
        first = np.datetime64("2018-07-01")
        check(f"{engine}: dates", plainly.time.values[0] == first and
              plainly.time.values[-1] == first + np.timedelta64(7 * (len(plainly.time) - 1), "D"), plainly.time)
        check(f"{engine}: days of snapshots", list(plainly.snapshot.values.astype("datetime64[D]").astype(str)) ==
              ["2018-08-01", "2018-12-01"], plainly.snapshot)
        spans = [name for name in plainly.variables if plainly[name].dtype.kind == "m"]
        check(f"{engine}: nothing becomes a span of time", not spans, spans)
        chosen = plainly.danger.sel(regime="monusco", time="2018-07-15").isel(replicate=0)
        check(f"{engine}: selects by label", float(chosen.squeeze()) == file["danger"][1, 0, 2], chosen)
        plainly.close()
        values.close()


def netcdf_masks_only_what_is_missing(path):
    file, data = h5py.File(path), netCDF4.Dataset(path)
    differing, masked = [], []
    for name in file:
        values = data[name][...]
        if not same(values, raw(file[name])):
            differing.append(name)
        mask = np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else np.zeros(values.shape, bool)
        nothing = np.isnan(file[name][...]) if file[name].dtype.kind == "f" else np.zeros(values.shape, bool)
        if not np.array_equal(mask, nothing):
            masked.append(name)
    check("netCDF4: values as in h5py", not differing, differing)
    check("netCDF4: exactly what is missing is masked (valid ranges hold)", not masked, masked)
    data.close()


def ncdump_reads(path):
    head = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True)
    check("ncdump: dimensions by name", head.returncode == 0 and "regime = 2 ;" in head.stdout and
          "float danger(regime, replicate, time) ;" in head.stdout and "string regime(regime) ;" in head.stdout, head.stderr)
    body = subprocess.run(["ncdump", "-p", "9,17", "-v", "danger,regime", path], capture_output=True, text=True).stdout
    numbers = re.search(r"danger =\n(.*?);", body[body.index("data:"):], re.S).group(1)
    values = np.array([float(word) for word in numbers.replace(",", " ").split()], dtype=np.float32)
    check("ncdump: values", np.array_equal(values, h5py.File(path)["danger"][...].ravel()), numbers[:200])
    check("ncdump: labels", 'regime = "minusma", "monusco" ;' in body, body[-300:])


# --- What a variable says of itself ----------------------------------------------------------------------------------

def variables_describe_themselves(path):
    file = h5py.File(path)
    for attribute in ("units", "long_name"):
        without = [name for name in file if not told(file[name].attrs, attribute)]
        check(f"every variable has {attribute}", not without, without)
    numbers = [name for name in file if not h5py.check_string_dtype(file[name].dtype)]
    outside = []
    for name in numbers:
        values, (least, most) = file[name][...], file[name].attrs["valid_range"]
        values = values[~np.isnan(values)] if values.dtype.kind == "f" else values
        if values.size and (values.min() < least or values.max() > most):
            outside.append((name, values.min(), values.max(), least, most))
        if file[name].attrs["valid_range"].dtype != file[name].dtype:
            outside.append((name, "type"))
    check("every number lies in its valid range", not outside, outside)
    spans = [name for name in file if re.match(r"(days?|hours?)($| since (?!\d{4}-\d\d-\d\d$))", told(file[name].attrs, "units"))]
    check("no unit that readers take for a span of time", not spans, spans)
    dimensions = {name: [scale.name[1:] for axis in file[name].dims for scale in axis.values()] for name in file
                  if not h5py.h5ds.is_scale(file[name].id)}
    check("every dimension has a scale", all(len(names) == file[name].ndim for name, names in dimensions.items()))
    check("no variable has a dimension twice", all(len(set(names)) == len(names) for names in dimensions.values()))
    series = [name for name in file if told(file[name].attrs, "kind") in ("state", "count")]
    check("series are float32 over regime, replicate and time", len(series) > 50 and all(
        file[name].dtype == np.dtype("<f4") and dimensions[name][:3] == ["regime", "replicate", "time"] and
        np.isnan(file[name].attrs["_FillValue"]).all() for name in series), series)
    check("trust has both sides of a pair", dimensions["trust"] == ["regime", "replicate", "snapshot", "group", "toward"])
    check("people by their two ledgers", dimensions["people_by_ledgers"] ==
          ["regime", "replicate", "snapshot", "category", "reinforcement_bin", "resistance_bin"])
    packed = [name for name in series if file[name].compression != "gzip" or file[name].compression_opts != 1 or
              not file[name].shuffle or not file[name].fletcher32]
    check("series are shuffled, deflated and have checksums", not packed, packed)
    timed = [name for name in file if file[name].id.get_create_plist().get_obj_track_times()]
    check("objects carry no times", not timed, timed)
    flags = [name for name in file if "flag_meanings" in file[name].attrs]
    unnamed = [name for name in flags if len(told(file[name].attrs, "flag_meanings").split()) !=
               len(file[name].attrs["flag_values"]) or not np.isin(file[name][...], file[name].attrs["flag_values"]).all()]
    check("every code has a meaning", len(flags) >= 10 and not unnamed, unnamed)
    ledgers = [name for name in series if re.match("(reinforcement|resistance)_by_(group|bloc)$", name)]
    check("ledgers of groups say that they only verify", ledgers and all(
        "verif" in told(file[name].attrs, "comment") for name in ledgers), ledgers)


def the_file_tells_where_it_comes_from(path):
    attributes = h5py.File(path).attrs
    about = {name: told(attributes, name) for name in attributes}
    wanted = ["Conventions", "title", "source", "history", "references", "caveat", "schema_version", "pkosim_version", "commit",
              "compiler", "compiler_flags", "host", "system", "threads", "command", "started", "ended", "scenario_name",
              "scenario", "scenario_sha256", "settings", "seed", "start", "days", "scale", "mandate", "cuts", "changes",
              "regimes", "parameters", "first_replicate", "replicates_wanted", "replicates"]
    check("root attributes", not [name for name in wanted if name not in about], [n for n in wanted if n not in about])
    check("the scenario's hash", hashlib.sha256(about["scenario"].encode()).hexdigest() == about["scenario_sha256"])
    listed = run("parameters", "--json").out
    names = re.findall(r'"name": ?"([a-z_]+\.[a-z_]+)"', listed)
    parameters = [name for name in names if not name.startswith("regime.")]
    check("every parameter in force is an attribute", len(parameters) > 100 and all(
        f"parameter:{name}" in about for name in parameters), [n for n in parameters if f"parameter:{n}" not in about])
    rows = dict(line.split(",")[:2] for line in about["parameters"].splitlines()[1:])
    check("the table of parameters has the same values", all(
        float(rows[name]) == about[f"parameter:{name}"] for name in parameters))
    check("a setting is in force and told", about["parameter:danger.own"] == 0.1 and "danger.own=0.1" in about["settings"],
          about["settings"])
    check("cuts are told", "reciprocity,2018-09-01" in about["cuts"], about["cuts"])
    check("rules of both regimes", all(f"regime:{name}.leak" in about for name in REGIMES))
    check("two ledgers, no estimate", "two ledgers" in about["caveat"] and "no estimate" in about["caveat"])
    began, ended = (datetime.datetime.strptime(about[name], "%Y-%m-%dT%H:%M:%SZ") for name in ("started", "ended"))
    check("start and end", datetime.timedelta(0) <= ended - began < datetime.timedelta(hours=1))


# --- Series and event tables tell one story --------------------------------------------------------------------------

def events_agree_with_series(path):
    file = h5py.File(path)
    last = file["time"][-1]

    def table(name, columns, weight=None, where=None):
        """Events of a table up to the last record by (regime, replicate, *columns)."""
        shape = [2, file["replicate"].size] + [len(file[f"{name}_{c}"].attrs["flag_values"]) for c in columns]
        counts, kept = np.zeros(shape), file[f"{name}_day"][...] <= last
        if where is not None:
            kept &= where
        place = [file[f"{name}_regime"][...], file[f"{name}_replicate"][...]] + [file[f"{name}_{c}"][...] for c in columns]
        np.add.at(counts, tuple(p[kept] for p in place), 1 if weight is None else weight[kept])
        return counts

    community = file["incident_class"][...] == 3
    killed = file["incident_killed"][...]
    pairs = [
        ("strikes_by_region", table("incident", ["region"])),
        ("strikes_by_class", table("incident", ["class"])),
        ("hits_by_class", table("incident", ["class"], where=file["incident_hit"][...] == 1)),
        ("warned_by_class", table("incident", ["class"], where=file["incident_warned"][...] > 0)),
        ("deaths", table("incident", [], weight=killed, where=~community)),
        ("wounded", table("incident", [], weight=file["incident_wounded"][...])),
        ("civilians_killed_by_region", table("incident", ["region"], weight=killed, where=community)),
        ("leaked_by_region", table("leak", ["region"])),
        ("retaliation_by_region", table("retaliation", ["region"], weight=file["retaliation_number"][...])),
        ("convoys_dissolved", table("convoy", [], where=file["convoy_dissolved"][...] == 1)),
    ]
    for name, counts in pairs:
        total = file[name][...].astype(float).sum(axis=2)
        check(f"events add up to {name} ({int(total.sum())})", np.array_equal(total, counts), (total, counts))
    for name in ("incident", "convoy", "leak", "retaliation"):
        keys = list(zip(*(file[f"{name}_{c}"][...] for c in ("regime", "replicate", "day"))))
        check(f"{len(keys)} rows of {name} stand by regime, replicate and day", keys == sorted(keys))
    check("a convoy ends after it was formed", (file["convoy_day"][...] >= file["convoy_formed"][...]).all())


# --- The digest --------------------------------------------------------------------------------------------------------

def documented_digest(path):
    """The digest as docs/file-format.md describes it, from scratch."""
    file, total = h5py.File(path), hashlib.sha256()
    for name in sorted(file, key=lambda text: text.encode()):
        data = file[name]
        text = h5py.check_string_dtype(data.dtype) is not None
        kind = "t" if text else {"i": "i", "u": "i", "f": "r"}[data.dtype.kind]
        total.update(name.encode() + b"\0" + kind.encode())
        total.update(struct.pack("<QQ", 0 if text else data.dtype.itemsize, data.ndim))
        total.update(struct.pack(f"<{data.ndim}Q", *data.shape))
        if text:
            for label in data.asstr()[...].ravel():
                total.update(label.encode() + b"\0")
            continue
        values = data[...].astype(data.dtype.newbyteorder("<"))
        if kind == "r":
            values[np.isnan(values)] = np.frombuffer(b"\0\0\xc0\x7f" if values.itemsize == 4 else b"\0" * 6 + b"\xf8\x7f",
                                                     values.dtype)[0]
            values[values == 0] = 0
        total.update(values.tobytes())
    return "sha256:" + total.hexdigest()


def digests(path, place):
    first = digest(path)
    check("the digest is the documented one", first == documented_digest(path), (first, documented_digest(path)))
    for threads in ("1", "2", "7"):
        other = write(os.path.join(place, f"threads-{threads}.h5"), "--replicates", "3", "--threads", threads)
        check(f"{threads} threads: same data", digest(other) == digest(os.path.join(place, "threads-1.h5")))
    packed = os.path.join(place, "packed.h5")
    done = subprocess.run(["h5repack", "-f", "NONE", "-l", "danger:CHUNK=1x1x5", "-l", "posture:CONTI", path, packed],
                          capture_output=True, text=True)
    check("repacked in other chunks: same digest", done.returncode == 0 and digest(packed) == first,
          done.stderr + digest(packed))
    with h5py.File(packed, "r+") as file:
        file.attrs["title"] = "another"
        file["danger"].attrs["long_name"] = "another"
    check("attributes do not count", digest(packed) == first)
    with h5py.File(packed, "r+") as file:
        values = file["danger"][...]
        values.view(np.uint32)[0, 0, 3] ^= 1
        file["danger"][...] = values
    check("one bit counts", digest(packed) != first and digest(packed).startswith("sha256:"), digest(packed))


def a_replicate_alone_is_the_same(path, place):
    alone = write(os.path.join(place, "alone.h5"), "--first-replicate", "2", "--replicates", "1", "--set", "danger.own=0.1",
                  "--cut", "reciprocity@2018-09-01")
    batch, one = h5py.File(path), h5py.File(alone)
    check("first-replicate numbers it", list(one["replicate"]) == [2], list(one["replicate"]))
    differing = [name for name in batch if batch[name].ndim > 2 and not same(batch[name][:, 2:3], one[name][...])]
    check("a replicate alone equals the same in a batch", not differing, differing)
    for name in ("incident", "convoy", "leak", "retaliation"):
        rows = batch[f"{name}_replicate"][...] == 2
        columns = [c for c in batch if c.startswith(name + "_") and batch[c].ndim == 1 and batch[c].size == rows.size]
        check(f"so do its rows of {name}", all(same(batch[c][...][rows], one[c][...]) for c in columns), columns)


def no_events_still_a_file(place):
    path = os.path.join(place, "quiet.h5")
    done = run("run", "small", "--days", "3", "--replicates", "1", "--events", "--quiet", "--out", path)
    check("three days with events", done.returncode == 0, done.err)
    for engine in ("h5netcdf", "netcdf4"):
        data = xr.open_dataset(path, engine=engine)
        check(f"{engine}: an empty table opens", data.sizes["leak"] == 0 and data.leak_day.shape == (0,), data.sizes)
        data.close()
    check("an empty table has a digest", digest(path) == documented_digest(path))


def the_documented_lines_run(place):
    """The Python of docs/file-format.md, on a file of the name that it opens."""
    source = os.environ.get("PKO_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    with open(os.path.join(source, "docs", "file-format.md"), encoding="utf-8") as page:
        blocks = re.findall(r"```python\n(.*?)```", page.read(), re.S)
    done = run("run", "small", "--days", "60", "--replicates", "2", "--events", "--snapshots", "2018-07-01", "--quiet",
               "--out", os.path.join(place, "minusma.h5"))
    names, here = {}, os.getcwd()
    os.chdir(place)
    try:
        for block in blocks:
            exec(block, names)  # our own documentation
        told_by = "" if len(blocks) == 2 else f"{len(blocks)} blocks"
    except Exception as error:
        told_by = repr(error)
    finally:
        os.chdir(here)
    check("the Python lines of the documentation run", done.returncode == 0 and not told_by, done.err + told_by)
    check("and name the regions of incidents", told_by == "" and set(names["incidents"]["region"]) <=
          set(names["data"].region.values) and len(names["incidents"]) > 0)


# --- Failures ----------------------------------------------------------------------------------------------------------

def limit_files(size):
    def before():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return before


def expect_no_room(name, place, done):
    lines = [line for line in done.err.splitlines() if line.strip()]
    check(f"{name}: exit 74, one message, no file", done.returncode == 74 and len(lines) == 1 and not os.listdir(place),
          (done.returncode, done.err, os.listdir(place)))


def a_full_disk(place):
    for size in (0, 4096, 100000, 300000):
        room = os.path.join(place, f"limit-{size}")
        os.mkdir(room)
        expect_no_room(f"files of at most {size} bytes", room,
                       run(*WORDS, "--replicates", "3", "--out", os.path.join(room, "a.h5"), before=limit_files(size)))
    room = os.path.join(place, "tmpfs")
    os.mkdir(room)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", room], capture_output=True).returncode != 0:
        print("     a really full disk: not tried, no right to mount one")
        return
    try:
        expect_no_room("a really full disk", room, run(*WORDS, "--replicates", "3", "--out", os.path.join(room, "a.h5")))
    finally:
        subprocess.run(["umount", room], check=True)


def an_existing_file(place):
    path = write(os.path.join(place, "kept.h5"), "--replicates", "1")
    before = open(path, "rb").read()
    done = run(*WORDS, "--replicates", "2", "--out", path)
    check("an existing file is refused", done.returncode in (2, 74) and "kept.h5" in done.err, (done.returncode, done.err))
    check("and stays as it was", open(path, "rb").read() == before)
    check("with --force it is replaced", run(*WORDS, "--replicates", "2", "--out", path, "--force").returncode == 0 and
          h5py.File(path)["replicate"].size == 2)


def kills(place):
    """Kills at moments spread over the time that a run takes; a round says whether to come later or earlier."""
    room = os.path.join(place, "kills")
    os.mkdir(room)
    path, words = os.path.join(room, "a.h5"), [PROGRAM, *WORDS, "--replicates", "20", "--out", os.path.join(room, "a.h5")]
    run(*words[1:])
    whole = digest(path)
    os.remove(path)
    absent = complete = broken = leftovers = 0
    span = 0.4
    for _ in range(30):
        late = 0
        for trial in range(10):
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(span * trial / 10)
            process.send_signal(signal.SIGKILL)
            process.wait()
            leftovers += any(name.endswith(".tmp") for name in os.listdir(room))
            if os.path.exists(path):
                late += 1
                broken += digest(path) != whole
                os.remove(path)
        complete, absent = complete + late, absent + 10 - late
        if min(complete, absent, leftovers) >= 15:
            break
        span *= 1.5 if late < 2 else 0.7 if late > 5 else 1
    check(f"kill -9: {absent} times no file, {complete} times a whole one", broken == 0 and min(complete, absent) >= 15, broken)
    check(f"kill -9: {leftovers} times a temporary file was left", leftovers >= 15, leftovers)
    run(*words[1:])
    check("the next start removes what was left", os.listdir(room) == ["a.h5"], os.listdir(room))


with folder() as place:
    main = write(os.path.join(place, "main.h5"), "--replicates", "3", "--set", "danger.own=0.1", "--cut", "reciprocity@2018-09-01")
    readers_agree(main)
    netcdf_masks_only_what_is_missing(main)
    ncdump_reads(main)
    variables_describe_themselves(main)
    the_file_tells_where_it_comes_from(main)
    events_agree_with_series(main)
    digests(main, place)
    a_replicate_alone_is_the_same(main, place)
    no_events_still_a_file(place)
    the_documented_lines_run(place)
    a_full_disk(place)
    an_existing_file(place)
    kills(place)
finish()
