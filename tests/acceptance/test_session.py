# SPDX-License-Identifier: MPL-2.0
"""vns_mirror_session through its life."""

import harness
from harness import Case
from simulator import APP_1, BALANCER, SECOND_SENSOR, SENSOR, WEB

load_tests = harness.for_each_host

ADDRESS = "vns_mirror_session.x"

# What sessions lean on: two targets and two filters.
BELOW = f"""
resource "vns_mirror_filter" "a" {{}}
resource "vns_mirror_filter" "b" {{ name = "b" }}
resource "vns_mirror_target" "a" {{ network_interface_id = "{SENSOR}" }}
resource "vns_mirror_target" "b" {{ network_load_balancer_arn = "{BALANCER}" }}
"""


def session(arguments="", target="a", filter_="a", interface=WEB):
    return (
        BELOW
        + f"""
resource "vns_mirror_session" "x" {{
  network_interface_id     = "{interface}"
  traffic_mirror_target_id = vns_mirror_target.{target}.id
  traffic_mirror_filter_id = vns_mirror_filter.{filter_}.id
  {arguments}
}}
"""
    )


MODIFY = "ModifyTrafficMirrorSession"

# (what, before, after, the calls, fields of the modify call)
UPDATES = [
    ("session_number", {}, {"arguments": "session_number = 32766"}, [MODIFY], {"SessionNumber": "32766"}),
    ("session_number unset", {"arguments": "session_number = 7"}, {}, [MODIFY], {"SessionNumber": "1"}),
    ("packet_length", {}, {"arguments": "packet_length = 100"}, [MODIFY], {"PacketLength": "100"}),
    (
        "packet_length unset",
        {"arguments": "packet_length = 100"},
        {},
        [MODIFY],
        {"RemoveField.1": "packet-length"},
    ),
    ("virtual_network_id", {}, {"arguments": "virtual_network_id = 0"}, [MODIFY], {"VirtualNetworkId": "0"}),
    (
        "virtual_network_id unset",
        {"arguments": "virtual_network_id = 16777215"},
        {},
        [MODIFY],
        {"RemoveField.1": "virtual-network-id"},
    ),
    ("description", {}, {"arguments": 'description = "other"'}, [MODIFY], {"Description": "other"}),
    ("no description", {}, {"arguments": 'description = ""'}, [MODIFY], {"RemoveField.1": "description"}),
    (
        "description unset",
        {"arguments": 'description = "other"'},
        {},
        [MODIFY],
        {"Description": "Virtual Network Sensor Traffic Mirror Session"},
    ),
    ("target", {}, {"target": "b"}, [MODIFY], None),
    ("filter", {}, {"filter_": "b"}, [MODIFY], None),
    ("target and filter", {}, {"target": "b", "filter_": "b"}, [MODIFY], None),
    ("name", {}, {"arguments": 'name = "other"'}, ["CreateTags"], None),
    ("name unset", {"arguments": 'name = "other"'}, {}, ["CreateTags"], None),
    ("name taken away", {}, {"arguments": 'name = ""'}, ["DeleteTags"], None),
    ("tags", {}, {"arguments": 'tags = { a = "1" }'}, ["CreateTags"], None),
    ("tags unset", {"arguments": 'tags = { a = "1" }'}, {}, ["DeleteTags"], None),
    (
        "all at once",
        {},
        {
            "target": "b",
            "filter_": "b",
            "arguments": 'session_number = 3\npacket_length = 64\nvirtual_network_id = 5\ndescription = "d"\nname = "n"',
        },
        ["CreateTags", MODIFY],
        None,
    ),
]


