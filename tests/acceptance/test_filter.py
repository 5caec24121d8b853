# SPDX-License-Identifier: MPL-2.0
"""vns_mirror_filter through its life."""

import harness
from harness import Case

load_tests = harness.for_each_host

ADDRESS = "vns_mirror_filter.x"


def filter_(arguments=""):
    return f'resource "vns_mirror_filter" "x" {{\n{arguments}\n}}\n'


def ingress(*rules):
    """ingress_rules of these (number, arguments)."""
    body = "\n".join(f"{number} = {{ {arguments} }}" for number, arguments in rules)
    return f"ingress_rules = {{\n{body}\n}}\n"


RULE = "ModifyTrafficMirrorFilterRule"
ALL_SET = (
    'rule_action = "reject", protocol = 6, source_cidr_block = "10.0.0.0/8", destination_cidr_block = "10.1.0.0/16", '
    "source_port_range = { from_port = 1024, to_port = 65535 }, "
    'destination_port_range = { from_port = 443, to_port = 443 }, description = "web"'
)

# (what, before, after, the calls that change something)
UPDATES = [
    ("name", "", 'name = "other"', ["CreateTags"]),
    ("name taken away", "", 'name = ""', ["DeleteTags"]),
    ("name from tags", "", 'tags = { Name = "other" }', ["CreateTags"]),
    ("tags", 'tags = { a = "1", b = "2" }', 'tags = { b = "3", c = "4" }', ["CreateTags", "DeleteTags"]),
    ("tags unset", 'tags = { a = "1" }', "", ["DeleteTags"]),
    ("network_services", "", "network_services = []", ["ModifyTrafficMirrorFilterNetworkServices"]),
    ("network_services unset", "network_services = []", "", ["ModifyTrafficMirrorFilterNetworkServices"]),
    ("rule_action", ingress((1, "")), ingress((1, 'rule_action = "reject"')), [RULE]),
    ("protocol", ingress((1, "")), ingress((1, "protocol = 17")), [RULE]),
    ("protocol unset", ingress((1, "protocol = 17")), ingress((1, "")), [RULE]),
    ("source_cidr_block", ingress((1, "")), ingress((1, 'source_cidr_block = "10.0.0.0/8"')), [RULE]),
    ("destination_cidr_block", ingress((1, "")), ingress((1, 'destination_cidr_block = "10.0.0.0/8"')), [RULE]),
    ("both networks by one", ingress((1, "")), ingress((1, 'source_cidr_block = "fd00::/8"')), [RULE]),
    ("rule description", ingress((1, 'description = "a"')), ingress((1, 'description = "b"')), [RULE]),
    ("rule description unset", ingress((1, 'description = "a"')), ingress((1, "")), [RULE]),
    (
        "ports",
        ingress((1, "protocol = 6, source_port_range = { from_port = 1, to_port = 2 }")),
        ingress((1, "protocol = 6, source_port_range = { from_port = 1, to_port = 3 }")),
        [RULE],
    ),
    (
        "ports unset",
        ingress((1, "protocol = 6, destination_port_range = { from_port = 1, to_port = 2 }")),
        ingress((1, "protocol = 6")),
        [RULE],
    ),
    ("everything in a rule", ingress((1, "")), ingress((1, ALL_SET)), [RULE]),
    ("everything in a rule unset", ingress((1, ALL_SET)), ingress((1, "")), [RULE]),
    ("a rule more", ingress((1, "")), ingress((1, ""), (2, "")), ["CreateTrafficMirrorFilterRule"]),
    ("a rule less", ingress((1, ""), (2, "")), ingress((1, "")), ["DeleteTrafficMirrorFilterRule"]),
    ("no rule", "", "egress_rules = {}", ["DeleteTrafficMirrorFilterRule"]),
    (
        "a rule by another number",
        ingress((1, "")),
        ingress((2, "")),
        ["CreateTrafficMirrorFilterRule", "DeleteTrafficMirrorFilterRule"],
    ),
    (
        "the recommended rules again",
        ingress((1, "")),
        "",
        ["CreateTrafficMirrorFilterRule", "DeleteTrafficMirrorFilterRule"],
    ),
]


