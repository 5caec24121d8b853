# SPDX-License-Identifier: MPL-2.0
"""After each source was used: what is in the memory of the provider, in the host's log of everything, and in the report of
a crash. The provider is held while it waits for EC2, looked at, and then made to crash. With the first host only."""

import concurrent.futures
import hashlib
import json
import os
import resource
import signal
import subprocess
import time
import unittest

import ec2
from certificates import Certificate
from harness import Case
from memory_search import Memory, providers
from wire import Wire

# An import, since it waits for EC2 however long that takes.
FILTER = """resource "vns_mirror_filter" "x" {}
import {
  to = vns_mirror_filter.x
  id = "tmf-0123456789abcdef0"
}
"""
ROLE = "arn:aws:iam::210987654321:role/worker"
NEXT_ROLE = "arn:aws:iam::333333333333:role/next"
CALL = "DescribeTrafficMirrorFilters"
# Whatever the simulator hands out as a secret key, and the one that it knows from the beginning.
KEYS = ("issued-secret-[0-9A-Z]{26}", ec2.SECRET_KEY)
WEB_IDENTITY = "web-identity-token-nobody-may-see"
# What is shown once to get keys, and is of no use afterwards.
SHOWN_ONCE = (
    "simulator-login",
    "simulator-refresh",
    "simulator-metadata-token",
    WEB_IDENTITY,
    "container-token-nobody-may-see",
    "client-secret-nobody-may-see",
)
TOKENS = ("issued-token-[0-9A-Z]{60}",)


COOKIE = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
most_core = resource.getrlimit(resource.RLIMIT_CORE)[1]


class Source:
    """How the provider is told where its keys are."""

    def __init__(self, case):
        self.simulator = case.simulator()
        self.wire = Wire(self.simulator.endpoint, CALL, "silence", tls=case.certificate.server())
        case.addCleanup(self.wire.stop)
        self.space = case.workspace()
        self.home = self.space.folder.parent
        self.provider = ""
        self.space.environment.update(AWS_ENDPOINT_URL=self.wire.endpoint, AWS_CA_BUNDLE=str(case.certificate.path), VNS_ALLOW_CORE_DUMP="1", TF_LOG="trace")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.space.environment[name]

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def keys(self, profile="default"):
        self.write(
            ".aws/credentials",
            f"[{profile}]\naws_access_key_id = {ec2.ACCESS_KEY}\naws_secret_access_key = {ec2.SECRET_KEY}\n",
        )

    # The sources.

    def arguments(self):
        self.provider = f'access_key = "{ec2.ACCESS_KEY}"\n  secret_key = "{ec2.SECRET_KEY}"'

    def environment(self):
        self.space.environment.update(AWS_ACCESS_KEY_ID=ec2.ACCESS_KEY, AWS_SECRET_ACCESS_KEY=ec2.SECRET_KEY)

    def profile(self):
        self.keys()

    def process(self):
        told = {"Version": 1, "AccessKeyId": ec2.ACCESS_KEY, "SecretAccessKey": ec2.SECRET_KEY}
        self.write(".aws/config", f"[default]\ncredential_process = cat {self.write('told.json', json.dumps(told))}\n")

    def web_identity(self):
        token = self.write("token", WEB_IDENTITY)
        self.space.environment.update(AWS_ROLE_ARN=ROLE, AWS_WEB_IDENTITY_TOKEN_FILE=token)

    def web_identity_argument(self):
        token = self.write("token", WEB_IDENTITY)
        self.provider = f'assume_role_with_web_identity {{\n role_arn = "{ROLE}"\n web_identity_token_file = "{token}"\n }}'

    def web_identity_inline(self):
        self.provider = f'assume_role_with_web_identity {{\n role_arn = "{ROLE}"\n web_identity_token = "{WEB_IDENTITY}"\n }}'

    def web_identity_variable(self):
        self.space.environment.update(TF_AWS_WEB_IDENTITY_TOKEN=WEB_IDENTITY)
        self.provider = f'assume_role_with_web_identity {{\n role_arn = "{ROLE}"\n }}'

    def profile_web_identity(self):
        self.write(".aws/config", f"[default]\nrole_arn = {ROLE}\nweb_identity_token_file = {self.write('token', WEB_IDENTITY)}\n")

    def source_profile(self):
        self.keys("base")
        self.write(".aws/config", f"[default]\nrole_arn = {ROLE}\nsource_profile = base\n")

    def credential_source(self):
        self.environment()
        self.write(".aws/config", f"[profile worker]\nrole_arn = {ROLE}\ncredential_source = Environment\n")
        self.provider = 'profile = "worker"'

    def role_on_process(self):
        self.process()
        self.write(".aws/config", (self.home / ".aws/config").read_text() + f"role_arn = {ROLE}\n")

    def sso(self, seconds=3600, **more):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        self.write(
            ".aws/config",
            "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
            "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.example/start\n",
        )
        name = f".aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json"
        self.write(name, json.dumps({"accessToken": "simulator-login", "expiresAt": stamp, **more}))

    def sso_renewed(self):
        self.sso(-60, refreshToken="simulator-refresh", clientId="id", clientSecret="client-secret-nobody-may-see")

    def sso_legacy(self):
        url = "https://corp.example/start"
        self.write(
            ".aws/config",
            f"[default]\nsso_start_url = {url}\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n",
        )
        login = {"accessToken": "simulator-login", "expiresAt": "2099-01-01T00:00:00Z"}
        self.write(f".aws/sso/cache/{hashlib.sha1(url.encode()).hexdigest()}.json", json.dumps(login))

    def container_inline(self):
        self.space.environment.update(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.wire.endpoint}/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="container-token-nobody-may-see",
        )

    def container(self):
        token = self.write("token", "container-token-nobody-may-see")
        self.space.environment.update(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.wire.endpoint}/credentials", AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token
        )

    def instance(self):
        del self.space.environment["AWS_EC2_METADATA_DISABLED"]
        self.space.environment.update(AWS_EC2_METADATA_SERVICE_ENDPOINT=self.simulator.endpoint)

    def role(self):
        self.keys()
        self.provider = f'assume_role {{\n role_arn = "{ROLE}"\n }}'

    def chained_roles(self):
        self.keys()
        self.provider = "\n".join(f'assume_role {{\n role_arn = "{role}"\n }}' for role in (ROLE, NEXT_ROLE))


