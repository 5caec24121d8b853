# SPDX-License-Identifier: MPL-2.0
"""Orders of things: saved plans, replacement in both orders, removal of what others lean on."""

import harness
from harness import Case
from simulator import APP_1, SECOND_SENSOR, SENSOR, WEB

load_tests = harness.for_each_host


def all_of(target=SENSOR, lifecycle="", sessions=(WEB,)):
    return f"""
resource "vns_mirror_filter" "x" {{}}
resource "vns_mirror_target" "x" {{
  network_interface_id = "{target}"
  {lifecycle}
}}
""" + "".join(
        f"""
resource "vns_mirror_session" "s{number}" {{
  network_interface_id     = "{interface}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""
        for number, interface in enumerate(sessions)
    )


class Replace(Case):
    def test_a_saved_plan(self):
        simulator, workspace = self.world()
        workspace.configure(all_of())
        workspace.plan("-out=first.plan")
        workspace.apply("first.plan")
        workspace.assert_no_changes()
        workspace.configure(all_of(SECOND_SENSOR))
        workspace.plan("-out=second.plan")
        workspace.apply("second.plan")
        workspace.assert_no_changes()
        self.assertEqual(simulator.one("targets")["networkInterfaceId"], SECOND_SENSOR)
        workspace.plan("-destroy", "-out=third.plan")
        workspace.apply("third.plan")
        self.assertEqual(simulator.count(), 0)

    def test_all_sessions_of_a_replaced_target_are_replaced(self):
        simulator, workspace = self.world()
        workspace.configure(all_of(sessions=(WEB, APP_1)))
        workspace.apply()
        workspace.configure(all_of(SECOND_SENSOR, sessions=(WEB, APP_1)))
        replaced = ["delete", "create"]
        self.assertEqual(
            workspace.actions(),
            {"vns_mirror_target.x": replaced, "vns_mirror_session.s0": replaced, "vns_mirror_session.s1": replaced},
        )
        workspace.settle()
        self.assertEqual(len(simulator.objects("sessions")), 2)
        self.assertEqual(simulator.one("targets")["networkInterfaceId"], SECOND_SENSOR)

    def test_create_before_destroy(self):
        lifecycle = "lifecycle { create_before_destroy = true }"
        simulator, workspace = self.world()
        workspace.configure(all_of(lifecycle=lifecycle))
        workspace.apply()
        workspace.configure(all_of(SECOND_SENSOR, lifecycle))
        if self.host.product == "Terraform" and self.host.version == (1, 16):
            # Creates the dependent first and fails: hashicorp/terraform #39076, mended in other versions.
            workspace.apply(expect=(0, 1))
        workspace.settle()
        self.assertEqual(simulator.one("targets")["networkInterfaceId"], SECOND_SENSOR)
        self.assertEqual(len(simulator.objects("sessions")), 1)

    def test_create_before_destroy_that_a_session_gets_from_what_depends_on_it(self):
        """Hosts pass it on to all that the resource with it depends on: the session's own block may have none."""
        simulator, workspace = self.world()
        dependent = """
resource "terraform_data" "x" {
  input = vns_mirror_session.s0.id
  lifecycle { create_before_destroy = true }
}
"""
        workspace.configure(all_of() + dependent)
        workspace.apply()
        workspace.configure(all_of(SECOND_SENSOR) + dependent)
        words = workspace.apply(expect=(1,)).words
        self.assertIn("remove `create_before_destroy` from this resource and from those that depend on it", words)
        workspace.settle()
        self.assertEqual(simulator.one("targets")["networkInterfaceId"], SECOND_SENSOR)

    def test_sessions_go_before_what_they_lean_on(self):
        simulator, workspace = self.world()
        workspace.configure(all_of(sessions=(WEB, APP_1)))
        workspace.apply()
        simulator.forget_calls()
        workspace.destroy("-parallelism=64")
        order = [call["action"] for call in simulator.calls()]
        self.assertEqual(order[:2], ["DeleteTrafficMirrorSession"] * 2)
        self.assertEqual({call["error"] for call in simulator.calls()}, {None})
        self.assertEqual(simulator.count(), 0)

    def test_a_tainted_session(self):
        simulator, workspace = self.world()
        workspace.configure(all_of())
        workspace.apply()
        first = simulator.one("sessions")["trafficMirrorSessionId"]
        workspace.run("taint", "vns_mirror_session.s0")
        workspace.settle()
        self.assertNotEqual(simulator.one("sessions")["trafficMirrorSessionId"], first)

    def test_state_moves_by_name(self):
        simulator, workspace = self.world()
        workspace.configure(all_of())
        workspace.apply()
        simulator.forget_calls()
        workspace.configure(
            all_of().replace('"vns_mirror_session" "s0"', '"vns_mirror_session" "web"')
            + "moved {\n  from = vns_mirror_session.s0\n  to   = vns_mirror_session.web\n}\n"
        )
        workspace.settle()
        self.assertEqual(simulator.calls(), [])
