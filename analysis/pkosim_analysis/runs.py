# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a run, and the sums and comparisons that the figures are made of. docs/file-format.md describes the file."""
import datetime
import os
import re

import numpy as np
import xarray as xr
from scipy import stats

SCHEMA_VERSION = 1


class NotARun(ValueError):
    """The file is no result file of pkosim, or has a layout that this package does not know."""


def load(path):
    """Opens a result file as an xarray.Dataset. NotARun says what is wrong with another file."""
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"{path}: there is no such file")
    try:
        data = xr.open_dataset(path, engine="h5netcdf")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise NotARun(f"{path}: not a result file of pkosim: it cannot be read as HDF5 ({error})") from error
    version = data.attrs.get("schema_version")
    if "pkosim_version" not in data.attrs or version is None:
        data.close()
        raise NotARun(f"{path}: not a result file of pkosim: it has no pkosim_version and schema_version")
    if int(version) != SCHEMA_VERSION:
        data.close()
        raise NotARun(f"{path}: has schema_version {version}; this package reads {SCHEMA_VERSION}")
    if data.sizes.get("replicate", 0) == 0:
        data.close()
        raise NotARun(f"{path}: holds no replicate")
    return data


def outcome(data, name):
    """One outcome of docs/outcomes.md over (regime, replicate)."""
    if name not in data.outcome_name.values:
        raise KeyError(f"this run has no outcome {name!r}")
    return data.outcome.sel(outcome_name=name, drop=True)


def per_year(series):
    """Sums of a series of counts by the calendar year of its records.

    A record counts the events since the record before, so with `record.every` above 1 the events of the last days of a
    year may stand in the next one. deaths_by_year is exact.
    """
    if series.attrs.get("kind") != "count":
        raise ValueError(f"{series.name} is not a count: its values over time cannot be summed")
    return series.astype("float64").groupby("time.year").sum(keep_attrs=True)


def span(data):
    """First day of a run and the day after its last, as dates."""
    start = datetime.date.fromisoformat(str(data.attrs["start"]))
    return start, start + datetime.timedelta(days=int(data.attrs["days"]))


def deaths_by_year(data):
    """Deaths by hostile acts over (regime, replicate, year), every day in its calendar year.

    The coordinate `covered` is the share of the year that lies within the run.
    """
    names = [name for name in data.outcome_name.values if re.fullmatch(r"deaths \d{4}", name)]
    years = [int(name.split()[1]) for name in names]
    start, end = span(data)
    covered = []
    for year in years:
        first, after = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
        covered.append((min(end, after) - max(start, first)).days / (after - first).days)
    deaths = data.outcome.sel(outcome_name=names).rename(outcome_name="year").assign_coords(year=years)
    return deaths.assign_coords(covered=("year", covered)).rename("deaths")


def bands(values, shares=(0.5, 0.9)):
    """Median and central bands over replicates: a dimension `quantile`, for 50 and 90 % with .05 .25 .5 .75 .95."""
    edges = sorted({0.5, *((1 - share) / 2 for share in shares), *((1 + share) / 2 for share in shares)})
    return values.quantile([round(edge, 6) for edge in edges], dim="replicate")


def twin_difference(values, regime, base, level=0.95):
    """Paired difference regime − base over twins: mean, and the ends of Student's t interval, along `part`.

    Twins share their random numbers, so the difference is taken replicate by replicate. A replicate in which either
    value is missing is left out. With fewer than two pairs there is no interval.
    """
    pairs = values.sel(regime=regime, drop=True) - values.sel(regime=base, drop=True)
    count, mean = pairs.count("replicate"), pairs.mean("replicate")
    free = (count - 1).where(count > 1)
    error = np.sqrt(((pairs - mean) ** 2).sum("replicate") / free / count)
    half = error * xr.apply_ufunc(stats.t.ppf, (1 + level) / 2, free)
    return xr.concat([mean, mean - half, mean + half], dim="part").assign_coords(part=["mean", "low", "high"])


def pooled_by_camp(data, name, regime, category):
    """Mean of a state of camps over people, records and replicates: records with many people weigh more."""
    chosen = {"regime": regime, "category": category}
    values, people = data[name].sel(chosen), data.people_by_camp.sel(chosen)
    weight = people.where(values.notnull(), 0).astype("float64")
    total = weight.sum(("replicate", "time"))
    return (values * weight).sum(("replicate", "time")) / total.where(total > 0)
