# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m pkosim_analysis FILE [--out FOLDER] [--only NAME]: the figures of a run as SVG and PNG.

Exit status: 0 done, 2 a wrong file or request, 69 a package is missing, 74 the folder cannot be written.
"""
import argparse
import os
import sys

try:
    from matplotlib import rc_context

    from . import camp_map, figures, page
    from .runs import NotARun, load
except ImportError as missing:
    sys.exit(print(f"pkosim_analysis: {missing}. On Debian: apt-get install python3-xarray python3-h5netcdf python3-pandas "
                   "python3-scipy python3-matplotlib", file=sys.stderr) or 69)

# File name, what draws it, and what a run must hold for it.
FIGURES = {
    "deaths": (figures.deaths_against_record, ""),
    "access": (figures.access, "a strike on the mission"),
    "ledgers": (figures.ledgers, "a snapshot (--snapshots)"),
    "trust": (figures.trust, ""),
    "camps": (camp_map.camps, "people in a camp"),
    "twins": (figures.twins, "two regimes and two replicates"),
}


def draw(data, folder, only=(), dpi=200, say=print):
    """Draws the figures of a run into a folder; returns the paths of the files written."""
    os.makedirs(folder, exist_ok=True)
    paths = []
    with rc_context(page.STYLE):
        for name, (make, needs) in FIGURES.items():
            if only and name not in only:
                continue
            figure = make(data)
            if figure is None:
                say(f"{name}: left out; it needs {needs}")
                continue
            paths += page.save(figure, folder, name, dpi)
            say(f"{name}: {paths[-2]}, {paths[-1]}")
    return paths


def main(words=None):
    parser = argparse.ArgumentParser(prog="python3 -m pkosim_analysis", description="Draw the figures of a run of pkosim.")
    parser.add_argument("file", help="result file of pkosim run")
    parser.add_argument("--out", default="figures", help="folder for the figures (figures)")
    parser.add_argument("--only", action="append", choices=FIGURES, default=[], help="draw only this one; repeat for several")
    parser.add_argument("--dpi", type=int, default=200, help="dots per inch of the PNG files (200)")
    told = parser.parse_args(words)
    try:
        with load(told.file) as data:
            draw(data, told.out, told.only, told.dpi)
    except (NotARun, FileNotFoundError) as error:
        print(f"pkosim_analysis: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"pkosim_analysis: {error}", file=sys.stderr)
        return 74
    return 0


if __name__ == "__main__":
    sys.exit(main())
