# SPDX-License-Identifier: GPL-3.0-or-later
"""Five of the six figures; the map of camps stands in camp_map.py. Each takes a run and returns a matplotlib figure, or
None if the run does not hold what it shows.

No figure shows ledgers by group, country or bloc, and none subtracts, adds or averages the two ledgers (ODD 7).
"""
import numpy as np
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.ticker import FuncFormatter, MaxNLocator

from . import tables
from .page import BLOCS, FAINT, INK, SOFT, colour, marker, page
from .runs import bands, deaths_by_year, outcome, twin_difference


UNITS = {"people": "a year", "events": "a year"}


def regimes(data):
    return [str(name) for name in data.regime.values]


def interval(axes, values, place, shade, mark, upright):
    """Bands of 50 and 90 % over replicates and their median at `place`, upright or lying."""
    five, quarter, middle, three_quarters, most = (float(value) for value in bands(values).values)
    draw = axes.vlines if upright else axes.hlines
    draw(place, five, most, color=shade, linewidth=1.6, zorder=3)
    draw(place, quarter, three_quarters, color=shade, linewidth=5, zorder=3)
    x, y = (place, middle) if upright else (middle, place)
    axes.plot(x, y, mark, color="white", markeredgecolor=shade, markeredgewidth=1.3, markersize=5.5, zorder=4)


def legend_of_regimes(axes, names):
    """A mark and a word for each regime."""
    handles = [axes.plot([], [], marker(k), color="white", markeredgecolor=colour(k), markeredgewidth=1.3, markersize=5.5)[0]
               for k in range(len(names))]
    return handles, [f"regime {name}" if len(names) < 4 else name for name in names]


