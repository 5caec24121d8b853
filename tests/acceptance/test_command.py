# SPDX-License-Identifier: MPL-2.0
"""`terraform test`, as authors of modules use it: offline, on the simulator."""

import harness
from harness import Case
from simulator import SECOND_SENSOR, SENSOR, WEB

load_tests = harness.for_each_host

MODULE = """
variable "sensor" { type = string }
variable "interfaces" { type = set(string) }

resource "vns_mirror_filter" "sensor" {}

resource "vns_mirror_target" "sensor" {
  network_interface_id = var.sensor
}

resource "vns_mirror_session" "all" {
  for_each                 = var.interfaces
  network_interface_id     = each.key
  traffic_mirror_target_id = vns_mirror_target.sensor.id
  traffic_mirror_filter_id = vns_mirror_filter.sensor.id
}
"""

TESTS = f"""
variables {{
  sensor     = "{SENSOR}"
  interfaces = ["{WEB}"]
}}

run "plan" {{
  command = plan
  assert {{
    condition     = vns_mirror_session.all["{WEB}"].session_number == 1
    error_message = "The default is the recommended setting."
  }}
  assert {{
    condition     = length(vns_mirror_filter.sensor.deviations) == 0
    error_message = "Nothing departs from the recommended settings."
  }}
}}

run "apply" {{
  assert {{
    condition     = startswith(vns_mirror_session.all["{WEB}"].id, "tms-")
    error_message = "There is a session."
  }}
}}

run "another_sensor" {{
  variables {{
    sensor = "{SECOND_SENSOR}"
  }}
  assert {{
    condition     = vns_mirror_target.sensor.network_interface_id == "{SECOND_SENSOR}"
    error_message = "The target moves."
  }}
}}
"""


class TestCommand(Case):
    def test_a_module_is_tested_offline(self):
        simulator, workspace = self.world()
        workspace.configure(MODULE)
        workspace.write("tests/sensor.tftest.hcl", TESTS)
        shown = workspace.run("test", "-no-color")
        self.assertIn("3 passed, 0 failed", shown.words)
        self.assertEqual(simulator.count(), 0)
        self.assertIn("DeleteTrafficMirrorSession", simulator.actions())

    def test_a_failing_assertion_fails(self):
        simulator, workspace = self.world()
        workspace.configure(MODULE)
        workspace.write("tests/sensor.tftest.hcl", TESTS.replace("session_number == 1", "session_number == 2"))
        shown = workspace.run("test", "-no-color", expect=(1,))
        self.assertIn("The default is the recommended setting.", shown.words)
        self.assertEqual(simulator.count(), 0)