class Filter(Case):
    def test_a_misspelled_argument_of_a_rule_is_dropped_by_the_host(self):
        """Before it reaches the provider, so that only the documentation can warn."""
        _, workspace = self.world()
        workspace.configure(filter_(ingress((1, 'acton = "reject"'))))
        self.assertNotIn("acton", workspace.validate().words)
        self.assertEqual(workspace.changes()[ADDRESS]["after"]["ingress_rules"]["1"]["rule_action"], "accept")

    def test_life(self):
        simulator, workspace = self.world()
        workspace.configure(filter_())
        workspace.settle()
        values = workspace.state()[ADDRESS]
        self.assertRegex(values["id"], "^tmf-[0-9a-f]{17}$")
        self.assertEqual(values["arn"], f"arn:aws:ec2:eu-central-1:123456789012:traffic-mirror-filter/{values['id']}")
        self.assertEqual(values["owner_id"], "123456789012")
        self.assertEqual(values["region"], "eu-central-1")
        self.assertEqual(values["tags_all"], {"Name": "VirtualNetworkSensor-TrafficMirrorFilter"})
        there = simulator.one("filters")
        self.assertEqual(there["trafficMirrorFilterId"], values["id"])
        self.assertEqual(there["networkServiceSet"], ["amazon-dns"])
        for direction in ("ingress", "egress"):
            (rule,) = there[f"{direction}FilterRuleSet"]
            number, in_state = list(values[f"{direction}_rules"].items())[0]
            self.assertEqual(number, "100")
            self.assertEqual(in_state["traffic_mirror_filter_rule_id"], rule["trafficMirrorFilterRuleId"])
            self.assertEqual(rule["tagSet"], {"Name": "VirtualNetworkSensor-TrafficMirrorFilter"})
        self.assert_imports(simulator, filter_(), {ADDRESS: values})
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)

    def test_everything_set_is_imported(self):
        simulator, workspace = self.world()
        configuration = filter_(
            'name = "n"\ndescription = "d"\nnetwork_services = []\ntags = { a = "1" }\n'
            + ingress((1, ALL_SET), (32766, 'source_cidr_block = "fd00::/8"'))
            + "egress_rules = {}\n"
        )
        workspace.configure(configuration)
        workspace.settle()
        self.assert_imports(simulator, configuration, {ADDRESS: workspace.state()[ADDRESS]})

    def test_update_of_each_argument(self):
        simulator, workspace = self.world()
        for what, before, after, calls in UPDATES:
            with self.subTest(what):
                workspace.configure(filter_(before))
                workspace.apply()
                identifier = simulator.one("filters")["trafficMirrorFilterId"]
                workspace.configure(filter_(after))
                simulator.forget_calls()
                workspace.settle()
                self.assertEqual(simulator.actions(), calls)
                self.assertEqual(simulator.one("filters")["trafficMirrorFilterId"], identifier)

    def test_replacement(self):
        for argument in ('description = "other"', 'region = "eu-west-1"'):
            with self.subTest(argument):
                simulator, workspace = self.world()
                workspace.configure(filter_())
                workspace.apply()
                workspace.configure(filter_(argument))
                self.assertEqual(workspace.actions(), {ADDRESS: ["delete", "create"]})
                workspace.settle()
                self.assertEqual(simulator.count(), 3)

    def test_rules_carry_the_tags_of_the_filter(self):
        simulator, workspace = self.world()
        workspace.configure(filter_('tags = { a = "1" }'))
        workspace.apply()
        workspace.configure(filter_('tags = { a = "2" }\n' + ingress((1, ""), (100, ""))))
        workspace.settle()
        found = simulator.one("filters")
        for rule in found["ingressFilterRuleSet"] + found["egressFilterRuleSet"]:
            self.assertEqual(rule["tagSet"], found["tagSet"])

    def test_the_tags_of_rules_are_not_read(self):
        simulator, workspace = self.world()
        workspace.configure(filter_('tags = { a = "1" }'))
        workspace.settle()
        simulator.ec2(
            "CreateTrafficMirrorFilterRule",
            TrafficMirrorFilterId=workspace.state()[ADDRESS]["id"],
            TrafficDirection="ingress",
            RuleNumber=7,
            RuleAction="reject",
            SourceCidrBlock="0.0.0.0/0",
            DestinationCidrBlock="0.0.0.0/0",
        )
        adopted = ingress((7, 'rule_action = "reject"'), (100, 'description = "Mirror all inbound traffic."'))
        simulator.forget_calls()
        workspace.configure(filter_('tags = { a = "1" }\n' + adopted))
        workspace.settle()
        self.assertEqual(simulator.calls(), [])
        workspace.configure(filter_('tags = { a = "1", b = "2" }\n' + adopted))
        workspace.settle()
        tags = {rule["ruleNumber"]: rule["tagSet"] for rule in simulator.one("filters")["ingressFilterRuleSet"]}
        self.assertEqual(tags, {7: {"b": "2"}, 100: {"Name": "VirtualNetworkSensor-TrafficMirrorFilter", "a": "1", "b": "2"}})

    def drifts(self, simulator, found):
        """(attribute, what somebody does)."""
        identifier = found["trafficMirrorFilterId"]
        rule = found["ingressFilterRuleSet"][0]["trafficMirrorFilterRuleId"]

        def modify_rule(**parameters):
            simulator.ec2(RULE, TrafficMirrorFilterRuleId=rule, **parameters)

        def tag(key, value):
            simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key=key, Tag__1__Value=value)

        def add_rule(direction):
            simulator.ec2(
                "CreateTrafficMirrorFilterRule",
                TrafficMirrorFilterId=identifier,
                TrafficDirection=direction,
                RuleNumber=7,
                RuleAction="reject",
                SourceCidrBlock="0.0.0.0/0",
                DestinationCidrBlock="0.0.0.0/0",
            )

        def service():
            simulator.ec2(
                "ModifyTrafficMirrorFilterNetworkServices",
                TrafficMirrorFilterId=identifier,
                RemoveNetworkService__1="amazon-dns",
            )

        ports = {"SourcePortRange__FromPort": 1, "SourcePortRange__ToPort": 2}
        return [
            ("name", lambda: tag("Name", "somebody's")),
            ("tags_all", lambda: tag("somebody", "was here")),
            ("tags_all", lambda: simulator.ec2("DeleteTags", ResourceId__1=identifier, Tag__1__Key="Name")),
            ("network_services", service),
            ("ingress_rules", lambda: add_rule("ingress")),
            ("egress_rules", lambda: add_rule("egress")),
            ("ingress_rules", lambda: modify_rule(RuleAction="reject")),
            ("ingress_rules", lambda: modify_rule(RuleNumber=8)),
            ("ingress_rules", lambda: modify_rule(TrafficDirection="egress", RuleNumber=9)),
            ("ingress_rules", lambda: modify_rule(Protocol=6, **ports)),
            ("ingress_rules", lambda: modify_rule(SourceCidrBlock="10.0.0.0/8")),
            ("ingress_rules", lambda: modify_rule(DestinationCidrBlock="10.0.0.0/8")),
            ("ingress_rules", lambda: modify_rule(Description="somebody's")),
            ("ingress_rules", lambda: modify_rule(RemoveField__1="description")),
            (
                "ingress_rules",
                lambda: simulator.ec2("DeleteTrafficMirrorFilterRule", TrafficMirrorFilterRuleId=rule),
            ),
        ]

    def test_drift_of_each_attribute(self):
        simulator, workspace = self.world()
        workspace.configure(filter_())
        workspace.apply()
        for number in range(len(self.drifts(simulator, simulator.one("filters")))):
            attribute, happens = self.drifts(simulator, simulator.one("filters"))[number]
            with self.subTest(number=number, attribute=attribute):
                happens()
                change = workspace.changes()[ADDRESS]
                self.assertEqual(change["actions"], ["update"])
                self.assertNotEqual(change["before"][attribute], change["after"][attribute])
                workspace.apply("saved.plan")
                workspace.assert_no_changes()

    def test_disappearance(self):
        simulator, workspace = self.world()
        workspace.configure(filter_())
        workspace.apply()
        workspace.age()
        simulator.ec2("DeleteTrafficMirrorFilter", TrafficMirrorFilterId=workspace.state()[ADDRESS]["id"])
        self.assertEqual(workspace.actions(), {ADDRESS: ["create"]})
        workspace.settle()
        # What is gone already is destroyed with success.
        workspace.age()
        simulator.ec2("DeleteTrafficMirrorFilter", TrafficMirrorFilterId=workspace.state()[ADDRESS]["id"])
        workspace.destroy("-refresh=false")
        self.assertEqual(simulator.count(), 0)

    def test_state_holds_what_exists_when_a_rule_fails(self):
        simulator, workspace = self.world(
            seed={"network_interfaces": [], "quotas": {"rules_per_filter": 2}},
        )
        rules = ingress((1, ""), (2, "")) + "egress_rules = { 3 = {} }\n"
        workspace.configure(filter_(rules))
        failed = workspace.apply(expect=(1,))
        self.assertRegex(failed.words, r"\brule [123]\b")
        there = simulator.one("filters")
        values = workspace.state()[ADDRESS]
        self.assertEqual(values["id"], there["trafficMirrorFilterId"])
        in_state = {*(values["ingress_rules"] or ()), *(values["egress_rules"] or ())}
        existing = {str(rule["ruleNumber"]) for rule in there["ingressFilterRuleSet"] + there["egressFilterRuleSet"]}
        self.assertEqual(in_state, existing)
        self.assertEqual(len(existing), 2)
        # A failed create taints: the next apply replaces it.
        workspace.configure(filter_(ingress((1, "")) + "egress_rules = {}\n"))
        self.assertEqual(workspace.actions(), {ADDRESS: ["delete", "create"]})
        workspace.settle()
        # A failed update is repaired in place.
        workspace.configure(filter_(rules))
        workspace.apply(expect=(1,))
        workspace.configure(filter_(ingress((1, ""), (2, "")) + "egress_rules = {}\n"))
        self.assertNotIn("create", workspace.actions().get(ADDRESS, []))
        workspace.settle()
