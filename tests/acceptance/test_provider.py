# SPDX-License-Identifier: MPL-2.0
"""The provider block: severity of deviations, credentials, regions, values that are known only later."""

import harness
from harness import Case
from simulator import SENSOR
from workspace import REQUIRED

load_tests = harness.for_each_host

ADDRESS = "vns_mirror_filter.x"
FILTER = 'resource "vns_mirror_filter" "x" {}\n'
DEPARTS = """
resource "vns_mirror_filter" "x" {
  network_services = []
  ingress_rules    = { 7 = { protocol = 6 } }
}
"""
SUMMARY = "Departs from the recommended sensor settings"


def provider(arguments):
    return f'provider "vns" {{\n  {arguments}\n}}\n'


class Deviations(Case):
    def test_they_are_listed_and_warned_about(self):
        _, workspace = self.world()
        workspace.configure(DEPARTS)
        shown = workspace.plan()
        self.assertIn(f"Warning: {SUMMARY}", shown.words)
        listed = workspace.changes()[ADDRESS]["after"]["deviations"]
        for words in ("network_services", "rule 7", "rule 100"):
            self.assertTrue([text for text in listed if words in text], (words, listed))
        self.assertTrue(all(text.startswith(("network_services", "ingress_rules")) for text in listed), listed)
        workspace.settle()
        self.assertEqual(workspace.state()[ADDRESS]["deviations"], listed)
        workspace.configure(FILTER)
        self.assertEqual(workspace.changes()[ADDRESS]["after"]["deviations"], [])

    def test_hosts_show_one_of_them(self):
        """As the documentation of deviation_severity says, for those who read only the warnings."""
        _, workspace = self.world()
        workspace.configure(DEPARTS)
        words = workspace.plan().words
        self.assertEqual(words.count(SUMMARY), 1)
        self.assertIn("(and 2 more similar warnings elsewhere)", words)
        self.assertEqual(len(workspace.changes()[ADDRESS]["after"]["deviations"]), 3)

    def test_severities(self):
        simulator, workspace = self.world()
        for arguments, status, severity in [
            ('deviation_severity = "warning"', 0, "Warning"),
            ('deviation_severity = "error"', 1, "Error"),
            ('deviation_severity = "none"', 0, None),
        ]:
            with self.subTest(arguments):
                workspace.configure(DEPARTS, provider=provider(arguments))
                shown = workspace.plan(expect=(status,))
                self.assertEqual(SUMMARY in shown.words, severity is not None)
                if severity:
                    self.assertIn(f"{severity}: {SUMMARY}", shown.words)
                workspace.configure(FILTER, provider=provider(arguments))
                self.assertNotIn(SUMMARY, workspace.plan().words)
        workspace.configure(FILTER, provider=provider('deviation_severity = "loud"'))
        self.assertIn("deviation_severity", workspace.validate(expect=(1,)).words)
        self.assertEqual(simulator.count(), 0)

    def test_an_error_does_not_keep_from_destroying(self):
        for arguments in ([], ["-refresh=false"]):
            with self.subTest(arguments):
                simulator, workspace = self.world()
                workspace.configure(DEPARTS, provider=provider('deviation_severity = "none"'))
                workspace.apply()
                workspace.configure(DEPARTS, provider=provider('deviation_severity = "error"'))
                self.assertIn(f"Warning: {SUMMARY}", workspace.plan("-detailed-exitcode").words)
                workspace.destroy(*arguments)
                self.assertEqual(simulator.count(), 0)
                workspace.plan(expect=(1,))

    def test_every_watched_setting(self):
        _, workspace = self.world()
        session = """
resource "vns_mirror_session" "x" {
  network_interface_id     = "eni-0123456789abcdef0"
  traffic_mirror_target_id = "tmt-0123456789abcdef0"
  traffic_mirror_filter_id = "tmf-0123456789abcdef0"
  %s
}
"""
        for setting, value in [
            ("session_number", "2"),
            ("packet_length", "100"),
            ("virtual_network_id", "7"),
            ("description", '"d"'),
            ("name", '"n"'),
        ]:
            with self.subTest(setting):
                workspace.configure(session % f"{setting} = {value}")
                (text,) = workspace.changes()["vns_mirror_session.x"]["after"]["deviations"]
                self.assertTrue(text.startswith(f"{setting} is "), text)


