# SPDX-License-Identifier: MPL-2.0
"""What the main job must show, one test for each promise and named after it."""

import harness
from harness import Case
from simulator import APP_1, BALANCER, SECOND_SENSOR, SENSOR, WEB

load_tests = harness.for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
TARGET = f'resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}\n'
SESSION = f"""
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""
MODIFY = "ModifyTrafficMirrorSession"


def session(more):
    return SESSION.replace("}", more + "\n}")


def unknown(values):
    """The names in after_unknown that are not known, at any depth."""
    found = set()
    for name, value in values.items():
        if isinstance(value, dict):
            found |= unknown(value)
        elif value is True:
            found.add(name)
    return found


class Live(Case):
    """Changes under a live session. Each is one apply and leaves nothing behind."""

    def setUp(self):
        super().setUp()
        self.simulator, self.workspace_ = self.world()
        self.workspace_.configure(FILTER + TARGET + SESSION)
        self.workspace_.apply()
        self.simulator.forget_calls()

    def becomes(self, *arguments, configuration=None):
        if configuration is not None:
            self.workspace_.configure(configuration)
        self.workspace_.settle(*arguments)
        kinds = {kind: len(self.simulator.objects(kind)) for kind in ("filters", "targets", "sessions")}
        self.assertEqual(kinds, {"filters": 1, "targets": 1, "sessions": 1})
        held = self.simulator.one("sessions")
        self.assertEqual(held["trafficMirrorTargetId"], self.simulator.one("targets")["trafficMirrorTargetId"])
        self.assertEqual(held["trafficMirrorFilterId"], self.simulator.one("filters")["trafficMirrorFilterId"])
        self.assertEqual([call for call in self.simulator.calls() if call["error"]], [])

    def test_4_the_target_gets_another_interface(self):
        self.becomes(configuration=FILTER + TARGET.replace(SENSOR, SECOND_SENSOR) + SESSION)
        self.assertEqual(self.simulator.one("targets")["networkInterfaceId"], SECOND_SENSOR)

    def test_4_replace_of_the_target(self):
        self.becomes("-replace=vns_mirror_target.x")

    def test_4_replace_of_the_filter(self):
        self.becomes("-replace=vns_mirror_filter.x")

    def test_4_tainted_target(self):
        self.workspace_.run("taint", "vns_mirror_target.x")
        self.becomes()

    def test_4_the_target_resource_is_exchanged(self):
        other = f'resource "vns_mirror_target" "other" {{ network_load_balancer_arn = "{BALANCER}" }}\n'
        self.becomes(configuration=FILTER + other + SESSION.replace("vns_mirror_target.x", "vns_mirror_target.other"))
        self.assertEqual(self.simulator.one("targets")["networkLoadBalancerArn"], BALANCER)

    def test_4_moving_between_two_targets_is_one_call(self):
        other = f'resource "vns_mirror_target" "other" {{ network_load_balancer_arn = "{BALANCER}" }}\n'
        self.workspace_.configure(FILTER + TARGET + other + SESSION)
        self.workspace_.apply()
        self.simulator.forget_calls()
        self.workspace_.configure(
            FILTER + TARGET + other + SESSION.replace("vns_mirror_target.x", "vns_mirror_target.other")
        )
        self.workspace_.settle()
        self.assertEqual(self.simulator.actions(), [MODIFY])

    def test_7_a_session_number_that_is_taken(self):
        held = self.simulator.one("sessions")["trafficMirrorSessionId"]
        second = SESSION.replace('"x"', '"second"', 1)
        before = self.workspace_.state()
        self.workspace_.configure(FILTER + TARGET + SESSION + second)
        failed = self.workspace_.apply(expect=(1,))
        self.assertIn(held, failed.words)
        self.assertIn(f"terraform import vns_mirror_session.NAME {held}", failed.words)
        self.assertEqual(self.workspace_.state(), before)
        self.assertEqual(len(self.simulator.objects("sessions")), 1)
        # The same for an update.
        self.workspace_.configure(FILTER + TARGET + SESSION + second.replace("}", "session_number = 2\n}"))
        self.workspace_.settle()
        before = self.workspace_.state()
        self.workspace_.configure(FILTER + TARGET + SESSION + second)
        self.assertIn(held, self.workspace_.apply(expect=(1,)).words)
        self.assertEqual(self.workspace_.state(), before)


class MustShow(Case):
    def test_3_an_empty_filter_is_known_in_the_plan(self):
        _, workspace = self.world()
        workspace.configure(FILTER)
        change = workspace.changes()["vns_mirror_filter.x"]
        self.assertEqual(
            unknown(change["after_unknown"]), {"id", "arn", "owner_id", "traffic_mirror_filter_rule_id"}
        )
        self.assertEqual(change["after"]["deviations"], [])
        # No warning: a user never writes a recommended setting. (One is the host's, of development overrides.)
        self.assertNotIn("recommended", workspace.plan().words)

    def test_5_one_rule_is_one_call(self):
        simulator, workspace = self.world()

        def rules(*lines):
            workspace.configure(
                'resource "vns_mirror_filter" "x" {\n  ingress_rules = {\n' + "\n".join(lines) + "\n  }\n}\n"
            )

        rules("1 = {}", '2 = { source_cidr_block = "10.0.0.0/8" }')
        workspace.apply()
        for lines, action in [
            (("1 = {}", '2 = { source_cidr_block = "10.0.0.0/8", rule_action = "reject" }'), "Modify"),
            (
                ("1 = {}", '2 = { source_cidr_block = "10.0.0.0/8", rule_action = "reject" }', "3 = {}"),
                "Create",
            ),
        ]:
            with self.subTest(action):
                rules(*lines)
                simulator.forget_calls()
                workspace.apply()
                self.assertEqual(simulator.actions(), [action + "TrafficMirrorFilterRule"])
                others = {call["action"] for call in simulator.all_calls() if call["service"] == "ec2"}
                self.assertEqual(
                    {name for name in others if not name.startswith("Describe")}, {action + "TrafficMirrorFilterRule"}
                )
                workspace.assert_no_changes()

    def assert_field_is_removed(self, address, with_it, without_it, attribute, action, field):
        simulator, workspace = self.world()
        workspace.configure(with_it)
        workspace.settle()
        workspace.configure(without_it)
        change = workspace.changes()[address]
        self.assertEqual(change["actions"], ["update"])
        self.assertIn(attribute, workspace.plan().stdout)
        simulator.forget_calls()
        workspace.apply("saved.plan")
        (call,) = simulator.calls()
        self.assertEqual(call["action"], action)
        self.assertEqual(call["parameters"]["RemoveField.1"], field)
        workspace.assert_no_changes()

    def test_6_packet_length_and_then_without_it(self):
        self.assert_field_is_removed(
            "vns_mirror_session.x",
            FILTER + TARGET + session("packet_length = 100"),
            FILTER + TARGET + SESSION,
            "packet_length",
            MODIFY,
            "packet-length",
        )

    def test_6_virtual_network_id_and_then_without_it(self):
        self.assert_field_is_removed(
            "vns_mirror_session.x",
            FILTER + TARGET + session("virtual_network_id = 7"),
            FILTER + TARGET + SESSION,
            "virtual_network_id",
            MODIFY,
            "virtual-network-id",
        )

    def test_6_ports_and_description_of_a_rule_and_then_without_them(self):
        def rule(arguments):
            return f'resource "vns_mirror_filter" "x" {{\n  ingress_rules = {{ 1 = {{ {arguments} }} }}\n}}\n'

        for attribute, value, field in [
            ("source_port_range", "{ from_port = 1, to_port = 2 }", "source-port-range"),
            ("destination_port_range", "{ from_port = 1, to_port = 2 }", "destination-port-range"),
            ("description", '"web"', "description"),
        ]:
            with self.subTest(attribute):
                self.assert_field_is_removed(
                    "vns_mirror_filter.x",
                    rule(f"protocol = 6, {attribute} = {value}"),
                    rule("protocol = 6"),
                    attribute,
                    "ModifyTrafficMirrorFilterRule",
                    field,
                )

    def test_8_a_trace_contains_neither_secret_key_nor_token(self):
        token = "a-session-token-that-nobody-may-see"
        simulator, workspace = self.world(
            seed={
                "network_interfaces": [],
                "credentials": [{"access_key": "AKIDTRACE", "secret_key": "a-secret-nobody-may-see", "token": token}],
            }
        )
        in_block = (
            f'provider "vns" {{\n  access_key = "AKIDTRACE"\n  secret_key = "a-secret-nobody-may-see"\n'
            f'  token      = "{token}"\n}}\n'
        )
        in_environment = {
            "AWS_ACCESS_KEY_ID": "AKIDTRACE",
            "AWS_SECRET_ACCESS_KEY": "a-secret-nobody-may-see",
            "AWS_SESSION_TOKEN": token,
        }
        for provider, environment in [(in_block, {}), ('provider "vns" {}\n', in_environment)]:
            workspace.configure(FILTER, provider=provider)
            log = workspace.folder / "trace.log"
            shown = workspace.plan(environment={"TF_LOG": "trace", "TF_LOG_PATH": str(log), **environment})
            # The plan must have asked with these credentials, and the provider must have had its say.
            self.assertEqual({call["error"] for call in simulator.all_calls()}, {None})
            written = log.read_text()
            self.assertIn("PlanResourceChange", written)
            self.assertNotIn("nobody-may-see", shown.text)
            self.assertNotIn("nobody-may-see", written)
            log.unlink()

    def test_10_a_rejecting_rule_warns_at_the_line_of_its_map(self):
        _, workspace = self.world()
        workspace.configure(
            'resource "vns_mirror_filter" "x" {\n'
            "  ingress_rules = {\n"
            '    100 = { rule_action = "reject" }\n'
            "  }\n"
            "}\n"
        )
        line = 1 + (workspace.folder / "main.tf").read_text().splitlines().index("  ingress_rules = {")
        shown = workspace.plan()
        self.assertIn("Warning: ", shown.stdout)
        self.assertIn("rule_action", shown.words)
        self.assertRegex(shown.words, rf"on main\.tf line {line}, in resource \"vns_mirror_filter\" \"x\"")
