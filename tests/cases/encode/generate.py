#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Writes encode.json: objects as Terraform has them, and the form that botocore makes of the request they stand for.

Each case says the same thing twice, in Terraform's words and as the arguments of botocore's client; botocore's own
serializer then makes the expected parameters. Run with Debian's python3-botocore: ./generate.py
"""
import json
import pathlib

import botocore.session
from botocore.serialize import create_serializer

MODEL = botocore.session.get_session().get_service_model("ec2")
ENI, TARGET, FILTER = "eni-0123456789abcdef0", "tmt-0123456789abcdef0", "tmf-0123456789abcdef0"
ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/sensors/50dc6c495c0c9188"
# Required by botocore's arguments or filled in by it, and sent by other code than the one under test.
NOT_ENCODED = {"Action", "Version", "ClientToken", "TrafficMirrorSessionId", "TrafficMirrorFilterRuleId", "DryRun"}


def form(operation, arguments):
    request = create_serializer("ec2").serialize_to_request(arguments, MODEL.operation_model(operation))
    return sorted(f"{name}={value}" for name, value in request["body"].items() if name not in NOT_ENCODED)


def case(name, rows, operation, arguments, planned, state=None, config=None, leave_out=()):
    expected = [each for each in form(operation, arguments) if each.split("=")[0] not in leave_out]
    return {"name": name, "rows": rows, "state": state, "planned": planned, "config": config, "expected": expected}


def create_cases():
    session = {"network_interface_id": ENI, "traffic_mirror_target_id": TARGET, "traffic_mirror_filter_id": FILTER,
               "session_number": 1}
    arguments = {"NetworkInterfaceId": ENI, "TrafficMirrorTargetId": TARGET, "TrafficMirrorFilterId": FILTER,
                 "SessionNumber": 1}
    yield case("session, required only", "session", "CreateTrafficMirrorSession", arguments, session)
    yield case("session, an empty description is none", "session", "CreateTrafficMirrorSession", arguments,
               {**session, "description": ""})
    yield case("session, everything", "session", "CreateTrafficMirrorSession",
               {**arguments, "SessionNumber": 32766, "PacketLength": 8500, "VirtualNetworkId": 0,
                "Description": "a b&c=d~é/*"},
               {**session, "session_number": 32766, "packet_length": 8500, "virtual_network_id": 0,
                "description": "a b&c=d~é/*"})
    yield case("filter", "filter", "CreateTrafficMirrorFilter", {"Description": "x"},
               {"description": "x", "network_services": ["amazon-dns"],
                "ingress_rules": {"100": {"rule_action": "accept"}}})
    yield case("filter, nothing", "filter", "CreateTrafficMirrorFilter", {}, {"description": ""})
    yield case("target, interface", "target", "CreateTrafficMirrorTarget",
               {"NetworkInterfaceId": ENI, "Description": "t"},
               {"network_interface_id": ENI, "description": "t", "type": "network-interface"})
    yield case("target, load balancer", "target", "CreateTrafficMirrorTarget", {"NetworkLoadBalancerArn": ARN},
               {"network_load_balancer_arn": ARN})
    yield case("target, endpoint", "target", "CreateTrafficMirrorTarget",
               {"GatewayLoadBalancerEndpointId": "vpce-0a1b2c3d4e5f60718"},
               {"gateway_load_balancer_endpoint_id": "vpce-0a1b2c3d4e5f60718"})


def rule_cases():
    place = {"TrafficMirrorFilterId": FILTER, "TrafficDirection": "ingress", "RuleNumber": 100}
    rule = {"rule_action": "accept", "source_cidr_block": "0.0.0.0/0", "destination_cidr_block": "0.0.0.0/0"}
    arguments = {"RuleAction": "accept", "SourceCidrBlock": "0.0.0.0/0", "DestinationCidrBlock": "0.0.0.0/0"}
    yield case("rule, recommended", "rule", "CreateTrafficMirrorFilterRule", {**place, **arguments}, rule,
               leave_out=place)
    ports = {"FromPort": 0, "ToPort": 65535}
    whole = {**rule, "protocol": 6, "description": "web",
             "source_port_range": {"from_port": 0, "to_port": 65535},
             "destination_port_range": {"from_port": 443, "to_port": 443}}
    yield case("rule, everything", "rule", "CreateTrafficMirrorFilterRule",
               {**place, **arguments, "Protocol": 6, "Description": "web", "SourcePortRange": ports,
                "DestinationPortRange": {"FromPort": 443, "ToPort": 443}}, whole, leave_out=place)
    yield case("rule, protocol 0 is a protocol", "rule", "CreateTrafficMirrorFilterRule",
               {**place, **arguments, "Protocol": 0}, {**rule, "protocol": 0}, leave_out=place)

    def modify(name, changed, planned, state):
        return case(name, "rule", "ModifyTrafficMirrorFilterRule", {"TrafficMirrorFilterRuleId": "tmfr-1", **changed},
                    planned, state=state)

    yield modify("rule, nothing differs", {}, whole, whole)
    yield modify("rule, the action", {"RuleAction": "reject"}, {**whole, "rule_action": "reject"}, whole)
    yield modify("rule, one port of a range", {"DestinationPortRange": {"FromPort": 443, "ToPort": 444}},
                 {**whole, "destination_port_range": {"from_port": 443, "to_port": 444}}, whole)
    yield modify("rule, all that can be cleared",
                 {"RemoveFields": ["protocol", "source-port-range", "destination-port-range", "description"]},
                 rule, whole)
    yield modify("rule, an empty description clears", {"RemoveFields": ["description"]},
                 {**whole, "description": ""}, whole)
    yield modify("rule, none and empty are the same", {}, {**rule, "description": ""}, rule)
    yield modify("rule, the same network in other letters", {},
                 {**rule, "source_cidr_block": "2001:DB8:0::/32", "destination_cidr_block": "::/0"},
                 {**rule, "source_cidr_block": "2001:db8::/32", "destination_cidr_block": "::/0"})


def modify_cases():
    session = {"id": "tms-1", "network_interface_id": ENI, "traffic_mirror_target_id": TARGET,
               "traffic_mirror_filter_id": FILTER, "session_number": 1, "packet_length": 100,
               "virtual_network_id": 7, "description": "d"}

    def modify(name, changed, differences, config=None):
        return case(name, "session", "ModifyTrafficMirrorSession", {"TrafficMirrorSessionId": "tms-1", **changed},
                    {**session, **differences}, state=session, config=config)

    unknown = {"unknown": True}
    yield modify("session, nothing differs", {}, {})
    yield modify("session, another target", {"TrafficMirrorTargetId": "tmt-2"}, {"traffic_mirror_target_id": "tmt-2"})
    yield modify("session, another target, for which EC2 would choose another length",
                 {"TrafficMirrorTargetId": "tmt-2", "PacketLength": 100}, {"traffic_mirror_target_id": "tmt-2"},
                 config={"packet_length": 100, "virtual_network_id": 7})
    yield modify("session, several", {"SessionNumber": 2, "PacketLength": 8500, "VirtualNetworkId": 16777215},
                 {"session_number": 2, "packet_length": 8500, "virtual_network_id": 16777215})
    yield modify("session, given back to EC2", {"RemoveFields": ["virtual-network-id", "packet-length"]},
                 {"packet_length": unknown, "virtual_network_id": unknown}, config={"session_number": 1})
    yield modify("session, cleared and changed", {"RemoveFields": ["packet-length", "description"],
                                                  "SessionNumber": 3},
                 {"packet_length": unknown, "description": "", "session_number": 3}, config={"description": ""})
    yield modify("session, an unknown that is configured after all", {"PacketLength": 9},
                 {"packet_length": unknown}, config={"packet_length": 9})
    yield modify("session, what needs another object is not sent", {}, {"network_interface_id": "eni-2"})


def tag_cases():
    tags = {"Name": "a name", "empty": "", "Ünï/c*~": "ç d"}
    specification = {"ResourceType": "traffic-mirror-session",
                     "Tags": [{"Key": key, "Value": tags[key]} for key in sorted(tags)]}
    yield case("tags", "tags", "CreateTrafficMirrorFilter", {"TagSpecifications": [specification]}, tags)
    yield case("no tags", "tags", "CreateTrafficMirrorFilter", {}, {})


def main():
    cases = [*create_cases(), *rule_cases(), *modify_cases(), *tag_cases()]
    here = pathlib.Path(__file__).parent
    (here / "encode.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
