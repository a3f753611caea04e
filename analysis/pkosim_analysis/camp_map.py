# SPDX-License-Identifier: GPL-3.0-or-later
"""Camps on a map: nothing but the coordinates in the file, no borders and no tiles."""
import numpy as np
from matplotlib.patches import Polygon

from .page import INK, SOFT, page
from .runs import pooled_by_camp

DISC_DEGREES = 0.62  # camps nearer than this are drawn apart
MOST_AREA = 330  # points², a posture of 1


def hull(points):
    """Corners of the convex hull of points (n × 2), counterclockwise."""
    ordered = sorted(set(map(tuple, points)))

    def chain(walk):
        corners = []
        for point in walk:
            while len(corners) > 1 and np.cross(np.subtract(corners[-1], corners[-2]), np.subtract(point, corners[-2])) <= 0:
                corners.pop()
            corners.append(point)
        return corners[:-1]
    return chain(ordered) + chain(ordered[::-1]) if len(ordered) > 2 else ordered


def apart(points, least):
    """The points, moved so that no two are nearer than `least`, each as little as need be."""
    moved = points.copy()
    for _ in range(500):
        still = True
        for one in range(len(moved)):
            for other in range(one):
                away = moved[one] - moved[other]
                near = np.hypot(*away)
                if near < least * 0.999:
                    still = False
                    away = away / near if near > 1e-9 else np.array([1.0, 0.0])
                    moved[one] += away * (least - near) / 2
                    moved[other] -= away * (least - near) / 2
        if still:
            break
    return moved


def label_camps(figure, axes, points, sizes, names):
    """Writes each name on the side of its disc where it covers least of what is drawn."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    pixels = axes.transData.transform(points)
    reach = np.sqrt(sizes / np.pi) * figure.dpi / 72
    taken = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(pixels, reach)]
    frame = axes.get_window_extent(renderer)
    inverse = axes.transData.inverted()
    sides = [(1, 0), (-1, 0), (0, 1), (0, -1), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75), (-0.75, -0.75)]
    for (x, y), r, name in zip(pixels, reach, names):
        text = axes.text(0, 0, name, fontsize=7, color=INK, zorder=6)
        box = text.get_window_extent(renderer)
        width, height, gap = box.width, box.height, r + 2
        best = None
        for rank, (right, up) in enumerate(sides):
            left = x + right * gap + (0 if right > 0 else -width if right < 0 else -width / 2)
            low = y + up * gap + (0 if up > 0.8 else -height if up < -0.8 else -height / 2)
            mine = (left, low, left + width, low + height)
            covered = sum(max(0, min(mine[2], a[2]) - max(mine[0], a[0])) * max(0, min(mine[3], a[3]) - max(mine[1], a[1])) for a in taken)
            outside = max(0, frame.x0 - mine[0]) + max(0, mine[2] - frame.x1) + max(0, frame.y0 - mine[1]) + max(0, mine[3] - frame.y1)
            cost = covered + 1000 * outside + rank * 0.01
            if best is None or cost < best[0]:
                best = (cost, mine)
        taken.append(best[1])
        text.set_position(inverse.transform((best[1][0], best[1][1])))
        text.set_verticalalignment("bottom")


def camps(data, regime=None, category="uniformed"):
    """Camps with their people's danger (colour) and posture (size) under a regime, by default the first."""
    regime = str(data.regime.values[0]) if regime is None else regime
    danger = pooled_by_camp(data, "danger_by_camp", regime, category).values
    posture = pooled_by_camp(data, "posture_by_camp", regime, category).values
    true = np.column_stack([data.camp_longitude.values, data.camp_latitude.values]).astype("float64")
    lived = np.isfinite(danger)
    if not lived.any():
        return None
    stretch = 1 / np.cos(np.radians(true[:, 1].mean()))
    extent = np.maximum(np.ptp(true, axis=0), 0.5)
    disc = DISC_DEGREES * max(extent) / 10.4  # so many degrees wide on the page, whatever the mission's size
    drawn = apart(true, disc)
    note = (f"Mean over {category} people, time and replicates under regime {regime}. Danger is what people perceive, not the risk of being "
            "hit; posture is how enemy-centred practice is. Discs that would hide one another are moved apart, with a line to their place. "
            "Shaded: the camps of one region, an outline drawn from the coordinates only, no border.")
    note += " Small disc: nobody patrols there." if not np.isfinite(posture[lived]).all() else ""
    note += " Ring without colour: nobody lived there." if not lived.all() else ""
    low, high = drawn.min(axis=0) - 1.6 * disc, drawn.max(axis=0) + 1.6 * disc
    high[0] += 1.5 * disc
    height = float(np.clip(135 * (high[1] - low[1]) * stretch / (high[0] - low[0]), 50, 150))
    figure = page(data, 12 + height, "Camps: danger and posture", note)
    axes = figure.add_subplot()
    regions = [str(name) for name in data.camp_region.values]
    for region in dict.fromkeys(regions):
        inside = drawn[[name == region for name in regions]]
        axes.add_patch(Polygon(hull(inside) if len(inside) > 1 else [*inside, *inside], closed=True, facecolor="#EFEFEF", edgecolor="#EFEFEF", linewidth=30,
                               joinstyle="round", zorder=0, capstyle="round"))
    sizes = np.where(np.isfinite(posture), MOST_AREA * np.nan_to_num(posture), 40)
    for start, end in zip(true, drawn):
        if np.hypot(*(end - start)) > 0.05 * disc:
            axes.plot(*zip(start, end), color=INK, linewidth=0.6, zorder=2)
            axes.plot(*start, ".", color=INK, markersize=3, zorder=2)
    discs = axes.scatter(*drawn[lived].T, s=sizes[lived], c=danger[lived], cmap="cividis_r", vmin=0, vmax=max(float(np.nanmax(danger)), 0.1),
                         edgecolor=INK, linewidth=0.6, zorder=4)
    axes.scatter(*drawn[~lived].T, s=sizes[~lived], facecolor="none", edgecolor=SOFT, zorder=4)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect=stretch, xlabel="longitude (degrees east)", ylabel="latitude (degrees north)")
    bar = figure.colorbar(discs, ax=axes, shrink=0.8, aspect=25, pad=0.02)
    bar.outline.set_linewidth(0.4)
    bar.set_label("danger perceived (0 to 1)")
    marks = [0.2, 0.4, 0.6, 0.8]
    keys = [axes.scatter([], [], s=MOST_AREA * mark, facecolor="none", edgecolor=INK, linewidth=0.6) for mark in marks]
    axes.legend(keys, [f"{mark:g}" for mark in marks], title="posture (0 to 1)", loc="lower right", ncol=2, labelspacing=1.3,
                columnspacing=1.5, title_fontsize=7.5, borderpad=1)
    figure.draw_without_rendering()
    label_camps(figure, axes, drawn, sizes, [str(name).replace("_", " ") for name in data.camp.values])
    return figure
