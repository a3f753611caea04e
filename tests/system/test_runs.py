#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns of the whole program: threads, replicates alone and in a batch, settings, stops, full disks, progress, memory."""
import os
import pty
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import time

import h5py
import numpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import PROGRAM, check, digest, finish, folder, run  # noqa: E402


def threads(place):
    """The same bytes from 1, 2 and 7 threads; the kernel's count proves that there were so many."""
    files, tables, outputs, seen = [], [], [], []
    for count in (1, 2, 7):
        name = f"threads-{count}"
        with subprocess.Popen([PROGRAM, "run", "small", "--days", "365", "--replicates", "8", "--events", "--quiet", "--json", "--threads",
                               str(count), "--out", "threads.h5", "--observables", "threads.csv", "--force"], cwd=place,
                              stdout=subprocess.PIPE) as process:
            most = 0
            while process.poll() is None:
                try:
                    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
                        most = max(most, int(re.search(r"Threads:\s+(\d+)", file.read())[1]))
                except (OSError, TypeError):
                    pass
                if select.select([process.stdout], [], [], 0.002)[0]:
                    break
            outputs.append(process.stdout.read())
        seen.append(most)
        files.append(digest(os.path.join(place, "threads.h5")))
        with open(os.path.join(place, "threads.csv"), encoding="utf-8") as file:
            tables.append(file.read())
        check(f"{name}: ended well", process.returncode == 0, process.returncode)
    # One more thread waits for signals.
    check("1, 2 and 7 threads ran", seen == [2, 3, 8], seen)
    check("1, 2 and 7 threads: one digest", len(set(files)) == 1 and files[0].startswith("sha256:"), files)
    check("1, 2 and 7 threads: one table", len(set(tables)) == 1)
    check("1, 2 and 7 threads: one JSON", len(set(outputs)) == 1 and len(outputs[0]) > 1000)


def slices(path, index):
    """Every variable of a file that has replicates, for one of them."""
    found = {}
    with h5py.File(path, "r") as file:
        for name, data in file.items():
            axes = [axis for axis in range(data.ndim) if "replicate" in data.dims[axis].keys() or data.dims[axis].label == "replicate"]
            if axes and data.ndim > 1:
                found[name] = numpy.take(data[...], index, axis=axes[0])
    return found


def same(one, other):
    return one.keys() == other.keys() and all(
        numpy.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one)


def alone_and_in_a_batch(place):
    words = ["run", "small", "--days", "150", "--quiet", "--force"]
    run(*words, "--replicates", "4", "--out", "batch.h5", cwd=place)
    run(*words, "--replicates", "1", "--first-replicate", "2", "--out", "alone.h5", cwd=place)
    batch, alone = os.path.join(place, "batch.h5"), os.path.join(place, "alone.h5")
    mine = slices(alone, 0)
    check("a replicate alone equals the same in a batch", len(mine) > 20 and same(mine, slices(batch, 2)), sorted(mine))
    check("and differs from the others", not same(mine, slices(batch, 1)))
    with h5py.File(alone, "r") as file:
        check("and keeps its number", file["replicate"][...].tolist() == [2], file["replicate"][...])

    rules = shlex.split("--regime minusma --regime silo")
    with open("/dev/null", encoding="utf-8"):
        run(*words, "--replicates", "2", *rules, "--out", "twins.h5", "--set", "regime.silo.classification=0.85", "--set",
            "regime.silo.mail_rate=0.02", "--set", "regime.silo.hub_rate=0.1", "--set", "regime.silo.informal_rate=0.1", "--set",
            "regime.silo.trust_gate=1.5", "--set", "regime.silo.leak=0.001", cwd=place)
    with h5py.File(os.path.join(place, "twins.h5"), "r") as file:
        pairs = {name: data[...] for name, data in file.items() if data.ndim > 2 and data.shape[0] == 2}
    check("two regimes with equal rules are equal twins", len(pairs) > 20 and all(
        numpy.array_equal(pair[0], pair[1], equal_nan=pair.dtype.kind == "f") for pair in pairs.values()), sorted(pairs))


