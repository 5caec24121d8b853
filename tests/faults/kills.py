# SPDX-License-Identifier: MPL-2.0
"""Deaths and interrupts in the middle: somebody is killed, or Ctrl-C is pressed, while an EC2 call is held before or after
its effect. Then comes what a careful person does: plan, import what the plan or the error names, apply."""

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import time

import cell
from stage import KINDS

# How long a held call may take to come, and how long others that are under way are given to end.
ARRIVAL_S = 60
QUIET_S = 0.5
BUDGET_S = 60

IMPORT = re.compile(r"terraform import vns_mirror_(filter|target|session)\.\S+ (tm[fts]-[0-9a-f]+)")
RESOURCE_OF = {"Filter": "filters", "Target": "targets", "Session": "sessions"}


def _children(parent):
    """The providers that a host has started."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == parent and name.startswith("terraform-provi"):
            found.append(int(entry.name))
    return found


def kill_provider(process):
    for child in _children(process.pid):
        os.kill(child, signal.SIGKILL)


def kill_host(process):
    """The host alone; its provider notices by itself, or not."""
    os.kill(process.pid, signal.SIGKILL)


def interrupt(process):
    """Ctrl-C goes to the whole process group."""
    os.killpg(process.pid, signal.SIGINT)


def interrupt_twice(process):
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.7)
    os.killpg(process.pid, signal.SIGINT)


@dataclasses.dataclass(frozen=True)
class Killer:
    name: str
    strike: object
    deadly: bool  # the answer of the held call reaches nobody
    expect: str


KILLERS = [
    Killer("provider killed", kill_provider, True, "The host says that the plugin did not respond."),
    Killer("host killed", kill_host, True, "The run ends without a word."),
    Killer("Ctrl-C once", interrupt, False, "A create under way is waited for, up to 5 seconds; its object is in the state."),
    Killer("Ctrl-C twice", interrupt_twice, True, "The host ends at once, and says that data may be lost."),
]


@dataclasses.dataclass(frozen=True)
class Kill:
    operation: object
    action: str
    nth: int
    stage: str  # before or after the effect
    killer: Killer

    def __str__(self):
        return f"{self.operation.name} / {self.action} {self.nth} / {self.stage} / {self.killer.name}"

    @property
    def fault(self):
        return self.killer

    def resource(self):
        """The kind of object that the action works on; None when it makes or changes none."""
        for name, kind in RESOURCE_OF.items():
            if f"TrafficMirror{name}" in self.action:
                return kind
        return None


def kills(operation, counts):
    """Every EC2 call of an operation, before and after its effect, by every killer."""
    return [
        Kill(operation, action, nth, stage, killer)
        for action, count in sorted(counts.items())
        for nth in range(1, count + 1)
        for stage in ("before", "after")
        for killer in KILLERS
    ]


def _hold(stage, process):
    """Waits until the call is held. False when the host ended without it."""
    end = time.monotonic() + ARRIVAL_S
    while time.monotonic() < end and process.poll() is None:
        if any(fault["holding"] for fault in stage.ec2.faults()):
            time.sleep(QUIET_S)
            return True
        time.sleep(0.02)
    return False


def _allowed_orphans(kill):
    """What may be left behind: the object whose answer had not come."""
    if not kill.killer.deadly:
        return set()
    return {kill.resource()} if kill.action.startswith(("Create", "Modify")) else set()


def _found_again(stage, verdict):
    """Plans, and imports what the plan's warnings name."""
    plan = stage.run("plan", "-lock=false", "-json")
    if plan.status not in (0, 2):
        verdict.problems.append(f"no plan after the death: {plan.told()[:500] or plan.text[-500:]}")
    return _import_named(stage, plan.warnings, verdict)


def _import_named(stage, diagnostics, verdict):
    count = 0
    for kind, identity in sorted({pair for each in diagnostics for pair in IMPORT.findall(each["detail"])}):
        count += 1
        imported = stage.run("import", "-no-color", f"vns_mirror_{kind}.x", identity)
        if imported.status != 0:
            verdict.problems.append(f"import of {identity}: {imported.text[-500:]}")
    return count


def _recover(stage, verdict, kill):
    if kill.operation.command[0] == "destroy":
        found = 0
    else:
        found = _found_again(stage, verdict)
    again = stage.run(*kill.operation.recovery, "-json")
    if again.status != 0:
        named = _import_named(stage, again.errors, verdict)
        found += named
        if not named:
            verdict.problems.append(f"does not converge: {again.told()[:600] or again.text[-600:]}")
    return found


def play(templates, kill, folder):
    verdict = cell.Verdict(kill)
    stage = templates.stage(kill.operation, folder)
    try:
        before = stage.known_ids()
        kind = "hang" if kill.killer.deadly else "pause"
        stage.ec2.fault(kind=kind, stage=kill.stage, action=kill.action, nth=kill.nth)
        started = time.monotonic()
        process = stage.start(*kill.operation.command, "-json")
        held = _hold(stage, process)
        size = stage.state_size()
        if held:
            kill.killer.strike(process)
            time.sleep(0.3)
        if kill.killer.name != "Ctrl-C twice":
            stage.ec2.clear()
        outcome = stage.finish(process, BUDGET_S, started)
        stage.ec2.clear()
        verdict.seconds, verdict.told = outcome.seconds, outcome.told()
        verdict.end = "success" if outcome.status == 0 else "error"
        if not held:
            verdict.problems.append(f"the call did not come: {outcome.told()[:300]}")
        if outcome.status is None:
            verdict.hangs += 1
            verdict.problems.append(f"not ended {BUDGET_S} s after the kill")
        _judge(verdict, stage, kill, before, size)
    finally:
        stage.stop()
    if verdict.good:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict


def _judge(verdict, stage, kill, before, size):
    """`before` was in the state before the command; its file had that size when the call was held."""
    exists, known = stage.ec2.ids(), stage.known_ids()
    left = {each for each in exists - known if each[0] in KINDS}
    verdict.left = cell.count_by_kind(left - before)
    # Forced to end, Terraform 1.11 leaves a state file of no bytes, and says before that data may be lost. No provider
    # can mend that: a person takes the backup, or imports everything.
    verdict.emptied = size > 0 and stage.state_size() == 0
    if verdict.emptied:
        return
    verdict.losses += cell.count_by_kind(left & before)
    unexpected = set(verdict.left) - _allowed_orphans(kill)
    if unexpected or len(verdict.left) > 1:
        verdict.problems.append(f"left behind: {verdict.left}, allowed {sorted(_allowed_orphans(kill))}")
    verdict.found = _recover(stage, verdict, kill)
    if verdict.found != len(verdict.left):
        verdict.problems.append(f"left behind {verdict.left}, found again {verdict.found}")
    cell.judge_recovery(verdict, stage, kill.operation)