class Provider(Case):
    def test_credentials_and_endpoints_in_the_block(self):
        simulator, workspace = self.world()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"):
            del workspace.environment[name]
        block = f"""
  region     = "us-west-2"
  access_key = "AKIDSIMULATOR"
  secret_key = "simulator-secret"
  endpoints {{
    ec2 = "{simulator.endpoint}"
    sts = "{simulator.endpoint}"
  }}
"""
        workspace.configure(FILTER, provider=provider(block))
        workspace.settle()
        self.assertEqual(workspace.state()[ADDRESS]["region"], "us-west-2")
        self.assertEqual({call["region"] for call in simulator.all_calls()}, {"us-west-2"})

    def test_the_block_goes_before_the_environment(self):
        simulator, workspace = self.world()
        workspace.environment.update(AWS_ENDPOINT_URL_EC2=simulator.endpoint, AWS_ENDPOINT_URL_STS=simulator.endpoint)
        workspace.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"  # the services' own variables go before it
        workspace.configure(FILTER, provider=provider('region = "eu-west-3"'))
        workspace.settle()
        self.assertEqual(len(simulator.objects("filters", "eu-west-3")), 1)

    def test_no_region(self):
        _, workspace = self.world()
        del workspace.environment["AWS_REGION"]
        config = workspace.folder / "config"
        workspace.environment.update(AWS_CONFIG_FILE=str(config), AWS_PROFILE="sensors")
        workspace.configure(FILTER)
        config.write_text("[profile sensors]\n")
        refused = workspace.plan(expect=(1,)).words
        self.assertIn("No AWS region", refused)
        # Where a region may come from, all of it: a profile is in use here.
        for place in ("`region` in the provider block", "AWS_REGION in the environment", '"region" in the profile'):
            self.assertIn(place, refused)
        config.write_text("[profile sensors]\nregion = eu-west-3\n")
        self.assertEqual(workspace.changes()[ADDRESS]["after"]["region"], "eu-west-3")

    def test_two_configurations_side_by_side(self):
        simulator, workspace = self.world()
        workspace.configure(
            FILTER + 'resource "vns_mirror_filter" "y" { provider = vns.other }\n',
            provider=provider("") + provider('alias = "other"\n  region = "us-east-2"'),
        )
        workspace.settle()
        self.assertEqual(len(simulator.objects("filters", "us-east-2")), 1)
        self.assertEqual(len(simulator.objects("filters")), 1)

    def test_settings_that_are_known_only_later(self):
        simulator, workspace = self.world()
        del workspace.environment["AWS_ENDPOINT_URL"], workspace.environment["AWS_REGION"]
        later = f"""
resource "terraform_data" "later" {{ input = {{ region = "eu-central-1", endpoint = "{simulator.endpoint}" }} }}
"""
        workspace.configure(
            later + FILTER,
            provider=provider(
                "region = terraform_data.later.output.region\n  endpoints {\n"
                "    ec2 = terraform_data.later.output.endpoint\n    sts = terraform_data.later.output.endpoint\n  }"
            ),
        )
        workspace.settle()
        self.assertEqual(len(simulator.objects("filters")), 1)

    def test_a_token_is_sent(self):
        simulator, workspace = self.world(
            seed={
                "network_interfaces": [{"id": SENSOR}],
                "credentials": [{"access_key": "AKIDT", "secret_key": "s", "token": "t"}],
            }
        )
        workspace.configure(
            FILTER, provider=provider('access_key = "AKIDT"\n  secret_key = "s"\n  token = "t"')
        )
        workspace.settle()
        self.assertEqual(simulator.count(), 3)

    def test_validation_needs_no_aws(self):
        workspace = self.workspace()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
            del workspace.environment[name]
        workspace.configure(FILTER)
        workspace.validate()
        schema = workspace.run("providers", "schema", "-json").stdout
        for name in ("vns_mirror_filter", "vns_mirror_target", "vns_mirror_session"):
            self.assertIn(name, schema)


class Modules(Case):
    def test_a_module_says_who_it_is(self):
        simulator, workspace = self.world()
        said = 'terraform {\n  provider_meta "vns" {\n    user_agent = ["my-module/1.2", "of (us)"]\n  }\n}\n'
        workspace.write("module/main.tf", REQUIRED + said + 'resource "vns_mirror_filter" "of_module" { name = "m" }\n')
        workspace.configure(FILTER + 'module "m" {\n  source = "./module"\n}\n')
        workspace.run("get", "-no-color")
        workspace.settle()
        workspace.destroy()
        module, root = set(), set()
        for call in simulator.calls():
            (module if call["user_agent"].endswith(" my-module/1.2 of (us)") else root).add(call["action"])
            self.assertRegex(call["user_agent"], r"(Terraform|OpenTofu)/\S+ .*terraform-provider-vns/")
        everything = {
            "CreateTrafficMirrorFilter",
            "ModifyTrafficMirrorFilterNetworkServices",
            "CreateTrafficMirrorFilterRule",
            "DeleteTrafficMirrorFilter",
        }
        self.assertEqual(module, everything)
        self.assertEqual(root, everything)
        # What a plan asks for, too: what was left behind, and what there is.
        workspace.configure('module "m" {\n  source = "./module"\n}\n')
        for refreshes in (False, True):
            simulator.forget_calls()
            workspace.plan()
            asked = [call for call in simulator.all_calls() if call["service"] == "ec2"]
            self.assertEqual([call["action"] for call in asked], ["DescribeTrafficMirrorFilters"])
            self.assertEqual("TrafficMirrorFilterId.1" in asked[0]["parameters"], refreshes)
            self.assertTrue(asked[0]["user_agent"].endswith(" my-module/1.2 of (us)"), asked)
            workspace.apply()
