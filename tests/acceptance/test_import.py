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

    def test_an_imported_network_id_counts_as_assigned(self):
        """Nobody knows whether it was chosen, and generated configuration, which repeats it, must plan empty."""
        chosen = ALL.replace("filter.x.id\n", "filter.x.id\n  virtual_network_id = 7\n")
        simulator, values = self.made(chosen)
        fresh = self.workspace(simulator)
        fresh.configure(chosen + import_blocks(values))
        fresh.settle()
        self.assertEqual(fresh.state()["vns_mirror_session.x"]["deviations"], [])
        fresh.configure(ALL)
        fresh.settle()
        self.assertEqual(simulator.calls(), [])
        self.assertEqual(simulator.one("sessions")["virtualNetworkId"], 7)
        # Another one is the configuration's own.
        fresh.configure(chosen.replace("= 7", "= 8"))
        fresh.settle()
        self.assertEqual(len(fresh.state()["vns_mirror_session.x"]["deviations"]), 1)
        fresh.configure(ALL)
        fresh.settle()
        self.assertNotIn(simulator.one("sessions")["virtualNetworkId"], (7, 8))

    def made_bare(self, simulator):
        """What others made, without names and descriptions: the ids by address."""
        filter_id = simulator.ec2("CreateTrafficMirrorFilter").findtext(".//trafficMirrorFilterId")
        target_id = simulator.ec2("CreateTrafficMirrorTarget", NetworkInterfaceId=SENSOR).findtext(".//trafficMirrorTargetId")
        session_id = simulator.ec2(
            "CreateTrafficMirrorSession",
            NetworkInterfaceId=WEB,
            TrafficMirrorTargetId=target_id,
            TrafficMirrorFilterId=filter_id,
            SessionNumber=1,
        ).findtext(".//trafficMirrorSessionId")
        ids = {"filter": filter_id, "target": target_id, "session": session_id}
        simulator.forget_calls()
        return {f"vns_mirror_{kind}.x": {"id": identifier} for kind, identifier in ids.items()}

    def test_generated_configuration_of_bare_objects_plans_empty(self):
        simulator, fresh = self.world()
        bare = self.made_bare(simulator)
        fresh.configure(import_blocks(bare, "provider = vns"))
        fresh.plan("-generate-config-out=generated.tf")  # the host writes null for ""
        fresh.configure(import_blocks(bare))
        self.assertEqual(fresh.actions(), {})
        fresh.settle()
        self.assertEqual(simulator.calls(), [])
        for values in fresh.state().values():
            self.assertEqual((values["name"], values["description"]), ("", ""))
            labels = [text.partition(" is ")[0] for text in values["deviations"]]
            self.assertLessEqual({"name", "description"}, set(labels), "that they are missing is told")
        # They stay missing while other things change, until the configuration has a word of its own.
        written = (fresh.folder / "generated.tf").read_text()
        lines = [line for line in written.splitlines() if line.split()[:1] not in (["name"], ["description"], ["tags"])]
        bodies = "\n".join(lines)
        for more, names, calls in [
            ('tags = { a = "1" }', set(), ["CreateTags"] * 3),
            ('tags = { a = "1" }\n  name = "n"', {"n"}, ["CreateTags"] * 3),
            ('tags = { a = "1" }', {values["name"] for values in self.recommended().values()}, ["CreateTags"] * 3),
        ]:
            with self.subTest(more):
                fresh.write("generated.tf", bodies.replace('" "x" {', f'" "x" {{\n  {more}'))
                simulator.forget_calls()
                fresh.settle()
                self.assertEqual(simulator.actions(), calls)
                there = [simulator.one(kind)["tagSet"] for kind in ("filters", "targets", "sessions")]
                self.assertEqual({tags["Name"] for tags in there if "Name" in tags}, names)

    def test_generated_configuration_of_an_empty_name_plans_empty(self):
        simulator, fresh = self.world()
        bare = self.made_bare(simulator)
        for values in bare.values():
            simulator.ec2("CreateTags", ResourceId__1=values["id"], Tag__1__Key="Name", Tag__1__Value="")
        simulator.forget_calls()
        fresh.configure(import_blocks(bare, "provider = vns"))
        fresh.plan("-generate-config-out=generated.tf")
        fresh.configure(import_blocks(bare))
        self.assertEqual(fresh.actions(), {})
        fresh.settle()
        self.assertEqual(simulator.calls(), [])

    def recommended(self):
        _, workspace = self.world()
        workspace.configure(ALL)
        return {address: change["after"] for address, change in workspace.changes().items()}

    def test_what_is_replaced_after_an_import_is_as_recommended(self):
        simulator, fresh = self.world()
        bare = self.made_bare(simulator)
        fresh.configure(ALL + import_blocks(bare))
        fresh.settle()
        fresh.settle("-replace=vns_mirror_target.x")
        wanted = self.recommended()["vns_mirror_target.x"]
        there = simulator.one("targets")
        self.assertEqual(there["tagSet"]["Name"], wanted["name"])
        self.assertEqual(there["description"], wanted["description"])

    def test_drift_of_what_was_imported_with_its_labels(self):
        simulator, values = self.made()
        fresh = self.workspace(simulator)
        fresh.configure(ALL + import_blocks(values))
        fresh.settle()
        for found in values.values():
            simulator.ec2("DeleteTags", ResourceId__1=found["id"], Tag__1__Key="Name")
        self.assertEqual(set(fresh.actions()), set(values))
        fresh.settle()
        self.assertEqual({address: found["name"] for address, found in fresh.state().items()},
                         {address: found["name"] for address, found in values.items()})

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
        if self.host.version < (1, 12):
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
