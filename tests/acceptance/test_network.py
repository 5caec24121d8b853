# SPDX-License-Identifier: MPL-2.0
"""The network dies in the middle of a call, of each kind there is, and stays dead: one error that says what was called,
where, and what to do; nothing lost; and Ctrl-C ends a call that nobody answers within a second. With the first host
only."""

import concurrent.futures
import dataclasses
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest

import ec2
from harness import Case
from wire import Wire

# Cells mostly wait; more at once would make hosts slow enough to be taken for hanging.
AT_ONCE = 6
# From Ctrl-C to the end of the run, and a create is waited for five seconds longer, since without its answer nobody would
# know the object. The machine may be busy with something else, so the best of some tries counts; the provider itself would
# wait for 60 seconds.
INTERRUPTED_WITHIN_S, GRACE_S, TRIES, HANGS_S = 1, 5, 8, 50
NOWHERE = "http://vanished.invalid"
ROLE = "arn:aws:iam::210987654321:role/worker"

FILTER = 'resource "vns_mirror_filter" "x" {\n  %s\n}\n'
RULE = 'ingress_rules = { 100 = { rule_action = "%s" } }'
PROVIDER = 'provider "vns" {\n  deviation_severity = "none"\n  max_retries = %d\n%s\n}\n'
SSO = """[default]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Admin
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.example/start
sso_registration_scopes = sso:account:access
"""


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of call: how to get the provider to make it."""

    name: str
    call: str  # part of its name on the wire
    told: str  # what the error calls it
    provider: str = ""
    source: str = ""  # of credentials; "": keys in the environment
    variable: str = "AWS_ENDPOINT_URL_STS"  # that names its endpoint
    command: str = "plan"
    before: str = RULE % "accept"  # the filter's arguments, and what they are changed to
    after: str = RULE % "reject"

    @property
    def grace_s(self):
        return GRACE_S if self.command == "create" else 0

    @property
    def changes(self):
        return self.command in ("create", "modify", "delete")


EC2 = "AWS_ENDPOINT_URL_EC2"
# STS refuses, so IAM is asked for the account.
ASKS_AROUND = 'skip_credentials_validation = true\n  allowed_account_ids = ["%s"]' % ec2.ACCOUNT
PROCESS = 'credential_process of the profile "default"'
KINDS = [
    Kind("describe", "DescribeTrafficMirrorFilters", "DescribeTrafficMirrorFilters of EC2", variable=EC2),
    Kind("create", "CreateTrafficMirrorFilter", "CreateTrafficMirrorFilter of EC2", variable=EC2, command="create"),
    Kind("modify", "ModifyTrafficMirrorFilterRule", "ModifyTrafficMirrorFilterRule of EC2", variable=EC2, command="modify"),
    Kind(
        "rule",
        "CreateTrafficMirrorFilterRule",
        "CreateTrafficMirrorFilterRule of EC2",
        variable=EC2,
        command="modify",
        after='ingress_rules = { 100 = { rule_action = "accept" }, 200 = { rule_action = "reject" } }',
    ),
    Kind(
        "network services",
        "ModifyTrafficMirrorFilterNetworkServices",
        "ModifyTrafficMirrorFilterNetworkServices of EC2",
        variable=EC2,
        command="modify",
        before="network_services = []",
        after='network_services = ["amazon-dns"]',
    ),
    Kind("tags", "CreateTags", "CreateTags of EC2", variable=EC2, command="modify", before="", after='tags = { a = "b" }'),
    Kind("delete", "DeleteTrafficMirrorFilter", "DeleteTrafficMirrorFilter of EC2", variable=EC2, command="delete"),
    Kind("identity", "GetCallerIdentity", "GetCallerIdentity of STS", provider='allowed_account_ids = ["%s"]' % ec2.ACCOUNT),
    Kind("IAM", "GetUser", "GetUser of IAM", provider=ASKS_AROUND, source="IAM", variable="AWS_ENDPOINT_URL_IAM"),
    Kind("role", "AssumeRole", "AssumeRole of STS", provider='assume_role {\n role_arn = "%s"\n}' % ROLE),
    Kind("web identity", "AssumeRoleWithWebIdentity", "AssumeRoleWithWebIdentity of STS", source="web identity"),
    Kind("SSO", "/federation/credentials", "SSO at", source="SSO", variable="AWS_ENDPOINT_URL_SSO"),
    Kind("SSO login", "/token", "SSO at", source="SSO login", variable="AWS_ENDPOINT_URL_SSO_OIDC"),
    Kind("instance", "/latest/api/token", "EC2 metadata service at", source="instance", variable="AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    Kind("instance's role", "/latest/meta-data", "EC2 metadata service at", source="instance", variable="AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    Kind("container", "/credentials", "container credentials endpoint", source="container", variable="AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    # The network is the process's own; the provider's call is that of the process.
    Kind("process", "/process", PROCESS, source="process", variable="PROCESS_ENDPOINT"),
]
ADVICE = re.compile(r"\b(Check|check|Set|Log in|Make sure|Run)\b")


class Cell:
    """A workspace whose provider reaches the simulator by a wire."""

    def __init__(self, case, kind, death):
        self.case, self.kind, self.death = case, kind, death
        self.simulator = case.simulator()
        self.wire = Wire(self.simulator.endpoint, kind.call, death)
        case.addCleanup(self.wire.stop)
        self.space = case.workspace(self.simulator)
        self.home = self.space.folder.parent
        self.configure(kind.before, retries=1 if death == "silence" else 2)
        if kind.name == "describe" or kind.command in ("modify", "delete"):
            self.space.apply()
        if kind.command == "modify":
            self.configure(kind.after, retries=1 if death == "silence" else 2)
        getattr(self, "prepare_" + (kind.source or "keys").replace(" ", "_"))()

    def configure(self, arguments, retries=2):
        self.space.configure(FILTER % arguments, provider=PROVIDER % (retries, self.kind.provider))

    def prepare_keys(self):
        pass

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def forget_keys(self, **environment):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.space.environment[name]
        self.space.environment.update(environment)

    def prepare_web_identity(self):
        self.forget_keys(AWS_ROLE_ARN=ROLE, AWS_WEB_IDENTITY_TOKEN_FILE=self.write("token", "a-token"))

    def prepare_SSO(self, seconds=3600, **more):
        self.forget_keys()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        self.write(".aws/config", SSO)
        self.write(
            f".aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json",
            json.dumps({"accessToken": "simulator-login", "expiresAt": stamp, **more}),
        )

    def prepare_SSO_login(self):
        self.prepare_SSO(-60, refreshToken="simulator-refresh", clientId="id", clientSecret="secret")

    def prepare_instance(self):
        del self.space.environment["AWS_EC2_METADATA_DISABLED"]
        self.forget_keys(AWS_EC2_METADATA_SERVICE_ENDPOINT=self.simulator.endpoint)

    def prepare_container(self):
        self.forget_keys(AWS_CONTAINER_CREDENTIALS_FULL_URI=self.simulator.endpoint + "/credentials")

    def prepare_IAM(self):
        self.simulator.add_fault(kind="error", action="GetCallerIdentity", code="AccessDenied", count=0)

    def prepare_process(self):
        self.forget_keys()
        ask = "import os, urllib.request; print(urllib.request.urlopen(os.environ['PROCESS_ENDPOINT'] + '/process').read())"
        self.write(".aws/config", f"[default]\ncredential_process = {sys.executable} {self.write('ask.py', ask)}\n")

    @property
    def there(self):
        """Where the error must say that the call went."""
        return NOWHERE.partition("//")[2] if self.death == "no name" else f"127.0.0.1:{self.wire.port}"

    def command(self):
        """What to run; the plan of a change is made while the network is well."""
        if self.kind.changes:
            self.space.plan("-out=saved.plan", *(["-destroy"] if self.kind.command == "delete" else []))
            return ["apply", "-json", "-auto-approve", "saved.plan"]
        return ["plan", "-json", "-lock=false"]

    def start(self):
        command = self.command()
        endpoint = NOWHERE if self.death == "no name" else self.wire.endpoint
        if self.kind.source == "container":
            endpoint = endpoint.replace("http://vanished", "https://vanished") + "/credentials"
        return subprocess.Popen(
            [self.space.host.path, *command],
            cwd=self.space.folder,
            env={**self.space.environment, self.kind.variable: endpoint},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def finish(self, process, timeout_s):
        """The errors that the host reported."""
        try:
            text, _ = process.communicate(timeout=timeout_s)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        messages = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        found = [message["diagnostic"] for message in messages if message.get("type") == "diagnostic"]
        log = self.space.log.read_text(errors="replace") if self.space.log.exists() else ""
        for trace in ("panic", "crash", "AddressSanitizer"):
            self.case.assertNotIn(trace, text + log)
        self.case.assertNotEqual(process.returncode, 0, text)
        return [each for each in found if each["severity"] == "error"]

    def assert_told(self, errors):
        self.case.assertEqual(len(errors), 1, errors)
        told = f"{errors[0]['summary']}: {errors[0]['detail']}"
        self.case.assertIn(self.kind.told, told)
        if self.kind.source != "process":
            self.case.assertIn(self.there, told)
        self.case.assertRegex(told, ADVICE)
        if self.kind.changes:
            # Of a call that reached nobody nothing can be unknown.
            self.case.assertEqual("outcome is unknown" in told, self.death != "no name", told)

    def assert_nothing_is_lost(self):
        """The network is back: one apply brings everything to where the configuration wants it."""
        if self.death == "after" and self.kind.command == "create":
            self.adopt()
        if self.kind.command == "delete":
            self.space.destroy()
            self.case.assertEqual(self.simulator.count(), 0)
            return
        self.space.settle()
        (made,) = self.simulator.objects("filters")
        self.case.assertEqual(self.space.state()["vns_mirror_filter.x"]["id"], made["trafficMirrorFilterId"])

    def adopt(self):
        """What was made without an answer is named by the next plan."""
        (made,) = self.simulator.objects("filters")
        self.case.assertIn(f"terraform import vns_mirror_filter.NAME {made['trafficMirrorFilterId']}", self.space.plan().words)
        self.space.run("import", "-no-color", "vns_mirror_filter.x", made["trafficMirrorFilterId"])


class Network(Case):
    def each(self, cells, judge):
        """Judges (kind, death) by `judge`, several at a time."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            futures = {pool.submit(judge, kind, death): (kind.name, death) for kind, death in cells}
            for future, (kind, death) in futures.items():
                with self.subTest(kind, death=death):
                    future.result()

    def dies(self, kind, death):
        cell = Cell(self, kind, death)
        errors = cell.finish(cell.start(), timeout_s=150)
        if death != "no name":
            self.assertTrue(cell.wire.met.is_set(), f"nobody called {kind.call}: {cell.wire.calls}")
        cell.assert_told(errors)
        if kind.changes:
            cell.assert_nothing_is_lost()

    def test_the_network_dies(self):
        by_name = {kind.name: kind for kind in KINDS}
        # Whose limits are short, and one that waits for a minute.
        cells = [(by_name[name], "silence") for name in ("create", "container", "instance", "instance's role")]
        cells += [(kind, "after") for kind in KINDS if kind.changes]
        cells += [(kind, death) for kind in KINDS for death in ("reset", "refused")]
        cells += [(kind, "no name") for kind in KINDS if kind.command not in ("modify", "delete") and kind.name != "instance's role"]
        self.each(cells, self.dies)

    def interrupt(self, kind, death):
        """From Ctrl-C to the end of the run, in seconds."""
        cell = Cell(self, kind, death)
        process = cell.start()
        self.assertTrue(cell.wire.met.wait(60), f"nobody called {kind.call}: {cell.wire.calls}")
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        cell.finish(process, HANGS_S)
        seconds = time.monotonic() - began
        if kind.changes:
            cell.assert_nothing_is_lost()
        return seconds

    def is_interrupted(self, kind, death):
        tries = []
        while min(tries, default=HANGS_S) > kind.grace_s + INTERRUPTED_WITHIN_S:
            self.assertLess(len(tries), TRIES, tries)
            tries.append(self.interrupt(kind, death))
        self.seconds[kind.name] = min(tries)

    def test_ctrl_c_ends_a_call_that_nobody_answers(self):
        self.seconds = {}
        self.each([(kind, "silence") for kind in KINDS], self.is_interrupted)
        print("from Ctrl-C to the end of the run:", ", ".join(f"{kind} {s:.1f} s" for kind, s in self.seconds.items()))


if __name__ == "__main__":
    unittest.main()
