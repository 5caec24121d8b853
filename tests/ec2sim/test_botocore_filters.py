# SPDX-License-Identifier: MPL-2.0
"""Filters and their rules."""

import unittest

from simulator import BALANCER, WEB, SimulatorTest

TAGS = [
    {
        "ResourceType": "traffic-mirror-filter",
        "Tags": [{"Key": "Name", "Value": "a"}, {"Key": "empty", "Value": ""}],
    }
]
MISSING_FILTER = "tmf-00000000000000000"
MISSING_RULE = "tmfr-00000000000000000"


class Filters(SimulatorTest):
    def describe(self, **more):
        return self.ec2.describe_traffic_mirror_filters(**more)["TrafficMirrorFilters"]

    def test_life(self):
        made = self.ec2.create_traffic_mirror_filter(Description="a b&<c>\"'é/*~", TagSpecifications=TAGS)
        self.assertTrue(made["ClientToken"])
        made = made["TrafficMirrorFilter"]
        filter_id = made["TrafficMirrorFilterId"]
        self.assertRegex(filter_id, "^tmf-[0-9a-f]{17}$")
        self.assertEqual(made["Description"], "a b&<c>\"'é/*~")
        self.assertEqual(made["Tags"], TAGS[0]["Tags"])
        self.assertEqual(made["NetworkServices"], [])
        self.assertEqual(self.describe(TrafficMirrorFilterIds=[filter_id]), [made])
        modify = self.ec2.modify_traffic_mirror_filter_network_services
        for _ in range(2):  # the second time it is there already
            changed = modify(TrafficMirrorFilterId=filter_id, AddNetworkServices=["amazon-dns"])
            self.assertEqual(changed["TrafficMirrorFilter"]["NetworkServices"], ["amazon-dns"])
        changed = modify(TrafficMirrorFilterId=filter_id, RemoveNetworkServices=["amazon-dns"])
        self.assertEqual(changed["TrafficMirrorFilter"]["NetworkServices"], [])
        with self.refused("InvalidParameterValue"):
            modify(TrafficMirrorFilterId=filter_id, AddNetworkServices=["amazon-ntp"])
        self.rule_of(filter_id)
        deleted = self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=filter_id)
        self.assertEqual(deleted["TrafficMirrorFilterId"], filter_id)
        self.assertEqual(self.describe(), [])
        self.assertEqual(self.simulator.objects(), 0)  # the rule went with it

    def test_not_there(self):
        code = "InvalidTrafficMirrorFilterId.NotFound"
        with self.refused(code, MISSING_FILTER):
            self.describe(TrafficMirrorFilterIds=[MISSING_FILTER])
        with self.refused(code, MISSING_FILTER):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=MISSING_FILTER)
        with self.refused(code, MISSING_FILTER):
            self.ec2.modify_traffic_mirror_filter_network_services(TrafficMirrorFilterId=MISSING_FILTER)
        with self.refused(code, MISSING_FILTER):
            self.rule_of(MISSING_FILTER)
        with self.refused("InvalidTrafficMirrorFilterId.Malformed"):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId="tmf-xyz")

    def test_one_missing_id_fails_all(self):
        filter_id = self.make_filter()
        with self.refused("InvalidTrafficMirrorFilterId.NotFound", "IDs"):
            self.describe(TrafficMirrorFilterIds=[filter_id, MISSING_FILTER, "tmf-11111111111111111"])

    def test_in_use(self):
        filter_id = self.make_filter()
        session = self.session_of(WEB, self.make_target(NetworkLoadBalancerArn=BALANCER), filter_id)
        with self.refused("TrafficMirrorFilterInUse", session["TrafficMirrorSessionId"]):
            self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=filter_id)
        self.ec2.delete_traffic_mirror_session(TrafficMirrorSessionId=session["TrafficMirrorSessionId"])
        self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=filter_id)


class Quotas(SimulatorTest):
    seed = {"quotas": {"filters": 2, "rules_per_filter": 2}}

    def test_quotas(self):
        filter_id = self.make_filter()
        self.make_filter()
        with self.refused("TrafficMirrorFilterLimitExceeded"):
            self.make_filter()
        self.rule_of(filter_id, 1)
        self.rule_of(filter_id, 1, "egress")
        with self.refused("TrafficMirrorFilterRuleLimitExceeded"):
            self.rule_of(filter_id, 2)


class Rules(SimulatorTest):
    def setUp(self):
        super().setUp()
        self.filter_id = self.make_filter()

    def modify(self, rule, **more):
        rule_id = rule["TrafficMirrorFilterRuleId"]
        answer = self.ec2.modify_traffic_mirror_filter_rule(TrafficMirrorFilterRuleId=rule_id, **more)
        return answer["TrafficMirrorFilterRule"]

    def delete(self, rule):
        rule_id = rule["TrafficMirrorFilterRuleId"]
        return self.ec2.delete_traffic_mirror_filter_rule(TrafficMirrorFilterRuleId=rule_id)

    def listed(self):
        (found,) = self.ec2.describe_traffic_mirror_filters()["TrafficMirrorFilters"]
        return found["IngressFilterRules"], found["EgressFilterRules"]

    def test_life(self):
        ports = {"FromPort": 0, "ToPort": 65535}
        rule = self.rule_of(
            self.filter_id, 32766, Protocol=17, SourcePortRange=ports, DestinationPortRange=ports, Description="d"
        )
        self.assertRegex(rule["TrafficMirrorFilterRuleId"], "^tmfr-[0-9a-f]{17}$")
        self.assertEqual((rule["RuleNumber"], rule["Protocol"], rule["SourcePortRange"]), (32766, 17, ports))
        plain = self.rule_of(self.filter_id, 32766, "egress")
        self.assertNotIn("Protocol", plain)
        self.assertNotIn("Description", plain)
        self.assertEqual(self.listed(), ([rule], [plain]))
        moved = self.modify(rule, TrafficDirection="egress", RuleNumber=1, RuleAction="reject")
        self.assertEqual(self.listed(), ([], [moved, plain]))
        self.assertEqual((moved["RuleAction"], moved["Protocol"], moved["Description"]), ("reject", 17, "d"))
        fields = ["source-port-range", "destination-port-range", "protocol", "description"]
        bare = self.modify(moved, RemoveFields=fields)
        for name in ("Protocol", "SourcePortRange", "DestinationPortRange", "Description"):
            self.assertNotIn(name, bare)
        deleted = self.delete(rule)
        self.assertEqual(deleted["TrafficMirrorFilterRuleId"], rule["TrafficMirrorFilterRuleId"])
        self.assertEqual(self.listed(), ([], [plain]))
        with self.refused("InvalidTrafficMirrorFilterRuleId.NotFound"):
            self.modify(rule)
        with self.refused("InvalidTrafficMirrorFilterRuleId.NotFound"):
            self.delete(rule)

    def test_number_is_unique_in_its_direction(self):
        first = self.rule_of(self.filter_id, 1)
        self.rule_of(self.filter_id, 1, "egress")
        second = self.rule_of(self.filter_id, 2)
        with self.refused("TrafficMirrorFilterRuleAlreadyExists", first["TrafficMirrorFilterRuleId"]):
            self.rule_of(self.filter_id, 1)
        with self.refused("TrafficMirrorFilterRuleAlreadyExists"):
            self.modify(second, RuleNumber=1)
        self.modify(second, RuleNumber=2)

    def test_values(self):
        for number in (0, 32767):
            with self.refused("InvalidParameterValue", "RuleNumber"):
                self.rule_of(self.filter_id, number)
        for wrong in (
            {"TrafficDirection": "both"},
            {"RuleAction": "drop"},
            {"Protocol": 256},
            {"SourceCidrBlock": "10.0.0.0"},
            {"SourceCidrBlock": "10.0.0.0/33"},
            {"SourceCidrBlock": "10.0.0.1/8"},
            {"DestinationCidrBlock": "::/0"},
            {"Protocol": 6, "SourcePortRange": {"FromPort": 2, "ToPort": 1}},
            {"Protocol": 6, "SourcePortRange": {"FromPort": 0, "ToPort": 65536}},
        ):
            with self.subTest(wrong), self.refused("InvalidParameterValue"):
                self.rule_of(self.filter_id, **wrong)
        for wrong in ({}, {"Protocol": 1}):
            with self.subTest(wrong), self.refused("InvalidParameterCombination"):
                self.rule_of(self.filter_id, SourcePortRange={"FromPort": 1, "ToPort": 1}, **wrong)
        with self.refused("MissingParameter"):
            self.rule_of(self.filter_id, Protocol=6, SourcePortRange={"FromPort": 1})
        self.rule_of(self.filter_id, SourceCidrBlock="2001:db8::/32", DestinationCidrBlock="::/0")

    def test_modify_judges_the_whole_rule(self):
        ports = {"FromPort": 1, "ToPort": 1}
        rule = self.rule_of(self.filter_id, Protocol=6, SourcePortRange=ports)
        for wrong in (
            {"RemoveFields": ["protocol"]},
            {"Protocol": 1},
            {"SourcePortRange": ports},  # without the protocol
            {"Description": "d", "RemoveFields": ["description"]},
        ):
            with self.subTest(wrong), self.refused("InvalidParameterCombination"):
                self.modify(rule, **wrong)
        with self.refused("InvalidParameterValue"):
            self.modify(rule, SourceCidrBlock="::/0")
        with self.refused("InvalidParameterValue"):
            self.modify(rule, RemoveFields=["rule-number"])
        self.assertEqual(self.listed()[0], [rule])  # nothing of that was done
        self.modify(rule, SourceCidrBlock="::/0", DestinationCidrBlock="::/0")
        self.modify(rule, Protocol=17, DestinationPortRange=ports)

    def test_tags_and_describe_rules(self):
        """Newer than Debian's botocore, so the parameters are written out."""
        parameters = {
            "TrafficMirrorFilterId": self.filter_id,
            "TrafficDirection": "ingress",
            "RuleNumber": "7",
            "RuleAction": "accept",
            "SourceCidrBlock": "10.0.0.0/8",
            "DestinationCidrBlock": "0.0.0.0/0",
            "TagSpecification.1.ResourceType": "traffic-mirror-filter-rule",
            "TagSpecification.1.Tag.1.Key": "k",
            "TagSpecification.1.Tag.1.Value": "v",
        }
        status, root = self.simulator.raw("CreateTrafficMirrorFilterRule", parameters)
        self.assertEqual(status, 200)
        rule_id = root.findtext("trafficMirrorFilterRule/trafficMirrorFilterRuleId")
        self.assertEqual(root.findtext("trafficMirrorFilterRule/tagSet/item/value"), "v")
        _, root = self.simulator.raw(
            "ModifyTrafficMirrorFilterRule", {"TrafficMirrorFilterRuleId": rule_id, "RuleNumber": "8"}
        )
        self.assertIsNone(root.find("trafficMirrorFilterRule/tagSet"))
        self.rule_of(self.make_filter())
        for wanted in (
            {"TrafficMirrorFilterId": self.filter_id},
            {"TrafficMirrorFilterRuleId.1": rule_id},
            {"Filter.1.Name": "rule-number", "Filter.1.Value.1": "8"},
            {"Filter.1.Name": "source-cidr-block", "Filter.1.Value.1": "10.*"},
            {"Filter.1.Name": "tag:k", "Filter.1.Value.1": "x", "Filter.1.Value.2": "v"},
        ):
            status, root = self.simulator.raw("DescribeTrafficMirrorFilterRules", wanted)
            self.assertEqual(status, 200)
            found = [item.findtext("trafficMirrorFilterRuleId") for item in root.find("trafficMirrorFilterRuleSet")]
            self.assertEqual(found, [rule_id], wanted)
        status, code = self.raw_error(
            "DescribeTrafficMirrorFilterRules", {"TrafficMirrorFilterRuleId.1": MISSING_RULE}
        )
        self.assertEqual((status, code), (400, "InvalidTrafficMirrorFilterRuleId.NotFound"))


if __name__ == "__main__":
    unittest.main()
