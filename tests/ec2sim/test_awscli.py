# SPDX-License-Identifier: MPL-2.0
"""The life of every object, and some refusals, by Debian's AWS command line: a client that no one here wrote.

VNS_TEST_PYTHON has a younger one, for what Debian's does not know."""

import json
import os
import subprocess
import unittest

from simulator import ACCESS_KEY, ACCOUNT, BALANCER, DATA_PORT, ENDPOINT, REGION, SECRET_KEY, WEB, Simulator

# The distribution's own; a newer one may stand before it on the path.
AWS = "/usr/bin/aws"
YOUNGER_AWS = os.environ["VNS_TEST_PYTHON"] + "/bin/aws"


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.stop)
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": os.environ["HOME"],
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
            "NO_PROXY": "*",
        }

    def stop(self):
        self.assertEqual(self.simulator.stop(), 0)

    def run_aws(self, *arguments, program=AWS, **environment):
        service = () if arguments[0] in ("sts", "elbv2") else ("ec2",)
        return subprocess.run(
            [program, *service, *arguments, "--endpoint-url", self.simulator.endpoint, "--output", "json"],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def aws(self, *arguments, **options):
        done = self.run_aws(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, code, *arguments, **environment):
        done = self.run_aws(*arguments, **environment)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"({code})", done.stderr)

    def test_everything(self):
        filter_id = self.check_filter()
        self.check_rules(filter_id)
        target = self.check_targets()
        self.check_sessions(filter_id, target)
        self.aws("delete-traffic-mirror-target", "--traffic-mirror-target-id", target)
        self.aws("delete-traffic-mirror-filter", "--traffic-mirror-filter-id", filter_id)
        self.refused(
            "InvalidTrafficMirrorFilterId.NotFound",
            "delete-traffic-mirror-filter",
            "--traffic-mirror-filter-id",
            filter_id,
        )
        self.assertEqual(self.simulator.objects(), 0)

    def check_filter(self):
        tags = [{"Key": "Name", "Value": "sensor"}, {"Key": "empty", "Value": ""}]
        specifications = json.dumps([{"ResourceType": "traffic-mirror-filter", "Tags": tags}])
        create = ("create-traffic-mirror-filter", "--description", "a & b", "--tag-specifications", specifications)
        made = self.aws(*create)["TrafficMirrorFilter"]
        self.assertEqual((made["Description"], made["Tags"]), ("a & b", tags))
        one = ("--traffic-mirror-filter-id", made["TrafficMirrorFilterId"])
        modify = "modify-traffic-mirror-filter-network-services"
        changed = self.aws(modify, *one, "--add-network-services", "amazon-dns")
        self.assertEqual(changed["TrafficMirrorFilter"]["NetworkServices"], ["amazon-dns"])
        changed = self.aws(modify, *one, "--remove-network-services", "amazon-dns")
        self.assertEqual(changed["TrafficMirrorFilter"]["NetworkServices"], [])
        named = self.aws("describe-traffic-mirror-filters", "--filters", "Name=tag:Name,Values=sens*")
        self.assertEqual([f["TrafficMirrorFilterId"] for f in named["TrafficMirrorFilters"]], [one[1]])
        self.refused("DryRunOperation", "create-traffic-mirror-filter", "--dry-run")
        self.aws("create-tags", "--resources", one[1], "--tags", "Key=more,Value=1")
        self.aws("delete-tags", "--resources", one[1], "--tags", "Key=empty")
        listed = self.aws("describe-tags", "--filters", f"Name=resource-id,Values={one[1]}")
        self.assertEqual([tag["Key"] for tag in listed["Tags"]], ["Name", "more"])
        return one[1]

    def check_rules(self, filter_id):
        common = (
            *("create-traffic-mirror-filter-rule", "--traffic-mirror-filter-id", filter_id),
            *("--rule-number", "100", "--rule-action", "accept"),
            *("--source-cidr-block", "0.0.0.0/0", "--destination-cidr-block", "10.0.0.0/8"),
        )
        ports = "FromPort=443,ToPort=443"
        ingress = (*common, "--traffic-direction", "ingress", "--protocol", "6", "--destination-port-range", ports)
        made = self.aws(*ingress, "--description", "web")["TrafficMirrorFilterRule"]
        self.assertEqual((made["Protocol"], made["DestinationPortRange"]), (6, {"FromPort": 443, "ToPort": 443}))
        egress = self.aws(*common, "--traffic-direction", "egress")["TrafficMirrorFilterRule"]
        self.refused("TrafficMirrorFilterRuleAlreadyExists", *ingress)
        one = ("--traffic-mirror-filter-rule-id", made["TrafficMirrorFilterRuleId"])
        modify = ("modify-traffic-mirror-filter-rule", *one)
        changed = self.aws(*modify, "--rule-action", "reject", "--remove-fields", "destination-port-range")
        self.assertEqual(changed["TrafficMirrorFilterRule"]["RuleAction"], "reject")
        self.assertNotIn("DestinationPortRange", changed["TrafficMirrorFilterRule"])
        (found,) = self.aws("describe-traffic-mirror-filters")["TrafficMirrorFilters"]
        self.assertEqual(found["EgressFilterRules"], [egress])
        self.assertEqual(found["IngressFilterRules"], [changed["TrafficMirrorFilterRule"]])
        self.check_list_of_rules(filter_id, changed["TrafficMirrorFilterRule"], egress)
        self.aws("delete-traffic-mirror-filter-rule", *one)
        self.refused("InvalidTrafficMirrorFilterRuleId.NotFound", "delete-traffic-mirror-filter-rule", *one)

    def check_list_of_rules(self, filter_id, ingress, egress):
        ask = ("describe-traffic-mirror-filter-rules", "--traffic-mirror-filter-id", filter_id)
        for more, wanted in (
            (("--max-results", "5"), [ingress, egress]),
            (("--filters", "Name=traffic-direction,Values=egress"), [egress]),
        ):
            with self.subTest(more):
                rules = self.aws(*ask, *more, program=YOUNGER_AWS)["TrafficMirrorFilterRules"]
                self.assertEqual(rules, [{**rule, "Tags": []} for rule in wanted])  # Debian's does not know tags of rules

    def check_targets(self):
        kinds = []
        for option, value in (
            ("--network-load-balancer-arn", BALANCER),
            ("--gateway-load-balancer-endpoint-id", ENDPOINT),
            ("--network-interface-id", DATA_PORT),
        ):
            made = self.aws("create-traffic-mirror-target", option, value)["TrafficMirrorTarget"]
            self.assertEqual(made["OwnerId"], ACCOUNT)
            kinds.append(made["Type"])
        self.assertEqual(kinds, ["network-load-balancer", "gateway-load-balancer-endpoint", "network-interface"])
        *others, last = self.aws("describe-traffic-mirror-targets")["TrafficMirrorTargets"]
        for other in others:
            self.aws("delete-traffic-mirror-target", "--traffic-mirror-target-id", other["TrafficMirrorTargetId"])
        missing = "eni-00000000000000000"
        self.refused("InvalidTrafficMirrorTarget", "create-traffic-mirror-target", "--network-interface-id", missing)
        return last["TrafficMirrorTargetId"]

    def check_sessions(self, filter_id, target):
        create = (
            *("create-traffic-mirror-session", "--traffic-mirror-filter-id", filter_id),
            *("--traffic-mirror-target-id", target, "--session-number", "1", "--network-interface-id"),
        )
        token = ("--client-token", "token", "--packet-length", "100")
        made = self.aws(*create, WEB, *token)["TrafficMirrorSession"]
        self.assertEqual((made["SessionNumber"], made["PacketLength"]), (1, 100))
        self.assertEqual(self.aws(*create, WEB, *token)["TrafficMirrorSession"], made)
        self.refused("IdempotentParameterMismatch", *create, WEB, "--client-token", "token")
        self.refused("InvalidParameterValue", *create, WEB)
        self.refused("NetworkInterfaceNotSupported", *create, "eni-0000000000000000e")
        self.refused("TrafficMirrorTargetInUse", "delete-traffic-mirror-target", "--traffic-mirror-target-id", target)
        delete_filter = ("delete-traffic-mirror-filter", "--traffic-mirror-filter-id", filter_id)
        self.refused("TrafficMirrorFilterInUse", *delete_filter)
        one = ("--traffic-mirror-session-id", made["TrafficMirrorSessionId"])
        modify = ("modify-traffic-mirror-session", *one, "--session-number", "2", "--remove-fields", "packet-length")
        changed = self.aws(*modify)["TrafficMirrorSession"]
        self.assertEqual(changed["SessionNumber"], 2)
        self.assertNotIn("PacketLength", changed)
        wanted = f"Name=network-interface-id,Values={WEB}"
        found = self.aws("describe-traffic-mirror-sessions", "--filters", wanted)["TrafficMirrorSessions"]
        self.assertEqual(found, [changed])
        self.aws("delete-traffic-mirror-session", *one)
        self.assertEqual(self.aws("describe-traffic-mirror-sessions")["TrafficMirrorSessions"], [])

    def test_lists(self):
        found = self.aws("describe-network-interfaces", "--filters", "Name=tag:Mirror,Values=true")
        self.assertEqual(len(found["NetworkInterfaces"]), 3)
        self.assertTrue(self.aws("describe-instances", "--page-size", "5")["Reservations"])
        self.assertTrue(self.aws("describe-instance-types", "--instance-types", "m5.large")["InstanceTypes"])
        self.assertTrue(self.aws("describe-security-groups")["SecurityGroups"])
        self.assertTrue(self.aws("elbv2", "describe-load-balancers")["LoadBalancers"])
        listeners = self.aws("elbv2", "describe-listeners", "--load-balancer-arn", BALANCER)["Listeners"]
        self.assertEqual(listeners[0]["Port"], 4789)

    def test_identity(self):
        self.assertEqual(self.aws("sts", "get-caller-identity")["Account"], ACCOUNT)
        wrong = {"AWS_SECRET_ACCESS_KEY": "wrong"}
        self.refused("SignatureDoesNotMatch", "sts", "get-caller-identity", **wrong)
        self.refused("AuthFailure", "describe-traffic-mirror-filters", **wrong)


if __name__ == "__main__":
    unittest.main()
