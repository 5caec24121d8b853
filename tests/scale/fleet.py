# SPDX-License-Identifier: MPL-2.0
"""Many sessions: their configuration, a simulator with room for them, and states that know them without an apply."""

import base64
import collections
import concurrent.futures
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "acceptance"))

import simulator as sim  # noqa: E402
import workspace  # noqa: E402

BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/many/0123456789abcdef"
SESSION = "vns_mirror_session.fleet"
CREATORS = 8
MOST_MEBIBYTES = 40  # of a provider with 1,000 sessions
workspace.COMMAND_TIMEOUT_S = 1500


def interface(number):
    return f"eni-{0x1000 + number:017x}"


def seed(sessions):
    return {
        "load_balancers": [{"arn": BALANCER, "type": "network", "listeners": [{"protocol": "UDP", "port": 4789}]}],
        "generate": {"network_interfaces": sessions},
    }


def configuration(sessions):
    return f"""
resource "vns_mirror_filter" "fleet" {{}}
resource "vns_mirror_target" "fleet" {{ network_load_balancer_arn = "{BALANCER}" }}
resource "vns_mirror_session" "fleet" {{
  count                    = {sessions}
  network_interface_id     = format("eni-%017x", 4096 + count.index)
  traffic_mirror_target_id = vns_mirror_target.fleet.id
  traffic_mirror_filter_id = vns_mirror_filter.fleet.id
}}
"""


class Simulator(sim.Simulator):
    def add_fault(self, fault):
        self._control("faults", "POST", fault)


class Memory:
    """The most memory that any provider of a workspace ever had, seen in /proc while it runs."""

    def __init__(self, folder, binary):
        self._folder = str(folder)
        self._binary = str(pathlib.Path(binary).resolve())
        self._going = True
        self.peaks = {}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _peak(self, process):
        if not (process / "cwd").resolve().as_posix().startswith(self._folder):
            return None
        if (process / "exe").resolve().as_posix() != self._binary:
            return None
        for line in (process / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        return None

    def _watch(self):
        while self._going:
            for process in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    peak = self._peak(process)
                except OSError:  # it has ended, or is somebody else's
                    continue
                if peak:
                    self.peaks[process.name] = max(peak, self.peaks.get(process.name, 0))
            time.sleep(0.02)

    def stop(self):
        """In MiB."""
        self._going = False
        self._thread.join()
        return max(self.peaks.values(), default=0) / 1024


class Fleet:
    """A simulator, and a workspace whose configuration has that many sessions; gone at the end of a with."""

    def __init__(self, build, sessions, latency_ms=0):
        self.sessions = sessions
        self.provider = pathlib.Path(build) / "terraform-provider-vns"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vns-scale-"))
        self.simulator = Simulator(str(pathlib.Path(build) / "vns-ec2sim"), self.folder, seed(sessions), latency_ms)
        self.workspace = workspace.Workspace(
            self.folder, workspace.hosts()[0], str(pathlib.Path(build).resolve()), self.simulator.endpoint
        )
        self.workspace.configure(configuration(sessions))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.simulator.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def watch_memory(self):
        return Memory(self.folder, self.provider)

    def counted(self):
        """How often each action was called since the last time."""
        calls = self.simulator.all_calls()
        self.simulator.forget_calls()
        return collections.Counter(call["action"] for call in calls), calls

    def _create_like(self, first, number):
        """A session as the provider makes them, by somebody else's hand."""
        tags = {}
        for position, (key, value) in enumerate(sorted(first["tags_all"].items()), 1):
            tags[f"TagSpecification__1__Tag__{position}__Key"] = key
            tags[f"TagSpecification__1__Tag__{position}__Value"] = value
        answer = self.simulator.ec2(
            "CreateTrafficMirrorSession",
            NetworkInterfaceId=interface(number),
            TrafficMirrorTargetId=first["traffic_mirror_target_id"],
            TrafficMirrorFilterId=first["traffic_mirror_filter_id"],
            SessionNumber=first["session_number"],
            Description=first["description"],
            TagSpecification__1__ResourceType="traffic-mirror-session",
            **tags,
        )
        return answer.findtext(".//trafficMirrorSessionId"), answer.findtext(".//virtualNetworkId")

    def populate(self):
        """All sessions exist, and the state knows them: one is applied, the others are made like it. Faster than an
        apply, and leaves the calls that are to be counted to the command that is tested."""
        self.workspace.apply(f"-target={SESSION}[0]")
        path = self.workspace.folder / "terraform.tfstate"
        state = json.loads(path.read_text())
        (resource,) = [each for each in state["resources"] if each["type"] == "vns_mirror_session"]
        (first,) = resource["instances"]
        # Shuffled by no chance: 7 is prime to all sizes here, so pages are not in the order in which hosts read.
        order = [number * 7 % self.sessions for number in range(self.sessions)] if self.sessions % 7 else range(self.sessions)
        numbers = [number for number in order if number != 0]
        with concurrent.futures.ThreadPoolExecutor(CREATORS) as pool:
            made = dict(zip(numbers, pool.map(lambda number: self._create_like(first["attributes"], number), numbers)))
        for number in sorted(made):
            identity, network = made[number]
            resource["instances"].append(self._instance(first, number, identity, network))
        state["serial"] += 1
        path.write_text(json.dumps(state))
        self.simulator.forget_calls()

    @staticmethod
    def _instance(first, number, identity, network):
        """The state of one session, made from that of the first."""
        attributes = first["attributes"]
        text = json.dumps(first).replace(attributes["id"], identity)
        instance = json.loads(text)
        instance["index_key"] = number
        instance["attributes"]["network_interface_id"] = interface(number)
        instance["attributes"]["virtual_network_id"] = int(network)
        private = json.loads(base64.b64decode(instance["private"]))
        private["assigned"]["virtual_network_id"] = int(network)
        instance["private"] = base64.b64encode(json.dumps(private).encode()).decode()
        return instance
