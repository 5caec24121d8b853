# SPDX-License-Identifier: MPL-2.0
"""Many sessions at once."""

import collections

import harness
from harness import Case

load_tests = harness.for_each_host

SESSIONS = 200


def interface(number):
    return f"eni-{number:017x}"


# The interfaces that are mirrored, and a load balancer: it takes any number of sources.
BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/many/0123456789abcdef"
SEED = {
    "network_interfaces": [{"id": interface(number)} for number in range(1, SESSIONS + 1)],
    "load_balancers": [{"arn": BALANCER, "type": "network", "listeners": [{"protocol": "UDP", "port": 4789}]}],
}
CONFIGURATION = f"""
resource "vns_mirror_filter" "x" {{}}
resource "vns_mirror_target" "x" {{ network_load_balancer_arn = "{BALANCER}" }}
resource "vns_mirror_session" "x" {{
  for_each                 = toset([for number in range(1, {SESSIONS + 1}) : format("eni-%017x", number)])
  name                     = each.key
  network_interface_id     = each.key
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
  description              = DESCRIPTION
}}
"""


class Scale(Case):
    def test_200_sessions_at_parallelism_64(self):
        simulator, workspace = self.world(seed=SEED, latency_ms=20)
        workspace.configure(CONFIGURATION.replace("DESCRIPTION", '"first"'))
        workspace.apply("-parallelism=64")
        workspace.plan("-detailed-exitcode", "-parallelism=64")
        found = simulator.objects("sessions")
        self.assertEqual(
            sorted(session["networkInterfaceId"] for session in found),
            [interface(number) for number in range(1, SESSIONS + 1)],
        )
        counted = collections.Counter(simulator.actions())
        self.assertEqual(counted["CreateTrafficMirrorSession"], SESSIONS)
        self.assertEqual(len({call["client_token"] for call in simulator.calls() if call["client_token"]}), SESSIONS + 4)

        simulator.forget_calls()
        workspace.configure(CONFIGURATION.replace("DESCRIPTION", '"second"'))
        workspace.apply("-parallelism=64")
        self.assertEqual(collections.Counter(simulator.actions()), {"ModifyTrafficMirrorSession": SESSIONS})
        self.assertEqual({session["description"] for session in simulator.objects("sessions")}, {"second"})

        workspace.destroy("-parallelism=64")
        self.assertEqual(simulator.count(), 0)
