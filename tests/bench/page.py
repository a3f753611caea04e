#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the table of a file of results into docs/performance.md and draws docs/figures/scale.png from it.

    make bench-page [RESULTS=tests/bench/results/PROCESSOR.csv]
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench  # noqa: E402

PAGE, PICTURE = (os.path.join(bench.SOURCE, "docs", name) for name in ("performance.md", "figures/scale.png"))
PLACE = re.compile(r"(<!-- bench: begin -->\n).*?(<!-- bench: end -->)", flags=re.S)
INK, SOFT, FAINT = "#222222", "#666666", "#DDDDDD"
# Bytes of an individual that process 7 touches in a day: five states, traits, today, and what others see.
TOUCHED = 5 * 4 + 1 + 1 + 16


def filled(text, path):
    """The page with the table of that file in its place."""
    rows = bench.read(path)
    told = f"`tests/bench/results/{os.path.basename(path)}`: commit {rows[0]['commit'][:12]}, {rows[0]['compiler']}, {rows[0]['date']}"
    return PLACE.sub(lambda place: f"{place[1]}{told}\n\n```text\n{bench.table(rows)}\n```\n{place[2]}", text)


def medians(rows, pattern):
    """People or bytes in the name of a figure, and its median, by a pattern with one number."""
    found = ((re.fullmatch(pattern, row["figure"]), float(row["median"])) for row in rows)
    return zip(*((int(match[1].replace(",", "")), value) for match, value in found if match))


def draw(rows, path):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import ScalarFormatter
    plt.rcParams.update({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
                         "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": SOFT, "xtick.color": INK, "ytick.color": INK})
    figure, axes = plt.subplots(figsize=(6.7, 3.5))
    for pattern, label, mark, shade in ((r"an individual-day, ([\d,]+) people", "the whole day, recorded", "s", "#E69F00"),
                                        (r"process 7, ([\d,]+) people", "process 7", "o", "#0072B2")):
        axes.plot(*medians(rows, pattern), marker=mark, color=shade, linewidth=1.3, markersize=4, label=label)
    kilobytes, cost = medians(rows, r"a record at random in ([\d,]+) KiB")
    axes.plot([size * 1024 / 16 for size in kilobytes], cost, ":", color=SOFT, linewidth=1.1,
              label="a record at random among as many")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(800, 1.6e7)
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.grid(color=FAINT, linewidth=0.5)
    for name, size in ((row["figure"].split()[1], 1024 * float(row["median"])) for row in rows if row["figure"].startswith("cache ")):
        if 800 < size / TOUCHED < 1.6e7:
            axes.axvline(size / TOUCHED, color=INK, linewidth=0.7, linestyle="--")
            axes.text(size / TOUCHED, axes.get_ylim()[0], f" {name}", va="bottom")
    axes.set_xlabel(f"people (dashed: where {TOUCHED} bytes of each fill a cache)")
    axes.set_ylabel("ns an individual and day")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2)
    figure.tight_layout()
    figure.savefig(path, dpi=120, metadata={"Software": None})


def main():
    path = sys.argv[1]
    with open(PAGE, encoding="utf-8") as file:
        text = filled(file.read(), path)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    draw(bench.read(path), PICTURE)


if __name__ == "__main__":
    main()
