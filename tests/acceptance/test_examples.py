# SPDX-License-Identifier: MPL-2.0
"""Every configuration under examples/, as it is, on the simulator."""

import os
import re
import shutil
import subprocess

import harness
from harness import SOURCE, Case

load_tests = harness.for_each_host

EXAMPLES = SOURCE / "examples"


class Examples(Case):
    def copied(self, name, simulator):
        workspace = self.workspace(simulator)
        shutil.rmtree(workspace.folder)
        shutil.copytree(EXAMPLES / name, workspace.folder, ignore=shutil.ignore_patterns(".terraform*", "terraform.*"))
        del workspace.environment["AWS_REGION"]  # the examples name one
        return workspace

    def applied(self, name, sessions):
        simulator = self.simulator()
        workspace = self.copied(name, simulator)
        # Modules have to be installed; the provider is not to be downloaded.
        workspace.run("get", "-no-color")
        workspace.run("fmt", "-check", "-recursive")
        workspace.settle()
        self.assertEqual(len(simulator.objects("sessions")), sessions)
        state = workspace.state()
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)
        return state

    def test_sensor_interface(self):
        state = self.applied("sensor-interface", 1)
        self.assertEqual([values["deviations"] for values in state.values()], [[], [], []])

    def test_sensor_load_balancer(self):
        state = self.applied("sensor-load-balancer", 2)
        self.assertEqual([values["deviations"] for values in state.values()], [[], [], [], []])

    def test_fleet(self):
        state = self.applied("fleet", 4)
        names = {values["name"] for address, values in state.items() if "session" in address}
        self.assertEqual(len(names), 4)
        for values in state.values():
            self.assertEqual(values["tags_all"]["purpose"], "network-sensor")
            self.assertTrue(all(text.startswith("name is ") for text in values["deviations"]), values["deviations"])

    def test_import(self):
        simulator = self.simulator()
        maker = self.copied("sensor-interface", simulator)
        maker.apply()
        ids = {address.split(".")[0].removeprefix("vns_mirror_"): values["id"] for address, values in maker.state().items()}
        simulator.forget_calls()
        workspace = self.copied("import", simulator)
        workspace.write("terraform.tfvars", "".join(f'{kind}_id = "{found}"\n' for kind, found in ids.items()))
        shown = workspace.plan()
        self.assertIn("Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.", shown.stdout)
        workspace.settle()
        self.assertEqual(simulator.calls(), [])
        self.assertEqual(sorted(values["id"] for values in workspace.state().values()), sorted(ids.values()))

    def test_every_folder_has_a_test(self):
        """Of its name; for `provider` and `resources` it is the next one."""
        folders = {path.name.replace("-", "_") for path in EXAMPLES.iterdir() if path.is_dir()}
        self.assertEqual({name for name in folders if not hasattr(self, f"test_{name}")}, {"provider", "resources"})

    def test_what_the_registry_shows(self):
        snippets = sorted(EXAMPLES.glob("resources/*/resource.tf"))
        self.assertEqual(
            [path.parent.name for path in snippets], ["vns_mirror_filter", "vns_mirror_session", "vns_mirror_target"]
        )
        workspace = self.workspace()
        workspace.configure((EXAMPLES / "provider/provider.tf").read_text(), provider="")
        workspace.remove("required.tf")
        workspace.validate()

        for path in snippets:
            with self.subTest(path.parent.name):
                simulator, workspace = self.world()
                workspace.configure(path.read_text())
                workspace.settle()
                self.imported(path.parent, simulator, workspace)
                workspace.destroy()
                self.assertEqual(simulator.count(), 0)

    def imported(self, folder, simulator, workspace):
        """Imports what was made, by the command and by the block."""
        command = (folder / "import.sh").read_text().split()
        self.assertEqual(command[:2], ["terraform", "import"])
        address = command[2]
        self.assertEqual(address.partition(".")[0], folder.name)
        self.assertRegex(command[3], "^tm[fts]-[0-9a-f]{17}$")
        block = (folder / "import-by-string-id.tf").read_text()
        self.assertIn(f"to = {address}\n", block)
        made = workspace.state()[address]
        simulator.forget_calls()

        workspace.run("state", "rm", address)
        workspace.run("import", address, made["id"])
        self.assertEqual(workspace.state()[address], made)

        workspace.run("state", "rm", address)
        workspace.write("import.tf", re.sub(r'"tm[fts]-\w+"', f'"{made["id"]}"', block))
        self.assertIn("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.", workspace.plan().stdout)
        workspace.settle()
        self.assertEqual(workspace.state()[address], made)
        self.assertEqual(simulator.calls(), [])

    def test_the_configurations_in_the_readme(self):
        readme = (SOURCE / "README.md").read_text()
        complete, _taken_over, dual_stack = (text.split("```")[0] for text in readme.split("```terraform\n")[1:])
        simulator, workspace = self.world()
        workspace.remove("required.tf")
        workspace.configure(complete + dual_stack, provider="")
        workspace.settle()
        self.assertEqual(len(simulator.objects("sessions")), 1)
        rules = simulator.objects("filters")[0]["ingressFilterRuleSet"] + simulator.objects("filters")[1]["ingressFilterRuleSet"]
        self.assertIn("::/0", [rule["destinationCidrBlock"] for rule in rules])
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)

    def test_the_mock_in_the_manual_of_the_simulator(self):
        manual = (SOURCE / "tests" / "ec2sim" / "README.md").read_text()
        _provider, mock = (text.split("```")[0] for text in manual.split("```hcl\n")[1:])
        complete = (SOURCE / "README.md").read_text().split("```terraform\n")[1].split("```")[0]
        simulator, workspace = self.world()
        workspace.remove("required.tf")
        workspace.configure(complete, provider="")
        workspace.write("mock.tftest.hcl", mock + 'run "mocked" {}\n')
        workspace.run("test", "-no-color")
        self.assertEqual(simulator.all_calls(), [])

    def test_the_takeover_in_the_readme(self):
        """Of what another provider of the host's stands for."""
        readme = (SOURCE / "README.md").read_text()
        _complete, blocks, _dual_stack = (text.split("```")[0] for text in readme.split("```terraform\n")[1:])
        simulator, workspace = self.world()
        workspace.configure('resource "terraform_data" "sensor" {}\n')
        workspace.apply()
        made = self.workspace(simulator)
        made.configure('resource "vns_mirror_filter" "sensor" {}\n')
        made.apply()
        identity = made.state()["vns_mirror_filter.sensor"]["id"]
        simulator.forget_calls()
        blocks = blocks.replace("aws_ec2_traffic_mirror_filter", "terraform_data").replace("tmf-0123456789abcdef0", identity)
        taken = 'resource "vns_mirror_filter" "sensor" {}\n'
        workspace.configure(taken + blocks)
        workspace.settle()
        self.assertEqual(list(workspace.state()), ["vns_mirror_filter.sensor"])
        workspace.configure(taken)
        workspace.assert_no_changes()
        self.assertEqual(simulator.calls(), [])

    def test_the_installations_in_the_readme(self):
        readme = (SOURCE / "README.md").read_text()
        build, mirror = os.environ["VNS_PROVIDER_DIR"], self.folder / "mirror"
        subprocess.run(["cmake", "--install", build, "--prefix", mirror], check=True, stdout=subprocess.DEVNULL)
        from_mirror, override = (text.split("```")[0] for text in readme.split("```hcl\n")[1:])
        for text, needs_init in ((from_mirror.replace('"DIR"', f'"{mirror}"'), True),
                                 (override.replace("/path/to/terraform-provider-vns/build", build), False)):
            with self.subTest(text):
                _, workspace = self.world()
                workspace.write("readme.tfrc", text)
                workspace.environment["TF_CLI_CONFIG_FILE"] = str(workspace.folder / "readme.tfrc")
                workspace.configure('resource "vns_mirror_filter" "x" {}\n')
                if needs_init:
                    workspace.run("init", "-no-color")
                self.assertIn("1 to add", workspace.plan().stdout)
