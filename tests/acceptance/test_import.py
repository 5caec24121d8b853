# SPDX-License-Identifier: MPL-2.0
"""Taking over what exists: import blocks, generated configuration, moves between states."""

import harness
from harness import Case
from simulator import SENSOR, WEB

load_tests = harness.for_each_host

ALL = f"""
resource "vns_mirror_filter" "x" {{}}
resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""


def import_blocks(values, more=""):
    return "".join(
        f'import {{\n  to = {address}\n  id = "{found["id"]}"\n  {more}\n}}\n' for address, found in values.items()
    )


class Import(Case):
    def made(self, configuration=ALL):
        """A simulator in which `configuration` was applied, and the values."""
        simulator, workspace = self.world()
        workspace.configure(configuration)
        workspace.apply()
        simulator.forget_calls()
        return simulator, workspace.state()

    def test_generated_configuration_plans_empty(self):
        simulator, values = self.made()
        fresh = self.workspace(simulator)
        # Terraform 1.16 looks for hashicorp/vns when it generates configuration and the block names no provider.
        fresh.configure(import_blocks(values, "provider = vns"))
        fresh.plan("-generate-config-out=generated.tf")
        fresh.configure(import_blocks(values))
        changes = fresh.planned()["resource_changes"]
        self.assertEqual({change["address"]: change["change"]["actions"] for change in changes}, dict.fromkeys(values, ["no-op"]))
        fresh.settle()
        self.assertEqual(fresh.state(), values)
        self.assertEqual(simulator.calls(), [])

    def test_import_blocks_beside_a_configuration(self):
        simulator, values = self.made()
        fresh = self.workspace(simulator)
        fresh.configure(ALL + import_blocks(values))
        fresh.settle()
        self.assertEqual(fresh.state(), values)
        self.assertEqual(simulator.calls(), [])

    def test_what_is_not_there_is_not_imported(self):
        _, fresh = self.world()
        fresh.configure(ALL)
        for address, identifier in [
            ("vns_mirror_filter.x", "tmf-0123456789abcdef0"),
            ("vns_mirror_target.x", "tmt-0123456789abcdef0"),
            ("vns_mirror_session.x", "tms-0123456789abcdef0"),
        ]:
            with self.subTest(address):
                failed = fresh.run("import", "-no-color", address, identifier, expect=(1,))
                self.assertIn("non-existent", failed.words)

    def test_an_id_of_another_kind_is_refused(self):
        simulator, fresh = self.world()
        fresh.configure(ALL)
        failed = fresh.run("import", "-no-color", "vns_mirror_session.x", "tmf-0123456789abcdef0", expect=(1,))
        self.assertIn("tms-", failed.words)
        self.assertEqual([call for call in simulator.all_calls() if call["service"] == "ec2"], [])

    def test_import_by_identity(self):
        if self.host.product != "Terraform" or self.host.version < (1, 12):
            return  # this host knows no identity
        simulator, values = self.made()
        fresh = self.workspace(simulator)
        fresh.configure(
            ALL
            + "".join(
                f'import {{\n  to = {address}\n  identity = {{\n    account_id = "123456789012"\n'
                f'    region = "eu-central-1"\n    id = "{found["id"]}"\n  }}\n}}\n'
                for address, found in values.items()
            )
        )
        fresh.settle()
        self.assertEqual(fresh.state(), values)
