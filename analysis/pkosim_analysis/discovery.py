# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the other regime wins: boxes of parameters and tables of regret from the summary.csv of a campaign.

    python3 -m pkosim_analysis.discovery smoke/summary.csv --outcome access --better more

docs/sensitivity.md is the guide. Exit status: 0 done, 2 a wrong file or request, 69 a package is missing.
"""
import argparse
import os
import re
import sys
from dataclasses import dataclass

try:
    import numpy as np
    import pandas as pd
    from scipy import stats
    from sklearn.tree import DecisionTreeClassifier
except ImportError as missing:
    sys.exit(print(f"pkosim_analysis: {missing}. On Debian: apt-get install python3-sklearn python3-pandas python3-scipy",
                   file=sys.stderr) or 69)

FIXED = ["point", "replicate", "regime", "status"]
CAVEAT = ("What follows is about a model that explores a hypothesis (Gauthier Vela 2021), within the ranges of one campaign.\n"
          "Use it to compare rules of sharing. It estimates nothing about a named contingent or country.")


class NotASummary(Exception):
    """The file, or what is asked of it, is not what a campaign leaves."""


@dataclass
class Campaign:
    """One row a run. `regimes` are in the order of the campaign."""
    table: pd.DataFrame
    parameters: list
    outcomes: list
    regimes: list

    def points(self):
        """The parameters of each point that has them all."""
        return self.table.groupby("point")[self.parameters].first().dropna()

    def values(self, outcome, regime):
        """Values of an outcome under a regime: points by replicates, NaN where missing."""
        if outcome not in self.outcomes:
            raise NotASummary(f"there is no outcome '{outcome}'; there are {', '.join(self.outcomes)}")
        if regime not in self.regimes:
            raise NotASummary(f"there is no regime '{regime}'; there are {', '.join(self.regimes)}")
        rows = self.table[self.table.regime == regime]
        return rows.pivot(index="point", columns="replicate", values=outcome)


def read(path):
    """Opens summary.csv. Parameters are those of plan.txt beside it; without that, the leading columns that every run of a
    point has alike."""
    table = pd.read_csv(path)
    if list(table.columns[:4]) != FIXED or len(table) == 0:
        raise NotASummary(f"{path} is no summary.csv of a campaign")
    columns = list(table.columns[4:])
    plan = os.path.join(os.path.dirname(os.path.abspath(path)), "plan.txt")
    if os.path.exists(plan):
        with open(plan, encoding="utf-8") as file:
            named = re.findall(r"^parameter (.*?): ", file.read(), flags=re.M)
        if columns[:len(named)] != named:
            raise NotASummary(f"{path} is not of the plan beside it")
        count = len(named)
    else:
        alike = (table.groupby("point")[columns].nunique() <= 1).all()
        count = next((k for k, name in enumerate(columns) if not alike[name]), len(columns))
    if count == 0 or count == len(columns):
        raise NotASummary(f"{path} has no {'outcomes' if count else 'parameters'}")
    return Campaign(table, columns[:count], columns[count:], list(table.regime.unique()))


def differences(campaign, outcome, second, first):
    """second − first at each point: mean over twins, low and high of Student's 95 % interval, number of pairs."""
    pairs = campaign.values(outcome, second) - campaign.values(outcome, first)
    count = pairs.notna().sum(axis=1)
    half = stats.t.ppf(0.975, (count - 1).where(count > 1)) * pairs.std(axis=1, ddof=1) / np.sqrt(count)
    mean = pairs.mean(axis=1)
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half, "pairs": count})


def wins(difference, better):
    """At which points the second regime is the better one; a tie is no win."""
    return difference < 0 if better == "less" else difference > 0


@dataclass
class Box:
    """A box of parameters in which a case is more likely than not. `limits`: parameter → (low, high), −inf or inf where only
    one side is restricted."""
    limits: dict
    points: int
    coverage: float  # share of all cases that lie in the box
    density: float   # share of the box's points that are cases

    def __str__(self):
        sides = [f"{name} {'' if low == -np.inf else f'> {low:.4g}'}{' and ' if low > -np.inf and high < np.inf else ''}"
                 f"{'' if high == np.inf else f'<= {high:.4g}'}" for name, (low, high) in self.limits.items()]
        return (f"coverage {self.coverage:.2f}, density {self.density:.2f}, {len(self.limits)} restricted, {self.points} points: "
                + ("; ".join(sides) or "everywhere"))


def boxes(points, cases, depth=3, least=0.05):
    """Boxes of the leaves of a classification tree in which cases are the majority, the largest coverage first. `least`:
    smallest share of all points in a leaf."""
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=max(1, int(np.ceil(least * len(points)))), random_state=0)
    tree.fit(points.to_numpy(), cases.to_numpy(dtype=bool))
    inside, found = tree.tree_, []
    leaf_of = tree.apply(points.to_numpy())

    def walk(node, limits):
        if inside.children_left[node] < 0:
            here = cases.to_numpy(dtype=bool)[leaf_of == node]
            if here.sum() * 2 > len(here):
                found.append(Box(limits, len(here), here.sum() / cases.sum(), here.mean()))
            return
        name, cut = points.columns[inside.feature[node]], inside.threshold[node]
        low, high = limits.get(name, (-np.inf, np.inf))
        walk(inside.children_left[node], {**limits, name: (low, min(high, cut))})
        walk(inside.children_right[node], {**limits, name: (max(low, cut), high)})

    walk(0, {})
    return sorted(found, key=lambda box: -box.coverage)


