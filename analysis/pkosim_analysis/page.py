# SPDX-License-Identifier: GPL-3.0-or-later
"""What all figures share: size, type, colours, the foot with the caveat, and saving as SVG and PNG."""
import os
import textwrap

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

MILLIMETRE = 1 / 25.4
WIDTH = 170  # mm, the text of an A4 page
FOOT_SIZE = 6  # points
FOOT_LETTERS = 150  # letters of that size in a line
FOOT_LINE = 2.5  # mm

# Okabe and Ito's colours in an order in which neighbours differ in grey too, and a marker each.
COLOURS = ["#0072B2", "#E69F00", "#000000", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#7F7F7F"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
INK, SOFT, FAINT = "#222222", "#666666", "#DDDDDD"

STYLE = {
    "font.family": "DejaVu Sans", "font.size": 8, "axes.titlesize": 8.5, "axes.labelsize": 8, "legend.fontsize": 7.5,
    "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": SOFT,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "legend.frameon": False,
    "axes.titlelocation": "left", "svg.hashsalt": "pkosim", "svg.fonttype": "path", "figure.facecolor": "white",
}
BLOCS = {"nato": "NATO", "north": "other north", "african": "African", "asian": "Asian", "other": "other",
         "police": "police", "civilian": "civilians"}


def colour(number):
    return COLOURS[number % len(COLOURS)]


def marker(number):
    return MARKERS[number % len(MARKERS)]


def origin(data):
    """Where the numbers of a figure come from, in one line."""
    told = data.attrs
    words = [f"pkosim {told['pkosim_version']}", f"scenario {told['scenario_name']}", f"{told['days']} days from {told['start']}",
             f"{told['mandate']} mandate", f"seed {told['seed']}", f"{data.sizes['replicate']} replicates"]
    for name, head in (("settings", 0), ("cuts", 1), ("changes", 1)):  # tables of cuts and changes begin with their head
        lines = [line for line in str(told.get(name, "")).splitlines() if line.strip()][head:]
        lines = [line for line in lines if not line.startswith("replicates=")]
        words += [f"{name}: {' '.join(lines)}"] if lines else []
    return "; ".join(words) + "."


def page(data, height, title, note):
    """An empty figure of the width of a page and `height` mm with its title; at its foot what it shows (`note`), where
    it comes from and the caveat of the file."""
    paragraphs = [note, origin(data), str(data.attrs["caveat"])]
    lines = [line for text in paragraphs for line in textwrap.wrap(text, FOOT_LETTERS)]
    foot = len(lines) * FOOT_LINE + 2.5
    height += foot
    figure = plt.figure(figsize=(WIDTH * MILLIMETRE, height * MILLIMETRE))
    figure.set_layout_engine("constrained", rect=(0.005, foot / height, 0.99, 1 - foot / height - 0.005), w_pad=0.03, h_pad=0.03)
    figure.suptitle(title, x=0.012, ha="left", fontsize=10, fontweight="bold")
    figure.text(0.012, (foot - 1.5) / height, "\n".join(lines), ha="left", va="top", fontsize=FOOT_SIZE, color=SOFT,
                linespacing=1.17)
    return figure


def save(figure, folder, name, dpi=200):
    """Writes folder/name.svg and .png, the same bytes for the same numbers; returns their paths."""
    paths = [os.path.join(folder, f"{name}.{ending}") for ending in ("svg", "png")]
    figure.savefig(paths[0], metadata={"Date": None})
    figure.savefig(paths[1], dpi=dpi, metadata={"Software": None})
    plt.close(figure)
    return paths