def deaths_against_record(data):
    """Deaths by year with bands for each regime, and the record where there is one."""
    deaths, names = deaths_by_year(data), regimes(data)
    scenario = str(data.attrs["scenario_name"])
    record = tables.record_deaths(scenario)
    note = ("Thick line: middle 50 % of the replicates, thin line: 90 %, white mark: median. * The run covers only part of that "
            "year. The bands are the chance of the random numbers only; whether the parameters are right is not in them.")
    years = [int(year) for year in deaths.year.values]
    whole = deaths.covered.values > 0.995
    known = record[record.year.isin([year for year, covered in zip(years, whole) if covered])]
    if len(known):
        note += (f" Record: peacekeepers killed in deliberate attacks in {', '.join(map(str, known.year))}, as counted in yearly statements of the "
                 "UN Staff Union; it leaves out civilian staff in most years, and later years are held back to judge the model.")
        note += "".join(f" {year}: known in part." for year in known[known.complete == "no"].year)
    figure = page(data, 78, "Deaths of the mission by hostile acts, by year", note)
    axes = figure.add_subplot()
    step = min(0.26, 0.8 / len(names))
    for k, name in enumerate(names):
        for number in range(deaths.sizes["year"]):
            place = number + (k - (len(names) - 1) / 2) * step
            interval(axes, deaths.sel(regime=name).isel(year=number), place, colour(k), marker(k), True)
    handles, labels = legend_of_regimes(axes, names)
    if len(known):
        at = [years.index(year) for year in known.year]
        axes.hlines(known.deaths, np.array(at) - 0.42, np.array(at) + 0.42, color=INK, linewidth=1.1, zorder=5)
        dots = axes.plot(at, known.deaths, "D", color=INK, markersize=4, zorder=6)[0]
        handles, labels = [*handles, dots], [*labels, "record"]
    partly = ["" if covered else "*" for covered in whole]
    axes.set_xticks(range(len(years)), [f"{year}{star}" for year, star in zip(years, partly)])
    axes.set_xlim(-0.6, len(years) - 0.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("people killed in the year")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.tick_params(axis="x", length=0)
    axes.legend(handles, labels, ncol=len(handles), loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
    return figure


def access(data):
    """Access of blocs under each regime."""
    names = regimes(data)
    rows = [("access", "mission")] + [(f"access_{bloc}", BLOCS.get(bloc, bloc)) for bloc in map(str, data.bloc.values)]
    rows = [(name, title) for name, title in rows
            if name in data.outcome_name.values and bool(outcome(data, name).notnull().any())]
    if not rows:
        return None
    note = ("Share of the strikes on a bloc's groups of which the struck group knew on the day, over the whole run; each target "
            "group counts once a strike. Thick line: middle 50 % of the replicates, thin line: 90 %, mark: median. Plots that "
            "never struck are not in it.")
    figure = page(data, 20 + 9 * len(rows), "Who knew of the strikes against them", note)
    axes = figure.add_subplot()
    step = min(0.3, 0.75 / len(names))
    for number, (name, _) in enumerate(rows):
        for k, regime in enumerate(names):
            values = outcome(data, name).sel(regime=regime).dropna("replicate")
            if values.size:
                interval(axes, values, number + (k - (len(names) - 1) / 2) * step, colour(k), marker(k), False)
    axes.axhline(0.5, color=SOFT, linewidth=0.6)
    axes.set_yticks(range(len(rows)), [title for _, title in rows])
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_xlim(-0.015, 1.015)
    axes.set_xlabel("access (share of strikes known to their target)")
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.tick_params(axis="y", length=0)
    handles, labels = legend_of_regimes(axes, names)
    axes.legend(handles, labels, ncol=len(names), loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
    return figure


def densest(counts, share):
    """The level above which the fullest bins hold `share` of all people."""
    ordered = np.sort(counts.ravel())[::-1]
    return ordered[np.searchsorted(np.cumsum(ordered), share * ordered.sum())]


def ledger_shares(people):
    """Share of the people of a regime and category in each pair of bins, all replicates together."""
    people = people.sum("replicate").astype("float64")
    total = people.sum(("reinforcement_bin", "resistance_bin"))
    return people / total.where(total > 0)


def ledgers(data):
    """Both ledgers at once: where people stand on reinforcement and on resistance, by category."""
    if "people_by_ledgers" not in data or not data.sizes.get("snapshot"):
        return None
    names, categories = regimes(data), [str(name) for name in data.category.values]
    days = [str(day)[:10] for day in data.snapshot.values]
    people = data.people_by_ledgers.sum("replicate").astype("float64")
    share = ledger_shares(data.people_by_ledgers.isel(snapshot=-1))
    a, b = data.reinforcement_bin.values, data.resistance_bin.values
    half = float(a[1] - a[0]) / 2
    first = people.isel(snapshot=0)
    used = (share > 1e-3).any(("regime", "category"))
    if len(days) > 1:
        for one in first.stack(panel=("regime", "category")).transpose("panel", ...):
            used = used | (one >= densest(one.values, 0.5)) & (one > 0)
    ends_a = [a[used.any("resistance_bin").values][k] + sign * half for k, sign in ((0, -1), (-1, 1))]
    ends_b = [b[used.any("reinforcement_bin").values][k] + sign * half for k, sign in ((0, -1), (-1, 1))]
    note = (f"Colour: share of the people of a category in each bin of 0.05 × 0.05 on {days[-1]}, all replicates together. Black line "
            "round the fullest bins that hold half of them, grey line nine in ten"
            + (f"; dashed: the fullest that held half on {days[0]}. " if len(days) > 1 else ". ")
            + "One person carries both ledgers and can be high on both. They are two quantities: their difference and their sum mean nothing.")
    lying = len(names) > 2  # many regimes stand side by side
    tall = (ends_b[1] - ends_b[0]) / (ends_a[1] - ends_a[0])
    figure = page(data, 27 + 2 * (8 + tall * 116 / len(names)) if lying else 16 + 62 * len(names), "The two ledgers of individuals, side by side", note)
    shape = (len(categories), len(names)) if lying else (len(names), len(categories))
    panels = figure.subplots(*shape, squeeze=False, sharex=True, sharey=True)
    scale = PowerNorm(0.5, 0, float(share.max()))
    edges_a, edges_b = np.append(a - half, a[-1] + half), np.append(b - half, b[-1] + half)
    for row, regime in enumerate(names):
        for column, category in enumerate(categories):
            axes = panels[column, row] if lying else panels[row, column]
            chosen = {"regime": regime, "category": category}
            now = share.sel(chosen).transpose("resistance_bin", "reinforcement_bin").values
            mesh = axes.pcolormesh(edges_a, edges_b, now, cmap="Blues", norm=scale, rasterized=True)
            outline(axes, edges_a, edges_b, now >= densest(now, 0.9), color=SOFT, linewidth=0.9)
            outline(axes, edges_a, edges_b, now >= densest(now, 0.5), color="black", linewidth=1.5)
            if len(days) > 1:
                then = first.sel(chosen).transpose("resistance_bin", "reinforcement_bin").values
                if then.sum() > 0:
                    outline(axes, edges_a, edges_b, then >= densest(then, 0.5), color="#D55E00", linewidth=1.1, linestyle=(0, (2, 1.2)))
            axes.set_title(f"{category},\n{regime}" if lying else f"{category}, regime {regime}")
            axes.set(xlim=ends_a, ylim=ends_b, aspect="equal")
            axes.label_outer()
    for axes in panels[-1]:
        axes.set_xlabel("reinforcement" if lying else "reinforcement of militarized practice")
    for axes in panels[:, 0]:
        axes.set_ylabel("resistance" if lying else "resistance to it")
    bar = figure.colorbar(mesh, ax=panels, shrink=0.7, aspect=30, pad=0.02)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    bar.outline.set_linewidth(0.4)
    bar.set_label("share of the people of the category")
    return figure


def outline(axes, x, y, inside, **line):
    """The border of a set of bins."""
    padded = np.pad(inside, 1)
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    for row, column in zip(rows, columns):
        axes.plot([x[column], x[column + 1]], [y[row], y[row]], **line)
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    for row, column in zip(rows, columns):
        axes.plot([x[column], x[column]], [y[row], y[row + 1]], **line)


def trust_means(data):
    """Trust between blocs, mean over time: what the panels of the trust figure are made of, over (regime, replicate)."""
    return data.trust_by_bloc.astype("float64").mean("time")


def trust(data):
    """Who trusts whom, by bloc: each regime, and each one's difference to the first."""
    names = regimes(data)
    means = trust_means(data)
    present = [bloc for bloc in data.bloc.values
               if bool(means.sel(bloc=bloc).notnull().any() | means.sel(toward_bloc=bloc).notnull().any())]
    means = means.sel(bloc=present, toward_bloc=present)
    average = means.mean("replicate")
    pages = [(f"regime {name}", average.sel(regime=name), False) for name in names]
    pages += [(f"{name} − {names[0]}", twin_difference(means, name, names[0]).sel(part="mean"), True)
              for name in names[1:]]
    columns = 2 if len(pages) < 5 else 3
    rows = -(-len(pages) // columns)
    note = ("Trust T from 0 to 1 of the groups of a row's bloc in those of a column's: mean over pairs of groups, time and "
            "replicates. Every group counts once, whatever its size. White: no such pair. Differences are means over twins. Part of each difference between "
            "blocs is the prior (alliance, secure network, language) and was put in; the difference between regimes was not.")
    figure = page(data, 14 + (70 if columns == 2 else 54) * rows + 12, "Trust between the blocs of the mission", note)
    panels = figure.subplots(rows + 1, columns, squeeze=False, height_ratios=[1] * rows + [0.16])
    level = Normalize(float(average.min()), float(average.max()))
    widest = max([float(abs(values).max()) for _, values, change in pages if change] or [1]) or 1
    changes = Normalize(-widest, widest)
    shown = {}
    for axes, (title, values, change) in zip(panels.ravel(), pages):
        shown[change] = matrix(axes, title, values.transpose("bloc", "toward_bloc").values, present,
                               "PuOr" if change else "cividis", changes if change else level, change, 7 if columns == 2 else 5.5)
    for axes in panels.ravel()[len(pages):]:
        axes.set_axis_off()
    for change, words, place in ((False, "trust", panels[-1, 0]), (True, f"difference to {names[0]}", panels[-1, -1])):
        if change in shown:
            bar = figure.colorbar(shown[change], cax=place.inset_axes([0.05, 0.5, 0.9, 0.35]), orientation="horizontal")
            bar.outline.set_linewidth(0.4)
            bar.set_label(words)
    return figure


def matrix(axes, title, values, blocs, colours, scale, signed, letters):
    image = axes.imshow(values, cmap=colours, norm=scale)
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        red, green, blue, _ = image.cmap(scale(value))
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
        text = f"{value:+.2f}" if signed else f"{value:.2f}"
        text = "0" if signed and abs(value) < 0.005 else text.replace("0.", ".").replace("-", "−")
        axes.text(column, row, text, ha="center", va="center", fontsize=letters, color="white" if dark else "black")
    names = [BLOCS.get(bloc, bloc) for bloc in blocs]
    axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title)
    axes.set_ylabel("trust of")
    axes.set_xlabel("in")
    return image


def differences(data):
    """Rows of the forest plot: each outcome of the program's comparison, but deaths per head, for each regime after the first."""
    names, found = regimes(data), []
    for row in tables.outcomes().itertuples():
        if row.block.startswith("Hostile deaths per") or row.outcome not in data.outcome_name.values:
            continue
        values = outcome(data, row.outcome)
        smallest = tables.smallest_effect(row, float(values.sel(regime=names[0]).mean("replicate")))
        for k, name in enumerate(names[1:], start=1):
            mean, low, high = (float(part) for part in twin_difference(values, name, names[0]).values)
            if np.isfinite(mean) and np.isfinite(smallest) and smallest > 0:
                found.append({"outcome": row.outcome, "block": row.block, "title": row.title, "unit": UNITS.get(row.unit, ""), "regime": name, "number": k, "mean": mean,
                              "low": low, "high": high, "smallest": smallest})
    return found


def twins(data):
    """Forest plot of twin differences, in units of the smallest effect of interest."""
    names, rows = regimes(data), differences(data)
    if len(names) < 2 or data.sizes["replicate"] < 2 or not rows:
        return None
    places, ticks, heads, at, block = {}, [], [], 0.0, None
    for row in rows:
        if row["outcome"] not in places:
            if row["block"] != block:
                block, at = row["block"], at + 1.0
                heads.append((at, block.split(":")[0].split("; ")[0] + (f" ({row['unit']})" if row["unit"] else "")))
                at += 1.0
            places[row["outcome"]] = at
            ticks.append((at, row["title"]))
            at += 1.0
    note = ("Each line: mean difference of twins and its 95 % interval (Student's t over replicates, paired), divided by the smallest "
            "difference that matters for that outcome. Grey band: smaller than that, either way. The scale is straight inside the "
            "band and logarithmic outside. Outcomes that no twin has are left out." + (" Right: the difference in the outcome's own unit." if len(names) == 2 else ""))
    figure = page(data, 22 + 3.75 * at, f"What changes between twins, against regime {names[0]}", note)
    axes = figure.add_subplot()
    axes.axvspan(-1, 1, color="#E8E8E8", linewidth=0, zorder=0)
    axes.axvline(0, color=SOFT, linewidth=0.6, zorder=1)
    step = min(0.3, 0.85 / (len(names) - 1))
    for row in rows:
        place = places[row["outcome"]] + (row["number"] - len(names) / 2) * step
        k = row["number"]
        mean, low, high = (row[part] / row["smallest"] for part in ("mean", "low", "high"))
        if np.isfinite(low):
            axes.hlines(place, low, high, color=colour(k), linewidth=1.4, zorder=3)
        axes.plot(mean, place, marker(k), color=colour(k), markersize=4 if len(names) < 4 else 3, markeredgecolor="white",
                  markeredgewidth=0.4, zorder=4)
        if len(names) == 2:
            half = (row["high"] - row["low"]) / 2
            axes.annotate(own_unit(row["mean"], half), (1.01, place), xycoords=("axes fraction", "data"), fontsize=6.5, va="center")
    for place, words in heads:
        axes.annotate(words, (-0.005, place), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=7, fontweight="bold")
    reach = max(np.nanmax(np.abs([row["mean"], row["low"], row["high"]])) / row["smallest"] for row in rows)
    axes.set_xscale("symlog", linthresh=1, linscale=0.7)
    limit = max(2.0, reach * 1.25)
    axes.set_xlim(-limit, limit)
    marks = [mark for mark in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if mark <= limit]
    marks = [mark for mark in marks if mark in (1, 10, 100, 1000) or limit < 60]
    axes.set_xticks([*(-mark for mark in marks), 0, *marks])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))
    axes.minorticks_off()
    axes.set_yticks([place for place, _ in ticks], [words for _, words in ticks], fontsize=7)
    axes.set_ylim(at, 0.2)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.5, zorder=0)
    axes.set_xlabel(f"difference to {names[0]}, in smallest effects of interest")
    handles = [axes.plot([], [], marker(k), color=colour(k), markersize=4.5)[0] for k in range(1, len(names))]
    axes.legend(handles, [f"{name} − {names[0]}" if len(names) < 4 else name for name in names[1:]], ncol=len(handles), loc="lower left",
                bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
    return figure


def own_unit(mean, half):
    """A difference with its half-width, to the half-width's second digit."""
    if not np.isfinite(half) or half <= 0:
        return f"{mean:+.2g} ±0".replace("-", "−") if mean else "0 ±0"
    digits = int(np.clip(1 - np.floor(np.log10(half)), 0, 4 if half >= 5e-5 else 5))
    return f"{mean:+.{digits}f} ±{half:.{digits}f}".replace("-", "−")
