# SPDX-License-Identifier: MPL-2.0
"""Starts the simulator and talks to it through botocore, a client that does not come from this repository."""

import contextlib
import json
import os
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from xml.etree import ElementTree

import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.session

ACCESS_KEY = "AKIDSIMULATOR"
SECRET_KEY = "simulator-secret"
ACCOUNT = "123456789012"
REGION = "eu-central-1"

DATA_PORT = "eni-0a1b2c3d4e5f60718"
WEB = "eni-0123456789abcdef0"
APPLICATIONS = ["eni-0000000000000000a", "eni-0000000000000000b"]
TOO_NEW = "eni-0000000000000000e"
BALANCER = f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:loadbalancer/net/sensors/50dc6c495c0c9188"
ENDPOINT = "vpce-0a1b2c3d4e5f60718"

VERSIONS = {"ec2": "2016-11-15", "sts": "2011-06-15", "elasticloadbalancing": "2015-12-01"}

# Nothing of the machine's own AWS settings or proxies may reach these tests.
for _name in list(os.environ):
    if _name.startswith("AWS_") or _name.lower().endswith("_proxy"):
        del os.environ[_name]
_home = tempfile.TemporaryDirectory(prefix="ec2sim-home-")
os.environ.update(HOME=_home.name, AWS_EC2_METADATA_DISABLED="true", NO_PROXY="*")


class Simulator:
    """One running vns-ec2sim."""

    def __init__(self, seed=None, state=None, arguments=()):
        self._files = contextlib.ExitStack()
        command = [os.environ["VNS_EC2SIM"], *arguments]
        if seed is not None:
            file = self._files.enter_context(tempfile.NamedTemporaryFile("w", suffix=".json"))
            json.dump(seed, file)
            file.flush()
            command += ["--seed", file.name]
        if state is not None:
            command += ["--state", state]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("endpoint=http://127.0.0.1:"):
            self.process.kill()
            raise RuntimeError(f"first line of {command}: {line!r}")
        self.endpoint = line.split("=", 1)[1]

    def stop(self):
        """Ends it as a user does and returns its exit status."""
        self.process.terminate()
        return self._reap()

    def kill(self):
        self.process.kill()
        return self._reap()

    def _reap(self):
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self._files.close()  # the clients too
        return status

    def client(self, service="ec2", region=REGION, access_key=ACCESS_KEY, secret_key=SECRET_KEY, token=None):
        session = botocore.session.Session()
        session.set_credentials(access_key, secret_key, token)
        config = botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False)
        client = session.create_client(service, region_name=region, endpoint_url=self.endpoint, config=config)
        self._files.callback(client.close)
        return client

    def raw(self, action, parameters=(), service="ec2", version=None, headers=None, region=REGION):
        """Sends any parameters, signed by botocore. Returns status and parsed XML, without namespaces."""
        body = [("Action", action), ("Version", version or VERSIONS[service]), *dict(parameters).items()]
        request = botocore.awsrequest.AWSRequest("POST", self.endpoint + "/", data=dict(body), headers=headers or {})
        request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        credentials = botocore.credentials.Credentials(ACCESS_KEY, SECRET_KEY)
        botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
        return self.send(request.prepare())

    def send(self, prepared):
        body = prepared.body if isinstance(prepared.body, bytes) else (prepared.body or "").encode()
        headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
        request = urllib.request.Request(prepared.url, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
            error.close()
        root = ElementTree.fromstring(text)
        for element in root.iter():
            element.tag = element.tag.split("}")[-1]
        return status, root

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sim/{path}", data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def calls(self):
        return self.control("GET", "calls")

    def objects(self):
        return self.control("GET", "state")["traffic_mirror_objects"]


class SimulatorTest(unittest.TestCase):
    """A test with a simulator of its own and a client of EC2."""

    seed = None

    def setUp(self):
        self.simulator = Simulator(self.seed)
        self.ec2 = self.simulator.client()
        self.addCleanup(self._stop)

    def _stop(self):
        self.assertEqual(self.simulator.stop(), 0)

    @contextlib.contextmanager
    def refused(self, code, message="", status=400):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            yield
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code, answer["Error"]["Message"])
        self.assertIn(message, answer["Error"]["Message"])
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)

    def raw_error(self, *arguments, **keywords):
        status, root = self.simulator.raw(*arguments, **keywords)
        return status, root.findtext(".//Error/Code")

    # The shortest way to each object.
    def make_filter(self, **more):
        return self.ec2.create_traffic_mirror_filter(**more)["TrafficMirrorFilter"]["TrafficMirrorFilterId"]

    def rule_of(self, filter_id, number=100, direction="ingress", **more):
        parameters = {
            "TrafficMirrorFilterId": filter_id,
            "TrafficDirection": direction,
            "RuleNumber": number,
            "RuleAction": "accept",
            "SourceCidrBlock": "0.0.0.0/0",
            "DestinationCidrBlock": "0.0.0.0/0",
        }
        parameters.update(more)
        return self.ec2.create_traffic_mirror_filter_rule(**parameters)["TrafficMirrorFilterRule"]

    def make_target(self, **more):
        if not any(name.endswith(("InterfaceId", "Arn", "EndpointId")) for name in more):
            more["NetworkInterfaceId"] = DATA_PORT
        return self.ec2.create_traffic_mirror_target(**more)["TrafficMirrorTarget"]["TrafficMirrorTargetId"]

    def session_of(self, interface, target, filter_id, number=1, **more):
        return self.ec2.create_traffic_mirror_session(
            NetworkInterfaceId=interface,
            TrafficMirrorTargetId=target,
            TrafficMirrorFilterId=filter_id,
            SessionNumber=number,
            **more,
        )["TrafficMirrorSession"]
