# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of analysis/data: the record of deaths, and the outcomes with their smallest effects of interest."""
import os

import pandas as pd

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
LAST_YEAR = 2018  # later deaths judge the model and stay out


def record_deaths(scenario):
    """Rows of the record for a scenario, in years of which a count is known."""
    table = pd.read_csv(os.path.join(FOLDER, "record_deaths.csv"))
    return table[(table.scenario == scenario) & table.deaths.notna() & (table.year <= LAST_YEAR)]


def outcomes():
    """Outcomes in the order of the program's comparison."""
    return pd.read_csv(os.path.join(FOLDER, "outcomes.csv"))


def smallest_effect(row, base_mean):
    """Smallest effect of interest of a row of outcomes(), in the outcome's unit."""
    return row.smallest * abs(base_mean) if row.measure == "share" else row.smallest