# How many copies of a key there may be beside that of the signer. The settings are kept, since they are read again when the
# keys end: the argument once, a file as it is and as it was understood. A block's keys come in messages of the host, which
# gRPC holds in buffers for TLS, one for each message, until others take their place.
SOURCES = {
    "arguments": 1 + 2,
    "environment": 0,
    "profile": 2,
    "process": 0,
    "web_identity": 0,
    "web_identity_argument": 0,
    "web_identity_inline": 0,
    "web_identity_variable": 0,
    "profile_web_identity": 0,
    "source_profile": 2,
    "credential_source": 0,
    "role_on_process": 0,
    "sso": 0,
    "sso_renewed": 0,
    "sso_legacy": 0,
    "container": 0,
    "container_inline": 0,
    "instance": 0,
    "role": 2,
    "chained_roles": 2,
}
# The same of what is shown once: a token that stands in the provider block is an argument like the keys.
SHOWN_AND_KEPT = {"web_identity_inline": {WEB_IDENTITY: 1 + 2}}


class Secrets(Case):
    def setUp(self):
        super().setUp()
        self.certificate = Certificate(self.folder / "tls", "IP:127.0.0.1")

    def start(self, source):
        source.space.configure(FILTER, provider=f'provider "vns" {{\n  {source.provider}\n}}\n')
        host = subprocess.Popen(
            [self.host.path, "plan", "-no-color", "-lock=false"],
            cwd=source.space.folder,
            env=source.space.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.addCleanup(self.end, host)
        self.assertTrue(source.wire.met.wait(60), f"EC2 was not asked: {source.wire.calls}")
        return host

    def end(self, host):
        try:
            os.killpg(host.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        host.communicate()

    def crash(self, host, process):
        """All that the host says of it."""
        os.kill(process, signal.SIGSEGV)
        os.kill(process, signal.SIGCONT)
        shown, _ = host.communicate(timeout=60)
        return shown

    def assert_forgotten(self, memory, kept, shown_and_kept):
        """Of all that has been in the hands of the provider, only what it needs is still there."""
        for shown, count in memory.find(SHOWN_ONCE).items():
            self.assertLessEqual(count, shown_and_kept.get(shown, 0), shown)
        keys = memory.find(KEYS)
        signer = [key for key in keys if key.startswith("issued")] or [ec2.SECRET_KEY]
        self.assertEqual(len(signer), 1, f"keys of roles before the last one: {keys}")
        for key, count in keys.items():
            self.assertLessEqual(count, (key == signer[0]) + (key == ec2.SECRET_KEY) * kept, key)
        # The token is on its way in a header: ours, libcurl's, and that of TLS.
        tokens = memory.find(TOKENS)
        self.assertLessEqual(len(tokens), 1, f"tokens of roles before the last one: {tokens}")
        self.assertLessEqual(sum(tokens.values()), 4)
        return keys[signer[0]]

    def examine(self, name, kept):
        source = Source(self)
        getattr(source, name)()
        host = self.start(source)
        (process,) = providers(host.pid)
        os.kill(process, signal.SIGSTOP)
        memory = Memory(process)
        if memory.parts is not None:
            self.assertGreaterEqual(self.assert_forgotten(memory, kept, SHOWN_AND_KEPT.get(name, {})), 1, "the key in use is found")
        shown = self.crash(host, process)
        log = source.space.log.read_text(errors="replace")
        self.assertIn("panic: SIGSEGV", shown + log)
        for place, text in (("the crash report", shown), ("the log", log)):
            for pattern in KEYS + SHOWN_ONCE + TOKENS:
                self.assertNotRegex(text, pattern, place)

    def leaves_core(self, **environment):
        """Whether the kernel says that it wrote the memory of a crashed provider into a core file."""
        provider = subprocess.Popen(
            [os.path.join(os.environ["VNS_PROVIDER_DIR"], "terraform-provider-vns")],
            cwd=self.folder,
            # What crashes leaves its socket.
            env={"PLUGIN_PROTOCOL_VERSIONS": "6", "TMPDIR": str(self.folder), COOKIE: COOKIE_VALUE, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most_core, most_core)),
        )
        with provider.stdout:
            self.assertTrue(provider.stdout.readline().startswith(f"1|6|unix|{self.folder}/".encode()))
            provider.send_signal(signal.SIGSEGV)
            _, status = os.waitpid(provider.pid, 0)
        provider.returncode = 1  # waited for
        self.assertTrue(os.WIFSIGNALED(status))
        return os.WCOREDUMP(status)

    def test_a_crash_leaves_no_core(self):
        self.assertFalse(self.leaves_core())
        if not self.leaves_core(VNS_ALLOW_CORE_DUMP="1"):
            self.skipTest("this machine writes no core files at all")

    def test_each_source(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            cells = {name: pool.submit(self.examine, name, kept) for name, kept in SOURCES.items()}
            for name, cell in cells.items():
                with self.subTest(name):
                    cell.result()


if __name__ == "__main__":
    unittest.main()
