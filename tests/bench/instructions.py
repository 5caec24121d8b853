# SPDX-License-Identifier: MPL-2.0
"""Instructions of the provider's processes in user code, as callgrind counts them: the same on a busy machine."""
import collections
import pathlib
import re
import shutil
import subprocess
import tempfile

import workspace

PLAN, APPLY = "a plan with refresh", "an apply that creates"
# What the host asks for each session. Newer hosts also ask for the identity.
RPCS = {PLAN: ("UpgradeResourceState", "ReadResource", "ValidateResourceConfig", "PlanResourceChange"),
        APPLY: ("ApplyResourceChange",)}
UNCOUNTED = "valgrind is not there"
INCLUSIVE = re.compile(r"^ *([\d,]+) .*?:(\w+_serve) ", re.MULTILINE)


def handler(rpc):
    return re.sub("(?<!^)([A-Z])", r"_\1", rpc).lower() + "_serve"


def count(command, provider, directory):
    """By handler, with what it calls, and under "" all: a Counter, or None where valgrind is not installed. `command` is
    called with what stands in for the provider, which must have its symbols."""
    if not shutil.which("valgrind"):
        return None
    counts = collections.Counter()
    wrapper = pathlib.Path(directory, "counted-provider")
    with tempfile.TemporaryDirectory(dir=directory) as notes:
        wrapper.write_text('#!/bin/sh\nexec valgrind --tool=callgrind --callgrind-out-file="%s/%%p" --log-file=/dev/null "%s"\n'
                           % (notes, provider))
        wrapper.chmod(0o755)
        command(wrapper)
        for note in pathlib.Path(notes).iterdir():
            counts[""] += int(re.search(r"^(?:totals|summary): (\d+)$", note.read_text(), re.MULTILINE)[1])
            listed = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", note], check=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
            for number, function in INCLUSIVE.findall(listed):
                counts[function] += int(number.replace(",", ""))
    return counts


def start(table, build, provider, scratch):
    command = [build / "vns-plugin-probe", "--repeat", "1", "--rpc", "GetProviderSchema"]
    counts = count(lambda wrapper: subprocess.run([*command, wrapper], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
                   provider, scratch)
    table.add("instructions, start and GetProviderSchema", counts[""] / 1e6 if counts else None, "million",
              "" if counts else UNCOUNTED)


def run_counted(space, provider, scratch, arguments):
    uncounted = space.environment["VNS_BENCH_PROVIDER"]

    def command(wrapper):
        space.environment["VNS_BENCH_PROVIDER"] = str(wrapper)
        space.run(*arguments)
        space.environment["VNS_BENCH_PROVIDER"] = uncounted

    return count(command, provider, scratch)


def session(table, space, provider, scratch, few, many):
    """What one more session costs: the difference between commands with `many` and with `few` of them."""
    counts = {}
    for sessions in (few, many):
        space.configure(workspace.SESSIONS % sessions)
        counts[APPLY, sessions] = run_counted(space, provider, scratch, ["apply", "-auto-approve"])
        counts[PLAN, sessions] = run_counted(space, provider, scratch, ["plan"])
        space.run("destroy", "-auto-approve")
    for step, rpcs in RPCS.items():
        for title, function in [("all", ""), *((rpc, handler(rpc)) for rpc in rpcs)]:
            less, more = counts[step, few], counts[step, many]
            grown = more[function] - less[function] if less and more else 0
            table.add("instructions, a session in %s: %s" % (step, title), grown / (many - few) / 1e6 if grown > 0 else None,
                      "million", "" if less else UNCOUNTED)