def settings(place):
    """What an option says arrives in the file."""
    words = ["run", "small", "--replicates", "1", "--scale", "0.1", "--quiet", "--force", "--out", "set.h5"]
    options = shlex.split("--start 2018-08-01 --days 50 --every 10 --no-groups --events --snapshots 2018-08-05,2018-09-01 --seed 99 "
                          "--mandate endogenous --cut tips_to_warning --cut warning_to_hits@2018-08-20 --set danger.own=0.11 "
                          "--set regions.gao.trust=0.3 --regime open --regime silo")
    done = run(*words, *options, cwd=place)
    check("settings of every kind are taken", done.returncode == 0, done.err)
    with h5py.File(os.path.join(place, "set.h5"), "r") as file:
        told = "\n".join(str(value) for value in file.attrs.values())
        check("days and records", file["time"].shape == (5,), file["time"][...])
        check("snapshots", file["snapshot"].shape == (2,), file["snapshot"][...])
        check("regimes in order", [name.decode() if isinstance(name, bytes) else name for name in file["regime"][...]] == ["open", "silo"])
        check("event tables", "incident" in file, list(file)[:50])
        plain = list(file)
        check("the file tells what was set", all(piece in told for piece in (
            "danger.own=0.11", "regions.gao.trust=0.3", "mandate.mode=endogenous", "warning_to_hits@2018-08-20", "seed=99")), told[-2000:])
    run(*words, cwd=place)
    with h5py.File(os.path.join(place, "set.h5"), "r") as file:
        grouped = [name for name in file if name not in plain]
        check("series by group and none of events by default", len(grouped) > 3 and "incident" not in file, grouped)
    check("the screen tells what was set", "danger.own=0.11" in done.out and "endogenous mandate" in done.out, done.out[:1500])


