# SPDX-License-Identifier: MPL-2.0
"""What "not found" is worth: EC2 does not show a new object everywhere at once, and the next run does not take it for gone."""

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
SESSION = "vns_mirror_session.x"
UNSEEN = "EC2 does not list the traffic mirror session {} yet"


class Propagation(Case):
    def hidden(self, calls):
        """A session that the run which created it never saw, nor do the next `calls` of others."""
        simulator, workspace = self.world()
        workspace.configure(ALL)
        simulator.add_fault(kind="not_found", action="CreateTrafficMirrorSession", calls=calls)
        workspace.apply()
        simulator.clear_faults()
        return simulator, workspace, workspace.state()[SESSION]["id"]

    def test_a_refresh_waits(self):
        _, workspace, session = self.hidden(calls=3)
        self.assertNotIn(UNSEEN.format(session), workspace.plan("-detailed-exitcode").words)

    def test_a_refresh_that_waits_in_vain_loses_nothing(self):
        _, workspace, session = self.hidden(calls=1000)
        self.assertIn(UNSEEN.format(session), workspace.apply("-refresh-only").words)
        self.assertEqual(workspace.state()[SESSION]["id"], session)
        # An old object of which EC2 says that it is gone, is gone.
        workspace.age()
        self.assertEqual(workspace.actions(), {SESSION: ["create"]})

    def test_a_destroy_waits(self):
        simulator, workspace, _ = self.hidden(calls=2)
        workspace.destroy("-refresh=false")
        self.assertEqual(simulator.count(), 0)

    def test_an_update_waits(self):
        simulator, workspace, _ = self.hidden(calls=2)
        workspace.configure(ALL.replace("  network", '  description = "new"\n  network'))
        workspace.apply("-refresh=false")
        self.assertEqual(simulator.one("sessions")["description"], "new")

    def test_what_is_gone_leaves_the_state_when_nobody_knows_the_account(self):
        simulator, workspace = self.world()
        skipped = 'provider "vns" {\n  skip_credentials_validation = true\n  skip_requesting_account_id = true\n}\n'
        workspace.configure(ALL, provider=skipped)
        workspace.apply()
        session = workspace.state()[SESSION]
        self.assertNotEqual(session["owner_id"], "")  # EC2 says it, but not whose credentials ask
        simulator.ec2("DeleteTrafficMirrorSession", TrafficMirrorSessionId=session["id"])
        workspace.age()
        self.assertEqual(workspace.actions(), {SESSION: ["create"]})
        workspace.settle()
        self.assertNotIn("GetCallerIdentity", [call["action"] for call in simulator.all_calls()])
