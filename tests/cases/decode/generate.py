#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Writes decode.json: answers of EC2, and what botocore's parser reads in them, in Terraform's words.

Run with Debian's python3-botocore: ./generate.py
"""
import json
import pathlib
import re

import botocore.session
from botocore.parsers import create_parser

MODEL = botocore.session.get_session().get_service_model("ec2")
NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"

RULE = """<trafficMirrorFilterRuleId>tmfr-0123456789abcdef0</trafficMirrorFilterRuleId>
<trafficMirrorFilterId>tmf-0123456789abcdef0</trafficMirrorFilterId><trafficDirection>{direction}</trafficDirection>
<ruleNumber>{number}</ruleNumber><ruleAction>{action}</ruleAction>{more}
<destinationCidrBlock>{network}</destinationCidrBlock><sourceCidrBlock>{network}</sourceCidrBlock>"""
PORTS = """<protocol>17</protocol><destinationPortRange><fromPort>0</fromPort><toPort>65535</toPort></destinationPortRange>
<sourcePortRange><fromPort>53</fromPort><toPort>53</toPort></sourcePortRange><description>dns &amp; more</description>"""


def rule(number, direction="ingress", action="accept", more="", network="0.0.0.0/0"):
    return RULE.format(number=number, direction=direction, action=action, more=more, network=network)


FILTERS = {
    "a filter, just created": "<description>d</description><tagSet><item><key>Name</key><value>n</value></item></tagSet>",
    "a filter with nothing": "<ingressFilterRuleSet/><egressFilterRuleSet/><networkServiceSet/><description/><tagSet/>",
    "a filter with rules": f"""<ingressFilterRuleSet><item>{rule(100)}</item><item>{rule(9, more=PORTS)}</item>
        <item>{rule(32766, action="reject", network="2001:db8::/32")}</item></ingressFilterRuleSet>
        <egressFilterRuleSet><item>{rule(1, direction="egress", more="<description></description>")}</item>
        </egressFilterRuleSet><networkServiceSet><item>amazon-dns</item></networkServiceSet><unheard>of</unheard>""",
}
SESSIONS = {
    "a session with everything": """<packetLength>100</packetLength><virtualNetworkId>16777215</virtualNetworkId>
        <description>ü &lt;3</description>""",
    "a session with what EC2 always says": "<virtualNetworkId>0</virtualNetworkId>",
}
TARGETS = {
    "an interface": """<networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId><type>network-interface</type>
        <description>x</description>""",
    "a load balancer": """<networkLoadBalancerArn>arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/net/a/b</networkLoadBalancerArn>
        <type>network-load-balancer</type>""",
    "an endpoint": """<gatewayLoadBalancerEndpointId>vpce-0123456789abcdef0</gatewayLoadBalancerEndpointId>
        <type>gateway-load-balancer-endpoint</type>""",
}
SESSION = """<trafficMirrorSessionId>tms-0123456789abcdef0</trafficMirrorSessionId>
<trafficMirrorTargetId>tmt-0123456789abcdef0</trafficMirrorTargetId>
<trafficMirrorFilterId>tmf-0123456789abcdef0</trafficMirrorFilterId>
<networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId><ownerId>123456789012</ownerId>
<sessionNumber>32766</sessionNumber>"""


def parse(operation, xml):
    action = f'<{operation}Response xmlns="{NAMESPACE}"><requestId>r</requestId>{xml}</{operation}Response>'
    shape = MODEL.operation_model(operation).output_shape
    return create_parser("ec2").parse({"status_code": 200, "headers": {}, "body": action.encode()}, shape)


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def ports(value):
    return value and {"from_port": value["FromPort"], "to_port": value["ToPort"]}


def rule_of(value):
    names = ("RuleAction", "Protocol", "SourceCidrBlock", "DestinationCidrBlock", "TrafficMirrorFilterRuleId")
    return {**{snake(name): value.get(name) for name in names},
            "source_port_range": ports(value.get("SourcePortRange")),
            "destination_port_range": ports(value.get("DestinationPortRange")),
            "description": value.get("Description") or None}


def filter_of(value):
    def rules(member):
        return {str(each["RuleNumber"]): rule_of(each) for each in value.get(member, [])}

    return {"description": value.get("Description") or "", "network_services": value.get("NetworkServices", []),
            "ingress_rules": rules("IngressFilterRules"), "egress_rules": rules("EgressFilterRules")}


def plain_of(value, names):
    return {**{snake(name): value.get(name) for name in names}, "description": value.get("Description") or ""}


def cases():
    for name, xml in FILTERS.items():
        xml = "<trafficMirrorFilterId>tmf-0123456789abcdef0</trafficMirrorFilterId>" + xml
        parsed = parse("CreateTrafficMirrorFilter", f"<trafficMirrorFilter>{xml}</trafficMirrorFilter>")
        yield name, "filter", xml, filter_of(parsed["TrafficMirrorFilter"])
    names = ("TrafficMirrorTargetId", "TrafficMirrorFilterId", "NetworkInterfaceId", "OwnerId", "PacketLength",
             "SessionNumber", "VirtualNetworkId")
    for name, xml in SESSIONS.items():
        xml = SESSION + xml
        parsed = parse("DescribeTrafficMirrorSessions",
                       f"<trafficMirrorSessionSet><item>{xml}</item></trafficMirrorSessionSet>")
        yield name, "session", xml, plain_of(parsed["TrafficMirrorSessions"][0], names)
    names = ("NetworkInterfaceId", "NetworkLoadBalancerArn", "GatewayLoadBalancerEndpointId", "Type", "OwnerId")
    for name, xml in TARGETS.items():
        xml = "<trafficMirrorTargetId>tmt-1</trafficMirrorTargetId><ownerId>1</ownerId>" + xml
        parsed = parse("CreateTrafficMirrorTarget", f"<trafficMirrorTarget>{xml}</trafficMirrorTarget>")
        yield name, "target", xml, plain_of(parsed["TrafficMirrorTarget"], names)
    for name, xml in (("a rule", rule(1)), ("a rule with ports", rule(2, more=PORTS))):
        parsed = parse("CreateTrafficMirrorFilterRule", f"<trafficMirrorFilterRule>{xml}</trafficMirrorFilterRule>")
        yield name, "rule", xml, rule_of(parsed["TrafficMirrorFilterRule"])


def main():
    listed = [{"name": name, "rows": rows, "xml": xml, "expected": expected} for name, rows, xml, expected in cases()]
    here = pathlib.Path(__file__).parent
    (here / "decode.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