def stop(place, number, seconds, *words):
    """Starts a campaign, sends a signal after a while, and returns it ended with what it said."""
    process = subprocess.Popen([PROGRAM, "run", "small", "--quiet", "--force", "--threads", "2", *words], cwd=place,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(seconds)
    process.send_signal(number)
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode(), time.monotonic() - began


def interrupts(place):
    for number, name in ((signal.SIGINT, "INT"), (signal.SIGTERM, "TERM"), (signal.SIGUSR1, "USR1")):
        many = ["--days", "120", "--replicates", "5000", "--out", "cut.h5", "--observables", "cut.csv"]
        code, out, err, seconds = stop(place, number, 2.0, *many)
        check(f"{name}: exit status 75", code == 75, f"{code} {err}")
        check(f"{name}: within a few seconds", seconds < 10, seconds)
        with h5py.File(os.path.join(place, "cut.h5"), "r") as file:
            count = file["replicate"].shape[0]
        told = re.search(r"stopped: (\d+) of 5000", err)
        check(f"{name}: some replicates are kept, and told", told and 0 < count < 5000 and int(told[1]) == count, err)
        check(f"{name}: they are shown", f"{count} replicate" in out or "replicate 0." in out, out[:900])
        with open(os.path.join(place, "cut.csv"), encoding="utf-8") as file:
            people = [line for line in file if line.startswith("people,")]
        check(f"{name}: and in the table", len(people) == 2 and all(line.endswith(f",{count}\n") for line in people), people)
        command = shlex.split(err.strip().splitlines()[-1])
        check(f"{name}: the rest is told as a command", f"--first-replicate {count} --replicates {5000 - count}" in " ".join(command), command)
        if number == signal.SIGINT:
            run("run", "small", "--quiet", "--days", "120", "--replicates", str(count), "--out", "whole.h5", "--force", cwd=place)
            both = [digest(os.path.join(place, name)) for name in ("cut.h5", "whole.h5")]
            check("the prefix equals a campaign of that length", both[0] == both[1] and both[0].startswith("sha256:"), both)
            command[command.index("--replicates") + 1] = "2"
            done = run(*command[1:], cwd=place)
            with h5py.File(os.path.join(place, f"cut-from-{count}.h5"), "r") as file:
                check("the rest begins where the prefix ends", done.returncode == 0
                      and file["replicate"][...].tolist() == [count, count + 1], done.err)
    home = os.path.join(place, "early")
    os.mkdir(home)
    code, out, err, seconds = stop(home, signal.SIGTERM, 0.5, "--days", "36525", "--replicates", "50")
    check("a stop before the first replicate: 75 and no file", code == 75 and os.listdir(home) == [] and out == "", f"{code} {err} {os.listdir(home)}")
    check("it says that nothing was written", "nothing was written" in err and seconds < 10, err)


def full_disk(place):
    home = os.path.join(place, "full")
    os.mkdir(home)

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    done = run("run", "small", "--quiet", "--replicates", "3", cwd=home, before=small_files)
    check("a full disk: 74, one message, no file", done.returncode == 74 and os.listdir(home) == [] and len(done.err.splitlines()) == 1
          and "small.h5" in done.err, f"{done.returncode} {done.err} {os.listdir(home)}")
    done = run("run", "small", "--quiet", "--days", "20", "--replicates", "1", cwd=home, stdout=open("/dev/full", "w"))
    check("a screen that cannot be written: 74, and the file is there", done.returncode == 74 and os.listdir(home) == ["small.h5"], done.err)


def on_a_terminal(place, env):
    """What the program writes on a terminal, as one text."""
    master, slave = pty.openpty()
    process = subprocess.Popen([PROGRAM, "run", "small", "--days", "200", "--replicates", "30", "--force", "--out", "tty.h5"], cwd=place,
                               stdout=subprocess.DEVNULL, stderr=slave, env={**os.environ, "TERM": "xterm", **env})
    os.close(slave)
    text = b""
    began = time.monotonic()
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    process.wait()
    os.close(master)
    return text.decode(), time.monotonic() - began


def progress(place):
    plain = run("run", "small", "--days", "60", "--replicates", "3", "--out", "p.h5", "--force", cwd=place).err.splitlines()
    check("not on a terminal: a line at the start and one at the end", len(plain) >= 2 and plain[-2].startswith("small: 2 regimes")
          and plain[-1].startswith("3 of 3 replicates in"), plain)
    text, seconds = on_a_terminal(place, {})
    lines = re.findall(r"\r[^\r]*left", text)
    check("on a terminal: a line that renews itself", len(lines) > 0 and "days/s" in text and "of 30 replicates" in text, text[:500])
    check("at most five times a second", len(lines) <= 5 * seconds + 2, f"{len(lines)} in {seconds} s")
    check("in color, unless NO_COLOR is set", "\033[32m" in text and "\033[32m" not in on_a_terminal(place, {"NO_COLOR": "1"})[0])
    check("not on a dumb terminal", "\033" not in on_a_terminal(place, {"TERM": "dumb"})[0])


def memory_used(place, *words):
    """Largest resident size in kB."""
    process = subprocess.Popen([PROGRAM, "run", *words, "--quiet", "--force", "--threads", "2", "--out", "memory.h5"], cwd=place, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss if process.returncode == 0 else -1


def memory(place):
    if "-fsanitize" in run("version").out:
        print("     memory is not looked at: a sanitizer keeps what is freed")
        return
    few, many = (memory_used(place, "small", "--days", "60", "--replicates", str(count)) for count in (40, 1200))
    check("memory does not grow with the replicates", 0 < many < 1.1 * few + 4000, f"{few} kB with 40, {many} kB with 1200")


def main():
    with folder() as place:
        threads(place)
        alone_and_in_a_batch(place)
        settings(place)
        interrupts(place)
        full_disk(place)
        progress(place)
        memory(place)
    finish()


main()
