# SPDX-License-Identifier: MPL-2.0
"""How long it takes to stop: Ctrl-C while EC2 does not answer a Describe."""
import os
import re
import signal
import time
from datetime import datetime

import workspace

PATIENCE_S = 60


def wait_for_hanging_call(simulator, process):
    """The moment when every read hangs."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        if any(fault["holding"] for fault in simulator.ask("/_sim/faults")):
            return
        time.sleep(0.02)
    raise SystemExit("no call hangs: " + (process.communicate()[0] if process.poll() is not None else "no time left"))


def served_at(lines, method):
    """When the provider had served the first such RPC, in seconds, from its log lines in Terraform's form."""
    for line in lines:
        if " served" in line and re.search(r"tf_rpc=\"?%s\b" % method, line):
            return datetime.strptime(line.split()[0], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()
    raise SystemExit("the log does not say when %s was served:\n%s" % (method, "\n".join(lines[-30:])))


def once(space, simulator):
    """Seconds from StopProvider to the end of the transfer that hung, and from Ctrl-C to the end of the command."""
    simulator.ask("/_sim/faults", "POST", {"kind": "hang", "action": "DescribeTrafficMirrorSessions", "seconds": PATIENCE_S * 2})
    process = space.start("plan", TF_LOG_PROVIDER="debug")
    try:
        wait_for_hanging_call(simulator, process)
        interrupted = time.perf_counter()
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_S)[0]
        took = time.perf_counter() - interrupted
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        simulator.ask("/_sim/faults", "DELETE")
    lines = said.splitlines()
    reads = [line for line in lines if "tf_resource_type=vns_mirror_session" in line]
    return served_at(reads, "ReadResource") - served_at(lines, "StopProvider"), took


def measure(table, space, simulator, repeat, median):
    space.configure(workspace.SESSIONS % 1)
    space.run("apply", "-auto-approve")
    stops, ends = zip(*[once(space, simulator) for _ in range(repeat)])
    table.add("StopProvider to the end of a hanging read", median(stops) * 1000, "ms", "by the provider's log")
    table.add("Ctrl-C to the end of plan, a read hanging", median(ends) * 1000, "ms", "Terraform's own part included")
    space.run("destroy", "-auto-approve")
