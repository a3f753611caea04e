# SPDX-License-Identifier: GPL-3.0-or-later
"""`run --replicates auto`: as many replicates as the precision needs, the same bytes for any number of threads."""
import os

import h5py

from checks import check, digest, finish, folder, run

WORDS = ["run", "small", "--days", "60", "--replicates", "auto", "--outcome", "d", "--outcome", "plots/yr"]

with folder() as place:
    prints = []
    for threads in ("1", "2", "7"):
        path = os.path.join(place, f"t{threads}.h5")
        done = run(*WORDS, "--precision", "0.2", "--threads", threads, "--out", path, cwd=place)
        check(f"{threads} threads run to the end", done.returncode == 0 and "precise enough after" in done.err, done.err)
        prints.append(digest(path))
    check("the bytes do not depend on the threads", len(set(prints)) == 1, prints)
    with h5py.File(os.path.join(place, "t1.h5")) as file:
        count = file["replicate"].shape[0]
    check("it stopped after 20, 40, 80 … replicates", count in (10, 20, 40, 80, 160, 320), count)
    plain = os.path.join(place, "plain.h5")
    run("run", "small", "--days", "60", "--replicates", str(count), "--out", plain, cwd=place)
    check("the same number asked for gives the same data", digest(plain) == prints[0])
    done = run(*WORDS, "--precision", "0.001", "--max-replicates", "12", "--out", os.path.join(place, "most.h5"), cwd=place)
    check("the most is kept and said", done.returncode == 0 and "not precise enough after 12" in done.err, done.err)
    for words, piece in ((["--outcome", "acess"], "nearest: 'access'"), (["--precision", "0"], "--precision"),
                         (["--precision", "0.1x"], "--precision"), (["--max-replicates", "1"], "--max-replicates")):
        done = run("run", "small", "--replicates", "auto", *words, cwd=place)
        check(f"refused: {' '.join(words)}", done.returncode == 2 and piece in done.err, done.err)
    done = run("run", "small", "--precision", "0.1", cwd=place)
    check("--precision alone is refused", done.returncode == 2 and "--replicates auto" in done.err, done.err)
    check("nothing was written by what was refused", not os.path.exists(os.path.join(place, "small.h5")))
finish()
