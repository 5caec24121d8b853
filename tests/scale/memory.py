# SPDX-License-Identifier: MPL-2.0
"""Sessions from nothing to nothing: times, calls, and the provider's memory."""

import time

from fleet import MOST_MEBIBYTES, Fleet

SESSIONS = 300
ALL_SESSIONS = 1000


def run(build, everything):
    good = True
    with Fleet(build, ALL_SESSIONS if everything else SESSIONS) as fleet:
        print(f"{fleet.sessions} sessions")
        print(f"{'command':<24} {'seconds':>8} {'calls':>6} {'MiB at most':>12}   allowed: {MOST_MEBIBYTES} MiB")
        commands = (
            ("plan", lambda: fleet.workspace.plan()),
            ("apply", lambda: fleet.workspace.apply()),
            ("plan of no changes", lambda: fleet.workspace.plan("-detailed-exitcode")),
            ("destroy", lambda: fleet.workspace.destroy()),
        )
        for name, command in commands:
            memory = fleet.watch_memory()
            start = time.monotonic()
            try:
                command()
            finally:
                peak = memory.stop()
            seconds = time.monotonic() - start
            counted, _ = fleet.counted()
            fits = 0 < peak < MOST_MEBIBYTES
            good = good and fits
            judgement = "" if fits else "   TOO MUCH"
            print(f"{name:<24} {seconds:>8.1f} {sum(counted.values()):>6} {peak:>12.1f}{judgement}", flush=True)
        left = fleet.simulator.count()
        if left:
            print(f"{left} objects are left")
        return good and left == 0
