# SPDX-License-Identifier: MPL-2.0
"""The command line and the seed file."""

import json
import os
import subprocess
import tempfile
import time
import unittest

from simulator import Simulator, SimulatorTest

PROGRAM = os.environ["VNS_EC2SIM"]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20)


class CommandLine(unittest.TestCase):
    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        for option in ("--listen", "--seed", "--state", "--latency"):
            self.assertIn(option, done.stdout)

    def test_wrong_options(self):
        for wrong in (["--nonsense"], ["--latency", "soon"], ["surplus"]):
            self.assertEqual(run(*wrong).returncode, 2, wrong)
        for wrong in (["--listen", "nowhere"], ["--listen", "127.0.0.1:99999"], ["--seed", "/does/not/exist"]):
            done = run(*wrong)
            self.assertEqual((done.returncode, done.stdout), (1, ""), wrong)
            self.assertIn("vns-ec2sim: ", done.stderr)

    def test_port_in_use(self):
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        done = run("--listen", simulator.endpoint.removeprefix("http://"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot listen", done.stderr)

    def test_wrong_files(self):
        for seed, part in (
            ("{", "line 1"),
            ("[]", "expected an object"),
            ('{"colour": 1}', "unknown key colour"),
            ('{"network_interfaces": [{}]}', "there must be id"),
            ('{"network_interfaces": [{"id": "i-1"}]}', "i-1 is not an id of the right kind"),
            ('{"network_interfaces": [{"id": "eni-1", "size": 1}]}', "unknown key size"),
            ('{"network_interfaces": [{"id": "eni-1", "tags": {"a": 1}}]}', "wrong type of a"),
            ('{"regions": [1]}', "expected a list of texts"),
            ('{"quotas": {"moons": 1}}', "moons"),
            ('{"network_interfaces": [{"id": "eni-1"}, {"id": "eni-2"}, {"id": "eni-1"}]}', "two of eni-1"),
            ('{"instances": [{"id": "i-1"}, {"id": "i-1", "type": "m5.large"}]}', "two of i-1"),
            ('{"load_balancers": [{"arn": "arn:a"}, {"arn": "arn:a"}]}', "two of arn:a"),
            ('{"security_groups": [{"id": "sg-1"}, {"id": "sg-1"}]}', "two of sg-1"),
            ('{"gateway_load_balancer_endpoints": [{"id": "vpce-1"}, {"id": "vpce-1"}]}', "two of vpce-1"),
            (
                '{"credentials": [{"access_key": "A", "secret_key": "1"}, {"access_key": "A", "secret_key": "2"}]}',
                "two of A",
            ),
        ):
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(seed)
                file.flush()
                done = run("--seed", file.name)
                self.assertEqual(done.returncode, 1, seed)
                self.assertIn(part, done.stderr)
                done = run("--state", file.name)
                self.assertEqual(done.returncode, 1, seed)
                self.assertIn("--state", done.stderr)

    def test_state_that_cannot_be_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("--state", f"{folder}/missing/state")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("cannot write --state", done.stderr)
            simulator = Simulator(arguments=["--state", f"{folder}/state"])
            self.addCleanup(simulator.stop)
            self.assertTrue(os.path.exists(f"{folder}/state"))

    def test_latency(self):
        simulator = Simulator(arguments=["--latency", "200"])
        self.addCleanup(simulator.stop)
        start = time.monotonic()
        simulator.client().describe_traffic_mirror_filters()
        self.assertGreaterEqual(time.monotonic() - start, 0.2)


class SmallSeed(SimulatorTest):
    seed = {"network_interfaces": [{"id": "eni-0aaaaaaaaaaaaaaaa"}], "generate": {"network_interfaces": 2}}

    def test_defaults(self):
        interfaces = self.ec2.describe_network_interfaces()["NetworkInterfaces"]
        ids = [interface["NetworkInterfaceId"] for interface in interfaces]
        self.assertEqual(ids, ["eni-0aaaaaaaaaaaaaaaa", "eni-00000000000001000", "eni-00000000000001001"])
        self.assertEqual(interfaces[0]["InterfaceType"], "interface")
        self.assertEqual(interfaces[0]["Attachment"]["InstanceId"], "i-0aaaaaaaaaaaaaaaa")
        self.assertEqual(len({interface["PrivateIpAddress"] for interface in interfaces}), 3)
        (reservation,) = self.ec2.describe_instances(InstanceIds=["i-0aaaaaaaaaaaaaaaa"])["Reservations"]
        self.assertEqual(reservation["Instances"][0]["InstanceType"], "m5.large")

    def test_same_ids_every_time(self):
        other = Simulator(self.seed)
        self.addCleanup(other.stop)
        other_id = other.client().create_traffic_mirror_filter()["TrafficMirrorFilter"]["TrafficMirrorFilterId"]
        self.assertEqual(self.make_filter(), other_id)

    def test_state_shows_no_internals(self):
        self.rule_of(self.make_filter())
        self.assertNotIn("_number", json.dumps(self.simulator.control("GET", "state")))


if __name__ == "__main__":
    unittest.main()