class Session(Case):
    def test_life(self):
        for target in ("a", "b"):
            with self.subTest(target):
                simulator, workspace = self.world()
                configuration = session(target=target)
                workspace.configure(configuration)
                planned = workspace.changes()[ADDRESS]
                self.assertEqual(planned["after"]["session_number"], 1)
                workspace.settle()
                values = workspace.state()
                there = simulator.one("sessions")
                found = values[ADDRESS]
                self.assertEqual(found["id"], there["trafficMirrorSessionId"])
                self.assertEqual(found["virtual_network_id"], there["virtualNetworkId"])
                self.assertEqual(found["packet_length"], 8500 if target == "b" else None)
                self.assertEqual(found["traffic_mirror_target_id"], values[f"vns_mirror_target.{target}"]["id"])
                self.assertEqual(found["deviations"], [])
                self.assertEqual(
                    found["arn"], f"arn:aws:ec2:eu-central-1:123456789012:traffic-mirror-session/{found['id']}"
                )
                self.assert_imports(simulator, configuration, values)
                workspace.destroy()
                self.assertEqual(simulator.count(), 0)

    def test_everything_set_is_imported(self):
        simulator, workspace = self.world()
        configuration = session(
            'session_number = 9\npacket_length = 8500\nvirtual_network_id = 42\ndescription = "d"\n'
            'name = "n"\ntags = { a = "1" }'
        )
        workspace.configure(configuration)
        workspace.settle()
        values = workspace.state()
        # Who imports cannot know whether these two were chosen or assigned; the next plan with the configuration does.
        values[ADDRESS]["deviations"] = [
            text
            for text in values[ADDRESS]["deviations"]
            if not text.startswith(("virtual_network_id", "packet_length"))
        ]
        self.assert_imports(simulator, configuration, values)

    def test_update_of_each_argument(self):
        simulator, workspace = self.world()
        for what, before, after, calls, fields in UPDATES:
            with self.subTest(what):
                workspace.configure(session(**before))
                workspace.apply()
                identifier = simulator.one("sessions")["trafficMirrorSessionId"]
                workspace.configure(session(**after))
                simulator.forget_calls()
                workspace.settle()
                self.assertEqual(simulator.actions(), calls)
                self.assertEqual(simulator.one("sessions")["trafficMirrorSessionId"], identifier)
                if fields:
                    (call,) = simulator.calls()
                    self.assertEqual(call["parameters"], {"TrafficMirrorSessionId": identifier, **fields})

    def test_a_configured_length_stays_when_the_session_moves(self):
        simulator, workspace = self.world()
        workspace.configure(session(target="b"))
        workspace.apply()
        configured = "packet_length = 8500"  # as configuration that is generated for an import repeats it
        workspace.configure(session(configured, target="b"))
        workspace.assert_no_changes()
        for target, arguments, there in [("a", configured, 8500), ("b", configured, 8500), ("a", "", None), ("b", "", 8500)]:
            with self.subTest(target=target, arguments=arguments):
                workspace.configure(session(arguments, target=target))
                simulator.forget_calls()
                workspace.settle()
                self.assertEqual(simulator.actions(), [MODIFY])
                self.assertEqual(simulator.one("sessions").get("packetLength"), there)
                self.assertEqual(bool(workspace.state()[ADDRESS]["deviations"]), bool(arguments))

    def test_replacement_by_another_interface(self):
        simulator, workspace = self.world()
        workspace.configure(session())
        workspace.apply()
        workspace.configure(session(interface=APP_1))
        self.assertEqual(workspace.actions(), {ADDRESS: ["delete", "create"]})
        workspace.settle()
        self.assertEqual(simulator.one("sessions")["networkInterfaceId"], APP_1)

    def test_drift_of_each_attribute(self):
        simulator, workspace = self.world()
        workspace.configure(session())
        workspace.apply()
        values = workspace.state()
        identifier = values[ADDRESS]["id"]

        def modify(**parameters):
            simulator.ec2(MODIFY, TrafficMirrorSessionId=identifier, **parameters)

        def tag(key, value):
            simulator.ec2("CreateTags", ResourceId__1=identifier, Tag__1__Key=key, Tag__1__Value=value)

        for attribute, happens in [
            ("traffic_mirror_target_id", lambda: modify(TrafficMirrorTargetId=values["vns_mirror_target.b"]["id"])),
            ("traffic_mirror_filter_id", lambda: modify(TrafficMirrorFilterId=values["vns_mirror_filter.b"]["id"])),
            ("session_number", lambda: modify(SessionNumber=5)),
            ("description", lambda: modify(Description="somebody's")),
            ("description", lambda: modify(RemoveField__1="description")),
            ("name", lambda: tag("Name", "somebody's")),
            ("tags_all", lambda: tag("somebody", "was here")),
            ("tags_all", lambda: simulator.ec2("DeleteTags", ResourceId__1=identifier, Tag__1__Key="Name")),
        ]:
            with self.subTest(attribute):
                happens()
                change = workspace.changes()[ADDRESS]
                self.assertEqual(change["actions"], ["update"])
                self.assertNotEqual(change["before"][attribute], change["after"][attribute])
                workspace.apply("saved.plan")
                workspace.assert_no_changes()

    def test_drift_of_configured_lengths_and_networks(self):
        simulator, workspace = self.world()
        workspace.configure(session("packet_length = 100\nvirtual_network_id = 7"))
        workspace.apply()
        identifier = workspace.state()[ADDRESS]["id"]
        for attribute, fields in [
            ("packet_length", {"PacketLength": 200}),
            ("packet_length", {"RemoveField__1": "packet-length"}),
            ("virtual_network_id", {"VirtualNetworkId": 8}),
            ("virtual_network_id", {"RemoveField__1": "virtual-network-id"}),
        ]:
            with self.subTest(attribute, **fields):
                simulator.ec2(MODIFY, TrafficMirrorSessionId=identifier, **fields)
                change = workspace.changes()[ADDRESS]
                self.assertEqual(change["actions"], ["update"])
                self.assertNotEqual(change["before"][attribute], change["after"][attribute])
                workspace.apply("saved.plan")
                workspace.assert_no_changes()

    def test_what_others_set_in_place_of_what_ec2_assigned_is_given_back(self):
        simulator, workspace = self.world()
        workspace.configure(session())
        workspace.apply()
        identifier = workspace.state()[ADDRESS]["id"]
        for attribute, fields in [("packet_length", {"PacketLength": 96}), ("virtual_network_id", {"VirtualNetworkId": 8})]:
            for _ in range(2):  # also of what EC2 has assigned since
                with self.subTest(attribute):
                    simulator.ec2(MODIFY, TrafficMirrorSessionId=identifier, **fields)
                    change = workspace.changes()[ADDRESS]
                    self.assertEqual(change["actions"], ["update"])
                    self.assertTrue(change["after_unknown"][attribute])
                    workspace.apply("saved.plan")
                    self.assertNotEqual(workspace.state()[ADDRESS][attribute], list(fields.values())[0])
                    workspace.assert_no_changes()

    def test_deviations_are_the_same_after_a_refresh(self):
        simulator, workspace = self.world()
        workspace.configure(session("virtual_network_id = 7\npacket_length = 8500", target="b"))
        workspace.apply()
        found = workspace.state()[ADDRESS]
        self.assertEqual(len(found["deviations"]), 2)
        # What somebody changes elsewhere in the object does not touch them.
        simulator.ec2("CreateTags", ResourceId__1=found["id"], Tag__1__Key="somebody", Tag__1__Value="was here")
        change = workspace.changes()[ADDRESS]
        self.assertEqual(change["before"]["deviations"], found["deviations"])
        # What somebody sets in place of what EC2 assigned departs too, also where nobody is to change it.
        ignoring = session("lifecycle { ignore_changes = [virtual_network_id, packet_length] }", target="b")
        workspace.configure(ignoring)
        workspace.settle("-replace=" + ADDRESS)
        identifier = workspace.state()[ADDRESS]["id"]
        simulator.ec2(MODIFY, TrafficMirrorSessionId=identifier, VirtualNetworkId=8, PacketLength=96)
        self.assertEqual(workspace.actions(), {})
        workspace.apply("-refresh-only")
        self.assertEqual(len(workspace.state()[ADDRESS]["deviations"]), 2)
        workspace.assert_no_changes()

    def test_disappearance_alone_and_with_its_interface(self):
        simulator, workspace = self.world()
        workspace.configure(session())
        workspace.apply()
        workspace.age()
        simulator.ec2("DeleteTrafficMirrorSession", TrafficMirrorSessionId=workspace.state()[ADDRESS]["id"])
        self.assertEqual(workspace.actions(), {ADDRESS: ["create"]})
        workspace.settle()
        workspace.age()
        simulator.delete_interface(WEB)
        self.assertEqual(workspace.actions(), {ADDRESS: ["create"]})
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)

    def test_region_of_its_own(self):
        simulator, workspace = self.world()
        workspace.configure(
            f"""
resource "vns_mirror_filter" "x" {{ region = "us-east-1" }}
resource "vns_mirror_target" "x" {{
  region               = "us-east-1"
  network_interface_id = "{SECOND_SENSOR}"
}}
resource "vns_mirror_session" "x" {{
  region                   = "us-east-1"
  network_interface_id     = "{WEB}"
  traffic_mirror_target_id = vns_mirror_target.x.id
  traffic_mirror_filter_id = vns_mirror_filter.x.id
}}
"""
        )
        workspace.settle()
        self.assertEqual({call["region"] for call in simulator.calls()}, {"us-east-1"})
        self.assertIn(":us-east-1:", workspace.state()[ADDRESS]["arn"])
        workspace.destroy()
        self.assertEqual(simulator.count(), 0)
