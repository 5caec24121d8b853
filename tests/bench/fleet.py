# SPDX-License-Identifier: MPL-2.0
"""What commands cost: on the example that a user begins with, and with many sessions beside as many terraform_data."""
import pathlib
import statistics

import workspace

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/sensor-interface/main.tf"
# They cannot be repeated without one another.
ONCE = {"apply", "destroy"}
GO_STEPS = {"apply", "plan with refresh"}  # it takes long
STEPS = (("plan to create", ["plan"]), ("apply", ["apply", "-auto-approve"]), ("plan with refresh", ["plan"]),
         ("plan without refresh", ["plan", "-refresh=false"]), ("refresh", ["refresh"]),
         ("destroy", ["destroy", "-auto-approve"]))


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def ratio(ours, floor, field):
    """Pair by pair: the runs took turns, so that what the machine did meanwhile falls on both."""
    return statistics.median(getattr(a, field) / getattr(b, field) for a, b in zip(ours, floor))


def example(table, space, repeat):
    """examples/sensor-interface, one filter, target and session: what each command costs in all."""
    space.configure(EXAMPLE.read_text())
    for name, arguments in STEPS:
        runs = [space.run(*arguments) for _ in range(1 if name in ONCE else repeat)]
        if name == "plan without refresh":
            continue
        table.add("example, %s: wall" % name, median(runs, "wall") * 1000, "ms")
        table.add("example, %s: CPU of the provider" % name, median(runs, "provider_cpu") * 1000, "ms",
                  "%d processes together" % runs[0].processes)


def add_step(table, title, runs, calls):
    ours, bare, alike = runs["sessions"], runs["bare"], runs["alike"]
    table.add("%s: wall" % title, median(ours, "wall"), "s")
    for form, floor in (("alike", alike), ("bare", bare)):
        table.add("%s: wall / %s terraform_data" % (title, form), ratio(ours, floor, "wall"), "x")
        table.add("%s: CPU / %s terraform_data" % (title, form), ratio(ours, floor, "cpu"), "x")
    if runs.get("go"):
        table.add("%s: wall / the Go provider's time_static" % title, ratio(ours, runs["go"], "wall"), "x")
        table.add("%s: CPU / the Go provider's time_static" % title, ratio(ours, runs["go"], "cpu"), "x")
    table.add("%s: CPU of Terraform and provider" % title, median(ours, "cpu"), "s")
    table.add("%s: CPU of the provider" % title, median(ours, "provider_cpu"), "s")
    table.add("%s: AWS calls" % title, calls, "calls")


def fleet(table, spaces, simulator, count, repeat):
    """`spaces` are working directories: sessions, and terraform_data "alike" (the same arguments, referring to two
    other objects) and "bare" (as many of them), and objects of the peer where there is one. They take turns, step by
    step."""
    forms = {"sessions": workspace.SESSIONS, "bare": workspace.BARE, "alike": workspace.ALIKE, "go": workspace.GO}
    for form, space in spaces.items():
        space.configure(forms[form] % count)
    memory = 0
    for name, arguments in STEPS:
        runs = {form: [] for form in forms}
        calls = 0
        for _ in range(1 if name in ONCE else repeat):
            for form, space in spaces.items():
                if form == "go" and name not in GO_STEPS:
                    continue
                simulator.calls()
                runs[form].append(space.run(*arguments))
                if form == "sessions":
                    calls = len(simulator.calls())
        memory = max([memory] + [run.memory_kb for run in runs["sessions"]])
        add_step(table, "%d sessions, %s" % (count, name), runs, calls)
    table.add("%d sessions: largest provider process" % count, memory / 1000, "MB")
