#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The long trial of resuming: 2,000 runs of the small scenario, killed with -9 at 50 random moments and started again each
time with one or two threads, sometimes as two processes at once, end with the digest of one uninterrupted run.

    PKOSIM=build/pkosim python3 tests/bench/resume.py [DAYS]

DAYS of a run: 730, the whole scenario, if left out (about four minutes). Prints what happened; status 1 if digests differ.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../system"))
import killing  # noqa: E402
from checks import check, finish, folder  # noqa: E402

days = int(sys.argv[1]) if len(sys.argv) > 1 else 730
with folder() as place:
    found = killing.compare(place, killing.CAMPAIGN % (days, "1", 4, 250, 5), 50)
    print(found)
    check("at least 40 of 50 kills met it at work", found["met"] >= 40, found["met"])
    check("2,000 runs, 50 kills: the digest of one go", found["status"] == 0 and found["killed"] == found["whole"], found)
    check("no temporary file is left", found["left"] == [], found["left"])
finish()
