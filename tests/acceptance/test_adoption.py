# SPDX-License-Identifier: MPL-2.0
"""A saved plan that is applied again after everything died between EC2's effect and its answer."""

import os
import signal
import subprocess
import time
import unittest

from harness import Case, for_each_host
from simulator import SENSOR, WEB

load_tests = for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
TARGET = f'resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}\n'
SESSION = f"""
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""
WAIT_S = 60


class Adoption(Case):
    def die_after(self, simulator, workspace, action):
        """Applies saved.plan and kills host and provider when `action` has had its effect and no answer yet."""
        simulator.add_fault(kind="hang", stage="after", action=action)
        process = subprocess.Popen(
            [workspace.host.path, "apply", "-no-color", "saved.plan"],
            cwd=workspace.folder,
            env=workspace.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + WAIT_S
        try:
            while not any(fault["holding"] for fault in simulator.faults()):
                self.assertLess(time.monotonic(), end, f"{action} was never called")
                time.sleep(0.05)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            simulator.clear_faults()

    def adopts(self):
        """Whether the host gives back what its first plan remembered; others make a new plan, which knows nothing of it."""
        return self.host.product == "Terraform" and self.host.version >= (1, 16)

    def play(self, before, new, kind, action):
        """What was left is managed, or another one is."""
        with self.subTest(action=action):
            simulator, workspace = self.world()
            if before:
                workspace.configure(before)
                workspace.apply()
            workspace.configure(before + new)
            workspace.plan("-out=saved.plan")
            self.die_after(simulator, workspace, action)
            left = simulator.one(f"{kind}s")[f"trafficMirror{kind.capitalize()}Id"]
            workspace.apply("saved.plan")
            workspace.assert_no_changes()
            managed = workspace.state()[f"vns_mirror_{kind}.x"]["id"]
            if self.adopts():
                self.assertEqual(managed, left)
                self.assertEqual(len(simulator.objects(f"{kind}s")), 1)
            else:
                self.assertNotEqual(managed, left)

    def test_a_saved_plan_adopts_a_filter(self):
        for action in ("CreateTrafficMirrorFilter", "CreateTrafficMirrorFilterRule"):
            self.play("", FILTER, "filter", action)

    def test_a_saved_plan_adopts_a_target(self):
        self.play("", TARGET, "target", "CreateTrafficMirrorTarget")

    def test_a_saved_plan_adopts_a_session(self):
        if self.adopts():
            self.play(FILTER + TARGET, SESSION, "session", "CreateTrafficMirrorSession")
            return
        # EC2 does not make it twice.
        simulator, workspace = self.world()
        workspace.configure(FILTER + TARGET)
        workspace.apply()
        workspace.configure(FILTER + TARGET + SESSION)
        workspace.plan("-out=saved.plan")
        self.die_after(simulator, workspace, "CreateTrafficMirrorSession")
        left = simulator.one("sessions")["trafficMirrorSessionId"]
        words = workspace.apply("saved.plan", expect=(1,)).words
        self.assertIn(f"terraform import vns_mirror_session.NAME {left}", words)


if __name__ == "__main__":
    unittest.main()
