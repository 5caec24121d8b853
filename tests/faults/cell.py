# SPDX-License-Identifier: MPL-2.0
"""One cell of the matrix: an operation, an EC2 action inside it, a fault. Plays it and judges it."""

import dataclasses
import re
import shutil

import operations
import recovery
from faults import RETRIES
from stage import KINDS, Stage

CRASH = re.compile(r"panic:|plugin crashed|Plugin did not respond|The plugin encountered|rpc error|unexpected EOF.*plugin|SIGSEGV|"
                   r"Request cancelled|terraform crash|Error: Unsupported|AddressSanitizer|runtime error:", re.IGNORECASE)
IDENTITY = re.compile(r"\btm[fts]-[0-9a-f]+")
COMPLAINT = re.compile(r"unexpected new value(?!.* during refresh)|legacy plugin SDK|inconsistent|invalid plan", re.IGNORECASE)


MAKES = re.compile(r"\bCreateTrafficMirror(Filter|Target|Session)\b")
UNKNOWN = "outcome is unknown"


def _words(diagnostic):
    return " ".join(diagnostic["detail"].split())


@dataclasses.dataclass
class Cell:
    operation: operations.Operation
    action: str  # "": the whole operation
    fault: object

    @property
    def end(self):
        """What it must end in; "" is either."""
        if self.fault.ends == "error" and self.action.startswith("Delete") and self.fault.spec.get("stage") == "after":
            return ""  # asked again, EC2 says that there is no such object: it is deleted
        return "success" if self.only_looks else self.fault.ends

    @property
    def only_looks(self):
        """Describe in a create only looks for what a killed run left behind; when it fails there is a warning."""
        is_look = self.operation.name == "create" and self.action.startswith("Describe")
        return is_look and not self.fault.stays_away and self.fault.spec["kind"] != "expire"

    def may_leave(self, errors):
        """The kind of the object that the action makes, when nobody may have heard of it; else none. When EC2 dies, so do
        the answers to all others that are on their way: then what the errors say."""
        told = " ".join(each["detail"] for each in errors if UNKNOWN in _words(each)) if self.fault.stays_away else ""
        made = MAKES.findall(self.action if self.fault.loses else "") + MAKES.findall(told)
        return {name.lower() + "s" for name in made}

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
    doubles: set = dataclasses.field(default_factory=set)  # (kind, id); made by this operation, which has made its like
    losses: list = dataclasses.field(default_factory=list)  # kinds; no longer in the state, though still in EC2
    problems: list = dataclasses.field(default_factory=list)
    left: list = dataclasses.field(default_factory=list)  # kinds; of a kill: left behind, allowed or not
    emptied: bool = False  # of a kill: the host left an empty state file
    host_lost: list = dataclasses.field(default_factory=list)  # kinds; what it had been told of, and its state lacks
    found: int = 0  # and how many of them the next plan, or its apply, named

    @property
    def good(self):
        return not (self.crashes or self.hangs or self.orphans or self.doubles or self.losses or self.problems)


class Templates:
    """The situations in which operations begin, made once."""

    def __init__(self, folder, host):
        self.host = host
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.actions = {}  # of each operation; see actions_of
        stage = Stage(folder / "first", host)
        try:
            stage.configure(operations.provider("") + operations.FIRST)
            outcome = stage.run("apply", "-auto-approve", "-json")
            if outcome.status != 0:
                raise RuntimeError(f"the first configuration cannot be applied: {outcome.text}")
            stage.workspace.age()  # else nobody believes that what is deleted elsewhere is gone
            self.ids = {kind: identity for kind, identity in stage.known_ids()}
            ec2, state = stage.state_files()
            self.ec2, self.state = shutil.copy(ec2, folder / "ec2.json"), shutil.copy(state, folder / "terraform.tfstate")
        finally:
            stage.stop()

    def stage(self, operation, folder, arguments=RETRIES):
        stage = Stage(
            folder,
            self.host,
            self.ec2 if operation.exists else None,
            self.state if operation.exists and operation.known else None,
        )
        imports = "" if operation.known or not operation.exists else operations.IMPORTS.format(**self.ids)
        stage.configure(operations.provider(arguments) + operation.goal + imports)
        return stage


def actions_of(templates, operation):
    """The actions that the operation needs, as they come on a good day, and how often each."""
    if operation.name not in templates.actions:
        templates.actions[operation.name] = _count_actions(templates, operation)
    return templates.actions[operation.name]


def _count_actions(templates, operation):
    stage = templates.stage(operation, templates.folder / f"actions-{operation.name}")
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
    # The host gives no address to an error where it has no configuration: of what it deletes or imports. Then the text
    # has the id.
    subjects = [error.get("address") or (IDENTITY.findall(error["detail"]) or [""])[0] for error in outcome.errors]
    if "" in subjects:
        verdict.problems.append(f"an error that names no object: {outcome.told()[:600]}")
    if len(subjects) != len(set(subjects)):
        verdict.problems.append(f"more than one error for one object: {outcome.told()[:600]}")
    for error in outcome.errors:
        if len(error["detail"]) < 40:
            verdict.problems.append(f"an error that explains nothing: {error['summary']}: {error['detail']}")


