# SPDX-License-Identifier: MPL-2.0
"""Random lives of one configuration: created, changed, changed by somebody else, imported, destroyed. After each step the
plan is empty, what was planned as known is what is, and state and EC2 hold the same objects."""

import json
import pathlib
import random
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "acceptance"))
import ec2  # noqa: E402
from simulator import APP_1, BALANCER, SECOND_SENSOR, SENSOR, WEB, Simulator  # noqa: E402
from workspace import Workspace, hosts  # noqa: E402

from configurations import arguments  # noqa: E402

FILTER, TARGET, SESSION = "vns_mirror_filter", "vns_mirror_target", "vns_mirror_session"
PLACES = ({"network_interface_id": SENSOR}, {"network_interface_id": SECOND_SENSOR}, {"network_load_balancer_arn": BALANCER})
KINDS = {"filters": (FILTER, "trafficMirrorFilterId"), "targets": (TARGET, "trafficMirrorTargetId"), "sessions": (SESSION, "trafficMirrorSessionId")}


class Wrong(AssertionError):
    pass


def compare(planned, unknown, after, path):
    """Every known value of the plan is the value after the apply."""
    if unknown is True:
        return
    if isinstance(planned, dict) and isinstance(after, dict):
        for key in planned.keys() | after.keys():
            hidden = unknown.get(key) if isinstance(unknown, dict) else None
            compare(planned.get(key), hidden, after.get(key), f"{path}.{key}")
    elif not unknown and planned != after:
        raise Wrong(f"{path} was planned as {planned!r} and is {after!r}")


class Life:
    def __init__(self, folder, seed, rows, provider, simulator):
        self.random = random.Random(seed)
        self.rows = rows
        self.folder = folder
        self.provider = provider
        self.ec2 = Simulator(simulator, folder)
        self.workspace = self._workspace("first")
        self.resources = {}
        self.history = []

    def _workspace(self, name):
        place = self.folder / name
        place.mkdir()
        return Workspace(place, hosts()[0], self.provider, self.ec2.endpoint)

    def _draw(self, kind):
        return arguments(self.random, self.rows[kind])

    def _write(self):
        body = {
            kind: {"x": body} for kind, body in self.resources.items()
        }
        self.workspace.write("main.tf.json", json.dumps({"provider": {"vns": {}}, "resource": body} if body else {}, indent=1))

    def _apply(self):
        self._write()
        plan = self.workspace.planned()
        self.workspace.run("apply", "-no-color", "saved.plan")
        state = self.workspace.state()
        for each in plan.get("resource_changes", ()):
            change = each["change"]
            if change["actions"] != ["delete"]:
                compare(change["after"], change.get("after_unknown", {}), state.get(each["address"]), each["address"])

    def _check(self):
        self.workspace.assert_no_changes()
        state = self.workspace.state()
        known = {(address.split(".")[0], values["id"]) for address, values in state.items()}
        there = {(kind, each[member]) for name, (kind, member) in KINDS.items() for each in self.ec2.objects(name)}
        if known != there:
            raise Wrong(f"state holds {sorted(known)}, EC2 {sorted(there)}")
        for each in self.ec2.objects("sessions"):
            values = state[f"{SESSION}.x"]
            if str(each["sessionNumber"]) != str(values["session_number"]):
                raise Wrong(f"EC2's session is {each}, the state's {values}")

    # Steps.

    def create(self):
        self.resources = {
            FILTER: self._draw(FILTER),
            TARGET: {**self._draw(TARGET), **self.random.choice(PLACES)},
            SESSION: {
                **self._draw(SESSION),
                "network_interface_id": self.random.choice((WEB, APP_1)),
                "traffic_mirror_target_id": f"${{{TARGET}.x.id}}",
                "traffic_mirror_filter_id": f"${{{FILTER}.x.id}}",
            },
        }
        self._apply()

    def update(self):
        kind = self.random.choice((FILTER, TARGET, SESSION))
        kept = {
            name: value
            for name, value in self.resources[kind].items()
            if name.endswith(("_id", "_arn")) and name != "virtual_network_id"
        }
        self.resources[kind] = {**self._draw(kind), **kept}
        self._apply()

    def drift(self):
        session = self.ec2.one("sessions")["trafficMirrorSessionId"]
        what = self.random.choice(("number", "tag", "rule", "gone"))
        if what == "number":
            self.ec2.ec2("ModifyTrafficMirrorSession", TrafficMirrorSessionId=session, SessionNumber=self.random.randint(1, 32766))
        elif what == "tag":
            self.ec2.ec2("CreateTags", ResourceId__1=session, Tag__1__Key="Name", Tag__1__Value="somebody's")
        elif what == "gone":
            self.workspace.age()
            self.ec2.ec2("DeleteTrafficMirrorSession", TrafficMirrorSessionId=session)
        else:
            self.ec2.ec2(
                "CreateTrafficMirrorFilterRule",
                TrafficMirrorFilterId=self.ec2.one("filters")["trafficMirrorFilterId"],
                TrafficDirection="ingress",
                RuleNumber=32766,
                RuleAction="reject",
                SourceCidrBlock="10.0.0.0/8",
                DestinationCidrBlock="10.0.0.0/8",
            )
        self._apply()

    def import_all(self):
        old = self.workspace.state()
        self.workspace = self._workspace(f"import{len(self.history)}")
        self._write()
        for address, values in old.items():
            self.workspace.run("import", "-no-color", address, values["id"])
        # An import does not tell what the configuration wrote, so the next apply may say it; nothing may be replaced.
        for address, actions in self.workspace.actions().items():
            if "delete" in actions:
                raise Wrong(f"after an import {address} would be replaced")
        self._apply()

    def destroy(self):
        self.workspace.destroy()
        if self.ec2.count():
            raise Wrong("a destroy leaves objects in EC2")
        self.resources = {}

    def step(self):
        choices = ("update", "update", "drift", "import_all", "destroy") if self.resources else ("create",)
        name = self.random.choice(choices)
        self.history.append(name)
        getattr(self, name)()
        if self.resources:
            self._check()


def live(seed, rows, provider, simulator, goes_on, steps=8):
    """One life; how many steps it had. A failure names the seed, the steps and the configuration."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vns-model-"))
    life = Life(folder, seed, rows, provider, simulator)
    try:
        while len(life.history) < steps and goes_on():
            life.step()
    except Exception as problem:
        told = json.dumps(life.resources, indent=1)
        raise SystemExit(f"seed {seed}: after {life.history}: {problem}\nthe configuration was\n{told}") from problem
    finally:
        life.ec2.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return len(life.history)
