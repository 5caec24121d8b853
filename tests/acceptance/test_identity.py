# SPDX-License-Identifier: MPL-2.0
"""What hosts that know identities store beside an object, from its creation to its replacement."""

import json

import harness
from harness import Case
from simulator import SECOND_SENSOR, SENSOR

load_tests = harness.for_each_host

VERSION = {"Terraform": (1, 12), "OpenTofu": (1, 12)}  # the first that knows identities


def target(interface, name):
    return f'resource "vns_mirror_target" "x" {{\n  network_interface_id = "{interface}"\n  name = "{name}"\n}}\n'


class Identity(Case):
    def instance(self, workspace):
        (resource,) = json.loads((workspace.folder / "terraform.tfstate").read_text())["resources"]
        (instance,) = resource["instances"]
        return instance

    def assert_identity(self, workspace):
        """It names the object of the state."""
        instance = self.instance(workspace)
        made = instance["attributes"]["id"]
        self.assertEqual(instance["identity"], {"account_id": "123456789012", "region": "eu-central-1", "id": made})
        return made

    def test_it_is_stored_and_follows_the_object(self):
        if self.host.version < VERSION[self.host.product]:
            return  # this host knows no identity
        simulator, workspace = self.world()
        workspace.configure(target(SENSOR, "a"))
        workspace.settle()
        first = self.assert_identity(workspace)
        workspace.configure(target(SENSOR, "b"))
        workspace.settle()
        self.assertEqual(self.assert_identity(workspace), first)
        simulator.add_fault(kind="error", action="CreateTags", code="UnauthorizedOperation")
        workspace.configure(target(SENSOR, "c"))
        workspace.apply(expect=(1,))
        self.assertEqual(self.assert_identity(workspace), first)
        simulator.clear_faults()
        workspace.configure(target(SECOND_SENSOR, "c"))
        workspace.settle()
        self.assertNotEqual(self.assert_identity(workspace), first)

    def test_a_state_of_an_older_host_gets_one(self):
        if self.host.version < VERSION[self.host.product]:
            return  # this host knows no identity
        _, workspace = self.world()
        workspace.configure(target(SENSOR, "a"))
        workspace.apply()
        path = workspace.folder / "terraform.tfstate"
        state = json.loads(path.read_text())
        for name in ("identity", "identity_schema_version"):
            state["resources"][0]["instances"][0].pop(name)
        path.write_text(json.dumps(state))
        workspace.assert_no_changes()
        workspace.apply("-refresh-only")
        self.assert_identity(workspace)