def judge_doubles(verdict, stage, before):
    """Nothing was made twice: of what is new, no two have the same kind and name, or slot."""
    seen = set()
    for each, name in sorted(stage.ec2.names().items()):
        if each in before or name is None:
            continue
        if (each[0], name) in seen:
            verdict.doubles.add(each)
        seen.add((each[0], name))


def judge_recovery(verdict, stage, operation, before):
    """The fault is gone: one run converges, nothing is left to do, and nothing is there twice."""
    again = stage.run(*operation.recovery, "-json")
    if again.status != 0:
        verdict.problems.append(f"does not converge: {again.told()[:600] or again.text[-600:]}")
        return
    if operation.command[0] != "destroy":
        plan = stage.run("plan", "-detailed-exitcode", "-lock=false", "-json")
        if plan.status != 0:
            verdict.problems.append(f"the plan is not empty afterwards (status {plan.status}): {plan.text[-600:]}")
    judge_doubles(verdict, stage, before)
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


def judge_lost(verdict, cell, outcome, stage, before):
    """No answer came. What was made may be unknown, but at most what the action makes; and it must be found again."""
    verdict.left = count_by_kind({each for each in stage.ec2.ids() - stage.known_ids() - before if each[0] in KINDS})
    allowed = cell.may_leave(outcome.errors)
    if set(verdict.left) - allowed or len(verdict.left) > len(set(verdict.left)):
        verdict.problems.append(f"left behind: {verdict.left}, allowed {sorted(allowed)}")
    changes = not cell.action.startswith(("Describe", "Get"))
    is_told = any(UNKNOWN in _words(each) for each in outcome.errors)
    if changes and not is_told:
        verdict.problems.append(f"the error does not say that the outcome is unknown: {outcome.told()[:600]}")
    verdict.found = recovery.find_again(verdict, stage, cell.operation)
    if verdict.found != len(verdict.left):
        verdict.problems.append(f"left behind {verdict.left}, found again {verdict.found}")


def set_fault(stage, cell):
    if cell.fault.stays_away:
        stage.ec2.stay_away()
    for spec in filter(None, (cell.fault.spec, cell.fault.then)):
        stage.ec2.fault(**spec, **({"action": cell.action} if cell.action else {}))


# What EC2 says in a fault that affects every call.
TRACES = {"skew": "RequestExpired", "buckets": "RequestLimitExceeded"}


def end_fault(verdict, stage, fault):
    """The fault is gone; it must have struck. Of those that strike no single call the log of calls has the traces."""
    kind = fault.spec["kind"]
    if fault.stays_away:
        struck = stage.ec2.come_back()
    elif kind == "exit":
        struck = stage.ec2.has_died()
    elif kind in TRACES:
        struck = any(call["error"] == TRACES[kind] for call in stage.ec2.calls())
    else:
        struck = any(each["struck"] for each in stage.ec2.faults())
    if not struck:
        verdict.problems.append("the fault did not strike")
    stage.ec2.clear()


def play(templates, cell, folder):
    verdict = Verdict(cell)
    stage = templates.stage(cell.operation, folder, cell.fault.arguments)
    try:
        before = stage.known_ids() if cell.operation.known else stage.ec2.ids()
        set_fault(stage, cell)
        outcome = stage.run(*cell.operation.command, "-json", timeout_s=cell.fault.budget_s)
        verdict.seconds = outcome.seconds
        verdict.told = outcome.told()
        verdict.end = "success" if outcome.status == 0 else "error"
        judge_command(verdict, outcome, stage, cell.fault.budget_s)
        if cell.end and verdict.end != cell.end:
            verdict.problems.append(f"ended in {verdict.end}, expected {cell.end}: {verdict.told[:900]}")
        is_told = any("Cannot check whether" in each["summary"] for each in outcome.warnings)
        # The look is tried twice only, so that EC2 may come back too late for it.
        if cell.only_looks and cell.fault.spec["kind"] != "exit" and is_told != (cell.fault.ends == "error"):
            verdict.problems.append("the plan does not say whether it could look for what exists")
        end_fault(verdict, stage, cell.fault)
        judge_doubles(verdict, stage, before)
        if cell.fault.loses and verdict.end == "error":
            judge_lost(verdict, cell, outcome, stage, before)
        elif cell.operation.known:
            judge_objects(verdict, stage, before)
        judge_recovery(verdict, stage, cell.operation, before)
    finally:
        stage.stop()
    if verdict.good:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict
