# SPDX-License-Identifier: MPL-2.0
"""Errors as a person sees them."""

import harness
from gatekeeper import Gatekeeper
from harness import Case
from simulator import BALANCER, NOT_ELIGIBLE, SENSOR, WEB

load_tests = harness.for_each_host

FILTER = 'resource "vns_mirror_filter" "x" {}\n'
TARGET = f'resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}\n'


def session(interface=WEB, more=""):
    return f"""
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{interface}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
  {more}
}}
"""


class Errors(Case):
    def test_no_credentials(self):
        simulator, workspace = self.world()
        workspace.configure(FILTER)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del workspace.environment[name]
        failed = workspace.apply(expect=(1,))
        self.assertIn("credentials", failed.words)
        self.assertIn("AWS_ACCESS_KEY_ID", failed.words)
        self.assertEqual(simulator.all_calls(), [])

    def test_half_of_the_credentials(self):
        _, workspace = self.world()
        workspace.configure(FILTER)
        del workspace.environment["AWS_SECRET_ACCESS_KEY"]
        self.assertIn("AWS_SECRET_ACCESS_KEY", workspace.apply(expect=(1,)).words)

    def test_no_region(self):
        _, workspace = self.world()
        workspace.configure(FILTER)
        del workspace.environment["AWS_REGION"]
        failed = workspace.plan(expect=(1,))
        self.assertIn("region", failed.words)
        self.assertIn("AWS_REGION", failed.words)

    def test_a_region_that_does_not_exist(self):
        simulator, workspace = self.world()
        workspace.configure('resource "vns_mirror_filter" "x" {\n  region = "xx-bad-1"\n}\n')
        failed = workspace.plan(expect=(1,))
        self.assertIn("Invalid AWS region", failed.words)
        self.assertIn('with vns_mirror_filter.x, on main.tf line 3, in resource "vns_mirror_filter" "x": 3: region =', failed.words)
        self.assertEqual(simulator.all_calls(), [])

    def test_wrong_endpoint(self):
        workspace = self.workspace()
        workspace.configure(FILTER, provider='provider "vns" {\n  max_retries = 1\n}\n')
        # Port 9 (discard) of this machine: nobody listens there.
        workspace.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
        self.assertIn("127.0.0.1:9", workspace.apply(expect=(1,)).words)

    def test_an_endpoint_that_is_not_aws(self):
        simulator, workspace = self.world()
        keeper = Gatekeeper(simulator.endpoint, page="<html><body>Please sign in</body></html>")
        self.addCleanup(keeper.stop)
        workspace.environment["AWS_ENDPOINT_URL"] = keeper.endpoint
        workspace.configure(FILTER, provider='provider "vns" {\n  max_retries = 1\n}\n')
        self.assertIn(keeper.endpoint.removeprefix("http://"), workspace.apply(expect=(1,)).words)

    def test_wrong_secret_key(self):
        _, workspace = self.world()
        workspace.configure(FILTER)
        workspace.environment["AWS_SECRET_ACCESS_KEY"] = "wrong-and-never-shown"
        failed = workspace.apply(expect=(1,))
        self.assertIn("SignatureDoesNotMatch", failed.words)
        self.assertNotIn("never-shown", failed.words)

    def kept(self, refusals, provider='provider "vns" {}\n'):
        simulator, workspace = self.world()
        keeper = Gatekeeper(simulator.endpoint, refusals)
        self.addCleanup(keeper.stop)
        workspace.environment["AWS_ENDPOINT_URL"] = keeper.endpoint
        workspace.configure(FILTER, provider=provider)
        return keeper, workspace

    def test_access_denied_names_the_missing_action(self):
        message = "You are not authorized to perform this operation. Encoded authorization failure message: abc"
        denied = (403, "UnauthorizedOperation", message)
        keeper, workspace = self.kept({"CreateTrafficMirrorFilter": denied})
        self.assertIn("ec2:CreateTrafficMirrorFilter", workspace.apply(expect=(1,)).words)
        self.assertEqual(keeper.refused, ["CreateTrafficMirrorFilter"])  # not a thing to try again
        # While refreshing too, in the plan.
        keeper, workspace = self.kept({})
        workspace.apply()
        keeper, workspace.environment["AWS_ENDPOINT_URL"] = self.denying("DescribeTrafficMirrorFilters", workspace, denied)
        self.assertIn("ec2:DescribeTrafficMirrorFilters", workspace.plan(expect=(1,)).words)

    def denying(self, action, workspace, denied):
        keeper = Gatekeeper(workspace.environment["AWS_ENDPOINT_URL"], {action: denied})
        self.addCleanup(keeper.stop)
        return keeper, keeper.endpoint

    def test_throttled_to_the_end(self):
        throttled = (503, "RequestLimitExceeded", "Request limit exceeded.")
        keeper, workspace = self.kept(
            {"CreateTrafficMirrorFilter": throttled}, provider='provider "vns" {\n  max_retries = 3\n}\n'
        )
        failed = workspace.apply(expect=(1,))
        self.assertIn("throttled", failed.words)
        self.assertIn("RequestLimitExceeded", failed.words)
        self.assertEqual(len(keeper.refused), 3)

    def test_quota_reached(self):
        _, workspace = self.world(seed={"network_interfaces": [], "quotas": {"filters": 1}})
        workspace.configure(FILTER + FILTER.replace('"x"', '"y"'))
        failed = workspace.apply(expect=(1,))
        self.assertIn("TrafficMirrorFilterLimitExceeded", failed.words)
        self.assertRegex(failed.words, "(?i)quota")

    def test_interface_not_eligible(self):
        _, workspace = self.world()
        workspace.configure(FILTER + TARGET + session(NOT_ELIGIBLE))
        failed = workspace.apply(expect=(1,))
        self.assertIn(NOT_ELIGIBLE, failed.words)
        self.assertRegex(failed.words, r"on main\.tf line \d+, in resource \"vns_mirror_session\"")

    def test_interface_that_does_not_exist(self):
        _, workspace = self.world()
        workspace.configure(FILTER + TARGET + session("eni-0ffffffffffffffff"))
        self.assertIn("eni-0ffffffffffffffff", workspace.apply(expect=(1,)).words)

    def test_what_is_in_use_names_who_uses_it(self):
        simulator, workspace = self.world()
        workspace.configure(FILTER + TARGET)
        workspace.apply()
        values = workspace.state()
        simulator.ec2(
            "CreateTrafficMirrorSession",
            NetworkInterfaceId=WEB,
            TrafficMirrorTargetId=values["vns_mirror_target.x"]["id"],
            TrafficMirrorFilterId=values["vns_mirror_filter.x"]["id"],
            SessionNumber=4,
        )
        held = simulator.one("sessions")["trafficMirrorSessionId"]
        failed = workspace.destroy(expect=(1,))
        self.assertEqual(failed.words.count(f"- {held}"), 2)  # the target's error and the filter's
        self.assertEqual(set(workspace.state()), set(values))
        simulator.ec2("DeleteTrafficMirrorSession", TrafficMirrorSessionId=held)
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)


# (what, resource, the line's beginning, words of the error)
INVALID = [
    ("session number 0", session(more="session_number = 0"), "session_number", "32766"),
    ("session number 32767", session(more="session_number = 32767"), "session_number", "32766"),
    ("virtual network -1", session(more="virtual_network_id = -1"), "virtual_network_id", "16777215"),
    ("virtual network 2^24", session(more="virtual_network_id = 16777216"), "virtual_network_id", "16777215"),
    ("packet length 0", session(more="packet_length = 0"), "packet_length", "8500"),
    ("packet length 8501", session(more="packet_length = 8501"), "packet_length", "8500"),
    ("half a session number", session(more="session_number = 1.5"), "session_number", "whole"),
    ("a huge session number", session(more="session_number = 1e5000"), "session_number", "32766, not 1e5000."),
    ("a tiny session number", session(more="session_number = -1e-400"), "session_number", "32766, not -1e-400."),
    ("an id of another kind", session("i-0123456789abcdef0"), "network_interface_id", "eni-"),
    ("a long description", session(more=f'description = "{"x" * 256}"'), "description", "255"),
    ("name and Name", session(more='name = "a"\n  tags = { Name = "b" }'), "name", "Name"),
    ("a reserved tag", session(more='tags = { "aws:x" = "1" }'), "tags", "aws:"),
    ("a long key", session(more=f'tags = {{ "{"k" * 129}" = "1" }}'), "tags", "12"),
    ("a long value", session(more=f'tags = {{ k = "{"v" * 257}" }}'), "tags", "256"),
    ("51 tags", session(more="tags = { for n in range(51) : \"k${n}\" => \"\" }"), "tags", "50"),
]


def filter_(arguments):
    return f'resource "vns_mirror_filter" "x" {{\n  {arguments}\n}}\n'


def rule(arguments, number=100):
    return filter_(f"ingress_rules = {{\n    {number} = {{ {arguments} }}\n  }}")


INVALID_FILTERS = [
    ("rule number 0", rule("", 0), "32766"),
    ("rule number 32767", rule("", 32767), "32766"),
    ("a rule named web", rule("", "web"), "web"),
    ("rule number 007", rule("", '"007"'), "007"),
    ("another action", rule('rule_action = "drop"'), "accept"),
    ("protocol 256", rule("protocol = 256"), "255"),
    ("port 65536", rule("protocol = 6, source_port_range = { from_port = 0, to_port = 65536 }"), "65535"),
    ("ports upside down", rule("protocol = 6, source_port_range = { from_port = 2, to_port = 1 }"), "from_port"),
    ("ports of ICMP", rule("protocol = 1, source_port_range = { from_port = 1, to_port = 2 }"), "TCP"),
    ("ports of everything", rule("source_port_range = { from_port = 1, to_port = 2 }"), "TCP"),
    ("no network", rule('source_cidr_block = "10.0.0.0"'), "10.0.0.0"),
    ("host bits", rule('source_cidr_block = "10.0.0.1/8"'), "10.0.0.0/8"),
    ("two families", rule('source_cidr_block = "10.0.0.0/8", destination_cidr_block = "::/0"'), "IPv6"),
    ("eleven rules", filter_("ingress_rules = { for n in range(1, 11) : n => {} }"), "10"),
]


class Invalid(Case):
    def refused(self, workspace, configuration, beginning, words):
        workspace.configure(configuration)
        failed = workspace.validate(expect=(1,))
        lines = (workspace.folder / "main.tf").read_text().splitlines()
        number = 1 + next(i for i, line in enumerate(lines) if line.strip().startswith(beginning))
        self.assertIn(f"on main.tf line {number}, in resource", failed.words)
        self.assertIn(words, failed.words)

    def test_sessions(self):
        workspace = self.workspace()
        for what, configuration, beginning, words in INVALID:
            with self.subTest(what):
                self.refused(workspace, FILTER + TARGET + configuration, beginning, words)

    def test_filters(self):
        workspace = self.workspace()
        for what, configuration, words in INVALID_FILTERS:
            with self.subTest(what):
                self.refused(workspace, configuration, "ingress_rules", words)
        self.refused(workspace, filter_('network_services = ["dns"]'), "network_services", "amazon-dns")

    def test_targets(self):
        workspace = self.workspace()
        both = f'network_interface_id = "{SENSOR}"\n  network_load_balancer_arn = "{BALANCER}"'
        for what, arguments, words in [
            ("none", "", "network_load_balancer_arn"),
            ("two", both, "network_load_balancer_arn"),
            ("no ARN", 'network_load_balancer_arn = "sensors"', "arn:"),
            ("another balancer", f'network_load_balancer_arn = "{BALANCER.replace("/net/", "/app/")}"', "net"),
            ("another id", 'gateway_load_balancer_endpoint_id = "vpc-1"', "vpce-"),
        ]:
            with self.subTest(what):
                workspace.configure(f'resource "vns_mirror_target" "x" {{\n  {arguments}\n}}\n')
                failed = workspace.validate(expect=(1,))
                self.assertIn(words, failed.words)
                self.assertIn("on main.tf line", failed.words)

    def test_what_is_not_known_is_not_complained_about(self):
        _, workspace = self.world()
        workspace.configure(
            """
resource "terraform_data" "later" { input = { number = 5, text = "10.0.0.0/8", id = "eni-0123456789abcdef0" } }
resource "vns_mirror_filter" "x" {
  name          = terraform_data.later.output.text
  ingress_rules = { 1 = { source_cidr_block = terraform_data.later.output.text, protocol = terraform_data.later.output.number } }
}
"""
            + TARGET
            + session("X", "session_number = terraform_data.later.output.number").replace(
                '"X"', "terraform_data.later.output.id"
            )
        )
        workspace.validate()
        workspace.settle()
