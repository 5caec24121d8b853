# SPDX-License-Identifier: MPL-2.0
"""What a refresh costs in calls."""

import math

from fleet import MOST_MEBIBYTES, Fleet

SIZES = (1, 9, 10, 100, 1000)
LARGE = (5000,)
LATENCY_MS = 20


def calls_allowed(sessions):
    return math.ceil(sessions / 1000) + 3


def measure(build, sessions):
    """Calls, those of them that listed, the other actions' counts, and the provider's memory in MiB."""
    with Fleet(build, sessions, LATENCY_MS) as fleet:
        fleet.populate()
        memory = fleet.watch_memory()
        try:
            fleet.workspace.plan("-detailed-exitcode")
        finally:
            peak = memory.stop()
        counted, calls = fleet.counted()
    describes = [call for call in calls if call["action"] == "DescribeTrafficMirrorSessions"]
    pages = sum("MaxResults" in call["parameters"] for call in describes)
    others = {action: count for action, count in counted.items() if action != "DescribeTrafficMirrorSessions"}
    return len(describes), pages, others, peak


def run(build, everything):
    print(f"{'sessions':>9} {'calls':>6} {'of them pages':>14} {'allowed':>8} {'MiB':>6}   calls for what is not a session")
    good = True
    for sessions in SIZES + (LARGE if everything else ()):
        calls, pages, others, peak = measure(build, sessions)
        fits = calls <= calls_allowed(sessions) and (sessions >= 10 or pages == 0)
        fits = fits and (sessions > 1000 or peak < MOST_MEBIBYTES)
        good = good and fits
        print(
            f"{sessions:>9} {calls:>6} {pages:>14} {calls_allowed(sessions):>8} {peak:>6.1f}   "
            + ", ".join(f"{count} {action}" for action, count in sorted(others.items()))
            + ("" if fits else "   TOO MANY, OR TOO MUCH"),
            flush=True,
        )
    return good
