# SPDX-License-Identifier: MPL-2.0
"""Deaths and interrupts in the middle: somebody is killed, or Ctrl-C is pressed, while an EC2 call is held before or after
its effect. Then comes what a careful person does: plan, import what the plan or the error names, apply."""

import dataclasses
import os
import pathlib
import shutil
import signal
import time

import cell
import recovery
from stage import KINDS

BUDGET_S = 60

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
    forgets: bool  # the host may not have written what it had been told
    expect: str


KILLERS = [
    Killer("provider killed", kill_provider, True, False, "The host says that the plugin did not respond."),
    Killer("host killed", kill_host, True, True, "The run ends without a word."),
    Killer("Ctrl-C once", interrupt, False, False, "A create under way is waited for, up to 5 seconds; its object is in the state."),
    Killer("Ctrl-C twice", interrupt_twice, True, True, "The host ends at once, and says that data may be lost."),
]

# A look of the plan's may not come, when another object's apply has begun before it: then the kill is tried again.
TRIES = 4


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

    @property
    def makes(self):
        return self.action in [f"CreateTrafficMirror{name}" for name in RESOURCE_OF]

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


def _allowed_orphans(kill):
    """What may be left behind: the object whose answer had not come."""
    if not kill.killer.deadly:
        return set()
    return {kill.resource()} if kill.action.startswith(("Create", "Modify")) else set()


def play(templates, kill, folder):
    came, tries = False, 0
    while not came and tries < TRIES:
        tries += 1
        came, verdict = _try(templates, kill, folder / str(tries))
    if verdict.good:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict


def _try(templates, kill, folder):
    """Whether the call came, and the verdict."""
    verdict = cell.Verdict(kill)
    stage = templates.stage(kill.operation, folder)
    try:
        before = stage.known_ids()
        kind = "hang" if kill.killer.deadly else "pause"
        stage.ec2.fault(kind=kind, stage=kill.stage, action=kill.action, nth=kill.nth)
        started = time.monotonic()
        process = stage.start(*kill.operation.command, "-json")
        held = stage.hold(process)
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
        _judge(verdict, stage, kill, before, size, outcome.made)
    finally:
        stage.stop()
    return held, verdict


def _judge(verdict, stage, kill, before, size, made):
    """`before` was in the state before the command; its file had that size when the call was held. Of what the host had
    been told it has said itself that it is `made`."""
    # Forced to end, Terraform 1.11 leaves a state file of no bytes, and says before that data may be lost.
    verdict.emptied = size > 0 and stage.state_size() == 0
    if verdict.emptied:
        stage.take_backup()
    if kill.killer.forgets:
        recovery.refresh(verdict, stage)
    cell.judge_doubles(verdict, stage, before)
    exists, known = stage.ec2.ids(), stage.known_ids()
    left = {each for each in exists - known if each[0] in KINDS}
    allowed = _allowed_orphans(kill)
    lost = {each for each in left - before if each[1] in made and kill.killer.forgets}
    verdict.host_lost = cell.count_by_kind(lost)
    verdict.left = cell.count_by_kind(left - before - lost)
    verdict.losses += cell.count_by_kind(left & before)
    if set(verdict.left) - allowed or len(verdict.left) > 1:
        verdict.problems.append(f"left behind: {verdict.left}, allowed {sorted(allowed)}")
    verdict.found = recovery.find_again(verdict, stage, kill.operation)
    if verdict.found != len(verdict.left) + len(verdict.host_lost):
        verdict.problems.append(f"left behind {verdict.left}, lost by the host {verdict.host_lost}, found again {verdict.found}")
    cell.judge_recovery(verdict, stage, kill.operation, before)
