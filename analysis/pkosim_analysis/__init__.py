# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of pkosim in Python: open a file, sum by year, compare twins, draw the figures.

    from pkosim_analysis import load, deaths_by_year, bands, twin_difference
    data = load("minusma.h5")
    bands(deaths_by_year(data))

docs/analysis.md is the guide. Nothing here shows ledgers by group, country or bloc (docs/ODD.md, section 7).
"""
from .runs import NotARun, bands, deaths_by_year, load, outcome, per_year, pooled_by_camp, twin_difference

__all__ = ["NotARun", "bands", "deaths_by_year", "load", "outcome", "per_year", "pooled_by_camp", "twin_difference"]
