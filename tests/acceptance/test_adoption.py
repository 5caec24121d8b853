# SPDX-License-Identifier: MPL-2.0
"""A saved plan that is applied again after everything died between EC2's effect and its answer."""

import os
import signal
import subprocess
import time
import unittest

from harness import Case, for_each_host

load_tests = for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
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

    def test_a_saved_plan_adopts_what_was_left(self):
        passes_private_data_back = self.host.product == "Terraform" and self.host.version >= (1, 16)
        for action in ("CreateTrafficMirrorFilter", "CreateTrafficMirrorFilterRule"):
            with self.subTest(action=action):
                simulator, workspace = self.world()
                workspace.configure(FILTER)
                workspace.plan("-out=saved.plan")
                self.die_after(simulator, workspace, action)
                left = simulator.one("filters")["trafficMirrorFilterId"]
                workspace.apply("saved.plan")
                workspace.assert_no_changes()
                managed = workspace.state()["vns_mirror_filter.x"]["id"]
                if passes_private_data_back:
                    self.assertEqual(managed, left)
                    self.assertEqual(len(simulator.objects("filters")), 1)
                else:
                    self.assertNotEqual(managed, left)  # such a host makes a new plan, which knows nothing of the first


if __name__ == "__main__":
    unittest.main()
