# SPDX-License-Identifier: MPL-2.0
"""One cell of the matrix: an operation, an EC2 action inside it, a fault. Plays it and judges it."""

import dataclasses
import re
import shutil

import operations
from stage import Stage

CRASH = re.compile(r"panic:|plugin crashed|Plugin did not respond|The plugin encountered|rpc error|unexpected EOF.*plugin|SIGSEGV|"
                   r"Request cancelled|terraform crash|Error: Unsupported|AddressSanitizer|runtime error:", re.IGNORECASE)
# In every configuration.
OBJECTS = 3

COMPLAINT = re.compile(r"unexpected new value(?!.* during refresh)|legacy plugin SDK|inconsistent|invalid plan", re.IGNORECASE)


@dataclasses.dataclass
class Cell:
    operation: operations.Operation
    action: str  # "": the whole operation
    fault: object

    @property
    def end(self):
        """What it must end in; "" is either."""
        # Describe in a create only looks for what a killed run left behind: when it fails, there is no warning.
        is_look = self.operation.name == "create" and self.action.startswith("Describe")
        return "success" if is_look and self.fault.spec["kind"] == "error" else self.fault.ends

    def __str__(self):
        return f"{self.operation.name} / {self.action or 'all calls'} / {self.fault.name}"


@dataclasses.dataclass
class Verdict:
    cell: object
    end: str = ""  # success, error
    seconds: float = 0
    told: str = ""
    crashes: int = 0
    hangs: int = 0
    orphans: list = dataclasses.field(default_factory=list)  # kinds; in EC2, made by this operation, unknown to the state
    losses: list = dataclasses.field(default_factory=list)  # kinds; no longer in the state, though still in EC2
    problems: list = dataclasses.field(default_factory=list)
    left: list = dataclasses.field(default_factory=list)  # kinds; of a kill: left behind, allowed or not
    emptied: bool = False  # of a kill: the host left an empty state file
    found: int = 0  # and how many of them the next plan, or its apply, named

    @property
    def good(self):
        return not (self.crashes or self.hangs or self.orphans or self.losses or self.problems)


class Templates:
    """The situations in which operations begin, made once."""

    def __init__(self, folder, host):
        self.host = host
        self.folder = folder
        self.folder.mkdir(parents=True)
        stage = Stage(folder / "first", host)
        try:
            stage.configure(operations.FIRST)
            outcome = stage.run("apply", "-auto-approve", "-json")
            if outcome.status != 0:
                raise RuntimeError(f"the first configuration cannot be applied: {outcome.text}")
            self.ids = {kind: identity for kind, identity in stage.known_ids()}
            ec2, state = stage.state_files()
            self.ec2, self.state = shutil.copy(ec2, folder / "ec2.json"), shutil.copy(state, folder / "terraform.tfstate")
        finally:
            stage.stop()

    def stage(self, operation, folder):
        stage = Stage(
            folder,
            self.host,
            self.ec2 if operation.exists else None,
            self.state if operation.exists and operation.known else None,
        )
        imports = "" if operation.known or not operation.exists else operations.IMPORTS.format(**self.ids)
        stage.configure(operation.goal + imports)
        return stage


def actions_of(templates, operation, folder):
    """The actions that the operation needs, as they come on a good day; how often each, and the time it takes."""
    stage = templates.stage(operation, folder)
    try:
        outcome = stage.run(*operation.command, "-json")
        if outcome.status != 0:
            raise RuntimeError(f"{operation.name} fails without a fault: {outcome.told()}")
        counts = {}
        for call in stage.ec2.calls():
            counts[call["action"]] = counts.get(call["action"], 0) + 1
        return counts
    finally:
        stage.stop()


def count_by_kind(ids):
    return sorted(kind for kind, _ in ids)


def judge_command(verdict, outcome, stage, budget_s):
    """What must hold for every command: no crash, in time, one clear diagnostic for each object, or success."""
    if outcome.status is None:
        verdict.hangs += 1
        verdict.problems.append(f"not done after {budget_s} s")
    crash = CRASH.search(outcome.text) or CRASH.search(stage.log())
    if crash:
        verdict.crashes += 1
        verdict.problems.append(f"crash: {crash.group(0)}")
    complaint = COMPLAINT.search(outcome.text) or COMPLAINT.search(stage.log())
    if complaint:
        verdict.problems.append(f"the host complains: {complaint.group(0)}")
    if outcome.status not in (0, None) and not outcome.errors:
        verdict.problems.append("failed without a diagnostic")
    # The host does not say the address of what it deletes or imports: then the number of objects is the limit.
    addresses = [error["address"] for error in outcome.errors if error.get("address")]
    if len(addresses) != len(set(addresses)) or len(outcome.errors) > OBJECTS:
        verdict.problems.append(f"more than one error for one object: {outcome.told()[:600]}")
    for error in outcome.errors:
        if len(error["detail"]) < 40:
            verdict.problems.append(f"an error that explains nothing: {error['summary']}: {error['detail']}")


def judge_recovery(verdict, stage, operation):
    """The fault is gone: one run converges, and nothing is left to do."""
    again = stage.run(*operation.recovery, "-json")
    if again.status != 0:
        verdict.problems.append(f"does not converge: {again.told()[:600] or again.text[-600:]}")
        return
    if operation.command[0] != "destroy":
        plan = stage.run("plan", "-detailed-exitcode", "-lock=false", "-json")
        if plan.status != 0:
            verdict.problems.append(f"the plan is not empty afterwards (status {plan.status}): {plan.text[-600:]}")
    exists, known = stage.ec2.ids(), stage.known_ids()
    if known - exists:
        verdict.problems.append(f"in state at the end but not in EC2: {count_by_kind(known - exists)}")
    left = count_by_kind(exists - known)
    if left and not verdict.orphans:
        verdict.orphans += left
    if left:
        verdict.problems.append(f"in EC2 at the end but not in state: {left}")


def judge_objects(verdict, stage, before):
    exists, known = stage.ec2.ids(), stage.known_ids()
    unknown = exists - known
    # A filter that is not known yet takes its rules with it, and rules of a known one show as drift at the next read.
    verdict.losses += count_by_kind({each for each in unknown & before if each[0] != "filter_rules"})
    verdict.orphans += count_by_kind({each for each in unknown - before if each[0] != "filter_rules"})


def play(templates, cell, folder):
    verdict = Verdict(cell)
    stage = templates.stage(cell.operation, folder)
    try:
        before = stage.known_ids()
        spec = dict(cell.fault.spec)
        if cell.action:
            spec["action"] = cell.action
        stage.ec2.fault(**spec)
        outcome = stage.run(*cell.operation.command, "-json", timeout_s=cell.fault.budget_s)
        verdict.seconds = outcome.seconds
        verdict.told = outcome.told()
        verdict.end = "success" if outcome.status == 0 else "error"
        judge_command(verdict, outcome, stage, cell.fault.budget_s)
        if cell.end and verdict.end != cell.end:
            verdict.problems.append(f"ended in {verdict.end}, expected {cell.end}: {verdict.told[:900]}")
        if cell.fault.spec["kind"] not in ("exit", "skew", "buckets") and not any(
            each["struck"] for each in stage.ec2.faults()
        ):
            verdict.problems.append("the fault did not strike")
        stage.ec2.clear()
        if cell.operation.known:
            judge_objects(verdict, stage, before)
        judge_recovery(verdict, stage, cell.operation)
    finally:
        stage.stop()
    if verdict.good:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict
