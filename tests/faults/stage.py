# SPDX-License-Identifier: MPL-2.0
"""Where a cell plays: a simulator that is started again when it dies, and a Terraform working directory."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "acceptance"))
import ec2  # noqa: E402  the acceptance tests' own, and so is this:
from ec2 import Refused  # noqa: E402
from workspace import Host, Workspace, hosts  # noqa: E402

MEMBERS = {"filters": "trafficMirrorFilterId", "targets": "trafficMirrorTargetId", "sessions": "trafficMirrorSessionId"}
KINDS = {"filters": "vns_mirror_filter", "targets": "vns_mirror_target", "sessions": "vns_mirror_session"}

# How long a held call may take to come, and how long others that are under way are given to end.
ARRIVAL_S = 60
QUIET_S = 0.5


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Ec2:
    """vns-ec2sim on a port that stays the same over its deaths."""

    def __init__(self, folder, state=None):
        self._state = folder / "ec2.json"
        if state:
            shutil.copy(state, self._state)
        self._port = _free_port()
        self.endpoint = f"http://127.0.0.1:{self._port}"
        self._ending = False
        self._deaths = 0
        self._may_return, self._returned = threading.Event(), threading.Event()
        self._may_return.set()
        self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _start(self):
        command = [os.environ["VNS_EC2SIM"], "--listen", f"127.0.0.1:{self._port}", "--state", str(self._state)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        if not self._process.stdout.readline().startswith("endpoint="):
            raise RuntimeError("the simulator does not start")

    def _keep(self):
        while self._process.wait() == 137 and not self._ending:
            self._deaths += 1
            self._process.stdout.close()
            time.sleep(0.05)
            self._may_return.wait()
            if not self._ending:
                self._start()
            self._returned.set()

    def stay_away(self):
        """When it dies, it comes back only with `come_back`."""
        self._may_return.clear()

    def come_back(self):
        """Returns whether it had died."""
        died = self._process.poll() is not None
        self._may_return.set()
        if died:
            self._returned.wait()
        return died

    def has_died(self):
        return self._deaths > 0 or self._process.poll() is not None

    def stop(self):
        self._ending = True
        self._may_return.set()
        self._process.kill()
        self._keeper.join()
        self._process.stdout.close()

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sim/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def fault(self, **spec):
        self.control("POST", "faults", spec)

    def faults(self):
        with contextlib.suppress(urllib.error.URLError, http.client.HTTPException, OSError):
            return self.control("GET", "faults")
        return []

    def clear(self):
        self.control("DELETE", "faults")

    def calls(self):
        return self.control("GET", "calls")

    def forget_calls(self):
        self.control("DELETE", "calls")

    def call(self, action, **parameters):
        """A signed call by somebody else."""
        return ec2.call(self.endpoint, action, **parameters)

    def names(self):
        """(kind, id) of each filter, target and session, with what no two of ours have in common: name or slot."""
        found = {}
        for place in self.control("GET", "state")["places"]:
            for kind, member in MEMBERS.items():
                for each in place.get(f"traffic_mirror_{kind}", ()):
                    slot = (each["networkInterfaceId"], each["sessionNumber"]) if kind == "sessions" else each["tagSet"].get("Name")
                    found[kind, each[member]] = slot
        return found

    def ids(self):
        """(kind, id) of everything that exists, rules included."""
        found = set()
        for place in self.control("GET", "state")["places"]:
            for kind, member in (*MEMBERS.items(), ("filter_rules", "trafficMirrorFilterRuleId")):
                for each in place.get(f"traffic_mirror_{kind}", ()):
                    found.add((kind, each[member]))
        return found


class Outcome:
    """How a command of the host ended."""

    def __init__(self, status, text, seconds):
        self.status = status
        self.text = text
        self.seconds = seconds
        self.diagnostics = []
        self.made = set()  # ids of what the host said that it is created
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                self._take(json.loads(line))

    def _take(self, message):
        if message.get("type") == "diagnostic":
            self.diagnostics.append(message["diagnostic"])
        if message.get("type") == "apply_complete" and message["hook"]["action"] == "create":
            self.made.add(message["hook"].get("id_value"))

    @property
    def errors(self):
        return [each for each in self.diagnostics if each["severity"] == "error"]

    @property
    def warnings(self):
        return [each for each in self.diagnostics if each["severity"] == "warning"]

    def told(self):
        return "; ".join(f"{each['summary']}: {each['detail']}" for each in self.errors)


class Stage:
    def __init__(self, folder, host, ec2_state=None, terraform_state=None):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True)
        self.ec2 = Ec2(folder, ec2_state)
        self.workspace = Workspace(folder, host, os.environ["VNS_PROVIDER_DIR"], self.ec2.endpoint)
        self._state = self.workspace.folder / "terraform.tfstate"
        if terraform_state:
            shutil.copy(terraform_state, self._state)

    def stop(self):
        self.ec2.stop()

    def configure(self, text):
        self.workspace.write("main.tf", text)

    def start(self, *arguments):
        """Starts the host in a process group of its own."""
        return subprocess.Popen(
            [self.workspace.host.path, *arguments],
            cwd=self.workspace.folder,
            env=self.workspace.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def hold(self, process):
        """Waits until a call of the host's provider is held. False when the host ended without it."""
        end = time.monotonic() + ARRIVAL_S
        while time.monotonic() < end and process.poll() is None:
            if any(fault["holding"] for fault in self.ec2.faults()):
                time.sleep(QUIET_S)
                return True
            time.sleep(0.02)
        return False

    def finish(self, process, timeout_s, started):
        """Its outcome; the status is None when it had to be killed."""
        try:
            text, _ = process.communicate(timeout=timeout_s)
            status = process.returncode
        except subprocess.TimeoutExpired:
            status = None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        if status is None:
            text, _ = process.communicate()
        return Outcome(status, text, time.monotonic() - started)

    def run(self, *arguments, timeout_s=120):
        started = time.monotonic()
        return self.finish(self.start(*arguments), timeout_s, started)

    def known_ids(self):
        """(kind, id) of everything that the state holds."""
        found = set()
        state = json.loads(self._state.read_text()) if self._state.exists() and self._state.stat().st_size else {}
        kinds = {name: kind for kind, name in KINDS.items()}
        for resource in state.get("resources", ()):
            for instance in resource["instances"]:
                values = instance["attributes"]
                found.add((kinds[resource["type"]], values["id"]))
                for rules in (values.get("ingress_rules"), values.get("egress_rules")):
                    for rule in (rules or {}).values():
                        found.add(("filter_rules", rule["traffic_mirror_filter_rule_id"]))
        return found

    def state_size(self):
        return self._state.stat().st_size if self._state.exists() else 0

    def take_backup(self):
        """In place of an empty state file: its backup where there is one, else none, which is an empty state."""
        backup = self._state.with_name(self._state.name + ".backup")
        if backup.exists() and backup.stat().st_size:
            shutil.copy(backup, self._state)
        else:
            self._state.unlink()

    def log(self):
        return self.workspace.log.read_text(errors="replace") if self.workspace.log.exists() else ""

    def state_files(self):
        return self.workspace.folder.parent / "ec2.json", self._state


__all__ = ["KINDS", "Host", "Outcome", "Refused", "Stage", "hosts"]
