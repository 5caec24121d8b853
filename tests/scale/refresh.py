# SPDX-License-Identifier: MPL-2.0
"""What a refresh costs in calls."""

import math

from fleet import MOST_MEBIBYTES, Fleet

SIZES = (1, 9, 10, 100, 1000)
LARGE = (5000,)
FEW_AT_A_TIME = ((100, 1), (100, 2), (100, 3))  # sessions, parallelism
PARALLELISM = 10  # the hosts' own
LATENCY_MS = 20


def calls_allowed(sessions, parallelism):
    """Few at a time may come one by one until there are enough to list all (src/ec2/reads.h)."""
    return math.ceil(sessions / 1000) + (3 if parallelism == PARALLELISM else 9)


def measure(build, sessions, parallelism):
    """Calls, those of them that listed, the other actions' counts, and the provider's memory in MiB."""
    with Fleet(build, sessions, LATENCY_MS) as fleet:
        fleet.populate()
        memory = fleet.watch_memory()
        try:
            fleet.workspace.plan("-detailed-exitcode", f"-parallelism={parallelism}")
        finally:
            peak = memory.stop()
        counted, calls = fleet.counted()
    describes = [call for call in calls if call["action"] == "DescribeTrafficMirrorSessions"]
    pages = sum("MaxResults" in call["parameters"] for call in describes)
    others = {action: count for action, count in counted.items() if action != "DescribeTrafficMirrorSessions"}
    return len(describes), pages, others, peak


def run(build, everything):
    print(f"{'sessions':>9} {'at a time':>10} {'calls':>6} {'of them pages':>14} {'allowed':>8} {'MiB':>6}   calls for what is not a session")
    good = True
    sizes = [(sessions, PARALLELISM) for sessions in SIZES + (LARGE if everything else ())]
    for sessions, parallelism in (*sizes, *FEW_AT_A_TIME):
        calls, pages, others, peak = measure(build, sessions, parallelism)
        allowed = calls_allowed(sessions, parallelism)
        fits = calls <= allowed and (sessions >= 10 or pages == 0)
        fits = fits and (sessions > 1000 or peak < MOST_MEBIBYTES)
        good = good and fits
        print(
            f"{sessions:>9} {parallelism:>10} {calls:>6} {pages:>14} {allowed:>8} {peak:>6.1f}   "
            + ", ".join(f"{count} {action}" for action, count in sorted(others.items()))
            + ("" if fits else "   TOO MANY, OR TOO MUCH"),
            flush=True,
        )
    return good
