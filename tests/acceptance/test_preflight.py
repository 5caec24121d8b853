# SPDX-License-Identifier: MPL-2.0
"""What a killed run left behind is named by the next plan that would create it again."""

import harness
from gatekeeper import Gatekeeper
from harness import Case
from simulator import APP_1, APP_2, SENSOR, WEB

load_tests = harness.for_each_host

NAME = "VirtualNetworkSensor-TrafficMirror"
FILTER = 'resource "vns_mirror_filter" "x" {}\n'
TARGET = f'resource "vns_mirror_target" "x" {{ network_interface_id = "{SENSOR}" }}\n'
SESSION = f"""
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""
WARNING = "already exists"


class Preflight(Case):
    def left_behind(self, simulator, kind, **more):
        """Made by nobody who remembers it. Its id."""
        kind = kind.capitalize()
        made = simulator.ec2(
            f"CreateTrafficMirror{kind}",
            TagSpecification__1__ResourceType=f"traffic-mirror-{kind.lower()}",
            TagSpecification__1__Tag__1__Key="Name",
            TagSpecification__1__Tag__1__Value=NAME + kind,
            **more,
        )
        return made.findtext(f".//trafficMirror{kind}Id")

    def test_named_and_imported(self):
        simulator, workspace = self.world()
        ids = {
            "filter": self.left_behind(simulator, "filter"),
            "target": self.left_behind(simulator, "target", NetworkInterfaceId=SENSOR),
        }
        workspace.configure(FILTER + TARGET + SESSION)
        words = workspace.plan().words
        for kind, identity in ids.items():
            self.assertIn(f"terraform import vns_mirror_{kind}.NAME {identity}", words)
        self.assertEqual(words.count(WARNING), 2)
        for kind, identity in ids.items():
            workspace.run("import", "-no-color", f"vns_mirror_{kind}.x", identity)
        self.assertNotIn(WARNING, workspace.settle().words)
        self.assertEqual((len(simulator.objects("filters")), len(simulator.objects("targets"))), (1, 1))

    def test_a_session_is_named_with_what_it_uses(self):
        """Whoever lost the whole state: filter and target are in use, so that only the session leads to them."""
        simulator, workspace = self.world()
        workspace.configure(FILTER + TARGET + SESSION)
        workspace.apply()
        ids = {name: values["id"] for name, values in workspace.state().items()}
        workspace.remove("terraform.tfstate")
        simulator.forget_calls()
        words = workspace.plan().words
        listings = [call for call in simulator.all_calls() if call["action"] == "DescribeTrafficMirrorSessions"]
        self.assertEqual(len([call for call in listings if "Filter.1.Name" not in call["parameters"]]), 1)
        for address, identity in ids.items():
            self.assertIn(f"terraform import {address.replace('.x', '.NAME')} {identity}", words)
        self.assertEqual(words.count(WARNING), 1)
        for address, identity in ids.items():
            workspace.run("import", "-no-color", address, identity)
        self.assertNotIn(WARNING, workspace.settle().words)
        self.assertEqual(simulator.count(), len(ids) + 2)  # and the filter's rules

    def test_the_command_names_a_region_that_is_not_the_provider_s(self):
        _, workspace = self.world()
        elsewhere = '{\n  region = "us-east-1"\n  '
        target = TARGET.replace(" }", "\n}")
        workspace.configure("".join(each.replace("{", elsewhere) for each in (FILTER, target, SESSION)))
        workspace.apply()
        ids = {address: f"{values['id']}@us-east-1" for address, values in workspace.state().items()}
        workspace.remove("terraform.tfstate")
        words = workspace.plan().words
        for address, identity in ids.items():
            self.assertIn(f"terraform import {address.replace('.x', '.NAME')} {identity}", words)
        words = workspace.apply(expect=(1,)).words
        self.assertIn(f"terraform import vns_mirror_session.NAME {ids['vns_mirror_session.x']}", words)
        workspace.destroy()
        for address, identity in ids.items():
            workspace.run("import", "-no-color", address, identity)
        workspace.assert_no_changes()

    def test_a_session_that_is_replaced_or_known_is_not_named(self):
        _, workspace = self.world()
        workspace.configure(FILTER + TARGET + SESSION)
        workspace.apply()
        self.assertNotIn(WARNING, workspace.plan("-replace=vns_mirror_session.x").words)
        other = SESSION.replace('"x"', '"y"').replace("= \"" + WEB, "= \"" + APP_1)
        workspace.configure(FILTER + TARGET + SESSION + other)
        self.assertNotIn(WARNING, workspace.plan().words)

    def test_an_object_of_another_provider_block_is_named(self):
        """Each block is a process of its own, which does not see the state of the others: the warning says so."""
        _, workspace = self.world()
        providers = 'provider "vns" {}\nprovider "vns" { alias = "other" }\n'
        workspace.configure(FILTER, provider=providers)
        workspace.apply()
        workspace.configure(FILTER + FILTER.replace('"x" {}', '"y" { provider = vns.other }'), provider=providers)
        words = workspace.plan().words
        self.assertEqual(words.count(WARNING), 1)
        self.assertIn("or if that has another provider block)", words)

    def test_skipped(self):
        simulator, workspace = self.world()
        self.left_behind(simulator, "filter")
        workspace.configure(FILTER, provider='provider "vns" {\n  skip_preflight = true\n}\n')
        simulator.forget_calls()
        self.assertNotIn(WARNING, workspace.plan().words)
        self.assertEqual([call["action"] for call in simulator.all_calls()], ["GetCallerIdentity"])

    def test_others_of_other_names_or_in_use(self):
        simulator, workspace = self.world()
        first = self.workspace(simulator)
        first.configure(FILTER + TARGET + SESSION)
        first.apply()
        self.left_behind(simulator, "target", NetworkInterfaceId=SENSOR)
        workspace.configure(FILTER + TARGET.replace("{ ", '{\n  name = "another"\n  ').replace(" }", "\n}"))
        self.assertNotIn(WARNING, workspace.plan().words)

    def test_one_among_many_in_use(self):
        """However many there are of the name, and however many are planned, the look costs two listings."""
        simulator, workspace = self.world()
        target = self.left_behind(simulator, "target", NetworkInterfaceId=SENSOR)
        for number in range(12):
            simulator.ec2(
                "CreateTrafficMirrorSession",
                NetworkInterfaceId=(WEB, APP_1, APP_2, "eni-0000000000000000d")[number % 4],
                SessionNumber=number // 4 + 1,
                TrafficMirrorTargetId=target,
                TrafficMirrorFilterId=self.left_behind(simulator, "filter"),
            )
        left = self.left_behind(simulator, "filter")
        workspace.configure('resource "vns_mirror_filter" "x" {\n  count = 20\n}\n')
        simulator.forget_calls()
        words = workspace.plan().words
        self.assertEqual(words.count(WARNING), 1)
        self.assertIn(f"terraform import vns_mirror_filter.NAME {left}", words)
        actions = [call["action"] for call in simulator.all_calls()]
        self.assertEqual(
            sorted(actions), ["DescribeTrafficMirrorFilters", "DescribeTrafficMirrorSessions", "GetCallerIdentity"]
        )

    def test_those_in_the_state(self):
        _, workspace = self.world()
        workspace.configure(FILTER)
        workspace.apply()
        workspace.configure(FILTER + FILTER.replace('"x"', '"y"'))
        self.assertNotIn(WARNING, workspace.plan().words)

    def test_those_in_the_state_that_are_no_target(self):
        """The host shows the provider nothing of them: the warning comes, and says that it may be wrong."""
        _, workspace = self.world()
        workspace.configure(FILTER + TARGET + SESSION)
        workspace.apply()
        workspace.configure(FILTER + TARGET + SESSION + FILTER.replace('"x"', '"y"'))
        workspace.apply("-target=vns_mirror_filter.y")
        workspace.configure(FILTER + TARGET + SESSION + FILTER.replace('"x"', '"y"') + FILTER.replace('"x"', '"z"'))
        words = workspace.plan("-target=vns_mirror_filter.z").words
        self.assertIn(WARNING, words)
        self.assertIn("by another resource of this configuration (which the provider cannot know with -target,", words)
        self.assertNotIn(WARNING, workspace.plan().words)

    def test_those_in_the_state_without_a_refresh(self):
        _, workspace = self.world()
        many = 'resource "vns_mirror_filter" "%s" {\n  count = 5\n}\n'
        workspace.configure(many % "x")
        workspace.apply()
        workspace.configure(many % "x" + many % "y")
        self.assertNotIn(WARNING, workspace.plan("-refresh=false").words)

    def test_an_apply_looks_no_further_than_it_must(self):
        simulator, workspace = self.world()
        workspace.configure(FILTER)
        workspace.apply()
        after_target = FILTER.replace('"x" {}', '"y" {\n  depends_on = [vns_mirror_target.x]\n}')
        workspace.configure(FILTER + TARGET + after_target)
        workspace.plan("-out=saved.plan")
        simulator.forget_calls()
        self.assertNotIn(WARNING, workspace.apply("saved.plan").words)
        looks = [call["action"] for call in simulator.all_calls() if call["action"].startswith("Describe")]
        if self.host.product == "Terraform" and self.host.version >= (1, 16):
            self.assertEqual(looks, [])  # it says which plan it is
        else:
            self.assertEqual(looks, ["DescribeTrafficMirrorTargets"])  # before the first change was applied

    def test_a_plan_does_not_wait_for_the_look(self):
        simulator, workspace = self.world()
        simulator.add_fault(kind="error", action="DescribeTrafficMirror*", code="Unavailable", status=503, count=0)
        workspace.configure(FILTER + TARGET)
        simulator.forget_calls()
        self.assertEqual(workspace.plan().words.count("Cannot check whether"), 2)
        looks = [call["action"] for call in simulator.all_calls() if call["action"].startswith("Describe")]
        self.assertEqual(sorted(looks), ["DescribeTrafficMirrorFilters"] * 2 + ["DescribeTrafficMirrorTargets"] * 2)

    def test_one_listing_for_many(self):
        simulator, workspace = self.world()
        workspace.configure('resource "vns_mirror_filter" "x" {\n  count = 20\n}\n')
        simulator.forget_calls()
        workspace.plan()
        actions = [call["action"] for call in simulator.all_calls()]
        self.assertEqual(sorted(actions), ["DescribeTrafficMirrorFilters", "GetCallerIdentity"])

    def test_no_listing_when_nothing_is_created(self):
        simulator, workspace = self.world()
        workspace.configure(FILTER)
        workspace.apply()
        simulator.forget_calls()
        workspace.plan()
        (call,) = [call for call in simulator.all_calls() if call["action"].startswith("Describe")]
        self.assertIn("TrafficMirrorFilterId.1", call["parameters"])

    def test_who_may_not_list_is_told_once(self):
        simulator, workspace = self.world()
        refusal = (403, "UnauthorizedOperation", "You are not authorized to perform this operation.")
        keeper = Gatekeeper(simulator.endpoint, {"DescribeTrafficMirrorFilters": refusal})
        self.addCleanup(keeper.stop)
        workspace.environment["AWS_ENDPOINT_URL"] = keeper.endpoint
        workspace.configure(FILTER + FILTER.replace('"x"', '"y"'))
        words = workspace.plan().words
        self.assertEqual(words.count("Cannot check whether the traffic mirror filter already exists"), 1)
        self.assertIn("lack the permission ec2:DescribeTrafficMirrorFilters", words)
        self.assertEqual(keeper.refused, ["DescribeTrafficMirrorFilters"])

    def test_who_may_not_list_sessions_is_told_once(self):
        simulator, workspace = self.world()
        self.left_behind(simulator, "filter")
        refusal = (403, "UnauthorizedOperation", "You are not authorized to perform this operation.")
        keeper = Gatekeeper(simulator.endpoint, {"DescribeTrafficMirrorSessions": refusal})
        self.addCleanup(keeper.stop)
        workspace.environment["AWS_ENDPOINT_URL"] = keeper.endpoint
        workspace.configure(FILTER + FILTER.replace('"x"', '"y"'))
        words = workspace.plan().words
        self.assertIn("Cannot check whether the traffic mirror filter already exists", words)
        self.assertIn("lack the permission ec2:DescribeTrafficMirrorSessions", words)
        self.assertNotIn("cause is unknown", words)
        self.assertIn(len(keeper.refused), (1, 2))  # two plans may look at the same time
