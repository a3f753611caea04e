# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the whole program share: starting it, and counting checks.

PKOSIM is the program. Each check prints a line; finish() prints "N passed, N failed" and ends the test.
"""
import os
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("PKOSIM", "build/pkosim"))
COUNTS = {"passed": 0, "failed": 0}


def check(name, right, shown=""):
    """One check; `shown` says more of a failure."""
    COUNTS["passed" if right else "failed"] += 1
    print(f"ok   {name}" if right else f"FAIL {name}: {str(shown)[-600:]!r}", flush=True)
    return right


def finish():
    print(f"{COUNTS['passed']} passed, {COUNTS['failed']} failed")
    sys.exit(COUNTS["failed"] > 0 or COUNTS["passed"] == 0)


def run(*words, cwd=None, timeout=600, env=None, before=None, stdout=subprocess.PIPE):
    """Runs the program to its end: status, out and err as texts."""
    done = subprocess.run([PROGRAM, *words], cwd=cwd, timeout=timeout, env={**os.environ, **(env or {})},
                          stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, preexec_fn=before)
    done.out = (done.stdout or b"").decode()
    done.err = done.stderr.decode()
    return done


def folder():
    return tempfile.TemporaryDirectory(prefix="pkosim-")


def digest(path):
    done = run("show", path, "--digest")
    return done.out.strip() if done.returncode == 0 else f"no digest: {done.err}"