def means(campaign, outcome):
    """Mean over replicates of an outcome: points by regimes, only points where every regime has one."""
    return pd.DataFrame({regime: campaign.values(outcome, regime).mean(axis=1) for regime in campaign.regimes}).dropna()


def satisfied(campaign, threshold):
    """Whether a condition such as 'deaths/yr<=20' holds at each point under each regime."""
    match = re.fullmatch(r"(.+?)(<=|>=)([-+0-9.eE]+)", threshold)
    try:
        outcome, sign, bound = match[1], match[2], float(match[3])
    except (TypeError, ValueError):
        raise NotASummary(f"'{threshold}' is no condition; write OUTCOME<=NUMBER or OUTCOME>=NUMBER") from None
    values = means(campaign, outcome)
    return values <= bound if sign == "<=" else values >= bound


def regret(campaign, outcome, better, thresholds=()):
    """A row for each regime. Regret at a point is how much better the best regime does there. `best`: share of points at which
    it is the best (ties count for each); `satisfies`: share at which all thresholds hold."""
    values = means(campaign, outcome)
    if len(values) == 0:
        raise NotASummary(f"no point has '{outcome}' under every regime")
    cost = values if better == "less" else -values
    regrets = cost.sub(cost.min(axis=1), axis=0)
    table = pd.DataFrame({"mean": values.mean(), "largest_regret": regrets.max(), "regret_90": regrets.quantile(0.9),
                          "mean_regret": regrets.mean(), "best": (regrets == 0).mean()})
    if thresholds:
        holds = [satisfied(campaign, threshold) for threshold in thresholds]
        common = set.intersection(*(set(one.index) for one in holds))
        if not common:
            raise NotASummary("no point has all outcomes of the conditions under every regime")
        kept = sorted(common)
        table["satisfies"] = np.logical_and.reduce([one.loc[kept].to_numpy() for one in holds]).mean(axis=0)
    return table


def tell(campaign, told, say=print):
    """Prints what main is asked for."""
    first, second = told.first or campaign.regimes[0], told.second or campaign.regimes[-1]
    if first == second:
        raise NotASummary(f"'{first}' and itself: a campaign of two regimes is needed")
    difference = differences(campaign, told.outcome, second, first)
    points = campaign.points()
    common = points.index.intersection(difference["mean"].dropna().index)
    points, difference = points.loc[common], difference.loc[common]
    cases = wins(difference["mean"], told.better)
    settled = (difference.low > 0) | (difference.high < 0)
    say(CAVEAT)
    say(f"\n{told.outcome}: {second} - {first}, {told.better} is better. {second} wins at {cases.sum()} of {len(cases)} points; the sign "
        f"is settled at {settled.sum()}.")
    if 0 < cases.sum() < len(cases):
        say(f"Boxes in which {second} wins more often than not (tree of depth {told.depth}):")
        found = boxes(points, cases, told.depth, told.least)
        for box in found:
            say(f"  {box}")
        say(f"  together: coverage {sum(box.coverage for box in found):.2f}")
    say(f"\nRegret over {len(means(campaign, told.outcome))} points:")
    table = regret(campaign, told.outcome, told.better, told.satisfy)
    say(table.to_string(float_format=lambda number: f"{number:.4g}"))
    say(f"smallest of the largest regrets: {table.largest_regret.idxmin()}"
        + (f"; satisfies most often: {table.satisfies.idxmax()}" if told.satisfy else ""))


def main(words=None):
    parser = argparse.ArgumentParser(prog="python3 -m pkosim_analysis.discovery", description="Where the other regime wins.")
    parser.add_argument("file", help="summary.csv of a campaign")
    parser.add_argument("--outcome", required=True)
    parser.add_argument("--better", choices=["less", "more"], required=True, help="which way is better")
    parser.add_argument("--first", help="regime (the campaign's first)")
    parser.add_argument("--second", help="regime that may win (the campaign's last)")
    parser.add_argument("--depth", type=int, default=3, help="most restrictions of a box (3)")
    parser.add_argument("--least", type=float, default=0.05, help="smallest share of the points in a box (0.05)")
    parser.add_argument("--satisfy", action="append", default=[], metavar="OUTCOME<=NUMBER", help="condition; repeat for several")
    told = parser.parse_args(words)
    if not (told.depth >= 1 and 0 < told.least < 0.5):
        parser.error("--depth must be at least 1, --least above 0 and below 0.5")
    try:
        tell(read(told.file), told)
    except (NotASummary, OSError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        print(f"pkosim_analysis: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
