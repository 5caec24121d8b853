# SPDX-License-Identifier: MPL-2.0
"""vns_mirror_target through its life, for each kind of target."""

import harness
from harness import Case
from simulator import BALANCER, ENDPOINT, SECOND_SENSOR, SENSOR

load_tests = harness.for_each_host

ADDRESS = "vns_mirror_target.x"
KINDS = [
    ("network_interface_id", SENSOR, "network-interface"),
    ("network_load_balancer_arn", BALANCER, "network-load-balancer"),
    ("gateway_load_balancer_endpoint_id", ENDPOINT, "gateway-load-balancer-endpoint"),
]
ON_INTERFACE = f'network_interface_id = "{SENSOR}"\n'


def target(arguments):
    return f'resource "vns_mirror_target" "x" {{\n{arguments}\n}}\n'


class Target(Case):
    def test_life_of_each_kind(self):
        for argument, value, kind in KINDS:
            with self.subTest(argument):
                simulator, workspace = self.world()
                configuration = target(f'{argument} = "{value}"')
                workspace.configure(configuration)
                planned = workspace.changes()[ADDRESS]
                self.assertEqual(planned["after"]["type"], kind)
                self.assertEqual(set(planned["after_unknown"]) - {"deviations", "tags_all"}, {"id", "arn", "owner_id"})
                workspace.settle()
                values = workspace.state()[ADDRESS]
                identifier = values["id"]
                self.assertRegex(identifier, "^tmt-[0-9a-f]{17}$")
                self.assertEqual(
                    values,
                    {
                        **dict.fromkeys(name for name, _, _ in KINDS),
                        argument: value,
                        "arn": f"arn:aws:ec2:eu-central-1:123456789012:traffic-mirror-target/{identifier}",
                        "description": "Virtual Network Sensor Traffic Mirror Target",
                        "deviations": [],
                        "id": identifier,
                        "name": "VirtualNetworkSensor-TrafficMirrorTarget",
                        "owner_id": "123456789012",
                        "region": "eu-central-1",
                        "tags": None,
                        "tags_all": {"Name": "VirtualNetworkSensor-TrafficMirrorTarget"},
                        "type": kind,
                    },
                )
                self.assert_imports(simulator, configuration, {ADDRESS: values})
                workspace.destroy()
                self.assertEqual(simulator.count(), 0)

    def test_update_of_each_argument(self):
        simulator, workspace = self.world()
        for what, before, after, calls in [
            ("name", "", 'name = "other"', ["CreateTags"]),
            ("name taken away", "", 'name = ""', ["DeleteTags"]),
            ("name unset", 'name = "other"', "", ["CreateTags"]),
            ("tags", 'tags = { a = "1", b = "2" }', 'tags = { b = "3" }', ["CreateTags", "DeleteTags"]),
            ("tags unset", 'tags = { a = "1" }', "", ["DeleteTags"]),
        ]:
            with self.subTest(what):
                workspace.configure(target(ON_INTERFACE + before))
                workspace.apply()
                workspace.configure(target(ON_INTERFACE + after))
                simulator.forget_calls()
                workspace.settle()
                self.assertEqual(simulator.actions(), calls)

    def test_replacement_by_each_argument(self):
        for what, after in [
            ("description", ON_INTERFACE + 'description = "other"'),
            ("no description", ON_INTERFACE + 'description = ""'),
            ("another interface", f'network_interface_id = "{SECOND_SENSOR}"'),
            ("another kind", f'network_load_balancer_arn = "{BALANCER}"'),
            ("region", ON_INTERFACE + 'region = "eu-west-1"'),
        ]:
            with self.subTest(what):
                simulator, workspace = self.world()
                workspace.configure(target(ON_INTERFACE))
                workspace.apply()
                workspace.configure(target(after))
                self.assertEqual(workspace.actions(), {ADDRESS: ["delete", "create"]})
                workspace.settle()
                self.assertEqual(simulator.count(), 1)

    def test_drift_and_disappearance(self):
        simulator, workspace = self.world()
        workspace.configure(target(ON_INTERFACE))
        workspace.apply()
        identifier = workspace.state()[ADDRESS]["id"]
        simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key="Name", Tag__1__Value="somebody's")
        change = workspace.changes()[ADDRESS]
        self.assertEqual(change["actions"], ["update"])
        self.assertEqual(change["before"]["name"], "somebody's")
        workspace.settle()
        workspace.age()
        simulator.ec2("DeleteTrafficMirrorTarget", TrafficMirrorTargetId=identifier)
        self.assertEqual(workspace.actions(), {ADDRESS: ["create"]})
        workspace.settle()
        workspace.age()
        simulator.ec2("DeleteTrafficMirrorTarget", TrafficMirrorTargetId=workspace.state()[ADDRESS]["id"])
        workspace.destroy("-refresh=false")
        self.assertEqual(simulator.count(), 0)

    def test_the_sensor_may_be_known_only_after_another_apply(self):
        simulator, workspace = self.world()
        workspace.configure(
            f'resource "terraform_data" "sensor" {{ input = "{SENSOR}" }}\n'
            + target("network_interface_id = terraform_data.sensor.output")
        )
        workspace.settle()
        self.assertEqual(simulator.one("targets")["networkInterfaceId"], SENSOR)
