# SPDX-License-Identifier: MPL-2.0
"""What a careful person does after a run went wrong, as the guide says it: where the host left an empty state file, take its
backup; where the host died, refresh the state; plan, import what the plan's warnings name, apply, import what its errors name."""

import re

IMPORT = re.compile(r"terraform import vns_mirror_(filter|target|session)\.\S+ (tm[fts]-[0-9a-f]+)")


def import_named(stage, diagnostics, verdict):
    """Imports what these name, and returns how many objects that were."""
    named = sorted({pair for each in diagnostics for pair in IMPORT.findall(each["detail"])})
    for kind, identity in named:
        imported = stage.run("import", "-no-color", f"vns_mirror_{kind}.x", identity)
        if imported.status != 0:
            verdict.problems.append(f"import of {identity}: {imported.text[-500:]}")
    return len(named)


def refresh(verdict, stage):
    """Takes what is gone out of the state: one that is older than the run has objects that were replaced since, and blocks
    their addresses."""
    outcome = stage.run("apply", "-refresh-only", "-auto-approve", "-json")
    if outcome.status != 0:
        verdict.problems.append(f"no refresh afterwards: {outcome.told()[:500] or outcome.text[-500:]}")


def find_again(verdict, stage, operation):
    """Returns how many objects were named, and imported; a run that fails and names nothing is a problem."""
    found = 0
    if operation.command[0] != "destroy":
        plan = stage.run("plan", "-lock=false", "-json")
        if plan.status not in (0, 2):
            verdict.problems.append(f"no plan afterwards: {plan.told()[:500] or plan.text[-500:]}")
        found = import_named(stage, plan.warnings, verdict)
    again = stage.run(*operation.recovery, "-json")
    if again.status == 0:
        return found
    named = import_named(stage, again.errors, verdict)
    if not named:
        verdict.problems.append(f"does not converge: {again.told()[:600] or again.text[-600:]}")
    return found + named
