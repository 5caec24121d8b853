# SPDX-License-Identifier: MPL-2.0
"""Sessions created while EC2 throttles: how many calls are refused, and how near the time is to what EC2 allows."""

import collections
import datetime
import time

from fleet import Fleet

ACTION = "CreateTrafficMirrorSession"
PARALLELISM = 50
MOST_THROTTLED = 0.03  # of the calls after the first second
MOST_TIME = 1.1  # of what the bucket allows
# (sessions, calls at once, calls a second, faults): AWS's own numbers, and a smaller bucket that needs less time.
AWS = (500, 50, 5, {"kind": "buckets"})
SMALL = (120, 20, 5, {"kind": "buckets", "burst": 20, "refill": 5})
LATENCY_MS = 100


def seconds(call):
    """When a call was made."""
    moment = call["time"]
    if isinstance(moment, str):
        return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    return float(moment)


def is_throttle(call):
    return call["error"] == "RequestLimitExceeded"


def report(fleet):
    """Prints what became of the calls: (seconds, share throttled, sessions, doubles)."""
    creates = [call for call in fleet.counted()[1] if call["action"] == ACTION]
    start = min(map(seconds, creates))
    took = max(map(seconds, creates)) - start
    later = [call for call in creates if seconds(call) > start + 1]
    throttled = sum(map(is_throttle, later))
    made = fleet.simulator.objects("sessions")
    doubles = sum(count - 1 for count in collections.Counter(each["networkInterfaceId"] for each in made).values())
    print(f"  sessions made {len(made)}, doubles {doubles}, calls {len(creates)}")
    print(f"  throttled in the first second {sum(map(is_throttle, creates)) - throttled}")
    share = throttled / max(len(later), 1)
    print(f"  throttled after it {throttled} of {len(later)}: {share:.1%} (allowed {MOST_THROTTLED:.0%})")
    return took, share, len(made), doubles


def measure(build, sessions, burst, refill, fault):
    allowed = (sessions - burst) / refill
    print(f"{sessions} sessions at -parallelism={PARALLELISM}, {burst} calls at once and {refill} a second: {allowed:.0f} s at least")
    with Fleet(build, sessions, LATENCY_MS) as fleet:
        fleet.simulator.add_fault(fault)
        start = time.monotonic()
        fleet.workspace.apply(f"-parallelism={PARALLELISM}")
        wall = time.monotonic() - start
        took, share, made, doubles = report(fleet)
        print(
            f"  from the first create to the last {took:.1f} s: {took / allowed:.2f} of that (allowed {MOST_TIME}); "
            f"the whole apply {wall:.1f} s",
            flush=True,
        )
    return made == sessions and doubles == 0 and share <= MOST_THROTTLED and took <= MOST_TIME * allowed


def run(build, everything):
    return measure(build, *(AWS if everything else SMALL))
