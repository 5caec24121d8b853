# SPDX-License-Identifier: MPL-2.0
"""Targets and sessions, and the interfaces between which they mirror."""

import unittest

from simulator import ACCOUNT, APPLICATIONS, BALANCER, DATA_PORT, ENDPOINT, TOO_NEW, WEB, SimulatorTest

MISSING_INTERFACE = "eni-00000000000000000"


class Targets(SimulatorTest):
    def test_three_kinds(self):
        for parameter, value, kind in (
            ("NetworkInterfaceId", DATA_PORT, "network-interface"),
            ("NetworkLoadBalancerArn", BALANCER, "network-load-balancer"),
            ("GatewayLoadBalancerEndpointId", ENDPOINT, "gateway-load-balancer-endpoint"),
        ):
            target = self.ec2.create_traffic_mirror_target(**{parameter: value, "Description": "d"})
            target = target["TrafficMirrorTarget"]
            self.assertRegex(target["TrafficMirrorTargetId"], "^tmt-[0-9a-f]{17}$")
            self.assertEqual((target[parameter], target["Type"], target["OwnerId"]), (value, kind, ACCOUNT))
            wanted = [target["TrafficMirrorTargetId"]]
            described = self.ec2.describe_traffic_mirror_targets(TrafficMirrorTargetIds=wanted)
            self.assertEqual(described["TrafficMirrorTargets"], [target])
            deleted = self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=wanted[0])
            self.assertEqual(deleted["TrafficMirrorTargetId"], wanted[0])
            with self.refused("InvalidTrafficMirrorTargetId.NotFound"):
                self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=wanted[0])

    def test_exactly_one(self):
        with self.refused("MissingParameter"):
            self.ec2.create_traffic_mirror_target()
        with self.refused("InvalidParameterCombination"):
            self.make_target(NetworkInterfaceId=DATA_PORT, NetworkLoadBalancerArn=BALANCER)

    def test_not_there(self):
        with self.refused("InvalidTrafficMirrorTarget", f"The interface ID '{MISSING_INTERFACE}' does not exist"):
            self.make_target(NetworkInterfaceId=MISSING_INTERFACE)
        with self.refused("InvalidTrafficMirrorTarget"):
            self.make_target(NetworkLoadBalancerArn=BALANCER + "0")
        with self.refused("InvalidTrafficMirrorTarget"):
            self.make_target(GatewayLoadBalancerEndpointId=ENDPOINT[:-1] + "0")


class Sessions(SimulatorTest):
    seed = {
        "network_interfaces": [
            {"id": DATA_PORT},
            {"id": WEB},
            {"id": TOO_NEW, "instance_id": "i-0000000000000000e"},
            {"id": "eni-00000000000000010", "instance_id": None},
            {"id": "eni-00000000000000011", "type": "network_load_balancer"},
            {"id": "eni-00000000000000012", "instance_id": "i-00000000000000012"},
            *({"id": interface} for interface in APPLICATIONS),
        ],
        "instances": [
            {"id": "i-0000000000000000e", "type": "m6i.large"},
            {"id": "i-00000000000000012", "type": "m5.24xlarge"},
        ],
        "load_balancers": [{"arn": BALANCER}, {"arn": BALANCER.replace("/net/", "/app/"), "type": "application"}],
        "gateway_load_balancer_endpoints": [{"id": ENDPOINT}],
        "quotas": {"sources_per_interface_target": 1, "sources_per_large_interface_target": 2},
    }

    def setUp(self):
        super().setUp()
        self.filter_id = self.make_filter()
        self.target_id = self.make_target(NetworkLoadBalancerArn=BALANCER)

    def create(self, interface=WEB, **more):
        target = more.pop("target", self.target_id)
        return self.session_of(interface, target, self.filter_id, **more)

    def modify(self, session, **more):
        session_id = session["TrafficMirrorSessionId"]
        answer = self.ec2.modify_traffic_mirror_session(TrafficMirrorSessionId=session_id, **more)
        return answer["TrafficMirrorSession"]

    def delete(self, session):
        return self.ec2.delete_traffic_mirror_session(TrafficMirrorSessionId=session["TrafficMirrorSessionId"])

    def test_life(self):
        tags = [{"Key": "Name", "Value": "web"}]
        session = self.create(
            PacketLength=100,
            VirtualNetworkId=7,
            Description="d",
            TagSpecifications=[{"ResourceType": "traffic-mirror-session", "Tags": tags}],
        )
        self.assertRegex(session["TrafficMirrorSessionId"], "^tms-[0-9a-f]{17}$")
        self.assertEqual(session["OwnerId"], ACCOUNT)
        self.assertEqual(session["Tags"], tags)
        self.assertEqual((session["PacketLength"], session["VirtualNetworkId"]), (100, 7))
        described = self.ec2.describe_traffic_mirror_sessions()["TrafficMirrorSessions"]
        self.assertEqual(described, [session])
        values = {"SessionNumber": 5, "PacketLength": 200, "VirtualNetworkId": 8, "Description": "e"}
        self.assertEqual(self.modify(session, **values), {**session, **values})
        other_filter = self.make_filter()
        other_target = self.make_target()
        changed = self.modify(session, TrafficMirrorFilterId=other_filter, TrafficMirrorTargetId=other_target)
        self.assertEqual(changed["TrafficMirrorTargetId"], other_target)
        self.ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=self.filter_id)  # no longer in use
        self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=self.target_id)
        bare = self.modify(session, RemoveFields=["packet-length", "description", "virtual-network-id"])
        self.assertNotIn("PacketLength", bare)
        self.assertNotIn("Description", bare)
        self.assertNotEqual(bare["VirtualNetworkId"], 8)  # one is assigned
        self.assertEqual(self.delete(session)["TrafficMirrorSessionId"], session["TrafficMirrorSessionId"])
        for gone in (self.delete, self.modify):
            with self.refused("InvalidTrafficMirrorSessionId.NotFound"):
                gone(session)

    def test_packet_length_is_read_back_for_balancers(self):
        self.assertEqual(self.create()["PacketLength"], 8500)
        session = self.create(number=2, PacketLength=100)
        self.assertEqual(self.modify(session, RemoveFields=["packet-length"])["PacketLength"], 8500)
        for target in (self.make_target(), self.make_target(GatewayLoadBalancerEndpointId=ENDPOINT)):
            session = self.create(number=3, target=target)
            self.assertNotIn("PacketLength", session)
            self.delete(session)

    def test_virtual_network_ids_are_assigned(self):
        assigned = {self.create(interface)["VirtualNetworkId"] for interface in [WEB, *APPLICATIONS]}
        self.assertEqual(len(assigned), 3)
        self.assertTrue(all(0 < number < 1 << 24 for number in assigned))
        self.assertEqual(self.create(number=2, VirtualNetworkId=0)["VirtualNetworkId"], 0)

    def test_values(self):
        for wrong in (
            {"number": 0},
            {"number": 32767},
            {"PacketLength": 0},
            {"PacketLength": 8501},
            {"VirtualNetworkId": -1},
            {"VirtualNetworkId": 1 << 24},
        ):
            with self.subTest(wrong), self.refused("InvalidParameterValue"):
                self.create(**wrong)
        session = self.create()
        for wrong in ({"PacketLength": 8501}, {"RemoveFields": ["session-number"]}):
            with self.subTest(wrong), self.refused("InvalidParameterValue"):
                self.modify(session, **wrong)
        with self.refused("InvalidParameterCombination"):
            self.modify(session, PacketLength=1, RemoveFields=["packet-length"])

    def test_number_is_unique_per_interface(self):
        session = self.create()
        self.create(APPLICATIONS[0])
        with self.refused("InvalidParameterValue", "is in use by target"):
            self.create()
        other = self.create(number=2)
        with self.refused("InvalidParameterValue", "is in use by target"):
            self.modify(other, SessionNumber=1)
        self.modify(session, SessionNumber=1)  # its own
        self.delete(session)
        self.modify(other, SessionNumber=1)

    def test_references(self):
        for wrong, code in (
            ({"interface": MISSING_INTERFACE}, "InvalidNetworkInterfaceID.NotFound"),
            ({"interface": "eni-1"}, "InvalidNetworkInterfaceID.Malformed"),
            ({"target": "tmt-00000000000000000"}, "InvalidTrafficMirrorTargetId.NotFound"),
        ):
            with self.subTest(wrong), self.refused(code):
                self.create(**wrong)
        session = self.create()
        with self.refused("InvalidTrafficMirrorFilterId.NotFound"):
            self.modify(session, TrafficMirrorFilterId="tmf-00000000000000000")
        with self.refused("InvalidTrafficMirrorTargetId.NotFound"):
            self.modify(session, TrafficMirrorTargetId="tmt-00000000000000000")
        with self.refused("TrafficMirrorTargetInUse", "Target is in use by " + session["TrafficMirrorSessionId"]):
            self.ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=self.target_id)

    def test_eligibility(self):
        for interface, message in (
            (TOO_NEW, "must be attached to a supported instance"),
            ("eni-00000000000000010", "must be attached to a supported instance"),
            ("eni-00000000000000011", "network_load_balancer"),
        ):
            with self.subTest(interface), self.refused("NetworkInterfaceNotSupported", message):
                self.create(interface)
        target = self.make_target(NetworkInterfaceId=WEB)
        with self.refused("NetworkInterfaceNotSupported", target):
            self.create(WEB)
        with self.refused("InvalidTrafficMirrorTarget"):
            self.make_target(NetworkInterfaceId="eni-00000000000000011")
        with self.refused("InvalidTrafficMirrorTarget"):
            self.make_target(NetworkLoadBalancerArn=BALANCER.replace("/net/", "/app/"))

    def test_limits(self):
        for number in (1, 2, 3):
            self.create(number=number)
        with self.refused("TrafficMirrorSessionsPerInterfaceLimitExceeded"):
            self.create(number=4)
        small = self.make_target(NetworkInterfaceId=DATA_PORT)
        self.create(APPLICATIONS[0], target=small)
        self.create(APPLICATIONS[0], target=small, number=2)  # the same source
        full = "Sources per interface-target limit reached (2)"
        with self.refused("TrafficMirrorSourcesPerTargetLimitExceeded", full):
            self.create(APPLICATIONS[1], target=small)
        moving = self.create(APPLICATIONS[1])
        with self.refused("TrafficMirrorSourcesPerTargetLimitExceeded", full):
            self.modify(moving, TrafficMirrorTargetId=small)
        large = self.make_target(NetworkInterfaceId="eni-00000000000000012")
        self.modify(moving, TrafficMirrorTargetId=large)
        self.create(APPLICATIONS[0], target=large, number=3)

    def test_interface_deleted_by_others(self):
        session = self.create()
        kept = self.create(APPLICATIONS[0])
        self.simulator.control("POST", "network_interfaces/delete", {"id": WEB})
        described = self.ec2.describe_traffic_mirror_sessions()["TrafficMirrorSessions"]
        self.assertEqual(described, [kept])
        with self.refused("InvalidTrafficMirrorSessionId.NotFound"):
            self.delete(session)
        with self.refused("InvalidNetworkInterfaceID.NotFound"):
            self.ec2.describe_network_interfaces(NetworkInterfaceIds=[WEB])


class AccountQuotas(SimulatorTest):
    seed = {
        "network_interfaces": [{"id": DATA_PORT}, {"id": WEB}, {"id": APPLICATIONS[0]}],
        "load_balancers": [{"arn": BALANCER}],
        "quotas": {"targets": 2, "sessions": 2, "sessions_per_target": 1},
    }

    def test_quotas(self):
        targets = [self.make_target(NetworkLoadBalancerArn=BALANCER) for _ in range(2)]
        with self.refused("TrafficMirrorTargetLimitExceeded"):
            self.make_target()
        filter_id = self.make_filter()
        self.session_of(WEB, targets[0], filter_id)
        with self.refused("TrafficMirrorSessionsPerTargetLimitExceeded"):
            self.session_of(APPLICATIONS[0], targets[0], filter_id)
        self.session_of(APPLICATIONS[0], targets[1], filter_id)
        with self.refused("TrafficMirrorSessionLimitExceeded"):
            self.session_of(WEB, targets[1], filter_id, 2)


if __name__ == "__main__":
    unittest.main()
