# SPDX-License-Identifier: MPL-2.0
"""The provider as it serves a person: one process for many runs of a host that was told where it is."""

import os
import re
import signal
import subprocess

import harness
from harness import Case

load_tests = harness.for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'


class Debug(Case):
    def start(self, workspace):
        """The process, and the variable that it prints."""
        process = subprocess.Popen(
            [os.path.join(os.environ["VNS_PROVIDER_DIR"], "terraform-provider-vns"), "-debug"],
            env={**workspace.environment, "TMPDIR": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(lambda: (process.kill(), process.wait()))
        with process.stdout:
            said = process.stdout.read()
        return process, dict([re.search(r"^\texport (TF_REATTACH_PROVIDERS)='(.*)'$", said, re.MULTILINE).groups()])

    def test_a_line_to_export_is_all_that_a_host_needs(self):
        simulator, workspace = self.world()
        configuration = self.folder / "nothing.tfrc"
        configuration.write_text('provider_installation {\n  filesystem_mirror { path = "%s" }\n}\n' % (self.folder / "none"))
        workspace.environment["TF_CLI_CONFIG_FILE"] = str(configuration)
        workspace.configure(FILTER)
        process, variable = self.start(workspace)
        workspace.environment.update(variable)
        workspace.run("init", "-no-color")
        workspace.settle()
        self.assertEqual(len(simulator.objects("filters")), 1)
        workspace.configure(FILTER, provider='provider "vns" {\n  region = "us-east-1"\n}\n')
        workspace.settle()
        self.assertEqual(len(simulator.objects("filters", "us-east-1")), 1)
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)
        self.assertIsNone(process.poll(), "it serves until it is interrupted")
        sockets = [path for path in self.folder.iterdir() if path.is_socket()]
        self.assertEqual(len(sockets), 1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 0)
        self.assertFalse(sockets[0].exists())

    def test_aliases_are_configured_each_on_its_own(self):
        simulator, workspace = self.world()
        process, variable = self.start(workspace)
        workspace.environment.update(variable)
        provider = 'provider "vns" {\n  alias  = "%s"\n  region = "%s"\n}\n'
        regions = {"here": "eu-central-1", "there": "us-east-1", "elsewhere": "ap-southeast-2"}
        resource = 'resource "vns_mirror_filter" "%s" {\n  provider = vns.%s\n}\n'
        workspace.configure("".join(resource % (alias, alias) for alias in regions),
                            provider="".join(provider % pair for pair in regions.items()))
        workspace.run("init", "-no-color")
        workspace.settle()
        for region in regions.values():
            self.assertEqual(len(simulator.objects("filters", region)), 1, region)
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)
