# SPDX-License-Identifier: MPL-2.0
"""One running vns-ec2sim, on a port that the kernel chose."""

import json
import subprocess
import urllib.request

import ec2

# What the simulator's built-in seed holds.
SENSOR = "eni-0a1b2c3d4e5f60718"
SECOND_SENSOR = "eni-0000000000000000d"
WEB = "eni-0123456789abcdef0"
APP_1 = "eni-0000000000000000a"
APP_2 = "eni-0000000000000000b"
NOT_ELIGIBLE = "eni-0000000000000000e"
BALANCER = f"arn:aws:elasticloadbalancing:eu-central-1:{ec2.ACCOUNT}:loadbalancer/net/sensors/50dc6c495c0c9188"
ENDPOINT = "vpce-0a1b2c3d4e5f60718"

# Asking is not changing.
READS = ("Describe", "GetCallerIdentity")


class Simulator:
    def __init__(self, binary, folder, seed=None, latency_ms=0):
        command = [binary, "--latency", str(latency_ms)]
        if seed is not None:
            path = folder / "seed.json"
            path.write_text(json.dumps(seed))
            command += ["--seed", str(path)]
        # A session of its own: Ctrl-C at the terminal ends the test, which ends the simulator.
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        line = self._process.stdout.readline().strip()
        name, _, self.endpoint = line.partition("=")
        if name != "endpoint":
            self.stop()
            raise RuntimeError(f"the simulator began with {line!r}")

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def ec2(self, action, **parameters):
        """A signed call by somebody else; see ec2.call."""
        return ec2.call(self.endpoint, action, **parameters)

    def _control(self, path, method="GET", body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def all_calls(self):
        return self._control("calls")

    def calls(self):
        """The calls that changed something, or tried to."""
        return [call for call in self.all_calls() if not call["action"].startswith(READS)]

    def actions(self):
        """Their names, sorted: resources are worked on at the same time."""
        return sorted(call["action"] for call in self.calls())

    def forget_calls(self):
        self._control("calls", "DELETE")

    def add_fault(self, **fault):
        """See tests/ec2sim/README.md."""
        self._control("faults", "POST", fault)

    def faults(self):
        return self._control("faults")

    def clear_faults(self):
        self._control("faults", "DELETE")

    def delete_interface(self, interface):
        self._control("network_interfaces/delete", "POST", {"id": interface})

    def objects(self, kind, region="eu-central-1"):
        """What exists: kind is filters, targets or sessions."""
        found = []
        for place in self._control("state")["places"]:
            if place["region"] == region:
                found += place[f"traffic_mirror_{kind}"]
        return found

    def one(self, kind):
        (found,) = self.objects(kind)
        return found

    def count(self):
        return self._control("state")["traffic_mirror_objects"]
