# SPDX-License-Identifier: MPL-2.0
"""A number that one session gives up in the same run in which another takes it. Hosts do both at once, in no order."""

import harness
from harness import Case
from simulator import SENSOR, WEB

load_tests = harness.for_each_host

BELOW = f"""
resource "vns_mirror_filter" "x" {{}}
resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}
"""
TAKEN = "The session number is taken"
CREATE, MODIFY, DELETE = (f"{verb}TrafficMirrorSession" for verb in ("Create", "Modify", "Delete"))


def session(name, number=1):
    return f"""
resource "vns_mirror_session" "{name}" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
  session_number           = {number}
}}
"""


class SessionNumbers(Case):
    def begin(self, *sessions):
        simulator, workspace = self.world()
        workspace.configure(BELOW + "".join(sessions))
        workspace.apply()
        simulator.forget_calls()
        return simulator, workspace

    def attempts(self, simulator, action):
        """The outcome of each call of that action: an error code, or None. Creates have one client token."""
        calls = [call for call in simulator.calls() if call["action"] == action]
        self.assertLessEqual(len({call["client_token"] for call in calls}), 1)
        return [call["error"] for call in calls]

    def check_waited(self, simulator, action):
        outcomes = self.attempts(simulator, action)
        self.assertGreater(len(outcomes), 1)
        self.assertIsNotNone(outcomes[0])
        self.assertEqual(outcomes.count(None), 1)

    def test_of_a_session_that_is_renamed(self):
        simulator, workspace = self.begin(session("x"))
        simulator.add_fault(kind="pause", stage="before", seconds=2, action=DELETE)
        workspace.configure(BELOW + session("y"))
        workspace.settle()
        self.check_waited(simulator, CREATE)
        self.assertEqual(simulator.one("sessions")["sessionNumber"], 1)

    def test_of_a_session_that_takes_another(self):
        simulator, workspace = self.begin(session("x"))
        simulator.add_fault(kind="pause", stage="before", seconds=2, action=MODIFY)
        workspace.configure(BELOW + session("x", 2) + session("y"))
        workspace.settle()
        self.check_waited(simulator, CREATE)
        self.assertEqual(sorted(each["sessionNumber"] for each in simulator.objects("sessions")), [1, 2])

    def test_of_a_session_that_goes_taken_by_one_that_stays(self):
        simulator, workspace = self.begin(session("x"), session("y", 2))
        simulator.add_fault(kind="pause", stage="before", seconds=2, action=DELETE)
        workspace.configure(BELOW + session("y"))
        workspace.settle()
        self.check_waited(simulator, MODIFY)
        self.assertEqual(simulator.one("sessions")["sessionNumber"], 1)

    def test_of_a_session_that_the_same_run_makes(self):
        """It is another resource's, so nobody is told to import it."""
        simulator, workspace = self.world()
        workspace.configure(BELOW + session("x") + session("y"))
        words = workspace.apply("-parallelism=1", expect=(1,)).words
        self.assertIn(TAKEN, words)
        self.assertIn("Another resource of this configuration has just created it", words)
        self.assertNotIn("terraform import", words)
        self.assertEqual(len([call for call in simulator.calls() if call["action"] == CREATE]), 2)
        workspace.configure(BELOW + session("x") + session("y", 2))
        workspace.settle()

    def test_of_a_stranger_s_session(self):
        simulator, workspace = self.begin(session("x"))
        found = simulator.one("sessions")
        simulator.ec2(
            CREATE,
            NetworkInterfaceId=WEB,
            TrafficMirrorTargetId=found["trafficMirrorTargetId"],
            TrafficMirrorFilterId=found["trafficMirrorFilterId"],
            SessionNumber=7,
        )
        simulator.forget_calls()
        workspace.configure(BELOW + session("x") + session("y", 7))
        words = workspace.apply(expect=(1,)).words
        self.assertIn(TAKEN, words)
        self.assertIn("terraform import vns_mirror_session.NAME tms-", words)
        self.assertEqual(len(self.attempts(simulator, CREATE)), 1)
        simulator.forget_calls()
        workspace.configure(BELOW + session("x", 7))
        self.assertIn(TAKEN, workspace.apply(expect=(1,)).words)
        self.assertEqual(len(self.attempts(simulator, MODIFY)), 1)
